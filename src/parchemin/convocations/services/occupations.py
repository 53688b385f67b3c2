"""Tenir à jour ce que chaque épreuve occupe : la base refuse deux fois la même personne, ou la même salle, au même instant.

Tout se fait dans la transaction de l'acte qui change l'épreuve. Les ressources se verrouillent d'abord, dans l'ordre de leurs
identifiants : deux gestionnaires ne s'attendent jamais en croix, et le second lit ce que le premier vient d'écrire. Les contraintes
d'exclusion restent le dernier mot, contre toute écriture qui ne passerait pas par ici.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from moteur.etats import CONVOCATION
from parchemin.convocations.enums import SANS_SUITE
from parchemin.convocations.models import Affectation, Convocation, Epreuve, Occupation
from parchemin.socle.bases import contrainte_violee
from parchemin.socle.refus import Refus

CONTRAINTES = ("occupation_une_personne_a_la_fois", "occupation_une_salle_a_la_fois")
_SEL = 0x7262_0060_0000_0000


def verrouiller_ressources(ressources: Iterable[UUID]) -> None:
    """Réserve, jusqu'à la fin de la transaction, le droit d'écrire ce qui occupe ces personnes et ces salles.

    Qui place plusieurs épreuves d'un coup les verrouille toutes d'abord, puis toutes leurs ressources, en un seul appel.
    """
    cles = sorted({_cle(ressource) for ressource in ressources})
    with connection.cursor() as curseur:
        curseur.execute("SELECT pg_advisory_xact_lock(cle) FROM unnest(%s::bigint[]) AS cle", [cles])


def ressources_de(ligne: Epreuve) -> list[UUID]:
    """Les personnes que tient une épreuve, et sa salle si elle en a une ; rien si sa durée est inconnue, ou si elle ne se tiendra plus."""
    if ligne.duree is None or ligne.etat in SANS_SUITE:
        return []
    evaluateurs = Affectation.objects.filter(epreuve=ligne, au=None).values_list("evaluateur_id", flat=True)
    en_salle = [ligne.salle_id] if ligne.salle_id else []
    return sorted({*en_salle, ligne.dossier.candidat_id, *evaluateurs}, key=str)


def tenir(ligne: Epreuve) -> None:
    """Refait ce qu'occupe cette épreuve, d'après ce qu'elle est maintenant. À n'appeler que sous son verrou.

    Lève `Refus("deja_pris")` si la base refuse ; qui appelle l'a d'ordinaire déjà dit mieux (`selectors.conflits`).
    """
    voulues = ressources_de(ligne)
    verrouiller_ressources(voulues)
    Occupation.objects.filter(epreuve=ligne).delete()
    if not voulues:
        return
    fin = ligne.prevue_le + timedelta(minutes=ligne.duree or 0)
    try:
        with transaction.atomic():
            Occupation.objects.bulk_create(
                Occupation(
                    epreuve=ligne,
                    personne_id=None if ressource == ligne.salle_id else ressource,
                    salle_id=ressource if ressource == ligne.salle_id else None,
                    debut=ligne.prevue_le,
                    fin=fin,
                )
                for ressource in voulues
            )
    except IntegrityError as erreur:
        if contrainte_violee(erreur) in CONTRAINTES:
            raise Refus(
                "deja_pris",
                "La salle, ou l'une de ces personnes, est déjà prise à cette heure : choisissez-en une autre.",
            ) from erreur
        raise


def liberer(ligne: Epreuve, personne: UUID) -> None:
    """Cette personne n'est plus tenue par l'épreuve ; les autres, et la salle, le restent. À n'appeler que sous son verrou."""
    Occupation.objects.filter(epreuve=ligne, personne_id=personne).delete()


def suivre_la_fusion(alias: UUID, gardee: UUID) -> None:
    """Deux fiches n'en font qu'une : ce qui occupait l'une occupe la fiche gardée, et ce à quoi l'une est convoquée attend l'autre.

    Dans la transaction de la fusion, qui a vérifié que rien ne s'y croise (`selectors.obstacles_a_la_fusion`). Une convocation finie
    garde la fiche qu'elle a nommée ; le lien personnel déjà parti continue d'ouvrir.
    """
    Occupation.objects.filter(personne_id=alias).update(personne_id=gardee)
    attendues = Convocation.objects.exclude(etat__in=CONVOCATION.terminaux)
    deja = attendues.filter(personne_id=gardee).values("epreuve")
    attendues.filter(personne_id=alias).exclude(epreuve__in=deja).update(personne_id=gardee)
    attendues.filter(remplacant_id=alias).update(remplacant_id=gardee)


def _cle(ressource: UUID) -> int:
    """Une clé de verrou consultatif : 63 bits de l'identifiant, à part de nos autres verrous."""
    return ((ressource.int >> 64) ^ _SEL) & 0x7FFF_FFFF_FFFF_FFFF
