"""La barrière d'indépendance : ce qui lie chaque personne au candidat, et l'avis du moteur qui en découle.

Tout se lit en un nombre constant de requêtes, pour une personne comme pour mille : les liens sont ceux du candidat.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, Value

from moteur.etats import EPREUVE
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
from parchemin.comptes.enums import GenreDeLien
from parchemin.comptes.selectors import (
    VueLien,
    bornes_du_role,
    fiches_reunies,
    habilites,
    liens_de,
    organismes_du_role,
    rattachements,
    registre_a_jour,
    roles_ouverts,
    tenants_du_role,
)
from parchemin.convocations.enums import ROLE_DE_QUALITE, GenreDeclare, Qualite
from parchemin.convocations.models import Affectation, Declaration, Epreuve, Recusation
from parchemin.convocations.selectors.epreuves import VueEpreuve
from parchemin.parcours.enums import Qualite as QualiteDesignee
from parchemin.parcours.selectors import VueDossier, designations_du_candidat, dossiers_d_avant
from parchemin.referentiels.selectors import Reglement, reglement_en_vigueur, version_d_empreinte
from parchemin.socle.acteur import Acteur
from parchemin.socle.horloge import jour_civil

GENRE_DE_DESIGNATION = {QualiteDesignee.TUTEUR: GenreLien.TUTORAT, QualiteDesignee.MANAGER: GenreLien.ATTESTATION}


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
    reunies: Mapping[UUID, frozenset[UUID]]
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
                tient_l_autre_qualite=autre is not None and autre in self.reunies.get(personne, (personne,)),
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
    declares, recuses = _retires((dossier.id, *dossiers_d_avant(lecteur, dossier)))
    return Barriere(
        dossier,
        le,
        table_du_reglement(reglement),
        {personne: tuple(siens) for personne, siens in liens.items()},
        frozenset(fiche for personne in declares for fiche in fiches(personne)),
        frozenset(fiche for personne in recuses for fiche in fiches(personne)),
        candidat,
        reunies,
        exigence_du_reglement(reglement),
    )


def _retires(dossiers: Collection[UUID]) -> tuple[set[UUID], set[UUID]]:
    """Qui s'est déclaré lié, et qui une récusation accueillie a écarté, dans ces dossiers d'un même parcours. Une requête."""
    lies = Declaration.objects.filter(epreuve__dossier_id__in=dossiers).exclude(genre=GenreDeclare.AUCUN)
    recuses = Recusation.objects.filter(epreuve__dossier_id__in=dossiers, etat="accueillie")
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
    prevu = epreuve.jour
    reel = jour_civil(epreuve.commencee_le, epreuve.zone) if epreuve.commencee_le else le or prevu
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
    tenants = tenants_du_role(lecteur, ROLE_DE_QUALITE[qualite], epreuve.jour, epreuve.dossier.referentiel_code)
    cadre = barriere(lecteur, epreuve.dossier, le)
    jours = jours_de_l_epreuve(epreuve)
    charges = charges_en_cours()
    habilitations = habilitations_du_bloc(lecteur, epreuve, qualite, None, jours[-1])
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
    jour = epreuve.jour
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
    jour = cadre.le if ouvre else epreuve.jour
    jours = jours_de_l_epreuve(epreuve, cadre.le if ouvre else None)
    return cadre.avis(
        personne,
        QualiteDeJuge(qualite.value),
        jours_epreuve=jours,
        a_le_role=bool(
            roles_ouverts(lecteur, personne, ROLE_DE_QUALITE[qualite], jour, epreuve.dossier.referentiel_code)
        ),
        autre=autre,
        habilite=habilitations_du_bloc(lecteur, epreuve, qualite, [personne], jours[-1]).get(personne),
        habilitation_personnelle=registre_a_jour(lecteur, [personne], ROLE_DE_QUALITE[qualite], jours[-1]).get(
            personne
        ),
    )


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


def habilitations_du_bloc(
    lecteur: Acteur, epreuve: VueEpreuve, qualite: Qualite, personnes: Iterable[UUID] | None, jour: date
) -> dict[UUID, bool]:
    """Pour chaque délégué (de ces personnes, ou de toutes) : son organisme est-il habilité pour ce bloc ce jour-là ?

    Est délégué qui tient le rôle de certificateur au nom d'un organisme ; qui le tient sans organisme évalue pour le
    certificateur lui-même, et n'a pas à être habilité (il n'est pas dans la réponse). Deux requêtes, ou aucune.
    """
    return habilitations(lecteur, epreuve.dossier.referentiel_code, epreuve.bloc, qualite, personnes, jour)


def habilitations(
    lecteur: Acteur, certification: str, bloc: str, qualite: Qualite, personnes: Iterable[UUID] | None, jour: date
) -> dict[UUID, bool]:
    """La même, pour un bloc d'une certification, sans épreuve encore."""
    if qualite != Qualite.CERTIFICATEUR:
        return {}
    tenus = organismes_du_role(lecteur, personnes, ROLE_DE_QUALITE[qualite], jour, certification)
    delegues = {personne: organismes for personne, organismes in tenus.items() if None not in organismes}
    permis = habilites(lecteur, certification, bloc, jour) if delegues else frozenset()
    return {personne: not permis.isdisjoint(organismes) for personne, organismes in delegues.items()}


def charges_en_cours() -> dict[UUID, int]:
    """Combien d'épreuves ouvertes attendent chaque évaluateur en place. Une requête."""
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
