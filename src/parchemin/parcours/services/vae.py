"""Faire avancer une VAE : inscrire une étape, constater la caducité, tirer du silence ce que la loi y met."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from moteur.horloges import EtatHorloge, GenreHorloge
from moteur.regles.recevabilite_vae import acquise_par_silence
from parchemin.comptes.selectors import droits
from parchemin.comptes.services import chaine_organisme
from parchemin.parcours.enums import Action, GenreEtape, Voie
from parchemin.parcours.permissions import verifier_peut_gerer_dossier
from parchemin.parcours.selectors import (
    MOT_EXIGE,
    REPONSES,
    VueEtape,
    delais_vae,
    dossiers_par_ids,
    etapes_possibles,
    etapes_vae,
    horloges_vae,
    vae_sans_reponse,
)
from parchemin.parcours.services.dossiers import passer_etat, verifier_entree, verrouiller_dossier
from parchemin.parcours.services.etapes_vae import ajouter_etape
from parchemin.referentiels.selectors import fiche, version_d_empreinte
from parchemin.registre.services import acte
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Refus
from parchemin.socle.typographie import date_en_clair

VERS = {
    GenreEtape.RECEVABLE: "recevable",
    GenreEtape.SILENCE: "recevable",
    GenreEtape.IRRECEVABLE: "irrecevable",
    GenreEtape.VALIDATION: "validation_deposee",
}
"""L'état où mène une étape ; les autres n'en changent pas."""


def inscrire_etape(
    *, dossier: UUID, genre: GenreEtape, le: date, auteur: Acteur, maintenant: datetime, mot: str = ""
) -> None:
    """Inscrit une étape d'une VAE, et passe le dossier à l'état où elle mène.

    Lève `RefusDroit("dossier_reserve")`, `Introuvable`, et `Refus` : `etape_hors_de_propos`, `etape_a_venir`,
    `etape_avant_la_precedente`, `mot_manquant`, `silence_acquis`, `recevabilite_echue`, et ceux de `verifier_entree` (une
    recevabilité que l'on accorde tombe pendant l'enregistrement, L6113-9 ; le silence, lui, s'impose, et sa page le dit).
    """
    genre, mot, jour = GenreEtape(genre), mot.strip(), jour_civil(maintenant)
    with acte(auteur=auteur, maintenant=maintenant, action=Action.ETAPE_VAE) as journal:
        verrouiller_dossier(dossier)
        vue = dossiers_par_ids(auteur, [dossier])[dossier]
        verifier_peut_gerer_dossier(droits(auteur, jour), vue.organisme, vue.referentiel_code)
        faites = etapes_vae(auteur, [dossier]).get(dossier, ())
        if genre not in etapes_possibles(vue.etat, faites) or vue.voie != Voie.VAE:
            raise Refus(
                "etape_hors_de_propos", "Cette étape ne s'inscrit pas là où en est le dossier : relisez sa page."
            )
        if le > jour:
            raise Refus("etape_a_venir", "Ce jour n'est pas encore venu : inscrivez l'étape quand elle aura eu lieu.")
        # Une réponse inscrite après le silence fut donnée avant lui : elle suit la demande.
        for precedente in faites[:1] if genre in REPONSES else faites[-1:]:
            if le < precedente.le:
                raise Refus(
                    "etape_avant_la_precedente",
                    f"L'étape précédente est du {date_en_clair(precedente.le)} : celle-ci ne peut pas être d'avant.",
                )
        if genre in MOT_EXIGE and not mot:
            raise Refus("mot_manquant", MOT_EXIGE[genre])
        delais = delais_vae(auteur, vue.norme_empreinte, jour)
        _verifier_le_silence(faites, genre, le, delais.recevabilite_mois)
        if genre == GenreEtape.RECEVABLE:
            version = version_d_empreinte(auteur, vue.norme_empreinte)
            verifier_entree(fiche(auteur, version), version.nom(), jour, vue.entree_le, le)
        if genre in (GenreEtape.VALIDATION, GenreEtape.AVANCEE):
            for horloge in horloges_vae(auteur, [vue], jour)[dossier]:
                if horloge.genre is GenreHorloge.CADUCITE and horloge.etat(le) is EtatHorloge.ECHUE:
                    raise Refus(
                        "recevabilite_echue",
                        "La recevabilité était tombée ce jour-là. S'il y a eu un motif légitime, inscrivez d'abord la "
                        "suspension et sa reprise ; sinon, constatez la caducité.",
                    )
        ajouter_etape(dossier, len(faites) + 1, genre, le, mot, auteur, maintenant)
        journal.inscrire(
            objet=("dossier", dossier),
            donnees={"etape": genre, "le": le},
            personnel={"mot": mot} if mot else None,
            chaine=chaine_organisme(vue.organisme),
        )
        if genre in VERS:
            motif = mot if genre == GenreEtape.IRRECEVABLE else ""
            passer_etat(dossier=dossier, vers=VERS[genre], auteur=auteur, maintenant=maintenant, motif=motif)


def constater_caducite(*, dossier: UUID, auteur: Acteur, maintenant: datetime) -> None:
    """Clôt une VAE dont la recevabilité est tombée. La constater deux fois ne change rien.

    Lève `RefusDroit("dossier_reserve")`, `Introuvable`, `Refus("pas_encore_caduc")`.
    """
    jour = jour_civil(maintenant)
    with acte(auteur=auteur, maintenant=maintenant, action=Action.CADUCITE) as journal:
        verrouiller_dossier(dossier)
        vue = dossiers_par_ids(auteur, [dossier])[dossier]
        verifier_peut_gerer_dossier(droits(auteur, jour), vue.organisme, vue.referentiel_code)
        if vue.etat == "caduc":
            journal.rien_a_inscrire()
            return
        caducite = [h for h in horloges_vae(auteur, [vue], jour)[dossier] if h.genre is GenreHorloge.CADUCITE]
        if vue.etat != "recevable" or not caducite or caducite[0].etat(jour) is not EtatHorloge.ECHUE:
            raise Refus("pas_encore_caduc", "Le délai n'est pas échu : la recevabilité tient encore.")
        journal.inscrire(
            objet=("dossier", dossier),
            donnees={"echeance": caducite[0].echeance},
            chaine=chaine_organisme(vue.organisme),
        )
        passer_etat(dossier=dossier, vers="caduc", auteur=auteur, maintenant=maintenant)


def tirer_du_silence(*, maintenant: datetime) -> int:
    """Rend recevables les demandes laissées sans réponse au-delà du délai ; rend combien. Rejouée, ne refait rien."""
    jour, combien = jour_civil(maintenant), 0
    for candidate in vae_sans_reponse(SYSTEME):
        with acte(auteur=SYSTEME, maintenant=maintenant, action=Action.ETAPE_VAE) as journal:
            verrouiller_dossier(candidate.id)
            vue = dossiers_par_ids(SYSTEME, [candidate.id])[candidate.id]
            faites = etapes_vae(SYSTEME, [vue.id]).get(vue.id, ())
            mois = delais_vae(SYSTEME, vue.norme_empreinte, jour).recevabilite_mois
            acquise = acquise_par_silence(faites[0].le, mois, jour) if faites else None
            if vue.etat != "recevabilite" or acquise is None:
                journal.rien_a_inscrire()
                continue
            ajouter_etape(vue.id, len(faites) + 1, GenreEtape.SILENCE, acquise, "", SYSTEME, maintenant)
            journal.inscrire(
                objet=("dossier", vue.id),
                donnees={"etape": GenreEtape.SILENCE, "le": acquise},
                chaine=chaine_organisme(vue.organisme),
            )
            passer_etat(dossier=vue.id, vers="recevable", auteur=SYSTEME, maintenant=maintenant)
            combien += 1
    return combien


def _verifier_le_silence(faites: tuple[VueEtape, ...], genre: GenreEtape, le: date, mois: int) -> None:
    """Une réponse donnée après le terme vient trop tard : le silence a déjà rendu la demande recevable."""
    if genre not in REPONSES:
        return
    acquise = acquise_par_silence(faites[0].le, mois, le)
    if acquise is not None:
        raise Refus(
            "silence_acquis",
            f"Le silence a rendu cette demande recevable le {date_en_clair(acquise)} (code du travail, article R6412-4) : "
            "une réponse de ce jour-là vient trop tard.",
        )
