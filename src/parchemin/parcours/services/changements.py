"""Poursuivre un dossier sous une autre version du référentiel : l'ancien se clôt, entier ; le nouveau reprend ce qui est resté le même."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError

from moteur.etats import DOSSIER
from parchemin.comptes.selectors import droits
from parchemin.comptes.services import chaine_organisme
from parchemin.parcours.enums import Action, Qualite
from parchemin.parcours.evenements import DossierInscrit, DossierPasse, VersionChangee
from parchemin.parcours.models import Amenagement, BlocDemande, Designation, Dossier
from parchemin.parcours.permissions import verifier_peut_changer_de_version
from parchemin.parcours.selectors import (
    Changement,
    VueDossier,
    apercu,
    durees_accordees,
    ligne_tenue,
    suite_de_version,
    version_ouverte,
    vue_dossier,
)
from parchemin.parcours.services.dossiers import passer, verifier_entree
from parchemin.referentiels.selectors import VersionPubliee, fiche, norme
from parchemin.registre.services import acte
from parchemin.socle.acteur import Acteur
from parchemin.socle.annonces import annoncer
from parchemin.socle.bases import contrainte_violee
from parchemin.socle.horloge import jour_civil
from parchemin.socle.passages import inscrire_passage
from parchemin.socle.refus import Refus


def changer_de_version(*, dossier: UUID, version: str, auteur: Acteur, maintenant: datetime) -> UUID:
    """Poursuit ce dossier sous une autre version (`code@numéro`) ; rend le nouveau. Le redire rend le même.

    L'ancien dossier se clôt (`poursuivi`) avec son carnet, ses épreuves et leurs résultats, sous leur norme ; le nouveau
    demande les blocs qui restent, avec le même organisme, le même tuteur et le même manager, entré ce jour-là (code du travail,
    L6113-9). Annonce `DossierPasse`, `DossierInscrit` et `VersionChangee`. Lève `RefusDroit("dossier_reserve" | "cause_propre")`,
    `Introuvable`, et `Refus` : ceux de `suite_de_version`, `changement_impossible` (les `details` disent chaque obstacle),
    `entree_avant_enregistrement`, `entree_apres_enregistrement`, `dossier_deja_ouvert`.
    """
    jour = jour_civil(maintenant)
    try:
        with acte(auteur=auteur, maintenant=maintenant, action=Action.VERSION_CHANGEE) as journal:
            ligne = ligne_tenue(dossier)
            vue = vue_dossier(ligne)
            verifier_peut_changer_de_version(droits(auteur, jour), vue.organisme, vue.referentiel_code, vue.candidat)
            deja = Dossier.objects.filter(suite_de=dossier).first()
            if deja is not None and f"{deja.referentiel_code}@{deja.referentiel_version}" == version:
                journal.rien_a_inscrire()
                return deja.pk
            vers = version_ouverte(auteur, vue, version, jour)
            suite = suite_de_version(auteur, vue, vers)
            obstacles = apercu(auteur, Changement(vue, version=vers)).obstacles
            if obstacles:
                raise Refus(
                    "changement_impossible", "Ce dossier ne peut pas encore changer de version.", details=obstacles
                )
            verifier_entree(fiche(auteur, vers), vers.nom(), jour, jour, None)
            neuf = _ouvrir(ligne, vue, vers, suite.blocs, auteur, maintenant)
            motif = f"Poursuivi sous la version {vers.version}."
            passer(ligne, "poursuivi", auteur, maintenant, motif)
            journal.inscrire(
                objet=("dossier", dossier),
                donnees={
                    "vers": vers.nom(),
                    "norme": vers.empreinte,
                    "nouveau": neuf.pk,
                    "blocs": list(suite.blocs),
                    "juges": list(suite.juges),
                    "reprises": {un.competence: un.reprend for un in suite.lignes if un.reprend},
                },
                chaine=chaine_organisme(vue.organisme),
            )
            annoncer(DossierPasse(dossier, "poursuivi"))
            annoncer(DossierInscrit(neuf.pk))
            annoncer(VersionChangee(dossier, neuf.pk, maintenant))
    except IntegrityError as erreur:
        if contrainte_violee(erreur) == "dossier_un_ouvert_par_version":
            raise Refus(
                "dossier_deja_ouvert", "Ce candidat a déjà un dossier ouvert pour cette version : ouvrez-le."
            ) from erreur
        raise
    return neuf.pk


def _ouvrir(
    ancien: Dossier, vue: VueDossier, vers: VersionPubliee, blocs: tuple[str, ...], auteur: Acteur, maintenant: datetime
) -> Dossier:
    """Le dossier qui poursuit l'ancien : mêmes personnes, mêmes durées aménagées là où les phases sont les mêmes."""
    arbre = norme(auteur, vers.empreinte)
    neuf = Dossier.objects.create(
        candidat_id=ancien.candidat_id,
        organisme_id=ancien.organisme_id,
        referentiel_code=vers.code,
        referentiel_version=vers.version,
        norme_empreinte=vers.empreinte,
        voie=ancien.voie,
        initiative=ancien.initiative,
        entree_le=jour_civil(maintenant),
        referent_rh_id=ancien.referent_rh_id,
        tuteur_id=ancien.tuteur_id,
        manager_id=ancien.manager_id,
        etat=DOSSIER.depart,
        depuis=maintenant,
        ouvert=True,
        inscrit_le=maintenant,
        suite_de=ancien,
    )
    BlocDemande.objects.bulk_create(
        BlocDemande(dossier=neuf, code=bloc.code, rang=rang)
        for rang, bloc in enumerate(arbre.blocs, start=1)
        if bloc.code in blocs
    )
    inscrire_passage(neuf, auteur=auteur, maintenant=maintenant)
    passer(neuf, "inscrit", auteur, maintenant)
    designes = [(q, p) for q in Qualite if (p := vue.designe(q)) is not None]
    Designation.objects.bulk_create(
        Designation(dossier=neuf, qualite=qualite, personne_id=personne, auteur=auteur.id, instant=maintenant)
        for qualite, personne in designes
    )
    if len(designes) == len(Qualite):
        passer(neuf, "en_parcours", auteur, maintenant)
    Amenagement.objects.bulk_create(
        Amenagement(
            dossier=neuf,
            bloc=bloc,
            phase=phase,
            minutes=minutes,
            accorde_le=jour_civil(maintenant),
            auteur=auteur.id,
            instant=maintenant,
        )
        for bloc, phases in durees_accordees(auteur, ancien.pk).items()
        if bloc in blocs
        for phase, minutes in phases.items()
        if (une := arbre.bloc(bloc).epreuve.phase(phase)) is not None and une.duree is not None
    )
    return neuf
