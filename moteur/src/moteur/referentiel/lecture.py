"""Lire une donnée venue d'un fichier sans jamais s'arrêter au premier défaut."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

#: Un code se met dans une adresse, une cible (`critere:K1.1.1`) et un nom de fichier : ni espace, ni deux-points, ni « @ ».
FORME_DE_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True)
class Probleme:
    """Un défaut du fichier : `chemin` dit où (« blocs[0].epreuve.nature »), `message` dit quoi faire."""

    code: str
    chemin: str
    message: str

    def __str__(self) -> str:
        return f"{self.chemin} : {self.message}"


@dataclass(frozen=True, slots=True)
class Lecteur:
    """Un endroit du fichier (`valeur`, à `chemin`) ; tout défaut s'ajoute à la liste `problemes`, commune à la lecture.

    Chaque lecture rend une valeur du type attendu, même en cas de défaut : la lecture continue, et l'arbre n'est rendu
    que si la liste est restée vide.
    """

    valeur: object
    chemin: str
    problemes: list[Probleme] = field(default_factory=list)

    def signaler(self, code: str, message: str) -> None:
        """Ajoute un défaut constaté ici."""
        self.problemes.append(Probleme(code, self.chemin, message))

    def cle(self, nom: str) -> Lecteur:
        """Ce que contient l'objet d'ici sous la clé `nom`.

        Quand ce n'est pas un objet, `objet` l'a dit une fois : ce qui manque dedans n'ajoute rien, et n'est pas gardé.
        """
        est_objet = isinstance(self.valeur, Mapping)
        contenu = self.valeur if isinstance(self.valeur, Mapping) else {}
        return Lecteur(contenu.get(nom), f"{self.chemin}.{nom}", self.problemes if est_objet else [])

    def manque(self) -> bool:
        """La valeur est absente ; le défaut est signalé."""
        if self.valeur is None:
            self.signaler("manquant", "cette valeur manque.")
            return True
        return False

    def objet(self) -> None:
        """La valeur doit être un objet."""
        if not self.manque() and not isinstance(self.valeur, Mapping):
            self.signaler("type", "un objet (des clés et des valeurs) est attendu ici.")

    def texte(self) -> str:
        """Un texte non vide."""
        if self.manque():
            return ""
        if not isinstance(self.valeur, str):
            self.signaler("type", "un texte est attendu ici.")
            return ""
        if not self.valeur.strip():
            self.signaler("vide", "ce texte est vide.")
        return self.valeur

    def identifiant(self) -> str:
        """Un code : des lettres, des chiffres, des points, des tirets."""
        texte = self.texte()
        if texte.strip() and not FORME_DE_CODE.fullmatch(texte):
            self.signaler(
                "code_mal_forme", f"le code « {texte} » ne doit contenir que lettres, chiffres, points, tirets."
            )
        return texte

    def entier(self, minimum: int) -> int:
        """Un entier au moins égal à `minimum`."""
        if self.manque():
            return minimum
        if type(self.valeur) is not int:  # un booléen n'est pas un nombre
            self.signaler("type", "un nombre entier est attendu ici.")
            return minimum
        if self.valeur < minimum:
            self.signaler("valeur", f"ce nombre doit être au moins {minimum}.")
        return max(self.valeur, minimum)

    def booleen(self) -> bool:
        """Vrai ou faux ; absent vaut faux."""
        if self.valeur is not None and not isinstance(self.valeur, bool):
            self.signaler("type", "vrai ou faux est attendu ici.")
        return self.valeur is True

    def choix[E: StrEnum](self, valeurs: type[E]) -> E:
        """Un des mots de l'énumération `valeurs` ; en cas de défaut, le premier."""
        texte = self.texte()
        if texte in list(valeurs):
            return valeurs(texte)
        if texte.strip():
            admis = ", ".join(valeurs)
            self.signaler("valeur", f"« {texte} » n'est pas admis ici ; il faut l'un de : {admis}.")
        return next(iter(valeurs))

    def liste(self, *, obligatoire: bool = False) -> list[Lecteur]:
        """Les éléments d'une liste ; si elle est `obligatoire`, elle doit exister et n'être pas vide."""
        if self.valeur is None and not obligatoire:
            return []
        if self.manque():
            return []
        if not isinstance(self.valeur, list | tuple):
            self.signaler("type", "une liste est attendue ici.")
            return []
        if obligatoire and not self.valeur:
            self.signaler("vide", "cette liste est vide.")
        return [Lecteur(valeur, f"{self.chemin}[{i}]", self.problemes) for i, valeur in enumerate(self.valeur)]
