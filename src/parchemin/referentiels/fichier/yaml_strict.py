"""Un YAML sans surprise : ce qui n'est ni entier, ni `true`/`false`, ni `null` est un texte."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from yaml import SafeLoader as _Base
else:  # dix fois plus rapide là où libyaml est compilée
    _Base = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class CleEnDouble(yaml.constructor.ConstructorError):
    """Une clé est écrite deux fois dans le même objet : YAML garderait la seconde sans rien dire."""


class Chargeur(_Base):
    """Lit textes, entiers, booléens, `null`, listes et objets ; refuse une clé en double et une étiquette inconnue."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}

    def construct_mapping(self, noeud: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Un objet, dont chaque clé est un texte écrit une seule fois."""
        vues: set[str] = set()
        for cle, _ in noeud.value:
            if not isinstance(cle, yaml.ScalarNode) or cle.tag != "tag:yaml.org,2002:str":
                raise yaml.constructor.ConstructorError(None, None, "une clé doit être un texte", cle.start_mark)
            if cle.value in vues:
                raise CleEnDouble(None, None, f"la clé « {cle.value} » est écrite deux fois", cle.start_mark)
            vues.add(cle.value)
        objet: dict[Any, Any] = super().construct_mapping(noeud, deep)
        return objet


for _etiquette, _forme, _initiales in (
    ("null", r"null", "n"),
    ("bool", r"true|false", "tf"),
    ("int", r"-?(0|[1-9][0-9]*)", "-0123456789"),
):
    Chargeur.add_implicit_resolver(f"tag:yaml.org,2002:{_etiquette}", re.compile(f"^(?:{_forme})$"), list(_initiales))


def lire(texte: str) -> Any:
    """L'objet que décrit ce texte YAML. Lève `yaml.YAMLError`, avec la place du défaut."""
    return yaml.load(texte, Loader=Chargeur)  # noqa: S506 : un SafeLoader, en plus strict


def composer(texte: str) -> yaml.Node | None:
    """L'arbre des nœuds, qui portent leur ligne. Lève `yaml.YAMLError`."""
    noeud: yaml.Node | None = yaml.compose(texte, Loader=Chargeur)
    return noeud
