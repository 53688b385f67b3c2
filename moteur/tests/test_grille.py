"""La grille courante : la même, quels que soient l'ordre et les doublons ; les désaccords montrés, jamais tranchés."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import timedelta
from typing import Any

import pytest
from fabrique import DEPART, fait
from hypothesis import given, settings
from hypothesis import strategies as st

from moteur.faits import Fait
from moteur.grille import Conflit, Courrier, EtatPhase, GrilleCourante, Pause, Temps, grille_courante
from moteur.vocabulaire import Etat, Refus

K = "critere:K1.1.1"


def test_sans_fait_la_grille_est_vide() -> None:
    assert grille_courante([]) == GrilleCourante({}, {}, None, {}, {}, frozenset(), {}, "", (), {})


def test_un_fait_de_chaque_sorte() -> None:
    faits = [
        fait("01", K, "valide", rang=1),
        fait("02", "critere:K1.1.2", "non_observe", rang=2),
        fait("03", "commentaire:K1.1.1", "Bien vu.", rang=3),
        fait("04", "commentaire:B1", "", rang=4),
        fait("05", "alternative", "double_ecoute", rang=5),
        fait("06", "entretien:e1", {"alternative": "double_ecoute"}, rang=6),
        fait("07", "entretien:e2", {"alternative": None}, rang=7),
        fait("08", "entretien:e3", None, rang=8),
        fait("09", "courrier:c1", {"motif": "Indu", "preselectionne": True}, rang=9),
        fait("10", "courrier:c2", {"motif": "Droits", "preselectionne": False}, rang=10),
        fait("11", "courrier:c3", None, rang=11),
        fait("12", "competence_abordee:C1.1", True, rang=12),
        fait("13", "competence_abordee:C1.2", False, rang=13),
        fait("14", "phase:observation:debut", True, rang=14, a=1),
        fait("15", "phase:observation:fin", True, rang=15, a=22),
        fait("16", "phase:questions:duree", 15, rang=16),
        fait("17", "lieu", "Agence de Lille", rang=17),
    ]
    par_id = {f.id: f for f in faits}
    grille = grille_courante(faits)
    assert grille.etats == {"K1.1.1": Etat.VALIDE, "K1.1.2": Etat.NON_OBSERVE}
    assert grille.commentaires == {"K1.1.1": "Bien vu."}
    assert grille.alternative == "double_ecoute"
    assert grille.entretiens == {"e1": "double_ecoute", "e2": None}
    assert grille.courriers == {"c1": Courrier("Indu", True), "c2": Courrier("Droits", False)}
    assert grille.competences_abordees == {"C1.1"}
    assert grille.phases == {
        "observation": Temps(par_id["14"], par_id["15"], None, 21 * 60_000),
        "questions": Temps(None, None, 15, 15 * 60_000),
    }
    assert grille.lieu == "Agence de Lille"
    assert grille.conflits == ()
    assert grille.reperes == {f.cible: f for f in faits}


def test_un_fait_plus_recent_du_meme_appareil_corrige() -> None:
    grille = grille_courante([fait("a", K, "valide", rang=1), fait("b", K, "non_valide", rang=2)])
    assert (grille.etats, grille.conflits, grille.reperes[K].id) == ({"K1.1.1": Etat.NON_VALIDE}, (), "b")


def test_un_critere_annule_n_est_plus_renseigne() -> None:
    faits = [fait("a", K, "valide", rang=1), fait("b", K, None, rang=2)]
    grille = grille_courante(faits)
    assert (grille.etats, grille.conflits, grille.reperes) == ({}, (), {K: faits[1]})


def test_l_heure_affichee_ne_decide_de_rien() -> None:
    tard = fait("a", K, "valide", rang=1, mural=DEPART + timedelta(hours=3), monotone_ms=10**9)
    assert grille_courante([tard, fait("b", K, "non_valide", rang=2)]).etats == {"K1.1.1": Etat.NON_VALIDE}


def test_un_autre_appareil_qui_avait_vu_corrige() -> None:
    grille = grille_courante([fait("a", K, "valide", "t1", 3), fait("b", K, "non_valide", "t2", 1, {"t1": 3})])
    assert (grille.etats, grille.conflits) == ({"K1.1.1": Etat.NON_VALIDE}, ())


def test_un_autre_appareil_qui_n_avait_pas_vu_contredit() -> None:
    a, b = fait("a", K, "valide", "t1", 3), fait("b", K, "non_valide", "t2", 1, {"t1": 2})
    grille = grille_courante([b, a])
    assert grille.conflits == (Conflit(K, (a, b)),)
    assert grille.conflits[0].valeurs == ("valide", "non_valide")
    assert (grille.etats, grille.reperes) == ({}, {})


def test_deux_appareils_qui_disent_la_meme_chose_s_accordent() -> None:
    a, b = fait("a", K, "valide", "t1"), fait("b", K, "valide", "t2")
    grille = grille_courante([b, a])
    assert (grille.etats, grille.conflits, grille.reperes) == ({"K1.1.1": Etat.VALIDE}, (), {K: a})


def test_deux_objets_egaux_s_accordent_quel_que_soit_l_ordre_des_cles() -> None:
    un = fait("a", "courrier:c1", {"motif": "Indu", "preselectionne": True}, "t1")
    autre = fait("b", "courrier:c1", {"preselectionne": True, "motif": "Indu"}, "t2")
    assert grille_courante([un, autre]).conflits == ()


def test_un_conflit_se_regle_par_un_fait_qui_a_vu_les_deux() -> None:
    a, b = fait("a", K, "valide", "t1", 1), fait("b", K, "non_valide", "t2", 1)
    regle = fait("c", K, "valide", "t1", 2, {"t2": 1})
    assert grille_courante([regle, a, b]).conflits == ()
    assert grille_courante([regle, a, b]).etats == {"K1.1.1": Etat.VALIDE}


def test_un_conflit_a_trois() -> None:
    faits = [fait(i, K, v, f"t{i}") for i, v in zip("abc", ("valide", "non_valide", "valide"), strict=True)]
    assert [f.id for f in grille_courante(reversed(faits)).conflits[0].faits] == ["a", "b", "c"]


def test_les_conflits_sortent_dans_l_ordre_des_cibles() -> None:
    faits = [
        fait(f"{cible}{appareil}", cible, valeur, appareil, rang)
        for rang, cible in enumerate(("lieu", "alternative", K), 1)
        for appareil, valeur in (("t1", "un"), ("t2", "deux"))
    ]
    assert [conflit.cible for conflit in grille_courante(faits).conflits] == ["alternative", K, "lieu"]


def test_des_vus_en_cercle_ne_font_rien_disparaitre() -> None:
    """Un seul geste a vu les deux autres, mais les deux autres prétendent l'avoir vu : tout est montré."""
    a = fait("a", K, "valide", "t1", 1, {"t2": 1})
    b = fait("b", K, "non_valide", "t2", 1, {"t1": 1})
    assert grille_courante([a, b]).conflits == (Conflit(K, (a, b)),)
    c = fait("c", K, "valide", "t3", 1)
    assert grille_courante([a, b, c]).conflits == (Conflit(K, (a, b, c)),)
    d = fait("d", K, "valide", "t4", 1, {"t1": 1, "t3": 1})  # explique a, donc b que a avait vu, et c
    assert grille_courante([a, b, c, d]).etats == {"K1.1.1": Etat.VALIDE}


def test_un_appareil_copie_qui_reprend_un_rang_se_contredit() -> None:
    """Deux gestes du même appareil au même rang (une tablette copiée) : aucun n'avait vu l'autre."""
    a, b = fait("a", K, "valide", "t1", 2), fait("b", K, "non_valide", "t1", 2)
    avant = fait("0", K, "non_observe", "t1", 1)
    assert grille_courante([avant, a, b]).conflits == (Conflit(K, (a, b)),)


def test_un_ancien_geste_vu_par_un_appareil_qui_l_a_oublie_depuis_reste_corrige() -> None:
    ancien = fait("a", K, "valide", "t1", 1)
    corrige = fait("b", K, "non_valide", "t2", 1, {"t1": 1})
    amnesique = fait("c", K, "non_observe", "t2", 2)
    assert grille_courante([ancien, corrige, amnesique]).etats == {"K1.1.1": Etat.NON_OBSERVE}


def test_le_meme_fait_deux_fois_compte_une_fois() -> None:
    a = fait("a", K, "valide")
    assert grille_courante([a, a, fait("a", K, "valide")]) == grille_courante([a])


def test_un_fait_altere_est_refuse() -> None:
    with pytest.raises(Refus) as refus:
        grille_courante([fait("a", K, "valide"), fait("a", K, "non_valide")])
    assert (refus.value.code, refus.value.message) == (
        "fait_altere",
        "Le geste a est arrivé avec deux contenus différents.",
    )


@pytest.mark.parametrize("champ", ["epreuve", "evaluateur", "norme"])
def test_deux_lectures_ne_se_melent_pas(champ: str) -> None:
    with pytest.raises(Refus) as refus:
        grille_courante([fait("a", K, "valide"), fait("b", K, "valide", rang=2, **{champ: "autre"})])
    assert (refus.value.code, refus.value.message) == (
        "lectures_melees",
        "Ces gestes ne sont pas d'une même épreuve, d'un même évaluateur et d'une même norme.",
    )


# --- Les durées. ---

DEBUT, FIN, DUREE = "phase:observation:debut", "phase:observation:fin", "phase:observation:duree"


def duree(*faits: Fait) -> int | None:
    return grille_courante(faits).phases["observation"].duree_ms


def test_sur_un_meme_appareil_l_horloge_monotone_ignore_les_sauts_de_l_heure() -> None:
    debut = fait("a", DEBUT, True, rang=1, mural=DEPART, monotone_ms=5_000)
    fin = fait("b", FIN, True, rang=2, mural=DEPART - timedelta(hours=3), monotone_ms=1_205_000)
    assert duree(debut, fin) == 1_200_000


def test_entre_deux_appareils_il_ne_reste_que_l_heure_affichee() -> None:
    debut = fait("a", DEBUT, True, "t1", mural=DEPART, monotone_ms=9_000_000)
    fin = fait("b", FIN, True, "t2", mural=DEPART + timedelta(minutes=20, milliseconds=1.9), monotone_ms=0)
    assert duree(debut, fin) == 1_200_001


def test_une_horloge_monotone_repartie_de_zero_laisse_l_heure_affichee() -> None:
    debut = fait("a", DEBUT, True, rang=1, mural=DEPART, monotone_ms=9_000_000)
    assert duree(debut, fait("b", FIN, True, rang=2, mural=DEPART + timedelta(minutes=20), monotone_ms=0)) == 1_200_000


def test_des_horloges_qui_se_contredisent_ne_donnent_pas_de_duree() -> None:
    debut = fait("a", DEBUT, True, "t1", mural=DEPART)
    assert duree(debut, fait("b", FIN, True, "t2", mural=DEPART - timedelta(milliseconds=1))) is None
    assert duree(debut, fait("b", FIN, True, "t2", mural=DEPART)) == 0


def test_une_duree_nulle_sur_un_meme_appareil() -> None:
    debut = fait("a", DEBUT, True, rang=1, monotone_ms=7)
    assert duree(debut, fait("b", FIN, True, rang=2, monotone_ms=7, mural=DEPART + timedelta(hours=1))) == 0


def test_un_debut_ou_une_fin_seuls_ou_retires_ne_donnent_pas_de_duree() -> None:
    debut, fin = fait("a", DEBUT, True, rang=1), fait("b", FIN, True, rang=2, a=20)
    assert duree(debut) is None
    assert duree(fin) is None
    assert duree(debut, fin, fait("c", FIN, None, rang=3)) is None
    assert grille_courante([debut, fin, fait("c", FIN, None, rang=3)]).phases["observation"] == Temps(
        debut, None, None, None
    )


def test_une_duree_declaree_l_emporte_et_se_retire() -> None:
    faits = [fait("a", DEBUT, True, rang=1), fait("b", FIN, True, rang=2, a=5), fait("c", DUREE, 20, rang=3)]
    assert grille_courante(faits).phases["observation"] == Temps(faits[0], faits[1], 20, 1_200_000)
    assert duree(*faits, fait("d", DUREE, None, rang=4)) == 300_000
    assert duree(*faits, fait("d", DUREE, 0, rang=4)) == 0


def test_deux_chronometres_lances_sans_se_voir_se_contredisent_jusqu_a_ce_qu_on_declare_la_duree() -> None:
    un, autre = fait("a", DEBUT, True, "t1", 1), fait("b", DEBUT, True, "t2", 1, a=3)
    fin = fait("c", FIN, True, "t1", 2, a=20)
    grille = grille_courante([un, autre, fin])
    assert grille.conflits == (Conflit(DEBUT, (un, autre)),)
    assert grille.phases["observation"] == Temps(None, fin, None, None)
    declaree = grille_courante([un, autre, fin, fait("d", DUREE, 20, "t1", 3)])
    assert (declaree.conflits, declaree.phases["observation"].duree_ms) == ((), 1_200_000)


def test_declarer_une_duree_n_efface_ni_son_propre_conflit_ni_ceux_des_autres_phases() -> None:
    faits = [
        fait("a", "phase:questions:debut", True, "t1", 1),
        fait("b", "phase:questions:debut", True, "t2", 1),
        fait("c", DUREE, 20, "t1", 2),
        fait("d", K, "valide", "t1", 3),
        fait("e", K, "non_valide", "t2", 2),
    ]
    assert [c.cible for c in grille_courante(faits).conflits] == [K, "phase:questions:debut"]
    en_conflit = grille_courante([fait("a", DUREE, 20, "t1"), fait("b", DUREE, 21, "t2")])
    assert [c.cible for c in en_conflit.conflits] == [DUREE]
    assert "observation" not in en_conflit.phases


def test_deux_retraits_s_accordent() -> None:
    assert grille_courante([fait("a", DEBUT, None, "t1"), fait("b", DEBUT, None, "t2")]).conflits == ()


PAUSE, REPRISE = "phase:observation:pause:p1", "phase:observation:reprise:p1"
ALERTE = {"motif": "Alerte incendie"}


def test_une_phase_passe_par_ses_etats_et_ses_pauses_ne_comptent_pas() -> None:
    debut, pause = fait("a", DEBUT, True, rang=1, a=0), fait("b", PAUSE, ALERTE, rang=2, a=8)
    reprise, fin = fait("c", REPRISE, True, rang=3, a=15), fait("d", FIN, True, rang=4, a=27)
    ouverte, faite = (
        Pause("p1", "Alerte incendie", pause, None, None),
        Pause("p1", ALERTE["motif"], pause, reprise, 420_000),
    )
    temps = [grille_courante([debut, pause, reprise, fin][:n]).phases.get("observation") for n in range(1, 5)]
    assert temps == [
        Temps(debut, None, None, None),
        Temps(debut, None, None, None, (ouverte,)),
        Temps(debut, None, None, None, (faite,)),
        Temps(debut, fin, None, 20 * 60_000, (faite,)),
    ]
    vus = [(t.etat, t.en_pause, t.ecoule_ms(DEPART + timedelta(minutes=20))) for t in temps if t]
    assert vus == [
        (EtatPhase.EN_COURS, None, 20 * 60_000),
        (EtatPhase.EN_PAUSE, ouverte, 8 * 60_000),
        (EtatPhase.EN_COURS, None, 13 * 60_000),
        (EtatPhase.FINIE, None, 20 * 60_000),
    ]


def test_avant_le_debut_rien_n_est_ecoule_et_une_duree_declaree_finit_la_phase() -> None:
    assert (Temps(None, None, None, None).etat, Temps(None, None, None, None).ecoule_ms(DEPART)) == ("a_commencer", 0)
    assert Temps(None, None, 20, 1_200_000).etat is EtatPhase.FINIE
    tot = Temps(fait("a", DEBUT, True, a=5), None, None, None)
    assert tot.ecoule_ms(DEPART) == 0


def test_une_pause_retiree_ou_reprise_sans_pause_n_ote_rien() -> None:
    faits = [
        fait("a", DEBUT, True, rang=1, a=0),
        fait("b", PAUSE, ALERTE, rang=2, a=5),
        fait("c", PAUSE, None, rang=3, a=6),
        fait("d", REPRISE, True, rang=4, a=9),
        fait("e", FIN, True, rang=5, a=20),
    ]
    assert grille_courante(faits).phases["observation"] == Temps(faits[0], faits[4], None, 1_200_000)


def test_les_pauses_d_une_phase_sont_les_siennes_dans_l_ordre_de_leur_heure() -> None:
    faits = [
        fait("a", DEBUT, True, rang=1, a=0),
        fait("b", "phase:observation:pause:z", {"motif": "Première"}, rang=2, a=1),
        fait("c", "phase:observation:reprise:z", True, rang=3, a=2),
        fait("d", "phase:observation:pause:y", {"motif": "Deuxième"}, rang=4, a=3),
        fait("e", "phase:questions:pause:x", {"motif": "Ailleurs"}, rang=5, a=4),
    ]
    phases = grille_courante(faits).phases
    assert {code: [p.motif for p in temps.pauses] for code, temps in phases.items()} == {
        "observation": ["Première", "Deuxième"],
        "questions": ["Ailleurs"],
    }


def test_deux_reprises_qui_ne_se_sont_pas_vues_sont_un_conflit() -> None:
    faits = [
        fait("a", DEBUT, True, rang=1),
        fait("b", PAUSE, ALERTE, rang=2),
        fait("c", REPRISE, True, "t1", 3),
        fait("d", REPRISE, True, "t2", 1, {"t1": 2}),
    ]
    assert [conflit.cible for conflit in grille_courante(faits).conflits] == [REPRISE]
    declaree = fait("e", DUREE, 20, "t1", 4, {"t2": 1})
    assert grille_courante([*faits, declaree]).conflits == ()


def test_une_duree_mesuree_survit_a_une_heure_qui_saute_entre_deux_rechargements() -> None:
    faits = [
        fait("a", DEBUT, True, rang=1, monotone_ms=500_000),
        fait("b", "critere:K1.1.1", "valide", rang=2, a=10, monotone_ms=1_100_000),
        fait("c", "critere:K1.1.2", "valide", rang=3, a=11, monotone_ms=3_000),  # la page s'est rechargée
        fait("d", FIN, True, rang=4, a=200, monotone_ms=543_000),  # l'heure affichée a sauté de trois heures
    ]
    assert grille_courante(faits).phases["observation"].duree_ms == 20 * 60_000


# --- Contre un modèle naïf : chaque geste se souvient, fait par fait, de ce que son appareil connaissait. ---

VALEURS: dict[str, list[Any]] = {
    K: ["valide", "non_valide", "non_observe", None],
    "critere:K1.1.2": ["valide", "non_valide"],
    "alternative": ["double_ecoute", None],
    "competence_abordee:C1.1": [True, False],
    "courrier:c1": [{"motif": "Indu", "preselectionne": True}, None],
    "phase:observation:debut": [True, None],
    "phase:observation:pause:p1": [{"motif": "Alerte"}, None],
    "phase:observation:reprise:p1": [True, None],
    "question:K1.1.1:q1": ["Pourquoi ?", None],
}


def journee(hasard: random.Random) -> tuple[list[Fait], dict[str, set[str]]]:
    """Des appareils qui font des gestes et se mettent à jour par moments ; et ce que chaque geste connaissait."""
    appareils = ["t1", "t2", "t3"][: hasard.randint(1, 3)]
    connus: dict[str, dict[str, Fait]] = {appareil: {} for appareil in appareils}
    envoyes: dict[str, Fait] = {}
    souvenirs: dict[str, set[str]] = {}
    faits = []
    for pas in range(hasard.randint(1, 25)):
        appareil = hasard.choice(appareils)
        if hasard.random() < 0.3:  # échange avec le serveur, dans un sens, dans l'autre, ou les deux
            if hasard.random() < 0.7:
                envoyes |= {i: f for i, f in connus[appareil].items() if f.appareil == appareil}
            if hasard.random() < 0.7:
                connus[appareil] |= envoyes
            continue
        cible = hasard.choice(list(VALEURS))
        vus: dict[str, int] = defaultdict(int)
        for f in connus[appareil].values():
            vus[f.appareil] = max(vus[f.appareil], f.rang)
        rang = vus.pop(appareil, 0) + 1
        identifiant = f"{hasard.randrange(10**6):06d}-{pas}"
        nouveau = fait(
            identifiant, cible, hasard.choice(VALEURS[cible]), appareil, rang, dict(vus), hasard.randint(-60, 60)
        )
        souvenirs[identifiant] = set(connus[appareil])
        connus[appareil][identifiant] = nouveau
        faits.append(nouveau)
    return faits, souvenirs


def naif(faits: list[Fait], souvenirs: dict[str, set[str]]) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """Pour chaque cible : la valeur, ou les faits qui se contredisent."""
    valeurs, conflits = {}, {}
    for cible in {f.cible for f in faits}:
        du_registre = [f for f in faits if f.cible == cible]
        restants = [f for f in du_registre if not any(f.id in souvenirs[autre.id] for autre in du_registre)]
        dits = [f.valeur if f.valeur is None or "phase" not in cible else f.id for f in restants]
        if all(dit == dits[0] for dit in dits):
            valeurs[cible] = min(restants, key=lambda f: f.id).valeur
        else:
            conflits[cible] = sorted(f.id for f in restants)
    return valeurs, conflits


@settings(max_examples=settings.get_profile(settings.get_current_profile_name()).max_examples * 5)
@given(st.integers(0, 2**32))
def test_la_grille_est_celle_du_modele_naif_dans_tout_ordre_et_avec_tout_doublon(graine: int) -> None:
    hasard = random.Random(graine)
    faits, souvenirs = journee(hasard)
    valeurs, conflits = naif(faits, souvenirs)
    grille = grille_courante(faits)
    assert {cible: repere.valeur for cible, repere in grille.reperes.items()} == valeurs
    assert {conflit.cible: [f.id for f in conflit.faits] for conflit in grille.conflits} == conflits
    melanges = faits + hasard.choices(faits, k=5) if faits else []
    hasard.shuffle(melanges)
    assert grille_courante(melanges) == grille


def test_un_chronometre_se_lit_en_millisecondes_entieres() -> None:
    ecoule = Temps(fait("a", DEBUT, True), None, None, None).ecoule_ms(DEPART + timedelta(microseconds=1_700))
    assert (ecoule, type(ecoule)) == (1, int)


def test_une_duree_declaree_garde_les_pauses() -> None:
    pause, reprise = fait("b", PAUSE, ALERTE, rang=2, a=8), fait("c", REPRISE, True, rang=3, a=15)
    duree = fait("d", "phase:observation:duree", 20, rang=4, a=16)
    faite = Pause("p1", ALERTE["motif"], pause, reprise, 420_000)
    temps = grille_courante([pause, reprise, duree]).phases["observation"]
    assert temps == Temps(None, None, 20, 1_200_000, (faite,))


def test_une_pause_se_mesure_par_les_gestes_faits_pendant() -> None:
    gestes = [
        fait("a", DEBUT, True, rang=1, monotone_ms=0),
        fait("b", PAUSE, ALERTE, rang=2, a=1, monotone_ms=60_000),
        fait("c", "lieu", "Ici", rang=3, a=2, monotone_ms=120_000),
        fait("d", "lieu", "Là", rang=4, a=3, monotone_ms=5_000),  # la page vient de se recharger
        fait("e", REPRISE, True, rang=5, a=200, monotone_ms=65_000),  # puis l'heure saute
    ]
    (pause,) = grille_courante(gestes).phases["observation"].pauses
    assert pause.duree_ms == (60 + 60 + 60) * 1000
