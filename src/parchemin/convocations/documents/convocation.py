"""Ce qu'une personne convoquée emporte : sa convocation en PDF accessible (à joindre à une demande de congé, à remettre en main propre), et l'invitation à mettre dans son agenda."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse

from parchemin.convocations.documents.calendrier import Adresse
from parchemin.convocations.documents.courriels import invitation
from parchemin.convocations.enums import Convoque
from parchemin.convocations.selectors import RendezVous, VueConvocation, VueEpreuve, places
from parchemin.referentiels.selectors import contenu_norme, norme
from parchemin.socle.acteur import Acteur
from parchemin.socle.documents import composer
from parchemin.socle.horloge import jour_civil
from parchemin.socle.typographie import date_en_clair, date_longue, majuscule

GABARIT = Path(__file__).parent.parent / "gabarits" / "convocation.typ"
_PHRASES = {
    Convoque.CANDIDAT: (
        "Venez dix minutes avant, avec une pièce d’identité.",
        "Un lien personnel, hiérarchique ou de formation avec l’un de vos évaluateurs ? Vous pouvez le récuser avant l’épreuve.",
        "Un empêchement ? Dites-le dès que possible, avec votre motif.",
    ),
    Convoque.MANAGER: (
        "Libérez le temps de cette épreuve pour la personne que vous encadrez.",
        "Un empêchement du service ? Dites-le dès que possible, avec votre motif.",
    ),
}
_EVALUATEUR = (
    "Salarié, vous prévenez votre employeur au moins quinze jours calendaires avant, et joignez cette convocation.",
    "Ce temps est rémunéré (code du travail, articles L3142-42, L3142-43 et D3142-32).",
    "Un lien avec le candidat ? Dites-le avant d’ouvrir la grille : vous serez remplacé.",
    "Un empêchement ? Dites-le dès que possible, avec votre motif ; vous pouvez proposer quelqu’un.",
)


def convocation_pdf(lecteur: Acteur, epreuve: VueEpreuve, rdv: RendezVous, convocation: VueConvocation) -> bytes:
    """Le PDF, daté de la convocation : mêmes données, mêmes octets. Chacun n'y lit que ce qui le regarde."""
    return composer(GABARIT, _donnees(lecteur, epreuve, rdv, convocation), instant=convocation.convoquee_le)


def convocation_ics(lecteur: Acteur, epreuve: VueEpreuve, rdv: RendezVous, convocation: VueConvocation) -> str:
    """L'invitation de son courriel, dans l'état de sa convocation : l'agenda qui l'a déjà reçue n'en fait pas une seconde."""
    (sienne,) = (une for une in places(lecteur, epreuve) if une.place == convocation.place)
    return invitation(
        epreuve,
        rdv,
        place=convocation.place,
        convie=Adresse(sienne.nom, sienne.adresse) if sienne.adresse else None,
        personne=convocation.personne,
        sequence=convocation.sequence,
        instant=convocation.dite_le,
    )


def _donnees(lecteur: Acteur, epreuve: VueEpreuve, rdv: RendezVous, convocation: VueConvocation) -> dict[str, Any]:
    place = convocation.place
    intitule = norme(lecteur, epreuve.norme).bloc(epreuve.bloc).intitule
    gens = []
    if place is not Convoque.CANDIDAT:
        gens.append({"quoi": "Candidat", "nom": epreuve.dossier.candidat_nom, "note": epreuve.dossier.organisme_nom})
    if place is not Convoque.MANAGER:
        gens += [
            {"quoi": "Évaluateur", "nom": e.nom, "note": e.qualite.label.capitalize()}
            for e in epreuve.evaluateurs
            if e.personne != convocation.personne
        ]
    return {
        "titre": f"Convocation, bloc {epreuve.bloc[1:]}, {convocation.nom}",
        "certification": contenu_norme(lecteur, epreuve.norme)["titre"],
        "personne": convocation.nom,
        "place": str(place.label).capitalize(),
        "bloc": f"Épreuve du bloc {epreuve.bloc[1:]} : {intitule}",
        "jour": majuscule(date_longue(rdv.jour)),
        "heures": rdv.heures,
        "fuseau": rdv.horloge,
        "lieu": rdv.lieu,
        "gens": gens,
        "phrases": list(_PHRASES.get(place, _EVALUATEUR)),
        "epreuve": str(epreuve.id),
        "version": convocation.sequence + 1,
        "emise": date_en_clair(jour_civil(convocation.convoquee_le)),
        "adresse": f"{settings.PARCHEMIN_ADRESSE}{reverse('convocations:repondre', args=[epreuve.id])}",
    }
