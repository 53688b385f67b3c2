"""Le registre des évaluateurs et des jurés."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from parchemin.comptes import presenters, selectors, services
from parchemin.comptes.enums import QualiteRegistre
from parchemin.comptes.forms import FiltreRegistre, FormHabiliter, FormRadier, porter_refus
from parchemin.comptes.permissions import RequeteConnectee, connecte, verifier_peut_tenir_registre
from parchemin.socle import tableur
from parchemin.socle.horloge import jour_civil, maintenant
from parchemin.socle.methodes import lire_ou_envoyer
from parchemin.socle.refus import Introuvable, Refus


def _filtre(request: RequeteConnectee) -> tuple[FiltreRegistre, dict[str, str]]:
    filtre = FiltreRegistre(request.GET)
    return filtre, filtre.cleaned_data if filtre.is_valid() else {}


@require_safe
@connecte
def registre(request: RequeteConnectee) -> HttpResponse:
    """Le registre : chercher, filtrer, ouvrir."""
    verifier_peut_tenir_registre(request.droits)
    filtre, valeurs = _filtre(request)
    page = presenters.page_registre(request.acteur, valeurs, request.GET.get("page"))
    return render(request, "comptes/registre.html", {"page": page, "filtre": filtre})


@require_safe
@connecte
def registre_csv(request: RequeteConnectee) -> HttpResponse:
    """Le registre en CSV."""
    verifier_peut_tenir_registre(request.droits)
    _, valeurs = _filtre(request)
    lignes = presenters.lignes_des_personnes(request.acteur, valeurs)
    reponse = HttpResponse(tableur.ecrire_csv(presenters.ENTETES_DU_FICHIER, lignes), content_type=tableur.TYPE_CSV)
    reponse["Content-Disposition"] = 'attachment; filename="registre.csv"'
    reponse["Cache-Control"] = "private, no-store"
    return reponse


@lire_ou_envoyer
@connecte
def habiliter(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Inscrire ou renouveler l'habilitation d'une personne."""
    verifier_peut_tenir_registre(request.droits)
    vue = selectors.personne(request.acteur, identifiant, jour_civil(maintenant()))
    verifier_peut_tenir_registre(request.droits, tuple(role.portee for role in vue.roles))
    form = FormHabiliter(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        champs = form.cleaned_data
        try:
            services.inscrire_au_registre(
                personne=identifiant,
                qualite=QualiteRegistre(champs["qualite"]),
                metier=champs["metier"],
                formation=champs["formation"],
                formee_le=champs["formee_le"],
                habilitee_le=champs["habilitee_le"],
                renouveler_le=champs["renouveler_le"],
                auteur=request.acteur,
                maintenant=maintenant(),
            )
        except Refus as refus:
            porter_refus(form, refus, {"sans_ce_role": "qualite", "deja_au_registre": "habilitee_le"}.get(refus.code))
        else:
            messages.success(request, "Habilitation inscrite au registre.")
            return redirect("comptes:personne", identifiant)
    contexte = {"form": form, "vue": vue}
    return render(request, "comptes/habiliter.html", contexte, status=422 if form.errors else 200)


@lire_ou_envoyer
@connecte
def radier(request: RequeteConnectee, ligne: UUID) -> HttpResponse:
    """Mettre fin à une habilitation, avec son motif."""
    verifier_peut_tenir_registre(request.droits)
    trouvee = selectors.registre(request.acteur, jour_civil(maintenant())).filter(pk=ligne).first()
    if trouvee is None:
        raise Introuvable
    vue = selectors.vue_registre(trouvee, jour_civil(maintenant()))
    form = FormRadier(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        services.radier_du_registre(
            ligne=ligne, motif=form.cleaned_data["motif"], auteur=request.acteur, maintenant=maintenant()
        )
        messages.success(request, "Habilitation radiée. Le registre en garde la trace et le motif.")
        return redirect("comptes:registre")
    return render(request, "comptes/radier.html", {"form": form, "vue": vue}, status=422 if form.errors else 200)
