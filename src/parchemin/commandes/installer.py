"""`parchemin installer` : une vraie première installation, vérifiée pas à pas. La relancer ne change rien de fait."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import TextIO

from parchemin.commandes import environnement, mots
from parchemin.embarque import dossiers
from parchemin.embarque.erreurs import EmbarqueImpossible

LONGUEUR_CLE = 50


def executer(arguments: Sequence[str], sortie: TextIO, erreur: TextIO) -> int:
    """Vérifie les réglages, migre, publie le référentiel, invite le premier administrateur."""
    lecteur = mots.Lecteur(
        "installer",
        "Une vraie première installation. Variables lues : SECRET_KEY, ALLOWED_HOSTS, DATABASE_URL (sinon la base\n"
        "embarquée), PARCHEMIN_DONNEES. Relancer la commande ne refait pas ce qui est fait.",
    )
    lecteur.add_argument("--prenom", required=True, help="prénom du premier administrateur")
    lecteur.add_argument("--nom", required=True, help="nom du premier administrateur")
    lecteur.add_argument("--courriel", required=True, help="son adresse de courriel")
    lecteur.add_argument("--nouveau-lien", action="store_true", help="refait un lien si le premier a été perdu")
    options = mots.lire(lecteur, arguments)
    os.environ["PARCHEMIN_ENV"] = "production"
    if defauts := list(_defauts()):
        erreur.writelines(f"✗ {defaut}\n" for defaut in defauts)
        erreur.write("Rien n'a été fait. Corrigez ces réglages (docs/installation.md), puis relancez la commande.\n")
        return 1
    sortie.write("✓ Les réglages conviennent\n")
    with environnement.base():
        environnement.preparer_django()
        sortie.write("✓ La base répond\n")
        _marquer_et_migrer()
        sortie.write("✓ Les tables sont à jour\n")
        sortie.write(f"✓ Le référentiel {environnement.publier_referentiel()} est publié\n")
        return _inviter(options.prenom, options.nom, options.courriel, sortie, encore=options.nouveau_lien)


def _defauts() -> Iterator[str]:
    cle = os.environ.get("SECRET_KEY", "")
    if len(cle) < LONGUEUR_CLE or len(set(cle)) < 10:
        yield (
            f"SECRET_KEY : il faut au moins {LONGUEUR_CLE} caractères au hasard. Par exemple : "
            "python3 -c 'import secrets; print(secrets.token_urlsafe(64))'"
        )
    hotes = [mot.strip() for mot in os.environ.get("ALLOWED_HOSTS", "").split(",") if mot.strip()]
    if not hotes:
        yield "ALLOWED_HOSTS : il faut le nom du site, par exemple parchemin.exemple.fr"
    if "*" in hotes:
        yield "ALLOWED_HOSTS : « * » accepterait n'importe quel nom ; donnez celui du site"
    try:
        dossiers.preparer(dossiers.donnees())
    except EmbarqueImpossible as impossible:
        yield impossible.message


def _marquer_et_migrer() -> None:
    from django.db import connection, transaction

    from parchemin.socle.horloge import maintenant
    from parchemin.socle.models import Installation
    from parchemin.socle.services import marquer_installation

    # La marque d'abord, si la table est déjà là : une base de démonstration refuse avant d'être migrée.
    with transaction.atomic():
        if "socle_installation" not in connection.introspection.table_names():
            environnement.migrer("socle")
        marquer_installation(nature=Installation.Nature.PRODUCTION, maintenant=maintenant())
    environnement.migrer()


def _inviter(prenom: str, nom: str, courriel: str, sortie: TextIO, *, encore: bool) -> int:
    from django.conf import settings
    from django.urls import reverse

    from parchemin.comptes import selectors, services
    from parchemin.socle.acteur import SYSTEME
    from parchemin.socle.horloge import jour_civil, maintenant

    instant = maintenant()
    if selectors.administrateur_existe(SYSTEME, jour_civil(instant)) and not encore:
        sortie.write("✓ Un administrateur est déjà nommé (lien perdu ? relancez avec --nouveau-lien)\n")
        return 0
    invitation = services.inviter_administrateur(prenom=prenom, nom=nom, courriel=courriel, maintenant=instant)
    chemin = reverse("comptes:invitation", args=[invitation.jeton])
    sortie.write(
        f"✓ {prenom} {nom} peut choisir son mot de passe, une seule fois, avant le "
        f"{invitation.expire:%d/%m/%Y à %H:%M} (UTC) :\n\n  https://{settings.ALLOWED_HOSTS[0]}{chemin}\n\n"
        "Il reste à lancer le serveur (parchemin serveur) et au moins un worker (parchemin worker).\n"
    )
    return 0
