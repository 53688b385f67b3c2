"""La barrière d'indépendance : ce qui lie chaque personne au candidat, et l'avis du moteur qui en découle.

Tout se lit en un nombre constant de requêtes, pour une personne comme pour mille : les liens sont ceux du candidat.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, Value

from moteur.etats import EPREUVE, RECUSATION
from moteur.lignee import Periode, lignee
from moteur.regles.evaluateur_admissible import (
    OBSTACLE_DE,
    TABLE_PAR_DEFAUT,
    Avis,
    ExigenceRegistre,
    GenreLien,
    Lien,
    Ligne,
    Obstacle,
    Portee,
    QualiteDeJuge,
    Situation,
    examiner,
)
from moteur.regles.second_regard import Empechement, empechements
from parchemin.comptes.enums import GenreDeLien, NatureRole
from parchemin.comptes.selectors import (
    VueLien,
    bornes_du_role,
    fiches_reunies,
    habilites,
    liens_de,
    noms,
    organismes_du_role,
    rattachements,
    registre_a_jour,
    roles_ouverts,
    tenants_du_role,
)
from parchemin.convocations.enums import ROLE_DE_QUALITE, GenreDeclare, Qualite
from parchemin.convocations.models import Affectation, AVerifier, Declaration, Epreuve, Recusation
from parchemin.convocations.selectors.epreuves import VueEpreuve, epreuves_du_dossier
from parchemin.parcours.enums import Qualite as QualiteDesignee
from parchemin.parcours.selectors import VueDossier, designations_du_candidat
from parchemin.referentiels.selectors import Reglement, reglement_en_vigueur, version_d_empreinte
from parchemin.socle.acteur import Acteur
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Introuvable

GENRE_DE_DESIGNATION = {QualiteDesignee.TUTEUR: GenreLien.TUTORAT, QualiteDesignee.MANAGER: GenreLien.ATTESTATION}
ROLES_DE_JURE = (NatureRole.JURE, NatureRole.PRESIDENT_JURY)


@dataclass(frozen=True, slots=True)
class Barriere:
    """Ce qu'il faut savoir d'un dossier pour juger qui que ce soit devant lui, au jour `le`."""

    dossier: VueDossier
    le: date
    table: tuple[Ligne, ...]
    liens: Mapping[UUID, tuple[Lien, ...]]
    declares: frozenset[UUID]
    recuses: frozenset[UUID]
    candidat: frozenset[UUID]
    exigence_registre: ExigenceRegistre = ExigenceRegistre.SI_INSCRITE

    def avis(
        self,
        personne: UUID,
        qualite: QualiteDeJuge,
        *,
        jours_epreuve: tuple[date, ...],
        a_le_role: bool,
        autre: UUID | None = None,
        habilite: bool | None = None,
        habilitation_personnelle: bool | None = None,
    ) -> Avis:
        """L'avis du moteur sur une personne. Aucune requête."""
        return examiner(
            self.table,
            Situation(
                qualite=qualite,
                voie=self.dossier.voie.value,
                le=self.le,
                jours_epreuve=jours_epreuve,
                liens=self.liens.get(personne, ()),
                est_le_candidat=personne in self.candidat,
                tient_l_autre_qualite=personne == autre,
                a_le_role=a_le_role,
                habilite=habilite,
                habilitation_personnelle=habilitation_personnelle,
                exigence_registre=self.exigence_registre,
                s_est_declaree_liee=personne in self.declares,
                recusee=personne in self.recuses,
            ),
        )


def barriere(lecteur: Acteur, dossier: VueDossier, le: date) -> Barriere:
    """La barrière d'un dossier, sous le règlement en vigueur ce jour-là.

    Deux fiches réunies sont une seule personne : ce que dit l'une écarte l'autre.
    """
    reglement = reglement_en_vigueur(lecteur, version_d_empreinte(lecteur, dossier.norme_empreinte), le)
    reunies = fiches_reunies(lecteur)

    def fiches(personne: UUID) -> frozenset[UUID]:
        return reunies.get(personne, frozenset((personne,)))

    candidat = fiches(dossier.candidat)
    liens: dict[UUID, list[Lien]] = {}
    for personne, lien in _liens(lecteur, dossier, candidat):
        for fiche in fiches(personne):
            liens.setdefault(fiche, []).append(lien)
    declares, recuses = _retires(dossier.id)
    return Barriere(
        dossier,
        le,
        table_du_reglement(reglement),
        {personne: tuple(siens) for personne, siens in liens.items()},
        frozenset(fiche for personne in declares for fiche in fiches(personne)),
        frozenset(fiche for personne in recuses for fiche in fiches(personne)),
        candidat,
        exigence_du_reglement(reglement),
    )


def _retires(dossier: UUID) -> tuple[set[UUID], set[UUID]]:
    """Qui s'est déclaré lié, et qui une récusation accueillie a écarté, dans ce dossier. Une requête."""
    lies = Declaration.objects.filter(epreuve__dossier_id=dossier).exclude(genre=GenreDeclare.AUCUN)
    recuses = Recusation.objects.filter(epreuve__dossier_id=dossier, etat="accueillie")
    lignes = [
        un.order_by().annotate(recuse=Value(valeur)).values_list("evaluateur_id", "recuse")
        for un, valeur in ((lies, False), (recuses, True))
    ]
    ecartes: tuple[set[UUID], set[UUID]] = (set(), set())
    for personne, recuse in lignes[0].union(lignes[1]).order_by():
        ecartes[recuse].add(personne)
    return ecartes


def table_du_reglement(reglement: Reglement) -> tuple[Ligne, ...]:
    """La table d'indépendance d'un règlement ; celle du moteur s'il a été écrit avant elle."""
    lignes = reglement.valeur("independance", None)
    if lignes is None:
        return TABLE_PAR_DEFAUT
    return tuple(
        Ligne(
            GenreLien(ligne["lien"]),
            frozenset(map(QualiteDeJuge, ligne["qualites"])),
            None if ligne["voies"] == "toutes" else frozenset(ligne["voies"]),
            Portee(ligne["portee"]),
        )
        for ligne in lignes
    )


def exigence_du_reglement(reglement: Reglement) -> ExigenceRegistre:
    """Ce que ce règlement demande du registre personnel ; la règle d'origine s'il a été écrit avant elle."""
    return ExigenceRegistre(reglement.valeur("habilitation_personnelle", ExigenceRegistre.SI_INSCRITE))


def jours_de_l_epreuve(epreuve: VueEpreuve, le: date | None = None) -> tuple[date, ...]:
    """Le jour prévu et celui où elle a commencé ; `le` : le jour où on l'ouvre, tant qu'elle n'a pas commencé."""
    prevu = jour_civil(epreuve.prevue_le)
    reel = jour_civil(epreuve.commencee_le) if epreuve.commencee_le else le or prevu
    return (prevu,) if reel == prevu else (prevu, reel)


@dataclass(frozen=True, slots=True)
class Examine:
    """Quelqu'un qui tient le rôle, ce qu'en dit la barrière, et combien d'épreuves l'attendent déjà.

    Qui ne le tient pas ce jour-là (`evaluateurs_hors_role`) l'a tenu jusqu'au jour `fini_le` non compris, ou commence à `commence_le`.
    """

    personne: UUID
    nom: str
    avis: Avis
    charge: int
    fini_le: date | None = None
    commence_le: date | None = None


def evaluateurs_examines(lecteur: Acteur, epreuve: VueEpreuve, qualite: Qualite, le: date) -> tuple[Examine, ...]:
    """Qui tient ce rôle le jour de l'épreuve : les admissibles d'abord, les moins chargés en tête, puis à la française.

    Un nombre constant de requêtes, quel que soit le nombre de personnes.
    """
    tenants = tenants_du_role(
        lecteur, ROLE_DE_QUALITE[qualite], jour_civil(epreuve.prevue_le), epreuve.dossier.referentiel_code
    )
    cadre = barriere(lecteur, epreuve.dossier, le)
    jours = jours_de_l_epreuve(epreuve)
    charges = _charges()
    habilitations = _habilitations(lecteur, epreuve, qualite, None, jours[-1])
    inscrits = registre_a_jour(lecteur, None, ROLE_DE_QUALITE[qualite], jours[-1])
    examines = (
        Examine(
            personne,
            nom,
            cadre.avis(
                personne,
                QualiteDeJuge(qualite.value),
                jours_epreuve=jours,
                a_le_role=True,
                habilite=habilitations.get(personne),
                habilitation_personnelle=inscrits.get(personne),
            ),
            charges.get(personne, 0),
        )
        for personne, nom in tenants.items()
    )
    return tuple(sorted(examines, key=lambda examine: (not examine.avis.admissible, examine.charge)))


def evaluateurs_hors_role(lecteur: Acteur, epreuve: VueEpreuve, qualite: Qualite) -> tuple[Examine, ...]:
    """Qui a tenu ce rôle, ou le tiendra, et ne le tient pas le jour de l'épreuve : de quoi dire pourquoi on ne le propose pas."""
    jour = jour_civil(epreuve.prevue_le)
    bornes = bornes_du_role(lecteur, ROLE_DE_QUALITE[qualite], jour, epreuve.dossier.referentiel_code)
    return tuple(
        Examine(personne, nom, Avis((Obstacle.SANS_ROLE,), ()), 0, fini, commence)
        for personne, (nom, fini, commence) in bornes.items()
        if fini is not None or commence is not None
    )


def avis_sur(
    lecteur: Acteur,
    cadre: Barriere,
    epreuve: VueEpreuve,
    personne: UUID,
    qualite: Qualite,
    autre: UUID | None,
    *,
    ouvre: bool,
) -> Avis:
    """L'avis sur une personne, au jour de la barrière : qui `ouvre` est jugé ce jour-là, sinon au jour prévu."""
    jour = cadre.le if ouvre else jour_civil(epreuve.prevue_le)
    jours = jours_de_l_epreuve(epreuve, cadre.le if ouvre else None)
    return cadre.avis(
        personne,
        QualiteDeJuge(qualite.value),
        jours_epreuve=jours,
        a_le_role=bool(
            roles_ouverts(lecteur, personne, ROLE_DE_QUALITE[qualite], jour, epreuve.dossier.referentiel_code)
        ),
        autre=autre,
        habilite=_habilitations(lecteur, epreuve, qualite, [personne], jours[-1]).get(personne),
        habilitation_personnelle=registre_a_jour(lecteur, [personne], ROLE_DE_QUALITE[qualite], jours[-1]).get(
            personne
        ),
    )


def jours_du_jury(lecteur: Acteur, dossier: VueDossier, le: date) -> tuple[date, ...]:
    """Les jours qui comptent pour un juré : ceux des épreuves du dossier, et celui où il juge. Quelques requêtes."""
    tenues = epreuves_du_dossier(lecteur, dossier.id).values()
    return tuple(sorted({jour for epreuve in tenues for jour in jours_de_l_epreuve(epreuve)} | {le}))


def avis_sur_jure(lecteur: Acteur, dossier: VueDossier, personne: UUID, le: date) -> Avis:
    """L'avis sur un juré à qui l'on proposerait ce dossier, qui l'ouvrirait ou signerait ce jour-là."""
    inscrite = [registre_a_jour(lecteur, [personne], nature, le).get(personne) for nature in ROLES_DE_JURE]
    return barriere(lecteur, dossier, le).avis(
        personne,
        QualiteDeJuge.JURE,
        jours_epreuve=jours_du_jury(lecteur, dossier, le),
        a_le_role=any(
            roles_ouverts(lecteur, personne, nature, le, dossier.referentiel_code) for nature in ROLES_DE_JURE
        ),
        habilitation_personnelle=_l_une_vaut(inscrite),
    )


def jures_examines(lecteur: Acteur, dossier: VueDossier, le: date) -> tuple[Examine, ...]:
    """Tous ceux qui peuvent être jurés ce jour-là, et ce que la barrière en dit devant ce dossier : les admissibles d'abord.

    Un nombre constant de requêtes, quel que soit le nombre de jurés.
    """
    cadre, jours = barriere(lecteur, dossier, le), jours_du_jury(lecteur, dossier, le)
    inscrits = [registre_a_jour(lecteur, None, nature, le) for nature in ROLES_DE_JURE]
    tenants: dict[UUID, str] = {}
    for nature in ROLES_DE_JURE:
        tenants |= tenants_du_role(lecteur, nature, le, dossier.referentiel_code)
    examines = [
        Examine(
            personne,
            nom,
            cadre.avis(
                personne,
                QualiteDeJuge.JURE,
                jours_epreuve=jours,
                a_le_role=True,
                habilitation_personnelle=_l_une_vaut([lignes.get(personne) for lignes in inscrits]),
            ),
            0,
        )
        for personne, nom in tenants.items()
    ]
    return tuple(sorted(examines, key=lambda examine: not examine.avis.admissible))


def _l_une_vaut(inscrite: Collection[bool | None]) -> bool | None:
    """Vrai si une habilitation vaut, en l'une ou l'autre qualité ; faux si aucune ne vaut plus ; `None` : jamais inscrit."""
    return True if True in inscrite else False if False in inscrite else None


@dataclass(frozen=True, slots=True)
class VueSignalement:
    """Ce que le jury doit savoir d'un évaluateur : un lien né après l'épreuve, ou su après l'accord.

    `nes_apres` n'écartait rien ; `sus_apres` aurait écarté, si on l'avait su.
    """

    epreuve: UUID
    bloc: str
    evaluateur: UUID
    evaluateur_nom: str
    nes_apres: tuple[GenreLien, ...]
    sus_apres: tuple[Obstacle, ...]


def signalements(
    lecteur: Acteur, dossier: VueDossier, epreuves: Iterable[VueEpreuve], le: date
) -> tuple[VueSignalement, ...]:
    """Ce qui, dans ces épreuves commencées du dossier, n'empêche rien mais se dit au jury et au gestionnaire ce jour-là.

    À n'ouvrir qu'à eux. Aucune requête si rien n'a commencé, un nombre constant sinon.
    """
    commencees = [epreuve for epreuve in epreuves if epreuve.commencee_le is not None]
    if not commencees:
        return ()
    cadre = barriere(lecteur, dossier, le)
    liens = frozenset(OBSTACLE_DE.values())
    dits = []
    for epreuve in commencees:
        for place in epreuve.evaluateurs:
            avis = cadre.avis(
                place.personne,
                QualiteDeJuge(place.qualite.value),
                jours_epreuve=jours_de_l_epreuve(epreuve),
                a_le_role=True,
            )
            finie = epreuve.etat in EPREUVE.terminaux
            sus = tuple(obstacle for obstacle in avis.obstacles if obstacle in liens) if finie else ()
            if avis.signalements or sus:
                dits.append(VueSignalement(epreuve.id, epreuve.bloc, place.personne, place.nom, avis.signalements, sus))
    return tuple(dits)


@dataclass(frozen=True, slots=True)
class Tiers:
    """Quelqu'un qui pourrait relire une épreuve qu'il n'a pas évaluée : ce qui l'en écarte, et sa charge."""

    personne: UUID
    nom: str
    obstacles: tuple[Obstacle, ...]
    empechements: tuple[Empechement, ...]
    charge: int

    @property
    def admissible(self) -> bool:
        """Vrai si rien ne l'écarte."""
        return not (self.obstacles or self.empechements)


def tiers_examines(lecteur: Acteur, epreuve: VueEpreuve, le: date) -> tuple[Tiers, ...]:
    """Qui tient l'un des deux rôles d'évaluateur ce jour-là : les admissibles d'abord, les moins chargés en tête.

    L'indépendance vaut au jour de l'épreuve comme à celui où l'on relit. Un nombre constant de requêtes.
    """
    cadre = barriere(lecteur, epreuve.dossier, le)
    jours = tuple(sorted({*jours_de_l_epreuve(epreuve), le}))
    ont_evalue, evaluent = _ont_lu(lecteur, epreuve)
    charges = _charges()
    trouves: dict[UUID, Tiers] = {}
    for qualite in Qualite:
        tenants = tenants_du_role(lecteur, ROLE_DE_QUALITE[qualite], le, epreuve.dossier.referentiel_code)
        habilitations = _habilitations(lecteur, epreuve, qualite, None, le)
        inscrits = registre_a_jour(lecteur, None, ROLE_DE_QUALITE[qualite], le)
        for personne, nom in tenants.items():
            avis = cadre.avis(
                personne,
                QualiteDeJuge(qualite.value),
                jours_epreuve=jours,
                a_le_role=True,
                habilite=habilitations.get(personne),
                habilitation_personnelle=inscrits.get(personne),
            )
            ecarts = empechements(
                a_evalue_l_epreuve=personne in ont_evalue, evalue_encore_le_candidat=personne in evaluent
            )
            tiers = Tiers(personne, nom, avis.obstacles, ecarts, charges.get(personne, 0))
            if personne not in trouves or tiers.admissible:
                trouves[personne] = tiers
    return tuple(sorted(trouves.values(), key=lambda tiers: (not tiers.admissible, tiers.charge)))


def tiers_examine(lecteur: Acteur, epreuve: VueEpreuve, personne: UUID, le: date) -> Tiers:
    """Ce que dit la barrière d'une personne précise, qui relirait cette épreuve ce jour-là. Lève `Introuvable`."""
    trouves = [tiers for tiers in tiers_examines(lecteur, epreuve, le) if tiers.personne == personne]
    if trouves:
        return trouves[0]
    connus = noms(lecteur, [personne])
    if personne not in connus:
        raise Introuvable("Cette personne n'est pas enregistrée.")
    return Tiers(personne, connus[personne], (Obstacle.SANS_ROLE,), (), 0)


def _ont_lu(lecteur: Acteur, epreuve: VueEpreuve) -> tuple[frozenset[UUID], frozenset[UUID]]:
    """Qui a évalué cette épreuve, maintenant ou auparavant ; qui évalue encore ce candidat, sur quelque bloc que ce soit."""
    reunies = fiches_reunies(lecteur)
    lignes = Affectation.objects.filter(epreuve__dossier_id=epreuve.dossier.id).order_by()
    ont_evalue: set[UUID] = set()
    evaluent: set[UUID] = set()
    for personne, de, au, etat in lignes.values_list("evaluateur_id", "epreuve_id", "au", "epreuve__etat"):
        fiches = reunies.get(personne, frozenset((personne,)))
        if de == epreuve.id:
            ont_evalue |= fiches
        elif au is None and etat not in EPREUVE.terminaux:
            evaluent |= fiches
    return frozenset(ont_evalue), frozenset(evaluent)


def declaration_signee(lecteur: Acteur, epreuve: UUID) -> bool:
    """Vrai si le lecteur a signé qu'il n'a aucun lien avec le candidat de cette épreuve."""
    return Declaration.objects.filter(epreuve_id=epreuve, evaluateur_id=lecteur.id, genre=GenreDeclare.AUCUN).exists()


def recusation_en_attente(lecteur: Acteur, epreuve: UUID) -> bool:
    """Vrai si une récusation attend encore sa réponse pour cette épreuve."""
    return Recusation.objects.filter(epreuve_id=epreuve, etat="deposee").exists()


@dataclass(frozen=True, slots=True)
class VueRecusation:
    """Une récusation, pour le candidat qui l'a déposée et le gestionnaire qui la tranche."""

    id: UUID
    epreuve: UUID
    evaluateur: UUID
    evaluateur_nom: str
    motif: str
    etat: str
    deposee_le: datetime
    reponse: str

    @property
    def intitule(self) -> str:
        """L'état, tel qu'on le lit."""
        return RECUSATION.etat(self.etat).intitule


def recusations(lecteur: Acteur, epreuves: Iterable[UUID]) -> tuple[VueRecusation, ...]:
    """Les récusations de ces épreuves, ouvertes au lecteur (candidat ou gestionnaire : à vérifier avant). Deux requêtes."""
    lignes = Recusation.objects.filter(epreuve_id__in=set(epreuves)).select_related("evaluateur")
    return tuple(
        VueRecusation(
            r.pk,
            r.epreuve_id,
            r.evaluateur_id,
            str(r.evaluateur),
            r.motif,
            r.etat,
            r.deposee_le,
            next((p.motif for p in r.passages.all() if p.rang > 1), ""),
        )
        for r in lignes.prefetch_related("passages")
    )


@dataclass(frozen=True, slots=True)
class VueAVerifier:
    """Un évaluateur en place que la barrière écarte."""

    epreuve: UUID
    evaluateur: UUID
    evaluateur_nom: str
    obstacles: tuple[Obstacle, ...]
    ouverte_le: datetime


def a_verifier(lecteur: Acteur, epreuves: Iterable[UUID]) -> dict[UUID, tuple[VueAVerifier, ...]]:
    """Les indépendances à vérifier de ces épreuves, ouvertes au lecteur. Une requête."""
    lignes = AVerifier.objects.filter(epreuve_id__in=set(epreuves), close_le=None).select_related("evaluateur")
    par_epreuve: dict[UUID, tuple[VueAVerifier, ...]] = {}
    for ligne in lignes:
        vue = VueAVerifier(
            ligne.epreuve_id,
            ligne.evaluateur_id,
            str(ligne.evaluateur),
            tuple(map(Obstacle, ligne.obstacles)),
            ligne.ouverte_le,
        )
        par_epreuve[ligne.epreuve_id] = (*par_epreuve.get(ligne.epreuve_id, ()), vue)
    return par_epreuve


def epreuves_a_revoir(
    lecteur: Acteur, *, personnes: Iterable[UUID] = (), dossier: UUID | None = None, evaluateurs: Iterable[UUID] = ()
) -> tuple[UUID, ...]:
    """Les épreuves ouvertes qu'un fait nouveau peut toucher.

    Celles d'un dossier ; ou des candidats reliés à ces personnes, de proche en proche, et que ces évaluateurs évaluent.
    """
    ouvertes = Epreuve.objects.exclude(etat__in=EPREUVE.terminaux)
    if dossier is not None:
        return tuple(ouvertes.filter(dossier_id=dossier).values_list("pk", flat=True))
    relies = set(personnes)
    if relies:
        for maillon in rattachements(lecteur, tuple(relies)):
            relies |= {UUID(maillon.agent), UUID(maillon.responsable)}
        reunies = fiches_reunies(lecteur)
        relies |= {fiche for personne in relies for fiche in reunies.get(personne, ())}
    en_place = Affectation.objects.filter(epreuve=OuterRef("pk"), au=None, evaluateur_id__in=set(evaluateurs))
    touchees = ouvertes.filter(Q(dossier__candidat_id__in=relies) | Exists(en_place))
    return tuple(touchees.order_by("pk").values_list("pk", flat=True))


def delegues_de(lecteur: Acteur, organisme: UUID) -> tuple[UUID, ...]:
    """Qui tient ou a tenu le rôle de certificateur au nom de cet organisme, et une place dans une épreuve ouverte."""
    en_place = Affectation.objects.filter(au=None).exclude(epreuve__etat__in=EPREUVE.terminaux)
    siens = en_place.filter(
        evaluateur__roles__organisme_id=organisme, evaluateur__roles__nature=ROLE_DE_QUALITE[Qualite.CERTIFICATEUR]
    )
    return tuple(siens.order_by("evaluateur_id").values_list("evaluateur_id", flat=True).distinct())


def _habilitations(
    lecteur: Acteur, epreuve: VueEpreuve, qualite: Qualite, personnes: Iterable[UUID] | None, jour: date
) -> dict[UUID, bool]:
    """Pour chaque délégué (de ces personnes, ou de toutes) : son organisme est-il habilité pour ce bloc ce jour-là ?

    Est délégué qui tient le rôle de certificateur au nom d'un organisme ; qui le tient sans organisme évalue pour le
    certificateur lui-même, et n'a pas à être habilité (il n'est pas dans la réponse). Deux requêtes, ou aucune.
    """
    if qualite != Qualite.CERTIFICATEUR:
        return {}
    certification = epreuve.dossier.referentiel_code
    tenus = organismes_du_role(lecteur, personnes, ROLE_DE_QUALITE[qualite], jour, certification)
    delegues = {personne: organismes for personne, organismes in tenus.items() if None not in organismes}
    permis = habilites(lecteur, certification, epreuve.bloc, jour) if delegues else frozenset()
    return {personne: not permis.isdisjoint(organismes) for personne, organismes in delegues.items()}


def _charges() -> dict[UUID, int]:
    en_place = Affectation.objects.filter(au=None).exclude(epreuve__etat__in=EPREUVE.terminaux)
    comptees = en_place.values("evaluateur_id").annotate(nombre=Count("pk")).order_by("evaluateur_id")
    return dict(comptees.values_list("evaluateur_id", "nombre"))


def _regarde(lien: VueLien, dossier: VueDossier, candidat: Collection[UUID]) -> bool:
    """Vrai si ce lien direct du candidat compte pour ce dossier ; la hiérarchie se lit dans la lignée."""
    match lien.genre:
        case GenreDeLien.HIERARCHIQUE:
            return False
        case GenreDeLien.FORMATION | GenreDeLien.ACCOMPAGNEMENT:
            return lien.de in candidat
        case GenreDeLien.DELIBERATION_ANNULEE:
            return lien.dossier == dossier.id
        case _:
            return True


def _liens(lecteur: Acteur, dossier: VueDossier, candidat: Collection[UUID]) -> Iterator[tuple[UUID, Lien]]:
    """Les liens du candidat (toutes ses fiches) : (personne, lien). Ceux qu'on déduit des actes ne sont jamais recopiés.

    Tuteur ou manager d'un autre dossier du même candidat : une relation professionnelle, rien de plus.
    """
    maillons = rattachements(lecteur, [dossier.candidat])
    for depart in {str(fiche) for fiche in candidat}:  # la fiche gardée seule y est : les autres n'ont pas de maillon
        for rang in lignee(maillons, depart):
            yield UUID(rang.personne), Lien(GenreLien.HIERARCHIQUE, rang.periode)
    for lien in liens_de(lecteur, *candidat):
        if _regarde(lien, dossier, candidat):
            yield lien.autre(*candidat), Lien(GenreLien(lien.genre.value), lien.periode)
    for designation in designations_du_candidat(lecteur, *candidat):
        depuis = Periode(du=jour_civil(designation.instant))
        if designation.dossier == dossier.id:
            yield designation.personne, Lien(GENRE_DE_DESIGNATION[designation.qualite], depuis)
        else:
            yield designation.personne, Lien(GenreLien.PROFESSIONNEL, depuis)
