"""Les pages des sites, de leurs salles, des trajets."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from parchemin.comptes.permissions import RequeteConnectee, connecte
from parchemin.convocations import forms, presenters, selectors, services
from parchemin.convocations.permissions import verifier_peut_tenir_les_lieux
from parchemin.convocations.views.commun import statut_http
from parchemin.socle.horloge import jour_civil, maintenant
from parchemin.socle.methodes import lire_ou_envoyer
from parchemin.socle.refus import Refus

_CHAMPS = {
    "site_deja_la": "nom",
    "salle_deja_la": "nom",
    "nom_manquant": "nom",
    "fuseau_inconnu": "fuseau",
    "fuseau_tenu": "fuseau",
    "epreuves_placees": None,
}


@require_safe
@connecte
def sites(request: RequeteConnectee) -> HttpResponse:
    """Les sites du lecteur."""
    verifier_peut_tenir_les_lieux(request.droits)
    page = presenters.page_sites(request.acteur, jour_civil(maintenant()))
    return render(request, "convocations/sites.html", {"page": page})


@require_safe
@connecte
def site(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """La fiche d'un site."""
    verifier_peut_tenir_les_lieux(request.droits)
    page = presenters.page_site(request.acteur, identifiant, jour_civil(maintenant()))
    return render(request, "convocations/site.html", {"page": page})


@require_safe
@connecte
def semaine(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """La semaine d'un site."""
    verifier_peut_tenir_les_lieux(request.droits)
    page = presenters.page_semaine(request.acteur, identifiant, request.GET.get("du", ""), maintenant())
    return render(request, "convocations/semaine.html", {"page": page})


@lire_ou_envoyer
@connecte
def nouveau_site(request: RequeteConnectee) -> HttpResponse:
    """Ajouter un site."""
    verifier_peut_tenir_les_lieux(request.droits)
    instant = maintenant()
    choix = selectors.organismes_geres(request.acteur, jour_civil(instant))
    if not choix:
        messages.error(request, "Aucun organisme n'est encore enregistré : ajoutez-en un, puis ses sites.")
        return redirect("convocations:sites")
    formulaire = forms.FormSite(request.POST or None, organismes=choix, initial={"fuseau": "Europe/Paris"})
    if request.method == "POST" and formulaire.is_valid():
        dit = formulaire.cleaned_data
        try:
            cree = services.creer_site(
                organisme=UUID(dit.get("organisme") or choix[0][0]),
                fiche=_fiche(formulaire),
                auteur=request.acteur,
                maintenant=instant,
            )
        except Refus as refus:
            formulaire.add_error(_CHAMPS.get(refus.code), refus.message)
        else:
            messages.success(request, "Site ajouté. Il lui manque ses salles.")
            return redirect("convocations:site", cree)
    return render(
        request,
        "convocations/saisir_site.html",
        {"formulaire": formulaire, "titre": "Ajouter un site", "geste": "Ajouter"},
        status=statut_http(formulaire),
    )


@lire_ou_envoyer
@connecte
def modifier_site(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Corriger la fiche d'un site."""
    verifier_peut_tenir_les_lieux(request.droits)
    instant = maintenant()
    vue = selectors.site(request.acteur, identifiant, jour_civil(instant))
    formulaire = forms.FormSite(request.POST or None, organismes=(), initial=presenters.site_initial(vue))
    if request.method == "POST" and formulaire.is_valid():
        try:
            services.modifier_site(
                site=identifiant, fiche=_fiche(formulaire), auteur=request.acteur, maintenant=instant
            )
        except Refus as refus:
            formulaire.add_error(_CHAMPS.get(refus.code), refus.message)
        else:
            messages.success(request, "Fiche enregistrée.")
            return redirect("convocations:site", identifiant)
    return render(
        request,
        "convocations/saisir_site.html",
        {"formulaire": formulaire, "titre": f"Modifier {vue.nom}", "geste": "Enregistrer", "site": vue},
        status=statut_http(formulaire),
    )


@lire_ou_envoyer
@connecte
def fermer_site(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Dire à partir de quand un site ferme, ou qu'il rouvre."""
    verifier_peut_tenir_les_lieux(request.droits)
    instant = maintenant()
    vue = selectors.site(request.acteur, identifiant, jour_civil(instant))
    formulaire = forms.FormFermetureDeSite(request.POST or None, initial={"ferme_le": vue.ferme_le})
    if request.method == "POST" and formulaire.is_valid():
        try:
            services.fermer_site(site=identifiant, auteur=request.acteur, maintenant=instant, **formulaire.cleaned_data)
        except Refus as refus:
            formulaire.add_error("ferme_le", refus.message)
        else:
            messages.success(request, "C'est enregistré.")
            return redirect("convocations:site", identifiant)
    return render(
        request,
        "convocations/saisir_au_site.html",
        {"formulaire": formulaire, "titre": "Fermer ou rouvrir ce site", "site": vue},
        status=statut_http(formulaire),
    )


@lire_ou_envoyer
@connecte
def ajouter_salle(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Ajouter une salle à un site."""
    verifier_peut_tenir_les_lieux(request.droits)
    instant = maintenant()
    vue = selectors.site(request.acteur, identifiant, jour_civil(instant))
    formulaire = forms.FormSalle(request.POST or None)
    if request.method == "POST" and formulaire.is_valid():
        try:
            services.ajouter_salle(
                site=identifiant, auteur=request.acteur, maintenant=instant, **formulaire.cleaned_data
            )
        except Refus as refus:
            formulaire.add_error(_CHAMPS.get(refus.code), refus.message)
        else:
            messages.success(request, "Salle ajoutée.")
            return redirect("convocations:site", identifiant)
    return render(
        request,
        "convocations/saisir_au_site.html",
        {"formulaire": formulaire, "titre": "Ajouter une salle", "site": vue},
        status=statut_http(formulaire),
    )


@lire_ou_envoyer
@connecte
def modifier_salle(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Corriger une salle, ou la retirer."""
    verifier_peut_tenir_les_lieux(request.droits)
    instant = maintenant()
    vue = selectors.site_tenu_de_la_salle(request.acteur, identifiant, jour_civil(instant))
    (salle,) = (s for s in vue.salles if s.id == identifiant)
    formulaire = forms.FormSalleTenue(request.POST or None, initial=presenters.salle_initiale(salle))
    if request.method == "POST" and formulaire.is_valid():
        try:
            services.modifier_salle(
                salle=identifiant, auteur=request.acteur, maintenant=instant, **formulaire.cleaned_data
            )
        except Refus as refus:
            formulaire.add_error(
                "retiree_le" if refus.code == "epreuves_placees" else _CHAMPS.get(refus.code), refus.message
            )
        else:
            messages.success(request, "Salle enregistrée.")
            return redirect("convocations:site", vue.id)
    return render(
        request,
        "convocations/saisir_au_site.html",
        {"formulaire": formulaire, "titre": salle.nom, "site": vue},
        status=statut_http(formulaire),
    )


@lire_ou_envoyer
@connecte
def trajets(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Dire les minutes de route de ce site aux autres."""
    verifier_peut_tenir_les_lieux(request.droits)
    instant = maintenant()
    jour = jour_civil(instant)
    vue = selectors.site(request.acteur, identifiant, jour)
    autres = [s for s in selectors.vues_sites(selectors.sites_offerts(request.acteur, jour)) if s.id != identifiant]
    dits = selectors.trajets_du_site(request.acteur, identifiant)
    formulaire = forms.FormTrajets(
        request.POST or None,
        sites=presenters.choix_de_sites(autres),
        initial={str(autre): minutes for autre, minutes in dits.items()},
    )
    if request.method == "POST" and formulaire.is_valid():
        for autre, minutes in formulaire.cleaned_data.items():
            services.dire_trajet(
                de=identifiant, vers=UUID(autre), minutes=minutes, auteur=request.acteur, maintenant=instant
            )
        messages.success(request, "Trajets enregistrés.")
        return redirect("convocations:site", identifiant)
    return render(
        request,
        "convocations/saisir_au_site.html",
        {
            "formulaire": formulaire,
            "titre": "Minutes de route",
            "site": vue,
            "aide": "De ce site à chacun des autres, dans les deux sens. Vide : ce que dit le règlement, dans un même fuseau.",
            "rien": "" if autres else "Il n'y a pas d'autre site où aller.",
        },
        status=statut_http(formulaire),
    )


def _fiche(formulaire: forms.FormSite) -> services.FicheSite:
    dit = formulaire.cleaned_data
    return services.FicheSite(
        nom=dit["nom"], fuseau=dit["fuseau"], adresse=dit["adresse"], partage=dit["partage"], heures=dit["heures"]
    )
