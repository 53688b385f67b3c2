"""Les pages d'une VAE : inscrire une étape, constater la caducité."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from parchemin.comptes.permissions import RequeteConnectee, connecte
from parchemin.parcours import presenters, selectors, services
from parchemin.parcours.enums import GenreEtape
from parchemin.parcours.forms import FormEtapeVae, porter_refus
from parchemin.parcours.permissions import verifier_peut_gerer_dossier
from parchemin.registre.consultations import regarder
from parchemin.registre.enums import PageConsultee
from parchemin.socle.horloge import jour_civil, maintenant
from parchemin.socle.methodes import lire_ou_envoyer
from parchemin.socle.refus import Refus


@lire_ou_envoyer
@connecte
def etape_vae(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Inscrire ce qui vient d'avoir lieu dans une VAE : les horloges de la loi suivent."""
    jour = jour_civil(maintenant())
    vue = selectors.dossier(request.acteur, identifiant, jour)
    verifier_peut_gerer_dossier(request.droits, vue.organisme, vue.referentiel_code)
    regarder(request, selectors.regard(vue, PageConsultee.DOSSIER))
    faites = selectors.etapes_vae(request.acteur, [identifiant]).get(identifiant, ())
    possibles = selectors.etapes_possibles(vue.etat, faites) if faites else ()
    form = FormEtapeVae(request.POST if request.method == "POST" else None, possibles=possibles, initial={"le": jour})
    if request.method == "POST" and form.is_valid():
        try:
            services.inscrire_etape(
                dossier=identifiant,
                genre=GenreEtape(form.cleaned_data["genre"]),
                le=form.cleaned_data["le"],
                mot=form.cleaned_data["mot"],
                auteur=request.acteur,
                maintenant=maintenant(),
            )
        except Refus as refus:
            porter_refus(form, refus)
        else:
            messages.success(request, "Étape inscrite : les délais du dossier en tiennent compte.")
            return redirect("dossier", identifiant)
    carte = presenters.carte_vae(request.acteur, request.droits, vue, jour)
    contexte = {"form": form, "dossier": vue, "carte_vae": carte, "possibles": possibles}
    return render(request, "parcours/etape_vae.html", contexte, status=422 if form.errors else 200)


@require_POST
@connecte
def constater_caducite(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Clore une VAE dont la recevabilité est tombée."""
    vue = selectors.dossier(request.acteur, identifiant, jour_civil(maintenant()))
    verifier_peut_gerer_dossier(request.droits, vue.organisme, vue.referentiel_code)
    try:
        services.constater_caducite(dossier=identifiant, auteur=request.acteur, maintenant=maintenant())
    except Refus as refus:
        messages.error(request, refus.message)
    else:
        messages.success(request, "Caducité constatée. Le candidat peut redéposer une demande.")
    return redirect("dossier", identifiant)
