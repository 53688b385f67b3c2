"""Ce qu'un attaquant essaierait par les pages : refusé, et inscrit là où il faut."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from structlog.testing import capture_logs

from parchemin.comptes import services
from parchemin.comptes.enums import Action, NatureRole
from parchemin.comptes.models import Compte, ImportLiens, ImportOrganismes, Lien, Organisme, Role
from parchemin.comptes.tests import factories
from parchemin.comptes.tests.factories import MOT_DE_PASSE, client
from parchemin.parcours.tests import factories as parcours
from parchemin.registre.models import Entree
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.horloge import maintenant

pytestmark = pytest.mark.django_db

ENTREE = "/connexion/login/"
AILLEURS = (
    "https://ailleurs.example/",
    "//ailleurs.example/",
    "/\\ailleurs.example/",
    "\\\\ailleurs.example",
    "https:ailleurs.example",
    "javascript:alert(1)",
    "http://testserver@ailleurs.example/",
)


@pytest.mark.parametrize("suite", AILLEURS)
def test_se_connecter_ne_mene_jamais_ailleurs(suite):
    """`next` dans l'adresse ou dans l'envoi, à l'entrée, à la sortie et au retour d'une preuve redemandée."""
    courriel = factories.compte(factories.avec_role(NatureRole.CANDIDAT))
    navigateur = Client()
    menes = [
        navigateur.post(f"{ENTREE}?next=/", {"login": courriel, "password": MOT_DE_PASSE, "next": suite}),
        navigateur.get(ENTREE, {"next": suite}),
        navigateur.post("/connexion/reauthenticate/", {"password": MOT_DE_PASSE, "next": suite}),
        navigateur.post("/connexion/logout/", {"next": suite}),
    ]
    assert [(reponse.status_code, reponse.headers["Location"].startswith("/")) for reponse in menes] == [
        (302, True)
    ] * 4
    assert [reponse.headers["Location"][1:2] in ("/", "\\") for reponse in menes] == [False] * 4
    assert ["ailleurs" in reponse.headers["Location"] for reponse in menes] == [False] * 4


@pytest.mark.parametrize(
    "en_tetes", [{"HTTP_HOST": "ailleurs.example"}, {"HTTP_HOST": "testserver:80@ailleurs.example"}, {"HTTP_HOST": ""}]
)
def test_un_autre_nom_de_site_est_refuse(en_tetes, settings):
    settings.ALLOWED_HOSTS = ["testserver"]
    assert Client().get(ENTREE, **en_tetes).status_code == 400


def test_les_en_tetes_d_un_mandataire_ne_se_croient_pas_sans_lui(settings):
    """Ni le nom du site, ni le schéma, ni l'adresse : le courriel d'un mot de passe oublié mène ici."""
    settings.ALLOWED_HOSTS = ["testserver"]
    mensonges = {
        "HTTP_X_FORWARDED_HOST": "ailleurs.example",
        "HTTP_X_FORWARDED_PROTO": "https",
        "HTTP_X_FORWARDED_SERVER": "ailleurs.example",
        "HTTP_FORWARDED": "host=ailleurs.example",
        "HTTP_X_ORIGINAL_URL": "/comptes/",
        "HTTP_X_HTTP_METHOD_OVERRIDE": "DELETE",
    }
    reponse = Client().get(ENTREE, **mensonges)
    assert (reponse.status_code, b"ailleurs" in reponse.content) == (200, False)
    assert (reponse.wsgi_request.get_host(), reponse.wsgi_request.is_secure()) == ("testserver", False)


def test_une_session_imposee_ne_sert_a_personne():
    """L'identifiant qu'on aurait fait porter à la victime n'est pas celui de sa session."""
    courriel = factories.compte(factories.avec_role(NatureRole.CANDIDAT))
    cle = "z" * 32
    victime = Client()
    victime.cookies["sessionid"] = cle
    victime.post(ENTREE, {"login": courriel, "password": MOT_DE_PASSE})
    assert victime.session.session_key != cle
    espion = Client()
    espion.cookies["sessionid"] = cle
    assert espion.get("/").headers["Location"].startswith(ENTREE)


def test_une_invitation_transferee_n_ouvre_que_le_compte_de_son_destinataire():
    """Qui la reçoit par erreur, connecté ou non, n'y gagne rien sur son propre compte ; le lien ne resservira pas."""
    organisme = factories.organisme()
    invitee = factories.avec_role(NatureRole.GESTIONNAIRE, organisme)
    jeton = services.inviter(
        personne=invitee.id, courriel="invitee@caisse.example", auteur=SYSTEME, maintenant=maintenant()
    ).jeton
    tiers = factories.avec_role(NatureRole.TUTEUR, organisme)
    chez_lui = client(tiers)
    adresse = f"/comptes/invitation/{jeton}/"
    mots = {"mot_de_passe": MOT_DE_PASSE, "encore": MOT_DE_PASSE}
    assert chez_lui.post(adresse, mots).status_code == 302
    assert Compte.objects.get(courriel="invitee@caisse.example").personne_id == invitee.id
    assert [role.nature for role in Role.objects.filter(personne_id=tiers.id)] == ["tuteur"]
    assert chez_lui.get("/comptes/").status_code == 403
    assert chez_lui.post(adresse, mots).status_code == 410
    assert Entree.objects.filter(action=Action.INVITATION_REJETEE).count() == 1
    forge = Client().post(f"/comptes/invitation/{jeton[::-1]}/", mots)
    assert (forge.status_code, Entree.objects.filter(action=Action.INVITATION_REJETEE).count()) == (410, 1)


def test_un_lien_d_invitation_rejoue_se_voit_au_journal_technique_sans_son_jeton():
    personne = factories.avec_role(NatureRole.TUTEUR)
    jeton = services.inviter(
        personne=personne.id, courriel="essai@caisse.example", auteur=SYSTEME, maintenant=maintenant()
    ).jeton
    services.accepter_invitation(jeton=jeton, mot_de_passe="des-mots-longs-a-retenir-47", maintenant=maintenant())
    adresse, phrase = f"/comptes/invitation/{jeton}/", "d-autres-mots-longs-a-retenir-48"
    with capture_logs() as lignes:
        statuts = [
            Client().get(adresse).status_code,
            Client().post(adresse, {"mot_de_passe": phrase, "encore": phrase}).status_code,
        ]
    assert statuts == [410, 410]
    notees = [ligne["event"] for ligne in lignes if ligne["event"].startswith("invitation_")]
    assert notees == ["invitation_close", "invitation_utilisee"]
    assert [mot for mot in (jeton, "essai@caisse.example", str(personne.id)) if mot in str(lignes)] == []


def test_le_formulaire_ouvert_avant_le_retrait_du_role_ne_passe_plus_et_le_refus_s_inscrit():
    organisme = factories.organisme()
    gestionnaire, tuteur = factories.gestionnaire(organisme), factories.avec_role(NatureRole.TUTEUR, organisme)
    chez_lui = client(gestionnaire)
    adresse = f"/comptes/personnes/{tuteur.id}/modifier/"
    assert chez_lui.get(adresse).status_code == 200
    role = Role.objects.get(personne_id=gestionnaire.id)
    services.retirer_role(role=role.pk, auteur=SYSTEME, maintenant=maintenant())
    avant = Entree.objects.count()
    with capture_logs() as lignes:
        reponse = chez_lui.post(adresse, {"prenom": "Autre", "nom": "Nom", "courriel_pro": ""})
    assert (reponse.status_code, Entree.objects.count()) == (403, avant)
    refus = [ligne for ligne in lignes if ligne["event"] == "refus_de_droit"]
    assert [(ligne["code"], ligne["route"]) for ligne in refus] == [
        ("comptes_reserves", "comptes/personnes/<uuid:identifiant>/modifier/")
    ]
    assert str(tuteur.id) not in str(lignes)


@pytest.mark.parametrize("methode", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])
def test_une_methode_imprevue_ne_fait_rien_et_ne_dit_rien(methode):
    navigateur = client(factories.gestionnaire())
    reponse = navigateur.generic(methode, "/comptes/personnes/nouvelle/", "nom=X")
    assert (reponse.status_code, reponse.content) == (405, b"")


def _bombe() -> bytes:
    """Un classeur de quelques Ko qui en déplierait cent fois plus."""
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", b" " * 60_000_000)
    return tampon.getvalue()


@pytest.mark.parametrize(
    ("nom", "octets", "genre"),
    [
        ("organismes.csv", b"MZ\x90\x00\x03\x00\x00\x00", "text/csv"),
        ("organismes.csv", b"%PDF-1.7\n1 0 obj", "text/csv"),
        (
            "organismes.xlsx",
            b"Nom;Branche\n\x00\x01",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        ("organismes.xlsx", _bombe(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("../../../etc/organismes.csv", b"", "text/csv"),
        ("<script>alert(1)</script>.csv", b"Nom;Branche\n=cmd|' /C calc'!A0;Maladie\n", "text/html"),
    ],
    ids=["programme", "pdf", "faux classeur", "bombe", "chemin vide", "formule"],
)
@pytest.mark.parametrize(
    ("quoi", "entetes"),
    [("organismes", b"Nom;Branche"), ("liens", "Personne;Genre du lien;Liée à".encode())],
    ids=["organismes", "liens"],
)
def test_un_fichier_hostile_est_refuse_sans_rien_garder(nom, octets, genre, quoi, entetes):
    navigateur = client(factories.gestionnaire())
    tables = (Organisme, Lien, ImportOrganismes, ImportLiens, Entree)
    avant = [table.objects.count() for table in tables]
    fichier = SimpleUploadedFile(nom, octets.replace(b"Nom;Branche", entetes), content_type=genre)
    reponse = navigateur.post(f"/comptes/{quoi}/importer/", {"fichier": fichier})
    assert reponse.status_code == 422
    assert b"<script>alert(1)" not in reponse.content
    assert [table.objects.count() for table in tables] == avant


def test_le_nom_d_un_fichier_ne_dit_ni_chemin_ni_balise():
    navigateur = client(factories.gestionnaire())
    fichier = SimpleUploadedFile("..\\..\\<b>organismes</b>.csv", b"Nom;Branche\nCaisse du Val;Maladie\n")
    reponse = navigateur.post("/comptes/organismes/importer/", {"fichier": fichier}, follow=True)
    assert (reponse.status_code, b"<b>organismes" in reponse.content) == (200, False)
    garde = ImportOrganismes.objects.get().nom_fichier
    assert ("/" in garde, "\\" in garde) == (False, False)


def test_sans_jeton_ou_depuis_un_autre_site_rien_ne_s_ecrit():
    navigateur = Client(enforce_csrf_checks=True)
    acteur = factories.gestionnaire()
    navigateur.force_login(Compte.objects.get(courriel=factories.compte(acteur)))
    avant = Entree.objects.count()
    adresse = "/comptes/organismes/nouveau/"
    corps = {"nom": "Caisse volée", "nom_court": "Volée", "branche": "maladie"}
    assert navigateur.post(adresse, corps).status_code == 403
    jeton = navigateur.get(adresse).context["csrf_token"]
    d_ailleurs = navigateur.post(
        adresse, {**corps, "csrfmiddlewaretoken": str(jeton)}, HTTP_ORIGIN="https://ailleurs.example"
    )
    assert (d_ailleurs.status_code, Entree.objects.count()) == (403, avant)


INJECTIONS = ("' OR '1'='1", "') OR 1=1 --", "essai'; DROP TABLE comptes_personne; --")


@pytest.mark.parametrize("page", ["/comptes/", "/candidats/"])
@pytest.mark.parametrize("cherche", INJECTIONS)
def test_une_recherche_n_est_jamais_du_sql(page, cherche):
    """Ce qui est cherché voyage en paramètre : une apostrophe n'élargit pas la réponse, et n'abîme rien."""
    monde = parcours.monde(nom="Bellegarde")
    navigateur = client(monde.gestionnaire)
    lues = [navigateur.get(page), navigateur.get(page, {"q": cherche}), navigateur.get(page, {"q": "bellegarde"})]
    assert [(lue.status_code, "Camille Bellegarde" in factories.texte(lue)) for lue in lues] == [
        (200, True), (200, False), (200, True)
    ]  # fmt: skip


def test_un_parametre_repete_ne_vaut_que_par_sa_derniere_valeur():
    """Ce qui est vérifié est ce qui sert : deux valeurs d'un même champ ne se lisent pas chacune ailleurs."""
    organisme, ailleurs = factories.organisme(), factories.organisme()
    gestionnaire, sien = factories.gestionnaire(organisme), factories.avec_role(NatureRole.TUTEUR, organisme)
    navigateur = client(gestionnaire)
    for valeurs, statut in (([organisme, ailleurs], {403, 404, 422}), ([ailleurs, organisme], {302})):
        corps = {"nature": "manager", "organisme": [str(un) for un in valeurs]}
        assert navigateur.post(f"/comptes/personnes/{sien.id}/roles/", corps).status_code in statut
    donnes = Role.objects.filter(personne_id=sien.id, nature="manager").values_list("organisme_id", flat=True)
    assert list(donnes) == [organisme]


EXPORTS = {
    "/comptes/habilitations/registre.csv": "text/csv; charset=utf-8",
    "/comptes/habilitations/registre.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "/sante/": "application/json",
    "/comptes/habilitations/": "text/html; charset=utf-8",
}


@pytest.mark.parametrize("adresse", EXPORTS)
def test_chaque_reponse_dit_son_genre_et_interdit_d_en_deviner_un_autre(adresse):
    reponse = client(factories.avec_role(NatureRole.ADMINISTRATEUR)).get(adresse)
    en_tetes = (reponse.headers["Content-Type"], reponse.headers["X-Content-Type-Options"])
    assert (reponse.status_code, *en_tetes) == (200, EXPORTS[adresse], "nosniff")
