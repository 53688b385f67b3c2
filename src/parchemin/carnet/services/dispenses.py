"""Dispenser du carnet d'un bloc, avec un motif ; retirer cette dispense."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from parchemin.carnet.enums import Action
from parchemin.carnet.models import Carnet, Dispense
from parchemin.carnet.permissions import verifier_peut_dispenser
from parchemin.carnet.selectors import carnet as lire_carnet
from parchemin.carnet.selectors import regle_de_convocation
from parchemin.carnet.services.carnets import dossier_connu, propre, tenir
from parchemin.comptes.selectors import droits
from parchemin.comptes.services import chaine_organisme
from parchemin.registre.services import acte
from parchemin.socle.acteur import Acteur
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Refus


def dispenser(
    *, dossier: UUID, blocs: Sequence[str], motif: str, auteur: Acteur, maintenant: datetime
) -> tuple[str, ...]:
    """Dispense du carnet de ces blocs : on pourra convoquer malgré ce qui manque. Rend ceux qui ne l'étaient pas encore.

    Lève `RefusDroit` (`dispense_reservee`, `cause_propre`), `Introuvable`, et `Refus` : `dossier_clos`, `motif_manquant`,
    `rien_a_dispenser`, `bloc_non_demande`, `dispense_interdite`, dont les `details` nomment les blocs.
    """
    _verifier_droit(dossier, auteur, maintenant)
    motif = propre(motif)
    if not motif:
        raise Refus("motif_manquant", "Dites pourquoi vous dispensez de ce carnet : le candidat et le jury le liront.")
    with acte(auteur=auteur, maintenant=maintenant, action=Action.DISPENSE) as journal:
        vue, carnet = tenir(dossier, auteur)
        if not regle_de_convocation(auteur, vue, jour_civil(maintenant)).dispensable:
            raise Refus("dispense_interdite", "Le règlement ne permet pas de dispenser du carnet par cette voie.")
        inconnus = tuple(bloc for bloc in blocs if bloc not in vue.blocs)
        if inconnus:
            raise Refus("bloc_non_demande", "Ces blocs ne sont pas demandés dans ce dossier.", details=inconnus)
        lu = lire_carnet(auteur, dossier)
        complets = tuple(bloc for bloc in blocs if lu is not None and lu.avancement(bloc).complet)
        if complets or not blocs:
            raise Refus("rien_a_dispenser", "Choisissez un bloc dont le carnet n'est pas complet.", details=complets)
        nouveaux = tuple(bloc for bloc in vue.blocs if bloc in blocs and lu is not None and bloc not in lu.dispenses)
        if not nouveaux:
            journal.rien_a_inscrire()
            return ()
        _poser(carnet, nouveaux, auteur, maintenant, accordee=True, motif=motif)
        journal.inscrire(
            objet=("carnet", carnet.pk),
            donnees={"dossier": dossier, "blocs": nouveaux},
            personnel={"motif": motif},
            chaine=chaine_organisme(vue.organisme),
        )
    return nouveaux


def retirer_dispense(*, dossier: UUID, bloc: str, motif: str, auteur: Acteur, maintenant: datetime) -> None:
    """Retire la dispense d'un bloc : une ligne de plus. Ce qui est déjà convoqué le reste ; la retirer deux fois ne change rien.

    Lève `RefusDroit` comme `dispenser`, `Introuvable`, et `Refus` : `dossier_clos`, `motif_manquant`.
    """
    _verifier_droit(dossier, auteur, maintenant)
    motif = propre(motif)
    if not motif:
        raise Refus("motif_manquant", "Dites pourquoi vous retirez cette dispense.")
    with acte(auteur=auteur, maintenant=maintenant, action=Action.DISPENSE_RETIREE) as journal:
        vue, carnet = tenir(dossier, auteur)
        lu = lire_carnet(auteur, dossier)
        if lu is None or bloc not in lu.dispenses:
            journal.rien_a_inscrire()
            return
        _poser(carnet, (bloc,), auteur, maintenant, accordee=False, motif=motif)
        journal.inscrire(
            objet=("carnet", carnet.pk),
            donnees={"dossier": dossier, "bloc": bloc},
            personnel={"motif": motif},
            chaine=chaine_organisme(vue.organisme),
        )


def _verifier_droit(dossier: UUID, auteur: Acteur, maintenant: datetime) -> None:
    verifier_peut_dispenser(droits(auteur, jour_civil(maintenant)), dossier_connu(auteur, dossier))


def _poser(
    carnet: Carnet, blocs: Sequence[str], auteur: Acteur, maintenant: datetime, *, accordee: bool, motif: str
) -> None:
    rangs = dict(Dispense.objects.filter(carnet=carnet, bloc__in=blocs).order_by("rang").values_list("bloc", "rang"))
    Dispense.objects.bulk_create(
        Dispense(
            carnet=carnet,
            bloc=bloc,
            rang=rangs.get(bloc, 0) + 1,
            accordee=accordee,
            motif=motif,
            auteur_id=auteur.id,
            instant=maintenant,
        )
        for bloc in blocs
    )
