"""Revoir un import fait, et le défaire tant que personne n'a bâti dessus."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from parchemin.comptes.permissions import RequeteConnectee, connecte
from parchemin.parcours import presenters, selectors, services
from parchemin.parcours.forms import FormDefaire, porter_refus
from parchemin.parcours.permissions import verifier_peut_inscrire
from parchemin.socle.horloge import jour_civil, maintenant
from parchemin.socle.methodes import lire_ou_envoyer
from parchemin.socle.refus import Introuvable, Refus, RefusDroit


@require_safe
@connecte
def import_fait(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Ce qu'un import a fait, et son état."""
    verifier_peut_inscrire(request.droits)
    page = presenters.page_import_fait(request.acteur, identifiant, jour_civil(maintenant()))
    return render(request, "parcours/import_fait.html", {"page": page})


@lire_ou_envoyer
@connecte
def defaire_import(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Ce que défaire ferait, ou ce qui l'empêche, candidat par candidat ; l'envoi le fait, tout ou rien."""
    verifier_peut_inscrire(request.droits)
    instant = maintenant()
    vue = selectors.import_fait(request.acteur, identifiant, jour_civil(instant))
    form = FormDefaire(request.POST if request.method == "POST" else None)
    refuse = False
    if request.method == "POST" and (form.is_valid() or vue.defait_le):
        try:
            fait = services.defaire_candidats(
                identifiant=identifiant,
                motif=form.cleaned_data.get("motif", ""),
                auteur=request.acteur,
                maintenant=instant,
            )
        except (Introuvable, RefusDroit):
            raise
        except Refus as refus:
            refuse = True
            if refus.code != "import_bati":  # la page dit déjà qui, et quoi
                porter_refus(form, refus)
        else:
            dit = "Import défait." if fait else "Cet import était déjà défait."
            messages.success(request, dit)
            return redirect("parcours:import_fait", identifiant)
    elif vue.defait_le:
        return redirect("parcours:import_fait", identifiant)
    page = presenters.page_defaire(request.acteur, vue)
    contexte = {"form": form, "page": page}
    return render(request, "parcours/defaire_import.html", contexte, status=422 if refuse or form.errors else 200)
