"""Reprendre les années papier : toutes les fautes avec leur cellule, tout ou rien, deux fois sans effet ; ce que l'on en sait ensuite."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parchemin.comptes.enums import NatureRole
from parchemin.comptes.models import Personne
from parchemin.comptes.tests import factories as comptes
from parchemin.comptes.tests.factories import client, texte
from parchemin.parcours import presenters, services
from parchemin.parcours.enums import Initiative, PieceDeBloc, Voie
from parchemin.parcours.models import BlocAcquis, Dossier, ImportReprise
from parchemin.parcours.selectors import (
    COLONNES_REPRISE,
    REPRISE_OBLIGATOIRES,
    acquisitions,
    blocs_acquis,
    blocs_tenus,
    dossiers_par_ids,
    planifier_reprise,
)
from parchemin.parcours.tests import factories
from parchemin.parcours.tests.factories import ENTREE, INSCRIPTION
from parchemin.referentiels.selectors import version_publiee
from parchemin.referentiels.tests import factories as referentiels
from parchemin.registre.models import Entree
from parchemin.socle import tableur
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.refus import Refus, RefusDroit
from parchemin.socle.typographie import INSECABLE

pytestmark = pytest.mark.django_db

PLUS_TARD = INSCRIPTION + timedelta(days=3)
ENTETES = (
    "Nom", "Prénom", "Courriel professionnel", "Même nom (même ou autre)", "Version ou fiche", "Blocs (vide : tous)", "Obtenu le",
    "Session", "Numéro du parchemin ou de l'attestation",
)  # fmt: skip
COS = "cqp-cos@2021"


def ligne(
    nom: str = "Quéré",
    prenom: str = "Maël",
    courriel: str = "",
    meme: str = "",
    version: str = COS,
    blocs: str = "",
    le: str = "14/06/2022",
    session: str = "Juin 2022",
    numero: str = "COS-1",
) -> tuple[str, ...]:
    return (nom, prenom, courriel, meme, version, blocs, le, session, numero)


def fichier(*lignes: Sequence[str]) -> bytes:
    return tableur.ecrire_csv(ENTETES, lignes)


def lire(certificateur: Acteur, *lignes: Sequence[str], octets: bytes = b"") -> ImportReprise:
    return services.lire_reprise(
        nom_fichier="titulaires.csv", octets=octets or fichier(*lignes), auteur=certificateur, maintenant=PLUS_TARD
    )


def reprendre(certificateur: Acteur, *lignes: Sequence[str], maintenant=PLUS_TARD):
    depose = lire(certificateur, *lignes)
    return services.confirmer_reprise(identifiant=depose.pk, auteur=certificateur, maintenant=maintenant)


def tient(personne: UUID) -> list[tuple[str, str, str]]:
    return sorted((une.referentiel, une.bloc, une.numero) for une in blocs_tenus(SYSTEME, [personne]).get(personne, ()))


def fautes(certificateur: Acteur, *lignes: Sequence[str]) -> tuple[str, ...]:
    with pytest.raises(Refus) as refus:
        lire(certificateur, *lignes)
    assert refus.value.code == "import_faux"
    assert (BlocAcquis.objects.count(), ImportReprise.objects.count()) == (0, 0)
    return refus.value.details


def test_un_fichier_reprend_des_titulaires_et_des_blocs_et_le_dit():
    factories.monde()
    certificateur = comptes.gestionnaire()
    avant = Personne.objects.count()
    plan = reprendre(
        certificateur,
        ligne(),
        ligne("Le Floc'h", "Aziliz", "aziliz@caisse.example", "", "RNCP35729", "B1, b2", "2019-06-15", "", "GC-42"),
        ligne("Le Floc'h", "Aziliz", "aziliz@caisse.example", "", COS, "B3", "15/06/2020", "", "COS-9"),
    )
    assert (len(plan.faire("reprendre")), Personne.objects.count() - avant) == (3, 2)
    aziliz = Personne.objects.get(courriel_pro="aziliz@caisse.example")
    mael = Personne.objects.get(nom="Quéré")
    assert tient(aziliz.pk) == [("RNCP35729", "B1", "GC-42"), ("RNCP35729", "B2", "GC-42"), (COS, "B3", "COS-9")]
    assert tient(mael.pk) == [(COS, "", "COS-1")]
    (parchemin,) = blocs_tenus(SYSTEME, [mael.pk])[mael.pk]
    assert presenters.acquis_en_phrase(parchemin).replace(INSECABLE, " ") == (
        "Repris du papier : session Juin 2022, la certification entière, parchemin n° COS-1, acquis le 14 juin 2022."
    )
    entree = Entree.objects.get(action="parcours.reprise_faite")
    assert (entree.donnees["repris"], len(entree.donnees["personnes"])) == (3, 2)
    assert "Quéré" not in str(entree.donnees)
    assert ImportReprise.objects.get().lignes == []


def test_reprendre_deux_fois_le_meme_fichier_ne_change_rien():
    factories.monde()
    certificateur = comptes.gestionnaire()
    depose = lire(certificateur, ligne())
    for _ in range(2):
        services.confirmer_reprise(identifiant=depose.pk, auteur=certificateur, maintenant=PLUS_TARD)
    plan = reprendre(certificateur, ligne(), maintenant=PLUS_TARD + timedelta(hours=1))
    assert ([une.geste for une in plan.lignes], BlocAcquis.objects.count(), Personne.objects.filter(nom="Quéré").count()) == (
        ["inchange"], 1, 1,
    )  # fmt: skip


def test_toutes_les_fautes_se_disent_avec_leur_cellule_et_rien_n_est_garde():
    factories.monde()
    certificateur = comptes.gestionnaire()
    assert fautes(
        certificateur,
        ligne(nom="", numero=""),
        ligne(version="cqp-cos", numero="A"),
        ligne(blocs="B1 B9", numero="B"),
        ligne(version="RNCP1", blocs="premier", numero="C"),
        ligne(le="31/02/2022", numero="D"),
        ligne(le="31/12/2026", numero="E"),
        ligne(courriel="pas un courriel", numero="F"),
        ligne(meme="peut-être", numero="G"),
        ligne(session="x" * 121, numero="H"),
        ligne(nom="Autre", numero="G"),
    ) == (
        "A2 : « Nom » manque.",
        "I2 : « Numéro du parchemin ou de l'attestation » manque.",
        "E3 : « cqp-cos » n'est ni une version publiée (cqp-cos@2021), ni le numéro d'une fiche (RNCP35729).",
        "F4 : « B9 » n'est pas un bloc (il y a B1, B2, B3, B4).",
        "F5 : « PREMIER » n'est pas un bloc : écrivez B1, B2.",
        "G6 : « 31/02/2022 » n'est pas une date : écrivez 31/12/2026.",
        "G7 : ce jour n'est pas encore venu.",
        "C8 : « pas un courriel » n'est pas une adresse de courriel.",
        "D9 : écrivez « même », « autre », ou rien.",
        "H10 : 120 signes au plus.",
        "I11 : ce numéro est déjà celui de la ligne 9.",
    )


def test_une_personne_de_meme_nom_n_est_jamais_devinee():
    monde = factories.monde()
    certificateur = comptes.gestionnaire()
    connue = Personne.objects.get(pk=monde.candidat.id)
    dite = {"nom": connue.nom, "prenom": connue.prenom}
    assert fautes(certificateur, ligne(**dite)) == (
        "D2 : une personne de ce nom est déjà enregistrée : donnez son courriel, ou écrivez « même » ou « autre ».",
    )
    assert fautes(certificateur, ligne(), ligne(numero="COS-2")) == (
        "D3 : une personne de ce nom est à la ligne 2 : donnez son courriel, ou écrivez « même » ou « autre ».",
    )
    reprendre(
        certificateur,
        ligne(**dite, meme="même"),
        ligne(numero="COS-3"),
        ligne(numero="COS-2", meme="autre", blocs="B1"),
    )
    assert tient(connue.pk) == [(COS, "", "COS-1")]
    assert Personne.objects.filter(nom="Quéré").count() == 2


def test_une_adresse_du_fichier_reste_celle_de_qui_l_a_donnee_malgre_ses_homonymes():
    factories.monde()
    certificateur = comptes.gestionnaire()
    plan = reprendre(
        certificateur,
        ligne(courriel="mael@caisse.example", blocs="B1"),
        ligne(courriel="autre.mael@caisse.example", meme="autre", blocs="B2", numero="COS-2"),
        ligne(courriel="mael@caisse.example", blocs="B3", numero="COS-3"),
    )
    premier, homonyme, encore = plan.lignes
    assert (premier.personne == encore.personne, premier.personne == homonyme.personne) == (True, False)
    assert tient(premier.personne) == [(COS, "B1", "COS-1"), (COS, "B3", "COS-3")]


def test_une_personne_dite_la_meme_le_reste_a_la_ligne_suivante_par_son_adresse():
    monde = factories.monde()
    connue = Personne.objects.get(pk=monde.candidat.id)
    dite = {"nom": connue.nom, "prenom": connue.prenom, "courriel": "camille@caisse.example"}
    reprendre(comptes.gestionnaire(), ligne(**dite, meme="même", blocs="B1"), ligne(**dite, blocs="B2", numero="COS-2"))
    assert tient(connue.pk) == [(COS, "B1", "COS-1"), (COS, "B2", "COS-2")]


def test_ce_qui_ne_tient_pas_dans_sa_case_se_dit_avec_sa_cellule():
    factories.monde()
    longue = "a" * 60 + "@" + ".".join(["b" * 60] * 4) + ".fr"
    assert fautes(
        comptes.gestionnaire(),
        ligne(courriel=longue),
        ligne(version="RNCP" + "1" * 90, numero="B"),
    ) == (
        "C2 : 254 signes au plus.",
        f"E3 : « RNCP{'1' * 36} » n'est ni une version publiée (cqp-cos@2021), ni le numéro d'une fiche (RNCP35729).",
    )


def test_un_jour_s_y_ecrit_comme_dans_les_autres_imports():
    factories.monde()
    plan = reprendre(comptes.gestionnaire(), ligne(le="1er juin 2022"), ligne(nom="Autre", le="14.06.2022", numero="B"))
    assert [une.obtenu_le for une in plan.lignes] == [date(2022, 6, 1), date(2022, 6, 14)]


def test_un_courriel_reconnait_la_personne_si_le_nom_est_le_sien():
    monde = factories.monde()
    certificateur = comptes.gestionnaire()
    courriel = comptes.compte(monde.candidat)
    connue = Personne.objects.get(pk=monde.candidat.id)
    assert fautes(certificateur, ligne(courriel=courriel)) == (
        f"C2 : ce courriel est celui de {connue} : corrigez l'un ou l'autre.",
    )
    reprendre(certificateur, ligne(connue.nom.upper(), connue.prenom, courriel, blocs="B2"))
    assert tient(monde.candidat.id) == [(COS, "B2", "COS-1")]


def test_un_numero_deja_repris_autrement_est_une_faute():
    factories.monde()
    certificateur = comptes.gestionnaire()
    reprendre(certificateur, ligne())
    for autrement in (ligne(blocs="B1"), ligne(nom="Autre"), ligne(le="15/06/2022"), ligne(session="")):
        with pytest.raises(Refus) as refus:
            lire(certificateur, autrement)
        assert refus.value.details == (
            "I2 : ce numéro est déjà repris, autrement, pour Maël Quéré : corrigez le fichier, ou retirez d'abord.",
        )
    assert BlocAcquis.objects.count() == 1


def test_deux_fichiers_du_meme_numero_le_second_confirme_est_refuse():
    factories.monde()
    certificateur, autre = comptes.gestionnaire(), comptes.gestionnaire()
    premier, second = lire(certificateur, ligne()), lire(autre, ligne(nom="Autre"))
    services.confirmer_reprise(identifiant=premier.pk, auteur=certificateur, maintenant=PLUS_TARD)
    with pytest.raises(Refus) as refus:
        services.confirmer_reprise(identifiant=second.pk, auteur=autre, maintenant=PLUS_TARD)
    assert (refus.value.code, BlocAcquis.objects.count()) == ("import_faux", 1)


def test_seul_le_certificateur_reprend():
    monde = factories.monde()
    rh = comptes.avec_role(NatureRole.RH, monde.organisme)
    for autre in (monde.gestionnaire, rh, monde.candidat):
        with pytest.raises(RefusDroit) as refus:
            lire(autre, ligne())
        assert refus.value.code == "reprise_reservee"
    assert ImportReprise.objects.count() == 0


def test_une_reprise_abandonnee_ou_expiree_est_videe():
    factories.monde()
    certificateur = comptes.gestionnaire()
    depose = lire(certificateur, ligne())
    services.abandonner_reprise(identifiant=depose.pk, auteur=certificateur, maintenant=PLUS_TARD)
    lire(certificateur, ligne())
    assert services.purger_reprises(maintenant=PLUS_TARD + timedelta(days=8)) == 1
    assert ([une.lignes for une in ImportReprise.objects.all()], BlocAcquis.objects.count()) == ([[], []], 0)


# Ce que l'on en sait ensuite -----------------------------------------------------------------------------------------


def vue(dossier: UUID):
    return dossiers_par_ids(SYSTEME, [dossier])[dossier]


def comptent(dossier: UUID) -> dict[str, str]:
    return {code: une.numero for code, une in blocs_acquis(SYSTEME, [vue(dossier)]).get(dossier, {}).items()}


def test_un_bloc_repris_de_la_meme_version_compte_dans_le_dossier_ouvert_et_dans_le_suivant():
    monde = factories.monde()
    certificateur = comptes.gestionnaire()
    connue = Personne.objects.get(pk=monde.candidat.id)
    reprendre(certificateur, ligne(connue.nom, connue.prenom, meme="même", blocs="B1 B2"))
    assert comptent(monde.dossier) == {"B1": "COS-1", "B2": "COS-1"}
    services.abandonner(
        dossier=monde.dossier,
        motif="Repris plus tard.",
        auteur=monde.gestionnaire,
        maintenant=PLUS_TARD + timedelta(hours=1),
    )
    with time_machine.travel(PLUS_TARD, tick=False):
        suivant = factories.autre_dossier(monde, COS, ("B3", "B4"))
    assert comptent(suivant) == {"B1": "COS-1", "B2": "COS-1"}


def test_les_dossiers_ouverts_se_tiennent_avant_que_rien_n_y_compte():
    """Sans quoi une épreuve se planifierait, pendant ce temps, à un bloc qui devient acquis."""
    monde = factories.monde()
    certificateur = comptes.gestionnaire()
    connue = Personne.objects.get(pk=monde.candidat.id)
    depose = lire(certificateur, ligne(connue.nom, connue.prenom, meme="même", blocs="B1"))
    with CaptureQueriesContext(connection) as requetes:
        services.confirmer_reprise(identifiant=depose.pk, auteur=certificateur, maintenant=PLUS_TARD)
    faites = [requete["sql"] for requete in requetes]
    tenus = [rang for rang, sql in enumerate(faites) if "FOR UPDATE" in sql and 'FROM "parcours_dossier"' in sql]
    ecrits = [rang for rang, sql in enumerate(faites) if 'INSERT INTO "parcours_blocacquis"' in sql]
    assert tenus
    assert tenus[0] < ecrits[0]


def test_un_dossier_clos_avant_la_reprise_ne_bouge_pas():
    monde = factories.monde()
    services.abandonner(dossier=monde.dossier, motif="Départ.", auteur=monde.gestionnaire, maintenant=INSCRIPTION)
    connue = Personne.objects.get(pk=monde.candidat.id)
    reprendre(comptes.gestionnaire(), ligne(connue.nom, connue.prenom, meme="même", blocs="B1"))
    assert comptent(monde.dossier) == {}


def test_un_bloc_repris_dont_le_terme_est_passe_a_l_inscription_ne_compte_plus():
    monde = factories.monde(designe=False)
    version = version_publiee(SYSTEME, "cqp-cos", "2021")
    referentiels.reconnaitre(version, referentiels.equivalence("RNCP35729 B1", "B1"), bloc_validite_mois=12)
    connue = Personne.objects.get(pk=monde.candidat.id)
    reprendre(
        comptes.gestionnaire(),
        ligne(connue.nom, connue.prenom, meme="même", blocs="B1", le="01/09/2025"),
        ligne(connue.nom, connue.prenom, meme="même", blocs="B2", le="02/09/2025", numero="COS-2"),
    )
    assert comptent(monde.dossier) == {"B2": "COS-2"}


def test_un_bloc_repris_d_ailleurs_se_propose_et_se_reconnait_avec_le_jour_de_la_reprise():
    monde = factories.monde()
    connue = Personne.objects.get(pk=monde.candidat.id)
    reprendre(
        comptes.gestionnaire(), ligne(connue.nom, connue.prenom, meme="même", version="RNCP35729", numero="GC-42")
    )
    assert acquisitions(SYSTEME, vue(monde.dossier), PLUS_TARD.date()).reconnaissables == ()
    version = version_publiee(SYSTEME, "cqp-cos", "2021")
    referentiels.reconnaitre(version, referentiels.equivalence("RNCP35729 B1", "B2"))
    (un,) = acquisitions(SYSTEME, vue(monde.dossier), PLUS_TARD.date()).reconnaissables
    assert (un.bloc, un.connu.numero if un.connu else "") == ("B2", "GC-42")
    with time_machine.travel(PLUS_TARD, tick=False):
        ouvert = client(monde.gestionnaire)
        assert "ouvre le bloc 2" in texte(ouvert.get(f"/candidats/{monde.dossier}/"))
        adresse = f"/candidats/{monde.dossier}/reconnaitre/"
        page = ouvert.get(adresse).context["page"]
        saisi = {"choix": page.choix[0].valeur, "piece": PieceDeBloc.REGISTRE, "vu_le": "2026-09-05", "vus": page.vus}
        assert ouvert.post(adresse, saisi).status_code == 302
    (une,) = BlocAcquis.objects.filter(origine="equivalence")
    assert (une.bloc, une.obtenu_le, une.de_referentiel, une.de_bloc) == ("B2", date(2022, 6, 14), "RNCP35729", "B1")


def inscrire(monde: factories.Monde, **changements: object) -> Dossier:
    options = {
        "candidat": monde.candidat.id, "organisme": monde.organisme, "referentiel": COS, "voie": Voie.FORMATION_CONTINUE,
        "initiative": Initiative.EMPLOYEUR, "entree_le": ENTREE, "blocs": ("B1",), "auteur": monde.gestionnaire,
        "maintenant": PLUS_TARD, **changements,
    }  # fmt: skip
    return services.inscrire(**options)


def test_un_titulaire_n_est_pas_reinscrit_sans_avertissement():
    monde = factories.monde()
    services.abandonner(
        dossier=monde.dossier, motif="Déjà titulaire.", auteur=monde.gestionnaire, maintenant=INSCRIPTION
    )
    connue = Personne.objects.get(pk=monde.candidat.id)
    reprendre(comptes.gestionnaire(), ligne(connue.nom, connue.prenom, meme="même"))
    with pytest.raises(Refus) as refus:
        inscrire(monde)
    assert (refus.value.code, "COS-1" in refus.value.message) == ("deja_titulaire", True)
    assert comptent(inscrire(monde, titulaire_admis=True).pk) == dict.fromkeys(("B1", "B2", "B3", "B4"), "COS-1")


def test_une_personne_nouvelle_du_nom_d_un_titulaire_s_inscrit_une_fois_l_avertissement_lu():
    monde = factories.monde()
    reprendre(comptes.gestionnaire(), ligne())
    saisi = {
        "candidat": "nouvelle", "prenom": "Maël", "nom": "QUERE", "organisme": str(monde.organisme), "voie": "formation_continue",
        "initiative": "employeur", "entree_le": "2026-01-12", "blocs": ["B1"],
    }  # fmt: skip
    with time_machine.travel(PLUS_TARD, tick=False):
        ouvert = client(monde.gestionnaire)
        refusee = ouvert.post("/candidats/inscrire/", saisi)
        assert (refusee.status_code, Dossier.objects.count()) == (422, 1)
        assert "Le registre des années papier tient une personne de ce nom" in texte(refusee)
        assert ouvert.post("/candidats/inscrire/", saisi | {"titulaire_admis": "on"}).status_code == 302
    assert Dossier.objects.count() == 2


def test_les_pages_de_la_reprise():
    factories.monde()
    certificateur = comptes.gestionnaire()
    with time_machine.travel(PLUS_TARD, tick=False):
        ouvert = client(certificateur)
        assert ouvert.get("/candidats/titulaires/reprendre/").status_code == 200
        assert ouvert.put("/candidats/titulaires/reprendre/").status_code == 405
        assert ouvert.get("/candidats/titulaires/modele.csv").content[:8].endswith(b"Nom;P")
        depose = lire(certificateur, ligne())
        adresse = f"/candidats/titulaires/{depose.pk}/"
        page = texte(ouvert.get(adresse))
        assert ("Maël Quéré" in page, "certification entière" in page) == (True, True)
        assert client(comptes.gestionnaire()).get(adresse).status_code == 404
        assert ouvert.post(adresse).headers["Location"] == "/candidats/titulaires/"
        autre = lire(certificateur, ligne(nom="Autre", numero="COS-2"))
        assert ouvert.post(f"/candidats/titulaires/{autre.pk}/abandonner/").status_code == 302
    assert BlocAcquis.objects.count() == 1


def test_la_lecture_d_un_fichier_coute_autant_pour_une_et_pour_trois_lignes(django_assert_num_queries):
    factories.monde()
    lus = [
        tableur.lire(
            fichier(*(ligne(nom=f"Nom{rang}", numero=f"N{rang}") for rang in range(nombre))),
            colonnes=COLONNES_REPRISE,
            obligatoires=REPRISE_OBLIGATOIRES,
        ).lignes
        for nombre in (1, 3)
    ]
    planifier_reprise(SYSTEME, lus[0], PLUS_TARD.date())  # la norme se garde en mémoire
    for lignes in lus:
        with django_assert_num_queries(3):
            assert len(planifier_reprise(SYSTEME, lignes, PLUS_TARD.date()).lignes) == len(lignes)
