"""L'épreuve entière de chaque bloc, dans un vrai navigateur : à deux, l'un au doigt sans réseau, l'autre au clavier seul, jusqu'au relevé. Et son poids."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Response, expect

from moteur.vocabulaire import CodeExigence
from parchemin.convocations.selectors import epreuve_par_id
from parchemin.convocations.tests import factories as convocations
from parchemin.evaluation import selectors
from parchemin.evaluation.enums import NatureResultat
from parchemin.evaluation.tests.test_hors_ligne import garde, sans_reseau
from parchemin.evaluation.tests.test_navigateur import ENREGISTRE, etat, ouvrir, ouvrir_session
from parchemin.socle.acteur import SYSTEME
from tests.parcours.postes import DEBORDE, violations

pytestmark = pytest.mark.django_db(transaction=True)

MOTIF = "Épreuve jouée plus vite que dans la vie."
MONTRE_LENTE = "{ const vraie = performance.now.bind(performance); performance.now = () => vraie() / 100; }"
"""Les deux mettent moins d'une minute, même sur une machine chargée : leurs durées ne diffèrent pas."""
BLOCS = ["B1", "B2", "B3", "B4"]
A_L_OUVERTURE = {
    "affichage.js",
    "appareil.js",
    "coffre.js",
    "envoi.js",
    "grille.js",
    "reserve.js",
}


def _bloc(salle):
    return selectors.bloc_de(SYSTEME, epreuve_par_id(SYSTEME, salle.epreuve))


def _constater(salle, evaluateur, bloc) -> None:
    """Ce que la base tient : tout est tranché, une pause a son motif, une question est posée, les comptes y sont."""
    grille = selectors.grille(evaluateur, salle.epreuve)
    assert set(grille.etats) == {critere.code for critere in bloc.criteres()}
    assert list(grille.etats.values()).count("non_valide") == 1
    premiere, seconde = bloc.epreuve.phases
    assert [pause.motif for pause in grille.phases[premiere.code].pauses] == ["Incident technique"]
    assert grille.phases[premiere.code].duree_ms is not None
    assert grille.phases[seconde.code].etat == "en_cours"
    assert list(grille.questions) == [bloc.criteres()[0].code]
    comptes = {exigence.code for exigence in bloc.epreuve.exigences}
    assert (len(grille.entretiens), len(grille.courriers), len(grille.competences_abordees)) == (
        2 * (CodeExigence.ENTRETIENS in comptes),
        CodeExigence.COURRIERS in comptes,
        2 * (CodeExigence.COMPETENCES_ABORDEES in comptes),
    )
    assert grille.conflits == ()


@pytest.mark.parametrize("code", BLOCS)
def test_a_deux_jusqu_au_releve(live_server, browser: Browser, code):
    """L'un au doigt, sans réseau toute l'épreuve ; l'autre au clavier seul : chacun scelle, confirme, et le relevé sort."""
    salle = convocations.salle(code)
    bloc = _bloc(salle)
    with (
        _poste(browser, live_server, salle.metier, has_touch=True) as tablette,
        _poste(browser, live_server, salle.certificateur) as ordinateur,
    ):
        ouvrir(tablette, live_server, salle)
        garde(tablette)
        with sans_reseau(live_server, tablette.context):
            _a_la_tape(tablette, bloc)
            expect(etat(tablette)).to_contain_text("gardés sur cet appareil")
        expect(etat(tablette)).to_have_text(ENREGISTRE, timeout=10_000)
        ouvrir(ordinateur, live_server, salle)
        _regarder(ordinateur)
        _au_clavier(ordinateur, bloc)
        expect(etat(ordinateur)).to_have_text(ENREGISTRE)
        for evaluateur in (salle.metier, salle.certificateur):
            _constater(salle, evaluateur, bloc)
        for page in (tablette, ordinateur):
            _sceller(page, live_server, salle)
        for page in (tablette, ordinateur):
            page.goto(f"{live_server.url}/epreuves/{salle.epreuve}/")
            _regarder(page)
            _valider(page, "Confirmer ce résultat commun")
        _regarder(ordinateur)
        releve = ordinateur.context.request.get(f"{live_server.url}/candidats/{salle.monde.dossier}/releve.pdf")
        assert (releve.status, releve.headers["content-type"]) == (200, "application/pdf")
    resultat = selectors.resultat(SYSTEME, salle.epreuve)
    assert resultat.nature == NatureResultat.CONCORDANT
    assert [etat.value for etat in resultat.etats.values()].count("non_valide") == 1
    assert {exception.motif for exception in resultat.exceptions} == ({MOTIF} if bloc.epreuve.alternatives else set())


@contextmanager
def _poste(browser: Browser, live_server, acteur, *, has_touch: bool = False) -> Iterator[Page]:
    """Le navigateur d'une personne, connectée."""
    contexte = browser.new_context(
        locale="fr-FR", timezone_id="Europe/Paris", viewport={"width": 820, "height": 1180}, has_touch=has_touch
    )
    contexte.add_init_script(MONTRE_LENTE)
    ouvrir_session(contexte, live_server, acteur)
    try:
        yield contexte.new_page()
    finally:
        contexte.close()


def _regarder(page: Page) -> None:
    """Axe n'y voit rien, et rien n'en déborde."""
    assert (violations(page), page.evaluate(DEBORDE)) == ([], 0)


def _sceller(page: Page, live_server, salle) -> None:
    """Clore : chaque durée trop courte a son motif, au clavier seul, puis le sceau."""
    page.goto(f"{live_server.url}/epreuves/{salle.epreuve}/clore/")
    _regarder(page)
    for rang in range(page.locator("main textarea").count()):
        _aller(page, f"#{page.locator('main textarea').nth(rang).get_attribute('id')}")
        page.keyboard.type(MOTIF)
    _valider(page, re.compile("Sceller (avec ces motifs|ma lecture)"))
    expect(page.locator("body")).to_contain_text("Votre lecture est scellée")
    _regarder(page)


def _valider(page: Page, nom: str | re.Pattern[str]) -> None:
    """Active ce bouton par Tab et Entrée."""
    bouton = page.get_by_role("button", name=nom).element_handle()
    for _ in range(150):
        if bouton.evaluate("element => element === document.activeElement"):
            break
        page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")


def _a_la_tape(page: Page, bloc) -> None:
    """Toute l'épreuve au doigt, sur une tablette droite."""
    premiere, seconde = bloc.epreuve.phases

    def taper(selecteur: str, rang: int = 0) -> None:
        page.locator(selecteur).nth(rang).tap()

    if bloc.epreuve.alternatives:
        taper('button[name="alternative"]')
    taper(f'button[name="phase:{premiere.code}:debut"]')
    for exigence in bloc.epreuve.exigences:
        match exigence.code:
            case CodeExigence.ENTRETIENS:
                taper('button[value="entretien"]')
                taper('button[value="entretien"]')
            case CodeExigence.COURRIERS:
                taper('[popovertarget="courrier"]')
                page.locator("#motif").fill("Changement d’adresse")
                taper('button[value="courrier"]')
            case CodeExigence.COMPETENCES_ABORDEES:
                for rang in (0, 1):
                    taper('button[name^="competence_abordee:"]', rang)
    taper(f'[popovertarget="pause-{premiere.code}"]')
    taper(f'button[name="pause:{premiere.code}"][value="Incident technique"]')
    taper(f'button[name="reprise:{premiere.code}"]')
    for critere in bloc.criteres()[1:]:
        taper(f'button[name="critere:{critere.code}"][value="valide"]')
    taper(f'button[name="phase:{premiere.code}:fin"]')
    taper(f'button[name="phase:{seconde.code}:debut"]')
    taper(".vers-questions")
    bloque = page.locator("[data-parchemin-entretien] > li")
    expect(bloque).to_have_count(1)
    bloque.get_by_role("textbox", name="Autre question").fill("Comment avez-vous choisi ?")
    bloque.get_by_role("button", name="Noter", exact=True).tap()
    bloque.get_by_role("button", name="Non validé", exact=True).tap()
    taper(".vers-grille")


def _aller(page: Page, selecteur: str) -> None:
    """Tab jusqu'à cet élément, comme qui n'a pas de souris."""
    for _ in range(150):
        if page.evaluate("selecteur => document.activeElement.matches(selecteur)", selecteur):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"le clavier n'atteint pas {selecteur}")


def _au_clavier(page: Page, bloc) -> None:
    """La même épreuve au clavier seul."""
    presser = page.keyboard.press

    def aller(selecteur: str) -> None:
        _aller(page, selecteur)

    premiere, seconde = bloc.epreuve.phases
    aller(f'button[name="phase:{premiere.code}:debut"]')
    presser("Enter")
    if bloc.epreuve.alternatives:
        aller('button[name="alternative"]')
        presser("Enter")
    for exigence in bloc.epreuve.exigences:
        match exigence.code:
            case CodeExigence.ENTRETIENS:
                presser("e")
                presser("e")
            case CodeExigence.COURRIERS:
                presser("c")
                aller("#motif")
                page.keyboard.type("Changement d’adresse")
                presser("Enter")
            case CodeExigence.COMPETENCES_ABORDEES:
                for competence in bloc.competences()[:2]:
                    aller(f'button[name="competence_abordee:{competence.code}"]')
                    presser("Enter")
    presser("p")
    expect(page.locator(f"#pause-{premiere.code}")).to_be_visible()
    aller(f'button[name="pause:{premiere.code}"][value="Incident technique"]')
    presser("Enter")
    expect(page.locator(f"#gestes-{premiere.code}")).to_have_attribute("data-etat", "en_pause")
    presser("p")
    expect(page.locator(f"#gestes-{premiere.code}")).to_have_attribute("data-etat", "en_cours")
    aller(f'button[name="critere:{bloc.criteres()[0].code}"]')
    for _ in bloc.criteres()[1:]:
        presser("ArrowDown")
        presser("1")
    page.locator("body").evaluate("corps => corps.focus()")
    aller(f'button[name="phase:{premiere.code}:fin"]')
    presser("Enter")
    aller(f'button[name="phase:{seconde.code}:debut"]')
    presser("Enter")
    presser("q")
    expect(page.locator("[data-parchemin-entretien] > li")).to_have_count(1)
    aller('[data-parchemin-entretien] button[value="non_valide"]')
    presser("2")
    aller('[name^="autre-question:"]')
    page.keyboard.type("Comment avez-vous choisi ?")
    presser("Enter")


def test_les_questions_s_ouvrent_et_se_posent_sans_reseau(live_server, context: BrowserContext, page: Page):
    salle = convocations.salle("B3")
    ouvrir_session(context, live_server, salle.metier)
    ouvrir(page, live_server, salle)
    page.locator('button[name="critere:K3.1.1"][value="valide"]').click()
    expect(etat(page)).to_have_text(ENREGISTRE)
    page.locator(".vers-questions").click()
    page.locator(".vers-grille").click()
    page.route("**/faits", lambda route: route.abort())
    page.locator('button[name="critere:K3.1.2"][value="non_valide"]').click()
    page.locator(".vers-questions").click()
    codes = page.locator("[data-parchemin-entretien] > li").evaluate_all(
        "blocs => blocs.map((bloc) => bloc.dataset.parcheminBloc)"
    )
    assert (len(codes), codes[0], codes[-1]) == (9, "K3.1.3", "K3.1.2")


def test_la_page_charge_peu_de_script_avant_la_premiere_tape(live_server, context: BrowserContext, page_muette: Page):
    salle = convocations.salle("B1")
    recus: list[Response] = []

    def noter(recu: Response) -> None:
        if recu.url.endswith(".js") and "service-worker" not in recu.url:
            recus.append(recu)

    page_muette.on("response", noter)
    ouvrir_session(context, live_server, salle.metier)
    page_muette.goto(f"{live_server.url}/epreuves/{salle.epreuve}/grille/")
    expect(page_muette.locator("[data-parchemin-outils]")).to_be_visible()  # la grille tourne : ses modules sont là
    page_muette.wait_for_load_state("networkidle")
    poids = {recu.url.rpartition("/")[2]: len(recu.body()) for recu in recus}
    assert set(poids) == A_L_OUVERTURE
    assert sum(poids.values()) <= 30 * 1024, poids
