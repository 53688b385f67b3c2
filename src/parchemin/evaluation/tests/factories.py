"""Des grilles légales : remplies geste par geste, closes, accordées par les services."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from parchemin.comptes import services as comptes_services
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.tests import factories as comptes
from parchemin.convocations.enums import Qualite
from parchemin.convocations.selectors import epreuve_par_id
from parchemin.convocations.tests import factories as convocations
from parchemin.convocations.tests.factories import JOUR, PLANIFICATION, Salle
from parchemin.evaluation import services
from parchemin.evaluation.enums import EtatReponse, Position
from parchemin.evaluation.selectors import bloc_de
from parchemin.parcours.selectors import VueDossier
from parchemin.referentiels.selectors import version_d_empreinte
from parchemin.referentiels.services import reviser_reglement
from parchemin.socle.acteur import SYSTEME, Acteur
from tests.scenes import scene_partagee

CLOTURE = JOUR + timedelta(hours=1)


def fait(
    salle: Salle, rang: int, cible: str, valeur: object, appareil: UUID | None = None, **changements: Any
) -> dict[str, Any]:
    """Un fait dans la forme de l'échange."""
    return {
        "id": str(uuid4()),
        "appareil": str(appareil or APPAREIL),
        "rang": rang,
        "cible": cible,
        "valeur": valeur,
        "remplace": None,
        "vus": {},
        "mural": JOUR.isoformat(),
        "monotone_ms": 1000 * rang,
        **({} if "norme" in changements else {"norme": epreuve_par_id(SYSTEME, salle.epreuve).norme}),
        **changements,
    }


APPAREIL = UUID("11111111-1111-4111-8111-111111111111")


def gestes_complets(
    salle: Salle, non_valides: Collection[str] = (), appareil: UUID | None = None
) -> list[dict[str, Any]]:
    """Tous les gestes d'une grille complète : conditions remplies, chaque critère tranché."""
    vue = epreuve_par_id(SYSTEME, salle.epreuve)
    bloc = bloc_de(SYSTEME, vue)
    epreuve = bloc.epreuve
    voie = epreuve.alternatives[0].code if epreuve.alternatives else None
    voulus: list[tuple[str, object]] = [
        (f"phase:{phase.code}:duree", phase.duree.minutes if phase.duree else 10) for phase in epreuve.phases
    ]
    if voie:
        voulus.append(("alternative", voie))
    for exigence in epreuve.exigences:
        for numero in range(exigence.minimum):
            match exigence.code.value:
                case "entretiens":
                    voulus.append((f"entretien:e{numero}", {"alternative": voie}))
                case "courriers":
                    voulus.append((f"courrier:c{numero}", {"motif": "Changement d'adresse", "preselectionne": True}))
                case "competences_abordees":
                    voulus.append((f"competence_abordee:{bloc.competences()[numero].code}", True))
    voulus += [
        (f"critere:{critere.code}", "non_valide" if critere.code in non_valides else "valide")
        for critere in bloc.criteres()
    ]
    return [
        fait(salle, rang, cible, valeur, appareil, norme=vue.norme)
        for rang, (cible, valeur) in enumerate(voulus, start=1)
    ]


@scene_partagee
def remplir(
    salle: Salle, auteur: Acteur, non_valides: Collection[str] = (), autrement: Mapping[str, object] | None = None
) -> None:
    """Remplit toute la grille de cet évaluateur ; `autrement` : d'autres valeurs, par cible."""
    lot = gestes_complets(salle, non_valides, appareil=uuid4())
    for geste in lot:
        geste["valeur"] = (autrement or {}).get(geste["cible"], geste["valeur"])
    reponses = services.recevoir_faits(
        epreuve=salle.epreuve,
        lot=lot,
        auteur=auteur,
        maintenant=JOUR,
    )
    assert {reponse.etat for reponse in reponses} == {EtatReponse.ACCEPTEE}


@scene_partagee
def clore(salle: Salle, auteur: Acteur) -> bool:
    """Clôt la grille de cet évaluateur."""
    return services.clore_lecture(epreuve=salle.epreuve, auteur=auteur, maintenant=CLOTURE)


@scene_partagee
def deux_lectures(salle: Salle, metier: Collection[str] = (), certificateur: Collection[str] = ()) -> Salle:
    """Les deux lectures scellées ; chacune nomme les critères qu'elle ne valide pas."""
    remplir(salle, salle.metier, metier)
    remplir(salle, salle.certificateur, certificateur)
    clore(salle, salle.metier)
    clore(salle, salle.certificateur)
    return salle


@scene_partagee
def evalue(bloc: str = "B3", non_valides: Collection[str] = (), salle: Salle | None = None) -> Salle:
    """Une épreuve dont les deux lectures concordent, que chacun a confirmée : le résultat est établi."""
    return confirmee(deux_lectures(salle or convocations.salle(bloc), non_valides, non_valides))


@scene_partagee
def confirmee(salle: Salle) -> Salle:
    """Chacun confirme ce sur quoi les deux lectures concordent."""
    for evaluateur in (salle.metier, salle.certificateur):
        services.confirmer(epreuve=salle.epreuve, auteur=evaluateur, maintenant=CLOTURE)
    return salle


def sans_accord(salle: Salle, critere: str = "K3.1.1") -> Salle:
    """Chacun laisse ce critère au jury : le résultat s'établit, et demande un second regard."""
    for auteur in (salle.metier, salle.certificateur):
        services.se_prononcer(
            epreuve=salle.epreuve, critere=critere, choix=Position.DESACCORD, motif="Pas d'accord.",
            auteur=auteur, maintenant=CLOTURE,
        )  # fmt: skip
    return salle


def regard_confie_a_soi(salle: Salle, maintenant: datetime) -> Acteur:
    """Une gestionnaire qui évalue ailleurs se confie à elle-même le second regard de cette épreuve."""
    personne = comptes.avec_role(NatureRole.EVALUATEUR_CERTIFICATEUR, prenom="Tierce")
    comptes_services.donner_role(
        personne=personne.id, nature=NatureRole.GESTIONNAIRE, organisme=salle.monde.organisme,
        auteur=SYSTEME, maintenant=comptes.JADIS,
    )  # fmt: skip
    services.designer_second_regard(epreuve=salle.epreuve, personne=personne.id, auteur=personne, maintenant=maintenant)
    return personne


def dossier(salle: Salle) -> VueDossier:
    """Le dossier de cette épreuve."""
    return epreuve_par_id(SYSTEME, salle.epreuve).dossier


def regler(salle: Salle, code: str, valeur: object, depuis: date | None = None) -> None:
    """Révise le règlement, dès le lendemain de la planification sans autre jour."""
    reviser_reglement(
        version=version_d_empreinte(SYSTEME, epreuve_par_id(SYSTEME, salle.epreuve).norme).id,
        depuis=depuis or PLANIFICATION.date() + timedelta(days=1),
        motif="Essai",
        source="Décision du certificateur",
        valeurs={code: valeur},
        auteur=comptes.avec_role(NatureRole.ADMINISTRATEUR),
        maintenant=PLANIFICATION,
    )


def remplacer_le_certificateur(salle: Salle, maintenant: datetime) -> Acteur:
    """Un autre évaluateur certificateur prend la place du premier, en arrêt ; il n'a encore rien déclaré."""
    neuf = comptes.avec_role(NatureRole.EVALUATEUR_CERTIFICATEUR, prenom="Neuve")
    services.remplacer(
        epreuve=salle.epreuve,
        qualite=Qualite.CERTIFICATEUR,
        personne=neuf.id,
        motif="Arrêt.",
        auteur=salle.monde.gestionnaire,
        maintenant=maintenant,
    )
    return neuf
