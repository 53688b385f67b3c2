"""Le second regard : quels résultats en reçoivent un, qui peut le porter, sous quel délai, et la forme d'un avis."""

from __future__ import annotations

from itertools import product

import pytest
from fabrique import codes, referentiel

from moteur.decision import decider
from moteur.regles import second_regard
from moteur.regles.second_regard import Empechement, Motif, Sens, empechements, motifs, verifier_avis
from moteur.vocabulaire import Etat, Refus

V, N = Etat.VALIDE, Etat.NON_VALIDE


def test_la_table_entiere() -> None:
    """Toutes les combinaisons : verdict, marge, bascule discutée ou non, accord ou non."""
    for acquis, ampleur, discutee, sans_accord in product((True, False, None), (1, 2, 3), (True, False), (True, False)):
        marge = None if acquis is None else ampleur if acquis else -ampleur
        bascule = None if acquis is None else ("K1", "K2")
        attendus = set()
        if acquis is False and ampleur == 1:
            attendus.add(Motif.A_UN_CRITERE)
        if sans_accord:
            attendus.add(Motif.SANS_ACCORD)
        if acquis and ampleur == 1 and discutee:
            attendus.add(Motif.BASCULE_DISCUTEE)
        trouves = motifs(
            acquis=acquis,
            marge=marge,
            bascule=bascule,
            differaient=("K2", "K9") if discutee else ("K9",),
            sans_accord=sans_accord,
        )
        assert set(trouves) == attendus
        assert list(trouves) == [motif for motif in Motif if motif in attendus]


def du_bloc(
    etats: dict[str, Etat], differaient: tuple[str, ...] = (), *, sans_accord: bool = False
) -> tuple[Motif, ...]:
    (decision,) = decider(referentiel(), etats, blocs=("B3",)).blocs
    return motifs(
        acquis=decision.acquis,
        marge=decision.marge,
        bascule=decision.bascule,
        differaient=differaient,
        sans_accord=sans_accord,
    )


def tout_valide() -> dict[str, Etat]:
    return {code: V for code in codes(referentiel()) if code.startswith("K3.")}


def test_un_bloc_3_entierement_valide_sans_difference_n_en_recoit_pas() -> None:
    assert du_bloc(tout_valide()) == ()


def test_un_bloc_3_acquis_par_un_critere_discute_en_recoit_un() -> None:
    assert du_bloc(tout_valide(), ("K3.2.1",)) == (Motif.BASCULE_DISCUTEE,)


def test_un_bloc_3_manque_d_un_critere_en_recoit_un_de_deux_non() -> None:
    assert du_bloc(tout_valide() | {"K3.2.1": N}) == (Motif.A_UN_CRITERE,)
    assert du_bloc(tout_valide() | {"K3.2.1": N, "K3.2.2": N}) == ()


def test_un_critere_laisse_au_jury_en_donne_un() -> None:
    etats = tout_valide()
    del etats["K3.1.1"]
    assert du_bloc(etats, ("K3.1.1",), sans_accord=True) == (Motif.SANS_ACCORD,)
    assert du_bloc(etats | {"K3.2.1": N, "K3.3.1": N}, ("K3.1.1",), sans_accord=True) == (Motif.SANS_ACCORD,)


def test_chaque_motif_a_sa_phrase() -> None:
    assert list(second_regard.PHRASES) == list(Motif)
    assert second_regard.PHRASES[Motif.A_UN_CRITERE] == "Le bloc n'est pas acquis, à un critère près."
    assert second_regard.PHRASES[Motif.SANS_ACCORD] == "Les deux évaluateurs ne se sont pas accordés."
    assert second_regard.PHRASES[Motif.BASCULE_DISCUTEE] == (
        "Le bloc n'est acquis que par un critère sur lequel les deux lectures différaient."
    )


def test_qui_a_lu_l_epreuve_ou_evalue_encore_le_candidat_ne_peut_pas_la_relire() -> None:
    dits = {
        (a, e): empechements(a_evalue_l_epreuve=a, evalue_encore_le_candidat=e)
        for a, e in product((True, False), repeat=2)
    }
    assert dits == {
        (False, False): (),
        (True, False): (Empechement.A_EVALUE,),
        (False, True): (Empechement.EVALUE_ENCORE,),
        (True, True): (Empechement.A_EVALUE, Empechement.EVALUE_ENCORE),
    }


BLOC = ("K3.1.1", "K3.1.2")
REFUS = [
    (Sens.MAINTENIR, (), " \n", "motif_manquant", "Écrivez pourquoi : le jury lira vos raisons."),
    (Sens.RECONSIDERER, ("K1.1.1",), "Vu.", "critere_inconnu", "Le critère « K1.1.1 » n'est pas de ce bloc."),
    (Sens.MAINTENIR, ("K9",), "Vu.", "critere_inconnu", "Le critère « K9 » n'est pas de ce bloc."),
    (Sens.RECONSIDERER, (), "Vu.", "critere_manquant", "Dites quels critères le jury devrait reconsidérer."),
    (Sens.MAINTENIR, ("K3.1.1",), "Vu.", "critere_en_trop", "Maintenir le résultat ne désigne aucun critère à reconsidérer."),
]  # fmt: skip


@pytest.mark.parametrize(("sens", "criteres", "motif", "code", "message"), REFUS, ids=range(len(REFUS)))
def test_un_avis_mal_forme_est_refuse(
    sens: Sens, criteres: tuple[str, ...], motif: str, code: str, message: str
) -> None:
    with pytest.raises(Refus) as refus:
        verifier_avis(sens, criteres, motif, du_bloc=BLOC)
    assert (refus.value.code, refus.value.message) == (code, message)


def test_un_avis_bien_forme_passe() -> None:
    verifier_avis(Sens.MAINTENIR, (), "Les deux lectures disent la même chose.", du_bloc=BLOC)
    verifier_avis(Sens.RECONSIDERER, BLOC, "Le commentaire montre le geste.", du_bloc=BLOC)
