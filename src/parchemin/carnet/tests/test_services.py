"""Remettre, recevoir, attester, retirer : tout ou rien, rien ne s'écrase, chaque acte laisse sa trace."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from parchemin.carnet import selectors, services
from parchemin.carnet.abonnements import remettre_le_carnet
from parchemin.carnet.enums import Verdict
from parchemin.carnet.evenements import CarnetComplet, CarnetRemis, CarnetRouvert
from parchemin.carnet.models import Attestation, AvisAttestation, Carnet, Ligne
from parchemin.carnet.services import Dire
from parchemin.carnet.tests import factories
from parchemin.carnet.tests.factories import ATTESTATION, REMISE
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.services import fusionner
from parchemin.comptes.tests import factories as comptes
from parchemin.parcours import services as parcours
from parchemin.parcours.enums import Qualite
from parchemin.parcours.evenements import DossierInscrit
from parchemin.parcours.selectors import dossiers_par_ids
from parchemin.parcours.tests import factories as dossiers
from parchemin.registre import sceaux
from parchemin.registre.models import Entree
from parchemin.registre.verification import verifier
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.annonces import ecouler
from parchemin.socle.refus import Introuvable, Refus

pytestmark = pytest.mark.django_db

MAITRISEE = Dire(Verdict.MAITRISEE)


@pytest.fixture
def annonces(monkeypatch) -> list[object]:
    """Ce que les services annoncent, qu'une capacité du dessus l'écoute ou non."""
    dites: list[object] = []
    monkeypatch.setattr(services.carnets, "annoncer", dites.append)
    return dites


def attester(monde, dires, qualite=Qualite.TUTEUR, auteur=None, maintenant=ATTESTATION):
    auteur = auteur or (monde.tuteur if qualite == Qualite.TUTEUR else monde.manager)
    return services.attester(dossier=monde.dossier, qualite=qualite, dires=dires, auteur=auteur, maintenant=maintenant)


def retirer(monde, competence, motif="Erreur de ligne", qualite=Qualite.TUTEUR, auteur=None):
    auteur = auteur or (monde.tuteur if qualite == Qualite.TUTEUR else monde.manager)
    services.retirer_attestation(
        dossier=monde.dossier,
        qualite=qualite,
        competence=competence,
        motif=motif,
        auteur=auteur,
        maintenant=ATTESTATION,
    )


def code(acte, *arguments, **nommes) -> str:
    with pytest.raises(Refus) as refus:
        acte(*arguments, **nommes)
    return refus.value.code


def vaut(monde, qualite=Qualite.TUTEUR) -> dict[str, bool | None]:
    vue = selectors.carnet(SYSTEME, monde.dossier)
    assert vue is not None
    return {ligne.competence: ligne.vaut(qualite) for ligne in vue.lignes if ligne.vaut(qualite) is not None}


# Remettre et recevoir ------------------------------------------------------------------------------------------------


def test_l_inscription_remet_le_carnet_une_seule_fois():
    monde = dossiers.monde(("B3",))
    assert ecouler() >= 1
    assert (Carnet.objects.count(), Ligne.objects.count()) == (1, 3)
    avant = Entree.objects.count()
    remettre_le_carnet(DossierInscrit(monde.dossier))
    services.ouvrir_carnet(dossier=monde.dossier, auteur=SYSTEME, maintenant=REMISE)
    assert (Carnet.objects.count(), Ligne.objects.count(), Entree.objects.count()) == (1, 3, avant)


def test_la_remise_d_un_dossier_inconnu_est_refusee():
    with pytest.raises(Introuvable):
        services.ouvrir_carnet(dossier=uuid4(), auteur=SYSTEME, maintenant=REMISE)


def test_le_candidat_confirme_la_remise_une_fois():
    monde = factories.avec_carnet(("B3",))
    for jours in (0, 3):
        services.accuser_reception(
            dossier=monde.dossier, auteur=monde.candidat, maintenant=ATTESTATION + timedelta(days=jours)
        )
    assert Carnet.objects.get().recu_le == ATTESTATION
    assert Entree.objects.filter(action="carnet.reception").count() == 1
    recevoir = {"dossier": monde.dossier, "maintenant": ATTESTATION}
    assert code(services.accuser_reception, auteur=monde.tuteur, **recevoir) == "reception_reservee"


def test_on_ne_confirme_pas_un_carnet_qui_n_est_pas_remis():
    monde = dossiers.monde(("B3",))
    with pytest.raises(Introuvable):
        services.accuser_reception(dossier=monde.dossier, auteur=monde.candidat, maintenant=ATTESTATION)


# Attester ------------------------------------------------------------------------------------------------------------


def test_on_atteste_plusieurs_competences_en_un_acte():
    monde = factories.avec_carnet(("B3",))
    dires = {"C3.1": MAITRISEE, "C3.3": Dire(Verdict.PAS_ENCORE, "Pas encore vu en accueil")}
    assert attester(monde, dires) == ("C3.1", "C3.3")
    assert vaut(monde) == {"C3.1": True, "C3.3": False}
    assert vaut(monde, Qualite.MANAGER) == {}
    entree = Entree.objects.get(action="carnet.attestation")
    assert entree.donnees == {
        "dossier": str(monde.dossier),
        "qualite": "tuteur",
        "verdicts": {"C3.1": "maitrisee", "C3.3": "pas_encore"},
        "avis": str(AvisAttestation.objects.get().pk),
    }
    assert dict(entree.valeurs.values_list("nom", "valeur")) == {"mot C3.3": "Pas encore vu en accueil"}
    assert sorted(s["cle"] for s in entree.scelles) == sorted(
        map(str, Attestation.objects.order_by().values_list("pk", flat=True))
    )


def test_redire_la_meme_chose_ne_change_rien_et_en_dire_plus_n_ajoute_que_cela():
    monde = factories.avec_carnet(("B3",))
    attester(monde, {"C3.1": MAITRISEE})
    avant = Entree.objects.count()
    assert attester(monde, {"C3.1": MAITRISEE}) == ()
    assert (Attestation.objects.count(), Entree.objects.count()) == (1, avant)
    assert attester(monde, {"C3.1": MAITRISEE, "C3.2": MAITRISEE}) == ("C3.2",)
    assert Attestation.objects.count() == 2


@pytest.mark.parametrize(
    ("dires", "attendu", "details"),
    [
        ({}, "rien_a_attester", ()),
        ({"C3.1": MAITRISEE, "C1.1": MAITRISEE, "C9.9": MAITRISEE}, "competence_inconnue", ("C1.1", "C9.9")),
        (
            {"C3.1": Dire(Verdict.PAS_ENCORE), "C3.2": MAITRISEE, "C3.3": Dire(Verdict.PAS_ENCORE, "  ")},
            "mot_manquant",
            ("C3.1", "C3.3"),
        ),
    ],
)
def test_tout_ou_rien_et_toutes_les_competences_en_cause_sont_nommees(dires, attendu, details):
    monde = factories.avec_carnet(("B3",))
    with pytest.raises(Refus) as refus:
        attester(monde, dires)
    assert (refus.value.code, refus.value.details) == (attendu, details)
    assert Attestation.objects.count() == 0


def test_chacun_n_atteste_que_pour_soi():
    monde = factories.avec_carnet(("B3",))
    dires = {"C3.1": MAITRISEE}
    assert code(attester, monde, dires, Qualite.TUTEUR, monde.manager) == "attestation_reservee"
    assert code(attester, monde, dires, Qualite.MANAGER, monde.tuteur) == "attestation_reservee"
    assert code(attester, monde, dires, Qualite.TUTEUR, monde.candidat) == "attestation_pour_soi"
    assert code(attester, monde, dires, Qualite.TUTEUR, monde.gestionnaire) == "attestation_reservee"
    assert code(attester, monde, dires, Qualite.TUTEUR, comptes.personne()) == "attestation_reservee"
    assert Attestation.objects.count() == 0


def test_un_tuteur_remplace_n_atteste_plus_mais_ce_qu_il_a_signe_reste():
    monde = factories.avec_carnet(("B3",))
    attester(monde, {"C3.1": MAITRISEE})
    nouveau = comptes.personne("Nadia")
    parcours.nommer_tuteur_manager(
        dossier=monde.dossier,
        tuteur=nouveau.id,
        manager=monde.manager.id,
        auteur=monde.gestionnaire,
        maintenant=ATTESTATION,
    )
    assert code(attester, monde, {"C3.2": MAITRISEE}) == "attestation_reservee"
    assert attester(monde, {"C3.2": MAITRISEE}, auteur=nouveau) == ("C3.2",)
    vue = selectors.carnet(SYSTEME, monde.dossier)
    assert vue is not None
    assert [ligne.attestations[Qualite.TUTEUR].auteur for ligne in vue.lignes[:2]] == [monde.tuteur.id, nouveau.id]


def test_un_dossier_clos_ne_s_atteste_plus():
    monde = factories.avec_carnet(("B3",))
    attester(monde, {"C3.1": MAITRISEE})
    parcours.abandonner(dossier=monde.dossier, motif="x", auteur=monde.gestionnaire, maintenant=ATTESTATION)
    assert code(attester, monde, {"C3.2": MAITRISEE}) == "dossier_clos"
    assert code(retirer, monde, "C3.1") == "dossier_clos"


def test_ce_qui_a_change_depuis_que_la_page_est_ouverte_se_dit_au_lieu_de_s_ecraser():
    monde = factories.avec_carnet(("B3",))
    attester(monde, {"C3.1": Dire(Verdict.PAS_ENCORE, "Dans un autre onglet", 0)})
    with pytest.raises(Refus) as refus:
        attester(monde, {"C3.1": Dire(Verdict.MAITRISEE, "", 0), "C3.2": Dire(Verdict.MAITRISEE, "", 0)})
    assert (refus.value.code, refus.value.details) == ("change_depuis", ("C3.1",))
    assert vaut(monde) == {"C3.1": False}
    assert attester(monde, {"C3.1": Dire(Verdict.MAITRISEE, "", 1)}) == ("C3.1",)


def test_un_mot_se_scelle_dans_une_seule_forme():
    monde = factories.avec_carnet(("B3",))
    attester(monde, {"C3.1": Dire(Verdict.PAS_ENCORE, " Élan\r\n à revoir ")})
    assert Attestation.objects.get().mot == "Élan\n à revoir"
    assert attester(monde, {"C3.1": Dire(Verdict.PAS_ENCORE, "Élan\n à revoir")}) == ()


# Retirer -------------------------------------------------------------------------------------------------------------


def test_un_retrait_est_une_ligne_de_plus_avec_son_motif():
    monde = factories.avec_carnet(("B3",))
    attester(monde, {"C3.1": MAITRISEE})
    assert code(retirer, monde, "C3.1", motif="  ") == "motif_manquant"
    retirer(monde, "C3.1")
    avant = Entree.objects.count()
    retirer(monde, "C3.1")
    assert Entree.objects.count() == avant
    assert list(Attestation.objects.order_by("rang").values_list("rang", "verdict", "mot")) == [
        (1, "maitrisee", ""),
        (2, "", "Erreur de ligne"),
    ]
    assert vaut(monde) == {}
    assert attester(monde, {"C3.1": MAITRISEE}) == ("C3.1",)
    assert vaut(monde) == {"C3.1": True}


def test_on_ne_retire_que_sa_propre_voix_et_que_ce_qui_est_dit():
    monde = factories.avec_carnet(("B3",))
    attester(monde, {"C3.1": MAITRISEE})
    assert code(retirer, monde, "C3.2") == "rien_a_retirer"
    assert code(retirer, monde, "C1.1") == "competence_inconnue"
    assert code(retirer, monde, "C3.1", qualite=Qualite.MANAGER) == "rien_a_retirer"
    assert code(retirer, monde, "C3.1", auteur=monde.manager) == "attestation_reservee"
    assert code(retirer, monde, "C3.1", auteur=monde.candidat) == "attestation_pour_soi"
    assert vaut(monde) == {"C3.1": True}


# Ce qui s'annonce ----------------------------------------------------------------------------------------------------


def test_le_carnet_annonce_quand_il_devient_complet_et_quand_il_cesse_de_l_etre(annonces):
    monde = factories.avec_carnet(("B3",))
    tout = dict.fromkeys(("C3.1", "C3.2", "C3.3"), MAITRISEE)
    attester(monde, tout)
    attester(monde, {"C3.1": MAITRISEE, "C3.2": MAITRISEE}, Qualite.MANAGER)
    assert annonces == [CarnetRemis(monde.dossier, factories.REMISE)]
    attester(monde, {"C3.3": MAITRISEE}, Qualite.MANAGER)
    assert annonces[1:] == [CarnetComplet(monde.dossier)]
    retirer(monde, "C3.1")
    assert annonces[2:] == [CarnetRouvert(monde.dossier)]
    retirer(monde, "C3.2")
    assert len(annonces) == 3


# Ce qui ne bouge plus ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", [Attestation, Ligne])
def test_une_attestation_et_une_ligne_ne_se_modifient_ni_ne_s_effacent(table):
    factories.complet(("B3",))
    for geste in (lambda: table.objects.update(rang=9), lambda: table.objects.all()._raw_delete("default")):
        with pytest.raises(IntegrityError, match="insertion seule"), transaction.atomic():
            geste()


def test_chaque_attestation_se_relit_depuis_ses_colonnes_avec_un_sel_a_elle(tmp_path):
    factories.complet(("B3",))
    table = sceaux.table(selectors.SCEAU)
    assert table is not None
    assert table.lister is not None
    lignes = {str(ligne.pk): ligne for ligne in Attestation.objects.order_by("pk")}
    assert [str(cle) for cle in table.lister()] == list(lignes)
    assert {cle: table.relire(cle) for cle in lignes} == {cle: ligne.empreinte for cle, ligne in lignes.items()}
    assert len({bytes(ligne.sel) for ligne in lignes.values()}) == 6
    assert {len(bytes(ligne.sel)) for ligne in lignes.values()} == {16}
    assert table.relire(str(uuid4())) is None
    assert verifier(tmp_path, ()) == ()


@pytest.mark.parametrize(
    ("colonne", "valeur"),
    [("verdict", "'pas_encore'"), ("mot", "'autre'"), ("instant", "instant + interval '1 microsecond'"), ("rang", "7")],
)
def test_une_colonne_changee_en_sautant_les_declencheurs_se_voit(tmp_path, colonne, valeur):
    from django.db import connection

    factories.complet(("B3",))
    cible = Attestation.objects.order_by("pk").first()
    assert cible is not None
    with connection.cursor() as curseur:
        curseur.execute("SET LOCAL session_replication_role = 'replica'")
        mot = ", mot = 'x'" if colonne == "verdict" else ""
        curseur.execute(f"UPDATE carnet_attestation SET {colonne} = {valeur}{mot} WHERE id = %s", [cible.pk])
        curseur.execute("SET LOCAL session_replication_role = 'origin'")
    fautes = verifier(tmp_path, ())
    assert len(fautes) == 1
    assert str(cible.pk) in str(fautes[0])


def test_pas_encore_sans_mot_est_refuse_par_la_base_aussi():
    monde = factories.avec_carnet(("B3",))
    ligne = Ligne.objects.order_by("rang").first()
    with pytest.raises(IntegrityError, match="attestation_mot_necessaire"), transaction.atomic():
        Attestation.objects.create(
            ligne=ligne,
            qualite=Qualite.TUTEUR,
            rang=1,
            verdict=Verdict.PAS_ENCORE,
            auteur_id=monde.tuteur.id,
            instant=ATTESTATION,
            sel=b"0" * 16,
            empreinte="0" * 64,
        )


# Une personne n'a qu'une voix -----------------------------------------------------------------------------------------


def passer_de_l_autre_cote(monde):
    """Le tuteur devient manager ; rend la personne nommée tutrice à sa place."""
    autre = comptes.avec_role(NatureRole.TUTEUR, monde.organisme)
    parcours.nommer_tuteur_manager(
        dossier=monde.dossier,
        tuteur=autre.id,
        manager=monde.tuteur.id,
        auteur=monde.gestionnaire,
        maintenant=ATTESTATION,
    )
    return autre


def test_qui_a_atteste_d_un_cote_n_atteste_pas_de_l_autre_tant_que_sa_voix_y_vaut():
    """Tuteur hier, manager aujourd'hui : sa seule signature ne rend pas le carnet complet ; la nouvelle tutrice reprend la voix."""
    monde = factories.avec_carnet(("B3",))
    attester(monde, dict.fromkeys(("C3.1", "C3.2"), MAITRISEE))
    tutrice = passer_de_l_autre_cote(monde)
    avant = Attestation.objects.count()
    with pytest.raises(Refus) as refus:
        attester(monde, dict.fromkeys(("C3.1", "C3.3"), MAITRISEE), Qualite.MANAGER, monde.tuteur)
    assert (refus.value.code, refus.value.details, Attestation.objects.count()) == ("meme_personne", ("C3.1",), avant)
    assert "comme tuteur" in refus.value.message
    assert attester(monde, {"C3.3": MAITRISEE}, Qualite.MANAGER, monde.tuteur) == ("C3.3",)

    vue = selectors.carnet(SYSTEME, monde.dossier)
    dossier = dossiers_par_ids(SYSTEME, [monde.dossier])[monde.dossier]
    assert [ligne.attend(Qualite.TUTEUR, dossier) for ligne in vue.lignes] == [True, True, True]
    assert attester(monde, {"C3.1": MAITRISEE}, auteur=tutrice) == ("C3.1",)
    assert attester(monde, {"C3.1": MAITRISEE}, auteur=tutrice) == ()
    assert attester(monde, {"C3.1": MAITRISEE}, Qualite.MANAGER, monde.tuteur) == ("C3.1",)
    assert selectors.avancements(SYSTEME, [monde.dossier])[monde.dossier].completes == 1


def test_deux_fiches_reunies_n_ont_qu_une_voix():
    monde = factories.avec_carnet(("B3",))
    attester(monde, {"C3.1": MAITRISEE})
    nouvelle = comptes.avec_role(NatureRole.MANAGER, monde.organisme)
    parcours.nommer_tuteur_manager(
        dossier=monde.dossier,
        tuteur=comptes.personne().id,
        manager=nouvelle.id,
        auteur=monde.gestionnaire,
        maintenant=ATTESTATION,
    )
    fusionner(alias=monde.tuteur.id, gardee=nouvelle.id, auteur=SYSTEME, maintenant=ATTESTATION)
    assert code(attester, monde, {"C3.1": MAITRISEE}, Qualite.MANAGER, nouvelle) == "meme_personne"


def test_une_double_signature_deja_ecrite_ne_rend_pas_un_carnet_complet(monkeypatch):
    monde = factories.avec_carnet(("B3",))
    tout = dict.fromkeys(("C3.1", "C3.2", "C3.3"), MAITRISEE)
    attester(monde, tout)
    passer_de_l_autre_cote(monde)
    with monkeypatch.context() as avant:
        avant.setattr(services.carnets, "_verifier_une_seule_voix", lambda *_: None)
        attester(monde, tout, Qualite.MANAGER, monde.tuteur, ATTESTATION + timedelta(hours=1))
    lu = selectors.avancements(SYSTEME, [monde.dossier])[monde.dossier]
    entier = selectors.carnet(SYSTEME, monde.dossier)
    assert (lu.completes, lu.complet_pour("B3"), lu.attendues(Qualite.MANAGER), entier.avancement()) == (
        0,
        False,
        3,
        lu,
    )
    assert selectors.complet(SYSTEME, monde.dossier, "B3") is False
