"""Les pages du second regard : le gestionnaire choisit la troisième personne ; elle déclare, lit, et scelle son avis."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from parchemin.comptes.permissions import RequeteConnectee, connecte, reauthentifie
from parchemin.comptes.selectors import noms
from parchemin.convocations.enums import GenreDeclare
from parchemin.convocations.forms import DeclarationForm
from parchemin.convocations.permissions import peut_planifier
from parchemin.convocations.selectors import VueEpreuve, declaration_signee, tiers_examines
from parchemin.convocations.selectors import epreuve as lire_epreuve
from parchemin.convocations.services import verifier_second_regard
from parchemin.evaluation import forms, presenters, selectors, services
from parchemin.evaluation.enums import SensAvis
from parchemin.evaluation.selectors import VueSecondRegard
from parchemin.parcours.selectors import regard
from parchemin.referentiels.selectors import libelles_courts, version_d_empreinte
from parchemin.registre.consultations import regarder
from parchemin.registre.enums import PageConsultee
from parchemin.socle.horloge import jour_civil, maintenant
from parchemin.socle.refus import Introuvable, Refus, RefusDroit


@dataclass(frozen=True, slots=True)
class _Ouverte:
    """Ce que le lecteur a ouvert, et à quel titre : il gère le dossier, ou il porte ce second regard.

    `empeche` : pourquoi la personne désignée ne peut plus lire ; elle peut encore le rendre, ou, si elle gère, le confier.
    """

    epreuve: VueEpreuve
    vue: VueSecondRegard
    gere: bool
    empeche: RefusDroit | None
    instant: datetime

    @property
    def lit(self) -> bool:
        """Vrai pour la personne désignée, tant que rien ne l'en empêche."""
        return not self.gere and self.empeche is None


@require_safe
@connecte
def second_regard(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Un second regard, pour le gestionnaire qui le confie et pour la personne qui le porte."""
    return _montrer(request, _ouvrir(request, identifiant))


@require_POST
@connecte
def designer(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Choisit la troisième personne, ou une autre."""
    ouverte = _ouvrir(request, identifiant, gestionnaire=True)
    tiers = tiers_examines(request.acteur, ouverte.epreuve, jour_civil(ouverte.instant))
    formulaire = forms.DesignationForm(request.POST, choix=presenters.choix_tiers(tiers))

    def faire() -> str:
        services.designer_second_regard(
            epreuve=identifiant,
            personne=UUID(formulaire.cleaned_data["personne"]),
            auteur=request.acteur,
            maintenant=ouverte.instant,
        )
        return "Le second regard est confié. La personne en est prévenue."

    return _agir(request, ouverte, formulaire, faire, designation=formulaire)


@require_POST
@connecte
def sans_avis(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Clôt le second regard sans avis, avec un motif que le jury lira."""
    ouverte = _ouvrir(request, identifiant, gestionnaire=True)
    formulaire = forms.SansAvisForm(request.POST)

    def faire() -> str:
        services.clore_sans_avis(
            epreuve=identifiant,
            motif=formulaire.cleaned_data["motif"],
            auteur=request.acteur,
            maintenant=ouverte.instant,
        )
        return "Le second regard est clos sans avis ; le jury lira pourquoi."

    return _agir(request, ouverte, formulaire, faire, cloture=formulaire)


@require_POST
@connecte
def declarer(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """La personne désignée déclare ce qui la lie au candidat. Un lien la retire."""
    ouverte = _ouvrir(request, identifiant, gestionnaire=False)
    formulaire = DeclarationForm(request.POST)
    libre = False

    def faire() -> str:
        nonlocal libre
        libre = services.declarer_avant_de_lire(
            epreuve=identifiant,
            genre=GenreDeclare(formulaire.cleaned_data["genre"]),
            auteur=request.acteur,
            maintenant=ouverte.instant,
        )
        if libre:
            return "Votre déclaration est signée. Voici les deux lectures."
        return "Merci. Vous ne relisez plus ce dossier ; le gestionnaire choisit quelqu’un d’autre."

    return _agir(request, ouverte, formulaire, faire, lambda: libre, declaration=formulaire)


@require_POST
@connecte
def laisser(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """La personne désignée ne peut pas : elle dit pourquoi, et le gestionnaire choisit quelqu'un d'autre."""
    ouverte = _ouvrir(request, identifiant)
    if ouverte.vue.personne != request.acteur.id:
        raise Introuvable
    formulaire = forms.RetraitForm(request.POST)

    def faire() -> str:
        services.se_recuser(
            epreuve=identifiant,
            motif=formulaire.cleaned_data["motif"],
            auteur=request.acteur,
            maintenant=ouverte.instant,
        )
        return "C’est noté : le gestionnaire choisit quelqu’un d’autre."

    return _agir(request, ouverte, formulaire, faire, lambda: False, retrait=formulaire)


@require_POST
@connecte
@reauthentifie()
def avis(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Scelle l'avis motivé."""
    ouverte = _ouvrir(request, identifiant, gestionnaire=False)
    formulaire = forms.AvisForm(request.POST, criteres=_criteres(request, ouverte.epreuve))

    def faire() -> str:
        rendu = services.rendre_avis(
            epreuve=identifiant,
            sens=SensAvis(formulaire.cleaned_data["sens"]),
            criteres=formulaire.cleaned_data["criteres"],
            motif=formulaire.cleaned_data["motif"],
            auteur=request.acteur,
            maintenant=ouverte.instant,
        )
        return "Votre avis est scellé. Le jury le lira." if rendu else "Votre avis était déjà scellé."

    return _agir(request, ouverte, formulaire, faire, avis=formulaire)


def _ouvrir(request: RequeteConnectee, identifiant: UUID, *, gestionnaire: bool | None = None) -> _Ouverte:
    """Le second regard ouvert au lecteur ; `gestionnaire` exige l'un des deux titres. Lève `Introuvable` sinon.

    Qui gère le dossier et se trouve désigné n'est pas les deux à la fois : la personne désignée lit pour elle-même, et ne gère que si
    quelque chose l'empêche de lire ; sans quoi personne ne pourrait plus le confier à une autre.
    """
    instant = maintenant()
    empeche: RefusDroit | None = None
    try:
        vue, epreuve = selectors.second_regard_a_lire(request.acteur, identifiant)
    except Introuvable:
        epreuve = lire_epreuve(request.acteur, identifiant, jour_civil(instant))
        trouve = selectors.second_regard(request.acteur, identifiant)
        if trouve is None or not peut_planifier(request.droits, epreuve.dossier):
            raise Introuvable from None
        vue, gere = trouve, True
    else:
        empeche = _empechement(request, epreuve, instant) if vue.etat == "designe" else None
        gere = empeche is not None and peut_planifier(request.droits, epreuve.dossier)
    if empeche is not None and gestionnaire is False:
        raise empeche
    if gestionnaire is not None and gestionnaire is not gere:
        raise Introuvable
    regarder(request, regard(epreuve.dossier, PageConsultee.EPREUVE, [vue.personne] if vue.personne else []))
    return _Ouverte(epreuve, vue, gere, empeche, instant)


def _empechement(request: RequeteConnectee, epreuve: VueEpreuve, instant: datetime) -> RefusDroit | None:
    """Ce qui empêche la personne désignée de relire aujourd'hui. Lève `RefusDroit("intuitu_personae")` : qu'elle reprenne son nom."""
    try:
        verifier_second_regard(request.acteur, epreuve, instant)
    except RefusDroit as refus:
        if refus.code == "intuitu_personae":
            raise
        return refus
    return None


def _agir(
    request: RequeteConnectee,
    ouverte: _Ouverte,
    formulaire: Form,
    faire: Callable[[], str],
    rester: Callable[[], bool] = lambda: True,
    **saisies: Form,
) -> HttpResponse:
    """Fait l'acte si la saisie tient ; un refus remontre la page, la saisie intacte."""
    if formulaire.is_valid():
        try:
            fait = faire()
        except (RefusDroit, Introuvable):
            raise
        except Refus as refus:
            formulaire.add_error(None, refus.message)
        else:
            messages.success(request, fait)
            return redirect("evaluation:second_regard", ouverte.epreuve.id) if rester() else redirect("accueil")
    return _montrer(request, ouverte, status=422, **saisies)


def _montrer(request: RequeteConnectee, ouverte: _Ouverte, *, status: int = 200, **saisies: Form) -> HttpResponse:
    """La page ; à qui juge encore ce candidat, ou n'est plus admis à relire, rien de ce que cette épreuve a donné."""
    epreuve, vue, lecteur = ouverte.epreuve, ouverte.vue, request.acteur
    bloc = selectors.bloc_de(lecteur, epreuve)
    masque = selectors.resultat_masque(lecteur, epreuve) or not (ouverte.gere or ouverte.lit)
    lit = ouverte.lit and not masque and declaration_signee(lecteur, epreuve.id)
    resultat = selectors.resultat(lecteur, epreuve.id)
    if resultat is None:
        raise Introuvable
    lectures = selectors.lectures_relues(lecteur, epreuve.id) if lit else {}
    a_choisir = ouverte.gere and vue.ouvert
    tiers = tiers_examines(lecteur, epreuve, jour_civil(ouverte.instant)) if a_choisir else ()
    page = presenters.page_second_regard(
        lecteur,
        epreuve,
        bloc,
        vue,
        None if masque else (selectors.decision_du_bloc(lecteur, epreuve, resultat), resultat),
        libelles_courts(lecteur, version_d_empreinte(lecteur, epreuve.norme)),
        jour_civil(ouverte.instant),
        gere=ouverte.gere,
        empeche=ouverte.empeche.message if ouverte.empeche else "",
        lit=lit,
        lectures=lectures,
        differences=selectors.differences_de(bloc, epreuve.id, lectures) if lit else (),
        noms=noms(lecteur, [lue.evaluateur for lue in lectures.values()]) if lectures else {},
        avis=selectors.avis_rendu(lecteur, epreuve.id) if vue.etat == "rendu" and not masque else None,
        tiers=tiers,
    )
    formulaires: dict[str, Form] = {}
    if a_choisir:
        formulaires["designation"] = forms.DesignationForm(
            initial={"personne": vue.personne or ""}, choix=presenters.choix_tiers(tiers)
        )
        formulaires["cloture"] = forms.SansAvisForm()
    elif vue.ouvert:
        if lit:
            formulaires["avis"] = forms.AvisForm(criteres=_criteres(request, epreuve))
        elif ouverte.lit:
            formulaires["declaration"] = DeclarationForm()
        formulaires["retrait"] = forms.RetraitForm()
    return render(request, "evaluation/second_regard.html", {"page": page, **formulaires, **saisies}, status=status)


def _criteres(request: RequeteConnectee, epreuve: VueEpreuve) -> list[tuple[str, str]]:
    return [(critere.code, critere.intitule) for critere in selectors.bloc_de(request.acteur, epreuve).criteres()]
