"""Un fournisseur d'identité dans le processus : il publie ses clés, rend des jetons signés, et ment sur commande."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

EMETTEUR = "https://identite.example"
CLIENT = "parchemin-essai"


def cle_neuve() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


CLE, AUTRE_CLE = cle_neuve(), cle_neuve()


def jwk(cle: rsa.RSAPrivateKey, kid: str) -> dict[str, Any]:
    return json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(cle.public_key())) | {"kid": kid, "use": "sig", "alg": "RS256"}


@dataclass
class Reponse:
    corps: Any
    genre: str = "application/json"
    status_code: int = 200

    @property
    def headers(self) -> dict[str, str]:
        return {"content-type": self.genre}

    @property
    def text(self) -> str:
        return self.corps if isinstance(self.corps, str) else json.dumps(self.corps)

    @property
    def content(self) -> bytes:
        return self.text.encode()

    def json(self) -> Any:
        return json.loads(self.text)

    def raise_for_status(self) -> None:
        assert self.status_code == 200


@dataclass
class FauxFournisseur:
    """`jeton` et `visage` changent ce que disent l'ID token et le userinfo ; `cle`, `alg`, `signe` comment ils le disent."""

    sub: str = "sub-1"
    courriel: str = "essai@caisse.example"
    jeton: dict[str, Any] = field(default_factory=dict)
    visage: dict[str, Any] = field(default_factory=dict)
    cle: Any = CLE
    cle_visage: Any = CLE
    alg: str = "RS256"
    signe: bool = True
    nonce: str = ""
    appels: list[str] = field(default_factory=list)

    # --- ce que voit `requests` -----------------------------------------------------------------------------------

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...

    def get(self, url: str, **_: Any) -> Reponse:
        self.appels.append(urlsplit(url).path)
        match urlsplit(url).path:
            case "/.well-known/openid-configuration":
                chemins = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
                publie = {f"{nom}_endpoint": f"{EMETTEUR}/{chemin}" for nom, chemin in chemins.items()}
                return Reponse(publie | {"issuer": EMETTEUR, "jwks_uri": f"{EMETTEUR}/jwks"})
            case "/jwks":
                return Reponse({"keys": [jwk(CLE, "k1")]})
            case "/userinfo":
                dit = {"sub": self.sub, "email": self.courriel, "siret": "00000000000000"} | self.visage
                if not self.signe:
                    return Reponse(dit)
                dit = {"iss": EMETTEUR, "aud": CLIENT} | dit
                return Reponse(jwt.encode(dit, self.cle_visage, "RS256", headers={"kid": "k1"}), "application/jwt")
        raise AssertionError(url)

    def request(self, methode: str, url: str, **_: Any) -> Reponse:
        self.appels.append(f"{methode} {urlsplit(url).path}")
        present = int(time.time())
        dit = {
            "iss": EMETTEUR,
            "aud": CLIENT,
            "sub": self.sub,
            "nonce": self.nonce,
            "iat": present,
            "exp": present + 60,
            "acr": "eidas1",
            "amr": ["pwd"],
        }
        dit = {cle: valeur for cle, valeur in (dit | self.jeton).items() if valeur is not None}
        cle = "" if self.alg == "none" else self.cle
        brut = jwt.encode(dit, cle, self.alg, headers={"kid": "k1"})
        return Reponse({"access_token": "acces", "token_type": "Bearer", "id_token": brut})

    # --- ce que fait la personne ----------------------------------------------------------------------------------

    def demander(self, client: Any, suite: str = "/") -> dict[str, str]:
        """Part de la page de connexion ; rend ce que l'adresse du fournisseur porte. Le fournisseur retient le nonce."""
        reponse = client.post("/connexion/identite/essai/", {"next": suite})
        assert reponse.status_code == 302
        porte = {cle: valeurs[0] for cle, valeurs in parse_qs(urlsplit(reponse.headers["Location"]).query).items()}
        self.nonce = porte["nonce"]
        return porte

    def revenir(self, client: Any, etat: str) -> Any:
        """Le retour du navigateur, avec un code."""
        return client.get("/connexion/identite/essai/retour/", {"state": etat, "code": "un-code"})
