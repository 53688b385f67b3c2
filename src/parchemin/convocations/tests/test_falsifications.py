"""Ce qu'un superutilisateur peut faire à une déclaration signée, et ce que « journal verifier » en dit."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from parchemin.commandes import journal
from parchemin.convocations.models import Declaration
from parchemin.convocations.tests import factories
from parchemin.convocations.tests.factories import Salle
from parchemin.registre.models import Entree
from parchemin.registre.tests.faussaire import superutilisateur

pytestmark = pytest.mark.django_db

LIGNE = "convocations.declaration"


@pytest.fixture
def salle() -> Salle:
    """Une épreuve, ses deux évaluateurs, leurs deux déclarations."""
    return factories.salle()


def signee(salle: Salle) -> str:
    """La déclaration de l'évaluateur métier."""
    return str(Declaration.objects.get(evaluateur_id=salle.metier.id).pk)


def lieu(cle: str) -> str:
    """L'entrée du journal qui parle de cette déclaration."""
    (entree,) = (e for e in Entree.objects.all() if any(s["cle"] == cle for s in e.scelles))
    return f"chaîne « {entree.chaine_id} », entrée n° {entree.rang}"


def verifier(dossier: Path) -> tuple[int, list[str]]:
    """`parchemin journal verifier`, tel qu'un exploitant le lance : le code de sortie, et ce qui est écrit."""
    sortie = io.StringIO()
    code = journal.executer(["verifier", "--dossier", str(dossier)], sortie, io.StringIO())
    return code, sortie.getvalue().splitlines()


def test_deux_declarations_intactes_ne_disent_rien(salle: Salle, tmp_path: Path) -> None:
    code, lignes = verifier(tmp_path)
    assert (code, len(lignes)) == (0, 1)
    assert "2 ligne(s) scellée(s) : rien à redire" in lignes[0]


@pytest.mark.parametrize(
    "change",
    [
        "genre = 'personnel'",
        "le = le + interval '1 second'",
        "sel = repeat('0', 32)",
        "evaluateur_id = (SELECT candidat_id FROM parcours_dossier)",
    ],
)
def test_une_declaration_alteree_est_nommee(salle: Salle, tmp_path: Path, change: str) -> None:
    cle = signee(salle)
    with superutilisateur() as curseur:
        curseur.execute(f"UPDATE convocations_declaration SET {change} WHERE id = %s", [cle])
    assert verifier(tmp_path) == (
        1,
        [f"{lieu(cle)} : la ligne scellée {LIGNE} {cle} n'est plus celle qui fut scellée [scelle_altere]"],
    )


def test_une_declaration_effacee_est_nommee(salle: Salle, tmp_path: Path) -> None:
    cle = signee(salle)
    with superutilisateur() as curseur:
        curseur.execute("DELETE FROM convocations_declaration WHERE id = %s", [cle])
    assert verifier(tmp_path) == (1, [f"{lieu(cle)} : la ligne scellée {LIGNE} {cle} a disparu [scelle_disparu]"])


def test_une_declaration_ajoutee_dans_le_dos_du_journal_est_nommee(salle: Salle, tmp_path: Path) -> None:
    """Le faussaire fait signer « aucun lien » à qui n'a rien signé."""
    with superutilisateur() as curseur:
        curseur.execute(
            "INSERT INTO convocations_declaration (id, epreuve_id, evaluateur_id, genre, le, sel) "
            "SELECT gen_random_uuid(), epreuve_id, %s, 'aucun', le, sel FROM convocations_declaration LIMIT 1 RETURNING id",
            [salle.monde.tuteur.id],
        )
        ((ajoutee,),) = curseur.fetchall()
    assert verifier(tmp_path) == (
        1,
        [f"ligne scellée {LIGNE} {ajoutee} : aucune entrée du journal n'en parle [scelle_sans_entree]"],
    )
