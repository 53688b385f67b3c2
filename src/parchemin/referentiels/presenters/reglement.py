"""Le règlement en mots : chaque question, la réponse tenue, ce qu'elle vaut, d'où elle vient."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from parchemin.referentiels.presenters.commun import intitule, lien_liste, ordinal, url_version
from parchemin.referentiels.selectors import Fiche, Reglage, Reglement, VersionPubliee
from parchemin.socle.composants import Colonne, Lien, Statut, Tableau, Ton
from parchemin.socle.typographie import date_en_clair, pluriel


@dataclass(frozen=True, slots=True)
class PageReglement:
    """La page du règlement : l'édition en vigueur, et toutes celles qui l'ont précédée ou la suivront."""

    fil: tuple[Lien, ...]
    titre: str
    nom: str
    resume: str
    reglages: Tableau
    editions: Tableau


MARQUES = {
    "S": Statut(Ton.OUI, "dit par le référentiel"),
    "L": Statut(Ton.OUI, "dit par la loi"),
    "F": Statut(Ton.OUI, "fait sourcé"),
    "C": Statut(Ton.NEUTRE, "usage d'une autre branche"),
    "I": Statut(Ton.NEUTRE, "déduit"),
    "?": Statut(Ton.ATTENTE, "à décider"),
}

_MOTS = {
    "exigee": "Oui, de tous",
    "si_inscrite": "À jour si l'on y a jamais été inscrit",
    "sans_effet": "Non",
    "interdit": "Interdit",
    "permis": "Permis",
    "bloque_la_cloture": "Il empêche de clore la grille",
    "deux_lectures": "Deux lectures scellées",
    "lecture_commune": "Une lecture commune",
    "jury": "Le jury tranche",
    "motivee": "Oui, avec un motif",
    "interdite": "Non",
    "evaluateurs": "évaluateurs",
    "paritaire": "Paritaire",
    "libre": "Librement",
    "majorite_voix_du_president": "À la majorité, voix prépondérante du président",
    "majorite": "À la majorité",
    "unanimite": "À l'unanimité",
    "avec_motif": "Oui, avec un motif",
    "jamais": "Jamais",
    "conditions": "les conditions de l'épreuve",
    "resultat": "le résultat",
    "permanente": "Pour toujours",
    "declaration_acceptee_et_corrections_closes": "Une fois la déclaration acceptée et les corrections closes",
}
_ACTES = {
    "lecture_tardive": "lecture en retard",
    "empeche_avant_sa_lecture": "évaluateur empêché avant sa lecture",
    "accord_tardif": "accord en retard",
    "empeche_avant_l_accord": "évaluateur empêché avant l'accord",
    "confirmation_tardive": "confirmation en retard",
    "empeche_avant_la_confirmation": "évaluateur empêché avant de confirmer",
}
_CONSEQUENCES = {
    "relancer": "le relancer",
    "remplacer": "le remplacer par une nouvelle lecture",
    "replanifier": "replanifier l'épreuve",
    "jury": "remettre les deux lectures au jury",
    "etablir": "établir le résultat sur lequel les lectures concordent",
}
_LIENS = {
    "tutorat": "tuteur du parcours",
    "attestation": "manager qui atteste le parcours",
    "formation": "formateur du candidat",
    "accompagnement": "accompagnateur",
    "hierarchique": "lien hiérarchique, de proche en proche",
    "professionnel": "relation professionnelle",
    "personnel": "relation personnelle",
    "deliberation_annulee": "membre d'une délibération annulée du dossier",
}
_JUGES = {"metier": "évaluateur métier", "certificateur": "évaluateur du certificateur", "jure": "juré"}
_PORTEES = {
    "jour_de_l_epreuve": "le jour de l'épreuve",
    "present_ou_passe": "présent ou passé",
    "toute_date": "à toute date",
}
_INCIDENTS = {
    "absent": "absent",
    "excuse": "excusé",
    "interrompu": "interrompu",
    "accord_retire": "usager qui retire son accord",
    "panne": "panne technique",
    "fraude": "soupçon de fraude",
}
_VOIES = {
    "formation_continue": "formation continue",
    "contrat_professionnalisation": "contrat de professionnalisation",
    "reconversion": "période de reconversion",
    "vae": "VAE",
    "formation_initiale": "formation initiale",
    "apprentissage": "apprentissage",
    "equivalence": "équivalence",
    "candidat_libre": "candidature individuelle",
}
_ATTENDUS = {
    "carnet": "le carnet complet du bloc",
    "dossier_de_validation": "le dossier de validation",
    "rien": "rien",
}
_PALIERS = {
    "attestant": "qui doit attester",
    "manager": "le manager, si le tuteur tarde",
    "gestionnaire": "le gestionnaire",
    "responsable": "le responsable de la certification",
}
_CONFLITS = {
    "salle_fermee": "hors des heures du site",
    "candidat_indisponible": "hors des heures de travail du candidat",
    "evaluateur_indisponible": "hors des disponibilités d'un évaluateur",
    "trajet_trop_court": "pas le temps d'aller d'un site à l'autre",
    "maximum_depasse": "un évaluateur au-delà de son maximum du jour",
}
_EFFETS = {"refus": "empêche", "avertissement": "se signale"}
_DESTINATAIRES = {"evaluateur": "un évaluateur", "candidat": "le candidat", "manager": "le manager"}
_NOUVELLE_DATE = {"meme_grille": "sur la même grille", "nouvelle_epreuve": "par une nouvelle épreuve"}
_UNITES = {
    "_minutes": ("minute", "minutes"),
    "_jours": ("jour", "jours"),
    "_mois": ("mois", "mois"),
    "_annees": ("année", "années"),
}
_SANS = {"bloc_validite_mois": "Sans terme", "tentatives_maximum": "Sans limite", "equivalences": "Aucun"}


def page_reglement(
    *, version: VersionPubliee, fiche: Fiche, reglement: Reglement, editions: tuple[Reglement, ...]
) -> PageReglement:
    """La page du règlement d'une version."""
    a_decider = sum(reglage.marque == "?" for reglage in reglement.reglages.values())
    return PageReglement(
        fil=(lien_liste(), Lien(version.nom(), url_version(version))),
        titre=intitule(version, fiche),
        nom=version.nom(),
        resume=f"{ordinal(reglement.rang)} édition, en vigueur depuis le {date_en_clair(reglement.depuis)}. "
        f"{pluriel(len(reglement.reglages), 'réglage')}, dont {a_decider} que le certificateur doit encore décider.",
        reglages=Tableau(
            "Les réglages en vigueur",
            (Colonne("Question"), Colonne("Réponse tenue"), Colonne("Ce qu'elle vaut"), Colonne("D'où elle vient", discrete=True)),
            tuple(
                (r.question, valeur_reglage(r), MARQUES[r.marque], r.source) for r in _ordonnes(reglement.reglages)
            ),
        ),
        editions=Tableau(
            "Les éditions du règlement",
            (Colonne("Édition"), Colonne("En vigueur depuis le"), Colonne("Motif"), Colonne("Empreinte", discrete=True)),
            tuple((str(e.rang), e.depuis, e.motif, f"{e.empreinte[:16]}…") for e in editions),
        ),
    )  # fmt: skip


def _ordonnes(reglages: Mapping[str, Reglage]) -> list[Reglage]:
    """Dans l'ordre des questions au certificateur ; celles qui n'ont pas de numéro ensuite."""
    return sorted(reglages.values(), key=lambda r: (r.numero is None, r.numero or 0))


def valeur_reglage(reglage: Reglage) -> str:
    """La valeur d'un réglage, en mots."""
    match reglage.valeur:
        case None | [] if reglage.code in _SANS:
            return _SANS[reglage.code]
        case None:
            return "Rien"
        case bool(oui):
            return "Oui" if oui else "Non"
        case int(nombre):
            unite = next((mots for fin, mots in _UNITES.items() if reglage.code.endswith(fin)), None)
            return pluriel(nombre, *unite) if unite else str(nombre)
        case {"permise": permise, "blocs": blocs}:
            return f"{'Oui' if permise else 'Non'} (blocs {', '.join(blocs)})"
        case [{"vers": _}, *_] as lignes:
            return " ; ".join(map(_equivalence, lignes))
        case [{"lien": _}, *_] as lignes:
            return " ; ".join(map(_ecartement, lignes))
        case [{"acte": _}, *_] as lignes:
            return " ; ".join(
                f"{_ACTES[ligne['acte']]} : {', '.join(_CONSEQUENCES[c] for c in ligne['consequences'])}"
                for ligne in lignes
            )
        case [{"incident": _}, *_] as lignes:
            return " ; ".join(map(_incident, lignes))
        case [{"conflit": _}, *_] as lignes:
            return " ; ".join(f"{_CONFLITS[ligne['conflit']]} : {_EFFETS[ligne['effet']]}" for ligne in lignes)
        case [{"palier": _}, *_] as lignes:
            return " ; ".join(
                f"{_PALIERS[ligne['palier']]} : {pluriel(ligne['apres_jours'], 'jour')}" for ligne in lignes
            )
        case [{"destinataire": _}, *_] as lignes:
            return " ; ".join(map(_delai, lignes))
        case [{"attendu": _}, *_] as lignes:
            return " ; ".join(_attendus(lignes))
        case list(valeurs):
            phrase = ", ".join(_MOTS.get(str(v), str(v)) for v in valeurs) or "Personne"
            return phrase[0].upper() + phrase[1:]
        case valeur:
            return _MOTS.get(str(valeur), str(valeur))


def _ecartement(ligne: Mapping[str, Any]) -> str:
    """Une ligne de la table d'indépendance, en mots."""
    qui = "" if set(ligne["qualites"]) == set(_JUGES) else f" ({', '.join(_JUGES[q] for q in ligne['qualites'])})"
    voies = "" if ligne["voies"] == "toutes" else f", par {', '.join(v.upper() for v in ligne['voies'])} seulement"
    return f"{_LIENS[ligne['lien']]}{qui} : {_PORTEES[ligne['portee']]}{voies}"


def _equivalence(ligne: Mapping[str, Any]) -> str:
    """Une ligne de la table des équivalences, en mots."""
    dite = f"{ligne['de']['referentiel']} {ligne['de']['bloc']} vaut {ligne['vers']}"
    if not ligne["active"]:
        return f"{dite} : pas encore appliquée"
    du, au = (date_en_clair(date.fromisoformat(ligne[borne])) if ligne[borne] else "" for borne in ("du", "au"))
    match bool(du), bool(au):
        case True, True:
            return f"{dite} : du {du} au {au}"
        case True, False:
            return f"{dite} : à partir du {du}"
        case False, True:
            return f"{dite} : jusqu'au {au}"
    return f"{dite} : sans terme"


def _incident(ligne: Mapping[str, Any]) -> str:
    """Une ligne de la table des incidents, en mots."""
    suites = [
        f"replanifier {_NOUVELLE_DATE[ligne['replanifier']]}" if suite == "replanifier" else suite
        for suite in ligne["suites"]
    ]
    return f"{_INCIDENTS[ligne['incident']]} : {', '.join(suites)}"


def _delai(ligne: Mapping[str, Any]) -> str:
    """Une ligne des délais de convocation, en mots."""
    phrase = f"{_DESTINATAIRES[ligne['destinataire']]} : {pluriel(ligne['jours'], 'jour')} avant"
    if ligne["derogation"] != "motivee":
        return phrase
    return f"{phrase}, ou avec un motif{f' jusqu’à {ligne["plancher"]} jours' if ligne['plancher'] else ''}"


def _attendus(lignes: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """La table de ce qu'attend chaque voie, en mots ; les voies qui attendent la même chose se disent ensemble."""
    voies: dict[str, list[str]] = {}
    for ligne in lignes:
        sauf = ", sauf dispense motivée" if ligne["dispense"] == "motivee" else ""
        voies.setdefault(f"{_ATTENDUS[ligne['attendu']]}{sauf}", []).append(_VOIES[ligne["voie"]])
    return (f"{', '.join(siennes)} : {attendu}" for attendu, siennes in voies.items())
