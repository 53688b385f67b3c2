"""Ce que la base refuse elle-même, quel que soit le code qui l'appelle."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from parchemin.comptes.enums import NatureRole
from parchemin.comptes.models import Compte, Invitation, Organisme, Personne, Role
from parchemin.comptes.tests import factories
from parchemin.comptes.tests.factories import JADIS
from parchemin.socle.bases import contrainte_violee

pytestmark = pytest.mark.django_db


def refusee(ligne) -> str:
    """La contrainte que viole l'enregistrement de cette ligne."""
    with pytest.raises(IntegrityError) as erreur, transaction.atomic():
        ligne.save()
    return contrainte_violee(erreur.value)


def test_un_courriel_en_capitales_n_entre_pas():
    acteur = factories.personne()
    assert refusee(Personne(prenom="A", nom="B", courriel_pro="A@b.example")) == "personne_courriel_minuscule"
    assert (
        refusee(Compte(courriel="A@b.example", personne_id=acteur.id, ouvert_le=JADIS)) == "compte_courriel_minuscule"
    )
    invitation = Invitation(
        empreinte="0", personne_id=acteur.id, courriel="A@b.example", emise_le=JADIS, expire=JADIS + timedelta(1)
    )
    assert refusee(invitation) == "invitation_courriel_minuscule"


def test_un_role_ouvert_n_existe_qu_une_fois_meme_sans_organisme():
    acteur = factories.avec_role(NatureRole.TUTEUR)
    commun = {"personne_id": acteur.id, "nature": NatureRole.TUTEUR, "du": date(2026, 1, 1)}
    assert refusee(Role(**commun)) == "role_une_fois_ouvert"
    Role(**commun, au=date(2026, 2, 1)).save()
    assert refusee(Role(**commun, au=date(2025, 12, 31))) == "role_dates_en_ordre"


def test_une_seule_invitation_court_par_personne_et_elle_expire_apres_son_emission():
    acteur = factories.personne()
    commun = {"personne_id": acteur.id, "courriel": "a@b.example", "emise_le": JADIS}
    Invitation(empreinte="1", expire=JADIS + timedelta(1), **commun).save()
    assert refusee(Invitation(empreinte="2", expire=JADIS + timedelta(1), **commun)) == "invitation_une_en_cours"
    assert refusee(Invitation(empreinte="3", expire=JADIS, **commun)) == "invitation_expire_apres"


def test_ce_que_l_on_ecrit_dans_un_journal_technique_ne_nomme_personne():
    acteur = factories.personne("Zoé", "Élan")
    courriel = factories.compte(acteur)
    assert courriel not in repr(Compte.objects.get())
    assert str(Compte.objects.get()) == str(Compte.objects.get().pk)
    assert str(Personne.objects.get(pk=acteur.id)) == "Zoé Élan"
    assert str(Organisme(nom="Entier", nom_court="Court")) == "Court"
    assert str(Role(nature=NatureRole.TUTEUR, du=date(2026, 1, 1))) == "tuteur du 2026-01-01"
    invitation = Invitation()
    assert str(invitation) == str(invitation.pk)
