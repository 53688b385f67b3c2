"""L'acte : une transaction et son entrée, jamais l'une sans l'autre."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from parchemin.registre.actions import ActionInconnue
from parchemin.registre.chainage import GENESE, corps, instant_texte, maillon
from parchemin.registre.models import ActeurOpaque, Chaine, Entree, ValeurPersonnelle
from parchemin.registre.sceaux import Scelle
from parchemin.registre.services import acte, consigner
from parchemin.registre.services.actes import ActeSansJournal
from parchemin.registre.tests.factories import ALICE, BRUNO, MIDI, ActionEssai, agir
from parchemin.socle.acteur import SYSTEME, Acteur, NatureActeur

pytestmark = pytest.mark.django_db


def ouvrir(chaine="essai", action=ActionEssai.FAITE, auteur=ALICE):
    return acte(auteur=auteur, maintenant=MIDI, action=action, chaine=chaine)


def contenu():
    return [(e.chaine_id, e.rang, e.objet_id) for e in Entree.objects.order_by("chaine", "rang")]


def test_une_entree_dit_tout_et_la_base_calcule_comme_python():
    agir("essai", objet="7", donnees={"n": 1, "é": [True, None]}, scelles=[Scelle("t", "9", "f" * 64)])
    agir("essai", objet="8")
    premiere, seconde = Entree.objects.order_by("rang")
    assert (premiere.chaine_id, premiere.rang, premiere.instant, premiere.auteur_id) == ("essai", 1, MIDI, ALICE.id)
    assert (premiere.action, premiere.objet_type, premiere.objet_id) == ("essai.faite", "essai.chose", "7")
    assert premiere.donnees == {"n": 1, "é": [True, None]}
    assert premiere.scelles == [{"table": "t", "cle": "9", "empreinte": "f" * 64}]
    assert premiere.precedent == GENESE
    refait = corps(
        chaine="essai", instant=instant_texte(MIDI), auteur=str(ALICE.id), nature="personne", action="essai.faite",
        objet_type="essai.chose", objet_id="7", donnees=premiere.donnees, engagements={}, scelles=premiere.scelles,
    )  # fmt: skip
    assert premiere.empreinte == maillon(GENESE, 1, refait)
    assert (seconde.rang, seconde.precedent) == (2, premiere.empreinte)
    assert list(Chaine.objects.values_list("nom", "longueur", "precedente", "tete")) == [
        ("essai", 2, premiere.empreinte, seconde.empreinte)
    ]
    assert list(ActeurOpaque.objects.values_list("id", "nature")) == [(ALICE.id, "personne")]


def test_consigner_rend_l_entree_de_la_base():
    with transaction.atomic():
        rendue = consigner(
            auteur=SYSTEME, maintenant=MIDI, action="essai.faite", chaine="essai", objet=("essai.chose", ALICE.id),
            donnees={"a": ALICE.id}, personnel={"nom": "Zoé"},
        )  # fmt: skip
    lue = Entree.objects.get()
    champs = [champ.attname for champ in Entree._meta.concrete_fields]
    assert [getattr(rendue, c) for c in champs] == [getattr(lue, c) for c in champs]
    assert not rendue._state.adding


def test_les_valeurs_personnelles_ne_sont_que_dans_leur_table():
    agir("essai", personnel={"nom": "Zoé", "courriel": "zoe@exemple.test"})
    agir("essai", personnel={"nom": "Zoé"})
    valeurs = list(ValeurPersonnelle.objects.order_by("entree", "nom"))
    assert [(v.nom, v.valeur, len(v.sel)) for v in valeurs] == [
        ("courriel", "zoe@exemple.test", 16),
        ("nom", "Zoé", 16),
        ("nom", "Zoé", 16),
    ]
    premiere, seconde = Entree.objects.order_by("rang")
    assert set(premiere.engagements) == {"nom", "courriel"}
    assert premiere.engagements["nom"] != seconde.engagements["nom"], "même valeur, autre sel : rien ne les relie"
    with connection.cursor() as curseur:
        curseur.execute("SELECT string_agg(e::text, '') FROM registre_entree e")
        (texte,) = curseur.fetchone()
    assert ("Zoé" in texte, "zoe@exemple.test" in texte) == (False, False)


def test_un_acte_coute_une_instruction(django_assert_num_queries):
    agir("essai")
    with django_assert_num_queries(3):  # SAVEPOINT, l'entrée, RELEASE
        agir("essai", personnel={"nom": "Zoé", "prenom": "Z"}, scelles=[Scelle("t", "1", "f" * 64)])


def test_sans_entree_l_acte_est_annule():
    with pytest.raises(ActeSansJournal), ouvrir():
        ActeurOpaque.objects.create(id=BRUNO.id, nature=BRUNO.nature)
    assert ActeurOpaque.objects.count() == 0


INSCRIRE, RIEN = "inscrire", "rien_a_inscrire"


def jouer(*gestes):
    with ouvrir() as journal:
        for geste in gestes:
            if geste == INSCRIRE:
                journal.inscrire(objet=("essai.chose", "1"), donnees={})
            else:
                journal.rien_a_inscrire()


@pytest.mark.parametrize("gestes", [(INSCRIRE, INSCRIRE), (RIEN, INSCRIRE), (INSCRIRE, RIEN)])
def test_une_seule_entree_par_acte(gestes):
    with pytest.raises(ActeSansJournal):
        jouer(*gestes)
    assert contenu() == []


def test_rien_a_inscrire_se_dit():
    jouer(RIEN)
    assert contenu() == []


def inscrire_et_echouer(chaine="essai", objet="perdu"):
    with ouvrir(chaine) as journal:
        agir(chaine, objet="emboîté, perdu aussi")
        journal.inscrire(objet=("essai.chose", objet), donnees={})
        raise KeyError


def oublier_d_inscrire(chaine):
    with ouvrir(chaine):
        agir(chaine, objet="emboîté, perdu aussi")


def test_un_bloc_qui_leve_n_inscrit_rien():
    with pytest.raises(KeyError):
        inscrire_et_echouer()
    agir("essai", objet="2")
    assert contenu() == [("essai", 1, "2")]


def test_la_chaine_peut_n_etre_connue_qu_apres_lecture():
    with ouvrir(chaine=None) as journal:
        journal.inscrire(chaine="organisme:a", objet=("essai.chose", "1"), donnees={})
    assert contenu() == [("organisme:a", 1, "1")]
    with pytest.raises(ValueError, match="quelle chaîne"), ouvrir(chaine=None) as journal:
        journal.inscrire(objet=("essai.chose", "1"), donnees={})


def test_les_actes_emboites_s_inscrivent_ensemble_a_la_fin():
    with ouvrir("b", auteur=BRUNO) as dehors:
        with ouvrir("a") as dedans:
            dedans.inscrire(objet=("essai.chose", "dedans"), donnees={})
        agir("b", objet="dedans aussi")
        assert contenu() == []
        dehors.inscrire(objet=("essai.chose", "dehors"), donnees={})
    assert contenu() == [("a", 1, "dedans"), ("b", 1, "dedans aussi"), ("b", 2, "dehors")]


def test_un_acte_emboite_qui_echoue_disparait_seul():
    with ouvrir("b") as dehors:
        with pytest.raises(KeyError):
            inscrire_et_echouer("a")
        with pytest.raises(ActeSansJournal):
            oublier_d_inscrire("a")
        dehors.inscrire(objet=("essai.chose", "dehors"), donnees={})
    assert contenu() == [("b", 1, "dehors")]
    agir("a", objet="après")
    assert contenu() == [("a", 1, "après"), ("b", 1, "dehors")]


def test_une_action_se_declare():
    with pytest.raises(ActionInconnue), ouvrir(action="essai.inconnue") as journal:
        journal.inscrire(objet=("essai.chose", "1"), donnees={})


@pytest.mark.parametrize("chaine", ["", "a b", "é", "x" * 101, "a\nb"])
def test_un_nom_de_chaine_est_simple(chaine):
    with pytest.raises(ValueError, match="chaîne"), transaction.atomic():
        consigner(auteur=ALICE, maintenant=MIDI, action="essai.faite", chaine=chaine, objet=("t", "1"), donnees={})


@pytest.mark.parametrize("auteur", [Acteur(ALICE.id, NatureActeur.SYSTEME), Acteur(SYSTEME.id)])
def test_un_seul_acteur_est_le_systeme(auteur):
    with pytest.raises(ValueError, match="systeme"), ouvrir(auteur=auteur) as journal:
        journal.inscrire(objet=("essai.chose", "1"), donnees={})


@pytest.mark.django_db(transaction=True)
def test_consigner_refuse_hors_d_une_transaction():
    with pytest.raises(RuntimeError, match="transaction"):
        consigner(auteur=ALICE, maintenant=MIDI, action="essai.faite", chaine="essai", objet=("t", "1"), donnees={})
    assert Entree.objects.count() == 0
