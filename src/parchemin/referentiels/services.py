"""Publier une version ; réviser son règlement, compléter sa fiche, réviser ses annexes. Le passé ne se réécrit pas."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError

from moteur.empreinte import canonique, empreinte
from parchemin.comptes.selectors import droits
from parchemin.referentiels.enums import Action, Partie
from parchemin.referentiels.fichier import FichierReferentiel, problemes_de_partie, problemes_du_contenu
from parchemin.referentiels.models import EditionReglement, RevisionAnnexes, RevisionFiche, Version
from parchemin.referentiels.permissions import verifier_peut_publier, verifier_peut_reviser
from parchemin.referentiels.selectors.parties import contenu_annexes
from parchemin.referentiels.selectors.scelles import sceau_revision, sceau_version
from parchemin.referentiels.selectors.versions import VersionPubliee, norme, version_publiee
from parchemin.registre.services import acte
from parchemin.socle.acteur import Acteur
from parchemin.socle.bases import contrainte_violee
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Introuvable, Refus

CHAINE = "referentiels"
MOTIF_INITIAL = "Publication de la version."


@dataclass(frozen=True, slots=True)
class Publication:
    """Ce que la publication a fait : `nouvelle` est faux si la même norme était déjà publiée sous ce nom."""

    version: VersionPubliee
    nouvelle: bool
    message: str


def publier_version(*, fichier: FichierReferentiel, auteur: Acteur, maintenant: datetime) -> Publication:
    """Publie une version : sa norme, figée désormais, et l'état initial de ses trois autres parties.

    Republier la même norme sous le même nom ne change rien, et le dit. Lève `Refus` : `referentiel_invalide` (chaque
    défaut en détail), `version_deja_publiee` (autre contenu sous le même nom), `norme_deja_publiee` (même contenu sous
    un autre nom) ; `RefusDroit` sans le droit.
    """
    verifier_peut_publier(droits(auteur, jour_civil(maintenant)))
    if defauts := problemes_du_contenu(fichier):
        raise Refus(
            "referentiel_invalide",
            f"Le référentiel {fichier.nom()} a des défauts : il n'a pas été publié.",
            conserve="Rien n'a été écrit.",
            details=defauts,
        )
    hache = empreinte(fichier.norme)
    if deja := _deja_publiee(fichier, hache):
        return deja
    try:
        with acte(auteur=auteur, maintenant=maintenant, action=Action.VERSION_PUBLIEE, chaine=CHAINE) as journal:
            version = Version.objects.create(
                code=fichier.code,
                version=fichier.version,
                norme=canonique(fichier.norme).decode(),
                empreinte=hache,
                publiee_le=maintenant,
                auteur_id=auteur.id,
            )
            revisions = _parties_initiales(version, fichier)
            journal.inscrire(
                objet=("referentiels.version", version.pk),
                donnees={
                    "nom": fichier.nom(),
                    "norme": hache,
                    "reglement": [r.empreinte for r in revisions if isinstance(r, EditionReglement)],
                    "fiche": empreinte(fichier.fiche),
                    "annexes": empreinte(fichier.annexes),
                },
                scelles=[sceau_version(version), *map(sceau_revision, revisions)],
            )
    except IntegrityError as erreur:  # une autre publication vient de passer : même réponse que si elle était déjà là
        if contrainte_violee(erreur) in {"version_unique", "version_norme_unique"} and (
            deja := _deja_publiee(fichier, hache)
        ):
            return deja
        raise
    publiee = version_publiee(auteur, fichier.code, fichier.version)
    return Publication(publiee, True, f"La version {fichier.nom()} est publiée. Sa norme ne changera plus.")


def _deja_publiee(fichier: FichierReferentiel, hache: str) -> Publication | None:
    for ligne in Version.objects.filter(code=fichier.code, version=fichier.version):
        if ligne.empreinte != hache:
            raise Refus(
                "version_deja_publiee",
                f"La version {fichier.nom()} est déjà publiée avec une autre norme, et une norme publiée ne change plus. "
                "Donnez à celle-ci un autre nom de version.",
                conserve=f"La norme publiée ({ligne.empreinte[:12]}…) reste telle quelle.",
            )
        publiee = VersionPubliee(ligne.pk, ligne.code, ligne.version, ligne.empreinte, ligne.publiee_le)
        return Publication(
            publiee,
            False,
            f"La version {fichier.nom()} est déjà publiée, avec cette même norme : rien n'a changé. "
            "Le règlement, la fiche et les annexes se révisent à part.",
        )
    if (autre := Version.objects.filter(empreinte=hache).first()) is not None:
        raise Refus(
            "norme_deja_publiee",
            f"Cette norme est déjà publiée, mot pour mot, sous le nom {autre}. "
            "Pour changer le règlement, la fiche ou les annexes, révisez-les.",
            conserve="Rien n'a été écrit.",
        )
    return None


def _parties_initiales(
    version: Version, fichier: FichierReferentiel
) -> list[EditionReglement | RevisionFiche | RevisionAnnexes]:
    commun: dict[str, Any] = {"version": version, "instant": version.publiee_le, "auteur_id": version.auteur_id}
    return [
        *(
            EditionReglement.objects.create(
                rang=rang,
                depuis=date.fromisoformat(edition["depuis"]),
                motif=edition["motif"],
                **_hache(_contenu_edition(edition)),
                **commun,
            )
            for rang, edition in enumerate(fichier.reglement["editions"], start=1)
        ),
        RevisionFiche.objects.create(rang=1, motif=MOTIF_INITIAL, **_hache(fichier.fiche), **commun),
        RevisionAnnexes.objects.create(rang=1, motif=MOTIF_INITIAL, **_hache(fichier.annexes), **commun),
    ]


def _contenu_edition(edition: Mapping[str, Any]) -> dict[str, Any]:
    return {"depuis": edition["depuis"], "motif": edition["motif"], "reglages": edition["reglages"]}


def _hache(contenu: Mapping[str, Any]) -> dict[str, str]:
    return {"contenu": canonique(contenu).decode(), "empreinte": empreinte(contenu)}


# Révisions ----------------------------------------------------------------------------------------------------------


def reviser_reglement(
    *,
    version: UUID,
    depuis: date,
    valeurs: Mapping[str, Any],
    motif: str,
    source: str,
    auteur: Acteur,
    maintenant: datetime,
) -> EditionReglement:
    """Ajoute une édition du règlement : celle qui serait en vigueur à `depuis`, avec d'autres `valeurs` (code → valeur).

    Chaque valeur changée porte désormais `source`. Une édition ne vaut que pour l'avenir. Lève `Refus` :
    `edition_passee`, `reglement_absent`, `motif_manquant`, `reglage_inconnu`, `reglement_invalide`, `rien_a_reviser` ;
    `Introuvable`, `RefusDroit`.
    """
    verifier_peut_reviser(droits(auteur, jour_civil(maintenant)))
    if depuis <= jour_civil(maintenant):
        raise Refus(
            "edition_passee",
            "Une édition du règlement ne vaut que pour l'avenir : choisissez une date à partir de demain. "
            "Les actes déjà faits suivent l'édition de leur date.",
        )
    motif, source = _exiger_texte(motif, "le motif"), _exiger_texte(source, "la source")
    with acte(auteur=auteur, maintenant=maintenant, action=Action.REGLEMENT_REVISE, chaine=CHAINE) as journal:
        ligne = _verrouiller(version)
        base = ligne.editions.filter(depuis__lte=depuis).order_by("-depuis", "-rang").first()
        if base is None:
            raise Refus(
                "reglement_absent", "Cette date vient avant la première édition du règlement : choisissez-en une autre."
            )
        reglages: dict[str, Any] = json.loads(base.contenu)["reglages"]
        for code, valeur in valeurs.items():
            if code not in reglages:
                raise Refus("reglage_inconnu", f"Le règlement n'a pas de réglage « {code} ».")
            if reglages[code]["valeur"] != valeur:
                reglages[code] = reglages[code] | {"valeur": valeur, "source": source, "marque": "F"}
        contenu = {"depuis": depuis.isoformat(), "motif": motif, "reglages": reglages}
        if reglages == json.loads(base.contenu)["reglages"]:
            raise Refus("rien_a_reviser", "Ces valeurs sont déjà celles du règlement : rien n'a changé.")
        _exiger_sans_defaut(ligne, Partie.REGLEMENT, {"portees_par_la_norme": [], "editions": [contenu]})
        edition = EditionReglement.objects.create(
            version=ligne,
            rang=ligne.editions.count() + 1,
            depuis=depuis,
            motif=motif,
            instant=maintenant,
            auteur_id=auteur.id,
            **_hache(contenu),
        )
        journal.inscrire(
            objet=("referentiels.edition_reglement", edition.pk),
            donnees={"version": str(ligne), "depuis": depuis, "rang": edition.rang, "reglages": sorted(valeurs)},
            scelles=[sceau_revision(edition)],
        )
    return edition


def completer_fiche(
    *, version: UUID, mention: str, valeur: Any, source: str, auteur: Acteur, maintenant: datetime
) -> RevisionFiche:
    """Complète ou corrige une mention de la fiche, avec sa source.

    Lève `Refus` : `mention_inconnue`, `motif_manquant` (source vide), `valeur_manquante`, `fiche_invalide`,
    `rien_a_reviser` ; `Introuvable`, `RefusDroit`.
    """
    verifier_peut_reviser(droits(auteur, jour_civil(maintenant)))
    source = _exiger_texte(source, "la source")
    if valeur is None:
        raise Refus("valeur_manquante", "Donnez une valeur : une mention connue ne redevient pas inconnue.")
    with acte(auteur=auteur, maintenant=maintenant, action=Action.FICHE_COMPLETEE, chaine=CHAINE) as journal:
        ligne = _verrouiller(version)
        contenu: dict[str, Any] = json.loads(ligne.fiches.latest("rang").contenu)
        if mention not in contenu:
            raise Refus("mention_inconnue", f"La fiche n'a pas de mention « {mention} ».")
        nouvelle = {"libelle": contenu[mention]["libelle"], "valeur": valeur, "source": source}
        if contenu[mention] == nouvelle:
            raise Refus("rien_a_reviser", "Cette mention porte déjà cette valeur et cette source : rien n'a changé.")
        contenu[mention] = nouvelle
        _exiger_sans_defaut(ligne, Partie.FICHE, contenu)
        revision = RevisionFiche.objects.create(
            version=ligne,
            rang=ligne.fiches.count() + 1,
            motif=f"{nouvelle['libelle']} : {source}",
            instant=maintenant,
            auteur_id=auteur.id,
            **_hache(contenu),
        )
        journal.inscrire(
            objet=("referentiels.revision_fiche", revision.pk),
            donnees={"version": str(ligne), "rang": revision.rang, "mention": mention},
            scelles=[sceau_revision(revision)],
        )
    return revision


def reviser_annexes(
    *,
    version: UUID,
    contenu: Mapping[str, Any],
    motif: str,
    auteur: Acteur,
    maintenant: datetime,
    vu: int | None = None,
) -> RevisionAnnexes:
    """Remplace les annexes par `contenu` (libellés courts, questions, conseils, motifs).

    `vu` : la révision d'où part ce contenu ; une autre venue entre-temps est un refus, jamais un effacement. Lève `Refus` :
    `motif_manquant`, `annexes_changees`, `annexes_invalides`, `rien_a_reviser` ; `Introuvable`, `RefusDroit`.
    """
    verifier_peut_reviser(droits(auteur, jour_civil(maintenant)))
    motif = _exiger_texte(motif, "le motif")
    with acte(auteur=auteur, maintenant=maintenant, action=Action.ANNEXES_REVISEES, chaine=CHAINE) as journal:
        ligne = _verrouiller(version)
        _exiger_sans_defaut(ligne, Partie.ANNEXES, contenu)
        derniere = ligne.annexes.latest("rang")
        if vu is not None and derniere.rang != vu:
            raise Refus(
                "annexes_changees",
                "Les annexes ont été révisées depuis que cette page est ouverte. Relisez ce qui est en place, reprenez ce "
                "que vous voulez en garder, puis enregistrez encore.",
                conserve="Votre saisie est restée dans la page.",
            )
        if derniere.empreinte == empreinte(contenu):
            raise Refus("rien_a_reviser", "Ces annexes sont déjà en place : rien n'a changé.")
        revision = RevisionAnnexes.objects.create(
            version=ligne,
            rang=ligne.annexes.count() + 1,
            motif=motif,
            instant=maintenant,
            auteur_id=auteur.id,
            **_hache(contenu),
        )
        journal.inscrire(
            objet=("referentiels.revision_annexes", revision.pk),
            donnees={"version": str(ligne), "rang": revision.rang},
            scelles=[sceau_revision(revision)],
        )
    return revision


def ecrire_les_aides(
    *,
    version: VersionPubliee,
    bloc: str,
    questions: Mapping[str, Sequence[str]],
    motifs_de_courrier: Sequence[str] | None,
    motif: str,
    vu: int,
    auteur: Acteur,
    maintenant: datetime,
) -> RevisionAnnexes:
    """Récrit les aides d'un bloc : la banque de questions de ses critères, dans l'ordre, et son panel de motifs de courrier.

    Les autres blocs et les autres annexes restent tels quels ; `motifs_de_courrier` vaut `None` quand l'épreuve n'a pas de
    courriers. Mêmes refus que `reviser_annexes`.
    """
    contenu = dict(contenu_annexes(auteur, version))
    criteres = [critere.code for critere in norme(auteur, version.empreinte).bloc(bloc).criteres()]
    autres = [aide for aide in contenu["questions"] if aide["critere"] not in criteres]
    siennes = [{"critere": c, "texte": texte} for c in criteres for texte in _lignes(questions.get(c, ()))]
    contenu["questions"] = [*autres, *siennes]
    if motifs_de_courrier is not None:
        panels = dict(contenu.get("motifs_de_courrier", {}))
        panels[bloc] = _lignes(motifs_de_courrier)
        contenu["motifs_de_courrier"] = {code: motifs for code, motifs in panels.items() if motifs}
    return reviser_annexes(
        version=version.id, contenu=contenu, motif=motif, auteur=auteur, maintenant=maintenant, vu=vu
    )


def _lignes(textes: Sequence[str]) -> list[str]:
    propres = (" ".join(unicodedata.normalize("NFC", texte).split()) for texte in textes)
    return list(dict.fromkeys(texte for texte in propres if texte))


def _verrouiller(version: UUID) -> Version:
    """La version, verrouillée : deux révisions à la fois se suivent."""
    ligne = Version.objects.select_for_update(of=("self",)).filter(pk=version).first()
    if ligne is None:
        raise Introuvable("Cette version de référentiel n'est pas publiée ici.")
    return ligne


def _exiger_texte(texte: str, quoi: str) -> str:
    propre = " ".join(texte.split())
    if not propre:
        raise Refus("motif_manquant", f"Dites {quoi} : une révision se justifie.")
    return propre


_REFUS = {
    Partie.REGLEMENT: ("reglement_invalide", "Ce règlement a des défauts"),
    Partie.FICHE: ("fiche_invalide", "Cette fiche a des défauts"),
    Partie.ANNEXES: ("annexes_invalides", "Ces annexes ont des défauts"),
}


def _exiger_sans_defaut(version: Version, partie: Partie, contenu: Mapping[str, Any]) -> None:
    if defauts := problemes_de_partie(partie.value, contenu, norme=json.loads(version.norme), nom=str(version)):
        code, phrase = _REFUS[partie]
        raise Refus(
            code, f"{phrase} : rien n'a été enregistré.", conserve="L'état précédent reste en place.", details=defauts
        )
