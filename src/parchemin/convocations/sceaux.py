"""Les sceaux des convocations : recalculés depuis les colonnes, par qui écrit comme par `parchemin journal verifier`."""

from __future__ import annotations

from uuid import UUID

from moteur.empreinte import empreinte
from parchemin.convocations.models import Declaration
from parchemin.registre import sceaux
from parchemin.registre.sceaux import Scelle

DECLARATION = "convocations.declaration"


def sceau_declaration(ligne: Declaration) -> Scelle:
    """Le sceau d'une déclaration d'indépendance ; son sel empêche d'en deviner le genre depuis l'empreinte."""
    contenu = {
        "epreuve": str(ligne.epreuve_id),
        "evaluateur": str(ligne.evaluateur_id),
        "genre": str(ligne.genre),
        "le": round(ligne.le.timestamp() * 1000),
        "sel": ligne.sel,
    }
    return Scelle(DECLARATION, str(ligne.pk), empreinte(contenu))


def declarer() -> None:
    """Déclare la table des déclarations au registre."""
    sceaux.declarer(
        DECLARATION, _relire, lambda: Declaration.objects.order_by("pk").values_list("pk", flat=True).iterator()
    )


def _relire(cle: str) -> str | None:
    ligne = Declaration.objects.filter(pk=UUID(cle)).first()
    return None if ligne is None else sceau_declaration(ligne).empreinte
