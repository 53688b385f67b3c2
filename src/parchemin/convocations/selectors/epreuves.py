"""Les épreuves qu'un lecteur peut voir, et leurs évaluateurs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Case, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery, When
from django.urls import reverse

from moteur.etats import EPREUVE
from parchemin.comptes.selectors import TacheAReprendre, droits, noms, role_tenu
from parchemin.convocations.enums import ATTENDENT, ROLE_DE_QUALITE, SANS_SUITE, Qualite
from parchemin.convocations.models import Affectation, AVerifier, Epreuve, Occupation, PassageEpreuve, Recusation
from parchemin.parcours.selectors import Apercu, Changement, VueDossier, dossiers_par_ids, dossiers_visibles
from parchemin.parcours.selectors import dossier as lire_dossier
from parchemin.socle.acteur import Acteur
from parchemin.socle.fuseaux import heure_de
from parchemin.socle.horloge import PARIS, jour_civil
from parchemin.socle.refus import Introuvable
from parchemin.socle.typographie import date_en_clair, de, heure


@dataclass(frozen=True, slots=True)
class VueEvaluateur:
    """Un évaluateur en place ; `remplacant` : il a pris la suite d'un autre alors que l'épreuve avait commencé."""

    personne: UUID
    nom: str
    qualite: Qualite
    remplacant: bool = False


@dataclass(frozen=True, slots=True)
class VueEpreuve:
    """Une épreuve telle que les autres capacités la lisent."""

    id: UUID
    dossier: VueDossier
    bloc: str
    norme: str
    prevue_le: datetime
    lieu: str
    etat: str
    depuis: datetime
    evaluateurs: tuple[VueEvaluateur, ...]
    commencee_le: datetime | None = None
    salle: UUID | None = None
    duree: int | None = None
    fuseau: str = PARIS.key

    @property
    def zone(self) -> ZoneInfo:
        """Le fuseau de son site, où se lisent ses heures ; Paris si elle n'a pas de salle."""
        return ZoneInfo(self.fuseau)

    @property
    def commencee(self) -> bool:
        """Vrai si un geste au moins est reçu."""
        return self.commencee_le is not None

    @property
    def fin(self) -> datetime | None:
        """L'instant où elle libère chacun ; `None` si elle fut planifiée avant qu'on n'en compte la durée."""
        return None if self.duree is None else self.prevue_le + timedelta(minutes=self.duree)

    @property
    def jour(self) -> date:
        """Le jour civil où elle se tient, à l'horloge de son site."""
        return jour_civil(self.prevue_le, self.zone)

    @property
    def heure(self) -> str:
        """« 9 h 00 », à l'horloge de son site ; hors de Paris, dit laquelle : « 9 h 00 (heure de Guyane) »."""
        dite = heure(self.prevue_le, self.zone)
        return dite if self.fuseau == PARIS.key else f"{dite} ({heure_de(self.fuseau)})"

    @property
    def etat_intitule(self) -> str:
        """L'état, tel qu'on le lit."""
        return EPREUVE.etat(self.etat).intitule

    @property
    def attend(self) -> bool:
        """Vrai si elle attend encore quelqu'un : on peut y convoquer."""
        return self.etat in ATTENDENT and self.dossier.ouvert

    def qualite_de(self, personne: UUID) -> Qualite | None:
        """En quelle qualité cette personne évalue l'épreuve ; `None` si elle n'y est pas affectée."""
        return next((e.qualite for e in self.evaluateurs if e.personne == personne), None)

    def tait_son_debut(self, personne: UUID) -> bool:
        """Vrai pour qui l'évalue, avant les deux sceaux : si elle est commencée, et quand, dirait que l'autre l'a fait."""
        return self.etat in ("affectee", "en_cours") and self.qualite_de(personne) is not None

    def est_remplacant(self, personne: UUID) -> bool:
        """Vrai si cette personne a pris la suite d'un autre évaluateur alors que l'épreuve avait commencé."""
        return any(e.remplacant for e in self.evaluateurs if e.personne == personne)

    def evaluateur(self, qualite: Qualite) -> VueEvaluateur | None:
        """L'évaluateur en place en cette qualité."""
        return next((e for e in self.evaluateurs if e.qualite == qualite), None)


def epreuves_visibles(lecteur: Acteur, jour: date) -> QuerySet[Epreuve]:
    """Les épreuves des dossiers ouverts au lecteur, et celles où il est affecté. La plus proche d'abord."""
    affecte = _affectations(lecteur, jour)
    dossiers = dossiers_visibles(lecteur, jour).order_by().values("pk")
    return _completes(Epreuve.objects.filter(Q(dossier_id__in=dossiers) | Exists(affecte)))


def epreuves_de_l_evaluateur(lecteur: Acteur, jour: date) -> QuerySet[Epreuve]:
    """Les épreuves où le lecteur est affecté et dont il tient encore le rôle, annulées exceptées. La plus proche d'abord."""
    miennes = Epreuve.objects.filter(Exists(_affectations(lecteur, jour)))
    return _completes(miennes.exclude(etat="annulee"))


def epreuves_en_liste(lecteur: Acteur, jour: date) -> QuerySet[Epreuve]:
    """Les épreuves du périmètre d'un gestionnaire, ou celles de l'évaluateur : ce qui reste à faire, le plus ancien d'abord ; puis
    ce qui est fini, le plus récent d'abord.
    """
    gere = droits(lecteur, jour).est_gestionnaire
    lignes = epreuves_visibles(lecteur, jour) if gere else epreuves_de_l_evaluateur(lecteur, jour)
    finie = Q(etat__in=EPREUVE.terminaux)
    reste = Case(When(finie, then=None), default=F("prevue_le"))
    return lignes.order_by(reste.asc(nulls_last=True), F("prevue_le").desc(), "pk")


def _affectations(lecteur: Acteur, jour: date) -> QuerySet[Affectation]:
    """Sous-requête : l'affectation du lecteur à l'épreuve de la requête. Qui n'est plus évaluateur n'y est plus affecté."""
    tenue = Q()
    for qualite, nature in ROLE_DE_QUALITE.items():
        tenue |= Q(role_tenu(lecteur, nature, jour), qualite=qualite)
    return Affectation.objects.filter(tenue, epreuve=OuterRef("pk"), evaluateur_id=lecteur.id, au=None)


def evalue(lecteur: Acteur, dossier: UUID, jour: date) -> bool:
    """Vrai si le lecteur est affecté à une épreuve de ce dossier, et tient encore le rôle qu'il faut."""
    return epreuves_de_l_evaluateur(lecteur, jour).filter(dossier_id=dossier).exists()


def dossier_du_lecteur(lecteur: Acteur, identifiant: UUID, jour: date) -> VueDossier:
    """Un dossier ouvert au lecteur, ou dont il évalue une épreuve. Lève `Introuvable` sinon, sans dire s'il existe."""
    try:
        return lire_dossier(lecteur, identifiant, jour)
    except Introuvable:
        if not evalue(lecteur, identifiant, jour):
            raise
        return dossiers_par_ids(lecteur, [identifiant])[identifiant]


def juge_encore(lecteur: Acteur, dossier: UUID) -> bool:
    """Vrai si une épreuve de ce dossier attend encore la lecture ou l'accord du lecteur, quel que soit son rôle du jour."""
    siennes = Affectation.objects.filter(evaluateur_id=lecteur.id, au=None, epreuve__dossier_id=dossier)
    return siennes.exclude(epreuve__etat__in=(*SANS_SUITE, "accordee")).exists()


def fut_affecte(lecteur: Acteur, epreuve: UUID) -> bool:
    """Vrai si le lecteur est ou a été affecté à cette épreuve, quel que soit l'état de l'épreuve."""
    return Affectation.objects.filter(epreuve_id=epreuve, evaluateur_id=lecteur.id).exists()


def est_attendu(lecteur: Acteur, epreuve: UUID) -> bool:
    """Vrai si le lecteur passe cette épreuve, ou y est affecté en ce moment. Une requête, que l'épreuve existe ou non."""
    sienne = Q(dossier__candidat_id=lecteur.id) | Exists(
        Affectation.objects.filter(epreuve=OuterRef("pk"), evaluateur_id=lecteur.id, au=None)
    )
    return Epreuve.objects.filter(sienne, pk=epreuve).exists()


def epreuve(lecteur: Acteur, identifiant: UUID, jour: date) -> VueEpreuve:
    """Une épreuve ouverte au lecteur ; lève `Introuvable` sinon, sans dire si elle existe."""
    trouvees = vues(lecteur, epreuves_visibles(lecteur, jour).filter(pk=identifiant))
    if not trouvees:
        raise Introuvable
    return trouvees[0]


def epreuves_ouvertes(lecteur: Acteur, identifiants: Iterable[UUID], jour: date) -> frozenset[UUID]:
    """Parmi ces épreuves, celles dont la page s'ouvre au lecteur : de quoi ne montrer aucun lien qui refuse."""
    return frozenset(epreuves_visibles(lecteur, jour).filter(pk__in=set(identifiants)).values_list("pk", flat=True))


def epreuve_par_id(lecteur: Acteur, identifiant: UUID) -> VueEpreuve:
    """Une épreuve, sans contrôle d'accès : pour un service qui établit lui-même le droit. Lève `Introuvable`."""
    trouvees = vues(lecteur, _completes(Epreuve.objects.filter(pk=identifiant)))
    if not trouvees:
        raise Introuvable
    return trouvees[0]


def ouverture_de_l_accord(lecteur: Acteur, epreuve: VueEpreuve) -> datetime:
    """L'instant où la seconde lecture fut scellée : l'accord se règle sous le règlement de ce jour-là, et se relit de même.

    Une requête une fois l'accord fini ; aucune tant qu'il dure.
    """
    if epreuve.etat == "lectures_scellees":
        return epreuve.depuis
    return PassageEpreuve.objects.get(epreuve_id=epreuve.id, etat="lectures_scellees").instant


def evaluateurs_d_avant(lecteur: Acteur, epreuve: UUID) -> tuple[VueEvaluateur, ...]:
    """Les évaluateurs de l'épreuve que celle-ci recommence, pour les proposer d'abord ; vide si elle n'en recommence pas."""
    ancienne = Epreuve.objects.filter(remplacee_par=epreuve)
    return next((vue.evaluateurs for vue in vues(lecteur, _completes(ancienne))), ())


def epreuves_du_dossier(lecteur: Acteur, dossier: UUID) -> dict[str, VueEpreuve]:
    """L'épreuve de chaque bloc d'un dossier ouvert au lecteur : celle qui vit, sinon la dernière close sans évaluation.

    Les annulées n'y sont pas.
    """
    lignes = vues(lecteur, _completes(Epreuve.objects.filter(dossier_id=dossier).exclude(etat="annulee")))
    en_vie_a_la_fin = sorted(lignes, key=lambda vue: (vue.etat not in SANS_SUITE, vue.depuis))
    return {vue.bloc: vue for vue in en_vie_a_la_fin}


def dire_un_changement(lecteur: Acteur, changement: Changement) -> Apercu:
    """Ce qu'un changement en cours de parcours fait des épreuves : ce qui s'y oppose, ou ce qui se revérifie."""
    par_bloc = epreuves_du_dossier(lecteur, changement.dossier.id)
    vives = [vue for _, vue in sorted(par_bloc.items()) if vue.etat not in (*SANS_SUITE, "accordee")]
    if changement.version is not None:
        return Apercu(
            obstacles=tuple(
                f"L'épreuve du bloc {vue.bloc[1:]}, prévue le {date_en_clair(vue.jour)}, n'est pas finie : "
                "annulez-la, ou attendez son résultat."
                for vue in vives
            )
        )
    return Apercu(
        a_verifier=tuple(
            f"Bloc {vue.bloc[1:]}, épreuve du {date_en_clair(vue.jour)} : "
            + (", ".join(e.nom for e in vue.evaluateurs) or "évaluateurs à affecter")
            for vue in vives
        )
    )


def blocs_juges(dossier: UUID) -> frozenset[str]:
    """Les blocs de ce dossier dont l'épreuve a son résultat : ils gardent leur norme. Une requête."""
    return frozenset(Epreuve.objects.filter(dossier_id=dossier, etat="accordee").values_list("bloc", flat=True))


def epreuves_des_dossiers(lecteur: Acteur, dossiers: Iterable[UUID]) -> tuple[VueEpreuve, ...]:
    """Les épreuves de plusieurs dossiers ouverts au lecteur, annulées exceptées."""
    return vues(lecteur, _completes(Epreuve.objects.filter(dossier_id__in=set(dossiers)).exclude(etat="annulee")))


def epreuves_du_site(
    lecteur: Acteur, site: UUID, du: datetime, au: datetime, jour: date
) -> tuple[tuple[VueEpreuve, ...], tuple[tuple[datetime, datetime, UUID], ...]]:
    """Les épreuves placées dans ce site entre ces instants : celles que le lecteur peut ouvrir, puis de celles d'un autre organisme la
    plage et la salle, rien d'autre. Le lecteur tient le site. Sept requêtes au plus, quel qu'en soit le nombre.
    """
    placees = Epreuve.objects.filter(salle__site_id=site, prevue_le__gte=du, prevue_le__lt=au).exclude(
        etat__in=SANS_SUITE
    )
    ouvertes = vues(lecteur, epreuves_visibles(lecteur, jour).filter(pk__in=placees.order_by().values("pk")))
    connues = {vue.id for vue in ouvertes}
    occupees = tuple(
        (debut, debut + timedelta(minutes=duree or 0), salle)
        for pk, debut, duree, salle in placees.order_by("prevue_le", "pk").values_list(
            "pk", "prevue_le", "duree", "salle_id"
        )
        if pk not in connues and salle is not None
    )
    return ouvertes, occupees


def epreuves_de(lecteur: Acteur, dossiers: Iterable[UUID]) -> tuple[UUID, ...]:
    """Toutes les épreuves de ces dossiers, annulées comprises, pour qui répond des données d'une personne."""
    return tuple(Epreuve.objects.filter(dossier_id__in=set(dossiers)).order_by("pk").values_list("pk", flat=True))


def epreuves_lues(lecteur: Acteur, identifiants: Iterable[UUID]) -> tuple[VueEpreuve, ...]:
    """Ces épreuves, ouvertes au lecteur, en entier ; la plus proche d'abord."""
    return vues(lecteur, _completes(Epreuve.objects.filter(pk__in=set(identifiants))))


def epreuves_en_vie(lecteur: Acteur, dossier: UUID) -> tuple[UUID, ...]:
    """Les épreuves d'un dossier qui ne sont pas finies. Pour qui suit ce qui y change, sans contrôle d'accès."""
    lignes = Epreuve.objects.filter(dossier_id=dossier).exclude(etat__in=EPREUVE.terminaux)
    return tuple(lignes.order_by("pk").values_list("pk", flat=True))


def reperes(lecteur: Acteur, ids: Iterable[UUID]) -> dict[UUID, str]:
    """« l’épreuve du bloc 1 de Nour Haddad » pour chaque identifiant d'épreuve connu : de quoi lire le journal."""
    lignes = Epreuve.objects.filter(pk__in=set(ids)).order_by()
    return {
        pk: f"l’épreuve du bloc {bloc[1:]} {de(f'{prenom} {nom}')}"
        for pk, bloc, prenom, nom in lignes.values_list(
            "pk", "bloc", "dossier__candidat__prenom", "dossier__candidat__nom"
        )
    }


def epreuves_en_cours_de_l_evaluateur(lecteur: Acteur, jour: date) -> tuple[VueEpreuve, ...]:
    """Les épreuves du lecteur qui attendent encore quelque chose : leur dossier est ouvert, elles ne sont pas finies."""
    siennes = epreuves_de_l_evaluateur(lecteur, jour).filter(dossier__ouvert=True)
    return vues(lecteur, siennes.exclude(etat__in=EPREUVE.terminaux))


def epreuves_a_suivre(lecteur: Acteur, jour: date, au_plus: int) -> tuple[VueEpreuve, ...]:
    """Les épreuves du périmètre où le gestionnaire doit agir, ou qui tardent ; la plus proche d'abord, `au_plus` tant.

    Il leur manque des évaluateurs (même commencées), l'un d'eux n'est plus admissible, une récusation attend sa réponse, ou un incident sa suite.
    """
    dossiers = dossiers_visibles(lecteur, jour).filter(ouvert=True).order_by().values("pk")
    debut = datetime.combine(jour, time(), tzinfo=PARIS)
    tardent = Q(etat__in=("affectee", "en_cours", "lectures_scellees"), prevue_le__lt=debut)
    ecartees = Exists(AVerifier.objects.filter(epreuve=OuterRef("pk"), close_le=None))
    en_place = Affectation.objects.filter(epreuve=OuterRef("pk"), au=None)
    vacantes = Q(etat="en_cours") & ~Q(*(Exists(en_place.filter(qualite=qualite)) for qualite in Qualite))
    recusees = Exists(Recusation.objects.filter(epreuve=OuterRef("pk"), etat="deposee"))
    lignes = Epreuve.objects.filter(
        Q(etat__in=("a_planifier", "suspendue")) | tardent | vacantes | ecartees | recusees, dossier_id__in=dossiers
    )
    return vues(lecteur, _completes(lignes)[:au_plus])


def epreuves_echues(lecteur: Acteur, avant: datetime) -> tuple[UUID, ...]:
    """Les épreuves qui attendent encore leurs évaluateurs alors que leur heure est passée. Pour la tâche qui relance."""
    lignes = Epreuve.objects.filter(etat__in=("affectee", "en_cours", "lectures_scellees"), prevue_le__lt=avant)
    return tuple(lignes.filter(dossier__ouvert=True).order_by("prevue_le", "pk").values_list("pk", flat=True))


def blocs_planifies(lecteur: Acteur, dossiers: Iterable[UUID]) -> frozenset[tuple[UUID, str]]:
    """Les blocs de ces dossiers (ouverts au lecteur) qui ont leur épreuve, annulées exceptées."""
    lignes = Epreuve.objects.filter(dossier_id__in=set(dossiers)).exclude(etat__in=SANS_SUITE).order_by()
    return frozenset(lignes.values_list("dossier_id", "bloc"))


def _completes(lignes: QuerySet[Epreuve]) -> QuerySet[Epreuve]:
    en_place = Prefetch(
        "affectations", queryset=Affectation.objects.filter(au=None).order_by("-qualite"), to_attr="en_place"
    )
    debut = PassageEpreuve.objects.filter(epreuve=OuterRef("pk"), etat="en_cours").values("instant")[:1]
    completes = lignes.annotate(commencee_le=Subquery(debut)).select_related("salle__site")
    return completes.prefetch_related(en_place).order_by("prevue_le", "pk")


def vues(lecteur: Acteur, lignes: Iterable[Epreuve]) -> tuple[VueEpreuve, ...]:
    """Les vues figées de lignes rendues par un sélecteur d'ici ; dossiers et noms lus ensemble."""
    lignes = list(lignes)
    dossiers = dossiers_par_ids(lecteur, {ligne.dossier_id for ligne in lignes}) if lignes else {}
    personnes = {a.evaluateur_id for ligne in lignes for a in ligne.en_place}  # type: ignore[attr-defined]
    connus = noms(lecteur, personnes) if personnes else {}
    return tuple(_vue(ligne, dossiers, connus) for ligne in lignes)


def _vue(ligne: Epreuve, dossiers: Mapping[UUID, VueDossier], connus: Mapping[UUID, str]) -> VueEpreuve:
    return VueEpreuve(
        id=ligne.pk,
        dossier=dossiers[ligne.dossier_id],
        bloc=ligne.bloc,
        norme=ligne.norme,
        prevue_le=ligne.prevue_le,
        lieu=ligne.lieu,
        etat=ligne.etat,
        depuis=ligne.depuis,
        evaluateurs=tuple(
            VueEvaluateur(
                a.evaluateur_id, connus[a.evaluateur_id], Qualite(a.qualite), remplacant=a.remplace_id is not None
            )
            for a in ligne.en_place  # type: ignore[attr-defined]
        ),
        commencee_le=ligne.commencee_le,  # type: ignore[attr-defined]
        salle=ligne.salle_id,
        duree=ligne.duree,
        fuseau=ligne.salle.site.fuseau if ligne.salle else PARIS.key,
    )


def epreuves_en_cours_de(lecteur: Acteur, personne: UUID, jour: date) -> QuerySet[Epreuve]:
    """Les épreuves des dossiers ouverts au lecteur que cette personne évalue, et qui ne sont pas finies."""
    affectee = Affectation.objects.filter(epreuve=OuterRef("pk"), evaluateur_id=personne, au=None)
    dossiers = dossiers_visibles(lecteur, jour).order_by().values("pk")
    return Epreuve.objects.filter(Exists(affectee), dossier_id__in=dossiers).exclude(etat__in=EPREUVE.terminaux)


# Une personne part, ou n'a plus qu'une fiche --------------------------------------------------------------------------


def taches_laissees(lecteur: Acteur, personne: UUID, jour: date) -> tuple[TacheAReprendre, ...]:
    """Les épreuves à venir ou en cours du périmètre du lecteur où cette personne évalue : quelqu'un d'autre est à affecter."""
    lignes = epreuves_en_cours_de(lecteur, personne, jour)
    return tuple(
        TacheAReprendre(
            f"Affecter un autre évaluateur à l'épreuve du bloc {vue.bloc[1:]} {de(vue.dossier.candidat_nom)}",
            reverse("convocations:affecter", args=[vue.id]),
        )
        for vue in vues(lecteur, _completes(lignes))
    )


def obstacles_a_la_fusion(alias: UUID, gardee: UUID) -> Iterable[str]:
    """Ce qui, dans les épreuves, empêche de réunir deux fiches : la même personne s'y retrouverait deux fois, ou de trop."""
    paire = {alias, gardee}
    epreuves: dict[UUID, set[UUID]] = {}
    en_meme_temps = Occupation.objects.filter(personne_id=gardee, debut__lt=OuterRef("fin"), fin__gt=OuterRef("debut"))
    en_meme_temps = en_meme_temps.exclude(epreuve=OuterRef("epreuve"))  # la même se dit mieux plus bas
    if Occupation.objects.filter(Exists(en_meme_temps), personne_id=alias).exists():
        yield "Les deux fiches ont chacune une épreuve au même instant : déplacez l'une d'abord."
    affectees = Affectation.objects.filter(evaluateur__in=paire, au=None).values_list("epreuve_id", "evaluateur_id")
    for epreuve, evaluateur in affectees:
        epreuves.setdefault(epreuve, set()).add(evaluateur)
    ouvertes = Epreuve.objects.filter(pk__in=epreuves).exclude(etat__in=SANS_SUITE).select_related("dossier__candidat")
    for ligne in ouvertes.order_by("prevue_le", "pk"):
        ou = f"l'épreuve du bloc {ligne.bloc[1:]} {de(str(ligne.dossier.candidat))}"
        places = {ligne.dossier.candidat_id, ligne.dossier.tuteur_id, ligne.dossier.manager_id}
        if epreuves[ligne.pk] == paire:
            yield f"Les deux fiches évaluent {ou} : deux évaluateurs sont deux personnes."
        elif ligne.etat not in EPREUVE.terminaux and alias in epreuves[ligne.pk]:
            yield f"La fiche à réunir évalue {ou} : affectez d'abord quelqu'un d'autre."
        if places & (paire - epreuves[ligne.pk]):
            yield f"L'une évalue {ou}, l'autre y est candidat, tuteur ou manager : ce serait la même personne."
