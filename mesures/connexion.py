"""Se connecter : le temps du serveur pour le mot de passe, rapporté à un argon2 nu, puis pour le second facteur."""

from __future__ import annotations

from mesures.lieux import lire_lieux
from mesures.mesure import Mesure, centile, chronometrer
from mesures.serveur import Servie
from mesures.visiteur import Visiteur

SUJET = "Connexion"
BUT_MOT_DE_PASSE = 400.0
BUT_SECOND_FACTEUR = 120.0
"""Millisecondes. Le hachage d'un mot de passe doit être lent : il ne doit pas l'être plus que cela."""


def mesurer(servie: Servie, rapide: bool, ou: str = "") -> list[Mesure]:
    """Une vraie connexion par compte : les comptes sans second facteur, puis ceux qui en ont un.

    `ou` : devant quelle base, si ce n'est la seule démonstration ; d'autres comptes se connectent alors, un code ne servant qu'une fois.
    """
    mots_de_passe, codes = [], []
    comptes = servie.comptes[::-1] if ou else servie.comptes
    seuls = [compte for compte in comptes if not compte.totp]
    doubles = [compte for compte in comptes if compte.totp]
    for compte in [*seuls[: 4 if rapide else 12], *doubles[: 4 if rapide else 12]]:
        visiteur = Visiteur(servie.adresse)
        reponses = visiteur.se_connecter(compte.courriel, compte.mot_de_passe, compte.totp)
        mots_de_passe.append(reponses[0].secondes * 1000)
        codes += [reponse.secondes * 1000 for reponse in reponses[1:]]
        visiteur.fermer()
    note = (
        "une connexion par compte de la démonstration, par HTTP ; argon2, limites d'essais et journal compris ; l'argon2 nu "
        "vérifie un mot de passe, avec les mêmes réglages, dans la même course"
    )
    return [
        Mesure(
            SUJET, f"mot de passe, 95 %{ou}", centile(mots_de_passe, 95), "ms", BUT_MOT_DE_PASSE,
            pair="argon2 nu", valeur_pair=centile(_argon2_nu(len(mots_de_passe)), 95), note=note,
        ),
        Mesure(SUJET, f"second facteur, 95 %{ou}", centile(codes, 95), "ms", BUT_SECOND_FACTEUR),
    ]  # fmt: skip


def _argon2_nu(fois: int) -> list[float]:
    """Vérifier un mot de passe avec le hachage de la maison, et rien d'autre, en millisecondes."""
    lire_lieux()  # prépare Django
    from django.contrib.auth.hashers import check_password, make_password

    cache = make_password("un mot de passe de mesure")
    return [d * 1000 for d in chronometrer(lambda: check_password("un mot de passe de mesure", cache), fois)]
