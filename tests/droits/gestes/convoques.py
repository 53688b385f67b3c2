"""Convoquer, répondre, suivre, signer ; déplacer une épreuve ; le calendrier privé."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from parchemin.comptes.models import Compte
from parchemin.comptes.tests import factories as comptes
from parchemin.convocations import services
from parchemin.convocations.selectors import convocation_de
from parchemin.convocations.tests import factories as convocations
from parchemin.socle.acteur import SYSTEME, Acteur
from tests.droits.gestes.commun import Adresse, Geste
from tests.droits.gestes.convocations import EVALUATEURS, PLANIFIEES, paire, planifiee, planifier
from tests.droits.monde import HIER, INSTANT, Caisse

PREVUE = INSTANT + timedelta(days=40)


def _a_venir(caisse: Caisse) -> None:
    """L'épreuve du bloc 1, affectée, dans quarante jours."""
    metier, certificateur = paire(caisse)
    epreuve = convocations.planifier(caisse.monde, "B1", PREVUE)
    services.affecter_evaluateurs(
        epreuve=epreuve, metier=metier.id, certificateur=certificateur.id, auteur=SYSTEME, maintenant=HIER
    )
    PLANIFIEES[caisse.dossier] = epreuve


def _convoquee(caisse: Caisse) -> None:
    """La même, chacun convoqué la veille ; son évaluateur a une adresse."""
    _a_venir(caisse)
    metier = EVALUATEURS[caisse.dossier][0]
    if not Compte.objects.filter(personne_id=metier.id).exists():
        comptes.compte(metier)
    services.convoquer(epreuve=PLANIFIEES[caisse.dossier], auteur=SYSTEME, maintenant=HIER)


def _celle_de(acteur: Acteur, caisse: Caisse) -> UUID:
    vue = convocation_de(acteur, PLANIFIEES[caisse.dossier])
    assert vue is not None
    return vue.id


def _de_l_evaluateur(caisse: Caisse) -> Adresse:
    return planifiee(caisse) | {"convocation": _celle_de(EVALUATEURS[caisse.dossier][0], caisse)}


def _du_candidat(caisse: Caisse) -> Adresse:
    return planifiee(caisse) | {"convocation": _celle_de(caisse.monde.candidat, caisse)}


_faux = Geste(lambda _: {"jeton": "inconnu"}, lambda *_: {"reponse": "accepter"})

GESTES: dict[str, Geste] = {
    "convocations:convocations": Geste(planifiee, lambda *_: {"derogation": ""}, avant=_a_venir),
    "convocations:renvoyer": Geste(_de_l_evaluateur, avant=_convoquee),
    "convocations:pdf": Geste(_du_candidat, avant=_convoquee),
    "convocations:repondre": Geste(planifiee, lambda *_: {"reponse": "accepter"}, avant=_convoquee),
    "convocations:repondre_ics": Geste(planifiee, avant=_convoquee),
    "convocations:reponse": _faux,
    "convocations:reponse_pdf": _faux,
    "convocations:reponse_ics": _faux,
    "convocations:signer_par_lien": _faux,
    "convocations:suivi": Geste(),
    "convocations:exporter_suivi": Geste(lambda _: {"forme": "csv"}),
    "convocations:convoquer_lot": Geste(
        corps=lambda caisse, _: {"epreuves": [str(PLANIFIEES[caisse.dossier])]}, avant=_a_venir
    ),
    "convocations:presence": Geste(planifiee, lambda *_: {"moyen": "carte"}, avant=planifier),
    "convocations:signer": Geste(planifiee, avant=planifier),
    "convocations:calendrier": Geste(corps=lambda *_: {"geste": "ouvrir"}),
    "convocations:flux": Geste(lambda _: {"jeton": "inconnu"}),
}
