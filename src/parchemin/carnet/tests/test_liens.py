"""Attester sans compte : le lien, le code, ce qui les refuse, l'avis, la répudiation, le gel."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from time_machine import travel

from parchemin.carnet import selectors, services
from parchemin.carnet.enums import Verdict
from parchemin.carnet.models import Attestation, AvisAttestation, LienAttestation, Repudiation
from parchemin.carnet.services import Dire
from parchemin.carnet.tests import factories
from parchemin.carnet.tests.factories import ATTESTATION
from parchemin.comptes import services as comptes_services
from parchemin.comptes.tests import factories as comptes
from parchemin.convocations.services import planifier_epreuve
from parchemin.courriels.models import Envoi
from parchemin.parcours import services as parcours
from parchemin.parcours.enums import Qualite
from parchemin.parcours.tests.factories import Monde
from parchemin.registre.models import Entree
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.horloge import fin_du_jour
from parchemin.socle.refus import Refus

pytestmark = pytest.mark.django_db

B3 = ("C3.1", "C3.2", "C3.3")
MINUTE = timedelta(minutes=1)
MAITRISEE = Dire(Verdict.MAITRISEE)


def monde() -> Monde:
    """Un carnet du bloc 3, remis ; chacun a son adresse professionnelle."""
    pret = factories.avec_carnet(("B3",))
    for qui in ("candidat", "tuteur", "manager"):
        donner_adresse(getattr(pret, qui), f"{qui}@caisse.example")
    return pret


def donner_adresse(acteur, adresse: str) -> None:
    comptes_services.changer_courriel_pro(
        personne=acteur.id, courriel_pro=adresse, auteur=SYSTEME, maintenant=factories.REMISE
    )


def ouvrir_un_compte(acteur, adresse: str) -> None:
    comptes_services.ouvrir_compte(
        personne=acteur.id,
        courriel=adresse,
        mot_de_passe=comptes.MOT_DE_PASSE,
        auteur=SYSTEME,
        maintenant=factories.REMISE,
    )


def demander(pret: Monde, competences=B3, qualites=(Qualite.TUTEUR,), maintenant: datetime = ATTESTATION, auteur=None):
    return services.demander_attestations(
        dossier=pret.dossier,
        qualites=qualites,
        competences=competences,
        auteur=auteur or pret.candidat,
        maintenant=maintenant,
    )


def dernier(genre: str) -> Envoi:
    envoi = Envoi.objects.filter(genre=genre).order_by("depose_le", "cle").last()
    assert envoi is not None
    return envoi


def jeton(genre: str = "carnet.lien") -> str:
    """Le jeton que porte le dernier courriel de ce genre : il n'est écrit nulle part ailleurs."""
    trouve = re.search(r"/carnet/(?:lien|repudier)/([\w-]{43})/", dernier(genre).texte)
    assert trouve is not None
    return trouve[1]


def code() -> str:
    trouve = re.search(r"(\d{3}) (\d{3})", dernier("carnet.code").texte)
    assert trouve is not None
    return trouve[1] + trouve[2]


def refus(acte, *arguments, **nommes) -> str:
    with pytest.raises(Refus) as leve:
        acte(*arguments, **nommes)
    return leve.value.code


def recevoir(lien: str, maintenant: datetime = ATTESTATION, connecte=None) -> None:
    services.demander_code(jeton=lien, connecte=connecte, maintenant=maintenant)


def ouvrir(lien: str, donne: str, maintenant: datetime = ATTESTATION, connecte=None):
    return services.ouvrir_le_lien(jeton=lien, code=donne, connecte=connecte, maintenant=maintenant)


def ouvert(pret: Monde):
    """Un lien du tuteur, ouvert par son code."""
    demander(pret)
    recevoir(jeton())
    return ouvrir(jeton(), code())


def vaut(pret: Monde, qualite=Qualite.TUTEUR) -> dict[str, bool | None]:
    vue = selectors.carnet(SYSTEME, pret.dossier)
    assert vue is not None
    return {ligne.competence: ligne.vaut(qualite) for ligne in vue.lignes}


def raisons() -> list[str]:
    entrees = Entree.objects.filter(action="carnet.lien_refuse").order_by("rang")
    return [entree.donnees["raison"] for entree in entrees]


# Demander ------------------------------------------------------------------------------------------------------------


def test_le_lien_part_a_l_adresse_professionnelle_et_la_base_n_en_garde_que_l_empreinte():
    pret = monde()
    assert demander(pret, qualites=(Qualite.MANAGER, Qualite.TUTEUR)) == (Qualite.TUTEUR, Qualite.MANAGER)
    envois = Envoi.objects.filter(genre="carnet.lien").order_by("adresse")
    assert [(e.adresse, e.destinataire, e.secret) for e in envois] == [
        ("manager@caisse.example", pret.manager.id, True),
        ("tuteur@caisse.example", pret.tuteur.id, True),
    ]
    secret = jeton()
    assert secret not in repr(list(LienAttestation.objects.values()))
    assert secret not in repr(list(Entree.objects.values("donnees", "objet_id")))
    lien = LienAttestation.objects.get(qualite="tuteur")
    assert (lien.competences, lien.expire) == (list(B3), fin_du_jour(date(2026, 10, 15)))


def test_on_ne_redemande_ni_ce_qui_est_maitrise_ni_deux_fois_le_meme_jour():
    pret = monde()
    services.attester(
        dossier=pret.dossier,
        qualite=Qualite.TUTEUR,
        dires={"C3.1": MAITRISEE},
        auteur=pret.tuteur,
        maintenant=ATTESTATION,
    )
    assert demander(pret, ("C3.1",)) == ()
    assert demander(pret, ("C3.1", "C3.2")) == (Qualite.TUTEUR,)
    premier = jeton()
    assert refus(demander, pret, ("C3.3",), maintenant=ATTESTATION + MINUTE) == "demande_du_jour"
    assert demander(pret, ("C3.3",), maintenant=ATTESTATION + timedelta(days=1)) == (Qualite.TUTEUR,)
    assert LienAttestation.objects.get(ferme_le=None).competences == ["C3.2", "C3.3"]
    assert refus(recevoir, premier, ATTESTATION + timedelta(days=1)) == "lien_remplace"


def test_seuls_le_candidat_et_qui_gere_son_dossier_demandent():
    pret = monde()
    for autre in (
        pret.tuteur,
        pret.manager,
        factories.avec_carnet().candidat,
        comptes.gestionnaire(comptes.organisme()),
    ):
        assert refus(demander, pret, auteur=autre) == "demande_reservee"
    assert demander(pret, auteur=pret.gestionnaire) == (Qualite.TUTEUR,)


@pytest.mark.parametrize("autre", ["manager", "candidat"])
def test_le_tuteur_le_manager_et_le_candidat_sont_trois_boites(autre):
    pret = monde()
    ouvrir_un_compte(getattr(pret, autre), "tuteur@caisse.example")
    assert refus(demander, pret) == "meme_identite"
    assert not LienAttestation.objects.exists()


def test_sans_adresse_professionnelle_le_lien_ne_part_pas():
    pret = monde()
    donner_adresse(pret.tuteur, "")
    assert refus(demander, pret) == "adresse_absente"


def test_une_meme_boite_apres_coup_n_ouvre_plus_rien():
    pret = monde()
    demander(pret)
    ouvrir_un_compte(pret.manager, "tuteur@caisse.example")
    assert refus(recevoir, jeton()) == "meme_identite"
    assert raisons() == ["meme_identite"]


# Le code -------------------------------------------------------------------------------------------------------------


def test_lire_le_lien_cent_fois_ne_consomme_ni_n_envoie_rien():
    demander(monde())
    adresse, avant = f"/carnet/lien/{jeton()}/", (Envoi.objects.count(), Entree.objects.count())
    navigateur = Client()
    with travel(ATTESTATION, tick=False):
        vus = [navigateur.get(adresse).status_code for _ in range(99)] + [navigateur.head(adresse).status_code]
    assert vus == [200] * 100
    assert (Envoi.objects.count(), Entree.objects.count()) == avant
    recevoir(jeton())


def test_le_code_ouvre_une_fois_et_rejoue_ne_vaut_rien():
    demander(monde())
    recevoir(jeton())
    bon = code()
    assert ouvrir(jeton(), f" {bon[:3]} {bon[3:]} ") == LienAttestation.objects.get().pk
    assert refus(ouvrir, jeton(), bon) == "code_absent"
    assert raisons() == ["code_absent"]


def test_transfere_le_lien_n_ecrit_qu_a_sa_vraie_destinataire():
    pret = monde()
    demander(pret)
    recevoir(jeton())
    assert dernier("carnet.code").adresse == "tuteur@caisse.example"
    assert refus(ouvrir, jeton(), "000000" if code() != "000000" else "111111") == "code_faux"
    for autre in (pret.candidat, pret.manager):
        assert refus(ouvrir, jeton(), code(), connecte=autre) == "autre_identite"
    assert raisons() == ["code_faux", "autre_identite"]
    assert ouvrir(jeton(), code(), connecte=pret.tuteur)


def test_un_code_echu_ne_vaut_rien_et_un_neuf_remplace_l_ancien():
    demander(monde())
    recevoir(jeton())
    ancien = code()
    assert refus(ouvrir, jeton(), ancien, ATTESTATION + 15 * MINUTE) == "code_echu"
    recevoir(jeton(), ATTESTATION + 15 * MINUTE)
    neuf = code()
    if neuf != ancien:
        assert refus(ouvrir, jeton(), ancien, ATTESTATION + 16 * MINUTE) == "code_faux"
    assert ouvrir(jeton(), neuf, ATTESTATION + 16 * MINUTE)


def test_les_essais_et_les_codes_sont_bornes_et_freines():
    demander(monde())
    recevoir(jeton())
    assert refus(recevoir, jeton(), ATTESTATION + timedelta(seconds=44)) == "code_trop_tot"
    faux = f"{(int(code()) + 1) % 1_000_000:06d}"
    assert [refus(ouvrir, jeton(), faux) for _ in range(6)] == ["code_faux"] * 5 + ["code_absent"]
    assert refus(ouvrir, jeton(), code()) == "code_absent"
    for rang in range(1, 5):
        recevoir(jeton(), ATTESTATION + rang * MINUTE)
    assert refus(recevoir, jeton(), ATTESTATION + 5 * MINUTE) == "lien_bloque"
    assert refus(ouvrir, jeton(), code(), ATTESTATION + 5 * MINUTE) == "lien_bloque"


def test_un_lien_vaut_jusqu_au_soir_du_jour_que_dit_son_courriel():
    demander(monde())
    assert "jusqu’au jeudi 15 octobre 2026" in dernier("carnet.lien").texte.replace("\N{NO-BREAK SPACE}", " ")
    recevoir(jeton(), datetime(2026, 10, 15, 21, 59, tzinfo=UTC))


def test_un_lien_echu_ou_invente_n_ouvre_rien():
    demander(monde())
    assert refus(recevoir, jeton(), datetime(2026, 10, 15, 22, 0, tzinfo=UTC)) == "lien_echu"
    avant = Entree.objects.count()
    assert refus(recevoir, "x" * 43) == "lien_inconnu"
    assert Entree.objects.count() == avant


# Attester ------------------------------------------------------------------------------------------------------------


def test_par_lien_non_plus_une_personne_n_atteste_pas_des_deux_cotes():
    pret = monde()
    services.attester(
        dossier=pret.dossier,
        qualite=Qualite.TUTEUR,
        dires={"C3.1": MAITRISEE},
        auteur=pret.tuteur,
        maintenant=ATTESTATION,
    )
    parcours.nommer_tuteur_manager(
        dossier=pret.dossier,
        tuteur=pret.manager.id,
        manager=pret.tuteur.id,
        auteur=pret.gestionnaire,
        maintenant=ATTESTATION,
    )
    demander(pret, qualites=(Qualite.MANAGER,))
    recevoir(jeton())
    lien = ouvrir(jeton(), code())
    attester = {"lien": lien, "connecte": None, "maintenant": ATTESTATION}
    assert refus(services.attester_par_lien, dires=dict.fromkeys(B3, MAITRISEE), **attester) == "meme_personne"
    assert services.attester_par_lien(dires={"C3.2": MAITRISEE}, **attester) == ("C3.2",)
    assert demander(pret, ("C3.1",)) == (Qualite.TUTEUR,)  # au nouveau tuteur de reprendre ce que l'ancien a signé


def test_on_atteste_d_un_coup_et_le_lien_se_ferme_quand_tout_est_maitrise():
    pret = monde()
    lien = ouvert(pret)
    dires = {"C3.1": MAITRISEE, "C3.2": Dire(Verdict.PAS_ENCORE, "Accueil seul, jamais encore."), "C3.3": MAITRISEE}
    assert services.attester_par_lien(lien=lien, dires=dires, connecte=None, maintenant=ATTESTATION) == B3
    assert vaut(pret) == {"C3.1": True, "C3.2": False, "C3.3": True}
    assert vaut(pret, Qualite.MANAGER) == dict.fromkeys(B3)
    assert set(Attestation.objects.values_list("auteur_id", "lien_id")) == {(pret.tuteur.id, lien)}
    assert str(Entree.objects.get(action="carnet.attestation").auteur.pk) == str(pret.tuteur.id)
    assert LienAttestation.objects.get().ferme_le is None
    services.attester_par_lien(lien=lien, dires={"C3.2": MAITRISEE}, connecte=None, maintenant=ATTESTATION + MINUTE)
    assert LienAttestation.objects.get().fermeture == "fini"
    assert refus(recevoir, jeton(), ATTESTATION + 2 * MINUTE) == "lien_fini"


def test_un_lien_n_atteste_que_ce_qu_il_demande_et_pas_sans_mot():
    pret = monde()
    demander(pret, ("C3.1",))
    recevoir(jeton())
    lien = ouvrir(jeton(), code())
    assert (
        refus(
            services.attester_par_lien,
            lien=lien,
            dires={"C3.1": MAITRISEE, "C3.2": MAITRISEE},
            connecte=None,
            maintenant=ATTESTATION,
        )
        == "competence_hors_lien"
    )
    sans_mot = {"C3.1": Dire(Verdict.PAS_ENCORE)}
    assert (
        refus(services.attester_par_lien, lien=lien, dires=sans_mot, connecte=None, maintenant=ATTESTATION)
        == "mot_manquant"
    )
    assert not Attestation.objects.exists()


def test_qui_n_est_plus_designe_n_atteste_plus_meme_lien_ouvert():
    pret = monde()
    lien = ouvert(pret)
    parcours.nommer_tuteur_manager(
        dossier=pret.dossier,
        tuteur=comptes.personne("Neuf").id,
        manager=pret.manager.id,
        auteur=pret.gestionnaire,
        maintenant=ATTESTATION,
    )
    dire = {"dires": {"C3.1": MAITRISEE}, "connecte": None, "maintenant": ATTESTATION}
    assert refus(services.attester_par_lien, lien=lien, **dire) == "plus_designe"
    assert raisons() == ["plus_designe"]
    assert not Attestation.objects.exists()


# L'avis, la répudiation, le gel --------------------------------------------------------------------------------------


def repudier(maintenant: datetime = ATTESTATION + timedelta(days=1)) -> None:
    services.repudier(jeton=jeton("carnet.avis"), motif="J'étais en congé.", maintenant=maintenant)


def test_chacun_apprend_ce_qui_fut_atteste_en_son_nom_par_les_deux_voies():
    pret = monde()
    services.attester_par_lien(lien=ouvert(pret), dires={"C3.1": MAITRISEE}, connecte=None, maintenant=ATTESTATION)
    services.attester(
        dossier=pret.dossier,
        qualite=Qualite.MANAGER,
        dires={"C3.2": MAITRISEE},
        auteur=pret.manager,
        maintenant=ATTESTATION,
    )
    avis = Envoi.objects.filter(genre="carnet.avis").order_by("adresse")
    assert [(a.adresse, "C3.1" in a.texte, "C3.2" in a.texte) for a in avis] == [
        ("manager@caisse.example", False, True),
        ("tuteur@caisse.example", True, False),
    ]


def test_repudier_retire_sans_effacer_gele_et_appelle_le_gestionnaire():
    pret = monde()
    factories.attester_tout(pret)
    Envoi.objects.filter(genre="carnet.avis", destinataire=pret.manager.id).delete()
    repudier()
    assert vaut(pret) == dict.fromkeys(B3)
    assert vaut(pret, Qualite.MANAGER) == dict.fromkeys(B3, True)
    assert Attestation.objects.count() == 9
    gel = selectors.gel(SYSTEME, pret.dossier)
    assert gel is not None
    assert (gel.personne, gel.competences, gel.motif) == (pret.tuteur.id, B3, "J'étais en congé.")
    repudier()
    assert (Repudiation.objects.count(), Attestation.objects.count()) == (1, 9)


def test_rien_ne_se_planifie_tant_que_le_gel_n_est_pas_leve():
    pret = monde()
    factories.attester_tout(pret)
    Envoi.objects.filter(genre="carnet.avis", destinataire=pret.manager.id).delete()
    repudier()
    factories.attester_tout(
        pret, ATTESTATION + timedelta(days=2)
    )  # attesté de nouveau : le carnet est complet, et pourtant gelé
    prevue = {
        "dossier": pret.dossier,
        "bloc": "B3",
        "prevue_le": ATTESTATION + timedelta(days=60),
        "lieu": "Salle 1",
        "auteur": pret.gestionnaire,
        "maintenant": ATTESTATION + timedelta(days=3),
    }
    assert refus(planifier_epreuve, **prevue) == "carnet_gele"
    lever = {
        "motif": "Vu avec Théo : un collègue avait ouvert son courriel.",
        "maintenant": ATTESTATION + timedelta(days=3),
    }
    repudiation = Repudiation.objects.get().pk
    for autre in (pret.tuteur, pret.candidat, comptes.gestionnaire(comptes.organisme())):
        assert refus(services.lever_le_gel, repudiation=repudiation, auteur=autre, **lever) == "levee_reservee"
    assert (
        refus(services.lever_le_gel, repudiation=repudiation, auteur=pret.gestionnaire, **{**lever, "motif": " "})
        == "motif_manquant"
    )
    services.lever_le_gel(repudiation=repudiation, auteur=pret.gestionnaire, **lever)
    services.lever_le_gel(repudiation=repudiation, auteur=pret.gestionnaire, **lever)
    assert selectors.gel(SYSTEME, pret.dossier) is None
    planifier_epreuve(**prevue)


def test_on_ne_repudie_plus_passe_le_delai_et_ce_qui_fut_redit_depuis_reste():
    pret = monde()
    services.attester(
        dossier=pret.dossier,
        qualite=Qualite.TUTEUR,
        dires={"C3.1": MAITRISEE, "C3.2": MAITRISEE},
        auteur=pret.tuteur,
        maintenant=ATTESTATION,
    )
    premier = jeton("carnet.avis")
    services.attester(
        dossier=pret.dossier,
        qualite=Qualite.TUTEUR,
        dires={"C3.1": Dire(Verdict.MAITRISEE, "Revu ce matin.")},
        auteur=pret.tuteur,
        maintenant=ATTESTATION + MINUTE,
    )
    fin = AvisAttestation.objects.order_by("emis_le")[0].jusqu_au
    assert fin == fin_du_jour(date(2026, 10, 11))  # attesté le 1er à dix heures, répudiable tout le 11
    echu = {"jeton": premier, "motif": "", "maintenant": fin}
    assert refus(services.repudier, **echu) == "avis_echu"
    assert raisons() == ["avis_echu"]
    services.repudier(**{**echu, "maintenant": fin - MINUTE})
    assert vaut(pret) == {"C3.1": True, "C3.2": None, "C3.3": None}


# Les pages -----------------------------------------------------------------------------------------------------------


def test_du_lien_a_l_attestation_sans_compte():
    pret = monde()
    demander(pret)
    with travel(ATTESTATION, tick=False):
        appareil, racine = Client(), f"/carnet/lien/{jeton()}/"
        avant = comptes.texte(appareil.get(racine))
        assert (comptes.texte(appareil.get(racine)).count("Camille"), "t…r@caisse.example" in avant) == (0, True)
        assert appareil.post(f"{racine}code/").headers["Location"] == racine
        assert appareil.post(f"{racine}ouvrir/", {"code": "12"}).status_code == 422
        entree = appareil.post(f"{racine}ouvrir/", {"code": code()})
        assert entree.headers["Location"] == "/carnet/lien/attester/"
        page = appareil.get("/carnet/lien/attester/")
        assert (page.status_code, page.headers["Cache-Control"].count("no-store")) == (200, 1)
        manque = appareil.post("/carnet/lien/attester/", {"C3.1": "pas_encore", "C3.1-vu": "0"})
        assert (manque.status_code, Attestation.objects.count()) == (422, 0)
        envoi = {cle: valeur for c in B3 for cle, valeur in ((c, "maitrisee"), (f"{c}-vu", "0"))}
        assert "3 compétences attestées" in comptes.texte(appareil.post("/carnet/lien/attester/", envoi))
        assert vaut(pret) == dict.fromkeys(B3, True)
        assert appareil.get(racine).status_code == 410
        assert appareil.get("/carnet/lien/attester/").status_code == 410
        assert Client().get("/carnet/lien/attester/").status_code == 410


def test_repudier_se_fait_sans_compte_et_ne_se_fait_pas_en_lisant():
    pret = monde()
    factories.attester_tout(pret)
    Envoi.objects.filter(genre="carnet.avis", destinataire=pret.manager.id).delete()
    with travel(ATTESTATION, tick=False):
        page = f"/carnet/repudier/{jeton('carnet.avis')}/"
        assert Client().get(page).status_code == 200
        assert not Repudiation.objects.exists()
        assert Client().post(page).headers["Location"] == page
        assert selectors.gel(SYSTEME, pret.dossier) is not None
        assert "C'est noté" in comptes.texte(Client().get(page))
        carnet = f"/carnet/{pret.dossier}/"
        vu = comptes.client(pret.gestionnaire)
        assert "Éclaircir et lever le gel" in comptes.texte(vu.get(carnet))
        assert "Éclaircir et lever le gel" not in comptes.texte(comptes.client(pret.candidat).get(carnet))
        assert vu.post(f"{carnet}lever/", {"motif": ""}).status_code == 422
        assert vu.post(f"{carnet}lever/", {"motif": "Vu avec lui."}).headers["Location"] == carnet
        assert selectors.gel(SYSTEME, pret.dossier) is None
        assert Client().get("/carnet/repudier/inconnu/").status_code == 410


def test_le_candidat_demande_depuis_sa_page():
    pret = monde()
    page = f"/carnet/{pret.dossier}/demander/"
    with travel(ATTESTATION, tick=False):
        sien = comptes.client(pret.candidat)
        assert sien.get(page).status_code == 200
        assert sien.post(page, {"qualites": ["tuteur"]}).status_code == 422
        envoi = {"qualites": ["tuteur", "manager"], "competences": ["C3.1", "C3.3"]}
        assert sien.post(page, envoi).headers["Location"] == f"/carnet/{pret.dossier}/"
        assert LienAttestation.objects.count() == 2
        assert sien.post(page, envoi).status_code == 422
        assert comptes.client(pret.tuteur).get(page).status_code == 403
