"""`parchemin plan` : l'instance se lit ou dit où elle cloche, le plan rendu se relit, un plan saboté est refusé."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from parchemin.commandes.plan import executer
from parchemin.convocations.planificateur.fichier import Illisible, instant, lire

LUNDI = "2026-03-02"


def instance(**change: Any) -> dict[str, Any]:
    """Une salle à Paris, une à Cayenne (quatre heures plus tôt) ; un candidat, deux blocs."""
    matin = [[f"{LUNDI}T09:00", f"{LUNDI}T12:00"]]
    return {
        "sites": {"paris": "Europe/Paris", "cayenne": "America/Cayenne"},
        "salles": [
            {"cle": "P", "site": "paris", "ouvertures": matin},
            {"cle": "G", "site": "cayenne", "ouvertures": matin},
        ],
        "evaluateurs": [{"cle": cle, "site": "cayenne", "maximum": 4, "libre": matin} for cle in ("E1", "E2")],
        "candidats": [{"cle": "C", "attente": 3}],
        "epreuves": [
            {
                "cle": f"C B{n}",
                "candidat": "C",
                "bloc": f"B{n}",
                "duree": 45,
                "metiers": ["E1"],
                "certificateurs": ["E2"],
            }
            for n in (1, 2)
        ],
        **change,
    }


def ecrire(dossier: Path, objet: object, nom: str = "instance.json") -> str:
    chemin = dossier / nom
    chemin.write_text(objet if isinstance(objet, str) else json.dumps(objet), encoding="utf-8")
    return str(chemin)


def lancer(*mots: str) -> tuple[int, str, str]:
    sortie, erreur = io.StringIO(), io.StringIO()
    return executer(mots, sortie, erreur), sortie.getvalue(), erreur.getvalue()


def test_un_plan_se_rend_a_l_heure_du_site(tmp_path: Path) -> None:
    code, sortie, erreur = lancer(ecrire(tmp_path, instance()), "--glouton")
    assert (code, erreur) == (0, "")
    reponse = json.loads(sortie)
    place = {"salle": "G", "metier": "E1", "certificateur": "E2"}
    assert reponse["plan"] == [
        {"epreuve": "C B1", "debut": f"{LUNDI}T09:00-03:00", "fin": f"{LUNDI}T09:45-03:00", **place},
        {"epreuve": "C B2", "debut": f"{LUNDI}T09:45-03:00", "fin": f"{LUNDI}T10:30-03:00", **place},
    ]
    assert (reponse["laissees"], reponse["cout"], reponse["glouton"]) == ([], 4, 4)
    assert reponse["cout"] == sum(reponse["parts"].values())


def test_le_solveur_dit_sa_borne(tmp_path: Path) -> None:
    code, sortie, _ = lancer(ecrire(tmp_path, instance()), "--secondes", "5")
    reponse = json.loads(sortie)
    assert (code, reponse["cout"], reponse["borne"], reponse["ecart"]) == (0, 4, 4, 0.0)


def test_un_plan_rendu_se_relit_et_un_plan_sabote_est_refuse(tmp_path: Path) -> None:
    chemin = ecrire(tmp_path, instance())
    _, sortie, _ = lancer(chemin, "--glouton")
    assert lancer(chemin, "--relire", ecrire(tmp_path, sortie, "plan.json")) == (0, "", "")
    plan = json.loads(sortie)["plan"]
    plan[1]["debut"] = plan[0]["debut"]
    code, dits, _ = lancer(chemin, "--relire", ecrire(tmp_path, plan, "plan.json"))
    assert (code, dits.splitlines()[:2]) == (
        1,
        ["salle_prise : C B1, G, avec C B2", "salle_prise : C B2, G, avec C B1"],
    )


def test_ce_qui_est_laisse_dit_la_plus_petite_chose_a_relacher(tmp_path: Path) -> None:
    epreuves = instance()["epreuves"]
    epreuves[1]["metiers"] = []
    _, sortie, _ = lancer(ecrire(tmp_path, instance(epreuves=epreuves)), "--glouton")
    assert json.loads(sortie)["laissees"] == [{"epreuve": "C B2", "relacher": ["admissible"], "qui": []}]


def test_ce_qui_est_fixe_reste_ou_dit_son_defaut(tmp_path: Path) -> None:
    fixe = {"epreuve": "C B1", "salle": "G", "debut": f"{LUNDI}T11:00", "metier": "E1", "certificateur": "E2"}
    code, sortie, _ = lancer(ecrire(tmp_path, instance(fixes=[fixe])), "--glouton")
    heures = {p["epreuve"]: p["debut"] for p in json.loads(sortie)["plan"]}
    assert (code, heures) == (0, {"C B1": f"{LUNDI}T11:00-03:00", "C B2": f"{LUNDI}T09:00-03:00"})
    faux = ecrire(tmp_path, instance(fixes=[fixe | {"debut": f"{LUNDI}T11:30"}]))
    assert lancer(faux, "--glouton")[:2] == (
        1,
        "salle_fermee : C B1, G\nevaluateur_indisponible : C B1, E1\nevaluateur_indisponible : C B1, E2\n",
    )


@pytest.mark.parametrize(
    ("change", "faute"),
    [
        ({"salles": "P"}, "instance.salles : il faut une liste"),
        ({"salles": [3]}, "instance.salles[0] : il faut un objet"),
        ({"salles": [{"site": "paris"}]}, "instance.salles[0] : il manque « cle »"),
        ({"sites": {"paris": "Europe/Nulle"}}, "instance.sites.paris : « Europe/Nulle » n'est pas un fuseau horaire"),
        ({"sites": {}}, "instance.salles[0].site : « paris » n'est pas déclaré"),
        ({"sites": []}, "instance.sites : il faut un objet"),
        ({"candidats": [{"cle": ""}]}, "instance.candidats[0].cle : il faut un texte"),
        (
            {"candidats": [{"cle": "C", "attente": True}]},
            "instance.candidats[0].attente : il faut un entier, au moins 0",
        ),
        ({"candidats": [{"cle": "C"}, {"cle": "C"}]}, "candidats : la clé « C » y est deux fois"),
        (
            {"candidats": [{"cle": "C", "libre": [[f"{LUNDI}T09:00", f"{LUNDI}T10:00"]]}]},
            "instance.candidats[0].libre[0][0] : cette heure n'a ni décalage ni site dont prendre le fuseau",
        ),
        (
            {"candidats": [{"cle": "C", "site": "paris", "libre": [["2026-03-29T02:30", "2026-03-29T04:00"]]}]},
            "instance.candidats[0].libre[0][0] : cette heure n'existe pas ce jour-là : les horloges avancent",
        ),
        (
            {"candidats": [{"cle": "C", "site": "paris", "libre": [["hier", "2026-03-29T04:00"]]}]},
            "instance.candidats[0].libre[0][0] : il faut une date et une heure, comme 2026-03-02T09:00",
        ),
        (
            {"candidats": [{"cle": "C", "site": "paris", "libre": [[f"{LUNDI}T09:00:30", f"{LUNDI}T10:00"]]}]},
            "instance.candidats[0].libre[0][0] : il faut une minute entière",
        ),
        (
            {"candidats": [{"cle": "C", "site": "paris", "libre": [[f"{LUNDI}T09:00", f"{LUNDI}T09:00"]]}]},
            "instance.candidats[0].libre[0] : la fin ne suit pas le début",
        ),
        (
            {"candidats": [{"cle": "C", "site": "paris", "libre": [[f"{LUNDI}T09:00"]]}]},
            "instance.candidats[0].libre[0] : il faut deux instants, le début et la fin",
        ),
    ],
)
def test_une_faute_dit_sa_place(tmp_path: Path, change: dict[str, Any], faute: str) -> None:
    with pytest.raises(Illisible, match="^" + faute.translate({ord(c): f"\\{c}" for c in "[]."}) + "$"):
        lire(instance(**change))
    assert lancer(ecrire(tmp_path, instance(**change))) == (2, "", f"{faute}\n")


def test_un_fichier_qui_ne_se_lit_pas(tmp_path: Path) -> None:
    absent = str(tmp_path / "absent.json")
    assert lancer(absent) == (2, "", f"Le fichier « {absent} » ne s'ouvre pas.\n")
    assert lancer(ecrire(tmp_path, "{")) == (2, "", "Ce fichier n'est pas du JSON : ligne 1, colonne 2.\n")
    binaire = tmp_path / "binaire.json"
    binaire.write_bytes(b"\xff\xfe")
    assert lancer(str(binaire)) == (2, "", "Ce fichier n'est pas du texte UTF-8.\n")


def test_les_engagements_et_les_trajets_se_lisent() -> None:
    evaluateurs = instance()["evaluateurs"]
    evaluateurs[0]["engagements"] = [
        {"plage": [f"{LUNDI}T09:00", f"{LUNDI}T10:00"], "site": "paris"},
        {"plage": [f"{LUNDI}T22:00-03:00", f"{LUNDI}T23:00-03:00"]},
    ]
    lue = lire(instance(evaluateurs=evaluateurs, trajets=[{"de": "paris", "vers": "cayenne", "minutes": 600}])).instance
    engagements = lue.evaluateur["E1"].engagements
    assert [(instant(e.plage.debut).isoformat(), e.site) for e in engagements] == [
        (f"{LUNDI}T08:00:00+00:00", "paris"),
        ("2026-03-03T01:00:00+00:00", None),
    ]
    assert engagements[0].jour == engagements[1].jour  # le jour civil du site, non celui d'UTC
    assert (lue.trajet("cayenne", "paris"), lue.salle["G"].ouvertures[0].jour) == (600, engagements[0].jour)
