"""L'arbre : ce qu'on y trouve, et tous les défauts d'un fichier dits d'un coup."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from typing import Any

import pytest
from fabrique import FORME_REELLE, norme, referentiel

from moteur.referentiel import (
    Alternative,
    Critere,
    Duree,
    Evaluateur,
    Exigence,
    Phase,
    Probleme,
    ReferentielInvalide,
    construire,
)
from moteur.vocabulaire import CodeExigence, DocumentsRemis, Nature, Qualite, Refus, SensDuree, Seuil


def test_la_vraie_forme_4_blocs_4_activites_18_competences_73_criteres() -> None:
    ref = construire("essai", "2021", norme())
    assert (len(ref.blocs), len(list(ref.competences())), len(list(ref.criteres()))) == (4, 18, 73)
    assert sum(len(bloc.activites) for bloc in ref.blocs) == 4
    assert tuple(tuple(len(c.criteres) for c in bloc.competences()) for bloc in ref.blocs) == FORME_REELLE
    assert [len(bloc.criteres()) for bloc in ref.blocs] == [30, 20, 10, 13]


def test_le_referentiel_porte_son_nom_et_ses_seuils() -> None:
    ref = construire("cqp-cos", "2021", norme(((1,),), (7, 10), (1, 2)))
    assert (ref.code, ref.version, ref.nom()) == ("cqp-cos", "2021", "cqp-cos@2021")
    assert (ref.seuil_competence, ref.seuil_bloc) == (Seuil(7, 10), Seuil(1, 2))


def test_un_seuil_peut_tout_exiger() -> None:
    assert construire("essai", "2021", norme(((1,),), (1, 1))).seuil_competence == Seuil(1, 1)


def test_un_bloc_se_lit_en_entier() -> None:
    bloc = construire("essai", "2021", norme(((2,),))).blocs[0]
    assert (bloc.code, bloc.intitule) == ("B1", "Bloc 1")
    (activite,) = bloc.activites
    assert (activite.code, activite.intitule) == ("A1", "Activité 1")
    (competence,) = activite.competences
    assert (competence.code, competence.intitule) == ("C1.1", "Compétence 1.1")
    assert competence.criteres == (Critere("K1.1.1", "Critère 1.1.1"), Critere("K1.1.2", "Critère 1.1.2"))


def test_une_epreuve_se_lit_en_entier() -> None:
    observation, presentation = (bloc.epreuve for bloc in construire("essai", "2021", norme()).blocs[:2])
    assert (observation.nature, presentation.nature) == (Nature.OBSERVATION, Nature.PRESENTATION)
    assert observation.textes == ("L'évaluation s'appuie sur une observation.",)
    assert observation.phases == (
        Phase("observation", "Observation", Duree(20, SensDuree.MINIMUM, "20 minutes : un minimum")),
        Phase("questions", "Questionnement", Duree(15, SensDuree.PREVU, "15 minutes : prévu")),
    )
    assert observation.alternatives == (
        Alternative("double_ecoute", "Double écoute"),
        Alternative("accueil_physique", "Accueil physique"),
    )
    deux_voies = ("double_ecoute", "accueil_physique")
    assert observation.exigences == (
        Exigence(CodeExigence.ENTRETIENS, 2, motif_requis=False, preselection_requise=False, alternatives=deux_voies),
        Exigence(CodeExigence.COURRIERS, 5, motif_requis=True, preselection_requise=True, alternatives=()),
    )
    assert (observation.documents_remis, presentation.documents_remis) == (
        DocumentsRemis.LIBRES,
        DocumentsRemis.INTERDITS,
    )
    assert observation.evaluateurs == (
        Evaluateur(Qualite.METIER, "Un représentant métier"),
        Evaluateur(Qualite.CERTIFICATEUR, "L'organisme certificateur ou son délégué"),
    )
    assert presentation.alternatives == ()
    assert presentation.phases[2] == Phase("deliberation", "Délibération", None)
    assert observation.phase("questions") == observation.phases[1]
    assert observation.phase("inconnue") is None


def test_on_retrouve_par_code() -> None:
    ref = referentiel()
    assert ref.bloc("B3").code == "B3"
    assert ref.competence("C2.5").code == "C2.5"
    assert ref.critere("K4.4.3").code == "K4.4.3"
    assert (ref.bloc_de("C2.5").code, ref.bloc_de("K4.4.3").code) == ("B2", "B4")


@pytest.mark.parametrize(
    ("chercher", "code", "message"),
    [
        (lambda ref: ref.bloc("B9"), "bloc_inconnu", "Le bloc « B9 » n'existe pas dans le référentiel essai@2021."),
        (
            lambda ref: ref.competence("C9.1"),
            "competence_inconnue",
            "La compétence « C9.1 » n'existe pas dans le référentiel essai@2021.",
        ),
        (
            lambda ref: ref.critere("K9.1.1"),
            "critere_inconnu",
            "Le critère « K9.1.1 » n'existe pas dans le référentiel essai@2021.",
        ),
        (lambda ref: ref.bloc_de("B1"), "code_inconnu", "Le code « B1 » n'existe pas dans le référentiel essai@2021."),
    ],
    ids=["bloc", "competence", "critere", "code"],
)
def test_un_code_inconnu_est_refuse(chercher: Callable[..., object], code: str, message: str) -> None:
    with pytest.raises(Refus) as refus:
        chercher(referentiel())
    assert (refus.value.code, refus.value.message) == (code, message)


# --- Les défauts. ---

type Abimer = Callable[[Any], object]


def problemes(abimer: Abimer, forme: tuple[tuple[int, ...], ...] = ((2, 1), (1,))) -> list[tuple[str, str, str]]:
    abimee = norme(forme)
    abimer(abimee)
    with pytest.raises(ReferentielInvalide) as invalide:
        construire("essai", "2021", abimee)
    return [(probleme.code, probleme.chemin, probleme.message) for probleme in invalide.value.problemes]


def bloc(n: Any) -> Any:
    return n["blocs"][0]


def epreuve(n: Any) -> Any:
    return n["blocs"][0]["epreuve"]


def competence(n: Any) -> Any:
    return n["blocs"][0]["activites"][0]["competences"][0]


B, A, E = "norme.blocs[0]", "norme.blocs[0].activites[0]", "norme.blocs[0].epreuve"
C = f"{A}.competences[0]"
MANQUE = "cette valeur manque."
OBJET = "un objet (des clés et des valeurs) est attendu ici."
TEXTE = "un texte est attendu ici."
LISTE = "une liste est attendue ici."
ENTIER = "un nombre entier est attendu ici."
VIDE = "cette liste est vide."

DEFAUTS: list[tuple[Abimer, tuple[str, str, str]]] = [
    (lambda n: n.pop("seuils"), ("manquant", "norme.seuils", MANQUE)),
    (lambda n: n.update(seuils=[1]), ("type", "norme.seuils", OBJET)),
    (lambda n: n["seuils"].pop("competence"), ("manquant", "norme.seuils.competence", MANQUE)),
    (lambda n: n["seuils"].update(bloc="4/5"), ("type", "norme.seuils.bloc", OBJET)),
    (
        lambda n: n["seuils"]["bloc"].update(numerateur=6),
        ("seuil", "norme.seuils.bloc", "un seuil de 6/5 dépasse 1 : nul ne pourrait l'atteindre."),
    ),
    (
        lambda n: n["seuils"]["bloc"].update(numerateur=2, denominateur=1),
        ("seuil", "norme.seuils.bloc", "un seuil de 2/1 dépasse 1 : nul ne pourrait l'atteindre."),
    ),
    (lambda n: epreuve(n).update(nature=3), ("type", f"{E}.nature", TEXTE)),
    (lambda n: n["certification"].update(regle=3), ("type", "norme.certification.regle", TEXTE)),
    (
        lambda n: n["seuils"]["competence"].update(numerateur=0),
        ("valeur", "norme.seuils.competence.numerateur", "ce nombre doit être au moins 1."),
    ),
    (
        lambda n: n["seuils"]["competence"].update(numerateur=1, denominateur=0),
        ("valeur", "norme.seuils.competence.denominateur", "ce nombre doit être au moins 1."),
    ),
    (lambda n: n["seuils"]["bloc"].update(numerateur=0.8), ("type", "norme.seuils.bloc.numerateur", ENTIER)),
    (
        lambda n: n["seuils"]["bloc"].update(denominateur=True, numerateur=1),
        ("type", "norme.seuils.bloc.denominateur", ENTIER),
    ),
    (lambda n: n.pop("certification"), ("manquant", "norme.certification", MANQUE)),
    (lambda n: n["certification"].pop("regle"), ("manquant", "norme.certification.regle", MANQUE)),
    (
        lambda n: n["certification"].update(regle="la_moitie"),
        (
            "valeur",
            "norme.certification.regle",
            "la règle « la_moitie » n'est pas connue ; il faut « tous_les_blocs ».",
        ),
    ),
    (lambda n: n["certification"].update(regle=" "), ("vide", "norme.certification.regle", "ce texte est vide.")),
    (lambda n: n.pop("blocs"), ("manquant", "norme.blocs", MANQUE)),
    (lambda n: n.update(blocs=[]), ("vide", "norme.blocs", VIDE)),
    (lambda n: n.update(blocs={"B1": {}}), ("type", "norme.blocs", LISTE)),
    (lambda n: n["blocs"].append("B3"), ("type", "norme.blocs[2]", OBJET)),
    (lambda n: bloc(n).pop("code"), ("manquant", f"{B}.code", MANQUE)),
    (lambda n: bloc(n).update(code=1), ("type", f"{B}.code", TEXTE)),
    (
        lambda n: bloc(n).update(code="B 1"),
        ("code_mal_forme", f"{B}.code", "le code « B 1 » ne doit contenir que lettres, chiffres, points, tirets."),
    ),
    (lambda n: bloc(n).update(intitule=" "), ("vide", f"{B}.intitule", "ce texte est vide.")),
    (lambda n: bloc(n).pop("intitule"), ("manquant", f"{B}.intitule", MANQUE)),
    (lambda n: bloc(n).update(activites=[]), ("vide", f"{B}.activites", VIDE)),
    (lambda n: bloc(n).pop("activites"), ("manquant", f"{B}.activites", MANQUE)),
    (lambda n: bloc(n).update(activites=[None]), ("manquant", A, MANQUE)),
    (lambda n: bloc(n)["activites"][0].pop("code"), ("manquant", f"{A}.code", MANQUE)),
    (lambda n: bloc(n)["activites"][0].pop("intitule"), ("manquant", f"{A}.intitule", MANQUE)),
    (lambda n: bloc(n)["activites"][0].update(competences=[]), ("vide", f"{A}.competences", VIDE)),
    (lambda n: bloc(n)["activites"][0].pop("competences"), ("manquant", f"{A}.competences", MANQUE)),
    (lambda n: bloc(n)["activites"][0]["competences"].insert(0, 3), ("type", C, OBJET)),
    (lambda n: competence(n).pop("code"), ("manquant", f"{C}.code", MANQUE)),
    (lambda n: competence(n).pop("intitule"), ("manquant", f"{C}.intitule", MANQUE)),
    (lambda n: competence(n).pop("criteres"), ("manquant", f"{C}.criteres", MANQUE)),
    (lambda n: competence(n).update(criteres=[]), ("vide", f"{C}.criteres", VIDE)),
    (lambda n: competence(n)["criteres"].append("K1.1.3"), ("type", f"{C}.criteres[2]", OBJET)),
    (lambda n: competence(n)["criteres"][0].pop("code"), ("manquant", f"{C}.criteres[0].code", MANQUE)),
    (lambda n: competence(n)["criteres"][0].pop("intitule"), ("manquant", f"{C}.criteres[0].intitule", MANQUE)),
    (lambda n: bloc(n).pop("epreuve"), ("manquant", E, MANQUE)),
    (lambda n: epreuve(n).pop("nature"), ("manquant", f"{E}.nature", MANQUE)),
    (
        lambda n: epreuve(n).update(nature="dictée"),
        ("valeur", f"{E}.nature", "« dictée » n'est pas admis ici ; il faut l'un de : observation, presentation."),
    ),
    (lambda n: epreuve(n).pop("textes"), ("manquant", f"{E}.textes", MANQUE)),
    (lambda n: epreuve(n).update(textes=[]), ("vide", f"{E}.textes", VIDE)),
    (lambda n: epreuve(n).update(textes=["Une phrase."]), ("type", f"{E}.textes[0]", OBJET)),
    (lambda n: epreuve(n).update(textes=[{"code": "M1"}]), ("manquant", f"{E}.textes[0].texte", MANQUE)),
    (lambda n: epreuve(n).pop("phases"), ("manquant", f"{E}.phases", MANQUE)),
    (lambda n: epreuve(n).update(phases=[]), ("vide", f"{E}.phases", VIDE)),
    (lambda n: epreuve(n)["phases"].append(1), ("type", f"{E}.phases[2]", OBJET)),
    (lambda n: epreuve(n)["phases"][0].pop("code"), ("manquant", f"{E}.phases[0].code", MANQUE)),
    (lambda n: epreuve(n)["phases"][0].pop("intitule"), ("manquant", f"{E}.phases[0].intitule", MANQUE)),
    (lambda n: epreuve(n)["phases"][0].update(duree=20), ("type", f"{E}.phases[0].duree", OBJET)),
    (lambda n: epreuve(n)["phases"][0]["duree"].pop("minutes"), ("manquant", f"{E}.phases[0].duree.minutes", MANQUE)),
    (
        lambda n: epreuve(n)["phases"][0]["duree"].update(minutes=0),
        ("valeur", f"{E}.phases[0].duree.minutes", "ce nombre doit être au moins 1."),
    ),
    (
        lambda n: epreuve(n)["phases"][0]["duree"].update(sens="environ"),
        (
            "valeur",
            f"{E}.phases[0].duree.sens",
            "« environ » n'est pas admis ici ; il faut l'un de : minimum, prevu, maximum.",
        ),
    ),
    (lambda n: epreuve(n)["phases"][0]["duree"].pop("lecture"), ("manquant", f"{E}.phases[0].duree.lecture", MANQUE)),
    (
        lambda n: epreuve(n)["phases"][1].update(code="observation"),
        ("code_en_double", f"{E}.phases[1].code", "la phase « observation » est écrite deux fois."),
    ),
    (lambda n: epreuve(n).update(alternatives="double_ecoute", exigences=[]), ("type", f"{E}.alternatives", LISTE)),
    (lambda n: epreuve(n)["alternatives"].append(1), ("type", f"{E}.alternatives[2]", OBJET)),
    (
        lambda n: epreuve(n)["alternatives"].append({"code": "visite"}),
        ("manquant", f"{E}.alternatives[2].intitule", MANQUE),
    ),
    (
        lambda n: epreuve(n)["alternatives"].append({"code": "double_ecoute", "intitule": "Encore"}),
        ("code_en_double", f"{E}.alternatives[2].code", "l'alternative « double_ecoute » est écrite deux fois."),
    ),
    (
        lambda n: epreuve(n)["alternatives"].append({"intitule": "Sans code"}),
        ("manquant", f"{E}.alternatives[2].code", MANQUE),
    ),
    (lambda n: epreuve(n)["exigences"].append(1), ("type", f"{E}.exigences[2]", OBJET)),
    (
        lambda n: epreuve(n)["exigences"][0].update(code="sourires"),
        (
            "valeur",
            f"{E}.exigences[0].code",
            "« sourires » n'est pas admis ici ; il faut l'un de : entretiens, courriers, competences_abordees.",
        ),
    ),
    (lambda n: epreuve(n)["exigences"][0].pop("minimum"), ("manquant", f"{E}.exigences[0].minimum", MANQUE)),
    (
        lambda n: epreuve(n)["exigences"][0].update(minimum=0),
        ("valeur", f"{E}.exigences[0].minimum", "ce nombre doit être au moins 1."),
    ),
    (
        lambda n: epreuve(n)["exigences"][0].update(motif_requis="oui"),
        ("type", f"{E}.exigences[0].motif_requis", "vrai ou faux est attendu ici."),
    ),
    (
        lambda n: epreuve(n)["exigences"][0].update(preselection_requise=1),
        ("type", f"{E}.exigences[0].preselection_requise", "vrai ou faux est attendu ici."),
    ),
    (
        lambda n: epreuve(n)["exigences"][0].update(alternatives=["visite"]),
        ("alternative_inconnue", f"{E}.exigences[0]", "l'alternative « visite » n'existe pas dans cette épreuve."),
    ),
    (lambda n: epreuve(n).pop("documents_remis"), ("manquant", f"{E}.documents_remis", MANQUE)),
    (
        lambda n: epreuve(n).update(documents_remis="parfois"),
        ("valeur", f"{E}.documents_remis", "« parfois » n'est pas admis ici ; il faut l'un de : interdits, libres."),
    ),
    (lambda n: epreuve(n).pop("evaluateurs"), ("manquant", f"{E}.evaluateurs", MANQUE)),
    (lambda n: epreuve(n).update(evaluateurs=[]), ("vide", f"{E}.evaluateurs", VIDE)),
    (lambda n: epreuve(n)["evaluateurs"].append(1), ("type", f"{E}.evaluateurs[2]", OBJET)),
    (
        lambda n: epreuve(n)["evaluateurs"][1].update(qualite="ami"),
        (
            "valeur",
            f"{E}.evaluateurs[1].qualite",
            "« ami » n'est pas admis ici ; il faut l'un de : metier, certificateur.",
        ),
    ),
    (lambda n: epreuve(n)["evaluateurs"][1].pop("texte"), ("manquant", f"{E}.evaluateurs[1].texte", MANQUE)),
    (
        lambda n: epreuve(n)["evaluateurs"][1].update(qualite="metier"),
        ("code_en_double", f"{E}.evaluateurs[1].qualite", "la qualité « metier » est écrite deux fois."),
    ),
    (
        lambda n: n["blocs"][1]["activites"][0].update(code="C1.1"),
        ("code_en_double", f"{C}.code", "l'entrée « C1.1 » est écrite deux fois."),
    ),
    (
        lambda n: n["blocs"][1].update(code="B3"),
        ("trou", "norme.blocs[1].code", "« B3 » vient là où « B2 » est attendu."),
    ),
    (
        lambda n: n["blocs"][1]["activites"][0].update(code="A3"),
        ("trou", "norme.blocs[1].activites[0].code", "« A3 » vient là où « A2 » est attendu."),
    ),
    (
        lambda n: n["blocs"][1]["activites"][0]["competences"][0].update(code="C2.2"),
        ("trou", "norme.blocs[1].activites[0].competences[0].code", "« C2.2 » vient là où « C2.1 » est attendu."),
    ),
    (
        lambda n: competence(n)["criteres"].pop(0),
        ("trou", f"{C}.criteres[0].code", "« K1.1.2 » vient là où « K1.1.1 » est attendu."),
    ),
    (
        lambda n: competence(n)["criteres"].append({"code": "K1.1.12", "intitule": "Après un trou"}),
        ("trou", f"{C}.criteres[2].code", "« K1.1.12 » vient là où « K1.1.3 » est attendu."),
    ),
]


@pytest.mark.parametrize(("abimer", "attendu"), DEFAUTS, ids=range(len(DEFAUTS)))
def test_un_defaut_est_dit_seul_et_a_sa_place(abimer: Abimer, attendu: tuple[str, str, str]) -> None:
    assert problemes(abimer) == [attendu]


def test_un_seuil_sans_denominateur_manque_de_denominateur_et_ne_dit_rien_d_autre_que_ce_qui_en_suit() -> None:
    assert problemes(lambda n: n["seuils"].update(bloc={"numerateur": 1})) == [
        ("manquant", "norme.seuils.bloc.denominateur", MANQUE)
    ]


def test_tous_les_defauts_sont_dits_d_un_coup_dans_l_ordre() -> None:
    def abimer(n: Any) -> None:
        n["seuils"]["bloc"]["numerateur"] = 9
        n["certification"] = None
        n["blocs"][0]["epreuve"]["exigences"][0]["alternatives"] = ["visite"]
        n["blocs"][1]["code"] = "B1"
        del n["blocs"][1]["activites"][0]["competences"][0]["criteres"][1]

    assert [(code, chemin) for code, chemin, _ in problemes(abimer, ((1,), (3,)))] == [
        ("seuil", "norme.seuils.bloc"),
        ("manquant", "norme.certification"),
        ("alternative_inconnue", "norme.blocs[0].epreuve.exigences[0]"),
        ("code_en_double", "norme.blocs[1].code"),
        ("trou", "norme.blocs[1].activites[0].competences[0].criteres[1].code"),
    ]


@pytest.mark.parametrize(
    ("code", "version", "attendu"),
    [
        ("cqp@cos", "2021", ("code_mal_forme", "code")),
        ("", "2021", ("vide", "code")),
        ("cqp-cos", None, ("manquant", "version")),
        ("cqp-cos", 2021, ("type", "version")),
        ("x" * 65, "2021", ("code_mal_forme", "code")),
    ],
    ids=str,
)
def test_le_code_et_la_version_se_verifient_aussi(code: Any, version: Any, attendu: tuple[str, str]) -> None:
    with pytest.raises(ReferentielInvalide) as invalide:
        construire(code, version, norme(((1,),)))
    assert [(probleme.code, probleme.chemin) for probleme in invalide.value.problemes] == [attendu]


def test_une_norme_qui_n_est_pas_un_objet() -> None:
    with pytest.raises(ReferentielInvalide) as invalide:
        construire("essai", "2021", [])  # type: ignore[arg-type]
    assert invalide.value.problemes == (Probleme("type", "norme", OBJET),)


def test_l_erreur_se_lit_un_defaut_par_ligne() -> None:
    erreur = ReferentielInvalide((Probleme("a", "norme.x", "ceci."), Probleme("b", "norme.y", "cela.")))
    assert str(erreur) == "norme.x : ceci.\nnorme.y : cela."


def test_les_numeros_sans_point_partent_d_ou_ils_veulent_et_les_codes_sans_numero_sont_libres() -> None:
    n: Any = norme(((3,), (1,)))
    for bloc_lu, numero in zip(n["blocs"], (7, 8), strict=True):
        bloc_lu["code"] = f"RNCP35543BC0{numero}"
    for critere, code in zip(n["blocs"][0]["activites"][0]["competences"][0]["criteres"], "XYZ", strict=True):
        critere["code"] = code
    ref = construire("essai", "2021", n)
    assert [b.code for b in ref.blocs] == ["RNCP35543BC07", "RNCP35543BC08"]
    assert [k.code for k in ref.blocs[0].criteres()] == ["X", "Y", "Z"]


def test_des_prefixes_differents_ne_font_pas_un_trou() -> None:
    n: Any = norme(((2,),))
    n["blocs"][0]["activites"][0]["competences"][0]["criteres"][1]["code"] = "L1.1.9"
    assert [k.code for k in construire("essai", "2021", n).criteres()] == ["K1.1.1", "L1.1.9"]


def test_un_numero_qui_revient_en_arriere_est_un_double_pas_un_trou() -> None:
    assert problemes(lambda n: competence(n)["criteres"][1].update(code="K1.1.1")) == [
        ("code_en_double", f"{C}.criteres[1].code", "l'entrée « K1.1.1 » est écrite deux fois.")
    ]


def test_les_exigences_et_les_alternatives_peuvent_manquer_et_le_texte_ajoute_est_ignore() -> None:
    n: Any = norme(((1,),))
    del n["blocs"][0]["epreuve"]["alternatives"], n["blocs"][0]["epreuve"]["exigences"]
    n["blocs"][0]["carnet"] = {"texte": "Remis au début du parcours."}
    n["regles"] = ["La compétence est validée si…"]
    epreuve_lue = construire("essai", "2021", n).blocs[0].epreuve
    assert (epreuve_lue.alternatives, epreuve_lue.exigences) == ((), ())


def test_une_norme_abimee_au_hasard_donne_un_arbre_ou_des_problemes_jamais_autre_chose() -> None:
    hasard = random.Random(1)
    valeurs: list[object] = [None, "", " ", 0, -1, 1.5, True, "x", [], {}, [None], {"code": []}, ["x"], 10**9]
    refus = []
    for _ in range(2_000):
        n: Any = copy.deepcopy(norme(((2, 1), (1,))))
        for _ in range(hasard.randint(1, 3)):
            endroit, cle = hasard.choice(list(_endroits(n)))
            endroit[cle] = hasard.choice(valeurs)
        try:
            construire("essai", "2021", n)
        except ReferentielInvalide as invalide:
            refus.append(invalide.problemes)
    assert len(refus) > 1_500
    for trouves in refus:
        assert trouves
        assert all(probleme.chemin.startswith("norme") for probleme in trouves)


def _endroits(valeur: Any) -> Any:
    if isinstance(valeur, dict | list):
        for cle, enfant in valeur.items() if isinstance(valeur, dict) else enumerate(valeur):
            yield valeur, cle
            yield from _endroits(enfant)
