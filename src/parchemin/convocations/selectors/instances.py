"""De la base à une instance du planificateur : les candidats prêts, qui peut les évaluer, les salles, les heures de chacun.

Deux lectures. `instance_a_planifier` lit tout, une fois, pour la tâche qui planifie. `rafraichie` ne relit que le temps (heures,
absences, épreuves placées depuis) : une page s'en sert pour dire aussitôt ce qui s'oppose au plan. La barrière, elle, se relit épreuve
par épreuve, à l'adoption.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from uuid import UUID

from moteur.regles.evaluateur_admissible import QualiteDeJuge
from parchemin.carnet.selectors import manque_avant_convocation
from parchemin.comptes.selectors import registre_a_jour, tenants_du_role
from parchemin.convocations.enums import ROLE_DE_QUALITE, Qualite
from parchemin.convocations.planificateur.instance import (
    AJuger,
    Candidat,
    Engagement,
    Evaluateur,
    Instance,
    Ouverture,
    Salle,
)
from parchemin.convocations.planificateur.semaine import Heures, ouvertures
from parchemin.convocations.selectors.agendas import VueTenue, agendas, tenues_des_personnes, tenues_des_salles
from parchemin.convocations.selectors.barriere import barriere, habilitations
from parchemin.convocations.selectors.epreuves import blocs_planifies
from parchemin.convocations.selectors.lieux import VueSite, sites_par_ids, trajets
from parchemin.convocations.selectors.reglages import (
    ReglagesDePlanification,
    duree_prevue,
    reglages_de_planification,
)
from parchemin.parcours.selectors import VueDossier, blocs_acquis, dossiers_par_ids, durees_accordees
from parchemin.socle.acteur import Acteur

HEURES_SUPPOSEES = tuple(
    Heures(jour, de, a) for jour in range(1, 6) for de, a in ((time(9), time(12, 30)), (time(13, 30), time(17, 30)))
)
"""Pour un site qui n'a pas dit les siennes : du lundi au vendredi, de 9 h à 12 h 30 et de 13 h 30 à 17 h 30."""


@dataclass(frozen=True, slots=True)
class Periode:
    """Du jour `du` au jour `au`, compris."""

    du: date
    au: date

    @property
    def instants(self) -> tuple[datetime, datetime]:
        """Large d'un jour de chaque côté : tous les fuseaux y tiennent."""
        debut, fin = (datetime.combine(jour, time(), tzinfo=UTC) for jour in (self.du, self.au))
        return debut - timedelta(days=1), fin + timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Lue:
    """Une instance lue, et le maximum d'épreuves par jour de qui n'en a pas dit."""

    instance: Instance
    maximum: int


def cle(dossier: UUID, bloc: str) -> str:
    """La clé d'une épreuve à planifier."""
    return f"{dossier}:{bloc}"


def dossier_et_bloc(cle: str) -> tuple[UUID, str]:
    """Le dossier et le bloc d'une épreuve à planifier."""
    dossier, _, bloc = cle.partition(":")
    return UUID(dossier), bloc


def instance_a_planifier(
    lecteur: Acteur, dossiers: Iterable[UUID], sites: Iterable[UUID], periode: Periode, jour: date
) -> Lue:
    """Ce qui est prêt à planifier de ces dossiers, dans ces sites, sur cette période. Sans contrôle d'accès : pour la tâche."""
    lus = dossiers_par_ids(lecteur, dossiers)
    faits, acquis = blocs_planifies(lecteur, lus), blocs_acquis(lecteur, lus.values())
    admis = _Admis(lecteur, periode, jour)
    epreuves: list[AJuger] = []
    attentes: dict[UUID, int] = {}
    reglages: list[ReglagesDePlanification] = []
    for vue in sorted(lus.values(), key=lambda d: (d.entree_le, str(d.id))):
        prets = [
            bloc
            for bloc in vue.blocs
            if (vue.id, bloc) not in faits
            and bloc not in acquis.get(vue.id, {})
            and manque_avant_convocation(lecteur, vue, bloc, jour) is None
        ]
        if not vue.ouvert or not prets:
            continue
        siens = reglages_de_planification(lecteur, vue.norme_empreinte, jour)
        reglages.append(siens)
        attentes[vue.candidat] = max(attentes.get(vue.candidat, 0), (jour - vue.entree_le).days)
        accordees, cadre = durees_accordees(lecteur, vue.id), admis.devant(vue)
        epreuves += [
            AJuger(
                cle(vue.id, bloc),
                str(vue.candidat),
                bloc,
                duree_prevue(lecteur, vue, bloc, siens, accordees.get(bloc, {})),
                cadre(bloc, Qualite.METIER),
                cadre(bloc, Qualite.CERTIFICATEUR),
            )
            for bloc in prets
        ]
    offerts = sites_par_ids(lecteur, sites)
    evaluateurs = sorted({qui for e in epreuves for qui in e.metiers | e.certificateurs})
    route = min((r.trajet_par_defaut for r in reglages), default=60)
    instance = Instance(
        salles=tuple(
            Salle(str(salle.id), str(site.id), ())
            for site in sorted(offerts.values(), key=lambda s: (s.nom, str(s.id)))
            for salle in site.salles
        ),
        evaluateurs=tuple(Evaluateur(qui, (), 0) for qui in evaluateurs),
        candidats=tuple(Candidat(str(qui), max(0, attente)) for qui, attente in attentes.items()),
        epreuves=tuple(epreuves),
        trajets=trajets(lecteur, offerts, route),
    )
    maximum = min((r.maximum_par_jour for r in reglages), default=0)
    return Lue(rafraichie(lecteur, instance, periode, maximum), maximum)


def rafraichie(
    lecteur: Acteur,
    instance: Instance,
    periode: Periode,
    maximum: int,
    sauf: Iterable[UUID] = (),
    sites: Mapping[UUID, VueSite] | None = None,
) -> Instance:
    """La même, heures et engagements relus. `sauf` : les épreuves nées de ce plan, qui ne se gênent pas ; `sites` : les siens, s'ils sont
    déjà lus. Un nombre constant de requêtes.
    """
    sauf = tuple(sauf)
    evaluateurs, candidats = ([UUID(un.cle) for un in liste] for liste in (instance.evaluateurs, instance.candidats))
    gens = agendas(lecteur, {*evaluateurs, *candidats})
    tenues = tenues_des_personnes(lecteur, {*evaluateurs, *candidats}, *periode.instants, sauf)
    salles = tenues_des_salles(lecteur, [UUID(s.cle) for s in instance.salles], *periode.instants, sauf)
    if sites is None:
        sites = sites_par_ids(lecteur, {UUID(s.site) for s in instance.salles})
    return replace(
        instance,
        salles=tuple(replace(s, ouvertures=_ouvertures(s, sites[UUID(s.site)], periode)) for s in instance.salles),
        evaluateurs=tuple(
            replace(
                e,
                libre=gens[qui].libre(periode.du, periode.au),
                maximum=gens[qui].maximum or maximum,
                base=str(gens[qui].site) if gens[qui].site else None,
                engagements=_engagements(tenues[qui]),
            )
            for e, qui in zip(instance.evaluateurs, evaluateurs, strict=True)
        ),
        candidats=tuple(
            replace(
                c,
                libre=gens[qui].libre(periode.du, periode.au) if gens[qui].heures or gens[qui].ecarts else None,
                engagements=_engagements(tenues[qui]),
            )
            for c, qui in zip(instance.candidats, candidats, strict=True)
        ),
        occupees={str(salle): tuple(t.plage for t in siennes) for salle, siennes in salles.items()},
    )


def _ouvertures(salle: Salle, site: VueSite, periode: Periode) -> tuple[Ouverture, ...]:
    piece = UUID(salle.cle)
    return tuple(
        ouverture
        for ouverture in ouvertures(site.heures or HEURES_SUPPOSEES, site.zone, periode.du, periode.au)
        if any(s.id == piece for s in site.ouvertes(date.fromordinal(ouverture.jour)))
    )


def _engagements(tenues: Iterable[VueTenue]) -> tuple[Engagement, ...]:
    return tuple(Engagement(t.plage, t.jour, str(t.site) if t.site else None) for t in tenues)


class _Admis:
    """Qui la barrière admet, bloc par bloc, sur toute la période : un rôle tenu, un lien ou une habilitation se lisent à ses deux bouts."""

    def __init__(self, lecteur: Acteur, periode: Periode, jour: date) -> None:
        self.lecteur, self.periode, self.jour = lecteur, periode, jour
        self.tenants = cache(self._tenants)
        self.habilites = cache(self._habilites)
        self.inscrits = cache(self._inscrits)

    def _tenants(self, qualite: Qualite, certification: str) -> tuple[UUID, ...]:
        debut, fin = (
            tenants_du_role(self.lecteur, ROLE_DE_QUALITE[qualite], jour, certification)
            for jour in (self.periode.du, self.periode.au)
        )
        return tuple(qui for qui in debut if qui in fin)

    def _habilites(self, certification: str, bloc: str, qualite: Qualite) -> dict[UUID, bool]:
        debut, fin = (
            habilitations(self.lecteur, certification, bloc, qualite, None, jour)
            for jour in (self.periode.du, self.periode.au)
        )
        return {qui: debut.get(qui, True) and fin.get(qui, True) for qui in debut | fin}

    def _inscrits(self, qualite: Qualite) -> dict[UUID, bool]:
        debut, fin = (
            registre_a_jour(self.lecteur, None, ROLE_DE_QUALITE[qualite], jour)
            for jour in (self.periode.du, self.periode.au)
        )
        return {qui: debut.get(qui, False) and fin.get(qui, False) for qui in debut | fin}

    def devant(self, dossier: VueDossier) -> Callable[[str, Qualite], frozenset[str]]:
        """De quoi demander, pour un dossier, qui peut évaluer tel bloc en telle qualité."""
        cadre, code = barriere(self.lecteur, dossier, self.jour), dossier.referentiel_code

        def admis(bloc: str, qualite: Qualite) -> frozenset[str]:
            permis, inscrits = self.habilites(code, bloc, qualite), self.inscrits(qualite)
            return frozenset(
                str(qui)
                for qui in self.tenants(qualite, code)
                if cadre.avis(
                    qui,
                    QualiteDeJuge(qualite.value),
                    jours_epreuve=(self.periode.du, self.periode.au),
                    a_le_role=True,
                    habilite=permis.get(qui),
                    habilitation_personnelle=inscrits.get(qui),
                ).admissible
            )

        return admis
