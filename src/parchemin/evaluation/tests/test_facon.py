"""La façon de noter : chacun la sienne, dans l'ordre voulu, sans qu'un enregistrement en efface un autre."""

from __future__ import annotations

import pytest

from parchemin.comptes.tests import factories as comptes
from parchemin.convocations.tests import factories as convocations
from parchemin.convocations.tests.factories import JOUR
from parchemin.evaluation import selectors, services
from parchemin.evaluation.enums import Main
from parchemin.evaluation.selectors import VueFacon
from parchemin.registre.models import Entree
from parchemin.socle.refus import Refus, RefusDroit

pytestmark = pytest.mark.django_db
ADRESSE = "/ma-facon-de-noter/"


def regler(auteur, phrases=("Reformule.", "Conclut l’entretien."), vu=0, **autres):
    options = {"main": Main.DROITE, "raccourcis": True} | autres
    return services.regler_sa_facon(phrases=phrases, vu=vu, auteur=auteur, maintenant=JOUR, **options)


def test_sans_rien_regler_on_a_la_facon_de_depart():
    assert selectors.facon_de_noter(convocations.salle().metier) == VueFacon((), Main.DROITE, True, 0)


def test_les_phrases_gardent_leur_ordre_sans_vide_ni_doublon():
    salle = convocations.salle()
    rendue = regler(
        salle.metier, ["  Reformule   deux fois. ", "", "Conclut.", "Reformule deux fois."], main=Main.GAUCHE
    )
    assert rendue == VueFacon(("Reformule deux fois.", "Conclut."), Main.GAUCHE, True, 1)
    assert selectors.facon_de_noter(salle.metier) == rendue
    assert selectors.facon_de_noter(salle.certificateur) == VueFacon()


def test_le_redire_ne_change_rien_et_n_inscrit_rien():
    salle = convocations.salle()
    assert [regler(salle.metier).rang, regler(salle.metier).rang] == [1, 1]


def test_une_page_ancienne_n_efface_pas_ce_qui_a_ete_regle_ailleurs():
    salle = convocations.salle()
    regler(salle.metier, ["Une."])
    with pytest.raises(Refus) as refus:
        regler(salle.metier, ["Autre."], vu=0)
    assert refus.value.code == "facon_changee"
    assert regler(salle.metier, ["Autre."], vu=1).phrases == ("Autre.",)


@pytest.mark.parametrize(
    ("phrases", "code"), [([f"Phrase {n}" for n in range(25)], "trop_de_phrases"), (["x" * 161], "phrase_trop_longue")]
)
def test_trop_c_est_trop(phrases, code):
    with pytest.raises(Refus) as refus:
        regler(convocations.salle().metier, phrases)
    assert refus.value.code == code


def test_seul_qui_evalue_a_une_facon_de_noter():
    with pytest.raises(RefusDroit) as refus:
        regler(convocations.salle().monde.candidat)
    assert refus.value.code == "journee_reservee"


def test_le_journal_dit_qu_on_a_regle_sans_les_phrases():
    salle = convocations.salle()
    regler(salle.metier, ["Phrase à moi."])
    entrees = Entree.objects.filter(action="evaluation.preferences")
    assert [entree.donnees for entree in entrees] == [{"phrases": 1, "rang": 1}]


def test_la_page_range_sans_enregistrer_puis_enregistre():
    salle = convocations.salle()
    client = comptes.client(salle.metier)
    saisie = {"main": "gauche", "vu": "0", "phrase": ["Une.", "Deux.", "Trois."]}
    page = client.post(ADRESSE, saisie | {"descendre": "0"})
    assert [phrase.texte for phrase in page.context["page"].phrases] == ["Deux.", "Une.", "Trois."]
    page = client.post(ADRESSE, saisie | {"monter": "2"})
    assert [phrase.texte for phrase in page.context["page"].phrases] == ["Une.", "Trois.", "Deux."]
    page = client.post(ADRESSE, saisie | {"retirer": "1"})
    assert [phrase.texte for phrase in page.context["page"].phrases] == ["Une.", "Trois."]
    assert selectors.facon_de_noter(salle.metier) == VueFacon()
    client.post(ADRESSE, saisie | {"enregistrer": "oui"})
    assert selectors.facon_de_noter(salle.metier) == VueFacon(("Une.", "Deux.", "Trois."), Main.GAUCHE, False, 1)


@pytest.mark.parametrize("rang", ["-1", "9", "²", "", "x"])
def test_un_rang_force_ne_casse_rien(rang):
    salle = convocations.salle()
    saisie = {"main": "droite", "vu": "0", "phrase": ["Une.", "Deux."], "monter": rang, "retirer": rang}
    page = comptes.client(salle.metier).post(ADRESSE, saisie)
    assert [phrase.texte for phrase in page.context["page"].phrases] == ["Une.", "Deux."]


def test_un_enregistrement_venu_d_ailleurs_garde_la_saisie_et_le_dit():
    salle = convocations.salle()
    regler(salle.metier, ["Ailleurs."])
    saisie = {"main": "droite", "raccourcis": "on", "vu": "0", "phrase": ["Ici."], "enregistrer": "oui"}
    page = comptes.client(salle.metier).post(ADRESSE, saisie)
    assert [phrase.texte for phrase in page.context["page"].phrases] == ["Ici."]
    assert "réglé votre façon de noter ailleurs" in page.content.decode()
    assert selectors.facon_de_noter(salle.metier).phrases == ("Ailleurs.",)


def test_une_phrase_qui_nomme_quelqu_un_previent():
    page = comptes.client(convocations.salle().metier).post(
        ADRESSE, {"main": "droite", "vu": "0", "phrase": ["Écrire à a.b@exemple.fr"], "ajouter": "oui"}
    )
    assert page.context["page"].phrases[0].alerte.startswith("Ce texte semble porter une adresse de courriel.")


def test_la_grille_porte_les_phrases_la_main_et_les_touches_de_la_personne_seule():
    salle = convocations.salle()
    regler(salle.metier, ["Phrase à moi."], main=Main.GAUCHE, raccourcis=False)
    adresse = f"/epreuves/{salle.epreuve}/grille/"
    sienne = comptes.client(salle.metier).get(adresse)
    assert (sienne.context["page"].reglages["phrases"], sienne.context["page"].reglages["raccourcis"]) == (
        ["Phrase à moi."],
        False,
    )
    assert 'class="epreuve main-gauche"' in sienne.content.decode()
    assert "Phrase à moi." not in comptes.client(salle.certificateur).get(adresse).content.decode()
