"""Changer en cours de parcours : ce qui reste, ce qui tombe, montré avant ; et jamais dans sa propre cause."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import time_machine

from parchemin.carnet import services as carnet
from parchemin.carnet.enums import Verdict
from parchemin.carnet.selectors import avancements, complet, dernier_avis, gel
from parchemin.carnet.selectors import carnet as lire
from parchemin.carnet.services import Dire, Ecrit
from parchemin.carnet.tests import factories
from parchemin.carnet.tests.factories import ATTESTATION
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.services import donner_role
from parchemin.comptes.tests import factories as comptes
from parchemin.comptes.tests.factories import JADIS, client, texte
from parchemin.convocations import services as epreuves
from parchemin.convocations.tests import factories as convocations
from parchemin.evaluation.tests import factories as evaluation
from parchemin.parcours import selectors, services
from parchemin.parcours.enums import Qualite, Voie
from parchemin.parcours.models import Dossier
from parchemin.parcours.selectors import Changement
from parchemin.parcours.tests.factories import Monde
from parchemin.referentiels.fichier import FichierReferentiel
from parchemin.referentiels.tests import factories as referentiels
from parchemin.registre.verification import examiner
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.refus import Introuvable, Refus, RefusDroit

pytestmark = pytest.mark.django_db

VERS = "cqp-cos@2026"
CHANGE = ATTESTATION + timedelta(days=10)


def ouverte(lu: FichierReferentiel) -> FichierReferentiel:
    """Le même fichier, dont l'enregistrement court encore."""
    lu.fiche["date_fin"]["valeur"] = "2031-04-19"
    return lu


def autre_version(numero: str = "2026") -> None:
    """Publie « cqp-cos@2026 » : la même norme, sauf la première compétence du bloc 1."""
    lu = referentiels.fichier(version=numero)
    referentiels.publier(ouverte(replace(lu, norme=referentiels.autre_norme(lu, numero))))


def changer(monde: Monde, auteur: Acteur | None = None, quand: datetime = CHANGE) -> UUID:
    neuf = services.changer_de_version(
        dossier=monde.dossier, version=VERS, auteur=auteur or monde.gestionnaire, maintenant=quand
    )
    carnet.ouvrir_carnet(dossier=neuf, auteur=SYSTEME, maintenant=quand)
    return neuf


def vue(dossier: UUID):
    return selectors.dossiers_par_ids(SYSTEME, [dossier])[dossier]


def sain(dossier: Path) -> bool:
    """Le journal et tout ce qui est scellé se vérifient."""
    return examiner(dossier, (), ()).anomalies == ()


def code(faire: Any) -> str:
    with pytest.raises(Refus) as leve:
        faire()
    return leve.value.code


def test_ce_qui_est_reste_le_meme_est_garde_et_le_reste_est_a_attester(tmp_path):
    monde = factories.complet(("B1", "B3"))
    autre_version()
    neuf = changer(monde)
    avant, apres = vue(monde.dossier), vue(neuf)
    assert (avant.etat, avant.ouvert, apres.etat, apres.suite_de) == ("poursuivi", False, "en_parcours", monde.dossier)
    assert (apres.tuteur, apres.manager, apres.organisme) == (avant.tuteur, avant.manager, avant.organisme)
    assert (apres.blocs, apres.referentiel, apres.entree_le) == (("B1", "B3"), VERS, CHANGE.date())
    lu = lire(SYSTEME, neuf)
    assert lu is not None
    assert {ligne.competence for ligne in lu.lignes if ligne.vaut(Qualite.TUTEUR) is not True} == {"C1.1"}
    garde = next(ligne for ligne in lu.lignes if ligne.competence == "C1.2")
    assert (garde.attestations[Qualite.TUTEUR].auteur, garde.attestations[Qualite.TUTEUR].instant) == (
        monde.tuteur.id,
        ATTESTATION,
    )
    assert avancements(SYSTEME, [neuf])[neuf] == lu.avancement()
    assert (lu.avancement().attendues(Qualite.TUTEUR), complet(SYSTEME, monde.dossier), complet(SYSTEME, neuf)) == (
        1,
        True,
        False,
    )
    for qualite, auteur in ((Qualite.TUTEUR, monde.tuteur), (Qualite.MANAGER, monde.manager)):
        dires = {"C1.1": Dire(Verdict.MAITRISEE)}
        carnet.attester(dossier=neuf, qualite=qualite, dires=dires, auteur=auteur, maintenant=CHANGE)
    assert complet(SYSTEME, neuf)
    assert sain(tmp_path)


def test_ce_qui_est_dit_ensuite_ne_remonte_pas_dans_l_ancien_carnet():
    monde = factories.complet(("B3",))
    autre_version()
    neuf = changer(monde)
    carnet.attester(
        dossier=neuf,
        qualite=Qualite.TUTEUR,
        dires={"C3.1": Dire(Verdict.PAS_ENCORE, "À revoir.", vu=1)},
        auteur=monde.tuteur,
        maintenant=CHANGE,
    )
    ancien, nouveau = lire(SYSTEME, monde.dossier), lire(SYSTEME, neuf)
    assert ancien is not None
    assert nouveau is not None
    assert [ancien.lignes[0].vaut(Qualite.TUTEUR), nouveau.lignes[0].vaut(Qualite.TUTEUR)] == [True, False]
    assert [a.rang for a in nouveau.lignes[0].histoire if a.qualite == Qualite.TUTEUR] == [1, 2]
    deux = avancements(SYSTEME, [monde.dossier, neuf])
    assert [deux[d].refusees for d in (monde.dossier, neuf)] == [0, 1]
    assert code(
        lambda: carnet.attester(
            dossier=neuf,
            qualite=Qualite.TUTEUR,
            dires={"C3.1": Dire(Verdict.MAITRISEE, vu=1)},
            auteur=monde.tuteur,
            maintenant=CHANGE,
        )
    ) == ("change_depuis")


def test_deux_versions_de_suite_gardent_encore_ce_qui_fut_dit_la_premiere_fois():
    monde = factories.complet(("B3",))
    autre_version()
    neuf = changer(monde)
    autre_version("2027")
    dernier = services.changer_de_version(
        dossier=neuf, version="cqp-cos@2027", auteur=monde.gestionnaire, maintenant=CHANGE + timedelta(days=1)
    )
    carnet.ouvrir_carnet(dossier=dernier, auteur=SYSTEME, maintenant=CHANGE + timedelta(days=1))
    assert complet(SYSTEME, dernier)
    assert selectors.dernier_dossier(SYSTEME, monde.dossier) == dernier


def test_repudier_ce_qui_fut_atteste_sous_l_ancienne_gele_le_nouveau_carnet(tmp_path):
    monde = factories.complet(("B3",))
    autre_version()
    avis = dernier_avis(monde.tuteur, monde.dossier)
    assert avis is not None
    neuf = changer(monde, quand=ATTESTATION + timedelta(days=1))
    carnet.repudier_avis(avis=avis, motif="", maintenant=ATTESTATION + timedelta(days=2))
    assert gel(SYSTEME, monde.dossier) is None
    gele = gel(SYSTEME, neuf)
    assert gele is not None
    assert avancements(SYSTEME, [neuf])[neuf].attendues(Qualite.TUTEUR) == 3
    carnet.lever_le_gel(repudiation=gele.repudiation, motif="Vu.", auteur=monde.gestionnaire, maintenant=CHANGE)
    assert gel(SYSTEME, neuf) is None
    assert sain(tmp_path)


def test_les_brouillons_suivent_et_les_entrees_restent():
    monde = factories.avec_carnet(("B1",))
    autre_version()
    commun = {"dossier": monde.dossier, "auteur": monde.candidat, "maintenant": ATTESTATION}
    for cle in (7, 8):
        ecrit = Ecrit("Un accueil.", ATTESTATION.date(), ["C1.1", "C1.2"])
        carnet.garder_brouillon(brouillon=UUID(int=cle), ecrit=ecrit, **commun)
    carnet.publier_entree(brouillon=UUID(int=7), relu=False, **commun)
    neuf = changer(monde)
    from parchemin.carnet.selectors import brouillons, entrees

    assert [len(brouillons(monde.candidat, dossier)) for dossier in (monde.dossier, neuf)] == [0, 1]
    assert [len(entrees(monde.candidat, dossier)) for dossier in (monde.dossier, neuf)] == [1, 0]


def test_un_bloc_juge_garde_sa_norme_et_ne_se_redemande_pas(tmp_path):
    salle = convocations.salle("B3", ("B1", "B3"))
    evaluation.evalue(salle=salle)
    monde = salle.monde
    assert vue(monde.dossier).etat == "en_evaluation"
    autre_version()
    quand = evaluation.CLOTURE + timedelta(days=1)
    neuf = changer(monde, quand=quand)
    assert (vue(neuf).blocs, vue(neuf).etat) == (("B1",), "en_parcours")
    from parchemin.evaluation.selectors import resultats_du_dossier, verdict_du_dossier

    resultats = resultats_du_dossier(SYSTEME, monde.dossier)
    decision, entree = verdict_du_dossier(SYSTEME, vue(monde.dossier), resultats, {})
    assert (decision.bloc("B3").acquis, entree["referentiel"]) == (True, "cqp-cos@2021")
    assert sain(tmp_path)


def test_une_epreuve_en_cours_ou_un_gel_empechent_et_le_disent():
    salle = convocations.salle("B3", ("B1", "B3"))
    autre_version()
    monde = salle.monde
    with pytest.raises(Refus) as leve:
        changer(monde, quand=convocations.JOUR)
    assert (leve.value.code, len(leve.value.details)) == ("changement_impossible", 1)
    assert leve.value.details[0].startswith("L'épreuve du bloc 3, prévue le ")
    gele = factories.complet(("B3",), nom="Gel")
    avis = dernier_avis(gele.tuteur, gele.dossier)
    assert avis is not None
    carnet.repudier_avis(avis=avis, motif="", maintenant=ATTESTATION)
    assert code(lambda: changer(gele)) == "changement_impossible"
    assert Dossier.objects.filter(suite_de__isnull=False).count() == 0


def test_qui_fut_recuse_le_reste_sous_la_nouvelle_version():
    salle = convocations.salle("B3")
    monde = salle.monde
    acte = {"maintenant": convocations.PLANIFICATION}
    recusation = epreuves.recuser(
        epreuve=salle.epreuve, evaluateur=salle.metier.id, motif="Un différend.", auteur=monde.candidat, **acte
    )
    epreuves.trancher(recusation=recusation, vers="accueillie", motif="Vu.", auteur=monde.gestionnaire, **acte)
    epreuves.annuler_epreuve(epreuve=salle.epreuve, motif="Autre version.", auteur=monde.gestionnaire, **acte)
    autre_version()
    neuf = replace(monde, dossier=changer(monde))
    epreuve = convocations.planifier(neuf, "B3")
    with pytest.raises(Refus) as leve:
        epreuves.affecter_evaluateurs(
            epreuve=epreuve,
            metier=salle.metier.id,
            certificateur=salle.certificateur.id,
            auteur=monde.gestionnaire,
            **acte,
        )
    assert leve.value.code == "evaluateur_recuse"


def test_le_redire_rend_le_meme_dossier_et_une_autre_certification_n_existe_pas():
    monde = factories.complet(("B3",))
    autre_version()
    neuf = changer(monde)
    assert changer(monde) == neuf
    assert Dossier.objects.count() == 2
    with pytest.raises(Introuvable):
        services.changer_de_version(dossier=neuf, version="autre@1", auteur=monde.gestionnaire, maintenant=CHANGE)


def test_une_vae_un_dossier_clos_et_le_candidat_lui_meme():
    vae = factories.parcours.monde(voie=Voie.VAE, designe=False)
    autre_version()
    clos = factories.complet(("B3",))
    services.abandonner(dossier=clos.dossier, motif="Mutation.", auteur=clos.gestionnaire, maintenant=ATTESTATION)
    assert [code(lambda monde=monde: changer(monde)) for monde in (vae, clos)] == ["version_vae", "version_trop_tard"]
    monde = factories.complet(("B3",))
    donner_role(
        personne=monde.candidat.id,
        nature=NatureRole.GESTIONNAIRE,
        organisme=monde.organisme,
        auteur=SYSTEME,
        maintenant=JADIS,
    )
    assert code(lambda: changer(monde, auteur=monde.candidat)) == "cause_propre"
    assert code(lambda: changer(monde, auteur=monde.tuteur)) == "dossier_reserve"
    assert code(lambda: changer(monde, auteur=comptes.gestionnaire(comptes.organisme()))) == "dossier_reserve"


def test_l_apercu_dit_ce_qui_reste_ce_qui_tombe_et_ce_qui_est_redemande():
    monde = factories.complet(("B1", "B3"))

    referentiels.publier(ouverte(referentiels.petit(code="cqp-cos")))
    dossier = vue(monde.dossier)
    version = selectors.version_ouverte(SYSTEME, dossier, VERS, CHANGE.date())
    dit = selectors.apercu(monde.gestionnaire, Changement(dossier, version=version))
    assert dit.reste[0].startswith("5\N{NO-BREAK SPACE}compétences sont restées les mêmes mot pour mot")
    assert dit.tombe == (
        "B3 : la version 2026 n'a plus ce bloc.",
        "C1.1, C3.1, C3.2 et C3.3 (version 2021) : ce qui y est attesté reste dans l'histoire et ne compte plus.",
    )
    assert dit.redemande[0] == "C1.1 : à attester à nouveau, ses mots ou ceux de ses critères ont changé."
    assert dit.obstacles == ()


# --- Le tuteur, le manager --------------------------------------------------------------------------------------------


def test_le_depart_d_un_tuteur_se_montre_avant_de_se_confirmer():
    with time_machine.travel(ATTESTATION + timedelta(days=3), tick=False):
        salle = convocations.salle("B3", ("B1", "B3"))
        monde = salle.monde
        nouveau = comptes.avec_role(NatureRole.TUTEUR, monde.organisme, prenom="Nadia")
        navigateur = client(monde.gestionnaire)
        adresse = f"/candidats/{monde.dossier}/designer/"
        choix = {"tuteur": str(nouveau.id), "manager": str(monde.manager.id)}
        page = texte(navigateur.post(adresse, choix))
        assert vue(monde.dossier).tuteur == monde.tuteur.id
        for mot in (
            "restent sous son nom",
            "n'est plus tuteur : ce dossier ne lui est plus ouvert",
            "devient tuteur : le dossier et le carnet lui sont ouverts",
            "Bloc 3, épreuve du",
        ):
            assert mot in page, mot
        # Confirmer un autre choix que celui de l'aperçu montre le sien d'abord.
        autre = {**choix, "confirmer": f"{monde.tuteur.id}:{monde.manager.id}"}
        navigateur.post(adresse, autre)
        assert vue(monde.dossier).tuteur == monde.tuteur.id
        confirme = {**choix, "confirmer": f"{nouveau.id}:{monde.manager.id}"}
        assert navigateur.post(adresse, confirme).status_code == 302
        assert vue(monde.dossier).tuteur == nouveau.id


def test_une_voix_ne_choisit_pas_l_autre_et_nul_ne_nomme_les_siens():
    monde = factories.avec_carnet(("B3",))
    for qui in (monde.candidat, monde.tuteur, monde.manager):
        donner_role(
            personne=qui.id,
            nature=NatureRole.GESTIONNAIRE,
            organisme=monde.organisme,
            auteur=SYSTEME,
            maintenant=JADIS,
        )
    autre = comptes.personne()

    def nommer(auteur: Acteur, tuteur: UUID, manager: UUID):
        return lambda: services.nommer_tuteur_manager(
            dossier=monde.dossier, tuteur=tuteur, manager=manager, auteur=auteur, maintenant=ATTESTATION
        )

    assert code(nommer(monde.candidat, autre.id, monde.manager.id)) == "cause_propre"
    assert code(nommer(monde.tuteur, monde.tuteur.id, autre.id)) == "cause_propre"
    assert code(nommer(monde.manager, autre.id, monde.manager.id)) == "cause_propre"
    nommer(monde.tuteur, autre.id, monde.manager.id)()  # il se retire
    assert vue(monde.dossier).tuteur == autre.id


# --- La page ----------------------------------------------------------------------------------------------------------


def test_la_page_montre_puis_confirme_cette_version_et_elle_seule():
    with time_machine.travel(CHANGE, tick=False):
        monde = factories.complet(("B1",))
        navigateur = client(monde.gestionnaire)
        adresse = f"/candidats/{monde.dossier}/version/"
        assert "Aucune autre version" in texte(navigateur.get(adresse))
        autre_version()
        assert "Poursuivre sous une autre version" in texte(navigateur.get(f"/candidats/{monde.dossier}/"))
        page = texte(navigateur.post(adresse, {"version": VERS}))
        assert "C1.1 : à attester à nouveau" in page
        assert Dossier.objects.count() == 1
        navigateur.post(adresse, {"version": VERS, "confirmer": "cqp-cos@2031"})
        assert Dossier.objects.count() == 1
        reponse = navigateur.post(adresse, {"version": VERS, "confirmer": VERS})
        neuf = selectors.dossier_suivant(SYSTEME, monde.dossier)
        assert (reponse.status_code, reponse["Location"]) == (302, f"/candidats/{neuf}/")
        assert "Le dossier où le parcours continue" in texte(navigateur.get(f"/candidats/{monde.dossier}/"))
        assert "Le dossier d'avant" in texte(navigateur.get(reponse["Location"]))
        assert "Aucune autre version" in texte(navigateur.get(adresse))
        assert navigateur.put(adresse).status_code == 405
        assert client(monde.tuteur).get(adresse).status_code == 403
        assert client(comptes.gestionnaire(comptes.organisme())).get(adresse).status_code == 404
        assert navigateur.post(adresse.replace(str(monde.dossier), str(neuf)), {"version": "x@1"}).status_code == 200


@pytest.mark.parametrize(("leve", "statut"), [(RefusDroit("cause_propre", "Non."), 403), (Introuvable(), 404)])
def test_un_droit_perdu_entre_la_page_et_la_confirmation_n_est_pas_une_faute_de_saisie(leve, statut, monkeypatch):
    def refuser(**_: object) -> None:
        raise leve

    with time_machine.travel(CHANGE, tick=False):
        monde = factories.complet(("B1",))
        autre_version()
        monkeypatch.setattr(services, "changer_de_version", refuser)
        envoi = {"version": VERS, "confirmer": VERS}
        assert client(monde.gestionnaire).post(f"/candidats/{monde.dossier}/version/", envoi).status_code == statut
