"""« Ma façon de noter » : ses phrases rapides, sa main, ses touches. Chacun la sienne."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

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
    """Lire et régler sa façon de noter. Monter, descendre, retirer : chaque bouton range la saisie sans rien enregistrer."""
    verifier_peut_voir_sa_journee(request.droits)
    actuelle = selectors.facon_de_noter(request.acteur)
    if request.method != "POST":
        form = FormFacon(initial={"main": actuelle.main, "raccourcis": actuelle.raccourcis, "vu": actuelle.rang})
        return _montrer(request, form, list(actuelle.phrases))
    saisie = request.POST.copy()
    form = FormFacon(saisie)
    phrases = _rangees(request)
    if form.is_valid() and "enregistrer" in request.POST:
        try:
            services.regler_sa_facon(
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
            messages.success(request, "Votre façon de noter est enregistrée.")
            return redirect("evaluation:facon")
    return _montrer(request, form, phrases)


def _montrer(request: HttpRequest, form: FormFacon, phrases: list[str]) -> HttpResponse:
    page = presenters.page_facon(phrases)
    return render(request, "evaluation/facon.html", {"page": page, "form": form})


def _rangees(request: HttpRequest) -> list[str]:
    """Les phrases de la saisie, dans l'ordre que demande le bouton pressé."""
    phrases = request.POST.getlist("phrase")
    for geste, sens in (("monter", -1), ("descendre", 1)):
        rang = _rang(request, geste, phrases)
        if rang is not None and 0 <= rang + sens < len(phrases):
            phrases[rang], phrases[rang + sens] = phrases[rang + sens], phrases[rang]
    rang = _rang(request, "retirer", phrases)
    if rang is not None:
        del phrases[rang]
    return [phrase for phrase in phrases if phrase.strip()]


def _rang(request: HttpRequest, geste: str, phrases: list[str]) -> int | None:
    texte = request.POST.get(geste, "")
    return int(texte) if texte.isdecimal() and int(texte) < len(phrases) else None
