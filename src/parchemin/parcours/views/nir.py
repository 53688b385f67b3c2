"""La page du NIR d'un candidat : l'enregistrer, l'effacer. Elle n'existe que si le réglage l'allume, et n'en montre jamais un chiffre."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from parchemin.comptes.permissions import RequeteConnectee, connecte
from parchemin.parcours import selectors, services
from parchemin.parcours.forms import FormNir
from parchemin.parcours.permissions import verifier_peut_declarer
from parchemin.parcours.selectors import VueDossier
from parchemin.registre.consultations import regarder
from parchemin.registre.enums import PageConsultee
from parchemin.socle.horloge import jour_civil, maintenant
from parchemin.socle.methodes import lire_ou_envoyer
from parchemin.socle.refus import Introuvable, Refus, RefusDroit


@sensitive_post_parameters("nir")
@lire_ou_envoyer
@connecte
def nir(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Enregistrer le NIR du candidat ; dire qu'il l'est, par qui, et ce qui surprend. Jamais le lire."""
    vue = _dossier(request, identifiant)
    regarder(request, selectors.regard(vue, PageConsultee.DOSSIER))
    form = FormNir(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            constats = services.enregistrer_nir(
                dossier=identifiant, nir=form.cleaned_data["nir"], auteur=request.acteur, maintenant=maintenant()
            )
        except (Introuvable, RefusDroit):
            raise
        except Refus as refus:
            form.add_error("nir", refus.message)
        else:
            messages.success(request, "NIR enregistré, chiffré.")
            for constat in constats:
                messages.warning(request, constat.message)
            return redirect("parcours:nir", identifiant)
    tenu = selectors.nir_enregistre(request.acteur, vue, jour_civil(maintenant()))
    contexte = {"form": form, "dossier": vue, "tenu": tenu}
    return render(request, "parcours/nir.html", contexte, status=422 if form.errors else 200)


@require_POST
@connecte
def effacer_nir(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Effacer le NIR, pour de bon."""
    _dossier(request, identifiant)
    services.effacer_nir(dossier=identifiant, auteur=request.acteur, maintenant=maintenant())
    messages.success(request, "NIR effacé.")
    return redirect("parcours:nir", identifiant)


def _dossier(request: RequeteConnectee, identifiant: UUID) -> VueDossier:
    """Le dossier, si le réglage est allumé et que le lecteur le voit et déclare."""
    if not selectors.nir_allume():
        raise Introuvable
    vue = selectors.dossier(request.acteur, identifiant, jour_civil(maintenant()))
    verifier_peut_declarer(request.droits, vue.referentiel_code)
    return vue
