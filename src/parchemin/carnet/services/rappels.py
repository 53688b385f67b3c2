"""Ne laisser aucun attestant sans compte hors du courriel du matin : sa nomination, puis ses rappels, par un lien."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.db.models import Max

from moteur.regles.escalade_du_carnet import Palier
from parchemin.carnet.models import LienAttestation
from parchemin.carnet.selectors import avancements, carnet, echelons, sans_geste_depuis
from parchemin.carnet.services.liens import demander_attestations
from parchemin.parcours.enums import Qualite
from parchemin.parcours.selectors import VueDossier, dossiers_a_attester
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Refus


def rappeler_par_lien(*, personne: UUID, maintenant: datetime) -> bool:
    """Envoie à cette personne, pour le carnet qui l'attend le plus, un lien par lequel attester ; vrai s'il part.

    Au plus un par échelon de l'escalade et par carnet, et un par jour civil, d'où qu'il soit parti : la relancer ne change rien.
    """
    if any(jour_civil(emis) == jour_civil(maintenant) for emis in _derniers(personne).values()):
        return False
    for dossier, qualite in _dus(personne, maintenant):
        lu = carnet(SYSTEME, dossier.id)
        if lu is None:
            continue
        attendues = [
            ligne.competence for ligne in lu.lignes if ligne.bloc not in lu.dispenses and ligne.attend(qualite, dossier)
        ]
        try:
            parties = demander_attestations(
                dossier=dossier.id,
                qualites=(qualite,),
                competences=attendues,
                auteur=SYSTEME,
                maintenant=maintenant,
            )
        except Refus:  # sans adresse à elle, ou un dossier clos entre-temps : un autre carnet l'attend peut-être
            continue
        if parties:
            return True
    return False


def _dus(personne: UUID, maintenant: datetime) -> Iterator[tuple[VueDossier, Qualite]]:
    """Les carnets où l'échelon en cours ne lui a pas encore été dit, celui où rien ne bouge depuis le plus longtemps d'abord."""
    lecteur, jour = Acteur(personne), jour_civil(maintenant)
    dossiers = dossiers_a_attester(lecteur, jour)
    lus = avancements(lecteur, [vue.id for vue in dossiers])
    attendus = echelons(lecteur, dossiers, lus, jour)
    derniers = _derniers(personne)
    ouverts = set(
        LienAttestation.objects.filter(personne_id=personne, ferme_le=None, expire__gt=maintenant)
        .order_by()
        .values_list("carnet__dossier_id", "qualite")
    )
    for vue in sorted(dossiers, key=lambda une: sans_geste_depuis(une, lus[une.id]) if une.id in lus else jour):
        for qualite in Qualite:
            if vue.designe(qualite) != personne or vue.id not in attendus or not lus[vue.id].attendues(qualite):
                continue
            emis = derniers.get((vue.id, qualite.value))
            palier, debut = attendus[vue.id]
            # Au premier échelon, qu'un geste rouvre, un lien qui vaut encore suffit.
            suffit = palier is Palier.ATTESTANT and (vue.id, qualite.value) in ouverts
            if emis is None or (jour_civil(emis) < debut and not suffit):
                yield vue, qualite


def _derniers(personne: UUID) -> dict[tuple[UUID, str], datetime]:
    """Quand partit le dernier lien de cette personne, par dossier et par qualité."""
    liens = LienAttestation.objects.filter(personne_id=personne).order_by().values("carnet__dossier_id", "qualite")
    return {
        (une["carnet__dossier_id"], une["qualite"]): une["dernier"] for une in liens.annotate(dernier=Max("emis_le"))
    }
