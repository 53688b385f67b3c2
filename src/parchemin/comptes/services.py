"""Toutes les écritures de la capacité. Chacune vérifie le droit de son auteur ; le système (`SYSTEME`) gère partout."""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from parchemin.comptes.enums import Action, Branche, NatureRole
from parchemin.comptes.models import Compte, Invitation, Organisme, Personne, Role
from parchemin.comptes.permissions import (
    verifier_peut_creer_organisme,
    verifier_peut_donner_role,
    verifier_peut_gerer_les_comptes,
    verifier_peut_inviter,
)
from parchemin.comptes.selectors import Droits, droits, empreinte_jeton
from parchemin.registre.services import acte
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.bases import contrainte_violee
from parchemin.socle.cles import cle_recherche, cle_tri
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Introuvable, Refus, RefusDroit

CHAINE = "comptes"
VALIDITE_INVITATION = timedelta(days=7)
OCTETS_JETON = 32
"""256 bits : un jeton ne se devine pas."""


def chaine_organisme(organisme: UUID | None) -> str:
    """La chaîne de journal d'un organisme ; celle des comptes quand il n'y en a pas."""
    return CHAINE if organisme is None else f"organisme:{organisme}"


def _droits(auteur: Acteur, maintenant: datetime) -> Droits:
    return droits(auteur, jour_civil(maintenant))


def _propre(texte: str) -> str:
    """Le texte saisi, sans espaces en trop."""
    return " ".join(texte.split())


def _cle_recherche(*morceaux: str) -> str:
    """Les mots de chaque morceau, puis le morceau d'un seul tenant : « d'Arc » se trouve par « arc » et par « darc »."""
    mots: list[str] = []
    for cle in map(cle_recherche, morceaux):
        mots += [cle, cle.replace(" ", "")] if " " in cle else [cle]
    return " ".join(mots)


# Organismes ---------------------------------------------------------------------------------------------------------


def creer_organisme(
    *, nom: str, nom_court: str, branche: Branche, auteur: Acteur, maintenant: datetime, adresse: str = ""
) -> Organisme:
    """Ajoute un organisme. Lève `Refus("organisme_deja_la")` si ce nom existe, `RefusDroit` sans le droit."""
    verifier_peut_creer_organisme(_droits(auteur, maintenant))
    nom, nom_court = _propre(nom), _propre(nom_court)
    try:
        with acte(auteur=auteur, maintenant=maintenant, action=Action.ORGANISME_CREE, chaine=CHAINE) as journal:
            organisme = Organisme.objects.create(
                nom=nom,
                nom_court=nom_court,
                branche=branche,
                adresse=adresse.strip(),
                cle_tri=cle_tri(nom),
                cle_recherche=_cle_recherche(nom, nom_court),
            )
            journal.inscrire(
                objet=("organisme", organisme.pk), donnees={"nom": nom, "nom_court": nom_court, "branche": str(branche)}
            )
    except IntegrityError as erreur:
        if contrainte_violee(erreur) == "organisme_nom_unique":
            raise Refus("organisme_deja_la", f"Un organisme porte déjà le nom « {nom} ».") from erreur
        raise
    return organisme


# Personnes ----------------------------------------------------------------------------------------------------------


def creer_personne(*, prenom: str, nom: str, auteur: Acteur, maintenant: datetime, courriel_pro: str = "") -> Personne:
    """Ajoute une personne, sans rôle ni compte. Lève `Refus("courriel_deja_pris")`, `RefusDroit` sans le droit."""
    verifier_peut_gerer_les_comptes(_droits(auteur, maintenant))
    prenom, nom, courriel_pro = _propre(prenom), _propre(nom), courriel_pro.strip().lower()
    try:
        with acte(auteur=auteur, maintenant=maintenant, action=Action.PERSONNE_CREEE, chaine=CHAINE) as journal:
            personne = Personne.objects.create(
                prenom=prenom,
                nom=nom,
                courriel_pro=courriel_pro,
                cle_tri=f"{cle_tri(nom)} {cle_tri(prenom)}",
                cle_recherche=_cle_recherche(nom, prenom),
            )
            journal.inscrire(
                objet=("personne", personne.pk),
                donnees={},
                personnel={"prenom": prenom, "nom": nom} | ({"courriel": courriel_pro} if courriel_pro else {}),
            )
    except IntegrityError as erreur:
        if contrainte_violee(erreur) == "personne_courriel_unique":
            raise Refus(
                "courriel_deja_pris",
                "Une personne enregistrée porte déjà ce courriel : cherchez-la dans la liste plutôt que de la créer.",
            ) from erreur
        raise
    return personne


def accueillir_personne(
    *,
    prenom: str,
    nom: str,
    nature: NatureRole,
    organisme: UUID | None,
    auteur: Acteur,
    maintenant: datetime,
    courriel_pro: str = "",
    homonyme_admis: bool = False,
) -> Personne:
    """Ajoute une personne avec son premier rôle, tout ou rien.

    Mêmes refus que `creer_personne` et `donner_role`, et `Refus("homonyme")` si l'organisme connaît déjà quelqu'un du même
    nom (un second clic, le plus souvent), sauf `homonyme_admis`.
    """
    verifier_peut_donner_role(_droits(auteur, maintenant), nature, organisme)
    with acte(auteur=auteur, maintenant=maintenant, action=Action.ROLE_DONNE) as journal:
        # Le verrou fait attendre un second envoi du même formulaire : il verra la personne, et sera refusé.
        if organisme is not None:
            Organisme.objects.select_for_update(of=("self",)).filter(pk=organisme).first()
        memes = Personne.objects.filter(cle_recherche=_cle_recherche(_propre(nom), _propre(prenom)))
        if not homonyme_admis and memes.filter(roles__organisme=organisme).exists():
            raise Refus(
                "homonyme",
                f"{_propre(prenom)} {_propre(nom)} est déjà enregistré dans cet organisme. "
                "Si c'est une autre personne du même nom, dites-le et recommencez.",
            )
        personne = creer_personne(
            prenom=prenom, nom=nom, courriel_pro=courriel_pro, auteur=auteur, maintenant=maintenant
        )
        donner_role(personne=personne.pk, nature=nature, organisme=organisme, auteur=auteur, maintenant=maintenant)
        journal.rien_a_inscrire()  # les deux actes du dessous ont chacun leur entrée
    return personne


# Rôles --------------------------------------------------------------------------------------------------------------


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
    verifier_peut_donner_role(_droits(auteur, maintenant), nature, organisme)
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
        verifier_peut_donner_role(_droits(auteur, maintenant), NatureRole(ligne.nature), ligne.organisme_id)
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


# Comptes et invitations ---------------------------------------------------------------------------------------------


def ouvrir_compte(*, personne: UUID, courriel: str, mot_de_passe: str, auteur: Acteur, maintenant: datetime) -> Compte:
    """Ouvre le compte d'une personne. Réservé à elle-même, à un administrateur et au système.

    Lève `RefusDroit("compte_reserve")`, `Refus("mot_de_passe_faible")` (une raison par ligne dans `details`),
    `Refus("compte_deja_ouvert")`, `Refus("courriel_deja_pris")`.
    """
    if auteur.id != personne and not _droits(auteur, maintenant).est_administrateur:
        raise RefusDroit("compte_reserve", "Chacun ouvre son propre compte, par son invitation.")
    courriel = courriel.strip().lower()
    compte = Compte(personne_id=personne, courriel=courriel, ouvert_le=maintenant)
    try:
        validate_password(mot_de_passe, compte)
    except ValidationError as erreur:
        raise Refus(
            "mot_de_passe_faible", "Ce mot de passe est trop facile à deviner.", details=erreur.messages
        ) from erreur
    compte.set_password(mot_de_passe)
    try:
        with acte(auteur=auteur, maintenant=maintenant, action=Action.COMPTE_OUVERT, chaine=CHAINE) as journal:
            compte.save(force_insert=True)
            journal.inscrire(
                objet=("compte", compte.pk), donnees={"personne": str(personne)}, personnel={"courriel": courriel}
            )
    except IntegrityError as erreur:
        refus = {
            "comptes_compte_personne_id_key": Refus(
                "compte_deja_ouvert",
                "Cette personne a déjà un compte. Connectez-vous, ou demandez un nouveau mot de passe.",
            ),
            "comptes_compte_courriel_key": Refus("courriel_deja_pris", "Un compte utilise déjà ce courriel."),
        }.get(contrainte_violee(erreur))
        if refus is None:
            raise
        raise refus from erreur
    return compte


def desactiver_compte(*, personne: UUID, auteur: Acteur, maintenant: datetime) -> None:
    """Ferme le compte d'une personne : ses sessions n'ouvrent plus rien dès la requête suivante.

    Lève `RefusDroit("compte_reserve")` hors d'un administrateur, `Introuvable` sans compte. Deux fois : sans effet.
    """
    if not _droits(auteur, maintenant).est_administrateur:
        raise RefusDroit("compte_reserve", "Seul un administrateur désactive un compte.")
    with acte(auteur=auteur, maintenant=maintenant, action=Action.COMPTE_DESACTIVE, chaine=CHAINE) as journal:
        compte = Compte.objects.select_for_update(of=("self",)).filter(personne_id=personne).first()
        if compte is None:
            raise Introuvable("Cette personne n'a pas de compte.")
        if not compte.is_active:
            journal.rien_a_inscrire()
            return
        compte.is_active = False
        compte.save(update_fields=["is_active"])
        journal.inscrire(objet=("compte", compte.pk), donnees={"personne": str(personne)})


@dataclass(frozen=True, slots=True)
class InvitationEmise:
    """Le jeton n'est dit qu'ici, une fois : la base n'en garde que l'empreinte."""

    id: UUID
    jeton: str
    expire: datetime


def inviter(
    *,
    personne: UUID,
    courriel: str,
    auteur: Acteur,
    maintenant: datetime,
    alea: Callable[[int], bytes] = secrets.token_bytes,
) -> InvitationEmise:
    """Émet un lien à usage unique, valable sept jours, qui ouvre le compte d'une personne ; remplace le précédent.

    Lève `Introuvable`, `RefusDroit` (voir `verifier_peut_inviter`), `Refus("compte_deja_ouvert")`.
    """
    courriel = courriel.strip().lower()
    with acte(auteur=auteur, maintenant=maintenant, action=Action.INVITATION_EMISE, chaine=CHAINE) as journal:
        if Personne.objects.select_for_update(of=("self",)).filter(pk=personne).first() is None:
            raise Introuvable("Cette personne n'existe pas.")
        verifier_peut_inviter(_droits(auteur, maintenant), droits(Acteur(personne), jour_civil(maintenant)).portees)
        if Compte.objects.filter(personne_id=personne).exists():
            raise Refus("compte_deja_ouvert", "Cette personne a déjà un compte : elle n'a pas besoin d'invitation.")
        Invitation.objects.filter(personne_id=personne, utilisee_le=None, remplacee_le=None).update(
            remplacee_le=maintenant
        )
        jeton = urlsafe_b64encode(alea(OCTETS_JETON)).rstrip(b"=").decode()
        invitation = Invitation.objects.create(
            empreinte=empreinte_jeton(jeton),
            personne_id=personne,
            courriel=courriel,
            emise_le=maintenant,
            expire=maintenant + VALIDITE_INVITATION,
        )
        journal.inscrire(
            objet=("invitation", invitation.pk),
            donnees={"personne": str(personne), "expire": invitation.expire.isoformat()},
            personnel={"courriel": courriel},
        )
    return InvitationEmise(invitation.pk, jeton, invitation.expire)


def accepter_invitation(*, jeton: str, mot_de_passe: str, maintenant: datetime) -> Compte:
    """Consomme une invitation et ouvre le compte ; l'auteur est la personne invitée. Une seule fois, même à deux clics.

    Lève `Refus("invitation_inconnue" | "invitation_utilisee" | "invitation_remplacee" | "invitation_expiree")`
    et les refus d'`ouvrir_compte` (l'invitation reste alors bonne).
    """
    connue = Invitation.objects.filter(empreinte=empreinte_jeton(jeton)).first()
    if connue is None:
        raise Refus(
            "invitation_inconnue", "Ce lien n'est pas le bon : copiez l'adresse entière, ou redemandez une invitation."
        )
    auteur = Acteur(connue.personne_id)
    with acte(auteur=auteur, maintenant=maintenant, action=Action.INVITATION_ACCEPTEE, chaine=CHAINE) as journal:
        invitation = Invitation.objects.select_for_update(of=("self",)).get(pk=connue.pk)
        if invitation.utilisee_le is not None:
            raise Refus("invitation_utilisee", "Ce lien a déjà servi : connectez-vous avec votre mot de passe.")
        if invitation.remplacee_le is not None:
            raise Refus(
                "invitation_remplacee", "Ce lien a été remplacé par un plus récent : servez-vous du dernier reçu."
            )
        if invitation.expire <= maintenant:
            raise Refus("invitation_expiree", "Ce lien a expiré : redemandez une invitation à votre gestionnaire.")
        compte = ouvrir_compte(
            personne=invitation.personne_id,
            courriel=invitation.courriel,
            mot_de_passe=mot_de_passe,
            auteur=auteur,
            maintenant=maintenant,
        )
        invitation.utilisee_le = maintenant
        invitation.save(update_fields=["utilisee_le"])
        journal.inscrire(objet=("invitation", invitation.pk), donnees={"compte": str(compte.pk)})
    return compte


def inviter_administrateur(
    *,
    prenom: str,
    nom: str,
    courriel: str,
    maintenant: datetime,
    auteur: Acteur = SYSTEME,
    alea: Callable[[int], bytes] = secrets.token_bytes,
) -> InvitationEmise:
    """Crée un administrateur et son invitation, tout ou rien : la première installation, ou un administrateur qui en nomme un."""
    with acte(auteur=auteur, maintenant=maintenant, action=Action.INVITATION_EMISE) as journal:
        personne = accueillir_personne(
            prenom=prenom,
            nom=nom,
            courriel_pro=courriel,
            nature=NatureRole.ADMINISTRATEUR,
            organisme=None,
            auteur=auteur,
            maintenant=maintenant,
        )
        emise = inviter(personne=personne.pk, courriel=courriel, auteur=auteur, maintenant=maintenant, alea=alea)
        journal.rien_a_inscrire()  # chaque acte du dessous a son entrée
    return emise
