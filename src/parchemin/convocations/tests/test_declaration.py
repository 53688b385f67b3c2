"""La déclaration d'indépendance : sans elle, pas de grille ; signée, elle ne bouge plus."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from moteur.regles.evaluateur_admissible import Obstacle
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.tests import factories as comptes
from parchemin.convocations import sceaux, selectors, services
from parchemin.convocations.enums import GenreDeclare, Qualite
from parchemin.convocations.models import Declaration
from parchemin.convocations.tests import factories
from parchemin.convocations.tests.factories import JOUR, PLANIFICATION
from parchemin.convocations.tests.gestes import LE_JOUR, affecter, refus, verifier
from parchemin.registre.models import Entree
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.refus import Introuvable, RefusDroit

pytestmark = pytest.mark.django_db


def test_sans_declaration_la_grille_ne_s_ouvre_pas():
    salle = factories.salle(declarees=False)
    with refus("declaration_manquante"):
        verifier(salle, salle.metier)
    signer = {"epreuve": salle.epreuve, "genre": GenreDeclare.AUCUN, "auteur": salle.metier, "maintenant": JOUR}
    assert services.declarer(**signer) is True
    assert services.declarer(**signer) is True  # redire ne change rien
    assert Declaration.objects.count() == 1
    assert verifier(salle, salle.metier) == Qualite.METIER
    with refus("declaration_manquante"):
        verifier(salle, salle.certificateur)


def test_declarer_un_lien_retire_l_evaluateur_pour_tout_le_dossier():
    salle = factories.salle("B3", ("B3", "B4"))
    assert (
        services.declarer(
            epreuve=salle.epreuve, genre=GenreDeclare.PERSONNEL, auteur=salle.metier, maintenant=PLANIFICATION
        )
        is False
    )
    vue = selectors.epreuve_par_id(SYSTEME, salle.epreuve)
    assert (vue.etat, [e.personne for e in vue.evaluateurs]) == ("a_planifier", [salle.certificateur.id])
    with pytest.raises(Introuvable):
        verifier(salle, salle.metier)
    with pytest.raises(RefusDroit) as erreur:
        affecter(salle, salle.metier, salle.certificateur)
    assert erreur.value.code == "evaluateur_lien_declare"
    autre = selectors.epreuve_par_id(SYSTEME, factories.planifier(salle.monde, "B4"))
    examines = selectors.evaluateurs_examines(SYSTEME, autre, Qualite.METIER, LE_JOUR)
    assert [(e.personne, e.avis.obstacles) for e in examines] == [(salle.metier.id, (Obstacle.DECLARE,))]
    remplacant = comptes.avec_role(NatureRole.EVALUATEUR_METIER)
    affecter(salle, remplacant, salle.certificateur)
    assert selectors.epreuve_par_id(SYSTEME, salle.epreuve).etat == "affectee"


def test_seul_un_evaluateur_affecte_declare():
    salle = factories.salle()
    for qui in (salle.monde.candidat, salle.monde.gestionnaire, comptes.personne()):
        with pytest.raises(Introuvable):
            services.declarer(epreuve=salle.epreuve, genre=GenreDeclare.AUCUN, auteur=qui, maintenant=JOUR)


def test_une_declaration_reecrite_se_voit_au_journal():
    salle = factories.salle()
    scelles = {str(d.pk): sceaux.sceau_declaration(d).empreinte for d in Declaration.objects.all()}
    assert len(scelles) == 2
    inscrits = {
        s["cle"]: s["empreinte"]
        for entree in Entree.objects.exclude(scelles=[])
        for s in entree.scelles
        if s["table"] == sceaux.DECLARATION
    }
    assert inscrits == scelles
    une = Declaration.objects.get(evaluateur_id=salle.metier.id)
    une.genre = GenreDeclare.PERSONNEL
    assert sceaux.sceau_declaration(une).empreinte != scelles[str(une.pk)]


@pytest.mark.parametrize("ecriture", ["UPDATE {} SET genre = 'aucun'", "DELETE FROM {}", "TRUNCATE {}"])
def test_une_declaration_signee_ne_bouge_plus(ecriture):
    factories.salle()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as curseur:
        curseur.execute("SET CONSTRAINTS ALL IMMEDIATE")
        curseur.execute(ecriture.format(Declaration._meta.db_table))
    assert Declaration.objects.count() == 2
