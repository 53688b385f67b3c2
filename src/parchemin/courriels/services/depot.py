"""Déposer un courriel dans la boîte d'envoi, dans la transaction qui le cause ; l'en retirer tant qu'il n'est pas parti."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from procrastinate.contrib.django import app

from parchemin.courriels import genres
from parchemin.courriels.enums import Action, Etat
from parchemin.courriels.genres import Genre
from parchemin.courriels.messages import Message, mettre_en_page
from parchemin.courriels.models import Envoi
from parchemin.registre.services import Journal, acte
from parchemin.socle.acteur import Acteur
from parchemin.socle.refus import Refus

CHAINE = "courriels"
TACHE = "courriels.poster"


def envoyer(
    *,
    cle: str,
    genre: Genre,
    destinataire: UUID | None,
    adresse: str,
    message: Message,
    auteur: Acteur,
    maintenant: datetime,
    secret: bool = False,
    perime_le: datetime | None = None,
) -> bool:
    """Dépose un courriel **obligatoire**, qui part seul ; vrai s'il vient de l'être, faux si cette clé l'était déjà.

    La ligne et le job d'envoi naissent dans la transaction de l'appelant : annulée, le courriel n'a jamais existé.
    `cle` et `genre` disent pourquoi il part, sans rien de personnel. `destinataire` est nul pour une adresse que personne ici
    ne porte : le journal ne la garde alors pas. `secret` : le corps (un lien qui ouvre un compte) est vidé dès que l'envoi
    est clos ; `perime_le` : le lien ne vaudra plus, l'envoi est alors annulé au lieu de partir. Un facultatif et un
    rappel passent par `prevenir`.

    Lève `Refus("adresse_invalide")`, `GenreInconnu`, `ValueError` pour un genre facultatif ou un rappel.
    """
    if not genres.exiger(genre.code).obligatoire or genre.rappel:
        raise ValueError(f"{genre.code} est facultatif, ou un rappel : voir `prevenir`")
    with acte(auteur=auteur, maintenant=maintenant, action=Action.DEPOSE, chaine=CHAINE) as journal:
        envoi = deposer(
            cle=cle,
            genre=genre,
            destinataire=destinataire,
            adresse=adresse,
            message=message,
            maintenant=maintenant,
            secret=secret,
            perime_le=perime_le,
        )
        if envoi is None:
            journal.rien_a_inscrire()
            return False
        inscrire_depot(journal, envoi)
    return True


def annuler(*, cle: str, auteur: Acteur, maintenant: datetime) -> bool:
    """Retire un courriel qui n'est pas encore parti (une invitation remplacée). Faux s'il n'y avait rien à retirer.

    Un envoi en cours d'essai est attendu : au retour, il est parti (faux) ou il ne partira plus (vrai).
    """
    with acte(auteur=auteur, maintenant=maintenant, action=Action.ANNULE, chaine=CHAINE) as journal:
        envoi = Envoi.objects.select_for_update(of=("self",)).filter(cle=cle, etat=Etat.A_ENVOYER).first()
        if envoi is None:
            journal.rien_a_inscrire()
            return False
        clore(envoi, Etat.ANNULE, maintenant)
        envoi.save()
        journal.inscrire(
            objet=("courriel", envoi.pk), donnees={"genre": envoi.genre, "destinataire": envoi.destinataire}
        )
    return True


# Ce que partagent les services de cette capacité ---------------------------------------------------------------------


def deposer(
    *,
    cle: str,
    genre: Genre,
    destinataire: UUID | None,
    adresse: str,
    message: Message,
    maintenant: datetime,
    secret: bool = False,
    facultatif_du: date | None = None,
    perime_le: datetime | None = None,
) -> Envoi | None:
    """Écrit la ligne et diffère son job ; `None` si la clé existe. À n'appeler que dans un acte qui l'inscrit.

    Deux dépôts à la fois de la même clé, ou d'un second facultatif le même jour : la base n'en garde qu'un (`ON CONFLICT`).
    """
    adresse = adresse.strip()
    try:
        validate_email(adresse)
    except ValidationError as erreur:
        raise Refus("adresse_invalide", "Cette adresse de courriel n'en est pas une : vérifiez-la.") from erreur
    corps = mettre_en_page(message, facultatif=facultatif_du is not None)
    envoi = Envoi(
        cle=cle,
        genre=genre.code,
        destinataire=destinataire,
        adresse=adresse,
        objet=corps.objet,
        texte=corps.texte,
        html=corps.html,
        calendrier=message.calendrier.contenu if message.calendrier else "",
        calendrier_methode=message.calendrier.methode if message.calendrier else "",
        secret=secret,
        facultatif_du=facultatif_du,
        depose_le=maintenant,
        perime_le=perime_le,
        prochain_essai=maintenant,
    )
    Envoi.objects.bulk_create([envoi], ignore_conflicts=True)
    if not Envoi.objects.filter(pk=envoi.pk).exists():
        return None
    app.configure_task(TACHE).defer(envoi=str(envoi.pk))
    return envoi


def inscrire_depot(journal: Journal, envoi: Envoi) -> None:
    """Ce que le journal garde d'un dépôt : l'adresse en engagement (celle d'une personne connue), jamais le corps."""
    journal.inscrire(
        objet=("courriel", envoi.pk),
        donnees={"genre": envoi.genre, "destinataire": envoi.destinataire, "cle": envoi.cle},
        personnel={"adresse": envoi.adresse} if envoi.destinataire else {},
    )


def clore(envoi: Envoi, etat: Etat, maintenant: datetime) -> None:
    """Ferme un envoi ; un secret y perd son corps. L'invitation reste, comme l'objet : elle n'est jamais secrète."""
    envoi.etat, envoi.clos_le, envoi.prochain_essai = etat, maintenant, None
    if envoi.secret:
        envoi.texte = envoi.html = ""
