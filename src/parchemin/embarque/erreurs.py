"""Ce qui empêche la base embarquée de servir, dit en français."""

from __future__ import annotations


class EmbarqueImpossible(Exception):
    """La base embarquée ne peut pas servir : un `code` stable qui se compare, un `message` qui dit quoi faire.

    Codes : `dossier_interdit`, `verrou_pris`, `version_differente`, `binaires_absents`, `compte_impossible`,
    `socket_d_un_autre`, `initialisation_echouee`, `demarrage_echoue`, `serveur_d_un_autre`.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
