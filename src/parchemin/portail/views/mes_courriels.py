"""« Mes courriels » : chacun règle les siens."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from parchemin.comptes.permissions import RequeteConnectee, connecte
from parchemin.comptes.selectors import adresses
from parchemin.courriels import services
from parchemin.portail.forms import ReglerCourriels
from parchemin.portail.presenters import page_mes_courriels
from parchemin.socle.horloge import maintenant
from parchemin.socle.methodes import lire_ou_envoyer


@lire_ou_envoyer
@connecte
def regler(request: RequeteConnectee) -> HttpResponse:
    """Montre les préférences de la personne connectée, ou les enregistre."""
    adresse = adresses(request.acteur, [request.acteur.id]).get(request.acteur.id, "")
    page = page_mes_courriels(request.acteur, adresse)
    formulaire = ReglerCourriels(request.POST or None, preferences=page.preferences)
    if request.method == "POST" and formulaire.is_valid():
        changes = services.regler(rythmes=formulaire.rythmes(), auteur=request.acteur, maintenant=maintenant())
        messages.success(
            request, "Vos choix sont enregistrés." if changes else "Rien n’a changé : vos choix étaient déjà ceux-là."
        )
        return redirect("mes_courriels")
    return render(request, "portail/mes_courriels.html", {"page": page, "form": formulaire})
