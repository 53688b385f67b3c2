"""Un refus a un code que l'on compare et un message que l'on lit."""

from __future__ import annotations

from uuid import UUID

import pytest

from moteur.vocabulaire import Refus as RefusMoteur
from parchemin.socle.acteur import SYSTEME, Acteur, NatureActeur
from parchemin.socle.refus import Introuvable, Refus, RefusDroit, au_nom_du_moteur


def test_un_refus_porte_son_code_son_message_ce_qui_est_garde_et_ce_qui_manque() -> None:
    refus = Refus("grille_incomplete", "Il manque deux critères.", conserve="Vos coches.", details=["K1.1.1", "K1.1.2"])
    assert (refus.code, refus.message, refus.conserve, refus.details) == (
        "grille_incomplete",
        "Il manque deux critères.",
        "Vos coches.",
        ("K1.1.1", "K1.1.2"),
    )
    assert str(refus) == "Il manque deux critères."
    assert repr(refus) == "Refus('grille_incomplete', 'Il manque deux critères.')"


def test_un_refus_nu_ne_garde_rien_et_n_enumere_rien() -> None:
    refus = RefusDroit("pas_gestionnaire", "Seul un gestionnaire inscrit.")
    assert (refus.conserve, refus.details) == ("", ())
    assert repr(refus) == "RefusDroit('pas_gestionnaire', 'Seul un gestionnaire inscrit.')"


def test_introuvable_ne_dit_pas_si_l_objet_existe() -> None:
    refus = Introuvable()
    assert (refus.code, refus.message) == (
        "introuvable",
        "Cette page n'existe pas, ou elle ne vous est pas ouverte.",
    )
    assert isinstance(refus, Refus)
    assert not isinstance(refus, RefusDroit)
    assert Introuvable("Ce dossier n'existe pas.").message == "Ce dossier n'existe pas."


def test_le_systeme_n_est_pas_une_personne() -> None:
    assert SYSTEME.est_systeme
    assert not Acteur(UUID(int=7)).est_systeme
    assert Acteur(UUID(int=7)) == Acteur(UUID(int=7), NatureActeur.PERSONNE)
    assert Acteur(SYSTEME.id) != SYSTEME


def test_le_refus_du_moteur_devient_le_notre_sans_changer_de_mots() -> None:
    with pytest.raises(Refus) as refus, au_nom_du_moteur():
        raise RefusMoteur("passage_interdit", "On ne passe pas.")
    assert (type(refus.value), refus.value.code, refus.value.message) == (Refus, "passage_interdit", "On ne passe pas.")
    with pytest.raises(KeyError), au_nom_du_moteur():
        raise KeyError("autre chose")
