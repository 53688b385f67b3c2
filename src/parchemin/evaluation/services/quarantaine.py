"""La quarantaine : des gestes reçus de qui n'est plus admis à les faire, ou d'une épreuve qui ne juge plus rien. Ils sont gardés, à
part, et le gestionnaire en décide.

Un appareil resté sans réseau ignore qu'on a retiré son évaluateur. Ce qu'il a noté n'est ni perdu ni versé en silence :
l'heure d'un appareil ne prouve rien, c'est donc une personne qui tranche, avec son motif.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from parchemin.comptes.selectors import droits
from parchemin.comptes.services import chaine_organisme
from parchemin.convocations.selectors import VueEpreuve, epreuve_par_id
from parchemin.convocations.services import commencer_epreuve, verifier_evaluateur, verrouiller_epreuve
from parchemin.evaluation.enums import Action, EtatReponse, Sort
from parchemin.evaluation.models import Fait, GesteMisAPart, SortDeGeste
from parchemin.evaluation.permissions import verifier_peut_regler
from parchemin.evaluation.sceaux import sceau_a_part, sceau_fait
from parchemin.evaluation.selectors import bloc_de, gestes_a_regler
from parchemin.evaluation.services.reception import Reception, Reponse
from parchemin.registre.services import acte
from parchemin.socle.acteur import Acteur
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Introuvable, Refus

GESTES_MAXIMUM = 5_000
"""Ce qui peut attendre une décision, par évaluateur et par épreuve : plusieurs fois ce qu'une épreuve demande."""


def mettre_a_part(
    epreuve: VueEpreuve,
    reception: Reception,
    lot: Sequence[object],
    motif: str,
    auteur: Acteur,
    maintenant: datetime,
) -> tuple[Reponse, ...]:
    """Garde à part les faits bien formés d'un lot, et répond à chacun. Redire ne change rien.

    Lève `Refus("quarantaine_pleine")` si, avec ce qui est neuf, il en attend trop.
    """
    with acte(auteur=auteur, maintenant=maintenant, action=Action.GESTES_MIS_A_PART) as journal:
        reponses = tuple(reception.mettre_a_part(brut, motif) for brut in lot)
        nouveaux = reception.mis_a_part
        if not nouveaux:
            journal.rien_a_inscrire()
            return reponses
        attendent = gestes_a_regler(auteur, epreuve.id).filter(evaluateur_id=auteur.id).count()
        if attendent + len(nouveaux) > GESTES_MAXIMUM:
            raise Refus("quarantaine_pleine", "Trop de gestes attendent déjà la décision du gestionnaire.")
        GesteMisAPart.objects.bulk_create(nouveaux)
        journal.inscrire(
            objet=("epreuve", epreuve.id),
            donnees={"faits": [ligne.pk for ligne in nouveaux], "motif": motif},
            scelles=[sceau_a_part(ligne) for ligne in nouveaux],
            chaine=chaine_organisme(epreuve.dossier.organisme),
        )
    return reponses


@dataclass(frozen=True, slots=True)
class Reglement:
    """Ce qu'un règlement a fait : de combien de gestes il a décidé ; ce qui reste à part, par raison."""

    nombre: int = 0
    restes: Mapping[str, int] = field(default_factory=dict)


def regler_quarantaine(
    *, epreuve: UUID, evaluateur: UUID, sort: Sort, motif: str, auteur: Acteur, maintenant: datetime
) -> Reglement:
    """Décide des gestes mis à part d'un évaluateur : les reprendre dans sa lecture, ou les écarter.

    Reprendre suppose qu'il soit de nouveau affecté, admissible, et que sa lecture soit ouverte : chaque geste repasse alors
    toutes les vérifications ; ce qui passe entre, le reste demeure à part. Une seule fois par geste ; redire ne change rien.
    Lève `Introuvable`, `RefusDroit("planification_reservee" | "cause_propre")` ou d'indépendance, et `Refus` :
    `motif_manquant`, `reprise_impossible` (rien ne passe).
    """
    motif = motif.strip()
    with acte(auteur=auteur, maintenant=maintenant, action=Action.QUARANTAINE_REGLEE) as journal:
        verrouiller_epreuve(epreuve)
        vue = epreuve_par_id(auteur, epreuve)
        verifier_peut_regler(droits(auteur, jour_civil(maintenant)), vue, evaluateur)
        a_regler = list(gestes_a_regler(auteur, epreuve).filter(evaluateur_id=evaluateur).order_by("recu_le", "pk"))
        if not a_regler:
            journal.rien_a_inscrire()
            return Reglement()
        if not motif:
            raise Refus("motif_manquant", "Dites pourquoi : ce motif reste avec ces gestes.")
        regles: list[GesteMisAPart] = a_regler
        repris: list[Fait] = []
        restes: Mapping[str, int] = {}
        if sort == Sort.REPRIS:
            regles, repris, restes = _reprendre(vue, a_regler, Acteur(evaluateur), maintenant)
        SortDeGeste.objects.bulk_create(
            SortDeGeste(geste=geste, sort=sort, motif=motif, auteur=auteur.id, le=maintenant) for geste in regles
        )
        journal.inscrire(
            objet=("epreuve", epreuve),
            donnees={"evaluateur": evaluateur, "sort": sort, "faits": [geste.pk for geste in regles]},
            personnel={"motif": motif},
            scelles=[sceau_fait(ligne) for ligne in repris],
            chaine=chaine_organisme(vue.dossier.organisme),
        )
        if repris:
            commencer_epreuve(epreuve=vue, auteur=auteur, maintenant=maintenant)
    return Reglement(len(regles), restes)


def _reprendre(
    epreuve: VueEpreuve, gestes: Sequence[GesteMisAPart], evaluateur: Acteur, maintenant: datetime
) -> tuple[list[GesteMisAPart], list[Fait], Counter[str]]:
    """Les gestes repris, leurs faits, et ce qui n'a pas pu l'être, par raison."""
    try:
        verifier_evaluateur(evaluateur, epreuve, maintenant)
    except Introuvable as refus:
        raise Refus(
            "reprise_impossible", "Cette personne n'évalue plus cette épreuve : ses gestes ne peuvent que s'écarter."
        ) from refus
    lot = [geste.contenu for geste in gestes]
    reception = Reception(epreuve, bloc_de(evaluateur, epreuve), lot, evaluateur, maintenant)
    pris: list[GesteMisAPart] = []
    restes = Counter[str]()
    for geste in gestes:
        reponse = reception.recevoir(geste.contenu)
        if reponse.etat == EtatReponse.REFUSEE:
            restes[reponse.raison] += 1
        else:
            pris.append(geste)
    if not pris:
        raise Refus("reprise_impossible", f"Ces gestes ne peuvent plus entrer dans la lecture. {' '.join(restes)}")
    reception.garder()
    return pris, reception.acceptes, restes
