"""Les convocations : qui doit l'être, qui l'est, ce que chacun a répondu ; et ce que le règlement dit des délais."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from moteur.etats import CONVOCATION
from moteur.regles.delai_de_convocation import TABLE_PAR_DEFAUT, Delai, Destinataire
from moteur.vocabulaire import CodeExigence
from parchemin.comptes.selectors import adresses, empreinte_jeton, noms
from parchemin.convocations.enums import AVANT_L_EPREUVE, Convoque
from parchemin.convocations.models import Convocation, PanelDEpreuve, PassageConvocation
from parchemin.convocations.selectors.barriere import evaluateurs_examines
from parchemin.convocations.selectors.epreuves import VueEpreuve
from parchemin.parcours.selectors import dossiers_visibles
from parchemin.referentiels.selectors import (
    Reglement,
    annexes,
    norme,
    panel_de_courriers,
    reglement_en_vigueur,
    version_d_empreinte,
)
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.refus import Refus

REPONSE_PAR_DEFAUT = 7
"""Jours laissés pour répondre, quand le règlement est plus ancien que ce réglage."""
REMPLACANTS_MAX = 5


@dataclass(frozen=True, slots=True)
class AConvoquer:
    """Une place d'une épreuve, et qui la tient. `adresse` vide : on ne peut pas lui écrire."""

    place: Convoque
    personne: UUID
    nom: str
    adresse: str


@dataclass(frozen=True, slots=True)
class VueConvocation:
    """La convocation d'une personne. `dite_le` : quand son dernier courriel fut déposé ; `motif` : ce qu'elle a dit en refusant ;
    `derogation` : pourquoi elle fut tardive.
    """

    id: UUID
    epreuve: UUID
    personne: UUID
    nom: str
    place: Convoque
    etat: str
    depuis: datetime
    convoquee_le: datetime
    dite_le: datetime
    sequence: int
    motif: str
    derogation: str
    remplacant: UUID | None
    remplacant_nom: str

    @property
    def vit(self) -> bool:
        """Vrai tant que l'épreuve attend cette personne."""
        return self.etat not in CONVOCATION.terminaux

    @property
    def intitule(self) -> str:
        """L'état, tel qu'on le lit."""
        return CONVOCATION.etat(self.etat).intitule


def places(lecteur: Acteur, epreuve: VueEpreuve) -> tuple[AConvoquer, ...]:
    """Qui cette épreuve attend, et où lui écrire."""
    tenues = _tenues(epreuve)
    connues = adresses(SYSTEME, [personne for _, personne, _ in tenues])
    return tuple(AConvoquer(place, personne, nom, connues.get(personne, "")) for place, personne, nom in tenues)


def est_retiree(epreuve: VueEpreuve, convocation: VueConvocation) -> bool:
    """Vrai si cette épreuve n'attend plus cette personne en cette place : elle n'en apprend plus rien."""
    tenues = {(place, personne) for place, personne, _ in _tenues(epreuve)}
    return convocation.etat == "annulee" or (convocation.place, convocation.personne) not in tenues


def restent_a_convoquer(epreuve: VueEpreuve, faites: Iterable[VueConvocation]) -> tuple[str, ...]:
    """Les noms de ceux que cette épreuve attend et qui n'y sont pas convoqués en leur place."""
    convoques = {(une.place, une.personne) for une in faites}
    return tuple(nom for place, personne, nom in _tenues(epreuve) if (place, personne) not in convoques)


def _tenues(epreuve: VueEpreuve) -> list[tuple[Convoque, UUID, str]]:
    """Chaque place et qui la tient : le candidat, ses évaluateurs en place, le manager s'il y en a un."""
    dossier = epreuve.dossier
    tenues = [(Convoque.CANDIDAT, dossier.candidat, dossier.candidat_nom)]
    tenues += [(Convoque(e.qualite.value), e.personne, e.nom) for e in epreuve.evaluateurs]
    evaluent = {e.personne for e in epreuve.evaluateurs}
    if dossier.manager is not None and dossier.manager not in evaluent:
        tenues.append((Convoque.MANAGER, dossier.manager, dossier.manager_nom))
    return sorted(tenues, key=lambda une: list(Convoque).index(une[0]))


def convocations(lecteur: Acteur, epreuves: Iterable[UUID]) -> dict[UUID, tuple[VueConvocation, ...]]:
    """Les convocations de ces épreuves (ouvertes au lecteur), la dernière de chacun, dans l'ordre des places ; les annulées n'y sont pas."""
    lignes = Convocation.objects.filter(epreuve_id__in=set(epreuves)).exclude(etat="annulee").order_by("convoquee_le")
    dernieres = {(vue.epreuve, vue.personne): vue for vue in vues_convocations(lecteur, lignes)}
    trouvees: dict[UUID, list[VueConvocation]] = {}
    for vue in dernieres.values():
        trouvees.setdefault(vue.epreuve, []).append(vue)
    rangs = list(Convoque)
    return {cle: tuple(sorted(siennes, key=lambda v: rangs.index(v.place))) for cle, siennes in trouvees.items()}


def convocation_de(lecteur: Acteur, epreuve: UUID) -> VueConvocation | None:
    """La convocation du lecteur à cette épreuve, la dernière ; `None` s'il n'y est pas convoqué."""
    lignes = Convocation.objects.filter(epreuve_id=epreuve, personne_id=lecteur.id).order_by("-convoquee_le")
    return next(iter(vues_convocations(lecteur, lignes[:1])), None)


def convocations_a_repondre(lecteur: Acteur) -> tuple[VueConvocation, ...]:
    """Les convocations du lecteur qui attendent sa réponse, l'épreuve la plus proche d'abord. Deux requêtes au plus."""
    lignes = Convocation.objects.filter(personne_id=lecteur.id, etat="envoyee", epreuve__dossier__ouvert=True)
    return vues_convocations(lecteur, lignes.order_by("epreuve__prevue_le", "pk"))


def convocations_refusees(lecteur: Acteur, jour: date, au_plus: int) -> tuple[VueConvocation, ...]:
    """Les convocations refusées du périmètre, dont l'épreuve vient encore ; la plus proche d'abord, `au_plus` tant."""
    dossiers = dossiers_visibles(lecteur, jour).filter(ouvert=True).order_by().values("pk")
    lignes = Convocation.objects.filter(
        etat="refusee", epreuve__dossier_id__in=dossiers, epreuve__etat__in=AVANT_L_EPREUVE
    )
    return vues_convocations(lecteur, lignes.order_by("epreuve__prevue_le", "pk")[:au_plus])


def convocation_du_lien(jeton: str, connecte: Acteur | None) -> VueConvocation:
    """La convocation de ce lien, vivante ou non, pour qui peut s'en servir. Lève `Refus("lien_inconnu" | "autre_identite")`."""
    trouvees = vues_convocations(SYSTEME, Convocation.objects.filter(empreinte=empreinte_jeton(jeton)))
    if not trouvees:
        raise Refus(
            "lien_inconnu",
            "Ce lien n'est pas le bon, ou un plus récent l'a remplacé : ouvrez le dernier courriel reçu.",
        )
    if connecte is not None and connecte.id != trouvees[0].personne:
        raise Refus(
            "autre_identite",
            "Ce lien n'est pas à vous : cette session est celle d'une autre personne. On ne répond que pour soi.",
        )
    return trouvees[0]


def versions_dites(lecteur: Acteur, epreuves: Iterable[UUID]) -> dict[UUID, int]:
    """La dernière version dite au lecteur de chacune de ces épreuves : son calendrier privé suit son invitation."""
    lignes = Convocation.objects.filter(personne_id=lecteur.id, epreuve_id__in=set(epreuves)).order_by("sequence")
    return dict(lignes.values_list("epreuve_id", "sequence"))


def fut_convoque(lecteur: Acteur, epreuve: UUID, personne: UUID) -> bool:
    """Vrai si cette personne a été convoquée à cette épreuve : ce qui y change lui est dit par son invitation."""
    return Convocation.objects.filter(epreuve_id=epreuve, personne_id=personne).exists()


def vues_convocations(lecteur: Acteur, lignes: Iterable[Convocation]) -> tuple[VueConvocation, ...]:
    """Les vues figées de lignes rendues d'ici ; noms et motifs lus ensemble, seulement s'il y en a."""
    lignes = list(lignes)
    personnes = {ligne.personne_id for ligne in lignes} | {
        ligne.remplacant_id for ligne in lignes if ligne.remplacant_id
    }
    connus = noms(lecteur, personnes) if personnes else {}
    refusees = [ligne.pk for ligne in lignes if ligne.etat == "refusee"]
    motifs: Mapping[UUID, str] = {}
    if refusees:
        passages = PassageConvocation.objects.filter(convocation_id__in=refusees, etat="refusee").order_by("rang")
        motifs = dict(passages.values_list("convocation_id", "motif"))
    return tuple(
        VueConvocation(
            id=ligne.pk,
            epreuve=ligne.epreuve_id,
            personne=ligne.personne_id,
            nom=connus[ligne.personne_id],
            place=Convoque(ligne.place),
            etat=ligne.etat,
            depuis=ligne.depuis,
            convoquee_le=ligne.convoquee_le,
            dite_le=ligne.envoyee_le or ligne.convoquee_le,
            sequence=ligne.sequence,
            motif=motifs.get(ligne.pk, ""),
            derogation=ligne.derogation,
            remplacant=ligne.remplacant_id,
            remplacant_nom=connus[ligne.remplacant_id] if ligne.remplacant_id else "",
        )
        for ligne in lignes
    )


def remplacants_possibles(lecteur: Acteur, epreuve: VueEpreuve, place: Convoque, jour: date) -> dict[UUID, str]:
    """Qui un évaluateur peut proposer à sa place : quelques personnes que rien n'écarte. De personne d'autre, rien ne se dit."""
    qualite = next((e.qualite for e in epreuve.evaluateurs if e.qualite.value == place.value), None)
    if qualite is None:
        return {}
    tenues = {e.personne for e in epreuve.evaluateurs}
    examines = evaluateurs_examines(lecteur, epreuve, qualite, jour)
    libres = [e for e in examines if e.avis.admissible and e.personne not in tenues]
    return {e.personne: e.nom for e in libres[:REMPLACANTS_MAX]}


def delais_du_reglement(reglement: Reglement) -> tuple[Delai, ...]:
    """La table d'un règlement, dans les mots du moteur ; celle du moteur s'il a été écrit avant elle."""
    lignes = reglement.valeur("convocation_delais", None)
    if lignes is None:
        return TABLE_PAR_DEFAUT
    return tuple(
        Delai(Destinataire(une["destinataire"]), une["jours"], une["plancher"], une["derogation"] == "motivee")
        for une in lignes
    )


def delais_de_convocation(lecteur: Acteur, empreinte: str, jour: date) -> tuple[tuple[Delai, ...], int]:
    """Les délais du règlement en vigueur ce jour-là, et les jours laissés pour répondre."""
    reglement = reglement_en_vigueur(lecteur, version_d_empreinte(lecteur, empreinte), jour)
    return delais_du_reglement(reglement), reglement.valeur("convocation_reponse_jours", REPONSE_PAR_DEFAUT)


@dataclass(frozen=True, slots=True)
class PremieresDates:
    """Quand tenir au plus tôt une épreuve si l'on y convoque aujourd'hui : en donnant un motif, et sans déroger."""

    avec_motif: date
    a_temps: date


def premieres_dates(lecteur: Acteur, normes: Iterable[str], jour: date) -> PremieresDates | None:
    """D'après les règlements en vigueur pour ces normes, le plus exigeant l'emportant ; `None` sans norme."""
    delais = [delai for norme in set(normes) for delai in delais_de_convocation(lecteur, norme, jour)[0]]
    if not delais:
        return None
    return PremieresDates(
        avec_motif=max(delai.premiere_date(jour) for delai in delais),
        a_temps=jour + timedelta(days=max(delai.jours for delai in delais)),
    )


def panel_a_choisir(lecteur: Acteur, epreuve: VueEpreuve) -> tuple[str, ...]:
    """Les motifs de courrier parmi lesquels choisir en convoquant ; vide si ce bloc n'en demande pas, ou s'il n'y a pas de panel."""
    exigences = norme(lecteur, epreuve.norme).bloc(epreuve.bloc).epreuve.exigences
    if not any(une.code is CodeExigence.COURRIERS for une in exigences):
        return ()
    return annexes(lecteur, version_d_empreinte(lecteur, epreuve.norme)).motifs_de_courrier.get(epreuve.bloc, ())


def panel_choisi(lecteur: Acteur, epreuve: UUID) -> tuple[str, ...]:
    """Les motifs choisis pour cette épreuve quand on y a convoqué ; vide : aucun choix, tout le panel du référentiel vaut."""
    ligne = PanelDEpreuve.objects.filter(epreuve_id=epreuve).order_by("-le", "-pk").first()
    return tuple(ligne.motifs) if ligne else ()


def panel_de_l_epreuve(lecteur: Acteur, epreuve: VueEpreuve) -> frozenset[str]:
    """Les motifs présélectionnés qui comptent : ceux choisis en convoquant, sinon ceux du référentiel ; vide : pas de panel.

    Un choix refait ne retire rien : un geste sans réseau a pu prendre un motif du choix d'avant.
    """
    choix = PanelDEpreuve.objects.filter(epreuve_id=epreuve.id).values_list("motifs", flat=True)
    choisis = frozenset(motif for motifs in choix for motif in motifs)
    return choisis or panel_de_courriers(lecteur, version_d_empreinte(lecteur, epreuve.norme), epreuve.bloc)
