"""Les lectures d'une épreuve : l'autre est close, la sienne tarde, sa grille papier est ressaisie."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.urls import reverse

from parchemin.convocations.selectors import VueEpreuve, epreuve_par_id
from parchemin.courriels.messages import Ligne
from parchemin.evaluation.evenements import EvaluateurRelance, LectureScellee, PapierVerse
from parchemin.evaluation.selectors import etat_des_lectures
from parchemin.portail.abonnements.envois import prevenir
from parchemin.portail.enums import LECTURE_CLOSE, PAPIER, RELANCE
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.annonces import abonne
from parchemin.socle.horloge import jour_civil

_LA_VOTRE = (
    "une",
    "L’autre évaluateur a clos sa grille",
    "La vôtre reste à clore. Rien de ce qu’il a noté ne se voit d’ici là.",
)
_A_ACCORDER = (
    "deux",
    "Les deux grilles sont closes : il reste à s’accorder",
    "Vous réglerez ensemble ce qui diffère ; si rien ne diffère, chacun confirme d’un geste.",
)


@abonne(LectureScellee)
def dire_la_lecture(evenement: LectureScellee) -> None:
    """L'autre évaluateur : qu'une lecture est close, comme le dit déjà la page de l'épreuve ; rien de ce qu'elle contient.

    Quand les deux le sont, chacun apprend qu'il reste à s'accorder ou à confirmer, sans que soit dit sur quoi.
    """
    epreuve = epreuve_par_id(SYSTEME, evenement.epreuve)
    if epreuve.etat == "lectures_scellees":
        for evaluateur in epreuve.evaluateurs:
            _dire_lecture(epreuve, evaluateur.personne, evenement.le, _A_ACCORDER)
    elif epreuve.etat in ("affectee", "en_cours"):
        for lecture in etat_des_lectures(SYSTEME, epreuve):
            if lecture.scellee_le is None:
                _dire_lecture(epreuve, lecture.evaluateur, evenement.le, _LA_VOTRE)


def _dire_lecture(epreuve: VueEpreuve, personne: UUID, du: datetime, mots: tuple[str, str, str]) -> None:
    combien, titre, pourquoi = mots
    prevenir(
        cle=f"{LECTURE_CLOSE.code}:{combien}:{epreuve.id}:{personne}",
        genre=LECTURE_CLOSE,
        destinataire=personne,
        du=du,
        nouvelle=Ligne(titre, pourquoi, chemin=reverse("evaluation:voir", args=[epreuve.id])),
    )


_TARDE = {
    "lecture_tardive": (
        "Votre lecture reste à sceller",
        "Scellez votre grille : l’autre évaluateur et le candidat l’attendent.",
    ),
    "accord_tardif": ("Un accord reste à trouver", "Réglez ensemble ce qui diffère, ou laissez-le au jury."),
    "confirmation_tardive": ("Un résultat reste à confirmer", "Les deux lectures concordent : confirmez d’un geste."),
}


@abonne(EvaluateurRelance)
def dire_la_relance(evenement: EvaluateurRelance) -> None:
    """L'évaluateur en retard : ce qu'on attend de lui, dans son courriel du jour ; rien de ce que disent les lectures."""
    epreuve = epreuve_par_id(SYSTEME, evenement.epreuve)
    titre, quoi = _TARDE[evenement.acte]
    prevenir(
        cle=f"{RELANCE.code}:{evenement.epreuve}:{evenement.evaluateur}:{jour_civil(evenement.le).isoformat()}",
        genre=RELANCE,
        destinataire=evenement.evaluateur,
        du=evenement.le,
        nouvelle=Ligne(
            f"{titre} : {epreuve.dossier.candidat_nom}, bloc {epreuve.bloc[1:]}",
            f"{quoi} Un empêchement ? Dites-le à votre gestionnaire : il peut vous remplacer.",
            chemin=reverse("evaluation:voir", args=[epreuve.id]),
        ),
    )


@abonne(PapierVerse)
def dire_le_papier(evenement: PapierVerse) -> None:
    """L'évaluateur dont la grille papier est ressaisie : à lui de la relire et de la sceller."""
    epreuve = epreuve_par_id(SYSTEME, evenement.epreuve)
    if epreuve.qualite_de(evenement.evaluateur) is None or epreuve.etat not in ("affectee", "en_cours", "suspendue"):
        return
    prevenir(
        cle=f"{PAPIER.code}:{epreuve.id}:{evenement.evaluateur}:{evenement.le.isoformat()}",
        genre=PAPIER,
        destinataire=evenement.evaluateur,
        du=evenement.le,
        nouvelle=Ligne(
            "Votre grille papier est ressaisie : relisez-la",
            "Deux personnes l’ont recopiée. Elle n’est votre lecture qu’une fois scellée par vous.",
            chemin=reverse("evaluation:grille", args=[epreuve.id]),
        ),
    )
