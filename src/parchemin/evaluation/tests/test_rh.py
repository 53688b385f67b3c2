"""Les ressources humaines et le manager lisent le résultat, jamais ce que les évaluateurs ont écrit."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from django.db import transaction

from parchemin.comptes.enums import NatureRole
from parchemin.comptes.selectors import droits
from parchemin.comptes.tests import factories as comptes
from parchemin.comptes.tests.factories import client, texte
from parchemin.convocations.enums import Qualite
from parchemin.convocations.selectors import epreuve_par_id
from parchemin.convocations.tests import factories as convocations
from parchemin.convocations.tests.factories import JOUR
from parchemin.evaluation import selectors, services
from parchemin.evaluation.tests import factories
from parchemin.evaluation.tests.factories import CLOTURE
from parchemin.socle.acteur import Acteur
from parchemin.socle.horloge import jour_civil

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _apres_l_epreuve():
    with time_machine.travel(CLOTURE + timedelta(hours=1), tick=False):
        yield


def evaluer(salle, remarque: str) -> None:
    """Les deux lectures scellées et concordantes ; celle du métier porte cette remarque."""
    for auteur in (salle.metier, salle.certificateur):
        factories.remplir(salle, auteur)
    services.poser(
        epreuve=salle.epreuve,
        appareil=UUID(int=1, version=4),
        cible="commentaire:K3.1.1",
        valeur=remarque,
        auteur=salle.metier,
        maintenant=JOUR,
    )
    for auteur in (salle.metier, salle.certificateur):
        factories.clore(salle, auteur)
    factories.confirmee(salle)


def pages(salle, acteur: Acteur) -> dict[str, tuple[int, str]]:
    """Ce que montrent les pages du dossier, jetons et empreintes (qui changent à chaque sceau) ôtés."""
    navigateur = client(acteur)
    return {
        adresse: (
            (reponse := navigateur.get(adresse)).status_code,
            re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"|[0-9a-f]{64}', "", texte(reponse)),
        )
        for adresse in (
            f"/candidats/{salle.monde.dossier}/",
            f"/candidats/{salle.monde.dossier}/resultat/",
            f"/epreuves/{salle.epreuve}/",
        )
    }


def test_deux_remarques_opposees_donnent_a_la_rh_et_au_manager_exactement_les_memes_pages():
    salle = convocations.salle()
    rh = comptes.avec_role(NatureRole.RH, salle.monde.organisme, "Rachel")
    lecteurs = (rh, salle.monde.manager)
    for lecteur in lecteurs:
        client(lecteur)
    vues = []
    for remarque in ("Très à l'aise", "Perd ses moyens devant l'assuré"):
        with transaction.atomic():
            evaluer(salle, remarque)
            vues.append([pages(salle, lecteur) for lecteur in lecteurs])
            transaction.set_rollback(True)
    assert vues[0] == vues[1]
    assert [[statut for statut, _ in vue.values()] for vue in vues[0]] == [[200, 200, 200]] * 2
    assert ["Bloc 3" in page and "acquis" in page for vue in vues[0] for page in (vue[list(vue)[1]][1],)] == [
        True,
        True,
    ]


def test_champ_par_champ_ni_lecture_ni_commentaire_ne_s_ouvrent_a_la_rh():
    salle = convocations.salle()
    rh = comptes.avec_role(NatureRole.RH, salle.monde.organisme, "Rachel")
    evaluer(salle, "Perd ses moyens")
    epreuve, jour = epreuve_par_id(rh, salle.epreuve), jour_civil(CLOTURE)
    assert selectors.lectures_visibles(rh, droits(rh, jour), epreuve) == {}
    assert selectors.ecarts(rh, droits(rh, jour), epreuve) is None
    gestionnaire = salle.monde.gestionnaire
    lues = selectors.lectures_visibles(gestionnaire, droits(gestionnaire, jour), epreuve)
    assert {qualite: vue.commentaires for qualite, vue in lues.items()} == {qualite: {} for qualite in Qualite}


def test_le_releve_s_ouvre_a_la_rh_de_l_organisme_et_a_elle_seule():
    salle = convocations.salle()
    evaluer(salle, "Perd ses moyens")
    adresse = f"/candidats/{salle.monde.dossier}/releve.pdf"
    ici = comptes.avec_role(NatureRole.RH, salle.monde.organisme, "Rachel")
    ailleurs = comptes.avec_role(NatureRole.RH, comptes.organisme(), "Rémi")
    assert [client(acteur).get(adresse).status_code for acteur in (ici, ailleurs)] == [200, 404]
    assert set(pages(salle, ailleurs)) == set(pages(salle, ici))
    assert [statut for statut, _ in pages(salle, ailleurs).values()] == [404, 404, 404]


def test_la_rh_ne_planifie_ni_n_affecte_ni_n_abandonne():
    salle = convocations.salle()
    rh = client(comptes.avec_role(NatureRole.RH, salle.monde.organisme, "Rachel"))
    dossier = salle.monde.dossier
    statuts = {
        adresse: (rh.get(adresse).status_code, rh.post(adresse, {}).status_code)
        for adresse in (
            f"/candidats/{dossier}/abandonner/",
            f"/epreuves/{salle.epreuve}/evaluateurs/",
            f"/epreuves/{salle.epreuve}/annuler/",
        )
    }
    assert set(statuts.values()) == {(403, 403)}
    assert rh.get(f"/candidats/{dossier}/designer/").status_code == 200
