"""La page des durées aménagées d'un candidat."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from parchemin.comptes.permissions import RequeteConnectee, connecte
from parchemin.parcours import presenters, selectors, services
from parchemin.parcours.forms import FormAmenager, porter_refus
from parchemin.parcours.permissions import verifier_peut_gerer_dossier
from parchemin.registre.consultations import regarder
from parchemin.registre.enums import PageConsultee
from parchemin.socle.horloge import jour_civil, maintenant
from parchemin.socle.methodes import lire_ou_envoyer
from parchemin.socle.refus import Refus
from parchemin.socle.typographie import pluriel


@lire_ou_envoyer
@connecte
def amenager(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Accorder au candidat d'autres durées que celles du référentiel, phase par phase."""
    jour = jour_civil(maintenant())
    vue = selectors.dossier(request.acteur, identifiant, jour)
    verifier_peut_gerer_dossier(request.droits, vue.organisme, vue.referentiel_code)
    regarder(request, selectors.regard(vue, PageConsultee.DOSSIER))
    page = presenters.page_amenager(request.acteur, vue)
    form = FormAmenager(
        request.POST if request.method == "POST" else None,
        phases=page.phases,
        initial={"accorde_le": jour, **page.accordees},
    )
    if request.method == "POST" and form.is_valid():
        try:
            changees = services.amenager(
                dossier=identifiant,
                durees=form.durees(),
                accorde_le=form.cleaned_data["accorde_le"],
                auteur=request.acteur,
                maintenant=maintenant(),
            )
        except Refus as refus:
            porter_refus(form, refus)
        else:
            if changees:
                messages.success(request, f"Enregistré : {pluriel(changees, 'durée changée', 'durées changées')}.")
            else:
                messages.info(request, "Ces durées valaient déjà : rien n’a changé.")
            return redirect("dossier", identifiant)
    contexte = {"form": form, "page": page}
    return render(request, "parcours/amenager.html", contexte, status=422 if form.errors else 200)
