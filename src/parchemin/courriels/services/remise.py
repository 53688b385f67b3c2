"""Remettre un courriel au serveur d'envoi : un seul à la fois par envoi, des reprises de plus en plus espacées.

Ce qui est garanti : **au moins une fois**, et une seule tant que rien n'est tué. La ligne est verrouillée pendant l'essai
(`SKIP LOCKED` : un second worker passe son chemin) et marquée dans la même transaction. Si le processus meurt entre la
remise et la marque, le courriel repart avec le même `Message-ID`, tiré de sa clé : les messageries le reconnaissent.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import MIMEPart
from email.utils import format_datetime
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from procrastinate.contrib.django import app

from parchemin.courriels.enums import ACTION_D_ISSUE, Action, Etat
from parchemin.courriels.messages import lien_reglages
from parchemin.courriels.models import Envoi
from parchemin.courriels.selectors import a_reprendre
from parchemin.courriels.services.depot import CHAINE, TACHE, clore
from parchemin.registre.services import acte
from parchemin.socle.acteur import SYSTEME, Acteur

ESSAIS_MAX = 8
"""Avec les attentes qui suivent, un serveur peut être absent plus de trois jours."""
PREMIERE_ATTENTE = timedelta(minutes=1)
FACTEUR = 4
ATTENTE_MAX = timedelta(hours=24)
REPRISES_MAX = 500

journal_technique = logging.getLogger(__name__)


def attente(essais: int) -> timedelta:
    """Le délai après `essais` essais manqués : 1 min, 4 min, 16 min, 64 min, 4 h 16, 17 h, puis 24 h.

    >>> [str(attente(n)) for n in (1, 2, 3, 7)]
    ['0:01:00', '0:04:00', '0:16:00', '1 day, 0:00:00']
    """
    return min(ATTENTE_MAX, PREMIERE_ATTENTE * int(FACTEUR ** (essais - 1)))


def poster_envoi(
    *,
    envoi: UUID,
    maintenant: datetime,
    remettre: Callable[[EmailMultiAlternatives], object] = EmailMultiAlternatives.send,
    auteur: Acteur = SYSTEME,
) -> Etat | None:
    """Essaie de remettre un envoi. Rend son état ; `None` s'il n'y avait rien à faire (déjà clos, ou tenu par un autre).

    Un refus définitif du serveur (5xx, adresse qu'il ne veut pas) clôt en échec ; toute autre erreur est réessayée plus
    tard, `ESSAIS_MAX` fois. N'en lève aucune : l'erreur est gardée sur la ligne, sans adresse. Un envoi périmé (son lien ne
    vaudrait plus) est annulé.
    """
    with transaction.atomic():
        ligne = (
            Envoi.objects.select_for_update(of=("self",), skip_locked=True)
            .filter(pk=envoi, etat=Etat.A_ENVOYER)
            .first()
        )
        if ligne is None or (ligne.prochain_essai is not None and ligne.prochain_essai > maintenant):
            return None
        if ligne.perime_le is not None and ligne.perime_le <= maintenant:
            return _perimer(ligne, auteur=auteur, maintenant=maintenant)
        ligne.essais += 1
        try:
            remettre(en_courriel(ligne))
        except Exception as erreur:  # noqa: BLE001 (toute panne du dehors s'écrit, et se réessaie)
            ligne.derniere_erreur = code_erreur(erreur)
            if est_definitive(erreur) or ligne.essais >= ESSAIS_MAX:
                clore(ligne, Etat.ECHEC, maintenant)
            else:
                ligne.prochain_essai = maintenant + attente(ligne.essais)
            journal_technique.warning("courriel %s, essai %d : %s", ligne.pk, ligne.essais, ligne.derniere_erreur)
        else:
            ligne.derniere_erreur = ""
            clore(ligne, Etat.ENVOYE, maintenant)
        with acte(
            auteur=auteur, maintenant=maintenant, action=ACTION_D_ISSUE[Etat(ligne.etat)], chaine=CHAINE
        ) as journal:
            ligne.save()
            journal.inscrire(
                objet=("courriel", ligne.pk),
                donnees={"genre": ligne.genre, "essai": ligne.essais, "erreur": ligne.derniere_erreur},
            )
        if ligne.prochain_essai is not None:
            app.configure_task(TACHE, schedule_at=ligne.prochain_essai).defer(envoi=str(ligne.pk))
    return Etat(ligne.etat)


def _perimer(ligne: Envoi, *, auteur: Acteur, maintenant: datetime) -> Etat:
    with acte(auteur=auteur, maintenant=maintenant, action=Action.ANNULE, chaine=CHAINE) as journal:
        clore(ligne, Etat.ANNULE, maintenant)
        ligne.save()
        journal.inscrire(
            objet=("courriel", ligne.pk), donnees={"genre": ligne.genre, "destinataire": ligne.destinataire}
        )
    return Etat.ANNULE


def reprendre(*, maintenant: datetime, tolerance: timedelta, auteur: Acteur = SYSTEME) -> int:
    """Rediffère les envois en retard de plus de `tolerance` : leur job est mort avec le processus qui le tenait.

    N'écrit que dans la file : un job de trop ne fait rien, la ligne décide.
    """
    perdus = a_reprendre(auteur, maintenant - tolerance, REPRISES_MAX)
    for envoi in perdus:
        app.configure_task(TACHE).defer(envoi=str(envoi))
    return len(perdus)


# Le message, tel qu'il part -------------------------------------------------------------------------------------------


def en_courriel(envoi: Envoi) -> EmailMultiAlternatives:
    """Le message, ses deux corps et ses en-têtes. La même ligne donne toujours le même `Message-ID` et la même date."""
    en_tetes = {
        "Message-ID": identifiant_de_message(envoi.cle),
        "Date": format_datetime(envoi.depose_le),
        "Auto-Submitted": "auto-generated",
        "Content-Language": "fr",
    }
    if envoi.facultatif_du is not None:
        en_tetes["List-Unsubscribe"] = f"<{lien_reglages()}>"
    courriel = EmailMultiAlternatives(
        subject=envoi.objet,
        body=envoi.texte,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[envoi.adresse],
        headers=en_tetes,
    )
    courriel.attach_alternative(envoi.html, "text/html")
    if envoi.calendrier:
        courriel.attach_alternative(envoi.calendrier, f"text/calendar; method={envoi.calendrier_methode}")
        courriel.attach(_piece(envoi.calendrier))
    return courriel


def _piece(calendrier: str) -> MIMEPart:
    """La même invitation en pièce jointe, octet pour octet : des messageries n'offrent de l'ouvrir que là."""
    piece = MIMEPart()
    piece.set_content(calendrier.encode(), maintype="application", subtype="ics", filename="invitation.ics")
    return piece


def identifiant_de_message(cle: str) -> str:
    """Un `Message-ID` tiré de la clé seule : un second envoi de la même clé se reconnaît."""
    hote = urlsplit(settings.PARCHEMIN_ADRESSE).hostname or "localhost"
    return f"<{hashlib.sha256(cle.encode()).hexdigest()[:40]}@{hote}>"


def code_erreur(erreur: Exception) -> str:
    """Une erreur réduite à ce qui aide sans rien dire de personne : sa classe, et le code du serveur s'il en donne un."""
    codes = sorted(_codes_smtp(erreur))
    return " ".join([type(erreur).__name__, *map(str, codes)])


def est_definitive(erreur: Exception) -> bool:
    """Vrai si réessayer ne changerait rien : le serveur refuse pour de bon (RFC 5321, réponses 5xx), ou le message est mal formé."""
    codes = _codes_smtp(erreur)
    if codes:
        return all(500 <= code < 600 for code in codes)
    return isinstance(erreur, ValueError | UnicodeError) and not isinstance(erreur, SMTPException)


def _codes_smtp(erreur: Exception) -> list[int]:
    if isinstance(erreur, SMTPRecipientsRefused):
        return [code for code, _ in erreur.recipients.values()]
    if isinstance(erreur, SMTPResponseException):
        return [erreur.smtp_code]
    return []
