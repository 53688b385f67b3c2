"""Le registre d'un essai : ce que le script a fait, et ce que la base en garde. Le reste ne compte pas."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from mesures.campagne.modele import grille_naive

if TYPE_CHECKING:
    from mesures.campagne.scene import Place


_CHAMPS = (
    "id", "appareil", "rang", "cible", "valeur", "remplace", "vus", "mural", "monotone_ms", "norme",
)  # fmt: skip


@dataclass(slots=True)
class Bilan:
    """Ce qu'un essai a donné. Les trois listes de fautes doivent rester vides."""

    genre: str
    numero: int
    graine: int
    fautes: list[str] = field(default_factory=list)
    gestes: int = 0
    incertains: int = 0
    """Gestes faits dans l'instant qui précède une mort : ils peuvent manquer, jamais doubler."""
    perdus: list[str] = field(default_factory=list)
    inventes: list[str] = field(default_factory=list)
    fusions: list[str] = field(default_factory=list)
    ecarts: list[str] = field(default_factory=list)
    """Le reste de ce qui ne va pas : affichage faux, réponse hors contrat, geste resté sur l'appareil, délai dépassé."""
    reprises: dict[str, list[float]] = field(default_factory=dict)
    secondes: float = 0.0

    @property
    def sain(self) -> bool:
        """Rien à redire."""
        return not (self.perdus or self.inventes or self.fusions or self.ecarts)

    def en_json(self) -> dict[str, Any]:
        """Une ligne du journal des essais."""
        return asdict(self)


def faits_de(place: Place) -> list[dict[str, Any]]:
    """Les faits que la base garde pour cette lecture, dans la forme de l'échange."""
    from parchemin.evaluation.models import Fait

    lignes = Fait.objects.filter(epreuve_id=place.epreuve, evaluateur_id=place.evaluateur.id).order_by("pk")
    return [
        ligne
        | {
            "id": str(ligne["id"]),
            "appareil": str(ligne["appareil"]),
            "remplace": str(ligne["remplace"]) if ligne["remplace"] else None,
            "mural": ligne["mural"].isoformat(),
        }
        for ligne in lignes.values(*_CHAMPS)
    ]


def comparer(bilan: Bilan, *, surs: Counter[str], incertains: Counter[str], gardes: Counter[str]) -> None:
    """Inscrit au bilan ce qui manque et ce qui est en trop, un geste à la fois."""
    bilan.perdus += list((surs - gardes).elements())
    bilan.inventes += list((gardes - surs - incertains).elements())


def comparer_les_grilles(bilan: Bilan, place: Place, faits: list[dict[str, Any]]) -> None:
    """La grille que lit le serveur est celle du modèle naïf : mêmes valeurs, mêmes conflits."""
    from parchemin.evaluation import selectors

    naive = grille_naive(faits)
    lue = selectors.grille(place.evaluateur, place.epreuve)
    valeurs = {cible: fait.valeur for cible, fait in lue.reperes.items()}
    conflits = {conflit.cible for conflit in lue.conflits}
    bilan.fusions += [f"{cible} en conflit, tu par le serveur" for cible in sorted(naive.conflits - conflits)]
    bilan.ecarts += [f"{cible} dit en conflit à tort" for cible in sorted(conflits - naive.conflits)]
    if valeurs != dict(naive.valeurs):
        differents = {c for c in valeurs | dict(naive.valeurs) if valeurs.get(c) != naive.valeurs.get(c)}
        bilan.fusions += [f"{cible} n'a pas la valeur du modèle" for cible in sorted(differents)]
