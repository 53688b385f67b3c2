"""Un dossier passe d'un organisme à un autre : d'accord des deux, rien de perdu, et l'ancien ne lit plus la suite."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.db import Error, transaction
from pypdf import PdfReader

from moteur.regles.equivalence_de_bloc import Tenu
from parchemin.carnet import services as carnet
from parchemin.carnet.enums import Verdict
from parchemin.carnet.selectors import avancements
from parchemin.carnet.selectors import carnet as carnet_lu
from parchemin.carnet.services import Dire
from parchemin.carnet.tests import factories
from parchemin.carnet.tests.factories import ATTESTATION
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.selectors import droits
from parchemin.comptes.services import donner_role
from parchemin.comptes.tests import factories as comptes
from parchemin.comptes.tests.factories import JADIS, client, texte
from parchemin.convocations.tests import factories as convocations
from parchemin.courriels.models import Nouvelle
from parchemin.parcours import selectors, services
from parchemin.parcours.enums import EtatMutation, PieceDeBloc, Qualite
from parchemin.parcours.evenements import MutationProposee, MutationTranchee
from parchemin.parcours.models import Dossier, Mutation
from parchemin.parcours.tests.factories import Monde
from parchemin.portail import abonnements
from parchemin.referentiels.selectors import version_publiee
from parchemin.referentiels.tests import factories as referentiels
from parchemin.referentiels.tests.factories import equivalence
from parchemin.registre.models import Entree
from parchemin.registre.verification import examiner
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.refus import Introuvable, Refus

pytestmark = pytest.mark.django_db

DEPART = ATTESTATION + timedelta(days=20)
APRES = DEPART + timedelta(days=5)


class Accueil:
    """Un organisme d'accueil, et qui y est."""

    def __init__(self) -> None:
        self.organisme = comptes.organisme()
        self.gestionnaire = comptes.gestionnaire(self.organisme)
        self.tuteur = comptes.avec_role(NatureRole.TUTEUR, self.organisme, prenom="Nadia")
        self.manager = comptes.avec_role(NatureRole.MANAGER, self.organisme, prenom="Yann")
        self.rh = comptes.avec_role(NatureRole.RH, self.organisme)


def proposer(monde: Monde, vers: UUID, auteur: Acteur | None = None, motif: str = "Elle déménage.") -> UUID:
    return services.proposer_mutation(
        dossier=monde.dossier, vers=vers, motif=motif, auteur=auteur or monde.gestionnaire, maintenant=DEPART
    )


def accueillir(mutation: UUID, la_bas: Accueil, auteur: Acteur | None = None, **changements: Any) -> None:
    qui = {"tuteur": la_bas.tuteur.id, "manager": la_bas.manager.id, "referent_rh": la_bas.rh.id} | changements
    services.accueillir(mutation=mutation, auteur=auteur or la_bas.gestionnaire, maintenant=DEPART, **qui)


def vue(dossier: UUID):
    return selectors.dossiers_par_ids(SYSTEME, [dossier])[dossier]


def code(faire: Any) -> str:
    with pytest.raises(Refus) as leve:
        faire()
    return leve.value.code


def test_rien_ne_bouge_avant_l_accord_puis_tout_passe_d_un_coup(tmp_path):
    monde, la_bas = factories.complet(("B3",)), Accueil()
    mutation = proposer(monde, la_bas.organisme)
    assert (vue(monde.dossier).organisme, proposer(monde, la_bas.organisme)) == (monde.organisme, mutation)
    accueillir(mutation, la_bas)
    accueillir(mutation, la_bas)  # le redire ne change rien
    apres = vue(monde.dossier)
    assert (apres.organisme, apres.tuteur, apres.manager, apres.referent_rh, apres.etat) == (
        la_bas.organisme,
        la_bas.tuteur.id,
        la_bas.manager.id,
        la_bas.rh.id,
        "en_parcours",
    )
    assert avancements(SYSTEME, [monde.dossier])[monde.dossier].complet
    inscrites = Entree.objects.filter(action="parcours.mutation_accueillie").order_by("chaine_id")
    assert sorted(inscrites.values_list("chaine_id", flat=True)) == sorted(
        [f"organisme:{monde.organisme}", f"organisme:{la_bas.organisme}"]
    )
    assert examiner(tmp_path, (), ()).anomalies == ()


def test_garder_le_meme_tuteur_lui_donne_son_role_dans_le_nouvel_organisme():
    monde, la_bas = factories.avec_carnet(("B3",)), Accueil()
    mutation = proposer(monde, la_bas.organisme)
    accueillir(mutation, la_bas, tuteur=monde.tuteur.id, manager=monde.manager.id, referent_rh=None)
    carnet.attester(
        dossier=monde.dossier,
        qualite=Qualite.TUTEUR,
        dires={"C3.1": Dire(Verdict.MAITRISEE)},
        auteur=monde.tuteur,
        maintenant=APRES,
    )
    assert avancements(SYSTEME, [monde.dossier])[monde.dossier].attendues(Qualite.TUTEUR) == 2


def test_l_ancien_organisme_ne_lit_que_ce_qui_fut_fait_jusqu_au_depart():
    monde, la_bas = factories.avec_carnet(("B3",), nom="Neuf"), Accueil()
    dire = {"dossier": monde.dossier, "qualite": Qualite.TUTEUR}
    carnet.attester(dires={"C3.1": Dire(Verdict.MAITRISEE)}, auteur=monde.tuteur, maintenant=ATTESTATION, **dire)
    accueillir(proposer(monde, la_bas.organisme), la_bas)
    carnet.attester(
        dires={"C3.2": Dire(Verdict.PAS_ENCORE, "Dit après le départ.")},
        auteur=la_bas.tuteur,
        maintenant=APRES,
        **dire,
    )
    with time_machine.travel(APRES, tick=False):
        ancien, nouveau = client(monde.gestionnaire), client(la_bas.gestionnaire)
        dossier = f"/candidats/{monde.dossier}/"
        assert [(ancien.get(page).status_code, nouveau.get(page).status_code) for page in (
            dossier, f"/carnet/{monde.dossier}/", f"/carnet/{monde.dossier}/carnet.pdf", f"{dossier}parti/",
            f"/carnet/{monde.dossier}/parti.pdf",
        )] == [(404, 200), (404, 200), (404, 200), (200, 404), (200, 404)]  # fmt: skip
        page = texte(ancien.get(f"{dossier}parti/"))
        pdf = PdfReader(io.BytesIO(ancien.get(f"/carnet/{monde.dossier}/parti.pdf").content))
        lu = " ".join(" ".join(une.extract_text() for une in pdf.pages).split())
        liste = texte(ancien.get("/candidats/"))
    assert ("Camille Neuf, parti vers" in liste, "Théo" in page, "Nadia" in page) == (True, True, False)
    assert ("maîtrisée" in lu, "Théo" in lu, "Dit après le départ" in lu, "Nadia" in lu) == (True, True, False, False)
    assert client(la_bas.tuteur).get(dossier).status_code == 200
    assert [client(qui).get(dossier).status_code for qui in (monde.tuteur, monde.manager)] == [404, 404]


def test_le_carnet_de_ce_jour_la_ne_dit_que_les_blocs_acquis_alors():
    monde, la_bas = factories.avec_carnet(("B1", "B3", "B4")), Accueil()
    version = version_publiee(SYSTEME, "cqp-cos", "2021")
    referentiels.reconnaitre(version, *(equivalence(f"RNCP35729 {bloc}", bloc) for bloc in ("B1", "B3")))

    def reconnaitre(bloc: str, quand: datetime, par: Acteur) -> None:
        services.reconnaitre_bloc(
            dossier=monde.dossier, bloc=bloc, tenu=Tenu("RNCP35729", bloc), obtenu_le=date(2022, 5, 3),
            piece=PieceDeBloc.ATTESTATION, vu_le=quand.date(), auteur=par, maintenant=quand,
        )  # fmt: skip

    def lu() -> str:
        with time_machine.travel(APRES, tick=False):
            pdf = PdfReader(io.BytesIO(client(monde.gestionnaire).get(f"/carnet/{monde.dossier}/parti.pdf").content))
        return " ".join(" ".join(une.extract_text() for une in pdf.pages).split())

    reconnaitre("B1", ATTESTATION, monde.gestionnaire)
    accueillir(proposer(monde, la_bas.organisme), la_bas)
    le_jour_du_depart = lu()
    assert le_jour_du_depart.count("Obtenu par équivalence") == 1
    reconnaitre("B3", APRES, la_bas.gestionnaire)
    assert lu() == le_jour_du_depart
    services.abandonner(dossier=monde.dossier, motif="Elle renonce.", auteur=la_bas.gestionnaire, maintenant=APRES)
    assert lu() == le_jour_du_depart
    la_bas_aujourd_hui = carnet_lu(SYSTEME, monde.dossier)
    assert la_bas_aujourd_hui is not None
    assert set(la_bas_aujourd_hui.acquis) == {"B1", "B3"}


def test_elle_se_refuse_se_retire_et_se_repropose():
    monde, la_bas = factories.avec_carnet(("B3",)), Accueil()
    mutation = proposer(monde, la_bas.organisme)
    assert code(lambda: proposer(monde, comptes.organisme())) == "mutation_en_cours"
    refuser = {"mutation": mutation, "auteur": la_bas.gestionnaire, "maintenant": DEPART}
    assert code(lambda: services.refuser_mutation(motif=" ", **refuser)) == "motif_manquant"
    services.refuser_mutation(motif="Aucun tuteur.", **refuser)
    assert code(lambda: accueillir(mutation, la_bas)) == "mutation_tranchee"
    refusee = selectors.mutation_refusee(SYSTEME, monde.dossier)
    assert refusee is not None
    assert refusee.reponse == "Aucun tuteur."
    seconde = proposer(monde, la_bas.organisme)
    services.retirer_mutation(mutation=seconde, auteur=monde.gestionnaire, maintenant=DEPART)
    assert code(lambda: accueillir(seconde, la_bas)) == "mutation_tranchee"
    assert list(Mutation.objects.order_by("proposee_le", "etat").values_list("etat", flat=True)) == [
        EtatMutation.REFUSEE,
        EtatMutation.RETIREE,
    ]
    assert vue(monde.dossier).organisme == monde.organisme


def test_ce_qui_fut_repondu_a_un_organisme_d_avant_ne_se_lit_pas_dans_le_suivant():
    monde, refuse, la_bas = factories.avec_carnet(("B3",)), Accueil(), Accueil()
    mutation = proposer(monde, refuse.organisme)
    services.refuser_mutation(mutation=mutation, motif="Dit entre nous.", auteur=refuse.gestionnaire, maintenant=DEPART)
    accueillir(proposer(monde, la_bas.organisme), la_bas)
    with time_machine.travel(APRES, tick=False):
        page = client(la_bas.gestionnaire).get(f"/candidats/{monde.dossier}/mutation/")
    assert (page.status_code, "Dit entre nous." in texte(page)) == (200, False)
    assert selectors.mutation_refusee(SYSTEME, monde.dossier) is None


def test_accueilli_sans_accompagnants_un_dossier_quitte_son_ancien_tuteur():
    monde, la_bas = factories.avec_carnet(("B3",), designe=False), Accueil()
    services.nommer_tuteur_manager(
        dossier=monde.dossier, tuteur=monde.tuteur.id, manager=monde.manager.id, auteur=monde.gestionnaire, maintenant=ATTESTATION
    )  # fmt: skip
    Dossier.objects.filter(pk=monde.dossier).update(manager=None)  # comme un fichier qui ne nomme que le tuteur
    accueillir(proposer(monde, la_bas.organisme), la_bas, tuteur=None, manager=None)
    assert (vue(monde.dossier).tuteur, vue(monde.dossier).organisme) == (None, la_bas.organisme)
    (lien,) = (un for un in selectors.liens_deduits(SYSTEME, frozenset({monde.tuteur.id}), APRES.date()))
    assert lien.periode.au == DEPART.date()


def test_chacun_de_son_cote_et_jamais_dans_sa_propre_cause():
    monde, la_bas = factories.avec_carnet(("B3",)), Accueil()
    for autre in (monde.tuteur, la_bas.gestionnaire, monde.candidat):
        assert code(lambda autre=autre: proposer(monde, la_bas.organisme, auteur=autre)) == "dossier_reserve"
    mutation = proposer(monde, la_bas.organisme)
    for autre in (monde.gestionnaire, la_bas.tuteur, la_bas.rh):
        assert code(lambda autre=autre: accueillir(mutation, la_bas, auteur=autre)) == "accueil_reserve"
    for organisme in (monde.organisme, la_bas.organisme):
        donner_role(
            personne=monde.candidat.id,
            nature=NatureRole.GESTIONNAIRE,
            organisme=organisme,
            auteur=SYSTEME,
            maintenant=JADIS,
        )
    assert code(lambda: accueillir(mutation, la_bas, auteur=monde.candidat)) == "cause_propre"
    assert code(lambda: proposer(monde, la_bas.organisme, auteur=monde.candidat)) == "cause_propre"


def test_ce_qui_se_refuse():
    monde, la_bas = factories.avec_carnet(("B3",)), Accueil()
    assert code(lambda: proposer(monde, monde.organisme)) == "meme_organisme"
    assert code(lambda: proposer(monde, la_bas.organisme, motif="")) == "motif_manquant"
    with pytest.raises(Introuvable):
        proposer(monde, UUID(int=1))
    mutation = proposer(monde, la_bas.organisme)
    assert code(lambda: accueillir(mutation, la_bas, tuteur=None)) == "accompagnants_manquants"
    assert code(lambda: accueillir(mutation, la_bas, tuteur=la_bas.manager.id)) == "tuteur_est_manager"
    assert code(lambda: accueillir(mutation, la_bas, tuteur=monde.candidat.id)) == "candidat_designe"
    assert code(lambda: accueillir(mutation, la_bas, referent_rh=la_bas.tuteur.id)) == "referent_inconnu"
    assert vue(monde.dossier).organisme == monde.organisme
    services.abandonner(dossier=monde.dossier, motif="Il renonce.", auteur=monde.gestionnaire, maintenant=DEPART)
    assert code(lambda: accueillir(mutation, la_bas)) == "dossier_clos"
    assert code(lambda: proposer(monde, comptes.organisme())) == "dossier_clos"


def test_la_base_n_en_garde_qu_une_en_cours_et_exige_qui_tranche():
    monde = factories.avec_carnet(("B3",))
    la_bas, ailleurs = comptes.organisme(), comptes.organisme()
    proposer(monde, la_bas)
    champs = {
        "dossier_id": monde.dossier,
        "de_id": monde.organisme,
        "motif": "x",
        "proposee_par": monde.gestionnaire.id,
        "proposee_le": DEPART,
    }
    for fautifs in ({"vers_id": ailleurs}, {"vers_id": ailleurs, "etat": "refusee"}, {"vers_id": monde.organisme}):
        with pytest.raises(Error), transaction.atomic():
            Mutation.objects.create(**champs | fautifs)


def test_les_pages_montrent_puis_confirment_et_l_epreuve_se_reverifie():
    salle = convocations.salle("B3", ("B1", "B3"))
    monde, la_bas = salle.monde, Accueil()
    with time_machine.travel(DEPART, tick=False):
        ici, labas = client(monde.gestionnaire), client(la_bas.gestionnaire)
        adresse = f"/candidats/{monde.dossier}/mutation/"
        choix = {"vers": str(la_bas.organisme), "motif": "Elle déménage."}
        page = texte(ici.post(adresse, choix))
        assert [mot for mot in (
            "Tout ce qui est attesté, écrit, planifié et jugé reste", "ne lit plus que ce qui fut fait", "Bloc 3, épreuve du",
        ) if mot not in page] == []  # fmt: skip
        assert Mutation.objects.count() == 0
        assert ici.post(adresse, {**choix, "confirmer": choix["vers"]}).status_code == 302
        assert "Retirer cette proposition" in texte(ici.get(adresse))
        mutation = Mutation.objects.get().pk
        assert "Accueillir Camille" in texte(labas.get("/"))
        assert "Mutation proposée pour Camille" in texte(ici.get("/"))
        reponse = f"/candidats/mutations/{mutation}/"
        qui = {"tuteur": str(la_bas.tuteur.id), "manager": str(la_bas.manager.id), "referent_rh": ""}
        assert labas.get(f"/candidats/{monde.dossier}/").status_code == 404
        assert "devient tuteur" in texte(labas.post(reponse, qui))
        assert labas.post(reponse, {"refuser": "1", "motif": ""}).status_code == 422
        assert ici.get(reponse).status_code == 404
        confirme = {**qui, "confirmer": f"{la_bas.tuteur.id}:{la_bas.manager.id}:None"}
        assert labas.post(reponse, confirme)["Location"] == f"/candidats/{monde.dossier}/"
        assert labas.get(reponse).status_code == 302
        assert "Dossier parti" in texte(ici.get(f"/candidats/{monde.dossier}/parti/"))
        assert [ici.put(page).status_code for page in (adresse, reponse, f"/candidats/{monde.dossier}/parti/")] == [
            405
        ] * 3


def test_chacun_apprend_ce_qui_le_regarde():
    monde, la_bas = factories.avec_carnet(("B3",), nom="Neuf"), Accueil()
    for acteur in (monde.gestionnaire, la_bas.gestionnaire, monde.candidat, monde.tuteur):
        comptes.compte(acteur)
    mutation = proposer(monde, la_bas.organisme)
    with time_machine.travel(DEPART, tick=False):
        for _ in range(2):
            abonnements.dire_la_mutation_proposee(MutationProposee(mutation, DEPART))
        accueillir(mutation, la_bas)
        for _ in range(2):
            abonnements.dire_la_mutation_tranchee(MutationTranchee(mutation, DEPART))
    dites = Nouvelle.objects.filter(genre="portail.mutation").values_list("destinataire", flat=True)
    assert sorted(dites) == sorted([la_bas.gestionnaire.id, monde.candidat.id, monde.gestionnaire.id])


@pytest.mark.parametrize("nombre", [1, 3])
def test_les_mutations_proposees_coutent_une_requete(nombre, django_assert_num_queries):
    la_bas = Accueil()
    for _ in range(nombre):
        proposer(factories.avec_carnet(("B3",)), la_bas.organisme)
    lecteur = Acteur(la_bas.gestionnaire.id, deja_lu={})
    droits(lecteur, DEPART.date())
    with django_assert_num_queries(1):
        assert len(selectors.mutations_proposees(lecteur, DEPART.date())) == nombre


def test_un_dossier_clos_n_attend_plus_d_accueil_et_un_dossier_revenu_n_est_plus_parti():
    monde, la_bas = factories.avec_carnet(("B3",)), Accueil()
    accueillir(proposer(monde, la_bas.organisme), la_bas)
    assert len(selectors.partis(monde.gestionnaire, APRES.date(), 9)) == 1
    retour = proposer(monde, monde.organisme, auteur=la_bas.gestionnaire)
    qui = {"tuteur": monde.tuteur.id, "manager": monde.manager.id, "referent_rh": None}
    services.accueillir(mutation=retour, auteur=monde.gestionnaire, maintenant=APRES, **qui)
    assert [len(selectors.partis(qui, APRES.date(), 9)) for qui in (monde.gestionnaire, la_bas.gestionnaire)] == [0, 1]
    proposer(monde, la_bas.organisme)
    services.abandonner(dossier=monde.dossier, motif="Il renonce.", auteur=monde.gestionnaire, maintenant=APRES)
    assert selectors.mutations_proposees(la_bas.gestionnaire, APRES.date()) == ()
