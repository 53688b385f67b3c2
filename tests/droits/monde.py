"""Trois caisses pareilles, peuplées par les services, et tous les personnages de la matrice.

Ici, ailleurs, et « finie » : la même caisse, dont tous les rôles se sont terminés hier.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import SimpleCookie
from django.test import Client

from parchemin.carnet.tests import factories as carnet
from parchemin.comptes import services as comptes_services
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.models import Compte, Role
from parchemin.comptes.tests import factories as comptes
from parchemin.convocations.tests import factories as convocations
from parchemin.convocations.tests.factories import JOUR, Salle
from parchemin.evaluation.tests import factories as evaluation
from parchemin.parcours.tests.factories import Monde
from parchemin.socle.acteur import SYSTEME, Acteur
from tests.connexions import force_login_sans_second_facteur

INSTANT = JOUR + timedelta(hours=3)
"""L'heure qu'il est pendant toute la matrice."""
HIER = INSTANT - timedelta(days=1)
FINI = " fini"
"""La fin du nom de qui tenait son rôle jusqu'à hier."""
JETON = "j" * 32
"""Le secret CSRF de tous les navigateurs d'ici."""


@dataclass(frozen=True, slots=True)
class Caisse:
    """Une caisse, ses personnes, un dossier dont chaque bloc est à un état utile."""

    monde: Monde
    metier: Acteur
    certificateur: Acteur
    remplie: Salle
    """Bloc 2 : deux grilles remplies, aucune scellée."""
    differe: Salle
    """Bloc 3 : deux lectures scellées, qui diffèrent sur `CRITERE`."""
    evaluee: Salle
    """Bloc 4 : un résultat établi, à un critère de la décision contraire : un second regard est à confier."""
    autres: Mapping[NatureRole, Acteur]
    relecteur: Acteur | None = None
    """Qui peut porter ce second regard : l'évaluateur métier d'ailleurs."""

    @property
    def organisme(self) -> UUID:
        """La caisse."""
        return self.monde.organisme

    @property
    def dossier(self) -> UUID:
        """Le dossier. Son bloc 1 attend d'être planifié."""
        return self.monde.dossier

    def personne(self, nature: NatureRole) -> Acteur:
        """Qui tient ce rôle ici."""
        de_la_caisse = {
            NatureRole.GESTIONNAIRE: self.monde.gestionnaire,
            NatureRole.CANDIDAT: self.monde.candidat,
            NatureRole.TUTEUR: self.monde.tuteur,
            NatureRole.MANAGER: self.monde.manager,
            NatureRole.EVALUATEUR_METIER: self.metier,
            NatureRole.EVALUATEUR_CERTIFICATEUR: self.certificateur,
        }
        return de_la_caisse.get(nature) or self.autres[nature]


CRITERE = "K3.1.1"
SEULS = (NatureRole.ADMINISTRATEUR, NatureRole.AUDITEUR, NatureRole.DPO)
"""Tenus pour tous les organismes : il n'y en a pas « d'ailleurs »."""


def caisse(relecteur: Acteur | None = None) -> Caisse:
    """Une caisse entière."""
    monde = carnet.complet()
    for nature, personne in (
        (NatureRole.CANDIDAT, monde.candidat),
        (NatureRole.TUTEUR, monde.tuteur),
        (NatureRole.MANAGER, monde.manager),
    ):
        donner(personne, nature, monde.organisme)
    paire = (
        comptes.avec_role(NatureRole.EVALUATEUR_METIER, prenom="Hugo"),
        comptes.avec_role(NatureRole.EVALUATEUR_CERTIFICATEUR, prenom="Salomé"),
    )
    remplie, differe, evaluee = (convocations.salle(bloc, monde=monde, paire=paire) for bloc in ("B2", "B3", "B4"))
    for evaluateur in paire:
        evaluation.remplir(remplie, evaluateur)
    evaluation.deux_lectures(differe, metier={CRITERE})
    evaluation.evalue(salle=evaluee, non_valides={"K4.2.1"})
    autres = {
        nature: comptes.avec_role(nature, None if nature in SEULS else monde.organisme)
        for nature in (*SEULS, NatureRole.RH, NatureRole.JURE, NatureRole.PRESIDENT_JURY)
    }
    return Caisse(monde, *paire, remplie, differe, evaluee, autres, relecteur)


def donner(personne: Acteur, nature: NatureRole, organisme: UUID | None) -> None:
    """Donne un rôle (l'avoir déjà ne change rien)."""
    comptes_services.donner_role(
        personne=personne.id, nature=nature, organisme=organisme, auteur=SYSTEME, maintenant=comptes.JADIS
    )


@dataclass(slots=True)
class Theatre:
    """Les caisses et les navigateurs des personnages."""

    ici: Caisse
    ailleurs: Caisse
    finie: Caisse
    sessions: dict[str, str | None] = field(default_factory=dict)
    acteurs: dict[str, Acteur | None] = field(default_factory=dict)
    presse: str = ""
    """La session d'un gestionnaire d'ici entré par le seul mot de passe."""
    client: Client = field(default_factory=lambda: Client(enforce_csrf_checks=True))

    def visee(self, personnage: str) -> Caisse:
        """La caisse que vise ce personnage : son ancienne, si son rôle est fini."""
        return self.finie if personnage.endswith(FINI) else self.ici

    def navigateur(self, personnage: str) -> Client:
        """Un navigateur neuf où ce personnage est connecté, avec un jeton CSRF."""
        self.client.cookies = SimpleCookie({settings.CSRF_COOKIE_NAME: JETON})
        if (session := self.sessions[personnage]) is not None:
            self.client.cookies[settings.SESSION_COOKIE_NAME] = session
        return self.client

    def entrer(self, personnage: str, acteur: Acteur | None) -> None:
        """Connecte ce personnage."""
        self.acteurs[personnage] = acteur
        self.sessions[personnage] = None if acteur is None else ouvrir_session(acteur)


def ouvrir_session(acteur: Acteur, *, second_facteur: bool = True) -> str:
    """Une session de cette personne ; rend sa clé."""
    compte = Compte.objects.filter(personne_id=acteur.id).first()
    if compte is None:
        compte = Compte.objects.get(courriel=comptes.compte(acteur))
    navigateur = Client()
    if second_facteur:
        navigateur.force_login(compte)
    else:
        force_login_sans_second_facteur(navigateur, compte)
    return str(navigateur.session.session_key)


def dresser() -> Theatre:
    """Toutes les caisses, tous les personnages."""
    ailleurs = caisse()
    theatre = Theatre(caisse(ailleurs.metier), ailleurs, caisse(ailleurs.metier))
    theatre.entrer("anonyme", None)
    ferme, presse = comptes.gestionnaire(theatre.ici.organisme), comptes.gestionnaire(theatre.ici.organisme)
    theatre.entrer("desactive", ferme)
    comptes_services.desactiver_compte(personne=ferme.id, auteur=SYSTEME, maintenant=HIER)
    theatre.presse = ouvrir_session(presse, second_facteur=False)
    theatre.entrer("sans role", comptes.personne())
    theatre.entrer("gestionnaire partout", comptes.gestionnaire())
    for nature in NatureRole:
        nom = nature.value.replace("_", " ")
        theatre.entrer(nom, theatre.ici.personne(nature))
        if nature not in SEULS:
            theatre.entrer(f"{nom} ailleurs", theatre.ailleurs.personne(nature))
        theatre.entrer(f"{nom}{FINI}", theatre.finie.personne(nature))
        finir(theatre.finie.personne(nature))
    return theatre


def finir(acteur: Acteur) -> None:
    """Tous ses rôles se terminent hier."""
    for role in Role.objects.filter(personne_id=acteur.id, au=None).order_by("pk"):
        comptes_services.retirer_role(role=role.pk, auteur=SYSTEME, maintenant=HIER)


# --- ce qui s'écrit -----------------------------------------------------------------------------------------------------

SANS_CONSEQUENCE = ("django_session", "usersessions_usersession", "socle_cache")
"""Les tables d'une visite : la session, sa trace, les compteurs d'essais."""
LECTURES = ("SELECT", "SHOW", "SAVEPOINT", "RELEASE", "ROLLBACK")


@dataclass(slots=True)
class Ecritures:
    """Ce qu'une requête a écrit, ou essayé d'écrire."""

    textes: list[str] = field(default_factory=list)

    @property
    def est_un_regard(self) -> bool:
        """Vrai si rien d'autre ne s'est écrit que le regard de qui n'est pas de l'équipe, et son entrée au journal."""
        regards = [texte for texte in self.textes if "INSERT INTO registre_consultation" in texte]
        return len(regards) == 1 and len(self.textes) - 1 == self.au_journal <= 1

    @property
    def au_journal(self) -> int:
        """Combien d'entrées au journal."""
        return sum("INSERT INTO registre_entree" in texte for texte in self.textes)


@contextmanager
def ecritures() -> Iterator[Ecritures]:
    """Relève toute instruction SQL qui écrit, fût-elle annulée ensuite, sauf les tables d'une visite."""
    from django.db import connection

    relevees = Ecritures()

    def relever(executer: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        texte = sql if isinstance(sql, str) else sql.as_string(None)
        lit = texte.lstrip(" \n(").upper().startswith(LECTURES) and "procrastinate_defer" not in texte
        if not lit and not any(table in texte for table in SANS_CONSEQUENCE):
            relevees.textes.append(texte)
        return executer(sql, params, many, context)

    with connection.execute_wrapper(relever):
        yield relevees
