"""Ce qui s'oppose à une épreuve que l'on place à la main : le vérificateur du planificateur le dit, ici en français.

Une seule relecture pour tous : ce que le planificateur refuse à un plan, cette page le refuse à une main.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from parchemin.comptes.selectors import noms
from parchemin.convocations.enums import Qualite
from parchemin.convocations.planificateur.conflits import Effet, effets_hors_salle
from parchemin.convocations.planificateur.instance import (
    AJuger,
    Candidat,
    Engagement,
    Evaluateur,
    Instance,
    Placement,
    Salle,
)
from parchemin.convocations.planificateur.semaine import en_minutes, journees, ouvertures
from parchemin.convocations.planificateur.verificateur import Defaut, Regle, defauts
from parchemin.convocations.selectors.agendas import (
    VueAgenda,
    VueTenue,
    agendas,
    tenues_des_personnes,
    tenues_des_salles,
)
from parchemin.convocations.selectors.epreuves import epreuves_visibles
from parchemin.convocations.selectors.lieux import VueSite, site_de_la_salle, sites_par_ids, trajets
from parchemin.convocations.selectors.reglages import reglages_de_planification
from parchemin.parcours.selectors import VueDossier
from parchemin.socle.acteur import Acteur
from parchemin.socle.horloge import PARIS, jour_civil
from parchemin.socle.typographie import de, heure, pluriel

SANS_SALLE, PERSONNE = "", ""
UN_JOUR = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Voulu:
    """Une épreuve que l'on voudrait placer : quand, combien de minutes, où (`salle` vide : un lieu en toutes lettres), devant qui.

    `epreuve` : celle que l'on déplace, si elle existe déjà ; elle ne se gêne pas elle-même.
    """

    dossier: VueDossier
    bloc: str
    debut: datetime
    duree: int
    salle: UUID | None
    evaluateurs: Mapping[Qualite, UUID]
    epreuve: UUID | None = None

    @property
    def fin(self) -> datetime:
        """L'instant où chacun est de nouveau libre."""
        return self.debut + timedelta(minutes=self.duree)


@dataclass(frozen=True, slots=True)
class Conflit:
    """Ce qui s'oppose, en une phrase qui ne dit que ce que son lecteur a le droit de voir."""

    regle: Regle
    effet: Effet
    phrase: str


def conflits(lecteur: Acteur, voulu: Voulu, jour: date) -> tuple[Conflit, ...]:
    """Ce qui s'oppose à cette place, refus d'abord. Un nombre constant de requêtes. Lève `Introuvable` (la salle).

    En salle, le règlement dit ce que fait chaque conflit ; sans salle, seule une personne déjà prise refuse : on n'en sait pas assez
    du lieu.
    """
    situation = _situation(lecteur, voulu, jour)
    trouves: dict[tuple[Regle, str], Defaut] = {}
    for defaut in defauts(situation.instance, [situation.placement]):
        if defaut.regle in situation.effets:
            trouves.setdefault((defaut.regle, defaut.qui), defaut)
    if not trouves:
        return ()
    mots = _Mots(lecteur, voulu, situation, jour)
    dits = [Conflit(defaut.regle, situation.effets[defaut.regle], mots.phrase(defaut)) for defaut in trouves.values()]
    return tuple(sorted(dits, key=lambda c: c.effet != Effet.REFUS))


@dataclass(frozen=True, slots=True)
class _Situation:
    instance: Instance
    placement: Placement
    effets: Mapping[Regle, Effet]
    site: VueSite | None
    salle_nom: str
    agendas: Mapping[UUID, VueAgenda]
    tenues: Mapping[UUID, tuple[VueTenue, ...]]
    salle_tenue: tuple[VueTenue, ...]
    maximum: int


def _situation(lecteur: Acteur, voulu: Voulu, jour: date) -> _Situation:
    """L'épreuve seule, dans une instance du planificateur : sa salle, ses gens, et ce qui les tient de la veille au lendemain."""
    reglages = reglages_de_planification(lecteur, voulu.dossier.norme_empreinte, jour)
    candidat, evaluateurs = voulu.dossier.candidat, list(dict.fromkeys(voulu.evaluateurs.values()))
    gens = [candidat, *evaluateurs]
    sauf = [voulu.epreuve] if voulu.epreuve else []
    du, au = voulu.debut - UN_JOUR, voulu.fin + UN_JOUR
    carnets = agendas(lecteur, gens)
    tenues = tenues_des_personnes(lecteur, gens, du, au, sauf)
    site = site_de_la_salle(lecteur, voulu.salle) if voulu.salle else None
    salle_tenue = tenues_des_salles(lecteur, [voulu.salle], du, au, sauf)[voulu.salle] if voulu.salle else ()
    autres = {t.site for siennes in tenues.values() for t in siennes} | {a.site for a in carnets.values()}
    sites = sites_par_ids(lecteur, {un for un in autres if un is not None} | ({site.id} if site else set()))
    zone = site.zone if site else PARIS
    du_jour, au_jour = jour_civil(du, zone), jour_civil(au, zone)
    ouvertes = ouvertures(site.heures, zone, du_jour, au_jour) if site and site.heures else ()
    cle_site, cle_salle = (str(site.id), str(voulu.salle)) if site else (SANS_SALLE, SANS_SALLE)
    qui = {
        qualite: str(voulu.evaluateurs[qualite]) if qualite in voulu.evaluateurs else PERSONNE for qualite in Qualite
    }
    instance = Instance(
        salles=(Salle(cle_salle, cle_site, ouvertes or journees(zone, du_jour, au_jour)),),
        evaluateurs=tuple(
            Evaluateur(
                cle=str(personne),
                libre=carnets[personne].libre(du_jour - UN_JOUR, au_jour + UN_JOUR),
                maximum=carnets[personne].maximum or reglages.maximum_par_jour,
                base=str(carnets[personne].site) if carnets[personne].site else None,
                engagements=_engagements(tenues[personne]),
            )
            for personne in evaluateurs
        ),
        candidats=(
            Candidat(
                cle=str(candidat),
                libre=carnets[candidat].libre(du_jour - UN_JOUR, au_jour + UN_JOUR)
                if carnets[candidat].heures or carnets[candidat].ecarts
                else None,
                engagements=_engagements(tenues[candidat]),
            ),
        ),
        epreuves=(
            AJuger("elle", str(candidat), voulu.bloc, voulu.duree, frozenset(qui.values()), frozenset(qui.values())),
        ),
        trajets={
            **trajets(lecteur, sites, reglages.trajet_par_defaut),
            **{frozenset((SANS_SALLE, str(un))): 0 for un in sites},
        },
        occupees={cle_salle: tuple(t.plage for t in salle_tenue)},
    )
    placement = Placement("elle", cle_salle, en_minutes(voulu.debut), qui[Qualite.METIER], qui[Qualite.CERTIFICATEUR])
    noms_des_salles = {s.id: s.nom for s in site.salles} if site else {}
    return _Situation(
        instance,
        placement,
        reglages.effets if site else effets_hors_salle(reglages.effets),
        site,
        noms_des_salles.get(voulu.salle, "") if voulu.salle else "",
        carnets,
        tenues,
        salle_tenue,
        reglages.maximum_par_jour,
    )


def _engagements(tenues: Iterable[VueTenue]) -> tuple[Engagement, ...]:
    return tuple(Engagement(t.plage, t.jour, str(t.site) if t.site else None) for t in tenues)


class _Mots:
    """Un défaut, en français. Ce qui tient une personne ou une salle ne se nomme qu'à qui peut ouvrir l'épreuve en cause."""

    def __init__(self, lecteur: Acteur, voulu: Voulu, situation: _Situation, jour: date) -> None:
        self.voulu, self.situation = voulu, situation
        self.zone = situation.site.zone if situation.site else PARIS
        self.noms = noms(lecteur, [voulu.dossier.candidat, *voulu.evaluateurs.values()])
        toutes = {t.epreuve for siennes in situation.tenues.values() for t in siennes}
        toutes |= {t.epreuve for t in situation.salle_tenue}
        visibles = epreuves_visibles(lecteur, jour).filter(pk__in=toutes).select_related("dossier__candidat")
        self.epreuves = {ligne.pk: f"le bloc {ligne.bloc[1:]} {de(str(ligne.dossier.candidat))}" for ligne in visibles}

    def phrase(self, defaut: Defaut) -> str:
        """Ce défaut, en une phrase."""
        regle = defaut.regle
        if regle == Regle.SALLE_FERMEE:
            return f"{self._salle()} n'est pas ouverte {self._de_a(self.voulu.debut, self.voulu.fin)}."
        if regle == Regle.SALLE_PRISE:
            return f"{self._salle()} est déjà prise {self._par(self.situation.salle_tenue)}."
        nom, qui = self.noms[UUID(defaut.qui)], UUID(defaut.qui)
        if regle in (Regle.CANDIDAT_PRIS, Regle.EVALUATEUR_PRIS):
            return f"{nom} est déjà pris {self._par(self.situation.tenues[qui])}."
        if regle == Regle.CANDIDAT_INDISPONIBLE:
            return f"{nom} ne travaille pas {self._de_a(self.voulu.debut, self.voulu.fin)}."
        if regle == Regle.EVALUATEUR_INDISPONIBLE:
            return f"{nom} n'est pas disponible {self._de_a(self.voulu.debut, self.voulu.fin)}."
        if regle == Regle.TRAJET_TROP_COURT:
            return f"{nom} n'a pas le temps d'aller d'un site à l'autre : {self._voisine(qui)}."
        maximum = self.situation.agendas[qui].maximum or self.situation.maximum
        return f"{nom} évalue déjà {pluriel(maximum, 'épreuve')} ce jour-là, son maximum."

    def _salle(self) -> str:
        site = self.situation.site
        return f"{self.situation.salle_nom} ({site.nom})" if site else self.situation.salle_nom

    def _de_a(self, debut: datetime, fin: datetime) -> str:
        return f"de {heure(debut, self.zone)} à {heure(fin, self.zone)}"

    def _par(self, tenues: Iterable[VueTenue]) -> str:
        """« par le bloc 2 de Nour Haddad, de 9 h 00 à 9 h 45 » à qui peut l'ouvrir ; « à cette heure » aux autres."""
        for tenue in tenues:
            if tenue.debut < self.voulu.fin and self.voulu.debut < tenue.fin and tenue.epreuve in self.epreuves:
                return f"par {self.epreuves[tenue.epreuve]}, {self._de_a(tenue.debut, tenue.fin)}"
        return "à cette heure"

    def _voisine(self, qui: UUID) -> str:
        """L'épreuve la plus proche de cette personne ce jour-là, sur un autre site."""
        ailleurs = [
            t
            for t in self.situation.tenues[qui]
            if t.site and t.site != (self.situation.site and self.situation.site.id)
        ]
        proche = min(ailleurs, key=lambda t: max(t.debut, self.voulu.debut) - min(t.fin, self.voulu.fin))
        return f"une autre épreuve l'y attend {self._de_a(proche.debut, proche.fin)}"
