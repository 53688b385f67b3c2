"""Les horloges d'une VAE, en mots : sur le dossier, à l'accueil de qui la tient, à celui du candidat."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.urls import reverse

from moteur.horloges import EtatHorloge, GenreHorloge, Horloge
from parchemin.comptes.selectors import Droits
from parchemin.parcours.enums import Voie
from parchemin.parcours.permissions import peut_gerer_dossier
from parchemin.parcours.selectors import (
    VueDossier,
    courante,
    etapes_possibles,
    etapes_vae,
    horloges_vae,
    recevable_sans_titre,
)
from parchemin.socle.acteur import Acteur
from parchemin.socle.composants import Action, AFaire, LigneAFaire, Statut, Ton
from parchemin.socle.typographie import anciennete, date_en_clair, date_longue, pluriel

INTITULES = {
    GenreHorloge.RECEVABILITE: "Recevabilité à décider",
    GenreHorloge.CADUCITE: "Caducité de la recevabilité",
    GenreHorloge.JURY: "Jury à tenir",
    GenreHorloge.RESULTAT: "Résultat à notifier",
}
_MOTS = {
    EtatHorloge.EN_COURS: (Ton.INFO, "en cours"),
    EtatHorloge.SUSPENDUE: (Ton.ATTENTE, "suspendu"),
    EtatHorloge.ECHUE: (Ton.NON, "échu"),
    EtatHorloge.TENUE: (Ton.OUI, "tenu"),
    EtatHorloge.TARDIVE: (Ton.NON, "hors délai"),
}
_GESTES = {
    GenreHorloge.RECEVABILITE: ("Décider la recevabilité de", "Passé ce jour, le silence vaut oui."),
    GenreHorloge.CADUCITE: ("Suivre la VAE de", "Sans aucune étape avant ce jour, la recevabilité tombe."),
    GenreHorloge.JURY: ("Réunir le jury de", "Le jury d’une VAE se tient dans le délai du dossier de validation."),
    GenreHorloge.RESULTAT: ("Notifier le résultat de", "Le candidat l’attend par écrit."),
}
SANS_TITRE = (
    "Recevable hors de l'enregistrement de la certification : le candidat ne pourra pas se prévaloir du titre (code du travail, "
    "article L6113-9). Dites-le-lui, et voyez avec lui la version en vigueur."
)


@dataclass(frozen=True, slots=True)
class LigneHorloge:
    """Un délai : son nom, son terme en mots, son état."""

    intitule: str
    terme: str
    statut: Statut


@dataclass(frozen=True, slots=True)
class CarteVae:
    """Les délais d'une VAE et ses étapes (quoi, quand, le mot)."""

    horloges: tuple[LigneHorloge, ...]
    etapes: tuple[tuple[str, str, str], ...]
    inscrire: Action | None
    caducite: Action | None
    avertissement: str = ""


def carte_vae(lecteur: Acteur, droits: Droits, vue: VueDossier, jour: date) -> CarteVae | None:
    """La carte d'un dossier de VAE ouvert au lecteur ; `None` pour une autre voie, ou sans étape inscrite."""
    if vue.voie != Voie.VAE:
        return None
    faites = etapes_vae(lecteur, [vue.id]).get(vue.id, ())
    if not faites:
        return None
    parties = horloges_vae(lecteur, [vue], jour)[vue.id]
    gere = peut_gerer_dossier(droits, vue.organisme, vue.referentiel_code)
    return CarteVae(
        horloges=tuple(
            LigneHorloge(INTITULES[h.genre], _terme(h, jour), Statut(*_MOTS[h.etat(jour)])) for h in parties
        ),
        etapes=tuple((etape.genre.label, date_en_clair(etape.le), etape.mot) for etape in faites),
        inscrire=Action("Inscrire une étape", reverse("parcours:etape_vae", args=[vue.id]))
        if gere and etapes_possibles(vue.etat, faites)
        else None,
        caducite=Action(
            "Constater la caducité", reverse("parcours:constater_caducite", args=[vue.id]), "post", grave=True
        )
        if gere and vue.etat == "recevable" and _echue(parties, GenreHorloge.CADUCITE, jour)
        else None,
        avertissement=SANS_TITRE if gere and recevable_sans_titre(lecteur, vue) else "",
    )


def a_faire_vae(
    dossiers: Iterable[VueDossier], parties: Mapping[UUID, tuple[Horloge, ...]], jour: date
) -> Iterable[AFaire]:
    """Pour qui tient ces dossiers : l'horloge qui court, la plus proche de son terme d'abord."""
    for vue in dossiers:
        horloge = courante(parties.get(vue.id, ()), jour)
        if horloge is None or horloge.echeance is None:
            continue
        geste, pourquoi = _GESTES[horloge.genre]
        echue = horloge.etat(jour) is EtatHorloge.ECHUE
        if horloge.genre is GenreHorloge.CADUCITE and echue:
            pourquoi = "Aucune étape n’a suivi : constatez la caducité, ou inscrivez le motif légitime."
        ligne = LigneAFaire(
            quand=_avant(horloge.echeance, jour),
            titre=f"{geste} {vue.candidat_nom}",
            pourquoi=pourquoi,
            en_retard=echue,
            action=Action("Ouvrir le dossier", reverse("dossier", args=[vue.id])),
        )
        yield AFaire(horloge.echeance, ligne, chez_les_autres=horloge.genre is GenreHorloge.CADUCITE and not echue)


def ligne_du_candidat(vue: VueDossier, parties: Iterable[Horloge], jour: date) -> AFaire | None:
    """Au candidat dont la recevabilité peut tomber : avant quand avancer. Rien quand il attend les autres."""
    horloge = courante(parties, jour)
    if horloge is None or horloge.genre is not GenreHorloge.CADUCITE or horloge.echeance is None:
        return None
    ligne = LigneAFaire(
        quand=_avant(horloge.echeance, jour),
        titre="Avancer votre VAE : déposer votre dossier de validation",
        pourquoi="Sans aucune étape avant ce jour, votre recevabilité tombe. Un empêchement ? Dites-le au gestionnaire.",
        en_retard=horloge.etat(jour) is EtatHorloge.ECHUE,
        action=Action("Ouvrir mon dossier", reverse("dossier", args=[vue.id])),
    )
    return AFaire(horloge.echeance, ligne)


def _echue(parties: Iterable[Horloge], genre: GenreHorloge, jour: date) -> bool:
    return any(h.genre is genre and h.etat(jour) is EtatHorloge.ECHUE for h in parties)


def _avant(echeance: date, jour: date) -> str:
    if echeance == jour:
        return "aujourd’hui"
    return f"avant le {date_longue(echeance)}" if echeance > jour else anciennete(echeance, jour)


def _terme(horloge: Horloge, jour: date) -> str:
    if horloge.arret is not None:
        return f"fait le {date_en_clair(horloge.arret)}" + (
            f", au plus tard le {date_en_clair(horloge.echeance)}" if horloge.echeance else ""
        )
    if horloge.echeance is None:
        return "le délai ne court pas ; il reprendra avec le parcours"
    reste = (horloge.echeance - jour).days
    suite = f"{'il reste' if reste >= 0 else 'dépassé de'} {pluriel(abs(reste), 'jour')}"
    return f"au plus tard le {date_en_clair(horloge.echeance)} ; {suite if reste else 'c’est aujourd’hui'}"
