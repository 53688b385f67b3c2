"""Le registre des habilitations : écrire, lire à une date, déclarer ; qui peut, et ce qui est refusé."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parchemin.comptes import services
from parchemin.comptes.enums import EtatHabilitation, Mission, NatureRole, TitreHabilitation
from parchemin.comptes.models import DeclarationHabilitation, Habilitation, LigneHabilitation
from parchemin.comptes.selectors import (
    changements_a_declarer,
    habilite,
    habilites,
    registre_habilitations,
    une_habilitation,
)
from parchemin.comptes.tests import factories
from parchemin.comptes.tests.test_concurrence import ensemble
from parchemin.referentiels.tests import factories as referentiels
from parchemin.registre.models import Entree
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.refus import Introuvable, Refus, RefusDroit

MIDI = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
JOUR = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def publie(request):
    if not request.node.get_closest_marker("django_db"):
        request.getfixturevalue("db")
    referentiels.publier()


def changer(habilitation, vers, effet=JOUR, motif="Manquement constaté.", auteur=SYSTEME):
    services.changer_etat(
        habilitation=habilitation, vers=vers, effet=effet, motif=motif, auteur=auteur, maintenant=MIDI
    )


def avenant(habilitation, auteur=SYSTEME, **changements):
    valeurs = {"missions": {Mission.EVALUER}, "blocs": None, "dernier_jour": None, "effet": JOUR, "motif": "Avenant."}
    services.changer_portee(habilitation=habilitation, **valeurs | changements, auteur=auteur, maintenant=MIDI)


def refus(geste, *mots, **noms) -> str:
    with pytest.raises(Refus) as leve:
        geste(*mots, **noms)
    return leve.value.code


def test_une_habilitation_permet_sa_mission_sur_ses_blocs_entre_ses_dates():
    organisme = factories.organisme()
    factories.habilitation(
        organisme, blocs={"B1", "B2"}, missions={Mission.EVALUER}, du=JOUR, dernier_jour=JOUR + timedelta(days=30)
    )
    vus = {
        (bloc, mission.value, decalage): habilite(
            SYSTEME, organisme, "cqp-cos", bloc, JOUR + timedelta(days=decalage), mission
        )
        for bloc in ("B1", "B3")
        for mission in Mission
        for decalage in (-1, 0, 30, 31)
    }
    assert {cas for cas, oui in vus.items() if oui} == {("B1", "evaluer", 0), ("B1", "evaluer", 30)}
    assert habilite(SYSTEME, organisme, "cqp-gc", "B1", JOUR) is False
    assert habilite(SYSTEME, factories.organisme(), "cqp-cos", "B1", JOUR) is False


def test_la_suspension_la_reprise_et_la_resiliation_valent_a_leur_date():
    organisme = factories.organisme()
    cle = factories.habilitation(organisme)
    changer(cle, EtatHabilitation.SUSPENDUE, JOUR)
    changer(cle, EtatHabilitation.EN_VIGUEUR, JOUR + timedelta(days=10))
    changer(cle, EtatHabilitation.RESILIEE, JOUR + timedelta(days=20))
    jours = (-1, 0, 9, 10, 19, 20)
    assert [habilite(SYSTEME, organisme, "cqp-cos", "B4", JOUR + timedelta(days=jour)) for jour in jours] == [
        True, False, False, True, True, False,
    ]  # fmt: skip
    vue = une_habilitation(SYSTEME, cle, JOUR + timedelta(days=20))
    assert (vue.etat, vue.depuis) == (EtatHabilitation.RESILIEE, JOUR + timedelta(days=20))
    assert [(ligne.rang, ligne.ligne.etat.value) for ligne in vue.lignes] == [
        (1, "en_vigueur"), (2, "suspendue"), (3, "en_vigueur"), (4, "resiliee"),
    ]  # fmt: skip


def test_une_autre_convention_prend_le_relais():
    organisme = factories.organisme()
    ancienne = factories.habilitation(organisme)
    factories.habilitation(organisme, blocs={"B2"})
    changer(ancienne, EtatHabilitation.RESILIEE)
    assert [habilite(SYSTEME, organisme, "cqp-cos", bloc, JOUR) for bloc in ("B1", "B2")] == [False, True]


def test_la_lecture_groupee_coute_une_requete_quel_que_soit_le_nombre():
    couts = []
    trouves = []
    organismes = []
    for nombre in (1, 2):
        for _ in range(nombre):
            organismes.append(factories.organisme())
            factories.habilitation(organismes[-1])
        with CaptureQueriesContext(
            connection,
        ) as requetes:
            trouves.append(habilites(SYSTEME, "cqp-cos", "B1", JOUR))
        couts.append(len(requetes))
    assert couts == [1, 1]
    assert trouves == [frozenset(organismes[:1]), frozenset(organismes)]
    assert habilites(SYSTEME, "cqp-cos", "B1", JOUR, parmi=organismes[1:]) == frozenset(organismes[1:])
    assert habilites(SYSTEME, "cqp-cos", "B1", JOUR, parmi=[]) == frozenset()


def test_seul_un_gestionnaire_de_tous_les_organismes_ou_un_administrateur_tient_le_registre():
    organisme = factories.organisme()
    cle = factories.habilitation(organisme)
    ligne = LigneHabilitation.objects.get().pk
    for auteur in (
        factories.gestionnaire(organisme),
        factories.avec_role(NatureRole.AUDITEUR),
        factories.avec_role(NatureRole.EVALUATEUR_CERTIFICATEUR, organisme),
        factories.personne(),
    ):
        with pytest.raises(RefusDroit, match="gestionnaire de tous les organismes"):
            changer(cle, EtatHabilitation.SUSPENDUE, auteur=auteur)
        with pytest.raises(RefusDroit):
            avenant(cle, auteur=auteur)
        with pytest.raises(RefusDroit):
            services.declarer_changement(ligne=ligne, au_terme=False, declaree_le=JOUR, auteur=auteur, maintenant=MIDI)
    changer(cle, EtatHabilitation.SUSPENDUE, auteur=factories.gestionnaire())
    changer(cle, EtatHabilitation.EN_VIGUEUR, auteur=factories.avec_role(NatureRole.ADMINISTRATEUR))
    assert LigneHabilitation.objects.count() == 3


def test_chaque_lecteur_voit_son_registre():
    sien, autre = factories.organisme("Caisse A"), factories.organisme("Caisse B")
    cles = [factories.habilitation(sien), factories.habilitation(autre)]
    for lecteur, attendues in (
        (factories.gestionnaire(), cles),
        (factories.avec_role(NatureRole.AUDITEUR), cles),
        (factories.avec_role(NatureRole.ADMINISTRATEUR), cles),
        (factories.gestionnaire(sien), cles[:1]),
        (factories.personne(), []),
    ):
        assert [vue.id for vue in registre_habilitations(lecteur, JOUR)] == attendues
    assert [vue.id for vue in registre_habilitations(SYSTEME, JOUR, organisme=autre)] == cles[1:]
    with pytest.raises(Introuvable):
        une_habilitation(factories.gestionnaire(sien), cles[1], JOUR)


@pytest.mark.parametrize(
    ("changements", "code"),
    [
        ({"convention": " "}, "convention_manquante"),
        ({"signee_le": None}, "convention_manquante"),
        ({"certification": "cqp-inconnu"}, "certification_inconnue"),
        ({"blocs": {"B1", "B9"}}, "bloc_inconnu"),
        ({"blocs": set()}, "bloc_inconnu"),
        ({"missions": set()}, "mission_manquante"),
        ({"dernier_jour": date(2025, 8, 31)}, "dates_a_l_envers"),
    ],
)
def test_ce_qui_manque_a_une_habilitation_est_refuse(changements, code):
    assert refus(factories.habilitation, factories.organisme(), **changements) == code
    assert Habilitation.objects.count() == 0


def test_le_certificateur_evalue_de_droit_et_ne_declare_rien():
    organisme = factories.organisme()
    cle = factories.habilitation(organisme, titre=TitreHabilitation.CERTIFICATEUR, convention="", signee_le=None)
    assert habilite(SYSTEME, organisme, "cqp-cos", "B1", JOUR) is True
    assert changements_a_declarer(SYSTEME, JOUR) == ()
    ligne = LigneHabilitation.objects.get(habilitation=cle).pk
    assert refus(
        services.declarer_changement, ligne=ligne, au_terme=False, declaree_le=JOUR, auteur=SYSTEME, maintenant=MIDI
    ) == "rien_a_declarer"  # fmt: skip


def test_redire_la_meme_chose_ne_change_rien():
    organisme = factories.organisme()
    cle = factories.habilitation(organisme, convention="C-1")
    assert factories.habilitation(organisme, convention="C-1") == cle
    entrees = Entree.objects.count()
    avenant(cle)
    changer(cle, EtatHabilitation.EN_VIGUEUR)
    assert (LigneHabilitation.objects.count(), Entree.objects.count()) == (1, entrees)
    assert refus(factories.habilitation, organisme, convention="C-1", blocs={"B1"}) == "habilitation_deja_la"


def test_un_changement_suit_le_precedent_et_dit_pourquoi():
    cle = factories.habilitation(factories.organisme(), du=JOUR, dernier_jour=JOUR + timedelta(days=5))
    suspendre = EtatHabilitation.SUSPENDUE
    assert refus(changer, cle, suspendre, motif=" ") == "motif_manquant"
    assert refus(changer, cle, suspendre, JOUR - timedelta(days=1)) == "effet_trop_tot"
    assert refus(changer, cle, suspendre, JOUR + timedelta(days=6)) == "habilitation_finie"
    assert refus(avenant, cle, blocs={"B9"}) == "bloc_inconnu"
    assert refus(avenant, cle, dernier_jour=JOUR - timedelta(days=1)) == "dates_a_l_envers"
    assert refus(changer, cle, EtatHabilitation.ECHUE, JOUR + timedelta(days=5)) == "etat_du_calendrier"
    changer(cle, EtatHabilitation.RESILIEE)
    assert refus(changer, cle, EtatHabilitation.EN_VIGUEUR) == "habilitation_finie"
    assert refus(avenant, cle, blocs={"B1"}) == "habilitation_finie"
    with pytest.raises(Introuvable):
        changer(factories.organisme(), suspendre)


def test_un_avenant_change_la_portee_sans_changer_l_etat():
    organisme = factories.organisme()
    cle = factories.habilitation(organisme, blocs={"B1"})
    changer(cle, EtatHabilitation.SUSPENDUE)
    avenant(cle, blocs={"B1", "B2"}, missions=set(Mission))
    vue = une_habilitation(SYSTEME, cle, JOUR)
    assert (vue.etat, vue.courante.blocs) == (EtatHabilitation.SUSPENDUE, {"B1", "B2"})
    assert [changement.libelle for changement in vue.changements] == [
        "Habilitation donnée", "Suspension", "Portée ou durée changée",
    ]  # fmt: skip


def test_les_changements_a_declarer_se_comptent_du_plus_presse_au_moins_presse():
    premier, second = factories.organisme("Institut A"), factories.organisme("Institut B")
    factories.habilitation(premier, du=date(2026, 9, 30), dernier_jour=date(2026, 10, 31), convention="A")
    suspendue = factories.habilitation(second, du=date(2025, 12, 31), convention="B")
    changer(suspendue, EtatHabilitation.SUSPENDUE, date(2026, 12, 1))
    vus = changements_a_declarer(SYSTEME, JOUR)
    assert [(c.organisme_nom, c.libelle, c.effet, c.delai.echeance, c.delai.restent) for c in vus] == [
        ("Institut B", "Habilitation donnée", date(2025, 12, 31), date(2026, 2, 28), -269),
        ("Institut A", "Habilitation donnée", date(2026, 9, 30), date(2026, 11, 30), 6),
        ("Institut A", "Arrivée à terme", date(2026, 11, 1), date(2027, 1, 1), 38),
    ]
    assert [c.libelle for c in changements_a_declarer(SYSTEME, date(2026, 12, 1))][-1] == "Suspension"
    assert changements_a_declarer(factories.personne(), JOUR) == ()


def test_un_changement_declare_ne_se_declare_plus():
    factories.habilitation(factories.organisme(), du=date(2026, 9, 30), dernier_jour=date(2026, 10, 31))
    gestionnaire = factories.gestionnaire()
    for changement in changements_a_declarer(gestionnaire, JOUR):
        for reference in ("FC-12", "FC-13"):
            services.declarer_changement(
                ligne=changement.ligne,
                au_terme=changement.au_terme,
                declaree_le=JOUR,
                reference=reference,
                auteur=gestionnaire,
                maintenant=MIDI,
            )
    assert changements_a_declarer(gestionnaire, JOUR) == ()
    (vue,) = registre_habilitations(gestionnaire, JOUR)
    assert [(c.libelle, c.declare_le, c.declare_par, c.reference) for c in vue.changements] == [
        ("Habilitation donnée", JOUR, gestionnaire.id, "FC-12"),
        ("Arrivée à terme", JOUR, gestionnaire.id, "FC-12"),
    ]
    assert DeclarationHabilitation.objects.count() == 2


def test_une_declaration_a_venir_ou_sans_objet_est_refusee():
    factories.habilitation(factories.organisme(), dernier_jour=JOUR)
    ligne = LigneHabilitation.objects.get().pk

    def declarer(le, au_terme=False, ligne=ligne):
        services.declarer_changement(ligne=ligne, au_terme=au_terme, declaree_le=le, auteur=SYSTEME, maintenant=MIDI)

    assert refus(declarer, JOUR + timedelta(days=1)) == "declaration_a_venir"
    assert refus(declarer, JOUR, True) == "rien_a_declarer"  # le dernier jour, elle n'est pas encore échue
    with pytest.raises(Introuvable):
        declarer(JOUR, ligne=0)


def test_le_registre_se_lit_en_autant_de_requetes_a_un_et_a_trois():
    couts = []
    for nombre in (1, 2):
        for _ in range(nombre):
            changer(factories.habilitation(factories.organisme()), EtatHabilitation.SUSPENDUE)
        with CaptureQueriesContext(connection) as requetes:
            registre_habilitations(SYSTEME, JOUR)
        couts.append(len(requetes))
    assert couts == [3, 3]


@pytest.mark.django_db(transaction=True)
def test_deux_suspensions_a_la_fois_n_ecrivent_qu_une_ligne():
    cle = factories.habilitation(factories.organisme())
    gestes = [lambda: changer(cle, EtatHabilitation.SUSPENDUE)] * 2
    assert ensemble(*gestes) == ["fait", "fait"]
    assert LigneHabilitation.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_la_meme_declaration_a_deux_n_est_notee_qu_une_fois():
    factories.habilitation(factories.organisme())
    ligne = LigneHabilitation.objects.get().pk

    def declarer():
        services.declarer_changement(ligne=ligne, au_terme=False, declaree_le=JOUR, auteur=SYSTEME, maintenant=MIDI)

    assert ensemble(declarer, declarer) == ["fait", "fait"]
    assert DeclarationHabilitation.objects.count() == 1
