"""Le planificateur : tout plan rendu passe le vérificateur, un plan saboté est refusé, et l'on sait pourquoi rien ne tient."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parchemin.convocations.planificateur import glouton, solveur
from parchemin.convocations.planificateur.cout import cout
from parchemin.convocations.planificateur.instance import (
    TRAJET_INCONNU,
    AJuger,
    Candidat,
    Engagement,
    Evaluateur,
    Instance,
    Ouverture,
    Placement,
    Plage,
    Salle,
    hors_de,
    reunies,
)
from parchemin.convocations.planificateur.maitre import esquisser
from parchemin.convocations.planificateur.modele import Modele
from parchemin.convocations.planificateur.pourquoi import Relachement, Reponse, pourquoi
from parchemin.convocations.planificateur.terrain import Terrain
from parchemin.convocations.planificateur.verificateur import Defaut, Regle, defauts

JOUR = 24 * 60


def heure(jour: int, heures: float) -> int:
    return jour * JOUR + round(60 * heures)


def ouverture(jour: int, de: float, a: float) -> Ouverture:
    return Ouverture(Plage(heure(jour, de), heure(jour, a)), jour)


def libres(*jours: int, de: float = 9, a: float = 17) -> tuple[Plage, ...]:
    return tuple(Plage(heure(j, de), heure(j, a)) for j in jours)


METIER, CERTIFICATEUR = frozenset({"M", "N"}), frozenset({"K", "L"})


def petite(**change: object) -> Instance:
    """Deux jours, deux sites à une heure l'un de l'autre, une salle chacun ; un candidat, deux blocs ; quatre évaluateurs."""
    base = Instance(
        salles=tuple(Salle(f"salle {s}", s, (ouverture(1, 9, 12), ouverture(2, 9, 12))) for s in ("lille", "arras")),
        evaluateurs=tuple(Evaluateur(cle, libres(1, 2), 4, "lille") for cle in "KLMN"),
        candidats=(Candidat("C", 10),),
        epreuves=tuple(AJuger(f"C B{n}", "C", f"B{n}", 60, METIER, CERTIFICATEUR) for n in (1, 2)),
        trajets={frozenset(("lille", "arras")): 60},
    )
    return replace(base, **change)


BON = (
    Placement("C B1", "salle lille", heure(1, 9), "M", "K"),
    Placement("C B2", "salle lille", heure(1, 10), "M", "K"),
)


def test_un_plan_bon_n_a_aucun_defaut() -> None:
    assert defauts(petite(), BON) == ()


def avec(rang: int, **change: object) -> tuple[Placement, ...]:
    return tuple(replace(p, **change) if n == rang else p for n, p in enumerate(BON))


@pytest.mark.parametrize(
    ("plan", "attendus"),
    [
        ((*BON, Placement("Z", "salle lille", heure(2, 9), "M", "K")), [(Regle.EPREUVE_INCONNUE, "Z", "", "")]),
        (
            (*BON, Placement("C B1", "salle lille", heure(2, 9), "N", "L")),
            [(Regle.EPREUVE_DEUX_FOIS, "C B1", "", "")],
        ),
        (avec(1, salle="cave"), [(Regle.SALLE_INCONNUE, "C B2", "cave", "")]),
        (avec(1, debut=heure(1, 11.5)), [(Regle.SALLE_FERMEE, "C B2", "salle lille", "")]),
        (avec(1, metier="K"), [(Regle.DEUX_QUALITES, "C B2", "K", ""), (Regle.EVALUATEUR_ECARTE, "C B2", "K", "")]),
        (avec(1, metier="Q"), [(Regle.EVALUATEUR_INCONNU, "C B2", "Q", "")]),
        (avec(1, certificateur="N"), [(Regle.EVALUATEUR_ECARTE, "C B2", "N", "")]),
        (
            avec(1, salle="salle arras", metier="N", certificateur="L"),
            [(Regle.TRAJET_TROP_COURT, "C B1", "C", "C B2"), (Regle.TRAJET_TROP_COURT, "C B2", "C", "C B1")],
        ),
        (
            avec(1, debut=heure(1, 9.5), metier="N", certificateur="L"),
            [
                (Regle.SALLE_PRISE, "C B1", "salle lille", "C B2"),
                (Regle.SALLE_PRISE, "C B2", "salle lille", "C B1"),
                (Regle.CANDIDAT_PRIS, "C B1", "C", "C B2"),
                (Regle.CANDIDAT_PRIS, "C B2", "C", "C B1"),
            ],
        ),
    ],
)
def test_un_plan_sabote_est_refuse_avec_sa_raison(plan: tuple[Placement, ...], attendus: list[tuple[str, ...]]) -> None:
    assert defauts(petite(), plan) == tuple(Defaut(*attendu) for attendu in attendus)


def evaluateurs(**change: object) -> tuple[Evaluateur, ...]:
    """Les quatre, celui de ce nom changé : `evaluateurs(M={...})`."""
    return tuple(replace(e, **change.get(e.cle, {})) for e in petite().evaluateurs)


@pytest.mark.parametrize(
    ("change", "attendus"),
    [
        (
            {"evaluateurs": evaluateurs(M={"libre": libres(2)})},
            [(Regle.EVALUATEUR_INDISPONIBLE, n, "M") for n in (1, 2)],
        ),
        ({"evaluateurs": evaluateurs(K={"maximum": 1})}, [(Regle.MAXIMUM_DEPASSE, n, "K") for n in (1, 2)]),
        (
            {
                "evaluateurs": evaluateurs(
                    M={"engagements": (Engagement(Plage(heure(1, 11), heure(1, 12)), 1, "arras"),)}
                )
            },
            [(Regle.TRAJET_TROP_COURT, 2, "M")],
        ),
        (
            {"evaluateurs": evaluateurs(M={"engagements": (Engagement(Plage(heure(1, 10.5), heure(1, 12)), 1),)})},
            [(Regle.EVALUATEUR_PRIS, 2, "M")],
        ),
        (
            {"candidats": (Candidat("C", libre=libres(1, de=9.5)),)},
            [(Regle.CANDIDAT_INDISPONIBLE, 1, "C")],
        ),
        ({"occupees": {"salle lille": libres(1, de=10, a=10.5)}}, [(Regle.SALLE_PRISE, 2, "salle lille")]),
    ],
)
def test_ce_que_dit_l_instance_se_tient(change: dict[str, object], attendus: list[tuple[Regle, int, str]]) -> None:
    assert defauts(petite(**change), BON) == tuple(Defaut(regle, f"C B{n}", qui) for regle, n, qui in attendus)


def test_un_candidat_n_evalue_jamais_sa_propre_epreuve() -> None:
    instance = petite(
        evaluateurs=(*petite().evaluateurs, Evaluateur("C", libres(1, 2), 4)),
        epreuves=(replace(petite().epreuves[0], metiers=frozenset({"C"})),),
    )
    trouves = defauts(instance, [replace(BON[0], metier="C")])
    assert Defaut(Regle.EVALUATEUR_ECARTE, "C B1", "C") in trouves
    assert glouton.planifier(instance) == ()


def test_un_trajet_qu_on_ne_connait_pas_est_trop_long_pour_un_jour() -> None:
    assert petite(trajets={}).trajet("lille", "arras") == TRAJET_INCONNU
    assert petite().trajet("lille", None) == 0


def test_le_glouton_groupe_les_epreuves_d_un_candidat_le_premier_jour() -> None:
    plan = glouton.planifier(petite())
    assert [(p.epreuve, p.salle, p.debut) for p in plan] == [(p.epreuve, p.salle, p.debut) for p in BON]
    assert [len(passage) for passage in glouton.passages(petite(), plan)] == [2]
    assert (plan[0].metier, plan[0].certificateur) == (plan[1].metier, plan[1].certificateur)


def test_qui_attend_depuis_le_plus_longtemps_passe_d_abord() -> None:
    instance = petite(
        salles=petite().salles[:1],
        candidats=(Candidat("C", 10), Candidat("D", 90)),
        epreuves=tuple(AJuger(f"{c} B1", c, "B1", 180, METIER, CERTIFICATEUR) for c in "CD"),
    )
    assert [(p.epreuve, p.debut // JOUR) for p in glouton.planifier(instance)] == [("D B1", 1), ("C B1", 2)]


def test_un_passage_trop_long_se_coupe() -> None:
    instance = petite(
        salles=tuple(replace(s, ouvertures=(ouverture(1, 9, 10), ouverture(2, 9, 10))) for s in petite().salles)
    )
    plan = glouton.planifier(instance)
    assert ([p.debut // JOUR for p in plan], defauts(instance, plan)) == ([1, 2], ())
    assert cout(instance, plan).jours == 20


def test_ce_qui_est_fixe_ne_bouge_pas() -> None:
    fixe = Placement("C B2", "salle arras", heure(2, 10), "N", "L")
    plan = glouton.planifier(petite(), [fixe])
    assert plan[0] == fixe
    mieux = solveur.ameliorer(petite(), plan, secondes=3, fixes=[fixe], fils=1)
    assert (fixe in mieux.plan, defauts(petite(), mieux.plan), len(mieux.plan)) == (True, (), 2)


def test_les_plages() -> None:
    assert reunies([Plage(5, 9), Plage(1, 3), Plage(3, 6)]) == (Plage(1, 9),)
    assert hors_de([Plage(2, 4), Plage(6, 20)], Plage(0, 10)) == (Plage(0, 2), Plage(4, 6))
    assert hors_de([], Plage(0, 10)) == (Plage(0, 10),)


# Toute instance ------------------------------------------------------------------------------------------------------


@st.composite
def instances(tirage: st.DrawFn) -> Instance:
    """De petites instances serrées : des sites, des heures partielles, des engagements, des écartés, des épreuves longues."""
    nombre = st.integers
    sites = ["un", "deux"][: tirage(nombre(1, 2))]
    jours = range(1, tirage(nombre(2, 3)) + 1)

    def plages(qui: st.DrawFn) -> tuple[Plage, ...]:
        de, duree = qui(nombre(8, 11)), qui(nombre(2, 9))
        return tuple(Plage(heure(j, de), heure(j, de + duree)) for j in jours if qui(st.booleans()) or j == 1)

    def engagements(qui: st.DrawFn) -> tuple[Engagement, ...]:
        if not qui(st.booleans()):
            return ()
        jour, de = qui(st.sampled_from(list(jours))), qui(nombre(8, 14))
        return (Engagement(Plage(heure(jour, de), heure(jour, de + 1)), jour, qui(st.sampled_from([None, *sites]))),)

    salles = tuple(
        Salle(f"{site} {n}", site, tuple(ouverture(j, 9, 9 + tirage(nombre(1, 4))) for j in jours))
        for site in sites
        for n in range(tirage(nombre(1, 2)))
    )
    noms = [f"E{n}" for n in range(tirage(nombre(2, 5)))]
    gens = tuple(
        Evaluateur(
            nom, plages(tirage), tirage(nombre(0, 4)), tirage(st.sampled_from([None, *sites])), engagements(tirage)
        )
        for nom in noms
    )
    candidats = tuple(
        Candidat(f"C{n}", tirage(nombre(0, 90)), plages(tirage) if tirage(st.booleans()) else None, engagements(tirage))
        for n in range(tirage(nombre(1, 4)))
    )
    admis = st.frozensets(st.sampled_from(noms), min_size=1)
    epreuves = tuple(
        AJuger(f"{c.cle} B{b}", c.cle, f"B{b}", tirage(st.sampled_from([30, 45, 75])), tirage(admis), tirage(admis))
        for c in candidats
        for b in range(1, tirage(nombre(1, 3)) + 1)
    )
    occupees = {salles[0].cle: (Plage(heure(1, 9), heure(1, 10)),)} if tirage(st.booleans()) else {}
    trajets = {frozenset(sites): 90} if len(sites) == 2 and tirage(st.booleans()) else {}
    return Instance(salles, gens, candidats, epreuves, trajets, occupees)


@given(instances())
@settings(max_examples=200, deadline=None)
def test_tout_plan_du_glouton_passe_le_verificateur(instance: Instance) -> None:
    assert defauts(instance, glouton.planifier(instance)) == ()


@given(instances(), st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_tout_plan_du_solveur_passe_le_verificateur_et_ne_coute_jamais_plus(
    instance: Instance, donnees: st.DataObject
) -> None:
    plan = glouton.planifier(instance)
    fixes = donnees.draw(st.lists(st.sampled_from(plan), unique=True)) if plan else []
    mieux = solveur.ameliorer(instance, plan, secondes=5, fixes=fixes, fils=1)
    assert defauts(instance, mieux.plan) == ()
    assert mieux.borne <= mieux.cout == cout(instance, mieux.plan).total <= cout(instance, plan).total
    assert set(fixes) <= set(mieux.plan)


@given(instances(), st.data())
@settings(max_examples=200, deadline=None)
def test_un_plan_que_l_on_sabote_est_refuse(instance: Instance, donnees: st.DataObject) -> None:
    plan = list(glouton.planifier(instance))
    if not plan:
        return
    rang = donnees.draw(st.integers(0, len(plan) - 1))
    bon = plan[rang]
    sabote, regle = donnees.draw(
        st.sampled_from(
            [
                (replace(bon, metier=bon.certificateur), Regle.DEUX_QUALITES),
                (replace(bon, debut=bon.debut + 10 * JOUR), Regle.SALLE_FERMEE),
                (replace(bon, salle="nulle part"), Regle.SALLE_INCONNUE),
                (replace(bon, certificateur="personne"), Regle.EVALUATEUR_INCONNU),
            ]
        )
    )
    plan[rang] = sabote
    assert regle in {d.regle for d in defauts(instance, plan) if d.epreuve == bon.epreuve}


# Le solveur ----------------------------------------------------------------------------------------------------------


def test_le_solveur_fait_mieux_que_le_glouton_quand_il_y_a_mieux() -> None:
    """Le glouton donne la seule salle du premier jour à qui pouvait attendre ; le solveur échange."""
    instance = petite(
        salles=(Salle("salle lille", "lille", (ouverture(1, 9, 11), ouverture(2, 9, 11))),),
        candidats=(Candidat("C", 20), Candidat("D", 10, libre=libres(1))),
        epreuves=tuple(AJuger(f"{c} B1", c, "B1", 120, METIER, CERTIFICATEUR) for c in "CD"),
    )
    plan = glouton.planifier(instance)
    assert [p.epreuve for p in plan] == ["C B1"]
    dits: list[tuple[int, int]] = []
    mieux = solveur.ameliorer(
        instance, plan, secondes=5, fils=1, suivi=lambda cout, borne: dits.append((cout, borne)) or True
    )
    assert sorted((p.epreuve, p.debut // JOUR) for p in mieux.plan) == [("C B1", 2), ("D B1", 1)]
    assert (mieux.cout, mieux.ecart, defauts(instance, mieux.plan)) == (mieux.borne, 0.0, ())
    assert dits[-1][0] == mieux.cout


@given(instances())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_la_borne_ne_depasse_jamais_l_optimum_du_modele_entier(instance: Instance) -> None:
    """Deux modèles écrits à part : l'agrégé, desserré, et l'entier, résolu jusqu'au bout."""
    terrain = Terrain(instance, glouton.planifier(instance), ())
    if not terrain.passages:
        return
    optimum = Modele(terrain).resoudre(30, 1, 0, lambda *_: True)
    assert optimum is not None
    assert esquisser(terrain, 30).borne <= cout(instance, optimum).total


def test_les_candidats_qui_se_valent_ne_font_pas_perdre_la_borne() -> None:
    """Six candidats pareils, trois demi-journées d'une salle, une paire à deux épreuves par jour : l'esquisse tombe juste."""
    instance = petite(
        salles=(Salle("salle lille", "lille", tuple(ouverture(j, 9, 11) for j in (1, 2, 3))),),
        evaluateurs=tuple(Evaluateur(cle, libres(1, 2, 3), 2, "lille") for cle in "KM"),
        candidats=tuple(Candidat(f"C{n}") for n in range(6)),
        epreuves=tuple(AJuger(f"C{n} B1", f"C{n}", "B1", 60, METIER, CERTIFICATEUR) for n in range(6)),
    )
    mieux = solveur.ameliorer(instance, (), secondes=10, fils=1)
    # Deux par jour : 2 × (0 + 1 + 2) points d'attente, trois journées de deux personnes ; la part est de six.
    assert (mieux.cout, mieux.borne, len(mieux.plan)) == (6 + 12, 18, 6)


def test_qui_est_aussi_candidat_n_evalue_pas_pendant_sa_propre_epreuve() -> None:
    instance = petite(
        salles=tuple(Salle(f"salle {n}", "lille", (ouverture(1, 9, 10),)) for n in (1, 2)),
        evaluateurs=(*petite().evaluateurs, Evaluateur("D", libres(1), 4)),
        candidats=(Candidat("C"), Candidat("D")),
        epreuves=(
            AJuger("C B1", "C", "B1", 60, frozenset({"D"}), CERTIFICATEUR),
            AJuger("D B1", "D", "B1", 60, METIER, CERTIFICATEUR),
        ),
    )
    mieux = solveur.ameliorer(instance, glouton.planifier(instance), secondes=5, fils=1)
    assert (defauts(instance, mieux.plan), len(mieux.plan)) == ((), 1)


def test_dire_d_arreter_arrete() -> None:
    instance = petite()
    assert solveur.ameliorer(instance, (), secondes=5, fils=1, suivi=lambda *_: False).plan == ()


def test_une_instance_sans_rien_se_plan_aussi() -> None:
    vide = Instance((), (), (), ())
    assert glouton.planifier(vide) == ()
    assert solveur.ameliorer(vide, (), secondes=1).plan == ()


def test_ortools_ne_se_charge_qu_a_l_appel() -> None:
    lignes = (
        "import sys, parchemin.convocations.planificateur.solveur as s; print(s.disponible(), 'ortools' in sys.modules)"
    )
    fait = subprocess.run([sys.executable, "-c", lignes], capture_output=True, text=True, check=True)
    assert fait.stdout.split() == ["True", "False"]


# Pourquoi ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "relacher", "qui"),
    [
        ({"evaluateurs": evaluateurs(M={"maximum": 0}, N={"maximum": 0})}, (Relachement.MAXIMUM,), ("M",)),
        ({"candidats": (Candidat("C", libre=libres(1, de=11)),)}, (), ()),
        ({"candidats": (Candidat("C", libre=libres(3)),)}, (Relachement.HEURES_DU_CANDIDAT,), ()),
        ({"salles": (Salle("s", "lille", (ouverture(1, 9, 9.5),)),)}, (Relachement.OUVERTURE,), ()),
        (
            {"evaluateurs": evaluateurs(M={"libre": ()}, N={"libre": ()})},
            (Relachement.DISPONIBILITE,),
            ("M",),
        ),
        ({"occupees": {f"salle {s}": libres(1, 2) for s in ("lille", "arras")}}, (Relachement.SALLE,), ()),
        (
            {"candidats": (Candidat("C", engagements=tuple(Engagement(p, 1) for p in libres(1, 2, de=0, a=24))),)},
            (Relachement.PERIODE,),
            (),
        ),
        (
            {"epreuves": tuple(replace(e, metiers=frozenset()) for e in petite().epreuves)},
            (Relachement.ADMISSIBLE,),
            (),
        ),
        (
            {
                "evaluateurs": evaluateurs(M={"maximum": 0}, N={"maximum": 0}),
                "candidats": (Candidat("C", libre=libres(3)),),
            },
            (Relachement.MAXIMUM, Relachement.HEURES_DU_CANDIDAT),
            ("M",),
        ),
    ],
)
def test_la_plus_petite_chose_a_relacher(
    change: dict[str, object], relacher: tuple[Relachement, ...], qui: tuple[str, ...]
) -> None:
    reponse = pourquoi(petite(**change), (), "C B1")
    assert (reponse.relacher, reponse.placement is not None, reponse.qui) == (relacher, True, qui)


def test_rien_de_ce_qu_on_sait_relacher_ne_suffit() -> None:
    assert pourquoi(petite(evaluateurs=()), (), "C B1") == Reponse((), None)
