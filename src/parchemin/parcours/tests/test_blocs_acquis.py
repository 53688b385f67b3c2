"""Reconnaître un bloc, en dispenser, le retirer : qui, sur quoi, ce qui compte ensuite, ce qui ne bouge plus."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
import time_machine
from django.db import IntegrityError, transaction

from moteur.regles.equivalence_de_bloc import Tenu
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.services import fusionner
from parchemin.comptes.tests import factories as comptes
from parchemin.comptes.tests.factories import client, texte
from parchemin.parcours import presenters, services
from parchemin.parcours.enums import PieceDeBloc
from parchemin.parcours.models import BlocAcquis, Dossier, RetraitDeBloc
from parchemin.parcours.selectors import (
    acquisitions,
    blocs_acquis,
    blocs_acquis_par_ids,
    blocs_tenus,
    dossiers_par_ids,
)
from parchemin.parcours.tests import factories
from parchemin.parcours.tests.factories import INSCRIPTION
from parchemin.referentiels.selectors import version_publiee
from parchemin.referentiels.tests import factories as referentiels
from parchemin.referentiels.tests.factories import equivalence, petit, publier
from parchemin.registre.models import Entree
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.refus import Introuvable, Refus, RefusDroit
from parchemin.socle.typographie import INSECABLE

pytestmark = pytest.mark.django_db

GC = Tenu("RNCP35729", "B1")
PLUS_TARD = INSCRIPTION + timedelta(days=3)
JOUR = PLUS_TARD.date()
MAI = date(2022, 5, 3)


def ouvrir(*lignes: dict[str, object], **valeurs: object) -> None:
    """Le certificateur confirme des équivalences (RNCP35729 B1 vaut B1, sauf avis contraire)."""
    version = version_publiee(SYSTEME, "cqp-cos", "2021")
    referentiels.reconnaitre(version, *(lignes or (equivalence("RNCP35729 B1", "B1"),)), **valeurs)


def reconnaitre(monde: factories.Monde, bloc: str = "B1", **changements: object) -> UUID:
    options = {
        "tenu": GC,
        "obtenu_le": MAI,
        "piece": PieceDeBloc.ATTESTATION,
        "vu_le": JOUR,
        "auteur": monde.gestionnaire,
        "maintenant": PLUS_TARD,
        **changements,
    }
    return services.reconnaitre_bloc(dossier=monde.dossier, bloc=bloc, **options)


def vue(dossier: UUID):
    return dossiers_par_ids(SYSTEME, [dossier])[dossier]


def reconnaissables(dossier: UUID):
    return acquisitions(SYSTEME, vue(dossier), JOUR).reconnaissables


def comptent(dossier: UUID) -> dict[str, str]:
    acquis = blocs_acquis(SYSTEME, [vue(dossier)]).get(dossier, {})
    return {code: une.origine.value for code, une in acquis.items()}


def test_un_bloc_reconnu_sur_piece_compte_et_dit_tout_ce_qui_l_a_permis():
    monde = factories.monde()
    ouvrir()
    acquis = reconnaitre(monde)
    assert comptent(monde.dossier) == {"B1": "equivalence"}
    ligne = BlocAcquis.objects.get(pk=acquis)
    assert (ligne.de_referentiel, ligne.de_bloc, ligne.obtenu_le, ligne.piece, ligne.vu_le, ligne.vu_par_id) == (
        "RNCP35729", "B1", MAI, "attestation", JOUR, monde.gestionnaire.id,
    )  # fmt: skip
    assert ligne.chaine == [{"de": "RNCP35729 B1", "vers": "cqp-cos@2021 B1", "du": None, "au": None}]
    entree = Entree.objects.get(action="parcours.bloc_reconnu")
    assert (entree.chaine_id, entree.donnees["bloc"]) == (f"organisme:{monde.organisme}", "B1")
    (une,) = blocs_tenus(SYSTEME, [monde.candidat.id])[monde.candidat.id]
    assert presenters.acquis_en_phrase(une).replace(INSECABLE, " ") == (
        "Obtenu par équivalence avec le bloc 1 de RNCP35729, acquis le 3 mai 2022. Attestation de bloc, pièce vue le "
        f"5 septembre 2026 par {une.vu_par_nom}."
    )


def test_eteinte_une_equivalence_n_ouvre_rien():
    monde = factories.monde()
    with pytest.raises(Refus) as refus:
        reconnaitre(monde)
    assert (refus.value.code, BlocAcquis.objects.count()) == ("equivalence_absente", 0)


@pytest.mark.parametrize(
    ("du", "au", "permis"),
    [
        ("2026-09-05", "2026-09-05", True),
        ("2026-09-06", None, False),
        (None, "2026-09-04", False),
        (None, None, True),
    ],
)
def test_le_jour_de_l_acte_compte_bornes_comprises(du, au, permis):
    monde = factories.monde()
    ouvrir(equivalence("RNCP35729 B1", "B1", du, au))
    if permis:
        reconnaitre(monde)
        assert comptent(monde.dossier) == {"B1": "equivalence"}
    else:
        with pytest.raises(Refus) as refus:
            reconnaitre(monde)
        assert (refus.value.code, comptent(monde.dossier)) == ("equivalence_absente", {})


@pytest.mark.parametrize(
    ("changements", "code"),
    [
        ({"bloc": "B3"}, "bloc_non_demande"),
        ({"bloc": "B2"}, "equivalence_absente"),
        ({"tenu": Tenu("RNCP35729", "B2")}, "equivalence_absente"),
        ({"tenu": Tenu("RNCP1", "B1")}, "equivalence_absente"),
        ({"tenu": Tenu("cqp-cos@2021", "B1")}, "equivalence_absente"),
        ({"obtenu_le": date(2026, 9, 6), "vu_le": date(2026, 9, 6)}, "obtention_a_venir"),
        ({"vu_le": date(2026, 9, 6)}, "piece_a_venir"),
        ({"vu_le": date(2022, 5, 2)}, "piece_avant_l_obtention"),
        ({"effets_vus": ("autre chose",)}, "effets_changes"),
    ],
)
def test_ce_qui_ne_se_reconnait_pas(changements, code):
    monde = factories.monde(("B1", "B2"))
    ouvrir()
    with pytest.raises(Refus) as refus:
        reconnaitre(monde, **changements)
    assert (refus.value.code, BlocAcquis.objects.count()) == (code, 0)


def test_un_bloc_echu_ne_se_reconnait_plus():
    monde = factories.monde()
    ouvrir(bloc_validite_mois=12)
    with pytest.raises(Refus) as refus:
        reconnaitre(monde, obtenu_le=date(2025, 9, 4))
    assert refus.value.code == "bloc_echu"
    reconnaitre(monde, obtenu_le=date(2025, 9, 5))
    assert comptent(monde.dossier) == {"B1": "equivalence"}


def test_deux_fois_le_meme_bloc_et_un_dossier_clos_sont_refuses():
    monde = factories.monde()
    ouvrir()
    reconnaitre(monde)
    with pytest.raises(Refus) as refus:
        reconnaitre(monde)
    assert refus.value.code == "bloc_deja_acquis"
    services.abandonner(dossier=monde.dossier, motif="Départ.", auteur=monde.gestionnaire, maintenant=PLUS_TARD)
    with pytest.raises(Refus) as refus:
        reconnaitre(monde, bloc="B2")
    assert (refus.value.code, BlocAcquis.objects.count()) == ("dossier_clos", 1)


def test_seul_le_gestionnaire_du_dossier_reconnait_et_jamais_pour_lui():
    monde = factories.monde()
    ouvrir()
    rh = comptes.avec_role(NatureRole.RH, monde.organisme)
    for autre in (rh, comptes.gestionnaire(comptes.organisme()), monde.candidat, monde.tuteur, monde.manager):
        with pytest.raises(RefusDroit):
            reconnaitre(monde, auteur=autre)
    juge_et_partie = factories.monde(("B1",), monde.organisme)
    services.nommer_tuteur_manager(
        dossier=juge_et_partie.dossier,
        tuteur=monde.gestionnaire.id,
        manager=juge_et_partie.manager.id,
        auteur=juge_et_partie.gestionnaire,
        maintenant=INSCRIPTION,
    )
    with pytest.raises(RefusDroit) as refus:
        reconnaitre(juge_et_partie, auteur=monde.gestionnaire)
    assert (refus.value.code, BlocAcquis.objects.count()) == ("cause_propre", 0)


# Retirer -------------------------------------------------------------------------------------------------------------


def retirer(acquis: UUID, auteur: Acteur, **changements: object) -> None:
    options = {
        "motif": "La pièce était d'une autre personne.",
        "maintenant": PLUS_TARD + timedelta(hours=1),
        **changements,
    }
    services.retirer_bloc_acquis(acquis=acquis, auteur=auteur, **options)


def test_un_bloc_retire_ne_compte_plus_reste_dans_l_histoire_et_peut_se_reconnaitre_a_nouveau():
    monde = factories.monde()
    ouvrir()
    acquis = reconnaitre(monde)
    retirer(acquis, monde.gestionnaire)
    retirer(acquis, monde.gestionnaire)
    assert (comptent(monde.dossier), BlocAcquis.objects.count(), RetraitDeBloc.objects.count()) == ({}, 1, 1)
    (une,) = blocs_tenus(SYSTEME, [monde.candidat.id])[monde.candidat.id]
    assert presenters.retrait_en_phrase(une).replace(INSECABLE, " ") == (
        "Bloc 1, obtenu par équivalence, retiré le 5 septembre 2026 : La pièce était d'une autre personne."
    )
    entree = Entree.objects.get(action="parcours.bloc_retire")
    assert (entree.chaine_id, list(entree.engagements)) == (f"organisme:{monde.organisme}", ["motif"])
    reconnaitre(monde, maintenant=PLUS_TARD + timedelta(hours=2))
    assert comptent(monde.dossier) == {"B1": "equivalence"}


def test_un_retrait_se_motive_et_revient_au_gestionnaire():
    monde = factories.monde()
    ouvrir()
    acquis = reconnaitre(monde)
    with pytest.raises(Refus) as refus:
        retirer(acquis, monde.gestionnaire, motif="  ")
    assert refus.value.code == "motif_manquant"
    for autre in (monde.candidat, comptes.gestionnaire(comptes.organisme())):
        with pytest.raises(RefusDroit):
            retirer(acquis, autre)
    with pytest.raises(Introuvable):
        retirer(monde.dossier, monde.gestionnaire)
    assert comptent(monde.dossier) == {"B1": "equivalence"}


def test_un_dossier_clos_se_lit_tel_qu_a_sa_cloture():
    monde = factories.monde()
    ouvrir()
    acquis = reconnaitre(monde)
    services.abandonner(
        dossier=monde.dossier, motif="Départ.", auteur=monde.gestionnaire, maintenant=PLUS_TARD + timedelta(minutes=1)
    )
    with pytest.raises(Refus) as refus:
        retirer(acquis, monde.gestionnaire)
    assert (refus.value.code, comptent(monde.dossier)) == ("dossier_clos", {"B1": "equivalence"})


def test_ce_que_le_jury_decide_n_ajoute_pas_ce_qui_est_venu_apres_la_cloture(django_assert_num_queries):
    monde = factories.monde()
    ouvrir()
    reconnaitre(monde)

    def passer(jours: int, *etats: str) -> None:
        for etat in etats:
            quand = PLUS_TARD + timedelta(days=jours)
            services.passer_etat(dossier=monde.dossier, vers=etat, auteur=SYSTEME, maintenant=quand)

    passer(1, "en_evaluation", "evalue")
    BlocAcquis.objects.create(
        candidat_id=monde.candidat.id, referentiel="cqp-cos@2021", bloc="B3", origine="equivalence", obtenu_le=MAI,
        dossier_id=monde.dossier, de_referentiel=GC.referentiel, de_bloc="B3", chaine=[], piece=PieceDeBloc.ATTESTATION, vu_le=JOUR,
        vu_par_id=monde.gestionnaire.id, rang=1, auteur=monde.gestionnaire.id, instant=PLUS_TARD + timedelta(days=2),
    )  # fmt: skip
    assert comptent(monde.dossier) == {"B1": "equivalence"}
    passer(3, "partiellement_certifie")
    assert comptent(monde.dossier) == {"B1": "equivalence"}
    lu = vue(monde.dossier)
    with django_assert_num_queries(2):
        blocs_acquis(SYSTEME, [lu])


def test_d_un_dossier_clos_la_page_dit_pourquoi_rien_ne_se_retire():
    monde = factories.monde()
    ouvrir()
    adresse = f"/candidats/{monde.dossier}/acquis/{reconnaitre(monde)}/retirer/"
    with time_machine.travel(PLUS_TARD + timedelta(hours=2), tick=False):
        ici = client(monde.gestionnaire)
        assert ("de nouveau à juger" in texte(ici.get(adresse)), "<textarea" in ici.get(adresse).content.decode()) == (
            True,
            True,
        )
        services.abandonner(dossier=monde.dossier, motif="Départ.", auteur=monde.gestionnaire, maintenant=PLUS_TARD)
        page = ici.get(adresse)
        assert "Portez-le au jury" in texte(page)
        assert ("de nouveau à juger" in texte(page), "<textarea" in page.content.decode()) == (False, False)
        assert f"{adresse}" not in ici.get(f"/candidats/{monde.dossier}/").content.decode()


@pytest.mark.parametrize(("leve", "statut"), [(RefusDroit("cause_propre", "Non."), 403), (Introuvable(), 404)])
def test_un_droit_perdu_entre_la_page_et_l_envoi_n_est_pas_une_faute_de_saisie(leve, statut, monkeypatch):
    monde = factories.monde()
    ouvrir(*(equivalence(f"RNCP35729 {bloc}", bloc) for bloc in ("B1", "B2")))
    acquis = reconnaitre(monde)

    def refuser(**_: object) -> None:
        raise leve

    with time_machine.travel(PLUS_TARD, tick=False):
        ici = client(monde.gestionnaire)
        for service in ("reconnaitre_bloc", "retirer_bloc_acquis"):
            monkeypatch.setattr(services, service, refuser)
        adresse = f"/candidats/{monde.dossier}/reconnaitre/"
        page = ici.get(adresse).context["page"]
        saisi = {
            "choix": page.choix[0].valeur,
            "obtenu_le": "2022-05-03",
            "piece": "attestation",
            "vu_le": "2026-09-05",
            "vus": page.vus,
        }
        assert ici.post(adresse, saisi).status_code == statut
        retrait = f"/candidats/{monde.dossier}/acquis/{acquis}/retirer/"
        assert ici.post(retrait, {"motif": "Erreur."}).status_code == statut


def test_rien_ne_se_corrige_ni_ne_s_efface():
    monde = factories.monde()
    ouvrir()
    retirer(reconnaitre(monde), monde.gestionnaire)
    for table in (BlocAcquis, RetraitDeBloc):
        with pytest.raises(IntegrityError), transaction.atomic():
            table.objects.update(motif="autre")
        with pytest.raises(IntegrityError), transaction.atomic():
            table.objects.all().delete()


# Dispenser ------------------------------------------------------------------------------------------------------------


def dispenser(monde: factories.Monde, auteur: Acteur, **changements: object) -> UUID:
    options = {
        "bloc": "B4",
        "motif": "Titulaire d'un titre de même niveau, examiné en commission.",
        "piece": PieceDeBloc.PARCHEMIN,
        "vu_le": JOUR,
        "maintenant": PLUS_TARD,
        **changements,
    }
    return services.dispenser_de_bloc(dossier=monde.dossier, auteur=auteur, **options)


def test_une_dispense_de_bloc_suit_le_reglement_et_revient_au_certificateur():
    monde = factories.monde()
    certificateur = comptes.gestionnaire()
    with pytest.raises(Refus) as refus:
        dispenser(monde, certificateur)
    assert refus.value.code == "dispense_de_bloc_interdite"
    ouvrir(dispense_de_bloc="motivee")
    with pytest.raises(RefusDroit):
        dispenser(monde, monde.gestionnaire)
    with pytest.raises(Refus) as refus:
        dispenser(monde, certificateur, motif=" ")
    assert (refus.value.code, BlocAcquis.objects.count()) == ("motif_manquant", 0)
    acquis = dispenser(monde, certificateur)
    assert comptent(monde.dossier) == {"B4": "dispense"}
    with pytest.raises(RefusDroit):
        retirer(acquis, monde.gestionnaire)
    retirer(acquis, certificateur)
    assert comptent(monde.dossier) == {}


def test_une_dispense_ne_prouve_rien_ailleurs():
    monde = factories.monde()
    ouvrir(dispense_de_bloc="motivee")
    dispenser(monde, comptes.gestionnaire())
    publier(petit(equivalences=[equivalence("cqp-cos@2021 B4", "B1")]))
    autre = factories.autre_dossier(monde, "cqp-petit@2026", ("B1", "B2"))
    assert reconnaissables(autre) == ()


# Un second référentiel ---------------------------------------------------------------------------------------------------


def test_un_bloc_reconnu_ici_se_propose_dans_un_second_referentiel_a_partir_de_ce_qui_fut_vraiment_obtenu():
    """GC B1 → COS B1, puis COS B1 → petit B2 : la chaîne part de GC, jamais du bloc obtenu par équivalence."""
    monde = factories.monde()
    ouvrir()
    reconnaitre(monde)
    publier(petit(equivalences=[equivalence("cqp-cos@2021 B1", "B2")]))
    autre = factories.autre_dossier(monde, "cqp-petit@2026", ("B1", "B2"))
    (un,) = reconnaissables(autre)
    assert (un.bloc, un.tenu, [str(une.vers.referentiel) for une in un.chaine]) == (
        "B2", GC, ["cqp-cos@2021", "cqp-petit@2026"],
    )  # fmt: skip
    assert (comptent(autre), comptent(monde.dossier)) == ({}, {"B1": "equivalence"})
    services.reconnaitre_bloc(
        dossier=autre,
        bloc="B2",
        tenu=un.tenu,
        obtenu_le=MAI,
        piece=PieceDeBloc.PARCHEMIN,
        vu_le=JOUR,
        auteur=monde.gestionnaire,
        maintenant=PLUS_TARD,
    )
    assert (comptent(autre), reconnaissables(autre)) == ({"B2": "equivalence"}, ())


def test_dans_les_deux_sens_un_bloc_reconnu_ne_revient_pas_en_ouvrir_un_autre():
    """COS B1 vaut petit B1, qui vaut COS B2 : reconnu dans l'un, il n'ouvre pas un second bloc de l'autre."""
    monde = factories.monde()
    publier(petit(equivalences=[equivalence("cqp-cos@2021 B1", "B1")]))
    ouvrir(equivalence("cqp-petit@2026 B1", "B2"))
    autre = factories.autre_dossier(monde, "cqp-petit@2026", ("B1",))
    services.reconnaitre_bloc(
        dossier=autre,
        bloc="B1",
        tenu=Tenu("cqp-cos@2021", "B1"),
        obtenu_le=MAI,
        piece=PieceDeBloc.PARCHEMIN,
        vu_le=JOUR,
        auteur=monde.gestionnaire,
        maintenant=PLUS_TARD,
    )
    assert reconnaissables(monde.dossier) == ()


def test_deux_fiches_reunies_tiennent_ce_que_tenait_chacune():
    monde = factories.monde()
    ouvrir()
    reconnaitre(monde)
    services.abandonner(dossier=monde.dossier, motif="Départ.", auteur=monde.gestionnaire, maintenant=PLUS_TARD)
    gardee = factories.monde(organisme=monde.organisme)
    fusionner(
        alias=monde.candidat.id,
        gardee=gardee.candidat.id,
        auteur=comptes.avec_role(NatureRole.ADMINISTRATEUR),
        maintenant=PLUS_TARD,
    )
    assert comptent(gardee.dossier) == {"B1": "equivalence"}
    lus = blocs_acquis_par_ids(SYSTEME, [gardee.dossier])
    assert {dossier: set(siens) for dossier, siens in lus.items()} == {gardee.dossier: {"B1"}}


def test_les_blocs_acquis_se_lisent_a_requetes_comptees(django_assert_num_queries):
    mondes = [factories.monde() for _ in range(3)]
    ouvrir()
    ids = [monde.dossier for monde in mondes]
    with django_assert_num_queries(1):
        assert blocs_acquis_par_ids(SYSTEME, ids) == {}
    for monde in mondes:
        reconnaitre(monde)
    for lus in (ids[:1], ids):
        vues = [vue(une) for une in lus]
        with django_assert_num_queries(1):
            assert set(blocs_acquis(SYSTEME, vues)) == set(lus)
        with django_assert_num_queries(4):
            assert set(blocs_acquis_par_ids(SYSTEME, lus)) == set(lus)
        sous_requete = Dossier.objects.filter(pk__in=lus).values("pk")
        with django_assert_num_queries(4):
            assert set(blocs_acquis_par_ids(SYSTEME, sous_requete)) == set(lus)
