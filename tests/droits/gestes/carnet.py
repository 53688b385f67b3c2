"""L'attestation par lien : la demander, l'ouvrir, la répudier ; lever le gel d'un carnet."""

from __future__ import annotations

from datetime import timedelta

from parchemin.carnet import services as carnet
from parchemin.carnet.selectors import dernier_avis
from parchemin.parcours.enums import Qualite
from tests.droits.gestes.commun import Geste, dossier
from tests.droits.monde import HIER, Caisse

AVANT_HIER = HIER - timedelta(days=1)


def _retirer(caisse: Caisse) -> None:
    """Le tuteur retire une attestation : il y a de quoi la lui redemander."""
    carnet.retirer_attestation(
        dossier=caisse.dossier,
        qualite=Qualite.TUTEUR,
        competence="C1.1",
        motif="Une erreur de ma part.",
        auteur=caisse.monde.tuteur,
        maintenant=AVANT_HIER,
    )


def _repudier(caisse: Caisse) -> None:
    """Le tuteur répudie : le carnet est gelé."""
    avis = dernier_avis(caisse.monde.tuteur, caisse.dossier)
    assert avis is not None
    carnet.repudier_avis(avis=avis, motif="", maintenant=avis.jusqu_au - timedelta(days=1))


def _dispenser(caisse: Caisse) -> None:
    """Le bloc 1 n'est plus complet, et le gestionnaire en a dispensé."""
    _retirer(caisse)
    carnet.dispenser(
        dossier=caisse.dossier,
        blocs=["B1"],
        motif="Un tuteur parti.",
        auteur=caisse.monde.gestionnaire,
        maintenant=AVANT_HIER,
    )


_faux = Geste(lambda _: {"jeton": "inconnu"}, lambda *_: {"code": "123456"})

GESTES: dict[str, Geste] = {
    "carnet:demander": Geste(
        dossier("dossier"), lambda *_: {"qualites": ["tuteur"], "competences": ["C1.1"]}, avant=_retirer
    ),
    "carnet:dispenser": Geste(
        dossier("dossier"), lambda *_: {"blocs": ["B1"], "motif": "Un tuteur parti."}, avant=_retirer
    ),
    "carnet:retirer_dispense": Geste(
        lambda caisse: {"dossier": caisse.dossier, "bloc": "B1"},
        lambda *_: {"motif": "Il est revenu."},
        avant=_dispenser,
    ),
    "carnet:lever": Geste(dossier("dossier"), lambda *_: {"motif": "Éclairci avec lui."}, avant=_repudier),
    "carnet:lien": _faux,
    "carnet:lien_code": _faux,
    "carnet:lien_ouvrir": _faux,
    "carnet:lien_attester": Geste(corps=lambda *_: {"C1.1": "maitrisee", "C1.1-vu": "0"}),
    "carnet:repudier": _faux,
}
