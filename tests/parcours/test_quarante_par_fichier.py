"""Inscrire quarante personnes par fichier, au clavier seul : se tromper, corriger, confirmer, se raviser, recommencer.

Chaque page visitée passe axe, ne déborde pas, et se tait.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from parchemin.carnet.models import Carnet
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.tests import factories as comptes
from parchemin.parcours.models import Dossier, ImportCandidats
from parchemin.parcours.selectors import COLONNES
from parchemin.referentiels.tests import factories as referentiels
from parchemin.socle import tableur
from parchemin.socle.acteur import Acteur
from parchemin.socle.annonces import ecouler
from tests.parcours.postes import AuClavier

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.lent]

QUARANTE = 40
CAISSE = "Caisse de la Haute-Vallée"
EN_TETES_DES_RH = {
    "courriel": "E-mail", "nom_naissance": "Nom", "prenom1": "Prénoms", "sexe": "Genre", "naissance": "Né le",
    "organisme": "Caisse", "voie": "Voie", "initiative": "Qui a demandé", "entree_le": "Entrée",
}  # fmt: skip


@dataclass
class Scene:
    """La gestionnaire, à son clavier, et deux collègues qu'elle peut nommer."""

    poste: AuClavier
    tuteur: Acteur
    manager: Acteur


@pytest.fixture
def scene(live_server: LiveServer, browser: Browser) -> Iterator[Scene]:
    referentiels.publier()
    caisse = comptes.organisme(CAISSE)
    gestionnaire = comptes.gestionnaire(caisse)
    tuteur = comptes.avec_role(NatureRole.TUTEUR, caisse, "Théo", "Bernard")
    manager = comptes.avec_role(NatureRole.MANAGER, caisse, "Maud", "Quintin")
    contexte = browser.new_context(locale="fr-FR", timezone_id="Europe/Paris", reduced_motion="reduce")
    contexte.set_default_timeout(15_000)
    poste = AuClavier(contexte.new_page(), live_server.url)
    poste.entrer(gestionnaire)
    yield Scene(poste, tuteur, manager)
    bruits, fautes = poste.bruits, poste.fautes
    contexte.close()
    assert (bruits, fautes) == ([], [])


def test_quarante_personnes_s_inscrivent_par_fichier(scene: Scene) -> None:
    quand_elle_depose_un_fichier_faux_chaque_faute_se_dit_avec_sa_cellule(scene)
    quand_elle_depose_l_extraction_des_rh_la_page_demande_une_seule_colonne(scene)
    alors_l_essai_a_blanc_montre_les_quarante_et_n_inscrit_personne(scene)
    quand_elle_confirme_les_quarante_sont_inscrits_et_recoivent_leur_carnet(scene)

    quand_elle_se_ravise_tout_se_defait(scene)
    quand_elle_importe_le_meme_fichier_les_quarante_reviennent(scene)
    quand_quelqu_un_a_bati_dessus_la_page_le_dit_et_ne_defait_plus(scene)


def quand_elle_depose_un_fichier_faux_chaque_faute_se_dit_avec_sa_cellule(scene: Scene) -> None:
    poste = scene.poste
    poste.suivre(poste.lien("Candidats"))
    poste.suivre(poste.lien("Importer un fichier"))
    lignes = _quarante()
    lignes[1]["sexe"], lignes[3]["entree_le"] = "X", "31/02/2026"
    _deposer(poste, "faux.csv", lignes)
    poste.lire("2 erreurs dans ce fichier : personne n'est inscrit")
    poste.lire("G3 : Dites le sexe de l'acte de naissance")
    poste.lire("P5 : « 31/02/2026 » n'est pas une date")


def quand_elle_depose_l_extraction_des_rh_la_page_demande_une_seule_colonne(scene: Scene) -> None:
    poste = scene.poste
    _deposer(poste, "extraction.csv", _quarante(), EN_TETES_DES_RH)
    poste.lire("Ce fichier n'a pas les en-têtes du modèle")
    expect(poste.champ("A · E-mail")).to_have_value("courriel")
    poste.choisir(poste.champ("H · Qui a demandé"), "Initiative")
    poste.suivre(poste.bouton("Lire avec ces colonnes"))


def alors_l_essai_a_blanc_montre_les_quarante_et_n_inscrit_personne(scene: Scene) -> None:
    scene.poste.lire("40 candidats à inscrire")
    scene.poste.lire("Personne n'est encore inscrit")
    assert Dossier.objects.count() == 0


def quand_elle_confirme_les_quarante_sont_inscrits_et_recoivent_leur_carnet(scene: Scene) -> None:
    poste = scene.poste
    poste.suivre(poste.bouton("Inscrire"))
    poste.lire("40 candidats inscrits")
    ecouler()
    assert (Dossier.objects.filter(ouvert=True).count(), Carnet.objects.count()) == (QUARANTE, QUARANTE)


def quand_elle_se_ravise_tout_se_defait(scene: Scene) -> None:
    poste = scene.poste
    poste.suivre(poste.lien("Défaire cet import"))
    poste.lire("40 dossiers passent à « Abandonné »")
    poste.ecrire(poste.champ("Pourquoi défaire cet import ?"), "Ce sont les inscrits de l'an passé.")
    poste.suivre(poste.bouton("Défaire cet import"))
    poste.lire("« Ce sont les inscrits de l'an passé. »")
    assert Dossier.objects.filter(ouvert=True).count() == 0
    poste.suivre(poste.lien("Voir les candidats"))
    poste.lire("Aucun candidat encore")


def quand_elle_importe_le_meme_fichier_les_quarante_reviennent(scene: Scene) -> None:
    poste = scene.poste
    poste.suivre(poste.lien("Importer un fichier"))
    poste.lire("extraction.csv")
    _deposer(poste, "corrige.csv", _quarante())
    poste.suivre(poste.bouton("Inscrire"))
    poste.lire("40 candidats inscrits")
    assert Dossier.objects.filter(ouvert=True).count() == QUARANTE


def quand_quelqu_un_a_bati_dessus_la_page_le_dit_et_ne_defait_plus(scene: Scene) -> None:
    poste = scene.poste
    poste.suivre(poste.lien("Camille Aaa"))
    poste.suivre(poste.lien("Nommer le tuteur et le manager"))
    for place, nom in (("tuteur", "Bernard"), ("manager", "Quintin")):
        poste.ecrire(poste.champ(f"Chercher : {place}"), nom)
        poste.suivre(poste.bouton(f"Chercher : {place.title()}"))
        poste.choisir(poste.champ(place.title()), nom)
    poste.suivre(poste.bouton("Nommer"))
    importation = ImportCandidats.objects.get(defait_le=None, confirme_le__isnull=False)
    poste.ouvrir(f"/candidats/importer/{importation.pk}/defaire/")
    poste.lire("On s'est appuyé depuis sur un de ces candidats")
    poste.lire("Un tuteur a été nommé")
    assert poste.page.get_by_role("button", name="Défaire cet import").count() == 0


def _quarante() -> list[dict[str, str]]:
    lettres = "abcdefghij"
    return [
        {
            "courriel": f"candidat-{rang}@vallee.example", "nom_naissance": f"a{lettres[rang // 10]}{lettres[rang % 10]}".title(),
            "prenom1": "Camille", "sexe": "FM"[rang % 2], "naissance": f"{rang % 28 + 1:02}/05/1991", "organisme": CAISSE,
            "voie": "Formation continue", "initiative": "L'employeur", "entree_le": "12/01/2026",
        }
        for rang in range(QUARANTE)
    ]  # fmt: skip


def _deposer(poste: AuClavier, nom: str, lignes: list[dict[str, str]], entetes: Mapping[str, str] = COLONNES) -> None:
    """Le navigateur ne laisse pas choisir un fichier à sa place : on le lui donne, puis le clavier reprend."""
    octets = tableur.ecrire_csv(tuple(entetes.values()), [[une.get(code, "") for code in entetes] for une in lignes])
    poste.champ("Fichier").set_input_files({"name": nom, "mimeType": "text/csv", "buffer": octets})
    poste.suivre(poste.bouton("Lire le fichier"))
