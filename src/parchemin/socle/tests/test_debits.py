"""Les limites de débit : exactes, par personne ou par adresse, et rien de personnel n'y reste."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import reverse_lazy

from parchemin.comptes.tests import factories as comptes
from parchemin.socle.debits import Limite, adresse_de, compter, oublier
from parchemin.socle.models import Debit

MIDI = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("texte", "limite"), [("30/m", Limite(30, 60)), ("5/10m", Limite(5, 600)), ("2/h", Limite(2, 3600))]
)
def test_une_limite_se_lit(texte, limite):
    assert Limite.lire(texte) == limite


@pytest.mark.parametrize("texte", ["", "30", "m/30", "30/j", "-1/m"])
def test_une_limite_illisible_le_dit(texte):
    with pytest.raises(ValueError, match="limite illisible"):
        Limite.lire(texte)


@pytest.mark.django_db
def test_on_compte_par_nom_par_visiteur_et_par_tranche():
    minute = Limite(1, 60)

    def une(nom: str = "a", qui: str = "x", secondes: int = 0) -> int:
        return compter(nom=nom, qui=qui, limite=minute, instant=MIDI + timedelta(seconds=secondes))

    assert [une(), une(), une(qui="y"), une(nom="b"), une(secondes=59), une(secondes=60)] == [1, 2, 1, 1, 3, 1]


@pytest.mark.django_db
def test_ni_adresse_ni_personne_ne_reste_et_les_fenetres_finies_s_oublient():
    compter(nom="a", qui="adresse:203.0.113.7", limite=Limite(1, 60), instant=MIDI)
    ligne = Debit.objects.get()
    assert (len(ligne.pk), ligne.fin, "203" in str(ligne.pk[:0])) == (64, MIDI + timedelta(minutes=1), False)
    assert oublier(avant=MIDI + timedelta(minutes=30)) == 0
    assert oublier(avant=MIDI + timedelta(hours=2)) == 1


@pytest.mark.django_db(transaction=True)
def test_le_compte_est_exact_entre_connexions():
    depart, comptes_lus = threading.Barrier(4), []

    def demander() -> None:
        try:
            depart.wait()
            for _ in range(10):
                comptes_lus.append(compter(nom="a", qui="x", limite=Limite(1, 3600), instant=MIDI))
        finally:
            connection.close()

    fils = [threading.Thread(target=demander) for _ in range(4)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    assert sorted(comptes_lus) == list(range(1, 41))


@pytest.mark.django_db
def test_au_dela_429_avec_l_attente_puis_de_nouveau(settings):
    settings.PARCHEMIN_DEBITS = {"comptes:invitation": "2/m"}
    client = Client()
    with time_machine.travel(MIDI + timedelta(seconds=20), tick=False):
        statuts = [client.get("/comptes/invitation/inconnu/").status_code for _ in range(2)]
        reponse = client.get("/comptes/invitation/inconnu/")
        assert 429 not in statuts
        assert (reponse.status_code, reponse["Retry-After"]) == (429, "40")
        assert "Attendez une minute" in reponse.content.decode()
        assert Client(REMOTE_ADDR="198.51.100.9").get("/comptes/invitation/inconnu/").status_code != 429
    with time_machine.travel(MIDI + timedelta(seconds=61), tick=False):
        assert client.get("/comptes/invitation/inconnu/").status_code != 429


UN = "00000000-0000-4000-8000-000000000000"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("route", "adresse"),
    [
        ("POST comptes:inviter", f"/comptes/personnes/{UN}/inviter/"),
        ("POST comptes:importer_liens", reverse_lazy("comptes:importer_liens")),
        ("POST comptes:importer_organismes", reverse_lazy("comptes:importer_organismes")),
        ("POST parcours:importer", reverse_lazy("parcours:importer")),
        ("comptes:exporter_habilitations", reverse_lazy("comptes:exporter_habilitations", args=["csv"])),
        ("comptes:registre_csv", reverse_lazy("comptes:registre_csv")),
    ],
)
def test_ce_qui_ecrit_en_nombre_ou_exporte_a_sa_limite(settings, route, adresse):
    settings.PARCHEMIN_DEBITS = {route: "1/h"}
    client = comptes.client(comptes.personne())
    with time_machine.travel(MIDI, tick=False):
        envoyer = client.post if route.startswith("POST ") else client.get
        assert envoyer(str(adresse)).status_code != 429
        assert envoyer(str(adresse)).status_code == 429
        if envoyer == client.post:
            assert client.get(str(adresse)).status_code != 429


@pytest.mark.django_db
def test_deux_personnes_d_une_meme_adresse_ne_se_genent_pas_et_le_json_repond_en_json(settings):
    settings.PARCHEMIN_DEBITS = {"evaluation:faits": "1/m"}
    adresse = "/epreuves/00000000-0000-4000-8000-000000000000/faits"
    with time_machine.travel(MIDI, tick=False):
        premiere, seconde = (comptes.client(comptes.personne()) for _ in range(2))
        statuts = [c.post(adresse, {}, content_type="application/json").status_code for c in (premiere, seconde)]
        refus = premiere.post(adresse, {}, content_type="application/json")
    assert 429 not in statuts
    assert (refus.status_code, refus.json()["erreur"]["code"]) == (429, "trop_de_demandes")


@pytest.mark.parametrize(
    ("relais", "suite", "attendue"),
    [(0, "9.9.9.9", "127.0.0.1"), (1, "", "127.0.0.1"), (1, "9.9.9.9, 203.0.113.7", "203.0.113.7"), (2, "9.9.9.9, 203.0.113.7", "9.9.9.9")],
)  # fmt: skip
def test_l_adresse_ne_se_croit_que_derriere_un_mandataire_de_confiance(settings, relais, suite, attendue):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = relais
    assert adresse_de(RequestFactory().get("/", HTTP_X_FORWARDED_FOR=suite)) == attendue
