"""Les équivalences des règlements publiés : leur forme, leurs jours, la table de toutes les versions à une date."""

from __future__ import annotations

from datetime import date

import pytest

from moteur.regles.equivalence_de_bloc import Equivalence, Place
from parchemin.referentiels.fichier import problemes_du_contenu
from parchemin.referentiels.selectors import equivalences
from parchemin.referentiels.tests.factories import equivalence, fichier, petit, publier, reconnaitre
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.refus import Refus

JOUR = date(2026, 11, 24)
ETEINTES = tuple(
    Equivalence(Place("RNCP35729", bloc), Place("cqp-cos@2021", bloc), None, None, active=False)
    for bloc in ("B1", "B2")
)


@pytest.mark.django_db
def test_chaque_version_dit_ce_qu_elle_reconnait_et_le_livre_n_a_rien_d_allume(django_assert_num_queries):
    publier()
    assert equivalences(SYSTEME, JOUR) == ETEINTES
    publier(petit(equivalences=[equivalence("cqp-cos@2021 B1", "B2", "2026-01-01", "2026-12-31")]))
    with django_assert_num_queries(1):
        lues = equivalences(SYSTEME, JOUR)
    assert lues == (
        *ETEINTES,
        Equivalence(
            Place("cqp-cos@2021", "B1"),
            Place("cqp-petit@2026", "B2"),
            date(2026, 1, 1),
            date(2026, 12, 31),
            active=True,
        ),
    )


@pytest.mark.django_db
def test_l_edition_qui_compte_est_celle_du_jour():
    version = publier()
    reconnaitre(version, equivalence("RNCP35729 B1", "B1"), depuis=date(2026, 10, 1))
    assert equivalences(SYSTEME, date(2026, 9, 30)) == ETEINTES
    assert equivalences(SYSTEME, date(2026, 10, 1)) == (
        Equivalence(Place("RNCP35729", "B1"), Place("cqp-cos@2021", "B1"), None, None, active=True),
    )


@pytest.mark.django_db
def test_une_edition_ne_reconnait_pas_deux_blocs_de_sa_version():
    version = publier()
    with pytest.raises(Refus) as refus:
        reconnaitre(version, equivalence("cqp-cos@2021 B2", "B1"))
    assert refus.value.code == "reglement_invalide"
    assert equivalences(SYSTEME, JOUR) == ETEINTES


@pytest.mark.parametrize(
    ("ligne", "defauts"),
    [
        (
            equivalence("cqp-cos@2021 B2", "B1"),
            ("cqp-cos@2021 B2 → B1 : une équivalence joint deux versions, pas deux blocs de la même.",),
        ),
        (equivalence("RNCP1 B2", "B9"), ("le bloc « B9 » n'existe pas dans la norme.",)),
        (equivalence("RNCP1 B2", "B1", "2026-02-30"), ("le 2026-02-30 n'existe pas dans le calendrier.",)),
        (
            equivalence("RNCP1 B2", "B1", "2026-02-02", "2026-02-01"),
            ("RNCP1 B2 → B1 : elle finirait avant d'avoir commencé.",),
        ),
        (equivalence("RNCP1 B2", "B1", "2026-02-01", "2026-02-01"), ()),
    ],
)
def test_les_defauts_du_fichier(ligne, defauts):
    lu = fichier()
    lu.reglement["editions"][0]["reglages"]["equivalences"]["valeur"] = [ligne]
    assert tuple(dit.partition(" : ")[2] for dit in problemes_du_contenu(lu)) == defauts


def test_le_petit_referentiel_n_a_pas_de_defaut():
    assert problemes_du_contenu(petit(equivalences=[equivalence("cqp-cos@2021 B1", "B2")])) == ()
