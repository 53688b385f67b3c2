"""Poursuivre un dossier sous une autre version : choisir, voir ce que cela change, confirmer."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from parchemin.comptes.permissions import RequeteConnectee, connecte
from parchemin.parcours import presenters, selectors, services
from parchemin.parcours.forms import FormVersion, porter_refus
from parchemin.parcours.permissions import verifier_peut_changer_de_version
from parchemin.parcours.selectors import Changement, VueDossier
from parchemin.registre.consultations import regarder
from parchemin.registre.enums import PageConsultee
from parchemin.socle.horloge import jour_civil, maintenant
from parchemin.socle.methodes import lire_ou_envoyer
from parchemin.socle.refus import Introuvable, Refus, RefusDroit


@lire_ou_envoyer
@connecte
def version(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Rien ne change avant que l'aperçu de cette version-là soit confirmé."""
    jour = jour_civil(maintenant())
    vue = selectors.dossier(request.acteur, identifiant, jour)
    verifier_peut_changer_de_version(request.droits, vue.organisme, vue.referentiel_code, vue.candidat)
    regarder(request, selectors.regard(vue, PageConsultee.DOSSIER))
    versions = selectors.versions_ouvertes(request.acteur, vue, jour) if vue.ouvert else ()
    choix = presenters.choix_de_version(request.acteur, versions)
    envoi = request.method == "POST"
    form = FormVersion(request.POST if envoi else None, versions=choix) if choix else None
    apercu = None
    if envoi and form is not None and form.is_valid():
        nom = form.cleaned_data["version"]
        try:
            if request.POST.get("confirmer") == nom:
                neuf = services.changer_de_version(
                    dossier=identifiant, version=nom, auteur=request.acteur, maintenant=maintenant()
                )
                messages.success(request, "Le parcours continue ici ; le dossier d'avant se lit toujours.")
                return redirect("dossier", neuf)
            apercu = presenters.page_apercu(_apercu(request, vue, nom), nom)
        except (Introuvable, RefusDroit):
            raise
        except Refus as refus:
            porter_refus(form, refus)
    page = presenters.page_version(request.acteur, vue, form, apercu)
    return render(request, "parcours/version.html", {"page": page}, status=422 if form and form.errors else 200)


def _apercu(request: RequeteConnectee, vue: VueDossier, nom: str) -> selectors.Apercu:
    choisie = selectors.version_ouverte(request.acteur, vue, nom, jour_civil(maintenant()))
    return selectors.apercu(request.acteur, Changement(vue, version=choisie))
