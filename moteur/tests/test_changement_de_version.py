"""Changer de version : ce qui est resté mot pour mot se garde, une seule fois ; le reste est à attester ; rien ne se rejuge."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from fabrique import norme
from hypothesis import given
from hypothesis import strategies as st

from moteur.empreinte import empreinte
from moteur.referentiel import construire
from moteur.regles.changement_de_version import Ligne, Sort, apparier, empreinte_des_mots, suivre
from moteur.vocabulaire import Refus

TOUS = ("B1", "B2", "B3")
type Mots = Sequence[Sequence[str]]


def version(numero: str, mots: Mots, changer: Callable[[dict[str, Any]], object] = lambda _: None, code: str = "essai"):
    """Un référentiel où chaque compétence, et ses deux critères, ne disent qu'un mot ; un bloc par liste."""
    contenu = copy.deepcopy(norme(tuple((2,) * len(bloc) for bloc in mots)))
    for bloc, siens in zip(contenu["blocs"], mots, strict=True):
        for competence, mot in zip(bloc["activites"][0]["competences"], siens, strict=True):
            competence["intitule"] = mot
            for rang, critere in enumerate(competence["criteres"], 1):
                critere["intitule"] = f"{mot} {rang}"
    changer(contenu)
    return construire(code, numero, contenu)


ANCIENNE = version("2021", [["a", "b"], ["c"], ["d"]])


REFUS = {
    "autre_certification": "Ce n'est pas une version de la même certification : ouvrez une autre inscription.",
    "meme_version": "Ce dossier est déjà sous cette version.",
    "rien_a_poursuivre": "Aucun bloc ne reste à passer sous cette version : rien n'y serait à faire.",
}


def refus(*arguments: Any) -> str:
    """Le code du refus ; sa phrase est celle que l'on lit à l'écran, mot pour mot."""
    with pytest.raises(Refus) as leve:
        suivre(*arguments)
    assert leve.value.message == REFUS[leve.value.code]
    return leve.value.code


def reprises(lignes: Sequence[Ligne]) -> dict[str, str | None]:
    return {ligne.competence: ligne.reprend for ligne in lignes}


def test_la_meme_norme_sous_un_autre_numero_garde_tout() -> None:
    suite = suivre(ANCIENNE, version("2026", [["a", "b"], ["c"], ["d"]]), TOUS, ())
    assert suite.blocs == TOUS
    assert suite.lignes == tuple(
        Ligne(bloc, code, Sort.GARDEE, code)
        for bloc, code in (("B1", "C1.1"), ("B1", "C1.2"), ("B2", "C2.1"), ("B3", "C3.1"))
    )
    assert (suite.perdues, suite.blocs_perdus, suite.juges) == ((), (), ())


def _premiere(contenu: dict[str, Any]) -> dict[str, Any]:
    trouvee: dict[str, Any] = contenu["blocs"][0]["activites"][0]["competences"][0]
    return trouvee


def _mot_de_critere(contenu: dict[str, Any]) -> None:
    _premiere(contenu)["criteres"][1]["intitule"] += " !"


def _mot_de_competence(contenu: dict[str, Any]) -> None:
    _premiere(contenu)["intitule"] += " !"


def _criteres_en_desordre(contenu: dict[str, Any]) -> None:
    criteres = _premiere(contenu)["criteres"]
    criteres[0]["intitule"], criteres[1]["intitule"] = criteres[1]["intitule"], criteres[0]["intitule"]


def _un_critere_de_moins(contenu: dict[str, Any]) -> None:
    _premiere(contenu)["criteres"].pop()


@pytest.mark.parametrize("changer", [_mot_de_critere, _mot_de_competence, _criteres_en_desordre, _un_critere_de_moins])
def test_un_mot_qui_change_fait_attester_a_nouveau(changer: Callable[[dict[str, Any]], None]) -> None:
    suite = suivre(ANCIENNE, version("2026", [["a", "b"], ["c"], ["d"]], changer), TOUS, ())
    assert suite.de_sort(Sort.CHANGEE) == (Ligne("B1", "C1.1", Sort.CHANGEE, None),)
    assert [ligne.competence for ligne in suite.de_sort(Sort.GARDEE)] == ["C1.2", "C2.1", "C3.1"]
    assert suite.perdues == ("C1.1",)


def test_ce_qui_est_atteste_suit_les_mots_jamais_le_code() -> None:
    suite = suivre(ANCIENNE, version("2026", [["b", "a"], ["c"], ["d"]]), TOUS, ())
    assert reprises(suite.lignes) == {"C1.1": "C1.2", "C1.2": "C1.1", "C2.1": "C2.1", "C3.1": "C3.1"}
    assert (suite.perdues, suite.de_sort(Sort.CHANGEE)) == ((), ())


def test_une_competence_de_plus_est_nouvelle() -> None:
    suite = suivre(ANCIENNE, version("2026", [["a", "b", "e"], ["c"], ["d"]]), TOUS, ())
    assert suite.de_sort(Sort.NOUVELLE) == (Ligne("B1", "C1.3", Sort.NOUVELLE, None),)


def test_a_mots_egaux_le_meme_code_d_abord_et_chacune_une_seule_fois() -> None:
    """« a » est dit deux fois dans l'ancienne (C1.1, C2.1), trois fois dans la nouvelle (C1.2, C2.1, C3.1)."""
    ancienne, nouvelle = version("2021", [["a"], ["a"], ["d"]]), version("2026", [["x", "a"], ["a"], ["a", "d"]])
    assert apparier(ancienne, nouvelle, TOUS, TOUS) == {"C1.2": "C1.1", "C2.1": "C2.1", "C3.2": "C3.1"}
    sorts = {ligne.competence: ligne.sort for ligne in suivre(ancienne, nouvelle, TOUS, ()).lignes}
    assert sorts == {
        "C1.1": Sort.CHANGEE, "C1.2": Sort.GARDEE, "C2.1": Sort.GARDEE, "C3.1": Sort.CHANGEE, "C3.2": Sort.GARDEE,
    }  # fmt: skip


def test_le_meme_code_l_emporte_sur_l_ordre() -> None:
    """C1.2 et C2.1 disent « a » : la nouvelle C1.1, qui vient avant C1.2, ne lui prend pas ce qui porte son code."""
    ancienne, nouvelle = version("2021", [["x", "a"], ["a"]]), version("2026", [["a", "a"], ["y"]])
    assert apparier(ancienne, nouvelle, ("B1", "B2"), ("B1", "B2")) == {"C1.1": "C2.1", "C1.2": "C1.2"}


def test_l_empreinte_dit_les_mots_et_rien_d_autre() -> None:
    """Elle se recalcule de la norme seule, sous deux noms fixes : une autre version du logiciel trouve la même."""
    competence = ANCIENNE.competence("C1.1")
    assert empreinte_des_mots(competence) == empreinte({"criteres": ["a 1", "a 2"], "intitule": "a"})


def test_les_reprises_se_font_dans_l_ordre_de_l_ancienne() -> None:
    ancienne, nouvelle = version("2021", [["x", "a", "a"]]), version("2026", [["a", "y", "z", "a"]])
    assert apparier(ancienne, nouvelle, ("B1",), ("B1",)) == {"C1.1": "C1.2", "C1.4": "C1.3"}


def test_seuls_les_blocs_demandes_donnent_a_reprendre() -> None:
    """« a » passe au bloc 3 : qui n'avait pas demandé le bloc 1 n'a rien à en reprendre."""
    nouvelle = version("2026", [["b"], ["c"], ["d", "a"]])
    assert reprises(suivre(ANCIENNE, nouvelle, ("B3",), ()).lignes) == {"C3.1": "C3.1", "C3.2": None}
    assert reprises(suivre(ANCIENNE, nouvelle, ("B1", "B3"), ()).lignes) == {
        "C1.1": "C1.2", "C3.1": "C3.1", "C3.2": "C1.1",
    }  # fmt: skip
    # Le bloc 1 est jugé : il garde sa norme ; ce qui y fut attesté reste, là où les mots sont les mêmes.
    juge = suivre(ANCIENNE, nouvelle, ("B1", "B3"), ("B1",))
    assert (juge.blocs, juge.juges, juge.perdues) == (("B3",), ("B1",), ())
    assert reprises(juge.lignes) == {"C3.1": "C3.1", "C3.2": "C1.1"}


def test_un_bloc_que_l_on_ne_poursuit_pas_ne_prend_rien_aux_autres() -> None:
    nouvelle = version("2026", [["b"], ["c", "a"], ["d", "a"]])
    suite = suivre(ANCIENNE, nouvelle, ("B1", "B3"), ())
    assert reprises(suite.lignes) == {"C1.1": "C1.2", "C3.1": "C3.1", "C3.2": "C1.1"}
    assert suite.perdues == ()


def test_un_bloc_qui_disparait_se_dit() -> None:
    nouvelle = version("2026", [["a", "b"], ["d"]])
    entiere = suivre(ANCIENNE, nouvelle, TOUS, ())
    assert (entiere.blocs, entiere.blocs_perdus, entiere.perdues) == (("B1", "B2"), ("B3",), ("C2.1",))
    assert entiere.lignes[-1] == Ligne("B2", "C2.1", Sort.GARDEE, "C3.1")
    partielle = suivre(ANCIENNE, nouvelle, ("B1", "B3"), ())
    assert (partielle.blocs, partielle.blocs_perdus, partielle.perdues) == (("B1",), ("B3",), ("C3.1",))


def test_un_bloc_neuf_ne_vaut_que_pour_qui_demandait_toute_la_certification() -> None:
    nouvelle = version("2026", [["a", "b"], ["c"], ["d"], ["e"]])
    assert suivre(ANCIENNE, nouvelle, TOUS, ()).blocs == ("B1", "B2", "B3", "B4")
    assert suivre(ANCIENNE, nouvelle, ("B1", "B2"), ()).blocs == ("B1", "B2")
    assert suivre(ANCIENNE, nouvelle, TOUS, TOUS).blocs == ("B4",)


def test_rien_de_juge_ne_se_redemande_et_tout_juge_ne_laisse_rien() -> None:
    pareille = version("2026", [["a", "b"], ["c"], ["d"]])
    suite = suivre(ANCIENNE, pareille, TOUS, ("B2", "B1"))
    assert (suite.blocs, suite.juges) == (("B3",), ("B1", "B2"))
    assert refus(ANCIENNE, pareille, TOUS, TOUS) == "rien_a_poursuivre"
    assert refus(ANCIENNE, pareille, ("B1",), ("B1",)) == "rien_a_poursuivre"
    # Un bloc jugé qui n'est pas demandé ici n'est pas de ce dossier.
    assert suivre(ANCIENNE, pareille, ("B1",), ("B3",)).juges == ()


def test_ni_une_autre_certification_ni_la_meme_version() -> None:
    mots = [["a", "b"], ["c"], ["d"]]
    assert refus(ANCIENNE, version("2026", mots, code="autre"), TOUS, ()) == "autre_certification"
    assert refus(ANCIENNE, ANCIENNE, TOUS, ()) == "meme_version"


formes = st.lists(st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=3), min_size=3, max_size=3)


@given(formes, formes, st.sets(st.sampled_from(TOUS), min_size=1), st.sets(st.sampled_from(TOUS)))
def test_rien_ne_se_perd_ni_ne_se_compte_deux_fois(
    avant: Mots, apres: Mots, demandes: set[str], juges: set[str]
) -> None:
    ancienne, nouvelle = version("2021", avant), version("2026", apres)
    poursuivis = demandes - juges
    paires = apparier(ancienne, nouvelle, demandes, poursuivis)
    assert max(Counter(paires.values()).values(), default=1) == 1
    for neuve, vieille in paires.items():
        assert empreinte_des_mots(nouvelle.competence(neuve)) == empreinte_des_mots(ancienne.competence(vieille))
    # Autant de reprises que les mots le permettent : le plus petit des deux comptes, mot par mot.
    possibles = Counter(c.intitule for code in demandes for c in ancienne.bloc(code).competences())
    presents = Counter(c.intitule for code in poursuivis for c in nouvelle.bloc(code).competences())
    assert len(paires) == (possibles & presents).total()
    if not poursuivis:
        assert refus(ancienne, nouvelle, demandes, juges) == "rien_a_poursuivre"
        return
    suite = suivre(ancienne, nouvelle, demandes, juges)
    assert set(suite.blocs) == poursuivis
    assert [ligne.competence for ligne in suite.lignes] == [
        c.code for bloc in nouvelle.blocs if bloc.code in suite.blocs for c in bloc.competences()
    ]
    assert {neuve: vieille for neuve, vieille in reprises(suite.lignes).items() if vieille} == paires
    restantes = [c.code for bloc in ancienne.blocs if bloc.code in poursuivis for c in bloc.competences()]
    assert list(suite.perdues) == [code for code in restantes if code not in paires.values()]
