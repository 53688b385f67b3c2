"""Ce que le serveur donne à qui évalue sans réseau : le secret du coffre, la journée, la coquille, les abandons."""

from __future__ import annotations

import functools
import json
import re
from base64 import b64decode
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import time_machine
from django.contrib.staticfiles.finders import find
from django.test import Client

from parchemin.comptes.enums import GenreDeLien, NatureRole
from parchemin.comptes.models import Organisme
from parchemin.comptes.services import declarer_lien
from parchemin.comptes.tests import factories as comptes
from parchemin.comptes.tests.factories import texte
from parchemin.convocations.enums import GenreDeclare
from parchemin.convocations.services import declarer, recuser
from parchemin.convocations.tests import factories as convocations
from parchemin.convocations.tests.factories import JOUR, PLANIFICATION
from parchemin.evaluation import services
from parchemin.evaluation.models import GesteAbandonne
from parchemin.evaluation.tests import factories
from parchemin.evaluation.tests.factories import fait
from parchemin.evaluation.tests.tablette import poster, tablette
from parchemin.portail.views import gardien
from parchemin.registre.models import Entree
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.refus import Introuvable, Refus

pytestmark = pytest.mark.django_db

CLE = "/hors-ligne/cle/"
JOURNEE = "/ma-journee/"


@pytest.fixture(autouse=True)
def _le_jour_de_l_epreuve():
    with time_machine.travel(JOUR, tick=False):
        yield


# Le secret ------------------------------------------------------------------------------------------------------------


def secrets(client: Client) -> list[bytes]:
    return [b64decode(un) for un in client.post(CLE).json()["secrets"]]


def test_le_secret_est_a_la_personne_et_ne_change_pas():
    un, autre = comptes.personne(), comptes.personne()
    premiers = secrets(comptes.client(un))
    assert premiers == secrets(comptes.client(un))
    assert [len(secret) for secret in premiers] == [32]
    assert premiers != secrets(comptes.client(autre))


def test_une_ancienne_cle_du_site_rouvre_encore(settings):
    personne = comptes.personne()
    (avant,) = secrets(comptes.client(personne))
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "une-cle-plus-neuve"
    neuf, ancien = secrets(comptes.client(personne))
    assert (ancien == avant, neuf == avant) == (True, False)


def test_le_secret_ne_se_lit_ni_sans_connexion_ni_en_lecture_et_ne_se_garde_pas():
    assert (Client().post(CLE).status_code, comptes.client(comptes.personne()).get(CLE).status_code) == (401, 405)
    assert "no-store" in comptes.client(comptes.personne()).post(CLE)["Cache-Control"]


# La coquille et le gardien ------------------------------------------------------------------------------------------------


def test_la_coquille_est_la_meme_pour_tous():
    salle = convocations.salle()
    assert Client().get("/hors-ligne/").content == comptes.client(salle.metier).get("/hors-ligne/").content


def test_le_gardien_garde_tout_ce_que_charge_la_coquille_et_la_grille():
    script = Client().get("/service-worker.js")
    assert script["Content-Type"] == "text/javascript; charset=utf-8"
    assert "no-store" in script["Cache-Control"]
    tete = script.content.decode().splitlines()[1]
    gardees = json.loads(tete.removeprefix("const COQUILLE = ").removesuffix(";"))
    assert [une for une in gardees if une.startswith("/static/") and find(une.removeprefix("/static/")) is None] == []
    salle = convocations.salle()
    pages = (Client().get("/hors-ligne/"), comptes.client(salle.metier).get(f"/epreuves/{salle.epreuve}/grille/"))
    chargees = {
        f"/static/{mot.split('"')[0]}" for page in pages for mot in page.content.decode().split('"/static/')[1:]
    }
    importees = {
        f"/static/evaluation/{nom}"
        for une in chargees | set(gardees)
        if une.endswith(".js")
        for nom in re.findall(r'"\./([a-z-]+\.js)"', Path(str(find(une.removeprefix("/static/")))).read_text())
    }
    assert (chargees | importees) - set(gardees) == set()


def test_la_version_du_gardien_change_avec_ce_qu_il_garde(monkeypatch):
    avant = gardien._script()
    monkeypatch.setattr(gardien, "FICHIERS", gardien.FICHIERS[1:])
    apres = gardien._script.__wrapped__()
    assert avant.splitlines()[0] != apres.splitlines()[0]


# La journée -------------------------------------------------------------------------------------------------------------


def test_la_journee_range_chaque_epreuve_a_sa_place():
    salle = convocations.salle("B3")
    lue = texte(comptes.client(salle.metier).get(JOURNEE))
    assert ("Aujourd'hui" in lue, "À finir" in lue, "à évaluer" in lue) == (True, False, True)
    factories.remplir(salle, salle.metier)
    factories.clore(salle, salle.metier)
    assert "scellée, l'autre lecture est attendue" in texte(comptes.client(salle.metier).get(JOURNEE))
    with time_machine.travel(JOUR + timedelta(days=3), tick=False):
        assert "À finir" in texte(comptes.client(salle.certificateur).get(JOURNEE))


def test_la_journee_ne_dit_rien_de_l_autre_lecture():
    salle = convocations.salle("B3")
    avant = comptes.client(salle.certificateur).get(JOURNEE).content
    factories.remplir(salle, salle.metier)
    factories.clore(salle, salle.metier)
    apres = comptes.client(salle.certificateur).get(JOURNEE).content
    assert _sans_jeton(avant) == _sans_jeton(apres)


def _sans_jeton(contenu: bytes) -> str:
    return "\n".join(ligne for ligne in contenu.decode().splitlines() if "csrfmiddlewaretoken" not in ligne)


def test_la_journee_est_aux_evaluateurs():
    assert Client().get(JOURNEE).status_code == 302
    assert comptes.client(comptes.avec_role(NatureRole.TUTEUR)).get(JOURNEE).status_code == 403
    salle = convocations.salle()
    assert comptes.client(salle.metier).post(JOURNEE).status_code == 405


@pytest.mark.parametrize("permis", [True, False])
def test_un_organisme_peut_refuser_que_la_grille_se_garde_sur_l_appareil(permis):
    salle = convocations.salle()
    Organisme.objects.filter(pk=salle.monde.organisme).update(hors_ligne=permis)
    page = comptes.client(salle.metier).get(f"/epreuves/{salle.epreuve}/grille/").content.decode()
    reglages = json.loads(page.split('id="grille-reglages" type="application/json">')[1].split("</script>")[0])
    assert reglages["hors_ligne"] is permis


@pytest.mark.parametrize(
    ("declaree", "recusee", "statut", "code"),
    [(True, False, 200, ""), (False, False, 409, "declaration_manquante"), (True, True, 409, "recusation_en_attente")],
)
def test_une_grille_qu_on_prepare_dit_pourquoi_elle_ne_s_ouvre_pas(declaree, recusee, statut, code):
    salle = convocations.salle(declarees=declaree)
    if recusee:
        recuser(
            epreuve=salle.epreuve,
            evaluateur=salle.metier.id,
            motif="Un lien.",
            auteur=salle.monde.candidat,
            maintenant=PLANIFICATION,
        )
    reponse = comptes.client(salle.metier).get(
        f"/epreuves/{salle.epreuve}/grille/", headers={"X-Parchemin-Preparer": "1"}
    )
    dit = reponse.json()["erreur"] if statut != 200 else {"code": "", "message": "x"}
    assert (reponse.status_code, dit["code"], bool(dit["message"])) == (statut, code, True)


def test_qui_n_est_plus_admis_l_apprend_en_preparant():
    salle = convocations.salle()
    client = comptes.client(salle.metier)
    declarer_lien(
        de=salle.metier.id,
        vers=salle.monde.candidat.id,
        genre=GenreDeLien.HIERARCHIQUE,
        du=PLANIFICATION.date(),
        au=None,
        auteur=SYSTEME,
        maintenant=PLANIFICATION,
    )
    reponse = client.get(f"/epreuves/{salle.epreuve}/grille/", headers={"X-Parchemin-Preparer": "1"})
    assert (reponse.status_code, reponse["Content-Type"]) == (403, "application/json")


def test_une_epreuve_ou_l_autre_est_a_designer_n_est_pas_a_preparer():
    salle = convocations.salle("B3")
    declarer(epreuve=salle.epreuve, genre=GenreDeclare.PERSONNEL, auteur=salle.certificateur, maintenant=PLANIFICATION)
    lue = texte(comptes.client(salle.metier).get(JOURNEE))
    assert ("l'autre évaluateur est à désigner" in lue, "Préparer ma journée" in lue) == (True, False)


# Renoncer ---------------------------------------------------------------------------------------------------------------


def abandon(salle, rang: int = 1, **changements) -> dict[str, object]:
    return {
        "fait": fait(salle, rang, "critere:K3.1.1", "valide"),
        "code": "lecture_scellee",
        "raison": "…",
        **changements,
    }


def renoncer(salle, lot, auteur=None) -> int:
    return services.abandonner_gestes(epreuve=salle.epreuve, lot=lot, auteur=auteur or salle.metier, maintenant=JOUR)


def test_un_abandon_s_inscrit_une_fois():
    salle = convocations.salle()
    un = abandon(salle)
    assert (renoncer(salle, [un]), renoncer(salle, [un]), renoncer(salle, [un, abandon(salle, 2)])) == (1, 0, 1)
    assert GesteAbandonne.objects.count() == 2
    assert list(Entree.objects.filter(action="evaluation.gestes_abandonnes").values_list("auteur", flat=True)) == [
        salle.metier.id,
        salle.metier.id,
    ]


def test_un_geste_recu_ne_s_abandonne_pas():
    salle = convocations.salle()
    recu = fait(salle, 1, "critere:K3.1.1", "valide")
    services.recevoir_faits(epreuve=salle.epreuve, lot=[recu], auteur=salle.metier, maintenant=JOUR)
    assert renoncer(salle, [abandon(salle, fait=recu)]) == 0
    assert GesteAbandonne.objects.count() == 0


def test_on_ne_renonce_que_pour_une_epreuve_ou_l_on_est():
    salle = convocations.salle()
    with pytest.raises(Introuvable):
        renoncer(salle, [abandon(salle)], auteur=comptes.avec_role(NatureRole.EVALUATEUR_METIER))
    assert GesteAbandonne.objects.count() == 0


@pytest.mark.parametrize(
    "changement",
    [{"fait": "?"}, {"fait": {}}, {"fait": {"id": "x"}}, {"code": 3}, {"raison": None}, {"fait": {"id": str(uuid4()), "n": 1.5}},
     {"fait": {"id": str(uuid4()), "n": 2**53}},
     {"fait": {"id": str(uuid4()), "t": functools.reduce(lambda dedans, _: [dedans], range(5_000), [])}}],
)  # fmt: skip
def test_un_abandon_mal_forme_se_refuse_en_entier(changement):
    salle = convocations.salle()
    with pytest.raises(Refus) as levee:
        renoncer(salle, [abandon(salle, 2), abandon(salle, **changement)])
    assert (levee.value.code, GesteAbandonne.objects.count()) == ("forme", 0)


def test_un_texte_refuse_pour_sa_longueur_s_abandonne():
    """Sans quoi l'appareil le garderait, et le dirait, pour toujours."""
    salle = convocations.salle()
    connecte = tablette(salle.metier)
    long = fait(salle, 1, "commentaire:K3.1.1", "x" * 1_000_000)
    (reponse,) = poster(connecte, salle, {"faits": [long]}).json()["reponses"]
    assert reponse["code"] == "valeur_inconnue"
    renonce = {"fait": long, "code": reponse["code"], "raison": reponse["raison"]}
    assert poster(connecte, salle, {"abandons": [renonce]}, "abandons").json() == {"abandonnes": 1}
    assert GesteAbandonne.objects.get().contenu == long


def test_l_echange_des_abandons_repond_en_json():
    salle = convocations.salle()
    client = comptes.client(salle.metier)

    def envoyer(corps: object, vers: Client = client, **tetes: str):
        adresse = f"/epreuves/{salle.epreuve}/abandons"
        reponse = vers.post(adresse, json.dumps(corps), content_type="application/json", headers=tetes)
        return reponse.status_code, reponse.json()

    assert envoyer({"abandons": [abandon(salle)]}) == (200, {"abandonnes": 1})
    for corps, statut, code in (
        ([], 400, "json_illisible"),
        ({"abandons": 1}, 400, "forme"),
        ({"abandons": [1]}, 409, "forme"),
    ):
        recu, dit = envoyer(corps)
        assert (recu, dit["erreur"]["code"]) == (statut, code)
    assert envoyer({"abandons": []}, Client())[0] == 401
    assert envoyer({"abandons": []}, comptes.client(comptes.personne()))[0] == 404


def test_les_gestes_d_un_autre_attendent_leur_auteur():
    salle = convocations.salle()
    client = comptes.client(salle.certificateur)
    lot = json.dumps({"faits": [fait(salle, 1, "critere:K3.1.1", "valide")]})
    reponse = client.post(
        f"/epreuves/{salle.epreuve}/faits",
        lot,
        content_type="application/json",
        headers={"X-Parchemin-Personne": str(salle.metier.id)},
    )
    assert (reponse.status_code, reponse.json()["erreur"]["code"]) == (403, "autre_personne")
