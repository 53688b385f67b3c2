"""Les pages des personnes, des organismes et des invitations : ce qu'elles montrent, à qui, ce qu'elles gardent."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from parchemin.comptes import services
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.models import Compte, Invitation, Organisme, Personne, Role
from parchemin.comptes.tests import factories
from parchemin.comptes.tests.factories import JADIS, MOT_DE_PASSE, client, texte
from parchemin.courriels.models import Envoi
from parchemin.socle.acteur import SYSTEME

pytestmark = pytest.mark.django_db

LISTE, NOUVELLE = "/comptes/", "/comptes/personnes/nouvelle/"
ORGANISMES, NOUVEL_ORGANISME = "/comptes/organismes/", "/comptes/organismes/nouveau/"
LIGNES = re.compile(r'<th scope="row" role="rowheader"><a href="[^"]*">([^<]*)</a>')


def page(personne, geste: str = "") -> str:
    return f"/comptes/personnes/{personne.id}/{geste}"


@pytest.fixture(autouse=True)
def _un_jour_d_apres():
    with time_machine.travel(JADIS.replace(year=2026), tick=False):
        yield


# Qui entre -----------------------------------------------------------------------------------------------------------


def test_sans_connexion_on_va_se_connecter_puis_on_revient():
    qui = factories.personne()
    for adresse in (LISTE, NOUVELLE, ORGANISMES, NOUVEL_ORGANISME, page(qui)):
        assert Client().get(adresse).headers["Location"] == f"/connexion/login/?next={adresse}"
    for geste in ("inviter/", "invitation/annuler/", "roles/", f"roles/{uuid4()}/retirer/"):
        assert Client().post(page(qui, geste)).status_code == 302


def test_les_autres_methodes_sont_refusees():
    qui = factories.personne()
    ouvert = client(factories.gestionnaire())
    for adresse in (LISTE, ORGANISMES, page(qui)):
        assert ouvert.post(adresse).status_code == 405
    for adresse in (NOUVELLE, NOUVEL_ORGANISME, "/comptes/invitation/jeton/"):
        assert ouvert.put(adresse).status_code == 405
    for geste in ("inviter/", "invitation/annuler/", "roles/", f"roles/{uuid4()}/retirer/"):
        assert ouvert.get(page(qui, geste)).status_code == 405


@pytest.mark.parametrize("nature", [NatureRole.CANDIDAT, NatureRole.TUTEUR, NatureRole.EVALUATEUR_METIER])
def test_les_autres_roles_n_entrent_pas(nature):
    qui = factories.personne()
    ouvert = client(factories.avec_role(nature, factories.organisme()))
    for adresse in (LISTE, NOUVELLE, ORGANISMES, NOUVEL_ORGANISME, page(qui)):
        assert ouvert.get(adresse).status_code == 403
    for geste in ("inviter/", "invitation/annuler/", "roles/", f"roles/{uuid4()}/retirer/"):
        assert ouvert.post(page(qui, geste)).status_code == 403


def test_une_personne_d_un_autre_organisme_n_existe_pas():
    dehors = factories.avec_role(NatureRole.TUTEUR, factories.organisme())
    role = Role.objects.get()
    ouvert = client(factories.gestionnaire(factories.organisme()))
    assert ouvert.get(page(dehors)).status_code == 404
    for geste in ("inviter/", "invitation/annuler/", "roles/", f"roles/{role.pk}/retirer/"):
        assert ouvert.post(page(dehors, geste), {"courriel": "a@b.example"}).status_code == 404
    assert (Invitation.objects.count(), Role.objects.filter(au=None).count()) == (0, 2)


# La liste ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("nombre", [1, 3])
def test_la_liste_coute_le_meme_nombre_de_requetes(nombre, django_assert_num_queries):
    organisme = factories.organisme()
    gestionnaire = factories.gestionnaire(organisme)
    for rang in range(nombre - 1):
        factories.avec_role(NatureRole.TUTEUR, organisme, nom=f"Élan {rang}")
    ouvert = client(gestionnaire)
    # session, compte, droits (la page, les organismes, les personnes), organismes, compte, personnes, rôles, nom
    with django_assert_num_queries(8):
        reponse = ouvert.get(LISTE)
    assert len(LIGNES.findall(texte(reponse))) == nombre


def test_la_liste_se_range_et_se_cherche_a_la_francaise():
    gestionnaire = factories.avec_role(NatureRole.GESTIONNAIRE, None, "Gisèle", "Marchetti")
    for nom in ("Zoé", "Nguyễn", "Élan", "d'Arc", "Œuvrard", "Abel"):
        factories.personne("Ada", nom)
    ouvert = client(gestionnaire)
    rangees = ["Ada Abel", "Ada d'Arc", "Ada Élan", "Gisèle Marchetti", "Ada Nguyễn", "Ada Œuvrard", "Ada Zoé"]
    assert LIGNES.findall(texte(ouvert.get(LISTE))) == rangees
    assert LIGNES.findall(texte(ouvert.get(LISTE, {"q": "oeuv"}))) == ["Ada Œuvrard"]
    assert "Personne ne répond à cette recherche" in texte(ouvert.get(LISTE, {"q": "inconnu"}))
    assert LIGNES.findall(texte(ouvert.get(LISTE, {"role": "gestionnaire"}))) == ["Gisèle Marchetti"]


def test_une_page_de_trop_ou_un_filtre_invente_ne_casse_rien():
    ouvert = client(factories.gestionnaire())
    assert len(LIGNES.findall(texte(ouvert.get(LISTE, {"page": "99"})))) == 1
    assert len(LIGNES.findall(texte(ouvert.get(LISTE, {"role": "roi", "organisme": "x", "page": "x"})))) == 1


def test_la_liste_se_coupe_en_pages():
    gestionnaire = factories.gestionnaire()
    for rang in range(26):
        factories.personne("Ada", f"Abel {rang:02}")
    ouvert = client(gestionnaire)
    assert len(LIGNES.findall(texte(ouvert.get(LISTE)))) == 25
    assert len(LIGNES.findall(texte(ouvert.get(LISTE, {"page": "2"})))) == 2


# Ajouter une personne ------------------------------------------------------------------------------------------------


def saisie(**changements):
    return {
        "prenom": "Zoé",
        "nom": "Élan",
        "courriel_pro": "",
        "nature": "tuteur",
        "organisme": "partout",
        **changements,
    }


def test_on_ajoute_une_personne_avec_son_role():
    ouvert = client(factories.gestionnaire())
    reponse = ouvert.post(NOUVELLE, saisie())
    cree = Personne.objects.get(nom="Élan")
    assert reponse.headers["Location"] == f"/comptes/personnes/{cree.pk}/"
    assert "Tous les organismes, depuis le 1er septembre 2026" in texte(ouvert.get(reponse.headers["Location"]))


def test_une_saisie_refusee_garde_tout_et_dit_quoi_reprendre():
    services.creer_personne(prenom="A", nom="B", courriel_pro="zoe@caisse.example", auteur=SYSTEME, maintenant=JADIS)
    ouvert = client(factories.gestionnaire())
    reponse = ouvert.post(NOUVELLE, saisie(courriel_pro="zoe@caisse.example"))
    assert reponse.status_code == 422
    contenu = texte(reponse)
    assert 'value="Élan"' in contenu
    assert 'value="zoe@caisse.example"' in contenu
    assert "Une personne enregistrée porte déjà ce courriel" in contenu
    assert Personne.objects.filter(nom="Élan").count() == 0


def test_un_second_envoi_ne_double_pas_la_personne_et_l_homonyme_se_confirme():
    ouvert = client(factories.gestionnaire())
    ouvert.post(NOUVELLE, saisie())
    refusee = ouvert.post(NOUVELLE, saisie())
    assert refusee.status_code == 422
    assert 'type="checkbox" name="homonyme_admis"' in texte(refusee)
    assert Personne.objects.filter(nom="Élan").count() == 1
    assert ouvert.post(NOUVELLE, saisie(homonyme_admis="on")).status_code == 302
    assert Personne.objects.filter(nom="Élan").count() == 2


def test_un_gestionnaire_d_organisme_ne_se_voit_proposer_ni_ailleurs_ni_les_roles_reserves():
    ici, ailleurs = factories.organisme("Ici"), factories.organisme("Ailleurs")
    ouvert = client(factories.gestionnaire(ici))
    contenu = texte(ouvert.get(NOUVELLE))
    assert re.findall(r'<option value="([^"]*)"', contenu) == [
        "",
        "candidat",
        "tuteur",
        "manager",
        "evaluateur_metier",
        "evaluateur_certificateur",
        "rh",
        "jure",
        "president_jury",
        "",
        str(ici),
    ]
    assert ouvert.post(NOUVELLE, saisie(organisme=str(ailleurs))).status_code == 422
    assert ouvert.post(NOUVELLE, saisie(organisme=str(ici), nature="administrateur")).status_code == 422
    assert Personne.objects.filter(nom="Élan").count() == 0


# Rôles et invitation d'une personne ----------------------------------------------------------------------------------


def test_on_donne_puis_on_retire_un_role():
    qui = factories.avec_role(NatureRole.TUTEUR)
    ouvert = client(factories.gestionnaire())
    ouvert.post(page(qui, "roles/"), {"nature": "manager", "organisme": "partout"})
    manager = Role.objects.get(nature=NatureRole.MANAGER)
    assert manager.personne_id == qui.id
    ouvert.post(page(qui, f"roles/{manager.pk}/retirer/"))
    manager.refresh_from_db()
    assert manager.au is not None
    assert ouvert.post(page(qui, "roles/"), {"nature": "manager", "organisme": ""}).status_code == 422


def test_un_role_que_l_on_ne_peut_pas_retirer_n_a_pas_de_bouton_et_se_refuse():
    autre = factories.gestionnaire()
    role = Role.objects.get()
    ouvert = client(factories.gestionnaire())
    assert f"/roles/{role.pk}/retirer/" not in texte(ouvert.get(page(autre)))
    assert ouvert.post(page(autre, f"roles/{role.pk}/retirer/")).status_code == 403


def test_le_dernier_administrateur_reste_et_la_page_dit_pourquoi():
    admin = factories.avec_role(NatureRole.ADMINISTRATEUR)
    role = Role.objects.get()
    reponse = client(admin).post(page(admin, f"roles/{role.pk}/retirer/"), follow=True)
    assert (reponse.status_code, "C'est le dernier administrateur" in texte(reponse)) == (200, True)
    assert Role.objects.get().au is None


def test_un_perimetre_que_l_on_ne_gere_pas_se_dit_dans_le_formulaire():
    ici = factories.organisme()
    qui = factories.avec_role(NatureRole.TUTEUR, ici)
    ouvert = client(factories.gestionnaire(ici))
    reponse = ouvert.post(page(qui, "roles/"), {"nature": "manager", "organisme": "partout"})
    assert (reponse.status_code, list(reponse.context["form_role"].errors)) == (422, ["organisme"])


def liens(qui) -> list[str]:
    """Les liens des invitations en attente d'envoi pour cette personne."""
    return [
        re.findall(r"/comptes/invitation/[^/\s]+/", envoi.texte)[0]
        for envoi in Envoi.objects.filter(destinataire=qui.id).order_by("depose_le", "pk")
        if envoi.texte
    ]


def test_une_invitation_se_renvoie_et_s_annule():
    qui = factories.avec_role(NatureRole.TUTEUR)
    ouvert = client(factories.gestionnaire())
    ouvert.post(page(qui, "inviter/"), {"courriel": "zoe@caisse.example"})
    lue = texte(ouvert.get(page(qui)))
    assert [lue.count(mot) for mot in ("Renvoyer l'invitation", "Annuler l'invitation", "zoe@caisse.example")] == [
        1,
        1,
        3,
    ]
    (premier,) = liens(qui)
    ouvert.post(page(qui, "inviter/"), {"courriel": "zoe@caisse.example"})
    second = liens(qui)[-1]
    assert [Client().get(lien).status_code for lien in (premier, second)] == [410, 200]
    assert ouvert.post(page(qui, "invitation/annuler/")).headers["Location"] == page(qui)
    assert Client().get(second).status_code == 410
    assert liens(qui) == []  # ni l'un ni l'autre n'étaient partis : ils ne partiront plus
    ouvert.post(page(qui, "invitation/annuler/"))
    assert texte(ouvert.get(page(qui))).count("Il n'y avait plus d'invitation en cours.") == 1


def test_le_lien_d_invitation_ne_va_qu_a_son_destinataire_et_ouvre_le_compte():
    qui = factories.avec_role(NatureRole.TUTEUR, None, "Zoé", "Élan")
    ouvert = client(factories.gestionnaire())
    reponse = ouvert.post(page(qui, "inviter/"), {"courriel": "zoe@caisse.example"})
    assert reponse.headers["Location"] == page(qui)
    (lien,) = liens(qui)
    assert lien not in texte(ouvert.get(page(qui)))

    invite = Client()
    for _ in range(2):  # lire ne consomme rien
        lue = invite.get(lien)
        assert (lue.status_code, "Bienvenue, Zoé Élan" in texte(lue)) == (200, True)
    faible = invite.post(lien, {"mot_de_passe": "court", "encore": "court"})
    different = invite.post(lien, {"mot_de_passe": MOT_DE_PASSE, "encore": "autre chose"})
    assert (faible.status_code, different.status_code, Compte.objects.filter(personne_id=qui.id).count()) == (
        422,
        422,
        0,
    )
    accepte = invite.post(lien, {"mot_de_passe": MOT_DE_PASSE, "encore": MOT_DE_PASSE})
    assert accepte.headers["Location"] == "/connexion/login/"
    assert Compte.objects.get(personne_id=qui.id).courriel == "zoe@caisse.example"
    assert [invite.get(lien).status_code, invite.post(lien, {"mot_de_passe": "x", "encore": "x"}).status_code] == [
        410,
        410,
    ]
    encore = invite.post(lien, {"mot_de_passe": MOT_DE_PASSE, "encore": MOT_DE_PASSE})
    assert (encore.status_code, "Ce lien a déjà servi" in texte(encore)) == (410, True)


def test_un_courriel_mal_forme_n_emet_rien_et_reste_dans_le_champ():
    qui = factories.avec_role(NatureRole.TUTEUR)
    reponse = client(factories.gestionnaire()).post(page(qui, "inviter/"), {"courriel": "pas un courriel"})
    assert (reponse.status_code, Invitation.objects.count()) == (422, 0)
    assert 'value="pas un courriel"' in texte(reponse)


def test_qui_a_un_compte_ne_s_invite_plus():
    qui = factories.avec_role(NatureRole.TUTEUR)
    factories.compte(qui)
    ouvert = client(factories.gestionnaire())
    assert "/inviter/" not in texte(ouvert.get(page(qui)))
    assert ouvert.post(page(qui, "inviter/"), {"courriel": "a@b.example"}).status_code == 422


# Organismes ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("nombre", [1, 3])
def test_la_liste_des_organismes_coute_le_meme_nombre_de_requetes(nombre, django_assert_num_queries):
    for _ in range(nombre):
        factories.organisme()
    ouvert = client(factories.gestionnaire())
    with django_assert_num_queries(6):
        reponse = ouvert.get(ORGANISMES)
    assert len(LIGNES.findall(texte(reponse))) == nombre


def test_on_ajoute_un_organisme_une_fois():
    ouvert = client(factories.gestionnaire())
    saisi = {"nom": "Caisse de l'Œuvre", "nom_court": "Œuvre", "branche": "famille"}
    ajoute = ouvert.post(NOUVEL_ORGANISME, saisi)
    assert ajoute.headers["Location"] == f"{ORGANISMES}{Organisme.objects.get().pk}/"
    refuse = ouvert.post(NOUVEL_ORGANISME, saisi)
    assert (refuse.status_code, Organisme.objects.count()) == (422, 1)
    assert "Un organisme porte déjà le nom" in texte(refuse)
    assert LIGNES.findall(texte(ouvert.get(ORGANISMES, {"q": "oeuvre"}))) == ["Caisse de l'Œuvre"]


def test_un_gestionnaire_d_organisme_n_en_ajoute_pas():
    ouvert = client(factories.gestionnaire(factories.organisme()))
    assert ouvert.get(NOUVEL_ORGANISME).status_code == 403
    assert NOUVEL_ORGANISME not in texte(ouvert.get(ORGANISMES))
