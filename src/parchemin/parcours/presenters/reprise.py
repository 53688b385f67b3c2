"""La page d'une reprise en attente : ce que le fichier ferait, avant qu'on le confirme."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse

from moteur.phrases import enumerer
from parchemin.comptes.presenters import PageImport
from parchemin.parcours import selectors
from parchemin.socle.acteur import Acteur
from parchemin.socle.composants import Colonne, Tableau
from parchemin.socle.horloge import jour_civil, maintenant
from parchemin.socle.refus import Refus
from parchemin.socle.typographie import date_en_clair, pluriel

MONTREES = 200
"""Au-delà, une page ne se relit plus : le nombre suffit."""


def page_reprise(lecteur: Acteur, identifiant: UUID) -> PageImport:
    """Un fichier en attente ; lève `Introuvable` s'il n'attend plus, `Refus("import_faux")` s'il ne va plus."""
    instant = maintenant()
    vue = selectors.import_reprise_en_attente(lecteur, identifiant, instant)
    plan = selectors.planifier_reprise(lecteur, vue.lignes, jour_civil(instant))
    if plan.erreurs:
        raise Refus(
            "import_faux", "Depuis la lecture, le registre a changé : ce fichier ne va plus.", details=plan.erreurs
        )
    a_reprendre, inchanges = plan.faire("reprendre"), plan.faire("inchange")
    a_regarder = tuple((une, texte) for une in a_reprendre for texte in une.a_regarder)
    return PageImport(
        id=vue.id,
        fichier=vue.nom_fichier,
        resume=f"{pluriel(len(a_reprendre), 'document')} à reprendre, dont "
        f"{pluriel(len(plan.nouvelles), 'personne nouvelle', 'personnes nouvelles')}"
        + (f" ; {pluriel(len(inchanges), 'document')} déjà au registre." if inchanges else "."),
        ajouts=Tableau(
            "À reprendre",
            tuple(map(Colonne, ("Personne", "Tient", "Obtenu le", "Session", "Numéro", "Ligne du fichier"))),
            tuple(
                (
                    f"{une.prenom} {une.nom}{', déjà enregistrée' if une.connue else ''}",
                    f"{une.referentiel}, {_tient(une.blocs)}",
                    date_en_clair(une.obtenu_le),
                    une.session or None,
                    une.numero,
                    une.numero_ligne,
                )
                for une in a_reprendre[:MONTREES]
            ),
            legende_visible=True,
        )
        if a_reprendre
        else None,
        changes=Tableau(
            "À regarder, qui n'empêche rien",
            tuple(map(Colonne, ("Personne", "À regarder", "Ligne du fichier"))),
            tuple((f"{une.prenom} {une.nom}", texte, une.numero_ligne) for une, texte in a_regarder[:MONTREES]),
            legende_visible=True,
        )
        if a_regarder
        else None,
        rien=not a_reprendre,
        jusqu_au=jour_civil(vue.expire),
        abandonner=reverse("parcours:abandonner_reprise", args=[vue.id]),
    )


def _tient(blocs: tuple[str, ...]) -> str:
    """« certification entière », « bloc 1 », « blocs 1 et 3 »."""
    codes = [bloc[1:] for bloc in blocs if bloc]
    if not codes:
        return "certification entière"
    return f"{'bloc' if len(codes) == 1 else 'blocs'} {enumerer(codes)}"
