"""Ce qu'une personne convoquée emporte, en réponse HTTP : sa convocation en PDF, l'invitation de son agenda."""

from __future__ import annotations

from django.http import HttpResponse

from parchemin.convocations import selectors
from parchemin.convocations.documents.convocation import convocation_ics, convocation_pdf
from parchemin.convocations.selectors import VueConvocation, VueEpreuve
from parchemin.socle.acteur import Acteur
from parchemin.socle.refus import Introuvable


def convocation_a_emporter(lecteur: Acteur, vue: VueConvocation) -> HttpResponse:
    """Le PDF de sa propre convocation ; à qui n'est plus attendu, rien."""
    epreuve = selectors.epreuve_par_id(lecteur, vue.epreuve)
    if selectors.est_retiree(epreuve, vue):
        raise Introuvable
    return pdf_de(lecteur, epreuve, vue)


def pdf_de(lecteur: Acteur, epreuve: VueEpreuve, vue: VueConvocation) -> HttpResponse:
    """Le PDF d'une convocation dont le droit est vérifié."""
    octets = convocation_pdf(lecteur, epreuve, selectors.rendez_vous(lecteur, epreuve), vue)
    reponse = HttpResponse(octets, content_type="application/pdf")
    reponse["Content-Disposition"] = 'inline; filename="convocation.pdf"'
    reponse["Cache-Control"] = "private, no-store"
    return reponse


def invitation_a_emporter(lecteur: Acteur, vue: VueConvocation) -> HttpResponse:
    """L'invitation de sa propre convocation ; à qui n'est plus attendu, rien."""
    epreuve = selectors.epreuve_par_id(lecteur, vue.epreuve)
    if not vue.vit or selectors.est_retiree(epreuve, vue):
        raise Introuvable
    texte = convocation_ics(lecteur, epreuve, selectors.rendez_vous(lecteur, epreuve), vue)
    reponse = HttpResponse(texte, content_type="text/calendar; charset=utf-8; method=REQUEST")
    reponse["Content-Disposition"] = 'attachment; filename="invitation.ics"'
    return reponse
