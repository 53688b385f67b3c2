"""Lire un import de candidats : ce que le fichier ferait, et toutes ses fautes, cellule par cellule. N'écrit rien.

Un candidat se reconnaît à son courriel professionnel. Importer deux fois le même fichier ne change rien : une ligne dont le
dossier existe à l'identique, ouvert ou clos, est « sans changement » ; une ligne qui le contredit est une faute.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.db.models import Q

from parchemin.comptes.enums import NatureRole
from parchemin.comptes.selectors import courriels_pris, droits, organismes, personnes, roles_en_cours
from parchemin.comptes.selectors.imports import Fautes, FichierDepose, VueImport, attendent, lignes_gardees
from parchemin.parcours import identite
from parchemin.parcours.ecritures_de_dates import lire_naissance
from parchemin.parcours.enums import AccesVae, Initiative, Voie
from parchemin.parcours.identite import Constat, EtatCivil, LieuDeNaissance, Naissance
from parchemin.parcours.models import Designation, Dossier, ImportCandidats
from parchemin.parcours.models import EtatCivil as LigneEtatCivil
from parchemin.parcours.selectors import cellules
from parchemin.parcours.selectors.blocs_acquis import titulaires_de
from parchemin.parcours.selectors.etat_civil import lieux_de
from parchemin.parcours.selectors.fiches_dossiers import OUVRENT_UN_ORGANISME, etat_de
from parchemin.parcours.selectors.imports_colonnes import COLONNES
from parchemin.parcours.selectors.imports_compares import DossiersConnus, dit_autrement, identique
from parchemin.referentiels.selectors import VersionPubliee, norme
from parchemin.socle.acteur import Acteur
from parchemin.socle.cles import cle_recherche
from parchemin.socle.refus import Introuvable, Refus
from parchemin.socle.tableur import Ligne
from parchemin.socle.typographie import de

HORS_DE_VUE = "celle d'une personne hors de votre périmètre : demandez au certificateur de"
"""Une adresse que la base refusera : elle se dit, et rien d'autre de qui la porte."""


@dataclass(frozen=True, slots=True)
class Candidature:
    """Ce que dit une ligne, comprise : qui (`connu` : déjà enregistré), et son inscription. `geste` : `inscrire`,
    `completer` (le dossier est ouvert, son état civil manquait) ou `inchange`.
    """

    numero: int
    geste: str
    candidat: UUID
    connu: bool
    courriel: str
    etat: EtatCivil
    etat_connu: bool
    organisme: UUID
    voie: Voie
    initiative: Initiative
    entree_le: date
    recevable_le: date | None
    blocs: tuple[str, ...]
    tuteur: UUID | None
    manager: UUID | None
    referent_rh: UUID | None
    acces_vae: str = ""
    avertissements: tuple[Constat, ...] = ()

    @property
    def nom(self) -> str:
        """Le nom de tous les jours."""
        return self.etat.nom_usage or self.etat.nom_naissance


@dataclass(frozen=True, slots=True)
class PlanCandidats:
    """Ce que ferait le fichier entier. Avec une seule erreur, il ne ferait rien."""

    candidatures: tuple[Candidature, ...]
    erreurs: tuple[str, ...]

    def faire(self, geste: str) -> tuple[Candidature, ...]:
        """Les lignes qui font ce geste."""
        return tuple(une for une in self.candidatures if une.geste == geste)


@dataclass(frozen=True, slots=True)
class FichierDeCandidats(FichierDepose):
    """Un import en attente, tel qu'une liste le montre ; ses colonnes restent peut-être à dire."""

    colonnes_a_dire: bool


@dataclass(frozen=True, slots=True)
class VueImportCandidats(VueImport):
    """Un import en attente. `octets` : ses colonnes restent à dire."""

    referentiel: str
    octets: bytes | None


def import_candidats_en_attente(lecteur: Acteur, identifiant: UUID, maintenant: datetime) -> VueImportCandidats:
    """L'import que le lecteur a déposé et qui l'attend encore. Lève `Introuvable`."""
    ligne = attendent(lecteur, ImportCandidats, maintenant).filter(pk=identifiant).first()
    if ligne is None:
        raise Introuvable("Cet import n'attend plus : il a été confirmé, abandonné, ou a expiré.")
    return VueImportCandidats(
        ligne.pk, ligne.nom_fichier, ligne.depose_le, ligne.expire, lignes_gardees(ligne.lignes), ligne.referentiel,
        bytes(ligne.octets) if ligne.octets is not None else None,
    )  # fmt: skip


def imports_candidats_en_attente(lecteur: Acteur, maintenant: datetime) -> tuple[FichierDeCandidats, ...]:
    """Les imports que le lecteur a déposés et qui l'attendent encore, le plus récent d'abord. Une requête."""
    lignes = attendent(lecteur, ImportCandidats, maintenant).annotate(a_dire=Q(octets__isnull=False))
    lues = lignes.order_by("-depose_le", "pk").values_list("pk", "nom_fichier", "depose_le", "expire", "a_dire")
    return tuple(FichierDeCandidats(*une) for une in lues)


def import_deja_fait(lecteur: Acteur, identifiant: UUID) -> bool:
    """Vrai si c'est un import que le lecteur a déposé, et qui est confirmé : revenir en arrière ne le perd pas."""
    return ImportCandidats.objects.filter(pk=identifiant, depose_par=lecteur.id, confirme_le__isnull=False).exists()


def planifier_candidats(
    lecteur: Acteur, version: VersionPubliee, lignes: Sequence[Ligne], jour: date, entree: Callable[..., None]
) -> PlanCandidats:
    """Compare le fichier à ce qui est enregistré, et dit **toutes** ses fautes. Dix requêtes, quel que soit le fichier.

    `entree(entree_le, recevable_le)` lève le refus d'une date qui n'ouvre pas de droit (`services.dossiers`).
    """
    return _Comparaison(lecteur, version, lignes, jour, entree).plan()


@dataclass
class _Comparaison:
    lecteur: Acteur
    version: VersionPubliee
    lignes: Sequence[Ligne]
    jour: date
    entree: Callable[..., None]
    fautes: Fautes = field(default_factory=Fautes)
    du_fichier: dict[str, str] = field(default_factory=dict)

    def plan(self) -> PlanCandidats:
        self._charger()
        lues = [une for ligne in self.lignes if (une := self._lire(ligne)) is not None]
        lieux = lieux_de(self.lecteur, [etat for _, etat, _ in lues])
        candidatures = [self._finir(ligne, etat, valeurs, lieux) for ligne, etat, valeurs in lues]
        if self.fautes:
            return PlanCandidats((), self.fautes.toutes())
        return PlanCandidats(tuple(une for une in candidatures if une is not None), ())

    def _charger(self) -> None:
        siens = droits(self.lecteur, self.jour)
        self.organismes: dict[str, UUID] = {}
        for pk, nom, siret, ferme_le in organismes(self.lecteur, self.jour).values_list(
            "pk", "nom", "siret", "ferme_le"
        ):
            tient = any(siens.couvre(nature, pk, self.version.code) for nature in OUVRENT_UN_ORGANISME)
            if tient and (ferme_le is None or ferme_le > self.jour):
                self.organismes |= {cle_recherche(nom): pk} | ({siret: pk} if siret else {})
        courriels = {
            ligne[c].strip().lower() for ligne in self.lignes for c in ("courriel", "tuteur", "manager", "referent_rh")
        }
        connues = personnes(self.lecteur, self.jour).filter(courriel_pro__in=courriels - {""})
        self.personnes = {c: (pk, p, n) for pk, c, p, n in connues.values_list("pk", "courriel_pro", "prenom", "nom")}
        self.prises = courriels_pris(self.lecteur, courriels - {""} - set(self.personnes))
        self.blocs = [bloc.code for bloc in norme(self.lecteur, self.version.empreinte).blocs]
        self.titulaires = titulaires_de(self.lecteur, self.version.nom())
        ids = [pk for pk, *_ in self.personnes.values()]
        self.dossiers = DossiersConnus.de(ids, self.version)
        self.etats = {une.candidat_id: etat_de(une) for une in LigneEtatCivil.objects.filter(candidat__in=ids)}
        self.rh = set(
            roles_en_cours(self.jour)
            .filter(personne__in=ids, nature=NatureRole.RH)
            .values_list("personne_id", "organisme_id")
        )

    def _lire(self, ligne: Ligne) -> tuple[Ligne, EtatCivil, dict[str, Any]] | None:
        avant = len(self.fautes)
        courriel = cellules.adresse(self.fautes, ligne, "courriel")
        if courriel == "":
            self.fautes.dire(
                ligne, "courriel", "le courriel professionnel manque : c'est lui qui reconnaît un candidat."
            )
        if courriel and courriel in self.du_fichier:
            self.fautes.dire(ligne, "courriel", f"déjà dans ce fichier, en {self.du_fichier[courriel]}.")
        if courriel in self.prises:
            self.fautes.dire(ligne, "courriel", f"cette adresse est déjà {HORS_DE_VUE} l'inscrire, ou de la corriger.")
        self.du_fichier.setdefault(courriel or "", ligne.cellule("courriel"))
        valeurs: dict[str, Any] = {
            "courriel": courriel,
            "organisme": self._organisme(ligne),
            "voie": self._choix(ligne, "voie", Voie),
            "initiative": self._choix(ligne, "initiative", Initiative),
            "entree_le": self._jour(ligne, "entree_le", exige=True),
            "recevable_le": self._jour(ligne, "recevable_le", exige=False),
            "acces_vae": self._choix(ligne, "acces_vae", AccesVae) if ligne["acces_vae"] else "",
            "blocs": self._blocs(ligne),
        }
        valeurs |= {qui: self._personne(ligne, qui) for qui in ("tuteur", "manager", "referent_rh")}
        etat = identite.nettoye(
            EtatCivil(
                nom_naissance=ligne["nom_naissance"],
                prenoms=tuple(ligne[c] for c in ("prenom1", "prenom2", "prenom3")),
                sexe={"homme": "M", "femme": "F", "masculin": "M", "feminin": "F", "h": "M"}.get(
                    cle_recherche(ligne["sexe"]), ligne["sexe"]
                ),
                naissance=self._naissance(ligne),
                lieu=LieuDeNaissance(ligne["commune_code"], ligne["commune"], ligne["pays_code"], ligne["pays"]),
                nom_usage=ligne["nom_usage"],
            )
        )
        self._accompagnants(ligne, valeurs)
        if len(self.fautes) == avant:
            self._droit(ligne, valeurs)
        return ligne, etat, valeurs

    def _finir(
        self, ligne: Ligne, etat: EtatCivil, valeurs: dict[str, Any], lieux: identite.Lieux
    ) -> Candidature | None:
        constats = identite.controler(etat, self.jour, lieux)
        champs = {"prenoms": "prenom1", "annee": "naissance", "mois": "naissance", "jour": "naissance"}
        for constat in identite.refus(constats):
            if constat.code != "annee_manquante":  # déjà dit, avec la cellule et l'écriture attendue
                self.fautes.dire(ligne, champs.get(constat.champ, constat.champ), constat.message)
        connue = self.personnes.get(valeurs["courriel"])
        pk = connue[0] if connue else uuid4()
        if connue and not self._meme_nom(etat, connue[1], connue[2]):
            self.fautes.dire(
                ligne,
                "courriel",
                f"cette adresse est celle {de(f'{connue[1]} {connue[2]}')} : est-ce la même personne ?",
            )
        deja = self.etats.get(pk)
        if deja is not None and deja != etat:
            self.fautes.dire(
                ligne, "nom_naissance", "l'état civil enregistré diffère : corrigez le fichier, ou le dossier."
            )
        dossier = self.dossiers.celui(pk, valeurs["entree_le"])
        if dossier is not None and not identique(dossier, valeurs):
            self.fautes.dire(
                ligne,
                "courriel",
                "ce candidat a déjà un dossier ouvert, autrement : changez-le dans son dossier."
                if dossier.ouvert
                else "ce candidat a déjà un dossier clos de cette date d'entrée, autrement : corrigez la ligne, ou sa date d'entrée.",
            )
        if self.fautes:
            return None
        geste = "inscrire" if dossier is None else "completer" if deja is None else "inchange"
        avertissements: tuple[Constat, ...] = ()
        if geste != "inchange":
            avertissements = (*self._titulaire(connue, pk), *(constat for constat in constats if not constat.refuse))
        if dossier is not None:
            avertissements += dit_autrement(dossier, valeurs, {champ: ligne.cellule(champ) for champ in COLONNES})
        return Candidature(
            numero=ligne.numero,
            geste=geste,
            candidat=pk,
            connu=connue is not None,
            etat=etat,
            etat_connu=deja is not None,
            avertissements=avertissements,
            **valeurs,
        )

    def _titulaire(self, connue: object, candidat: UUID) -> tuple[Constat, ...]:
        """Qui tient déjà la certification s'inscrit encore, et le fichier le dit."""
        if connue is None or candidat not in self.titulaires:
            return ()
        return (
            Constat(
                "deja_titulaire", "courriel", "tient déjà cette certification : ses blocs sont acquis.", refuse=False
            ),
        )

    @staticmethod
    def _meme_nom(etat: EtatCivil, prenom: str, nom: str) -> bool:
        noms = {cle_recherche(etat.nom_naissance), cle_recherche(etat.nom_usage)}
        return (
            cle_recherche(nom) in noms
            and bool(etat.prenoms)
            and cle_recherche(prenom) == cle_recherche(etat.prenoms[0])
        )

    def _organisme(self, ligne: Ligne) -> UUID | None:
        dit = ligne["organisme"].strip()
        serre = dit.replace(" ", "")
        trouve = self.organismes.get(serre if serre.isdigit() else cle_recherche(dit))
        if trouve is None:
            self.fautes.dire(ligne, "organisme", f"« {dit[:60]} » n'est pas un organisme ouvert que vous tenez.")
        return trouve

    def _choix[C: (Voie, Initiative, AccesVae)](self, ligne: Ligne, colonne: str, genre: type[C]) -> C | None:
        cle = cle_recherche(ligne[colonne])
        for choix in genre:
            if cle in (cle_recherche(choix.label), cle_recherche(choix.value)) or (
                cle == "vae" and choix.value == "vae"
            ):
                return choix
        attendus = ", ".join(str(choix.label) for choix in genre)
        self.fautes.dire(ligne, colonne, f"« {ligne[colonne][:40]} » n'est pas attendu ({attendus}).")
        return None

    def _jour(self, ligne: Ligne, colonne: str, *, exige: bool) -> date | None:
        return cellules.jour(self.fautes, ligne, colonne) if exige or ligne[colonne] else None

    def _naissance(self, ligne: Ligne) -> Naissance:
        lue = lire_naissance(ligne["naissance"])
        if lue is None:
            cellules.pas_une_date(
                self.fautes, ligne, "naissance", "n'est pas une naissance : 31/12/1990, 12/1990, ou 1990."
            )
        return lue or Naissance(None)

    def _blocs(self, ligne: Ligne) -> tuple[str, ...]:
        dits = [mot.upper() for mot in re.split(r"[\s,;+/]+", ligne["blocs"].strip()) if mot]
        if not dits or dits == ["TOUS"]:
            return tuple(self.blocs)
        inconnus = sorted(set(dits) - set(self.blocs))
        if inconnus:
            self.fautes.dire(
                ligne,
                "blocs",
                f"ce référentiel n'a pas de bloc {', '.join(inconnus)[:60]} (il a {', '.join(self.blocs)}).",
            )
        return tuple(code for code in self.blocs if code in dits)

    def _personne(self, ligne: Ligne, colonne: str) -> UUID | None:
        courriel = ligne[colonne].strip().lower()
        if not courriel:
            return None
        if courriel in self.prises:
            self.fautes.dire(ligne, colonne, f"cette adresse est {HORS_DE_VUE} l'accueillir chez vous.")
            return None
        if courriel not in self.personnes:
            self.fautes.dire(
                ligne, colonne, f"« {courriel[:60]} » n'est l'adresse de personne que vous voyez : ajoutez-la d'abord."
            )
            return None
        return self.personnes[courriel][0]

    def _accompagnants(self, ligne: Ligne, valeurs: Mapping[str, Any]) -> None:
        tuteur, manager, referent = valeurs["tuteur"], valeurs["manager"], valeurs["referent_rh"]
        if tuteur is not None and tuteur == manager:
            self.fautes.dire(ligne, "manager", "le tuteur et le manager sont deux personnes.")
        connue = self.personnes.get(valeurs["courriel"])
        for qui in ("tuteur", "manager", "referent_rh"):
            if connue and valeurs[qui] == connue[0]:
                self.fautes.dire(ligne, qui, "c'est le candidat lui-même.")
        if referent and not {(referent, valeurs["organisme"]), (referent, None)} & self.rh:
            self.fautes.dire(
                ligne, "referent_rh", "cette personne ne tient pas les ressources humaines de cet organisme."
            )

    def _droit(self, ligne: Ligne, valeurs: Mapping[str, Any]) -> None:
        recevable_le = valeurs["recevable_le"]
        if valeurs["acces_vae"] and valeurs["voie"] != Voie.VAE:
            self.fautes.dire(ligne, "acces_vae", "seule une VAE se fait ou non pendant un congé : videz cette cellule.")
            return
        if recevable_le is not None and valeurs["voie"] != Voie.VAE:
            self.fautes.dire(ligne, "recevable_le", "seule une VAE est déclarée recevable : videz cette cellule.")
            return
        try:
            self.entree(valeurs["entree_le"], recevable_le)
        except Refus as refus:
            de_l_entree = recevable_le is None or refus.code == "entree_a_venir"
            self.fautes.dire(ligne, "entree_le" if de_l_entree else "recevable_le", refus.message)


def designations_de_l_import(importation: UUID) -> tuple[list[UUID], list[tuple[UUID, UUID, str, datetime]]]:
    """Les dossiers qu'un import a ouverts hors VAE (elles s'annoncent elles-mêmes), et leurs désignations. Pour l'abonné.

    Ceux qui sont clos entre-temps (import aussitôt défait) ne s'annoncent pas.
    """
    siens = Dossier.objects.filter(importation=importation, ouvert=True).exclude(voie=Voie.VAE).order_by("pk")
    a_dire = list(siens.values_list("pk", flat=True))
    lignes = Designation.objects.filter(dossier__in=a_dire).order_by("pk")
    return a_dire, list(lignes.values_list("dossier_id", "personne_id", "qualite", "instant"))
