"""Les réglages : un seul fichier, nourri par l'environnement et par lui seul.

`PARCHEMIN_ENV` vaut « demo » (défaut dans un dépôt), « test » ou « production ».
Chaque variable lue ici est décrite dans `docs/installation.md`.
"""

from __future__ import annotations

import importlib.util
import os
import secrets
from datetime import time
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from parchemin.embarque import dossiers, postgres
from parchemin.socle import journaux
from parchemin.socle.chiffrement import ClesFausses, Trousseau, lire_trousseau

ENV = os.environ.get("PARCHEMIN_ENV", "demo")
PRODUCTION = ENV == "production"
TESTS = ENV == "test"
DEBUG = False  # jamais de page de trace : une erreur parle français, le détail va aux journaux techniques

BASE_DIR = Path(__file__).resolve().parent.parent
DONNEES = dossiers.donnees()


def _liste(nom: str, defaut: str = "") -> list[str]:
    return [mot.strip() for mot in os.environ.get(nom, defaut).split(",") if mot.strip()]


def _cle_secrete() -> str:
    """`SECRET_KEY`, obligatoire en production ; ailleurs, une clé tirée une fois et gardée dans le dossier de données."""
    if cle := os.environ.get("SECRET_KEY"):
        return cle
    if PRODUCTION:
        raise SystemExit("Réglage manquant : SECRET_KEY (une longue chaîne au hasard) est obligatoire en production.")
    if TESTS:
        return "cle-de-test-sans-valeur"
    fichier = DONNEES / "cle-secrete"
    if not fichier.exists():
        dossiers.preparer(DONNEES)
        descripteur = os.open(fichier, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descripteur, "w", encoding="ascii") as sortie:
            sortie.write(secrets.token_urlsafe(48))
    return fichier.read_text(encoding="ascii")


def _cles_nir() -> Trousseau | None:
    """Les clés des NIR, dans un fichier hors de la base (`PARCHEMIN_CLES_NIR`) ; `None` : cette installation n'en garde aucun."""
    if not (chemin := os.environ.get("PARCHEMIN_CLES_NIR")):
        return None
    try:
        return lire_trousseau(Path(chemin).read_text(encoding="ascii"))
    except (OSError, UnicodeDecodeError, ClesFausses) as erreur:
        raise SystemExit(f"PARCHEMIN_CLES_NIR ({chemin}) ne se lit pas : {erreur}.") from erreur


SECRET_KEY = _cle_secrete()
SECRET_KEY_FALLBACKS = _liste("SECRET_KEY_FALLBACKS")
"""Les clés d'avant, le temps d'en changer : elles relisent sessions et seconds facteurs, ne signent plus rien."""
PARCHEMIN_CLES_NIR = _cles_nir()
ALLOWED_HOSTS = _liste("ALLOWED_HOSTS", "" if PRODUCTION else "localhost,127.0.0.1,[::1],testserver")
CSRF_TRUSTED_ORIGINS = _liste("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "parchemin.comptes",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "pgtrigger",
    "procrastinate.contrib.django",
    "parchemin.socle",
    "parchemin.registre",
    "parchemin.courriels",
    "parchemin.referentiels",
    "parchemin.parcours",
    "parchemin.carnet",
    "parchemin.convocations",
    "parchemin.evaluation",
    "parchemin.portail",
    "parchemin.demonstration",
]
INSTALLED_APPS = [app for app in INSTALLED_APPS if importlib.util.find_spec(app)]
if importlib.util.find_spec("django_linear_migrations"):
    INSTALLED_APPS.append("django_linear_migrations")

MIDDLEWARE = [
    "parchemin.socle.entetes.RequeteMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "parchemin.socle.entetes.EntetesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "parchemin.comptes.middleware.SessionBorneeMiddleware",
    "parchemin.comptes.middleware.ActeurMiddleware",
    "parchemin.comptes.middleware.SecondFacteurMiddleware",
    "parchemin.socle.debits.DebitMiddleware",
    "parchemin.portail.middleware.RegardsMiddleware",
    "parchemin.socle.middleware.ErreursMiddleware",
    "parchemin.socle.middleware.LectureSeuleMiddleware",
]

ROOT_URLCONF = "parchemin.portail.urls"
WSGI_APPLICATION = "parchemin.config.wsgi.application"
APPEND_SLASH = True

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": False,
        "DIRS": [BASE_DIR / "socle" / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "parchemin.portail.contexte.page",
                *(["parchemin.demonstration.contexte.code_de_demonstration"] if ENV != "production" else []),
            ],
            "builtins": ["parchemin.socle.templatetags.parchemin"],
        },
    }
]


def _base() -> dict[str, Any]:
    """La base de `DATABASE_URL`, sinon la base embarquée du dossier de données (PostgreSQL dans les deux cas)."""
    commun: dict[str, Any] = {
        "ENGINE": "django.db.backends.postgresql",
        "ATOMIC_REQUESTS": False,
        "OPTIONS": {"pool": {"min_size": 1, "max_size": 8, "timeout": 5}},
        "CONN_HEALTH_CHECKS": True,
    }
    if url := os.environ.get("DATABASE_URL"):
        morceaux = urlsplit(url)
        if morceaux.scheme not in {"postgres", "postgresql"}:
            raise SystemExit("DATABASE_URL doit commencer par postgresql:// : Parchemin ne parle qu'à PostgreSQL.")
        requete = dict(paire.split("=", 1) for paire in morceaux.query.split("&") if "=" in paire)
        return commun | {
            "HOST": unquote(requete.pop("host", morceaux.hostname or "")),
            "PORT": str(morceaux.port or requete.pop("port", "")),
            "USER": unquote(morceaux.username or ""),
            "PASSWORD": unquote(morceaux.password or ""),
            "NAME": unquote(morceaux.path.lstrip("/")) or "parchemin",
            "OPTIONS": commun["OPTIONS"] | {nom: unquote(valeur) for nom, valeur in requete.items()},
        }
    return commun | postgres.parametres_connexion(DONNEES)


DATABASES = {"default": _base()}
if TESTS:
    DATABASES["default"]["OPTIONS"].pop("pool")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "socle_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
"""Dans la base : les essais de connexion se comptent une fois pour tous les processus, sur toutes les machines."""

AUTH_USER_MODEL = "comptes.Compte"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = (
    ["django.contrib.auth.hashers.MD5PasswordHasher"] if TESTS else ["parchemin.comptes.mots_de_passe.Argon2"]
)
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "parchemin.comptes.mots_de_passe.DifficileADeviner"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "courriel"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "parchemin.comptes.adapter.Adaptateur"
ACCOUNT_FORMS = {"login": "parchemin.comptes.forms.Connexion"}
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
PASSWORD_RESET_TIMEOUT = 60 * 60 * 2
"""Secondes pendant lesquelles vaut un lien de mot de passe oublié."""
LIMITES_D_ESSAIS = {"login_failed": "10/m/ip,5/5m/key,30/h/key", "login": "300/m/ip"}
"""Essais manqués : par adresse, et par compte (mot de passe et second facteur). Le reste : les limites d'allauth.

Une caisse entière arrive le matin par la même adresse : les connexions réussies y ont de la place.
"""
ACCOUNT_RATE_LIMITS: dict[str, str] | bool = False if TESTS else LIMITES_D_ESSAIS
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("PROXY_NOMBRE", "1" if os.environ.get("PROXY_HTTPS") == "1" else "0"))

MFA_RATE_LIMITS: dict[str, str] | bool = False if TESTS else {"webauthn_login": "120/m/ip"}
MFA_ADAPTER = "parchemin.comptes.adapter.AdaptateurSecondFacteur"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
MFA_FORMS = {
    "authenticate": "parchemin.comptes.forms.acces.SecondFacteur",
    "reauthenticate": "parchemin.comptes.forms.acces.Reconfirmation",
    "activate_totp": "parchemin.comptes.forms.acces.CodesTemporels",
    "add_webauthn": "parchemin.comptes.forms.acces.CleAcces",
    "edit_webauthn": "parchemin.comptes.forms.acces.RenommerCle",
}
PARCHEMIN_SECOND_FACTEUR_AUSSI = frozenset(_liste("PARCHEMIN_SECOND_FACTEUR_AUSSI"))
"""Des rôles de plus qui doivent un second facteur (`tuteur`, `manager`, `candidat`)."""

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_HTTPONLY = True  # le jeton se lit dans le formulaire, jamais dans le cookie
if PRODUCTION:  # « __Host- » : ni sous-domaine ni page en clair ne peut les poser ou les remplacer
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
SESSION_COOKIE_AGE = 60 * 60 * 12
"""Secondes : la durée d'une session, depuis la connexion, quoi qu'on y fasse."""
PARCHEMIN_INACTIVITE = 60 * 60 * 4
"""Secondes sans une requête au bout desquelles une session se ferme."""
PARCHEMIN_PAS_D_ACTIVITE = 60 * 5
SECURE_SSL_REDIRECT = PRODUCTION and os.environ.get("SECURE_SSL_REDIRECT", "1") == "1"
SECURE_REDIRECT_EXEMPT = [r"^sante/$"]  # la sonde d'un exploitant parle en clair, depuis la machine
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if os.environ.get("PROXY_HTTPS") == "1" else None
X_FRAME_OPTIONS = "DENY"
SECURE_CSP: dict[str, list[str]] = {
    "default-src": ["'self'"],
    "img-src": ["'self'"],
    "object-src": ["'none'"],
    "base-uri": ["'none'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
}
CSRF_FAILURE_VIEW = "parchemin.portail.views.erreurs.csrf"


def _fournisseurs() -> list[dict[str, Any]]:
    """Les fournisseurs d'identité nommés par `OIDC` ; chacun a ses variables `OIDC_<NOM>_…` (docs/installation.md)."""
    fournisseurs = []
    for nom in _liste("OIDC"):
        prefixe = f"OIDC_{nom.upper().replace('-', '_')}_"
        lus = {cle: os.environ.get(prefixe + cle, "") for cle in ("URL", "CLIENT", "SECRET", "LIBELLE", "PREREGLAGE")}
        if manquants := [prefixe + cle for cle in ("URL", "CLIENT", "SECRET") if not lus[cle]]:
            raise SystemExit(f"Réglage manquant : {', '.join(manquants)} (fournisseur d'identité « {nom} »).")
        if lus["PREREGLAGE"] not in {"", "proconnect"}:
            raise SystemExit(f"{prefixe}PREREGLAGE : « proconnect », ou rien.")
        pro = lus["PREREGLAGE"] == "proconnect"
        reglages: dict[str, Any] = {
            "server_url": lus["URL"],
            "oauth_pkce_enabled": not pro,
            "origines": _liste(prefixe + "ORIGINES", "{0.scheme}://{0.netloc}".format(urlsplit(lus["URL"]))),
        }
        if pro:
            reglages |= {
                "scope": ["openid", "given_name", "usual_name", "email", "siret", "uid"],
                "auth_params": {"acr_values": "eidas1", "claims": '{"id_token":{"amr":{"essential":true}}}'},
                "token_auth_method": "client_secret_post",
                "userinfo_signe": True,
                "courriel_toujours_verifie": True,
            }
        libelle = lus["LIBELLE"] or ("ProConnect" if pro else nom.capitalize())
        fournisseurs.append(
            {
                "provider_id": nom,
                "name": libelle,
                "client_id": lus["CLIENT"],
                "secret": lus["SECRET"],
                "settings": reglages,
            }
        )
    return fournisseurs


FOURNISSEURS = _fournisseurs()
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": FOURNISSEURS}}
SOCIALACCOUNT_ADAPTER = "parchemin.comptes.adapter.AdaptateurIdentite"
SOCIALACCOUNT_STORE_TOKENS = False
for _fournisseur in FOURNISSEURS:  # `form-action` juge aussi la redirection qui suit l'envoi du formulaire
    SECURE_CSP["form-action"] += _fournisseur["settings"]["origines"]

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français")]
TIME_ZONE = "Europe/Paris"
USE_TZ = True
USE_I18N = True

STATIC_URL = "static/"
STATIC_ROOT = None if TESTS else DONNEES / "statiques"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = TESTS
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DONNEES / "fichiers"},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

PARCHEMIN_ADRESSE = os.environ.get(
    "PARCHEMIN_ADRESSE", f"https://{ALLOWED_HOSTS[0]}" if PRODUCTION and ALLOWED_HOSTS else "http://localhost:8000"
).rstrip("/")
"""L'adresse du site, sans barre finale : celle des liens que portent les courriels."""


def _courriels() -> dict[str, Any]:
    """`MAILERS` : un serveur SMTP s'il est réglé ; sinon des fichiers `.eml`, un par message, dans le dossier de données."""
    if TESTS:
        return {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend", "OPTIONS": {}}}
    if not (hote := os.environ.get("PARCHEMIN_SMTP_HOTE")):
        return {
            "default": {
                "BACKEND": "parchemin.courriels.fichiers.EmailBackend",
                "OPTIONS": {"dossier": str(DONNEES / "courriels")},
            }
        }
    chiffrement = os.environ.get("PARCHEMIN_SMTP_CHIFFREMENT", "starttls")
    if chiffrement not in {"starttls", "tls", "aucun"}:
        raise SystemExit("PARCHEMIN_SMTP_CHIFFREMENT vaut « starttls », « tls » ou « aucun ».")
    return {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {
                "host": hote,
                "port": int(os.environ.get("PARCHEMIN_SMTP_PORT", {"tls": 465, "aucun": 25}.get(chiffrement, 587))),
                "username": os.environ.get("PARCHEMIN_SMTP_COMPTE", ""),
                "password": os.environ.get("PARCHEMIN_SMTP_MOT_DE_PASSE", ""),
                "use_tls": chiffrement == "starttls",
                "use_ssl": chiffrement == "tls",
                "timeout": 15,
            },
        }
    }


MAILERS = _courriels()
DEFAULT_FROM_EMAIL = os.environ.get(
    "PARCHEMIN_EXPEDITEUR", f"Parchemin <ne-pas-repondre@{urlsplit(PARCHEMIN_ADRESSE).hostname or 'localhost'}>"
)
PARCHEMIN_COURRIEL_DU_JOUR = time.fromisoformat(os.environ.get("PARCHEMIN_COURRIEL_DU_JOUR", "07:00"))
"""L'heure, à Paris, à partir de laquelle part le courriel du jour."""
PARCHEMIN_COURRIELS_JOURS = int(os.environ.get("PARCHEMIN_COURRIELS_JOURS", "30"))
"""Après tant de jours, l'adresse, l'objet et le corps d'un courriel parti sont vidés."""

PARCHEMIN_ENV = ENV
PARCHEMIN_REFERENTIEL = os.environ.get("PARCHEMIN_REFERENTIEL", "cqp-cos@2021")
"""Le référentiel publié par défaut, `code@version`."""
PARCHEMIN_HORODATAGE = os.environ.get("PARCHEMIN_HORODATAGE", "")
"""Adresse d'un service d'horodatage RFC 3161 ; vide : un fichier signé, hors de la base, suffit."""

PARCHEMIN_JOURNAL_NIVEAU = os.environ.get("PARCHEMIN_JOURNAL_NIVEAU", "INFO" if PRODUCTION else "WARNING")
"""Le niveau des journaux techniques ; « INFO » écrit une ligne par requête, sans adresse ni personne."""
LOGGING = journaux.regler(PARCHEMIN_JOURNAL_NIVEAU)

PARCHEMIN_DEBITS: dict[str, str] = (
    {}
    if TESTS
    else {
        "comptes:invitation": "30/m",
        "POST comptes:inviter": "60/h",
        "POST comptes:importer_liens": "30/h",
        "POST comptes:importer_organismes": "30/h",
        "comptes:exporter_habilitations": "20/h",
        "comptes:registre_csv": "20/h",
        "POST parcours:importer": "30/h",
        "carnet:lien": "30/m",
        "carnet:lien_code": "10/m",
        "carnet:lien_ouvrir": "20/m",
        "carnet:repudier": "30/m",
        "convocations:reponse": "30/m",
        "convocations:reponse_pdf": "20/m",
        "convocations:reponse_ics": "20/m",
        "convocations:signer_par_lien": "20/m",
        "convocations:flux": "60/h",
        "convocations:exporter_suivi": "20/h",
        "referentiels:version": "120/m",
        "referentiels:grille": "30/m",
        "evaluation:releve": "30/m",
        "evaluation:faits": "600/m",
        "journal": "120/m",
        "journal_exporter": "20/h",
        "journal_verifier": "12/h",
        "sante": "120/m",
    }
)
"""Route → limite, par personne connectée, sinon par adresse. Les essais de connexion ont les leurs, chez allauth."""
TEST_RUNNER = "django.test.runner.DiscoverRunner"
