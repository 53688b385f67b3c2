"""La semaine d'un site, jour par jour : qui passe quoi, dans quelle salle, devant qui."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.urls import reverse

from parchemin.convocations.presenters.liste import statut
from parchemin.convocations.selectors import VueEpreuve, VueSite, epreuves_du_site, site
from parchemin.socle.acteur import Acteur
from parchemin.socle.composants import Cellule, Colonne, Lien, Statut, Tableau, Ton
from parchemin.socle.fuseaux import heure_de
from parchemin.socle.horloge import jour_civil
from parchemin.socle.typographie import date_courte, date_longue, heure, pluriel

UNE_SEMAINE = timedelta(days=7)
COLONNES = (
    Colonne("Heure"),
    Colonne("Salle"),
    Colonne("Candidat"),
    Colonne("Bloc"),
    Colonne("Évaluateurs", discrete=True),
    Colonne("État"),
)


@dataclass(frozen=True, slots=True)
class PageSemaine:
    """La semaine d'un site, du lundi au dimanche ; un jour sans épreuve ne se montre que s'il est ouvert."""

    site: VueSite
    titre: str
    resume: str
    jours: tuple[tuple[str, Tableau | None], ...]
    avant: str
    apres: str


def page_semaine(lecteur: Acteur, identifiant: UUID, du: str, maintenant: datetime) -> PageSemaine:
    """La semaine du jour `du` (AAAA-MM-JJ ; la semaine courante sinon) d'un site que tient le lecteur. Lève `Introuvable`."""
    jour = jour_civil(maintenant)
    vue = site(lecteur, identifiant, jour)
    lundi = _lundi(du, jour_civil(maintenant, vue.zone))
    debut = datetime.combine(lundi, time(), tzinfo=vue.zone)
    fin = datetime.combine(lundi + UNE_SEMAINE, time(), tzinfo=vue.zone)
    ouvertes, occupees = epreuves_du_site(lecteur, identifiant, debut, fin, jour)
    salles = {s.id: s.nom for s in vue.salles}
    lignes: dict[date, list[tuple[datetime, tuple[Cellule, ...]]]] = {}
    for une in ouvertes:
        lignes.setdefault(une.jour, []).append((une.prevue_le, _ligne(lecteur, une, salles)))
    for de, a, salle in occupees:
        cellules = (_de_a(de, a, vue), salles[salle], "Un autre organisme", None, None, Statut(Ton.NEUTRE, "occupée"))
        lignes.setdefault(jour_civil(de, vue.zone), []).append((de, cellules))
    ouvrables = {h.jour for h in vue.heures}
    jours = [lundi + timedelta(days=rang) for rang in range(7)]
    return PageSemaine(
        site=vue,
        titre=f"Semaine du {date_courte(lundi)}",
        resume=f"{pluriel(len(ouvertes) + len(occupees), 'épreuve')}, à l'{heure_de(vue.fuseau)}.",
        jours=tuple(
            (date_longue(un).capitalize(), _tableau(un, lignes.get(un, [])))
            for un in jours
            if un in lignes or un.isoweekday() in ouvrables
        ),
        avant=(lundi - UNE_SEMAINE).isoformat(),
        apres=(lundi + UNE_SEMAINE).isoformat(),
    )


def _lundi(du: str, aujourd_hui: date) -> date:
    try:
        voulu = date.fromisoformat(du) if du else aujourd_hui
        return voulu - timedelta(days=voulu.weekday())
    except (ValueError, OverflowError):
        return aujourd_hui - timedelta(days=aujourd_hui.weekday())


def _tableau(jour: date, lignes: list[tuple[datetime, tuple[Cellule, ...]]]) -> Tableau | None:
    if not lignes:
        return None
    rangees = sorted(lignes, key=lambda ligne: (ligne[0], str(ligne[1][1])))
    return Tableau(f"Épreuves du {date_courte(jour)}", COLONNES, tuple(cellules for _, cellules in rangees))


def _ligne(lecteur: Acteur, une: VueEpreuve, salles: dict[UUID, str]) -> tuple[Cellule, ...]:
    fin = une.fin or une.prevue_le
    return (
        f"{heure(une.prevue_le, une.zone)} – {heure(fin, une.zone)}",
        salles[une.salle] if une.salle else None,
        Lien(une.dossier.candidat_nom, reverse("evaluation:voir", args=[une.id])),
        f"Bloc {une.bloc[1:]}",
        ", ".join(e.nom for e in une.evaluateurs) or None,
        statut(lecteur, une),
    )


def _de_a(debut: datetime, fin: datetime, vue: VueSite) -> str:
    return f"{heure(debut, vue.zone)} – {heure(fin, vue.zone)}"
