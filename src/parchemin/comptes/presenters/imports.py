"""Les pages des imports : ce qu'un fichier ferait, avant qu'on le confirme."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.urls import reverse

from parchemin.comptes import selectors
from parchemin.socle.acteur import Acteur
from parchemin.socle.composants import Colonne, Tableau
from parchemin.socle.horloge import jour_civil, maintenant
from parchemin.socle.refus import Refus
from parchemin.socle.typographie import pluriel


@dataclass(frozen=True, slots=True)
class PageImport:
    """Ce qu'un fichier ferait, avant qu'on le confirme."""

    id: UUID
    fichier: str
    resume: str
    ajouts: Tableau | None
    changes: Tableau | None
    rien: bool
    jusqu_au: date
    abandonner: str


def page_import_organismes(lecteur: Acteur, identifiant: UUID) -> PageImport:
    """Un import en attente ; lève `Introuvable` s'il n'attend plus, `Refus("import_faux")` s'il ne va plus."""
    instant = maintenant()
    vue = selectors.import_en_attente(lecteur, identifiant, instant)
    plan = selectors.planifier_import(lecteur, vue.lignes, jour_civil(instant))
    if plan.erreurs:
        raise Refus(
            "import_faux", "Depuis la lecture, des organismes ont changé : ce fichier ne va plus.", details=plan.erreurs
        )
    ajouts, changes, inchanges = (plan.faire(geste) for geste in ("ajouter", "modifier", "inchange"))
    return PageImport(
        id=vue.id,
        fichier=vue.nom_fichier,
        resume=f"{pluriel(len(ajouts), 'organisme')} à ajouter, {len(changes)} à modifier, {len(inchanges)} sans changement.",
        ajouts=Tableau(
            "À ajouter",
            tuple(map(Colonne, ("Organisme", "SIRET", "Branche", "Ligne du fichier"))),
            tuple((une.fiche.nom, une.fiche.siret or None, une.fiche.branche.label, une.numero) for une in ajouts),
            legende_visible=True,
        )
        if ajouts
        else None,
        changes=Tableau(
            "À modifier",
            tuple(map(Colonne, ("Organisme", "Ce qui change", "Ligne du fichier"))),
            tuple((une.fiche.nom, ", ".join(_CHAMPS[champ] for champ in une.champs), une.numero) for une in changes),
            legende_visible=True,
        )
        if changes
        else None,
        rien=not (ajouts or changes),
        jusqu_au=jour_civil(vue.expire),
        abandonner=reverse("comptes:abandonner_import", args=[vue.id]),
    )


_CHAMPS = {
    "nom": "nom",
    "nom_court": "nom court",
    "branche": "branche",
    "siret": "SIRET",
    "adresse": "adresse",
    "code_postal": "code postal",
    "commune": "commune",
    "parent": "organisme parent",
    "hors_ligne": "épreuves hors ligne",
}


def page_import_liens(lecteur: Acteur, identifiant: UUID) -> PageImport:
    """Un fichier de liens en attente ; lève `Introuvable` s'il n'attend plus, `Refus("import_faux")` s'il ne va plus."""
    instant = maintenant()
    vue = selectors.import_liens_en_attente(lecteur, identifiant, instant)
    plan = selectors.planifier_import_liens(lecteur, vue.lignes, jour_civil(instant))
    if plan.erreurs:
        raise Refus(
            "import_faux",
            "Depuis la lecture, des personnes ou des liens ont changé : ce fichier ne va plus.",
            details=plan.erreurs,
        )
    ajouts, inchanges = plan.faire("ajouter"), plan.faire("inchange")
    return PageImport(
        id=vue.id,
        fichier=vue.nom_fichier,
        resume=f"{pluriel(len(ajouts), 'lien')} à inscrire, {pluriel(len(inchanges), 'lien')} déjà {'inscrit' if len(inchanges) < 2 else 'inscrits'}.",
        ajouts=Tableau(
            "À inscrire",
            tuple(map(Colonne, ("Personne", "Genre du lien", "Liée à", "Quand", "Ligne du fichier"))),
            tuple(
                (
                    une.de_nom,
                    f"{une.genre.label} ({precision})" if (precision := _formation(une)) else une.genre.label,
                    une.vers_nom,
                    selectors.dates_du_lien(une.periode),
                    une.numero,
                )
                for une in ajouts
            ),
            legende_visible=True,
        )
        if ajouts
        else None,
        changes=None,
        rien=not ajouts,
        jusqu_au=jour_civil(vue.expire),
        abandonner=reverse("comptes:abandonner_import_liens", args=[vue.id]),
    )


def _formation(lien: selectors.LienPlanifie) -> str:
    return " ; ".join(filter(None, (lien.session, ", ".join(lien.blocs))))
