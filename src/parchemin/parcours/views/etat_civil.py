"""Les pages de l'état civil et des listes de lieux."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from parchemin.comptes.permissions import RequeteConnectee, connecte
from parchemin.parcours import presenters, selectors, services
from parchemin.parcours.enums import GenreLieu
from parchemin.parcours.forms import FormEtatCivil, FormLieux, porter_refus
from parchemin.parcours.permissions import verifier_peut_charger_lieux, verifier_peut_tenir_etat_civil
from parchemin.registre.consultations import regarder
from parchemin.registre.enums import PageConsultee
from parchemin.socle import tableur
from parchemin.socle.horloge import jour_civil, maintenant
from parchemin.socle.methodes import lire_ou_envoyer
from parchemin.socle.refus import Refus, RefusDroit
from parchemin.socle.typographie import pluriel


@lire_ou_envoyer
@connecte
def etat_civil(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """L'état civil d'un candidat : le lire, le corriger, dire sur quelle pièce il a été vu."""
    jour = jour_civil(maintenant())
    vue = selectors.dossier(request.acteur, identifiant, jour)
    verifier_peut_tenir_etat_civil(request.droits, vue.organisme, vue.referentiel_code)
    regarder(request, selectors.regard(vue, PageConsultee.DOSSIER))
    tenu = selectors.etat_civil(request.acteur, vue, jour)
    form = FormEtatCivil(
        request.POST if request.method == "POST" else None, initial=FormEtatCivil.de(tenu.etat) if tenu else {}
    )
    if request.method == "POST" and form.is_valid():
        try:
            constats = services.enregistrer_etat_civil(
                dossier=identifiant,
                etat=form.etat,
                piece=form.cleaned_data["piece"],
                vu_le=form.cleaned_data["vu_le"],
                auteur=request.acteur,
                maintenant=maintenant(),
            )
        except services.EtatCivilFaux as faux:
            form.porter_constats(faux.constats)
        except Refus as refus:
            porter_refus(form, refus)
        else:
            messages.success(
                request, "État civil enregistré." if not constats else "État civil enregistré, à regarder."
            )
            return redirect("parcours:etat_civil" if constats else "dossier", identifiant)
    contexte = {
        "form": form,
        "dossier": vue,
        "tenu": tenu,
        "tient_le_nir": selectors.tient_le_nir(request.acteur, vue, jour),
        "avertissements": presenters.avertissements_de(tenu) if tenu and request.method != "POST" else (),
    }
    return render(request, "parcours/etat_civil.html", contexte, status=422 if form.errors else 200)


@lire_ou_envoyer
@connecte
def lieux(request: RequeteConnectee) -> HttpResponse:
    """Les listes de communes et de pays de l'Insee : ce qui est chargé, en charger une autre."""
    verifier_peut_charger_lieux(request.droits)
    form = FormLieux(request.POST, request.FILES) if request.method == "POST" else FormLieux()
    refuse: Refus | None = None
    if request.method == "POST" and form.is_valid():
        genre = GenreLieu(form.cleaned_data["genre"])
        try:
            nombre = services.charger_lieux(
                genre=genre,
                octets=form.cleaned_data["fichier"].read(tableur.TAILLE_MAX + 1),
                auteur=request.acteur,
                maintenant=maintenant(),
            )
        except RefusDroit:
            raise
        except Refus as refus:
            refuse = refus
        else:
            titre = presenters.titre_liste(genre)
            messages.success(request, f"Liste {titre} chargée : {pluriel(nombre, 'ligne')}.")
            return redirect("parcours:lieux")
    contexte = {"form": form, "refus": refuse, "listes": presenters.listes_de_lieux(request.acteur)}
    return render(request, "parcours/lieux.html", contexte, status=422 if refuse or form.errors else 200)
