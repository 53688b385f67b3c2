"""Les organismes : la fiche, le SIRET, l'arbre sans cercle, la fermeture ; et l'import, tout ou rien."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from parchemin.comptes import selectors, services
from parchemin.comptes.enums import EtatHabilitation, NatureRole
from parchemin.comptes.models import ImportOrganismes, Organisme
from parchemin.comptes.selectors.fiches_organismes import fiche_de
from parchemin.comptes.tests import factories
from parchemin.comptes.tests.test_concurrence import ensemble
from parchemin.referentiels.tests import factories as referentiels
from parchemin.registre.models import Entree
from parchemin.socle import tableur
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.refus import Introuvable, Refus, RefusDroit

MIDI = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
JOUR = date(2026, 11, 24)
UCANSS, AUTRE = "78462143500048", "73282932000074"


def refus(geste, *mots, **noms) -> str:
    with pytest.raises(Refus) as leve:
        geste(*mots, **noms)
    return leve.value.code


def modifier(organisme, auteur=SYSTEME, **changements):
    fiche = replace(fiche_de(Organisme.objects.get(pk=organisme)), **changements)
    return services.modifier_organisme(organisme=organisme, fiche=fiche, auteur=auteur, maintenant=MIDI)


def fermer(organisme, le=JOUR, motif="Fusion.", auteur=SYSTEME):
    services.fermer_organisme(organisme=organisme, ferme_le=le, motif=motif, auteur=auteur, maintenant=MIDI)


# La fiche -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("saisi", "garde"),
    [("", ""), ("  ", ""), (UCANSS, UCANSS), ("784 621 435 00048", UCANSS), ("784.621.435.00048", UCANSS)],
)
def test_le_siret_se_garde_en_chiffres(saisi, garde):
    assert selectors.siret_verifie(saisi) == garde


@pytest.mark.parametrize(
    ("saisi", "phrase"),
    [
        ("7846214350004", "Un SIRET a quatorze chiffres : les neuf du SIREN, puis cinq."),
        ("78462143500047", "Ce SIRET n'existe pas : un chiffre est faux, ou deux sont inversés."),
        ("7846214350004A", "Un SIRET ne s'écrit qu'avec des chiffres."),
    ],
)
def test_un_siret_faux_dit_ce_qui_cloche(saisi, phrase):
    with pytest.raises(Refus) as leve:
        selectors.siret_verifie(saisi)
    assert (leve.value.code, leve.value.message) == ("siret_faux", phrase)


@pytest.mark.django_db
def test_un_siret_et_un_nom_ne_servent_qu_une_fois():
    factories.organisme("Caisse A", siret=UCANSS)
    autre = factories.organisme("Caisse B")
    assert refus(factories.organisme, "Caisse C", siret=UCANSS) == "siret_deja_la"
    assert refus(modifier, autre, siret=UCANSS) == "siret_deja_la"
    assert refus(modifier, autre, nom=" Caisse  A ") == "organisme_deja_la"
    assert refus(modifier, autre, code_postal="6100") == "code_postal_faux"
    assert {o.nom: o.siret for o in Organisme.objects.all()} == {"Caisse A": UCANSS, "Caisse B": ""}


@pytest.mark.django_db
def test_modifier_garde_la_valeur_d_avant_au_journal_et_la_redire_n_ecrit_rien():
    cle = factories.organisme("Caisse A")
    modifier(cle, commune="Alençon", hors_ligne=False)
    entree = Entree.objects.latest("pk")
    assert (entree.action, entree.donnees) == (
        "comptes.organisme_modifie",
        {
            "champs": ["commune", "hors_ligne"],
            "avant": {"commune": "", "hors_ligne": True},
            "apres": {"commune": "Alençon", "hors_ligne": False},
        },
    )
    modifier(cle)
    assert Entree.objects.latest("pk") == entree
    assert [o.pk for o in selectors.organismes(SYSTEME, JOUR, "alencon")] == [cle]


@pytest.mark.django_db
def test_seul_qui_peut_ajouter_un_organisme_le_modifie_le_ferme_et_l_importe():
    cle = factories.organisme()
    for auteur in (factories.gestionnaire(cle), factories.avec_role(NatureRole.RH, cle), factories.personne()):
        for geste in (
            lambda a: modifier(cle, a, commune="X"),
            lambda a: fermer(cle, auteur=a),
            lambda a: services.rouvrir_organisme(organisme=cle, auteur=a, maintenant=MIDI),
            lambda a: lire("nom;branche\nA;maladie\n", auteur=a),
        ):
            with pytest.raises(RefusDroit):
                geste(auteur)
    modifier(cle, factories.gestionnaire(), commune="Alençon")
    assert Organisme.objects.get(pk=cle).commune == "Alençon"


# L'arbre --------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_un_organisme_se_range_sous_un_autre_et_jamais_en_cercle():
    haut, milieu, bas = factories.organisme("Haut"), factories.organisme("Milieu"), factories.organisme("Bas")
    modifier(milieu, parent=haut)
    modifier(bas, parent=milieu)
    vue = selectors.organisme(SYSTEME, bas, JOUR)
    assert [parent.nom for parent in vue.parents] == ["Milieu", "Haut"]
    assert [enfant.nom for enfant in selectors.organisme(SYSTEME, haut, JOUR).enfants] == ["Milieu"]
    for parent in (haut, milieu, bas):
        assert refus(modifier, haut, parent=parent) == "parent_en_cercle"
    assert refus(modifier, haut, parent=SYSTEME.id) == "parent_inconnu"
    assert Organisme.objects.get(pk=haut).parent_id is None


@pytest.mark.django_db
def test_le_parent_n_ouvre_rien_sur_l_enfant():
    haut = factories.organisme("Haut")
    bas = factories.organisme("Bas", parent=haut)
    lecteur = factories.gestionnaire(haut)
    assert [o.nom for o in selectors.organismes(lecteur, JOUR)] == ["Haut"]
    assert [(e.nom, e.visible) for e in selectors.organisme(lecteur, haut, JOUR).enfants] == [("Bas", False)]
    with pytest.raises(Introuvable):
        selectors.organisme(lecteur, bas, JOUR)


@pytest.mark.django_db(transaction=True)
def test_deux_rattachements_croises_ne_font_pas_un_cercle():
    un, deux = factories.organisme("Un"), factories.organisme("Deux")
    issues = ensemble(lambda: modifier(un, parent=deux), lambda: modifier(deux, parent=un))
    assert issues == ["fait", "parent_en_cercle"]
    assert Organisme.objects.exclude(parent=None).count() == 1


# La fermeture ---------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_un_organisme_ferme_n_accueille_plus_rien_et_garde_tout():
    cle = factories.organisme("Caisse A")
    tuteur = factories.avec_role(NatureRole.TUTEUR, cle)
    fermer(cle)
    fermer(cle)
    with pytest.raises(Refus) as leve:
        services.donner_role(
            personne=factories.personne().id, nature=NatureRole.TUTEUR, organisme=cle, auteur=SYSTEME, maintenant=MIDI
        )
    assert leve.value.code == "organisme_ferme"
    assert refus(modifier, factories.organisme("Caisse B"), parent=cle) == "parent_ferme"
    services.donner_role(
        personne=tuteur.id, nature=NatureRole.TUTEUR, organisme=cle, auteur=SYSTEME, maintenant=MIDI
    )  # déjà tenu : rien de neuf
    vue = selectors.organisme(SYSTEME, cle, JOUR)
    assert (vue.ferme_le, vue.motif_fermeture, vue.personnes) == (JOUR, "Fusion.", {NatureRole.TUTEUR: 1})
    services.rouvrir_organisme(organisme=cle, auteur=SYSTEME, maintenant=MIDI)
    factories.avec_role(NatureRole.MANAGER, cle)
    assert Organisme.objects.get(pk=cle).ferme_le is None


@pytest.mark.django_db
def test_on_ne_ferme_pas_sous_une_habilitation_qui_court():
    referentiels.publier()
    cle = factories.organisme()
    habilitation = factories.habilitation(cle)
    assert refus(fermer, cle, motif=" ") == "motif_manquant"
    assert refus(fermer, cle) == "habilitation_en_cours"
    services.changer_etat(
        habilitation=habilitation,
        vers=EtatHabilitation.RESILIEE,
        effet=JOUR,
        motif="Fusion.",
        auteur=SYSTEME,
        maintenant=MIDI,
    )
    fermer(cle)
    assert refus(factories.habilitation, cle, du=JOUR) == "organisme_ferme"


@pytest.mark.django_db(transaction=True)
def test_une_fermeture_et_un_role_donne_a_la_fois_passent_l_un_apres_l_autre():
    cle, qui = factories.organisme(), factories.personne()

    def donner():
        services.donner_role(personne=qui.id, nature=NatureRole.TUTEUR, organisme=cle, auteur=SYSTEME, maintenant=MIDI)

    assert ensemble(lambda: fermer(cle), donner) in (["fait", "fait"], ["fait", "organisme_ferme"])
    assert Organisme.objects.get(pk=cle).ferme_le == JOUR


# L'import -------------------------------------------------------------------------------------------------------------


def lire(texte: str, auteur=SYSTEME, quand=MIDI):
    return services.lire_organismes(nom_fichier="essai.csv", octets=texte.encode(), auteur=auteur, maintenant=quand)


def importer(texte: str):
    return services.confirmer_import(identifiant=lire(texte).pk, auteur=SYSTEME, maintenant=MIDI)


ENTETE = "Nom;Branche;SIRET;Dépend de (SIRET ou nom);Commune;Code postal;Épreuves hors ligne (oui ou non)\n"
TROIS = ENTETE + (
    f"Caisse du bas;maladie;;Caisse du milieu;Alençon;61000;non\n"
    f"Caisse du milieu;Famille;{AUTRE};{UCANSS};;1000;\n"
    f"Union du haut;Certificateur ou délégataire;784 621 435 00048;;Paris;75014;oui\n"
)  # fmt: skip


@pytest.mark.django_db
def test_lire_n_ecrit_aucun_organisme_et_confirmer_les_ecrit_tous():
    en_attente = lire(TROIS)
    assert (Organisme.objects.count(), len(en_attente.lignes)) == (0, 3)
    plan = services.confirmer_import(identifiant=en_attente.pk, auteur=SYSTEME, maintenant=MIDI)
    assert [(une.geste, une.numero) for une in plan.lignes] == [("ajouter", 2), ("ajouter", 3), ("ajouter", 4)]
    vues = {o.nom: (o.siret, o.branche, o.parent and o.parent.nom, o.commune, o.code_postal, o.hors_ligne)
            for o in Organisme.objects.select_related("parent")}  # fmt: skip
    assert vues == {
        "Caisse du bas": ("", "maladie", "Caisse du milieu", "Alençon", "61000", False),
        "Caisse du milieu": (AUTRE, "famille", "Union du haut", "", "01000", True),
        "Union du haut": (UCANSS, "certificateur", None, "Paris", "75014", True),
    }
    entree = Entree.objects.latest("pk")
    assert (entree.action, entree.donnees["crees"], entree.donnees["modifies"]) == ("comptes.organismes_importes", 3, 0)
    assert [o.nom for o in selectors.organismes(SYSTEME, JOUR, "alencon")] == ["Caisse du bas"]


@pytest.mark.django_db
def test_reimporter_ne_change_rien_et_une_cellule_vide_non_plus():
    importer(TROIS)
    avant = list(Organisme.objects.values())
    assert {une.geste for une in importer(TROIS).lignes} == {"inchange"}
    assert {une.geste for une in importer("nom;branche\nCaisse du bas;Maladie\n").lignes} == {"inchange"}
    assert list(Organisme.objects.values()) == avant


@pytest.mark.django_db
def test_la_cle_est_le_siret_sinon_le_nom():
    importer(TROIS)
    plan = importer(ENTETE + f"Union renommée;certificateur;{UCANSS};;;;\nCaisse du bas;Maladie;55208131766522;;;;\n")
    assert [(une.geste, une.champs) for une in plan.lignes] == [("modifier", ("nom",)), ("modifier", ("siret",))]
    assert Organisme.objects.count() == 3
    assert Organisme.objects.get(siret=UCANSS).nom == "Union renommée"


@pytest.mark.django_db
def test_toutes_les_fautes_de_toutes_les_lignes_sont_dites_et_rien_n_est_garde():
    ferme = factories.organisme("Fermée")
    fermer(ferme)
    factories.organisme("Prise", siret=UCANSS)
    texte = ENTETE + (
        ";maladie;;;;;\n"
        "A;roi;123;;;;\n"
        "B;maladie;;Nulle part;;61;peut-être\n"
        "C;maladie;;C;;;\n"
        "D;maladie;;E;;;\n"
        "E;maladie;;D;;;\n"
        "E;maladie;;Fermée;;;\n"
        f"Prise;maladie;{AUTRE};;;;\n"
    )
    with pytest.raises(Refus) as leve:
        lire(texte)
    assert (leve.value.code, leve.value.details) == (
        "import_faux",
        (
            "A2 : le nom manque.",
            "C3 : Un SIRET a quatorze chiffres : les neuf du SIREN, puis cinq.",
            "B3 : « roi » n'est pas une branche (Maladie, Famille, Retraite, Recouvrement, Interbranche, Certificateur ou délégataire).",
            "G4 : écrivez oui ou non.",
            "D4 : « Nulle part » n'est ni dans ce fichier ni déjà enregistré.",
            "D5 : un organisme ne dépend pas de lui-même.",
            "D6 : ces organismes dépendent les uns des autres, en cercle.",
            "D7 : ces organismes dépendent les uns des autres, en cercle.",
            "A8 : déjà dans ce fichier, en A7.",
            "D8 : Fermée est fermé.",
            f"C9 : « Prise » est déjà enregistré avec le SIRET {UCANSS}.",
        ),
    )
    assert (ImportOrganismes.objects.count(), Organisme.objects.count()) == (0, 2)


@pytest.mark.django_db
def test_ce_qui_a_change_depuis_la_lecture_arrete_tout():
    en_attente = lire(TROIS)
    factories.organisme("Caisse du milieu", siret="55208131766522")
    assert refus(services.confirmer_import, identifiant=en_attente.pk, auteur=SYSTEME, maintenant=MIDI) == "import_faux"
    assert Organisme.objects.count() == 1
    assert len(selectors.import_en_attente(SYSTEME, en_attente.pk, MIDI).lignes) == 3


@pytest.mark.django_db
def test_un_import_appartient_a_qui_l_a_depose_et_ne_sert_qu_une_fois():
    premier, second = factories.gestionnaire(), factories.gestionnaire()
    en_attente = lire(TROIS, auteur=premier)
    with pytest.raises(Introuvable):
        services.confirmer_import(identifiant=en_attente.pk, auteur=second, maintenant=MIDI)
    with pytest.raises(Introuvable):
        selectors.import_en_attente(second, en_attente.pk, MIDI)
    for _ in range(2):
        services.confirmer_import(identifiant=en_attente.pk, auteur=premier, maintenant=MIDI)
    assert Organisme.objects.count() == 3
    assert (
        refus(services.abandonner_import, identifiant=en_attente.pk, auteur=premier, maintenant=MIDI)
        == "import_confirme"
    )
    assert ImportOrganismes.objects.get().lignes == []


@pytest.mark.django_db
def test_un_import_abandonne_ou_expire_est_vide():
    abandonne, expire = lire(TROIS), lire(TROIS)
    for _ in range(2):
        services.abandonner_import(identifiant=abandonne.pk, auteur=SYSTEME, maintenant=MIDI)
    tard = MIDI + services.imports.VALIDITE_IMPORT
    assert (
        refus(services.confirmer_import, identifiant=abandonne.pk, auteur=SYSTEME, maintenant=MIDI)
        == "import_abandonne"
    )
    assert refus(services.confirmer_import, identifiant=expire.pk, auteur=SYSTEME, maintenant=tard) == "import_expire"
    assert services.purger_imports(maintenant=tard - timedelta(seconds=1)) == 0
    assert (services.purger_imports(maintenant=tard), services.purger_imports(maintenant=tard)) == (1, 0)
    assert [une.lignes for une in ImportOrganismes.objects.all()] == [[], []]


@pytest.mark.django_db
def test_le_modele_se_lit_tel_quel():
    entetes = tuple(selectors.COLONNES_ORGANISMES.values())
    modele = tableur.ecrire_xlsx("Organismes", entetes, [("Caisse", "C", "Maladie", "", "", "61000", "", "", "oui")])
    en_attente = services.lire_organismes(nom_fichier="m.xlsx", octets=modele, auteur=SYSTEME, maintenant=MIDI)
    assert len(en_attente.lignes) == 1
    assert refus(lire, ENTETE) == "import_vide"


@pytest.mark.django_db(transaction=True)
def test_deux_confirmations_a_la_fois_n_importent_qu_une_fois():
    premier, second = lire(TROIS), lire(TROIS)

    def confirmer(cle):
        return lambda: services.confirmer_import(identifiant=cle, auteur=SYSTEME, maintenant=MIDI)

    assert ensemble(confirmer(premier.pk), confirmer(premier.pk), confirmer(second.pk)) == ["fait"] * 3
    assert Organisme.objects.count() == 3
