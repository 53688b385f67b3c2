"""Dispenser du carnet d'un bloc : qui, pourquoi, ce que cela ouvre, ce que cela ne touche pas."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import Error, transaction

from moteur.regles.avant_de_convoquer import TABLE_PAR_DEFAUT, Manque
from parchemin.carnet import selectors, services
from parchemin.carnet.enums import Verdict
from parchemin.carnet.models import Carnet, Dispense
from parchemin.carnet.services import Dire
from parchemin.carnet.tests import factories
from parchemin.carnet.tests.factories import ATTESTATION
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.services import donner_role
from parchemin.comptes.tests import factories as comptes
from parchemin.comptes.tests.factories import JADIS, client, texte
from parchemin.convocations.selectors import epreuves_menacees
from parchemin.convocations.services import planifier_epreuve
from parchemin.parcours import services as parcours
from parchemin.parcours.enums import Qualite, Voie
from parchemin.parcours.selectors import dossiers_par_ids
from parchemin.parcours.tests.factories import monde as parcours_de
from parchemin.referentiels.selectors import reglement_en_vigueur, version_publiee
from parchemin.referentiels.tests import factories as referentiels
from parchemin.registre.models import Entree
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Refus, RefusDroit

pytestmark = pytest.mark.django_db

MOTIF = "Le tuteur était absent trois mois ; le bloc s'est exercé sans lui."
PLUS_TARD = ATTESTATION + timedelta(days=40)


@pytest.fixture(autouse=True)
def _le_jour_d_attester():
    with time_machine.travel(ATTESTATION, tick=False):
        yield


def code(service, **arguments) -> str:
    with pytest.raises(Refus) as leve:
        service(**arguments)
    return leve.value.code


def dispenser(monde, *blocs, **changements):
    return services.dispenser(
        **{
            "dossier": monde.dossier, "blocs": blocs, "motif": MOTIF, "auteur": monde.gestionnaire,
            "maintenant": ATTESTATION,
        } | changements
    )  # fmt: skip


def retirer(monde, bloc, **changements):
    services.retirer_dispense(
        **{
            "dossier": monde.dossier, "bloc": bloc, "motif": "Il est revenu.", "auteur": monde.gestionnaire,
            "maintenant": ATTESTATION,
        } | changements
    )  # fmt: skip


def planifier(monde, bloc):
    return planifier_epreuve(
        dossier=monde.dossier, bloc=bloc, prevue_le=PLUS_TARD, lieu="Salle 1", auteur=monde.gestionnaire,
        maintenant=ATTESTATION,
    )  # fmt: skip


def en_vigueur(monde) -> dict[str, str]:
    vue = selectors.carnet(SYSTEME, monde.dossier)
    assert vue is not None
    return {bloc: dispense.motif for bloc, dispense in vue.dispenses.items()}


# La table --------------------------------------------------------------------------------------------------------------


def test_le_referentiel_livre_la_table_du_moteur_et_chaque_voie_y_est():
    monde = factories.avec_carnet(("B3",))
    version = version_publiee(SYSTEME, "cqp-cos", "2021")
    table = selectors.table_du_reglement(reglement_en_vigueur(SYSTEME, version, jour_civil(ATTESTATION)))
    assert table == TABLE_PAR_DEFAUT
    assert {ligne.voie for ligne in table} == set(Voie.values)
    vue = dossiers_par_ids(SYSTEME, [monde.dossier])[monde.dossier]
    assert selectors.regle_de_convocation(SYSTEME, vue, jour_civil(ATTESTATION)) == TABLE_PAR_DEFAUT[0]


@pytest.mark.parametrize("voie", Voie)
def test_une_vae_ne_recoit_pas_de_carnet_les_autres_si(voie):
    monde = factories.avec_carnet(("B3",), voie=voie)
    assert Carnet.objects.filter(dossier_id=monde.dossier).exists() is (voie != Voie.VAE)
    assert (selectors.carnet(SYSTEME, monde.dossier) is None) is (voie == Voie.VAE)


def test_le_carnet_d_une_vae_dit_ce_qui_en_tient_lieu():
    monde = factories.avec_carnet(("B3",), voie=Voie.VAE)
    reponse = client(monde.candidat).get(f"/carnet/{monde.dossier}/")
    assert reponse.status_code == 404
    assert "son dossier de validation en tient lieu" in texte(reponse)


def regler(**du_reglement) -> None:
    """Une édition où la voie des dossiers de ce fichier attend autre chose."""
    table = [
        {"voie": une.voie, "attendu": une.attendu.value, "dispense": "motivee" if une.dispensable else "interdite"}
        | (du_reglement if une.voie == Voie.FORMATION_CONTINUE else {})
        for une in TABLE_PAR_DEFAUT
    ]
    version = version_publiee(SYSTEME, "cqp-cos", "2021")
    referentiels.reconnaitre(version, depuis=jour_civil(ATTESTATION), avant_convocation=table)


def empeches(*mondes) -> set[tuple[int, str]]:
    """Par lot, et un par un : la même règle. Chaque bloc par le rang de son monde."""
    jour, vues = jour_civil(ATTESTATION), dossiers_par_ids(SYSTEME, [monde.dossier for monde in mondes])
    blocs = [(rang, vues[monde.dossier], bloc) for rang, monde in enumerate(mondes) for bloc in ("B3", "B4")]
    lot = selectors.empeches_par_le_carnet(
        SYSTEME,
        [selectors.BlocAConvoquer(vue.id, bloc, vue.voie, vue.norme_empreinte) for _, vue, bloc in blocs],
        jour,
    )
    un_par_un = {
        (rang, bloc)
        for rang, vue, bloc in blocs
        if selectors.manque_avant_convocation(SYSTEME, vue, bloc, jour) in (Manque.CARNET, Manque.GEL)
    }
    assert {(rang, bloc) for rang, vue, bloc in blocs if (vue.id, bloc) in lot} == un_par_un
    return un_par_un


def test_ce_que_le_carnet_empeche_se_dit_par_lot_comme_un_par_un():
    complet, incomplet = factories.complet(("B3", "B4")), factories.avec_carnet(("B3", "B4"))
    sans_carnet, vae = parcours_de(("B3", "B4")), factories.avec_carnet(("B3", "B4"), voie=Voie.VAE)
    dispenser(incomplet, "B3")
    mondes = (complet, incomplet, sans_carnet, vae)
    assert empeches(*mondes) == {(1, "B4"), (2, "B3"), (2, "B4")}
    regler(dispense="interdite")
    assert empeches(*mondes) == {(1, "B3"), (1, "B4"), (2, "B3"), (2, "B4")}
    regler(attendu="rien", dispense="interdite")
    assert empeches(*mondes) == set()


@pytest.mark.parametrize("nombre", [1, 3])
def test_ce_que_le_carnet_empeche_coute_autant_a_trois_qu_a_un(nombre, django_assert_num_queries):
    mondes = [factories.avec_carnet(("B3",)) for _ in range(nombre)]
    vues = dossiers_par_ids(SYSTEME, [monde.dossier for monde in mondes]).values()
    blocs = [selectors.BlocAConvoquer(vue.id, "B3", vue.voie, vue.norme_empreinte) for vue in vues]
    with django_assert_num_queries(7):
        assert len(selectors.empeches_par_le_carnet(SYSTEME, blocs, jour_civil(ATTESTATION))) == nombre
    with django_assert_num_queries(0):
        assert selectors.empeches_par_le_carnet(SYSTEME, (), jour_civil(ATTESTATION)) == frozenset()


def test_une_epreuve_n_est_pas_menacee_d_un_carnet_que_sa_voie_n_attend_pas():
    monde = factories.avec_carnet(("B3",))
    dispenser(monde, "B3")
    planifier(monde, "B3")
    jour = jour_civil(PLUS_TARD - timedelta(days=30))

    def menaces() -> list[str]:
        return [m.value for une in epreuves_menacees(monde.gestionnaire, jour) for m, _ in une.menaces]

    assert "carnet" not in menaces()
    regler(dispense="interdite")
    assert "carnet" in menaces()
    regler(attendu="rien", dispense="interdite")
    assert "carnet" not in menaces()


# Dispenser --------------------------------------------------------------------------------------------------------------


def test_une_dispense_ouvre_la_convocation_de_son_bloc_et_de_lui_seul():
    monde = factories.avec_carnet(("B3", "B4"))
    assert code(planifier, monde=monde, bloc="B3") == "carnet_incomplet"
    assert dispenser(monde, "B3") == ("B3",)
    assert en_vigueur(monde) == {"B3": MOTIF}
    planifier(monde, "B3")
    assert code(planifier, monde=monde, bloc="B4") == "carnet_incomplet"
    (entree,) = Entree.objects.filter(action="carnet.dispense")
    assert (entree.donnees["blocs"], str(entree.objet_id)) == (["B3"], str(Carnet.objects.get().pk))
    assert MOTIF not in str(entree.donnees)  # le motif est une valeur personnelle, engagée à part


def test_redire_ne_change_rien_et_la_premiere_reste():
    monde = factories.avec_carnet(("B3", "B4"))
    dispenser(monde, "B3")
    assert dispenser(monde, "B4", "B3", motif="Un autre.") == ("B4",)
    assert dispenser(monde, "B3", motif="Encore un autre.") == ()
    assert en_vigueur(monde) == {"B3": MOTIF, "B4": "Un autre."}
    assert Entree.objects.filter(action="carnet.dispense").count() == 2


def test_retirer_une_dispense_est_une_ligne_de_plus_et_ne_deconvoque_personne():
    monde = factories.avec_carnet(("B3", "B4"))
    dispenser(monde, "B3", "B4")
    planifier(monde, "B3")
    retirer(monde, "B3")
    retirer(monde, "B3")
    retirer(monde, "B4")
    assert en_vigueur(monde) == {}
    assert list(Dispense.objects.order_by("bloc", "rang").values_list("bloc", "rang", "accordee")) == [
        ("B3", 1, True), ("B3", 2, False), ("B4", 1, True), ("B4", 2, False),
    ]  # fmt: skip
    assert code(planifier, monde=monde, bloc="B4") == "carnet_incomplet"
    assert dispenser(monde, "B4", motif="À nouveau.") == ("B4",)
    assert en_vigueur(monde) == {"B4": "À nouveau."}


def test_une_dispense_ne_s_ecrase_pas_meme_par_la_base():
    monde = factories.avec_carnet(("B3",))
    dispenser(monde, "B3")
    for geste in (lambda: Dispense.objects.update(motif="Autre"), lambda: Dispense.objects.all().delete()):
        with pytest.raises(Error), transaction.atomic():
            geste()
    assert en_vigueur(monde) == {"B3": MOTIF}


@pytest.mark.parametrize(
    ("changements", "attendu"),
    [
        ({"motif": "  "}, "motif_manquant"),
        ({"blocs": ()}, "rien_a_dispenser"),
        ({"blocs": ("B1",)}, "bloc_non_demande"),
        ({"blocs": ("B3",)}, "rien_a_dispenser"),
        ({"blocs": ("B4", "B3")}, "rien_a_dispenser"),
    ],
)
def test_ce_qui_ne_se_dispense_pas(changements, attendu):
    """Le bloc 3 est complet, le 4 ne l'est pas, le 1 n'est pas demandé."""
    monde = factories.avec_carnet(("B3", "B4"))
    for qualite, auteur in ((Qualite.TUTEUR, monde.tuteur), (Qualite.MANAGER, monde.manager)):
        services.attester(
            dossier=monde.dossier, qualite=qualite, auteur=auteur, maintenant=ATTESTATION,
            dires=dict.fromkeys(("C3.1", "C3.2", "C3.3"), Dire(Verdict.MAITRISEE)),
        )  # fmt: skip
    assert code(dispenser, monde=monde, **changements) == attendu
    assert Dispense.objects.count() == 0


def test_un_dossier_clos_ne_se_dispense_plus():
    monde = factories.avec_carnet(("B3",))
    dispenser(monde, "B3")
    parcours.abandonner(dossier=monde.dossier, motif="Mutation.", auteur=monde.gestionnaire, maintenant=ATTESTATION)
    assert code(dispenser, monde=monde, blocs=("B3",)) == "dossier_clos"
    assert code(retirer, monde=monde, bloc="B3") == "dossier_clos"


def test_le_gestionnaire_seul_et_jamais_dans_sa_propre_cause():
    monde = factories.avec_carnet(("B3",))
    for autre in (monde.candidat, monde.tuteur, monde.manager, comptes.gestionnaire(comptes.organisme())):
        with pytest.raises(RefusDroit) as leve:
            dispenser(monde, "B3", auteur=autre)
        assert leve.value.code == "dispense_reservee"
        with pytest.raises(RefusDroit) as leve:
            retirer(monde, "B3", auteur=autre)
        assert leve.value.code == "dispense_reservee"
    for suivi in (monde.candidat, monde.tuteur, monde.manager):
        donner_role(
            personne=suivi.id,
            nature=NatureRole.GESTIONNAIRE,
            organisme=monde.organisme,
            auteur=SYSTEME,
            maintenant=JADIS,
        )
        with pytest.raises(RefusDroit) as leve:
            dispenser(monde, "B3", auteur=suivi)
        assert leve.value.code == "cause_propre"
    assert Dispense.objects.count() == 0


def test_la_dispense_compte_dans_l_avancement_sans_rien_attester():
    monde = factories.avec_carnet(("B3", "B4"))
    dispenser(monde, "B3")
    avancement = selectors.avancements(SYSTEME, [monde.dossier])[monde.dossier]
    assert (avancement.completes, avancement.complet, avancement.suffit) == (0, False, False)
    assert [avancement.attendues(qualite) for qualite in Qualite] == [4, 4]
    dispenser(monde, "B4")
    avancement = selectors.avancements(SYSTEME, [monde.dossier])[monde.dossier]
    assert (avancement.complet, avancement.suffit) == (False, True)


# Le désaccord, le départ ------------------------------------------------------------------------------------------------


def attester(monde, qualite, verdict, auteur, mot=""):
    services.attester(
        dossier=monde.dossier, qualite=qualite, dires={"C3.1": Dire(verdict, mot)}, auteur=auteur,
        maintenant=ATTESTATION,
    )  # fmt: skip


def test_un_desaccord_se_montre_et_ne_se_tranche_pas():
    monde = factories.avec_carnet(("B3",))
    attester(monde, Qualite.TUTEUR, Verdict.MAITRISEE, monde.tuteur)
    page = f"/carnet/{monde.dossier}/"
    assert "ne disent pas la même chose" not in texte(client(monde.candidat).get(page))
    attester(monde, Qualite.MANAGER, Verdict.PAS_ENCORE, monde.manager, "Pas vue seule")
    vue = selectors.carnet(SYSTEME, monde.dossier)
    assert vue is not None
    assert (vue.avancement().desaccords, vue.avancement().complet) == (1, False)
    contenu = texte(client(monde.candidat).get(page))
    assert "Le tuteur et le manager ne disent pas la même chose de 1 compétence." in contenu
    assert contenu.count("Désaccord : l'un la dit") == 1
    assert code(planifier, monde=monde, bloc="B3") == "carnet_incomplet"


def test_ce_qu_a_signe_qui_est_parti_reste_et_compte():
    monde = factories.avec_carnet(("B3",))
    factories.attester_tout(monde)
    parti = monde.tuteur
    remplacant = comptes.avec_role(NatureRole.TUTEUR, monde.organisme, "Rosa")
    parcours.nommer_tuteur_manager(
        dossier=monde.dossier, tuteur=remplacant.id, manager=monde.manager.id, auteur=monde.gestionnaire,
        maintenant=ATTESTATION,
    )  # fmt: skip
    vue = selectors.carnet(SYSTEME, monde.dossier)
    assert vue is not None
    assert {ligne.attestations[Qualite.TUTEUR].auteur for ligne in vue.lignes} == {parti.id}
    assert vue.avancement().complet
    contenu = texte(client(monde.candidat).get(f"/carnet/{monde.dossier}/"))
    assert (contenu.count("(alors tuteur)"), contenu.count("(alors manager)")) == (3, 0)
    planifier(monde, "B3")


# Les pages --------------------------------------------------------------------------------------------------------------


def test_de_la_page_au_motif_que_tous_lisent():
    monde = factories.avec_carnet(("B3", "B4"))
    page = f"/carnet/{monde.dossier}/"
    gere = client(monde.gestionnaire)
    assert f'{page}dispenser/"' in texte(gere.get(page))
    assert f"{page}dispenser/" not in texte(client(monde.candidat).get(page))
    refusee = gere.post(f"{page}dispenser/", {"blocs": ["B3"], "motif": ""})
    assert refusee.status_code == 422
    assert ("Dites pourquoi vous dispensez de ce carnet." in texte(refusee), en_vigueur(monde)) == (True, {})
    assert gere.post(f"{page}dispenser/", {"blocs": ["B3"], "motif": MOTIF}).headers["Location"] == page
    for lecteur in (monde.candidat, monde.tuteur, monde.manager):
        contenu = texte(client(lecteur).get(page))
        assert f": {MOTIF}" in contenu
        assert "Retirer la dispense" not in contenu
    assert gere.get(f"{page}dispenser/B4/retirer/").status_code == 404
    assert gere.post(f"{page}dispenser/B3/retirer/", {"motif": ""}).status_code == 422
    assert gere.post(f"{page}dispenser/B3/retirer/", {"motif": "Il revient."}).status_code == 302
    assert en_vigueur(monde) == {}
    assert gere.put(f"{page}dispenser/").status_code == 405


def test_quand_tout_est_complet_la_page_dit_qu_il_n_y_a_rien_a_dispenser():
    monde = factories.complet(("B3",))
    contenu = texte(client(monde.gestionnaire).get(f"/carnet/{monde.dossier}/dispenser/"))
    assert "Il n'y a rien à dispenser" in contenu
    assert "<textarea" not in contenu
