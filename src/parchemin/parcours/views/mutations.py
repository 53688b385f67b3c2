"""Les pages d'une mutation : proposer un dossier à un autre organisme, y répondre, lire ce qui est parti."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from parchemin.comptes.forms import CHERCHER
from parchemin.comptes.permissions import RequeteConnectee, connecte
from parchemin.comptes.presenters import propositions
from parchemin.parcours import presenters, selectors, services
from parchemin.parcours.forms import FormAccueillir, FormMutation, FormRefus, porter_refus
from parchemin.parcours.permissions import peut_accueillir, verifier_peut_ceder
from parchemin.registre.consultations import regarder
from parchemin.registre.enums import PageConsultee
from parchemin.socle.horloge import jour_civil, maintenant
from parchemin.socle.methodes import lire_ou_envoyer
from parchemin.socle.refus import Introuvable, Refus


@lire_ou_envoyer
@connecte
def mutation(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Proposer le dossier, l'aperçu sous les yeux ; ou retirer ce qui est proposé."""
    jour = jour_civil(maintenant())
    vue = selectors.dossier(request.acteur, identifiant, jour)
    verifier_peut_ceder(request.droits, vue.organisme, vue.referentiel_code, vue.candidat)
    regarder(request, selectors.regard(vue, PageConsultee.DOSSIER))
    en_cours = selectors.mutation_en_cours(request.acteur, identifiant)
    acte: dict[str, Any] = {"auteur": request.acteur, "maintenant": maintenant()}
    if request.method == "POST" and "retirer" in request.POST and en_cours is not None:
        services.retirer_mutation(mutation=en_cours.id, **acte)
        messages.success(request, "La mutation est retirée : le dossier reste ici.")
        return redirect("dossier", identifiant)
    organismes = presenters.choix_d_accueil(request.acteur, vue, jour)
    form = FormMutation(request.POST if request.method == "POST" else None, organismes=organismes)
    apercu = None
    if request.method == "POST" and form.is_valid():
        vers = form.cleaned_data["vers"]
        try:
            if request.POST.get("confirmer") == vers:
                services.proposer_mutation(
                    dossier=identifiant, vers=UUID(vers), motif=form.cleaned_data["motif"], **acte
                )
                messages.success(request, "La mutation est proposée : l'autre gestionnaire y répond.")
                return redirect("dossier", identifiant)
            dit = selectors.apercu_de_mutation(request.acteur, vue, dict(organismes)[vers])
            apercu = presenters.page_apercu(dit, vers)
        except Refus as refus:
            porter_refus(form, refus)
    page = presenters.page_mutation(
        vue, form, apercu, en_cours, selectors.mutation_refusee(request.acteur, identifiant)
    )
    return render(request, "parcours/mutation.html", {"page": page}, status=422 if form.errors else 200)


@lire_ou_envoyer
@connecte
def accueillir(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Accueillir un dossier proposé, en disant qui accompagne ; ou le refuser, en disant pourquoi."""
    jour = jour_civil(maintenant())
    lue = selectors.mutation_par_id(request.acteur, identifiant)
    if not peut_accueillir(request.droits, lue.vers, lue.certification, lue.candidat):
        raise Introuvable
    vue = selectors.dossiers_par_ids(request.acteur, [lue.dossier])[lue.dossier]
    regarder(request, selectors.regard(vue, PageConsultee.DOSSIER))
    if lue.etat != lue.etat.PROPOSEE:
        messages.info(request, f"Cette mutation est déjà {lue.etat.label.lower()}.")
        return redirect("accueil")
    acte: dict[str, Any] = {"auteur": request.acteur, "maintenant": maintenant()}
    refuse = request.method == "POST" and "refuser" in request.POST
    refus_form = FormRefus(request.POST if refuse else None)
    if refuse and refus_form.is_valid():
        services.refuser_mutation(mutation=identifiant, motif=refus_form.cleaned_data["motif"], **acte)
        messages.success(request, "La mutation est refusée : le dossier reste où il est.")
        return redirect("accueil")
    envoi = request.method == "POST" and not refuse and CHERCHER not in request.POST
    saisi = FormAccueillir.saisi(request.POST)
    form = FormAccueillir(
        request.POST if envoi else None,
        personnes=propositions(request.acteur, jour, FormAccueillir.CHOISIS, saisi),
        initial=saisi,
    )
    apercu = None
    if envoi and form.is_valid():
        tuteur, manager, referent = (form.designe(nom) for nom in FormAccueillir.CHOISIS)
        de = f"{tuteur}:{manager}:{referent}"
        try:
            if request.POST.get("confirmer") == de:
                services.accueillir(mutation=identifiant, tuteur=tuteur, manager=manager, referent_rh=referent, **acte)
                messages.success(request, "Le dossier est dans votre organisme.")
                return redirect("dossier", lue.dossier)
            dit = selectors.apercu_de_mutation(request.acteur, vue, lue.vers_nom, tuteur=tuteur, manager=manager)
            apercu = presenters.page_apercu(dit, de)
        except Refus as refus:
            porter_refus(form, refus)
    page = presenters.page_accueillir(vue, lue, form, refus_form, apercu)
    erreurs = form.errors or refus_form.errors
    return render(request, "parcours/accueillir.html", {"page": page}, status=422 if erreurs else 200)


@require_safe
@connecte
def parti(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Ce que l'organisme lit encore d'un dossier qu'il a cédé, jusqu'au jour du départ."""
    vue = selectors.dossier_parti(request.acteur, identifiant, jour_civil(maintenant()))
    regarder(request, selectors.regard(vue.dossier, PageConsultee.DOSSIER))
    return render(request, "parcours/parti.html", {"page": presenters.page_parti(vue), "dossier": identifiant})
