"""Lire un import d'organismes : ce que le fichier changerait, et toutes ses fautes, cellule par cellule. N'écrit rien."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from uuid import UUID, uuid4

from parchemin.comptes.enums import Branche
from parchemin.comptes.models import ImportOrganismes, Organisme
from parchemin.comptes.selectors.fiches_organismes import FicheOrganisme, fiche_de, net, siret_verifie
from parchemin.comptes.selectors.imports import Fautes, FichierDepose, VueImport, en_attente, tous_en_attente
from parchemin.socle.acteur import Acteur
from parchemin.socle.cles import cle_recherche
from parchemin.socle.refus import Refus
from parchemin.socle.tableur import Ligne

COLONNES_ORGANISMES: Mapping[str, str] = {
    "nom": "Nom",
    "nom_court": "Nom court",
    "branche": "Branche",
    "siret": "SIRET",
    "adresse": "Adresse",
    "code_postal": "Code postal",
    "commune": "Commune",
    "parent": "Dépend de (SIRET ou nom)",
    "hors_ligne": "Épreuves hors ligne (oui ou non)",
}
COLONNES_OBLIGATOIRES = frozenset({"nom", "branche"})
_LONGUEURS = {"nom": 160, "nom_court": 60, "adresse": 400, "commune": 80}
_OUI_NON = {"oui": True, "non": False}


@dataclass(frozen=True, slots=True)
class LignePlan:
    """Ce que ferait une ligne du fichier. `geste` : `ajouter`, `modifier` ou `inchange` ; `champs` : ce qui changerait."""

    numero: int
    id: UUID
    geste: str
    fiche: FicheOrganisme
    champs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Ce que ferait le fichier entier. Avec une seule erreur, il ne ferait rien."""

    lignes: tuple[LignePlan, ...]
    erreurs: tuple[str, ...]

    def faire(self, geste: str) -> tuple[LignePlan, ...]:
        """Les lignes qui font ce geste."""
        return tuple(ligne for ligne in self.lignes if ligne.geste == geste)


def import_en_attente(lecteur: Acteur, identifiant: UUID, maintenant: datetime) -> VueImport:
    """L'import que le lecteur a déposé et qui attend sa confirmation. Lève `Introuvable`."""
    return en_attente(lecteur, ImportOrganismes, identifiant, maintenant)


def imports_organismes_en_attente(lecteur: Acteur, maintenant: datetime) -> tuple[FichierDepose, ...]:
    """Ceux que le lecteur a déposés et n'a pas encore confirmés, le plus récent d'abord. Une requête."""
    return tous_en_attente(lecteur, ImportOrganismes, maintenant)


def planifier_import(lecteur: Acteur, lignes: Sequence[Ligne], jour: date) -> Plan:
    """Compare le fichier à ce qui est enregistré (une requête), et dit **toutes** ses fautes.

    Une ligne désigne l'organisme de son SIRET, sinon de son nom. Une cellule vide ne change rien à un organisme connu. Un
    parent se nomme par SIRET ou par nom, qu'il soit déjà enregistré ou défini ailleurs dans le fichier.
    """
    return _Comparaison(lignes, jour).plan()


class _Comparaison:
    def __init__(self, lignes: Sequence[Ligne], jour: date) -> None:
        self.lignes = lignes
        self.jour = jour
        self.connus = {ligne.pk: ligne for ligne in Organisme.objects.all()}
        self.par_siret = {ligne.siret: pk for pk, ligne in self.connus.items() if ligne.siret}
        self.par_nom = {ligne.nom: pk for pk, ligne in self.connus.items()}
        self.du_fichier: dict[str, tuple[UUID, str]] = {}
        self.fautes = Fautes()

    def plan(self) -> Plan:
        lues = [(ligne, *self._lire(ligne)) for ligne in self.lignes]
        finales: list[tuple[Ligne, UUID, FicheOrganisme]] = []
        for ligne, pk, fiche in lues:
            finales.append((ligne, pk, replace(fiche, parent=self._parent(ligne, pk, fiche))))
        self._cercles(finales)
        if self.fautes:
            return Plan((), self.fautes.toutes())
        return Plan(tuple(self._plan_de(ligne, pk, fiche) for ligne, pk, fiche in finales), ())

    def _lire(self, ligne: Ligne) -> tuple[UUID, FicheOrganisme]:
        siret = ""
        try:
            siret = siret_verifie(ligne["siret"])
        except Refus as refus:
            self.fautes.dire(ligne, "siret", refus.message)
        nom = net(ligne["nom"])
        if not nom:
            self.fautes.dire(ligne, "nom", "le nom manque.")
        pk = self._designe(ligne, siret, nom)
        connu = self.connus.get(pk)
        avant = fiche_de(connu) if connu else FicheOrganisme(nom, nom[:60], Branche.INTERBRANCHE)
        for colonne, longueur in _LONGUEURS.items():
            if len(net(ligne[colonne])) > longueur:
                self.fautes.dire(ligne, colonne, f"{longueur} signes au plus.")
        fiche = FicheOrganisme(
            nom=nom,
            nom_court=net(ligne["nom_court"]) or avant.nom_court,
            branche=self._branche(ligne, avant.branche),
            siret=siret or avant.siret,
            adresse=ligne["adresse"].strip() or avant.adresse,
            code_postal=net(ligne["code_postal"]).zfill(5) if ligne["code_postal"].strip() else avant.code_postal,
            commune=net(ligne["commune"]) or avant.commune,
            parent=avant.parent,
            hors_ligne=self._oui_non(ligne, avant.hors_ligne),
        )
        if fiche.code_postal and not (
            len(fiche.code_postal) == 5 and fiche.code_postal.isascii() and fiche.code_postal.isdigit()
        ):
            self.fautes.dire(ligne, "code_postal", "un code postal a cinq chiffres.")
        for colonne, cle in (("siret", siret), ("nom", nom)):
            if not cle:
                continue
            if cle in self.du_fichier:
                self.fautes.dire(ligne, colonne, f"déjà dans ce fichier, en {self.du_fichier[cle][1]}.")
            else:
                self.du_fichier[cle] = (pk, ligne.cellule(colonne))
        return pk, fiche

    def _designe(self, ligne: Ligne, siret: str, nom: str) -> UUID:
        """L'organisme que désigne la ligne : celui du SIRET, sinon celui du nom, sinon un nouveau."""
        du_siret, du_nom = self.par_siret.get(siret) if siret else None, self.par_nom.get(nom)
        if du_siret is not None:
            if du_nom is not None and du_nom != du_siret:
                self.fautes.dire(ligne, "nom", f"un autre organisme, de SIRET différent, porte déjà le nom « {nom} ».")
            return du_siret
        if du_nom is not None:
            porte = self.connus[du_nom].siret
            if siret and porte:
                self.fautes.dire(ligne, "siret", f"« {nom} » est déjà enregistré avec le SIRET {porte}.")
            return du_nom
        return uuid4()

    def _branche(self, ligne: Ligne, defaut: Branche) -> Branche:
        cle = cle_recherche(ligne["branche"])
        for branche in Branche:
            if cle in (cle_recherche(branche.label), cle_recherche(branche.value)):
                return branche
        attendues = ", ".join(str(branche.label) for branche in Branche)
        self.fautes.dire(ligne, "branche", f"« {ligne['branche'][:40]} » n'est pas une branche ({attendues}).")
        return defaut

    def _oui_non(self, ligne: Ligne, defaut: bool) -> bool:
        cle = cle_recherche(ligne["hors_ligne"])
        if cle and cle not in _OUI_NON:
            self.fautes.dire(ligne, "hors_ligne", "écrivez oui ou non.")
        return _OUI_NON.get(cle, defaut)

    def _parent(self, ligne: Ligne, pk: UUID, fiche: FicheOrganisme) -> UUID | None:
        dit = net(ligne["parent"])
        if not dit:
            return fiche.parent
        serre = dit.replace(" ", "")
        cle = serre if serre.isascii() and serre.isdigit() else dit
        trouve = self.du_fichier[cle][0] if cle in self.du_fichier else (self.par_siret | self.par_nom).get(cle)
        if trouve is None:
            self.fautes.dire(ligne, "parent", f"« {dit[:60]} » n'est ni dans ce fichier ni déjà enregistré.")
        elif trouve == pk:
            self.fautes.dire(ligne, "parent", "un organisme ne dépend pas de lui-même.")
        elif (parent := self.connus.get(trouve)) and parent.ferme_le and parent.ferme_le <= self.jour:
            self.fautes.dire(ligne, "parent", f"{parent.nom} est fermé.")
        return trouve

    def _cercles(self, finales: Sequence[tuple[Ligne, UUID, FicheOrganisme]]) -> None:
        parents = {pk: ligne.parent_id for pk, ligne in self.connus.items()} | {pk: f.parent for _, pk, f in finales}
        for ligne, pk, _ in finales:
            vus, plus_haut = {pk}, parents.get(pk)
            while plus_haut is not None and plus_haut not in vus:
                vus.add(plus_haut)
                plus_haut = parents.get(plus_haut)
            if plus_haut == pk and len(vus) > 1:
                self.fautes.dire(ligne, "parent", "ces organismes dépendent les uns des autres, en cercle.")

    def _plan_de(self, ligne: Ligne, pk: UUID, fiche: FicheOrganisme) -> LignePlan:
        connu = self.connus.get(pk)
        if connu is None:
            return LignePlan(ligne.numero, pk, "ajouter", fiche, ())
        avant, apres = asdict(fiche_de(connu)), asdict(fiche)
        champs = tuple(champ for champ in apres if avant[champ] != apres[champ])
        return LignePlan(ligne.numero, pk, "modifier" if champs else "inchange", fiche, champs)
