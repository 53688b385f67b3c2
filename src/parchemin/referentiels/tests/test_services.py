"""Publier, réviser : ce qui est écrit, ce qui est refusé, ce que le journal en garde."""

from __future__ import annotations

import copy
import hashlib
from datetime import UTC, date, datetime
from threading import Thread
from time import sleep
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, connections, transaction

from moteur.empreinte import canonique, empreinte
from parchemin.referentiels.models import EditionReglement, RevisionAnnexes, RevisionFiche, Version
from parchemin.referentiels.selectors import annexes, editions, fiche, reglement_en_vigueur, version_publiee
from parchemin.referentiels.selectors.scelles import sceau_revision, sceau_version
from parchemin.referentiels.services import completer_fiche, publier_version, reviser_annexes, reviser_reglement
from parchemin.referentiels.tests.factories import PUBLICATION, autre_norme, fichier, publier
from parchemin.registre.models import Entree
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.refus import Introuvable, Refus, RefusDroit

pytestmark = pytest.mark.django_db

PLUS_TARD = datetime(2026, 10, 5, 9, 30, tzinfo=UTC)
SANS_DROIT = Acteur(UUID("00000000-0000-4000-8000-00000000abcd"))


def lignes() -> dict[str, int]:
    tables = (Version, EditionReglement, RevisionFiche, RevisionAnnexes, Entree)
    return {table.__name__: table.objects.count() for table in tables}


UNE_VERSION = {"Version": 1, "EditionReglement": 1, "RevisionFiche": 1, "RevisionAnnexes": 1, "Entree": 1}


def test_publier_garde_le_json_canonique_et_son_empreinte():
    lu = fichier()
    publication = publier_version(fichier=lu, auteur=SYSTEME, maintenant=PUBLICATION)
    ligne = Version.objects.get()
    assert publication.nouvelle is True
    assert publication.version.nom() == "cqp-cos@2021"
    assert ligne.norme.encode() == canonique(lu.norme)
    assert ligne.empreinte == hashlib.sha256(ligne.norme.encode()).hexdigest() == publication.version.empreinte
    assert (ligne.publiee_le, ligne.auteur_id) == (PUBLICATION, SYSTEME.id)
    assert lignes() == UNE_VERSION


def test_publier_inscrit_une_entree_qui_scelle_chaque_ligne():
    version = publier()
    entree = Entree.objects.get()
    assert (entree.chaine_id, entree.action, entree.objet_id) == (
        "referentiels",
        "referentiels.version_publiee",
        str(version.id),
    )
    attendus = [
        sceau_version(Version.objects.get()),
        sceau_revision(EditionReglement.objects.get()),
        sceau_revision(RevisionFiche.objects.get()),
        sceau_revision(RevisionAnnexes.objects.get()),
    ]
    assert entree.scelles == [{"table": s.nom, "cle": s.cle, "empreinte": s.empreinte} for s in attendus]


def test_republier_la_meme_norme_ne_change_rien_et_le_dit():
    version = publier()
    seconde = publier_version(fichier=fichier(), auteur=SYSTEME, maintenant=PLUS_TARD)
    assert (seconde.nouvelle, seconde.version) == (False, version)
    assert "rien n'a changé" in seconde.message
    assert lignes() == UNE_VERSION


def test_une_autre_norme_sous_le_meme_nom_est_refusee():
    publier()
    with pytest.raises(Refus) as refus:
        publier(fichier(norme=autre_norme(fichier())))
    assert refus.value.code == "version_deja_publiee"
    assert refus.value.conserve == f"La norme publiée ({empreinte(fichier().norme)[:12]}…) reste telle quelle."
    assert lignes() == UNE_VERSION


def test_la_meme_norme_sous_un_autre_nom_est_refusee():
    publier()
    with pytest.raises(Refus) as refus:
        publier(fichier(version="2022"))
    assert refus.value.code == "norme_deja_publiee"
    assert lignes() == UNE_VERSION


def test_deux_versions_vivent_ensemble():
    ancienne = publier()
    nouvelle = publier(fichier(version="2026", norme=autre_norme(fichier())))
    assert [v.nom() for v in (ancienne, nouvelle)] == ["cqp-cos@2021", "cqp-cos@2026"]
    assert version_publiee(SYSTEME, "cqp-cos", "2021") == ancienne


@pytest.mark.django_db(transaction=True)
def test_deux_publications_a_la_fois_n_en_font_qu_une():
    """La seconde ne voit pas encore la première, attend la base, puis répond comme si elle était venue après."""
    reponses: list[bool] = []

    def seconde() -> None:
        try:
            reponses.append(publier_version(fichier=fichier(), auteur=SYSTEME, maintenant=PLUS_TARD).nouvelle)
        finally:
            connections.close_all()

    fil = Thread(target=seconde)
    with transaction.atomic():
        assert publier_version(fichier=fichier(), auteur=SYSTEME, maintenant=PUBLICATION).nouvelle is True
        fil.start()
        for _ in range(500):
            with connection.cursor() as curseur:
                curseur.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
                if curseur.fetchone()[0]:
                    break
            sleep(0.01)
        assert reponses == []
    fil.join(timeout=10)
    assert reponses == [False]
    assert lignes() == UNE_VERSION


def test_un_referentiel_a_trou_est_refuse_avec_chaque_defaut():
    norme = copy.deepcopy(dict(fichier().norme))
    del norme["blocs"][0]["activites"][0]["competences"][1]["criteres"][2]
    norme["seuils"]["bloc"] = {"numerateur": 9, "denominateur": 5}
    with pytest.raises(Refus) as refus:
        publier(fichier(norme=norme))
    assert refus.value.code == "referentiel_invalide"
    assert refus.value.details == (
        "norme › blocs › B1 › activites › A1 › competences › C1.2 › criteres › K1.2.4 › code : « K1.2.4 » vient là où « K1.2.3 » est attendu.",
        "norme › seuils › bloc : un seuil de 9/5 dépasse 1 : nul ne pourrait l'atteindre.",
    )
    assert lignes() == dict.fromkeys(UNE_VERSION, 0)


def test_publier_sans_le_droit_est_refuse():
    with pytest.raises(RefusDroit) as refus:
        publier_version(fichier=fichier(), auteur=SANS_DROIT, maintenant=PUBLICATION)
    assert refus.value.code == "publication_reservee"
    assert lignes() == dict.fromkeys(UNE_VERSION, 0)


@pytest.mark.parametrize("table", [Version, EditionReglement, RevisionFiche, RevisionAnnexes])
@pytest.mark.parametrize(
    "sql",
    ["UPDATE {} SET empreinte = empreinte", "DELETE FROM {}", "TRUNCATE {} CASCADE"],
    ids=["update", "delete", "truncate"],
)
def test_la_base_refuse_de_toucher_ce_qui_est_publie(table, sql):
    publier()
    avant = list(table.objects.values_list())
    connection.check_constraints()  # les clés étrangères différées empêcheraient TRUNCATE avant nos déclencheurs
    with pytest.raises(IntegrityError, match="insertion seule"), transaction.atomic(), connection.cursor() as curseur:
        curseur.execute(sql.format(table._meta.db_table))
    assert list(table.objects.values_list()) == avant


def test_la_base_refuse_une_empreinte_qui_n_est_pas_celle_du_contenu():
    with pytest.raises(IntegrityError, match="version_empreinte_juste"), transaction.atomic():
        Version.objects.create(
            code="x", version="1", norme="{}", empreinte="0" * 64, publiee_le=PUBLICATION, auteur_id=SYSTEME.id
        )


# Règlement


def reviser(version, **changements):
    voulu: dict[str, Any] = {
        "depuis": date(2027, 1, 1),
        "valeurs": {"tentatives_maximum": 3},
        "motif": "Réponse du certificateur.",
    }
    return reviser_reglement(
        version=version.id, source="Lettre du 1er octobre 2026", auteur=SYSTEME, maintenant=PLUS_TARD,
        **(voulu | changements),
    )  # fmt: skip


def test_une_edition_ne_vaut_qu_a_partir_de_sa_date():
    version = publier()
    reviser(version)
    avant = reglement_en_vigueur(SYSTEME, version, date(2026, 12, 31))
    apres = reglement_en_vigueur(SYSTEME, version, date(2027, 1, 1))
    assert (avant.rang, avant.valeur("tentatives_maximum")) == (1, None)
    assert (apres.rang, apres.valeur("tentatives_maximum")) == (2, 3)
    change = apres.reglages["tentatives_maximum"]
    assert (change.marque, change.source, change.numero) == ("F", "Lettre du 1er octobre 2026", 8)
    autres = {code: r for code, r in apres.reglages.items() if code != "tentatives_maximum"}
    assert autres == {code: r for code, r in avant.reglages.items() if code != "tentatives_maximum"}


def test_deux_editions_de_meme_date_la_derniere_vaut():
    version = publier()
    reviser(version)
    reviser(version, valeurs={"tentatives_maximum": 5})
    assert reglement_en_vigueur(SYSTEME, version, date(2027, 6, 1)).valeur("tentatives_maximum") == 5
    assert [e.rang for e in editions(SYSTEME, version)] == [1, 2, 3]


def test_le_passe_ne_se_reecrit_pas():
    version = publier()
    with pytest.raises(Refus) as refus:
        reviser(version, depuis=date(2026, 10, 5))
    assert refus.value.code == "edition_passee"
    assert lignes() == UNE_VERSION


@pytest.mark.parametrize(
    ("changements", "code"),
    [
        ({"valeurs": {"inconnu": 1}}, "reglage_inconnu"),
        ({"valeurs": {"tentatives_maximum": 0}}, "reglement_invalide"),
        ({"valeurs": {"observation_commune": {"permise": True, "blocs": ["B9"]}}}, "reglement_invalide"),
        ({"valeurs": {"tentatives_maximum": None}}, "rien_a_reviser"),
        ({"motif": "  "}, "motif_manquant"),
    ],
)
def test_une_edition_defectueuse_est_refusee(changements, code):
    version = publier()
    with pytest.raises(Refus) as refus:
        reviser(version, **changements)
    assert refus.value.code == code
    assert lignes() == UNE_VERSION


def test_reviser_avant_la_premiere_edition_est_refuse():
    lu = fichier()
    lu.reglement["editions"][0]["depuis"] = "2028-01-01"
    with pytest.raises(Refus) as refus:
        reviser(publier(lu))
    assert refus.value.code == "reglement_absent"
    assert lignes() == UNE_VERSION


def test_avant_la_premiere_edition_il_n_y_a_pas_de_reglement():
    version = publier()
    with pytest.raises(Refus) as refus:
        reglement_en_vigueur(SYSTEME, version, date(2021, 4, 18))
    assert refus.value.code == "reglement_absent"
    assert reglement_en_vigueur(SYSTEME, version, date(2021, 4, 19)).rang == 1


# Fiche


def completer(version, **changements):
    voulu = {"mention": "date_decision", "valeur": "2021-04-19", "source": "Journal officiel"}
    return completer_fiche(version=version.id, auteur=SYSTEME, maintenant=PLUS_TARD, **(voulu | changements))


def test_completer_la_fiche_ajoute_une_revision_sourcee():
    version = publier()
    avant = fiche(SYSTEME, version)
    completer(version)
    apres = fiche(SYSTEME, version)
    mention = apres.mentions["date_decision"]
    assert (avant.rang, avant.mentions["date_decision"].connue) == (1, False)
    assert (apres.rang, mention.valeur, mention.source, mention.a_demander) == (
        2, "2021-04-19", "Journal officiel", "",
    )  # fmt: skip
    assert Entree.objects.latest("rang").donnees == {
        "version": "cqp-cos@2021", "rang": 2, "mention": "date_decision",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changements", "code"),
    [
        ({"mention": "inconnue"}, "mention_inconnue"),
        ({"valeur": None}, "valeur_manquante"),
        ({"source": ""}, "motif_manquant"),
        ({"valeur": "2027-01-01"}, "fiche_invalide"),
        ({"valeur": "2021-02-30"}, "fiche_invalide"),
        ({"mention": "niveau", "valeur": 4, "source": fichier().fiche["niveau"]["source"]}, "rien_a_reviser"),
    ],
)
def test_une_mention_defectueuse_est_refusee(changements, code):
    version = publier()
    with pytest.raises(Refus) as refus:
        completer(version, **changements)
    assert refus.value.code == code
    assert lignes() == UNE_VERSION


# Annexes


def test_reviser_les_annexes_remplace_leur_dernier_etat():
    version = publier()
    contenu = copy.deepcopy(dict(fichier().annexes))
    contenu["questions"] = [{"critere": "K1.1.1", "texte": "Comment avez-vous su sa situation ?"}]
    reviser_annexes(version=version.id, contenu=contenu, motif="Banque ouverte", auteur=SYSTEME, maintenant=PLUS_TARD)
    lues = annexes(SYSTEME, version)
    assert (lues.rang, dict(lues.questions)) == (2, {"K1.1.1": ("Comment avez-vous su sa situation ?",)})
    assert lues.libelles["B1"] == "Relation client"


def test_des_annexes_qui_nomment_un_critere_inconnu_sont_refusees():
    version = publier()
    contenu = copy.deepcopy(dict(fichier().annexes))
    contenu["conseils"] = [{"critere": "K9.9.9", "texte": "…"}]
    with pytest.raises(Refus) as refus:
        reviser_annexes(version=version.id, contenu=contenu, motif="x", auteur=SYSTEME, maintenant=PLUS_TARD)
    assert (refus.value.code, refus.value.details) == (
        "annexes_invalides",
        ("annexes › conseils › n° 1 : le critère « K9.9.9 » n'existe pas dans la norme.",),
    )
    assert lignes() == UNE_VERSION


def test_les_memes_annexes_ne_font_pas_de_revision():
    version = publier()
    with pytest.raises(Refus) as refus:
        reviser_annexes(
            version=version.id, contenu=fichier().annexes, motif="x", auteur=SYSTEME, maintenant=PLUS_TARD
        )  # fmt: skip
    assert refus.value.code == "rien_a_reviser"


def test_reviser_sans_le_droit_ou_une_version_inconnue():
    version = publier()
    with pytest.raises(RefusDroit) as refus:
        reviser_annexes(
            version=version.id, contenu=fichier().annexes, motif="x", auteur=SANS_DROIT, maintenant=PLUS_TARD
        )  # fmt: skip
    assert refus.value.code == "revision_reservee"
    with pytest.raises(Introuvable):
        completer_fiche(
            version=uuid4(), mention="niveau", valeur=5, source="x", auteur=SYSTEME, maintenant=PLUS_TARD
        )  # fmt: skip
