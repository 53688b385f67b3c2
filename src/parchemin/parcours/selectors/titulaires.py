"""Le registre des titulaires repris du papier : qui tient quoi, retraits compris, et les dossiers où cela compte."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from parchemin.comptes.selectors import personnes_trouvees
from parchemin.parcours.enums import EtatRepris, OrigineDeBloc
from parchemin.parcours.models import BlocAcquis, Dossier
from parchemin.parcours.selectors.blocs_acquis import VueBlocAcquis, blocs_acquis, vue_bloc_acquis
from parchemin.parcours.selectors.fiches_dossiers import VueDossier, dossiers_par_ids
from parchemin.socle.acteur import Acteur
from parchemin.socle.refus import Introuvable


@dataclass(frozen=True, slots=True)
class VueRepris:
    """Un parchemin ou une attestation repris, un bloc à la fois. `candidat_nom` : la personne telle qu'elle est enregistrée."""

    candidat_nom: str
    acquis: VueBlocAcquis


def titulaires_repris(lecteur: Acteur, recherche: str = "", etat: str = "") -> QuerySet[BlocAcquis]:
    """Ce qui fut repris du papier, trié par nom à la française ; la recherche prend un nom, ou un numéro de parchemin.

    Sans contrôle d'accès : pour qui tient le registre. Chaque ligne se lit par `vue_repris`, sans autre requête.
    """
    lignes = BlocAcquis.objects.filter(origine=OrigineDeBloc.REPRISE)
    if mots := recherche.strip():
        nommes = Q(candidat_id__in=personnes_trouvees(mots).values("pk"))
        lignes = lignes.filter(nommes | Q(numero__icontains=mots))
    if etat:
        lignes = lignes.filter(retrait__isnull=etat == EtatRepris.TENU)
    return lignes.select_related("candidat", "vu_par", "retrait").order_by(
        "candidat__cle_tri", "referentiel", "bloc", "instant", "pk"
    )


def vue_repris(ligne: BlocAcquis) -> VueRepris:
    """Une ligne de `titulaires_repris`, en clair."""
    return VueRepris(str(ligne.candidat), vue_bloc_acquis(ligne))


def repris(lecteur: Acteur, identifiant: UUID) -> VueRepris:
    """Ce qui fut repris sous cet identifiant, et n'est pas retiré. Lève `Introuvable`. Sans contrôle d'accès."""
    ligne = titulaires_repris(lecteur, etat=EtatRepris.TENU).filter(pk=identifiant).first()
    if ligne is None:
        raise Introuvable("Ce document n'est pas au registre des titulaires, ou il en est déjà retiré.")
    return vue_repris(ligne)


def dossiers_ou_compte(lecteur: Acteur, acquis: UUID) -> tuple[VueDossier, ...]:
    """Les dossiers ouverts où ce qui fut repris compte comme acquis. Sans contrôle d'accès : pour qui tient le registre."""
    siens = Q(candidat__blocs_acquis=acquis) | Q(candidat__alias__blocs_acquis=acquis)
    ouverts = Dossier.objects.filter(siens, ouvert=True).order_by("pk").distinct().values_list("pk", flat=True)
    vues = dossiers_par_ids(lecteur, ouverts)
    comptes = blocs_acquis(lecteur, vues.values())
    return tuple(vue for vue in vues.values() if any(un.id == acquis for un in comptes.get(vue.id, {}).values()))
