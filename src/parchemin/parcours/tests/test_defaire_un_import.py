"""Défaire un import de candidats : tout ou rien, tant que personne n'a bâti dessus ; ce qui est écrit reste, le fichier se réimporte."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from moteur.regles.equivalence_de_bloc import Tenu
from parchemin.carnet import services as carnet
from parchemin.carnet.enums import Verdict
from parchemin.carnet.models import Carnet
from parchemin.carnet.services import Dire, Ecrit
from parchemin.comptes import services as comptes_services
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.models import Invitation, Personne, Role
from parchemin.comptes.tests import factories as comptes
from parchemin.comptes.tests.factories import MOT_DE_PASSE, client, texte
from parchemin.convocations import services as convocations
from parchemin.parcours import selectors, services
from parchemin.parcours.enums import GenreEtape, PieceDeBloc, Qualite
from parchemin.parcours.identite import EtatCivil as Identite
from parchemin.parcours.identite import LieuDeNaissance, Naissance
from parchemin.parcours.models import Designation, Dossier, EtatCivil, ImportCandidats, PassageDossier
from parchemin.parcours.tests.factories import INSCRIPTION
from parchemin.parcours.tests.test_imports import BON, VAE, deposer, fichier, importer, personne
from parchemin.parcours.tests.test_nir import SIEN, TROUSSEAU
from parchemin.referentiels.selectors import version_publiee
from parchemin.referentiels.tests import factories as referentiels
from parchemin.registre.models import Entree
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.annonces import ecouler
from parchemin.socle.refus import Introuvable, Refus

pytestmark = pytest.mark.django_db

APRES = INSCRIPTION + timedelta(hours=3)
BO = BON | {"courriel": "bo@caisse.example", "prenom1": "Bo"}
MENES = {"tuteur": "theo@caisse.example", "manager": "maud@caisse.example"}


@pytest.fixture(autouse=True)
def caisse():
    referentiels.publier()
    with time_machine.travel(INSCRIPTION, tick=False):
        yield comptes.organisme("Caisse du fichier")


@pytest.fixture
def accompagnants():
    return personne("Théo", "theo@caisse.example"), personne("Maud", "maud@caisse.example")


def fait() -> ImportCandidats:
    return ImportCandidats.objects.get()


def defaire(importation=None, motif="Mauvais fichier.", auteur=SYSTEME, maintenant=APRES) -> bool:
    identifiant = (importation or fait()).pk
    return services.defaire_candidats(identifiant=identifiant, motif=motif, auteur=auteur, maintenant=maintenant)


def raisons(importation=None) -> dict[str, tuple[str, ...]]:
    obstacles = selectors.obstacles_a_defaire(SYSTEME, (importation or fait()).pk)
    return {une.candidat_nom: tuple(map(lisible, une.raisons)) for une in obstacles}


def lisible(texte: str) -> str:
    return texte.replace("\N{NO-BREAK SPACE}", " ")


def tout() -> tuple[object, ...]:
    """Ce que défaire pourrait toucher, tel qu'en base."""
    return (
        sorted(Dossier.objects.values_list("pk", "etat", "ouvert", "depuis")),
        sorted(PassageDossier.objects.values_list("dossier", "rang", "etat", "motif")),
        sorted(Role.objects.values_list("pk", "au"), key=str),
        sorted(EtatCivil.objects.values_list("pk")),
        sorted(Personne.objects.values_list("pk", "prenom", "nom", "courriel_pro")),
        Entree.objects.count(),
    )


# Ce que défaire fait --------------------------------------------------------------------------------------------------


def test_defaire_clot_les_dossiers_referme_les_roles_et_garde_ce_qui_est_ecrit(accompagnants):
    importer(BON | MENES, BO | VAE)
    ecouler()
    avant = Entree.objects.count()
    assert defaire()
    assert sorted(Dossier.objects.values_list("candidat__prenom", "etat", "ouvert", "depuis")) == [
        ("Bo", "abandonne", False, APRES),
        ("Camille", "abandonne", False, APRES),
    ]
    assert list(
        PassageDossier.objects.filter(dossier__candidat__prenom="Camille").values_list("rang", "etat", "motif")
    ) == [
        (1, "brouillon", ""), (2, "inscrit", ""), (3, "en_parcours", ""),
        (4, "abandonne", "Import défait : Mauvais fichier."),
    ]  # fmt: skip
    assert Role.objects.filter(au=None).count() == 0
    assert set(Role.objects.values_list("nature", flat=True)) == {"candidat", "tuteur", "manager"}
    assert (EtatCivil.objects.count(), Designation.objects.count(), Carnet.objects.count()) == (0, 2, 1)
    assert Personne.objects.filter(nom="Martin").count() == 2
    entrees = Entree.objects.order_by("pk")[avant:]
    assert sorted((une.action, une.objet_type) for une in entrees) == [
        ("comptes.refermes_en_nombre", "organisme"),
        ("parcours.import_defait", "import_candidats"),
        ("parcours.import_defait", "organisme"),
    ]
    ligne = fait()
    assert (ligne.defait_le, ligne.defait_par, ligne.motif) == (APRES, SYSTEME.id, "Mauvais fichier.")


def test_le_meme_fichier_s_importe_a_nouveau_puis_se_defait_encore(accompagnants):
    importer(BON | MENES, BO)
    defaire()
    plan = importer(BON | MENES, BO | {"nom_naissance": "Martin", "naissance": "04/05/1991"})
    assert [(une.geste, une.connu) for une in plan.candidatures] == [("inscrire", True)] * 2
    assert sorted(Dossier.objects.filter(ouvert=True).values_list("candidat__prenom", "etat")) == [
        ("Bo", "inscrit"),
        ("Camille", "en_parcours"),
    ]
    assert Role.objects.filter(au=None).count() == 4
    second = ImportCandidats.objects.get(defait_le=None)
    assert defaire(second)
    assert (Dossier.objects.filter(ouvert=True).count(), Role.objects.filter(au=None).count()) == (0, 0)


def test_defaire_deux_fois_ne_change_rien_et_le_dit():
    importer(BON)
    assert defaire()
    avant = tout()
    assert not defaire(motif="Autrement.", maintenant=APRES + timedelta(days=1))
    assert tout() == avant
    assert fait().motif == "Mauvais fichier."


def test_un_import_defait_ne_lie_personne_et_quitte_la_liste(accompagnants):
    importer(BON | MENES)
    candidat = Dossier.objects.get().candidat_id
    assert [lien.vers for lien in selectors.liens_deduits(SYSTEME, frozenset({candidat}), INSCRIPTION.date())] != []
    assert selectors.designations_du_candidat(SYSTEME, candidat) != ()
    defaire()
    assert list(selectors.liens_deduits(SYSTEME, frozenset({candidat}), APRES.date())) == []
    assert selectors.designations_du_candidat(SYSTEME, candidat) == ()
    assert selectors.dossiers(SYSTEME, APRES.date()).count() == 0
    assert sum(selectors.nombres_par_etat(SYSTEME, APRES.date()).values()) == 0
    assert len(selectors.dossiers_de_l_import(SYSTEME, fait().pk)) == 1


def test_un_role_qui_sert_a_un_autre_dossier_reste_ouvert(accompagnants, caisse):
    """L'import a donné à Théo son rôle de tuteur ; une inscription à la main s'en sert depuis."""
    theo, maud = accompagnants
    importer(BON | MENES)
    services.inscrire_nouveau(
        prenom="Lou", nom="Autre", courriel_pro="", homonyme_admis=False, organisme=caisse, referentiel="cqp-cos@2021",
        voie="formation_continue", initiative="employeur", entree_le=date(2026, 1, 12), blocs=("B1",), tuteur=theo.id,
        manager=None, auteur=SYSTEME, maintenant=APRES,
    )  # fmt: skip
    defaire()
    ouverts = Role.objects.filter(au=None).values_list("personne__prenom", "nature")
    assert sorted(ouverts) == [("Lou", "candidat"), ("Théo", "tuteur")]
    assert not Role.objects.filter(personne=maud.id, au=None).exists()


def test_une_invitation_en_attente_ne_vaut_plus():
    importer(BON)
    invite = Personne.objects.get(prenom="Camille")
    emise = comptes_services.inviter_par_courriel(
        personne=invite.pk, courriel="camille@caisse.example", auteur=SYSTEME, maintenant=APRES
    )
    defaire()
    assert Invitation.objects.get().remplacee_le == APRES
    with pytest.raises(Refus) as refus:
        comptes_services.accepter_invitation(jeton=emise.jeton, mot_de_passe=MOT_DE_PASSE, maintenant=APRES)
    assert refus.value.code == "invitation_remplacee"


def test_defait_avant_que_les_carnets_ne_s_ouvrent_rien_ne_s_annonce(accompagnants):
    importer(BON | MENES, BO | VAE)
    defaire()
    ecouler()
    assert Carnet.objects.count() == 0


def test_un_etat_civil_complete_par_l_import_repart_avec_lui_sauf_s_il_a_servi_depuis():
    importer(BON)
    EtatCivil.objects.all().delete()
    importer(BON)
    complete = ImportCandidats.objects.get(cree__personnes=[])
    assert defaire(complete)
    assert (EtatCivil.objects.count(), Dossier.objects.filter(ouvert=True).count()) == (0, 1)


# Ce qui l'empêche -----------------------------------------------------------------------------------------------------


def _recu(dossier, _):
    ecouler()
    carnet.accuser_reception(dossier=dossier.pk, auteur=Acteur(dossier.candidat_id), maintenant=APRES)


def _atteste(dossier, _):
    ecouler()
    carnet.attester(
        dossier=dossier.pk, qualite=Qualite.TUTEUR, dires={"C1.1": Dire(Verdict.MAITRISEE)},
        auteur=Acteur(dossier.tuteur_id), maintenant=APRES,
    )  # fmt: skip


def _dispense(dossier, _):
    ecouler()
    carnet.dispenser(
        dossier=dossier.pk, blocs=("B1",), motif="Déjà vu.", auteur=comptes.gestionnaire(), maintenant=APRES
    )


def _ecrit(dossier, _):
    ecouler()
    candidat = Acteur(dossier.candidat_id)
    carnet.garder_brouillon(
        dossier=dossier.pk,
        brouillon=ImportCandidats().pk,
        ecrit=Ecrit("Un appel.", None, ()),
        auteur=candidat,
        maintenant=APRES,
    )


def _publie(dossier, _):
    ecouler()
    commun = {"dossier": dossier.pk, "brouillon": uuid4(), "auteur": Acteur(dossier.candidat_id), "maintenant": APRES}
    carnet.garder_brouillon(ecrit=Ecrit("Un accueil mené seul.", date(2026, 1, 15), ["C1.1"]), **commun)
    carnet.publier_entree(relu=False, **commun)


def _mute(dossier, _):
    services.proposer_mutation(
        dossier=dossier.pk, vers=comptes.organisme(), motif="Elle déménage.", auteur=SYSTEME, maintenant=APRES
    )


def _reconnu(dossier, _):
    version = version_publiee(SYSTEME, "cqp-cos", "2021")
    referentiels.reconnaitre(version, referentiels.equivalence("RNCP35729 B1", "B1"))
    services.reconnaitre_bloc(
        dossier=dossier.pk, bloc="B1", tenu=Tenu("RNCP35729", "B1"), obtenu_le=date(2024, 5, 3),
        piece=PieceDeBloc.PARCHEMIN, vu_le=APRES.date(), auteur=comptes.gestionnaire(), maintenant=APRES,
    )  # fmt: skip


def _numerote(dossier, _):
    with override_settings(PARCHEMIN_CLES_NIR=TROUSSEAU):
        services.enregistrer_nir(dossier=dossier.pk, nir=SIEN, auteur=SYSTEME, maintenant=APRES)


def _lie(dossier, _):
    ecouler()
    carnet.demander_attestations(
        dossier=dossier.pk, qualites={Qualite.TUTEUR}, competences=("C1.1",), auteur=Acteur(dossier.candidat_id),
        maintenant=APRES,
    )  # fmt: skip


def _epreuve(dossier, _):
    _dispense(dossier, _)
    convocations.planifier_epreuve(
        dossier=dossier.pk,
        bloc="B1",
        prevue_le=APRES + timedelta(days=30),
        lieu="Salle 1",
        auteur=SYSTEME,
        maintenant=APRES,
    )


def _amenage(dossier, _):
    services.amenager(
        dossier=dossier.pk, durees={("B1", "questions"): 20}, accorde_le=APRES.date(), auteur=SYSTEME, maintenant=APRES
    )


def _designe(dossier, _):
    services.nommer_tuteur_manager(
        dossier=dossier.pk, tuteur=dossier.manager_id, manager=dossier.tuteur_id, auteur=SYSTEME, maintenant=APRES
    )


def _abandonne(dossier, _):
    services.abandonner(dossier=dossier.pk, motif="Parti.", auteur=SYSTEME, maintenant=APRES)


def _civil(dossier, _):
    services.enregistrer_etat_civil(
        dossier=dossier.pk, piece="acte", vu_le=APRES.date(), auteur=comptes.gestionnaire(), maintenant=APRES,
        etat=Identite("Martin", ("Camille",), "F", Naissance(1991, 5, 3), LieuDeNaissance("61001", "Alençon")),
    )  # fmt: skip


def _compte(dossier, _):
    emise = comptes_services.inviter(
        personne=dossier.candidat_id, courriel="camille@caisse.example", auteur=SYSTEME, maintenant=APRES
    )
    comptes_services.accepter_invitation(jeton=emise.jeton, mot_de_passe=MOT_DE_PASSE, maintenant=APRES)


def _reunie(dossier, caisse):
    autre = comptes.avec_role(NatureRole.CANDIDAT, caisse, "Camille", "Martin")
    comptes_services.fusionner(alias=autre.id, gardee=dossier.candidat_id, auteur=SYSTEME, maintenant=APRES)


@pytest.mark.parametrize(
    ("acte", "dites"),
    [
        (_recu, ["le candidat a confirmé avoir reçu son carnet le 2 septembre 2026."]),
        (_atteste, ["le tuteur a attesté."]),
        (_dispense, ["un bloc a été dispensé du carnet."]),
        (_ecrit, ["le candidat a commencé à écrire dans son carnet."]),
        (_publie, ["le candidat a écrit dans son carnet."]),
        (_lie, ["un lien d'attestation est parti."]),
        (
            _epreuve,
            [
                "le dossier est passé à « En évaluation » le 2 septembre 2026.",
                "un bloc a été dispensé du carnet.",
                "une épreuve a été planifiée.",
            ],
        ),
        (_amenage, ["ses durées d'épreuve ont été aménagées."]),
        (_mute, ["une mutation a été proposée."]),
        (_reconnu, ["le bloc 1 a été reconnu le 2 septembre 2026."]),
        (_numerote, ["son NIR a été enregistré pour la déclaration."]),
        (_designe, ["un tuteur a été nommé le 2 septembre 2026.", "un manager a été nommé le 2 septembre 2026."]),
        (_abandonne, ["le dossier est passé à « Abandonné » le 2 septembre 2026."]),
        (_civil, ["l'état civil a été revu le 2 septembre 2026."]),
        (_compte, ["a ouvert son compte le 2 septembre 2026."]),
        (_reunie, ["une autre fiche a été réunie à la sienne."]),
    ],
)
def test_un_acte_venu_depuis_chez_un_seul_empeche_tout_et_se_dit(acte, dites, accompagnants, caisse):
    importer(BON | MENES, BO)
    acte(Dossier.objects.get(candidat__prenom="Camille"), caisse)
    assert raisons() == {"Camille Martin": tuple(dites)}
    avant = tout()
    with pytest.raises(Refus) as refus:
        defaire(maintenant=APRES + timedelta(hours=1))
    assert refus.value.code == "import_bati"
    assert [lisible(detail) for detail in refus.value.details] == [f"Camille Martin : {dite}" for dite in dites]
    assert tout() == avant
    assert fait().defait_le is None


def test_une_etape_de_vae_empeche():
    importer(BON | VAE | {"recevable_le": "13/01/2026"})
    services.inscrire_etape(
        dossier=Dossier.objects.get().pk, genre=GenreEtape.SUSPENSION, le=date(2026, 1, 20), mot="Motif légitime.",
        auteur=SYSTEME, maintenant=APRES,
    )  # fmt: skip
    assert raisons() == {
        "Camille Martin": (
            "une étape de VAE a été inscrite le 2 septembre 2026 : délai suspendu, pour un motif légitime.",
        )
    }


def test_se_connecter_avec_un_compte_d_avant_n_empeche_pas(caisse):
    ancienne = personne("Camille", "camille@caisse.example")
    comptes_services.changer_nom(
        personne=ancienne.id, prenom="Camille", nom="Martin", auteur=SYSTEME, maintenant=INSCRIPTION
    )
    comptes.compte(ancienne)
    importer(BON)
    client(ancienne)
    assert raisons() == {}


@pytest.mark.parametrize("nombre", [1, 3])
def test_dire_ce_qui_empeche_coute_autant_pour_un_que_pour_trois(nombre, accompagnants):
    importer(
        *(BON | MENES | {"courriel": f"c{r}@caisse.example", "prenom1": "Camille" + "abc"[r]} for r in range(nombre))
    )
    ecouler()
    for dossier in Dossier.objects.all():
        carnet.accuser_reception(dossier=dossier.pk, auteur=Acteur(dossier.candidat_id), maintenant=APRES)
    with CaptureQueriesContext(connection) as requetes:
        assert len(raisons()) == nombre
    assert len(requetes) == 22


# Qui, et les refus ----------------------------------------------------------------------------------------------------


def test_qui_ne_tient_pas_tous_ses_organismes_ne_le_voit_pas_et_un_collegue_le_defait(caisse):
    comptes.organisme("Caisse voisine")
    importer(BON, BO | {"organisme": "Caisse voisine"})
    d_ici = comptes.gestionnaire(caisse)
    with pytest.raises(Introuvable):
        selectors.import_fait(d_ici, fait().pk, INSCRIPTION.date())
    assert selectors.imports_faits(d_ici, INSCRIPTION.date(), 10) == ()
    with pytest.raises(Introuvable):
        defaire(auteur=d_ici)
    partout = comptes.gestionnaire()
    assert [une.inscrits for une in selectors.imports_faits(partout, INSCRIPTION.date(), 10)] == [2]
    assert defaire(auteur=partout)


def test_les_imports_des_autres_ne_cachent_pas_les_siens(caisse, django_assert_num_queries):
    importer(BON)
    ici, ailleurs = comptes.gestionnaire(caisse), str(comptes.organisme())
    apres = {"depose_le": APRES, "expire": APRES, "confirme_le": APRES, "referentiel": "cqp-cos@2021"}
    ImportCandidats.objects.bulk_create(
        ImportCandidats(nom_fichier="la-bas.csv", depose_par=ici.id, organismes=[ailleurs], **apres) for _ in range(60)
    )
    with django_assert_num_queries(3):
        assert [une.nom_fichier for une in selectors.imports_faits(ici, INSCRIPTION.date(), 10)] == ["candidats.csv"]


def test_un_import_en_attente_ne_se_defait_pas_et_un_motif_se_demande():
    depose = deposer(fichier(BON))
    with pytest.raises(Introuvable):
        defaire(depose)
    services.confirmer_candidats(identifiant=depose.pk, auteur=SYSTEME, maintenant=INSCRIPTION)
    with pytest.raises(Refus) as refus:
        defaire(motif="  ")
    assert refus.value.code == "motif_manquant"


def test_un_import_d_avant_qui_n_a_rien_retenu_ne_se_defait_pas_d_un_geste():
    importer(BON)
    ImportCandidats.objects.update(cree={})
    with pytest.raises(Refus) as refus:
        defaire()
    assert (refus.value.code, Dossier.objects.get().ouvert) == ("import_ancien", True)


# Les pages ------------------------------------------------------------------------------------------------------------


def test_de_l_import_fait_a_l_import_defait_en_pages(caisse):
    sien = comptes.gestionnaire(caisse)
    importer(BON, auteur=sien)
    ouvert, page = client(sien), f"/candidats/importer/{fait().pk}"
    assert "candidats.csv" in texte(ouvert.get("/candidats/importer/"))
    montre = texte(ouvert.get(f"{page}/fait/"))
    assert "1 candidat inscrit" in montre
    assert "Défaire cet import" in montre
    demande = texte(ouvert.get(f"{page}/defaire/"))
    assert "1 dossier passe à « Abandonné »" in demande
    vide = ouvert.post(f"{page}/defaire/", {"motif": " "})
    assert (vide.status_code, Dossier.objects.get().ouvert) == (422, True)
    assert ouvert.post(f"{page}/defaire/", {"motif": "Mauvais fichier."}).headers["Location"] == f"{page}/fait/"
    assert "« Mauvais fichier. »" in texte(ouvert.get(f"{page}/fait/"))
    assert ouvert.get(f"{page}/defaire/").headers["Location"] == f"{page}/fait/"
    assert ouvert.post(f"{page}/defaire/", {"motif": "Encore."}).headers["Location"] == f"{page}/fait/"
    assert "était déjà défait" in texte(ouvert.get(f"{page}/fait/"))


def test_un_import_qui_ne_change_rien_se_revoit_et_n_a_rien_a_defaire(caisse):
    sien = comptes.gestionnaire(caisse)
    importer(BON, auteur=sien)
    depose = deposer(fichier(BON), sien)
    page = client(sien).post(f"/candidats/importer/{depose.pk}/", follow=True)
    assert (page.status_code, "0 candidat inscrit" in texte(page), "Défaire" in texte(page)) == (200, True, False)


def test_la_page_dit_ce_qui_empeche_et_n_offre_plus_de_defaire(caisse, accompagnants):
    sien = comptes.gestionnaire(caisse)
    for qui in accompagnants:
        comptes_services.donner_role(
            personne=qui.id, nature=NatureRole.TUTEUR, organisme=caisse, auteur=SYSTEME, maintenant=INSCRIPTION
        )
    importer(BON | MENES, BO, auteur=sien)
    _designe(Dossier.objects.get(candidat__prenom="Camille"), caisse)
    ouvert, page = client(sien), f"/candidats/importer/{fait().pk}/defaire/"
    montre = texte(ouvert.get(page))
    assert "sur un de ces candidats" in montre
    assert "Un tuteur a été nommé" in montre
    assert "<textarea" not in montre
    assert ouvert.post(page, {"motif": "Quand même."}).status_code == 422
    assert Dossier.objects.filter(ouvert=True).count() == 2
