"""Le dossier dit de chaque second regard où il en est, à qui il est et pour quand, selon qui peut le savoir."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from parchemin.comptes.enums import NatureRole
from parchemin.comptes.selectors import nom
from parchemin.comptes.tests import factories as comptes
from parchemin.comptes.tests.factories import client, texte
from parchemin.convocations.enums import GenreDeclare
from parchemin.convocations.tests import factories as convocations
from parchemin.evaluation import services
from parchemin.evaluation.enums import SensAvis
from parchemin.evaluation.tests import factories
from parchemin.evaluation.tests.factories import CLOTURE
from parchemin.socle.acteur import SYSTEME, Acteur

pytestmark = pytest.mark.django_db

APRES = CLOTURE + timedelta(hours=2)


@pytest.fixture(autouse=True)
def _apres_l_epreuve():
    with time_machine.travel(APRES, tick=False):
        yield


def tierce() -> Acteur:
    return comptes.avec_role(NatureRole.EVALUATEUR_CERTIFICATEUR, prenom="Tierce")


def pages(salle, acteur: Acteur) -> list[str]:
    """Le dossier et le résultat, tels que cette personne les lit."""
    dossier = f"/candidats/{salle.monde.dossier}/"
    return [texte(client(acteur).get(adresse)) for adresse in (dossier, f"{dossier}resultat/")]


def test_a_qui_il_est_et_pour_quand_se_lit_au_dossier_pendant_que_les_autres_blocs_s_evaluent():
    salle = factories.evalue(salle=convocations.salle("B3", ("B3", "B4")), non_valides={"K3.2.1"})
    personne, gestionnaire = tierce(), salle.monde.gestionnaire
    acte = {"epreuve": salle.epreuve, "maintenant": APRES}
    a_qui = nom(SYSTEME, personne.id)
    autres = (salle.monde.candidat, salle.monde.tuteur, comptes.avec_role(NatureRole.RH, salle.monde.organisme))

    def lues(phrase: str, publique: str) -> None:
        """Le gestionnaire lit la première ; les autres la seconde, et personne d'autre ne sait à qui c'est."""
        for page in pages(salle, gestionnaire):
            assert phrase in page
        for qui in autres:
            for page in pages(salle, qui):
                assert (publique in page, "Tierce" in page, "Voir le second regard" in page) == (True, False, False)

    lues(
        "Second regard à confier d'ici au mercredi 25 novembre 2026 : le gestionnaire choisit une troisième personne.",
        "Un second regard est demandé : le gestionnaire choisit une troisième personne d'ici au mercredi 25 novembre 2026",
    )
    services.designer_second_regard(personne=personne.id, auteur=gestionnaire, **acte)
    lues(
        f"Second regard confié à {a_qui} ; avis attendu d'ici au samedi 5 décembre 2026.",
        "Un second regard est demandé : une troisième personne relit ce bloc d'ici au samedi 5 décembre 2026.",
    )
    services.declarer_avant_de_lire(genre=GenreDeclare.AUCUN, auteur=personne, **acte)
    services.rendre_avis(sens=SensAvis.MAINTENIR, criteres=(), motif="Les deux le disent.", auteur=personne, **acte)
    lues(
        f"Second regard rendu par {a_qui} le 20 novembre 2026 ; le jury le lira.",
        "Un second regard a été rendu le 20 novembre 2026 ; le jury le lira.",
    )


def test_clos_sans_avis_le_dossier_le_dit_a_chacun():
    salle = factories.evalue("B3", {"K3.2.1"})
    services.clore_sans_avis(
        epreuve=salle.epreuve, motif="Personne.", auteur=salle.monde.gestionnaire, maintenant=APRES
    )
    assert all(
        "Second regard clos sans avis le 20 novembre 2026" in page for page in pages(salle, salle.monde.gestionnaire)
    )
    assert all("Aucun second regard n'a pu être rendu" in page for page in pages(salle, salle.monde.candidat))


def test_designe_par_lui_meme_le_gestionnaire_se_lit_vous():
    salle = factories.evalue("B3", {"K3.2.1"})
    personne = factories.regard_confie_a_soi(salle, APRES)
    assert all("Second regard confié à vous ; avis attendu d'ici au" in page for page in pages(salle, personne))
