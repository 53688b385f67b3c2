"""Le registre des titulaires repris du papier : chercher, et retirer ce qui fut repris à tort."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from parchemin.comptes.permissions import RequeteConnectee, connecte
from parchemin.parcours import presenters, services
from parchemin.parcours.forms import FiltreTitulaires, FormRetirerAcquis, porter_refus
from parchemin.parcours.permissions import verifier_peut_reprendre
from parchemin.socle.horloge import maintenant
from parchemin.socle.methodes import lire_ou_envoyer
from parchemin.socle.refus import Introuvable, Refus, RefusDroit


@require_safe
@connecte
def titulaires(request: RequeteConnectee) -> HttpResponse:
    """La liste de ce qui fut repris, retraits compris : chercher, filtrer, retirer."""
    verifier_peut_reprendre(request.droits)
    filtre = FiltreTitulaires(request.GET)
    valeurs = filtre.cleaned_data if filtre.is_valid() else {}
    page = presenters.page_titulaires(request.acteur, valeurs, request.GET.get("page"))
    return render(request, "parcours/titulaires.html", {"page": page, "filtre": filtre})


@lire_ou_envoyer
@connecte
def retirer_repris(request: RequeteConnectee, acquis: UUID) -> HttpResponse:
    """Retirer du registre ce qui fut repris à tort, et dire pourquoi, que la personne ait un dossier ou non."""
    verifier_peut_reprendre(request.droits)
    page = presenters.page_retrait_repris(request.acteur, acquis)
    form = FormRetirerAcquis(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.retirer_bloc_acquis(
                acquis=acquis, motif=form.cleaned_data["motif"], auteur=request.acteur, maintenant=maintenant()
            )
        except (Introuvable, RefusDroit):
            raise
        except Refus as refus:
            porter_refus(form, refus)
        else:
            messages.success(request, "Retiré du registre. Ce qui était écrit reste dans l'histoire.")
            return redirect("parcours:titulaires")
    return render(
        request, "parcours/retirer_repris.html", {"form": form, "page": page}, status=422 if form.errors else 200
    )
