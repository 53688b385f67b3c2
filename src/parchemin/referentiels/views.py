"""Les pages du référentiel. Elles sont publiques : un référentiel s'affiche, il ne se cache pas."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from parchemin.comptes.permissions import RequeteConnectee, connecte
from parchemin.referentiels import presenters, selectors, services
from parchemin.referentiels.documents import grille_vierge
from parchemin.referentiels.forms import FormAides
from parchemin.referentiels.permissions import peut_reviser, verifier_peut_reviser
from parchemin.socle.acteur import Acteur
from parchemin.socle.horloge import jour_civil, maintenant
from parchemin.socle.methodes import lire_ou_envoyer
from parchemin.socle.refus import Introuvable, Refus

RECHERCHE_MAX = 80


def _lecteur(request: HttpRequest) -> Acteur | None:
    return cast(Acteur | None, cast(Any, request).acteur)


@require_safe
def liste(request: HttpRequest) -> HttpResponse:
    """Les versions publiées."""
    lecteur = _lecteur(request)
    versions = tuple(
        (version, selectors.norme(lecteur, version.empreinte), selectors.fiche(lecteur, version))
        for version in selectors.versions_publiees(lecteur)
    )
    page = presenters.page_liste(versions, jour_civil(maintenant()))
    return render(request, "referentiels/liste.html", {"page": page})


@require_safe
def version(request: HttpRequest, code: str, version: str) -> HttpResponse:
    """Une version : ses blocs, ses épreuves, ses quatre parties ; `?q=` y cherche."""
    lecteur = _lecteur(request)
    publiee = selectors.version_publiee(lecteur, code, version)
    recherche = request.GET.get("q", "")[:RECHERCHE_MAX]
    page = presenters.page_version(
        version=publiee,
        arbre=selectors.norme(lecteur, publiee.empreinte),
        contenu=selectors.contenu_norme(lecteur, publiee.empreinte),
        fiche=selectors.fiche(lecteur, publiee),
        annexes=selectors.annexes(lecteur, publiee),
        reglement=selectors.reglement_en_vigueur(lecteur, publiee, jour_civil(maintenant())),
        recherche=recherche,
        trouvailles=selectors.chercher(lecteur, publiee.empreinte, recherche),
        revise=lecteur is not None and peut_reviser(cast(Any, request).droits),
    )
    return render(request, "referentiels/version.html", {"page": page})


@require_safe
def reglement(request: HttpRequest, code: str, version: str) -> HttpResponse:
    """Le règlement en vigueur aujourd'hui, et toutes ses éditions."""
    lecteur = _lecteur(request)
    publiee = selectors.version_publiee(lecteur, code, version)
    page = presenters.page_reglement(
        version=publiee,
        fiche=selectors.fiche(lecteur, publiee),
        reglement=selectors.reglement_en_vigueur(lecteur, publiee, jour_civil(maintenant())),
        editions=selectors.editions(lecteur, publiee),
    )
    return render(request, "referentiels/reglement.html", {"page": page})


@require_safe
def grille(request: HttpRequest, code: str, version: str, bloc: str) -> HttpResponse:
    """La grille vierge d'un bloc, en PDF."""
    publiee = selectors.version_publiee(_lecteur(request), code, version)
    reponse = HttpResponse(grille_vierge(publiee, bloc), content_type="application/pdf")
    reponse["Content-Disposition"] = f'inline; filename="grille-{publiee.code}-{publiee.version}-{bloc}.pdf"'
    return reponse


@lire_ou_envoyer
@connecte
def aides(request: RequeteConnectee, code: str, version: str, bloc: str) -> HttpResponse:
    """La banque de questions d'un bloc et son panel de courriers : écrits par qui révise, jamais montrés à un candidat."""
    verifier_peut_reviser(request.droits)
    publiee = selectors.version_publiee(request.acteur, code, version)
    arbre = selectors.norme(request.acteur, publiee.empreinte)
    vise = next((un for un in arbre.blocs if un.code == bloc), None)
    if vise is None:
        raise Introuvable("Ce bloc n'est pas de cette version.")
    annexes = selectors.annexes(request.acteur, publiee)
    form = FormAides(vise, request.POST or None, initial=presenters.saisie_des_aides(vise, annexes))
    if request.method == "POST" and form.is_valid():
        saisie = form.cleaned_data
        try:
            services.ecrire_les_aides(
                version=publiee,
                bloc=bloc,
                questions={critere.code: saisie[critere.code].splitlines() for critere in vise.criteres()},
                motifs_de_courrier=saisie["motifs_de_courrier"].splitlines() if form.a_des_courriers else None,
                motif=saisie["motif"],
                vu=saisie["vu"],
                auteur=request.acteur,
                maintenant=maintenant(),
            )
        except Refus as refus:
            form.add_error(None, " ".join((refus.message, *refus.details, refus.conserve)).strip())
            if refus.code == "annexes_changees":
                form.data = {**form.data.dict(), "vu": str(annexes.rang)}  # type: ignore[attr-defined]
        else:
            messages.success(
                request, "Les aides de ce bloc sont enregistrées : les grilles les montrent dès maintenant."
            )
            return redirect("referentiels:aides", code, version, bloc)
    page = presenters.page_aides(publiee, selectors.fiche(request.acteur, publiee), arbre, vise, annexes)
    return render(request, "referentiels/aides.html", {"page": page, "form": form})
