"""L'attestation par lien : la demander, l'ouvrir, la répudier ; lever le gel d'un carnet."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import NAMESPACE_OID, UUID, uuid5

from parchemin.carnet import services as carnet
from parchemin.carnet.selectors import dernier_avis
from parchemin.carnet.services import Ecrit
from parchemin.parcours.enums import Qualite
from tests.droits.gestes.commun import Geste, dossier
from tests.droits.gestes.parcours import ceder
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


PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\nxref\n0 1\ntrailer<<>>\nstartxref\n27\n%%EOF\n"


def _brouillon(caisse: Caisse) -> UUID:
    """L'identifiant du brouillon de cette caisse, toujours le même."""
    return uuid5(NAMESPACE_OID, str(caisse.dossier))


def _ecrire(caisse: Caisse) -> None:
    """Le candidat a un brouillon, avec un fichier."""
    carnet.garder_brouillon(
        dossier=caisse.dossier,
        brouillon=_brouillon(caisse),
        ecrit=Ecrit("J'ai reçu un usager.", date(2026, 1, 12), ["C1.1"], fichier=PDF),
        auteur=caisse.monde.candidat,
        maintenant=AVANT_HIER,
    )


def _publier(caisse: Caisse) -> None:
    """Et l'a publié."""
    _ecrire(caisse)
    carnet.publier_entree(
        dossier=caisse.dossier,
        brouillon=_brouillon(caisse),
        relu=True,
        auteur=caisse.monde.candidat,
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
    "carnet:pdf": Geste(dossier("dossier")),
    "carnet:parti_pdf": Geste(dossier("dossier"), avant=ceder),
    "carnet:entrees": Geste(dossier("dossier")),
    "carnet:ecrire": Geste(
        dossier("dossier"),
        lambda caisse, _: {
            "texte": "J'ai reçu un usager.",
            "fait_le": "2026-01-12",
            "competences": ["C1.1"],
            "cle": str(_brouillon(caisse)),
            "vu": "0",
            "geste": "garder",
        },
    ),
    "carnet:effacer_brouillon": Geste(
        lambda caisse: {"dossier": caisse.dossier, "brouillon": _brouillon(caisse)}, avant=_ecrire
    ),
    "carnet:fichier": Geste(
        lambda caisse: {"dossier": caisse.dossier, "identifiant": _brouillon(caisse)}, avant=_publier
    ),
    "carnet:lien": _faux,
    "carnet:lien_code": _faux,
    "carnet:lien_ouvrir": _faux,
    "carnet:lien_attester": Geste(corps=lambda *_: {"C1.1": "maitrisee", "C1.1-vu": "0"}),
    "carnet:repudier": _faux,
}
