"""Le carnet : qui est désigné, le carnet remis, une attestation répudiée."""

from __future__ import annotations

from django.urls import reverse

from parchemin.carnet.evenements import AttestationsRepudiees, CarnetRemis
from parchemin.carnet.permissions import concernes
from parchemin.carnet.selectors import gel
from parchemin.comptes.selectors import gestionnaires_de
from parchemin.courriels.messages import Geste, Ligne, Message
from parchemin.parcours.enums import Qualite
from parchemin.parcours.evenements import PersonneDesignee, VersionChangee
from parchemin.parcours.selectors import dossiers_par_ids
from parchemin.portail.abonnements.envois import ecrire, prevenir
from parchemin.portail.enums import CARNET_REMIS, DESIGNATION, REPUDIATION, VERSION_CHANGEE
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.annonces import abonne
from parchemin.socle.horloge import jour_civil
from parchemin.socle.typographie import de


@abonne(PersonneDesignee)
def dire_la_designation(evenement: PersonneDesignee) -> None:
    """Le tuteur, le manager : ce que l'on attend d'eux."""
    vue = dossiers_par_ids(SYSTEME, [evenement.dossier]).get(evenement.dossier)
    if vue is None or not vue.ouvert or vue.designe(Qualite(evenement.qualite)) != evenement.personne:
        return
    prevenir(
        cle=f"{DESIGNATION.code}:{evenement.dossier}:{evenement.qualite}:{evenement.personne}",
        genre=DESIGNATION,
        destinataire=evenement.personne,
        du=evenement.le,
        nouvelle=Ligne(
            f"Vous êtes {Qualite(evenement.qualite).label.lower()} {de(vue.candidat_nom)}",
            "Vous attesterez, compétence par compétence, ce que vous aurez vu en situation de travail.",
            chemin=reverse("carnet:attester", args=[vue.id]),
        ),
    )


@abonne(VersionChangee)
def dire_la_version(evenement: VersionChangee) -> None:
    """Le candidat, son tuteur, son manager : le parcours continue sous une autre version, et ce qui en est gardé."""
    vue = dossiers_par_ids(SYSTEME, [evenement.nouveau]).get(evenement.nouveau)
    if vue is None or not vue.ouvert:
        return
    for personne in (vue.candidat, vue.tuteur, vue.manager):
        if personne is None:
            continue
        a_lui = personne == vue.candidat
        prevenir(
            cle=f"{VERSION_CHANGEE.code}:{vue.id}:{personne}",
            genre=VERSION_CHANGEE,
            destinataire=personne,
            du=evenement.le,
            nouvelle=Ligne(
                f"{'Votre parcours' if a_lui else f'Le parcours {de(vue.candidat_nom)}'} continue sous la version "
                f"{vue.referentiel_version}",
                "Ce qui est attesté d’une compétence restée la même est gardé ; le reste est à attester dans le nouveau carnet.",
                chemin=reverse("dossier", args=[vue.id]),
            ),
        )


@abonne(CarnetRemis)
def dire_le_carnet(evenement: CarnetRemis) -> None:
    """Le candidat : son carnet est là."""
    vue = dossiers_par_ids(SYSTEME, [evenement.dossier]).get(evenement.dossier)
    if vue is None or not vue.ouvert:
        return
    prevenir(
        cle=f"{CARNET_REMIS.code}:{evenement.dossier}",
        genre=CARNET_REMIS,
        destinataire=vue.candidat,
        du=evenement.le,
        nouvelle=Ligne(
            "Votre carnet de suivi vous est remis",
            "Vous y suivrez ce que votre tuteur et votre manager attestent. Confirmez que vous l’avez reçu.",
            chemin=reverse("carnet:voir", args=[vue.id]),
        ),
    )


@abonne(AttestationsRepudiees)
def dire_la_repudiation(evenement: AttestationsRepudiees) -> None:
    """Les gestionnaires du dossier que rien n'y lie : un carnet est gelé, à eux d'éclaircir. Ni le nom ni le motif de qui répudie."""
    vue = dossiers_par_ids(SYSTEME, [evenement.dossier]).get(evenement.dossier)
    if vue is None:
        return
    message = Message(
        objet="Un carnet est gelé : une attestation est répudiée",
        titre=f"Le carnet {de(vue.candidat_nom)} est gelé",
        paragraphes=(
            "Une personne dit ne pas avoir attesté ce qui porte son nom. Cela ne compte plus ; rien n’est effacé.",
            "Éclaircissez avec elle, puis levez le gel : aucune épreuve ne se planifie d’ici là.",
        ),
        geste=Geste("Éclaircir", reverse("carnet:lever", args=[vue.id])),
    )
    gele = gel(SYSTEME, vue.id)
    en_cause = concernes(vue, gele.personne if gele else None)
    jour = jour_civil(evenement.le)
    for personne in gestionnaires_de(SYSTEME, vue.organisme, vue.referentiel_code, jour, sauf=en_cause):
        ecrire(REPUDIATION, f"{evenement.repudiation}:{personne}", personne, evenement.le, message)
