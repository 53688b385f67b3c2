"""Dire à une personne ce qui vient d'être attesté en son nom, et lui donner de quoi le répudier."""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.urls import reverse

from parchemin.carnet.enums import COURRIEL_D_AVIS, Verdict
from parchemin.carnet.models import AvisAttestation, Carnet
from parchemin.comptes.selectors import adresses, empreinte_jeton
from parchemin.courriels import services as courriels
from parchemin.courriels.messages import Geste, Ligne, Message, Section
from parchemin.parcours.enums import Qualite
from parchemin.parcours.selectors import VueDossier
from parchemin.referentiels.selectors import libelles_courts, reglement_en_vigueur, version_d_empreinte
from parchemin.socle.acteur import Acteur
from parchemin.socle.horloge import fin_du_jour, jour_civil
from parchemin.socle.typographie import date_longue, pluriel

OCTETS_JETON = 32
"""256 bits : un jeton ne se devine pas."""
REPUDIATION_PAR_DEFAUT = 10
"""Jours pour répudier, quand le règlement est plus ancien que ce réglage."""


def jeton_neuf() -> str:
    """Un jeton d'adresse, qui n'est écrit que dans le courriel qui le porte."""
    return urlsafe_b64encode(secrets.token_bytes(OCTETS_JETON)).rstrip(b"=").decode()


def poser_avis(
    *,
    vue: VueDossier,
    carnet: Carnet,
    qualite: Qualite,
    verdicts: Mapping[str, Verdict],
    auteur: Acteur,
    maintenant: datetime,
) -> AvisAttestation:
    """Crée l'avis d'un acte d'attestation et dépose son courriel, dans l'acte qui l'inscrit. Sans adresse, rien ne part.

    Le lien n'est écrit que dans le corps du courriel, vidé dès qu'il est parti.
    """
    version = version_d_empreinte(auteur, vue.norme_empreinte)
    jour = jour_civil(maintenant)
    jours = reglement_en_vigueur(auteur, version, jour).valeur("carnet_repudiation_jours", REPUDIATION_PAR_DEFAUT)
    jeton = jeton_neuf()
    avis = AvisAttestation.objects.create(
        empreinte=empreinte_jeton(jeton),
        carnet=carnet,
        qualite=qualite,
        personne_id=auteur.id,
        emis_le=maintenant,
        jusqu_au=fin_du_jour(jour + timedelta(days=jours)),
    )
    adresse = adresses(auteur, [auteur.id]).get(auteur.id)
    if adresse is not None:
        courriels.envoyer(
            cle=f"{COURRIEL_D_AVIS.code}:{avis.pk}",
            genre=COURRIEL_D_AVIS,
            destinataire=auteur.id,
            adresse=adresse,
            message=_message(vue, qualite, verdicts, libelles_courts(auteur, version), avis, jeton),
            auteur=auteur,
            maintenant=maintenant,
            secret=True,
            perime_le=avis.jusqu_au,
        )
    return avis


def _message(
    vue: VueDossier,
    qualite: Qualite,
    verdicts: Mapping[str, Verdict],
    courts: Mapping[str, str],
    avis: AvisAttestation,
    jeton: str,
) -> Message:
    dites = tuple(
        Ligne(f"{code} {courts.get(code, '')}".strip(), Verdict(verdict).label) for code, verdict in verdicts.items()
    )
    return Message(
        objet=f"{pluriel(len(dites), 'compétence attestée', 'compétences attestées')} en votre nom",
        titre=f"Ce que vous avez attesté pour {vue.candidat_nom}",
        paragraphes=(f"En tant que {qualite.label.lower()}. Si c’est bien vous, il n’y a rien à faire.",),
        sections=(Section("Attesté en votre nom", dites),),
        geste=Geste("Ce n’est pas moi", reverse("carnet:repudier", args=[jeton])),
        apres=(
            f"Vous pouvez le dire jusqu’au {date_longue(jour_civil(avis.jusqu_au))}. Ne transférez ce message à personne.",
        ),
    )
