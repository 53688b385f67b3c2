"""La façon de noter : chacun la sienne, dans l'ordre voulu, sans qu'un enregistrement en efface un autre."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from parchemin.comptes.tests import factories as comptes
from parchemin.convocations.tests import factories as convocations
from parchemin.convocations.tests.factories import JOUR
from parchemin.evaluation import selectors, services
from parchemin.evaluation.enums import Main
from parchemin.evaluation.selectors import VueFacon
from parchemin.evaluation.tests.test_navigateur import ouvrir_session
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


def envoyer(acteur, phrases, bouton, rang="oui", **autres):
    saisie = {"main": "gauche", "vu": "0", "phrase": phrases} | autres | {bouton: rang}
    return comptes.client(acteur).post(ADRESSE, saisie, follow=True)


@pytest.mark.parametrize(
    ("bouton", "rang", "attendues", "focus"),
    [
        ("descendre", "0", ("Deux.", "Une.", "Trois."), ["", "descendre", ""]),
        ("descendre", "1", ("Une.", "Trois.", "Deux."), ["", "", "monter"]),
        ("monter", "2", ("Une.", "Trois.", "Deux."), ["", "monter", ""]),
        ("monter", "1", ("Deux.", "Une.", "Trois."), ["descendre", "", ""]),
        ("retirer", "1", ("Une.", "Trois."), ["", "retirer"]),
        ("retirer", "2", ("Une.", "Deux."), ["", "retirer"]),
        ("enregistrer", "oui", ("Une.", "Deux.", "Trois."), ["", "", ""]),
    ],
)
def test_chaque_bouton_enregistre_et_le_focus_reste_a_sa_phrase(bouton, rang, attendues, focus):
    salle = convocations.salle()
    reponse = envoyer(salle.metier, ["Une.", " Deux. ", "Trois.", ""], bouton, rang)
    assert selectors.facon_de_noter(salle.metier) == VueFacon(attendues, Main.GAUCHE, False, 1)
    page = reponse.context["page"]
    assert (tuple(une.texte for une in page.phrases), [une.focus for une in page.phrases]) == (attendues, focus)
    assert reponse.content.decode().count("autofocus") == int(any(focus))
    assert "votre façon de noter" in comptes.texte(reponse).lower()
    assert [entree.donnees for entree in Entree.objects.filter(action="evaluation.preferences")] == [
        {"phrases": len(attendues), "rang": 1}
    ]


def test_ajouter_enregistre_la_phrase_et_y_laisse_le_focus():
    salle = convocations.salle()
    reponse = envoyer(salle.metier, ["Une.", "Deux."], "ajouter")
    assert selectors.facon_de_noter(salle.metier).phrases == ("Une.", "Deux.")
    assert [une.focus for une in reponse.context["page"].phrases] == ["", "champ"]
    assert "La phrase est ajoutée" in comptes.texte(reponse)
    deja = envoyer(salle.metier, ["Une.", "Deux.", " Une. "], "ajouter", vu="1")
    assert "Cette phrase y était déjà." in comptes.texte(deja)
    assert [une.focus for une in deja.context["page"].phrases] == ["champ", ""]
    vide = envoyer(salle.metier, ["Une.", "Deux.", " "], "ajouter", vu="1")
    assert "Il n'y avait pas de phrase à ajouter." in comptes.texte(vide)
    assert vide.context["page"].focus_neuve
    assert selectors.facon_de_noter(salle.metier).rang == 1


def test_la_derniere_phrase_retiree_le_focus_va_a_la_suivante_a_ecrire():
    salle = convocations.salle()
    reponse = envoyer(salle.metier, ["Une.", ""], "retirer", "0", main="droite", raccourcis="on")
    assert (reponse.context["page"].phrases, reponse.context["page"].focus_neuve) == ((), True)


@pytest.mark.parametrize("rang", ["-1", "9", "²", "", "x"])
def test_un_rang_force_ne_deplace_ni_ne_retire_rien(rang):
    salle = convocations.salle()
    saisie = {"main": "droite", "vu": "0", "phrase": ["Une.", "Deux."], "monter": rang, "retirer": rang}
    page = comptes.client(salle.metier).post(ADRESSE, saisie, follow=True)
    assert [phrase.texte for phrase in page.context["page"].phrases] == ["Une.", "Deux."]
    assert "La phrase est" not in comptes.texte(page)


@pytest.mark.parametrize("adresse", ["?geste=monter&sur=9", "?geste=x&sur=-1", "?sur=0", "?geste=monter&sur=²"])
def test_un_retour_force_ne_casse_rien(adresse):
    salle = convocations.salle()
    regler(salle.metier, ["Une."])
    assert comptes.client(salle.metier).get(ADRESSE + adresse).status_code == 200


@pytest.mark.parametrize("bouton", ["enregistrer", "ajouter"])
def test_un_enregistrement_venu_d_ailleurs_garde_la_saisie_et_le_dit(bouton):
    salle = convocations.salle()
    regler(salle.metier, ["Ailleurs."])
    page = envoyer(salle.metier, ["Ici."], bouton)
    assert [phrase.texte for phrase in page.context["page"].phrases] == ["Ici."]
    assert "réglé votre façon de noter ailleurs" in page.content.decode()
    assert selectors.facon_de_noter(salle.metier).phrases == ("Ailleurs.",)


def test_une_phrase_qui_nomme_quelqu_un_previent():
    page = envoyer(convocations.salle().metier, ["Écrire à a.b@exemple.fr"], "ajouter")
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


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("javascript", [True, False])
def test_on_range_puis_on_s_en_va_sans_rien_perdre_et_le_focus_suit(live_server, browser: Browser, javascript):
    salle = convocations.salle()
    dialogues: list[str] = []
    with browser.new_context(java_script_enabled=javascript, locale="fr-FR") as context:
        ouvrir_session(context, live_server, salle.metier)
        page = context.new_page()
        page.on("dialog", lambda dialogue: (dialogues.append(dialogue.type), dialogue.accept()))
        page.goto(live_server.url + ADRESSE)
        for rang, phrase in enumerate(("Une.", "Deux."), start=1):
            page.get_by_label("Une phrase de plus").fill(phrase)
            page.get_by_role("button", name="Ajouter").click()
            expect(page.get_by_label(f"Phrase {rang}", exact=True)).to_be_focused()
        page.get_by_role("button", name="Monter : Deux.").press("Enter")
        expect(page.get_by_role("button", name="Descendre : Deux.")).to_be_focused()
        page.get_by_role("button", name="Retirer : Deux.").press("Enter")
        expect(page.get_by_role("button", name="Retirer : Une.")).to_be_focused()
        page.goto(f"{live_server.url}/")
    assert dialogues == []
    assert selectors.facon_de_noter(salle.metier).phrases == ("Une.",)
