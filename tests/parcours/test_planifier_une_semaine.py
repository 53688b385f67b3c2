"""Planifier une semaine et déplacer une épreuve : à la souris en la glissant, au clavier seul ; chaque page passe axe."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, Locator, expect
from pytest_django.live_server_helper import LiveServer

from parchemin.carnet.tests import factories as carnet
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.tests import factories as comptes
from parchemin.convocations import services
from parchemin.convocations.models import Epreuve, Plan
from parchemin.convocations.planificateur import solveur
from parchemin.convocations.tests import factories
from parchemin.parcours.tests.factories import Monde
from parchemin.socle.annonces import ecouler
from parchemin.socle.horloge import jour_civil, maintenant
from parchemin.socle.typographie import date_longue
from tests.parcours.postes import ALaSouris, AuClavier, Poste

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.lent]


@pytest.fixture
def monde(monkeypatch: pytest.MonkeyPatch) -> Monde:
    """Camille est prête pour deux blocs ; un site, deux salles, deux évaluateurs."""
    monkeypatch.setattr(solveur, "disponible", lambda: False)
    pret = carnet.complet(("B1", "B3"))
    site = factories.site(pret.organisme, "Plateau")
    for nom in ("Salle 1", "Salle 2"):
        factories.piece(site, nom)
    comptes.avec_role(NatureRole.EVALUATEUR_METIER, None, "Hugo", "Bernard")
    comptes.avec_role(NatureRole.EVALUATEUR_CERTIFICATEUR, None, "Salomé", "Petit")
    ecouler()
    return pret


@pytest.fixture(params=[ALaSouris, AuClavier], ids=lambda facon: facon.nom)
def poste(request: pytest.FixtureRequest, monde: Monde, live_server: LiveServer, browser: Browser) -> Iterator[Poste]:
    """La gestionnaire, connectée."""
    contexte = browser.new_context(locale="fr-FR", timezone_id="Europe/Paris", reduced_motion="reduce")
    contexte.set_default_timeout(15_000)
    la = request.param(contexte.new_page(), live_server.url)
    la.entrer(monde.gestionnaire)
    yield la
    contexte.close()
    assert (la.bruits, la.fautes) == ([], [])


def test_planifier_une_semaine_et_deplacer_une_epreuve(poste: Poste, monde: Monde) -> None:
    lundi = _lundi()
    poste.ouvrir("/epreuves/plans/")
    poste.dater(poste.champ("Du"), lundi)
    poste.dater(poste.champ("Au"), lundi + timedelta(days=4))
    poste.suivre(poste.bouton("Préparer le plan"))
    poste.lire("Le premier plan se prépare")
    plan = Plan.objects.get()
    services.calculer_plan(plan=plan.pk, maintenant=maintenant(), fils=1)
    poste.ouvrir(f"/epreuves/plans/{plan.pk}/")
    poste.lire("2 épreuves placées")

    _glisser(poste, "Bloc 3", f"{_autre_salle(poste, 'Bloc 3')}, {_jour(lundi)}")
    poste.lire("rien ne s’y oppose")
    poste.suivre(poste.lien("Bloc 3"))
    poste.suivre(poste.bouton("Un quart d’heure plus tôt"))
    poste.lire("cette place ne tient pas")
    poste.lire("2 épreuves ne tiennent pas à leur place")
    _glisser(poste, "Bloc 3", f"Salle 1, {_jour(lundi + timedelta(days=1))}")
    poste.lire("rien ne s’y oppose")

    poste.suivre(poste.lien("Adopter ce plan"))
    poste.suivre(poste.bouton("Adopter"))
    services.adopter_plan(plan=plan.pk, auteur=monde.gestionnaire, malgre=False, maintenant=maintenant())
    poste.ouvrir(f"/epreuves/plans/{plan.pk}/")
    poste.lire("Plan adopté")
    assert Epreuve.objects.filter(etat="affectee").count() == 2


def _autre_salle(poste: Poste, bloc: str) -> str:
    """La salle où cette épreuve n'est pas : le premier plan choisit l'une ou l'autre, elles se valent."""
    zone = poste.page.locator(
        "[data-parchemin-plan-zone]", has=poste.page.locator(f'[data-parchemin-plan-epreuve$="{bloc}"]')
    )
    ici = zone.get_attribute("data-parchemin-plan-zone") or ""
    return "Salle 2" if ici.startswith("Salle 1") else "Salle 1"


def _glisser(poste: Poste, bloc: str, zone: str) -> None:
    poignee = poste.page.locator(f'[data-parchemin-plan-epreuve$="{bloc}"] .plan-poignee')
    cible = poste.page.locator(f'[data-parchemin-plan-zone="{zone}"]')
    expect(cible).to_have_count(1)
    with poste.page.expect_navigation():
        if isinstance(poste, AuClavier):
            _au_clavier(poste, poignee, cible)
        else:
            _a_la_souris(poste, poignee, cible)
    poste.regarder()


def _a_la_souris(poste: Poste, poignee: Locator, cible: Locator) -> None:
    poignee.hover()
    poste.page.mouse.down()
    cible.evaluate("zone => zone.scrollIntoView({ block: 'center' })")  # la molette, l'épreuve tenue
    boite = cible.bounding_box()
    assert boite is not None
    poste.page.mouse.move(boite["x"] + boite["width"] / 2, boite["y"] + boite["height"] / 2, steps=8)
    poste.page.mouse.up()


def _au_clavier(poste: Poste, poignee: Locator, cible: Locator) -> None:
    poste.presser(poignee)
    for _ in range(40):
        if "visee" in (cible.get_attribute("class") or ""):
            break
        poste.page.keyboard.press("ArrowDown")
    poste.page.keyboard.press("Enter")


def _lundi() -> date:
    jour = jour_civil(maintenant()) + timedelta(weeks=4)
    return jour + timedelta(days=-jour.weekday() % 7)


def _jour(jour: date) -> str:
    return date_longue(jour).capitalize()
