"""Avant les deux sceaux, rien ne dit à quiconque ce que contient une lecture : toutes les portes, essayées une à une."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from django.test import Client

from parchemin.comptes.models import Compte
from parchemin.comptes.tests import factories as comptes
from parchemin.convocations.tests import factories as convocations
from parchemin.convocations.tests.factories import JOUR
from parchemin.evaluation import services
from parchemin.evaluation.enums import Position
from parchemin.evaluation.models import Fait
from parchemin.evaluation.tests import factories
from parchemin.evaluation.tests.factories import CLOTURE
from parchemin.registre.models import Entree
from parchemin.socle.acteur import Acteur

pytestmark = pytest.mark.django_db

SECRETS = ("K3.1.1", "K3.2.1")
"""Les critères que la lecture cachée ne valide pas."""
REMARQUE = "Hésite devant la tablette"


@pytest.fixture(autouse=True)
def _apres_l_epreuve():
    with time_machine.travel(CLOTURE + timedelta(hours=1), tick=False):
        yield


def client(acteur: Acteur) -> Client:
    if not Compte.objects.filter(personne_id=acteur.id).exists():
        comptes.compte(acteur)
    connecte = Client()
    connecte.force_login(Compte.objects.get(personne_id=acteur.id))
    return connecte


def pages(salle) -> tuple[str, ...]:
    return (
        "/",
        "/epreuves/",
        f"/epreuves/{salle.epreuve}/",
        f"/epreuves/{salle.epreuve}/grille/",
        f"/epreuves/{salle.epreuve}/clore/",
        f"/candidats/{salle.monde.dossier}/",
        f"/candidats/{salle.monde.dossier}/resultat/",
        f"/candidats/{salle.monde.dossier}/releve.pdf",
        f"/epreuves/{salle.epreuve}/suites/",
        f"/epreuves/{salle.epreuve}/second-regard/",
        f"/epreuves/{salle.epreuve}/contresigner/",
    )


def recoins(salle) -> tuple[str, ...]:
    """Ce qu'un curieux essaie encore : sa journée, le papier de l'un et de l'autre, ce qui ne s'ouvre qu'à d'autres."""
    return (
        "/ma-journee/",
        "/epreuves/?page=2",
        f"/epreuves/{salle.epreuve}/grille/?vue=questions",
        f"/epreuves/{salle.epreuve}/papier/",
        f"/epreuves/{salle.epreuve}/papier/metier.pdf",
        f"/epreuves/{salle.epreuve}/papier/metier/",
        f"/epreuves/{salle.epreuve}/incident/",
        f"/epreuves/{salle.epreuve}/faits",
        f"/epreuves/{salle.epreuve}/quarantaine/",
        f"/candidats/{salle.monde.dossier}/carnet/",
    )


def vues(salle, acteur: Acteur) -> dict[str, tuple[int, str]]:
    """Chaque page, telle que cette personne la voit, ce qui change à chaque requête (jetons) ôté."""
    connecte = client(acteur)
    return {page: _lue(connecte.get(page)) for page in (*pages(salle), *recoins(salle))}


def _lue(reponse) -> tuple[int, str]:
    """Le statut, puis les en-têtes (longueur, cache, marques de version) et le corps : un en-tête peut trahir, lui aussi."""
    contenu = reponse.content.decode(errors="replace")
    entetes = sorted(f"{nom}: {valeur}" for nom, valeur in reponse.headers.items())
    tout = "\n".join((*entetes, contenu)).replace(reponse.headers["X-Request-ID"], "")  # tiré au hasard
    return reponse.status_code, re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", tout)


def remplir(salle, non_valides, remarque: str) -> None:
    factories.remplir(salle, salle.metier, non_valides)
    if remarque:
        services.poser(
            epreuve=salle.epreuve,
            appareil=UUID(int=1, version=4),
            cible="commentaire:K3.1.1",
            valeur=remarque,
            auteur=salle.metier,
            maintenant=JOUR,
        )


@pytest.mark.parametrize("scellee", [False, True])
def test_deux_lectures_opposees_donnent_aux_autres_exactement_les_memes_pages(scellee):
    """La preuve par l'effacement : on remplace la lecture cachée par une tout autre, et rien ne bouge chez les autres."""
    from django.db import transaction

    salle = convocations.salle()
    monde = salle.monde
    lecteurs = (salle.certificateur, monde.gestionnaire, monde.candidat, monde.tuteur, monde.manager)
    for lecteur in lecteurs:
        client(lecteur)
    rendues = []
    for non_valides, remarque in (((), ""), (SECRETS, REMARQUE)):
        with transaction.atomic():
            remplir(salle, non_valides, remarque)
            if scellee:
                factories.clore(salle, salle.metier)
            rendues.append([vues(salle, lecteur) for lecteur in lecteurs])
            transaction.set_rollback(True)
    assert rendues[0] == rendues[1]
    assert [page for page, (statut, _) in rendues[0][0].items() if statut == 200][:7] == list(pages(salle)[:7])
    gardees = [
        page for page, (_, lue) in rendues[0][0].items() if "etag:" in lue.lower() or "last-modified:" in lue.lower()
    ]
    assert gardees == []


@pytest.mark.parametrize("scellee", [False, True])
def test_ni_requete_ni_courriel_ne_disent_ce_que_contient_la_lecture_cachee(scellee):
    """Le travail fait pour l'autre, ce qui lui est écrit, et ce qui tarde, ne dépendent pas de ce que l'un a noté."""
    from django.db import connection, transaction
    from django.test.utils import CaptureQueriesContext

    from parchemin.courriels.models import Envoi, Nouvelle
    from parchemin.evaluation.tasks import relancer_tous
    from parchemin.socle.annonces import ecouler

    salle = convocations.salle()
    autre = client(salle.certificateur)
    client(salle.metier)
    tard = CLOTURE + timedelta(days=8)
    observes = []
    for non_valides, remarque in (((), ""), (SECRETS, REMARQUE)):
        with transaction.atomic():
            remplir(salle, non_valides, remarque)
            if scellee:
                factories.clore(salle, salle.metier)
            comptees = []
            for page in pages(salle):
                with CaptureQueriesContext(connection) as requetes:
                    autre.get(page)
                comptees.append(len(requetes))
            with time_machine.travel(tard, tick=False):
                relances = relancer_tous(tard)
                ecouler()
            dits = sorted(Nouvelle.objects.values_list("titre", "pourquoi"))
            ecrits = sorted(Envoi.objects.values_list("genre", "objet"))
            observes.append((comptees, relances, dits, ecrits))
            transaction.set_rollback(True)
    assert observes[0] == observes[1]


def test_un_geste_de_l_un_ne_change_rien_a_la_page_de_l_autre():
    """Ni compte, ni « en cours » : l'épreuve déjà ouverte, l'autre ne sait pas si l'un travaille encore."""
    salle = convocations.salle()
    factories.remplir(salle, salle.certificateur)
    avant = vues(salle, salle.certificateur)
    remplir(salle, SECRETS, REMARQUE)
    assert vues(salle, salle.certificateur) == avant


def test_le_premier_geste_de_l_un_ne_change_rien_aux_pages_de_l_autre():
    """Il ouvre l'épreuve, et l'autre ne l'apprend ni de l'accueil (« commencée »), ni d'un état, ni d'un « depuis ».

    Une page le dit encore, et c'est assumé : ce qui se signale avant une épreuve n'est pas ce qui s'en signale pendant.
    """
    salle = convocations.salle()

    def lues() -> dict[str, tuple[int, str]]:
        toutes = vues(salle, salle.certificateur)
        del toutes[f"/epreuves/{salle.epreuve}/incident/"]
        return toutes

    avant = lues()
    assert "Votre grille est prête à remplir." in avant["/"][1]
    remplir(salle, SECRETS, REMARQUE)
    assert lues() == avant
    assert "Votre grille est commencée." in vues(salle, salle.metier)["/"][1]


def test_le_journal_ne_porte_aucune_note():
    salle = convocations.salle()
    remplir(salle, SECRETS, REMARQUE)
    factories.clore(salle, salle.metier)
    for entree in Entree.objects.order_by("pk"):
        ecrit = json.dumps(entree.donnees, ensure_ascii=False, default=str)
        assert not re.search(r"\bvalide\b|non_valide|K3\.|Hésite", ecrit), ecrit


def test_s_accorder_avant_les_deux_sceaux_ne_repond_pas_sur_un_critere():
    """Le refus est le même que les lectures diffèrent ou non : on ne sonde pas la lecture de l'autre par l'accord."""
    salle = convocations.salle()
    remplir(salle, SECRETS, REMARQUE)
    factories.clore(salle, salle.metier)
    refus = []
    for critere in ("K3.1.1", "K3.1.2", "K9.9.9"):
        with pytest.raises(services.accord.Refus) as leve:
            services.se_prononcer(
                epreuve=salle.epreuve,
                critere=critere,
                choix=Position.VALIDE,
                motif="pour voir",
                auteur=salle.certificateur,
                maintenant=CLOTURE,
            )
        refus.append((leve.value.code, leve.value.message))
    assert {code for code, _ in refus} == {"accord_ferme"}
    assert len(set(refus)) == 1


def test_apres_les_deux_sceaux_les_remarques_ne_vont_qu_aux_evaluateurs():
    salle = convocations.salle()
    remplir(salle, SECRETS, REMARQUE)
    factories.remplir(salle, salle.certificateur)
    factories.clore(salle, salle.metier)
    factories.clore(salle, salle.certificateur)
    services.se_prononcer(
        epreuve=salle.epreuve,
        critere="K3.1.1",
        choix=Position.DESACCORD,
        motif="Le motif de l'un",
        auteur=salle.metier,
        maintenant=CLOTURE,
    )
    monde = salle.monde
    voient = {
        lecteur.id: [
            mot for mot in (REMARQUE, "Le motif de l") if any(mot in lu for _, lu in vues(salle, lecteur).values())
        ]
        for lecteur in (
            salle.metier,
            salle.certificateur,
            monde.gestionnaire,
            monde.candidat,
            monde.tuteur,
            monde.manager,
        )
    }
    assert voient == {
        salle.metier.id: [REMARQUE, "Le motif de l"],
        salle.certificateur.id: [REMARQUE, "Le motif de l"],
        **{lecteur.id: [] for lecteur in (monde.gestionnaire, monde.candidat, monde.tuteur, monde.manager)},
    }


def test_un_evaluateur_ne_lit_aucun_resultat_du_candidat_tant_que_sa_lecture_n_est_pas_scellee():
    """Le résultat d'un autre bloc, lu avant de juger, pèserait sur la lecture."""
    salle = convocations.salle("B3", ("B3", "B4"))
    factories.evalue(salle=convocations.salle("B4", monde=salle.monde))
    dossier, resultat, releve = pages(salle)[5:8]
    avant = vues(salle, salle.metier)
    assert avant[releve][0] == 404
    assert ("acquis" in _mots(avant[dossier]), "Résultat scellé" in avant[resultat][1]) == (False, False)
    factories.evalue(salle=salle)
    apres = vues(salle, salle.metier)
    assert apres[releve][0] == 200
    assert ("acquis" in _mots(apres[dossier]), "Résultat scellé" in apres[resultat][1]) == (True, True)


def _mots(vue: tuple[int, str]) -> list[str]:
    return re.findall(r"\w+", re.sub(r"<[^>]*>", " ", vue[1]))


@pytest.mark.parametrize("scellee", [False, True])
def test_l_echange_repond_de_meme_a_qui_sonde_les_gestes_de_l_autre(scellee):
    """Un curieux rejoue les identifiants, les appareils et les rangs de l'autre, les bonnes valeurs et les mauvaises."""
    from django.db import connection, transaction
    from django.test.utils import CaptureQueriesContext

    salle = convocations.salle()
    client(salle.certificateur)
    observes = []
    for non_valides, remarque in (((), ""), (SECRETS, REMARQUE)):
        autre = client(salle.certificateur)  # neuf : les mots laissés à la page d'avant ne s'y lisent pas
        with transaction.atomic():
            remplir(salle, non_valides, remarque)
            if scellee:
                factories.clore(salle, salle.metier)
            sien = Fait.objects.get(evaluateur_id=salle.metier.id, cible="critere:K3.1.1")
            sondes = [
                factories.fait(
                    salle, rang, sien.cible, valeur, sien.appareil, id=str(sien.pk), remplace=remplace, vus=vus
                )
                for rang, (valeur, remplace, vus) in enumerate(
                    (
                        ("valide", None, {}),
                        ("non_valide", None, {}),
                        ("valide", str(sien.pk), {str(sien.appareil): sien.rang}),
                        ("non_valide", str(sien.pk), {str(sien.appareil): sien.rang}),
                    ),
                    start=sien.rang,
                )
            ]
            adresse = f"/epreuves/{salle.epreuve}"
            with CaptureQueriesContext(connection) as requetes:
                reponses = [
                    autre.post(f"{adresse}/faits", {"faits": sondes}, content_type="application/json"),
                    autre.post(f"{adresse}/abandons", {"abandons": sondes}, content_type="application/json"),
                    autre.post(f"{adresse}/grille/", {"annuler": sien.cible}),
                    autre.post(f"{adresse}/clore/", {}),
                    autre.post(f"{adresse}/contresigner/", {}),
                    autre.post(f"{adresse}/confirmer/", {}),
                    autre.post(f"{adresse}/quarantaine/", {"evaluateur": str(salle.metier.id), "sort": "repris"}),
                ]
            rendu = [_lue(reponse) for reponse in reponses]
            observes.append((rendu, len(requetes), Fait.objects.filter(evaluateur_id=salle.certificateur.id).count()))
            transaction.set_rollback(True)
    (une, requetes, gardes), deux = observes[0], observes[1]
    identifiants = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
    assert [(s, identifiants.sub("", c)) for s, c in une] == [(s, identifiants.sub("", c)) for s, c in deux[0]]
    assert (requetes, gardes) == deux[1:] == (requetes, 0)
    refus = json.loads(une[0][1].rpartition("\n")[2])["reponses"]
    assert {(reponse["etat"], reponse["code"]) for reponse in refus} == {("refusee", "id_reutilise")}
