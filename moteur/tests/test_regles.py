"""Le catalogue : chaque règle a son fichier, son code, sa phrase officielle et sa source ; aucune n'est oubliée."""

from __future__ import annotations

import pkgutil
from types import ModuleType

import moteur.regles
from moteur.regles import accord, bloc_valide, competence_validee
from moteur.regles.catalogue import REGLES, Regle, lire


def test_chaque_fichier_de_regle_est_au_catalogue() -> None:
    fichiers = {module.name for module in pkgutil.iter_modules(moteur.regles.__path__)} - {"catalogue"}
    assert {regle.nom for regle in REGLES} == fichiers
    assert len({regle.code for regle in REGLES}) == len(REGLES)


def test_les_deux_phrases_du_referentiel_mot_pour_mot() -> None:
    assert lire(competence_validee).phrase == (
        "La compétence est validée si au minimum 80% des critères qui permettent d'apprécier l'acquisition de la "
        "compétence sont validés."
    )
    assert lire(bloc_valide).phrase == (
        "Le bloc de compétences est validé si au minimum 80% des compétences qui le constituent sont acquises."
    )


def test_une_regle_se_lit_en_entier() -> None:
    regle = lire(accord)
    assert (regle.nom, regle.code) == ("accord", "ACCORD-DES-LECTURES")
    assert regle.phrase.startswith("Deux lectures scellées font un résultat commun")
    assert regle.remarque == (
        "Les deux lectures sont gardées telles quelles ; ce que les évaluateurs tranchent ensemble s'ajoute à elles. "
        "Qui s'écarte de sa propre lecture dit pourquoi. Un critère que la lecture d'un remplaçant n'a pas pu juger n'a "
        "qu'un avis : il est laissé au jury."
    )
    assert regle.source == accord.SOURCE
    assert (regle.depuis, regle.jusqu_a) == ("version 2021 du référentiel", None)


def test_chaque_regle_se_cite() -> None:
    for regle in REGLES:
        assert regle.phrase.endswith(".")
        assert "\n" not in regle.phrase + regle.remarque
        assert regle.source
        assert regle.depuis


def test_une_regle_qui_n_a_plus_cours_et_dont_la_remarque_a_deux_paragraphes() -> None:
    module = ModuleType("moteur.regles.ancienne", "La phrase.\n\nUne remarque\nsur deux lignes.\n\nUne autre.\n")
    module.__dict__.update(CODE="ANCIENNE", SOURCE="Un texte.", DEPUIS="version 2016", JUSQU_A="version 2021")
    assert lire(module) == Regle(
        nom="ancienne",
        code="ANCIENNE",
        phrase="La phrase.",
        remarque="Une remarque sur deux lignes. Une autre.",
        source="Un texte.",
        depuis="version 2016",
        jusqu_a="version 2021",
    )


def test_une_regle_sans_phrase_n_en_a_pas() -> None:
    module = ModuleType("moteur.regles.muette")
    module.__dict__.update(CODE="MUETTE", SOURCE="", DEPUIS="", JUSQU_A=None)
    assert (lire(module).phrase, lire(module).remarque) == ("", "")
