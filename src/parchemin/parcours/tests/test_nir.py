"""Le NIR : ses règles, sa table chiffrée, qui le tient ; et tout ce où il n'entre jamais. Numéros fabriqués ici, clé comprise."""

from __future__ import annotations

import json
import secrets

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from stdnum.fr import nir as officiel

from parchemin.comptes.enums import NatureRole
from parchemin.comptes.services import fusionner
from parchemin.comptes.tests import factories as comptes
from parchemin.comptes.tests.factories import client, texte
from parchemin.parcours import nir as regles
from parchemin.parcours import services
from parchemin.parcours.identite import EtatCivil, LieuDeNaissance, Naissance
from parchemin.parcours.models import NirChiffre
from parchemin.parcours.tests import factories
from parchemin.parcours.tests.factories import INSCRIPTION
from parchemin.registre.models import Entree
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.chiffrement import Trousseau
from parchemin.socle.refus import Introuvable, Refus, RefusDroit

TROUSSEAU = Trousseau({"essai": secrets.token_bytes(32)}, "essai")


def numero(corps: str) -> str:
    """Ces treize signes, et leur clé."""
    return corps + officiel.calc_check_digits(corps)


DIT = EtatCivil("Martin", ("Camille",), "F", Naissance(1991, 5, 3), LieuDeNaissance("61001", "Alençon"))
SIEN = numero("2910561001001")


def codes(saisi: str, etat: EtatCivil | None = DIT) -> list[tuple[str, bool]]:
    return [(constat.code, constat.refuse) for constat in regles.controler(saisi, etat)]


# Les règles -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("saisi", "attendus"),
    [
        (SIEN, []),
        (officiel.format(SIEN), []),
        (officiel.format(SIEN, "\u00a0"), []),
        (officiel.format(SIEN, "-"), []),
        (SIEN[:-1], [("longueur", True)]),
        (SIEN + "1", [("longueur", True)]),
        ("", [("longueur", True)]),
        ("A" * 15, [("forme", True)]),
        (SIEN[:-1] + str((int(SIEN[-1]) + 1) % 10), [("cle_fausse", True)]),
        (numero("9910561001001"), [("sexe_impossible", True)]),
        (numero("1910561001001"), [("sexe", False)]),
        (numero("2900561001001"), [("annee", False)]),
        (numero("2910661001001"), [("mois", False)]),
        (numero("2912061001001"), []),
        (numero("2910575056001"), [("lieu", False)]),
        (numero("8910561001001"), [("provisoire", False)]),
        (numero("3910561001001"), [("provisoire", False), ("sexe", False)]),
    ],
)
def test_ce_qu_un_nir_dit_au_regard_de_l_etat_civil(saisi, attendus):
    assert codes(saisi) == attendus


def test_sans_etat_civil_rien_ne_surprend():
    assert codes(numero("1620275056001"), None) == []


@pytest.mark.parametrize(
    ("corps", "lieu", "attendus"),
    [
        ("291052A004001", LieuDeNaissance("2A004"), []),
        ("291052B033001", LieuDeNaissance("2B033"), []),
        ("2910520004001", LieuDeNaissance("2A004"), []),
        ("291052A004001", LieuDeNaissance("2B033"), [("lieu", False)]),
        ("2910597105001", LieuDeNaissance("97105"), []),
        ("2910599109001", LieuDeNaissance("", "Berlin", "99109", "Allemagne"), []),
        ("2910599109001", LieuDeNaissance("", "Rome", "99127", "Italie"), [("lieu", False)]),
    ],
)
def test_corse_outre_mer_et_etranger(corps, lieu, attendus):
    assert codes(numero(corps), EtatCivil("Martin", ("C",), "F", Naissance(1991, 5, 3), lieu)) == attendus


@given(st.text(max_size=20))
def test_aucun_message_ne_repete_ce_qui_est_saisi(saisi):
    chiffres = [part for part in saisi.split() if len(part) > 3]
    assert not any(part in constat.message for constat in regles.controler(saisi, DIT) for part in chiffres)


@given(st.from_regex(r"[1-4][0-9]{12}", fullmatch=True), st.integers(0, 96))
def test_une_seule_cle_convient(corps, cle):
    assert (codes(f"{corps}{cle + 1:02}", None)[:1] == [("cle_fausse", True)]) == (
        f"{cle + 1:02}" != officiel.calc_check_digits(corps)
    )


# La table -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def allume(settings):
    settings.PARCHEMIN_CLES_NIR = TROUSSEAU


@pytest.fixture
def monde(db):
    with time_machine.travel(INSCRIPTION, tick=False):
        yield factories.monde()


@pytest.fixture
def declarant(monde):
    return comptes.gestionnaire()


def garder(monde, auteur=SYSTEME, nir=SIEN):
    return services.enregistrer_nir(dossier=monde.dossier, nir=nir, auteur=auteur, maintenant=INSCRIPTION)


def lire(monde, auteur=SYSTEME):
    return services.lire_nir(dossier=monde.dossier, auteur=auteur, maintenant=INSCRIPTION)


def test_un_nir_se_garde_chiffre_se_lit_au_journal_et_s_efface(monde, declarant, allume):
    garder(monde, declarant, officiel.format(SIEN))
    ligne = NirChiffre.objects.get()
    assert (ligne.cle, SIEN.encode() in bytes(ligne.chiffre), ligne.enregistre_par) == ("essai", False, declarant.id)
    assert lire(monde, declarant) == SIEN
    avant = Entree.objects.count()
    garder(monde, declarant)
    assert Entree.objects.count() == avant
    services.effacer_nir(dossier=monde.dossier, auteur=declarant, maintenant=INSCRIPTION)
    services.effacer_nir(dossier=monde.dossier, auteur=declarant, maintenant=INSCRIPTION)
    with pytest.raises(Introuvable):
        lire(monde, declarant)
    dites = Entree.objects.filter(action__startswith="parcours.nir").order_by("pk").values_list("action", flat=True)
    assert list(dites) == ["parcours.nir_enregistre", "parcours.nir_lu", "parcours.nir_efface"]


def test_ses_chiffres_ne_sont_nulle_part_ailleurs_dans_la_base(monde, declarant, allume):
    """Chaque colonne de chaque table, relue : le numéro n'y est pas, ni entier, ni en morceaux, ni en octets."""
    garder(monde, declarant)
    lire(monde, declarant)
    ouvert = client(declarant)
    ouvert.post(f"/candidats/{monde.dossier}/nir/", {"nir": SIEN})
    ouvert.post(f"/candidats/{monde.dossier}/nir/", {"nir": SIEN[:-2] + "00"})
    with connection.cursor() as curseur:
        curseur.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
        for (table,) in curseur.fetchall():
            curseur.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s OR t::text LIKE %s', [
                f"%{SIEN[:13]}%", f"%{SIEN.encode().hex()}%",
            ])  # fmt: skip
            assert (table, curseur.fetchone()) == (table, (0,))


def test_un_chiffre_recopie_sur_une_autre_fiche_ne_s_ouvre_pas(monde, allume):
    autre = factories.monde(organisme=monde.organisme)
    garder(monde)
    garder(autre, nir=numero("1800175056002"))
    volee = NirChiffre.objects.get(candidat_id=monde.candidat.id)
    NirChiffre.objects.filter(candidat_id=autre.candidat.id).update(chiffre=volee.chiffre)
    with pytest.raises(Refus) as refus:
        lire(autre)
    assert (refus.value.code, lire(monde)) == ("nir_illisible", SIEN)


def test_une_cle_de_plus_rechiffre_tout_puis_l_ancienne_s_ote(monde, allume, settings, capsys):
    garder(monde)
    neuve = secrets.token_bytes(32)
    settings.PARCHEMIN_CLES_NIR = Trousseau({"neuve": neuve, **TROUSSEAU.cles}, "neuve")
    assert lire(monde) == SIEN
    call_command("rechiffrer_nir")
    call_command("rechiffrer_nir")
    assert [dit.replace("\u00a0", " ") for dit in capsys.readouterr().out.split("\n")] == [
        "1 NIR rechiffré.", "0 NIR rechiffré.", "",
    ]  # fmt: skip
    settings.PARCHEMIN_CLES_NIR = Trousseau({"neuve": neuve}, "neuve")
    assert (NirChiffre.objects.get().cle, lire(monde)) == ("neuve", SIEN)
    settings.PARCHEMIN_CLES_NIR = Trousseau({"perdue": secrets.token_bytes(32)}, "perdue")
    with pytest.raises(CommandError, match="ne s'ouvre pas"):
        call_command("rechiffrer_nir")
    assert NirChiffre.objects.get().cle == "neuve"


def test_eteint_rien_n_existe(monde, declarant):
    for geste in (garder, lire):
        with pytest.raises(Introuvable):
            geste(monde, declarant)
    with pytest.raises(Introuvable):
        services.effacer_nir(dossier=monde.dossier, auteur=declarant, maintenant=INSCRIPTION)
    with pytest.raises(CommandError):
        call_command("rechiffrer_nir")
    ouvert = client(declarant)
    assert ouvert.get(f"/candidats/{monde.dossier}/nir/").status_code == 404
    assert ouvert.post(f"/candidats/{monde.dossier}/nir/effacer/").status_code == 404
    assert "NIR" not in texte(ouvert.get(f"/candidats/{monde.dossier}/etat-civil/"))


@pytest.mark.parametrize(
    ("nature", "la"),
    [(nature, True) for nature in NatureRole] + [(nature, False) for nature in NatureRole if nature != "gestionnaire"],
)
def test_seul_qui_gere_la_certification_partout_le_tient(nature, la, monde, allume):
    garder(monde)
    autre = comptes.avec_role(nature, monde.organisme if la else None)
    for geste in (garder, lire):
        with pytest.raises(RefusDroit):
            geste(monde, autre)


def test_le_candidat_ni_son_gestionnaire_ne_le_tiennent(monde, allume):
    garder(monde)
    for qui in (monde.candidat, monde.tuteur, monde.manager, monde.gestionnaire):
        with pytest.raises(RefusDroit):
            lire(monde, qui)
        assert client(qui).get(f"/candidats/{monde.dossier}/nir/").status_code == 403
    assert "NIR" not in texte(client(monde.gestionnaire).get(f"/candidats/{monde.dossier}/etat-civil/"))


def test_un_nir_ne_suit_pas_une_fiche_que_l_on_reunit(monde, allume):
    garder(monde)
    gardee = comptes.avec_role(NatureRole.CANDIDAT, monde.organisme)
    with pytest.raises(Refus) as refus:
        fusionner(alias=monde.candidat.id, gardee=gardee.id, auteur=SYSTEME, maintenant=INSCRIPTION)
    assert any("porte un NIR" in detail for detail in refus.value.details)


# La page --------------------------------------------------------------------------------------------------------------


def test_la_page_enregistre_avertit_efface_et_ne_montre_jamais_le_numero(monde, declarant, allume):
    ouvert, page = client(declarant), f"/candidats/{monde.dossier}/nir/"
    assert "NIR, pour la déclaration" in texte(ouvert.get(f"/candidats/{monde.dossier}/etat-civil/"))
    faux = SIEN[:-2] + "00"
    refuse = ouvert.post(page, {"nir": faux})
    assert (refuse.status_code, "La clé (les deux derniers chiffres)" in texte(refuse)) == (422, True)
    services.enregistrer_etat_civil(
        dossier=monde.dossier, etat=DIT, auteur=declarant, maintenant=INSCRIPTION
    )  # fmt: skip
    fait = ouvert.post(page, {"nir": numero("1910561001001")}, follow=True)
    assert "Le sexe que dit ce numéro" in texte(fait)
    assert "Enregistré le 2 septembre 2026 par Gisèle" in texte(fait)
    for reponse in (refuse, fait, ouvert.get(page)):
        brut = reponse.content.decode()
        assert not any(numero_saisi[:7] in brut for numero_saisi in (faux, numero("1910561001001")))
    efface = ouvert.post(f"{page}effacer/", follow=True)
    assert "NIR effacé" in texte(efface)
    assert "Effacer ce NIR" not in texte(efface)
    assert NirChiffre.objects.count() == 0


def test_aucune_entree_de_journal_ne_porte_le_numero(monde, declarant, allume):
    client(declarant).post(f"/candidats/{monde.dossier}/nir/", {"nir": SIEN})
    lire(monde, declarant)
    for entree in Entree.objects.filter(action__startswith="parcours.nir"):
        assert SIEN[:7] not in json.dumps(entree.donnees)
