"""Ce que changerait, en cours de parcours, un autre tuteur, un autre manager, une autre version : dit avant de confirmer.

Les règles sont au moteur (`changement_de_version`) ; chaque capacité du dessus dit par `suivre_changements` ce qui, chez elle,
reste, tombe ou s'y oppose.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, fields
from datetime import date
from uuid import UUID

from moteur.phrases import enumerer
from moteur.regles.changement_de_version import Sort, Suite, suivre
from parchemin.comptes.selectors import noms
from parchemin.parcours.enums import EtatMutation, Qualite, Voie
from parchemin.parcours.models import Dossier, Mutation
from parchemin.parcours.selectors.fiches_dossiers import VueDossier
from parchemin.referentiels.selectors import (
    VersionPubliee,
    fiche,
    norme,
    version_d_empreinte,
    versions_publiees,
)
from parchemin.socle.acteur import Acteur
from parchemin.socle.refus import Introuvable, Refus, au_nom_du_moteur
from parchemin.socle.typographie import pluriel

POURSUIVABLES = ("inscrit", "en_parcours", "en_evaluation")
"""Les états d'où un dossier se poursuit sous une autre version (`moteur.etats.DOSSIER`)."""


@dataclass(frozen=True, slots=True)
class Changement:
    """Ce que l'on voudrait changer d'un dossier ; `None` : cela ne change pas."""

    dossier: VueDossier
    tuteur: UUID | None = None
    manager: UUID | None = None
    version: VersionPubliee | None = None

    def remplace(self, qualite: Qualite) -> UUID | None:
        """Qui prendrait la place de qui est désigné en cette qualité, si quelqu'un change."""
        nouveau = self.tuteur if qualite == Qualite.TUTEUR else self.manager
        return None if nouveau == self.dossier.designe(qualite) else nouveau

    @property
    def remplace_quelqu_un(self) -> bool:
        """Vrai si une personne désignée ne le serait plus."""
        return any(self.dossier.designe(q) is not None and self.remplace(q) is not None for q in Qualite)


@dataclass(frozen=True, slots=True)
class Apercu:
    """Ce qu'entraînerait un changement, en phrases ; vide d'obstacles, il est possible."""

    reste: tuple[str, ...] = ()
    tombe: tuple[str, ...] = ()
    redemande: tuple[str, ...] = ()
    acces: tuple[str, ...] = ()
    a_verifier: tuple[str, ...] = ()
    obstacles: tuple[str, ...] = ()

    def avec(self, autre: Apercu) -> Apercu:
        """Les phrases de l'un, puis celles de l'autre."""
        return Apercu(*(getattr(self, champ.name) + getattr(autre, champ.name) for champ in fields(self)))


@dataclass(frozen=True, slots=True)
class SuiteDeChangement:
    """Ce qu'une capacité du dessus sait d'un changement. `juges` : les blocs de ce dossier qui ont leur résultat."""

    dire: Callable[[Acteur, Changement], Apercu]
    juges: Callable[[UUID], Collection[str]] = lambda _dossier: ()


_SUITES: dict[str, SuiteDeChangement] = {}


def suivre_changements(capacite: str, suite: SuiteDeChangement) -> None:
    """Déclare, depuis l'`AppConfig.ready` d'une capacité du dessus, ce qu'elle dit d'un changement. Le redire remplace."""
    _SUITES[capacite] = suite


def apercu(lecteur: Acteur, changement: Changement) -> Apercu:
    """Tout ce qu'entraînerait ce changement d'un dossier ouvert au lecteur. Lève les refus de `suite_de_version`."""
    dit = _des_designations(lecteur, changement)
    if changement.version is not None:
        dit = dit.avec(_de_la_version(lecteur, changement.dossier, changement.version))
    for nom in sorted(_SUITES):
        dit = dit.avec(_SUITES[nom].dire(lecteur, changement))
    return dit


def suite_de_version(lecteur: Acteur, dossier: VueDossier, version: VersionPubliee) -> Suite:
    """Ce qui suivrait sous cette version, d'après le moteur. Lève `Refus` : ceux du moteur, `version_vae`, `version_trop_tard`."""
    if dossier.voie == Voie.VAE:
        raise Refus(
            "version_vae",
            "Une VAE est recevable pour sa version : pour une autre, le candidat dépose une nouvelle demande.",
        )
    if dossier.etat not in POURSUIVABLES:
        raise Refus("version_trop_tard", "Ce dossier n'est plus en cours de parcours : il finit sous sa version.")
    ancienne, nouvelle = norme(lecteur, dossier.norme_empreinte), norme(lecteur, version.empreinte)
    with au_nom_du_moteur():
        return suivre(ancienne, nouvelle, dossier.blocs, blocs_juges(dossier.id))


def blocs_juges(dossier: UUID) -> frozenset[str]:
    """Les blocs de ce dossier qui ont leur résultat, d'après les capacités du dessus."""
    return frozenset(bloc for suite in _SUITES.values() for bloc in suite.juges(dossier))


def versions_ouvertes(lecteur: Acteur, dossier: VueDossier, jour: date) -> tuple[VersionPubliee, ...]:
    """Les autres versions de la même certification dont l'enregistrement, s'il est connu, court ce jour-là."""
    return tuple(
        version
        for version in versions_publiees(lecteur)
        if version.code == dossier.referentiel_code
        and version.version != dossier.referentiel_version
        and _court(lecteur, version, jour)
    )


def se_poursuit(lecteur: Acteur, dossier: VueDossier) -> bool:
    """Vrai si ce dossier est d'un état et d'une voie d'où l'on change de version, et s'il en est une autre. Une requête au plus."""
    return (
        dossier.voie != Voie.VAE
        and dossier.etat in POURSUIVABLES
        and any(
            autre.code == dossier.referentiel_code and autre.version != dossier.referentiel_version
            for autre in versions_publiees(lecteur)
        )
    )


def version_ouverte(lecteur: Acteur, dossier: VueDossier, nom: str, jour: date) -> VersionPubliee:
    """Celle de ce nom parmi `versions_ouvertes`. Lève `Introuvable`."""
    trouvee = next((v for v in versions_ouvertes(lecteur, dossier, jour) if v.nom() == nom), None)
    if trouvee is None:
        raise Introuvable("Cette version n'est pas ouverte à ce dossier.")
    return trouvee


def dossier_suivant(lecteur: Acteur, dossier: UUID) -> UUID | None:
    """Le dossier où celui-ci s'est poursuivi, s'il l'a été. Une requête."""
    return Dossier.objects.filter(suite_de=dossier).values_list("pk", flat=True).first()


def dossiers_d_avant(lecteur: Acteur, dossier: VueDossier) -> tuple[UUID, ...]:
    """Les dossiers que celui-ci poursuit, du plus récent au plus ancien. Une requête par version, aucune s'il n'y en a pas."""
    trouves: list[UUID] = []
    avant = dossier.suite_de
    while avant is not None:
        trouves.append(avant)
        avant = Dossier.objects.filter(pk=avant).values_list("suite_de", flat=True).first()
    return tuple(trouves)


def dernier_dossier(lecteur: Acteur, dossier: UUID) -> UUID:
    """Le dernier des dossiers où celui-ci s'est poursuivi ; lui-même s'il ne l'a pas été. Une requête par version."""
    while (suivant := dossier_suivant(lecteur, dossier)) is not None:
        dossier = suivant
    return dossier


def _court(lecteur: Acteur, version: VersionPubliee, jour: date) -> bool:
    identite = fiche(lecteur, version)
    debut, fin = (identite.valeur(champ) for champ in ("date_decision", "date_fin"))
    return not (isinstance(debut, str) and jour < date.fromisoformat(debut)) and not (
        isinstance(fin, str) and jour > date.fromisoformat(fin)
    )


def _des_designations(lecteur: Acteur, changement: Changement) -> Apercu:
    """Qui perd et qui gagne l'accès."""
    dossier = changement.dossier
    neufs = {q: p for q in Qualite if (p := changement.remplace(q)) is not None}
    connus = noms(lecteur, set(neufs.values()))
    acces: list[str] = []
    for qualite, personne in neufs.items():
        ancien = dossier.tuteur_nom if qualite == Qualite.TUTEUR else dossier.manager_nom
        if ancien:
            acces.append(f"{ancien} n'est plus {qualite.label.lower()} : ce dossier ne lui est plus ouvert.")
        acces.append(
            f"{connus.get(personne, 'La personne choisie')} devient {qualite.label.lower()} : le dossier et le carnet lui sont ouverts."
        )
    return Apercu(acces=tuple(acces))


def _de_la_version(lecteur: Acteur, dossier: VueDossier, version: VersionPubliee) -> Apercu:
    suite = suite_de_version(lecteur, dossier, version)
    actuelle = version_d_empreinte(lecteur, dossier.norme_empreinte)
    gardees, changees, nouvelles = (suite.de_sort(sort) for sort in Sort)
    combien = pluriel(len(gardees), "compétence est restée la même", "compétences sont restées les mêmes")
    reste = [f"{combien} mot pour mot : ce qui y est attesté reste, sous le nom de qui l'a attesté."]
    if suite.juges:
        reste.append(
            f"{enumerer(suite.juges)} : jugé, garde la norme de la version {actuelle.version} ; rien ne s'y rejuge, et il va au jury "
            "avec son dossier."
        )
    reste.append("Le dossier d'avant, son carnet et les entrées du candidat se lisent toujours.")
    redemande = [
        f"{code} : à attester à nouveau, ses mots ou ceux de ses critères ont changé."
        for code in (ligne.competence for ligne in changees)
    ] + [f"{code} : nouvelle, à attester." for code in (ligne.competence for ligne in nouvelles)]
    redemande.append("Le candidat confirme qu'il a reçu son nouveau carnet.")
    tombe = [f"{bloc} : la version {version.version} n'a plus ce bloc." for bloc in suite.blocs_perdus]
    if suite.perdues:
        tombe.append(
            f"{enumerer(suite.perdues)} (version {actuelle.version}) : ce qui y est attesté reste dans l'histoire et ne compte plus."
        )
    attend = Mutation.objects.filter(dossier=dossier.id, etat=EtatMutation.PROPOSEE).exists()
    return Apercu(
        reste=tuple(reste),
        tombe=tuple(tombe),
        redemande=tuple(redemande),
        obstacles=("Une mutation attend la réponse d'un autre organisme : retirez-la d'abord.",) if attend else (),
    )
