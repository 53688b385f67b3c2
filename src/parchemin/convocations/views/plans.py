"""Préparer un plan d'épreuves : le demander, le lire semaine par semaine, y déplacer une épreuve, l'adopter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from parchemin.comptes.permissions import RequeteConnectee, connecte
from parchemin.convocations import forms, presenters, selectors, services
from parchemin.convocations.permissions import verifier_peut_planifier, verifier_peut_preparer_un_plan
from parchemin.convocations.planificateur import solveur
from parchemin.convocations.planificateur.fichier import instant as instant_de
from parchemin.convocations.planificateur.retouche import Sens
from parchemin.convocations.selectors.instances import cle
from parchemin.convocations.selectors.plans import CANDIDATS_AU_PLUS, VuePlan
from parchemin.convocations.views.commun import statut_http
from parchemin.parcours.selectors import regard
from parchemin.registre.consultations import regarder
from parchemin.registre.enums import PageConsultee
from parchemin.socle.formulaires import offrir
from parchemin.socle.fuseaux import instant_dit
from parchemin.socle.horloge import jour_civil, maintenant
from parchemin.socle.methodes import lire_ou_envoyer
from parchemin.socle.refus import Introuvable, Refus
from parchemin.socle.typographie import majuscule

D_ICI, DUREE = timedelta(weeks=4), timedelta(days=25)
"""Ce que la demande propose : à partir du lundi qui suit quatre semaines, et jusqu'au vendredi de la quatrième."""


@lire_ou_envoyer
@connecte
def plans(request: RequeteConnectee) -> HttpResponse:
    """Les plans en préparation, et la demande d'un autre."""
    instant = maintenant()
    verifier_peut_preparer_un_plan(request.droits)
    jour = jour_civil(instant)
    offerts = selectors.organismes_geres(request.acteur, jour)
    connus = dict(offerts)
    seul = offerts[0][0] if len(offerts) == 1 else ""
    organisme = (request.POST or request.GET).get("organisme", seul)
    prets = selectors.candidats_prets(request.acteur, UUID(organisme), jour) if organisme in connus else ()
    formulaire = _demande(request, jour, organisme, offerts, prets)
    if request.method == "POST" and formulaire.is_valid():
        try:
            plan = services.demander_plan(
                organisme=UUID(formulaire.cleaned_data["organisme"]),
                candidats=[UUID(un) for un in formulaire.cleaned_data["candidats"]],
                du=formulaire.cleaned_data["du"],
                au=formulaire.cleaned_data["au"],
                auteur=request.acteur,
                maintenant=instant,
            )
        except Refus as refus:
            formulaire.add_error(None, refus.message)
        else:
            _dire_le_delai(request, formulaire, prets, jour)
            return redirect("convocations:plan", plan)
    choix = forms.OrganismeDuPlan(initial={"organisme": organisme})
    offrir(choix, "organisme", [("", "Choisissez"), *offerts])
    contexte = {
        "formulaire": formulaire,
        "choix": None if seul else choix,
        "organisme": connus.get(organisme, ""),
        "prets": prets,
        "plans": selectors.plans_tenus(request.acteur, jour),
    }
    return render(request, "convocations/plans.html", contexte, status=statut_http(formulaire))


def _demande(
    request: RequeteConnectee,
    jour: date,
    organisme: str,
    offerts: Sequence[tuple[str, str]],
    prets: Sequence[selectors.CandidatPret],
) -> forms.DemandeDePlan:
    """La demande, tous les candidats prêts cochés, dans la limite d'un plan."""
    dates = selectors.premieres_dates(request.acteur, {un.dossier.norme_empreinte for un in prets}, jour)
    des = max(jour + D_ICI, dates.a_temps) if dates else jour + D_ICI
    lundi = des + timedelta(days=-des.weekday() % 7)
    candidats = presenters.choix_des_candidats(prets)
    depart = {
        "du": lundi,
        "au": lundi + DUREE,
        "organisme": organisme,
        "candidats": [cle for cle, _ in candidats[:CANDIDATS_AU_PLUS]],
    }
    formulaire = forms.DemandeDePlan(request.POST or None, initial=depart)
    offrir(formulaire, "organisme", offerts)
    offrir(formulaire, "candidats", candidats)
    if dates is not None:
        formulaire.fields["du"].help_text = presenters.delais_en_clair(dates)
    return formulaire


def _dire_le_delai(
    request: RequeteConnectee, formulaire: forms.DemandeDePlan, prets: Sequence[selectors.CandidatPret], jour: date
) -> None:
    """Avertit qui planifie dans un temps où convoquer demandera un motif."""
    choisis = {un.dossier.norme_empreinte for un in prets if str(un.dossier.id) in formulaire.cleaned_data["candidats"]}
    dates = selectors.premieres_dates(request.acteur, choisis, jour)
    if dates is not None and formulaire.cleaned_data["du"] < dates.a_temps:
        messages.warning(request, presenters.delais_en_clair(dates))


@require_safe
@connecte
def plan(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Une semaine d'un plan."""
    instant = maintenant()
    verifier_peut_preparer_un_plan(request.droits)
    vue = selectors.plan(request.acteur, identifiant, jour_civil(instant))
    page = presenters.page_de_plan(
        vue, request.GET.get("semaine"), instant, request.droits, solveur=solveur.disponible()
    )
    return render(request, "convocations/plan.html", {"page": page})


@lire_ou_envoyer
@connecte
def plan_epreuve(request: RequeteConnectee, identifiant: UUID, dossier: UUID, bloc: str) -> HttpResponse:
    """Déplace une épreuve du plan, la décale d'un pas, ou l'en ôte."""
    instant = maintenant()
    verifier_peut_preparer_un_plan(request.droits)
    vue = selectors.plan(request.acteur, identifiant, jour_civil(instant))
    epreuve = cle(dossier, bloc)
    if epreuve not in vue.instance.epreuve or epreuve in vue.faits or not vue.visible(epreuve):
        raise Introuvable
    verifier_peut_planifier(request.droits, vue.dossier(epreuve))
    regarder(request, regard(vue.dossier(epreuve), PageConsultee.EPREUVE))
    geste = request.POST.get("geste", "")
    formulaire = _deplacement(vue, epreuve, request, lie=request.method == "POST" and not geste)
    if request.method == "POST" and (geste or formulaire.is_valid()):
        try:
            services.deplacer_dans_le_plan(
                plan=identifiant,
                epreuve=epreuve,
                voulue=_geste(geste) if geste else _voulue(vue, formulaire),
                version=_version(request),
                auteur=request.acteur,
                maintenant=instant,
            )
        except Refus as refus:
            if geste:
                messages.error(request, refus.message)
                return redirect("convocations:plan_epreuve", identifiant, dossier, bloc)
            formulaire.add_error(None, refus.message)
        else:
            return _apres(request, identifiant, epreuve, instant)
    placement = vue.placements.get(epreuve)
    contexte = {
        "formulaire": formulaire,
        "plan": vue,
        "intitule": presenters.intitule(vue, epreuve),
        "placement": placement,
        "oppose": [presenters.phrase(vue, d) for d in vue.defauts.get(epreuve, ())],
        "refus": vue.refuses.get(epreuve, ""),
        "issue": presenters.issue(vue, epreuve) if placement is None or epreuve in vue.defauts else None,
        "retour": presenters.adresse_de_semaine(
            vue, presenters.jour_du_placement(vue, placement) if placement else vue.periode.du
        ),
    }
    return render(request, "convocations/plan_epreuve.html", contexte, status=statut_http(formulaire))


@require_POST
@connecte
def arreter(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Arrête là l'amélioration d'un plan."""
    instant = maintenant()
    verifier_peut_preparer_un_plan(request.droits)
    if not selectors.plans_tenus(request.acteur, jour_civil(instant)).filter(pk=identifiant).exists():
        raise Introuvable
    services.arreter_la_recherche(plan=identifiant, auteur=request.acteur, maintenant=instant)
    messages.success(request, "La recherche s'arrête : le meilleur plan trouvé est proposé dans un instant.")
    return redirect("convocations:plan", identifiant)


@lire_ou_envoyer
@connecte
def adopter(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Inscrit les épreuves d'un plan."""
    instant = maintenant()
    verifier_peut_preparer_un_plan(request.droits)
    vue = selectors.plan(request.acteur, identifiant, jour_civil(instant))
    opposees = len(vue.defauts)
    formulaire = forms.AdoptionForm(request.POST or None, initial={"version": vue.version}, opposees=opposees)
    if request.method == "POST" and formulaire.is_valid():
        try:
            services.demander_adoption(
                plan=identifiant,
                version=formulaire.cleaned_data["version"],
                malgre=formulaire.cleaned_data.get("malgre", False),
                auteur=request.acteur,
                maintenant=instant,
            )
        except Refus as refus:
            formulaire.add_error(None, refus.message)
        else:
            messages.success(request, "Les épreuves s'inscrivent, une à une.")
            return redirect("convocations:plan", identifiant)
    contexte = {"formulaire": formulaire, "plan": vue, "opposees": opposees}
    return render(request, "convocations/adopter.html", contexte, status=statut_http(formulaire))


def _deplacement(vue: VuePlan, epreuve: str, request: RequeteConnectee, *, lie: bool) -> forms.DeplacementForm:
    placement, admis = vue.placements.get(epreuve), vue.instance.epreuve[epreuve]
    depart: dict[str, object] = {"version": vue.version, "jour": vue.periode.du}
    if placement is not None:
        local = instant_de(placement.debut).astimezone(presenters.zone_de(vue, placement.salle))
        depart |= {
            "jour": local.date(),
            "heure": local.time(),
            "salle": placement.salle,
            "metier": placement.metier,
            "certificateur": placement.certificateur,
        }
    formulaire = forms.DeplacementForm(request.POST if lie else None, initial=depart)
    par_site: dict[str, list[tuple[str, str]]] = {}
    for piece, (salle, site) in vue.salles.items():
        if piece in vue.instance.salle:
            par_site.setdefault(site.nom, []).append((piece, salle.nom))
    offrir(formulaire, "salle", sorted(par_site.items()))
    for nom, siens in (("metier", admis.metiers), ("certificateur", admis.certificateurs)):
        tous = frozenset().union(*(getattr(e, f"{nom}s") for e in vue.instance.epreuves))
        offrir(formulaire, nom, [("", "Choisissez"), *_groupes(vue, siens, tous - siens)])
    return formulaire


def _groupes(vue: VuePlan, admis: frozenset[str], autres: frozenset[str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Ceux que rien n'écarte, puis les autres évaluateurs du plan : les choisir se peut, et le plan dit qu'ils sont écartés."""
    groupes = (("Que rien n'écarte", admis), ("Écartés pour ce candidat", autres))
    return [
        (titre, sorted(((un, vue.nom(un)) for un in gens), key=lambda choix: choix[1]))
        for titre, gens in groupes
        if gens
    ]


def _voulue(vue: VuePlan, formulaire: forms.DeplacementForm) -> services.Voulue:
    """Lève `Refus("heure_inexistante" | "heure_double")`."""
    saisi = formulaire.cleaned_data
    zone = presenters.zone_de(vue, saisi["salle"])
    return services.Voulue(
        salle=UUID(saisi["salle"]),
        jour=saisi["jour"].toordinal(),
        debut=instant_dit(saisi["jour"], saisi["heure"], zone) if saisi["heure"] else None,
        metier=UUID(saisi["metier"]),
        certificateur=UUID(saisi["certificateur"]),
    )


def _geste(mot: str) -> Sens | None:
    if mot == "oter":
        return None
    try:
        return Sens(mot)
    except ValueError:
        raise Refus("geste_inconnu", "Ce geste n'existe pas : rechargez la page.") from None


def _version(request: RequeteConnectee) -> int:
    dite = request.POST.get("version", "")
    return int(dite) if dite.isdecimal() and len(dite) < 10 else -1


def _apres(request: RequeteConnectee, identifiant: UUID, epreuve: str, instant: datetime) -> HttpResponse:
    """Retour à la semaine où l'épreuve se trouve maintenant ; ce qui s'y oppose se dit aussitôt."""
    vue = selectors.plan(request.acteur, identifiant, jour_civil(instant))
    placement = vue.placements.get(epreuve)
    if placement is None:
        messages.success(request, f"{majuscule(presenters.intitule(vue, epreuve))} n'est plus dans le plan.")
        return redirect("convocations:plan", identifiant)
    oppose = [presenters.phrase(vue, d) for d in vue.defauts.get(epreuve, ())]
    if oppose:
        messages.warning(request, f"Déplacé, mais cette place ne tient pas : {' '.join(oppose)}")
    else:
        messages.success(request, f"{majuscule(presenters.intitule(vue, epreuve))} est déplacé : rien ne s'y oppose.")
    local = instant_de(placement.debut).astimezone(presenters.zone_de(vue, placement.salle))
    return redirect(f"{presenters.adresse_de_semaine(vue, local.date())}#e-{presenters.ancre(epreuve)}")
