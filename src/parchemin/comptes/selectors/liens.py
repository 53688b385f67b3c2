"""Lire les liens datés : ceux d'une personne, et sa hiérarchie de proche en proche."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from moteur.lignee import Periode, Rattachement
from parchemin.comptes.enums import GenreDeLien, NatureRole, OrigineDeLien
from parchemin.comptes.models import Lien, Personne
from parchemin.comptes.selectors.fiches_personnes import personnes
from parchemin.comptes.selectors.nommer import chercher
from parchemin.comptes.selectors.portees import roles_en_cours
from parchemin.socle.acteur import Acteur
from parchemin.socle.typographie import date_en_clair

JUGES = (NatureRole.EVALUATEUR_METIER, NatureRole.EVALUATEUR_CERTIFICATEUR, NatureRole.JURE, NatureRole.PRESIDENT_JURY)
TROUVES_MAXIMUM = 20


@dataclass(frozen=True, slots=True)
class VueLien:
    """Un lien qui vaut, tel qu'on le lit depuis l'une des deux personnes."""

    id: UUID
    genre: GenreDeLien
    de: UUID
    de_nom: str
    vers: UUID
    vers_nom: str
    periode: Periode
    session: str
    blocs: tuple[str, ...]
    dossier: UUID | None
    origine: OrigineDeLien
    instant: datetime
    remplace: UUID | None

    def autre(self, *fiches: UUID) -> UUID:
        """L'autre personne du lien, vu de celle-ci (une fiche, ou celles réunies)."""
        return self.vers if self.de in fiches else self.de


def dates_du_lien(periode: Periode) -> str:
    """« depuis le 1er janvier 2026, jusqu’au 1er juin 2026 non compris »."""
    debut = f"depuis le {date_en_clair(periode.du)}" if periode.du else "depuis une date inconnue"
    return f"{debut}, jusqu’au {date_en_clair(periode.au)} non compris" if periode.au else debut


def liens_valant() -> QuerySet[Lien]:
    """Les liens qu'aucun autre ne remplace, et qui n'annulent rien."""
    return Lien.objects.filter(suite=None, annule=False)


def liens_de(lecteur: Acteur, *fiches: UUID) -> tuple[VueLien, ...]:
    """Tous les liens directs d'une personne, passés compris, les plus récents d'abord. Une requête. Sans contrôle d'accès.

    Plusieurs `fiches` : celles, réunies, d'une même personne.
    """
    lignes = liens_valant().filter(Q(de_id__in=fiches) | Q(vers_id__in=fiches)).select_related("de", "vers")
    return tuple(map(_vue, lignes.order_by("-instant", "pk")))


def liens_a_la_date(lecteur: Acteur, personne: UUID, jour: date) -> tuple[VueLien, ...]:
    """Les liens directs d'une personne ce jour-là. Une requête."""
    return tuple(lien for lien in liens_de(lecteur, personne) if lien.periode.contient(jour))


def histoire_du_lien(lecteur: Acteur, lien: UUID) -> tuple[VueLien, ...]:
    """Ce lien, puis ceux qu'il remplace, du plus récent au plus ancien."""
    suite = []
    ligne = Lien.objects.filter(pk=lien).select_related("de", "vers").first()
    while ligne is not None:
        suite.append(_vue(ligne))
        ligne = Lien.objects.filter(suite=ligne).select_related("de", "vers").first()
    return tuple(suite)


_RATTACHEMENTS = """
SELECT agent, responsable, du, au FROM (
WITH RECURSIVE depart AS (
    SELECT COALESCE(alias_de_id, id) AS personne FROM comptes_personne WHERE id = ANY(%(depart)s::uuid[])
), dessus (personne) AS (
    SELECT personne FROM depart
    UNION SELECT COALESCE(v.alias_de_id, v.id) FROM dessus CROSS JOIN LATERAL (
        SELECT l.vers_id FROM comptes_lien l WHERE l.de_id = dessus.personne AND l.genre = 'hierarchique' AND NOT l.annule
          AND NOT EXISTS (SELECT 1 FROM comptes_lien s WHERE s.remplace_id = l.id)
        UNION ALL
        SELECT l.vers_id FROM comptes_personne a JOIN comptes_lien l ON l.de_id = a.id
        WHERE a.alias_de_id = dessus.personne AND l.genre = 'hierarchique' AND NOT l.annule
          AND NOT EXISTS (SELECT 1 FROM comptes_lien s WHERE s.remplace_id = l.id)
    ) AS l JOIN comptes_personne v ON v.id = l.vers_id
), dessous (personne) AS (
    SELECT personne FROM depart
    UNION SELECT COALESCE(d.alias_de_id, d.id) FROM dessous CROSS JOIN LATERAL (
        SELECT l.de_id FROM comptes_lien l WHERE l.vers_id = dessous.personne AND l.genre = 'hierarchique' AND NOT l.annule
          AND NOT EXISTS (SELECT 1 FROM comptes_lien s WHERE s.remplace_id = l.id)
        UNION ALL
        SELECT l.de_id FROM comptes_personne a JOIN comptes_lien l ON l.vers_id = a.id
        WHERE a.alias_de_id = dessous.personne AND l.genre = 'hierarchique' AND NOT l.annule
          AND NOT EXISTS (SELECT 1 FROM comptes_lien s WHERE s.remplace_id = l.id)
    ) AS l JOIN comptes_personne d ON d.id = l.de_id
), agents AS (
    SELECT personne AS id FROM dessus
    UNION SELECT a.id FROM dessus JOIN comptes_personne a ON a.alias_de_id = dessus.personne
), responsables AS (
    SELECT personne AS id FROM dessous
    UNION SELECT a.id FROM dessous JOIN comptes_personne a ON a.alias_de_id = dessous.personne
), choisis AS (
    SELECT l.id, l.de_id, l.vers_id, l.du, l.au FROM agents JOIN comptes_lien l ON l.de_id = agents.id
    WHERE l.genre = 'hierarchique' AND NOT l.annule
    UNION SELECT l.id, l.de_id, l.vers_id, l.du, l.au FROM responsables JOIN comptes_lien l ON l.vers_id = responsables.id
    WHERE l.genre = 'hierarchique' AND NOT l.annule
)
SELECT COALESCE(d.alias_de_id, d.id) AS agent, COALESCE(v.alias_de_id, v.id) AS responsable, l.du, l.au
FROM choisis l JOIN comptes_personne d ON d.id = l.de_id JOIN comptes_personne v ON v.id = l.vers_id
WHERE NOT EXISTS (SELECT 1 FROM comptes_lien s WHERE s.remplace_id = l.id)
) AS maillons
ORDER BY agent, responsable, du, au
"""
"""De proche en proche par les index (`lien_de`, `lien_vers`) : le coût suit la taille de la lignée, non celle de la maison."""


def rattachements(lecteur: Acteur, personnes: Iterable[UUID]) -> tuple[Rattachement, ...]:
    """Tous les rattachements d'où ces personnes se rejoignent, vers le haut et vers le bas, à toute date. Une requête.

    L'`UNION` de la requête ne revisite personne : une boucle dans les saisies s'arrête d'elle-même. Les dates, et ce qui
    fait une chaîne, sont l'affaire du moteur (`moteur.lignee`). Des fiches réunies comptent pour une : la fiche gardée.
    """
    depart = list(personnes)
    with connection.cursor() as curseur:
        curseur.execute(_RATTACHEMENTS, {"depart": depart})
        return tuple(
            Rattachement(str(agent), str(responsable), Periode(du, au)) for agent, responsable, du, au in curseur
        )


def personnes_a_lier(lecteur: Acteur, jour: date, recherche: str) -> tuple[tuple[UUID, str], ...]:
    """Qui répond à cette recherche parmi les personnes du lecteur et qui peut juger, d'où que ce soit ; vingt au plus."""
    if not recherche.strip():
        return ()
    lignes = chercher(peuvent_etre_liees(lecteur, jour), recherche)
    trouvees = lignes.order_by("cle_tri", "pk").values_list("pk", "prenom", "nom")[:TROUVES_MAXIMUM]
    return tuple((pk, f"{prenom} {nom}") for pk, prenom, nom in trouvees)


def peuvent_etre_liees(lecteur: Acteur, jour: date) -> QuerySet[Personne]:
    """Les personnes du lecteur, et qui peut juger, d'où que ce soit : un lien en joint deux, dont une des siennes."""
    juges = roles_en_cours(jour).filter(personne=OuterRef("pk"), nature__in=JUGES)
    siennes = personnes(lecteur, jour).order_by().values("pk")
    return Personne.objects.filter(Exists(juges) | Q(pk__in=siennes), alias_de=None)


def _vue(ligne: Lien) -> VueLien:
    return VueLien(
        id=ligne.pk,
        genre=GenreDeLien(ligne.genre),
        de=ligne.de_id,
        de_nom=str(ligne.de),
        vers=ligne.vers_id,
        vers_nom=str(ligne.vers),
        periode=Periode(ligne.du, ligne.au),
        session=ligne.session,
        blocs=tuple(ligne.blocs),
        dossier=ligne.dossier,
        origine=OrigineDeLien(ligne.origine),
        instant=ligne.instant,
        remplace=ligne.remplace_id,
    )
