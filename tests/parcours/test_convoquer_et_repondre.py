"""Convoquer et répondre : du gestionnaire au téléphone du candidat, du calendrier à la feuille de présence ; chaque page passe axe."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from django.core import mail
from ical.calendar_stream import IcsCalendarStream
from ical.event import Event
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from parchemin.carnet.tests import factories as carnet
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.tests import factories as comptes
from parchemin.convocations import selectors, services
from parchemin.convocations.enums import COURRIEL
from parchemin.convocations.tests import factories
from parchemin.courriels.models import Envoi
from parchemin.courriels.services import poster_envoi
from parchemin.parcours.tests.factories import Monde
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.annonces import ecouler
from parchemin.socle.horloge import PARIS, jour_civil, maintenant
from tests.parcours.postes import ALaSouris, Poste

if TYPE_CHECKING:
    from django.core.mail import EmailMessage
    from playwright.sync_api import ViewportSize

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.lent]


TELEPHONE = {"width": 390, "height": 844}
LIEN_CLOS = "error : Failed to load resource: the server responded with a status of 410 (Gone)"
"""Un lien clos répond 410 : le navigateur le note, et c'est voulu."""
BLOC, BLOC_DU_JOUR = "B3", "B2"


@pytest.fixture
def monde() -> Monde:
    """Camille est prête pour deux blocs ; chacun a une adresse."""
    pret = carnet.complet((BLOC, BLOC_DU_JOUR))
    comptes.compte(pret.candidat)
    comptes.compte(pret.manager)
    return pret


@pytest.fixture
def paire() -> tuple[Acteur, Acteur]:
    """Les deux évaluateurs."""
    metier = comptes.avec_role(NatureRole.EVALUATEUR_METIER, None, "Hugo", "Bernard")
    certificateur = comptes.avec_role(NatureRole.EVALUATEUR_CERTIFICATEUR, None, "Salomé", "Petit")
    comptes.compte(certificateur)
    return metier, certificateur


def test_convoquer_repondre_et_deplacer(
    monde: Monde, paire: tuple[Acteur, Acteur], live_server: LiveServer, browser: Browser
) -> None:
    candidat = monde.candidat
    epreuve = _planifiee(monde, paire, BLOC, _dans(40), maintenant())
    comptes.compte(paire[0])
    with _poste(browser, live_server) as bureau, _poste(browser, live_server, TELEPHONE) as telephone:
        bureau.entrer(monde.gestionnaire)

        # La gestionnaire convoque : chacun reçoit son courriel, et une invitation que son agenda sait lire.
        bureau.ouvrir(f"/epreuves/{epreuve}/convocations/")
        bureau.suivre(bureau.bouton("Convoquer 4 personnes"))
        bureau.lire("4 convocations envoyées")
        _remettre()
        premiere = _invitation(candidat)
        assert (premiere.dtstart, premiere.sequence, premiere.location) == (_dans(40), 0, "Plateau 2")

        # Le candidat ouvre le lien sur son téléphone, sans compte, et accepte.
        ancien = _jeton(candidat)
        telephone.ouvrir(f"/epreuves/convocation/{ancien}/")
        telephone.lire("réponse attendue")
        telephone.cocher(telephone.champ("J'accepte, je viendrai"))
        telephone.suivre(telephone.bouton("Répondre"))
        telephone.lire("Vous avez accepté")
        bureau.ouvrir(f"/epreuves/{epreuve}/convocations/")
        bureau.lire("acceptée")

        # L'épreuve est déplacée : dans l'agenda, c'est le même rendez-vous, ailleurs ; la réponse est à redonner.
        services.deplacer_epreuve(
            epreuve=epreuve,
            prevue_le=_dans(47),
            lieu="Plateau 3",
            malgre=True,
            auteur=monde.gestionnaire,
            maintenant=maintenant(),
        )
        _remettre()
        seconde = _invitation(candidat)
        assert (seconde.uid, seconde.dtstart, seconde.sequence) == (premiere.uid, _dans(47), 1)
        assert seconde.location == "Plateau 3"

        # L'ancien lien dit qu'il est remplacé ; le nouveau ouvre la nouvelle convocation.
        telephone.ouvrir(f"/epreuves/convocation/{ancien}/")
        telephone.lire("un plus récent l'a remplacé")
        assert telephone.bruits == [LIEN_CLOS]
        telephone.bruits.clear()
        telephone.ouvrir(f"/epreuves/convocation/{_jeton(candidat)}/")
        telephone.lire("Plateau 3")
        telephone.lire("réponse attendue")


def test_le_jour_dit_l_identite_se_controle_et_chacun_signe(
    monde: Monde, paire: tuple[Acteur, Acteur], live_server: LiveServer, browser: Browser
) -> None:
    metier, il_y_a_un_mois = paire[0], maintenant() - timedelta(days=30)
    epreuve = _planifiee(monde, paire, BLOC_DU_JOUR, maintenant() + timedelta(minutes=1), il_y_a_un_mois)
    with _poste(browser, live_server) as bureau, _poste(browser, live_server, TELEPHONE) as telephone:
        bureau.entrer(metier)
        services.convoquer(epreuve=epreuve, auteur=monde.gestionnaire, maintenant=il_y_a_un_mois)
        _remettre()

        # L'évaluateur regarde une pièce, sans la copier, et signe de son compte.
        bureau.ouvrir(f"/epreuves/{epreuve}/presence/")
        bureau.cocher(bureau.champ("Carte d'identité"))
        bureau.suivre(bureau.bouton("L'identité est contrôlée"))
        bureau.ne_pas_lire("Pas encore contrôlée")
        bureau.suivre(bureau.bouton("Signer ma présence"))

        # Le candidat signe de son téléphone, par le lien de sa convocation.
        telephone.ouvrir(f"/epreuves/convocation/{_jeton(monde.candidat)}/")
        telephone.suivre(telephone.bouton("Signer ma présence"))
        telephone.lire("Votre présence est signée")
    le_jour = selectors.epreuve_par_id(SYSTEME, epreuve).jour
    assert set(selectors.presences(SYSTEME, epreuve, le_jour)) == {metier.id, monde.candidat.id}


def _planifiee(monde: Monde, paire: tuple[Acteur, Acteur], bloc: str, prevue_le: datetime, instant: datetime) -> UUID:
    epreuve = services.planifier_epreuve(
        dossier=monde.dossier,
        bloc=bloc,
        prevue_le=prevue_le,
        lieu="Plateau 2",
        auteur=monde.gestionnaire,
        maintenant=instant,
    )
    services.affecter_evaluateurs(
        epreuve=epreuve,
        metier=paire[0].id,
        certificateur=paire[1].id,
        auteur=monde.gestionnaire,
        maintenant=instant,
    )
    ecouler()
    return epreuve


def _dans(jours: int) -> datetime:
    """Dix heures à Paris, ce jour-là."""
    return datetime.combine(jour_civil(maintenant()) + timedelta(days=jours), time(10), tzinfo=PARIS)


def _remettre() -> None:
    """Les nouvelles montent et les courriels partent, comme le worker le fait."""
    ecouler()
    for envoi in Envoi.objects.filter(genre=COURRIEL.code):
        poster_envoi(envoi=envoi.pk, maintenant=maintenant())


def _recu(acteur: Acteur) -> EmailMessage:
    """Le dernier courriel de convocation reçu."""
    adresse = factories.courriels_de(acteur)[-1].adresse
    return [m for m in mail.outbox if m.to == [adresse] and "/epreuves/convocation/" in str(m.body)][-1]


def _jeton(acteur: Acteur) -> str:
    trouve = re.search(r"/epreuves/convocation/([^/\s]+)/", str(_recu(acteur).body))
    assert trouve is not None
    return trouve[1]


def _invitation(acteur: Acteur) -> Event:
    """Le rendez-vous joint à ce courriel, lu par une autre bibliothèque que celle qui l'écrit."""
    parties = [p for p in _recu(acteur).message().walk() if p.get_content_type() == "text/calendar"]
    (rendez_vous,) = IcsCalendarStream.calendar_from_ics(parties[0].get_payload(decode=True).decode()).events
    return rendez_vous


@contextmanager
def _poste(browser: Browser, serveur: LiveServer, ecran: ViewportSize | None = None) -> Iterator[Poste]:
    contexte = browser.new_context(locale="fr-FR", timezone_id="Europe/Paris", reduced_motion="reduce", viewport=ecran)
    contexte.set_default_timeout(15_000)
    poste = ALaSouris(contexte.new_page(), serveur.url)
    yield poste
    contexte.close()
    assert (poste.bruits, poste.fautes) == ([], [])
