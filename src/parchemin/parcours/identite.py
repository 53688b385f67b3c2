"""Les règles de l'état civil, pures : ce que la Caisse des dépôts vérifiera à la déclaration, dit dès l'inscription.

La Caisse retrouve un titulaire au répertoire (SNGI) par son nom de naissance, son premier prénom, son sexe et son année de
naissance ; puis, s'ils sont plusieurs, par le mois, le jour et le lieu. Ce qui ne s'y retrouve pas est rejeté trois mois plus
tard, quand le candidat est loin. D'où deux sortes de constats : le **refus** (faux, ou exigé par le format) et
l'**avertissement** (admis par le format, mais à regarder avec la pièce).

Sources : code du travail, article L6113-8 ; schéma `urn:cdc:cpf:pc5:schema:1.0.0` (élément `titulaire`) ; code officiel
géographique de l'Insee. Aucune horloge, aucune table ici : le jour et les lieux sont donnés.

>>> from datetime import date
>>> controler(EtatCivil("Martin", ("Camille",), "F", Naissance(2001, 2, 29), LieuDeNaissance()), date(2026, 1, 1))[0].code
'jour_impossible'
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from parchemin.socle.cles import cle_recherche
from parchemin.socle.typographie import date_en_clair, de

SEXES = ("F", "M")
PRENOMS_MAX = 3
"""Le format a trois places : `prenom1`, `prenom2`, `prenom3`."""
LONGUEUR_MAX = 60
"""Signes d'un nom, d'un prénom, d'une commune, d'un pays : `xsd:maxLength` du format."""
FRANCE = "99100"
ANNEE_MIN, ANNEE_MAX = 1900, 2099
AGE_JEUNE, AGE_AVANCE = 16, 75
"""En dehors, l'année se relit : ce n'est pas une règle d'admission."""

_COMMUNE = re.compile(r"(?:[0-9]{2}|2[AB])[0-9]{3}")
_PAYS = re.compile(r"99[0-9]{3}")
_ARRONDISSEMENTS = {"75056": ("75101", 20), "69123": ("69381", 9), "13055": ("13201", 16)}
"""Commune → premier code et nombre de ses arrondissements municipaux : l'acte de naissance nomme l'arrondissement."""
_DES_ARRONDISSEMENTS = frozenset(
    str(int(premier) + rang) for premier, nombre in _ARRONDISSEMENTS.values() for rang in range(nombre)
)
_HORS_LISTE = re.compile(r"98\d{3}")
"""Les collectivités d'outre-mer : l'Insee les publie à part de la liste des communes."""
_INDEPENDANCE = date(1962, 7, 3)
_ALGERIE = re.compile(r"9[1-4]\d{3}")
"""Avant cette date, les codes 91 à 94 étaient ceux des départements d'Algérie : l'Insee ne les liste plus."""
_CIVILITES = frozenset({"m", "mr", "mme", "mlle", "monsieur", "madame", "mademoiselle", "dr", "me"})
_LIAISONS = frozenset("-' ")
_APOSTROPHES = str.maketrans({"’": "'", "ʼ": "'", "`": "'", "´": "'", "‘": "'", "‐": "-", "‑": "-", "–": "-"})


@dataclass(frozen=True, slots=True)
class Naissance:
    """Le jour de naissance, tel qu'on le connaît : l'année, puis le mois, puis le jour. `None` : inconnu."""

    annee: int | None
    mois: int | None = None
    jour: int | None = None

    def bornes(self) -> tuple[date, date] | None:
        """Le premier et le dernier jour possibles ; rien si ce qui est dit n'est pas une date."""
        annee, mois, jour = self.annee, self.mois, self.jour
        if annee is None or not ANNEE_MIN <= annee <= ANNEE_MAX or (mois is None and jour is not None):
            return None
        if mois is None:
            return date(annee, 1, 1), date(annee, 12, 31)
        if not 1 <= mois <= 12:
            return None
        dernier = monthrange(annee, mois)[1]
        if jour is None:
            return date(annee, mois, 1), date(annee, mois, dernier)
        return (date(annee, mois, jour), date(annee, mois, jour)) if 1 <= jour <= dernier else None


@dataclass(frozen=True, slots=True)
class LieuDeNaissance:
    """Où : le code Insee de la commune et son nom ; pour qui est né à l'étranger, la ville, le code du pays (99…) et son nom."""

    commune_code: str = ""
    commune: str = ""
    pays_code: str = FRANCE
    pays: str = ""

    @property
    def en_france(self) -> bool:
        """Né en France, départements et collectivités d'outre-mer compris."""
        return self.pays_code in ("", FRANCE)


@dataclass(frozen=True, slots=True)
class EtatCivil:
    """L'identité, telle qu'à l'acte de naissance. `nom_unique` : la personne n'a qu'un nom, sans prénom."""

    nom_naissance: str
    prenoms: tuple[str, ...]
    sexe: str
    naissance: Naissance
    lieu: LieuDeNaissance
    nom_usage: str = ""
    nom_unique: bool = False


@dataclass(frozen=True, slots=True)
class Periode:
    """Un nom qu'a porté un code, de `du` compris à `au` non compris (sans bornes : depuis toujours, encore)."""

    libelle: str
    du: date | None = None
    au: date | None = None

    def touche(self, debut: date, fin: date) -> bool:
        """Vrai si ce nom valait un jour au moins entre `debut` et `fin`, compris."""
        premier = debut if self.du is None else max(self.du, debut)
        return premier <= fin and (self.au is None or premier < self.au)


@dataclass(frozen=True, slots=True)
class Lieux:
    """Ce que le code officiel géographique dit des codes en cause. Une liste qui n'est pas chargée ne contredit personne."""

    communes_chargees: bool = False
    pays_charges: bool = False
    periodes: Mapping[str, Sequence[Periode]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Constat:
    """Ce qu'une règle a vu : un code, le champ en cause, ce qu'il faut faire. `refuse` : rien ne s'enregistre ainsi."""

    code: str
    champ: str
    message: str
    refuse: bool


def net(texte: str) -> str:
    """Le texte tel qu'on le garde : forme composée (NFC), apostrophes et tirets droits, une espace à la fois."""
    return " ".join(unicodedata.normalize("NFC", texte).translate(_APOSTROPHES).split())


def _code(texte: str) -> str:
    """Un code de l'Insee, sans espaces et en capitales (« 2a 004 » : 2A004) ; ce qui n'en est pas un reste tel qu'on l'a écrit.

    Les espaces partent avant la composition, et « ῒ » n'a pas de capitale composée : sans cela, nettoyer deux fois changerait le texte.
    """
    serre = net("".join(texte.split()))
    return serre.upper() if serre.isascii() else serre


def nettoye(etat: EtatCivil) -> EtatCivil:
    """Le même état civil, chaque texte net ; un nom d'usage égal au nom de naissance n'en est pas un."""
    nom, usage = net(etat.nom_naissance), net(etat.nom_usage)
    lieu = etat.lieu
    return EtatCivil(
        nom_naissance=nom,
        nom_usage="" if cle_recherche(usage) == cle_recherche(nom) else usage,
        prenoms=tuple(prenom for prenom in map(net, etat.prenoms) if prenom),
        sexe=etat.sexe.strip().upper(),
        naissance=etat.naissance,
        lieu=LieuDeNaissance(
            commune_code=_code(lieu.commune_code),
            commune=net(lieu.commune),
            pays_code=_code(lieu.pays_code) or FRANCE,
            pays=net(lieu.pays),
        ),
        nom_unique=etat.nom_unique,
    )


def controler(etat: EtatCivil, jour: date, lieux: Lieux | None = None) -> tuple[Constat, ...]:
    """Tous les constats sur un état civil `nettoye`, les refus d'abord, dans l'ordre de la page. Aucun : tout va."""
    constats = (
        *_nom(etat),
        *_prenoms(etat),
        *_sexe(etat),
        *_naissance(etat.naissance, jour),
        *(_en_france if etat.lieu.en_france else _a_l_etranger)(etat, lieux or Lieux()),
    )
    return tuple(sorted(constats, key=lambda constat: not constat.refuse))


def refus(constats: Sequence[Constat]) -> tuple[Constat, ...]:
    """Ceux qui empêchent d'enregistrer."""
    return tuple(constat for constat in constats if constat.refuse)


# Qui ----------------------------------------------------------------------------------------------------------------


def _nom(etat: EtatCivil) -> Iterator[Constat]:
    if not etat.nom_naissance:
        yield _non("nom_manquant", "nom_naissance", "Le nom de naissance manque.")
    else:
        yield from _texte("nom_naissance", "Le nom de naissance", etat.nom_naissance)
    if etat.nom_usage:
        yield from _texte("nom_usage", "Le nom d'usage", etat.nom_usage)


def _prenoms(etat: EtatCivil) -> Iterator[Constat]:
    if etat.nom_unique:
        if etat.prenoms:
            yield _non("prenom_en_trop", "prenoms", "Une personne qui n'a qu'un nom n'a pas de prénom : videz-le.")
        else:
            yield _oui(
                "nom_unique",
                "prenoms",
                "Un seul nom, sans prénom : le fichier de la Caisse des dépôts exige un prénom. Sa déclaration se fera à part.",
            )
        return
    if not etat.prenoms:
        yield _non("prenom_manquant", "prenoms", "Le prénom manque. S'il n'y en a pas à l'acte, dites « un seul nom ».")
    if len(etat.prenoms) > PRENOMS_MAX:
        yield _non(
            "prenoms_trop_nombreux", "prenoms", f"{PRENOMS_MAX} prénoms au plus : gardez les premiers de l'acte."
        )
    for prenom in etat.prenoms:
        yield from _texte("prenoms", f"Le prénom « {prenom[:LONGUEUR_MAX]} »", prenom)
        if len(prenom) == 1:
            yield _oui("prenom_initiale", "prenoms", f"« {prenom} » est-il un prénom entier, ou une initiale ?")
    if etat.prenoms and cle_recherche(etat.prenoms[0]) == cle_recherche(etat.nom_naissance) != "":
        yield _oui(
            "nom_et_prenom_egaux", "prenoms", "Le nom et le prénom sont les mêmes : est-ce bien ce que dit l'acte ?"
        )
    if _inverses(etat):
        yield _oui(
            "nom_et_prenom_inverses",
            "nom_naissance",
            "Le prénom est tout en capitales et le nom ne l'est pas : ne sont-ils pas inversés ?",
        )


def _inverses(etat: EtatCivil) -> bool:
    premier = etat.prenoms[0] if etat.prenoms else ""
    return sum(map(str.isalpha, premier)) > 1 and premier.isupper() and not etat.nom_naissance.isupper()


def _texte(champ: str, nom: str, valeur: str) -> Iterator[Constat]:
    """Lettres, traits d'union, apostrophes et espaces ; rien d'autre n'est à un acte de naissance français."""
    if len(valeur) > LONGUEUR_MAX:
        yield _non("trop_long", champ, f"{nom} a {len(valeur)} signes, {LONGUEUR_MAX} au plus dans le format attendu.")
    etrangers = sorted({signe for signe in valeur if not _lettre(signe) and signe not in _LIAISONS})
    if etrangers:
        yield _non(
            "signe_interdit",
            champ,
            f"{nom} contient {', '.join(f'« {signe} »' for signe in etrangers[:5])} : seules les lettres, l'apostrophe, "
            "l'espace et le trait d'union s'y trouvent.",
        )
        return
    if not any(map(_lettre, valeur)):
        yield _non("sans_lettre", champ, f"{nom} n'a aucune lettre.")
        return
    if valeur[0] == "-" or valeur[-1] in "-'":
        yield _non("bord", champ, f"{nom} ne commence pas par un trait d'union et ne finit pas par un signe.")
    if re.search(r"---|''|-'|'-| -|- ", valeur):
        yield _oui("liaison", champ, f"{nom} a des signes qui se suivent : relisez-le sur la pièce.")
    if cle_recherche(valeur.split(" ", maxsplit=1)[0]) in _CIVILITES and " " in valeur:
        yield _oui("civilite", champ, f"{nom} commence par une civilité : elle n'en fait pas partie.")


def _lettre(signe: str) -> bool:
    """Une lettre latine, accentuée ou non : l'état civil s'écrit en caractères latins."""
    return signe.isalpha() and unicodedata.name(signe, "").startswith("LATIN ")


def _sexe(etat: EtatCivil) -> Iterator[Constat]:
    if etat.sexe not in SEXES:
        yield _non("sexe_manquant", "sexe", "Dites le sexe de l'acte de naissance : F ou M.")


# Quand --------------------------------------------------------------------------------------------------------------


def _naissance(naissance: Naissance, jour: date) -> Iterator[Constat]:
    annee, mois, jour_ne = naissance.annee, naissance.mois, naissance.jour
    if annee is None:
        yield _non("annee_manquante", "annee", "L'année de naissance manque : elle est exigée.")
        return
    if not ANNEE_MIN <= annee <= ANNEE_MAX:
        yield _non("annee_impossible", "annee", f"{annee} n'est pas une année de naissance possible.")
        return
    if mois is not None and not 1 <= mois <= 12:
        yield _non("mois_impossible", "mois", f"{mois} n'est pas un mois.")
        return
    if jour_ne is not None and mois is None:
        yield _non("jour_sans_mois", "mois", "Un jour sans mois : dites le mois, ou videz le jour.")
        return
    bornes = naissance.bornes()
    if bornes is None:
        yield _non("jour_impossible", "jour", f"Le {jour_ne} n'existe pas dans ce mois de {annee}.")
        return
    if bornes[0] > jour:
        yield _non("naissance_a_venir", "annee", "Cette date de naissance n'est pas encore venue.")
        return
    if mois is None:
        yield _oui(
            "mois_inconnu", "mois", "Mois inconnu : admis, mais deux homonymes ne se distingueront que par le lieu."
        )
    elif jour_ne is None:
        yield _oui(
            "jour_inconnu", "jour", "Jour inconnu : admis, mais deux homonymes ne se distingueront que par le lieu."
        )
    ages = _age(bornes[1], jour), _age(bornes[0], jour)
    if ages[1] < AGE_JEUNE or ages[0] > AGE_AVANCE:
        yield _oui("age_surprenant", "annee", f"Cette personne aurait {ages[1]} ans : relisez l'année.")


def _age(ne: date, jour: date) -> int:
    return jour.year - ne.year - ((jour.month, jour.day) < (ne.month, ne.day))


# Où -----------------------------------------------------------------------------------------------------------------


def _en_france(etat: EtatCivil, lieux: Lieux) -> Iterator[Constat]:
    code, nom = etat.lieu.commune_code, etat.lieu.commune
    if len(nom) > LONGUEUR_MAX:
        yield _non("trop_long", "commune", f"La commune a {len(nom)} signes, {LONGUEUR_MAX} au plus.")
    if not code:
        yield _oui(
            "commune_manquante",
            "commune_code",
            "Sans le code Insee de la commune de naissance, deux homonymes peuvent ne pas se distinguer.",
        )
        return
    if _PAYS.fullmatch(code):
        yield _non("commune_est_un_pays", "commune_code", f"{code} est le code d'un pays : dites-le à « Pays ».")
        return
    if not _COMMUNE.fullmatch(code):
        yield _non(
            "commune_mal_ecrite",
            "commune_code",
            f"« {code[:10]} » n'est pas un code Insee de commune : cinq chiffres, ou 2A et 2B en Corse. Ce n'est pas le code postal.",
        )
        return
    if code in _ARRONDISSEMENTS:
        yield _oui(
            "arrondissement",
            "commune_code",
            "À Paris, Lyon et Marseille, l'acte de naissance nomme l'arrondissement : son code est plus sûr.",
        )
    if code in _DES_ARRONDISSEMENTS:
        return
    yield from _au_code_officiel(code, nom, etat.naissance, lieux)


def _au_code_officiel(code: str, nom: str, naissance: Naissance, lieux: Lieux) -> Iterator[Constat]:
    bornes = naissance.bornes()
    if not lieux.communes_chargees:
        yield _oui(
            "communes_non_chargees",
            "commune_code",
            "La liste des communes n'est pas chargée : ce code n'est pas vérifié.",
        )
        return
    periodes = lieux.periodes.get(code, ())
    if not periodes:
        ailleurs = _HORS_LISTE.fullmatch(code) or (_ALGERIE.fullmatch(code) and bornes and bornes[0] < _INDEPENDANCE)
        if ailleurs:
            yield _oui(
                "commune_hors_liste", "commune_code", f"{code} n'est pas de la liste des communes : vérifiez-le."
            )
        else:
            yield _non(
                "commune_inconnue",
                "commune_code",
                f"Aucune commune n'a eu le code Insee {code}. Est-ce un code postal ?",
            )
        return
    valables = [une for une in periodes if bornes is None or une.touche(*bornes)]
    if not valables:
        yield _non(
            "commune_pas_alors",
            "commune_code",
            f"{code} n'était le code d'aucune commune à la naissance : {_quand(periodes)}.",
        )
    elif nom and all(cle_recherche(nom) != cle_recherche(une.libelle) for une in valables):
        yield _oui(
            "commune_autre_nom",
            "commune",
            f"{code} était le code {de(valables[-1].libelle)} à la naissance, et non de « {nom[:LONGUEUR_MAX]} ».",
        )


def _a_l_etranger(etat: EtatCivil, lieux: Lieux) -> Iterator[Constat]:
    lieu = etat.lieu
    for champ, valeur, de_quoi in (("commune", lieu.commune, "La ville"), ("pays", lieu.pays, "Le pays")):
        if len(valeur) > LONGUEUR_MAX:
            yield _non("trop_long", champ, f"{de_quoi} a {len(valeur)} signes, {LONGUEUR_MAX} au plus.")
    if lieu.commune_code:
        yield _non(
            "commune_a_l_etranger",
            "commune_code",
            "Une personne née à l'étranger n'a pas de code de commune : videz-le, écrivez la ville et le pays.",
        )
    if not _PAYS.fullmatch(lieu.pays_code):
        yield _non(
            "pays_mal_ecrit",
            "pays_code",
            f"« {lieu.pays_code[:10]} » n'est pas un code Insee de pays : 99, puis trois chiffres (99109 : Allemagne).",
        )
        return
    if not lieux.pays_charges:
        yield _oui("pays_non_charges", "pays_code", "La liste des pays n'est pas chargée : ce code n'est pas vérifié.")
        return
    periodes = lieux.periodes.get(lieu.pays_code, ())
    bornes = etat.naissance.bornes()
    if not periodes:
        yield _non("pays_inconnu", "pays_code", f"Aucun pays n'a le code Insee {lieu.pays_code}.")
    elif bornes and not any(une.touche(*bornes) for une in periodes):
        yield _oui(
            "pays_pas_alors",
            "pays_code",
            f"Ce pays n'existait pas sous ce code à la naissance : {_quand(periodes)}. Suivez la pièce.",
        )


def _quand(periodes: Sequence[Periode]) -> str:
    return ", ".join(
        f"{une.libelle}"
        + (f" à partir du {date_en_clair(une.du)}" if une.du else "")
        + (f" jusqu'au {date_en_clair(une.au)}" if une.au else "")
        for une in periodes[:4]
    )


def _non(code: str, champ: str, message: str) -> Constat:
    return Constat(code, champ, message, refuse=True)


def _oui(code: str, champ: str, message: str) -> Constat:
    return Constat(code, champ, message, refuse=False)
