"""Lire un fichier de liens : ce qu'il ajouterait, et toutes ses fautes, cellule par cellule. N'écrit rien."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db.models import F
from django.db.models.functions import Coalesce

from moteur.lignee import Periode
from parchemin.comptes.certifications import certifications
from parchemin.comptes.enums import GENRES_SAISIS, GENRES_SANS_SENS, GenreDeLien
from parchemin.comptes.models import ImportLiens, Lien
from parchemin.comptes.selectors.fiches_organismes import net
from parchemin.comptes.selectors.fiches_personnes import personnes
from parchemin.comptes.selectors.imports import Fautes, FichierDepose, VueImport, en_attente, tous_en_attente
from parchemin.comptes.selectors.liens import dates_du_lien, liens_valant, peuvent_etre_liees
from parchemin.socle.acteur import Acteur
from parchemin.socle.cles import cle_recherche
from parchemin.socle.tableur import Ligne

COLONNES_LIENS: Mapping[str, str] = {
    "de": "Personne",
    "genre": "Genre du lien",
    "vers": "Liée à",
    "du": "À partir du",
    "au": "Jusqu'au (non compris)",
    "session": "Session de formation",
    "blocs": "Blocs de la formation",
}
COLONNES_OBLIGATOIRES = frozenset({"de", "genre", "vers"})
SESSION_AU_PLUS = 120
_JOUR_FRANCAIS = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)


@dataclass(frozen=True, slots=True)
class LienPlanifie:
    """Ce que ferait une ligne du fichier. `geste` : `ajouter`, ou `inchange` quand ce lien est déjà inscrit tel quel."""

    numero: int
    geste: str
    genre: GenreDeLien
    de: UUID
    de_nom: str
    vers: UUID
    vers_nom: str
    periode: Periode
    session: str
    blocs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlanLiens:
    """Ce que ferait le fichier entier. Avec une seule erreur, il ne ferait rien."""

    lignes: tuple[LienPlanifie, ...]
    erreurs: tuple[str, ...]

    def faire(self, geste: str) -> tuple[LienPlanifie, ...]:
        """Les lignes qui font ce geste."""
        return tuple(ligne for ligne in self.lignes if ligne.geste == geste)

    @property
    def personnes(self) -> frozenset[UUID]:
        """Toutes celles que le fichier nomme."""
        return frozenset(qui for ligne in self.lignes for qui in (ligne.de, ligne.vers))


def import_liens_en_attente(lecteur: Acteur, identifiant: UUID, maintenant: datetime) -> VueImport:
    """L'import que le lecteur a déposé et qui attend sa confirmation. Lève `Introuvable`."""
    return en_attente(lecteur, ImportLiens, identifiant, maintenant)


def imports_liens_en_attente(lecteur: Acteur, maintenant: datetime) -> tuple[FichierDepose, ...]:
    """Ceux que le lecteur a déposés et n'a pas encore confirmés, le plus récent d'abord. Une requête."""
    return tous_en_attente(lecteur, ImportLiens, maintenant)


def personnes_de_l_import(lecteur: Acteur, importation: UUID) -> tuple[UUID, ...]:
    """Les personnes que touchent les liens venus de ce fichier. Une requête. Sans contrôle d'accès."""
    paires = Lien.objects.filter(importation_id=importation).order_by().values_list("de_id", "vers_id")
    return tuple(sorted({qui for paire in paires for qui in paire}))


def planifier_import_liens(lecteur: Acteur, lignes: Sequence[Ligne], jour: date) -> PlanLiens:
    """Compare le fichier à ce qui est enregistré, et dit **toutes** ses fautes. Un nombre constant de requêtes.

    Une personne se nomme par son courriel, sinon par ses prénom et nom s'ils ne désignent qu'elle, parmi celles que le
    lecteur peut lier à la main. Une personne inconnue et une personne d'ailleurs ont la même réponse.
    """
    return _Lecture(lecteur, lignes, jour).plan()


type _Cle = tuple[GenreDeLien, UUID, UUID, str]
"""Deux liens de même clé, dont les jours se recouvrent, disent deux fois la même chose."""


def _cle(genre: GenreDeLien, de: UUID, vers: UUID, session: str) -> _Cle:
    if genre in GENRES_SANS_SENS:
        de, vers = min(de, vers), max(de, vers)
    return genre, de, vers, cle_recherche(session)


class _Occupation:
    """Les jours déjà pris par des liens de même clé : des périodes disjointes, rangées ; chercher ne les parcourt pas toutes."""

    def __init__(self) -> None:
        self._debuts: list[date] = []
        self._prises: list[tuple[Periode, int]] = []

    def recouverte(self, periode: Periode) -> tuple[Periode, int] | None:
        """Une période prise qui a des jours communs avec celle-ci : seules ses deux voisines le peuvent."""
        rang = bisect_right(self._debuts, periode.du or date.min)
        voisines = self._prises[max(rang - 1, 0) : rang + 1]
        return next((prise for prise in voisines if prise[0].commune(periode)), None)

    def prendre(self, periode: Periode, numero: int) -> None:
        """Prend une période disjointe des autres, que dit la ligne `numero`."""
        rang = bisect_right(self._debuts, periode.du or date.min)
        self._debuts.insert(rang, periode.du or date.min)
        self._prises.insert(rang, (periode, numero))

    def etendre(self, periode: Periode) -> None:
        """Prend une période qui ne commence avant aucune autre ; si elle touche la dernière, elles n'en font qu'une."""
        if not self._prises or not (derniere := self._prises[-1][0]).commune(periode):
            self.prendre(periode, 0)
            return
        fin = None if derniere.au is None or periode.au is None else max(derniere.au, periode.au)
        self._prises[-1] = (Periode(derniere.du, fin), 0)


class _Lecture:
    def __init__(self, lecteur: Acteur, lignes: Sequence[Ligne], jour: date) -> None:
        self.lignes = lignes
        self.fautes = Fautes()
        self.noms: dict[UUID, str] = {}
        self.siennes = set(personnes(lecteur, jour).order_by().values_list("pk", flat=True))
        self.designees: dict[str, set[UUID]] = {}
        fiches = peuvent_etre_liees(lecteur, jour).order_by()
        for pk, prenom, nom, courriel, connexion in fiches.values_list(
            "pk", "prenom", "nom", "courriel_pro", "compte__courriel"
        ):
            self.noms[pk] = f"{prenom} {nom}"
            for dite in (courriel, connexion, cle_recherche(f"{prenom} {nom}"), cle_recherche(f"{nom} {prenom}")):
                if dite:
                    self.designees.setdefault(dite, set()).add(pk)
        self.blocs = {
            code.casefold(): code for certification in certifications() for code in certification.codes_des_blocs
        }

    def plan(self) -> PlanLiens:
        lues = [lue for ligne in self.lignes if (lue := self._lire(ligne)) is not None]
        inscrits, tels_quels = self._inscrits({qui for _, lien in lues for qui in (lien.de, lien.vers)})
        du_fichier: dict[_Cle, _Occupation] = {}
        liens = []
        for ligne, lien in lues:
            cle = _cle(lien.genre, lien.de, lien.vers, lien.session)
            place = du_fichier.setdefault(cle, _Occupation())
            if (double := place.recouverte(lien.periode)) is not None:
                self.fautes.dire(ligne, "du", f"les jours de ce lien recouvrent ceux de la ligne {double[1]}.")
                continue
            place.prendre(lien.periode, ligne.numero)
            if (cle, lien.periode, lien.blocs) in tels_quels:
                liens.append(replace(lien, geste="inchange"))
                continue
            deja = inscrits[cle].recouverte(lien.periode) if cle in inscrits else None
            if deja is not None:
                self.fautes.dire(
                    ligne,
                    "du",
                    f"ce lien est déjà inscrit, {dates_du_lien(deja[0])} : changez les jours, ou corrigez d'abord celui "
                    "qui est inscrit.",
                )
            liens.append(lien)
        if self.fautes:
            return PlanLiens((), self.fautes.toutes())
        return PlanLiens(tuple(liens), ())

    def _lire(self, ligne: Ligne) -> tuple[Ligne, LienPlanifie] | None:
        """Le lien que dit la ligne ; `None` si l'on ne sait pas qui elle lie, ou comment."""
        de, vers = self._personne(ligne, "de"), self._personne(ligne, "vers")
        genre = self._genre(ligne)
        periode = self._periode(ligne)
        session, blocs = self._formation(ligne, genre)
        if de is None or vers is None:
            return None
        if de == vers:
            self.fautes.dire(ligne, "vers", "un lien joint deux personnes.")
            return None
        if self.siennes.isdisjoint((de, vers)):
            self.fautes.dire(
                ligne, "de", "ce lien ne touche personne de vos organismes : demandez à leur gestionnaire."
            )
            return None
        if genre is None or periode is None:
            return None
        return ligne, LienPlanifie(
            ligne.numero, "ajouter", genre, de, self.noms[de], vers, self.noms[vers], periode, session, blocs
        )

    def _personne(self, ligne: Ligne, colonne: str) -> UUID | None:
        dite = net(ligne[colonne])
        if not dite:
            self.fautes.dire(ligne, colonne, "une personne manque : écrivez son courriel, ou ses prénom et nom.")
            return None
        trouvees = self.designees.get(dite.casefold() if "@" in dite else cle_recherche(dite), set())
        if len(trouvees) == 1:
            return next(iter(trouvees))
        if trouvees:
            self.fautes.dire(
                ligne, colonne, f"« {dite[:80]} » désigne plusieurs personnes : écrivez le courriel de la bonne."
            )
        else:
            self.fautes.dire(
                ligne,
                colonne,
                f"« {dite[:80]} » n'est ni une personne de vos organismes, ni quelqu'un qui évalue ou juge.",
            )
        return None

    def _genre(self, ligne: Ligne) -> GenreDeLien | None:
        dit = cle_recherche(ligne["genre"])
        for genre in GenreDeLien:
            if dit in (cle_recherche(genre.label), cle_recherche(genre.value)):
                if genre in GENRES_SAISIS:
                    return genre
                self.fautes.dire(ligne, "genre", "une délibération annulée se lie par le jury, dossier en main.")
                return None
        attendus = ", ".join(str(genre.label) for genre in GENRES_SAISIS)
        self.fautes.dire(ligne, "genre", f"« {ligne['genre'][:40]} » n'est pas un genre de lien ({attendus}).")
        return None

    def _periode(self, ligne: Ligne) -> Periode | None:
        try:
            periode = Periode(self._jour(ligne, "du"), self._jour(ligne, "au"))
        except ValueError:
            return None
        if periode.du is not None and periode.au is not None and periode.au <= periode.du:
            self.fautes.dire(ligne, "au", "le lien finirait avant d'avoir commencé.")
            return None
        return periode

    def _jour(self, ligne: Ligne, colonne: str) -> date | None:
        dit = ligne[colonne].strip()
        if not dit:
            return None
        francais = _JOUR_FRANCAIS.fullmatch(dit)
        try:
            if francais:
                jour, mois, annee = map(int, francais.groups())
                return date(annee, mois, jour)
            return date.fromisoformat(dit)
        except ValueError:
            self.fautes.dire(ligne, colonne, f"« {dit[:20]} » n'est pas un jour : écrivez 31/12/2026.")
            raise

    def _formation(self, ligne: Ligne, genre: GenreDeLien | None) -> tuple[str, tuple[str, ...]]:
        """La session et les blocs d'une formation. D'un autre lien rien de tel ne se garde : le dire est une faute."""
        if genre is None:
            return "", ()
        if genre != GenreDeLien.FORMATION:
            for colonne in ("session", "blocs"):
                if ligne[colonne].strip():
                    self.fautes.dire(
                        ligne, colonne, "seule une formation a une session et des blocs : videz cette cellule."
                    )
            return "", ()
        session = net(ligne["session"])
        if len(session) > SESSION_AU_PLUS:
            self.fautes.dire(ligne, "session", f"{SESSION_AU_PLUS} signes au plus.")
        dits = [bloc for bloc in re.split(r"[\s,;]+", ligne["blocs"]) if bloc]
        inconnus = [bloc[:20] for bloc in dits if bloc.casefold() not in self.blocs]
        if inconnus:
            connus = ", ".join(sorted(self.blocs.values()))
            self.fautes.dire(ligne, "blocs", f"« {', '.join(inconnus)[:60]} » n'est pas un bloc ({connus}).")
            return session, ()
        return session, tuple(sorted({self.blocs[bloc.casefold()] for bloc in dits}))

    def _inscrits(
        self, nommees: Collection[UUID]
    ) -> tuple[dict[_Cle, _Occupation], set[tuple[_Cle, Periode, tuple[str, ...]]]]:
        """Les jours que prennent les liens qui valent déjà entre ces personnes (fiches réunies comprises), et ces liens."""
        lignes = liens_valant().annotate(
            agent=Coalesce("de__alias_de_id", "de_id"), autre=Coalesce("vers__alias_de_id", "vers_id")
        )
        connus = lignes.filter(agent__in=nommees, autre__in=nommees, genre__in=GENRES_SAISIS).order_by(
            F("du").asc(nulls_first=True), "pk"
        )
        jours: dict[_Cle, _Occupation] = {}
        tels_quels = set()
        for genre, de, vers, du, au, session, blocs in connus.values_list(
            "genre", "agent", "autre", "du", "au", "session", "blocs"
        ):
            cle, periode = _cle(GenreDeLien(genre), de, vers, session), Periode(du, au)
            tels_quels.add((cle, periode, tuple(blocs)))
            jours.setdefault(cle, _Occupation()).etendre(periode)
        return jours, tels_quels
