"""Les comptes de la démonstration, tels que `parchemin demo --comptes --json` les donne."""

from __future__ import annotations

from dataclasses import dataclass

from parchemin.demonstration.selectors.recit import lire_recit


@dataclass(frozen=True, slots=True)
class CompteDemonstration:
    """De quoi se connecter, et quoi regarder. Aucun second facteur n'est exigé : pas de `totp`."""

    courriel: str
    mot_de_passe: str
    role: str
    a_voir: str

    def en_json(self) -> dict[str, str]:
        """L'objet écrit sur la sortie standard."""
        return {
            "courriel": self.courriel,
            "mot_de_passe": self.mot_de_passe,
            "role": self.role,
            "a_voir": self.a_voir,
        }


def comptes() -> tuple[CompteDemonstration, ...]:
    """Tous les comptes, dans l'ordre du récit. Ne lit pas la base : la liste est la même avant et après `construire`."""
    recit = lire_recit()
    return tuple(
        CompteDemonstration(personne.courriel, recit.mot_de_passe, personne.role.value, personne.a_voir)
        for personne in recit.personnes.values()
    )
