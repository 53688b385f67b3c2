"""Les blocs acquis sans épreuve d'ici, en mots : d'où on les tient, ce qui les prouve, ce qui peut encore se reconnaître."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from moteur.empreinte import empreinte
from moteur.phrases import enumerer
from moteur.referentiel import Referentiel
from moteur.regles.equivalence_de_bloc import Tenu
from parchemin.comptes.selectors import Droits
from parchemin.parcours.enums import OrigineDeBloc
from parchemin.parcours.permissions import peut_dispenser_de_bloc, peut_reconnaitre, peut_retirer_acquis
from parchemin.parcours.selectors import (
    Acquisitions,
    Reconnaissable,
    VueBlocAcquis,
    VueDossier,
    acquisitions,
    blocs_acquis,
    effets_de_l_acquis,
    obstacles_a_l_acquis,
)
from parchemin.referentiels.selectors import norme, reglement_en_vigueur, version_d_empreinte
from parchemin.socle.acteur import Acteur
from parchemin.socle.composants import Action, Lien, Statut, Ton
from parchemin.socle.horloge import jour_civil
from parchemin.socle.typographie import date_en_clair

STATUTS_ACQUIS = {
    OrigineDeBloc.EQUIVALENCE: Statut(Ton.OUI, "obtenu par équivalence"),
    OrigineDeBloc.REPRISE: Statut(Ton.OUI, "acquis, repris du papier"),
    OrigineDeBloc.DISPENSE: Statut(Ton.OUI, "dispensé"),
}


@dataclass(frozen=True, slots=True)
class LigneAcquis:
    """Un bloc acquis, dans la carte du dossier. `phrase` : vide si la carte du bloc la dit déjà ; `retirer` : pour qui le peut."""

    bloc: str
    statut: Statut
    phrase: str
    retirer: Lien | None = None


@dataclass(frozen=True, slots=True)
class CarteAcquis:
    """Ce qui est acquis autrement, ce qui fut retiré, et ce qui peut encore se reconnaître."""

    lignes: tuple[LigneAcquis, ...]
    retires: tuple[str, ...]
    a_reconnaitre: str
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class ChoixDePreuve:
    """Ce que l'on peut reconnaître : un bloc, ce qui le prouve, ce qui suivra, ce qui l'empêche."""

    valeur: str
    bloc: str
    tenu: Tenu
    libelle: str
    obtenu_le: date | None
    effets: tuple[str, ...]
    obstacles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PageReconnaitre:
    """La page où l'on reconnaît un bloc, ou en dispense. `vus` : l'empreinte des effets montrés."""

    dossier: VueDossier
    choix: tuple[ChoixDePreuve, ...]
    empeches: tuple[ChoixDePreuve, ...]
    effets: tuple[tuple[str, tuple[str, ...]], ...]
    vus: str

    def choisi(self, valeur: str) -> ChoixDePreuve:
        """Le choix de cette valeur, que le formulaire offrait."""
        return next(un for un in self.choix if un.valeur == valeur)


def acquis_en_phrase(vue: VueBlocAcquis) -> str:
    """« Obtenu par équivalence avec RNCP35729 B1, obtenu le 3 mai 2022. Attestation de bloc vue le … par …. »"""
    obtenu = date_en_clair(vue.obtenu_le)
    match vue.origine:
        case OrigineDeBloc.EQUIVALENCE:
            return f"Obtenu par équivalence avec le bloc {vue.de_bloc[1:]} de {vue.de_referentiel}, acquis le {obtenu}. {_vu(vue)}"
        case OrigineDeBloc.REPRISE:
            session = f"session {vue.session}, " if vue.session else ""
            quoi = "la certification entière, parchemin" if vue.bloc == "" else "attestation"
            return f"Repris du papier : {session}{quoi} n° {vue.numero}, acquis le {obtenu}."
        case _:
            return f"Dispensé le {obtenu} : {vue.motif} {_vu(vue)}"


def _vu(vue: VueBlocAcquis) -> str:
    if vue.piece is None or vue.vu_le is None:
        return ""
    return f"{vue.piece.label}, pièce vue le {date_en_clair(vue.vu_le)} par {vue.vu_par_nom}."


def bloc_en_clair(lecteur: Acteur, dossier: VueDossier, vue: VueBlocAcquis) -> str:
    """« Bloc 1 · Gestion de la relation client » ; « La certification entière »."""
    if not vue.bloc:
        return "La certification entière"
    return f"Bloc {vue.bloc[1:]} · {norme(lecteur, dossier.norme_empreinte).bloc(vue.bloc).intitule}"


def retrait_en_phrase(vue: VueBlocAcquis) -> str:
    """« Bloc 1, obtenu par équivalence, retiré le … : … »"""
    quoi = f"Bloc {vue.bloc[1:]}" if vue.bloc else "Certification entière"
    retire = f"retiré le {date_en_clair(jour_civil(vue.retire_le))}" if vue.retire_le else "retiré"
    return f"{quoi}, {STATUTS_ACQUIS[vue.origine].libelle}, {retire} : {vue.retire_pour}"


def carte_acquis(
    lecteur: Acteur, droits: Droits, dossier: VueDossier, vues: Acquisitions, jour: date
) -> CarteAcquis | None:
    """La carte d'un dossier ouvert au lecteur, d'après ses `acquisitions` ; `None` s'il n'y a rien à en dire, ni à y faire."""
    a_juger = dossier.ouvert and set(dossier.blocs) - set(vues.acquis)
    a_reconnaitre, actions = _a_faire(lecteur, droits, dossier, vues, jour) if a_juger else ("", ())
    retires = tuple(
        retrait_en_phrase(une)
        for une in vues.tenus
        if une.retire_le is not None and une.referentiel == dossier.referentiel
    )
    if not (vues.acquis or actions or retires):
        return None
    return CarteAcquis(
        lignes=tuple(
            LigneAcquis(
                f"Bloc {code[1:]}",
                STATUTS_ACQUIS[une.origine],
                "" if code in dossier.blocs else acquis_en_phrase(une),
                Lien("Retirer", reverse("parcours:retirer_acquis", args=[dossier.id, une.id]))
                if _se_retire(droits, dossier, une)
                else None,
            )
            for code, une in vues.acquis.items()
        ),
        retires=retires,
        a_reconnaitre=a_reconnaitre,
        actions=actions,
    )


def _a_faire(
    lecteur: Acteur, droits: Droits, dossier: VueDossier, vues: Acquisitions, jour: date
) -> tuple[str, tuple[Action, ...]]:
    """Ce que l'on sait déjà reconnaissable, et les gestes de qui le peut."""
    phrase, actions = "", []
    if peut_reconnaitre(droits, dossier) and (vues.reconnaissables or vues.prouvables):
        connus = [un.bloc[1:] for un in vues.reconnaissables]
        if connus:
            blocs = f"{'le bloc' if len(connus) == 1 else 'les blocs'} {enumerer(connus)}"
            phrase = f"Ce que cette personne tient déjà ouvre {blocs}."
        adresse = reverse("parcours:reconnaitre", args=[dossier.id])
        actions.append(Action("Reconnaître un bloc", adresse, principale=bool(connus)))
    if peut_dispenser_de_bloc(droits, dossier) and _dispense_permise(lecteur, dossier, jour):
        actions.append(Action("Dispenser d'un bloc", reverse("parcours:dispenser_bloc", args=[dossier.id])))
    return phrase, tuple(actions)


def _se_retire(droits: Droits, dossier: VueDossier, une: VueBlocAcquis) -> bool:
    """D'un dossier clos, seul se retire ce qui est du registre : il vaut aussi ailleurs."""
    return (
        une.retire_le is None
        and (dossier.ouvert or une.origine == OrigineDeBloc.REPRISE)
        and peut_retirer_acquis(droits, une, dossier)
    )


@dataclass(frozen=True, slots=True)
class PageRetirerAcquis:
    """La page où l'on retire un bloc dit acquis. `possible` : faux d'un dossier clos, où `suite` dit pourquoi."""

    dossier: VueDossier
    bloc: str
    phrase: str
    suite: str
    possible: bool


def page_retirer_acquis(lecteur: Acteur, droits: Droits, dossier: VueDossier, une: VueBlocAcquis) -> PageRetirerAcquis:
    """Ce que le retrait changerait à ce dossier, ouvert ou clos."""
    possible = _se_retire(droits, dossier, une)
    if dossier.ouvert:
        suite = "Le bloc sera de nouveau à juger : son carnet est de nouveau attendu. Une épreuve annulée ne revient pas d'elle-même."
    elif possible:
        suite = "Ce dossier est clos : rien n'y change. Le retrait vaut pour le registre et pour les autres dossiers de cette personne."
    else:
        suite = "Ce dossier est clos : ce qui y compte ne bouge plus. Portez-le au jury, qui décide."
    return PageRetirerAcquis(dossier, bloc_en_clair(lecteur, dossier, une), acquis_en_phrase(une), suite, possible)


def _dispense_permise(lecteur: Acteur, dossier: VueDossier, jour: date) -> bool:
    version = version_d_empreinte(lecteur, dossier.norme_empreinte)
    permis: bool = reglement_en_vigueur(lecteur, version, jour).valeur("dispense_de_bloc", "interdite") == "motivee"
    return permis


def page_reconnaitre(lecteur: Acteur, dossier: VueDossier, jour: date) -> PageReconnaitre:
    """Ce que l'on peut reconnaître à ce dossier, ce jour-là : d'abord ce que l'on sait déjà tenu, puis ce que l'on peut prouver."""
    arbre = norme(lecteur, dossier.norme_empreinte)
    vues = acquisitions(lecteur, dossier, jour)
    choix: dict[str, ChoixDePreuve] = {}
    for un in (*vues.reconnaissables, *vues.prouvables):
        une = _choix(dossier, arbre, un)
        choix.setdefault(une.valeur, une)
    return _page(dossier, tuple(sorted(choix.values(), key=lambda un: (un.obtenu_le is None, un.bloc, un.valeur))))


def page_dispenser_bloc(lecteur: Acteur, dossier: VueDossier) -> PageReconnaitre:
    """Les blocs dont on peut dispenser, et ce qui suivrait."""
    arbre = norme(lecteur, dossier.norme_empreinte)
    acquis = blocs_acquis(lecteur, [dossier]).get(dossier.id, {})
    return _page(
        dossier,
        tuple(
            ChoixDePreuve(
                bloc,
                bloc,
                Tenu(""),
                f"Bloc {bloc[1:]} · {arbre.bloc(bloc).intitule}",
                None,
                effets_de_l_acquis(dossier.id, bloc),
                obstacles_a_l_acquis(dossier.id, bloc),
            )
            for bloc in dossier.blocs
            if bloc not in acquis
        ),
    )


def _page(dossier: VueDossier, tous: Sequence[ChoixDePreuve]) -> PageReconnaitre:
    libres = tuple(un for un in tous if not un.obstacles)
    effets = {un.bloc: un.effets for un in libres if un.effets}
    return PageReconnaitre(
        dossier=dossier,
        choix=libres,
        empeches=tuple({un.bloc: un for un in tous if un.obstacles}.values()),
        effets=tuple((f"Bloc {bloc[1:]}", siens) for bloc, siens in sorted(effets.items())),
        vus=empreinte({bloc: list(siens) for bloc, siens in effets.items()}),
    )


def _choix(dossier: VueDossier, arbre: Referentiel, un: Reconnaissable) -> ChoixDePreuve:
    de = un.chaine[0].de
    par = f", en passant par {enumerer([une.vers.referentiel for une in un.chaine[:-1]])}" if len(un.chaine) > 1 else ""
    su = f". {acquis_en_phrase(un.connu)}" if un.connu else ""
    return ChoixDePreuve(
        valeur=f"{de.referentiel} {de.bloc} {un.bloc}",
        bloc=un.bloc,
        tenu=un.tenu,
        libelle=f"Bloc {un.bloc[1:]} · {arbre.bloc(un.bloc).intitule}, par le bloc {de.bloc[1:]} de {de.referentiel}{par}{su}",
        obtenu_le=un.connu.obtenu_le if un.connu else None,
        effets=effets_de_l_acquis(dossier.id, un.bloc),
        obstacles=obstacles_a_l_acquis(dossier.id, un.bloc),
    )
