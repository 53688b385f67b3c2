"""La page d'une épreuve, la clôture d'une grille, l'accord sur ce qui diffère."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from moteur.regles.carences import a_lever
from moteur.regles.grille_complete import manques
from parchemin.carnet.selectors import est_remis
from parchemin.comptes.permissions import RequeteConnectee, connecte, reauthentifie
from parchemin.comptes.selectors import noms
from parchemin.convocations.permissions import peut_planifier, peut_signaler, peut_trancher
from parchemin.convocations.presenters import part_incidents
from parchemin.convocations.selectors import a_verifier as lire_a_verifier
from parchemin.convocations.selectors import epreuve as lire_epreuve
from parchemin.convocations.selectors import incidents as lire_incidents
from parchemin.convocations.selectors import incidents_consignables, incidents_signalables, recusations
from parchemin.evaluation import presenters, selectors, services
from parchemin.evaluation.enums import Position, Sort
from parchemin.evaluation.forms import FormQuarantaine
from parchemin.evaluation.permissions import peut_regler, peut_ressaisir
from parchemin.evaluation.services import verifier_ouverture
from parchemin.parcours.selectors import regard
from parchemin.registre.consultations import regarder
from parchemin.registre.enums import PageConsultee
from parchemin.socle.horloge import jour_civil, maintenant
from parchemin.socle.methodes import lire_ou_envoyer
from parchemin.socle.refus import Introuvable, Refus, RefusDroit
from parchemin.socle.typographie import pluriel

REFUS_D_ACCORD = frozenset(
    {
        "motif_manquant",
        "critere_concordant",
        "condition_concordante",
        "choix_impossible",
        "accord_ferme",
        "reste_a_regler",
    }
)
"""Ce qui se dit sur la page de l'épreuve, et n'est pas une faute d'adresse ou de droit."""


@require_safe
@connecte
def epreuve(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Une épreuve : qui a la main, où en sont les lectures, ce qui diffère quand les deux sont scellées."""
    return _epreuve(request, identifiant)


def _epreuve(
    request: RequeteConnectee, identifiant: UUID, refusee: presenters.SaisieRefusee | None = None
) -> HttpResponse:
    """La page de l'épreuve ; `refusee` : ce qu'un envoi refusé disait, qui y reste (422)."""
    jour = jour_civil(maintenant())
    vue = lire_epreuve(request.acteur, identifiant, jour)
    gere = peut_planifier(request.droits, vue.dossier)
    a_part = selectors.quarantaine(request.acteur, [identifiant]).get(identifiant, ()) if gere else ()
    a_part = tuple(gestes for gestes in a_part if peut_regler(request.droits, vue, gestes.evaluateur))
    regarder(request, regard(vue.dossier, PageConsultee.EPREUVE, (e.personne for e in vue.evaluateurs)))
    signale = peut_signaler(request.acteur, request.droits, vue)
    etats = selectors.etat_des_lectures(request.acteur, vue)
    masque = selectors.resultat_masque(request.acteur, vue)
    page = presenters.page_epreuve(
        request.acteur,
        vue,
        selectors.bloc_de(request.acteur, vue),
        etats,
        None if masque else selectors.ecarts(request.acteur, request.droits, vue),
        None if masque else selectors.resultat(request.acteur, identifiant),
        masque=masque,
        peut_gerer=gere,
        peut_ressaisir=gere and peut_ressaisir(request.acteur, request.droits, vue),
        a_verifier=lire_a_verifier(request.acteur, [identifiant]).get(identifiant, ()) if gere else (),
        recusations=[
            une
            for une in (recusations(request.acteur, [identifiant]) if gere else ())
            if peut_trancher(request.droits, vue.dossier, une.evaluateur)
        ],
        aujourdhui=jour,
        commune=vue.etat in ("affectee", "en_cours") and selectors.lecture_commune(request.acteur, vue),
        a_contresigner=any(etat.scellee_le for etat in etats)
        and selectors.lecture_a_contresigner(request.acteur, request.droits, vue) is not None,
        incidents=part_incidents(
            vue,
            lire_incidents(request.acteur, vue, gere=gere),
            peut_signaler=signale and bool(incidents_signalables(request.acteur, vue, maintenant())),
            peut_consigner=signale and bool(incidents_consignables(request.acteur, vue, maintenant())),
            peut_gerer=gere,
        ),
        carnet=est_remis(request.acteur, vue.dossier.id),
        confirmees=selectors.confirmations(request.acteur, identifiant) if vue.etat == "lectures_scellees" else (),
        vacantes=selectors.places_vacantes(vue),
        quarantaine=a_part,
        noms=noms(request.acteur, [gestes.evaluateur for gestes in a_part]) if a_part else {},
        refusee=refusee,
    )
    return render(request, "evaluation/epreuve.html", {"page": page}, status=422 if refusee else 200)


@lire_ou_envoyer
@connecte
@reauthentifie()
def clore(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Avant de sceller : ce qui manque, ou ce qui va l'être. Le POST scelle."""
    instant = maintenant()
    vue = lire_epreuve(request.acteur, identifiant, jour_civil(instant))
    verifier_ouverture(epreuve=vue, lecteur=request.acteur, maintenant=instant)
    regarder(request, regard(vue.dossier, PageConsultee.EPREUVE, (e.personne for e in vue.evaluateurs)))
    motifs = {
        nom.removeprefix(presenters.PREFIXE_EXCEPTION): motif
        for nom, motif in request.POST.items()
        if nom.startswith(presenters.PREFIXE_EXCEPTION) and isinstance(motif, str)
    }
    statut = 200
    if request.method == "POST":
        try:
            scellee = services.clore_lecture(
                epreuve=identifiant, exceptions=motifs, auteur=request.acteur, maintenant=instant
            )
        except Refus as refus:
            if refus.code not in ("grille_incomplete", "epreuve_suspendue"):
                raise
            messages.error(request, f"{refus.message} {refus.conserve}")
            statut = 422
        else:
            if scellee:
                messages.success(request, "Votre lecture est scellée. Plus rien ne peut la changer.")
            else:
                messages.info(request, "Votre lecture était déjà scellée.")
            return redirect("evaluation:voir", identifiant)
    bloc = selectors.bloc_de(request.acteur, vue)
    courante = selectors.grille(request.acteur, identifiant)
    reglement = selectors.reglement_du_jour(request.acteur, vue, instant)
    etats = selectors.etat_des_lectures(request.acteur, vue)
    page = presenters.page_cloture(
        vue,
        bloc,
        a_lever(
            manques(
                bloc,
                courante,
                durees_adaptees=selectors.durees_amenagees(request.acteur, vue),
                melange=reglement.valeur("melange_des_branches") == "permis",
            ),
            remplacant=vue.est_remplacant(request.acteur.id),
        ),
        list(courante.etats.values()),
        scellee=any(etat.scellee_le for etat in etats if etat.evaluateur == request.acteur.id),
        masquee=bool(reglement.valeur("seuils_masques")),
        exceptions_permises=selectors.exceptions_permises(reglement),
        motifs=motifs,
        commune=selectors.lecture_commune(request.acteur, vue),
        apres_lecture=bool(selectors.lectures_deja_ouvertes(request.acteur, request.droits, vue)),
        abordees=courante.competences_abordees,
        tenue_par=next((e.nom for e in etats if e.scellee_le and e.evaluateur != request.acteur.id), ""),
    )
    return render(request, "evaluation/clore.html", {"page": page}, status=statut)


@lire_ou_envoyer
@connecte
@reauthentifie()
def contresigner(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Lit la grille commune que l'autre évaluateur a scellée, et la contresigne. Éteint, sauf si le règlement le demande."""
    instant = maintenant()
    vue = lire_epreuve(request.acteur, identifiant, jour_civil(instant))
    verifier_ouverture(epreuve=vue, lecteur=request.acteur, maintenant=instant)
    lecture = selectors.lecture_a_contresigner(request.acteur, request.droits, vue)
    if lecture is None:
        siennes = (e for e in selectors.etat_des_lectures(request.acteur, vue) if e.evaluateur == request.acteur.id)
        if request.method == "POST" and any(etat.contresignee for etat in siennes):  # un second envoi
            messages.info(request, "La lecture commune était déjà contresignée ; le résultat est établi et scellé.")
            return redirect("evaluation:voir", identifiant)
        raise Introuvable("Aucune lecture commune n’attend votre contreseing.")
    regarder(request, regard(vue.dossier, PageConsultee.EPREUVE, (e.personne for e in vue.evaluateurs)))
    if request.method == "POST":
        services.contresigner(epreuve=identifiant, auteur=request.acteur, maintenant=instant)
        messages.success(request, "La lecture commune est contresignée : le résultat est établi et scellé.")
        return redirect("evaluation:voir", identifiant)
    page = presenters.page_contreseing(vue, selectors.bloc_de(request.acteur, vue), lecture)
    return render(request, "evaluation/contresigner.html", {"page": page})


@require_POST
@connecte
@reauthentifie()
def accord(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Pose une position sur un critère, ou une condition, qui diffère. Refusée, elle reste à l'écran, motif compris."""
    dit = {nom: request.POST.get(nom, "") for nom in ("critere", "condition", "choix", "motif")}
    champ = "condition" if dit["condition"] else "critere"
    refusee = presenters.SaisieRefusee(champ, dit[champ], dit["motif"], dit["choix"])
    if dit["choix"] not in Position.values:
        messages.error(request, "Choisissez une des réponses proposées.")
        return _epreuve(request, identifiant, refusee)
    try:
        etabli = services.se_prononcer(
            epreuve=identifiant,
            critere=dit["critere"],
            condition=dit["condition"],
            choix=Position(dit["choix"]),
            motif=dit["motif"],
            auteur=request.acteur,
            maintenant=maintenant(),
        )
    except Refus as refus:
        if refus.code not in REFUS_D_ACCORD:
            raise
        messages.error(request, refus.message)
        return _epreuve(request, identifiant, refusee)
    if etabli:
        reponse = "Plus rien ne diffère : le résultat est établi et scellé."
    elif _deja_etabli(request, identifiant):
        reponse = "Votre position est enregistrée ; le résultat est établi et scellé."
    else:
        reponse = "Votre position est enregistrée."
    messages.success(request, reponse)
    return redirect("evaluation:voir", identifiant)


@require_POST
@connecte
@reauthentifie()
def confirmer(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Confirme un résultat sur lequel les deux lectures concordent."""
    try:
        etabli = services.confirmer(epreuve=identifiant, auteur=request.acteur, maintenant=maintenant())
    except Refus as refus:
        if refus.code not in REFUS_D_ACCORD:
            raise
        messages.error(request, refus.message)
    else:
        if etabli:
            reponse = "Vous avez tous deux confirmé : le résultat est établi et scellé."
        elif _deja_etabli(request, identifiant):
            reponse = "C’est confirmé ; le résultat est établi et scellé."
        else:
            reponse = "C’est confirmé. Le résultat s’établira quand l’autre évaluateur aura confirmé."
        messages.success(request, reponse)
    return redirect("evaluation:voir", identifiant)


def _deja_etabli(request: RequeteConnectee, identifiant: UUID) -> bool:
    """Vrai si le résultat est établi : ce que répond un second envoi se lit dans l'épreuve, non dans ce qu'il vient de faire."""
    return lire_epreuve(request.acteur, identifiant, jour_civil(maintenant())).etat == "accordee"


@require_POST
@connecte
def quarantaine(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Décide des gestes mis à part d'un évaluateur : les reprendre, ou les écarter, avec un motif ; refusé, il reste à l'écran."""
    lire_epreuve(request.acteur, identifiant, jour_civil(maintenant()))
    form = FormQuarantaine(request.POST)
    refusee = presenters.SaisieRefusee("quarantaine", request.POST.get("evaluateur", ""), request.POST.get("motif", ""))
    if not form.is_valid():
        messages.error(request, "Dites pourquoi, et choisissez : reprendre, ou écarter.")
        return _epreuve(request, identifiant, refusee)
    try:
        reglement = services.regler_quarantaine(
            epreuve=identifiant,
            evaluateur=form.cleaned_data["evaluateur"],
            sort=Sort(form.cleaned_data["sort"]),
            motif=form.cleaned_data["motif"],
            auteur=request.acteur,
            maintenant=maintenant(),
        )
    except RefusDroit:
        raise
    except Refus as refus:
        messages.error(request, refus.message)
        return _epreuve(request, identifiant, refusee)
    fait = "Repris dans la lecture" if form.cleaned_data["sort"] == Sort.REPRIS else "Mis de côté, et gardés"
    nombre = reglement.nombre
    messages.success(request, f"{fait} : {pluriel(nombre, 'geste')}." if nombre else "Rien n’attendait plus.")
    if reglement.restes:
        restent = ", ".join(f"{compte} ({raison.rstrip('.')})" for raison, compte in reglement.restes.items())
        messages.warning(request, f"Restent à part, à écarter : {restent}.")
    return redirect("evaluation:voir", identifiant)
