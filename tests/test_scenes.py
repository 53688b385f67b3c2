"""Une scène rejouée est la scène composée, ligne pour ligne ; et rien ne se rejoue où cela ne vaudrait pas."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.db import connection, transaction

from parchemin.carnet.tests import factories as carnet
from parchemin.comptes.models import Personne
from parchemin.comptes.tests import factories as comptes
from parchemin.convocations.models import Epreuve
from parchemin.convocations.tests import factories
from parchemin.evaluation.tests import factories as evaluation
from parchemin.parcours.tests import factories as parcours
from parchemin.registre.models import Entree
from parchemin.registre.verification import examiner
from tests import base_de_test, scenes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def aucune_gardee(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ces essais composent leurs scènes à eux, et n'en laissent aucune."""
    monkeypatch.setattr(scenes, "_SCENES", {})
    monkeypatch.setitem(scenes._etat, "remplace", False)
    monkeypatch.setitem(scenes._etat, "commun", None)


@contextmanager
def annulee() -> Iterator[None]:
    """Une transaction dont il ne reste rien."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def contenu() -> dict[str, list[bytes]]:
    """Ce que contient la base, quelle que soit la place des lignes dans leur table."""
    return {lignes.table: sorted(lignes.contenu.splitlines()) for lignes in base_de_test.relever()}


def test_rejouee_elle_est_la_scene_composee_ligne_pour_ligne() -> None:
    with annulee():
        composee, lignes = factories.salle("B3"), contenu()
        assert Entree.objects.count() > 0
    assert base_de_test.est_neuve()
    gardees = len(scenes._SCENES)
    rejouee = factories.salle("B3")
    assert (rejouee, contenu(), len(scenes._SCENES)) == (composee, lignes, gardees)


def test_apres_une_scene_rejouee_les_services_continuent_la_meme_histoire(tmp_path: Path) -> None:
    with annulee():
        salle = factories.salle("B3", ("B1", "B3"))
    salle = factories.salle("B3", ("B1", "B3"))
    avant = Entree.objects.count()
    factories.planifier(salle.monde, "B1")
    assert Entree.objects.count() > avant
    assert examiner(tmp_path, (), ()).anomalies == ()


def deux_lectures() -> tuple[factories.Salle, dict[str, list[bytes]]]:
    """Une scène qui prend la suite d'une autre, qui prend la suite d'une autre."""
    salle = evaluation.deux_lectures(factories.salle("B3"), {"K3.1.1"})
    return salle, contenu()


def test_une_scene_prend_la_suite_d_une_autre(tmp_path: Path) -> None:
    with annulee():
        composee = deux_lectures()
    gardees = len(scenes._SCENES)
    assert (deux_lectures(), len(scenes._SCENES)) == (composee, gardees)
    assert examiner(tmp_path, (), ()).anomalies == ()


@pytest.mark.parametrize("demander", [True, False])
def test_si_l_on_a_demande_quelque_chose_a_la_base_la_suite_se_compose_pour_de_vrai(demander: bool) -> None:
    with annulee():
        premiere = factories.planifier(carnet.complet(("B1",)), "B1")
    monde = carnet.complet(("B1",))
    if demander:
        Entree.objects.count()
    assert (factories.planifier(monde, "B1") == premiere) == (not demander)


def test_ce_qui_se_defait_ne_laisse_pas_croire_a_une_scene() -> None:
    monde = carnet.complet(("B1",))
    with annulee():
        factories.planifier(monde, "B1")
    factories.planifier(monde, "B1")
    assert Epreuve.objects.count() == 1


def test_un_reglage_change_fait_une_autre_scene_sauf_le_dossier_des_fichiers(settings: Any) -> None:
    with annulee():
        premiere = parcours.monde(("B1",))
    settings.STORAGES = {**settings.STORAGES}
    with annulee():
        assert parcours.monde(("B1",)) == premiere
    settings.APPEND_SLASH = False
    assert parcours.monde(("B1",)) != premiere


def test_une_base_entamee_d_autres_arguments_ou_un_autre_jour_font_une_autre_scene() -> None:
    with annulee():
        premiere = parcours.monde(("B1",))
    with annulee():
        assert parcours.monde(("B2",)).dossier != premiere.dossier
    with annulee():
        comptes.personne()
        assert parcours.monde(("B1",)).dossier != premiere.dossier
    with annulee(), time_machine.travel(datetime(2031, 5, 6, 12, tzinfo=UTC)):
        assert parcours.monde(("B1",)).dossier != premiere.dossier
    assert parcours.monde(("B1",)).dossier == premiere.dossier
    assert parcours.monde(("B1",)).dossier != premiere.dossier


@pytest.mark.parametrize("remplace", [True, False])
def test_un_test_qui_remplace_du_code_ne_rejoue_ni_ne_garde_rien(
    monkeypatch: pytest.MonkeyPatch, remplace: bool
) -> None:
    monkeypatch.setitem(scenes._etat, "remplace", remplace)
    with annulee():
        premiere = parcours.monde(("B1",))
    assert (parcours.monde(("B1",)) == premiere, scenes._SCENES == {}) == (not remplace, remplace)


def test_ce_qu_un_test_change_a_ce_qui_est_rendu_ne_passe_pas_au_suivant() -> None:
    @scenes.scene
    def liste() -> list[str]:
        return [str(comptes.personne().id)]

    with annulee():
        premiere = liste()
        premiere.append("ajout")
    with annulee():
        rejouee = liste()
        assert rejouee == premiere[:1]
        rejouee.append("ajout")
    assert liste() == premiere[:1]


def test_une_scene_partagee_passe_d_un_ouvrier_a_l_autre_avec_ses_courriels_et_ses_fichiers(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(scenes._etat, "commun", tmp_path)
    lieu = Path(settings.DONNEES) / "fichiers" / "essai-de-scene"

    @scenes.scene_partagee
    def fabrique() -> str:
        lieu.parent.mkdir(exist_ok=True)
        lieu.write_text("gardé")
        mail.send_mail("Objet", "Corps", None, ["a@caisse.example"])
        return str(comptes.personne().id)

    with annulee():
        composee, lignes = fabrique(), contenu()
    scenes._SCENES.clear()  # un autre ouvrier n'a rien composé, et sa base n'a pas servi
    lieu.unlink()
    mail.outbox.clear()
    with connection.cursor() as curseur:
        curseur.execute("SELECT setval(pg_get_serial_sequence('registre_entree', 'id'), 1, false)")
    with annulee():
        assert (fabrique(), contenu(), lieu.read_text()) == (composee, lignes, "gardé")
        comptes.personne()  # les numéros déjà pris ne se reprennent pas
    assert [courriel.subject for courriel in mail.outbox] == ["Objet"]
    lieu.unlink()
    with annulee():
        monkeypatch.setitem(scenes._etat, "commun", tmp_path / "ailleurs")
        (tmp_path / "ailleurs").mkdir()
        scenes._SCENES.clear()
        assert fabrique() != composee


def test_le_dossier_de_donnees_est_a_ce_processus_seul_et_la_base_n_y_est_pas() -> None:
    """Une scène partagée en emporte les fichiers : ceux de la base s'écriraient chez l'autre sous un serveur qui tourne."""
    assert Path(settings.DONNEES) == base_de_test.dossier().resolve()
    assert not (Path(settings.DONNEES) / "essais").exists()


def test_la_suite_d_une_scene_a_soi_ne_se_recoit_pas_d_un_autre_ouvrier(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(scenes._etat, "commun", tmp_path)

    @scenes.scene
    def a_soi() -> str:
        return str(comptes.personne().id)

    @scenes.scene_partagee
    def suite() -> str:
        return str(comptes.personne().id)

    def jouer(ouvrier: str) -> tuple[str, str]:
        scenes._SCENES.clear()
        monkeypatch.setitem(scenes._etat, "ouvrier", ouvrier)
        with annulee():
            debut = a_soi()
            fin = suite()
            assert {str(pk) for pk in Personne.objects.values_list("pk", flat=True)} == {debut, fin}
        return debut, fin

    assert len({*jouer("gw0"), *jouer("gw1")}) == 4


def test_qui_ne_peut_pas_couper_les_declencheurs_compose_pour_de_vrai() -> None:
    with connection.cursor() as curseur:
        curseur.execute("CREATE ROLE sans_droit")
        curseur.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO sans_droit")
        curseur.execute("SET LOCAL ROLE sans_droit")
    assert not base_de_test.est_neuve()
