"""Deux workers, deux actes à la fois, un processus tué : une seule fois, ou la même chose reconnaissable."""

from __future__ import annotations

import threading

import pytest
from django.core import mail
from django.db import connection

from parchemin.comptes.tests.test_concurrence import ensemble
from parchemin.courriels import services
from parchemin.courriels.enums import Etat, Rythme
from parchemin.courriels.models import Envoi, Nouvelle, Preference
from parchemin.courriels.services.remise import poster_envoi
from parchemin.courriels.tests import factories
from parchemin.courriels.tests.factories import MIDI, PRESSANT
from parchemin.registre.models import Entree
from parchemin.socle.acteur import SYSTEME

pytestmark = pytest.mark.django_db(transaction=True)


def test_deux_depots_de_la_meme_cle_a_la_fois_n_en_font_qu_un():
    assert ensemble(*[factories.envoyer] * 4) == ["fait"] * 4
    assert Envoi.objects.count() == 1
    assert Entree.objects.filter(action="courriels.depose").count() == 1


def test_deux_workers_sur_le_meme_envoi_n_en_remettent_qu_un():
    """Pendant que l'un parle au serveur d'envoi, l'autre passe son chemin sans attendre."""
    envoi = factories.envoyer()
    en_cours, finir = threading.Event(), threading.Event()
    remis, rendus = [], []

    def lente(message):
        remis.append(message.to)
        en_cours.set()
        assert finir.wait(10)

    def premier():
        try:
            rendus.append(poster_envoi(envoi=envoi.pk, maintenant=MIDI, remettre=lente))
        finally:
            connection.close()

    fil = threading.Thread(target=premier)
    fil.start()
    assert en_cours.wait(10)
    assert poster_envoi(envoi=envoi.pk, maintenant=MIDI, remettre=remis.append) is None
    finir.set()
    fil.join(10)
    assert (remis, rendus) == ([["ada@exemple.fr"]], [Etat.ENVOYE])


def test_tue_entre_la_remise_et_la_marque_il_repart_avec_le_meme_identifiant():
    """Ce qui est garanti : au moins une fois, et reconnaissable. `KeyboardInterrupt` figure le processus tué."""
    envoi = factories.envoyer()
    partis = []

    def remettre_puis_mourir(message):
        partis.append(message.message()["Message-ID"])
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        poster_envoi(envoi=envoi.pk, maintenant=MIDI, remettre=remettre_puis_mourir)
    envoi.refresh_from_db()
    assert (envoi.etat, envoi.essais) == (Etat.A_ENVOYER, 0)
    assert poster_envoi(envoi=envoi.pk, maintenant=MIDI) == Etat.ENVOYE
    assert [message.message()["Message-ID"] for message in mail.outbox] == partis


def test_annuler_pendant_l_essai_attend_et_dit_la_verite():
    envoi = factories.envoyer()
    en_cours, finir = threading.Event(), threading.Event()
    rendus = {}

    def lente(message):
        en_cours.set()
        assert finir.wait(10)

    def dans_un_fil(nom, geste):
        def travail():
            try:
                rendus[nom] = geste()
            finally:
                connection.close()

        fil = threading.Thread(target=travail)
        fil.start()
        return fil

    envoie = dans_un_fil("poster", lambda: poster_envoi(envoi=envoi.pk, maintenant=MIDI, remettre=lente))
    assert en_cours.wait(10)
    annule = dans_un_fil("annuler", lambda: services.annuler(cle="essai:1", auteur=SYSTEME, maintenant=MIDI))
    finir.set()
    envoie.join(10)
    annule.join(10)
    assert rendus == {"poster": Etat.ENVOYE, "annuler": False}


def test_plusieurs_nouvelles_pressantes_a_la_fois_ne_font_qu_un_courriel_ce_jour_la():
    rendus = []

    def geste(numero):
        return lambda: rendus.append(factories.prevenir(f"essai:{numero}", genre=PRESSANT))

    assert ensemble(*map(geste, range(4))) == ["fait"] * 4
    assert sorted(map(str, rendus)) == ["envoyee", "gardee", "gardee", "gardee"]
    assert (Envoi.objects.count(), Nouvelle.objects.count()) == (1, 3)


def test_deux_tournees_a_la_fois_n_envoient_qu_un_courriel_du_jour():
    factories.prevenir()
    assert ensemble(*[factories.regrouper] * 3) == ["fait"] * 3
    assert Envoi.objects.count() == 1
    assert Nouvelle.objects.get().envoi_id == Envoi.objects.get().pk


def test_regler_deux_fois_a_la_fois_ne_laisse_qu_une_preference():
    assert ensemble(*[lambda: factories.regler(PRESSANT, Rythme.JAMAIS)] * 3) == ["fait"] * 3
    assert list(Preference.objects.values_list("genre", "rythme")) == [("essai.pressant", "jamais")]
