"""Un représentant métier (sans lien hiérarchique avec celui-ci et qui n'est pas intervenu dans la formation de celui-ci).

« Celui-ci » est le candidat. Ce que chaque lien écarte est une table du règlement (réglage `independance`) : le lien, la
qualité, la voie, et à quelle date il compte. À l'origine : un lien hiérarchique, de proche en proche vers le haut comme vers
le bas, compte le jour de l'épreuve ; avoir été tuteur, manager ou formateur de ce parcours compte à toute date ; en VAE,
toute relation professionnelle ou personnelle, présente ou passée, compte aussi ; avoir siégé dans une délibération annulée
compte pour ce dossier. Un lien né après l'épreuve n'écarte rien, mais se dit au jury. Deux évaluateurs sont deux
personnes ; nul ne juge sa propre épreuve ; qui s'est déclaré lié, ou qu'une récusation a écarté, ne revient pas.

Le registre des évaluateurs et des jurés dit qui est habilité, personne par personne (*intuitu personae*). Ce qu'il faut y
être est un réglage (`habilitation_personnelle`) : à l'origine, qui y a été inscrit ne juge que les jours où son
habilitation vaut ; qui n'y a jamais été inscrit n'est pas écarté pour cela.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from moteur.lignee import Periode

CODE = "EVALUATEUR-ADMISSIBLE"
SOURCE = (
    "Référentiel du CQP Conseiller Offres de Service de la Sécurité sociale, « Evaluation faite par » de chaque bloc ; "
    "code du travail, article D6412-6, pour la VAE ; que ces liens écartent en toute qualité, de proche en proche, est "
    "un réglage par défaut."
)
DEPUIS = "version 2021 du référentiel"
JUSQU_A = None


class QualiteDeJuge(StrEnum):
    """En quelle qualité on juge un candidat."""

    METIER = "metier"
    CERTIFICATEUR = "certificateur"
    JURE = "jure"


class GenreLien(StrEnum):
    """Le genre d'un lien entre un candidat et qui le jugerait. La nature d'un lien personnel n'est jamais dite."""

    TUTORAT = "tutorat"
    ATTESTATION = "attestation"
    FORMATION = "formation"
    ACCOMPAGNEMENT = "accompagnement"
    HIERARCHIQUE = "hierarchique"
    PROFESSIONNEL = "professionnel"
    PERSONNEL = "personnel"
    DELIBERATION_ANNULEE = "deliberation_annulee"


class Portee(StrEnum):
    """À quelle date un lien doit exister pour écarter.

    Le jour de l'épreuve ; ce jour-là ou avant ; ou à quelque date que ce soit, avant comme après.
    """

    JOUR_DE_L_EPREUVE = "jour_de_l_epreuve"
    PRESENT_OU_PASSE = "present_ou_passe"
    TOUTE_DATE = "toute_date"


class ExigenceRegistre(StrEnum):
    """Ce que le règlement demande de l'habilitation personnelle, le jour de l'épreuve.

    Exigée de tous ; exigée à jour de qui a été inscrit au registre ; ou sans effet.
    """

    EXIGEE = "exigee"
    SI_INSCRITE = "si_inscrite"
    SANS_EFFET = "sans_effet"


class Obstacle(StrEnum):
    """Ce qui empêche une personne de juger un candidat, le plus grave d'abord."""

    CANDIDAT = "evaluateur_est_candidat"
    TUTEUR = "evaluateur_est_tuteur"
    MANAGER = "evaluateur_est_manager"
    FORMATEUR = "evaluateur_est_formateur"
    ACCOMPAGNATEUR = "evaluateur_est_accompagnateur"
    HIERARCHIQUE = "evaluateur_lien_hierarchique"
    PROFESSIONNEL = "evaluateur_lien_professionnel"
    PERSONNEL = "evaluateur_lien_personnel"
    DELIBERATION_ANNULEE = "evaluateur_deliberation_annulee"
    DECLARE = "evaluateur_lien_declare"
    RECUSE = "evaluateur_recuse"
    DEUX_QUALITES = "evaluateur_deux_qualites"
    SANS_ROLE = "evaluateur_sans_role"
    NON_HABILITE = "evaluateur_non_habilite"
    HABILITATION_PERSONNELLE = "evaluateur_habilitation_personnelle"


OBSTACLE_DE = {
    GenreLien.TUTORAT: Obstacle.TUTEUR,
    GenreLien.ATTESTATION: Obstacle.MANAGER,
    GenreLien.FORMATION: Obstacle.FORMATEUR,
    GenreLien.ACCOMPAGNEMENT: Obstacle.ACCOMPAGNATEUR,
    GenreLien.HIERARCHIQUE: Obstacle.HIERARCHIQUE,
    GenreLien.PROFESSIONNEL: Obstacle.PROFESSIONNEL,
    GenreLien.PERSONNEL: Obstacle.PERSONNEL,
    GenreLien.DELIBERATION_ANNULEE: Obstacle.DELIBERATION_ANNULEE,
}
"""L'obstacle que fait chaque genre de lien, s'il écarte."""


@dataclass(frozen=True, slots=True)
class Ligne:
    """Une ligne de la table : ce lien écarte en ces qualités, par ces voies (`None` : toutes), à ces dates."""

    lien: GenreLien
    qualites: frozenset[QualiteDeJuge]
    voies: frozenset[str] | None
    portee: Portee

    def concerne(self, qualite: QualiteDeJuge, voie: str) -> bool:
        """Vrai si cette ligne parle de cette qualité et de cette voie."""
        return qualite in self.qualites and (self.voies is None or voie in self.voies)


_TOUTES = frozenset(QualiteDeJuge)
_VAE = frozenset({"vae"})
TABLE_PAR_DEFAUT = (
    Ligne(GenreLien.TUTORAT, _TOUTES, None, Portee.TOUTE_DATE),
    Ligne(GenreLien.ATTESTATION, _TOUTES, None, Portee.TOUTE_DATE),
    Ligne(GenreLien.FORMATION, _TOUTES, None, Portee.TOUTE_DATE),
    Ligne(GenreLien.HIERARCHIQUE, _TOUTES, None, Portee.JOUR_DE_L_EPREUVE),
    Ligne(GenreLien.DELIBERATION_ANNULEE, _TOUTES, None, Portee.TOUTE_DATE),
    Ligne(GenreLien.ACCOMPAGNEMENT, _TOUTES, _VAE, Portee.TOUTE_DATE),
    Ligne(GenreLien.HIERARCHIQUE, _TOUTES, _VAE, Portee.PRESENT_OU_PASSE),
    Ligne(GenreLien.PROFESSIONNEL, _TOUTES, _VAE, Portee.PRESENT_OU_PASSE),
    Ligne(GenreLien.PERSONNEL, _TOUTES, _VAE, Portee.PRESENT_OU_PASSE),
)
"""La table tenue tant qu'un règlement n'en dit pas d'autre ; celle du fichier du référentiel lui est égale."""


@dataclass(frozen=True, slots=True)
class Lien:
    """Un lien daté entre le candidat et la personne que l'on examine."""

    genre: GenreLien
    periode: Periode


@dataclass(frozen=True, slots=True)
class Situation:
    """Une personne devant un candidat, au jour `le` où on la juge.

    `jours_epreuve` : le jour prévu et, s'il diffère, le jour où l'épreuve a commencé (au moins un).
    `tient_l_autre_qualite` : elle est aussi l'autre évaluateur ; `a_le_role` : elle a ce rôle au jour qui compte ;
    `habilite` : son organisme est habilité pour le bloc ce jour-là (`None` : il n'a pas à l'être) ;
    `habilitation_personnelle` : son habilitation au registre vaut ce jour-là (`None` : elle n'y a jamais été inscrite) ;
    `s_est_declaree_liee`, `recusee` : pour ce dossier, l'un ou l'autre l'a déjà écartée.
    """

    qualite: QualiteDeJuge
    voie: str
    le: date
    jours_epreuve: tuple[date, ...]
    liens: tuple[Lien, ...] = ()
    est_le_candidat: bool = False
    tient_l_autre_qualite: bool = False
    a_le_role: bool = True
    habilite: bool | None = None
    habilitation_personnelle: bool | None = None
    exigence_registre: ExigenceRegistre = ExigenceRegistre.SI_INSCRITE
    s_est_declaree_liee: bool = False
    recusee: bool = False


@dataclass(frozen=True, slots=True)
class Avis:
    """Ce qui empêche, et ce qui n'empêche rien mais se dit au jury (le genre d'un lien né après l'épreuve)."""

    obstacles: tuple[Obstacle, ...]
    signalements: tuple[GenreLien, ...]

    @property
    def admissible(self) -> bool:
        """Vrai si rien n'empêche."""
        return not self.obstacles


def examiner(table: Collection[Ligne], situation: Situation) -> Avis:
    """Tous les obstacles, le plus grave d'abord, et les liens à signaler. Pur : tout est dans les deux arguments."""
    ecartants = {
        lien.genre
        for lien in situation.liens
        for ligne in table
        if ligne.lien == lien.genre and ligne.concerne(situation.qualite, situation.voie)
        if _compte(ligne.portee, lien.periode, situation.jours_epreuve)
    }
    tardifs = {
        lien.genre for lien in situation.liens if _ne_apres(lien.periode, situation.jours_epreuve, situation.le)
    } - ecartants
    presents = {OBSTACLE_DE[genre] for genre in ecartants} | {
        obstacle
        for present, obstacle in (
            (situation.est_le_candidat, Obstacle.CANDIDAT),
            (situation.s_est_declaree_liee, Obstacle.DECLARE),
            (situation.recusee, Obstacle.RECUSE),
            (situation.tient_l_autre_qualite, Obstacle.DEUX_QUALITES),
            (not situation.a_le_role, Obstacle.SANS_ROLE),
            (situation.habilite is False, Obstacle.NON_HABILITE),
            (
                _registre_ecarte(situation.exigence_registre, situation.habilitation_personnelle),
                Obstacle.HABILITATION_PERSONNELLE,
            ),
        )
        if present
    }
    return Avis(
        tuple(obstacle for obstacle in Obstacle if obstacle in presents),
        tuple(genre for genre in GenreLien if genre in tardifs),
    )


def _registre_ecarte(exigence: ExigenceRegistre, a_jour: bool | None) -> bool:
    if exigence == ExigenceRegistre.SANS_EFFET:
        return False
    return a_jour is False or (exigence == ExigenceRegistre.EXIGEE and a_jour is None)


def _compte(portee: Portee, periode: Periode, jours: tuple[date, ...]) -> bool:
    if portee == Portee.TOUTE_DATE:
        return True
    if portee == Portee.PRESENT_OU_PASSE:
        return periode.du is None or periode.du <= max(jours)
    return any(periode.contient(jour) for jour in jours)


def _ne_apres(periode: Periode, jours: tuple[date, ...], le: date) -> bool:
    return periode.du is not None and max(jours) < periode.du <= le
