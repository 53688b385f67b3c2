"""Les pages des parcours : la liste des candidats, l'inscription, les désignations, l'abandon."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from parchemin.comptes.forms import CHERCHER
from parchemin.comptes.permissions import RequeteConnectee, connecte
from parchemin.comptes.presenters import propositions
from parchemin.parcours import presenters, selectors, services
from parchemin.parcours.enums import Initiative, Voie
from parchemin.parcours.forms import (
    FiltreDossiers,
    FormAbandonner,
    FormCorriger,
    FormDesigner,
    FormInscrire,
    porter_refus,
)
from parchemin.parcours.permissions import (
    verifier_peut_designer,
    verifier_peut_gerer_dossier,
    verifier_peut_inscrire,
    verifier_peut_lister,
)
from parchemin.parcours.selectors import Changement
from parchemin.referentiels.selectors import VersionPubliee
from parchemin.registre.consultations import regarder
from parchemin.registre.enums import PageConsultee
from parchemin.socle.horloge import jour_civil, maintenant
from parchemin.socle.methodes import lire_ou_envoyer
from parchemin.socle.refus import Refus

_PASSER_OUTRE = {
    "homonyme": "homonyme_admis",
    "deja_titulaire": "titulaire_admis",
    "homonyme_titulaire": "titulaire_admis",
}
"""Ce qui n'est qu'un avertissement : la case à cocher pour l'avoir lu."""


@require_safe
@connecte
def liste(request: RequeteConnectee) -> HttpResponse:
    """La liste des candidats : chercher, filtrer, ouvrir."""
    verifier_peut_lister(request.droits)
    filtre = FiltreDossiers(request.GET, etats=presenters.choix_etats())
    valeurs = filtre.cleaned_data if filtre.is_valid() else {}
    page = presenters.liste(request.acteur, request.droits, jour_civil(maintenant()), valeurs, request.GET.get("page"))
    return render(request, "parcours/liste.html", {"page": page, "filtre": filtre})


@lire_ou_envoyer
@connecte
def inscrire(request: RequeteConnectee) -> HttpResponse:
    """Inscrire un candidat, nouveau ou déjà enregistré."""
    verifier_peut_inscrire(request.droits)
    version = presenters.version_demandee(request.acteur, request.GET.get("referentiel"))
    choix = presenters.choix_inscription(
        request.acteur, version, jour_civil(maintenant()), FormInscrire.CHOISIS, request.POST
    )
    envoi = request.method == "POST" and CHERCHER not in request.POST
    form = FormInscrire(request.POST if envoi else None, choix=choix, initial=FormInscrire.saisi(request.POST))
    if envoi and form.is_valid():
        try:
            dossier = _inscrire(request, form, version)
        except Refus as refus:
            if admis := _PASSER_OUTRE.get(refus.code):
                form.proposer(admis)
            porter_refus(form, refus)
        else:
            messages.success(request, "Candidat inscrit. Son carnet lui est remis.")
            return redirect("dossier", dossier)
    contexte = {
        "form": form,
        "titre_version": presenters.titre_version(request.acteur, version),
        "autres": presenters.autres_versions(request.acteur, version),
    }
    return render(request, "parcours/inscrire.html", contexte, status=422 if form.errors else 200)


def _inscrire(request: RequeteConnectee, form: FormInscrire, version: VersionPubliee) -> UUID:
    champs = form.cleaned_data
    organisme, voie, initiative = UUID(champs["organisme"]), Voie(champs["voie"]), Initiative(champs["initiative"])
    tuteur, manager, instant = form.designe("tuteur"), form.designe("manager"), maintenant()
    de_la_vae = {"recevable_le": champs["recevable_le"], "acces_vae": champs["acces_vae"]}
    referent = form.designe("referent_rh")
    if form.est_nouvelle:
        return services.inscrire_nouveau(
            prenom=champs["prenom"],
            nom=champs["nom"],
            courriel_pro=champs["courriel_pro"],
            homonyme_admis=champs["homonyme_admis"],
            organisme=organisme,
            referentiel=version.nom(),
            voie=voie,
            initiative=initiative,
            entree_le=champs["entree_le"],
            blocs=champs["blocs"],
            tuteur=tuteur,
            manager=manager,
            referent_rh=referent,
            titulaire_admis=champs["titulaire_admis"],
            **de_la_vae,
            auteur=request.acteur,
            maintenant=instant,
        ).pk
    return services.inscrire(
        candidat=UUID(champs["candidat"]),
        organisme=organisme,
        referentiel=version.nom(),
        voie=voie,
        initiative=initiative,
        entree_le=champs["entree_le"],
        blocs=champs["blocs"],
        tuteur=tuteur,
        manager=manager,
        referent_rh=referent,
        titulaire_admis=champs["titulaire_admis"],
        **de_la_vae,
        auteur=request.acteur,
        maintenant=instant,
    ).pk


@lire_ou_envoyer
@connecte
def designer(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Nommer le tuteur et le manager d'un dossier, ou les remplacer."""
    jour = jour_civil(maintenant())
    vue = selectors.dossier(request.acteur, identifiant, jour)
    verifier_peut_designer(request.droits, vue.organisme, vue.referentiel_code)
    regarder(request, selectors.regard(vue, PageConsultee.DOSSIER))
    envoi = request.method == "POST" and CHERCHER not in request.POST
    saisi = {"tuteur": vue.tuteur, "manager": vue.manager} | FormDesigner.saisi(request.POST)
    form = FormDesigner(
        request.POST if envoi else None,
        personnes=propositions(request.acteur, jour, FormDesigner.CHOISIS, saisi),
        initial=saisi,
    )
    apercu = None
    if envoi and form.is_valid():
        tuteur, manager = UUID(form.cleaned_data["tuteur"]), UUID(form.cleaned_data["manager"])
        changement = Changement(vue, tuteur=tuteur, manager=manager)
        de = f"{tuteur}:{manager}"
        try:
            # Remplacer quelqu'un se confirme, l'aperçu sous les yeux ; une première nomination ne retire rien à personne.
            if changement.remplace_quelqu_un and request.POST.get("confirmer") != de:
                apercu = presenters.page_apercu(selectors.apercu(request.acteur, changement), de)
            else:
                services.nommer_tuteur_manager(
                    dossier=identifiant,
                    tuteur=tuteur,
                    manager=manager,
                    auteur=request.acteur,
                    maintenant=maintenant(),
                )
                messages.success(request, "Tuteur et manager nommés : ils peuvent attester dans le carnet.")
                return redirect("dossier", identifiant)
        except Refus as refus:
            porter_refus(form, refus)
    contexte = {"form": form, "dossier": vue, "apercu": apercu}
    return render(request, "parcours/designer.html", contexte, status=422 if form.errors else 200)


@lire_ou_envoyer
@connecte
def corriger(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Corriger le référent RH d'un dossier et, pour une VAE, son accès."""
    jour = jour_civil(maintenant())
    vue = selectors.dossier(request.acteur, identifiant, jour)
    verifier_peut_designer(request.droits, vue.organisme, vue.referentiel_code)
    regarder(request, selectors.regard(vue, PageConsultee.DOSSIER))
    envoi = request.method == "POST" and CHERCHER not in request.POST
    saisi = {"referent_rh": vue.referent_rh, "acces_vae": vue.acces_vae} | FormCorriger.saisi(request.POST)
    form = FormCorriger(
        request.POST if envoi else None,
        personnes=propositions(request.acteur, jour, FormCorriger.CHOISIS, saisi),
        vae=vue.voie == Voie.VAE,
        initial=saisi,
    )
    if envoi and form.is_valid():
        choisi = form.cleaned_data["referent_rh"]
        try:
            change = services.corriger_inscription(
                dossier=identifiant,
                referent_rh=UUID(choisi) if choisi else None,
                acces_vae=form.cleaned_data.get("acces_vae", ""),
                auteur=request.acteur,
                maintenant=maintenant(),
            )
        except Refus as refus:
            porter_refus(form, refus)
        else:
            if change:
                messages.success(request, "Inscription corrigée.")
            else:
                messages.info(request, "C’était déjà ainsi : rien n’a changé.")
            return redirect("dossier", identifiant)
    contexte = {"form": form, "dossier": vue}
    return render(request, "parcours/corriger.html", contexte, status=422 if form.errors else 200)


@lire_ou_envoyer
@connecte
def abandonner(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Clore un dossier sans résultat, en disant pourquoi."""
    vue = selectors.dossier(request.acteur, identifiant, jour_civil(maintenant()))
    verifier_peut_gerer_dossier(request.droits, vue.organisme, vue.referentiel_code)
    regarder(request, selectors.regard(vue, PageConsultee.DOSSIER))
    form = FormAbandonner(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.abandonner(
                dossier=identifiant,
                motif=form.cleaned_data["motif"],
                auteur=request.acteur,
                maintenant=maintenant(),
            )
        except Refus as refus:
            porter_refus(form, refus)
        else:
            messages.success(request, "Dossier abandonné. Son histoire reste lisible.")
            return redirect("dossier", identifiant)
    contexte = {"form": form, "dossier": vue}
    return render(request, "parcours/abandonner.html", contexte, status=422 if form.errors else 200)
