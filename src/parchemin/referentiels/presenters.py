"""Les pages du référentiel, composées : la liste, une version, son règlement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from moteur.referentiel import Bloc, Competence, Duree, Epreuve, Exigence, Referentiel
from moteur.vocabulaire import DocumentsRemis, SensDuree
from parchemin.referentiels.selectors import (
    Annexes,
    Fiche,
    Mention,
    Reglage,
    Reglement,
    Trouvaille,
    VersionPubliee,
    mots_cherches,
)
from parchemin.socle.cles import cle_recherche
from parchemin.socle.composants import Action, Colonne, Lien, RangeePoints, Statut, Tableau, Ton, Vide
from parchemin.socle.horloge import jour_civil
from parchemin.socle.typographie import date_en_clair, pluriel


@dataclass(frozen=True, slots=True)
class RangeeSeuil(RangeePoints):
    """La rangée d'une compétence ou d'un bloc que nul n'a encore jugés : combien d'éléments, et combien il en faut."""

    quoi: str = "critère"

    @property
    def phrase(self) -> str:
        """« 5 critères ; il en faut 4 »."""
        return f"{pluriel(self.total, self.quoi)} ; il en faut {self.requis}"


@dataclass(frozen=True, slots=True)
class Fragment:
    """Un bout de phrase ; `trouve` : il répond à la recherche."""

    texte: str
    trouve: bool = False


@dataclass(frozen=True, slots=True)
class Resultat:
    """Une réponse à la recherche, et où elle mène."""

    nature: str
    code: str
    url: str
    fragments: tuple[Fragment, ...]


@dataclass(frozen=True, slots=True)
class Recherche:
    """Ce que l'on cherche et ce qui répond. Sans mot, `resume` est vide."""

    texte: str
    resume: str
    resultats: tuple[Resultat, ...]
    conseil: str = "Essayez un mot plus court, sans accent si vous voulez : « prevention » trouve « prévention »."


@dataclass(frozen=True, slots=True)
class Phrase:
    """Une phrase du référentiel ; `debut` est l'intitulé qu'elle porte (« Situation observée »), s'il y en a un."""

    debut: str
    suite: str


@dataclass(frozen=True, slots=True)
class VueEpreuve:
    """L'épreuve d'un bloc : les mots du référentiel, et la lecture qui en est faite."""

    textes: tuple[Phrase, ...]
    temps: tuple[str, ...]
    exigences: tuple[str, ...]
    evaluateurs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VueCompetence:
    """Une compétence, ses critères (code, intitulé), son seuil."""

    code: str
    intitule: str
    criteres: tuple[tuple[str, str], ...]
    points: RangeeSeuil


@dataclass(frozen=True, slots=True)
class VueBloc:
    """Un bloc, tel que la page le montre."""

    code: str
    titre: str
    activites: tuple[tuple[str, str], ...]
    competences: tuple[VueCompetence, ...]
    points: RangeeSeuil
    carnet: Phrase
    epreuve: VueEpreuve
    grille: Action


@dataclass(frozen=True, slots=True)
class VueMention:
    """Une mention de la fiche ; `statut` dit qu'elle manque, `note` d'où elle vient ou à qui la demander."""

    libelle: str
    valeur: str
    note: str
    statut: Statut | None


@dataclass(frozen=True, slots=True)
class VuePartie:
    """Une des quatre parties : son état, son empreinte, la page qui la montre."""

    nom: str
    etat: str
    empreinte: str
    lien: Lien | None = None


@dataclass(frozen=True, slots=True)
class PageVersion:
    """La page d'une version."""

    fil: tuple[Lien, ...]
    titre: str
    nom: str
    version: str
    resume: str
    regles: tuple[str, ...]
    definitions: tuple[tuple[str, str], ...]
    blocs: tuple[VueBloc, ...]
    mentions: tuple[VueMention, ...]
    parties: tuple[VuePartie, ...]
    recherche: Recherche


@dataclass(frozen=True, slots=True)
class CarteVersion:
    """Une version dans la liste."""

    titre: str
    nom: str
    url: str
    resume: str
    statut: Statut
    points: tuple[tuple[str, RangeeSeuil], ...]


@dataclass(frozen=True, slots=True)
class PageListe:
    """La liste des versions publiées."""

    cartes: tuple[CarteVersion, ...]
    vide: Vide


@dataclass(frozen=True, slots=True)
class PageReglement:
    """La page du règlement : l'édition en vigueur, et toutes celles qui l'ont précédée ou la suivront."""

    fil: tuple[Lien, ...]
    titre: str
    nom: str
    resume: str
    reglages: Tableau
    editions: Tableau


def url_version(version: VersionPubliee) -> str:
    """L'adresse d'une version."""
    return reverse("referentiels:version", args=[version.code, version.version])


def _lien_liste() -> Lien:
    return Lien("Référentiels", reverse("referentiels:liste"))


def intitule(version: VersionPubliee, fiche: Fiche) -> str:
    """L'intitulé enregistré s'il est connu, sinon l'usuel, sinon le nom de la version."""
    return str(fiche.valeur("intitule_enregistre") or fiche.valeur("intitule_usuel") or version.nom())


# La liste -----------------------------------------------------------------------------------------------------------


def page_liste(versions: tuple[tuple[VersionPubliee, Referentiel, Fiche], ...], jour: date) -> PageListe:
    """La page `/referentiels/`."""
    return PageListe(
        cartes=tuple(_carte(version, arbre, fiche, jour) for version, arbre, fiche in versions),
        vide=Vide(
            "Aucun référentiel publié",
            "Un référentiel paraît ici dès qu'un administrateur le publie ; sa norme ne change plus ensuite.",
        ),
    )


def _carte(version: VersionPubliee, arbre: Referentiel, fiche: Fiche, jour: date) -> CarteVersion:
    return CarteVersion(
        titre=intitule(version, fiche),
        nom=version.nom(),
        url=url_version(version),
        resume=_comptes(arbre),
        statut=_statut_enregistrement(fiche, jour),
        points=tuple((bloc.code, _points_bloc(arbre, bloc)) for bloc in arbre.blocs),
    )


def _statut_enregistrement(fiche: Fiche, jour: date) -> Statut:
    fin = fiche.valeur("date_fin")
    if fin is None:
        return Statut(Ton.ATTENTE, "Dates d'enregistrement à compléter")
    fin = date.fromisoformat(fin)
    if jour > fin:
        return Statut(Ton.NEUTRE, f"Enregistrement terminé le {date_en_clair(fin)}")
    return Statut(Ton.OUI, f"Enregistrée jusqu'au {date_en_clair(fin)}")


def _comptes(arbre: Referentiel) -> str:
    activites = sum(len(bloc.activites) for bloc in arbre.blocs)
    return ", ".join(
        (
            pluriel(len(arbre.blocs), "bloc"),
            pluriel(activites, "activité"),
            pluriel(len(list(arbre.competences())), "compétence"),
            pluriel(len(list(arbre.criteres())), "critère"),
        )
    )


# Une version --------------------------------------------------------------------------------------------------------


def page_version(
    *,
    version: VersionPubliee,
    arbre: Referentiel,
    contenu: Mapping[str, Any],
    fiche: Fiche,
    annexes: Annexes,
    reglement: Reglement,
    recherche: str,
    trouvailles: tuple[Trouvaille, ...],
    revise: bool = False,
) -> PageVersion:
    """La page d'une version. `contenu` est la norme entière, dont l'arbre ne garde pas toutes les phrases.

    `revise` : qui la lit peut réviser les annexes.
    """
    definitions = contenu["definitions"]
    return PageVersion(
        fil=(_lien_liste(),),
        titre=intitule(version, fiche),
        nom=version.nom(),
        version=version.version,
        resume=f"{_comptes(arbre)}. Publiée le {date_en_clair(jour_civil(version.publiee_le))}.",
        regles=(contenu["regles"]["competence"], contenu["regles"]["bloc"]),
        definitions=tuple((d["titre"], d["texte"]) for d in definitions.values()),
        blocs=tuple(
            _bloc(version, arbre, bloc, brut) for bloc, brut in zip(arbre.blocs, contenu["blocs"], strict=True)
        ),
        mentions=_mentions(fiche),
        parties=_parties(version, fiche, annexes, reglement, arbre if revise else None),
        recherche=_recherche(version, recherche, trouvailles),
    )


def _bloc(version: VersionPubliee, arbre: Referentiel, bloc: Bloc, brut: Mapping[str, Any]) -> VueBloc:
    return VueBloc(
        code=bloc.code,
        titre=brut["titre"],
        activites=tuple((activite.code, activite.intitule) for activite in bloc.activites),
        competences=tuple(_competence(arbre, competence) for competence in bloc.competences()),
        points=_points_bloc(arbre, bloc),
        carnet=_phrase(brut["carnet"]["texte"]),
        epreuve=_epreuve(bloc.epreuve, brut["epreuve"]),
        grille=Action(
            "Grille vierge (PDF)",
            reverse("referentiels:grille", args=[version.code, version.version, bloc.code]),
            precision=f"du bloc {bloc.code}",
        ),
    )


def _points_bloc(arbre: Referentiel, bloc: Bloc) -> RangeeSeuil:
    n = len(bloc.competences())
    return RangeeSeuil(0, 0, n, arbre.seuil_bloc.requis(n), quoi="compétence")


def _competence(arbre: Referentiel, competence: Competence) -> VueCompetence:
    n = len(competence.criteres)
    return VueCompetence(
        code=competence.code,
        intitule=competence.intitule,
        criteres=tuple((critere.code, critere.intitule) for critere in competence.criteres),
        points=RangeeSeuil(0, 0, n, arbre.seuil_competence.requis(n)),
    )


_SENS = {SensDuree.MINIMUM: "au moins {}", SensDuree.PREVU: "{}", SensDuree.MAXIMUM: "au plus {}"}


def _epreuve(epreuve: Epreuve, brut: Mapping[str, Any]) -> VueEpreuve:
    exigences = [
        _exigence(exigence, brute["intitule"], epreuve)
        for exigence, brute in zip(epreuve.exigences, brut["exigences"], strict=True)
    ]
    if epreuve.documents_remis is DocumentsRemis.INTERDITS:
        exigences.append("Aucun document ni support remis par le candidat")
    return VueEpreuve(
        textes=tuple(_phrase(texte) for texte in epreuve.textes if not texte.endswith(":")),
        temps=tuple(f"{phase.intitule} : {_duree(phase.duree)}" for phase in epreuve.phases),
        exigences=tuple(exigences),
        evaluateurs=tuple(evaluateur.texte for evaluateur in epreuve.evaluateurs),
    )


def _duree(duree: Duree | None) -> str:
    return _SENS[duree.sens].format(pluriel(duree.minutes, "minute")) if duree else "durée non dite"


def _exigence(exigence: Exigence, libelle: str, epreuve: Epreuve) -> str:
    voies = [a.intitule.lower() for a in epreuve.alternatives if a.code in exigence.alternatives]
    suite = f" ({' ou '.join(voies)})" if voies else ""
    return f"{libelle} : au moins {exigence.minimum}{suite}"


def _phrase(texte: str) -> Phrase:
    debut, deux_points, suite = texte.partition(" : ")
    return Phrase(debut, suite) if deux_points else Phrase("", texte)


ORDRE_FICHE = (
    "intitule_enregistre",
    "intitule_usuel",
    "certificateurs",
    "rncp",
    "niveau",
    "cec",
    "nsf",
    "formacode",
    "date_decision",
    "date_fin",
    "fiche_suivante",
    "codes_rncp_des_blocs",
    "voies_d_acces",
)
"""L'ordre de lecture de la fiche ; une mention que l'on ne connaît pas vient ensuite."""


def _mentions(fiche: Fiche) -> tuple[VueMention, ...]:
    codes = [code for code in ORDRE_FICHE if code in fiche.mentions]
    codes += sorted(fiche.mentions.keys() - set(codes))
    return tuple(_mention(fiche.mentions[code]) for code in codes)


def _mention(mention: Mention) -> VueMention:
    if mention.connue:
        return VueMention(mention.libelle, _valeur_mention(mention.valeur), f"Source : {mention.source}", None)
    return VueMention(mention.libelle, "", mention.a_demander, Statut(Ton.ATTENTE, "à demander"))


def _valeur_mention(valeur: Any) -> str:
    match valeur:
        case list():
            return ", ".join(_valeur_mention(element) for element in valeur)
        case {"nom": nom, "siret": str(siret)}:
            return f"{nom} (SIRET {siret[:3]} {siret[3:6]} {siret[6:9]} {siret[9:]})"
        case {"nom": nom}:
            return str(nom)
        case dict():
            return ", ".join(f"{cle} : {_valeur_mention(element)}" for cle, element in valeur.items())
        case str() if _est_date(valeur):
            return date_en_clair(date.fromisoformat(valeur))
        case _:
            return str(valeur)


def _est_date(texte: str) -> bool:
    try:
        date.fromisoformat(texte)
    except ValueError:
        return False
    return len(texte) == len("2021-04-19")


def _parties(
    version: VersionPubliee, fiche: Fiche, annexes: Annexes, reglement: Reglement, a_reviser: Referentiel | None
) -> tuple[VuePartie, ...]:
    lien_aides = None
    if a_reviser is not None:
        adresse = reverse("referentiels:aides", args=[version.code, version.version, a_reviser.blocs[0].code])
        lien_aides = Lien("Écrire les questions et les motifs", adresse)
    aides = sum(len(textes) for groupe in (annexes.questions, annexes.conseils) for textes in groupe.values())
    return (
        VuePartie(
            "Norme", f"figée depuis le {date_en_clair(jour_civil(version.publiee_le))}", version.empreinte
        ),
        VuePartie(
            "Règlement",
            f"{_ordinal(reglement.rang)} édition, en vigueur depuis le {date_en_clair(reglement.depuis)}",
            reglement.empreinte,
            Lien("Lire le règlement", reverse("referentiels:reglement", args=[version.code, version.version])),
        ),
        VuePartie(
            "Fiche", f"{_ordinal(fiche.rang)} révision, du {date_en_clair(jour_civil(fiche.instant))}", fiche.empreinte
        ),
        VuePartie(
            "Annexes",
            f"{_ordinal(annexes.rang)} révision : {pluriel(len(annexes.libelles), 'libellé court')} "
            f"(à nous, pour les écrans), "
            f"{pluriel(aides, 'question ou conseil', 'questions et conseils') if aides else 'aucune question ni conseil'}",
            annexes.empreinte,
            lien_aides,
        ),
    )  # fmt: skip


def _ordinal(rang: int) -> str:
    return "1re" if rang == 1 else f"{rang}e"


# La recherche -------------------------------------------------------------------------------------------------------


def _recherche(version: VersionPubliee, texte: str, trouvailles: tuple[Trouvaille, ...]) -> Recherche:
    mots = mots_cherches(texte)
    if not mots:
        return Recherche(texte, "", ())
    resume = (
        pluriel(len(trouvailles), "endroit contient", "endroits contiennent") if trouvailles else "Rien ne contient"
    )
    return Recherche(
        texte,
        f"{resume} « {' '.join(texte.split())} ».",
        tuple(
            Resultat(
                nature=trouvaille.nature,
                code=trouvaille.code,
                url=f"{url_version(version)}#{trouvaille.code}",
                fragments=_fragments(trouvaille.intitule, mots),
            )
            for trouvaille in trouvailles
        ),
    )


def _fragments(phrase: str, mots: tuple[str, ...]) -> tuple[Fragment, ...]:
    """La phrase, coupée autour des mots trouvés ; mis bout à bout, les fragments la redonnent au signe près."""
    fragments: list[Fragment] = []
    for mot in phrase.split(" "):
        trouve = any(cherche in cle_recherche(mot) for cherche in mots)
        if not fragments:
            fragments.append(Fragment(mot, trouve))
        elif fragments[-1].trouve == trouve:
            fragments[-1] = Fragment(f"{fragments[-1].texte} {mot}", trouve)
        elif trouve:
            fragments[-1:] = [Fragment(f"{fragments[-1].texte} "), Fragment(mot, trouve)]
        else:
            fragments.append(Fragment(f" {mot}"))
    return tuple(fragments)


# Le règlement -------------------------------------------------------------------------------------------------------

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
    "avant_convocation": "Oui, avant la convocation",
    "jamais_exige": "Non",
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
_SENS_EQUIVALENCE = {
    "vers_celle_ci": "vers celle-ci",
    "vers_l_autre": "vers l'autre",
    "dans_les_deux_sens": "dans les deux sens",
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
_NOUVELLE_DATE = {"meme_grille": "sur la même grille", "nouvelle_epreuve": "par une nouvelle épreuve"}
_UNITES = {"_jours": ("jour", "jours"), "_mois": ("mois", "mois"), "_annees": ("année", "années")}
_SANS = {"bloc_validite_mois": "Sans terme", "tentatives_maximum": "Sans limite"}


def page_reglement(
    *, version: VersionPubliee, fiche: Fiche, reglement: Reglement, editions: tuple[Reglement, ...]
) -> PageReglement:
    """La page du règlement d'une version."""
    a_decider = sum(reglage.marque == "?" for reglage in reglement.reglages.values())
    return PageReglement(
        fil=(_lien_liste(), Lien(version.nom(), url_version(version))),
        titre=intitule(version, fiche),
        nom=version.nom(),
        resume=f"{_ordinal(reglement.rang)} édition, en vigueur depuis le {date_en_clair(reglement.depuis)}. "
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
        case None:
            return _SANS.get(reglage.code, "Rien")
        case bool(oui):
            return "Oui" if oui else "Non"
        case int(nombre):
            unite = next((mots for fin, mots in _UNITES.items() if reglage.code.endswith(fin)), None)
            return pluriel(nombre, *unite) if unite else str(nombre)
        case {"permise": permise, "blocs": blocs}:
            return f"{'Oui' if permise else 'Non'} (blocs {', '.join(blocs)})"
        case [{"certification": _}, *_] as regles:
            return " ; ".join(
                f"{r['certification']}, blocs {', '.join(r['blocs'])}, {_SENS_EQUIVALENCE[r['sens']]} : "
                f"{'appliquée' if r['active'] else 'pas encore appliquée'}"
                for r in regles
            )
        case [{"lien": _}, *_] as lignes:
            return " ; ".join(map(_ecartement, lignes))
        case [{"acte": _}, *_] as lignes:
            return " ; ".join(
                f"{_ACTES[ligne['acte']]} : {', '.join(_CONSEQUENCES[c] for c in ligne['consequences'])}"
                for ligne in lignes
            )
        case [{"incident": _}, *_] as lignes:
            return " ; ".join(map(_incident, lignes))
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


def _incident(ligne: Mapping[str, Any]) -> str:
    """Une ligne de la table des incidents, en mots."""
    suites = [
        f"replanifier {_NOUVELLE_DATE[ligne['replanifier']]}" if suite == "replanifier" else suite
        for suite in ligne["suites"]
    ]
    return f"{_INCIDENTS[ligne['incident']]} : {', '.join(suites)}"


# Les aides d'un bloc -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PageAides:
    """Écrire les aides d'un bloc. `blocs` : les autres pages, une par bloc."""

    fil: tuple[Lien, ...]
    titre: str
    sur_titre: str
    resume: str
    blocs: tuple[Lien, ...]


def saisie_des_aides(bloc: Bloc, annexes: Annexes) -> dict[str, str | int]:
    """Ce que le formulaire montre d'abord : le dernier état, une question ou un motif par ligne."""
    return {
        **{critere.code: "\n".join(annexes.questions.get(critere.code, ())) for critere in bloc.criteres()},
        "motifs_de_courrier": "\n".join(annexes.motifs_de_courrier.get(bloc.code, ())),
        "vu": annexes.rang,
    }


def page_aides(version: VersionPubliee, fiche: Fiche, arbre: Referentiel, bloc: Bloc, annexes: Annexes) -> PageAides:
    """La page qui écrit les aides de ce bloc."""
    return PageAides(
        fil=(_lien_liste(), Lien(intitule(version, fiche), url_version(version))),
        titre=f"Questions et courriers, bloc {bloc.code[1:]}",
        sur_titre=bloc.intitule,
        resume=f"{_ordinal(annexes.rang)} révision des annexes, du {date_en_clair(jour_civil(annexes.instant))}.",
        blocs=tuple(
            Lien(
                f"Bloc {un.code[1:]}",
                reverse("referentiels:aides", args=[version.code, version.version, un.code]),
                courant=un.code == bloc.code,
            )
            for un in arbre.blocs
        ),
    )
