"""Qui lit le journal, et jusqu'où.

L'auditeur le lit : partout, ou dans les chaînes des organismes où il tient ce rôle. Le délégué à la protection des données
lit ce qui touche une personne, nommée d'abord : répondre à une demande de droit n'est pas feuilleter. L'administrateur n'y
lit rien (le journal garde ce qu'il fait) ; il voit que les chaînes tiennent, et peut les faire vérifier.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from parchemin.comptes.enums import NatureRole
from parchemin.comptes.permissions import derive
from parchemin.comptes.selectors import Droits
from parchemin.socle.refus import RefusDroit


@dataclass(frozen=True, slots=True)
class Perimetre:
    """Ce qu'un lecteur peut lire du journal. `chaines` à `None` : toutes. `personne_exigee` : rien sans nommer quelqu'un."""

    chaines: frozenset[str] | None
    personne_exigee: bool

    @property
    def partout(self) -> bool:
        """Vrai si le lecteur n'est borné à aucun organisme."""
        return self.chaines is None


def verifier_peut_lire_le_journal(droits: Droits) -> None:
    """Ouvrir le journal. Lève `RefusDroit("journal_reserve")`."""
    if not (droits.a(NatureRole.AUDITEUR) or droits.a(NatureRole.DPO)):
        raise RefusDroit(
            "journal_reserve",
            "Le journal se lit par un auditeur, ou par le délégué à la protection des données pour une personne.",
        )


def verifier_peut_suivre_les_chaines(droits: Droits) -> None:
    """Voir l'état des chaînes. Lève `RefusDroit("chaines_reservees")`."""
    if not (droits.a(NatureRole.AUDITEUR) or droits.est_administrateur):
        raise RefusDroit("chaines_reservees", "L'état du journal se suit par un auditeur ou un administrateur.")


def verifier_peut_lire_la_version(droits: Droits) -> None:
    """Lire ce qui tourne ici, à la version près. Lève `RefusDroit("version_reservee")`."""
    if not droits.est_administrateur:
        raise RefusDroit("version_reservee", "La version exacte se lit par un administrateur de cette installation.")


def perimetre_du_journal(droits: Droits, personne: UUID | None) -> Perimetre:
    """Les chaînes que ce lecteur peut lire, selon qu'il a nommé une personne ou non. Lève `RefusDroit("journal_reserve")`."""
    verifier_peut_lire_le_journal(droits)
    nommee = personne is not None
    if droits.partout(NatureRole.AUDITEUR) or (nommee and droits.partout(NatureRole.DPO)):
        return Perimetre(None, personne_exigee=False)
    organismes = droits.organismes(NatureRole.AUDITEUR)
    if nommee:
        organismes |= droits.organismes(NatureRole.DPO)
    return Perimetre(
        frozenset(f"organisme:{organisme}" for organisme in organismes),
        personne_exigee=not nommee and not droits.a(NatureRole.AUDITEUR),
    )


def perimetre_des_chaines(droits: Droits) -> Perimetre:
    """Les chaînes dont ce lecteur suit l'état. Lève `RefusDroit("chaines_reservees")`."""
    verifier_peut_suivre_les_chaines(droits)
    if droits.est_administrateur or droits.partout(NatureRole.AUDITEUR):
        return Perimetre(None, personne_exigee=False)
    siennes = frozenset(f"organisme:{organisme}" for organisme in droits.organismes(NatureRole.AUDITEUR))
    return Perimetre(siennes, personne_exigee=False)


peut_lire_le_journal = derive(verifier_peut_lire_le_journal)
peut_suivre_les_chaines = derive(verifier_peut_suivre_les_chaines)
