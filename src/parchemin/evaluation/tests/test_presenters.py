"""Ce que les pages disent, sans base ni client : la marge en mots, qui a la main, le temps d'une phase."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import uuid4

import pytest

from moteur.decision import decider
from moteur.faits import Fait
from moteur.grille import grille_courante
from moteur.regles import grille_complete
from moteur.vocabulaire import Etat
from parchemin.convocations.selectors import epreuve_par_id
from parchemin.convocations.tests import factories as convocations
from parchemin.convocations.tests.factories import JOUR
from parchemin.evaluation import presenters, selectors
from parchemin.evaluation.tests import factories
from parchemin.referentiels.selectors import norme
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.composants import RangeePoints, Ton
from parchemin.socle.horloge import jour_civil
from parchemin.socle.typographie import heure

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("acquis", "marge", "candidats", "phrase"),
    [
        (True, 1, 2, "À un critère de la décision contraire."),
        (False, -1, 1, "À un critère de la décision contraire."),
        (True, 1, 33, "À un critère de la décision contraire, n’importe lequel de 33."),
        (False, -7, 7, "À 7 critères de la décision contraire."),
        (None, None, 0, ""),
        (True, None, 0, ""),
    ],
)
def test_la_marge_se_dit_en_mots(acquis, marge, candidats, phrase):
    assert presenters.phrase_marge(acquis, marge, candidats) == phrase


def _balle(salle, lecteur: Acteur):
    vue = epreuve_par_id(SYSTEME, salle.epreuve)
    lectures = selectors.etat_des_lectures(lecteur, vue)
    toutes = selectors.lectures_scellees(salle.epreuve)
    bloc = selectors.bloc_de(SYSTEME, vue)
    ecarts = selectors.ecarts_de(SYSTEME, vue, toutes) if len(toutes) == 2 else None
    page = presenters.page_epreuve(
        lecteur, vue, bloc, lectures, ecarts, None, peut_gerer=False, aujourdhui=jour_civil(JOUR), carnet=True
    )
    return page.balle.qui, page.balle.a_vous


def test_qui_a_la_main_est_nomme_a_chaque_pas():
    salle = convocations.salle()
    vue = epreuve_par_id(SYSTEME, salle.epreuve)
    metier, certificateur = (e.nom for e in vue.evaluateurs)
    assert _balle(salle, salle.metier) == (f"{metier} et {certificateur}", True)
    assert _balle(salle, salle.monde.gestionnaire) == (f"{metier} et {certificateur}", False)
    factories.remplir(salle, salle.metier, {"K3.1.1"})
    factories.clore(salle, salle.metier)
    assert _balle(salle, salle.metier) == (certificateur, False)
    assert _balle(salle, salle.certificateur) == (certificateur, True)
    factories.remplir(salle, salle.certificateur)
    factories.clore(salle, salle.certificateur)
    assert _balle(salle, salle.metier) == (f"{metier} et {certificateur}", True)


def test_la_main_passe_a_l_autre_quand_on_s_est_prononce():
    from parchemin.evaluation import services
    from parchemin.evaluation.enums import Position

    salle = factories.deux_lectures(convocations.salle(), {"K3.1.1"})
    vue = epreuve_par_id(SYSTEME, salle.epreuve)
    metier, certificateur = (e.nom for e in vue.evaluateurs)
    acte = {"epreuve": salle.epreuve, "critere": "K3.1.1", "maintenant": factories.CLOTURE}
    services.se_prononcer(choix=Position.VALIDE, motif="Réécouté.", auteur=salle.metier, **acte)
    assert _balle(salle, salle.metier) == (certificateur, False)
    services.se_prononcer(choix=Position.NON_VALIDE, motif="Non.", auteur=salle.certificateur, **acte)
    assert _balle(salle, salle.metier) == (f"{metier} et {certificateur}", True)


def _grille(salle, *gestes, maintenant=JOUR, masquee=True, **options):
    vue = epreuve_par_id(SYSTEME, salle.epreuve)
    arbre = norme(SYSTEME, vue.norme)
    bloc = arbre.bloc(vue.bloc)
    faits = [
        Fait(str(uuid4()), "e", "v", "a", rang, cible, valeur, None, {}, instant, 0, "n")
        for rang, (cible, valeur, instant) in enumerate(gestes, start=1)
    ]
    return presenters.page_grille(
        vue,
        bloc,
        grille_courante(faits),
        {},
        scellee=False,
        masquee=masquee,
        requis={c.code: arbre.seuil_competence.requis(len(c.criteres)) for c in bloc.competences()},
        maintenant=maintenant,
        personne=salle.metier.id,
        **options,
    )


@pytest.mark.parametrize(
    ("cible", "valeurs", "sujet", "dites"),
    [
        ("critere:K3.1.1", ("valide", "non_valide"), "K3.1.1", ("validé", "non validé")),
        ("critere:K3.1.1", ("valide", None), "K3.1.1", ("validé", "rien")),
        ("question:K3.1.2:q", ("Et ?", "É" * 80), "Une question sur K3.1.2", ("« Et ? »", f"« {'É' * 59}… »")),
        ("phase:observation:duree", (20, 21), "Observation (durée écrite)", ("20 min", "21 min")),
        ("competence_abordee:C3.1", (True, False), "C3.1 abordée", ("oui", "non")),
        ("entretien:e1", ({"alternative": "double_ecoute"}, None), "Un entretien", ("« Double écoute »", "rien")),
        (
            "alternative",
            ("double_ecoute", "accueil_physique"),
            "La voie de l’épreuve",
            ("« Double écoute »", "« Accueil physique »"),
        ),
    ],
)
def test_un_conflit_dit_de_quoi_il_parle_et_ce_qu_en_dit_chaque_appareil(cible, valeurs, sujet, dites):
    """Sur la grille, et à la clôture qu'il empêche."""
    salle = convocations.salle()
    vue = epreuve_par_id(SYSTEME, salle.epreuve)
    bloc = selectors.bloc_de(SYSTEME, vue)
    faits = [
        Fait(str(uuid4()), "e", "v", appareil, 1, cible, valeur, None, {}, JOUR, 0, "n")
        for appareil, valeur in zip("ab", valeurs, strict=True)
    ]
    grille = grille_courante(faits)
    page = presenters.page_grille(
        vue, bloc, grille, {}, scellee=False, masquee=True, requis={c.code: 1 for c in bloc.competences()},
        maintenant=JOUR, personne=salle.metier.id,
    )  # fmt: skip
    (conflit,) = page.conflits
    dit = conflit.phrase
    assert conflit.textes == ()
    assert dit.startswith(f"{sujet} : deux de vos appareils ne disent pas la même chose : ")
    assert sorted(dit.partition("chose : ")[2].partition(". Choisissez")[0].split(", ")) == sorted(
        f"{une} à {heure(JOUR)}" for une in dites
    )
    cloture = presenters.page_cloture(
        vue, bloc, [m for m in grille_complete.manques(bloc, grille) if m.code == "conflit"], [],
        scellee=False, masquee=True,
    )  # fmt: skip
    assert [lien.libelle for lien in cloture.manques] == [
        f"{sujet} : deux de vos appareils ne disent pas la même chose, choisissez ce qui est juste."
    ]


@pytest.mark.parametrize(
    ("cible", "valeur", "dit"),
    [
        ("phase:observation:debut", True, "Observation : début"),
        ("phase:questions:debut", True, "Questions : début"),
        ("phase:questions:fin", True, "Questions : fin"),
        ("phase:observation:fin", None, "Observation : fin (retiré)"),
        ("phase:observation:duree", 21, "Observation : durée écrite"),
        ("phase:observation:pause:p1", {"motif": "Alerte"}, "Observation : pause, Alerte"),
        ("phase:observation:pause:p1", None, "Observation : pause (retiré)"),
        ("phase:observation:reprise:p1", True, "Observation : reprise"),
    ],
)
def test_un_geste_de_phase_se_dit_sans_s_accorder(cible, valeur, dit):
    salle = convocations.salle("B1", ("B1",))
    geste = Fait(str(uuid4()), "e", "v", "a", 1, cible, valeur, None, {}, JOUR, 0, "n")
    (vue,) = _grille(salle, gestes=(selectors.Geste(geste, None),)).gestes
    assert vue.libelle == dit


@pytest.mark.parametrize(
    ("reprise", "dite"),
    [
        (None, "en cours"),
        (timedelta(minutes=3), "3 min"),
        (-timedelta(minutes=2), "de durée inconnue"),  # retirée puis remise, elle repart de l'heure où on l'a remise
    ],
)
def test_une_pause_dit_sa_duree_ou_qu_elle_ne_se_connait_pas(reprise, dite):
    salle = convocations.salle("B1", ("B1",))
    vue = epreuve_par_id(SYSTEME, salle.epreuve)
    bloc = selectors.bloc_de(SYSTEME, vue)
    gestes = [("a", "debut", True, JOUR), ("b", "pause:p1", {"motif": "Appel."}, JOUR)]
    if reprise is not None:
        gestes.append(("c", "reprise:p1", True, JOUR + reprise))
    faits = [
        Fait(str(uuid4()), "e", "v", appareil, 1, f"phase:observation:{cible}", valeur, None, {}, instant, 0, "n")
        for appareil, cible, valeur, instant in gestes
    ]
    page = presenters.page_grille(
        vue, bloc, grille_courante(faits), {}, scellee=False, masquee=True,
        requis={c.code: 1 for c in bloc.competences()}, maintenant=JOUR, personne=salle.metier.id,
    )  # fmt: skip
    (pause,) = page.phases[0].pauses
    assert pause.libelle == f"Pause à {heure(JOUR)}, {dite} : Appel."


@pytest.mark.parametrize("valeurs", [(True, True), (True, None)])
@pytest.mark.parametrize(("cible", "sujet"), [("debut", "début"), ("fin", "fin"), ("reprise:p1", "reprise")])
def test_deux_chronometres_ne_se_choisissent_pas_la_duree_s_ecrit(cible, sujet, valeurs):
    """Refaire le geste mentirait sur l’heure : la page ne l’offre plus, et mène à la durée, qui l’emporte."""
    salle = convocations.salle("B1", ("B1",))
    vue = epreuve_par_id(SYSTEME, salle.epreuve)
    bloc = selectors.bloc_de(SYSTEME, vue)
    plus_tard = JOUR + timedelta(minutes=2)
    faits = [
        Fait(str(uuid4()), "e", "v", appareil, 1, f"phase:observation:{cible}", valeur, None, {}, instant, 0, "n")
        for appareil, valeur, instant in zip("ab", valeurs, (JOUR, plus_tard), strict=True)
    ]

    def page(*plus):
        return presenters.page_grille(
            vue, bloc, grille_courante([*faits, *plus]), {}, scellee=False, masquee=True,
            requis={c.code: 1 for c in bloc.competences()}, maintenant=JOUR, personne=salle.metier.id,
        )  # fmt: skip

    contredite = page()
    (conflit,) = contredite.conflits
    tete, dites = conflit.phrase.rsplit(" : ", 1)
    assert tete == f"Observation ({sujet}) : deux de vos appareils ne disent pas la même chose"
    assert set(dites.removesuffix(".").split(", ")) == {
        f"à {heure(JOUR)}",
        f"{'retiré ' if valeurs[1] is None else ''}à {heure(plus_tard)}",
    }
    assert (conflit.issue.libelle, conflit.issue.url) == (
        "Écrivez la durée dans « Les conditions de l’épreuve »",
        "#duree-observation",
    )
    assert contredite.phases[0].contredites == {cible.partition(":")[0]}
    assert contredite.phases[1].contredites == frozenset()
    (manque,) = (m for m in grille_complete.manques(bloc, grille_courante(faits)) if m.code == "conflit")
    cloture = presenters.page_cloture(vue, bloc, [manque], [], scellee=False, masquee=True)
    assert [lien.libelle for lien in cloture.manques] == [f"{tete}, écrivez la durée."]
    ecrite = page(Fait(str(uuid4()), "e", "v", "c", 1, "phase:observation:duree", 21, None, {}, JOUR, 0, "n"))
    assert (ecrite.conflits, ecrite.phases[0].etat) == ((), "finie")


@pytest.mark.parametrize(
    ("cible", "textes", "sujet"),
    [("commentaire:K3.1.2", ("Écoute.", "É" * 300), "La remarque de K3.1.2"), ("lieu", ("Poste 3", ""), "Le lieu")],
)
def test_deux_textes_qui_se_contredisent_se_donnent_en_entier(cible, textes, sujet):
    salle = convocations.salle()
    vue = epreuve_par_id(SYSTEME, salle.epreuve)
    bloc = selectors.bloc_de(SYSTEME, vue)
    faits = [
        Fait(str(uuid4()), "e", "v", appareil, 1, cible, valeur, None, {}, JOUR, 0, "n")
        for appareil, valeur in zip("ab", textes, strict=True)
    ]
    page = presenters.page_grille(
        vue, bloc, grille_courante(faits), {}, scellee=False, masquee=True,
        requis={c.code: 1 for c in bloc.competences()}, maintenant=JOUR, personne=salle.metier.id,
    )  # fmt: skip
    (conflit,) = page.conflits
    assert conflit.phrase.startswith(f"{sujet} : deux de vos appareils ne disent pas la même chose.")
    assert {(texte.quand, texte.texte) for texte in conflit.textes} == {(f"Écrit à {heure(JOUR)}", un) for un in textes}


def test_une_phase_commence_court_puis_se_finit():
    salle = convocations.salle("B1", ("B1",))
    page = _grille(salle)
    assert (page.courante.court, page.courante.etat, page.courante.depuis_ms) == ("Observation", "a_commencer", None)
    page = _grille(salle, ("phase:observation:debut", True, JOUR), maintenant=JOUR + timedelta(minutes=14, seconds=32))
    assert (page.courante.etat, page.courante.compteur, page.courante.jauge.valeur) == ("en_cours", "14:32", 14)
    assert page.courante.depuis_ms == round(JOUR.timestamp() * 1000)
    page = _grille(
        salle, ("phase:observation:debut", True, JOUR), ("phase:observation:duree", 21, JOUR + timedelta(minutes=21))
    )
    assert (page.courante.court, page.phases[0].jauge.atteinte) == ("Questions", True)


def test_une_phase_finie_garde_ses_instants():
    """Sans eux, la page ne saurait rien en refaire sans réseau : ni rendre le chronomètre, ni ôter une pause."""
    salle = convocations.salle("B1", ("B1",))
    debut = round(JOUR.timestamp() * 1000)
    finie = _grille(
        salle,
        ("phase:observation:debut", True, JOUR),
        ("phase:observation:pause:p1", {"motif": "Alerte"}, JOUR + timedelta(minutes=8)),
        ("phase:observation:reprise:p1", True, JOUR + timedelta(minutes=15)),
        ("phase:observation:fin", True, JOUR + timedelta(minutes=30)),
    ).phases[0]
    assert (finie.etat, finie.depuis_ms, finie.arret_ms) == ("finie", debut, debut + 30 * 60_000)
    assert {nom: (quand - debut) // 60_000 for nom, quand in json.loads(finie.bornes).items()} == {
        "debut": 0,
        "fin": 30,
        "pause:p1": 8,
        "reprise:p1": 15,
    }
    ecrite = _grille(salle, ("phase:observation:duree", 0, JOUR)).phases[0]
    assert (ecrite.etat, json.loads(ecrite.bornes)) == ("finie", {"duree": 0})


def test_une_pause_arrete_le_chronometre_et_se_lit_avec_son_motif():
    salle = convocations.salle("B1", ("B1",))
    gestes = (
        ("phase:observation:debut", True, JOUR),
        ("phase:observation:pause:p1", {"motif": "Alerte"}, JOUR + timedelta(minutes=8)),
        ("phase:observation:reprise:p1", True, JOUR + timedelta(minutes=15)),
    )
    en_pause = _grille(salle, *gestes[:2], maintenant=JOUR + timedelta(minutes=12)).courante
    assert (en_pause.etat, en_pause.compteur, en_pause.pause) == ("en_pause", "8:00", "p1")
    assert en_pause.arret_ms - en_pause.depuis_ms == 8 * 60_000
    reprise = _grille(salle, *gestes, maintenant=JOUR + timedelta(minutes=20)).courante
    assert (reprise.etat, reprise.pause, reprise.arret_ms) == ("en_cours", "", None)
    assert [trace.cible for trace in reprise.pauses] == ["phase:observation:pause:p1"]


def test_une_duree_prevue_dit_ce_qui_reste_et_un_amenagement_l_allonge():
    salle = convocations.salle("B1", ("B1",))
    debut = ("phase:questions:debut", True, JOUR)
    questions = _grille(salle, debut, maintenant=JOUR + timedelta(minutes=3, seconds=10)).phases[1]
    assert (questions.reste, questions.attendu) == ("reste 12 min", "prévu 15 min")
    amenagee = _grille(salle, debut, maintenant=JOUR + timedelta(minutes=22), durees={"questions": 20}).phases[1]
    assert (amenagee.reste, amenagee.attendu) == ("dépassé de 2 min", "prévu 20 min, durée aménagée")


def test_un_entretien_d_une_autre_voie_dit_qu_il_ne_compte_pas():
    salle = convocations.salle("B1", ("B1",))
    gestes = (
        ("entretien:e1", {"alternative": None}, JOUR),
        ("alternative", "double_ecoute", JOUR),
        ("entretien:e2", {"alternative": "double_ecoute"}, JOUR),
        ("entretien:e3", {"alternative": "double_ecoute"}, JOUR),
    )

    def dits(*plus, **options):
        page = _grille(salle, *gestes, *plus, **options)
        return [trace.libelle for trace in page.entretiens], page.comptes[0].jauge.valeur, bool(page.conseil_de_voie)

    tous = ["Entretien 1", "Entretien 2", "Entretien 3"]
    ailleurs = ("alternative", "accueil_physique", JOUR)
    assert dits() == (tous, 3, False)
    assert dits(ailleurs, melange=True) == (tous, 3, False)
    a_part = [f"{nom} (Double écoute), ne compte pas" for nom in tous[1:]]
    assert dits(ailleurs) == ([tous[0], *a_part], 1, True)
    assert dits(("alternative", None, JOUR)) == ([tous[0], *a_part], 1, True)


def test_la_page_porte_la_table_des_entretiens_qui_comptent():
    salle = convocations.salle("B1", ("B1",))
    entretiens, courriers = _grille(salle, ("entretien:e1", {"alternative": "double_ecoute"}, JOUR)).comptes
    toutes = ["", "double_ecoute", "accueil_physique"]
    assert json.loads(entretiens.voies) == {"entretien:e1": "double_ecoute"}
    assert json.loads(entretiens.comptent) == {
        "": toutes,
        "double_ecoute": ["double_ecoute"],
        "accueil_physique": ["accueil_physique"],
    }
    melange = _grille(salle, melange=True).comptes[0]
    assert json.loads(melange.comptent) == dict.fromkeys(toutes, toutes)
    assert (courriers.voies, courriers.comptent) == ("", "")


def test_un_appareil_en_avance_ne_donne_pas_un_temps_negatif():
    salle = convocations.salle("B1", ("B1",))
    page = _grille(salle, ("phase:observation:debut", True, JOUR + timedelta(hours=3)))
    assert page.courante.compteur == "0:00"


def test_les_questions_de_l_entretien_se_rangent_dans_l_ordre_du_moteur():
    salle = convocations.salle("B2", ("B2",))
    gestes = (
        ("critere:K2.1.1", "non_valide", JOUR),
        ("critere:K2.1.2", "valide", JOUR),
        ("competence_abordee:C2.1", True, JOUR),
        ("question:K2.1.1:q", "Pourquoi ?", JOUR),
    )
    page = _grille(salle, *gestes, questions=True, aides=presenters.Aides({"K2.1.1": ("De la banque ?",)}))
    codes = [vue.code for vue in page.entretien]
    assert (codes[0], codes[-1], "K2.1.2" in codes, len(codes)) == ("K2.2.1", "K2.1.1", False, 19)
    assert [(q.texte, q.posee) for q in page.entretien[-1].questions] == [
        ("De la banque ?", False),
        ("Pourquoi ?", True),
    ]
    assert page.reglages["rangs"] == {
        "true": {"": 1, "valide": None, "non_valide": 2, "non_observe": 1},
        "false": {"": 0, "valide": None, "non_valide": 2, "non_observe": 0},
    }


def test_une_remarque_qui_nomme_quelqu_un_previent():
    salle = convocations.salle("B3", ("B3",))
    page = _grille(salle, ("commentaire:K3.1.1", "Rappelé au 06 12 34 56 78.", JOUR))
    assert page.competences[0].criteres[0].choix.indication == (
        "Ce texte semble porter un numéro de téléphone. Aucun usager ne doit pouvoir y être reconnu."
    )


def test_le_seuil_ne_se_montre_que_si_le_reglement_le_permet():
    salle = convocations.salle("B3", ("B3",))
    gestes = (("critere:K3.1.1", "valide", JOUR), ("critere:K3.1.2", "non_observe", JOUR))
    masquee, montree = _grille(salle, *gestes), _grille(salle, *gestes, masquee=False)
    assert (masquee.competences[0].avancement, masquee.competences[0].points) == (
        "2 sur 4\N{NO-BREAK SPACE}renseignés",
        None,
    )
    assert montree.competences[0].points == RangeePoints(1, 0, 3, 4)
    assert montree.competences[0].avancement == "1\N{NO-BREAK SPACE}validé ; il en faut 4"


def test_la_carte_d_un_bloc_dit_la_marge_et_ce_qui_l_a_fait_pencher():
    salle = factories.evalue("B3", {"K3.2.1"}, convocations.salle("B3", ("B3",)))
    arbre = norme(SYSTEME, epreuve_par_id(SYSTEME, salle.epreuve).norme)
    resultat = selectors.resultat(SYSTEME, salle.epreuve)
    decision = decider(arbre, resultat.etats, blocs=("B3",))
    carte = presenters.carte_bloc(arbre.bloc("B3"), decision.blocs[0], resultat, {})
    assert (carte.statut.ton, carte.statut.libelle) == (Ton.NON, "non acquis")
    assert [ligne.points for ligne in carte.lignes] == [
        RangeePoints(4, 0, 0, 4),
        RangeePoints(2, 1, 0, 3),
        RangeePoints(3, 0, 0, 3),
    ]
    assert [code for code, _ in carte.bascule] == ["K3.2.1"]
    assert [code for code, _ in carte.lignes[1].manquants] == ["K3.2.1"]
    assert resultat.etats["K3.2.1"] is Etat.NON_VALIDE
