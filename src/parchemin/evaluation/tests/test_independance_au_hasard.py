"""Organisations, liens, dates et ordre des actes tirés au hasard : aucune paire interdite n'atteint une grille scellée.

Tout passe par les vrais services. L'oracle est écrit à part : il ne lit ni la base ni le moteur, seulement ce que l'essai a fait.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from parchemin.comptes.enums import GenreDeLien, NatureRole, QualiteRegistre
from parchemin.comptes.services import declarer_lien, inscrire_au_registre
from parchemin.comptes.tests import factories as comptes
from parchemin.convocations import services as convocations
from parchemin.convocations.enums import GenreDeclare
from parchemin.convocations.tests import factories as epreuves
from parchemin.convocations.tests.factories import JOUR, PLANIFICATION, Salle
from parchemin.evaluation import services
from parchemin.evaluation.models import Lecture
from parchemin.evaluation.tests import factories
from parchemin.parcours.services import nommer_tuteur_manager
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Introuvable, Refus

pytestmark = pytest.mark.django_db

LE_JOUR = jour_civil(JOUR)
QUI = st.sampled_from(["candidat", "chef", "directrice", "m0", "m1", "c0", "c1"])
EVALUATEURS = st.sampled_from(["m0", "m1", "c0", "c1"])
BORNES = st.sampled_from([None, LE_JOUR - timedelta(days=30), LE_JOUR, LE_JOUR + timedelta(days=1)])
GENRES = st.sampled_from(
    [GenreDeLien.HIERARCHIQUE] * 3 + [GenreDeLien.FORMATION, GenreDeLien.PROFESSIONNEL, GenreDeLien.PERSONNEL]
)
HIERARCHIE = (GenreDeLien.HIERARCHIQUE, None, None)
LIEN = st.tuples(st.just("lien"), QUI, QUI, GENRES, BORNES, BORNES)
AFFECTER = st.tuples(st.just("affecter"), st.sampled_from(["m0", "m1"]), st.sampled_from(["c0", "c1"]))
ACTE = st.one_of(
    LIEN,
    LIEN,
    AFFECTER,
    st.tuples(st.just("lire"), EVALUATEURS),
    st.tuples(st.just("manager"), EVALUATEURS),
    st.tuples(st.just("declarer"), EVALUATEURS, st.sampled_from([GenreDeclare.AUCUN, GenreDeclare.PERSONNEL])),
    st.tuples(st.just("echoir"), EVALUATEURS),
)
HISTOIRES = st.builds(
    lambda avant, paire, apres, fin: [*avant, paire, *apres, ("lire", paire[1]), ("lire", paire[2]), *fin],
    st.lists(LIEN, max_size=3),
    AFFECTER,
    st.lists(ACTE, max_size=5),
    st.lists(ACTE, max_size=2),
)


class Memoire:
    """Ce que l'essai sait avoir fait : de quoi juger sans rien demander à ce qu'il éprouve."""

    def __init__(self) -> None:
        self.liens: list[tuple[str, str, GenreDeLien, date | None, date | None]] = []
        self.managers: set[str] = set()
        self.declares: set[str] = set()
        self.echus: set[str] = set()

    def interdits(self, qui: str) -> set[str]:
        """Ce qui interdit à cette personne d'évaluer le candidat, d'après les seuls actes de l'essai."""
        vrais = {
            "evaluateur_est_manager": qui in self.managers,
            "evaluateur_lien_declare": qui in self.declares,
            "evaluateur_habilitation_personnelle": qui in self.echus,
            "evaluateur_est_formateur": any(
                (de, vers, genre) == ("candidat", qui, GenreDeLien.FORMATION) for de, vers, genre, _, _ in self.liens
            ),
            "evaluateur_lien_hierarchique": qui in self._joints(0, 1) | self._joints(1, 0),
        }
        return {code for code, vrai in vrais.items() if vrai}

    def _joints(self, depart: int, arrivee: int) -> set[str]:
        """Qui se rejoint du candidat en suivant, dans ce sens, les rattachements du jour de l'épreuve."""
        vus, a_voir = set(), ["candidat"]
        while a_voir:
            un = a_voir.pop()
            for lien in self.liens:
                de, au = lien[3] or date.min, lien[4] or date.max
                vaut = lien[2] == GenreDeLien.HIERARCHIQUE and de <= LE_JOUR < au
                if vaut and lien[depart] == un and lien[arrivee] not in vus:
                    vus.add(lien[arrivee])
                    a_voir.append(lien[arrivee])
        return vus


RELIRE = [
    ("affecter", "m0", "c0"),
    ("lire", "c0"),
    ("lire", "c0"),
    ("lien", "candidat", "c0", *HIERARCHIE),
    ("lire", "c0"),
]
"""Lire deux fois : ce qui est scellé ne reçoit plus rien, que l'évaluateur soit encore admis ou non."""


SEUL = [("affecter", "m0", "c0"), ("declarer", "m0", GenreDeclare.PERSONNEL), ("lire", "m0"), ("lire", "c0")]
"""L'un se retire avant l'épreuve : l'autre ne scelle rien seul, et ce qu'il avait noté n'est pas perdu."""


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@example(histoire=RELIRE)
@example(histoire=SEUL)
@given(histoire=HISTOIRES)
def test_aucune_paire_interdite_n_atteint_une_grille_scellee(histoire: list[tuple[Any, ...]]) -> None:
    gens = {
        "chef": comptes.personne("Chef"),
        "directrice": comptes.personne("Directrice"),
        **{nom: comptes.avec_role(NatureRole.EVALUATEUR_METIER) for nom in ("m0", "m1")},
        **{nom: comptes.avec_role(NatureRole.EVALUATEUR_CERTIFICATEUR) for nom in ("c0", "c1")},
    }
    monde = epreuves.carnet.complet(("B3",))
    gens["candidat"] = monde.candidat
    salle = Salle(monde, "B3", epreuves.planifier(monde, "B3"), gens["m0"], gens["c0"])
    memoire = Memoire()
    for acte, *quoi in histoire:
        refuse = _essayer(lambda acte=acte, quoi=quoi: ACTES[acte](salle, gens, memoire, *quoi))
        if refuse and refuse.startswith("evaluateur_") and refuse != "evaluateur_deux_qualites":
            nommes = [nom for nom in quoi if nom in gens]
            assert any(refuse in memoire.interdits(nom) for nom in nommes), (refuse, acte, quoi)
        if acte == "lire" and refuse is None:
            scellee = Lecture.objects.filter(epreuve_id=salle.epreuve, evaluateur_id=gens[quoi[0]].id).exists()
            assert (scellee, memoire.interdits(quoi[0])) == (True, set())
        if acte == "affecter" and refuse is None:
            assert [memoire.interdits(nom) for nom in quoi] == [set(), set()]


def _essayer(geste: Callable[[], None]) -> str | None:
    """Fait le geste ; rend le code du refus, ou rien."""
    try:
        geste()
    except Introuvable:
        return "introuvable"
    except Refus as refus:
        return refus.code
    return None


def _lier(
    salle: Salle,
    gens: dict[str, Acteur],
    memoire: Memoire,
    de: str,
    vers: str,
    genre: GenreDeLien,
    du: date | None,
    au: date | None,
) -> None:
    declarer_lien(
        de=gens[de].id, vers=gens[vers].id, genre=genre, du=du, au=au, auteur=SYSTEME, maintenant=PLANIFICATION
    )
    memoire.liens.append((de, vers, genre, du, au))


def _affecter(salle: Salle, gens: dict[str, Acteur], memoire: Memoire, metier: str, certificateur: str) -> None:
    convocations.affecter_evaluateurs(
        epreuve=salle.epreuve,
        metier=gens[metier].id,
        certificateur=gens[certificateur].id,
        auteur=salle.monde.gestionnaire,
        maintenant=PLANIFICATION,
    )


def _nommer_manager(salle: Salle, gens: dict[str, Acteur], memoire: Memoire, qui: str) -> None:
    nommer_tuteur_manager(
        dossier=salle.monde.dossier,
        tuteur=salle.monde.tuteur.id,
        manager=gens[qui].id,
        auteur=salle.monde.gestionnaire,
        maintenant=PLANIFICATION,
    )
    memoire.managers.add(qui)


def _declarer(salle: Salle, gens: dict[str, Acteur], memoire: Memoire, qui: str, genre: GenreDeclare) -> None:
    convocations.declarer(epreuve=salle.epreuve, genre=genre, auteur=gens[qui], maintenant=PLANIFICATION)
    if genre != GenreDeclare.AUCUN:
        memoire.declares.add(qui)


def _echoir(salle: Salle, gens: dict[str, Acteur], memoire: Memoire, qui: str) -> None:
    jadis = jour_civil(comptes.JADIS)
    inscrire_au_registre(
        personne=gens[qui].id,
        qualite=QualiteRegistre.EVALUATEUR_METIER if qui[0] == "m" else QualiteRegistre.EVALUATEUR_CERTIFICATEUR,
        metier="Emploi",
        formation="Deux jours",
        formee_le=jadis,
        habilitee_le=jadis,
        renouveler_le=LE_JOUR,
        auteur=SYSTEME,
        maintenant=PLANIFICATION,
    )
    memoire.echus.add(qui)


def _lire(salle: Salle, gens: dict[str, Acteur], memoire: Memoire, qui: str) -> None:
    convocations.declarer(epreuve=salle.epreuve, genre=GenreDeclare.AUCUN, auteur=gens[qui], maintenant=JOUR)
    if Lecture.objects.filter(epreuve_id=salle.epreuve, evaluateur_id=gens[qui].id).exists():
        lot = factories.gestes_complets(salle, (), appareil=uuid4())
        reponses = services.recevoir_faits(epreuve=salle.epreuve, lot=lot, auteur=gens[qui], maintenant=JOUR)
        assert {reponse.code for reponse in reponses} == {"lecture_scellee"}  # ce qui est scellé ne bouge plus
        return
    factories.remplir(salle, gens[qui])
    factories.clore(salle, gens[qui])


ACTES: dict[str, Callable[..., None]] = {
    "lien": _lier,
    "affecter": _affecter,
    "manager": _nommer_manager,
    "declarer": _declarer,
    "echoir": _echoir,
    "lire": _lire,
}
