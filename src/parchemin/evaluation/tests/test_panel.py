"""Le panel de motifs de courrier : tenu au serveur, pour tout client de l'échange."""

from __future__ import annotations

import pytest

from parchemin.comptes.enums import NatureRole
from parchemin.comptes.tests import factories as comptes
from parchemin.convocations.selectors import epreuve_par_id
from parchemin.convocations.tests import factories as convocations
from parchemin.convocations.tests.factories import JOUR, PLANIFICATION
from parchemin.evaluation import selectors, services
from parchemin.evaluation.tests import factories
from parchemin.referentiels.selectors import annexes, version_d_empreinte
from parchemin.referentiels.services import ecrire_les_aides
from parchemin.socle.acteur import SYSTEME

pytestmark = pytest.mark.django_db

PANEL = ("Changement d'adresse", "Demande d'attestation")


@pytest.fixture
def salle():
    return convocations.salle("B1", ("B1",))


def publier_panel(salle, motifs=PANEL, maintenant=PLANIFICATION) -> None:
    version = version_d_empreinte(SYSTEME, epreuve_par_id(SYSTEME, salle.epreuve).norme)
    ecrire_les_aides(
        version=version,
        bloc="B1",
        questions={},
        motifs_de_courrier=motifs,
        motif="Essai",
        vu=annexes(SYSTEME, version).rang,
        auteur=comptes.avec_role(NatureRole.ADMINISTRATEUR),
        maintenant=maintenant,
    )


def envoyer(salle, rang, motif, *, preselectionne=True):
    valeur = {"motif": motif, "preselectionne": preselectionne}
    lot = [factories.fait(salle, rang, f"courrier:c{rang}", valeur)]
    (reponse,) = services.recevoir_faits(epreuve=salle.epreuve, lot=lot, auteur=salle.metier, maintenant=JOUR)
    return reponse.en_json() | {"id": ""}


def notes(salle) -> list[str]:
    return [c.motif for c in selectors.grille(salle.metier, salle.epreuve).courriers.values()]


def test_hors_du_panel_un_courrier_dit_preselectionne_est_refuse_avec_sa_raison(salle):
    publier_panel(salle)
    assert envoyer(salle, 1, "Un motif à moi") == {
        "id": "",
        "etat": "refusee",
        "code": "motif_hors_panel",
        "raison": "Ce motif n'est pas du panel présélectionné : choisissez-en un, ou notez ce courrier hors du panel.",
    }
    assert envoyer(salle, 2, "Un motif à moi", preselectionne=False) == {"id": "", "etat": "acceptee"}
    assert envoyer(salle, 3, "  Changement d'adresse ") == {"id": "", "etat": "acceptee"}
    assert notes(salle) == ["Un motif à moi", "  Changement d'adresse "]


def test_sans_panel_tout_motif_est_admis(salle):
    assert envoyer(salle, 1, "Un motif à moi") == {"id": "", "etat": "acceptee"}


def test_un_motif_d_un_panel_revise_depuis_est_encore_admis(salle):
    publier_panel(salle)
    publier_panel(salle, ("Réclamation",), JOUR)
    assert envoyer(salle, 1, "Changement d'adresse") == {"id": "", "etat": "acceptee"}
    publier_panel(salle, (), JOUR)
    assert envoyer(salle, 2, "Sans panel") == {"id": "", "etat": "acceptee"}


def test_le_retrait_d_un_courrier_ne_consulte_aucun_panel(salle):
    publier_panel(salle)
    envoyer(salle, 1, "Changement d'adresse")
    lot = [factories.fait(salle, 2, "courrier:c1", None)]
    (reponse,) = services.recevoir_faits(epreuve=salle.epreuve, lot=lot, auteur=salle.metier, maintenant=JOUR)
    assert (reponse.etat.value, notes(salle)) == ("acceptee", [])
