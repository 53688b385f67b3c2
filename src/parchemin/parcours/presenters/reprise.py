"""La page d'une reprise en attente : ce que le fichier ferait, avant qu'on le confirme."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse

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
        resume=f"{pluriel(len(a_reprendre), 'document')} à reprendre, dont {pluriel(len(plan.nouvelles), 'personne nouvelle', 'personnes nouvelles')} ; "
        f"{len(inchanges)} sans changement.",
        ajouts=Tableau(
            "À reprendre",
            tuple(
                map(
                    Colonne,
                    (
                        "Personne",
                        "Déjà enregistrée",
                        "Version ou fiche",
                        "Blocs",
                        "Obtenu le",
                        "Session",
                        "Numéro",
                        "Ligne du fichier",
                    ),
                )
            ),
            tuple(
                (
                    f"{une.prenom} {une.nom}",
                    "oui" if une.connue else "non",
                    une.referentiel,
                    ", ".join(une.blocs) or "la certification entière",
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
