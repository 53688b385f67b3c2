"""Les évaluateurs d'une épreuve : appelés, remplacés, retirés."""

from __future__ import annotations

from django.urls import reverse

from parchemin.convocations.evenements import EvaluateurRemplace, EvaluateurRetire, EvaluateursAffectes
from parchemin.convocations.selectors import VueEpreuve, epreuve_par_id, fut_convoque, recusations
from parchemin.courriels.messages import Geste, Message
from parchemin.portail.abonnements.envois import dire_au_gestionnaire, ecrire
from parchemin.portail.enums import AFFECTATION
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.annonces import abonne
from parchemin.socle.horloge import maintenant
from parchemin.socle.typographie import date_longue


@abonne(EvaluateursAffectes)
def dire_l_affectation(evenement: EvaluateursAffectes) -> None:
    """Les évaluateurs : où et quand ; et à qui n'en est plus, qu'il n'a plus à venir."""
    epreuve = epreuve_par_id(SYSTEME, evenement.epreuve)
    if epreuve.prevue_le < maintenant():
        return  # l'épreuve a eu lieu : il n'y a plus à y venir
    actuels = {evaluateur.personne for evaluateur in epreuve.evaluateurs}
    precedents = {p for p in (evenement.metier_precedent, evenement.certificateur_precedent) if p is not None}
    quand = f"{date_longue(epreuve.jour)} à {epreuve.heure}"
    quoi = f"{evenement.epreuve}:{{}}:{evenement.le.isoformat()}"
    for personne in ({evenement.metier, evenement.certificateur} - precedents) & actuels:
        ecrire(AFFECTATION, quoi.format(personne), personne, None, _a_evaluer(epreuve, quand))
    for personne in precedents - actuels:
        if fut_convoque(SYSTEME, epreuve.id, personne):
            continue  # le retrait de sa convocation le lui dit déjà
        ecrire(AFFECTATION, quoi.format(personne), personne, None, _plus_a_evaluer(quand))


def _a_evaluer(epreuve: VueEpreuve, quand: str) -> Message:
    return Message(
        objet=f"Vous évaluez une épreuve le {quand}",
        titre=f"Vous évaluez {epreuve.dossier.candidat_nom}, bloc {epreuve.bloc[1:]}",
        paragraphes=(
            f"L’épreuve a lieu le {quand}. Lieu : {epreuve.lieu}.",
            "Un empêchement, ou un lien avec le candidat ? Dites-le dès maintenant à votre gestionnaire.",
        ),
        geste=Geste("Voir l’épreuve", reverse("evaluation:voir", args=[epreuve.id])),
    )


@abonne(EvaluateurRemplace)
def dire_le_remplacement(evenement: EvaluateurRemplace) -> None:
    """Celui qui prend la suite : ce qu'il a à lire, ou toute l'épreuve ; celui qui ne l'a plus : qu'il n'a plus rien à faire."""
    epreuve = epreuve_par_id(SYSTEME, evenement.epreuve)
    quand = f"{date_longue(epreuve.jour)} à {epreuve.heure}"
    suite = (
        _a_poursuivre(epreuve) if epreuve.est_remplacant(evenement.personne) else _a_evaluer_en_retard(epreuve, quand)
    )
    for personne, message in ((evenement.personne, suite), (evenement.precedent, _plus_a_evaluer(quand))):
        if personne is not None:
            cle = f"{evenement.epreuve}:{personne}:{evenement.le.isoformat()}"
            ecrire(AFFECTATION, cle, personne, evenement.le, message)


def _a_poursuivre(epreuve: VueEpreuve) -> Message:
    return Message(
        objet="Vous prenez la suite d’un évaluateur",
        titre=f"Vous prenez la suite d’un évaluateur : {epreuve.dossier.candidat_nom}, bloc {epreuve.bloc[1:]}",
        paragraphes=(
            "L’épreuve a commencé : lisez ce qui peut encore être jugé.",
            "Ce que vous ne pouvez pas observer, dites-le « non observé » ; le jury en décidera.",
        ),
        geste=Geste("Voir l’épreuve", reverse("evaluation:voir", args=[epreuve.id])),
    )


def _a_evaluer_en_retard(epreuve: VueEpreuve, quand: str) -> Message:
    return Message(
        objet="Vous évaluez une épreuve à la place d’un autre",
        titre=f"Vous évaluez {epreuve.dossier.candidat_nom}, bloc {epreuve.bloc[1:]}, à la place d’un autre",
        paragraphes=(
            f"L’épreuve était prévue le {quand}, et n’a pas commencé. Lieu : {epreuve.lieu}.",
            "Convenez avec votre gestionnaire du moment où elle se tient. Un empêchement, ou un lien avec le candidat ? Dites-le-lui dès maintenant.",
        ),
        geste=Geste("Voir l’épreuve", reverse("evaluation:voir", args=[epreuve.id])),
    )


@abonne(EvaluateurRetire)
def dire_le_retrait(evenement: EvaluateurRetire) -> None:
    """Le gestionnaire : il manque un évaluateur ; celui qu'une récusation retire : qu'il n'a plus à venir."""
    epreuve = epreuve_par_id(SYSTEME, evenement.epreuve)
    if epreuve.qualite_de(evenement.evaluateur) is not None:
        return
    cle = f"retire:{evenement.evaluateur}:{evenement.le.isoformat()}"
    quand = f"{date_longue(epreuve.jour)} à {epreuve.heure}"
    if any(r.evaluateur == evenement.evaluateur and r.etat == "accueillie" for r in recusations(SYSTEME, [epreuve.id])):
        ecrire(AFFECTATION, f"{epreuve.id}:{cle}", evenement.evaluateur, evenement.le, _plus_a_evaluer(quand))
    if epreuve.etat in _IL_MANQUE:
        phrase, geste, adresse = _IL_MANQUE[epreuve.etat]
        dire_au_gestionnaire(
            epreuve,
            cle,
            evenement.le,
            Message(
                objet="Il manque un évaluateur à une épreuve",
                titre=f"Il manque un évaluateur à {epreuve.dossier.candidat_nom}, bloc {epreuve.bloc[1:]}",
                paragraphes=(phrase.format(quand=quand),),
                geste=Geste(geste, reverse(adresse, args=[epreuve.id])),
            ),
        )


_IL_MANQUE = {
    "a_planifier": (
        "L’épreuve est prévue le {quand}. Un évaluateur n’en est plus : choisissez son remplaçant.",
        "Affecter",
        "convocations:affecter",
    ),
    "en_cours": (
        "L’épreuve du {quand} a commencé, et un évaluateur n’en est plus. Ce qui est noté est gardé : décidez de la suite.",
        "Décider",
        "evaluation:suites",
    ),
    "suspendue": (
        "L’épreuve du {quand} est suspendue, et un évaluateur n’en est plus. Décidez de sa suite.",
        "Décider",
        "convocations:suite",
    ),
}
"""Ce que le gestionnaire lit d'un évaluateur qui n'est plus, selon l'état de l'épreuve, et où il agit."""


def _plus_a_evaluer(quand: str) -> Message:
    return Message(
        objet=f"Vous n’évaluez plus l’épreuve du {quand}",
        titre="Vous n’avez plus à évaluer cette épreuve",
        paragraphes=(f"Une autre personne évaluera l’épreuve du {quand} à votre place. Vous n’avez rien à faire.",),
        geste=Geste("Voir mes épreuves", reverse("convocations:liste")),
    )
