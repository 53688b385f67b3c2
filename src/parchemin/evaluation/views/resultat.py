"""Le résultat d'un dossier, son relevé en PDF, et ce qui vérifie une lecture révélée."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from parchemin.comptes.permissions import RequeteConnectee, connecte
from parchemin.convocations.permissions import peut_planifier
from parchemin.convocations.selectors import dossier_du_lecteur
from parchemin.convocations.selectors import epreuve as lire_epreuve
from parchemin.evaluation import documents, presenters, selectors
from parchemin.parcours.selectors import regard
from parchemin.referentiels.selectors import contenu_norme, libelles_courts, norme, version_d_empreinte
from parchemin.registre.consultations import regarder
from parchemin.registre.enums import PageConsultee
from parchemin.socle.horloge import jour_civil, maintenant
from parchemin.socle.refus import Introuvable


@require_safe
@connecte
def resultat(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Le résultat expliqué, une fois établi ; avant, la page dit seulement ce qui est attendu."""
    dossier = dossier_du_lecteur(request.acteur, identifiant, jour_civil(maintenant()))
    regarder(request, regard(dossier, PageConsultee.RESULTAT))
    resultats = selectors.resultats_visibles(request.acteur, dossier)
    acquis = selectors.acquis_du_dossier(request.acteur, dossier)
    decision, _ = selectors.verdict_du_dossier(request.acteur, dossier, resultats, acquis)
    regles = contenu_norme(request.acteur, dossier.norme_empreinte)["regles"]
    page = presenters.page_resultat(
        dossier,
        norme(request.acteur, dossier.norme_empreinte),
        decision,
        resultats,
        acquis,
        libelles_courts(request.acteur, version_d_empreinte(request.acteur, dossier.norme_empreinte)),
        (regles["competence"], regles["bloc"]),
        presenters.regards_par_bloc(
            request.acteur,
            selectors.seconds_regards_visibles(request.acteur, dossier, resultats),
            gere=peut_planifier(request.droits, dossier),
        ),
        masques=not resultats and selectors.resultats_masques(request.acteur, dossier),
    )
    return render(request, "evaluation/resultat.html", {"page": page})


@require_safe
@connecte
def releve(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Le relevé de calcul en PDF accessible, avec l'entrée de `parchemin verdict` en pièce jointe."""
    dossier = dossier_du_lecteur(request.acteur, identifiant, jour_civil(maintenant()))
    regarder(request, regard(dossier, PageConsultee.RELEVE))
    resultats = selectors.resultats_visibles(request.acteur, dossier)
    if not resultats:
        raise Introuvable("Aucun résultat ne se lit encore ici, donc aucun relevé.")
    pdf = documents.releve(request.acteur, dossier, resultats)
    reponse = HttpResponse(pdf, content_type="application/pdf")
    reponse["Content-Disposition"] = 'inline; filename="releve.pdf"'
    reponse["Cache-Control"] = "private, no-store"
    return reponse


@require_safe
@connecte
def lecture(request: RequeteConnectee, identifiant: UUID, qualite: str) -> HttpResponse:
    """La forme scellée d'une lecture et son sel, une fois les deux révélées : un tiers en refait l'empreinte."""
    vue = lire_epreuve(request.acteur, identifiant, jour_civil(maintenant()))
    revelees = selectors.lectures_revelees(request.acteur, request.droits, vue)
    revelee = next((une for une in revelees.values() if une.qualite == qualite), None)
    if revelee is None:
        raise Introuvable(
            "Aucune lecture ne se vérifie ici : les deux ne sont pas scellées, ou elle n’est pas la vôtre."
        )
    regarder(request, regard(vue.dossier, PageConsultee.EPREUVE, (e.personne for e in vue.evaluateurs)))
    reponse = HttpResponse(documents.fichier_de_lecture(revelee), content_type="application/json")
    reponse["Content-Disposition"] = f'attachment; filename="lecture-{qualite}.json"'
    reponse["Cache-Control"] = "private, no-store"
    return reponse
