"""Dire ses disponibilités ; les lire et les revoir, pour qui planifie."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from parchemin.comptes.permissions import RequeteConnectee, connecte
from parchemin.convocations import forms, presenters, selectors, services
from parchemin.convocations.permissions import verifier_peut_revoir_agenda
from parchemin.convocations.views.commun import statut_http
from parchemin.socle.fuseaux import instant_dit
from parchemin.socle.horloge import jour_civil, maintenant
from parchemin.socle.methodes import lire_ou_envoyer
from parchemin.socle.refus import Refus, RefusDroit


@lire_ou_envoyer
@connecte
def disponibilites(request: RequeteConnectee, identifiant: UUID | None = None) -> HttpResponse:
    """Les disponibilités de qui les lit, ou d'une personne que connaît un gestionnaire."""
    instant = maintenant()
    qui = _qui(request, identifiant, instant)
    page = presenters.page_agenda(request.acteur, qui, instant)
    sites = selectors.vues_sites(selectors.sites_d_attache(request.acteur, qui, jour_civil(instant)))
    semaine = "semaine" in request.POST
    formulaire = forms.FormAgenda(
        request.POST if semaine else None, sites=presenters.choix_de_sites(sites), initial=page.initial
    )
    exception = forms.FormException(request.POST if "exception" in request.POST else None)
    if formulaire.is_bound and formulaire.is_valid():
        dit = formulaire.cleaned_data
        try:
            services.revoir_agenda(
                personne=qui,
                fuseau=dit["fuseau"],
                heures=dit["heures"],
                site=UUID(dit["site"]) if dit["site"] else None,
                maximum=dit["maximum"],
                auteur=request.acteur,
                maintenant=instant,
            )
        except RefusDroit:
            raise
        except Refus as refus:
            formulaire.add_error(None, refus.message)
        else:
            messages.success(request, "Les disponibilités sont enregistrées.")
            return redirect(request.path)
    if exception.is_bound and exception.is_valid():
        try:
            debut, fin = _bornes(exception, selectors.agenda(request.acteur, qui))
            services.ajouter_exception(
                personne=qui,
                libre=exception.cleaned_data["libre"],
                debut=debut,
                fin=fin,
                auteur=request.acteur,
                maintenant=instant,
            )
        except RefusDroit:
            raise
        except Refus as refus:
            exception.add_error(None, refus.message)
        else:
            messages.success(request, "C'est noté.")
            return redirect(request.path)
    statut = max(statut_http(formulaire), statut_http(exception))
    contexte = {"page": page, "formulaire": formulaire, "exception": exception}
    return render(request, "convocations/disponibilites.html", contexte, status=statut)


@require_POST
@connecte
def oter_exception(request: RequeteConnectee, identifiant: UUID, exception: UUID) -> HttpResponse:
    """Ôte une exception."""
    instant = maintenant()
    qui = _qui(request, identifiant, instant)
    services.oter_exception(personne=qui, exception=exception, auteur=request.acteur, maintenant=instant)
    messages.success(request, "L'exception est ôtée.")
    if qui == request.acteur.id:
        return redirect("convocations:mes_disponibilites")
    return redirect("convocations:disponibilites", qui)


def _qui(request: RequeteConnectee, personne: UUID | None, instant: datetime) -> UUID:
    """La personne dont on lit l'agenda. Lève `RefusDroit("agenda_reserve")`."""
    qui = personne or request.acteur.id
    connue = qui != request.acteur.id and selectors.agenda_ouvert(request.acteur, qui, jour_civil(instant))
    verifier_peut_revoir_agenda(request.acteur, request.droits, qui, connue=connue)
    return qui


def _bornes(exception: forms.FormException, agenda: selectors.VueAgenda) -> tuple[datetime, datetime]:
    """Les deux instants saisis, à l'horloge de la personne. Lève `Refus` : `heure_inexistante`, `heure_double`."""
    du, de, au, a = exception.bornes
    debut = instant_dit(du, de, agenda.zone, laquelle=1)
    fin = (
        instant_dit(au + timedelta(days=1), time(), agenda.zone, laquelle=1)
        if a is None
        else instant_dit(au, a, agenda.zone, laquelle=2)
    )
    return debut, fin
