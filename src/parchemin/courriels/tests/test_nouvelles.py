"""Les facultatifs : au plus un par personne et par jour, au rythme de chacun, rien quand il n'y a rien à dire."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from parchemin.courriels import selectors, services
from parchemin.courriels.enums import Issue, Rythme
from parchemin.courriels.genres import DU_JOUR
from parchemin.courriels.messages import Ligne
from parchemin.courriels.models import Envoi, Nouvelle
from parchemin.courriels.services.nouvelles import NOUVELLES_MAX
from parchemin.courriels.services.remise import en_courriel
from parchemin.courriels.tests import factories
from parchemin.courriels.tests.factories import ADA, BOB, MIDI, NECESSAIRE, PRESSANT, SIGNALE
from parchemin.registre.models import Entree
from parchemin.socle.acteur import Acteur
from parchemin.socle.refus import Refus

pytestmark = pytest.mark.django_db
DEMAIN = MIDI + timedelta(days=1)
TACHE = Ligne("Attester le carnet de Camille", "3 compétences.", "hier", "/candidats/1/carnet/")


def cles() -> list[str]:
    return list(Envoi.objects.order_by("depose_le", "cle").values_list("cle", flat=True))


@pytest.mark.parametrize(
    ("genre", "choisi", "attendu"),
    [
        (SIGNALE, None, Issue.GARDEE),
        (SIGNALE, Rythme.IMMEDIAT, Issue.ENVOYEE),
        (SIGNALE, Rythme.JAMAIS, Issue.COUPEE),
        (PRESSANT, None, Issue.ENVOYEE),
        (PRESSANT, Rythme.QUOTIDIEN, Issue.GARDEE),
        (PRESSANT, Rythme.JAMAIS, Issue.COUPEE),
    ],
)
def test_une_nouvelle_suit_le_rythme_choisi_sinon_celui_du_genre(genre, choisi, attendu):
    if choisi is not None:
        factories.regler(genre, choisi)
    assert factories.prevenir(genre=genre) == attendu
    assert (Envoi.objects.count(), Nouvelle.objects.count()) == (
        int(attendu == Issue.ENVOYEE),
        int(attendu == Issue.GARDEE),
    )


def test_une_nouvelle_ne_se_dit_qu_une_fois():
    assert [factories.prevenir(genre=genre) for genre in (PRESSANT, PRESSANT, SIGNALE)] == [
        Issue.ENVOYEE,
        Issue.DEJA_DITE,
        Issue.DEJA_DITE,
    ]
    assert [factories.prevenir("essai:n2"), factories.prevenir("essai:n2")] == [Issue.GARDEE, Issue.DEJA_DITE]


def test_un_second_facultatif_du_jour_attend_le_lendemain_et_un_obligatoire_passe():
    assert factories.prevenir("essai:a", genre=PRESSANT) == Issue.ENVOYEE
    assert factories.prevenir("essai:b", genre=PRESSANT) == Issue.GARDEE
    assert factories.regrouper((TACHE,)) is False
    factories.envoyer("essai:oblige")
    assert factories.prevenir("essai:c", genre=PRESSANT, destinataire=BOB) == Issue.ENVOYEE
    assert factories.regrouper((), maintenant=DEMAIN) is True
    assert cles() == ["essai:a", "essai:c", "essai:oblige", f"courriels.du_jour:2026-11-25:{ADA}"]


def test_le_courriel_du_jour_dit_les_nouvelles_puis_ce_qui_attend_et_se_coupe_en_un_lien(settings):
    settings.PARCHEMIN_ADRESSE = "https://parchemin.exemple.fr"
    factories.prevenir()
    assert factories.regrouper((TACHE,)) is True
    envoi = Envoi.objects.get()
    assert envoi.texte == (
        "Bonjour Ada.\n\nOuvrir « À faire » :\nhttps://parchemin.exemple.fr/\n\n"
        "Ce qui est nouveau\n\n- Un carnet à attester\n  Celui de Camille.\n  https://parchemin.exemple.fr/candidats/1/\n\n"
        "Ce qui vous attend\n\n- hier : Attester le carnet de Camille\n  3 compétences.\n"
        "  https://parchemin.exemple.fr/candidats/1/carnet/\n\n"
        "--\nParchemin, https://parchemin.exemple.fr\n"
        "Choisir les courriels que je reçois : https://parchemin.exemple.fr/mes-courriels/\n"
    )
    assert en_courriel(envoi).message()["List-Unsubscribe"] == "<https://parchemin.exemple.fr/mes-courriels/>"


def test_jamais_deux_courriels_du_jour_et_une_nouvelle_ne_part_qu_une_fois():
    factories.prevenir()
    assert [factories.regrouper((TACHE,)), factories.regrouper((TACHE,))] == [True, False]
    assert factories.regrouper((), maintenant=DEMAIN) is False
    assert factories.regrouper((TACHE,), maintenant=DEMAIN) is True
    assert "Un carnet à attester" not in Envoi.objects.latest("depose_le").texte


def test_rien_a_dire_rien_n_est_ecrit():
    assert factories.regrouper() is False
    assert (cles(), Entree.objects.filter(chaine="courriels").count()) == ([], 0)


def test_qui_a_coupe_le_courriel_du_jour_garde_ses_nouvelles():
    factories.regler(DU_JOUR, Rythme.JAMAIS)
    assert factories.regrouper((TACHE,)) is False
    factories.prevenir()
    assert factories.regrouper((TACHE,)) is True
    texte = Envoi.objects.get().texte
    assert ("Un carnet à attester" in texte, "Ce qui vous attend" in texte) == (True, False)


def test_un_genre_coupe_apres_coup_ne_se_dit_pas():
    factories.prevenir()
    factories.regler(SIGNALE, Rythme.JAMAIS)
    assert factories.regrouper() is False


def test_au_dela_de_ce_qui_se_lit_la_suite_part_le_lendemain():
    for rang in range(NOUVELLES_MAX + 2):
        factories.prevenir(f"essai:{rang:02}", maintenant=MIDI + timedelta(seconds=rang))
    factories.regrouper(maintenant=MIDI + timedelta(hours=1))
    assert Nouvelle.objects.filter(envoi=None).count() == 2
    factories.regrouper(maintenant=DEMAIN)
    assert Nouvelle.objects.filter(envoi=None).count() == 0


@pytest.mark.parametrize(
    ("avant", "apres", "deux_jours"),
    [
        # passage à l'heure d'hiver, 25 octobre 2026 : la nuit compte deux fois 2 h 30
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC), False),
        # passage à l'heure d'été, 28 mars 2027 : minuit à Paris reste la frontière
        (datetime(2027, 3, 27, 22, 30, tzinfo=UTC), datetime(2027, 3, 27, 23, 30, tzinfo=UTC), True),
        (datetime(2027, 3, 28, 21, 30, tzinfo=UTC), datetime(2027, 3, 28, 22, 30, tzinfo=UTC), True),
    ],
)
def test_le_jour_est_celui_de_paris_meme_quand_l_heure_change(avant, apres, deux_jours):
    assert factories.regrouper((TACHE,), maintenant=avant) is True
    assert factories.regrouper((TACHE,), maintenant=apres) is deux_jours


# --- Régler -----------------------------------------------------------------------------------------------------------


def test_chacun_regle_les_siens():
    factories.regler(SIGNALE, Rythme.JAMAIS)
    lus = {
        personne: {vue.genre.code: vue.rythme for vue in selectors.preferences(Acteur(personne))}
        for personne in (ADA, BOB)
    }
    assert (lus[ADA]["essai.signale"], lus[BOB]["essai.signale"]) == (Rythme.JAMAIS, Rythme.QUOTIDIEN)
    assert lus[ADA]["essai.necessaire"] == Rythme.IMMEDIAT


def test_redire_son_choix_ne_change_rien():
    choix = {SIGNALE.code: Rythme.JAMAIS, PRESSANT.code: Rythme.IMMEDIAT}
    rendus = [services.regler(rythmes=choix, auteur=Acteur(ADA), maintenant=MIDI) for _ in range(2)]
    assert rendus == [("essai.signale",), ()]
    assert Entree.objects.filter(action="courriels.preferences").count() == 1


@pytest.mark.parametrize(
    ("code", "refus"), [(NECESSAIRE.code, "genre_obligatoire"), ("essai.inconnu", "genre_inconnu")]
)
def test_un_obligatoire_ne_se_coupe_pas(code, refus):
    with pytest.raises(Refus) as leve:
        services.regler(rythmes={code: Rythme.JAMAIS}, auteur=Acteur(ADA), maintenant=MIDI)
    assert leve.value.code == refus


@pytest.mark.parametrize("nombre", [1, 3])
def test_regrouper_ne_coute_pas_plus_avec_plus_de_nouvelles(nombre, django_assert_num_queries):
    for rang in range(nombre):
        factories.prevenir(f"essai:{rang}")
    with django_assert_num_queries(9):
        assert factories.regrouper((TACHE,)) is True


def test_une_nouvelle_vieille_d_une_semaine_ne_se_dit_plus():
    factories.prevenir()
    assert factories.regrouper(maintenant=MIDI + timedelta(days=7, seconds=1)) is False
    assert factories.regrouper(maintenant=MIDI + timedelta(days=7)) is True
