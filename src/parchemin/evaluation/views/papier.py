"""La grille papier : l'imprimer, la ressaisir à deux qui ne se voient pas, régler ce qui diffère, joindre les feuilles."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.files.storage import default_storage
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from parchemin.comptes.permissions import RequeteConnectee, connecte
from parchemin.convocations.enums import Qualite
from parchemin.convocations.selectors import VueEpreuve
from parchemin.convocations.selectors import epreuve as lire_epreuve
from parchemin.evaluation import documents, forms, presenters, selectors, services
from parchemin.evaluation.permissions import (
    peut_ressaisir,
    verifier_peut_joindre,
    verifier_peut_ressaisir,
)
from parchemin.evaluation.selectors.papier import VueRessaisie
from parchemin.parcours.selectors import regard
from parchemin.registre.consultations import regarder
from parchemin.registre.enums import PageConsultee
from parchemin.socle.fichiers import OCTETS_MAX
from parchemin.socle.horloge import jour_civil, maintenant
from parchemin.socle.methodes import lire_ou_envoyer
from parchemin.socle.refus import Introuvable, Refus, RefusDroit


@require_safe
@connecte
def papier(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Où en sont les grilles papier d'une épreuve : toutes pour l'équipe du gestionnaire, la sienne pour un évaluateur."""
    epreuve, equipe = _epreuve(request, identifiant)
    lectures = selectors.etat_des_lectures(request.acteur, epreuve)
    page = presenters.page_papier(
        request.acteur,
        epreuve,
        selectors.bloc_de(request.acteur, epreuve),
        selectors.ressaisies(request.acteur, [identifiant]).get(identifiant, ()),
        equipe=equipe,
        scellees=[lecture.evaluateur for lecture in lectures if lecture.scellee_le],
    )
    return render(request, "evaluation/papier.html", {"page": page, "piece": forms.PieceForm()})


@require_safe
@connecte
def papier_pdf(request: RequeteConnectee, identifiant: UUID, qualite: str) -> HttpResponse:
    """La grille papier d'un évaluateur, à imprimer : par lui, ou par l'équipe du gestionnaire."""
    voulue = _qualite(qualite)
    epreuve, equipe = _epreuve(request, identifiant)
    if not equipe and epreuve.qualite_de(request.acteur.id) != voulue:
        raise Introuvable
    pdf = documents.grille_papier(request.acteur, epreuve, voulue)
    reponse = HttpResponse(pdf, content_type="application/pdf")
    reponse["Content-Disposition"] = f'inline; filename="grille-{epreuve.bloc.lower()}-{voulue.value}.pdf"'
    reponse["Cache-Control"] = "private, no-store"
    return reponse


@lire_ou_envoyer
@connecte
def ouvrir(request: RequeteConnectee, identifiant: UUID, qualite: str) -> HttpResponse:
    """Lit le code de chaque page, avant de ressaisir : la bonne épreuve, le bon évaluateur, la bonne version, toutes les pages."""
    voulue = _qualite(qualite)
    epreuve = lire_epreuve(request.acteur, identifiant, jour_civil(maintenant()))
    verifier_peut_ressaisir(request.acteur, request.droits, epreuve)
    regarder(request, regard(epreuve.dossier, PageConsultee.EPREUVE, (e.personne for e in epreuve.evaluateurs)))
    formulaire = forms.CodesForm(request.POST or None)
    if request.method == "POST" and formulaire.is_valid():
        try:
            ressaisie = services.ouvrir_ressaisie(
                epreuve=identifiant,
                qualite=voulue,
                codes=formulaire.cleaned_data["codes"].splitlines(),
                auteur=request.acteur,
                maintenant=maintenant(),
            )
        except (RefusDroit, Introuvable):
            raise
        except Refus as refus:
            formulaire.add_error("codes", refus.message)
        else:
            return redirect("evaluation:saisir_papier", ressaisie)
    contexte = {"formulaire": formulaire, "epreuve": epreuve, "evaluateur": epreuve.evaluateur(voulue)}
    return render(request, "evaluation/papier_ouvrir.html", contexte, status=_statut(formulaire))


@lire_ou_envoyer
@connecte
def saisir(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """La feuille, case par case. La seconde personne ne voit rien de ce qu'a saisi la première."""
    ressaisie, epreuve = _ressaisie(request, identifiant)
    bloc = selectors.bloc_de(request.acteur, epreuve)
    formulaire = forms.SaisieForm(request.POST or None, bloc=bloc)
    deja = ressaisie.a_saisi(request.acteur.id)
    if request.method == "POST" and formulaire.is_valid():
        try:
            etat = services.saisir(
                ressaisie=identifiant,
                contenu=formulaire.contenu(),
                auteur=request.acteur,
                maintenant=maintenant(),
            )
        except (RefusDroit, Introuvable):
            raise
        except Refus as refus:
            for phrase in (f"{refus.message} {refus.conserve}".strip(), *refus.details):
                formulaire.add_error(None, phrase)
        else:
            messages.success(request, presenters.MOT_DE_SAISIE[etat])
            return redirect("evaluation:papier", epreuve.id)
    contexte = {
        "formulaire": formulaire if ressaisie.ouverte and not deja else None,
        "erreurs": formulaire,
        "epreuve": epreuve,
        "ressaisie": ressaisie,
        "deja": deja,
    }
    return render(request, "evaluation/papier_saisir.html", contexte, status=_statut(formulaire))


@lire_ou_envoyer
@connecte
def regler(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Ce qui diffère entre les deux saisies, et ce que porte la feuille."""
    ressaisie, epreuve = _ressaisie(request, identifiant)
    if any(s.rang == 1 and s.auteur == request.acteur.id for s in ressaisie.saisies) and ressaisie.ouverte:
        raise RefusDroit(
            "reglement_par_un_autre",
            "Vous avez fait la première saisie : une autre personne règle ce qui diffère, le papier en main.",
        )
    bloc = selectors.bloc_de(request.acteur, epreuve)
    trouvees = selectors.saisies_differentes(request.acteur, identifiant) if ressaisie.etat == "a_regler" else ()
    formulaire = forms.DifferencesForm(
        request.POST or None, differences=presenters.differences_a_regler(bloc, trouvees)
    )
    if request.method == "POST" and trouvees and formulaire.is_valid():
        try:
            services.regler_differences(
                ressaisie=identifiant, retenus=formulaire.retenus(), auteur=request.acteur, maintenant=maintenant()
            )
        except (RefusDroit, Introuvable):
            raise
        except Refus as refus:
            for phrase in (f"{refus.message} {refus.conserve}".strip(), *refus.details):
                formulaire.add_error(None, phrase)
        else:
            messages.success(request, presenters.MOT_DE_SAISIE["versee"])
            return redirect("evaluation:papier", epreuve.id)
    contexte = {"formulaire": formulaire if trouvees else None, "epreuve": epreuve, "ressaisie": ressaisie}
    return render(request, "evaluation/papier_regler.html", contexte, status=_statut(formulaire) if trouvees else 200)


@require_POST
@connecte
def joindre(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Joint la photo ou la numérisation d'une feuille, reconnue à son contenu."""
    jour = jour_civil(maintenant())
    ressaisie = selectors.ressaisie(request.acteur, identifiant, jour)
    epreuve = lire_epreuve(request.acteur, ressaisie.epreuve, jour)
    verifier_peut_joindre(request.acteur, request.droits, epreuve, ressaisie.evaluateur)
    formulaire = forms.PieceForm(request.POST, request.FILES)
    if not formulaire.is_valid():
        messages.error(request, " ".join(str(erreur) for erreur in formulaire.errors["fichier"]))
        return redirect("evaluation:papier", epreuve.id)
    try:
        services.joindre_piece(
            ressaisie=identifiant,
            octets=formulaire.cleaned_data["fichier"].read(OCTETS_MAX + 1),
            auteur=request.acteur,
            maintenant=maintenant(),
        )
    except (RefusDroit, Introuvable):
        raise
    except Refus as refus:
        messages.error(request, refus.message)
    else:
        messages.success(request, "La feuille est jointe.")
    return redirect("evaluation:papier", epreuve.id)


@require_safe
@connecte
def piece(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Une feuille numérisée, toujours téléchargée, jamais ouverte dans la page."""
    jour = jour_civil(maintenant())
    ligne, epreuve_id = selectors.piece_papier(request.acteur, identifiant, jour)
    epreuve = lire_epreuve(request.acteur, epreuve_id, jour)
    ressaisie = selectors.ressaisie(request.acteur, ligne.ressaisie_id, jour)
    verifier_peut_joindre(request.acteur, request.droits, epreuve, ressaisie.evaluateur)
    regarder(request, regard(epreuve.dossier, PageConsultee.EPREUVE, (e.personne for e in epreuve.evaluateurs)))
    with default_storage.open(ligne.fichier) as fichier:
        reponse = HttpResponse(fichier.read(), content_type=ligne.genre)
    extension = ligne.fichier.rpartition(".")[2]
    reponse["Content-Disposition"] = f'attachment; filename="feuille.{extension}"'
    reponse["Cache-Control"] = "private, no-store"
    return reponse


@require_POST
@connecte
def abandonner(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Renonce à une ressaisie, avec son motif."""
    _, epreuve = _ressaisie(request, identifiant)
    formulaire = forms.AbandonRessaisieForm(request.POST)
    try:
        services.abandonner_ressaisie(
            ressaisie=identifiant,
            motif=formulaire.cleaned_data["motif"] if formulaire.is_valid() else "",
            auteur=request.acteur,
            maintenant=maintenant(),
        )
    except (RefusDroit, Introuvable):
        raise
    except Refus as refus:
        messages.error(request, refus.message)
    else:
        messages.success(request, "La ressaisie est abandonnée. Ce qui fut saisi reste gardé.")
    return redirect("evaluation:papier", epreuve.id)


def _epreuve(request: RequeteConnectee, identifiant: UUID) -> tuple[VueEpreuve, bool]:
    """L'épreuve, et vrai si ce lecteur est de l'équipe. Un évaluateur y entre pour la sienne ; les autres sont refusés."""
    epreuve = lire_epreuve(request.acteur, identifiant, jour_civil(maintenant()))
    equipe = peut_ressaisir(request.acteur, request.droits, epreuve)
    if not equipe and epreuve.qualite_de(request.acteur.id) is None:
        verifier_peut_ressaisir(request.acteur, request.droits, epreuve)
    regarder(request, regard(epreuve.dossier, PageConsultee.EPREUVE, (e.personne for e in epreuve.evaluateurs)))
    return epreuve, equipe


def _ressaisie(request: RequeteConnectee, identifiant: UUID) -> tuple[VueRessaisie, VueEpreuve]:
    jour = jour_civil(maintenant())
    ressaisie = selectors.ressaisie(request.acteur, identifiant, jour)
    epreuve = lire_epreuve(request.acteur, ressaisie.epreuve, jour)
    verifier_peut_ressaisir(request.acteur, request.droits, epreuve)
    regarder(request, regard(epreuve.dossier, PageConsultee.EPREUVE, (e.personne for e in epreuve.evaluateurs)))
    return ressaisie, epreuve


def _qualite(texte: str) -> Qualite:
    if texte not in Qualite.values:
        raise Introuvable
    return Qualite(texte)


def _statut(formulaire: Form) -> int:
    return 422 if formulaire.is_bound and formulaire.errors else 200
