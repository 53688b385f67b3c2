"""Un service d'horodatage RFC 3161 d'essai : une racine, un signataire, des réponses par `openssl ts`, sur HTTP local."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

CONFIGURATION = """[essai]
serial = {dossier}/serie
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
"""


class Service:
    """Le service, ses certificats et ce qu'il a reçu. `panne` remplace sa réponse."""

    def __init__(self, dossier: Path) -> None:
        self.dossier = dossier
        self.racine = dossier / "racine.pem"
        self.recues: list[tuple[str, bytes]] = []
        self.panne: bytes | None = None
        _certifier(dossier)
        (dossier / "serie").write_text("01\n")
        (dossier / "ts.cnf").write_text(CONFIGURATION.format(dossier=dossier))

    def repondre(self, demande: bytes) -> bytes:
        """La réponse à une demande."""
        (self.dossier / "demande.tsq").write_bytes(demande)
        subprocess.run(
            ["openssl", "ts", "-reply", "-config", "ts.cnf", "-section", "essai", "-queryfile", "demande.tsq",
             "-inkey", "tsa.key", "-signer", "tsa.pem", "-out", "reponse.tsr"],
            cwd=self.dossier, check=True, capture_output=True,
        )  # fmt: skip
        return (self.dossier / "reponse.tsr").read_bytes()


def disponible() -> bool:
    """Vrai si cette machine a `openssl`."""
    return shutil.which("openssl") is not None


@contextmanager
def servir(service: Service) -> Iterator[str]:
    """Sert le service en HTTP, sur la boucle locale ; rend son adresse."""

    class Reponse(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            demande = self.rfile.read(int(self.headers["Content-Length"]))
            service.recues.append((self.headers["Content-Type"], demande))
            corps = service.repondre(demande) if service.panne is None else service.panne
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write(corps)

        def log_message(self, *_: object) -> None:
            pass

    serveur = HTTPServer(("127.0.0.1", 0), Reponse)
    fil = threading.Thread(target=serveur.serve_forever)
    fil.start()
    try:
        yield f"http://127.0.0.1:{serveur.server_port}/tsa"
    finally:
        serveur.shutdown()
        fil.join()
        serveur.server_close()


def _certifier(dossier: Path) -> None:
    cle_racine, cle_tsa = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    racine = _certificat("Racine d'essai", cle_racine, "Racine d'essai", cle_racine, tsa=False)
    signataire = _certificat("Horodatage d'essai", cle_tsa, "Racine d'essai", cle_racine, tsa=True)
    (dossier / "racine.pem").write_bytes(racine.public_bytes(Encoding.PEM))
    (dossier / "tsa.pem").write_bytes(signataire.public_bytes(Encoding.PEM))
    (dossier / "tsa.key").write_bytes(cle_tsa.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def _certificat(
    nom: str, cle: ec.EllipticCurvePrivateKey, emetteur: str, signataire: ec.EllipticCurvePrivateKey, *, tsa: bool
) -> x509.Certificate:
    maintenant = datetime.now(UTC)
    usages = x509.KeyUsage(
        digital_signature=tsa, key_cert_sign=not tsa, crl_sign=not tsa, content_commitment=False, key_encipherment=False,
        data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    certificat = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, nom)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, emetteur)]))
        .public_key(cle.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(maintenant - timedelta(days=1))
        .not_valid_after(maintenant + timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=not tsa, path_length=None), critical=True)
        .add_extension(usages, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(cle.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signataire.public_key()), critical=False)
    )
    if tsa:
        certificat = certificat.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    return certificat.sign(signataire, hashes.SHA256())
