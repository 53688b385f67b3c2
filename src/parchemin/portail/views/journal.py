"""Le journal pour les personnes : chercher, lire en mots, ouvrir une entrée, exporter, suivre l'état des chaînes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from parchemin.comptes.permissions import RequeteConnectee, connecte
from parchemin.portail.forms import Recherche
from parchemin.portail.permissions import (
    perimetre_du_journal,
    peut_suivre_les_chaines,
    verifier_peut_lire_le_journal,
    verifier_peut_suivre_les_chaines,
)
from parchemin.portail.presenters import journal as presenters
from parchemin.portail.presenters.chaines import page_chaines
from parchemin.registre import selectors as registre
from parchemin.registre import services
from parchemin.registre.consultations import Regard, regarder
from parchemin.registre.enums import CHAINE_REGISTRE, FormatExport, PageConsultee
from parchemin.socle.horloge import maintenant
from parchemin.socle.refus import Introuvable, Refus


@require_safe
@connecte
def liste(request: RequeteConnectee) -> HttpResponse:
    """Chercher par personne, acte, objet et date ; la plus récente d'abord."""
    verifier_peut_lire_le_journal(request.droits)
    recherche = _recherche(request.GET)
    page = presenters.page_journal(request.acteur, request.droits, recherche, _entier(request.GET.get("apres")))
    if page.personne_id is not None:
        _regarder(request, page.personne_id)
    contexte = {"page": page, "recherche": recherche, "chaines": peut_suivre_les_chaines(request.droits)}
    return render(request, "portail/journal/liste.html", contexte, status=200 if recherche.is_valid() else 422)


@require_safe
@connecte
def entree(request: RequeteConnectee, chaine: str, rang: int) -> HttpResponse:
    """Une entrée : ce qu'elle dit, ses valeurs personnelles ou leur effacement, et de quoi la prouver."""
    verifier_peut_lire_le_journal(request.droits)
    personne = _uuid(request.GET.get("personne"))
    page = presenters.page_entree(request.acteur, request.droits, chaine, rang, personne)
    if personne is not None:
        _regarder(request, personne)
    return render(request, "portail/journal/entree.html", {"page": page})


@require_POST
@connecte
def exporter(request: RequeteConnectee) -> HttpResponse:
    """Emporter ce que montre la recherche. L'export est inscrit avant que le fichier ne parte."""
    verifier_peut_lire_le_journal(request.droits)
    recherche = _recherche(request.POST)
    forme = request.POST.get("forme", "")
    if not recherche.is_valid() or forme not in FormatExport.values:
        raise Refus("export_illisible", "Cet export ne se lit pas : revenez au journal et cherchez de nouveau.")
    perimetre = perimetre_du_journal(request.droits, recherche.personne_demandee)
    if perimetre.personne_exigee:
        raise Refus("personne_exigee", "Nommez d’abord la personne dont vous exportez les traces.")
    instant = maintenant()
    filtre = presenters.filtre_de(request.acteur, recherche).arrete_a(instant)  # sans l'entrée de l'export lui-même
    nombre = presenters.compter_pour_l_export(request.acteur, perimetre.chaines, filtre)
    services.consigner_export(
        forme=FormatExport(forme),
        filtre=presenters.dire_filtre(recherche, filtre),
        entrees=nombre,
        auteur=request.acteur,
        maintenant=instant,
    )
    if forme == FormatExport.JSONL:
        flux = registre.en_lignes_json(
            request.acteur, chaines=perimetre.chaines, filtre=filtre, au_plus=presenters.EXPORT_MAX
        )
        return _fichier(flux, "application/x-ndjson", "journal.jsonl")
    lignes = presenters.en_csv(request.acteur, chaines=perimetre.chaines, filtre=filtre)
    return _fichier(lignes, "text/csv; charset=utf-8", "journal.csv")


@require_safe
@connecte
def chaines(request: RequeteConnectee) -> HttpResponse:
    """L'état des chaînes : la dernière vérification, la dernière ligne signée."""
    verifier_peut_suivre_les_chaines(request.droits)
    page = page_chaines(request.acteur, request.droits)
    return render(request, "portail/journal/chaines.html", {"page": page})


@require_POST
@connecte
def verifier(request: RequeteConnectee) -> HttpResponse:
    """Faire vérifier le journal par la file : la page n'attend pas."""
    verifier_peut_suivre_les_chaines(request.droits)
    if services.demander_verification(auteur=request.acteur, maintenant=maintenant()):
        messages.success(request, "La vérification est dans la file. Vous pouvez quitter cette page et y revenir.")
    else:
        messages.info(request, "Une vérification attend déjà son tour : la vôtre n’a pas été ajoutée.")
    return redirect("journal_chaines")


def _recherche(donnees: Mapping[str, Any]) -> Recherche:
    return Recherche(donnees, actes=presenters.choix_des_actes())


def _regarder(request: RequeteConnectee, personne: UUID) -> None:
    """Lire tout ce qui touche une personne est aussi un regard : il s'inscrit comme les autres."""
    regarder(
        request,
        Regard(
            objet=("personne", personne),
            page=PageConsultee.JOURNAL,
            chaine=CHAINE_REGISTRE,
            equipe=frozenset({personne}),
        ),
    )


def _fichier(flux: Iterator[str], genre: str, nom: str) -> HttpResponse:
    """Le fichier, envoyé au fil de la lecture : jamais tout en mémoire."""
    reponse = StreamingHttpResponse(flux, content_type=genre)
    reponse["Content-Disposition"] = f'attachment; filename="{nom}"'
    reponse["Cache-Control"] = "private, no-store"
    return cast("HttpResponse", reponse)


def _entier(texte: str | None) -> int | None:
    return int(texte) if texte and texte.isdecimal() and len(texte) < 19 else None


def _uuid(texte: str | None) -> UUID | None:
    if not texte:
        return None
    try:
        return UUID(texte)
    except ValueError:
        raise Introuvable from None
