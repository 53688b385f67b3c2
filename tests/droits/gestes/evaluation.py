"""Les grilles, l'accord, le résultat, le second regard."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any
from uuid import UUID, uuid4

from parchemin.convocations.tests import factories as convocations
from parchemin.convocations.tests.factories import JOUR
from parchemin.evaluation.tests.factories import fait
from parchemin.socle.acteur import SYSTEME, Acteur
from tests.droits.gestes.commun import Adresse, Geste, dossier, remplie
from tests.droits.gestes.convocations import EVALUATEURS, PLANIFIEES, RELEVES, planifiee, planifier_avec_releve
from tests.droits.monde import CRITERE, INSTANT, Caisse


def _rang_suivant(caisse: Caisse) -> dict[str, Any]:
    return fait(caisse.remplie, 1, "critere:K2.1.1", "non_valide", appareil=uuid4(), mural=INSTANT.isoformat())


_RETIRES: dict[UUID, Acteur] = {}


def _mettre_a_part(caisse: Caisse) -> None:
    """Un évaluateur retiré envoie encore un geste : il est mis à part."""
    from parchemin.evaluation.services import recevoir_faits

    planifier_avec_releve(caisse)
    epreuve = PLANIFIEES[caisse.dossier]
    metier, certificateur = RELEVES[caisse.dossier]
    from parchemin.convocations.services import affecter_evaluateurs

    affecter_evaluateurs(
        epreuve=epreuve,
        metier=metier.id,
        certificateur=certificateur.id,
        auteur=SYSTEME,
        maintenant=convocations.PLANIFICATION,
    )
    ancien = EVALUATEURS[caisse.dossier][0]
    salle = convocations.Salle(caisse.monde, "B1", epreuve, *EVALUATEURS[caisse.dossier])
    recevoir_faits(
        epreuve=epreuve,
        lot=[fait(salle, 1, "critere:K1.1.1", "valide", appareil=uuid4())],
        auteur=ancien,
        maintenant=JOUR,
    )


def _sceller_les_deux(caisse: Caisse) -> None:
    """Les deux grilles du bloc 2, pareilles, sont scellées ; là où le rôle est fini, elles ne peuvent plus l'être."""
    from parchemin.evaluation.services import clore_lecture
    from parchemin.socle.refus import RefusDroit

    for evaluateur in (caisse.metier, caisse.certificateur):
        with suppress(RefusDroit):
            clore_lecture(epreuve=caisse.remplie.epreuve, auteur=evaluateur, maintenant=INSTANT)


def _tenir_la_grille_commune(caisse: Caisse) -> None:
    """Le règlement demande une lecture commune ; le représentant métier a scellé la grille qu'il tenait."""
    from parchemin.evaluation.services import clore_lecture
    from parchemin.evaluation.tests.factories import regler
    from parchemin.socle.refus import Refus

    with suppress(Refus):  # déjà révisé pour l'autre caisse, ou rôle fini
        regler(caisse.remplie, "lecture", "lecture_commune")
    with suppress(Refus):
        clore_lecture(epreuve=caisse.remplie.epreuve, auteur=caisse.metier, maintenant=INSTANT)


def _evaluee(caisse: Caisse) -> Adresse:
    return {"identifiant": caisse.evaluee.epreuve}


def _regard_confie(caisse: Caisse) -> None:
    """Le second regard du bloc 4 est confié à un évaluateur d'ailleurs."""
    from parchemin.evaluation.services import designer_second_regard

    assert caisse.relecteur is not None
    designer_second_regard(
        epreuve=caisse.evaluee.epreuve, personne=caisse.relecteur.id, auteur=SYSTEME, maintenant=INSTANT
    )


def _regard_declare(caisse: Caisse) -> None:
    """Et il a déclaré n'avoir aucun lien."""
    from parchemin.convocations.enums import GenreDeclare
    from parchemin.evaluation.services import declarer_avant_de_lire

    _regard_confie(caisse)
    assert caisse.relecteur is not None
    declarer_avant_de_lire(
        epreuve=caisse.evaluee.epreuve, genre=GenreDeclare.AUCUN, auteur=caisse.relecteur, maintenant=INSTANT
    )


GESTES: dict[str, Geste] = {
    "evaluation:journee": Geste(),
    "evaluation:facon": Geste(
        corps=lambda *_: {"main": "gauche", "vu": "0", "phrase": ["Reformule."], "enregistrer": "oui"}
    ),
    "evaluation:hors_ligne": Geste(),
    "evaluation:cle_hors_ligne": Geste(),
    "evaluation:voir": Geste(remplie),
    "evaluation:grille": Geste(remplie, lambda *_: {"critere:K2.1.1": "non_valide"}),
    "evaluation:clore": Geste(remplie),
    "evaluation:faits": Geste(remplie, lambda caisse, _: json.dumps({"faits": [_rang_suivant(caisse)]})),
    "evaluation:abandons": Geste(
        remplie,
        lambda caisse, _: json.dumps(
            {
                "abandons": [
                    {"fait": _rang_suivant(caisse), "code": "cible_inconnue", "raison": "Refusé par le serveur."}
                ]
            }
        ),
    ),
    "evaluation:quarantaine": Geste(
        planifiee,
        lambda caisse, _: {
            "evaluateur": EVALUATEURS[caisse.dossier][0].id,
            "sort": "ecartes",
            "motif": "Remplacé ce jour-là.",
        },
        avant=_mettre_a_part,
    ),
    "evaluation:accord": Geste(
        lambda caisse: {"identifiant": caisse.differe.epreuve},
        lambda *_: {"critere": CRITERE, "choix": "valide", "motif": "Vu ensemble à l'écoute."},
    ),
    "evaluation:lecture": Geste(lambda caisse: {"identifiant": caisse.differe.epreuve, "qualite": "metier"}),
    "evaluation:contresigner": Geste(remplie, avant=_tenir_la_grille_commune),
    "evaluation:suites": Geste(
        lambda caisse: {"identifiant": caisse.differe.epreuve},
        lambda *_: {"consequence": "jury", "motif": "L'un des deux est en arrêt de travail."},
    ),
    "evaluation:confirmer": Geste(remplie, avant=_sceller_les_deux),
    "evaluation:second_regard": Geste(_evaluee, avant=_regard_confie),
    "evaluation:designer_second_regard": Geste(
        _evaluee, lambda caisse, _: {"personne": caisse.relecteur.id if caisse.relecteur else ""}
    ),
    "evaluation:second_regard_sans_avis": Geste(_evaluee, lambda *_: {"motif": "Personne n'est libre avant le jury."}),
    "evaluation:declarer_second_regard": Geste(_evaluee, lambda *_: {"genre": "aucun"}, avant=_regard_confie),
    "evaluation:laisser_second_regard": Geste(_evaluee, lambda *_: {"motif": "En congé."}, avant=_regard_confie),
    "evaluation:avis_second_regard": Geste(
        _evaluee, lambda *_: {"sens": "maintenir", "motif": "Les deux lectures le disent."}, avant=_regard_declare
    ),
    "evaluation:resultat": Geste(dossier()),
    "evaluation:releve": Geste(dossier()),
    "referentiels:liste": Geste(),
    "referentiels:version": Geste(lambda _: {"code": "cqp-cos", "version": "2021"}),
    "referentiels:reglement": Geste(lambda _: {"code": "cqp-cos", "version": "2021"}),
    "referentiels:aides": Geste(
        lambda _: {"code": "cqp-cos", "version": "2021", "bloc": "B1"},
        lambda *_: {"K1.1.1": "Comment avez-vous choisi ?", "motif": "Premières questions.", "vu": "1"},
    ),
    "referentiels:grille": Geste(lambda _: {"code": "cqp-cos", "version": "2021", "bloc": "B1"}),
}
