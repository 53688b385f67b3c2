"""Les sites, les salles, les agendas."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from parchemin.convocations import services
from parchemin.convocations.tests import factories as convocations
from tests.droits.gestes.commun import Adresse, Geste
from tests.droits.monde import INSTANT, Caisse

_SITES: dict[UUID, tuple[UUID, UUID]] = {}
_SALLES: dict[UUID, UUID] = {}
_EXCEPTIONS: dict[UUID, UUID] = {}


def _ouvrir(caisse: Caisse) -> None:
    """Deux sites de la caisse, une salle dans le premier."""
    _SITES[caisse.dossier] = (
        convocations.site(caisse.organisme, "Premier"),
        convocations.site(caisse.organisme, "Second"),
    )
    _SALLES[caisse.dossier] = convocations.piece(_SITES[caisse.dossier][0])


def _site(caisse: Caisse) -> Adresse:
    return {"identifiant": _SITES[caisse.dossier][0]}


def _salle(caisse: Caisse) -> Adresse:
    return {"identifiant": _SALLES[caisse.dossier]}


def _s_absenter(caisse: Caisse) -> None:
    _EXCEPTIONS[caisse.dossier] = services.ajouter_exception(
        personne=caisse.monde.candidat.id,
        libre=False,
        debut=INSTANT + timedelta(days=1),
        fin=INSTANT + timedelta(days=2),
        auteur=caisse.monde.candidat,
        maintenant=INSTANT,
    )


def _candidat(caisse: Caisse) -> Adresse:
    return {"identifiant": caisse.monde.candidat.id}


FICHE = {"nom": "Rebaptisé", "adresse": "", "fuseau": "Indian/Reunion", "jour_1": "9-12, 13:30-17"}
AGENDA = {"semaine": "oui", "fuseau": "Europe/Paris", "site": "", "maximum": "", "jour_2": "9 h – 12 h"}

GESTES: dict[str, Geste] = {
    "convocations:sites": Geste(),
    "convocations:nouveau_site": Geste(corps=lambda caisse, _: {**FICHE, "organisme": str(caisse.organisme)}),
    "convocations:site": Geste(_site, avant=_ouvrir),
    "convocations:semaine": Geste(_site, avant=_ouvrir),
    "convocations:modifier_site": Geste(_site, lambda *_: FICHE, avant=_ouvrir),
    "convocations:fermer_site": Geste(_site, lambda *_: {"ferme_le": "2027-01-01"}, avant=_ouvrir),
    "convocations:ajouter_salle": Geste(_site, lambda *_: {"nom": "Salle 9", "places": "4"}, avant=_ouvrir),
    "convocations:modifier_salle": Geste(_salle, lambda *_: {"nom": "Salle 9", "places": ""}, avant=_ouvrir),
    "convocations:trajets": Geste(_site, lambda caisse, _: {str(_SITES[caisse.dossier][1]): "35"}, avant=_ouvrir),
    "convocations:mes_disponibilites": Geste(corps=lambda *_: AGENDA),
    "convocations:disponibilites": Geste(_candidat, lambda *_: AGENDA),
    "convocations:oter_exception": Geste(
        lambda caisse: {"identifiant": caisse.monde.candidat.id, "exception": _EXCEPTIONS[caisse.dossier]},
        avant=_s_absenter,
    ),
}
