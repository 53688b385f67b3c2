"""« Ma façon de noter » : ses phrases rapides, sa main, ses touches. Chacun la sienne."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from parchemin.comptes.permissions import RequeteConnectee, connecte
from parchemin.evaluation import presenters, selectors, services
from parchemin.evaluation.enums import Main
from parchemin.evaluation.forms import FormFacon
from parchemin.evaluation.permissions import verifier_peut_voir_sa_journee
from parchemin.socle.horloge import maintenant
from parchemin.socle.methodes import lire_ou_envoyer
from parchemin.socle.refus import Refus


@lire_ou_envoyer
@connecte
def facon(request: RequeteConnectee) -> HttpResponse:
    """Lire et régler sa façon de noter. Chaque bouton enregistre tout : on quitte la page sans rien perdre."""
    verifier_peut_voir_sa_journee(request.droits)
    actuelle = selectors.facon_de_noter(request.acteur)
    if request.method != "POST":
        form = FormFacon(initial={"main": actuelle.main, "raccourcis": actuelle.raccourcis, "vu": actuelle.rang})
        geste, sur = request.GET.get("geste", ""), request.GET.get("sur", "")
        return _montrer(request, form, presenters.page_facon(actuelle.phrases, geste=geste, sur=sur))
    saisie = request.POST.copy()
    form = FormFacon(saisie)
    phrases, geste, suivie = _rangees(request)
    if form.is_valid():
        try:
            reglee = services.regler_sa_facon(
                phrases=phrases,
                main=Main(form.cleaned_data["main"]),
                raccourcis=form.cleaned_data["raccourcis"],
                vu=form.cleaned_data["vu"],
                auteur=request.acteur,
                maintenant=maintenant(),
            )
        except Refus as refus:
            form.add_error(None, f"{refus.message} {refus.conserve}".strip())
            if refus.code == "facon_changee":  # la suite part de ce qui est en place, la saisie reste
                saisie["vu"] = str(actuelle.rang)
        else:
            suivie = services.phrase_propre(suivie)
            messages.success(request, presenters.MOT_DE_FACON[_mot(geste, suivie, actuelle.phrases)])
            return redirect(_retour(geste, suivie, reglee.phrases))
    return _montrer(request, form, presenters.page_facon([phrase for phrase in phrases if phrase.strip()]))


def _montrer(request: HttpRequest, form: FormFacon, page: presenters.PageFacon) -> HttpResponse:
    return render(request, "evaluation/facon.html", {"page": page, "form": form})


def _rangees(request: HttpRequest) -> tuple[list[str], str, str]:
    """Les phrases de la saisie dans l'ordre que demande le bouton pressé, ce bouton, et la phrase où le focus reste."""
    phrases = request.POST.getlist("phrase")
    if "ajouter" in request.POST:
        return phrases, "ajouter", phrases[-1] if phrases else ""
    for geste in ("monter", "descendre", "retirer"):
        rang = _rang(request, geste, phrases)
        if rang is not None:
            return phrases, geste, _ranger(phrases, geste, rang)
    return phrases, "enregistrer", ""


def _ranger(phrases: list[str], geste: str, rang: int) -> str:
    """Déplace ou retire cette phrase ; rend celle que l'on suit : la sienne, ou sa voisine si elle n'est plus."""
    if geste == "retirer":
        del phrases[rang]
        voisines = [phrase for phrase in (*phrases[rang:], *reversed(phrases[:rang])) if phrase.strip()]
        return voisines[0] if voisines else ""
    vers = rang + (-1 if geste == "monter" else 1)
    if 0 <= vers < len(phrases):
        phrases[rang], phrases[vers] = phrases[vers], phrases[rang]
        rang = vers
    return phrases[rang]


def _rang(request: HttpRequest, geste: str, phrases: list[str]) -> int | None:
    texte = request.POST.get(geste, "")
    return int(texte) if texte.isdecimal() and int(texte) < len(phrases) else None


def _mot(geste: str, suivie: str, avant: Sequence[str]) -> str:
    if geste != "ajouter":
        return geste
    return "vide" if not suivie else "deja" if suivie in avant else geste


def _retour(geste: str, suivie: str, phrases: Sequence[str]) -> str:
    """La page relue, où le focus reste au bouton pressé, sur sa phrase."""
    page = reverse("evaluation:facon")
    if geste == "enregistrer":
        return page
    sur = {"sur": phrases.index(suivie)} if suivie in phrases else {}
    return f"{page}?{urlencode({'geste': geste} | sur)}"
