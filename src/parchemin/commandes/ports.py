"""Dire qu'un port est pris avant que le serveur ne le découvre."""

from __future__ import annotations

import socket

from parchemin.embarque.erreurs import EmbarqueImpossible


def verifier(adresse: str, port: int, *, commande: str) -> None:
    """Lève `EmbarqueImpossible("port_pris")`, avec un port libre à prendre à la place."""
    if _libre(adresse, port):
        return
    libre = next((autre for autre in range(port + 1, min(port + 50, 65536)) if _libre(adresse, autre)), None)
    piste = f" Essayez : {commande} --port {libre}" if libre else ""
    raise EmbarqueImpossible("port_pris", f"Le port {port} est déjà pris par un autre programme.{piste}")


def _libre(adresse: str, port: int) -> bool:
    famille = socket.AF_INET6 if ":" in adresse else socket.AF_INET
    with socket.socket(famille, socket.SOCK_STREAM) as essai:
        essai.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            essai.bind((adresse, port))
        except OSError:
            return False
    return True
