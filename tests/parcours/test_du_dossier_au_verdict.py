"""Un candidat, de son inscription à son verdict, dans un vrai navigateur : à la souris, puis au clavier seul.

Chaque page visitée passe axe sans une faute (à la souris : au clavier, ce sont les mêmes), ne déborde pas, et laisse la console
muette (la CSP tient).
"""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pypdf
import pytest
from django.core import mail
from playwright.sync_api import Browser, Locator, expect
from pytest_django.live_server_helper import LiveServer

from parchemin.demonstration.selectors import lire_recit, secret_totp
from parchemin.demonstration.services.gens import accueillir, creer_organismes
from parchemin.referentiels.fichier import charger
from parchemin.referentiels.services import publier_version
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.annonces import ecouler
from parchemin.socle.horloge import jour_civil, maintenant
from tests.parcours.postes import ALaSouris, AuClavier, Poste

GESTIONNAIRE, TUTEUR, MANAGER = "ines.benhaddou", "marie-ange.peyrac", "olivier.mbaye"
METIER, CERTIFICATEUR, TROISIEME = "raphael.lefevre", "xavier.lhostis", "aminata.coulibaly"
CANDIDATE, SON_COURRIEL, SON_MOT_DE_PASSE = "Zoé Nguyễn-d'Arc", "zoe.nguyen@vermeille.example", "plume-encre-papier"
COMPETENCES = ("C3.1", "C3.2", "C3.3")
CRITERES = tuple(f"K3.{c}.{k}" for c, combien in ((1, 4), (2, 3), (3, 3)) for k in range(1, combien + 1))
HIER_ENCORE_ENREGISTREE, TROP_TARD = date(2026, 3, 2), date(2026, 4, 20)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.lent]


@dataclass
class Scene:
    """Qui est là, et l'épreuve dont on parle."""

    arriver: Callable[[str], Poste]
    dossier: str = ""
    epreuve: str = ""


@pytest.fixture(params=[ALaSouris, AuClavier], ids=lambda poste: poste.nom)
def scene(request: pytest.FixtureRequest, live_server: LiveServer, browser: Browser) -> Iterator[Scene]:
    """Un institut et une caisse, cinq personnes qui ont leur compte, le référentiel publié. Personne d'inscrit."""
    recit, instant = lire_recit(), maintenant() - timedelta(days=300)
    publier_version(fichier=charger(recit.referentiel), auteur=SYSTEME, maintenant=instant)
    organismes = creer_organismes(recit, instant)
    for cle in (GESTIONNAIRE, TUTEUR, MANAGER, METIER, CERTIFICATEUR, TROISIEME):
        accueillir(recit.personnes[cle], mot_de_passe=recit.mot_de_passe, organismes=organismes, maintenant=instant)
    postes: dict[str, Poste] = {}

    def arriver(cle: str) -> Poste:
        """Chacun a sa machine, et s'y connecte en arrivant."""
        if cle not in postes:
            contexte = browser.new_context(locale="fr-FR", timezone_id="Europe/Paris", reduced_motion="reduce")
            contexte.set_default_timeout(8_000)
            postes[cle] = request.param(contexte.new_page(), live_server.url, avec_axe=request.param is ALaSouris)
            if cle in recit.personnes:
                qui = recit.personnes[cle]
                postes[cle].se_connecter(qui.courriel, recit.mot_de_passe, secret_totp(qui.courriel, qui.role))
        return postes[cle]

    yield Scene(arriver)
    bruits = {cle: poste.bruits for cle, poste in postes.items() if poste.bruits}
    fautes = {cle: poste.fautes for cle, poste in postes.items() if poste.fautes}
    for poste in postes.values():
        poste.page.context.close()
    assert (bruits, fautes) == ({}, {})


def test_de_l_inscription_au_verdict(scene: Scene) -> None:
    quand_la_gestionnaire_inscrit_une_candidate_au_bloc_3(scene)
    et_quand_elle_l_invite_a_ouvrir_son_compte(scene)
    quand_tutrice_et_manager_attestent_le_carnet_chacun_de_son_cote(scene)
    quand_l_epreuve_est_planifiee_et_les_evaluateurs_affectes(scene)

    quand_un_evaluateur_veut_clore_trop_tot_alors_la_page_dit_ce_qui_manque(scene)
    quand_il_finit_sa_grille_il_la_scelle(scene, METIER, non_valides=())
    alors_l_autre_n_apprend_rien_de_sa_lecture(scene)
    quand_elle_est_remplie_la_seconde_lecture_se_scelle(scene)

    alors_on_ne_discute_que_le_critere_qui_differe(scene)
    quand_l_un_propose_et_l_autre_confirme_le_resultat_s_etablit(scene)
    alors_la_candidate_lit_son_verdict(scene)
    et_son_releve_se_recalcule_sans_nous(scene)

    quand_la_gestionnaire_confie_le_second_regard(scene)
    quand_la_troisieme_personne_declare_lit_et_scelle_son_avis(scene)
    alors_la_gestionnaire_lit_l_avis_et_la_candidate_sait_qu_il_est_rendu(scene)


# --- inscrire -----------------------------------------------------------------------------------------------------------


def quand_la_gestionnaire_inscrit_une_candidate_au_bloc_3(scene: Scene) -> None:
    poste = scene.arriver(GESTIONNAIRE)
    poste.suivre(poste.lien("Candidats"))
    poste.suivre(poste.lien("Inscrire un candidat"))
    poste.ecrire(poste.champ("Prénom"), "Zoé")
    poste.ecrire(poste.page.get_by_label(re.compile(r"^\s*Nom\b")), "Nguyễn-d'Arc")
    poste.ecrire(poste.champ("Courriel professionnel"), SON_COURRIEL)
    poste.choisir(poste.champ("Voie d'accès"), "Formation continue")
    poste.choisir(poste.champ("Qui a voulu"), "L'employeur")
    poste.dater(poste.champ("Date d'entrée"), TROP_TARD)
    poste.cocher(poste.champ("Promotion des offres"))
    poste.choisir(poste.champ("Tuteur"), "Peyrac")
    poste.choisir(poste.champ("Manager"), "M'Baye")
    poste.suivre(poste.bouton("Inscrire"))
    poste.lire("a pris fin le 19 avril 2026")  # L6113-9 : entrée trop tardive, et rien n'est perdu de la saisie
    expect(poste.champ("Prénom")).to_have_value("Zoé")
    poste.dater(poste.champ("Date d'entrée"), HIER_ENCORE_ENREGISTREE)
    poste.suivre(poste.bouton("Inscrire"))
    poste.lire(CANDIDATE)
    scene.dossier = poste.page.url.rstrip("/").rpartition("/")[2]
    # le worker : le carnet est remis, puis le candidat prévenu ; tuteur et manager prévenus, la barrière revue deux
    # fois, les convoqués suivis deux fois ; l'évaluation cherche trois fois s'il reste à juger ; et, des rôles de juge donnés
    # avant, trois vérifications qui n'ont rien à revoir
    assert ecouler() == 14


def et_quand_elle_l_invite_a_ouvrir_son_compte(scene: Scene) -> None:
    poste = scene.arriver(GESTIONNAIRE)
    poste.suivre(poste.lien("Personnes"))
    poste.suivre(poste.lien("Nguyễn-d'Arc"))
    poste.suivre(poste.bouton("Envoyer l’invitation"))
    poste.lire("Invitation envoyée à")
    mail.outbox.clear()
    ecouler()  # le worker envoie le courriel
    (chemin,) = {
        trouve for message in mail.outbox for trouve in re.findall(r"/comptes/invitation/[\w-]+/", str(message.body))
    }
    candidate = scene.arriver("la candidate")
    candidate.ouvrir(chemin)
    candidate.lire(f"Bienvenue, {CANDIDATE}")
    for rang in range(candidate.page.locator("input[type=password]").count()):
        candidate.ecrire(candidate.page.locator("input[type=password]").nth(rang), SON_MOT_DE_PASSE)
    candidate.suivre(candidate.bouton("Ouvrir mon compte"))
    candidate.se_connecter(SON_COURRIEL, SON_MOT_DE_PASSE)


# --- le carnet ----------------------------------------------------------------------------------------------------------


def quand_tutrice_et_manager_attestent_le_carnet_chacun_de_son_cote(scene: Scene) -> None:
    for qui in (TUTEUR, MANAGER):
        poste = scene.arriver(qui)
        poste.suivre(poste.lien("Attester"))
        for competence in COMPETENCES:
            poste.cocher(_choix(poste, competence).get_by_label("Maîtrisée"))
        poste.suivre(poste.bouton("Enregistrer"))
        poste.ouvrir(f"/carnet/{scene.dossier}/")
    poste.lire("3 compétences sur 3 attestées par le tuteur et par le manager")


# --- l'épreuve ----------------------------------------------------------------------------------------------------------


def quand_l_epreuve_est_planifiee_et_les_evaluateurs_affectes(scene: Scene) -> None:
    poste = scene.arriver(GESTIONNAIRE)
    poste.ouvrir(f"/candidats/{scene.dossier}/")
    poste.suivre(poste.lien("Planifier"))
    poste.dater(poste.champ("Jour"), jour_civil(maintenant()))
    poste.ecrire(poste.champ("Heure"), "0930AM" if isinstance(poste, AuClavier) else "09:30")
    poste.ecrire(poste.champ("Lieu"), "Accueil de Port-Sauveterre, guichet 5")
    poste.suivre(poste.bouton("Planifier"))
    poste.choisir(poste.champ("Représentant métier"), "Lefèvre")
    poste.choisir(poste.champ("Organisme certificateur"), "L'Hostis")
    poste.suivre(poste.bouton("Affecter"))
    poste.lire("Raphaël Lefèvre")
    scene.epreuve = poste.epreuve


def quand_un_evaluateur_veut_clore_trop_tot_alors_la_page_dit_ce_qui_manque(scene: Scene) -> None:
    poste = scene.arriver(METIER)
    poste.suivre(poste.lien("Ouvrir la grille"))
    _declarer_aucun_lien(poste)
    _dire(poste, "K3.1.1", "Validé")
    _dire(poste, "K3.1.2", "Non observé")
    _attendre_que_tout_soit_recu(poste)
    poste.suivre(poste.lien("Clore la grille"))
    poste.lire("Il reste à finir avant de clore")
    poste.lire("Le critère K3.1.2 est « non observé »")
    poste.lire("Le critère K3.3.3 n'est pas tranché")
    poste.lire("Dites comment l'épreuve s'est déroulée")
    poste.lire("il faut au moins 20 min")
    poste.suivre(poste.lien("Revenir à la grille"))


def quand_il_finit_sa_grille_il_la_scelle(scene: Scene, qui: str, non_valides: tuple[str, ...]) -> None:
    poste = scene.arriver(qui)
    for critere in CRITERES:
        _dire(poste, critere, "Non validé" if critere in non_valides else "Validé")
    _remplir_les_conditions(poste)
    _attendre_que_tout_soit_recu(poste)
    poste.suivre(poste.lien("Clore la grille"))
    poste.lire("Sceller votre lecture")
    poste.suivre(poste.bouton("Sceller ma lecture"))
    poste.lire("Votre lecture est scellée")


def alors_l_autre_n_apprend_rien_de_sa_lecture(scene: Scene) -> None:
    poste = scene.arriver(CERTIFICATEUR)
    poste.ouvrir(f"/epreuves/{scene.epreuve}/")
    poste.lire("Aucune lecture ne se voit avant que les deux soient scellées")
    assert [mot for mot in ("K3.", "validé") if mot in poste.page.locator("main").inner_text()] == []


def quand_elle_est_remplie_la_seconde_lecture_se_scelle(scene: Scene) -> None:
    poste = scene.arriver(CERTIFICATEUR)
    poste.ouvrir(f"/epreuves/{scene.epreuve}/grille/")
    _declarer_aucun_lien(poste)
    quand_il_finit_sa_grille_il_la_scelle(scene, CERTIFICATEUR, non_valides=("K3.2.3",))


def _declarer_aucun_lien(poste: Poste) -> None:
    poste.lire("Avant d'ouvrir la grille")
    poste.cocher(poste.champ("Je n'ai aucun lien avec le candidat"))
    poste.suivre(poste.bouton("Signer ma déclaration"))
    poste.lire("Votre déclaration est signée")


# --- l'accord -----------------------------------------------------------------------------------------------------------


def alors_on_ne_discute_que_le_critere_qui_differe(scene: Scene) -> None:
    poste = scene.arriver(METIER)
    poste.ouvrir(f"/epreuves/{scene.epreuve}/")
    assert [titre.split()[0] for titre in poste.page.locator("main h3").all_inner_texts()] == ["K3.2.3"]


def quand_l_un_propose_et_l_autre_confirme_le_resultat_s_etablit(scene: Scene) -> None:
    premier, second = scene.arriver(METIER), scene.arriver(CERTIFICATEUR)
    premier.cocher(premier.page.get_by_role("radio", name="Non validé"))
    premier.suivre(premier.bouton("Enregistrer ma position"))
    premier.lire("Dites pourquoi")
    premier.cocher(premier.page.get_by_role("radio", name="Non validé"))
    premier.ecrire(premier.champ("Pourquoi"), "L'usager n'a pas refait la démarche lui-même.")
    premier.suivre(premier.bouton("Enregistrer ma position"))
    second.ouvrir(f"/epreuves/{scene.epreuve}/")
    second.cocher(second.page.get_by_role("radio", name="Non validé"))
    second.suivre(second.bouton("Enregistrer ma position"))
    second.lire("le résultat est établi et scellé")


# --- le verdict ---------------------------------------------------------------------------------------------------------


def alors_la_candidate_lit_son_verdict(scene: Scene) -> None:
    poste = scene.arriver("la candidate")
    poste.ouvrir("/")
    poste.ouvrir(f"/candidats/{scene.dossier}/resultat/")
    poste.lire("non acquis")
    poste.lire("K3.2.3")
    poste.lire("2 / 3")
    poste.ne_pas_lire("L'usager n'a pas refait la démarche")


def et_son_releve_se_recalcule_sans_nous(scene: Scene) -> None:
    poste = scene.arriver("la candidate")
    lien = poste.lien("Télécharger le relevé")
    reponse = poste.page.request.get(f"{poste.page.url.partition('/candidats/')[0]}{lien.get_attribute('href')}")
    assert (reponse.status, reponse.headers["content-type"]) == (200, "application/pdf")
    pieces = pypdf.PdfReader(io.BytesIO(reponse.body())).attachments
    (nom,) = pieces
    verdict = _refaire(pieces[nom][0])
    assert nom == "verdict.jsonl"
    assert verdict["certification"] is None  # un seul bloc demandé
    assert (verdict["blocs"]["B3"]["acquis"], verdict["blocs"]["B3"]["marge"]) == (False, -1)
    detail = verdict["blocs"]["B3"]["detail"]
    attendu = {code: f"{vu['valides']} / {vu['criteres']}" for code, vu in detail.items()}
    assert {code: _compte_affiche(poste, code) for code in detail} == attendu
    assert detail["C3.2"]["bascule"] == ["K3.2.3"]


# --- le second regard ---------------------------------------------------------------------------------------------------


def quand_la_gestionnaire_confie_le_second_regard(scene: Scene) -> None:
    poste = scene.arriver(GESTIONNAIRE)
    poste.ouvrir("/")
    poste.lire(f"Trouver un second regard pour {CANDIDATE}")
    poste.ouvrir(f"/epreuves/{scene.epreuve}/second-regard/")
    poste.lire("Le bloc n'est pas acquis, à un critère près")
    poste.ne_pas_lire("Raphaël Lefèvre — ")
    qui = lire_recit().personnes[TROISIEME]
    poste.choisir(poste.champ("La troisième personne"), f"{qui.prenom} {qui.nom}")
    poste.suivre(poste.bouton("Confier ce second regard"))
    poste.lire("Le second regard est confié")


def quand_la_troisieme_personne_declare_lit_et_scelle_son_avis(scene: Scene) -> None:
    poste = scene.arriver(TROISIEME)
    poste.ouvrir("/")
    poste.lire("Rendre votre second regard")
    poste.ouvrir(f"/epreuves/{scene.epreuve}/second-regard/")
    poste.ne_pas_lire("Les lectures différaient")
    poste.cocher(poste.champ("Je n'ai aucun lien avec le candidat"))
    poste.suivre(poste.bouton("Signer ma déclaration"))
    poste.lire("Les lectures différaient")
    poste.lire("L'usager n'a pas refait la démarche lui-même")
    poste.cocher(poste.champ("Reconsidérer"))
    poste.ecrire(poste.champ("Vos raisons"), "La réécoute montre que l'usager clique lui-même.")
    poste.suivre(poste.bouton("Sceller mon avis"))
    poste.lire("Dites quels critères le jury devrait reconsidérer")
    expect(poste.champ("Vos raisons")).to_have_value("La réécoute montre que l'usager clique lui-même.")
    poste.cocher(poste.champ("À reconsidérer : K3.2.3"))
    poste.suivre(poste.bouton("Sceller mon avis"))
    poste.lire("Votre avis est scellé")


def alors_la_gestionnaire_lit_l_avis_et_la_candidate_sait_qu_il_est_rendu(scene: Scene) -> None:
    gestionnaire, candidate = scene.arriver(GESTIONNAIRE), scene.arriver("la candidate")
    gestionnaire.ouvrir(f"/epreuves/{scene.epreuve}/second-regard/")
    gestionnaire.lire("La réécoute montre que l'usager clique lui-même")
    candidate.ouvrir(f"/candidats/{scene.dossier}/")
    candidate.lire("Un second regard a été rendu")
    candidate.ne_pas_lire("La réécoute montre")


# --- les gestes de ces pages --------------------------------------------------------------------------------------------


def _choix(poste: Poste, code: str) -> Locator:
    """Le groupe de choix d'un critère, ou d'une compétence du carnet."""
    nom = re.compile(rf"^\s*{re.escape(code)}\b")
    return poste.page.get_by_role("group", name=nom).or_(poste.page.get_by_role("radiogroup", name=nom)).first


def _dire(poste: Poste, critere: str, etat: str) -> None:
    bouton = _choix(poste, critere).get_by_role("button", name=etat, exact=True)
    poste.presser(bouton)
    expect(bouton).to_have_attribute("aria-pressed", "true")


def _remplir_les_conditions(poste: Poste) -> None:
    for _ in range(2):
        poste.presser(poste.bouton("+ Entretien"))
    if not poste.bouton("Double écoute").is_visible():
        poste.presser(poste.page.locator("details.grille-conditions > summary"))
    poste.presser(poste.bouton("Double écoute"))
    expect(poste.bouton("Double écoute")).to_have_attribute("aria-pressed", "true")
    poste.ecrire(poste.champ("Observation de situations réelles, minutes"), "22")
    poste.regarder()


def _attendre_que_tout_soit_recu(poste: Poste) -> None:
    """La page ne laisse clore qu'une fois chaque geste reçu, et le dit."""
    expect(poste.page.locator("[data-parchemin-etat]")).to_have_text("Enregistré")


def _refaire(ligne: bytes) -> dict[str, Any]:
    """`parchemin verdict`, comme n'importe qui l'appellerait."""
    commande = [sys.executable, "-m", "parchemin", "verdict", "-"]
    rendu = subprocess.run(commande, input=ligne, capture_output=True, check=True)
    verdict: dict[str, Any] = json.loads(rendu.stdout)
    return verdict


def _compte_affiche(poste: Poste, competence: str) -> str:
    rangee = poste.page.locator("main tr, main li").filter(has_text=re.compile(rf"^\s*{re.escape(competence)}\b")).first
    trouve = re.search(r"(\d+)\s*/\s*(\d+)", rangee.inner_text())
    return f"{trouve[1]} / {trouve[2]}" if trouve else rangee.inner_text()
