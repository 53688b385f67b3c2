"""Quel que soit l'ordre des actes, aucune paire interdite n'atteint une grille scellée, et chaque refus nomme un lien vrai."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest

from moteur.regles.evaluateur_admissible import Obstacle
from parchemin.comptes.enums import EVALUATEURS, GenreDeLien
from parchemin.comptes.services import annuler_lien, declarer_lien, donner_role
from parchemin.comptes.tests import factories as comptes
from parchemin.convocations import services as convocations
from parchemin.convocations.enums import GenreDeclare
from parchemin.convocations.selectors import epreuve_par_id
from parchemin.convocations.tests import factories
from parchemin.convocations.tests.factories import JOUR, PLANIFICATION, Salle
from parchemin.evaluation import services
from parchemin.evaluation.models import Lecture
from parchemin.evaluation.tests.factories import gestes_complets
from parchemin.parcours.services import nommer_tuteur_manager
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Refus

pytestmark = pytest.mark.django_db

LE_JOUR = jour_civil(JOUR)
LIENS_ECARTANTS = {
    "evaluateur_lien_hierarchique",
    "evaluateur_est_formateur",
    "evaluateur_est_manager",
    "evaluateur_est_tuteur",
}


class Monde:
    """Une petite organisation et ses actes ; `vrais` est tenu à la main, sans passer par la barrière."""

    def __init__(self, graine: int) -> None:
        self.hasard = Random(graine)
        self.salle: Salle = factories.salle("B3", declarees=False)
        self.candidat = self.salle.monde.candidat
        self.gens = [self.salle.metier, self.salle.certificateur, *(comptes.personne() for _ in range(3))]
        for qui in self.gens:
            for nature in EVALUATEURS:
                donner_role(personne=qui.id, nature=nature, organisme=None, auteur=SYSTEME, maintenant=comptes.JADIS)
        self.maillons: dict[object, tuple[Acteur, Acteur]] = {}
        self.formateurs: dict[object, Acteur] = {}
        self.designes: dict[str, set[object]] = {
            "tuteur": {self.salle.monde.tuteur.id},
            "manager": {self.salle.monde.manager.id},
        }

    def interdits(self, qui: Acteur) -> set[str]:
        """Ce qui lie vraiment cette personne au candidat, par une fermeture naïve."""
        vrais = set()
        for sens in (lambda m: m, lambda m: m[::-1]):
            atteints, avant = {self.candidat.id}, set()
            while atteints != avant:
                avant = set(atteints)
                atteints |= {sens(m)[1].id for m in self.maillons.values() if sens(m)[0].id in atteints}
            if qui.id in atteints:
                vrais.add("evaluateur_lien_hierarchique")
        if any(formateur.id == qui.id for formateur in self.formateurs.values()):
            vrais.add("evaluateur_est_formateur")
        vrais |= {f"evaluateur_est_{qualite}" for qualite, ids in self.designes.items() if qui.id in ids}
        return vrais

    # Les actes, au hasard ---------------------------------------------------------------------------------------------

    def lier(self) -> None:
        de, vers = self.hasard.sample([self.candidat, *self.gens], 2)
        lien = declarer_lien(
            de=de.id,
            vers=vers.id,
            genre=GenreDeLien.HIERARCHIQUE,
            du=None,
            au=None,
            auteur=SYSTEME,
            maintenant=PLANIFICATION,
        )
        self.maillons[lien.pk] = (de, vers)

    def former(self) -> None:
        qui = self.hasard.choice(self.gens)
        lien = declarer_lien(
            de=self.candidat.id, vers=qui.id, genre=GenreDeLien.FORMATION, du=None, au=None, auteur=SYSTEME,
            maintenant=PLANIFICATION,
        )  # fmt: skip
        self.formateurs[lien.pk] = qui

    def annuler(self) -> None:
        tous = [*self.maillons, *self.formateurs]
        if tous:
            cle = self.hasard.choice(tous)
            annuler_lien(lien=cle, motif="Erreur", auteur=SYSTEME, maintenant=PLANIFICATION)
            self.maillons.pop(cle, None)
            self.formateurs.pop(cle, None)

    def changer_de_manager(self) -> None:
        qui = self.hasard.choice(self.gens)
        nommer_tuteur_manager(
            dossier=self.salle.monde.dossier, tuteur=self.salle.monde.tuteur.id, manager=qui.id, auteur=SYSTEME,
            maintenant=PLANIFICATION + timedelta(hours=1),
        )  # fmt: skip
        self.designes["manager"].add(qui.id)

    def affecter(self) -> None:
        metier, certificateur = self.hasard.sample(self.gens, 2)
        self.tenter(
            {metier.id, certificateur.id},
            lambda: convocations.affecter_evaluateurs(
                epreuve=self.salle.epreuve, metier=metier.id, certificateur=certificateur.id, auteur=SYSTEME,
                maintenant=PLANIFICATION + timedelta(hours=1),
            ),
        )  # fmt: skip

    def declarer(self) -> None:
        qui = self.hasard.choice(self.gens)
        self.tenter(
            {qui.id},
            lambda: convocations.declarer(
                epreuve=self.salle.epreuve, genre=GenreDeclare.AUCUN, auteur=qui, maintenant=JOUR
            ),
        )

    def noter(self) -> None:
        qui = self.hasard.choice(self.gens)
        self.tenter(
            {qui.id},
            lambda: services.recevoir_faits(
                epreuve=self.salle.epreuve,
                lot=gestes_complets(self.salle, appareil=qui.id),
                auteur=qui,
                maintenant=JOUR,
            ),
        )

    def sceller(self) -> None:
        qui = self.hasard.choice(self.gens)
        avant = Lecture.objects.count()
        self.tenter({qui.id}, lambda: services.clore_lecture(epreuve=self.salle.epreuve, auteur=qui, maintenant=JOUR))
        if Lecture.objects.count() > avant:
            assert self.interdits(qui) == set(), "une paire interdite a scellé"

    def tenter(self, concernes: set[object], acte) -> None:
        """Joue l'acte ; s'il est refusé pour un lien, ce lien est vrai pour l'une des personnes en cause."""
        try:
            acte()
        except Refus as refus:
            if refus.code in LIENS_ECARTANTS:
                vrais = set().union(*(self.interdits(qui) for qui in self.gens if qui.id in concernes))
                if refus.code not in vrais:
                    pytest.fail(f"{refus.code} : ce refus nomme un lien qui n'existe pas")


@pytest.mark.parametrize("graine", range(12))
def test_aucune_paire_interdite_n_atteint_une_grille_scellee(graine):
    monde = Monde(graine)
    actes = [monde.lier, monde.former, monde.annuler, monde.changer_de_manager, monde.affecter]
    poids = [2, 1, 4, 1, 6, 8, 8, 10]
    for acte in monde.hasard.choices([*actes, monde.declarer, monde.noter, monde.sceller], poids, k=60):
        acte()
    for lecture in Lecture.objects.filter(epreuve_id=monde.salle.epreuve):
        assert epreuve_par_id(SYSTEME, monde.salle.epreuve).qualite_de(lecture.evaluateur_id) == lecture.qualite


def test_les_deux_issues_existent_une_grille_scellee_et_un_refus():
    """Le hasard d'avant n'est pas vide : sans lien on scelle, avec un lien né juste avant on ne scelle pas."""
    monde = Monde(0)
    metier = monde.salle.metier
    for qui in (metier, monde.salle.certificateur):
        convocations.declarer(epreuve=monde.salle.epreuve, genre=GenreDeclare.AUCUN, auteur=qui, maintenant=JOUR)
        services.recevoir_faits(
            epreuve=monde.salle.epreuve, lot=gestes_complets(monde.salle, appareil=qui.id), auteur=qui, maintenant=JOUR
        )
    assert services.clore_lecture(epreuve=monde.salle.epreuve, auteur=metier, maintenant=JOUR) is True
    declarer_lien(
        de=monde.salle.certificateur.id, vers=monde.candidat.id, genre=GenreDeLien.HIERARCHIQUE, du=LE_JOUR, au=None,
        auteur=SYSTEME, maintenant=JOUR,
    )  # fmt: skip
    with pytest.raises(Refus, check=lambda erreur: erreur.code == Obstacle.HIERARCHIQUE):
        services.clore_lecture(epreuve=monde.salle.epreuve, auteur=monde.salle.certificateur, maintenant=JOUR)
    assert Lecture.objects.count() == 1
