"""Organisations, liens, réunions de fiches, rôles, habilitations, dates et ordre des actes tirés au hasard.

Aucune paire interdite n'atteint une grille scellée ni un résultat, et chaque refus nomme un obstacle vrai. Tout passe par les
vrais services. L'oracle (`Memoire`) est écrit à part : il ne lit ni la base ni le moteur, seulement ce que l'essai a fait.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from parchemin.comptes.enums import EtatHabilitation, GenreDeLien, Mission, NatureRole, QualiteRegistre
from parchemin.comptes.models import Role
from parchemin.comptes.services import (
    annuler_lien,
    changer_etat,
    clore_lien,
    declarer_lien,
    donner_role,
    fusionner,
    inscrire_au_registre,
    retirer_role,
)
from parchemin.comptes.tests import factories as comptes
from parchemin.convocations import services as convocations
from parchemin.convocations.enums import GenreDeclare
from parchemin.convocations.models import AVerifier
from parchemin.convocations.tests import factories as epreuves
from parchemin.convocations.tests.factories import JOUR, PLANIFICATION, Salle
from parchemin.evaluation import services
from parchemin.evaluation.enums import EtatReponse
from parchemin.evaluation.models import Lecture
from parchemin.evaluation.tests import factories
from parchemin.parcours.enums import GenreEtape, Voie
from parchemin.parcours.services import inscrire_etape, nommer_tuteur_manager
from parchemin.parcours.tests import factories as parcours
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.annonces import ecouler
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Introuvable, Refus

pytestmark = pytest.mark.django_db

LE_JOUR, AVANT = jour_civil(JOUR), jour_civil(PLANIFICATION)
VEILLE, LENDEMAIN = LE_JOUR - timedelta(days=1), LE_JOUR + timedelta(days=1)
METIER, CERTIFICATEUR = NatureRole.EVALUATEUR_METIER, NatureRole.EVALUATEUR_CERTIFICATEUR
BLOC = "B3"

# Ce qui se tire -------------------------------------------------------------------------------------------------------

TITRES = {"m0": (METIER, None), "m1": (METIER, None), "c0": (CERTIFICATEUR, None)} | {
    "d1": (CERTIFICATEUR, "o1"),
    "d2": (CERTIFICATEUR, "o2"),
}
"""Les évaluateurs : deux du métier, un du certificateur, et un délégué de chacun des deux délégataires."""
SANS_TITRE = ("candidat", "tuteur", "manager", "chef", "directrice", "x0", "x1")
QUI = st.sampled_from([*TITRES, *SANS_TITRE])
EVALUATEURS = st.sampled_from([*TITRES])
BORNES = st.sampled_from([None, LE_JOUR - timedelta(days=30), VEILLE, LE_JOUR, LENDEMAIN])
GENRES = st.sampled_from([GenreDeLien.HIERARCHIQUE] * 6 + list(GenreDeLien))
RETARD = st.sampled_from([0, 0, 0, 1])
HIERARCHIE = (GenreDeLien.HIERARCHIQUE, None, None)
HABILITATION = st.one_of(
    st.none(),
    st.tuples(
        st.sampled_from([None, ("B3",), ("B1",)]),
        st.sampled_from([Mission.EVALUER, Mission.EVALUER, Mission.PREPARER]),
        st.sampled_from([date(2025, 9, 1), LE_JOUR, LENDEMAIN]),
        st.sampled_from([None, VEILLE, LE_JOUR]),
    ).filter(lambda tiree: tiree[3] is None or tiree[2] <= tiree[3]),
)
"""D'un délégataire : ses blocs (tous, le bon, un autre), sa mission, son premier et son dernier jour ; ou aucune."""
LIEN = st.tuples(st.just("lien"), QUI, QUI, GENRES, BORNES, BORNES, st.booleans())
REUNIR = st.tuples(st.just("reunir"), QUI, QUI)
ROLE = st.tuples(st.sampled_from(["retirer", "redonner"]), EVALUATEURS, st.sampled_from([PLANIFICATION, JOUR]))
PREPARATIFS = st.one_of(
    LIEN,
    LIEN,
    LIEN,
    REUNIR,
    ROLE,
    st.tuples(st.just("annuler"), st.integers(0, 3)),
    st.tuples(st.just("clore"), st.integers(0, 3), st.sampled_from([VEILLE, LE_JOUR])),
    st.tuples(st.just("suspendre"), st.sampled_from(["o1", "o2"]), st.sampled_from([VEILLE, LE_JOUR, LENDEMAIN])),
    st.tuples(st.just("inscrire"), EVALUATEURS, st.sampled_from([LE_JOUR, LENDEMAIN, date(2027, 9, 1)])),
)
AFFECTER = st.one_of(
    st.tuples(st.just("affecter"), st.sampled_from(["m0", "m1"]), st.sampled_from(["c0", "d1", "d2"])),
    st.tuples(st.just("affecter"), QUI, QUI),
)
ACTE = st.one_of(
    PREPARATIFS,
    PREPARATIFS,
    AFFECTER,
    st.tuples(st.just("lire"), EVALUATEURS, RETARD),
    st.tuples(st.just("confirmer"), EVALUATEURS),
    st.tuples(st.sampled_from(["tuteur", "manager"]), QUI),
    st.tuples(st.just("declarer"), EVALUATEURS, st.sampled_from(list(GenreDeclare)), st.sampled_from([PLANIFICATION, JOUR])),
    st.tuples(st.just("recuser"), EVALUATEURS, st.sampled_from(["accueillie", "ecartee"])),
)  # fmt: skip


@st.composite
def histoires(tirer: Any) -> list[tuple[Any, ...]]:
    """Des préparatifs, une paire affectée, des actes en tout ordre, les deux lectures essayées, et encore des actes."""
    paire, retard = tirer(AFFECTER), tirer(RETARD)
    return [
        *tirer(st.lists(PREPARATIFS, max_size=5)),
        paire,
        *tirer(st.lists(ACTE, max_size=5)),
        ("lire", paire[1], retard),
        ("lire", paire[2], retard),
        *tirer(st.lists(ACTE, max_size=2)),
        ("confirmer", paire[1]),
        ("confirmer", paire[2]),
    ]


# L'oracle -------------------------------------------------------------------------------------------------------------


@dataclass
class UnLien:
    """Un lien que l'essai a déclaré, et qu'il a pu clore ou annuler depuis."""

    de: str
    vers: str
    genre: GenreDeLien
    du: date | None
    au: date | None
    de_ce_dossier: bool
    cle: UUID
    vaut: bool = True

    def tient(self, jour: date) -> bool:
        return self.vaut and (self.du or date.min) <= jour < (self.au or date.max)


@dataclass
class UnRole:
    """Un rôle d'évaluateur, de tel jour à tel autre non compris ; au nom d'un organisme, ou d'aucun."""

    qui: str
    nature: NatureRole
    organisme: str | None
    du: date
    au: date | None = None


@dataclass
class Memoire:
    """Ce que l'essai sait avoir fait : de quoi juger sans rien demander à ce qu'il éprouve."""

    vae: bool
    tetes: dict[str, str] = field(default_factory=dict)
    liens: list[UnLien] = field(default_factory=list)
    roles: list[UnRole] = field(default_factory=list)
    registre: list[tuple[str, NatureRole, date]] = field(default_factory=list)
    conventions: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    suspendues: dict[str, date] = field(default_factory=dict)
    tuteurs: set[str] = field(default_factory=set)
    managers: set[str] = field(default_factory=set)
    declares: set[str] = field(default_factory=set)
    recuses: set[str] = field(default_factory=set)
    places: dict[NatureRole, str] = field(default_factory=dict)
    designes: dict[str, str] = field(default_factory=dict)
    scelles: list[str] = field(default_factory=list)
    commencee: date | None = None

    def meme(self, un: str, autre: str) -> bool:
        """Les deux noms désignent-ils la même personne ? Deux fiches réunies n'en font qu'une."""
        return self.tetes[un] == self.tetes[autre]

    def est_parmi(self, qui: str, noms: set[str]) -> bool:
        return any(self.meme(qui, nom) for nom in noms)

    def place(self, qui: str) -> NatureRole | None:
        """La qualité en laquelle cette personne est en place."""
        return next((qualite for qualite, nom in self.places.items() if self.meme(nom, qui)), None)

    def liberer(self, qui: str) -> None:
        self.places = {qualite: nom for qualite, nom in self.places.items() if not self.meme(nom, qui)}

    def ouverture(self, qui: str, le: date) -> set[str]:
        """Ce qui interdit à un évaluateur en place d'ouvrir, de déclarer ou de sceller ce jour-là."""
        qualite = self.place(qui)
        if qualite is None:
            return set()
        autre = next((nom for nature, nom in self.places.items() if nature != qualite), None)
        return self.interdits(qui, qualite, autre, le, self.commencee or le)

    def affectation(self, qui: str, qualite: NatureRole, autre: str | None) -> set[str]:
        """Ce qui interdit à cette personne d'évaluer au jour prévu."""
        return self.interdits(qui, qualite, autre, LE_JOUR, self.commencee or LE_JOUR)

    def interdits(self, qui: str, qualite: NatureRole, autre: str | None, le: date, reel: date) -> set[str]:
        """Les codes de tout ce qui interdit : le rôle se juge au jour `le`, le reste aux jours de l'épreuve."""
        jours = {LE_JOUR, reel}
        au_nom_de = self._au_nom_de(qui, qualite, reel)
        inscrite = {
            renouveler for nom, nature, renouveler in self.registre if nature == qualite and self.meme(nom, qui)
        }
        relation = {
            GenreDeLien.FORMATION: (True, "evaluateur_est_formateur"),
            GenreDeLien.ACCOMPAGNEMENT: (self.vae, "evaluateur_est_accompagnateur"),
            GenreDeLien.PROFESSIONNEL: (self.vae, "evaluateur_lien_professionnel"),
            GenreDeLien.PERSONNEL: (self.vae, "evaluateur_lien_personnel"),
            GenreDeLien.DELIBERATION_ANNULEE: (True, "evaluateur_deliberation_annulee"),
        }
        vrais = {
            "evaluateur_est_candidat": self.meme(qui, "candidat"),
            "evaluateur_est_tuteur": self.est_parmi(qui, self.tuteurs),
            "evaluateur_est_manager": self.est_parmi(qui, self.managers),
            "evaluateur_lien_hierarchique": self._dans_la_lignee(qui, jours),
            "evaluateur_lien_declare": self.est_parmi(qui, self.declares),
            "evaluateur_recuse": self.est_parmi(qui, self.recuses),
            "evaluateur_deux_qualites": autre is not None and self.meme(qui, autre),
            "evaluateur_sans_role": not self._au_nom_de(qui, qualite, le),
            "evaluateur_non_habilite": qualite == CERTIFICATEUR
            and bool(au_nom_de)
            and None not in au_nom_de
            and not any(self._permet(organisme, reel) for organisme in au_nom_de if organisme),
            "evaluateur_habilitation_personnelle": bool(inscrite) and max(inscrite) <= reel,
        } | {
            code: ecarte and any(self._direct(lien, genre, qui, max(jours)) for lien in self.liens)
            for genre, (ecarte, code) in relation.items()
        }
        return {code for code, vrai in vrais.items() if vrai}

    def _au_nom_de(self, qui: str, nature: NatureRole, jour: date) -> set[str | None]:
        """Au nom de qui elle tient ce rôle ce jour-là ; vide : elle ne le tient pas."""
        tenus = (role for role in self.roles if role.nature == nature and self.meme(role.qui, qui))
        return {role.organisme for role in tenus if role.du <= jour < (role.au or date.max)}

    def _permet(self, organisme: str, jour: date) -> bool:
        if organisme not in self.conventions or jour >= self.suspendues.get(organisme, date.max):
            return False
        blocs, mission, du, dernier = self.conventions[organisme]
        return mission == Mission.EVALUER and (blocs is None or BLOC in blocs) and du <= jour <= (dernier or date.max)

    def _direct(self, lien: UnLien, genre: GenreDeLien, qui: str, dernier: date) -> bool:
        """Un lien du candidat à cette personne, de ce genre, qui compte pour ce dossier."""
        dans_un_sens = self.meme(lien.de, "candidat") and self.meme(lien.vers, qui)
        dans_l_autre = self.meme(lien.vers, "candidat") and self.meme(lien.de, qui)
        if not lien.vaut or lien.genre != genre or not (dans_un_sens or dans_l_autre):
            return False
        if genre in (GenreDeLien.FORMATION, GenreDeLien.ACCOMPAGNEMENT):
            return dans_un_sens
        if genre == GenreDeLien.DELIBERATION_ANNULEE:
            return lien.de_ce_dossier
        return lien.du is None or lien.du <= dernier

    def _dans_la_lignee(self, qui: str, jours: set[date]) -> bool:
        """L'un se rejoint de l'autre en montant ou en descendant : les jours de l'épreuve ; en VAE, un jour d'avant aussi."""
        if self.vae:
            bornes = {date.min} | {lien.du for lien in self.liens if lien.du}
            jours = {jour for jour in bornes if jour <= max(jours)}
        return any(self._se_rejoignent(qui, jour, sens) for jour in jours for sens in (1, -1))

    def _se_rejoignent(self, qui: str, jour: date, sens: int) -> bool:
        vus = a_voir = {self.tetes["candidat"]}
        while a_voir:
            pas = ((lien.de, lien.vers)[::sens] for lien in self.liens if self._encadre(lien, jour))
            a_voir = {self.tetes[vers] for de, vers in pas if self.tetes[de] in a_voir} - vus
            vus = vus | a_voir
        return self.tetes[qui] in vus - {self.tetes["candidat"]}

    def _encadre(self, lien: UnLien, jour: date) -> bool:
        return lien.genre == GenreDeLien.HIERARCHIQUE and lien.tient(jour)


# L'essai --------------------------------------------------------------------------------------------------------------

RELIRE = [
    ("affecter", "m0", "c0"),
    ("lire", "c0", 0),
    ("lire", "c0", 0),
    ("lien", "candidat", "c0", *HIERARCHIE, False),
    ("lire", "c0", 0),
]
"""Lire deux fois : ce qui est scellé ne reçoit plus rien, que l'évaluateur soit encore admis ou non."""
SEUL = [("affecter", "m0", "c0"), ("declarer", "m0", GenreDeclare.PERSONNEL, PLANIFICATION), ("lire", "m0", 0), ("lire", "c0", 0)]  # fmt: skip
"""L'un se retire avant l'épreuve : l'autre ne scelle rien seul, et ce qu'il avait noté n'est pas perdu."""
PAR_UNE_AUTRE_FICHE = [
    ("lien", "candidat", "x0", *HIERARCHIE, False),
    ("affecter", "m0", "c0"),
    ("lien", "x1", "directrice", *HIERARCHIE, False),
    ("reunir", "x0", "x1"),
    ("lire", "m0", 0),
    ("reunir", "directrice", "m0"),
    ("lire", "m0", 0),
    ("lire", "c0", 0),
]
"""La chaîne ne se ferme qu'une fois deux paires de fiches réunies, la seconde après le scellement."""
CONVENTION = (("B3",), Mission.EVALUER, date(2025, 9, 1), LE_JOUR)
PARTI = [
    ("affecter", "m0", "d1"),
    ("lire", "d1", 1),
    ("retirer", "m0", JOUR),
    ("lire", "m0", 0),
    ("redonner", "m0", JOUR),
    ("lire", "m0", 0),
    ("lire", "d1", 1),
]
"""Un délégué qui ouvre le lendemain de sa convention ; un rôle retiré puis redonné en cours ; l'épreuve, elle, a commencé à temps."""
FORMATEUR_SOUS_UN_AUTRE_NOM = [
    ("affecter", "m0", "c0"),
    ("lien", "candidat", "x0", GenreDeLien.FORMATION, None, None, False),
    ("reunir", "x0", "m0"),
    ("lire", "m0", 0),
    ("affecter", "m1", "c0"),
    ("reunir", "x1", "m1"),
    ("lien", "candidat", "x1", GenreDeLien.FORMATION, None, None, False),
    ("affecter", "m1", "c0"),
]
"""Un lien écrit sur une fiche réunie, avant comme après la réunion, écarte la fiche gardée."""
DEUX_QUALITES = [("reunir", "m0", "c0"), ("affecter", "m0", "c0"), ("affecter", "m1", "c0")]
"""Deux évaluateurs réunis n'en font qu'un : il ne tient pas les deux places."""
AUCUNE = {"o1": None, "o2": None}


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@example(histoire=RELIRE, vae=False, conventions=AUCUNE)
@example(histoire=SEUL, vae=False, conventions=AUCUNE)
@example(histoire=PAR_UNE_AUTRE_FICHE, vae=False, conventions=AUCUNE)
@example(histoire=PAR_UNE_AUTRE_FICHE, vae=True, conventions=AUCUNE)
@example(histoire=PARTI, vae=False, conventions={"o1": CONVENTION, "o2": None})
@example(histoire=FORMATEUR_SOUS_UN_AUTRE_NOM, vae=False, conventions=AUCUNE)
@example(histoire=FORMATEUR_SOUS_UN_AUTRE_NOM[1:], vae=False, conventions=AUCUNE)
@example(histoire=[("reunir", "x0", "m0"), *FORMATEUR_SOUS_UN_AUTRE_NOM], vae=False, conventions=AUCUNE)
@example(histoire=DEUX_QUALITES, vae=False, conventions=AUCUNE)
@given(
    histoire=histoires(),
    vae=st.booleans(),
    conventions=st.fixed_dictionaries({"o1": HABILITATION, "o2": HABILITATION}),
)
def test_aucune_paire_interdite_n_atteint_une_grille_scellee(
    histoire: list[tuple[Any, ...]], vae: bool, conventions: dict[str, tuple[Any, ...] | None]
) -> None:
    scene = Scene(vae, conventions)
    for acte, *quoi in histoire:
        refuse = _essayer(lambda acte=acte, quoi=quoi: getattr(scene, acte)(*quoi))
        if refuse is not None and refuse.startswith("evaluateur_"):
            assert refuse in scene.attendus, (refuse, acte, quoi, scene.attendus)
        elif refuse is None:
            assert scene.attendus == set(), (acte, quoi)
    scellees = Lecture.objects.filter(epreuve_id=scene.salle.epreuve)
    assert set(scellees.values_list("evaluateur_id", flat=True)) == {
        scene.gens[nom].id for nom in scene.memoire.scelles
    }
    scene.verifier_les_signalements()


class Scene:
    """Un candidat et son épreuve, cinq évaluateurs, deux délégataires ; chaque acte passe par les services, puis se retient.

    `attendus` : ce que l'oracle dit qui interdit le dernier acte, avant qu'il soit fait.
    """

    def __init__(self, vae: bool, conventions: dict[str, tuple[Any, ...] | None]) -> None:
        self.monde = _en_vae() if vae else epreuves.carnet.complet((BLOC,))
        self.organismes = {nom: comptes.organisme() for nom in conventions}
        self.memoire = Memoire(vae, tetes={nom: nom for nom in (*TITRES, *SANS_TITRE)})
        self.gens = {nom: comptes.personne(nom.capitalize()) for nom in ("chef", "directrice", "x0", "x1")}
        self.gens |= {"candidat": self.monde.candidat, "tuteur": self.monde.tuteur, "manager": self.monde.manager}
        for nom, (nature, organisme) in TITRES.items():
            self.gens[nom] = comptes.avec_role(nature, self.organismes[organisme] if organisme else None)
            self.memoire.roles.append(UnRole(nom, nature, organisme, jour_civil(comptes.JADIS)))
        if not vae:
            self.memoire.tuteurs, self.memoire.managers = {"tuteur"}, {"manager"}
        self.memoire.designes = {"tuteur": "tuteur", "manager": "manager"}
        self.habilitations = {nom: self._habiliter(nom, tiree) for nom, tiree in conventions.items() if tiree}
        epreuve = epreuves.planifier(self.monde, BLOC)
        self.salle = Salle(self.monde, BLOC, epreuve, self.gens["m0"], self.gens["c0"])
        self.attendus: set[str] = set()

    def _habiliter(self, nom: str, tiree: tuple[Any, ...]) -> UUID:
        self.memoire.conventions[nom] = tiree
        blocs, mission, du, dernier = tiree
        return comptes.habilitation(self.organismes[nom], blocs=blocs, missions={mission}, du=du, dernier_jour=dernier)

    def qui(self, nom: str) -> Acteur:
        """La personne que ce nom désigne aujourd'hui : sa fiche gardée."""
        return self.gens[self.memoire.tetes[nom]]

    def verifier_les_signalements(self) -> None:
        """Une épreuve ouverte dont un évaluateur est écarté est à vérifier, et le signalement dit tout ce qui l'écarte."""
        if self.memoire.commencee not in (None, LE_JOUR) or self._etablie():
            return
        ecouler()
        places = self.memoire.places
        vrais = {}
        for qualite, nom in places.items():
            autre = next((tenu for nature, tenu in places.items() if nature != qualite), None)
            vrais[self.qui(nom).id] = self.memoire.affectation(nom, qualite, autre)
        ouverts = AVerifier.objects.filter(epreuve_id=self.salle.epreuve, close_le=None)
        assert {un.evaluateur_id: set(un.obstacles) for un in ouverts} == {k: v for k, v in vrais.items() if v}

    def _etablie(self) -> bool:
        from parchemin.convocations.selectors import epreuve_par_id

        return epreuve_par_id(SYSTEME, self.salle.epreuve).etat == "accordee"

    # Les liens, les personnes, les titres ---------------------------------------------------------------------------

    def lien(
        self, de: str, vers: str, genre: GenreDeLien, du: date | None, au: date | None, de_ce_dossier: bool
    ) -> None:
        self.attendus = set()
        dossier = None
        if genre == GenreDeLien.DELIBERATION_ANNULEE:
            dossier = self.monde.dossier if de_ce_dossier else uuid4()
        ligne = declarer_lien(
            de=self.gens[de].id, vers=self.gens[vers].id, genre=genre, du=du, au=au, dossier=dossier,
            auteur=SYSTEME, maintenant=PLANIFICATION,
        )  # fmt: skip
        self.memoire.liens.append(UnLien(de, vers, genre, du, au, de_ce_dossier, ligne.pk))

    def annuler(self, rang: int) -> None:
        self.attendus = set()
        if len(self.memoire.liens) > rang:
            lien = self.memoire.liens[rang]
            annuler_lien(lien=lien.cle, motif="Erreur", auteur=SYSTEME, maintenant=PLANIFICATION)
            lien.vaut = False

    def clore(self, rang: int, au: date) -> None:
        self.attendus = set()
        if len(self.memoire.liens) > rang:
            lien = self.memoire.liens[rang]
            lien.cle = clore_lien(lien=lien.cle, au=au, auteur=SYSTEME, maintenant=PLANIFICATION).pk
            lien.au = au

    def reunir(self, alias: str, gardee: str) -> None:
        self.attendus = set()
        fusionner(alias=self.qui(alias).id, gardee=self.qui(gardee).id, auteur=SYSTEME, maintenant=PLANIFICATION)
        ancienne, tete = self.memoire.tetes[alias], self.memoire.tetes[gardee]
        self.memoire.tetes = {nom: tete if un == ancienne else un for nom, un in self.memoire.tetes.items()}

    def retirer(self, qui: str, quand: datetime) -> None:
        self.attendus = set()
        nature, jour = TITRES[qui][0], jour_civil(quand)
        for role in Role.objects.filter(personne_id=self.qui(qui).id, nature=nature).order_by("pk"):
            retirer_role(role=role.pk, auteur=SYSTEME, maintenant=quand)
        for tenu in self.memoire.roles:
            if self.memoire.meme(tenu.qui, qui) and tenu.nature == nature and (tenu.au is None or tenu.au > jour):
                tenu.au = max(jour, tenu.du)

    def redonner(self, qui: str, quand: datetime) -> None:
        self.attendus = set()
        nature, organisme = TITRES[qui]
        lieu = self.organismes[organisme] if organisme else None
        donner_role(personne=self.qui(qui).id, nature=nature, organisme=lieu, auteur=SYSTEME, maintenant=quand)
        self.memoire.roles.append(UnRole(qui, nature, organisme, jour_civil(quand)))

    def suspendre(self, organisme: str, effet: date) -> None:
        self.attendus = set()
        if organisme in self.habilitations:
            changer_etat(
                habilitation=self.habilitations[organisme], vers=EtatHabilitation.SUSPENDUE, effet=effet,
                motif="Contrôle", auteur=SYSTEME, maintenant=PLANIFICATION,
            )  # fmt: skip
            self.memoire.suspendues.setdefault(organisme, effet)

    def inscrire(self, qui: str, renouveler: date) -> None:
        self.attendus = set()
        nature = TITRES[qui][0]
        jadis = jour_civil(comptes.JADIS)
        inscrire_au_registre(
            personne=self.qui(qui).id, qualite=QualiteRegistre(nature.value), metier="Emploi", formation="Deux jours",
            formee_le=jadis, habilitee_le=jadis + (renouveler - VEILLE) % timedelta(days=7), renouveler_le=renouveler,
            auteur=SYSTEME, maintenant=PLANIFICATION,
        )  # fmt: skip
        self.memoire.registre.append((qui, nature, renouveler))

    def tuteur(self, qui: str) -> None:
        self._designer("tuteur", qui)

    def manager(self, qui: str) -> None:
        self._designer("manager", qui)

    def _designer(self, place: str, qui: str) -> None:
        self.attendus = set()
        voulus = self.memoire.designes | {place: qui}
        nommer_tuteur_manager(
            dossier=self.monde.dossier, tuteur=self.qui(voulus["tuteur"]).id, manager=self.qui(voulus["manager"]).id,
            auteur=self.monde.gestionnaire, maintenant=PLANIFICATION,
        )  # fmt: skip
        self.memoire.designes = voulus
        self.memoire.tuteurs.add(voulus["tuteur"])
        self.memoire.managers.add(voulus["manager"])

    # Les épreuves -----------------------------------------------------------------------------------------------------

    def affecter(self, metier: str, certificateur: str) -> None:
        self.attendus = self.memoire.affectation(metier, METIER, certificateur)
        self.attendus |= self.memoire.affectation(certificateur, CERTIFICATEUR, metier)
        convocations.affecter_evaluateurs(
            epreuve=self.salle.epreuve, metier=self.qui(metier).id, certificateur=self.qui(certificateur).id,
            auteur=self.monde.gestionnaire, maintenant=PLANIFICATION,
        )  # fmt: skip
        self.memoire.places = {METIER: metier, CERTIFICATEUR: certificateur}

    def declarer(self, qui: str, genre: GenreDeclare, quand: datetime) -> None:
        self.attendus = self.memoire.ouverture(qui, jour_civil(quand))
        convocations.declarer(epreuve=self.salle.epreuve, genre=genre, auteur=self.qui(qui), maintenant=quand)
        if genre != GenreDeclare.AUCUN:
            self.memoire.declares.add(qui)
            self.memoire.liberer(qui)

    def recuser(self, qui: str, reponse: str) -> None:
        self.attendus = set()
        recusation = convocations.recuser(
            epreuve=self.salle.epreuve, evaluateur=self.qui(qui).id, motif="Il me connaît.",
            auteur=self.qui("candidat"), maintenant=PLANIFICATION,
        )  # fmt: skip
        convocations.trancher(
            recusation=recusation, vers=reponse, motif="Entendu.", auteur=self.monde.gestionnaire,
            maintenant=PLANIFICATION,
        )  # fmt: skip
        if reponse == "accueillie":
            self.memoire.recuses.add(qui)
            self.memoire.liberer(qui)

    def lire(self, qui: str, retard: int) -> None:
        """Déclarer, remplir toute la grille, la clore ; ou, si elle est déjà close, essayer d'y écrire encore."""
        quand, auteur, epreuve = JOUR + timedelta(days=retard), self.qui(qui), self.salle.epreuve
        self.attendus = self.memoire.ouverture(qui, jour_civil(quand))
        convocations.declarer(epreuve=epreuve, genre=GenreDeclare.AUCUN, auteur=auteur, maintenant=quand)
        lot = factories.gestes_complets(self.salle, (), appareil=uuid4())
        reponses = services.recevoir_faits(epreuve=epreuve, lot=lot, auteur=auteur, maintenant=quand)
        if Lecture.objects.filter(epreuve_id=epreuve, evaluateur_id=auteur.id).exists():
            assert {reponse.code for reponse in reponses} == {"lecture_scellee"}  # ce qui est scellé ne bouge plus
            return
        assert {reponse.etat for reponse in reponses} == {EtatReponse.ACCEPTEE}
        if self.memoire.commencee is None and len(self.memoire.places) == 2:
            self.memoire.commencee = jour_civil(quand)
        self.attendus = self.memoire.ouverture(qui, jour_civil(quand))
        services.clore_lecture(epreuve=epreuve, auteur=auteur, maintenant=quand + timedelta(hours=1))
        self.memoire.scelles.append(self.memoire.tetes[qui])

    def confirmer(self, qui: str) -> None:
        self.attendus = self.memoire.ouverture(qui, LENDEMAIN)
        services.confirmer(epreuve=self.salle.epreuve, auteur=self.qui(qui), maintenant=JOUR + timedelta(days=1))


def _essayer(geste: Callable[[], None]) -> str | None:
    """Fait le geste ; rend le code du refus, ou rien."""
    try:
        geste()
    except Introuvable:
        return "introuvable"
    except Refus as refus:
        return refus.code
    return None


def _en_vae() -> parcours.Monde:
    """Un dossier de VAE qui attend son épreuve : recevable, son dossier de validation déposé ; ni tuteur ni manager."""
    monde = parcours.monde((BLOC,), voie=Voie.VAE, designe=False)
    inscrire_etape(
        dossier=monde.dossier, genre=GenreEtape.VALIDATION, le=date(2026, 6, 1), mot="",
        auteur=monde.gestionnaire, maintenant=PLANIFICATION,
    )  # fmt: skip
    return monde
