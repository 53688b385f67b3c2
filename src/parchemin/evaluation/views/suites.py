"""Décider quand un évaluateur ne va pas au bout."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from moteur.regles.carences import Consequence
from parchemin.comptes.permissions import RequeteConnectee, connecte, reauthentifie
from parchemin.convocations.enums import Qualite
from parchemin.convocations.permissions import verifier_peut_planifier
from parchemin.convocations.selectors import VueEpreuve, evaluateurs_examines
from parchemin.convocations.selectors import epreuve as lire_epreuve
from parchemin.evaluation import forms, presenters, selectors, services
from parchemin.parcours.selectors import regard
from parchemin.registre.consultations import regarder
from parchemin.registre.enums import PageConsultee
from parchemin.socle.horloge import jour_civil, maintenant
from parchemin.socle.methodes import lire_ou_envoyer
from parchemin.socle.refus import Introuvable, Refus
from parchemin.socle.typographie import pluriel


@lire_ou_envoyer
@connecte
@reauthentifie()
def suites(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Ce qui tarde, et ce que le règlement permet : relancer, remplacer, replanifier, remettre au jury, établir."""
    instant = maintenant()
    vue = lire_epreuve(request.acteur, identifiant, jour_civil(instant))
    verifier_peut_planifier(request.droits, vue.dossier)
    manque = selectors.carence(request.acteur, vue, instant)
    if manque is None:
        raise Introuvable("Rien n’est en attente d’un évaluateur pour cette épreuve.")
    regarder(request, regard(vue.dossier, PageConsultee.EPREUVE, (e.personne for e in vue.evaluateurs)))
    examines = (
        {
            qualite: evaluateurs_examines(request.acteur, vue, qualite, jour_civil(instant))
            for qualite in (
                *manque.vacantes,
                *(e.qualite for e in vue.evaluateurs if e.personne in manque.attendus),
            )
        }
        if Consequence.REMPLACER in manque.suites
        else {}
    )
    ecartes = selectors.ont_ressaisi(identifiant) if examines else ()
    proposes = {e.personne for lignes in examines.values() for e in lignes}
    marques = selectors.papiers_lisibles(request.acteur, vue, proposes) if examines else {}
    choisie = request.POST.get("consequence", "")
    formulaires = {
        suite.value: forms.SuiteForm(
            request.POST if suite.value == choisie else None,
            suite=suite.value,
            attendus=presenters.choix_attendus(vue, manque),
            personnes=presenters.choix_remplacants(vue, examines, ecartes, marques),
        )
        for suite in manque.suites
    }
    formulaire = formulaires.get(choisie)
    if request.method == "POST" and formulaire is None:
        messages.error(request, "Cette suite n’est plus possible : la page dit ce qui l’est.")
    if formulaire is not None and formulaire.is_valid():
        try:
            fait, ou = _faire(request, vue, Consequence(choisie), formulaire.cleaned_data, instant)
        except Refus as refus:
            for phrase in (refus.message, *refus.details):
                formulaire.add_error(None, phrase)
        else:
            messages.success(request, fait)
            return redirect("evaluation:voir", ou)
    page = presenters.page_suites(vue, manque, selectors.relances(request.acteur, identifiant), jour_civil(instant))
    contexte = {
        "page": page,
        "suites": [
            (code, libelle, pourquoi, formulaires[code])
            for code, libelle, pourquoi in presenters.choix_suites(vue, manque)
        ],
    }
    statut = 422 if request.method == "POST" else 200
    return render(request, "evaluation/suites.html", contexte, status=statut)


def _faire(
    request: RequeteConnectee, vue: VueEpreuve, consequence: Consequence, dit: dict[str, Any], instant: datetime
) -> tuple[str, UUID]:
    """Fait ce qui est décidé ; rend ce qu'on en dit, et l'épreuve où l'on continue."""
    acte: dict[str, Any] = {"epreuve": vue.id, "auteur": request.acteur, "maintenant": instant}
    match consequence:
        case Consequence.RELANCER:
            nombre = services.relancer(**acte)
            return (
                f"{pluriel(nombre, 'évaluateur relancé', 'évaluateurs relancés')}."
                if nombre
                else "Déjà relancés ce jour."
            ), vue.id
        case Consequence.REMPLACER:
            qualite, _, personne = dit["personne"].partition(":")
            if qualite != dit["qualite"]:
                raise Refus(
                    "autre_qualite", "Cette personne n’est pas proposée en cette qualité : choisissez-en une autre."
                )
            services.remplacer(qualite=Qualite(qualite), personne=UUID(personne), motif=dit["motif"], **acte)
            return "L’évaluateur est remplacé ; le nouveau en est prévenu.", vue.id
        case Consequence.REPLANIFIER:
            neuve = services.replanifier(prevue_le=dit["prevue_le"], lieu="", motif=dit["motif"], **acte)
            return "Une nouvelle épreuve est ouverte ; il reste à affecter ses évaluateurs.", neuve
        case _:
            services.denouer(consequence=consequence, motif=dit["motif"], **acte)
            return "Le résultat est établi et scellé, avec votre motif.", vue.id
