"""La décision entière : sa forme exacte, ses raisons, ses options, ses refus."""

from __future__ import annotations

import pytest
from fabrique import codes, referentiel

from moteur.decision import decider, decider_competence
from moteur.marge import Renversement
from moteur.phrases import accorder, enumerer
from moteur.vocabulaire import Etat, Refus

PETIT = ((2, 1), (1,))


def petit(**etats: str) -> dict[str, Etat]:
    """`K1_1_2="valide"` donne l'état de K1.1.2."""
    return {code.replace("_", "."): Etat(etat) for code, etat in etats.items()}


def test_la_forme_complete_d_une_decision() -> None:
    decision = decider(referentiel(PETIT), petit(K1_1_1="valide", K1_1_2="non_valide", K2_1_1="valide"))
    assert decision.referentiel == "essai@2021"
    assert decision.en_json() == {
        "certification": {
            "acquis": False,
            "marge": -2,
            "bascule": ["K1.1.2", "K1.2.1"],
            "blocs_manquants": ["B1"],
        },
        "blocs": {
            "B1": {
                "acquis": False,
                "competences_acquises": 0,
                "competences": 2,
                "requis": 2,
                "marge": -2,
                "bascule": ["K1.1.2", "K1.2.1"],
                "detail": {
                    "C1.1": {
                        "acquis": False,
                        "valides": 1,
                        "criteres": 2,
                        "requis": 2,
                        "ouverts": [],
                        "marge": -1,
                        "bascule": ["K1.1.2"],
                    },
                    "C1.2": {
                        "acquis": None,
                        "valides": 0,
                        "criteres": 1,
                        "requis": 1,
                        "ouverts": ["K1.2.1"],
                        "marge": None,
                        "bascule": None,
                    },
                },
            },
            "B2": {
                "acquis": True,
                "competences_acquises": 1,
                "competences": 1,
                "requis": 1,
                "marge": 1,
                "bascule": ["K2.1.1"],
                "detail": {
                    "C2.1": {
                        "acquis": True,
                        "valides": 1,
                        "criteres": 1,
                        "requis": 1,
                        "ouverts": [],
                        "marge": 1,
                        "bascule": ["K2.1.1"],
                    }
                },
            },
        },
    }


def test_rien_de_tranche_tout_est_ouvert() -> None:
    decision = decider(referentiel(), {})
    certification = decision.certification
    assert certification is not None
    assert (certification.acquis, certification.marge, certification.bascule) == (None, None, None)
    assert certification.blocs_manquants == ("B1", "B2", "B3", "B4")
    assert [(bloc.acquis, bloc.marge, bloc.bascule) for bloc in decision.blocs] == [(None, None, None)] * 4


def test_tout_valide_tout_est_acquis_et_la_marge_est_celle_des_blocs_sans_tolerance() -> None:
    decision = decider(referentiel(), dict.fromkeys(codes(referentiel()), Etat.VALIDE))
    certification = decision.certification
    assert certification is not None
    assert (certification.acquis, certification.marge, certification.blocs_manquants) == (True, 1, ())
    assert certification.bascule == tuple(code for code in codes(referentiel()) if code[1] in "34")
    assert [bloc.marge for bloc in decision.blocs] == [2, 2, 1, 1]


def test_le_renversement_dit_par_quels_enfants_il_passe() -> None:
    decision = decider(referentiel(PETIT), petit(K1_1_1="valide", K1_1_2="non_valide", K2_1_1="valide"))
    assert decision.certification is not None
    assert decision.certification.renversement == Renversement(False, 2, ("K1.1.2", "K1.2.1"), (0,))
    assert decision.bloc("B1").renversement == Renversement(False, 2, ("K1.1.2", "K1.2.1"), (0, 1))
    assert decision.competence("C1.1").renversement == Renversement(False, 1, ("K1.1.2",), (1,))


def test_les_blocs_demandes_seulement() -> None:
    decision = decider(referentiel(PETIT), petit(K2_1_1="valide"), blocs=["B2"])
    assert decision.certification is None
    assert [bloc.code for bloc in decision.blocs] == ["B2"]
    assert decision.en_json()["certification"] is None


def test_les_blocs_sortent_dans_l_ordre_du_referentiel() -> None:
    assert [bloc.code for bloc in decider(referentiel(), {}, blocs=["B3", "B1"]).blocs] == ["B1", "B3"]


def test_un_bloc_acquis_par_une_autre_voie_n_a_ni_marge_ni_bascule() -> None:
    decision = decider(referentiel(PETIT), petit(K1_2_1="non_valide"), blocs_acquis={"B1": "equivalence"})
    bloc = decision.bloc("B1")
    assert (bloc.acquis, bloc.marge, bloc.bascule, bloc.origine) == (True, None, (), "equivalence")
    assert (bloc.competences_acquises, decision.competence("C1.2").acquis) == (0, False)
    assert decision.certification is not None
    assert (decision.certification.acquis, decision.certification.blocs_manquants) == (None, ("B2",))
    json_du_bloc = decision.en_json()["blocs"]["B1"]  # type: ignore[index]
    assert (json_du_bloc["origine"], json_du_bloc["marge"], json_du_bloc["bascule"]) == ("equivalence", None, [])


def test_la_marge_de_la_certification_ignore_les_blocs_acquis_par_une_autre_voie() -> None:
    etats = petit(K1_1_1="non_valide", K1_1_2="non_valide", K1_2_1="non_valide", K2_1_1="non_valide")
    sans = decider(referentiel(PETIT), etats).certification
    avec = decider(referentiel(PETIT), etats, blocs_acquis={"B1": "equivalence"}).certification
    assert sans is not None
    assert avec is not None
    assert (sans.acquis, sans.marge, sans.bascule) == (False, -4, ("K1.1.1", "K1.1.2", "K1.2.1", "K2.1.1"))
    assert (avec.acquis, avec.marge, avec.bascule) == (False, -1, ("K2.1.1",))


def test_tous_les_blocs_acquis_par_une_autre_voie_la_certification_est_acquise_sans_marge() -> None:
    decision = decider(referentiel(PETIT), {}, blocs_acquis={"B1": "equivalence", "B2": "vae"})
    certification = decision.certification
    assert certification is not None
    assert (certification.acquis, certification.marge, certification.bascule) == (True, None, ())
    assert certification.blocs_manquants == ()
    assert certification.renversement is None
    assert decision.en_json()["certification"] == {
        "acquis": True,
        "marge": None,
        "bascule": [],
        "blocs_manquants": [],
    }


def test_un_bloc_acquis_d_ailleurs_qu_on_ne_demande_pas_est_sans_effet() -> None:
    decision = decider(referentiel(PETIT), {}, blocs=["B2"], blocs_acquis={"B1": "equivalence"})
    assert [(bloc.code, bloc.origine) for bloc in decision.blocs] == [("B2", None)]


REFUS = [
    ({"K9": "valide"}, {}, "critere_inconnu", "Le critère « K9 » n'existe pas dans le référentiel essai@2021."),
    (
        {"K1.1.1": "valide"},
        {"blocs": ["B2"]},
        "critere_hors_blocs",
        "Le critère « K1.1.1 » n'appartient pas aux blocs demandés.",
    ),
    (
        {"K1.1.1": "validé"},
        {},
        "etat_inconnu",
        "L'état « validé » du critère « K1.1.1 » n'est pas admis ; il faut l'un de : valide, non_valide, non_observe.",
    ),
    ({}, {"blocs": ["B1", "B9"]}, "bloc_inconnu", "Le bloc « B9 » n'existe pas dans le référentiel essai@2021."),
    (
        {},
        {"blocs_acquis": {"B9": "equivalence"}},
        "bloc_inconnu",
        "Le bloc « B9 » n'existe pas dans le référentiel essai@2021.",
    ),
    # L'ordre des refus : le bloc, puis le critère inconnu, puis hors des blocs, puis l'état.
    ({"K9": "validé"}, {"blocs": ["B9"]}, "bloc_inconnu", None),
    ({"K1.1.1": "validé", "K9": "valide"}, {"blocs": ["B2"]}, "critere_inconnu", None),
    ({"K2.1.1": "validé", "K1.1.1": "valide"}, {"blocs": ["B2"]}, "critere_hors_blocs", None),
]


@pytest.mark.parametrize(("etats", "options", "code", "message"), REFUS, ids=range(len(REFUS)))
def test_les_refus(etats: dict[str, Etat], options: dict[str, list[str]], code: str, message: str | None) -> None:
    with pytest.raises(Refus) as refus:
        decider(referentiel(PETIT), etats, **options)  # type: ignore[arg-type]
    assert refus.value.code == code
    assert message is None or refus.value.message == message


def test_on_retrouve_un_bloc_et_une_competence_et_l_on_refuse_les_autres() -> None:
    decision = decider(referentiel(PETIT), {}, blocs=["B2"])
    assert decision.bloc("B2").code == "B2"
    assert decision.competence("C2.1").code == "C2.1"
    with pytest.raises(Refus) as refus:
        decision.bloc("B1")
    assert (refus.value.code, refus.value.message) == ("bloc_inconnu", "Le bloc « B1 » n'est pas dans cette décision.")
    with pytest.raises(Refus) as refus:
        decision.competence("C1.1")
    assert (refus.value.code, refus.value.message) == (
        "competence_inconnue",
        "La compétence « C1.1 » n'est pas dans cette décision.",
    )


def test_un_critere_absent_est_ouvert() -> None:
    competence = referentiel(PETIT).competence("C1.1")
    decision = decider_competence(competence, {"K1.1.2": Etat.VALIDE}, 1)
    assert (decision.acquis, decision.ouverts, decision.valides) == (True, ("K1.1.1",), 1)


def test_les_raisons_d_une_competence() -> None:
    competence = referentiel().competence("C1.1")  # 5 critères, il en faut 4

    def raison(*etats: str) -> str:
        return decider_competence(
            competence, {f"K1.1.{rang}": Etat(etat) for rang, etat in enumerate(etats, 1)}, 4
        ).raison

    assert raison("valide", "valide", "valide", "valide", "non_valide") == (
        "C1.1 est validée : 4 critères validés sur 5, il en faut 4 (COMPETENCE-VALIDEE)."
    )
    assert raison("valide", "non_valide", "non_valide") == (
        "C1.1 n'est pas validée : 1 critère validé sur 5, il en faut 4, 2 restent à trancher (COMPETENCE-VALIDEE)."
    )
    assert raison("valide", "valide", "valide", "non_valide") == (
        "C1.1 n'est pas encore décidée : 3 critères validés sur 5, il en faut 4, 1 reste à trancher "
        "(COMPETENCE-VALIDEE)."
    )


def test_les_raisons_d_un_bloc() -> None:
    tout = dict.fromkeys(codes(referentiel(PETIT)), Etat.VALIDE)
    assert decider(referentiel(PETIT), tout).bloc("B1").raison == (
        "B1 est validé : 2 compétences acquises sur 2, il en faut 2 (BLOC-VALIDE)."
    )
    assert decider(referentiel(PETIT), {**tout, "K1.2.1": Etat.NON_VALIDE}).bloc("B1").raison == (
        "B1 n'est pas validé : 1 compétence acquise sur 2, il en faut 2 (BLOC-VALIDE)."
    )
    assert decider(referentiel(PETIT), {}).bloc("B1").raison == (
        "B1 n'est pas encore décidé : 0 compétence acquise sur 2, il en faut 2 (BLOC-VALIDE)."
    )
    assert decider(referentiel(PETIT), {}, blocs_acquis={"B1": "equivalence"}).bloc("B1").raison == (
        "B1 compte comme acquis, par une autre voie (origine : equivalence)."
    )


def test_les_raisons_de_la_certification() -> None:
    def raison(etats: dict[str, Etat]) -> str:
        certification = decider(referentiel(PETIT), etats).certification
        assert certification is not None
        return certification.raison

    tout = dict.fromkeys(codes(referentiel(PETIT)), Etat.VALIDE)
    assert raison(tout) == "La certification est obtenue : tous les blocs sont acquis (CERTIFICATION-OBTENUE)."
    assert raison({**tout, "K2.1.1": Etat.NON_VALIDE}) == (
        "La certification n'est pas obtenue : il manque B2 (CERTIFICATION-OBTENUE)."
    )
    assert raison({}) == "La certification n'est pas encore décidée : il manque B1 et B2 (CERTIFICATION-OBTENUE)."


def test_le_francais_compte_et_enumere() -> None:
    assert [accorder(n, "jour", "jours") for n in (0, 1, 2)] == ["0 jour", "1 jour", "2 jours"]
    assert [enumerer(mots) for mots in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a et b", "a, b et c"]
