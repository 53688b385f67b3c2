"""Reconnaître un bloc par équivalence ; en dispenser ; retirer un bloc acquis."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from parchemin.comptes.permissions import RequeteConnectee, connecte
from parchemin.parcours import presenters, selectors, services
from parchemin.parcours.enums import PieceDeBloc
from parchemin.parcours.forms import FormDispenserBloc, FormReconnaitre, FormRetirerAcquis, porter_refus
from parchemin.parcours.permissions import (
    verifier_peut_dispenser_de_bloc,
    verifier_peut_reconnaitre,
    verifier_peut_retirer_acquis,
)
from parchemin.parcours.selectors import VueDossier
from parchemin.registre.consultations import regarder
from parchemin.registre.enums import PageConsultee
from parchemin.socle.horloge import jour_civil, maintenant
from parchemin.socle.methodes import lire_ou_envoyer
from parchemin.socle.refus import Introuvable, Refus, RefusDroit


def _ouvrir(request: RequeteConnectee, identifiant: UUID) -> VueDossier:
    vue = selectors.dossier(request.acteur, identifiant, jour_civil(maintenant()))
    regarder(request, selectors.regard(vue, PageConsultee.DOSSIER))
    return vue


def _ecrire(
    form: FormReconnaitre | FormDispenserBloc,
    page: presenters.PageReconnaitre,
    ecrire: Callable[[presenters.ChoixDePreuve], object],
) -> presenters.ChoixDePreuve | None:
    """Écrit ce qui est choisi et le rend ; `None` si c'est refusé, ou si ce qui suivra n'est plus ce que la page montrait."""
    choisi = page.choisi(form.cleaned_data["choix"])
    if form.cleaned_data["vus"] != page.vus:
        form.add_error(
            None, "Depuis que cette page est ouverte, ce que cela change a changé : relisez-le, puis confirmez."
        )
        form.data = {**form.data, "vus": page.vus}
        return None
    try:
        ecrire(choisi)
    except (Introuvable, RefusDroit):
        raise
    except Refus as refus:
        porter_refus(form, refus)
        return None
    return choisi


@lire_ou_envoyer
@connecte
def reconnaitre(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Reconnaître un bloc d'après un bloc obtenu ailleurs, la pièce sous les yeux ; ce qui suivra est montré d'abord."""
    vue = _ouvrir(request, identifiant)
    verifier_peut_reconnaitre(request.droits, vue)
    jour = jour_civil(maintenant())
    page = presenters.page_reconnaitre(request.acteur, vue, jour)
    form = FormReconnaitre(
        request.POST.dict() if request.method == "POST" else None,
        choix=[(un.valeur, un.libelle) for un in page.choix],
        obtenus={un.valeur: un.obtenu_le for un in page.choix},
        initial={"vu_le": jour, "vus": page.vus},
    )

    def ecrire(choisi: presenters.ChoixDePreuve) -> None:
        services.reconnaitre_bloc(
            dossier=identifiant,
            bloc=choisi.bloc,
            tenu=choisi.tenu,
            obtenu_le=form.cleaned_data["obtenu_le"],
            piece=PieceDeBloc(form.cleaned_data["piece"]),
            vu_le=form.cleaned_data["vu_le"],
            effets_vus=choisi.effets,
            auteur=request.acteur,
            maintenant=maintenant(),
        )

    if request.method == "POST" and form.is_valid() and (choisi := _ecrire(form, page, ecrire)):
        messages.success(request, f"Le bloc {choisi.bloc[1:]} est obtenu par équivalence.")
        return redirect("dossier", identifiant)
    contexte = {"form": form, "page": page}
    return render(request, "parcours/reconnaitre.html", contexte, status=422 if form.errors else 200)


@lire_ou_envoyer
@connecte
def dispenser_bloc(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Le certificateur dispense d'un bloc qu'aucune équivalence n'ouvre, si le règlement le permet."""
    vue = _ouvrir(request, identifiant)
    verifier_peut_dispenser_de_bloc(request.droits, vue)
    page = presenters.page_dispenser_bloc(request.acteur, vue)
    form = FormDispenserBloc(
        request.POST.dict() if request.method == "POST" else None,
        choix=[(un.valeur, un.libelle) for un in page.choix],
        initial={"vu_le": jour_civil(maintenant()), "vus": page.vus},
    )

    def ecrire(choisi: presenters.ChoixDePreuve) -> None:
        services.dispenser_de_bloc(
            dossier=identifiant,
            bloc=choisi.bloc,
            motif=form.cleaned_data["motif"],
            piece=PieceDeBloc(form.cleaned_data["piece"]),
            vu_le=form.cleaned_data["vu_le"],
            effets_vus=choisi.effets,
            auteur=request.acteur,
            maintenant=maintenant(),
        )

    if request.method == "POST" and form.is_valid() and (choisi := _ecrire(form, page, ecrire)):
        messages.success(request, f"Le bloc {choisi.bloc[1:]} est dispensé : le motif se lit dans le dossier.")
        return redirect("dossier", identifiant)
    contexte = {"form": form, "page": page, "dispense": True}
    return render(request, "parcours/reconnaitre.html", contexte, status=422 if form.errors else 200)


@lire_ou_envoyer
@connecte
def retirer_acquis(request: RequeteConnectee, identifiant: UUID, acquis: UUID) -> HttpResponse:
    """Retirer un bloc dit acquis, et dire pourquoi."""
    vue = _ouvrir(request, identifiant)
    tenus = selectors.blocs_tenus(request.acteur, [vue.candidat]).get(vue.candidat, ())
    une = next((tenu for tenu in tenus if tenu.id == acquis and tenu.retire_le is None), None)
    if une is None:
        raise Introuvable("Ce bloc acquis n'est pas de ce dossier, ou il est déjà retiré.")
    verifier_peut_retirer_acquis(request.droits, une, vue)
    page = presenters.page_retirer_acquis(request.acteur, request.droits, vue, une)
    form = FormRetirerAcquis(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.retirer_bloc_acquis(
                acquis=acquis, motif=form.cleaned_data["motif"], auteur=request.acteur, maintenant=maintenant()
            )
        except (Introuvable, RefusDroit):
            raise
        except Refus as refus:
            porter_refus(form, refus)
        else:
            suite = " : ce bloc est de nouveau à juger" if vue.ouvert else ""
            messages.success(request, f"Retiré{suite}. Ce qui était écrit reste dans l'histoire.")
            return redirect("dossier", identifiant)
    contexte = {"form": form, "page": page}
    return render(request, "parcours/retirer_acquis.html", contexte, status=422 if form.errors else 200)
