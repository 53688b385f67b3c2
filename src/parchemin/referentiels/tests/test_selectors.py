"""Lire : la norme par son empreinte, les mots sans accents."""

from __future__ import annotations

import pytest

from moteur.empreinte import empreinte
from parchemin.referentiels.fichier import charger_norme
from parchemin.referentiels.models import Version
from parchemin.referentiels.selectors import (
    chercher,
    contenu_norme,
    libelles_courts,
    norme,
    version_d_empreinte,
    version_publiee,
    versions_publiees,
)
from parchemin.referentiels.selectors.versions import _norme
from parchemin.referentiels.tests.factories import autre_norme, fichier, publier
from parchemin.registre import sceaux
from parchemin.registre.models import Entree
from parchemin.socle.refus import Introuvable

pytestmark = pytest.mark.django_db


def test_la_norme_publiee_est_l_arbre_du_fichier():
    version = publier()
    assert norme(None, version.empreinte) == charger_norme("cqp-cos@2021")
    assert contenu_norme(None, version.empreinte) == fichier().norme
    assert empreinte(contenu_norme(None, version.empreinte)) == version.empreinte


def test_la_norme_ne_se_lit_qu_une_fois_en_base(django_assert_num_queries):
    version = publier()
    _norme.cache_clear()
    with django_assert_num_queries(1):
        premiere = norme(None, version.empreinte)
        assert norme(None, version.empreinte) is premiere


def test_chaque_norme_a_la_sienne():
    ancienne, nouvelle = publier(), publier(fichier(version="2026", norme=autre_norme(fichier())))
    assert norme(None, ancienne.empreinte).critere("K1.1.1").intitule.endswith("catégorie de cotisant")
    assert norme(None, nouvelle.empreinte).critere("K1.1.1").intitule.endswith("catégorie de cotisant (2026)")
    assert version_d_empreinte(None, nouvelle.empreinte) == nouvelle
    assert versions_publiees(None) == (nouvelle, ancienne)


def test_ce_qui_n_est_pas_publie_est_introuvable():
    publier()
    for lire in (
        lambda: version_publiee(None, "cqp-cos", "2022"),
        lambda: version_publiee(None, "cqp", "2021"),
        lambda: version_d_empreinte(None, "0" * 64),
        lambda: norme(None, "0" * 64),
    ):
        with pytest.raises(Introuvable):
            lire()


@pytest.mark.parametrize(
    ("texte", "codes"),
    [
        ("prevention", ["C2.4"]),
        ("PRÉVENTION indus", ["C2.4"]),
        ("K4.4.3", ["K4.4.3"]),
        ("c4.4", ["C4.4"]),
        ("k4.4 bon", ["K4.4.1", "K4.4.2", "K4.4.3"]),
        ("fraudes suspicions", ["C2.5", "K2.5.1"]),
        ("saisies de masse", ["A4"]),
        ("maitrise risques", ["B2", "A2"]),
        ("œuvre", ["K1.4.4", "A2"]),
        ("introuvable", []),
        ("", []),
        ("  ...  ", []),
    ],
)
def test_chercher_sans_accents_dans_l_ordre_de_la_norme(texte, codes):
    version = publier()
    assert [t.code for t in chercher(None, version.empreinte, texte)] == codes


def test_une_trouvaille_dit_ou_elle_est():
    version = publier()
    (trouvaille,) = chercher(None, version.empreinte, "K2.5.3")
    assert (trouvaille.nature, trouvaille.bloc, trouvaille.competence) == ("Critère", "B2", "C2.5")


def test_les_libelles_courts_nomment_chaque_bloc_et_chaque_competence():
    version = publier()
    arbre = norme(None, version.empreinte)
    attendus = {bloc.code for bloc in arbre.blocs} | {competence.code for competence in arbre.competences()}
    assert set(libelles_courts(None, version)) == attendus


def test_le_registre_sait_relire_chaque_ligne_scellee():
    publier()
    for scelle in Entree.objects.get().scelles:
        table = sceaux.table(scelle["table"])
        assert table is not None
        assert table.lister is not None
        assert table.relire(scelle["cle"]) == scelle["empreinte"]
        assert [str(cle) for cle in table.lister()] == [scelle["cle"]]
        assert table.relire("00000000-0000-4000-8000-000000000000") is None


def test_un_sceau_change_avec_chaque_colonne():
    from parchemin.referentiels.selectors.scelles import sceau_version

    publier()
    ligne = Version.objects.get()
    sceaux_vus = {sceau_version(ligne).empreinte}
    for colonne, valeur in (
        ("code", "x"),
        ("version", "x"),
        ("norme", "{}"),
        ("auteur_id", "x"),
        ("publiee_le", ligne.publiee_le.replace(year=2027)),
    ):
        modifiee = Version.objects.get()
        setattr(modifiee, colonne, valeur)
        sceaux_vus.add(sceau_version(modifiee).empreinte)
    assert len(sceaux_vus) == 6
