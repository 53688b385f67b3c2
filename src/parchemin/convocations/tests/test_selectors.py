"""Ce qu'un lecteur voit des épreuves, et quand il cesse de le voir."""

from __future__ import annotations

import pytest

from parchemin.comptes.models import Role
from parchemin.comptes.services import retirer_role
from parchemin.convocations import selectors
from parchemin.convocations.tests import factories
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.horloge import jour_civil

pytestmark = pytest.mark.django_db


def test_qui_n_est_plus_evaluateur_ne_voit_plus_les_epreuves_ou_il_etait_affecte():
    salle = factories.salle()
    jour = jour_civil(factories.JOUR)
    assert [e.pk for e in selectors.epreuves_visibles(salle.metier, jour)] == [salle.epreuve]
    role = Role.objects.get(personne_id=salle.metier.id)
    retirer_role(role=role.pk, auteur=SYSTEME, maintenant=factories.JOUR)
    assert list(selectors.epreuves_visibles(salle.metier, jour)) == []
    assert list(selectors.epreuves_de_l_evaluateur(salle.metier, jour)) == []
    assert not selectors.evalue(salle.metier, salle.monde.dossier, jour)
    # Il n'en devient pas un lecteur des résultats pour autant : sa lecture manque toujours.
    assert selectors.juge_encore(salle.metier, salle.monde.dossier)
    assert [e.pk for e in selectors.epreuves_visibles(salle.certificateur, jour)] == [salle.epreuve]
