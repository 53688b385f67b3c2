"""Le relevé de calcul en PDF : le verdict en mots et en points, et de quoi le refaire sans nous."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from moteur.decision import Decision
from moteur.vocabulaire import Etat
from parchemin.comptes.selectors import nom_porte_a
from parchemin.convocations.enums import Qualite
from parchemin.evaluation.presenters.conditions import conditions_du_resultat
from parchemin.evaluation.selectors import (
    Acquis,
    VueResultat,
    acquis_du_dossier,
    reste_a_juger,
    verdict_du_dossier,
)
from parchemin.parcours.presenters import STATUTS_ACQUIS, acquis_en_phrase
from parchemin.parcours.selectors import VueDossier
from parchemin.referentiels.selectors import contenu_norme, norme
from parchemin.socle.acteur import Acteur
from parchemin.socle.documents import PieceJointe, composer
from parchemin.socle.horloge import jour_civil
from parchemin.socle.typographie import date_en_clair

GABARIT = Path(__file__).parent.parent / "gabarits" / "releve.typ"
_VERDICTS = {True: "acquis", False: "non acquis", None: "à décider"}
_CERTIFICATION = {True: "obtenue", False: "non obtenue", None: "à décider"}
_LECTURES = {Qualite.METIER: "lecture du représentant métier", Qualite.CERTIFICATEUR: "lecture du certificateur"}
_MOTS = {Etat.VALIDE: "validé", Etat.NON_VALIDE: "non validé"}
_FORMES = {Etat.VALIDE: "v", Etat.NON_VALIDE: "n"}


def releve(lecteur: Acteur, dossier: VueDossier, resultats: Mapping[str, VueResultat]) -> bytes:
    """Le PDF, daté du dernier résultat ou du dernier bloc acquis autrement : mêmes faits, mêmes octets. Les mots sont ceux de la norme.

    Le candidat y porte le nom qu'il avait ce jour-là.
    """
    acquis = acquis_du_dossier(lecteur, dossier)
    decision, entree = verdict_du_dossier(lecteur, dossier, resultats, acquis)
    instant = max((*(vue.etabli_le for vue in resultats.values()), *(une.instant for une in acquis.values())))
    ligne = json.dumps(entree, ensure_ascii=False, sort_keys=True) + "\n"
    piece = PieceJointe(
        nom="verdict.jsonl",
        contenu=ligne,
        type_mime="application/json",
        description="L'entrée de « parchemin verdict » : de quoi refaire ce calcul.",
    )
    return composer(GABARIT, _donnees(lecteur, dossier, decision, resultats, acquis), instant=instant, pieces=[piece])


def _donnees(
    lecteur: Acteur, dossier: VueDossier, decision: Decision, resultats: Mapping[str, VueResultat], acquis: Acquis
) -> dict[str, Any]:
    arbre = norme(lecteur, dossier.norme_empreinte)
    contenu = contenu_norme(lecteur, dossier.norme_empreinte)
    certification = decision.certification
    juges = set(resultats) - set(acquis)
    candidat = nom_porte_a(lecteur, dossier.candidat, max(vue.etabli_le for vue in resultats.values()))
    return {
        "titre": f"Relevé de calcul, {candidat}",
        "certification": contenu["titre"],
        "version": dossier.referentiel,
        "empreinte": dossier.norme_empreinte,
        "candidat": candidat,
        "organisme": dossier.organisme_nom,
        "entree": date_en_clair(dossier.entree_le),
        "dossier": str(dossier.id),
        "regles": [contenu["regles"]["competence"], contenu["regles"]["bloc"]],
        "acquis": certification.acquis if certification else None,
        "verdict": _CERTIFICATION[certification.acquis] if certification else "",
        "verdict_raison": certification.raison if certification else "",
        # Tant qu'un bloc n'est pas jugé, la marge compterait ses critères comme perdus : elle ne dirait rien de juste.
        "verdict_marge": abs(certification.marge)
        if certification and certification.marge is not None and not reste_a_juger(dossier, resultats, acquis)
        else None,
        "blocs": [
            {
                "titre": f"Bloc {b.code[1:]} — {arbre.bloc(b.code).intitule}",
                "verdict": STATUTS_ACQUIS[acquis[b.code].origine].libelle
                if b.code in acquis
                else _VERDICTS[b.acquis]
                if b.code in juges
                else "pas encore de résultat",
                "acquis": b.acquis,
                "juge": b.code in juges,
                "ailleurs": acquis_en_phrase(acquis[b.code]) if b.code in acquis else "",
                "code": b.code,
                "intitule": arbre.bloc(b.code).intitule,
                "acquises": b.competences_acquises,
                "non_acquises": sum(c.acquis is False for c in b.detail),
                "total": b.competences,
                "requis": b.requis,
                "lectures": [
                    {"nom": nom, "empreinte": resultats[b.code].lectures[qualite.value]}
                    for qualite, nom in _LECTURES.items()
                ]
                if b.code in juges
                else [],
                "conditions": [
                    {"quoi": quoi, "texte": texte}
                    for quoi, texte in conditions_du_resultat(arbre.bloc(b.code).epreuve, resultats[b.code])
                ]
                if b.code in juges
                else [],
                "raison": b.raison if b.code in juges else "",
                "marge": abs(b.marge) if b.marge is not None else None,
                "bascule": list(b.bascule or ()),
                "resultat": resultats[b.code].empreinte if b.code in juges else "",
                "etabli": date_en_clair(jour_civil(resultats[b.code].etabli_le)) if b.code in juges else "",
                "differaient": list(resultats[b.code].differaient) if b.code in juges else [],
                "competences": [
                    {
                        "code": c.code,
                        "intitule": arbre.competence(c.code).intitule,
                        "valides": c.valides,
                        "criteres": c.criteres,
                        "ouverts": len(c.ouverts),
                        "requis": c.requis,
                        "verdict": {True: "validée", False: "non validée", None: "à décider"}[c.acquis],
                        "detail": [
                            {
                                "code": k.code,
                                "intitule": k.intitule,
                                "etat": _MOTS.get(etat, "laissé au jury") if etat else "laissé au jury",
                                "forme": _FORMES.get(etat, "o") if etat else "o",
                            }
                            for k in arbre.competence(c.code).criteres
                            for etat in (resultats[b.code].etats.get(k.code),)
                        ],
                    }
                    for c in b.detail
                ]
                if b.code in juges
                else [],
            }
            for b in decision.blocs
        ],
    }
