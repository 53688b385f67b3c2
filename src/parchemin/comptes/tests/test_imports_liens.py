"""L'import de liens : lire n'inscrit rien, toutes les fautes se disent, confirmer fait tout ou rien, personne ne fuit."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import UUID

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client

from moteur.lignee import Periode
from parchemin.comptes import selectors, services
from parchemin.comptes.enums import GENRES_SAISIS, GenreDeLien, NatureRole
from parchemin.comptes.models import ImportLiens, Lien, Personne
from parchemin.comptes.tests import factories
from parchemin.comptes.tests.factories import JADIS, client, texte
from parchemin.comptes.tests.test_concurrence import ensemble
from parchemin.referentiels.tests import factories as referentiels
from parchemin.registre.models import Entree
from parchemin.socle import tableur
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.refus import Introuvable, Refus, RefusDroit

MIDI = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
ENTETE = ";".join(selectors.COLONNES_LIENS.values()) + "\n"
CORRIGER = "changez les jours, ou corrigez d'abord celui qui est inscrit."
PAGE = "/comptes/liens/importer/"


class Monde:
    """Une caisse : deux personnes à elle, un évaluateur d'ailleurs, et quelqu'un d'ailleurs qui ne juge pas."""

    def __init__(self) -> None:
        self.organisme, ailleurs = factories.organisme(), factories.organisme()
        self.gestionnaire = factories.gestionnaire(self.organisme)
        self.rh = factories.avec_role(NatureRole.RH, self.organisme)
        self.camille = factories.avec_role(NatureRole.CANDIDAT, self.organisme, "Camille", "d'Abel")
        self.maud = factories.avec_role(NatureRole.MANAGER, self.organisme, "Maud", "Zeste")
        self.juge = factories.avec_role(NatureRole.EVALUATEUR_METIER, ailleurs, "Élie", "Juge")
        self.autre_juge = factories.avec_role(NatureRole.JURE, ailleurs, "Ève", "Jurée")
        self.etranger = factories.avec_role(NatureRole.CANDIDAT, ailleurs, "Odile", "Ailleurs")
        self.courriel = factories.compte(self.juge)

    def lire(self, lignes: str, auteur: Acteur | None = None, quand: datetime = MIDI) -> ImportLiens:
        return services.lire_liens(
            nom_fichier="liens.csv",
            octets=(ENTETE + lignes).encode(),
            auteur=auteur or self.gestionnaire,
            maintenant=quand,
        )

    def importer(self, lignes: str) -> selectors.PlanLiens:
        return services.confirmer_import_liens(
            identifiant=self.lire(lignes).pk, auteur=self.gestionnaire, maintenant=MIDI
        )

    def fautes(self, lignes: str) -> tuple[str, ...]:
        with pytest.raises(Refus) as leve:
            self.lire(lignes)
        assert leve.value.code == "import_faux"
        return tuple(leve.value.details)


@pytest.fixture
def monde(db):
    referentiels.publier()
    return Monde()


def refus(geste, *mots, **noms) -> str:
    with pytest.raises(Refus) as leve:
        geste(*mots, **noms)
    return leve.value.code


def ecrits() -> set[tuple[object, ...]]:
    champs = ("de_id", "vers_id", "genre", "du", "au", "session", "dossier", "origine", "annule")
    return {(*ligne[:-1], tuple(ligne[-1])) for ligne in Lien.objects.values_list(*champs, "blocs")}


TOUS = (
    "Camille d'Abel;Lien hiérarchique;Maud Zeste;01/09/2025;2026-09-01;;\n"
    "ZESTE maud;formation;{courriel};02/03/2026;14/03/2026; Mars  2026 ;b3, B1\n"
    "camille d abel;Accompagnement;Maud Zeste;;;;\n"
    "Maud Zeste;Relation professionnelle;Élie Juge;;01/01/2026;;\n"
    "Camille d'Abel;personnel;Élie Juge;;;;\n"
)


def test_lire_n_inscrit_aucun_lien_et_confirmer_les_inscrit_tous(monde):
    en_attente = monde.lire(TOUS.format(courriel=monde.courriel.upper()))
    assert (Lien.objects.count(), len(en_attente.lignes)) == (0, 5)
    plan = services.confirmer_import_liens(identifiant=en_attente.pk, auteur=monde.gestionnaire, maintenant=MIDI)
    assert [(une.geste, une.numero) for une in plan.lignes] == [("ajouter", n) for n in range(2, 7)]
    camille, maud, juge = monde.camille.id, monde.maud.id, monde.juge.id
    assert ecrits() == {
        (camille, maud, "hierarchique", date(2025, 9, 1), date(2026, 9, 1), "", None, "import", False, ()),
        (
            maud,
            juge,
            "formation",
            date(2026, 3, 2),
            date(2026, 3, 14),
            "Mars 2026",
            None,
            "import",
            False,
            ("B1", "B3"),
        ),
        (camille, maud, "accompagnement", None, None, "", None, "import", False, ()),
        (maud, juge, "professionnel", None, date(2026, 1, 1), "", None, "import", False, ()),
        (camille, juge, "personnel", None, None, "", None, "import", False, ()),
    }
    assert set(Lien.objects.values_list("importation_id", "auteur")) == {(en_attente.pk, monde.gestionnaire.id)}
    assert selectors.personnes_de_l_import(SYSTEME, en_attente.pk) == tuple(sorted((camille, maud, juge)))
    assert ImportLiens.objects.get().lignes == []


def test_le_journal_dit_qui_est_touche_et_jamais_le_genre(monde):
    plan = monde.importer(TOUS.format(courriel=monde.courriel))
    entree = Entree.objects.filter(action="comptes.liens_importes").get()
    assert set(entree.donnees) == {"fichier", "crees", "liens_crees", "personnes"}
    assert entree.donnees["crees"] == 5
    assert set(entree.donnees["personnes"]) == {str(qui) for qui in plan.personnes}
    dit = " ".join(str(une.donnees) for une in Entree.objects.filter(objet_type="import_liens"))
    assert [genre for genre in GenreDeLien if genre.value in dit] == []


def test_reimporter_ne_change_rien(monde):
    lignes = TOUS.format(courriel=monde.courriel)
    monde.importer(lignes)
    avant = ecrits()
    assert {une.geste for une in monde.importer(lignes).lignes} == {"inchange"}
    # Un lien sans sens se reconnaît des deux côtés.
    assert [une.geste for une in monde.importer("Élie Juge;Lien personnel;Camille d'Abel;;;;\n").lignes] == ["inchange"]
    assert ecrits() == avant


def test_toutes_les_fautes_de_toutes_les_lignes_sont_dites_et_rien_n_est_garde(monde):
    factories.avec_role(NatureRole.TUTEUR, monde.organisme, "Maud", "Double")
    factories.avec_role(NatureRole.TUTEUR, monde.organisme, "Double", "Maud")
    services.declarer_lien(
        de=monde.camille.id, vers=monde.maud.id, genre=GenreDeLien.HIERARCHIQUE, du=date(2026, 1, 1), au=None,
        auteur=SYSTEME, maintenant=JADIS,
    )  # fmt: skip
    avant = (Lien.objects.count(), ImportLiens.objects.count(), Entree.objects.count())
    assert monde.fautes(
        ";;;;;;\n"
        ";roi;Maud Zeste;31/02/2026;demain;;\n"
        "Camille d'Abel;Délibération annulée;Maud Double;;;;\n"
        "Maud Zeste;hierarchique;Maud Zeste;;;;\n"
        "Élie Juge;Lien hiérarchique;Ève Jurée;;;;\n"
        "Camille d'Abel;Lien personnel;Élie Juge;;;mariage;B1\n"
        "Camille d'Abel;Formation;Élie Juge;02/03/2026;02/03/2026;;B9 B1\n"
        "Camille d'Abel;Lien hiérarchique;Maud Zeste;01/06/2025;01/06/2026;;\n"
        "Maud Zeste;Accompagnement;Élie Juge;01/01/2026;01/06/2026;;\n"
        "Maud Zeste;Accompagnement;Élie Juge;31/05/2026;;;\n"
    ) == (
        "A3 : une personne manque : écrivez son courriel, ou ses prénom et nom.",
        f"B3 : « roi » n'est pas un genre de lien ({', '.join(genre.label for genre in GENRES_SAISIS)}).",
        "D3 : « 31/02/2026 » n'est pas un jour : écrivez 31/12/2026.",
        "C4 : « Maud Double » désigne plusieurs personnes : écrivez le courriel de la bonne.",
        "B4 : une délibération annulée se lie par le jury, dossier en main.",
        "C5 : un lien joint deux personnes.",
        "A6 : ce lien ne touche personne de vos organismes : demandez à leur gestionnaire.",
        "F7 : seule une formation a une session et des blocs : videz cette cellule.",
        "G7 : seule une formation a une session et des blocs : videz cette cellule.",
        "E8 : le lien finirait avant d'avoir commencé.",
        "G8 : « B9 » n'est pas un bloc (B1, B2, B3, B4).",
        f"D9 : ce lien est déjà inscrit, depuis le 1er\N{NO-BREAK SPACE}janvier 2026 : {CORRIGER}",
        "D11 : les jours de ce lien recouvrent ceux de la ligne 10.",
    )  # fmt: skip
    assert (Lien.objects.count(), ImportLiens.objects.count(), Entree.objects.count()) == avant


def test_une_personne_inconnue_et_une_personne_d_ailleurs_ont_la_meme_reponse(monde):
    """Par le nom, par le courriel professionnel, par celui du compte : rien ne distingue l'absente de l'étrangère."""
    Personne.objects.filter(pk=monde.etranger.id).update(courriel_pro="odile@ailleurs.example")
    connexion = factories.compte(monde.etranger)
    for vrai, faux in (
        ("Odile Ailleurs", "Odile Nullepart"),
        ("odile@ailleurs.example", "odile@nullepart.example"),
        (connexion, "nul@nullepart.example"),
    ):
        dites = [monde.fautes(f"Camille d'Abel;Formation;{qui};;;;\n") for qui in (vrai, faux)]
        assert dites[0] == tuple(texte.replace(faux, vrai) for texte in dites[1])
    # Qui gère partout, lui, la trouve : la comparaison a bien quelque chose à taire.
    assert len(monde.lire("Camille d'Abel;Formation;Odile Ailleurs;;;;\n", auteur=SYSTEME).lignes) == 1


def test_une_fiche_reunie_ne_se_lie_plus_et_ses_liens_comptent_pour_celle_gardee(monde):
    autre = factories.avec_role(NatureRole.MANAGER, monde.organisme, "Maude", "Zest")
    services.declarer_lien(
        de=monde.camille.id,
        vers=autre.id,
        genre=GenreDeLien.HIERARCHIQUE,
        du=None,
        au=None,
        auteur=SYSTEME,
        maintenant=JADIS,
    )
    services.fusionner(alias=autre.id, gardee=monde.maud.id, auteur=SYSTEME, maintenant=MIDI)
    assert [une.geste for une in monde.importer("Camille d'Abel;Lien hiérarchique;Maud Zeste;;;;\n").lignes] == [
        "inchange"
    ]
    assert len(monde.fautes("Camille d'Abel;Lien hiérarchique;Maude Zest;;;;\n")) == 1


def test_ce_qui_a_change_depuis_la_lecture_arrete_tout(monde):
    en_attente = monde.lire(TOUS.format(courriel=monde.courriel))
    services.declarer_lien(
        de=monde.camille.id, vers=monde.maud.id, genre=GenreDeLien.HIERARCHIQUE, du=None, au=None, auteur=SYSTEME,
        maintenant=JADIS,
    )  # fmt: skip
    confirmer = {"identifiant": en_attente.pk, "auteur": monde.gestionnaire, "maintenant": MIDI}
    assert refus(services.confirmer_import_liens, **confirmer) == "import_faux"
    assert Lien.objects.count() == 1
    assert len(selectors.import_liens_en_attente(monde.gestionnaire, en_attente.pk, MIDI).lignes) == 5


def test_un_import_appartient_a_qui_l_a_depose_et_ne_sert_qu_une_fois(monde):
    en_attente = monde.lire(TOUS.format(courriel=monde.courriel))
    second = factories.gestionnaire(monde.organisme)
    for qui in (second, SYSTEME):
        with pytest.raises(Introuvable):
            services.confirmer_import_liens(identifiant=en_attente.pk, auteur=qui, maintenant=MIDI)
        with pytest.raises(Introuvable):
            selectors.import_liens_en_attente(qui, en_attente.pk, MIDI)
    for _ in range(2):
        services.confirmer_import_liens(identifiant=en_attente.pk, auteur=monde.gestionnaire, maintenant=MIDI)
    assert Lien.objects.count() == 5
    renoncer = {"identifiant": en_attente.pk, "auteur": monde.gestionnaire, "maintenant": MIDI}
    assert refus(services.abandonner_import_liens, **renoncer) == "import_confirme"


def test_un_import_abandonne_ou_expire_est_vide(monde):
    ligne = "Camille d'Abel;Accompagnement;Maud Zeste;;;;\n"
    abandonne, expire = monde.lire(ligne), monde.lire(ligne)
    qui = {"auteur": monde.gestionnaire}
    for _ in range(2):
        services.abandonner_import_liens(identifiant=abandonne.pk, maintenant=MIDI, **qui)
    tard = MIDI + services.imports.VALIDITE_IMPORT
    assert (
        refus(services.confirmer_import_liens, identifiant=abandonne.pk, maintenant=MIDI, **qui) == "import_abandonne"
    )
    assert refus(services.confirmer_import_liens, identifiant=expire.pk, maintenant=tard, **qui) == "import_expire"
    assert services.purger_imports(maintenant=tard - timedelta(seconds=1)) == 0
    assert (services.purger_imports(maintenant=tard), services.purger_imports(maintenant=tard)) == (1, 0)
    assert [une.lignes for une in ImportLiens.objects.all()] == [[], []]


def test_seul_qui_saisit_un_lien_en_importe(monde):
    for qui in (monde.camille, monde.maud, monde.juge):
        with pytest.raises(RefusDroit) as leve:
            monde.lire("Camille d'Abel;Accompagnement;Maud Zeste;;;;\n", auteur=qui)
        assert leve.value.code == "comptes_reserves"
    assert len(monde.lire("Camille d'Abel;Accompagnement;Maud Zeste;;;;\n", auteur=monde.rh).lignes) == 1


def test_un_droit_perdu_entre_la_lecture_et_la_confirmation_arrete_tout(monde):
    en_attente = monde.lire(TOUS.format(courriel=monde.courriel))
    role = Personne.objects.get(pk=monde.gestionnaire.id).roles.get()
    services.retirer_role(role=role.pk, auteur=SYSTEME, maintenant=MIDI)
    with pytest.raises(RefusDroit):
        services.confirmer_import_liens(identifiant=en_attente.pk, auteur=monde.gestionnaire, maintenant=MIDI)
    assert Lien.objects.count() == 0


def test_la_base_refuse_un_lien_d_un_fichier_qui_ne_dirait_pas_etre_importe(monde):
    en_attente = monde.lire("Camille d'Abel;Accompagnement;Maud Zeste;;;;\n")
    with pytest.raises(IntegrityError), transaction.atomic():
        Lien.objects.create(
            de_id=monde.camille.id, vers_id=monde.maud.id, genre="accompagnement", origine="saisie", importation=en_attente,
            auteur=SYSTEME.id, instant=MIDI,
        )  # fmt: skip


@pytest.mark.parametrize("graine", range(6))
def test_un_fichier_tire_au_hasard_inscrit_ce_que_la_main_aurait_inscrit(monde, graine):
    """L'oracle : les mêmes liens, déclarés un à un. Une paire et un genre n'y servent qu'une fois."""
    hasard = Random(graine)
    gens = {monde.camille.id: "Camille d'Abel", monde.maud.id: "Maud Zeste", monde.juge.id: "Élie Juge"}
    bornes = [None, date(2025, 1, 1), date(2026, 1, 1), date(2026, 6, 1)]
    vus, lignes, main = set(), "", []
    for _ in range(12):
        de, vers = hasard.sample(list(gens), 2)
        genre, du, au = hasard.choice(GENRES_SAISIS), hasard.choice(bornes), hasard.choice(bornes)
        if (genre, frozenset((de, vers))) in vus or (du and au and au <= du):
            continue
        vus.add((genre, frozenset((de, vers))))
        formation = genre == GenreDeLien.FORMATION
        session, blocs = (hasard.choice(["", "Mars"]), hasard.sample(["B1", "B2", "B4"], 2)) if formation else ("", [])
        jours = [f"{jour:%d/%m/%Y}" if jour else "" for jour in (du, au)]
        lignes += ";".join(
            [gens[de], hasard.choice([genre.label, genre.value]), gens[vers], *jours, session, " ".join(blocs)]
        )
        lignes += "\n"
        main.append({"de": de, "vers": vers, "genre": genre, "du": du, "au": au, "session": session, "blocs": blocs})
    monde.importer(lignes)
    importes = ecrits()
    with transaction.atomic():
        for un in main:  # idempotent : la main retrouve chaque lien importé, à l'identique, et n'ajoute rien
            services.declarer_lien(**un, auteur=monde.gestionnaire, maintenant=MIDI)
    assert (ecrits(), len(importes)) == (importes, len(main))


@pytest.mark.parametrize("graine", range(4))
def test_deux_periodes_se_recouvrent_dans_le_fichier_comme_dans_la_base(monde, graine):
    """L'oracle : comparer chaque ligne à toutes celles d'avant, gardées, et à tous les liens inscrits."""
    hasard = Random(graine)

    def tirer() -> Periode:
        du, au = sorted(hasard.sample(range(60), 2))
        jours = [date(2026, 1, 1) + timedelta(days=n) for n in (du, au)]
        return Periode(jours[0] if hasard.random() < 0.9 else None, jours[1] if hasard.random() < 0.9 else None)

    inscrits = [tirer() for _ in range(3)]
    for p in inscrits:
        services.declarer_lien(
            de=monde.camille.id, vers=monde.maud.id, genre=GenreDeLien.ACCOMPAGNEMENT, du=p.du, au=p.au, auteur=SYSTEME,
            maintenant=JADIS,
        )  # fmt: skip
    tirees = [tirer() for _ in range(12)]
    gardees: list[Periode] = []
    attendues = []
    for numero, p in enumerate(tirees, start=2):
        if any(p.commune(autre) for autre in gardees):
            attendues.append((numero, "les jours"))
            continue
        gardees.append(p)
        if p not in inscrits and any(p.commune(autre) for autre in inscrits):
            attendues.append((numero, "ce lien e"))
    lignes = "".join(f"Camille d'Abel;Accompagnement;Maud Zeste;{p.du or ''};{p.au or ''};;\n" for p in tirees)
    dites = [(int(faute[1 : faute.index(" ")]), faute.split(" : ", 1)[1][:9]) for faute in monde.fautes(lignes)]
    assert dites == attendues


@pytest.mark.parametrize("nombre", [1, 3, 2_000])
def test_confirmer_coute_autant_de_requetes_a_un_et_a_deux_mille_liens(monde, nombre, django_assert_num_queries):
    """Vingt-trois requêtes ; une de plus au-delà de mille liens, que l'écriture partage en lots."""
    lignes = "".join(
        f"Camille d'Abel;Lien hiérarchique;Maud Zeste;{jour:%d/%m/%Y};{jour + timedelta(days=1):%d/%m/%Y};;\n"
        for jour in (date(2015, 1, 1) + timedelta(days=n) for n in range(nombre))
    )
    en_attente = monde.lire(lignes)
    with django_assert_num_queries(23 + (nombre > 1_000)):
        services.confirmer_import_liens(identifiant=en_attente.pk, auteur=monde.gestionnaire, maintenant=MIDI)
    assert Lien.objects.count() == nombre


@pytest.mark.django_db(transaction=True)
def test_deux_confirmations_a_la_fois_n_inscrivent_qu_une_fois():
    referentiels.publier()
    monde = Monde()
    lignes = "Camille d'Abel;Lien hiérarchique;Maud Zeste;;;;\nCamille d'Abel;Formation;Élie Juge;;;;\n"
    premier, second = monde.lire(lignes), monde.lire(lignes)

    def confirmer(cle: UUID):
        return lambda: services.confirmer_import_liens(identifiant=cle, auteur=monde.gestionnaire, maintenant=MIDI)

    def a_la_main():
        services.declarer_lien(
            de=monde.camille.id, vers=monde.maud.id, genre=GenreDeLien.HIERARCHIQUE, du=None, au=None,
            auteur=monde.gestionnaire, maintenant=MIDI,
        )  # fmt: skip

    assert ensemble(confirmer(premier.pk), confirmer(premier.pk), confirmer(second.pk), a_la_main) == ["fait"] * 4
    assert Lien.objects.count() == 2


# Les pages -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def _a_midi():
    with time_machine.travel(MIDI, tick=True):
        yield


@pytest.mark.usefixtures("_a_midi")
def test_on_importe_un_fichier_apres_l_avoir_vu(monde):
    ouvert = client(monde.gestionnaire)
    assert f'href="{PAGE}"' in ouvert.get("/comptes/").content.decode()
    vierge = texte(ouvert.get(PAGE))
    assert [c for c in selectors.COLONNES_LIENS.values() if c.replace("'", "'") not in vierge] == []
    assert [genre.label for genre in GENRES_SAISIS if genre.label not in vierge] == []
    faux = ouvert.post(PAGE, {"fichier": SimpleUploadedFile("l.csv", (ENTETE + ";roi;;;;;\n").encode())})
    assert faux.status_code == 422
    assert "3 erreurs dans ce fichier : rien n'est importé." in texte(faux)
    assert ouvert.post(PAGE).status_code == 422
    lignes = TOUS.format(courriel=monde.courriel)
    attente = ouvert.post(PAGE, {"fichier": SimpleUploadedFile("l.csv", (ENTETE + lignes).encode("cp1252"))})
    confirmer = attente.headers["Location"]
    montre = texte(ouvert.get(confirmer))
    assert "5 liens à inscrire, 0 lien déjà inscrit." in montre
    assert "Formation (Mars 2026 ; B1, B3)" in montre
    retrouves = [
        f'href="{confirmer}"' in client(qui).get(PAGE).content.decode() for qui in (monde.gestionnaire, monde.rh)
    ]
    assert retrouves == [True, False]
    assert Lien.objects.count() == 0
    assert client(factories.gestionnaire(monde.organisme)).get(confirmer).status_code == 404
    fait = ouvert.post(confirmer, follow=True)
    assert "Import fait : 5 liens inscrits." in texte(fait)
    assert Lien.objects.count() == 5
    assert ouvert.get(confirmer).status_code == 404
    fiche = texte(ouvert.get(f"/comptes/personnes/{monde.camille.id}/liens/"))
    assert fiche.count("importé") == 3
    encore = ouvert.post(PAGE, {"fichier": SimpleUploadedFile("l.csv", (ENTETE + lignes).encode())})
    rien = ouvert.get(encore.headers["Location"])
    assert "Tout est déjà comme dans ce fichier" in texte(rien)
    assert ouvert.post(f"{encore.headers['Location']}abandonner/").status_code == 302
    assert [bool(une.abandonne_le) for une in ImportLiens.objects.order_by("depose_le")] == [False, True]


@pytest.mark.usefixtures("_a_midi")
def test_un_fichier_qui_ne_va_plus_a_la_confirmation_dit_pourquoi(monde):
    ouvert = client(monde.gestionnaire)
    lignes = ENTETE + "Camille d'Abel;Lien hiérarchique;Maud Zeste;;;;\n"
    confirmer = ouvert.post(PAGE, {"fichier": SimpleUploadedFile("l.csv", lignes.encode())}).headers["Location"]
    services.declarer_lien(
        de=monde.camille.id, vers=monde.maud.id, genre=GenreDeLien.HIERARCHIQUE, du=date(2026, 1, 1), au=None,
        auteur=SYSTEME, maintenant=JADIS,
    )  # fmt: skip
    for reponse in (ouvert.get(confirmer), ouvert.post(confirmer)):
        assert reponse.status_code == 422
        assert "D2 : ce lien est déjà inscrit, depuis le 1er janvier 2026" in texte(reponse)


@pytest.mark.usefixtures("_a_midi")
def test_chaque_page_a_ses_methodes_et_ses_lecteurs(monde):
    attente = monde.lire("Camille d'Abel;Accompagnement;Maud Zeste;;;;\n").pk
    adresses = [
        (PAGE, "get"),
        (f"{PAGE}modele.csv", "get"),
        (f"{PAGE}{attente}/", "get"),
        (f"{PAGE}{attente}/abandonner/", "post"),
    ]

    def codes(ouvert: Client) -> list[int]:
        return [getattr(ouvert, methode)(adresse).status_code for adresse, methode in adresses]

    assert codes(Client()) == [302] * 4
    assert codes(client(monde.maud)) == [403] * 4
    assert codes(client(factories.gestionnaire())) == [200, 200, 404, 404]
    assert codes(client(monde.gestionnaire)) == [200, 200, 200, 302]
    ouvert = client(monde.gestionnaire)
    assert ouvert.post(f"{PAGE}modele.csv").status_code == 405
    assert ouvert.get(f"{PAGE}{attente}/abandonner/").status_code == 405
    assert ouvert.get(f"{PAGE}modele.pdf").status_code == 404


@pytest.mark.parametrize("forme", ["csv", "xlsx"])
def test_le_modele_se_lit_tel_quel(monde, forme):
    modele = client(monde.gestionnaire).get(f"{PAGE}modele.{forme}")
    assert modele["Content-Disposition"] == f'attachment; filename="modele-liens.{forme}"'
    lu = tableur.lire(modele.content, colonnes=selectors.COLONNES_LIENS)
    assert (lu.colonnes, len(lu.lignes)) == (tuple(selectors.COLONNES_LIENS), 3)
    assert [ligne["du"] for ligne in lu.lignes] == ["01/09/2025", "02/03/2026", ""]
    with pytest.raises(Refus) as leve:  # les personnes de l'exemple n'existent pas : elles seules ne vont pas
        services.lire_liens(nom_fichier="m", octets=modele.content, auteur=monde.gestionnaire, maintenant=MIDI)
    assert [faute[:3] for faute in leve.value.details] == ["A2 ", "C2 ", "A3 ", "C3 ", "A4 ", "C4 "]
