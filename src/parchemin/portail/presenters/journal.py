"""Les pages du journal : ce qui a changé, en mots ; une entrée et sa preuve ; l'export."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import batched, chain, groupby
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

from parchemin.comptes import selectors as comptes
from parchemin.comptes.selectors import Droits
from parchemin.convocations import selectors as convocations
from parchemin.parcours import selectors as parcours
from parchemin.portail.forms import AUTEUR, SUJET, Recherche
from parchemin.portail.permissions import Perimetre, perimetre_du_journal
from parchemin.portail.presenters.phrases import Mots, titre
from parchemin.portail.presenters.retenues import ENTREE_RETENUE, avis_de_retenue, ligne_de_retenue, tus_pour
from parchemin.registre import actions
from parchemin.registre import selectors as registre
from parchemin.registre.chainage import instant_texte
from parchemin.registre.selectors import Filtre
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.composants import Avis, Colonne, Lien, Statut, Tableau, Ton, Vide
from parchemin.socle.horloge import PARIS, jour_civil
from parchemin.socle.refus import Introuvable, Refus
from parchemin.socle.tableur import lignes_csv
from parchemin.socle.typographie import date_en_clair, heure

EXPORT_MAX = 50_000
"""Le plus qu'un export emporte : au-delà, on réduit la période."""
LOT_CSV = 500
CHOIX_MAX = 12
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class LigneJournal:
    """Une entrée dans la liste."""

    heure: str
    instant: datetime
    phrase: str
    url: str
    chaine: str
    rang: int


@dataclass(frozen=True, slots=True)
class JourDuJournal:
    """Les entrées d'un jour, la plus récente d'abord."""

    jour: date
    lignes: tuple[LigneJournal, ...]


@dataclass(frozen=True, slots=True)
class PageJournal:
    """La recherche et ce qu'elle trouve."""

    jours: tuple[JourDuJournal, ...]
    suivante: str
    debut: str
    """L'adresse de la première page, si l'on est plus loin ; vide sinon."""
    personne: str
    sans_personne: str
    choix: tuple[Lien, ...]
    champs: tuple[tuple[str, str], ...]
    vide: Vide | None
    exportable: bool
    perimetre: str
    personne_id: UUID | None
    retenues: Avis | None = None


@dataclass(frozen=True, slots=True)
class PageEntree:
    """Une entrée : ce qu'elle dit, et de quoi le prouver."""

    phrase: str
    quand: str
    acte: str
    lignes: tuple[tuple[str, str], ...]
    personnelles: tuple[tuple[str, str, bool], ...]
    """Nom, valeur en clair, effacée."""
    preuve: tuple[tuple[str, str], ...]
    statut: Statut
    scelles: Tableau | None
    precedente: str
    suivante: str
    meme_objet: str
    forme_exacte: str
    retenue: Avis | None = None


def choix_des_actes() -> list[tuple[str, list[tuple[str, str]]]]:
    """Les actes, rangés par capacité."""
    ranges = groupby(actions.connues(), key=lambda paire: paire[0].partition(".")[0])
    return [(domaine.capitalize(), list(paires)) for domaine, paires in ranges]


def sujets_de(lecteur: Acteur, personne: UUID) -> tuple[str, ...]:
    """Tout ce qui, dans les données, tient à une personne : ses fiches, comptes, rôles, dossiers, et leurs épreuves.

    Deux fiches réunies sont une seule personne : ce qui fut inscrit sous l'une se trouve par l'autre.
    """
    fiches = sorted(_fiches(lecteur, personne))
    dossiers = [dossier for fiche in fiches for dossier in parcours.dossiers_de(lecteur, fiche)]
    epreuves = convocations.epreuves_de(lecteur, dossiers) if dossiers else ()
    siens = [identifiant for fiche in fiches for identifiant in comptes.identifiants_de(lecteur, fiche)]
    return tuple(map(str, (*siens, *dossiers, *epreuves)))


def _fiches(lecteur: Acteur, personne: UUID) -> frozenset[UUID]:
    return comptes.identites(lecteur, [personne])[personne]


def filtre_de(lecteur: Acteur, recherche: Recherche) -> Filtre:
    """Le filtre que demande une recherche lisible ; ses jours sont ceux de Paris."""
    valeurs = recherche.cleaned_data
    personne: UUID | None = valeurs.get("personne")
    comme = valeurs.get("comme")
    du, au = valeurs.get("du"), valeurs.get("au")
    objet = valeurs.get("objet")
    sujets = sujets_de(lecteur, personne) if personne and comme != AUTEUR else ()
    return Filtre(
        auteurs=_fiches(lecteur, personne) if personne and comme != SUJET else frozenset(),
        sujets=sujets,
        ou=comme not in (AUTEUR, SUJET),
        mention=objet or None,
        action=valeurs.get("acte") or None,
        depuis=_minuit(du) if du else None,
        avant=_minuit(au + timedelta(days=1)) if au else None,
        tus=tus_pour(lecteur),
    )


def page_journal(lecteur: Acteur, droits: Droits, recherche: Recherche, apres: int | None) -> PageJournal:
    """Ce que trouve une recherche, dans les chaînes du lecteur."""
    lisible = recherche.is_valid()
    personne = recherche.personne_demandee
    perimetre = perimetre_du_journal(droits, personne)
    texte = recherche.cleaned_data.get("qui", "").strip() if lisible else ""
    choix: Mapping[UUID, str] = {}
    if texte and personne is None:
        choix = comptes.homonymes(lecteur, texte, CHOIX_MAX)
        if len(choix) == 1:
            personne = next(iter(choix))
            perimetre = perimetre_du_journal(droits, personne)
            recherche.cleaned_data["personne"], choix = personne, {}
    champs = _champs(recherche, personne) if lisible else ()
    if not lisible or choix or (texte and personne is None) or perimetre.personne_exigee:
        return _sans_entrees(choix, texte, champs, lisible=lisible)
    filtre = filtre_de(lecteur, recherche)
    page = registre.page_entrees(lecteur, chaines=perimetre.chaines, filtre=filtre, apres=apres)
    mots, auteurs = _mots(lecteur, page.entrees)
    lignes = tuple(_ligne(une, mots, auteurs, personne) for une in page.entrees)
    nom = comptes.noms(lecteur, [personne]).get(personne, "une personne inconnue") if personne else ""
    return PageJournal(
        jours=tuple(
            JourDuJournal(jour, tuple(du_jour))
            for jour, du_jour in groupby(lignes, key=lambda ligne: jour_civil(ligne.instant))
        ),
        suivante=_adresse(champs, apres=page.suivante) if page.suivante is not None else "",
        debut="" if page.debut else _adresse(champs),
        personne=nom,
        sans_personne=_adresse(tuple(c for c in champs if c[0] not in ("personne", "comme"))) if nom else "",
        choix=(),
        champs=champs,
        vide=None
        if lignes
        else Vide("Aucune entrée ne répond", "Élargissez la période, ou retirez un critère de la recherche."),
        exportable=bool(lignes),
        perimetre=_dire_perimetre(lecteur, perimetre),
        personne_id=personne,
        retenues=avis_de_retenue(filtre.tus),
    )


def page_entree(lecteur: Acteur, droits: Droits, chaine: str, rang: int, personne: UUID | None) -> PageEntree:
    """Une entrée des chaînes du lecteur ; celui qui doit nommer une personne n'ouvre que ce qui la touche."""
    une, chaines = _ouvrir(lecteur, droits, chaine, rang, personne)
    suite = registre.longueur(lecteur, chaine) > rang
    champs = (("personne", str(personne)),) if personne else ()
    precedente = _url_entree(chaine, rang - 1, champs) if rang > 1 and not personne else ""
    suivante = _url_entree(chaine, rang + 1, champs) if suite and not personne else ""
    if registre.parle_de(une, tus_pour(lecteur)):
        return _entree_retenue(une, precedente, suivante)
    mots, auteurs = _mots(lecteur, [une])
    valeurs = registre.valeurs(lecteur, chaines=chaines, entree_ids=[une.pk]).get(une.pk, {})
    instant = une.instant.astimezone(PARIS)
    return PageEntree(
        phrase=_phrase(une, mots, auteurs),
        quand=f"{date_en_clair(instant.date())} à {heure(instant)}",
        acte=actions.libelle(une.action),
        lignes=mots.lignes(une.donnees, une.objet_type),
        personnelles=tuple(
            (titre(nom), "effacée" if valeur is None else valeur, valeur is None) for nom, valeur in valeurs.items()
        ),
        preuve=_preuve(une, ("Instant", instant_texte(une.instant))),
        statut=_tenue(une),
        scelles=Tableau(
            "Lignes scellées par cette entrée",
            (Colonne("Table"), Colonne("Clé"), Colonne("Empreinte")),
            tuple((s["table"], s["cle"], s["empreinte"]) for s in une.scelles),
        )
        if une.scelles
        else None,
        precedente=precedente,
        suivante=suivante,
        meme_objet=_adresse((*champs, ("objet", une.objet_id))) if _UUID.fullmatch(une.objet_id) else "",
        forme_exacte=json.dumps(registre.ligne_json(une), ensure_ascii=False, indent=2),
    )


def _entree_retenue(une: Any, precedente: str, suivante: str) -> PageEntree:
    """Une entrée à sa place dans sa chaîne, sans rien de ce qu'elle dit, ni quand, ni combien de lignes elle scelle."""
    return PageEntree(
        phrase="Cette entrée ne se lit pas encore.",
        quand="",
        acte="Entrée retenue",
        lignes=(),
        personnelles=(),
        preuve=_preuve(une),
        statut=_tenue(une),
        scelles=None,
        precedente=precedente,
        suivante=suivante,
        meme_objet="",
        forme_exacte="",
        retenue=ENTREE_RETENUE,
    )


def _preuve(une: Any, *de_plus: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    return (
        ("Chaîne", une.chaine_id),
        ("Rang", str(une.rang)),
        *de_plus,
        ("Empreinte précédente", une.precedent),
        ("Empreinte", une.empreinte),
    )


def _tenue(une: Any) -> Statut:
    if registre.se_refait(une):
        return Statut(Ton.OUI, "l’empreinte se refait, la suite tient")
    return Statut(Ton.NON, "l’empreinte ne se refait pas")


def _ouvrir(
    lecteur: Acteur, droits: Droits, chaine: str, rang: int, personne: UUID | None
) -> tuple[Any, Collection[str] | None]:
    libre = perimetre_du_journal(droits, None)
    if not libre.personne_exigee and (libre.chaines is None or chaine in libre.chaines):
        return registre.entree(lecteur, chaines=libre.chaines, chaine=chaine, rang=rang), libre.chaines
    if personne is None:
        raise Introuvable
    nommee = perimetre_du_journal(droits, personne)
    filtre = Filtre(auteurs=_fiches(lecteur, personne), sujets=sujets_de(lecteur, personne), ou=True)
    return registre.entree(lecteur, chaines=nommee.chaines, chaine=chaine, rang=rang, filtre=filtre), nommee.chaines


# --- exporter ---------------------------------------------------------------------------------------------------------


def compter_pour_l_export(lecteur: Acteur, chaines: Collection[str] | None, filtre: Filtre) -> int:
    """Combien d'entrées partiront. Lève `Refus` : `export_vide`, `export_trop_grand`."""
    nombre = registre.nombre_d_entrees(lecteur, chaines=chaines, filtre=filtre, au_plus=EXPORT_MAX + 1)
    if not nombre:
        raise Refus("export_vide", "Aucune entrée ne répond à cette recherche : il n’y a rien à exporter.")
    if nombre > EXPORT_MAX:
        raise Refus(
            "export_trop_grand",
            f"Plus de {EXPORT_MAX} entrées répondent à cette recherche. Réduisez la période, puis exportez en plusieurs fois.",
        )
    return nombre


def dire_filtre(recherche: Recherche, filtre: Filtre) -> dict[str, Any]:
    """Le filtre tel que le journal le garde : des identifiants, des codes, des dates ; et combien d'épreuves il tait à son lecteur."""
    valeurs = recherche.cleaned_data
    dit = {nom: valeurs.get(nom) for nom in ("personne", "comme", "acte", "objet", "du", "au")}
    dit["epreuves_tues"] = len(filtre.tus)
    return {nom: str(valeur) for nom, valeur in dit.items() if valeur}


ENTETES_CSV = ("Instant (UTC)", "Chaîne", "Rang", "Acte", "Phrase", "Détail", "Auteur", "Objet", "Empreinte")


def en_csv(lecteur: Acteur, *, chaines: Collection[str] | None, filtre: Filtre) -> Iterator[str]:
    """Les entrées en mots, une par ligne, pour un tableur ; au fil de la lecture."""
    trouvees = registre.entrees(lecteur, chaines=chaines, filtre=filtre)[:EXPORT_MAX].iterator(chunk_size=LOT_CSV)
    lots = batched(trouvees, LOT_CSV)
    lignes = (ligne for lot in lots for ligne in _lot_csv(lecteur, lot))
    manque = ligne_de_retenue(filtre.tus)
    derniere = tuple(manque if entete == "Phrase" else "" for entete in ENTETES_CSV)
    return lignes_csv(ENTETES_CSV, chain(lignes, [derniere] if manque else []))


def _lot_csv(lecteur: Acteur, lot: Sequence[Any]) -> Iterator[tuple[object, ...]]:
    mots, auteurs = _mots(lecteur, lot)
    for une in lot:
        detail = " ; ".join(f"{nom} : {valeur}" for nom, valeur in mots.lignes(une.donnees, une.objet_type))
        yield (
            instant_texte(une.instant), une.chaine_id, une.rang, actions.libelle(une.action),
            _phrase(une, mots, auteurs), detail, une.auteur_id, f"{une.objet_type} {une.objet_id}", une.empreinte,
        )  # fmt: skip


# --- en mots ----------------------------------------------------------------------------------------------------------


def _mots(lecteur: Acteur, entrees: Sequence[Any]) -> tuple[Mots, Mapping[UUID, str]]:
    """De quoi dire ces entrées : chaque identifiant nommé, en un nombre de requêtes qui ne dépend pas d'elles."""
    trouves = {une.auteur_id for une in entrees}
    for une in entrees:
        trouves.update(map(UUID, _UUID.findall(f"{une.objet_id} {json.dumps(une.donnees)}")))
    noms = comptes.reperes(lecteur, trouves)
    noms |= parcours.reperes(lecteur, trouves)
    noms |= convocations.reperes(lecteur, trouves)
    noms[SYSTEME.id] = "le système"
    return Mots(noms), noms


def _phrase(une: Any, mots: Mots, noms: Mapping[UUID, str]) -> str:
    return mots.phrase(
        action=une.action,
        auteur=noms.get(une.auteur_id, "Quelqu’un"),
        objet=(une.objet_type, une.objet_id),
        donnees=une.donnees,
    )


def _ligne(une: Any, mots: Mots, noms: Mapping[UUID, str], personne: UUID | None) -> LigneJournal:
    champs = (("personne", str(personne)),) if personne else ()
    return LigneJournal(
        heure=heure(une.instant),
        instant=une.instant,
        phrase=_phrase(une, mots, noms),
        url=_url_entree(une.chaine_id, une.rang, champs),
        chaine=une.chaine_id,
        rang=une.rang,
    )


def _url_entree(chaine: str, rang: int, champs: tuple[tuple[str, str], ...]) -> str:
    adresse = reverse("journal_entree", args=[chaine, rang])
    return f"{adresse}?{urlencode(champs)}" if champs else adresse


def _adresse(champs: tuple[tuple[str, str], ...], *, apres: int | None = None) -> str:
    tous = (*champs, *((("apres", str(apres)),) if apres is not None else ()))
    return f"{reverse('journal')}?{urlencode(tous)}" if tous else reverse("journal")


def _champs(recherche: Recherche, personne: UUID | None) -> tuple[tuple[str, str], ...]:
    """Les critères d'une recherche, pour une adresse : jamais le nom cherché, seulement l'identifiant trouvé."""
    valeurs = recherche.cleaned_data | {"personne": personne}
    noms = ("personne", "comme", "acte", "objet", "du", "au")
    return tuple((nom, str(valeurs[nom])) for nom in noms if valeurs.get(nom) and (nom != "comme" or personne))


def _sans_entrees(
    choix: Mapping[UUID, str],
    texte: str,
    champs: tuple[tuple[str, str], ...],
    *,
    lisible: bool,
) -> PageJournal:
    if not lisible:
        vide = Vide("Cette recherche ne se lit pas", "Corrigez ce qui est signalé, puis cherchez de nouveau.")
    elif texte and not choix:
        vide = Vide("Personne ne porte ce nom", "Essayez un seul mot, sans initiale.")
    elif choix:
        vide = None
    else:
        vide = Vide(
            "Nommez d’abord une personne",
            "Vous répondez aux demandes de droit : le journal s’ouvre ici sur ce qui touche une personne à la fois.",
        )
    return PageJournal(
        jours=(),
        suivante="",
        debut="",
        personne="",
        sans_personne="",
        choix=tuple(
            Lien(nom, _adresse((("personne", str(pk)), *(c for c in champs if c[0] != "personne"))))
            for pk, nom in choix.items()
        ),
        champs=champs,
        vide=vide,
        exportable=False,
        perimetre="",
        personne_id=None,
    )


def _dire_perimetre(lecteur: Acteur, perimetre: Perimetre) -> str:
    if perimetre.chaines is None:
        return "tous les organismes"
    ids = [UUID(nom.partition(":")[2]) for nom in sorted(perimetre.chaines)]
    return ", ".join(sorted(comptes.noms_organismes(lecteur, ids).values()))


def _minuit(jour: date) -> datetime:
    return datetime.combine(jour, time(), tzinfo=PARIS)
