"""L'inscription, la désignation du tuteur et du manager, le carnet et ses attestations, l'abandon."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from functools import partial
from itertools import batched

from parchemin.carnet import services as carnet
from parchemin.carnet.enums import Verdict
from parchemin.carnet.services import Dire
from parchemin.demonstration.selectors.recit import (
    Abandon,
    AmenagementEcrit,
    AttestationsEcrites,
    DispenseEcrite,
    DossierEcrit,
    EtapeVaeEcrite,
    EtatCivilEcrit,
)
from parchemin.demonstration.services.scene import Scene
from parchemin.parcours import services as parcours
from parchemin.parcours.enums import Qualite
from parchemin.parcours.identite import FRANCE, EtatCivil, LieuDeNaissance, Naissance
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.horloge import jour_civil

AMENAGEMENT = time(11, 20)


def raconter_dossier(scene: Scene, ecrit: DossierEcrit) -> None:
    """Note tous les actes d'un dossier, épreuves exceptées."""
    noter = scene.chronologie.noter
    noter(scene.aux_heures_de_bureau(ecrit.inscrit), partial(_inscrire, scene, ecrit))
    if ecrit.carnet.recu is not None:
        noter(
            scene.aux_heures_de_bureau(ecrit.carnet.recu),
            lambda instant: carnet.accuser_reception(
                dossier=scene.dossiers[ecrit.candidat], auteur=scene.personnes[ecrit.candidat], maintenant=instant
            ),
        )
    for attestations in (*ecrit.carnet.attestations, *_jusqu_au_bout(scene, ecrit)):
        noter(
            scene.aux_heures_de_bureau(attestations.jour),
            partial(_attester, scene, ecrit, attestations),
        )
    for dispense in ecrit.carnet.dispenses:
        noter(scene.aux_heures_de_bureau(dispense.jour), partial(_dispenser, scene, ecrit, dispense))
    if (amenagement := ecrit.amenagement) is not None:
        noter(scene.chronologie.il_y_a(amenagement.jour, AMENAGEMENT), partial(_amenager, scene, ecrit, amenagement))
    for etape in ecrit.vae:
        noter(scene.aux_heures_de_bureau(etape.jour), partial(_inscrire_etape, scene, ecrit, etape))
    if (abandon := ecrit.abandon) is not None:
        noter(scene.aux_heures_de_bureau(abandon.jour), partial(_abandonner, scene, ecrit, abandon))


def _inscrire(scene: Scene, ecrit: DossierEcrit, instant: datetime) -> None:
    designes = {
        qualite: scene.personnes[cle].id
        for qualite, cle in (("tuteur", ecrit.tuteur), ("manager", ecrit.manager), ("referent_rh", ecrit.referent_rh))
        if cle
    }
    candidat = scene.recit.personnes[ecrit.candidat]
    scene.accueillir(ecrit.candidat, instant)
    dossier = parcours.inscrire(
        candidat=scene.personnes[ecrit.candidat].id,
        organisme=scene.organismes[candidat.organisme],
        referentiel=scene.recit.referentiel,
        voie=ecrit.voie,
        initiative=ecrit.initiative,
        entree_le=ecrit.entree_le,
        recevable_le=ecrit.recevable_le,
        blocs=ecrit.blocs,
        auteur=scene.personnes[ecrit.gestionnaire],
        maintenant=instant,
        tuteur=designes.get("tuteur"),
        manager=designes.get("manager"),
        referent_rh=designes.get("referent_rh"),
    )
    scene.dossiers[ecrit.candidat] = dossier.pk
    if ecrit.etat_civil is not None:
        _dire_l_etat_civil(scene, ecrit, ecrit.etat_civil, instant)
    # L'abonné qui remet le carnet lirait l'heure d'aujourd'hui ; remis ici, à sa date, il ne l'est pas deux fois.
    carnet.ouvrir_carnet(dossier=dossier.pk, auteur=SYSTEME, maintenant=instant)


def _inscrire_etape(scene: Scene, ecrit: DossierEcrit, etape: EtapeVaeEcrite, instant: datetime) -> None:
    parcours.inscrire_etape(
        dossier=scene.dossiers[ecrit.candidat],
        genre=etape.genre,
        le=etape.le or jour_civil(instant),
        mot=etape.mot,
        auteur=scene.personnes[ecrit.gestionnaire],
        maintenant=instant,
    )


def _dire_l_etat_civil(scene: Scene, ecrit: DossierEcrit, civil: EtatCivilEcrit, instant: datetime) -> None:
    """L'état civil, tel que l'a dit la pièce que le gestionnaire a vue."""
    parcours.enregistrer_etat_civil(
        dossier=scene.dossiers[ecrit.candidat],
        etat=EtatCivil(
            nom_naissance=civil.nom,
            prenoms=civil.prenoms,
            sexe=civil.sexe,
            naissance=Naissance(*(int(part) for part in civil.ne.split("-"))),
            lieu=LieuDeNaissance(civil.a, civil.commune, civil.pays_code or FRANCE, civil.pays),
        ),
        piece=civil.piece,
        vu_le=jour_civil(instant) if civil.piece else None,
        auteur=scene.personnes[ecrit.gestionnaire],
        maintenant=instant,
    )


def _attester(scene: Scene, ecrit: DossierEcrit, dites: AttestationsEcrites, instant: datetime) -> None:
    qualite = Qualite(dites.par)
    carnet.attester(
        dossier=scene.dossiers[ecrit.candidat],
        qualite=qualite,
        dires={competence: Dire(Verdict(dites.verdict), dites.mot) for competence in dites.competences},
        auteur=scene.personnes[ecrit.tuteur if qualite == Qualite.TUTEUR else ecrit.manager],
        maintenant=instant,
    )


def _dispenser(scene: Scene, ecrit: DossierEcrit, dispense: DispenseEcrite, instant: datetime) -> None:
    carnet.dispenser(
        dossier=scene.dossiers[ecrit.candidat],
        blocs=dispense.blocs,
        motif=dispense.motif,
        auteur=scene.personnes[ecrit.gestionnaire],
        maintenant=instant,
    )


def _jusqu_au_bout(scene: Scene, ecrit: DossierEcrit) -> Iterator[AttestationsEcrites]:
    """Un carnet complet : trois compétences à la fois, le tuteur d'abord, le manager quelques jours après."""
    if ecrit.carnet.complet is None:
        return
    debut, fin = ecrit.carnet.complet
    lots = list(batched(_competences(scene, ecrit), 3))
    for rang, lot in enumerate(lots, start=1):
        jour = debut - (debut - fin) * rang // len(lots)
        yield AttestationsEcrites(jour + scene.hasard.randint(2, 6), Qualite.TUTEUR, lot)
        yield AttestationsEcrites(jour, Qualite.MANAGER, lot)


def _competences(scene: Scene, ecrit: DossierEcrit) -> Iterator[str]:
    for bloc in scene.arbre.blocs:
        if bloc.code in ecrit.blocs:
            yield from (competence.code for competence in bloc.competences())


def _amenager(scene: Scene, ecrit: DossierEcrit, accorde: AmenagementEcrit, instant: datetime) -> None:
    parcours.amenager(
        dossier=scene.dossiers[ecrit.candidat],
        durees={(cle.partition(":")[0], cle.partition(":")[2]): m for cle, m in accorde.durees.items()},
        accorde_le=jour_civil(instant),
        auteur=scene.personnes[ecrit.gestionnaire],
        maintenant=instant,
    )


def _abandonner(scene: Scene, ecrit: DossierEcrit, abandon: Abandon, instant: datetime) -> None:
    parcours.abandonner(
        dossier=scene.dossiers[ecrit.candidat],
        motif=abandon.motif,
        auteur=scene.personnes[ecrit.gestionnaire],
        maintenant=instant,
    )
