"""Les pages des lieux, des disponibilités, des places : ce qui se lit, se saisit, se passe outre ; combien de requêtes."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from parchemin.carnet.tests import factories as carnet
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.tests import factories as comptes
from parchemin.comptes.tests.factories import client, texte
from parchemin.convocations import forms, selectors, services
from parchemin.convocations.models import Epreuve, ExceptionDAgenda, HeuresDePersonne, Site, Trajet
from parchemin.convocations.planificateur.semaine import Heures
from parchemin.convocations.tests import factories
from parchemin.convocations.tests.factories import JOUR, PLANIFICATION, SEMAINE
from parchemin.socle.acteur import SYSTEME

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _a_cette_date(monkeypatch):
    for piece in ("epreuves", "lieux", "agendas"):
        monkeypatch.setattr(f"parchemin.convocations.views.{piece}.maintenant", lambda: PLANIFICATION)


def compter(navigateur, adresse: str) -> int:
    with CaptureQueriesContext(connection) as requetes:
        assert navigateur.get(adresse).status_code == 200
    return len(requetes)


# Lire et écrire des heures --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texte_saisi", "plages"),
    [
        ("", []),
        ("9 h – 12 h 30, 13 h 30 – 17 h", [(time(9), time(12, 30)), (time(13, 30), time(17))]),
        ("9-12:30;13:30-17", [(time(9), time(12, 30)), (time(13, 30), time(17))]),
        ("de 9h à 12h et 14h05 à 17h", [(time(9), time(12)), (time(14, 5), time(17))]),
        ("0-24", [(time(0), time(23, 59))]),
    ],
)
def test_les_plages_d_un_jour_se_lisent_comme_on_les_ecrit(texte_saisi, plages):
    assert forms.lire_plages(texte_saisi) == plages


@pytest.mark.parametrize("illisible", ["matin", "9", "9-", "9 h – 25 h", "9 h 75 – 12 h", "9-12-14"])
def test_ce_qui_ne_se_lit_pas_se_dit(illisible):
    with pytest.raises(ValueError, match=r".+"):
        forms.lire_plages(illisible)


def test_ecrire_puis_lire_rend_les_memes_plages():
    heures = [Heures(1, time(9), time(12, 30)), Heures(1, time(13, 30), time(17))]
    assert forms.ecrire_plages(heures) == "9 h – 12 h 30, 13 h 30 – 17 h"
    assert forms.lire_plages(forms.ecrire_plages(heures)) == [(h.de, h.a) for h in heures]


# Les sites ------------------------------------------------------------------------------------------------------------


def test_un_gestionnaire_ouvre_un_site_ses_salles_et_ses_trajets():
    la = comptes.organisme()
    navigateur = client(comptes.gestionnaire(la))
    autre = factories.site(la, "Arras")
    fautif = navigateur.post(
        reverse("convocations:nouveau_site"), {"nom": "Kourou", "fuseau": "America/Cayenne", "jour_1": "le matin"}
    )
    assert (fautif.status_code, Site.objects.count()) == (422, 1)
    assert "le matin" in texte(fautif)
    cree = navigateur.post(
        reverse("convocations:nouveau_site"), {"nom": "Kourou", "fuseau": "America/Cayenne", "jour_1": "8-12"}
    )
    site = Site.objects.get(nom="Kourou")
    assert (cree.status_code, cree["Location"]) == (302, reverse("convocations:site", args=[site.pk]))
    navigateur.post(reverse("convocations:ajouter_salle", args=[site.pk]), {"nom": "Salle Maroni", "places": "6"})
    navigateur.post(reverse("convocations:trajets", args=[site.pk]), {str(autre): "600"})
    page = texte(navigateur.get(reverse("convocations:site", args=[site.pk])))
    for attendu in ("Salle Maroni", "Heure de Guyane (America/Cayenne)", "600 minutes", "8 h – 12 h"):
        assert attendu in page
    assert Trajet.objects.get().minutes == 600


def test_la_liste_des_sites_coute_autant_a_un_site_qu_a_trois():
    la = comptes.organisme()
    navigateur = client(comptes.gestionnaire(la))
    factories.piece(factories.site(la, "Un"))
    a_un = compter(navigateur, reverse("convocations:sites"))
    for nom in ("Deux", "Trois"):
        factories.piece(factories.site(la, nom))
    assert compter(navigateur, reverse("convocations:sites")) == a_un


def test_la_semaine_d_un_site_montre_les_siens_et_dit_seulement_occupe_des_autres():
    monde, autre = carnet.complet(("B3", "B4")), carnet.complet(("B3",), nom="Invisible")
    site = factories.site(monde.organisme, partage=True)
    salle, seconde = factories.piece(site), factories.piece(site, "Salle 2")
    factories.en_salle(monde, "B3", salle)
    adresse = reverse("convocations:semaine", args=[site]) + "?du=2026-11-18"
    navigateur = client(monde.gestionnaire)
    a_une = compter(navigateur, adresse)
    factories.en_salle(autre, "B3", seconde)
    factories.en_salle(monde, "B4", seconde, JOUR + timedelta(hours=2))
    assert compter(navigateur, adresse) == a_une
    page = texte(navigateur.get(adresse))
    assert "Un autre organisme" in page
    assert "Invisible" not in page
    assert "3 épreuves, à l'heure de Paris." in page
    assert navigateur.get(reverse("convocations:semaine", args=[site]) + "?du=hier").status_code == 200


# Les disponibilités ---------------------------------------------------------------------------------------------------


def test_un_evaluateur_dit_sa_semaine_puis_une_absence_puis_l_ote():
    hugo = comptes.avec_role(NatureRole.EVALUATEUR_METIER, prenom="Hugo")
    navigateur, adresse = client(hugo), reverse("convocations:mes_disponibilites")
    assert "Vous n'avez encore rien dit" in texte(navigateur.get(adresse))
    semaine = {"semaine": "oui", "fuseau": "America/Martinique", "site": "", "maximum": "2", "jour_2": "9-12"}
    assert navigateur.post(adresse, {**semaine, "jour_3": "midi"}).status_code == 422
    assert HeuresDePersonne.objects.count() == 0
    assert navigateur.post(adresse, semaine).status_code == 302
    vue = selectors.agenda(hugo, hugo.id)
    assert (vue.heures, vue.maximum, vue.fuseau) == ((Heures(2, time(9), time(12)),), 2, "America/Martinique")
    absence = {"exception": "oui", "libre": "non", "du": "2026-11-20", "au": "2026-11-21", "de": "", "a": ""}
    assert navigateur.post(adresse, absence).status_code == 302
    ligne = ExceptionDAgenda.objects.get()
    assert (ligne.libre, ligne.debut, ligne.fin) == (
        False,
        datetime(2026, 11, 20, 4, 0, tzinfo=UTC),
        datetime(2026, 11, 22, 4, 0, tzinfo=UTC),
    )
    assert "Du 20 nov. 2026 au 21 nov. 2026" in texte(navigateur.get(adresse))
    navigateur.post(reverse("convocations:oter_exception", args=[hugo.id, ligne.pk]))
    assert ExceptionDAgenda.objects.count() == 0


def test_son_site_d_attache_reste_offert_meme_d_un_organisme_ou_il_n_a_pas_de_role():
    hugo = comptes.avec_role(NatureRole.EVALUATEUR_METIER, prenom="Hugo")
    ailleurs = factories.site(comptes.organisme(), "Ailleurs")
    factories.site(comptes.organisme(), "Inconnu")
    services.revoir_agenda(
        personne=hugo.id,
        fuseau="Europe/Paris",
        heures=SEMAINE,
        site=ailleurs,
        maximum=None,
        auteur=hugo,
        maintenant=PLANIFICATION,
    )
    page = client(hugo).get(reverse("convocations:mes_disponibilites"))
    assert [nom for nom, _ in page.context["formulaire"].fields["site"].choices] == ["", str(ailleurs)]
    assert page.context["formulaire"]["site"].value() == str(ailleurs)


# Placer une épreuve ---------------------------------------------------------------------------------------------------


def formulaire(salle="", jour="2026-11-20", heure="10:00", **champs):
    return {"salle": str(salle), "lieu": "", "prevue_le_0": jour, "prevue_le_1": heure, **champs}


def test_on_planifie_a_l_heure_du_site_et_la_page_le_dit():
    monde = carnet.complet(("B3",))
    salle = factories.piece(factories.site(monde.organisme, "Antenne de Cayenne", "America/Cayenne"))
    navigateur, adresse = client(monde.gestionnaire), reverse("convocations:planifier", args=[monde.dossier, "B3"])
    assert "Antenne de Cayenne (heure de Guyane)" in texte(navigateur.get(adresse))
    assert navigateur.post(adresse, formulaire(salle)).status_code == 302
    vue = selectors.epreuve_par_id(SYSTEME, Epreuve.objects.get().pk)
    assert vue.prevue_le == datetime(2026, 11, 20, 13, 0, tzinfo=UTC)
    assert (vue.heure.replace("\xa0", " "), vue.lieu) == ("10 h 00 (heure de Guyane)", "Salle 1, Antenne de Cayenne")


def test_un_avertissement_se_lit_puis_se_passe_mais_pas_un_autre():
    monde = carnet.complet(("B3",))
    salle = factories.piece(factories.site(monde.organisme))
    navigateur, adresse = client(monde.gestionnaire), reverse("convocations:planifier", args=[monde.dossier, "B3"])
    assert navigateur.post(adresse, formulaire(salle, heure="20:00", malgre="on")).status_code == 422
    averti = navigateur.post(adresse, formulaire(salle, heure="20:00"))
    assert (averti.status_code, Epreuve.objects.count()) == (422, 0)
    lus = averti.context["formulaire"].data["lus"]
    assert "n'est pas ouverte de 20" in lus
    assert navigateur.post(adresse, formulaire(salle, heure="21:00", malgre="on", lus=lus)).status_code == 422
    assert navigateur.post(adresse, formulaire(salle, heure="20:00", malgre="on", lus=lus)).status_code == 302


@pytest.mark.parametrize(
    ("jour", "attendu"), [("2027-03-28", "les horloges avancent"), ("2026-10-25", "les horloges reculent")]
)
def test_la_nuit_ou_l_heure_change_se_refuse_ou_se_choisit(jour, attendu):
    monde = carnet.complet(("B3",))
    navigateur, adresse = client(monde.gestionnaire), reverse("convocations:planifier", args=[monde.dossier, "B3"])
    refuse = navigateur.post(adresse, formulaire(jour=jour, heure="02:30", lieu="Plateau 2"))
    assert (refuse.status_code, Epreuve.objects.count()) == (422, 0)
    assert attendu in texte(refuse)
    if "reculent" in attendu:
        choisi = formulaire(jour=jour, heure="02:30", lieu="Plateau 2", laquelle="2")
        assert navigateur.post(adresse, choisi).status_code == 302
        assert Epreuve.objects.get().prevue_le == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_sans_aucun_organisme_on_n_ajoute_pas_de_site_et_la_page_le_dit():
    navigateur, adresse = client(comptes.gestionnaire()), reverse("convocations:nouveau_site")
    saisie = {"nom": "Kourou", "fuseau": "America/Cayenne"}
    for page in (navigateur.get(adresse, follow=True), navigateur.post(adresse, saisie, follow=True)):
        assert page.redirect_chain == [(reverse("convocations:sites"), 302)]
        assert "Aucun organisme n'est encore enregistré" in texte(page)


def test_deplacer_montre_la_place_actuelle_et_refuse_une_salle_prise():
    monde = carnet.complet(("B3", "B4"))
    salle = factories.piece(factories.site(monde.organisme))
    epreuve = factories.en_salle(monde, "B3", salle)
    factories.en_salle(monde, "B4", salle, JOUR + timedelta(hours=1))
    navigateur, adresse = client(monde.gestionnaire), reverse("convocations:deplacer", args=[epreuve])
    assert "de 10 h 00 à 10 h 45. Lieu : Salle 1, Site de Lille." in texte(navigateur.get(adresse))
    prise = navigateur.post(adresse, formulaire(salle, heure="11:15"))
    assert prise.status_code == 422
    assert "est déjà prise par le bloc 4" in texte(prise)
    assert navigateur.post(adresse, formulaire(salle, heure="14:00")).status_code == 302
    assert Epreuve.objects.get(pk=epreuve).prevue_le == datetime(2026, 11, 20, 13, 0, tzinfo=UTC)


def test_affecter_dit_qui_n_est_pas_disponible_puis_passe_outre():
    monde = carnet.complet(("B3",))
    salle = factories.piece(factories.site(monde.organisme))
    epreuve = factories.en_salle(monde, "B3", salle)
    hugo = comptes.avec_role(NatureRole.EVALUATEUR_METIER, prenom="Hugo")
    salome = comptes.avec_role(NatureRole.EVALUATEUR_CERTIFICATEUR, prenom="Salomé")
    services.revoir_agenda(
        personne=hugo.id,
        fuseau="Europe/Paris",
        heures=SEMAINE[:1],
        site=None,
        maximum=None,
        auteur=hugo,
        maintenant=PLANIFICATION,
    )
    navigateur, adresse = client(monde.gestionnaire), reverse("convocations:affecter", args=[epreuve])
    deux = {"metier": str(hugo.id), "certificateur": str(salome.id)}
    averti = navigateur.post(adresse, deux)
    assert averti.status_code == 422
    assert "n'est pas disponible de 10 h 00 à 10 h 45" in texte(averti)
    lus = averti.context["formulaire"].data["lus"]
    assert navigateur.post(adresse, {**deux, "malgre": "on", "lus": lus}).status_code == 302
    assert Epreuve.objects.get().etat == "affectee"
    assert "n'est pas disponible de 10 h 00 à 10 h 45" in texte(navigateur.get(adresse))
