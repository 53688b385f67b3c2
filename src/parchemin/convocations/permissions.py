"""Qui planifie et qui affecte, et sinon pourquoi."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from moteur.regles.evaluateur_admissible import Obstacle
from moteur.regles.second_regard import Empechement
from parchemin.comptes.enums import EVALUATEURS, NatureRole
from parchemin.comptes.permissions import derive
from parchemin.comptes.selectors import Droits
from parchemin.convocations.enums import ROLE_DE_QUALITE
from parchemin.convocations.selectors import Tiers, VueEpreuve
from parchemin.parcours.selectors import VueDossier
from parchemin.socle.acteur import Acteur
from parchemin.socle.refus import RefusDroit

RAISONS = {
    Obstacle.CANDIDAT: "c'est le candidat lui-même",
    Obstacle.TUTEUR: "tuteur du candidat, maintenant ou auparavant, pour ce parcours",
    Obstacle.MANAGER: "manager du candidat, maintenant ou auparavant, pour ce parcours",
    Obstacle.FORMATEUR: "formateur du candidat",
    Obstacle.ACCOMPAGNATEUR: "accompagnateur du candidat",
    Obstacle.HIERARCHIQUE: "lien hiérarchique avec le candidat",
    Obstacle.PROFESSIONNEL: "relation professionnelle avec le candidat, présente ou passée",
    Obstacle.PERSONNEL: "lien personnel avec le candidat",
    Obstacle.DELIBERATION_ANNULEE: "membre d'une délibération annulée de ce dossier",
    Obstacle.DECLARE: "s'est déclaré lié au candidat",
    Obstacle.RECUSE: "récusé par le candidat, récusation accueillie",
    Obstacle.DEUX_QUALITES: "une même personne ne peut pas tenir les deux qualités",
    Obstacle.SANS_ROLE: "n'a pas ce rôle à cette date",
    Obstacle.NON_HABILITE: "son organisme n'est pas habilité pour ce bloc à cette date",
    Obstacle.HABILITATION_PERSONNELLE: "son habilitation personnelle, au registre, ne vaut pas à cette date",
}
"""Ce qui se dit d'un obstacle : le genre du lien, jamais la nature d'un lien personnel."""


def verifier_peut_planifier(droits: Droits, dossier: VueDossier) -> None:
    """Planifier, affecter, annuler : le gestionnaire de l'organisme, jamais pour son propre dossier.

    Lève `RefusDroit("planification_reservee" | "cause_propre")`.
    """
    if not droits.couvre(NatureRole.GESTIONNAIRE, dossier.organisme, dossier.referentiel_code):
        raise RefusDroit("planification_reservee", "Les épreuves d'un candidat se planifient par son gestionnaire.")
    if est_en_cause(droits, dossier.candidat):
        raise RefusDroit(
            "cause_propre",
            f"C'est votre propre dossier : un autre gestionnaire de l'organisme le tient à votre place. {SANS_AUTRE}",
        )


def verifier_peut_trancher(droits: Droits, dossier: VueDossier, recuse: UUID) -> None:
    """Répondre à une récusation : qui planifie, sauf l'évaluateur récusé. Lève `RefusDroit`, comme `verifier_peut_planifier`."""
    verifier_peut_planifier(droits, dossier)
    if est_en_cause(droits, recuse):
        raise RefusDroit(
            "cause_propre",
            f"C'est vous que le candidat récuse : un autre gestionnaire de l'organisme lui répond. {SANS_AUTRE}",
        )


SANS_AUTRE = "S'il n'y en a pas, un administrateur peut en nommer un."


def est_en_cause(droits: Droits, personne: UUID) -> bool:
    """Vrai pour cette personne, et pour qui agit par délégation d'elle."""
    return droits.acteur is not None and personne in (droits.acteur.id, droits.acteur.par_delegation_de)


def verifier_peut_lister(droits: Droits) -> None:
    """Ouvrir la liste des épreuves. Lève `RefusDroit("liste_reservee")`."""
    if not (droits.est_gestionnaire or any(droits.a(nature) for nature in EVALUATEURS)):
        raise RefusDroit("liste_reservee", "La liste des épreuves s'ouvre aux gestionnaires et aux évaluateurs.")


def verifier_peut_tenir_les_lieux(droits: Droits, organisme: UUID | None = None) -> None:
    """Tenir les sites et les salles de cet organisme (`None` : d'un organisme au moins) : son gestionnaire. Lève `RefusDroit("lieux_reserves")`."""
    if not _gere(droits, organisme):
        raise RefusDroit("lieux_reserves", "Les sites et les salles d'un organisme sont tenus par ses gestionnaires.")


def verifier_peut_preparer_un_plan(droits: Droits, organisme: UUID | None = None) -> None:
    """Demander, retoucher, adopter le plan de cet organisme (`None` : d'un organisme au moins) : son gestionnaire.

    Lève `RefusDroit("planification_reservee")`. L'adoption revérifie chaque dossier.
    """
    if not _gere(droits, organisme):
        raise RefusDroit("planification_reservee", "Un plan d'épreuves se prépare par un gestionnaire de l'organisme.")


def _gere(droits: Droits, organisme: UUID | None) -> bool:
    """Vrai pour le gestionnaire de cet organisme, ou (`None`) d'un organisme au moins."""
    tenus = droits.connait(NatureRole.GESTIONNAIRE)
    return tenus is None or bool(organisme in tenus if organisme else tenus)


def verifier_peut_revoir_agenda(acteur: Acteur, droits: Droits, personne: UUID, *, connue: bool) -> None:
    """Lire et revoir les disponibilités d'une personne : elle-même ; un gestionnaire qui la connaît (`selectors.agenda_ouvert` : de ses
    organismes, ou évaluateur d'une de ses épreuves). Lève `RefusDroit("agenda_reserve")`.
    """
    if acteur.id == personne and acteur.par_delegation_de is None:
        return
    if not (droits.est_gestionnaire and connue):
        raise RefusDroit(
            "agenda_reserve",
            "Les disponibilités d'une personne se lisent par elle, et par un gestionnaire de son organisme, ou d'une épreuve qu'elle évalue.",
        )


def verifier_peut_recuser(acteur: Acteur, dossier: VueDossier) -> None:
    """Récuser un évaluateur : le candidat, pour lui-même. Lève `RefusDroit("recusation_reservee")`."""
    if acteur.id != dossier.candidat:
        raise RefusDroit("recusation_reservee", "Seul le candidat peut récuser un évaluateur de son épreuve.")


def verifier_peut_signaler(acteur: Acteur, droits: Droits, epreuve: VueEpreuve) -> None:
    """Signaler un incident : ses deux évaluateurs, et qui la planifie. Lève `RefusDroit("signalement_reserve")`."""
    if not _sur_place(acteur, droits, epreuve):
        raise RefusDroit(
            "signalement_reserve",
            "Un incident se signale par l'un des évaluateurs de l'épreuve, ou par le gestionnaire.",
        )


def _sur_place(acteur: Acteur, droits: Droits, epreuve: VueEpreuve) -> bool:
    """Vrai pour qui planifie l'épreuve, et pour ses évaluateurs en leur nom."""
    if peut_planifier(droits, epreuve.dossier):
        return True
    qualite = epreuve.qualite_de(acteur.id)
    return qualite is not None and acteur.par_delegation_de is None and droits.a(ROLE_DE_QUALITE[qualite])


def verifier_peut_controler(acteur: Acteur, droits: Droits, epreuve: VueEpreuve) -> None:
    """Contrôler l'identité, constater une présence : ses évaluateurs, et qui la planifie. Lève `RefusDroit("controle_reserve")`."""
    if not _sur_place(acteur, droits, epreuve):
        raise RefusDroit(
            "controle_reserve",
            "L'identité du candidat se contrôle par l'un des évaluateurs de l'épreuve, ou par le gestionnaire.",
        )


def verifier_peut_s_abonner(acteur: Acteur, droits: Droits) -> None:
    """Ouvrir son calendrier privé : un évaluateur, pour lui-même. Lève `RefusDroit("calendrier_reserve" | "intuitu_personae")`."""
    if not any(droits.a(nature) for nature in EVALUATEURS):
        raise RefusDroit("calendrier_reserve", "Le calendrier privé est celui d'un évaluateur.")
    if acteur.par_delegation_de is not None:
        raise RefusDroit("intuitu_personae", "Un calendrier privé s'ouvre pour soi-même : reprenez votre nom.")


def verifier_peut_suivre(droits: Droits) -> None:
    """Voir ce qui est en retard, à risque ou à planifier. Lève `RefusDroit("suivi_reserve")`."""
    if not droits.est_gestionnaire:
        raise RefusDroit("suivi_reserve", "Le suivi des épreuves s'ouvre aux gestionnaires.")


def verifier_admissible(
    nom: str, obstacles: Sequence[Obstacle], remplacants: Sequence[str] = (), acte: str = "évaluer cette épreuve"
) -> None:
    """Lève `RefusDroit` au code du premier obstacle ; toutes les raisons s'y lisent, et qui pourrait remplacer.

    `acte` : ce que cette personne ne peut pas faire (« évaluer cette épreuve », « juger ce dossier »).
    """
    if obstacles:
        raise RefusDroit(
            obstacles[0].value,
            f"{nom} ne peut pas {acte} : {raisons(obstacles)}.",
            details=[f"Peuvent la remplacer : {', '.join(remplacants)}."] if remplacants else (),
        )


RAISONS_DE_TIERS = {
    Empechement.A_EVALUE: "a déjà évalué cette épreuve",
    Empechement.EVALUE_ENCORE: "évalue encore ce candidat sur un autre bloc",
}


def raisons_du_tiers(tiers: Tiers) -> str:
    """Ce qui empêche quelqu'un de porter un second regard, en mots."""
    dites = [RAISONS_DE_TIERS[empechement] for empechement in tiers.empechements]
    return " ; ".join([*dites, *(RAISONS[obstacle] for obstacle in tiers.obstacles)])


def verifier_tiers(tiers: Tiers) -> None:
    """Lève `RefusDroit` au code du premier empêchement ; toutes les raisons s'y lisent."""
    if not tiers.admissible:
        code = (*tiers.empechements, *tiers.obstacles)[0].value
        raise RefusDroit(code, f"{tiers.nom} ne peut pas porter ce second regard : {raisons_du_tiers(tiers)}.")


def raisons(obstacles: Sequence[Obstacle]) -> str:
    """Les obstacles, en mots : « tuteur du candidat… ; lien hiérarchique avec le candidat »."""
    return " ; ".join(RAISONS[obstacle] for obstacle in obstacles)


peut_planifier = derive(verifier_peut_planifier)
peut_controler = derive(verifier_peut_controler)
peut_suivre = derive(verifier_peut_suivre)
peut_s_abonner = derive(verifier_peut_s_abonner)
peut_trancher = derive(verifier_peut_trancher)
peut_lister = derive(verifier_peut_lister)
peut_tenir_les_lieux = derive(verifier_peut_tenir_les_lieux)
peut_signaler = derive(verifier_peut_signaler)
