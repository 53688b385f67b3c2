"""Donner et retirer des rôles."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from parchemin.comptes.enums import Action, NatureRole
from parchemin.comptes.models import Organisme, Personne, Role
from parchemin.comptes.permissions import verifier_peut_donner_role
from parchemin.comptes.services.commun import chaine_organisme, droits_de
from parchemin.registre.services import acte
from parchemin.socle.acteur import Acteur
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Introuvable, Refus


def donner_role(
    *,
    personne: UUID,
    nature: NatureRole,
    organisme: UUID | None,
    auteur: Acteur,
    maintenant: datetime,
    du: date | None = None,
) -> Role:
    """Donne un rôle à partir du jour `du` (aujourd'hui sans précision). Le redonner ne change rien.

    Lève `Introuvable` pour une personne ou un organisme inconnu, `RefusDroit` sans le droit de le donner.
    """
    nature = NatureRole(nature)
    verifier_peut_donner_role(droits_de(auteur, maintenant), nature, organisme)
    if organisme is not None and not Organisme.objects.filter(pk=organisme).exists():
        raise Introuvable("Cet organisme n'existe pas.")
    with acte(
        auteur=auteur, maintenant=maintenant, action=Action.ROLE_DONNE, chaine=chaine_organisme(organisme)
    ) as journal:
        if Personne.objects.select_for_update(of=("self",)).filter(pk=personne).first() is None:
            raise Introuvable("Cette personne n'existe pas.")
        deja = Role.objects.filter(personne_id=personne, nature=nature, organisme=organisme, au=None).first()
        if deja is not None:
            journal.rien_a_inscrire()
            return deja
        role = Role.objects.create(
            personne_id=personne, nature=nature, organisme_id=organisme, du=du or jour_civil(maintenant)
        )
        journal.inscrire(objet=("role", role.pk), donnees=_dit_role(role))
    return role


def retirer_role(*, role: UUID, auteur: Acteur, maintenant: datetime) -> Role:
    """Met fin à un rôle, dès aujourd'hui. Le retirer deux fois ne change rien.

    Lève `Introuvable`, `RefusDroit`, et `Refus("dernier_administrateur")` s'il ne resterait personne pour administrer.
    """
    jour = jour_civil(maintenant)
    with acte(auteur=auteur, maintenant=maintenant, action=Action.ROLE_RETIRE) as journal:
        if Role.objects.filter(pk=role, nature=NatureRole.ADMINISTRATEUR).exists():
            # Tous les administrateurs, dans le même ordre pour tous : deux retraits croisés ne s'attendent pas l'un l'autre.
            tous = Role.objects.select_for_update(of=("self",)).filter(nature=NatureRole.ADMINISTRATEUR)
            list(tous.order_by("pk"))
        ligne = Role.objects.select_for_update(of=("self",)).filter(pk=role).first()
        if ligne is None:
            raise Introuvable("Ce rôle n'existe pas.")
        verifier_peut_donner_role(droits_de(auteur, maintenant), NatureRole(ligne.nature), ligne.organisme_id)
        if ligne.au is not None:
            journal.rien_a_inscrire()
            return ligne
        if ligne.nature == NatureRole.ADMINISTRATEUR:
            # Verrou sur tous les administrateurs : deux retraits croisés ne peuvent pas vider la liste.
            ouverts = Role.objects.select_for_update(of=("self",)).filter(nature=NatureRole.ADMINISTRATEUR, au=None)
            if len(list(ouverts.order_by("pk"))) < 2:
                raise Refus("dernier_administrateur", "C'est le dernier administrateur : nommez-en un autre d'abord.")
        ligne.au = max(jour, ligne.du)
        ligne.save(update_fields=["au"])
        journal.inscrire(
            objet=("role", ligne.pk), donnees=_dit_role(ligne), chaine=chaine_organisme(ligne.organisme_id)
        )
    return ligne


def _dit_role(role: Role) -> dict[str, str | None]:
    return {
        "personne": str(role.personne_id),
        "nature": str(role.nature),
        "organisme": str(role.organisme_id) if role.organisme_id else None,
        "du": role.du.isoformat(),
        "au": role.au.isoformat() if role.au else None,
    }
