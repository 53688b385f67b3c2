"""La grille : la page et son formulaire (qui marche sans JavaScript), et l'échange des faits (docs/echange-des-faits.md)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from moteur.grille import GrilleCourante, grille_courante
from parchemin.comptes.permissions import RequeteConnectee, connecte
from parchemin.comptes.selectors import hors_ligne_permis
from parchemin.convocations.selectors import VueEpreuve, panel_choisi
from parchemin.convocations.selectors import epreuve as lire_epreuve
from parchemin.evaluation import presenters, selectors, services
from parchemin.evaluation.enums import EtatReponse
from parchemin.evaluation.services import verifier_ouverture
from parchemin.evaluation.views.hors_ligne import secrets_du_coffre
from parchemin.parcours.selectors import regard
from parchemin.referentiels.selectors import annexes, norme, reglement_en_vigueur, version_d_empreinte
from parchemin.registre.consultations import regarder
from parchemin.registre.enums import PageConsultee
from parchemin.socle.acteur import Acteur
from parchemin.socle.horloge import jour_civil, maintenant
from parchemin.socle.methodes import lire_ou_envoyer
from parchemin.socle.refus import Introuvable, Refus, RefusDroit

OCTETS_MAX = 2_000_000
QUESTIONS = "questions"
"""La vue de la grille qui montre la liste de l'entretien (`?vue=questions`)."""
PREPARER = "X-Parchemin-Preparer"
"""L'en-tête de « Ma journée »."""


@lire_ou_envoyer
@connecte
def grille(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """La grille de l'évaluateur connecté. En POST, chaque bouton est un geste, et les textes changés en sont aussi.

    « Ma journée », qui la garde d'avance, se fait dire en JSON pourquoi elle ne s'ouvre pas.
    """
    instant = maintenant()
    epreuve = lire_epreuve(request.acteur, identifiant, jour_civil(instant))
    try:
        verifier_ouverture(epreuve=epreuve, lecteur=request.acteur, maintenant=instant)
    except Refus as refus:
        if PREPARER in request.headers:
            return _refuser(refus)
        if refus.code != "declaration_manquante":
            raise
        return redirect("convocations:declarer", identifiant)
    regarder(request, regard(epreuve.dossier, PageConsultee.EPREUVE, (e.personne for e in epreuve.evaluateurs)))
    if request.method == "POST":
        _poser_les_gestes(request, epreuve)
        return redirect(_retour(request, identifiant))
    connus = selectors.faits(request.acteur, identifiant)
    etats = selectors.etat_des_lectures(request.acteur, epreuve)
    arbre = norme(request.acteur, epreuve.norme)
    bloc = arbre.bloc(epreuve.bloc)
    version = version_d_empreinte(request.acteur, epreuve.norme)
    reglement = reglement_en_vigueur(request.acteur, version, jour_civil(instant))
    aides = annexes(request.acteur, version)
    motifs = aides.motifs_de_courrier.get(epreuve.bloc, ())
    if motifs:
        motifs = panel_choisi(request.acteur, identifiant) or motifs
    page = presenters.page_grille(
        epreuve,
        bloc,
        grille_courante(connus),
        selectors.rangs_des_appareils(connus),
        scellee=not epreuve.attend or any(etat.scellee_le for etat in etats if etat.evaluateur == request.acteur.id),
        masquee=bool(reglement.valeur("seuils_masques")),
        requis={c.code: arbre.seuil_competence.requis(len(c.criteres)) for c in bloc.competences()},
        maintenant=instant,
        personne=request.acteur.id,
        gestes=selectors.gestes_annulables(connus),
        facon=selectors.facon_de_noter(request.acteur),
        aides=presenters.Aides(aides.questions, motifs, aides.motifs_de_pause),
        durees=selectors.durees_amenagees(request.acteur, epreuve),
        melange=reglement.valeur("melange_des_branches") == "permis",
        questions=request.GET.get("vue") == QUESTIONS,
        conditions=request.GET.get("vue") == presenters.CONDITIONS,
        hors_ligne=hors_ligne_permis(request.acteur, epreuve.dossier.organisme),
        secrets=secrets_du_coffre(request.acteur),
    )
    papier = bool(selectors.cibles_du_papier(request.acteur, identifiant))
    return render(request, "evaluation/grille.html", {"page": page, "papier": papier})


@require_POST
def faits(request: HttpRequest, identifiant: UUID) -> JsonResponse:
    """L'échange : un lot de faits en JSON, une réponse par fait. Ses erreurs sont aussi du JSON."""

    def recevoir(lot: list[object], acteur: Acteur) -> dict[str, Any]:
        reponses = services.recevoir_faits(epreuve=identifiant, lot=lot, auteur=acteur, maintenant=maintenant())
        return {"reponses": [reponse.en_json() for reponse in reponses]}

    return _echange(request, "faits", recevoir)


@require_POST
def abandons(request: HttpRequest, identifiant: UUID) -> JsonResponse:
    """L'échange, suite : renoncer à des gestes refusés, qui s'inscrivent avant que l'appareil ne les oublie."""

    def renoncer(lot: list[object], acteur: Acteur) -> dict[str, Any]:
        nombre = services.abandonner_gestes(epreuve=identifiant, lot=lot, auteur=acteur, maintenant=maintenant())
        return {"abandonnes": nombre}

    return _echange(request, "abandons", renoncer)


def _echange(request: HttpRequest, cle: str, traiter: Callable[[list[object], Acteur], dict[str, Any]]) -> JsonResponse:
    """Lit un lot, le fait traiter, répond ; toute erreur est du JSON, avec son code et sa phrase."""
    acteur = getattr(request, "acteur", None)
    if acteur is None:
        return _erreur(401, "connexion_requise", "Votre connexion a expiré : reconnectez-vous, vos gestes sont gardés.")
    # Qui envoie dit de qui sont ces gestes : une tablette où une autre personne s'est connectée ne les lui attribue pas.
    if request.headers.get("X-Parchemin-Personne", str(acteur.id)) != str(acteur.id):
        return _erreur(403, "autre_personne", "Une autre personne s’est connectée : ces gestes attendent leur auteur.")
    illisible = _erreur(400, "json_illisible", f"L'envoi n'est pas lisible : il faut un objet JSON avec « {cle} ».")
    if request.content_type != "application/json":  # d'un formulaire, le jeton CSRF a déjà lu le corps
        return illisible
    corps = _corps(request)
    if corps is None:
        return _erreur(413, "lot_trop_grand", "Cet envoi est trop grand : envoyez les gestes en plusieurs fois.")
    try:
        lot = json.loads(corps)[cle]
    except (ValueError, KeyError, TypeError, RecursionError):
        return illisible
    if not isinstance(lot, list):
        return _erreur(400, "forme", f"« {cle} » doit être une liste.")
    try:
        return JsonResponse(traiter(lot, acteur))
    except Refus as refus:
        return _refuser(refus)


def _corps(request: HttpRequest) -> bytes | None:
    """Ce qui est envoyé ; `None` : c'est trop grand (au point, peut-être, que Django ne le lit pas)."""
    try:
        octets = request.body
    except RequestDataTooBig:
        return None
    return octets if len(octets) <= OCTETS_MAX else None


def _refuser(refus: Refus) -> JsonResponse:
    match refus:
        case Introuvable():
            statut = 404
        case RefusDroit():
            statut = 403
        case _:
            statut = 409
    return _erreur(statut, refus.code, refus.message)


def _erreur(statut: int, code: str, message: str) -> JsonResponse:
    return JsonResponse({"erreur": {"code": code, "message": message}}, status=statut)


def _poser_les_gestes(request: RequeteConnectee, epreuve: VueEpreuve) -> None:
    """Chaque texte changé, puis le bouton pressé. Un refus n'empêche pas les gestes d'avant."""
    cle = request.session.setdefault("appareil", str(uuid4()))
    acte: dict[str, Any] = {
        "epreuve": epreuve.id,
        "appareil": UUID(cle),
        "auteur": request.acteur,
        "maintenant": maintenant(),
    }
    connus = selectors.faits(request.acteur, epreuve.id)
    vus = _vus(request)
    montres = connus if vus is None else [fait for fait in connus if fait.rang <= vus.get(fait.appareil, 0)]
    try:
        for cible, valeur in _gestes(request, grille_courante(montres)):
            reponse = services.poser(cible=cible, valeur=valeur, vus=vus, **acte)
            if reponse.etat == EtatReponse.REFUSEE:
                messages.error(request, f"{reponse.raison} Le reste de votre saisie est enregistré.")
            elif reponse.etat == EtatReponse.MISE_A_PART:
                messages.warning(request, "Reçu, mais mis à part : le gestionnaire décidera d’en tenir compte ou non.")
        if (annule := request.POST.get("annuler")) is not None:
            services.annuler(cible=annule, **acte)
            messages.success(request, "Le geste est annulé.")
    except Refus as refus:
        messages.error(request, f"{refus.message} {refus.conserve}".strip())


def _vus(request: HttpRequest) -> dict[str, int] | None:
    """Le plus haut rang de chaque appareil que montrait la page envoyée : une page ancienne n'efface pas ce qu'elle ignore."""
    try:
        vus = json.loads(request.POST["vus"])
    except (KeyError, ValueError, RecursionError):
        return None
    if not isinstance(vus, dict) or any(type(rang) is not int for rang in vus.values()):
        return None
    return vus


def _gestes(request: RequeteConnectee, avant: GrilleCourante) -> Iterator[tuple[str, Any]]:
    for nom, texte in request.POST.items():
        genre, _, code = nom.partition(":")
        valeur = str(texte).replace("\r\n", "\n").strip()
        match genre:
            case "commentaire" if valeur != avant.commentaires.get(code, ""):
                yield nom, valeur
            case "lieu" if valeur != avant.lieu:
                yield nom, valeur
            case "duree" if valeur != _minutes(avant, code):
                yield f"phase:{code}:duree", _entier(valeur)
            case "critere" | "alternative":
                yield nom, valeur
            case "competence_abordee":
                yield nom, valeur == "oui"
            case "phase":
                yield nom, True
            case "reprise" if (temps := avant.phases.get(code)) and temps.en_pause:
                yield f"phase:{code}:reprise:{temps.en_pause.cle}", True
            case "pause":
                yield f"phase:{code}:pause:{uuid4()}", {"motif": valeur}
            case "courrier":
                yield f"courrier:{uuid4()}", {"motif": valeur, "preselectionne": True}
            case "question":
                yield nom, valeur or None
            case "retirer":
                yield code, None
            case "reprendre":
                yield code, valeur
    match request.POST.get("geste", "").split(":"):
        case ["entretien"]:
            yield f"entretien:{uuid4()}", {"alternative": avant.alternative}
        case ["courrier"]:
            motif = _motif(request, "motif")
            preselectionne = request.POST.get("preselectionne") == "oui"
            yield f"courrier:{uuid4()}", {"motif": motif, "preselectionne": preselectionne}
        case ["pause", code]:
            yield f"phase:{code}:pause:{uuid4()}", {"motif": _motif(request, f"motif-de-pause:{code}")}
        case ["question", code] if texte := request.POST.get(f"autre-question:{code}", "").strip():
            yield presenters.nom_de_question(code, texte), texte


def _entier(valeur: str) -> int | str | None:
    """Le nombre écrit là ; ce qui n'en est pas un, ou qui n'en finit pas, reste un texte, que le service refuse."""
    return int(valeur) if valeur.isdecimal() and len(valeur) < 10 else valeur or None


def _motif(request: HttpRequest, champ: str) -> str:
    """Ce que dit ce champ. Vide, rien ne se note : la page le dit, avec ou sans JavaScript."""
    motif = request.POST.get(champ, "").strip()
    if not motif:
        raise Refus("motif_manquant", "Rien n’est noté : écrivez d’abord le motif.")
    return motif


def _minutes(avant: GrilleCourante, code: str) -> str:
    temps = avant.phases.get(code)
    return "" if temps is None or temps.declaree is None else str(temps.declaree)


def _retour(request: HttpRequest, identifiant: UUID) -> str:
    """Revient à la même vue, au critère touché, pour ne pas perdre sa place."""
    vue = f"?vue={QUESTIONS}" if request.POST.get("vue") == QUESTIONS else ""
    return f"{reverse('evaluation:grille', args=[identifiant])}{vue}{_ancre(request)}"


def _ancre(request: HttpRequest) -> str:
    """Revient au critère touché, pour ne pas perdre sa place."""
    for nom in request.POST:
        genre, _, code = nom.partition(":")
        if genre in ("critere", "question"):
            return f"#{code.partition(':')[0].replace('.', '-')}"
    return ""
