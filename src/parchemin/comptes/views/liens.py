"""Les liens d'une personne : voir, ajouter, clore, annuler."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from parchemin.comptes import presenters, selectors, services
from parchemin.comptes.enums import GenreDeLien
from parchemin.comptes.forms import ChercherPersonne, FormClore, FormLien, porter_refus
from parchemin.comptes.permissions import RequeteConnectee, connecte, verifier_peut_gerer_les_comptes
from parchemin.socle.horloge import jour_civil, maintenant
from parchemin.socle.methodes import lire_ou_envoyer
from parchemin.socle.refus import Introuvable, Refus, RefusDroit


@require_safe
@connecte
def liens(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Ce qui lie une personne à d'autres, maintenant et auparavant."""
    verifier_peut_gerer_les_comptes(request.droits)
    page = presenters.page_liens(request.acteur, identifiant, jour_civil(maintenant()))
    return render(request, "comptes/liens.html", {"page": page})


@lire_ou_envoyer
@connecte
def nouveau_lien(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Ajoute un lien : on cherche l'autre personne (en GET), puis on dit ce qui lie."""
    verifier_peut_gerer_les_comptes(request.droits)
    jour = jour_civil(maintenant())
    vue = selectors.personne(request.acteur, identifiant, jour)
    recherche = request.GET.get("q", "")
    trouvees = selectors.personnes_a_lier(request.acteur, jour, recherche)
    personnes = [(str(pk), nom) for pk, nom in trouvees if pk != identifiant]
    formulaire = FormLien(
        request.POST if request.method == "POST" else None, personnes=personnes, blocs=presenters.blocs_de_formation()
    )
    if request.method == "POST" and formulaire.is_valid():
        champs = formulaire.cleaned_data
        autre = UUID(champs["autre"])
        de, vers = (identifiant, autre) if champs["sens"] == "vers" else (autre, identifiant)
        try:
            services.declarer_lien(
                de=de,
                vers=vers,
                genre=GenreDeLien(champs["genre"]),
                du=champs["du"],
                au=champs["au"],
                session=champs["session"],
                blocs=champs["blocs"],
                auteur=request.acteur,
                maintenant=maintenant(),
            )
        except RefusDroit:
            raise
        except Refus as refus:
            porter_refus(formulaire, refus, "au" if refus.code == "dates_en_desordre" else None)
        else:
            messages.success(request, "Le lien est enregistré. Les épreuves qu'il touche se revérifient.")
            return redirect("comptes:liens", identifiant)
    contexte = {
        "personne": vue,
        "recherche": ChercherPersonne(initial={"q": recherche}),
        "cherchee": bool(recherche.strip()),
        "form": formulaire if personnes else None,
    }
    return render(request, "comptes/nouveau_lien.html", contexte, status=422 if formulaire.errors else 200)


@require_POST
@connecte
def clore_lien(request: RequeteConnectee, identifiant: UUID, lien: UUID) -> HttpResponse:
    """Met fin à un lien."""
    _exiger(request, identifiant, lien)
    formulaire = FormClore(request.POST)
    if formulaire.is_valid():
        _dire(
            request,
            "Le lien est clos.",
            lambda: services.clore_lien(
                lien=lien, au=formulaire.cleaned_data["au"], auteur=request.acteur, maintenant=maintenant()
            ),
        )
    else:
        messages.error(request, "Dites quand le lien a pris fin.")
    return redirect("comptes:liens", identifiant)


@require_POST
@connecte
def annuler_lien(request: RequeteConnectee, identifiant: UUID, lien: UUID) -> HttpResponse:
    """Dit qu'un lien a été déclaré à tort."""
    _exiger(request, identifiant, lien)
    motif = request.POST.get("motif", "")[:300]
    _dire(
        request,
        "Le lien est annulé ; l'histoire le garde.",
        lambda: services.annuler_lien(lien=lien, motif=motif, auteur=request.acteur, maintenant=maintenant()),
    )
    return redirect("comptes:liens", identifiant)


def _exiger(request: RequeteConnectee, identifiant: UUID, lien: UUID) -> None:
    verifier_peut_gerer_les_comptes(request.droits)
    selectors.personne(request.acteur, identifiant, jour_civil(maintenant()))
    fiches = selectors.identites(request.acteur, (identifiant,))[identifiant]
    if all(vue.id != lien for vue in selectors.liens_de(request.acteur, *fiches)):
        raise Introuvable


def _dire(request: RequeteConnectee, reussite: str, geste: Callable[[], object]) -> None:
    try:
        geste()
    except RefusDroit:
        raise
    except Refus as refus:
        messages.error(request, refus.message)
    else:
        messages.success(request, reussite)
