"""Les pages des habilitations."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from parchemin.comptes import presenters, selectors, services
from parchemin.comptes.enums import TitreHabilitation
from parchemin.comptes.forms import FormAvenant, FormDeclaration, FormEtat, FormHabilitation, porter_refus
from parchemin.comptes.permissions import (
    RequeteConnectee,
    connecte,
    verifier_peut_lire_habilitations,
    verifier_peut_tenir_habilitations,
)
from parchemin.socle.horloge import jour_civil, maintenant
from parchemin.socle.methodes import lire_ou_envoyer
from parchemin.socle.refus import Introuvable, Refus, RefusDroit
from parchemin.socle.telechargements import tableur_a_emporter


@require_safe
@connecte
def habilitations(request: RequeteConnectee) -> HttpResponse:
    """Le registre."""
    verifier_peut_lire_habilitations(request.droits)
    page = presenters.page_habilitations(request.acteur, request.droits, jour_civil(maintenant()))
    return render(request, "comptes/habilitations.html", {"page": page})


@require_safe
@connecte
def exporter(request: RequeteConnectee, forme: str) -> HttpResponse:
    """Le registre en CSV ou en classeur."""
    verifier_peut_lire_habilitations(request.droits)
    jour = jour_civil(maintenant())
    lignes = presenters.lignes_du_registre(request.acteur, jour)
    return tableur_a_emporter(
        forme, f"habilitations-{jour.isoformat()}", "Habilitations", presenters.ENTETES_REGISTRE, lignes
    )


@lire_ou_envoyer
@connecte
def nouvelle_habilitation(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Inscrire l'habilitation d'un organisme : d'abord la certification (s'il y en a plusieurs), puis la portée."""
    verifier_peut_tenir_habilitations(request.droits)
    organisme = selectors.organisme(request.acteur, identifiant, jour_civil(maintenant()))
    choix = presenters.certifications_habilitables()
    connues = dict(choix)
    code = request.GET.get("certification", choix[0][0] if choix else "")
    if code not in connues:
        raise Introuvable("Aucune certification n'est publiée ici, ou pas celle-là.")
    form = FormHabilitation(request.POST if request.method == "POST" else None, blocs=presenters.choix_blocs(code))
    if request.method == "POST" and form.is_valid():
        champs = form.cleaned_data
        try:
            cle = services.donner_habilitation(
                organisme=identifiant,
                certification=code,
                titre=TitreHabilitation(champs["titre"]),
                missions=champs["missions"],
                blocs=champs["blocs"],
                du=champs["du"],
                dernier_jour=champs["dernier_jour"],
                convention=champs["convention"],
                signee_le=champs["signee_le"],
                auteur=request.acteur,
                maintenant=maintenant(),
            )
        except RefusDroit:
            raise
        except Refus as refus:
            champ = {"convention_manquante": "convention", "habilitation_deja_la": "convention"}
            porter_refus(form, refus, champ.get(refus.code) or _champ(refus))
        else:
            messages.success(request, "Habilitation inscrite au registre.")
            return redirect("comptes:habilitation", cle)
    contexte = {"form": form, "organisme": organisme, "certification": connues[code], "code": code, "choix": choix}
    return render(request, "comptes/nouvelle_habilitation.html", contexte, status=422 if form.errors else 200)


@require_safe
@connecte
def habilitation(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Une habilitation."""
    verifier_peut_lire_habilitations(request.droits)
    return _page(request, identifiant)


@require_POST
@connecte
def avenant(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Changer la portée ou le terme."""
    verifier_peut_tenir_habilitations(request.droits)
    page = presenters.habilitation(request.acteur, request.droits, identifiant, jour_civil(maintenant()))
    form = FormAvenant(request.POST, blocs=page.blocs, prefix="avenant")
    if form.is_valid():
        champs = form.cleaned_data
        try:
            services.changer_portee(
                habilitation=identifiant,
                missions=champs["missions"],
                blocs=champs["blocs"],
                dernier_jour=champs["dernier_jour"],
                effet=champs["effet"],
                motif=champs["motif"],
                auteur=request.acteur,
                maintenant=maintenant(),
            )
        except RefusDroit:
            raise
        except Refus as refus:
            porter_refus(form, refus, _champ(refus))
        else:
            messages.success(request, "Avenant inscrit au registre.")
            return redirect("comptes:habilitation", identifiant)
    return _page(request, identifiant, status=422, form_avenant=form)


@require_POST
@connecte
def etat(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Suspendre, reprendre, résilier."""
    verifier_peut_tenir_habilitations(request.droits)
    page = presenters.habilitation(request.acteur, request.droits, identifiant, jour_civil(maintenant()))
    form = FormEtat(request.POST, etats=page.etats, prefix="etat")
    if form.is_valid():
        champs = form.cleaned_data
        try:
            services.changer_etat(
                habilitation=identifiant,
                vers=champs["vers"],
                effet=champs["effet"],
                motif=champs["motif"],
                auteur=request.acteur,
                maintenant=maintenant(),
            )
        except RefusDroit:
            raise
        except Refus as refus:
            porter_refus(form, refus, _champ(refus))
        else:
            messages.success(
                request, "Décision inscrite au registre. Elle se déclare à France compétences sous deux mois."
            )
            return redirect("comptes:habilitation", identifiant)
    return _page(request, identifiant, status=422, form_etat=form)


@require_POST
@connecte
def declarer(request: RequeteConnectee, identifiant: UUID, ligne: int, quoi: str) -> HttpResponse:
    """Noter qu'un changement a été déclaré ; `quoi` vaut « changement » ou « terme »."""
    verifier_peut_tenir_habilitations(request.droits)
    vue = selectors.une_habilitation(request.acteur, identifiant, jour_civil(maintenant()))
    if quoi not in ("changement", "terme") or all(ligne != changement.ligne for changement in vue.changements):
        raise Introuvable
    form = FormDeclaration(request.POST, auto_id=_identifiants(ligne, quoi))
    if form.is_valid():
        try:
            services.declarer_changement(
                ligne=ligne,
                au_terme=quoi == "terme",
                declaree_le=form.cleaned_data["declaree_le"],
                reference=form.cleaned_data["reference"],
                auteur=request.acteur,
                maintenant=maintenant(),
            )
        except RefusDroit:
            raise
        except Refus as refus:
            porter_refus(form, refus, "declaree_le")
        else:
            messages.success(request, "Déclaration notée.")
            return redirect("comptes:habilitation", identifiant)
    return _page(request, identifiant, status=422, form_declaration=form, declaree=(ligne, quoi))


def _identifiants(ligne: int, quoi: str) -> str:
    """Les identifiants HTML du formulaire d'une déclaration : plusieurs changements tiennent sur une page."""
    return f"id_declaration_{ligne}_{quoi}_%s"


def _page(
    request: RequeteConnectee,
    identifiant: UUID,
    status: int = 200,
    declaree: tuple[int, str] | None = None,
    **contexte: object,
) -> HttpResponse:
    jour = jour_civil(maintenant())
    page = presenters.habilitation(request.acteur, request.droits, identifiant, jour)
    defauts = {
        "page": page,
        "form_avenant": FormAvenant(blocs=page.blocs, initial=page.portee_initiale, prefix="avenant"),
        "form_etat": FormEtat(etats=page.etats, initial={"effet": jour}, prefix="etat"),
    }
    quois = [(changement, "terme" if changement.au_terme else "changement") for changement in page.a_declarer]
    contexte["declarations"] = [
        (
            changement,
            contexte["form_declaration"]
            if (changement.ligne, quoi) == declaree
            else FormDeclaration(initial={"declaree_le": jour}, auto_id=_identifiants(changement.ligne, quoi)),
        )
        for changement, quoi in quois
    ]
    return render(request, "comptes/habilitation.html", defauts | contexte, status=status)


def _champ(refus: Refus) -> str | None:
    return {
        "bloc_inconnu": "blocs",
        "mission_manquante": "missions",
        "dates_a_l_envers": "dernier_jour",
        "effet_trop_tot": "effet",
        "motif_manquant": "motif",
    }.get(refus.code)
