"""Les convocations d'une épreuve pour qui la gère ; la sienne, pour qui est convoqué ; le jour dit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.forms import BaseForm
from django.urls import reverse

from moteur.etats import CONVOCATION
from moteur.regles.delai_de_convocation import Avis as AvisDeDelai
from moteur.regles.delai_de_convocation import Delai, du_destinataire
from parchemin.convocations.enums import AVANT_L_EPREUVE, Convoque
from parchemin.convocations.selectors import (
    AConvoquer,
    RendezVous,
    VueConvocation,
    VueEpreuve,
    VueIdentite,
    VuePresence,
)
from parchemin.socle.composants import Action, Avis, Lien, Statut, Ton
from parchemin.socle.horloge import jour_civil
from parchemin.socle.typographie import anciennete, date_courte, date_en_clair, date_longue, heure, pluriel

TONS = {
    "envoyee": Ton.ATTENTE,
    "acceptee": Ton.OUI,
    "refusee": Ton.NON,
    "honoree": Ton.OUI,
    "close": Ton.NEUTRE,
    "annulee": Ton.NEUTRE,
}


def statut_convocation(vue: VueConvocation | None) -> Statut:
    """Où en est une convocation, sa forme et son mot."""
    if vue is None:
        return Statut(Ton.ATTENTE, "pas encore convoqué")
    return Statut(TONS[vue.etat], CONVOCATION.etat(vue.etat).intitule.lower())


@dataclass(frozen=True, slots=True)
class LigneConvoque:
    """Une place de l'épreuve : qui la tient, où en est sa convocation, ce que l'on peut y faire."""

    nom: str
    place: str
    statut: Statut
    depuis: str
    phrases: tuple[str, ...]
    gestes: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class PageConvocations:
    """Les convocations d'une épreuve."""

    fil: tuple[Lien, ...]
    titre: str
    quand: str
    lieu: str
    lignes: tuple[LigneConvoque, ...]
    delais: tuple[tuple[str, str], ...]
    bouton: str
    deplacer: Action | None
    ouverte: bool
    formulaire: BaseForm
    avis: Avis | None


def page_convocations(
    epreuve: VueEpreuve,
    rdv: RendezVous,
    places: Sequence[AConvoquer],
    convocations: Sequence[VueConvocation],
    delais: Sequence[Delai],
    formulaire: BaseForm,
    aujourdhui: date,
    *,
    ouverte: bool,
) -> PageConvocations:
    """La page où le gestionnaire convoque, et lit les réponses. `ouverte` : l'épreuve attend encore quelqu'un."""
    faites = {une.personne: une for une in convocations}
    restent = [place for place in places if place.personne not in faites]
    exclus = [
        une
        for une in restent
        if du_destinataire(delais, une.place.destinataire).avis(aujourdhui, rdv.jour) is AvisDeDelai.IMPOSSIBLE
    ]
    lieu = Lien(f"Épreuve du bloc {epreuve.bloc[1:]}", reverse("evaluation:voir", args=[epreuve.id]))
    return PageConvocations(
        fil=(Lien(epreuve.dossier.candidat_nom, reverse("dossier", args=[epreuve.dossier.id])), lieu),
        titre=f"{epreuve.dossier.candidat_nom} · bloc {epreuve.bloc[1:]}",
        quand=rdv.quand,
        lieu=rdv.lieu,
        lignes=tuple(
            _ligne(epreuve, place, faites.get(place.personne), aujourdhui, ouverte=ouverte) for place in places
        ),
        delais=tuple(_delai(place, delais, rdv, aujourdhui) for place in exclus or restent) if ouverte else (),
        bouton=f"Convoquer {pluriel(len(restent), 'personne')}" if ouverte and restent and not exclus else "",
        deplacer=Action("Déplacer l’épreuve", reverse("convocations:deplacer", args=[epreuve.id]), principale=True)
        if ouverte and exclus
        else None,
        ouverte=ouverte,
        formulaire=formulaire,
        avis=None
        if ouverte
        else Avis(Ton.NEUTRE, "Cette épreuve n’attend plus personne", "Il n’y a plus à y convoquer."),
    )


def _ligne(
    epreuve: VueEpreuve, place: AConvoquer, vue: VueConvocation | None, aujourdhui: date, *, ouverte: bool
) -> LigneConvoque:
    phrases = [] if place.adresse else ["Sans adresse connue : remettez-lui sa convocation en main propre."]
    gestes = []
    if vue is not None:
        if vue.derogation:
            phrases.append(f"Convocation tardive : {vue.derogation}")
        if vue.motif:
            phrases.append(f"Motif du refus : {vue.motif}")
        pdf = reverse("convocations:pdf", args=[epreuve.id, vue.id])
        gestes.append(Action("Sa convocation (PDF)", pdf))
        if vue.vit and ouverte and place.adresse and vue.etat == "envoyee":
            gestes.append(
                Action("Renvoyer", reverse("convocations:renvoyer", args=[epreuve.id, vue.id]), methode="post")
            )
        if vue.remplacant is not None and vue.etat == "refusee":
            phrases.append(f"Propose à sa place : {vue.remplacant_nom}")
            gestes.append(_affecter(epreuve, vue))
    return LigneConvoque(
        nom=place.nom,
        place=str(place.place.label),
        statut=statut_convocation(vue) if vue is not None or ouverte else Statut(Ton.NEUTRE, "non convoqué"),
        depuis=anciennete(jour_civil(vue.depuis), aujourdhui) if vue is not None else "",
        phrases=tuple(phrases),
        gestes=tuple(gestes),
    )


def _affecter(epreuve: VueEpreuve, vue: VueConvocation) -> Action:
    """Ouvrir l'affectation avec la personne proposée déjà choisie : c'est le gestionnaire qui décide."""
    choix = {e.qualite.value: str(e.personne) for e in epreuve.evaluateurs} | {vue.place.value: str(vue.remplacant)}
    suite = "&".join(f"{cle}={valeur}" for cle, valeur in choix.items())
    return Action(f"Affecter {vue.remplacant_nom}", f"{reverse('convocations:affecter', args=[epreuve.id])}?{suite}")


def _delai(place: AConvoquer, delais: Sequence[Delai], rdv: RendezVous, aujourdhui: date) -> tuple[str, str]:
    """Qui, et jusqu'à quand le convoquer."""
    delai = du_destinataire(delais, place.place.destinataire)
    match delai.avis(aujourdhui, rdv.jour):
        case AvisDeDelai.A_TEMPS:
            suite = f"à convoquer le {date_en_clair(delai.dernier_jour(rdv.jour))} au plus tard"
        case AvisDeDelai.A_DEROGER:
            suite = f"le délai de {pluriel(delai.jours, 'jour')} est passé : dites pourquoi convoquer maintenant"
        case _:
            suite = f"moins de {pluriel(delai.plancher, 'jour')} de préavis : pas avant le {date_en_clair(delai.premiere_date(aujourdhui))}"
    return place.nom, f"{suite}."


def un_delai_est_passe(
    places: Sequence[AConvoquer], delais: Sequence[Delai], rdv: RendezVous, aujourdhui: date
) -> bool:
    """Vrai si l'une de ces personnes ne se convoque plus qu'avec un motif."""
    return any(
        du_destinataire(delais, une.place.destinataire).avis(aujourdhui, rdv.jour) is AvisDeDelai.A_DEROGER
        for une in places
    )


# Sa convocation -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PageReponse:
    """Sa convocation : quand, où, avec qui ; et sa réponse."""

    titre: str
    statut: Statut
    reponse: str
    quand: str = ""
    lieu: str = ""
    gens: tuple[tuple[str, str], ...] = ()
    pdf: str = ""
    ics: str = ""
    formulaire: BaseForm | None = None
    recuser: Action | None = None
    presence: Action | None = None


RETIREE = PageReponse(
    titre="Votre convocation est retirée",
    statut=Statut(TONS["annulee"], CONVOCATION.etat("annulee").intitule.lower()),
    reponse="Vous n’êtes plus attendu à cette épreuve. Vous n’avez rien à faire.",
)
"""Tout ce qu'apprend qui n'est plus attendu : ni où, ni quand, ni avec qui."""


def page_reponse(
    epreuve: VueEpreuve,
    rdv: RendezVous,
    vue: VueConvocation,
    formulaire: BaseForm | None,
    *,
    pdf: str,
    ics: str,
    presence: Action | None,
    connecte: bool,
) -> PageReponse:
    """La page où l'on répond, de son compte (`connecte`) ou par son lien."""
    recuse = connecte and vue.place is Convoque.CANDIDAT and epreuve.etat in AVANT_L_EPREUVE
    return PageReponse(
        titre=f"Épreuve du bloc {epreuve.bloc[1:]}",
        quand=rdv.quand,
        lieu=rdv.lieu,
        gens=gens(epreuve, vue),
        statut=Statut(Ton.ATTENTE, "réponse attendue") if vue.etat == "envoyee" else statut_convocation(vue),
        reponse=_deja_dit(vue, rdv),
        pdf=pdf,
        ics=ics,
        formulaire=formulaire,
        recuser=Action("Récuser un évaluateur", reverse("convocations:recuser", args=[epreuve.id])) if recuse else None,
        presence=presence,
    )


def gens(epreuve: VueEpreuve, vue: VueConvocation) -> tuple[tuple[str, str], ...]:
    """Avec qui : à chacun ce qui le regarde. Le manager n'apprend pas qui évalue."""
    lignes = []
    if vue.place is not Convoque.CANDIDAT:
        lignes.append((epreuve.dossier.candidat_nom, f"candidat, {epreuve.dossier.organisme_nom}"))
    if vue.place is not Convoque.MANAGER:
        lignes += [(e.nom, str(e.qualite.label)) for e in epreuve.evaluateurs if e.personne != vue.personne]
    return tuple(lignes)


def _deja_dit(vue: VueConvocation, rdv: RendezVous) -> str:
    le = date_en_clair(jour_civil(vue.depuis, rdv.fuseau))
    match vue.etat:
        case "acceptee":
            return f"Vous avez accepté le {le}. Un empêchement ? Vous pouvez encore refuser."
        case "refusee":
            return f"Vous avez refusé le {le}. Vous pouvez encore changer d’avis, tant que personne ne vous remplace."
        case "honoree":
            return f"Votre présence est signée, le {le}."
        case "envoyee":
            return ""
        case _:
            return CONVOCATION.etat(vue.etat).attend


# Le jour dit ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LignePresence:
    """Une personne attendue, et si elle est là."""

    nom: str
    place: str
    statut: Statut
    detail: str
    signer: Action | None
    constater: Action | None


@dataclass(frozen=True, slots=True)
class PagePresence:
    """La feuille de présence d'une épreuve, et l'identité du candidat."""

    fil: tuple[Lien, ...]
    titre: str
    quand: str
    lieu: str
    identite: str
    formulaire: BaseForm | None
    lignes: tuple[LignePresence, ...]
    avis: Avis | None


def page_presence(
    epreuve: VueEpreuve,
    rdv: RendezVous,
    places: Sequence[AConvoquer],
    presences: Mapping[UUID, VuePresence],
    identite: VueIdentite | None,
    formulaire: BaseForm | None,
    lecteur: UUID,
    *,
    le_jour: bool,
) -> PagePresence:
    """`formulaire` : à qui peut contrôler l'identité ; `le_jour` : c'est le jour de l'épreuve, là où elle se tient."""
    controle = formulaire is not None and le_jour
    lieu = Lien(f"Épreuve du bloc {epreuve.bloc[1:]}", reverse("evaluation:voir", args=[epreuve.id]))
    return PagePresence(
        fil=(lieu,),
        titre=f"{epreuve.dossier.candidat_nom} · bloc {epreuve.bloc[1:]}",
        quand=rdv.quand,
        lieu=rdv.lieu,
        identite=f"{identite.moyen.label}, vue par {identite.par_nom} le {_a(identite.le, rdv)}." if identite else "",
        formulaire=formulaire if controle and identite is None else None,
        lignes=tuple(
            LignePresence(
                nom=une.nom,
                place=str(une.place.label),
                statut=Statut(Ton.OUI, "présent") if present else Statut(Ton.ATTENTE, "pas encore signé"),
                detail=_signe(present, rdv) if present else "",
                signer=Action("Signer ma présence", reverse("convocations:signer", args=[epreuve.id]), methode="post")
                if le_jour and present is None and une.personne == lecteur
                else None,
                constater=Action(
                    "Constater sa présence",
                    reverse("convocations:presence", args=[epreuve.id]),
                    methode="post",
                    champs=(("geste", "constater"),),
                )
                if controle and identite is not None and present is None and une.place is Convoque.CANDIDAT
                else None,
            )
            for une in places
            if une.place is not Convoque.MANAGER
            for present in (presences.get(une.personne),)
        ),
        avis=None
        if le_jour
        else Avis(
            Ton.NEUTRE,
            "La feuille s’ouvre le jour de l’épreuve",
            f"L’identité se contrôle et la présence se signe le {date_longue(rdv.jour)}, là où l’épreuve se tient.",
        ),
    )


def _signe(presence: VuePresence, rdv: RendezVous) -> str:
    par = f" ({presence.par_nom})" if presence.moyen.value == "constat" else ""
    return f"{str(presence.moyen.label).capitalize()}{par}, le {_a(presence.le, rdv)}."


def _a(instant: datetime, rdv: RendezVous) -> str:
    return f"{date_courte(jour_civil(instant, rdv.fuseau))} à {heure(instant, rdv.fuseau)}"
