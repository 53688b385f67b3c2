"""La matrice des droits, écrite à la main dans `tests/droits/attendu/` : la lire, la vérifier, la dessiner.

Rien ici ne lit le code de l'application : le fichier dit ce qui doit arriver, `tests/droits/test_matrice.py` va voir.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

DOSSIER = Path(__file__).resolve().parents[1] / "tests" / "droits" / "attendu"
LEGENDE = "_legende"
LES_AUTRES = "les autres"
FACES = {"voir": ("GET", "HEAD"), "agir": ("POST",)}
"""Les deux faces d'une adresse : ce qu'elle montre, ce qu'elle fait."""
AUTRES_METHODES = ("PUT", "PATCH", "DELETE", "OPTIONS")
METHODE = "methode"


class MatriceMalEcrite(Exception):
    """Le fichier attendu ne se lit pas ; le message dit où, et quoi écrire."""


@dataclass(frozen=True, slots=True)
class Legende:
    """Les mots de la matrice : qui (personnages et groupes), et ce qui peut arriver (issues)."""

    personnages: Mapping[str, str]
    groupes: Mapping[str, tuple[str, ...]]
    issues: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Adresse:
    """Une adresse et ce qui doit y arriver : pour chaque face, l'issue de chaque personnage."""

    nom: str
    acte: str
    dit: Mapping[str, Mapping[str, tuple[str, ...]]]
    """Face, puis issue, puis personnages et groupes : tel que c'est écrit."""
    faces: Mapping[str, Mapping[str, str]]
    """Face, puis personnage, puis issue."""
    autres: str
    pourquoi: str
    pas_encore: Mapping[str, Mapping[str, str]]
    """Face, puis personnage : ce qui arrive aujourd'hui au lieu de l'attendu. Un écart avoué, à faire disparaître."""

    def issue(self, methode: str, personnage: str) -> str:
        """Ce qui doit arriver à ce personnage par cette méthode (ou l'écart avoué : il doit exister tant qu'il est écrit)."""
        for face, methodes in FACES.items():
            if methode in methodes:
                if (avoue := self.pas_encore.get(face, {}).get(personnage)) is not None:
                    return avoue
                return self.faces[face][personnage] if face in self.faces else METHODE
        return self.autres


@dataclass(frozen=True, slots=True)
class Matrice:
    """Toute la matrice : sa légende, ses adresses par capacité."""

    legende: Legende
    capacites: Mapping[str, tuple[str, tuple[Adresse, ...]]]

    def __iter__(self) -> Iterator[Adresse]:
        return (adresse for _, adresses in self.capacites.values() for adresse in adresses)


@functools.cache
def lire(dossier: Path = DOSSIER) -> Matrice:
    """La matrice écrite, lue une fois. Lève `MatriceMalEcrite` : personnage oublié, nommé deux fois, mot inconnu."""
    brut = _yaml(dossier / f"{LEGENDE}.yaml")
    if set(brut) != {"personnages", "groupes", "issues"}:
        raise MatriceMalEcrite(f"{LEGENDE}.yaml : il faut « personnages », « groupes », « issues », et rien d'autre")
    groupes = {nom: tuple(membres) for nom, membres in brut["groupes"].items()}
    legende = Legende(brut["personnages"], groupes, brut["issues"])
    for nom, membres in groupes.items():
        for membre in membres:
            if membre not in legende.personnages and membre not in groupes:
                raise MatriceMalEcrite(f"{LEGENDE}.yaml, groupe « {nom} » : « {membre} » n'est pas un personnage")
    capacites: dict[str, tuple[str, tuple[Adresse, ...]]] = {}
    vues: dict[str, str] = {}
    for fichier in sorted(dossier.glob("*.yaml")):
        if fichier.stem == LEGENDE:
            continue
        contenu = _yaml(fichier)
        titre = contenu.pop("titre")
        adresses = tuple(_adresse(fichier.name, nom, dit, legende) for nom, dit in contenu.items())
        for adresse in adresses:
            if adresse.nom in vues:
                raise MatriceMalEcrite(f"« {adresse.nom} » est dans {vues[adresse.nom]} et dans {fichier.name}")
            vues[adresse.nom] = fichier.name
        capacites[fichier.stem] = (titre, adresses)
    return Matrice(legende, capacites)


if TYPE_CHECKING:
    _Base = yaml.SafeLoader
else:  # celui qui est écrit en C lit sept fois plus vite
    _Base = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Lecteur(_Base):
    """YAML sans clé en double : la seconde effacerait la première sans rien dire."""


def _sans_double(lecteur: _Lecteur, noeud: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
    cles = [lecteur.construct_object(cle, deep=deep) for cle, _ in noeud.value]
    doubles = {cle for cle in cles if cles.count(cle) > 1}
    if doubles:
        raise MatriceMalEcrite(f"{noeud.start_mark.name} : clé en double {sorted(doubles)}")
    return {
        cle: lecteur.construct_object(valeur, deep=True)
        for cle, (_, valeur) in zip(cles, noeud.value, strict=True)
    }  # fmt: skip


_Lecteur.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _sans_double)


def _yaml(fichier: Path) -> dict[str, Any]:
    contenu: dict[str, Any] = yaml.load(fichier.read_text(encoding="utf-8"), _Lecteur)  # SafeLoader
    return contenu


def _adresse(fichier: str, nom: str, dit: Mapping[str, Any], legende: Legende) -> Adresse:
    ou = f"{fichier}, {nom}"
    inconnus = set(dit) - {"acte", "voir", "agir", "autres", "pourquoi", "pas encore"}
    if inconnus or "acte" not in dit or not set(dit) & set(FACES):
        raise MatriceMalEcrite(f"{ou} : il faut « acte », et « voir » ou « agir » ; {sorted(inconnus)} inconnus")
    ecrit = {face: {issue: tuple(qui) for issue, qui in dit[face].items()} for face in FACES if face in dit}
    faces = {face: _face(f"{ou}, {face}", issues, legende) for face, issues in ecrit.items()}
    autres = dit.get("autres", METHODE)
    if autres not in legende.issues:
        raise MatriceMalEcrite(f"{ou} : l'issue « {autres} » n'est pas dans la légende")
    pas_encore = {
        face: {p: issue for issue, qui in issues.items() for nom_ in qui for p in etendre(nom_, legende, ou)}
        for face, issues in dit.get("pas encore", {}).items()
    }
    for face, ecarts in pas_encore.items():
        for personnage, issue in ecarts.items():
            if issue not in legende.issues or faces[face][personnage] == issue:
                raise MatriceMalEcrite(f"{ou}, pas encore : « {personnage} » n'y diffère pas de l'attendu")
    return Adresse(nom, dit["acte"], ecrit, faces, autres, dit.get("pourquoi", ""), pas_encore)


def _face(ou: str, issues: Mapping[str, tuple[str, ...]], legende: Legende) -> Mapping[str, str]:
    """L'issue de chaque personnage, chacun nommé une fois, seul ou par un groupe ; « les autres » prend le reste."""
    trouves: dict[str, str] = {}
    reste = ""
    for issue, noms in issues.items():
        if issue not in legende.issues:
            raise MatriceMalEcrite(f"{ou} : l'issue « {issue} » n'est pas dans la légende")
        for nom in noms:
            if nom == LES_AUTRES:
                if reste:
                    raise MatriceMalEcrite(f"{ou} : « {LES_AUTRES} » est écrit deux fois")
                reste = issue
                continue
            for personnage in etendre(nom, legende, ou):
                if personnage in trouves:
                    raise MatriceMalEcrite(f"{ou} : « {personnage} » est nommé deux fois")
                trouves[personnage] = issue
    oublies = [personnage for personnage in legende.personnages if personnage not in trouves]
    if oublies and not reste:
        raise MatriceMalEcrite(f"{ou} : rien n'est dit de {', '.join(oublies)}")
    if reste and not oublies:
        raise MatriceMalEcrite(f"{ou} : « {LES_AUTRES} » ne désigne plus personne")
    return {personnage: trouves.get(personnage, reste) for personnage in legende.personnages}


def etendre(nom: str, legende: Legende, ou: str) -> tuple[str, ...]:
    """Les personnages d'un nom : lui-même, ou les membres d'un groupe. Lève `MatriceMalEcrite` si le nom est inconnu."""
    if nom in legende.personnages:
        return (nom,)
    if nom in legende.groupes:
        return tuple(p for membre in legende.groupes[nom] for p in etendre(membre, legende, ou))
    raise MatriceMalEcrite(f"{ou} : « {nom} » n'est ni un personnage ni un groupe de la légende")


# --- la page ----------------------------------------------------------------------------------------------------------


def page(matrice: Matrice) -> str:
    """`permissions.md`, sans son en-tête : la légende, puis un tableau par capacité."""
    legende = matrice.legende
    morceaux = [
        "# Qui peut quoi\n",
        (
            "Écrit à la main dans `tests/droits/attendu/`, dessiné ici, et vérifié adresse par adresse, méthode par méthode, "
            "personnage par personnage par `tests/droits/test_matrice.py`.\n"
        ),
        "## Les personnages\n",
        "| Personnage | Qui c'est |\n|---|---|",
        *(f"| {nom} | {qui} |" for nom, qui in legende.personnages.items()),
        "\n## Les groupes\n",
        "| Groupe | Qui en est |\n|---|---|",
        *(f"| {nom} | {', '.join(membres)} |" for nom, membres in legende.groupes.items()),
        "\n## Ce qui peut arriver\n",
        "| Issue | Ce que c'est |\n|---|---|",
        *(f"| {nom} | {quoi} |" for nom, quoi in legende.issues.items()),
        (
            "\nUne adresse qui n'a pas de ligne « voir » refuse GET et HEAD (405) ; sans ligne « agir », elle refuse POST. "
            "PUT, PATCH, DELETE et OPTIONS sont refusés partout, sauf mention."
        ),
    ]
    for titre, adresses in matrice.capacites.values():
        morceaux += [f"\n## {titre}\n", "| Acte | Adresse | | Qui, et ce qui arrive |", "|---|---|---|---|"]
        for adresse in adresses:
            for rang, (face, issues) in enumerate(adresse.dit.items()):
                acte = adresse.acte + (f" <br>*{adresse.pourquoi}*" if adresse.pourquoi else "")
                nom = f"`{adresse.nom}`" + (
                    f" <br>(autres méthodes : {adresse.autres})" if adresse.autres != METHODE else ""
                )
                tete = (acte, nom) if rang == 0 else ("", "")
                qui = " <br>".join(f"**{issue}** : {', '.join(noms)}" for issue, noms in issues.items())
                if avoues := adresse.pas_encore.get(face):
                    qui += (
                        f" <br>⚠ pas encore vrai : {', '.join(f'{nom_} ({arrive})' for nom_, arrive in avoues.items())}"
                    )
                morceaux.append(f"| {tete[0]} | {tete[1]} | {face} | {qui} |")
    return "\n".join(morceaux) + "\n"
