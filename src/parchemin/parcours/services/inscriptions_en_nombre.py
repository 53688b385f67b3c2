"""Inscrire beaucoup de candidats d'un coup : les mêmes lignes qu'`inscrire`, par paquets, à requêtes comptées."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from parchemin.comptes.enums import NatureRole
from parchemin.comptes.selectors import droits
from parchemin.comptes.services import PersonneNouvelle, accueillir_en_nombre, chaine_organisme
from parchemin.parcours.enums import Action, Qualite, Voie
from parchemin.parcours.models import (
    BlocDemande,
    Designation,
    Dossier,
    EtatCivil,
    ImportCandidats,
    PassageDossier,
)
from parchemin.parcours.selectors import Candidature
from parchemin.parcours.services.dossiers import borne, inscrire
from parchemin.parcours.services.etat_civil import colonnes_etat_civil
from parchemin.referentiels.selectors import VersionPubliee, norme
from parchemin.registre.services import acte
from parchemin.socle.acteur import Acteur
from parchemin.socle.horloge import jour_civil

LOT = 1_000
"""Lignes écrites par requête."""


def inscrire_un_organisme(
    organisme: UUID,
    siens: list[Candidature],
    importation: ImportCandidats,
    version: VersionPubliee,
    auteur: Acteur,
    maintenant: datetime,
) -> tuple[list[str], tuple[UUID, ...]]:
    """Inscrit les candidats d'un organisme ; rend leurs dossiers, et les rôles donnés. Une VAE suit son propre chemin, une à une."""
    certification = borne(droits(auteur, jour_civil(maintenant)), organisme, version.code)
    voulus = {(une.candidat, NatureRole.CANDIDAT) for une in siens}
    voulus |= {(une.tuteur, NatureRole.TUTEUR) for une in siens if une.tuteur}
    voulus |= {(une.manager, NatureRole.MANAGER) for une in siens if une.manager}
    roles = accueillir_en_nombre(
        organisme=organisme,
        personnes=[
            PersonneNouvelle(une.candidat, une.etat.prenoms[0], une.nom, une.courriel) for une in siens if not une.connu
        ],
        roles=voulus,
        certification=certification,
        auteur=auteur,
        maintenant=maintenant,
    )
    completer([une for une in siens if not une.etat_connu], maintenant)
    un_a_un = [
        inscrire(
            candidat=une.candidat, organisme=organisme, referentiel=version.nom(), voie=une.voie, initiative=une.initiative,
            entree_le=une.entree_le, recevable_le=une.recevable_le, blocs=une.blocs, tuteur=une.tuteur, manager=une.manager,
            referent_rh=une.referent_rh, acces_vae=une.acces_vae, importation=importation.pk, titulaire_admis=True, auteur=auteur, maintenant=maintenant,
        ).pk
        for une in siens
        if une.voie == Voie.VAE
    ]  # fmt: skip
    a_ouvrir = [une for une in siens if une.voie != Voie.VAE]
    ouverts = _ouvrir_en_nombre(organisme, a_ouvrir, importation, version, auteur, maintenant)
    return [str(pk) for pk in (*un_a_un, *ouverts)], roles


def completer(siens: Sequence[Candidature], maintenant: datetime) -> None:
    """Enregistre les états civils qui manquaient."""
    EtatCivil.objects.bulk_create(
        [
            EtatCivil(candidat_id=une.candidat, enregistre_le=maintenant, **colonnes_etat_civil(une.etat))
            for une in siens
        ],
        batch_size=LOT,
    )


def _ouvrir_en_nombre(
    organisme: UUID,
    siens: list[Candidature],
    importation: ImportCandidats,
    version: VersionPubliee,
    auteur: Acteur,
    maintenant: datetime,
) -> list[UUID]:
    """Les mêmes lignes que `inscrire`, par paquets : le dossier, ses blocs, ses désignations, ses passages."""
    rangs = {bloc.code: rang for rang, bloc in enumerate(norme(auteur, version.empreinte).blocs, start=1)}
    dossiers = [
        Dossier(
            candidat_id=une.candidat,
            organisme_id=organisme,
            referentiel_code=version.code,
            referentiel_version=version.version,
            norme_empreinte=version.empreinte,
            voie=une.voie,
            initiative=une.initiative,
            entree_le=une.entree_le,
            tuteur_id=une.tuteur,
            manager_id=une.manager,
            referent_rh_id=une.referent_rh,
            importation=importation,
            etat=_etats(une)[-1],
            depuis=maintenant,
            ouvert=True,
            inscrit_le=maintenant,
        )
        for une in siens
    ]
    Dossier.objects.bulk_create(dossiers, batch_size=LOT)
    paires = list(zip(dossiers, siens, strict=True))
    BlocDemande.objects.bulk_create(
        [BlocDemande(dossier=dossier, code=code, rang=rangs[code]) for dossier, une in paires for code in une.blocs],
        batch_size=LOT,
    )
    Designation.objects.bulk_create(
        [
            Designation(dossier=dossier, qualite=qualite, personne_id=personne, auteur=auteur.id, instant=maintenant)
            for dossier, une in paires
            for qualite, personne in ((Qualite.TUTEUR, une.tuteur), (Qualite.MANAGER, une.manager))
            if personne
        ],
        batch_size=LOT,
    )
    PassageDossier.objects.bulk_create(
        [
            PassageDossier(dossier=dossier, rang=rang, etat=etat, instant=maintenant, auteur=auteur.id)
            for dossier, une in paires
            for rang, etat in enumerate(_etats(une), start=1)
        ],
        batch_size=LOT,
    )
    if dossiers:
        _inscrire_au_journal(organisme, dossiers, auteur, maintenant)
    return [dossier.pk for dossier in dossiers]


def _etats(une: Candidature) -> tuple[str, ...]:
    """Les états d'une inscription (`inscrire`) : le parcours s'ouvre quand le tuteur et le manager sont nommés."""
    return ("brouillon", "inscrit", "en_parcours") if une.tuteur and une.manager else ("brouillon", "inscrit")


def _inscrire_au_journal(organisme: UUID, dossiers: Sequence[Dossier], auteur: Acteur, maintenant: datetime) -> None:
    """Ce qu'`inscrire` dit de chaque dossier, en une entrée dans la chaîne de l'organisme."""
    with acte(
        auteur=auteur, maintenant=maintenant, action=Action.CANDIDATS_IMPORTES, chaine=chaine_organisme(organisme)
    ) as journal:
        journal.inscrire(
            objet=("organisme", organisme),
            donnees={
                "inscrits": len(dossiers),
                "dossiers": [
                    {
                        "dossier": dossier.pk, "candidat": dossier.candidat_id, "voie": dossier.voie, "etat": dossier.etat,
                        "initiative": dossier.initiative, "entree_le": dossier.entree_le, "tuteur": dossier.tuteur_id,
                        "manager": dossier.manager_id,
                    }
                    for dossier in dossiers
                ],
            },
        )  # fmt: skip
