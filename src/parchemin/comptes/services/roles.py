"""Donner et retirer des rôles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db.models import F

from parchemin.comptes.enums import Action, NatureRole
from parchemin.comptes.evenements import TitreDeJugeChange
from parchemin.comptes.models import Personne, Role
from parchemin.comptes.permissions import verifier_peut_donner_role
from parchemin.comptes.selectors import JUGES, roles_en_cours
from parchemin.comptes.services.commun import chaine_organisme, droits_de
from parchemin.comptes.services.organismes import verifier_organisme_ouvert
from parchemin.registre.services import acte
from parchemin.socle.acteur import Acteur
from parchemin.socle.annonces import annoncer
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
    au: date | None = None,
    certification: str = "",
    session: UUID | None = None,
) -> Role:
    """Donne un rôle du jour `du` (aujourd'hui sans précision) au jour `au` non compris (sans fin prévue sans précision).

    `certification` (code d'un référentiel) et `session` bornent le rôle. Redonner ce qui est déjà tenu ne change rien ; tenu
    en partie, le rôle est donné pour les jours qui manquent, par une ligne de plus.

    Lève `Introuvable` pour une personne ou un organisme inconnu, `RefusDroit` sans le droit de le donner,
    `Refus("organisme_ferme")`, `Refus("role_passe")` pour une période déjà finie, `Refus("role_dates")` si la fin précède le début,
    `Refus("role_morcele")` si les jours qui manquent ne se suivent pas.
    """
    nature = NatureRole(nature)
    jour = jour_civil(maintenant)
    du = du or jour
    verifier_peut_donner_role(droits_de(auteur, maintenant), nature, organisme, certification)
    if au is not None and au <= du:
        raise Refus("role_dates", "La fin vient avant le début : vérifiez les deux dates.")
    if au is not None and au <= jour:
        raise Refus("role_passe", "Cette période est déjà finie : un rôle ne se donne pas pour le passé.")
    with acte(
        auteur=auteur, maintenant=maintenant, action=Action.ROLE_DONNE, chaine=chaine_organisme(organisme)
    ) as journal:
        if Personne.objects.select_for_update(of=("self",)).filter(pk=personne).first() is None:
            raise Introuvable("Cette personne n'existe pas.")
        memes = Role.objects.filter(
            personne_id=personne, nature=nature, organisme=organisme, certification=certification, session=session
        )
        tenus = list(memes.exclude(au__lte=F("du")).exclude(au__lte=du).order_by("du", "pk"))
        manques = jours_manquants(tenus, du, au)
        if not manques:
            journal.rien_a_inscrire()
            return tenus[0]
        if organisme is not None:
            verifier_organisme_ouvert(organisme, jour)
        if len(manques) > 1:
            raise Refus("role_morcele", "Ce rôle est déjà tenu au milieu de cette période : donnez-le en deux fois.")
        role = Role.objects.create(
            personne_id=personne,
            nature=nature,
            organisme_id=organisme,
            certification=certification,
            session=session,
            du=manques[0][0],
            au=manques[0][1],
        )
        journal.inscrire(objet=("role", role.pk), donnees=_dit_role(role))
        annoncer_si_juge([role], maintenant)
    return role


def jours_manquants(tenus: Sequence[Role], du: date, au: date | None) -> list[tuple[date, date | None]]:
    """Les jours de `[du, au)` qu'aucun de ces rôles (dans l'ordre de leur début) ne couvre ; `au` vide : sans fin."""
    manques: list[tuple[date, date | None]] = []
    depuis: date | None = du
    for role in tenus:
        if depuis is None or (au is not None and role.du >= au):
            break
        if role.du > depuis:
            manques.append((depuis, role.du))
        depuis = None if role.au is None else max(depuis, role.au)
    if depuis is not None and (au is None or depuis < au):
        manques.append((depuis, au))
    return manques


def retirer_role(*, role: UUID, auteur: Acteur, maintenant: datetime) -> Role:
    """Met fin à un rôle, dès aujourd'hui, même s'il devait finir plus tard ou n'a pas commencé. Deux fois : sans effet.

    Lève `Introuvable`, `RefusDroit`, et `Refus("dernier_administrateur")` s'il ne resterait personne pour administrer.
    """
    jour = jour_civil(maintenant)
    with acte(auteur=auteur, maintenant=maintenant, action=Action.ROLE_RETIRE) as journal:
        if Role.objects.filter(pk=role, nature=NatureRole.ADMINISTRATEUR).exists():
            # Tous les administrateurs, dans le même ordre pour tous : deux retraits croisés ne s'attendent pas l'un l'autre,
            # et ne peuvent pas vider la liste.
            tous = Role.objects.select_for_update(of=("self",)).filter(nature=NatureRole.ADMINISTRATEUR)
            list(tous.order_by("pk"))
        ligne = Role.objects.select_for_update(of=("self",)).filter(pk=role).first()
        if ligne is None:
            raise Introuvable("Ce rôle n'existe pas.")
        verifier_peut_donner_role(
            droits_de(auteur, maintenant), NatureRole(ligne.nature), ligne.organisme_id, ligne.certification
        )
        if ligne.au is not None and ligne.au <= jour:
            journal.rien_a_inscrire()
            return ligne
        clore_role(ligne, jour)
        journal.inscrire(
            objet=("role", ligne.pk), donnees=_dit_role(ligne), chaine=chaine_organisme(ligne.organisme_id)
        )
        annoncer_si_juge([ligne], maintenant)
    return ligne


def annoncer_si_juge(roles: Iterable[Role], maintenant: datetime) -> None:
    """Annonce `TitreDeJugeChange`, une fois par personne, si l'un de ces rôles permet d'évaluer ou de juger."""
    for personne in {role.personne_id for role in roles if role.nature in JUGES}:
        annoncer(TitreDeJugeChange(personne, maintenant))


def clore_role(ligne: Role, jour: date) -> None:
    """Ferme une ligne verrouillée ce jour-là. Lève `Refus("dernier_administrateur")`."""
    if ligne.nature == NatureRole.ADMINISTRATEUR:
        autres = roles_en_cours(jour).filter(nature=NatureRole.ADMINISTRATEUR, au=None).exclude(pk=ligne.pk)
        if not autres.exists():
            raise Refus("dernier_administrateur", "C'est le dernier administrateur : nommez-en un autre d'abord.")
    ligne.au = max(jour, ligne.du)
    ligne.save(update_fields=["au"])


def _dit_role(role: Role) -> dict[str, str | None]:
    dit = {
        "personne": str(role.personne_id),
        "nature": str(role.nature),
        "organisme": str(role.organisme_id) if role.organisme_id else None,
        "du": role.du.isoformat(),
        "au": role.au.isoformat() if role.au else None,
    }
    if role.certification:
        dit["certification"] = role.certification
    if role.session:
        dit["session"] = str(role.session)
    return dit
