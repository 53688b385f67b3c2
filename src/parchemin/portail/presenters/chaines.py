"""L'état des chaînes du journal : ce que la dernière vérification a trouvé."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from parchemin.comptes import selectors as comptes
from parchemin.comptes.selectors import Droits
from parchemin.portail.permissions import perimetre_des_chaines
from parchemin.registre import selectors as registre
from parchemin.socle.acteur import Acteur
from parchemin.socle.composants import Avis, Colonne, Tableau, Ton
from parchemin.socle.horloge import PARIS
from parchemin.socle.typographie import date_courte, date_en_clair, duree, heure, pluriel


@dataclass(frozen=True, slots=True)
class PageChaines:
    """L'état des chaînes."""

    avis: Avis
    faits: tuple[tuple[str, str], ...]
    anomalies: tuple[str, ...]
    tableau: Tableau | None
    en_file: bool


def page_chaines(lecteur: Acteur, droits: Droits) -> PageChaines:
    """Ce que la dernière vérification a trouvé, et la longueur de chaque chaîne que le lecteur suit."""
    perimetre = perimetre_des_chaines(droits)
    derniere = registre.derniere_verification(lecteur)
    lignes = list(registre.chaines(lecteur, chaines=perimetre.chaines))
    en_mots = comptes.noms_organismes(
        lecteur, [UUID(c.nom.partition(":")[2]) for c in lignes if c.nom.startswith("organisme:")]
    )
    faits: list[tuple[str, str]] = []
    if derniere is not None:
        quand = derniere.fin.astimezone(PARIS)
        faits = [
            ("Dernière vérification", f"{date_en_clair(quand.date())} à {heure(quand)}, en {duree(derniere.fin - derniere.debut)}"),
            ("Relu", ", ".join((pluriel(derniere.entrees, "entrée"), pluriel(derniere.chaines, "chaîne"),
                                pluriel(derniere.scelles, "ligne scellée", "lignes scellées")))),
            ("Dernière ligne signée", f"n° {derniere.ligne_numero}, du {_quand(derniere.ligne_instant)}"
             if derniere.ligne_instant else "aucune : rien ne prouve que les chaînes n’ont pas été refaites en entier"),
        ]  # fmt: skip
    return PageChaines(
        avis=_avis_chaines(derniere),
        faits=tuple(faits),
        anomalies=tuple(derniere.anomalies) if derniere is not None and perimetre.partout else (),
        tableau=Tableau(
            "Les chaînes du journal",
            (Colonne("Périmètre"), Colonne("Entrées", nombre=True), Colonne("Tête", discrete=True)),
            tuple((_nom_chaine(c.nom, en_mots), c.longueur, f"{c.tete[:16]}…") for c in lignes),
        )
        if lignes
        else None,
        en_file=registre.verification_en_file(lecteur),
    )


def _nom_chaine(nom: str, organismes: Mapping[UUID, str]) -> str:
    genre, _, identifiant = nom.partition(":")
    if genre == "organisme":
        return organismes.get(UUID(identifiant), nom)
    return {"comptes": "Personnes et comptes", "referentiels": "Référentiels", "registre": "Le journal lui-même"}.get(
        nom, nom
    )


def _avis_chaines(derniere: Any) -> Avis:
    if derniere is None:
        return Avis(
            Ton.ATTENTE, "Le journal n’a pas encore été vérifié ici", a_faire="Lancez une première vérification."
        )
    if derniere.nombre_anomalies:
        return Avis(
            Ton.NON,
            f"{pluriel(derniere.nombre_anomalies, 'endroit rompu', 'endroits rompus')}",
            "Quelque chose a été changé hors de l’application, ou une copie a été mal rétablie.",
            a_faire="Ne corrigez rien en base : gardez une copie, et suivez « Quand une chaîne est rompue » du guide.",
        )
    return Avis(Ton.OUI, "Le journal tient", "Chaque empreinte s’est refaite, chaque ligne scellée est intacte.")


def _quand(instant: datetime) -> str:
    local = instant.astimezone(PARIS)
    return f"{date_courte(local.date())} à {heure(local)}"
