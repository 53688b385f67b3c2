"""Le récit est complet et se tient : ce que l'on peut vérifier sans base."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from django.contrib.auth.password_validation import validate_password

from parchemin.comptes.enums import SECOND_FACTEUR_EXIGE, NatureRole
from parchemin.comptes.models import Compte
from parchemin.demonstration.selectors import comptes, lire_recit, secret_totp
from parchemin.demonstration.services.chronologie import Chronologie
from parchemin.socle.horloge import PARIS


def test_un_compte_dit_quatre_choses_et_son_second_facteur_la_ou_il_en_faut_un() -> None:
    quatre = ["courriel", "mot_de_passe", "role", "a_voir"]
    assert [list(compte.en_json()) for compte in comptes()] == [
        [*quatre, "totp"] if compte.role in SECOND_FACTEUR_EXIGE else quatre for compte in comptes()
    ]
    assert len(comptes()) == 38


def test_chaque_secret_est_a_une_personne_et_ne_change_pas() -> None:
    secrets = [compte.totp for compte in comptes() if compte.totp]
    assert (len(set(secrets)), {len(secret) for secret in secrets}) == (len(secrets), {32})
    assert secret_totp("essai@caisse.example", NatureRole.GESTIONNAIRE) == "NRXGTN664B4HOCVWXDAZSGS4GF5CR25Z"


def test_chaque_role_a_au_moins_un_compte() -> None:
    assert {compte.role for compte in comptes()} == {nature.value for nature in NatureRole}


def test_chaque_compte_dit_ce_qu_il_faut_regarder_et_vit_dans_un_domaine_reserve() -> None:
    muets = [c.courriel for c in comptes() if not c.a_voir.endswith(".") or not c.courriel.endswith(".example")]
    assert muets == []


@pytest.mark.parametrize("compte", comptes(), ids=lambda compte: compte.courriel)
def test_le_mot_de_passe_passe_les_regles_de_la_maison(compte: object) -> None:
    courriel, mot = compte.courriel, compte.mot_de_passe  # type: ignore[attr-defined]
    validate_password(mot, Compte(courriel=courriel))


def test_le_recit_ne_nomme_que_des_gens_qui_existent_au_bon_role() -> None:
    recit = lire_recit()
    roles = {cle: personne.role for cle, personne in recit.personnes.items()}
    nommes = [
        (cle, role)
        for dossier in recit.dossiers
        for cle, role in (
            (dossier.candidat, NatureRole.CANDIDAT),
            (dossier.gestionnaire, NatureRole.GESTIONNAIRE),
            (dossier.tuteur, NatureRole.TUTEUR),
            (dossier.manager, NatureRole.MANAGER),
            *((epreuve.metier, NatureRole.EVALUATEUR_METIER) for epreuve in dossier.epreuves),
            *((epreuve.certificateur, NatureRole.EVALUATEUR_CERTIFICATEUR) for epreuve in dossier.epreuves),
        )
        if cle
    ]
    assert [(cle, role) for cle, role in nommes if roles[cle] != role] == []


def test_un_evaluateur_metier_n_est_pas_de_la_caisse_du_candidat() -> None:
    recit = lire_recit()
    assert [
        (dossier.candidat, epreuve.metier)
        for dossier in recit.dossiers
        for epreuve in dossier.epreuves
        if epreuve.metier and recit.personnes[epreuve.metier].organisme == recit.personnes[dossier.candidat].organisme
    ] == []


def test_personne_n_est_a_deux_epreuves_a_la_fois() -> None:
    places = [
        (personne, epreuve.prevue, epreuve.heure)
        for dossier in lire_recit().dossiers
        for epreuve in dossier.epreuves
        for personne in (dossier.candidat, epreuve.metier, epreuve.certificateur)
        if personne
    ]
    assert len(places) == len(set(places))


@pytest.mark.parametrize("jour", range(7))
def test_nul_n_est_attendu_a_deux_epreuves_a_la_fois_quel_que_soit_le_jour_ou_l_on_compose(jour: int) -> None:
    """Une fin de semaine glisse au jour ouvré voisin : deux épreuves de jours différents peuvent tomber le même."""
    chronologie = Chronologie(datetime(2026, 11, 23 + jour, 8, tzinfo=PARIS))
    prises: dict[str, list[datetime]] = {}
    for dossier in lire_recit().dossiers:
        for ecrite in dossier.epreuves:
            debut = chronologie.il_y_a(ecrite.prevue, ecrite.heure)
            for qui in filter(None, (dossier.candidat, ecrite.metier, ecrite.certificateur)):
                prises.setdefault(qui, []).append(debut)
    for qui, debuts in prises.items():
        assert all(apres - avant >= timedelta(hours=1) for avant, apres in pairwise(sorted(debuts))), qui
