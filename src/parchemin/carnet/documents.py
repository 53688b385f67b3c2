"""Le carnet en PDF : ce qui est attesté, par qui, quand, par quel moyen ; ce qui ne vaut plus ; ce qu'écrit le candidat."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from moteur.phrases import enumerer
from moteur.regles.carnet_complet import desaccord
from parchemin.carnet.presenters import (
    PAS_ATTENDUE,
    STATUTS,
    dispense_en_phrase,
    mot_de,
    remise_en_phrase,
    resume_du_carnet,
    statut_de,
    statut_du_carnet,
    statut_en_vigueur,
)
from parchemin.carnet.selectors import VueAttestation, VueCarnet, VueEntree, VueLigne, VueRepudiation
from parchemin.parcours.enums import Qualite
from parchemin.parcours.presenters import STATUTS_ACQUIS, acquis_en_phrase
from parchemin.parcours.selectors import VueDossier
from parchemin.referentiels.selectors import contenu_norme, libelles_courts, norme, version_d_empreinte
from parchemin.socle.acteur import Acteur
from parchemin.socle.composants import Statut, Ton
from parchemin.socle.documents import composer
from parchemin.socle.horloge import jour_civil
from parchemin.socle.prudence import masquer
from parchemin.socle.typographie import date_en_clair, pluriel

GABARIT = Path(__file__).parent / "gabarits" / "carnet.typ"
_FORMES = {Ton.OUI: "v", Ton.NON: "n"}
_GENRES = {"image/png": "image PNG", "image/jpeg": "image JPEG", "application/pdf": "PDF"}


def carnet_pdf(
    lecteur: Acteur,
    dossier: VueDossier,
    carnet: VueCarnet,
    repudiations: Iterable[VueRepudiation],
    entrees: Iterable[VueEntree] | None,
) -> bytes:
    """Le PDF accessible, daté du dernier geste au carnet : mêmes gestes, mêmes octets. Les mots sont ceux de la norme.

    `entrees` : celles que ce lecteur peut lire, `None` s'il n'y a pas droit ; l'exemplaire le dit. Ce qui, dans un texte
    libre, ressemble au numéro ou au courriel d'un usager s'imprime masqué.
    """
    dites, ecrites = tuple(repudiations), None if entrees is None else tuple(entrees)
    instant = _dernier_geste(carnet, dites, ecrites or ())
    return composer(GABARIT, _donnees(lecteur, dossier, carnet, dites, ecrites, instant), instant=instant)


def _dernier_geste(
    carnet: VueCarnet, repudiations: tuple[VueRepudiation, ...], entrees: tuple[VueEntree, ...]
) -> datetime:
    instants = [carnet.remis_le, carnet.recu_le]
    instants += [attestation.instant for ligne in (*carnet.lignes, *carnet.acquises) for attestation in ligne.histoire]
    instants += [dispense.instant for dispense in carnet.dispenses.values()]
    instants += [instant for une in repudiations for instant in (une.instant, une.levee_le)]
    instants += [entree.derniere.instant for entree in entrees]
    return max(instant for instant in instants if instant is not None)


def _donnees(
    lecteur: Acteur,
    dossier: VueDossier,
    carnet: VueCarnet,
    repudiations: tuple[VueRepudiation, ...],
    entrees: tuple[VueEntree, ...] | None,
    instant: datetime,
) -> dict[str, Any]:
    arbre = norme(lecteur, dossier.norme_empreinte)
    contenu = contenu_norme(lecteur, dossier.norme_empreinte)
    courts = libelles_courts(lecteur, version_d_empreinte(lecteur, dossier.norme_empreinte))
    textes = {bloc["code"]: bloc["carnet"]["texte"] for bloc in contenu["blocs"]}
    avancement = carnet.avancement()
    acquis = carnet.acquis
    return {
        "titre": f"Carnet de suivi des compétences, {dossier.candidat_nom}",
        "certification": contenu["titre"],
        "version": dossier.referentiel,
        "empreinte": dossier.norme_empreinte,
        "dossier": str(dossier.id),
        "candidat": dossier.candidat_nom,
        "organisme": dossier.organisme_nom,
        "parcours": f"{dossier.voie.label}, entrée le {date_en_clair(dossier.entree_le)}",
        "tuteur": dossier.tuteur_nom,
        "manager": dossier.manager_nom,
        "remise": remise_en_phrase(carnet),
        "arrete": date_en_clair(jour_civil(instant)),
        "statut": _statut(statut_du_carnet(avancement)),
        "resume": resume_du_carnet(avancement),
        "desaccords": avancement.desaccords,
        "gel": next((_gel(une) for une in repudiations if une.levee_le is None), ""),
        "blocs": [
            {
                "titre": f"Bloc {bloc.code[1:]} — {bloc.intitule}",
                "code": bloc.code,
                "intitule": bloc.intitule,
                "texte": textes[bloc.code],
                "dispense": acquis_en_phrase(acquis[bloc.code])
                if bloc.code in acquis
                else dispense_en_phrase(carnet.dispenses[bloc.code])
                if bloc.code in carnet.dispenses
                else "",
                "completes": part.completes,
                "refusees": part.refusees,
                "total": part.lignes,
                "statut": _statut(
                    STATUTS_ACQUIS[acquis[bloc.code].origine] if bloc.code in acquis else statut_du_carnet(part)
                ),
                "lignes": [
                    _ligne(
                        ligne,
                        arbre.competence(ligne.competence).intitule,
                        courts,
                        dossier,
                        acquise=bloc.code in acquis,
                    )
                    for ligne in (*carnet.lignes, *carnet.acquises)
                    if ligne.bloc == bloc.code
                ],
            }
            for bloc in arbre.blocs
            if bloc.code in dossier.blocs
            for part in (carnet.avancement(bloc.code),)
        ],
        "histoire": _histoire(carnet),
        "repudiations": [_repudiation(une) for une in repudiations],
        "entrees": None if entrees is None else [_entree(une, courts) for une in entrees],
    }


def _statut(statut: Statut) -> dict[str, str]:
    return {"mot": statut.libelle, "forme": _FORMES.get(statut.ton, "o")}


def _ligne(
    ligne: VueLigne,
    intitule: str,
    courts: Mapping[str, str],
    dossier: VueDossier,
    *,
    acquise: bool,
) -> dict[str, Any]:
    return {
        "code": ligne.competence,
        "intitule": intitule,
        "court": courts.get(ligne.competence, ""),
        "desaccord": desaccord(ligne.vaut(Qualite.TUTEUR), ligne.vaut(Qualite.MANAGER)),
        "cases": [_case(ligne, qualite, dossier, acquise=acquise) for qualite in Qualite],
    }


def _case(ligne: VueLigne, qualite: Qualite, dossier: VueDossier, *, acquise: bool) -> dict[str, str]:
    attestation = ligne.attestations.get(qualite)
    if attestation is None:
        return {
            "statut": (PAS_ATTENDUE if acquise else STATUTS[None]).libelle,
            "forme": "o",
            "qui": "",
            "quand": "",
            "mot": "",
        }
    return {
        "statut": statut_en_vigueur(ligne, attestation).libelle,
        "forme": _FORMES.get(STATUTS[ligne.vaut(qualite)].ton, "o"),
        "qui": attestation.auteur_nom
        + (f", qui n'est plus {qualite.label.lower()}" if attestation.auteur != dossier.designe(qualite) else ""),
        "quand": _quand(attestation),
        "mot": masquer(mot_de(attestation)),
    }


def _quand(attestation: VueAttestation) -> str:
    jour = date_en_clair(jour_civil(attestation.instant))
    if not attestation.verdict:
        return jour
    return f"{jour}, {'par lien et code' if attestation.par_lien else 'en session'}"


def _histoire(carnet: VueCarnet) -> list[dict[str, str]]:
    """Ce qui fut dit et ne vaut plus, du plus ancien au plus récent."""
    passees = [
        (attestation, ligne.competence)
        for ligne in carnet.lignes
        for attestation in ligne.histoire
        if attestation is not ligne.attestations[attestation.qualite]
    ]
    return [
        {
            "quand": _quand(attestation),
            "competence": competence,
            "qui": f"{attestation.auteur_nom}, {attestation.qualite.label.lower()}",
            "dit": statut_de(attestation).libelle + (f" : {masquer(mot)}" if (mot := mot_de(attestation)) else ""),
        }
        for attestation, competence in sorted(passees, key=lambda passee: (passee[0].instant, passee[1]))
    ]


def _gel(une: VueRepudiation) -> str:
    return (
        f"Ce carnet est gelé depuis le {date_en_clair(jour_civil(une.instant))} : {une.personne_nom}, "
        f"{une.qualite.label.lower()}, dit ne pas avoir attesté {enumerer(une.competences)}. Aucune épreuve ne se planifie "
        "d'ici à ce que le gestionnaire l'ait éclairci."
    )


def _repudiation(une: VueRepudiation) -> dict[str, str]:
    return {
        "quand": date_en_clair(jour_civil(une.instant)),
        "qui": f"{une.personne_nom}, {une.qualite.label.lower()}",
        "quoi": enumerer(une.competences),
        "suite": f"gel levé le {date_en_clair(jour_civil(une.levee_le))} par {une.levee_par}"
        if une.levee_le
        else "gel en cours",
    }


def _entree(entree: VueEntree, courts: Mapping[str, str]) -> dict[str, Any]:
    """Ce qui vaut ; ce qu'une version a remplacé ne s'imprime pas : corriger sert parfois à retirer un nom."""
    derniere = entree.derniere
    combien = len(entree.anciennes)
    publiee = f"Publiée le {date_en_clair(jour_civil(derniere.instant))}"
    return {
        "quand": date_en_clair(derniere.fait_le),
        "texte": masquer(derniere.texte),
        "competences": [f"{code} {courts.get(code, '')}".strip() for code in derniere.competences],
        "publiee": publiee
        + (f", après {pluriel(combien, 'version corrigée', 'versions corrigées')}" if combien else "")
        + (f" ; un fichier y est joint ({_GENRES.get(derniere.genre, 'fichier')})" if derniere.genre else ""),
    }
