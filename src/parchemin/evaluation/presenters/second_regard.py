"""La page d'un second regard : pourquoi, qui a la main, jusqu'à quand ; les deux lectures côte à côte ; l'avis."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.urls import reverse

from moteur.decision import DecisionBloc
from moteur.etats import SECOND_REGARD
from moteur.referentiel import Bloc
from moteur.regles import second_regard as regle
from moteur.vocabulaire import Etat
from parchemin.convocations.enums import Qualite
from parchemin.convocations.permissions import raisons_du_tiers
from parchemin.convocations.selectors import Tiers, VueEpreuve
from parchemin.evaluation.presenters.conditions import LigneCondition, lignes_conditions
from parchemin.evaluation.presenters.differences import CHOIX, MOTS
from parchemin.evaluation.presenters.resultat import CarteBloc, carte_bloc
from parchemin.evaluation.selectors import Difference, VueAvis, VueLecture, VueResultat, VueSecondRegard
from parchemin.parcours.selectors import VueDossier
from parchemin.socle.acteur import Acteur
from parchemin.socle.composants import Action, AFaire, Balle, Colonne, Lien, LigneAFaire, Statut, Tableau, Ton
from parchemin.socle.horloge import jour_civil
from parchemin.socle.typographie import date_courte, date_en_clair, date_longue, majuscule, pluriel

_TONS = {"a_designer": Ton.ATTENTE, "designe": Ton.ATTENTE, "rendu": Ton.OUI, "sans_avis": Ton.NEUTRE}
LAISSE = Statut(Ton.ATTENTE, "laissé au jury")


@dataclass(frozen=True, slots=True)
class CritereRelu:
    """Un critère : ce qu'en dit chaque lecture, ce que dit le résultat, et ce que chacun a dit pour s'accorder.

    `ensemble` : ce que disent les deux, quand elles concordent sans un mot : une ligne suffit.
    """

    code: str
    libelle: str
    lectures: tuple[tuple[str, Statut, str], ...]
    resultat: Statut
    differait: bool
    pese: bool
    positions: tuple[tuple[str, Statut, str], ...]
    ensemble: Statut | None


@dataclass(frozen=True, slots=True)
class CompetenceRelue:
    """Une compétence et ses critères. `faits` : qui a observé quoi sur toute la compétence."""

    code: str
    libelle: str
    criteres: tuple[CritereRelu, ...]
    faits: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PageSecondRegard:
    """Toute la page, selon qui la lit : le gestionnaire, ou la personne désignée. `carte` manque à qui rien ne se montre du résultat."""

    epreuve: VueEpreuve
    bloc: str
    balle: Balle
    statut: Statut
    motifs: tuple[str, ...]
    regle: str
    echeance: str
    personne: str
    carte: CarteBloc | None
    lectures: tuple[CompetenceRelue, ...]
    conditions: tuple[LigneCondition, ...]
    avis: VueAvis | None
    avis_statut: Statut | None
    avis_criteres: tuple[tuple[str, str], ...]
    ecartes: Tableau | None
    gere: bool
    porte: bool
    ouvert: bool
    empeche: str


def page_second_regard(
    lecteur: Acteur,
    epreuve: VueEpreuve,
    bloc: Bloc,
    vue: VueSecondRegard,
    juge: tuple[DecisionBloc, VueResultat] | None,
    courts: Mapping[str, str],
    aujourdhui: date,
    *,
    gere: bool,
    lit: bool,
    lectures: Mapping[Qualite, VueLecture],
    differences: Sequence[Difference],
    noms: Mapping[UUID, str],
    avis: VueAvis | None,
    tiers: Sequence[Tiers] = (),
    empeche: str = "",
) -> PageSecondRegard:
    """`lit` : la personne désignée a déclaré son indépendance ; elle seule lit les deux lectures et leurs commentaires.

    `juge` : la décision et le résultat ; `None` s'ils se cachent au lecteur, et avec eux les motifs, qui les diraient. `empeche` :
    pourquoi la personne désignée ne peut plus lire.
    """
    intitules = {critere.code: critere.intitule for critere in bloc.criteres()}
    main = balle(lecteur, vue, aujourdhui, gere=gere)
    if empeche:
        main = replace(
            main, quoi="Confier ce second regard à quelqu’un d’autre." if gere else "Rendre ce second regard."
        )
    return PageSecondRegard(
        epreuve=epreuve,
        bloc=f"Bloc {bloc.code[1:]} — {bloc.intitule}",
        balle=main,
        statut=statut(vue),
        motifs=tuple(regle.PHRASES[motif] for motif in vue.motifs) if juge else (),
        regle=regle.CODE,
        echeance=_echeance(vue, aujourdhui),
        personne=vue.personne_nom,
        carte=carte_bloc(bloc, *juge, courts) if juge else None,
        lectures=_lectures(bloc, *juge, lectures, differences, noms) if juge and lit else (),
        conditions=lignes_conditions(bloc, lectures, noms) if lit else (),
        avis=avis,
        avis_statut=None if avis is None else _statut_avis(avis),
        avis_criteres=() if avis is None else tuple((code, intitules[code]) for code in avis.criteres),
        ecartes=_ecartes(tiers),
        gere=gere,
        porte=vue.personne == lecteur.id,
        ouvert=vue.ouvert,
        empeche=empeche,
    )


def statut(vue: VueSecondRegard) -> Statut:
    """L'état d'un second regard, en un mot."""
    return Statut(_TONS[vue.etat], SECOND_REGARD.etat(vue.etat).intitule.lower())


def balle(lecteur: Acteur, vue: VueSecondRegard, aujourdhui: date, *, gere: bool) -> Balle:
    """Qui a la main, nommé pour qui peut le savoir."""
    depuis = jour_civil(vue.depuis)
    bloc = f"bloc {vue.bloc[1:]}"
    match vue.etat:
        case "a_designer":
            return Balle("Le gestionnaire", f"Choisir le second regard du {bloc}.", depuis, aujourdhui, a_vous=gere)
        case "designe":
            a_vous = vue.personne == lecteur.id
            qui = vue.personne_nom if gere or a_vous else "Le second regard"
            avis = "votre avis" if a_vous else "son avis"
            return Balle(qui, f"Rendre {avis} sur le {bloc}, avant le jury.", depuis, aujourdhui, a_vous=a_vous)
        case _:
            return Balle("Personne", SECOND_REGARD.etat(vue.etat).attend, depuis, aujourdhui)


def balle_du_dossier(
    lecteur: Acteur, regards: Iterable[VueSecondRegard], aujourdhui: date, *, gere: bool
) -> Balle | None:
    """Qui a la main sur le dossier tant qu'un second regard est ouvert : le plus pressé d'abord."""
    ouverts = sorted((vue for vue in regards if vue.ouvert), key=lambda vue: vue.echeance or date.max)
    return balle(lecteur, ouverts[0], aujourdhui, gere=gere) if ouverts else None


def phrase_candidat(vue: VueSecondRegard) -> str:
    """Ce que le candidat, et qui l'accompagne, peuvent en savoir : l'état et l'échéance, ni la personne ni l'avis."""
    match vue.etat:
        case "rendu":
            return f"Un second regard a été rendu le {date_en_clair(jour_civil(vue.depuis))} ; le jury le lira."
        case "sans_avis":
            return "Aucun second regard n’a pu être rendu ; le jury reprendra le dossier lui-même."
        case "designe":
            return f"Un second regard est demandé : une troisième personne relit ce bloc{_d_ici(vue)}."
        case _:
            return (
                f"Un second regard est demandé : le gestionnaire choisit une troisième personne{_d_ici(vue)} ; "
                "elle relira ce bloc avant le jury."
            )


def phrase_suivi(lecteur: Acteur, vue: VueSecondRegard) -> str:
    """Ce qu'en savent le gestionnaire et la personne désignée : où il en est, à qui il est, pour quand ; pas l'avis."""
    qui = "vous" if vue.personne == lecteur.id else vue.personne_nom
    le = date_en_clair(jour_civil(vue.depuis))
    match vue.etat:
        case "a_designer":
            return f"Second regard à confier{_d_ici(vue)} : le gestionnaire choisit une troisième personne."
        case "designe":
            return f"Second regard confié à {qui} ; avis attendu{_d_ici(vue)}."
        case "rendu":
            return f"Second regard rendu par {qui} le {le} ; le jury le lira."
        case _:
            return f"Second regard clos sans avis le {le} ; le jury reprendra le dossier lui-même."


def _d_ici(vue: VueSecondRegard) -> str:
    return f" d’ici au {date_longue(vue.echeance)}" if vue.echeance else ""


def regards_par_bloc(
    lecteur: Acteur, regards: Mapping[str, VueSecondRegard], *, gere: bool
) -> dict[str, tuple[str, Lien | None]]:
    """Ce que la carte de chaque bloc dit de son second regard, selon qui lit, et où l'ouvrir pour qui le peut."""

    def dit(vue: VueSecondRegard) -> tuple[str, Lien | None]:
        if not gere and vue.personne != lecteur.id:
            return phrase_candidat(vue), None
        libelle = {"a_designer": "Choisir la personne", "rendu": "Lire l’avis"}.get(vue.etat, "Voir le second regard")
        return phrase_suivi(lecteur, vue), Lien(libelle, reverse("evaluation:second_regard", args=[vue.epreuve]))

    return {bloc: dit(vue) for bloc, vue in regards.items()}


def choix_tiers(tiers: Iterable[Tiers]) -> list[tuple[UUID, str]]:
    """Les admissibles, les moins chargés d'abord : « Hugo Bernard — 2 épreuves en cours »."""
    return [
        (t.personne, f"{t.nom} — {pluriel(t.charge, 'épreuve', 'épreuves')} en cours" if t.charge else t.nom)
        for t in tiers
        if t.admissible
    ]


def a_designer(suivis: Iterable[tuple[VueSecondRegard, VueDossier]], jour: date) -> tuple[AFaire, ...]:
    """La part du gestionnaire : les seconds regards à confier ; puis, chez les autres, ceux qui tardent.

    Le courriel du jour redit ces lignes : elles taisent les motifs, qui diraient le résultat. La page les porte.
    """
    lignes = []
    for vue, dossier in suivis:
        echeance = vue.echeance or jour
        adresse = reverse("evaluation:second_regard", args=[vue.epreuve])
        retard = echeance < jour
        if vue.etat == "a_designer":
            ligne = LigneAFaire(
                quand="aujourd’hui" if echeance == jour else date_longue(echeance),
                precision=_reste(echeance, jour),
                titre=f"Trouver un second regard pour {dossier.candidat_nom}",
                pourquoi=f"Bloc {vue.bloc[1:]}. Une troisième personne est à choisir avant le jury.",
                action=Action("Choisir", adresse, precision=f"pour {dossier.candidat_nom}"),
                en_retard=retard,
            )
            lignes.append(AFaire(echeance, ligne))
        elif retard:
            ligne = LigneAFaire(
                quand=date_longue(echeance),
                precision=vue.personne_nom,
                titre=f"Second regard attendu : {dossier.candidat_nom}, bloc {vue.bloc[1:]}",
                pourquoi=f"L’avis devait être rendu le {date_en_clair(echeance)}. Vous pouvez choisir quelqu’un d’autre.",
                action=Action("Voir", adresse, precision=dossier.candidat_nom),
                en_retard=True,
            )
            lignes.append(AFaire(echeance, ligne, chez_les_autres=True))
    return tuple(lignes)


def a_rendre(portes: Iterable[tuple[VueSecondRegard, VueDossier]], jour: date) -> tuple[AFaire, ...]:
    """La part de la personne désignée."""
    lignes = []
    for vue, dossier in portes:
        echeance = vue.echeance or jour
        ligne = LigneAFaire(
            quand="aujourd’hui" if echeance == jour else date_longue(echeance),
            precision=_reste(echeance, jour),
            titre=f"Rendre votre second regard : {dossier.candidat_nom}, bloc {vue.bloc[1:]}",
            pourquoi="Deux lectures scellées et leur résultat à relire ; votre avis motivé ira au jury.",
            action=Action(
                "Lire", reverse("evaluation:second_regard", args=[vue.epreuve]), precision=dossier.candidat_nom
            ),
            en_retard=echeance < jour,
        )
        lignes.append(AFaire(echeance, ligne))
    return tuple(lignes)


def _reste(echeance: date, jour: date) -> str:
    restent = (echeance - jour).days
    if restent < 0:
        return f"en retard de {pluriel(-restent, 'jour', 'jours')}"
    return "dernier jour" if restent == 0 else f"reste {pluriel(restent, 'jour', 'jours')}"


def _echeance(vue: VueSecondRegard, aujourdhui: date) -> str:
    if vue.echeance is None or not vue.ouvert:
        return ""
    quoi = "à désigner" if vue.etat == "a_designer" else "avis attendu"
    return f"{majuscule(quoi)} d’ici au {date_longue(vue.echeance)} ({_reste(vue.echeance, aujourdhui)})."


def _statut_avis(avis: VueAvis) -> Statut:
    return Statut(Ton.INFO, f"{str(avis.sens.label).lower()}, le {date_courte(jour_civil(avis.rendu_le))}")


def _lectures(
    bloc: Bloc,
    decision: DecisionBloc,
    resultat: VueResultat,
    lectures: Mapping[Qualite, VueLecture],
    differences: Sequence[Difference],
    noms: Mapping[UUID, str],
) -> tuple[CompetenceRelue, ...]:
    """Ce qui pèse ou différait se voit d'abord : les compétences qui en portent, puis les autres, dans l'ordre."""
    par_code = {difference.critere: difference for difference in differences}
    pesent = set(decision.bascule or ()) if decision.marge is not None and abs(decision.marge) == 1 else set()

    def critere(code: str, libelle: str) -> CritereRelu:
        difference = par_code.get(code)
        positions = difference.positions.values() if difference else ()
        etat: Etat | None = resultat.etats.get(code)
        muettes = not any(lue.commentaires.get(code) for lue in lectures.values())
        return CritereRelu(
            code=code,
            libelle=libelle,
            lectures=tuple(
                (noms[lue.evaluateur], MOTS[lue.etats[code]], lue.commentaires.get(code, ""))
                for lue in lectures.values()
            ),
            resultat=MOTS[etat] if etat else LAISSE,
            differait=difference is not None,
            pese=code in pesent,
            positions=tuple((noms[p.evaluateur], CHOIX[p.choix], p.motif) for p in positions),
            ensemble=MOTS[etat] if etat and difference is None and muettes else None,
        )

    return tuple(
        CompetenceRelue(
            competence.code,
            competence.intitule,
            tuple(critere(k.code, k.intitule) for k in competence.criteres),
            tuple(
                (noms[lue.evaluateur], lue.commentaires[competence.code])
                for lue in lectures.values()
                if lue.commentaires.get(competence.code)
            ),
        )
        for competence in bloc.competences()
    )


def _ecartes(tiers: Iterable[Tiers]) -> Tableau | None:
    hors = [t for t in tiers if not t.admissible]
    if not hors:
        return None
    return Tableau(
        "Écartés de ce second regard",
        (Colonne("Personne"), Colonne("Pourquoi")),
        tuple((t.nom, majuscule(raisons_du_tiers(t))) for t in hors),
    )
