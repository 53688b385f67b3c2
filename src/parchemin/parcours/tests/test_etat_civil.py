"""L'état civil, de la page à la base : ce qui s'enregistre, ce qui se refuse, qui le voit ; les listes de l'Insee."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from parchemin.comptes.enums import NatureRole
from parchemin.comptes.selectors import droits
from parchemin.comptes.tests import factories as comptes
from parchemin.comptes.tests.factories import client, texte
from parchemin.parcours import identite, presenters, selectors, services
from parchemin.parcours.enums import GenreLieu, Initiative, Piece, Voie
from parchemin.parcours.identite import EtatCivil, LieuDeNaissance, Naissance
from parchemin.parcours.models import Dossier, Lieu
from parchemin.parcours.models import EtatCivil as Table
from parchemin.parcours.tests import factories
from parchemin.parcours.tests.factories import ENTREE, INSCRIPTION
from parchemin.referentiels.tests import factories as referentiels
from parchemin.registre.models import Entree, ValeurPersonnelle
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.refus import Refus, RefusDroit

pytestmark = pytest.mark.django_db

JOUR = date(2026, 9, 2)
BON = EtatCivil("Martin", ("Camille",), "F", Naissance(1991, 5, 3), LieuDeNaissance("61001", "Alençon"))
COMMUNES = (
    b"COM,TNCC,LIBELLE,DATE_DEBUT,DATE_FIN\n61001,1,Alen\xc3\xa7on,1943-01-01,\n20004,1,Ajaccio,1943-01-01,1976-01-01\n"
)
ENVOI = {
    "nom_naissance": "Martin", "prenom1": "Camille", "sexe": "F", "jour": "3", "mois": "5", "annee": "1991",
    "commune": "Alençon", "commune_code": "61001", "piece": "carte", "vu_le": "2026-09-02",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _le_jour_de_l_inscription():
    with time_machine.travel(INSCRIPTION, tick=False):
        yield


def charger(octets=COMMUNES, genre=GenreLieu.COMMUNE, auteur=SYSTEME):
    return services.charger_lieux(genre=genre, octets=octets, auteur=auteur, maintenant=INSCRIPTION)


def dire(monde, etat=BON, auteur=None, **autres):
    return services.enregistrer_etat_civil(
        dossier=monde.dossier, etat=etat, auteur=auteur or monde.gestionnaire, maintenant=INSCRIPTION, **autres
    )


def refuse(fonction, *args, **kwargs):
    with pytest.raises(Refus) as refus:
        fonction(*args, **kwargs)
    return refus.value.code


def actes(action):
    return Entree.objects.filter(action=f"parcours.{action}").count()


# Écrire --------------------------------------------------------------------------------------------------------------


def test_l_etat_civil_s_enregistre_avec_qui_a_vu_quoi_et_redire_n_ecrit_rien():
    charger()
    monde = factories.monde()
    assert dire(monde, piece="carte", vu_le=JOUR) == ()
    vue = selectors.dossier(monde.gestionnaire, monde.dossier, JOUR)
    tenu = selectors.etat_civil(monde.gestionnaire, vue, JOUR)
    assert (tenu.etat, tenu.piece, tenu.vu_le) == (BON, Piece.CARTE, JOUR)
    assert tenu.vu_par.startswith("Gisèle ")
    assert actes("etat_civil") == 1
    dire(monde, piece="carte", vu_le=JOUR)
    dire(monde)
    assert actes("etat_civil") == 1


def test_une_correction_garde_la_piece_vue_et_le_journal_dit_les_champs_sans_leurs_valeurs():
    monde = factories.monde()
    dire(monde, piece="carte", vu_le=JOUR)
    dire(monde, replace(BON, nom_naissance="Marrtin"))
    ligne = Table.objects.get()
    assert (ligne.nom_naissance, ligne.piece, ligne.vu_le, ligne.vu_par_id) == (
        "Marrtin", "carte", JOUR, monde.gestionnaire.id,
    )  # fmt: skip
    entree = Entree.objects.filter(action="parcours.etat_civil").latest("id")
    assert entree.donnees == {"champs": ["nom_naissance"], "avertissements": ["communes_non_chargees"]}
    assert list(ValeurPersonnelle.objects.filter(entree=entree).values_list("nom", "valeur")) == [
        ("nom_naissance", "Marrtin")
    ]


def test_tous_les_refus_sont_dits_et_rien_n_est_ecrit():
    monde = factories.monde()
    with pytest.raises(services.EtatCivilFaux) as faux:
        dire(monde, replace(BON, nom_naissance="", sexe="", naissance=Naissance(1991, 2, 30)))
    assert [c.code for c in faux.value.constats] == ["nom_manquant", "sexe_manquant", "jour_impossible"]
    assert refuse(dire, monde, piece="carte") == "piece_incomplete"
    assert refuse(dire, monde, vu_le=JOUR) == "piece_incomplete"
    assert refuse(dire, monde, piece="carte", vu_le=JOUR + timedelta(days=1)) == "piece_a_venir"
    assert (Table.objects.count(), actes("etat_civil")) == (0, 0)


def test_seuls_ceux_qui_tiennent_le_dossier_ecrivent():
    monde = factories.monde()
    rh = comptes.avec_role(NatureRole.RH, monde.organisme)
    for acteur in (monde.candidat, monde.tuteur, monde.manager, comptes.gestionnaire(comptes.organisme())):
        with pytest.raises(RefusDroit):
            dire(monde, auteur=acteur)
    dire(monde, auteur=rh)
    assert Table.objects.get().candidat_id == monde.candidat.id


def test_le_candidat_lit_le_sien_les_accompagnants_non():
    monde = factories.monde()
    dire(monde)
    vue = selectors.dossier(monde.gestionnaire, monde.dossier, JOUR)
    lus = {
        qui: selectors.etat_civil(acteur, vue, JOUR) is not None
        for qui, acteur in {
            "gestionnaire": monde.gestionnaire, "candidat": monde.candidat, "tuteur": monde.tuteur, "manager": monde.manager,
        }.items()
    }  # fmt: skip
    assert lus == {"gestionnaire": True, "candidat": True, "tuteur": False, "manager": False}
    cartes = [presenters.carte_etat_civil(a, droits(a, JOUR), vue, JOUR) for a in (monde.gestionnaire, monde.candidat)]
    assert [len(carte.avertissements) for carte in cartes] == [2, 0]
    assert [carte.action is None for carte in cartes] == [False, True]
    assert presenters.carte_etat_civil(monde.tuteur, droits(monde.tuteur, JOUR), vue, JOUR) is None


@pytest.mark.parametrize(
    ("naissance", "dite"),
    [
        (Naissance(1991, 5, 3), "3\N{NO-BREAK SPACE}mai 1991"),
        (Naissance(1991, 5), "mai 1991, jour inconnu"),
        (Naissance(1991), "1991, jour et mois inconnus"),
    ],
)
def test_une_naissance_se_dit_avec_ce_qu_on_en_sait(naissance, dite):
    assert presenters.naissance_en_clair(naissance) == dite


# Les listes de l'Insee -----------------------------------------------------------------------------------------------


def test_une_liste_chargee_remplace_la_precedente_et_relit_ce_qui_est_enregistre():
    monde = factories.monde()
    assert [c.code for c in dire(monde, replace(BON, lieu=LieuDeNaissance("61999")))] == ["communes_non_chargees"]
    assert charger() == 2
    assert charger() == 2
    assert Lieu.objects.count() == 2
    vue = selectors.dossier(monde.gestionnaire, monde.dossier, JOUR)
    tenu = selectors.etat_civil(monde.gestionnaire, vue, JOUR)
    assert [c.code for c in identite.refus(tenu.constats)] == ["commune_inconnue"]
    carte = presenters.carte_etat_civil(monde.gestionnaire, droits(monde.gestionnaire, JOUR), vue, JOUR)
    assert carte.statut.libelle == "à corriger"
    assert selectors.listes_chargees(SYSTEME) == {GenreLieu.COMMUNE: 2, GenreLieu.PAYS: 0}


@pytest.mark.parametrize(
    ("octets", "code"),
    [
        (b"", "fichier_vide"),
        (b"COM,AUTRE\n1,2\n", "colonnes_fausses"),
        (b"COM,LIBELLE\n", "lieux_faux"),
        (b"COM,LIBELLE,DATE_DEBUT\n61001,A,01/01/1943\n", "lieux_faux"),
        (b"COM,LIBELLE\n610011,A\n", "lieux_faux"),
    ],
)
def test_un_fichier_qui_n_est_pas_la_liste_ne_remplace_rien(octets, code):
    charger()
    assert refuse(charger, octets) == code
    assert Lieu.objects.count() == 2


def test_la_liste_des_pays_se_charge_et_une_caisse_ne_charge_rien():
    assert charger(b"COG,LIBCOG\n99109,Allemagne\n", GenreLieu.PAYS) == 1
    with pytest.raises(RefusDroit):
        charger(auteur=comptes.gestionnaire(comptes.organisme()))


# La VAE, le référent --------------------------------------------------------------------------------------------------


def inscrire(**autres):
    referentiels.publier()
    organisme = autres.pop("organisme", None) or comptes.organisme()
    return services.inscrire(
        **{
            "candidat": comptes.personne().id, "organisme": organisme, "referentiel": "cqp-cos@2021",
            "voie": Voie.VAE, "initiative": Initiative.CANDIDAT, "entree_le": ENTREE, "recevable_le": ENTREE,
            "blocs": ("B1",), "auteur": SYSTEME, "maintenant": INSCRIPTION,
        }
        | autres
    )  # fmt: skip


def test_seule_une_vae_a_une_date_de_recevabilite():
    assert refuse(inscrire, recevable_le=JOUR + timedelta(days=1)) == "recevabilite_a_venir"
    assert refuse(inscrire, voie=Voie.FORMATION_CONTINUE) == "recevabilite_en_trop"
    assert (
        refuse(inscrire, voie=Voie.FORMATION_CONTINUE, recevable_le=None, acces_vae="conges_vae")
        == "recevabilite_en_trop"
    )
    assert inscrire(acces_vae="conges_vae").acces_vae == "conges_vae"


def test_c_est_la_recevabilite_qui_tombe_pendant_l_enregistrement():
    """La fiche prend fin le 19 avril 2026 : une VAE recevable ce jour-là se poursuit, même entrée plus tard."""
    fin = date(2026, 4, 19)
    assert inscrire(entree_le=fin + timedelta(days=30), recevable_le=fin).recevable_le == fin
    assert refuse(inscrire, entree_le=fin, recevable_le=fin + timedelta(days=1)) == "entree_apres_enregistrement"


def test_le_referent_rh_tient_les_rh_de_l_organisme():
    ici, ailleurs = comptes.organisme(), comptes.organisme()
    rh = comptes.avec_role(NatureRole.RH, ici)
    assert refuse(inscrire, organisme=ailleurs, referent_rh=rh.id) == "referent_inconnu"
    assert refuse(inscrire, organisme=ici, referent_rh=rh.id, candidat=rh.id) == "referent_inconnu"
    assert inscrire(organisme=ici, referent_rh=rh.id).referent_rh_id == rh.id


def test_chaque_voie_et_chaque_initiative_a_sa_valeur_declaree():
    assert {voie.declaree for voie in Voie} == {
        "FORMATION_INITIALE_HORS_APPRENTISSAGE", "FORMATION_INITIALE_APPRENTISSAGE",
        "FORMATION_CONTINUE_HORS_CONTRAT_DE_PROFESSIONNALISATION", "FORMATION_CONTINUE_CONTRAT_DE_PROFESSIONNALISATION",
        "VAE", "EQUIVALENCE_DIPLOME_ETRANGER", "CANDIDAT_LIBRE",
    }  # fmt: skip
    assert {initiative.declaree for initiative in Initiative} == {"CERTIFIE", "OF", "POLE_EMPLOI", "EMPLOYEUR", "AUTRE"}


# Deux fiches pour une personne ----------------------------------------------------------------------------------------


def test_deux_etats_civils_differents_empechent_de_reunir_deux_fiches_et_le_seul_suit():
    un, deux = factories.monde(), factories.monde(blocs=("B1",))
    Dossier.objects.filter(pk=deux.dossier).update(ouvert=False)
    dire(un)
    assert list(selectors.obstacles_a_la_fusion(un.candidat.id, deux.candidat.id)) == []
    dire(deux, replace(BON, nom_naissance="Durand"))
    assert list(selectors.obstacles_a_la_fusion(un.candidat.id, deux.candidat.id)) == [
        "Les deux fiches ont des états civils différents : corrigez l'un d'abord, la pièce sous les yeux."
    ]
    Table.objects.filter(candidat_id=deux.candidat.id).delete()
    services.suivre_fusion(un.candidat.id, deux.candidat.id)
    assert Table.objects.get().candidat_id == deux.candidat.id


# Les pages ------------------------------------------------------------------------------------------------------------


def test_la_page_enregistre_puis_revient_au_dossier():
    charger()
    monde = factories.monde()
    ouvert = client(monde.gestionnaire)
    page = f"/candidats/{monde.dossier}/etat-civil/"
    assert ouvert.get(page).status_code == 200
    assert ouvert.post(page, ENVOI).headers["Location"] == f"/candidats/{monde.dossier}/"
    assert 'value="Martin"' in texte(ouvert.get(page))
    dossier = texte(ouvert.get(f"/candidats/{monde.dossier}/"))
    assert "vu sur pièce" in dossier


def test_un_avertissement_enregistre_et_se_montre_un_refus_garde_tout():
    monde = factories.monde()
    ouvert = client(monde.gestionnaire)
    page = f"/candidats/{monde.dossier}/etat-civil/"
    assert ouvert.post(page, ENVOI | {"jour": ""}).headers["Location"] == page
    assert "Jour inconnu" in texte(ouvert.get(page))
    reponse = ouvert.post(page, ENVOI | {"nom_naissance": "Mar7in", "mois": "13"})
    assert reponse.status_code == 422
    montre = texte(reponse)
    assert "13 n" in montre
    assert 'value="Mar7in"' in montre
    assert Table.objects.get().nom_naissance == "Martin"
    assert ouvert.put(page).status_code == 405


def test_la_page_des_lieux_charge_et_dit_pourquoi_elle_refuse():
    ouvert = client(comptes.gestionnaire(None))
    assert "pas encore chargée" in texte(ouvert.get("/candidats/lieux/"))
    envoi = {"genre": "commune", "fichier": SimpleUploadedFile("c.csv", COMMUNES)}
    assert ouvert.post("/candidats/lieux/", envoi).status_code == 302
    assert "2 lignes" in texte(ouvert.get("/candidats/lieux/"))
    faux = {"genre": "commune", "fichier": SimpleUploadedFile("c.csv", b"A,B\n1,2\n")}
    reponse = ouvert.post("/candidats/lieux/", faux)
    assert reponse.status_code == 422
    assert "Il manque la colonne" in texte(reponse)
    assert client(comptes.gestionnaire(comptes.organisme())).get("/candidats/lieux/").status_code == 403
