"""Un plan d'épreuves, semaine par semaine : qui, où, devant qui, et ce qui s'y oppose."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from django.urls import reverse

from parchemin.comptes.selectors import Droits
from parchemin.convocations.enums import EtatDePlan
from parchemin.convocations.permissions import peut_planifier
from parchemin.convocations.planificateur.fichier import instant
from parchemin.convocations.planificateur.instance import Placement
from parchemin.convocations.planificateur.pourquoi import Relachement, pourquoi
from parchemin.convocations.planificateur.retouche import sans
from parchemin.convocations.planificateur.verificateur import Defaut, Regle
from parchemin.convocations.presenters.tete_de_plan import avis, resume
from parchemin.convocations.selectors.instances import dossier_et_bloc
from parchemin.convocations.selectors.plans import VueLaissee, VuePlan
from parchemin.socle.composants import Avis, Lien
from parchemin.socle.horloge import PARIS, jour_civil
from parchemin.socle.typographie import date_courte, date_en_clair, date_longue, de, heure, pluriel

RELACHER = {
    Relachement.MAXIMUM: "une épreuve de plus ce jour-là pour un évaluateur",
    Relachement.HEURES_DU_CANDIDAT: "les heures de travail du candidat",
    Relachement.OUVERTURE: "une heure de plus, avant et après, dans les salles",
    Relachement.DISPONIBILITE: "un évaluateur libre un jour de plus",
    Relachement.SALLE: "une salle de plus",
    Relachement.PERIODE: "une semaine de plus",
    Relachement.ADMISSIBLE: "un évaluateur de plus que rien n'écarte",
}
"""Ce qu'il suffit de relâcher, en mots."""


@dataclass(frozen=True, slots=True)
class LigneDePlan:
    """Une épreuve du plan. `url` : la page qui la déplace (vide si le lecteur ne le peut pas), ou celle de l'épreuve née (`inscrite`)."""

    cle: str
    quand: str
    candidat: str
    bloc: str
    oppose: tuple[str, ...]
    url: str
    inscrite: bool
    refus: str

    @property
    def ancre(self) -> str:
        """Où elle se trouve dans la page."""
        return ancre(self.cle)


@dataclass(frozen=True, slots=True)
class VacationDePlan:
    """Une salle, un jour, une paire, des épreuves qui se suivent. Vide : la salle est libre."""

    salle: str
    salle_cle: str
    site: str
    quand: str
    metier: str
    metier_cle: str
    certificateur: str
    certificateur_cle: str
    lignes: tuple[LigneDePlan, ...]


@dataclass(frozen=True, slots=True)
class JourDePlan:
    """Un jour où une salle au moins est ouverte."""

    titre: str
    court: str
    iso: str
    vacations: tuple[VacationDePlan, ...]
    libres: tuple[VacationDePlan, ...]

    @property
    def compte(self) -> str:
        """« 12 épreuves », rien s'il n'y en a pas."""
        combien = sum(len(v.lignes) for v in self.vacations)
        return pluriel(combien, "épreuve") if combien else ""


@dataclass(frozen=True, slots=True)
class LaisseeDePlan:
    """Une épreuve sans place, pourquoi, et où la placer soi-même."""

    candidat: str
    bloc: str
    pourquoi: str
    url: str


@dataclass(frozen=True, slots=True)
class Issue:
    """Ce qui donnerait une place à une épreuve qui n'en a pas de bonne. `champs` : de quoi la prendre d'un geste, si elle est libre."""

    phrase: str
    champs: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PageDePlan:
    """Une semaine d'un plan."""

    plan: VuePlan
    avis: tuple[Avis, ...]
    resume: str
    semaines: tuple[Lien, ...]
    jours: tuple[JourDePlan, ...]
    laissees: tuple[LaisseeDePlan, ...]
    en_route: bool
    retouchable: bool
    adoptable: bool
    titre_semaine: str


def page_de_plan(
    plan: VuePlan, demandee: str | None, maintenant: datetime, droits: Droits, *, solveur: bool
) -> PageDePlan:
    """La semaine demandée (« 2026-03-02 », un lundi) ou la première où il se passe quelque chose."""
    lundis = _lundis(plan)
    courante = next((lundi for lundi in lundis if lundi.isoformat() == demandee), _premiere(plan, lundis))
    return PageDePlan(
        plan=plan,
        avis=tuple(avis(plan, maintenant, solveur=solveur)),
        resume=resume(plan),
        semaines=tuple(
            Lien(f"Semaine du {date_courte(lundi)}", adresse_de_semaine(plan, lundi), courant=lundi == courante)
            for lundi in lundis
        ),
        jours=tuple(_jours(plan, courante, droits)) if courante else (),
        laissees=tuple(_laissee(plan, une, droits) for une in plan.laissees if une.epreuve not in plan.ailleurs),
        en_route=plan.en_route(maintenant),
        retouchable=plan.etat == EtatDePlan.PROPOSE,
        adoptable=plan.etat == EtatDePlan.PROPOSE and bool(plan.reste),
        titre_semaine=f"Semaine du {date_en_clair(courante)}" if courante else "",
    )


def adresse_de_semaine(plan: VuePlan, jour: date) -> str:
    """La page du plan, à la semaine de ce jour."""
    lundi = jour - timedelta(days=jour.weekday())
    return f"{reverse('convocations:plan', args=[plan.id])}?semaine={lundi.isoformat()}"


def phrase(plan: VuePlan, defaut: Defaut) -> str:
    """Un défaut, en une phrase courte, pour qui prépare le plan."""
    autre = f" ({intitule(plan, defaut.avec)})" if defaut.avec and plan.visible(defaut.avec) else ""
    if defaut.regle in (Regle.SALLE_PRISE, Regle.SALLE_FERMEE, Regle.SALLE_INCONNUE):
        salle = plan.salles[defaut.qui][0].nom if defaut.qui in plan.salles else "Cette salle"
        return {
            Regle.SALLE_PRISE: f"{salle} est déjà prise à cette heure{autre}.",
            Regle.SALLE_FERMEE: f"{salle} n'est pas ouverte tout ce temps.",
            Regle.SALLE_INCONNUE: "Cette salle n'est plus offerte.",
        }[defaut.regle]
    qui = plan.nom(defaut.qui) if defaut.qui else ""
    return {
        Regle.CANDIDAT_PRIS: f"{qui} est déjà pris à cette heure{autre}.",
        Regle.EVALUATEUR_PRIS: f"{qui} est déjà pris à cette heure{autre}.",
        Regle.CANDIDAT_INDISPONIBLE: f"{qui} ne travaille pas à cette heure.",
        Regle.EVALUATEUR_INDISPONIBLE: f"{qui} n'est pas disponible à cette heure.",
        Regle.EVALUATEUR_ECARTE: f"{qui} ne peut pas évaluer cette épreuve.",
        Regle.EVALUATEUR_INCONNU: "Cette personne n'est plus évaluatrice.",
        Regle.DEUX_QUALITES: f"{qui} ne peut pas tenir les deux places.",
        Regle.TRAJET_TROP_COURT: f"{qui} n'a pas le temps d'aller d'un site à l'autre{autre}.",
        Regle.MAXIMUM_DEPASSE: f"{qui} dépasse son maximum de la journée.",
    }.get(defaut.regle, "Cette place ne convient pas.")


def ancre(cle: str) -> str:
    """L'identifiant d'une épreuve dans la page."""
    return cle.replace(":", "-")


def intitule(plan: VuePlan, epreuve: str) -> str:
    """« le bloc 2 de Nour Haddad »."""
    return f"le bloc {dossier_et_bloc(epreuve)[1][1:]} {de(plan.dossier(epreuve).candidat_nom)}"


def pourquoi_laissee(plan: VuePlan, laissee: VueLaissee) -> str:
    """Ce qu'il suffirait de relâcher pour qu'elle ait une place."""
    if laissee.libre:
        return "Une place est libre pour elle."
    if not laissee.relacher:
        return "Rien de ce qu'on sait relâcher n'y suffit : essayez à la main."
    choses = " et ".join(RELACHER[une] for une in laissee.relacher)
    gens = " et ".join(plan.nom(qui) for qui in laissee.qui)
    return f"Il suffirait de ceci : {choses}{f' ({gens})' if gens else ''}."


def issue(plan: VuePlan, epreuve: str) -> Issue:
    """Une place libre pour cette épreuve, les autres restant où elles sont ; à défaut, la plus petite chose à relâcher."""
    reponse = pourquoi(plan.instance, sans(plan.plan, epreuve), epreuve)
    place = reponse.placement
    if place is None or reponse.relacher:
        return Issue(pourquoi_laissee(plan, VueLaissee(epreuve, reponse.relacher, reponse.qui)))
    zone = zone_de(plan, place.salle)
    local = instant(place.debut).astimezone(zone)
    site, salle = _nom_de_salle(plan, place.salle)
    return Issue(
        f"Une place est libre : {date_longue(local.date())}, {heure(local, zone)}, {salle} ({site}), devant "
        f"{plan.nom(place.metier)} et {plan.nom(place.certificateur)}.",
        (
            ("jour", local.date().isoformat()),
            ("heure", f"{local:%H:%M}"),
            ("salle", place.salle),
            ("metier", place.metier),
            ("certificateur", place.certificateur),
            ("version", str(plan.version)),
        ),
    )


def zone_de(plan: VuePlan, salle: str) -> ZoneInfo:
    """Le fuseau du site d'une salle."""
    return plan.salles[salle][1].zone if salle in plan.salles else PARIS


# La semaine -----------------------------------------------------------------------------------------------------------


def _lundis(plan: VuePlan) -> list[date]:
    jours = {date.fromordinal(o.jour) for s in plan.instance.salles for o in s.ouvertures}
    jours |= {jour_du_placement(plan, p) for p in plan.plan}
    return sorted({jour - timedelta(days=jour.weekday()) for jour in jours})


def _premiere(plan: VuePlan, lundis: Sequence[date]) -> date | None:
    placees = sorted(jour_du_placement(plan, p) for p in plan.montres)
    if placees:
        return placees[0] - timedelta(days=placees[0].weekday())
    return lundis[0] if lundis else None


def jour_du_placement(plan: VuePlan, placement: Placement) -> date:
    """Le jour d'un placement, à l'horloge de son site."""
    return jour_civil(instant(placement.debut), zone_de(plan, placement.salle))


def _jours(plan: VuePlan, lundi: date, droits: Droits) -> Iterable[JourDePlan]:
    par_jour: dict[date, list[Placement]] = {}
    for placement in plan.plan:
        par_jour.setdefault(jour_du_placement(plan, placement), []).append(placement)
    for rang in range(7):
        jour = lundi + timedelta(days=rang)
        ouvertes = [s.cle for s in plan.instance.salles if any(o.jour == jour.toordinal() for o in s.ouvertures)]
        siens = par_jour.get(jour, [])
        if not ouvertes and not siens:
            continue
        yield JourDePlan(
            titre=date_longue(jour).capitalize(),
            court=date_longue(jour).capitalize().removesuffix(f" {jour.year}"),
            iso=jour.isoformat(),
            vacations=tuple(_vacations(plan, [p for p in siens if plan.visible(p.epreuve)], droits)),
            libres=tuple(_libre(plan, cle) for cle in ouvertes if all(p.salle != cle for p in siens)),
        )


def _vacations(plan: VuePlan, placements: Iterable[Placement], droits: Droits) -> Iterable[VacationDePlan]:
    ranges = sorted(placements, key=lambda p: (_nom_de_salle(plan, p.salle), p.debut, p.epreuve))
    for (salle, metier, certificateur), groupe in groupby(ranges, key=lambda p: (p.salle, p.metier, p.certificateur)):
        siens, zone = list(groupe), zone_de(plan, salle)
        fin = max(plan.instance.plage(p).fin for p in siens)
        yield VacationDePlan(
            salle=_nom_de_salle(plan, salle)[1],
            salle_cle=salle,
            site=_nom_de_salle(plan, salle)[0],
            quand=f"{heure(instant(siens[0].debut), zone)} – {heure(instant(fin), zone)}",
            metier=plan.nom(metier),
            metier_cle=metier,
            certificateur=plan.nom(certificateur),
            certificateur_cle=certificateur,
            lignes=tuple(_ligne(plan, p, zone, droits) for p in siens),
        )


def _nom_de_salle(plan: VuePlan, salle: str) -> tuple[str, str]:
    """Le site, puis la salle."""
    piece = plan.salles.get(salle)
    return (piece[1].nom, piece[0].nom) if piece else ("", "Salle retirée")


def _libre(plan: VuePlan, salle: str) -> VacationDePlan:
    site, nom = _nom_de_salle(plan, salle)
    return VacationDePlan(nom, salle, site, "", "", "", "", "", ())


def _ligne(plan: VuePlan, placement: Placement, zone: ZoneInfo, droits: Droits) -> LigneDePlan:
    cle = placement.epreuve
    bloc = dossier_et_bloc(cle)[1]
    nee = plan.faits.get(cle)
    ailleurs = ("Ce bloc a déjà son épreuve, planifiée ailleurs.",) if cle in plan.ailleurs else ()
    return LigneDePlan(
        cle=cle,
        quand=heure(instant(placement.debut), zone),
        candidat=plan.dossier(cle).candidat_nom,
        bloc=f"Bloc {bloc[1:]}",
        oppose=(*ailleurs, *(phrase(plan, d) for d in plan.defauts.get(cle, ()))),
        url=reverse("evaluation:voir", args=[nee]) if nee else adresse_de_l_epreuve(plan, cle, droits),
        inscrite=nee is not None,
        refus=plan.refuses.get(cle, ""),
    )


def adresse_de_l_epreuve(plan: VuePlan, cle: str, droits: Droits) -> str:
    """La page qui déplace une épreuve du plan ; vide si le lecteur ne la planifie pas (la sienne, s'il est le candidat)."""
    if not peut_planifier(droits, plan.dossier(cle)):
        return ""
    return reverse("convocations:plan_epreuve", args=[plan.id, *dossier_et_bloc(cle)])


def _laissee(plan: VuePlan, une: VueLaissee, droits: Droits) -> LaisseeDePlan:
    bloc = dossier_et_bloc(une.epreuve)[1]
    return LaisseeDePlan(
        plan.dossier(une.epreuve).candidat_nom,
        f"Bloc {bloc[1:]}",
        pourquoi_laissee(plan, une),
        adresse_de_l_epreuve(plan, une.epreuve, droits),
    )
