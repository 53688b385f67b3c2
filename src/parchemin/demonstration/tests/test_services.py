"""La cohorte raconte ce qu'elle annonce, un dossier par situation, avec une histoire qui se tient."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from parchemin.carnet.selectors import avancements
from parchemin.comptes.selectors import droits, invitation_en_cours, organismes, personnes
from parchemin.convocations.selectors import epreuves_du_dossier
from parchemin.demonstration.services import Cohorte, comptes, est_construite
from parchemin.demonstration.tests.factories import MINUIT_PASSE, cohorte_composee
from parchemin.evaluation.selectors import (
    acquis_du_dossier,
    lectures_scellees,
    resultats_du_dossier,
    seconds_regards_visibles,
    verdict_du_dossier,
)
from parchemin.parcours.selectors import VueDossier, dossiers, passages, vue_dossier
from parchemin.portail.presenters.accueil import page_accueil
from parchemin.registre.models import Entree
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.horloge import jour_civil

MAINTENANT = MINUIT_PASSE
JOUR = jour_civil(MAINTENANT)
FIN_D_ENREGISTREMENT = date(2026, 4, 19)

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def cohorte(django_db_setup: None, django_db_blocker: Any) -> Iterator[Cohorte]:
    """La cohorte, composée une fois pour tous ces tests, qui ne font que la lire."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield cohorte_composee(MAINTENANT)
        transaction.set_rollback(True)


def les_dossiers() -> dict[str, VueDossier]:
    vues = [vue_dossier(ligne) for ligne in dossiers(SYSTEME, JOUR)]
    return {vue.candidat_nom: vue for vue in vues}


def test_quatre_organismes_trente_huit_personnes_treize_dossiers(cohorte: Cohorte) -> None:
    assert (cohorte.nouvelle, cohorte.organismes, cohorte.personnes, cohorte.dossiers) == (True, 4, 38, 13)
    assert est_construite()


def test_la_liste_est_dans_l_ordre_d_un_annuaire(cohorte: Cohorte) -> None:
    assert [nom.rpartition(" ")[2] for nom in les_dossiers()] == [
        "Abel", "Aït-Ahmed", "Charpentier", "d'Arc", "d'Hautefeuille", "Élan", "Costa", "Guéguen", "Kerbrat", "Laurençon", "Berre",
        "Müller", "N'Diaye", "Nguyễn", "Œuvrard", "Zoé",
    ]  # fmt: skip


def test_chaque_dossier_est_dans_l_etat_qu_il_raconte(cohorte: Cohorte) -> None:
    vues = les_dossiers()
    carnets = avancements(SYSTEME, [vue.id for vue in vues.values()])
    etats = {
        nom: (
            vue.etat,
            carnets[vue.id].complet if vue.id in carnets else None,  # une VAE n'a pas de carnet
            carnets[vue.id].refusees if vue.id in carnets else 0,
            {bloc: epreuve.etat for bloc, epreuve in epreuves_du_dossier(SYSTEME, vue.id).items()},
        )
        for nom, vue in vues.items()
    }
    accordee, affectee = "accordee", "affectee"
    assert etats == {
        "Thomas Abel": ("inscrit", False, 0, {}),
        "Lou Élan": ("en_parcours", False, 0, {}),
        "Camille Zoé": ("en_parcours", False, 2, {}),
        "Solène d'Arc": ("en_parcours", True, 0, {}),
        "Linh Nguyễn": ("en_evaluation", True, 0, dict.fromkeys(("B1", "B2", "B3", "B4"), affectee)),
        "Margaux Œuvrard": ("en_evaluation", True, 0, {"B1": "en_cours", "B2": affectee}),
        "Karim Aït-Ahmed": ("en_evaluation", True, 0, {"B1": accordee, "B3": "en_cours", "B4": affectee}),
        "Élodie Ferreira da Costa": (
            "en_evaluation",
            True,
            0,
            {"B1": "lectures_scellees", "B2": "lectures_scellees", "B3": "suspendue", "B4": "en_cours"},
        ),
        "Mathilde Le Berre": (
            "en_evaluation",
            True,
            0,
            {"B1": accordee, "B2": affectee, "B3": "a_planifier", "B4": affectee},
        ),
        "Jean-Baptiste N'Diaye": ("second_regard", True, 0, dict.fromkeys(("B1", "B2", "B3", "B4"), accordee)),
        "Anaïs Müller": ("evalue", True, 0, dict.fromkeys(("B1", "B2", "B3", "B4"), accordee)),
        "Loïc Guéguen": ("en_evaluation", None, 0, {"B2": accordee, "B4": affectee}),
        "Benoît Charpentier": ("abandonne", False, 0, {}),
        "Sidonie d'Hautefeuille": ("en_parcours", False, 0, {}),
        "Éloi Kerbrat": ("inscrit", False, 0, {}),
        "Noé Laurençon": ("inscrit", False, 0, {}),
    }


def test_un_second_regard_a_confier_un_a_rendre_un_rendu(cohorte: Cohorte) -> None:
    regards = {
        nom: {bloc: regard.etat for bloc, regard in seconds_regards_visibles(SYSTEME, vue, resultats).items()}
        for nom, vue in les_dossiers().items()
        if (resultats := resultats_du_dossier(SYSTEME, vue.id))
    }
    assert {nom: etats for nom, etats in regards.items() if etats} == {
        "Jean-Baptiste N'Diaye": {"B3": "a_designer"},
        "Loïc Guéguen": {"B2": "designe"},
        "Mathilde Le Berre": {"B1": "rendu"},
    }


def verdict(nom: str) -> dict[str, Any]:
    vue = les_dossiers()[nom]
    decision, _ = verdict_du_dossier(
        SYSTEME, vue, resultats_du_dossier(SYSTEME, vue.id), acquis_du_dossier(SYSTEME, vue)
    )
    return decision.en_json()


def test_une_lecture_scellee_l_autre_pas(cohorte: Cohorte) -> None:
    epreuve = epreuves_du_dossier(SYSTEME, les_dossiers()["Karim Aït-Ahmed"].id)["B3"]
    assert [qualite.value for qualite in lectures_scellees(epreuve.id)] == ["metier"]


def test_a_la_marge_un_bloc_acquis_a_un_critere_pres(cohorte: Cohorte) -> None:
    bloc = verdict("Mathilde Le Berre")["blocs"]["B1"]
    assert (bloc["acquis"], bloc["competences_acquises"], bloc["marge"]) == (True, 5, 1)


def test_manque_le_bloc_3_pour_un_seul_critere(cohorte: Cohorte) -> None:
    rendu = verdict("Jean-Baptiste N'Diaye")
    assert rendu["certification"] == {
        "acquis": False,
        "marge": -1,
        "bascule": ["K3.2.3"],
        "blocs_manquants": ["B3"],
    }
    assert rendu["blocs"]["B3"]["detail"]["C3.2"]["bascule"] == ["K3.2.3"]


def test_les_quatre_blocs_acquis(cohorte: Cohorte) -> None:
    certification = verdict("Anaïs Müller")["certification"]
    assert (certification["acquis"], certification["blocs_manquants"]) == (True, [])


def test_deux_blocs_seulement_demandes(cohorte: Cohorte) -> None:
    rendu = verdict("Loïc Guéguen")
    assert rendu["certification"] is None
    assert {bloc: vu["acquis"] for bloc, vu in rendu["blocs"].items()} == {"B2": True, "B4": None}


def test_chaque_entree_tombe_pendant_l_enregistrement_et_avant_l_inscription(cohorte: Cohorte) -> None:
    hors_dates = {
        nom: vue.entree_le
        for nom, vue in les_dossiers().items()
        if not vue.entree_le <= min(FIN_D_ENREGISTREMENT, jour_civil(vue.inscrit_le))
    }
    assert hors_dates == {}


def test_l_histoire_avance_toujours_et_ne_devance_pas_le_present(cohorte: Cohorte) -> None:
    for vue in les_dossiers().values():
        instants = [passage.instant for passage in passages(SYSTEME, vue.id)]
        assert instants == sorted(instants)
    entrees = list(Entree.objects.order_by("chaine", "rang").values_list("chaine", "instant"))
    assert entrees == sorted(entrees)
    assert max(instant for _, instant in entrees) <= MAINTENANT
    assert min(instant for _, instant in entrees) < MAINTENANT - timedelta(days=600)


def test_chaque_compte_annonce_existe_et_chaque_personne_a_le_sien(cohorte: Cohorte) -> None:
    annonces = sorted(compte["courriel"] for compte in comptes())
    assert annonces == sorted(personne.courriel_pro for personne in personnes(SYSTEME, JOUR) if personne.a_un_compte)


def test_les_identifiants_des_personnes_sont_opaques(cohorte: Cohorte) -> None:
    assert {type(personne.pk) for personne in personnes(SYSTEME, JOUR)} == {UUID}


def test_la_barriere_ecarte_un_n_plus_deux_et_une_recusation_attend(cohorte: Cohorte) -> None:
    from moteur.regles.evaluateur_admissible import GenreLien
    from parchemin.convocations.selectors import barriere, recusations

    solene = les_dossiers()["Solène d'Arc"]
    cadre = barriere(SYSTEME, solene, JOUR)
    raphael = next(p.pk for p in personnes(SYSTEME, JOUR, recherche="lefevre"))
    assert [lien.genre for lien in cadre.liens[raphael]] == [GenreLien.HIERARCHIQUE]
    epreuve = epreuves_du_dossier(SYSTEME, les_dossiers()["Linh Nguyễn"].id)["B4"]
    assert [(r.evaluateur_nom, r.etat) for r in recusations(SYSTEME, [epreuve.id])] == [("Yann Quéméner", "deposee")]


def test_un_lien_tardif_est_venu_d_un_fichier_et_se_dit_au_jury_sans_rien_empecher(cohorte: Cohorte) -> None:
    from parchemin.comptes.enums import OrigineDeLien
    from parchemin.comptes.models import ImportLiens
    from parchemin.comptes.selectors import liens_de
    from parchemin.convocations.presenters import phrases_au_jury
    from parchemin.convocations.selectors import signalements

    (jb,) = personnes(SYSTEME, JOUR, "ndiaye")
    (lien,) = liens_de(SYSTEME, jb.pk)
    assert (lien.vers_nom, lien.origine, lien.periode.au) == ("Sabrina Haddad", OrigineDeLien.IMPORT, None)
    vue = les_dossiers()["Jean-Baptiste N'Diaye"]
    dits = phrases_au_jury(signalements(SYSTEME, vue, epreuves_du_dossier(SYSTEME, vue.id).values(), JOUR))
    suite = "depuis l’épreuve. L’évaluation reste valable ; le jury en est averti."
    assert sorted(dits) == [f"Bloc {bloc}, Sabrina Haddad : lien hiérarchique, {suite}" for bloc in (1, 2)]
    # Et un second fichier attend sa confirmation.
    assert [(bool(une.confirme_le), len(une.lignes)) for une in ImportLiens.objects.order_by("depose_le")] == [
        (True, 0),
        (False, 2),
    ]


def test_une_habilitation_personnelle_est_echue_et_une_autre_a_renouveler(cohorte: Cohorte) -> None:
    from parchemin.comptes.selectors import registre, vue_registre

    etats = {vue.nom: vue.etat.value for vue in (vue_registre(ligne, JOUR) for ligne in registre(SYSTEME, JOUR))}
    assert {nom: etat for nom, etat in etats.items() if etat != "a_jour"} == {
        "Tanguy Rouvrel": "expiree",
        "Yann Quéméner": "a_renouveler",
    }


def test_l_arbre_des_conventions_et_une_invitation_qui_attend(cohorte: Cohorte) -> None:
    """Un changement à déclarer et une convention qui finit pressent l'accueil de qui tient le registre, datés."""
    parents = {o.nom_court: o.parent and o.parent.nom_court for o in organismes(SYSTEME, JOUR)}
    assert parents == {
        "Caisse nationale": None,
        "CPAM Haut-Aubrac": "Caisse nationale",
        "CAF Baie-Vermeille": "Caisse nationale",
        "Institut du Midi": None,
    }
    (heloise,) = personnes(SYSTEME, JOUR, "Héloïse Vasseur")
    acteur = Acteur(heloise.pk)
    pressees = [ligne.titre for ligne in page_accueil(acteur, droits(acteur, JOUR), MAINTENANT).miennes]
    assert [titre for titre in pressees if titre.startswith(("Déclarer", "Renouveler l’habilitation"))] == [
        (
            "Déclarer à France compétences : portée ou durée changée, "
            "Caisse d'allocations familiales de la Baie-Vermeille (démo)"
        ),
        "Renouveler l’habilitation : Institut de certification du Midi (démo)",
    ]
    (ysaline,) = personnes(SYSTEME, JOUR, "Ysaline Corvec")
    attend = invitation_en_cours(SYSTEME, ysaline.pk, MAINTENANT)
    assert attend is not None
    assert attend.courriel == "ysaline.corvec@aubrac.example"
