"""Lire un fichier de titulaires et de blocs des années papier : ce qu'il reprendrait, et toutes ses fautes, cellule par cellule.

N'écrit rien. Un parchemin (ou une attestation) se reconnaît à son numéro, dans sa version : importer deux fois le même fichier ne
change rien. Une personne se reconnaît à son courriel professionnel ; deux personnes de même nom ne sont jamais devinées : le fichier
dit laquelle.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from parchemin.comptes.selectors import FichierDepose, PersonneConnue, VueImport, cle_de_nom, personnes_connues
from parchemin.comptes.selectors.imports import Fautes, en_attente, tous_en_attente
from parchemin.parcours.enums import OrigineDeBloc
from parchemin.parcours.models import BlocAcquis, Dossier, ImportReprise
from parchemin.parcours.selectors import cellules
from parchemin.parcours.selectors.blocs_acquis import effets_de_l_acquis, obstacles_a_l_acquis
from parchemin.referentiels.selectors import norme, versions_publiees
from parchemin.socle.acteur import Acteur
from parchemin.socle.cles import cle_recherche
from parchemin.socle.tableur import Ligne
from parchemin.socle.typographie import de

COLONNES_REPRISE: Mapping[str, str] = {
    "nom": "Nom",
    "prenom": "Prénom",
    "courriel": "Courriel professionnel",
    "meme_nom": "Même nom (même ou autre)",
    "referentiel": "Version ou fiche",
    "blocs": "Blocs (vide : tous)",
    "obtenu_le": "Obtenu le",
    "session": "Session",
    "numero": "Numéro du parchemin ou de l'attestation",
}
REPRISE_OBLIGATOIRES = frozenset({"nom", "prenom", "referentiel", "obtenu_le", "numero"})
LONGUEURS = {"nom": 80, "prenom": 80, "session": 120, "numero": 60}
ENTIERE = ("",)
"""Les blocs d'une ligne qui n'en nomme aucun : la certification entière, d'un seul parchemin."""
_FICHE = re.compile(r"(?:RNCP|RS)[0-9]{1,9}", re.ASCII)
_BLOC = re.compile(r"B[1-9][0-9]?", re.ASCII)


@dataclass(frozen=True, slots=True)
class TitulairePlanifie:
    """Ce que ferait une ligne : `reprendre`, ou `inchange` quand ce numéro est déjà repris tel quel. `connue` : déjà enregistrée."""

    numero_ligne: int
    geste: str
    personne: UUID
    connue: bool
    prenom: str
    nom: str
    courriel: str
    referentiel: str
    blocs: tuple[str, ...]
    obtenu_le: date
    session: str
    numero: str
    a_regarder: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanReprise:
    """Ce que ferait le fichier entier. Avec une seule erreur, il ne ferait rien."""

    lignes: tuple[TitulairePlanifie, ...]
    erreurs: tuple[str, ...]

    def faire(self, geste: str) -> tuple[TitulairePlanifie, ...]:
        """Les lignes qui font ce geste."""
        return tuple(ligne for ligne in self.lignes if ligne.geste == geste)

    @property
    def nouvelles(self) -> tuple[TitulairePlanifie, ...]:
        """Une ligne par personne à enregistrer."""
        return tuple({une.personne: une for une in reversed(self.faire("reprendre")) if not une.connue}.values())


def import_reprise_en_attente(lecteur: Acteur, identifiant: UUID, maintenant: datetime) -> VueImport:
    """Le fichier que le lecteur a déposé et qui attend sa confirmation. Lève `Introuvable`."""
    return en_attente(lecteur, ImportReprise, identifiant, maintenant)


def imports_reprise_en_attente(lecteur: Acteur, maintenant: datetime) -> tuple[FichierDepose, ...]:
    """Ceux que le lecteur a déposés et n'a pas encore confirmés, le plus récent d'abord. Une requête."""
    return tous_en_attente(lecteur, ImportReprise, maintenant)


def planifier_reprise(lecteur: Acteur, lignes: Sequence[Ligne], jour: date) -> PlanReprise:
    """Compare le fichier à ce qui est enregistré, et dit **toutes** ses fautes. Un nombre constant de requêtes, hors dossiers ouverts."""
    return _Lecture(lecteur, lignes, jour).plan()


class _Lecture:
    def __init__(self, lecteur: Acteur, lignes: Sequence[Ligne], jour: date) -> None:
        self.lignes, self.jour, self.fautes = lignes, jour, Fautes()
        self.par_courriel: dict[str, PersonneConnue] = {}
        self.par_nom: dict[str, list[PersonneConnue]] = {}
        for une in personnes_connues(lecteur):
            for courriel in une.courriels:
                self.par_courriel[courriel] = une
            for nom in une.noms:
                self.par_nom.setdefault(nom, []).append(une)
        self.blocs = {
            version.nom(): frozenset(bloc.code for bloc in norme(lecteur, version.empreinte).blocs)
            for version in versions_publiees(lecteur)
        }
        self.repris: dict[tuple[str, str], dict[str, BlocAcquis]] = {}
        lignes_reprises = BlocAcquis.objects.filter(origine=OrigineDeBloc.REPRISE, retrait=None).select_related(
            "candidat"
        )
        for ligne in lignes_reprises.order_by("pk"):
            self.repris.setdefault((ligne.referentiel, ligne.numero), {})[ligne.bloc] = ligne
        self.numeros: dict[tuple[str, str], int] = {}
        self.nommees: dict[str, tuple[UUID, int]] = {}
        """Les personnes nouvelles du fichier, par nom : qui, et à quelle ligne."""
        self.adresses: dict[str, tuple[UUID, str, int, bool]] = {}
        """Les adresses qu'il donne : de qui, de quel nom, à quelle ligne, et si cette personne est déjà enregistrée."""

    def plan(self) -> PlanReprise:
        lues = [lue for ligne in self.lignes if (lue := self._lire(ligne)) is not None]
        if self.fautes:
            return PlanReprise((), self.fautes.toutes())
        return PlanReprise(tuple(self._avertir(lues)), ())

    def _lire(self, ligne: Ligne) -> TitulairePlanifie | None:
        dits = {colonne: " ".join(ligne[colonne].split()) for colonne in LONGUEURS}
        for colonne, longueur in LONGUEURS.items():
            if len(dits[colonne]) > longueur:
                self.fautes.dire(ligne, colonne, f"{longueur} signes au plus.")
            elif not dits[colonne] and colonne in REPRISE_OBLIGATOIRES:
                self.fautes.dire(ligne, colonne, f"« {COLONNES_REPRISE[colonne]} » manque.")
        referentiel, blocs = self._blocs(ligne)
        obtenu_le = self._jour(ligne)
        courriel = cellules.adresse(self.fautes, ligne, "courriel")
        if (
            not all((dits["nom"], dits["prenom"], dits["numero"]))
            or referentiel is None
            or obtenu_le is None
            or courriel is None
        ):
            return None
        cle = (referentiel, dits["numero"])
        if (deja := self.numeros.setdefault(cle, ligne.numero)) != ligne.numero:
            self.fautes.dire(ligne, "numero", f"ce numéro est déjà celui de la ligne {deja}.")
            return None
        lue = TitulairePlanifie(
            ligne.numero, "reprendre", UUID(int=0), False, dits["prenom"], dits["nom"], courriel, referentiel, blocs,
            obtenu_le, dits["session"], dits["numero"],
        )  # fmt: skip
        return self._deja_repris(ligne, lue) if cle in self.repris else self._nommer(ligne, lue)

    def _blocs(self, ligne: Ligne) -> tuple[str | None, tuple[str, ...]]:
        dit = ligne["referentiel"].strip()
        connus = self.blocs.get(dit)
        if connus is None and not _FICHE.fullmatch(dit):
            publiees = ", ".join(sorted(self.blocs))
            self.fautes.dire(
                ligne,
                "referentiel",
                f"« {dit[:40]} » n'est ni une version publiée ({publiees}), ni le numéro d'une fiche (RNCP35729).",
            )
            return None, ()
        codes = [code.upper() for code in re.split(r"[\s,;]+", ligne["blocs"]) if code]
        faux = [code for code in codes if not _BLOC.fullmatch(code) or (connus is not None and code not in connus)]
        if faux:
            precision = f" (il y a {', '.join(sorted(connus))})" if connus else " : écrivez B1, B2"
            self.fautes.dire(ligne, "blocs", f"« {', '.join(faux)[:60]} » n'est pas un bloc{precision}.")
            return None, ()
        return dit, tuple(sorted(set(codes))) or ENTIERE

    def _jour(self, ligne: Ligne) -> date | None:
        lu = cellules.jour(self.fautes, ligne, "obtenu_le")
        if lu is not None and lu > self.jour:
            self.fautes.dire(ligne, "obtenu_le", "ce jour n'est pas encore venu.")
            return None
        return lu

    def _deja_repris(self, ligne: Ligne, lue: TitulairePlanifie) -> TitulairePlanifie | None:
        """Ce numéro est au registre : la même chose n'y change rien, autre chose est une faute."""
        repris = self.repris[lue.referentiel, lue.numero]
        (un, *_) = repris.values()
        memes = {(une.obtenu_le, une.session) for une in repris.values()} == {(lue.obtenu_le, lue.session)}
        if (
            set(repris) == set(lue.blocs)
            and memes
            and cle_de_nom(lue.nom, lue.prenom) == cle_de_nom(un.candidat.nom, un.candidat.prenom)
        ):
            return _avec(lue, geste="inchange", personne=un.candidat_id, connue=True)
        self.fautes.dire(
            ligne,
            "numero",
            f"ce numéro est déjà repris, autrement, pour {un.candidat} : corrigez le fichier, ou retirez d'abord.",
        )
        return None

    def _nommer(self, ligne: Ligne, lue: TitulairePlanifie) -> TitulairePlanifie | None:
        """De qui est ce parchemin : de qui a ce courriel ; à défaut, d'une personne nouvelle, si nul autre n'a ce nom."""
        cle = cle_de_nom(lue.nom, lue.prenom)
        connue = self.par_courriel.get(lue.courriel)
        if connue is not None:
            if cle not in connue.noms:
                self.fautes.dire(
                    ligne, "courriel", f"ce courriel est celui {de(connue.nom)} : corrigez l'un ou l'autre."
                )
                return None
            return _avec(lue, personne=connue.id, connue=True)
        if lue.courriel in self.adresses:
            personne, sien, premiere, deja = self.adresses[lue.courriel]
            if sien != cle:
                self.fautes.dire(ligne, "courriel", f"ce courriel est celui d'un autre nom, à la ligne {premiere}.")
                return None
            return _avec(lue, personne=personne, connue=deja)
        trouvee = self._par_le_nom(ligne, cle)
        if trouvee is None:
            return None
        personne, deja = trouvee
        if lue.courriel:
            self.adresses[lue.courriel] = (personne, cle, ligne.numero, deja)
        return _avec(lue, personne=personne, connue=deja)

    def _par_le_nom(self, ligne: Ligne, cle: str) -> tuple[UUID, bool] | None:
        """Qui porte ce nom, et si cette personne est déjà enregistrée : la ligne le dit (« même », « autre »), rien ne se devine."""
        homonymes = self.par_nom.get(cle, [])
        choix = cle_recherche(ligne["meme_nom"])
        if choix == "meme" and len(homonymes) == 1:
            return homonymes[0].id, True
        if choix == "meme" and not homonymes and cle in self.nommees:
            return self.nommees[cle][0], False
        if choix not in ("", "meme", "autre"):
            self.fautes.dire(ligne, "meme_nom", "écrivez « même », « autre », ou rien.")
            return None
        if choix != "autre" and (homonymes or cle in self.nommees):
            ou = "est déjà enregistrée" if homonymes else f"est à la ligne {self.nommees[cle][1]}"
            self.fautes.dire(
                ligne,
                "meme_nom",
                f"une personne de ce nom {ou} : donnez son courriel, ou écrivez « même » ou « autre ».",
            )
            return None
        nouvelle = uuid4()
        self.nommees[cle] = (nouvelle, ligne.numero)
        return nouvelle, False

    def _avertir(self, lues: Sequence[TitulairePlanifie]) -> list[TitulairePlanifie]:
        """Qui a déjà un dossier ouvert pour cette version : ce qui y comptera, ce qui s'y annulera."""
        connues = {une.personne for une in lues if une.connue and une.geste == "reprendre"}
        ouverts = {
            (candidat, f"{code}@{version}"): (pk, nom)
            for pk, candidat, nom, code, version in Dossier.objects.filter(candidat_id__in=connues, ouvert=True)
            .order_by()
            .values_list("pk", "candidat_id", "candidat__nom", "referentiel_code", "referentiel_version")
        }
        averties = []
        for une in lues:
            dossier = ouverts.get((une.personne, une.referentiel)) if une.geste == "reprendre" else None
            a_regarder: list[str] = []
            if dossier is not None:
                a_regarder.append("A un dossier ouvert : ces blocs y compteront comme acquis.")
                for bloc in sorted(self.blocs[une.referentiel]) if une.blocs == ENTIERE else une.blocs:
                    a_regarder += [*obstacles_a_l_acquis(dossier[0], bloc), *effets_de_l_acquis(dossier[0], bloc)]
            averties.append(_avec(une, a_regarder=tuple(a_regarder)))
        return averties


def _avec(une: TitulairePlanifie, **changements: Any) -> TitulairePlanifie:
    return replace(une, **changements)


def homonyme_titulaire(lecteur: Acteur, prenom: str, nom: str, referentiel: str) -> bool:
    """Vrai si le registre des années papier tient une personne de ce nom pour cette version. Ne dit rien d'elle."""
    siens = BlocAcquis.objects.filter(origine=OrigineDeBloc.REPRISE, retrait=None, referentiel=referentiel)
    noms = siens.order_by().values_list("candidat__nom", "candidat__prenom").distinct()
    return cle_de_nom(nom, prenom) in {cle_de_nom(*une) for une in noms.iterator()}
