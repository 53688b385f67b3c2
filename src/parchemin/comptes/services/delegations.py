"""Confier un rôle pendant une absence, et le reprendre."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from parchemin.comptes.enums import DELEGABLES, Action, NatureRole
from parchemin.comptes.models import Compte, Delegation, Role
from parchemin.comptes.selectors import personnes
from parchemin.comptes.services.commun import chaine_organisme, droits_de
from parchemin.registre.services import acte
from parchemin.socle.acteur import Acteur
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Introuvable, Refus, RefusDroit


def deleguer(
    *, role: UUID, delegue: UUID, du: date, au: date, auteur: Acteur, maintenant: datetime, motif: str = ""
) -> Delegation:
    """Confie un de ses rôles, du jour `du` au jour `au` non compris. Redire la même délégation ne change rien.

    On ne délègue que ce qu'on tient en propre, à quelqu'un de son périmètre qui a de quoi se connecter ; jamais pour évaluer,
    attester ou juger, qui tiennent à la personne (*intuitu personae*).

    Lève `Introuvable`, `RefusDroit("role_d_autrui" | "delegation_de_delegation" | "intuitu_personae")`, et `Refus` :
    `delegation_a_soi`, `delegation_dates`, `delegation_passee`, `role_trop_court`, `delegue_sans_compte`,
    `delegation_chevauche`.
    """
    jour = jour_civil(maintenant)
    if auteur.par_delegation_de is not None:
        raise RefusDroit("delegation_de_delegation", "Ce qui vous est délégué ne se délègue pas à son tour.")
    if delegue == auteur.id:
        raise Refus("delegation_a_soi", "Choisissez quelqu'un d'autre que vous.")
    if au <= du:
        raise Refus("delegation_dates", "La fin vient avant le début : vérifiez les deux dates.")
    if du < jour:
        raise Refus("delegation_passee", "Une délégation ne commence pas dans le passé.")
    with acte(auteur=auteur, maintenant=maintenant, action=Action.DELEGATION_DONNEE) as journal:
        ligne = Role.objects.select_for_update(of=("self",)).filter(pk=role).first()
        if ligne is None:
            raise Introuvable("Ce rôle n'existe pas.")
        if ligne.personne_id != auteur.id:
            raise RefusDroit("role_d_autrui", "On ne délègue que ce qu'on tient soi-même.")
        nature = NatureRole(ligne.nature)
        if nature not in DELEGABLES:
            raise RefusDroit(
                "intuitu_personae", f"Le rôle « {nature.label} » ne se délègue pas : il tient à la personne."
            )
        if ligne.du > du or (ligne.au is not None and ligne.au < au):
            raise Refus("role_trop_court", "Vous ne tenez pas ce rôle pendant toute cette période.")
        if not personnes(auteur, jour).filter(pk=delegue).exists():
            raise Introuvable("Cette personne n'est pas de votre périmètre.")
        if not Compte.objects.filter(personne_id=delegue, is_active=True).exists():
            raise Refus("delegue_sans_compte", "Cette personne n'a pas de quoi se connecter : invitez-la d'abord.")
        memes = Delegation.objects.filter(role=ligne, delegue_id=delegue, revoquee_le=None)
        deja = memes.filter(du=du, au=au).first()
        if deja is not None:
            journal.rien_a_inscrire()
            return deja
        if memes.filter(du__lt=au, au__gt=du).exists():
            raise Refus(
                "delegation_chevauche", "Une délégation à cette personne couvre déjà ces jours : révoquez-la d'abord."
            )
        creee = Delegation.objects.create(
            role=ligne, delegue_id=delegue, du=du, au=au, motif=" ".join(motif.split()), donnee_le=maintenant
        )
        journal.inscrire(
            objet=("delegation", creee.pk),
            donnees={
                "role": str(ligne.pk),
                "nature": str(nature),
                "delegue": str(delegue),
                "du": du.isoformat(),
                "au": au.isoformat(),
            },
            personnel={"motif": creee.motif} if creee.motif else None,
            chaine=chaine_organisme(ligne.organisme_id),
        )
    return creee


def revoquer_delegation(*, delegation: UUID, auteur: Acteur, maintenant: datetime) -> None:
    """Met fin aussitôt à une délégation : qui l'a donnée, qui l'a reçue, ou un administrateur. Deux fois : sans effet.

    Lève `Introuvable`, aussi pour celle d'autrui : qu'elle existe ne regarde personne d'autre.
    """
    with acte(auteur=auteur, maintenant=maintenant, action=Action.DELEGATION_REVOQUEE) as journal:
        partout = droits_de(auteur, maintenant).est_administrateur
        siennes = Q() if partout else Q(role__personne_id=auteur.id) | Q(delegue_id=auteur.id)
        lignes = Delegation.objects.select_for_update(of=("self",)).select_related("role")
        ligne = lignes.filter(siennes, pk=delegation).first()
        if ligne is None:
            raise Introuvable("Cette délégation n'existe pas, ou elle n'est pas la vôtre.")
        if ligne.revoquee_le is not None:
            journal.rien_a_inscrire()
            return
        ligne.revoquee_le = maintenant
        ligne.save(update_fields=["revoquee_le"])
        journal.inscrire(
            objet=("delegation", ligne.pk),
            donnees={"role": str(ligne.role_id), "delegue": str(ligne.delegue_id)},
            chaine=chaine_organisme(ligne.role.organisme_id),
        )
