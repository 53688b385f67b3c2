"""Recevoir des faits : chaque geste est gardé, répondu un par un, jamais écrasé (`docs/echange-des-faits.md`)."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from moteur.faits import Fait as FaitDuMoteur
from moteur.faits import verifier_fait
from moteur.grille import grille_courante
from moteur.referentiel import Bloc
from moteur.vocabulaire import Etat
from moteur.vocabulaire import Refus as RefusMoteur
from parchemin.comptes.services import chaine_organisme
from parchemin.convocations.selectors import VueEpreuve, epreuve_par_id
from parchemin.convocations.services import passer_epreuve, verifier_evaluateur, verrouiller_epreuve
from parchemin.evaluation.enums import Action, CodeRefusFait, EtatReponse
from parchemin.evaluation.models import Fait, Lecture
from parchemin.evaluation.sceaux import sceau_fait
from parchemin.evaluation.selectors import bloc_de, fait_du_moteur, faits, rangs_des_appareils
from parchemin.registre.services import acte
from parchemin.socle.acteur import Acteur
from parchemin.socle.refus import Refus

LOT_MAXIMAL = 500
_CLES = frozenset(("id", "appareil", "rang", "cible", "valeur", "mural", "monotone_ms", "norme"))
_CLES_FACULTATIVES = frozenset(("remplace", "vus"))
_VALEUR_RETIREE: Mapping[str, Any] = {
    "critere": Etat.NON_OBSERVE.value,
    "commentaire": "",
    "lieu": "",
    "competence_abordee": False,
}


@dataclass(frozen=True, slots=True)
class Reponse:
    """La réponse à un fait : reçu, déjà reçu, ou refusé avec un code et sa raison."""

    id: str
    etat: EtatReponse
    code: str = ""
    raison: str = ""

    def en_json(self) -> dict[str, str]:
        """La forme de l'échange."""
        refus = {"code": self.code, "raison": self.raison} if self.etat == EtatReponse.REFUSEE else {}
        return {"id": self.id, "etat": self.etat.value, **refus}


def recevoir_faits(
    *, epreuve: UUID, lot: Sequence[object], auteur: Acteur, maintenant: datetime
) -> tuple[Reponse, ...]:
    """Reçoit un lot de faits, chacun dans la forme de l'échange ; répond à chacun, dans l'ordre du lot.

    Un fait refusé n'empêche pas les autres. Renvoyer un lot ne change rien (« déjà reçue »). Le premier fait accepté
    ouvre l'épreuve. Lève `Introuvable` (pas d'affectation), `RefusDroit` (plus admissible),
    `Refus("lot_trop_grand" | "epreuve_fermee")`.
    """
    if len(lot) > LOT_MAXIMAL:
        raise Refus("lot_trop_grand", f"Un envoi porte au plus {LOT_MAXIMAL} gestes : envoyez-les en plusieurs fois.")
    with acte(auteur=auteur, maintenant=maintenant, action=Action.FAITS_RECUS) as journal:
        verrouiller_epreuve(epreuve)
        vue = epreuve_par_id(auteur, epreuve)
        verifier_evaluateur(auteur, vue, maintenant)
        reception = _Reception(vue, bloc_de(auteur, vue), auteur, maintenant)
        reponses = tuple(reception.recevoir(brut) for brut in lot)
        if not reception.acceptes:
            journal.rien_a_inscrire()
            return reponses
        if vue.etat == "affectee":
            passer_epreuve(epreuve=epreuve, vers="en_cours", auteur=auteur, maintenant=maintenant)
        journal.inscrire(
            objet=("epreuve", epreuve),
            donnees={"faits": [ligne.pk for ligne in reception.acceptes]},
            scelles=[sceau_fait(ligne) for ligne in reception.acceptes],
            chaine=chaine_organisme(vue.dossier.organisme),
        )
    return reponses


def poser(
    *, epreuve: UUID, appareil: UUID, cible: str, valeur: object, auteur: Acteur, maintenant: datetime
) -> Reponse:
    """Fait un geste ici, au nom d'un appareil sans JavaScript : le serveur est alors l'appareil, et a tout vu."""
    connus = faits(auteur, epreuve)
    rangs = rangs_des_appareils(connus)
    vue = epreuve_par_id(auteur, epreuve)
    repere = grille_courante(connus).reperes.get(cible)
    brut = {
        "id": str(uuid4()),
        "appareil": str(appareil),
        "rang": rangs.pop(str(appareil), 0) + 1,
        "cible": cible,
        "valeur": valeur,
        "remplace": repere.id if repere else None,
        "vus": rangs,
        "mural": maintenant.isoformat(),
        "monotone_ms": round(maintenant.timestamp() * 1000),
        "norme": vue.norme,
    }
    return recevoir_faits(epreuve=epreuve, lot=[brut], auteur=auteur, maintenant=maintenant)[0]


def annuler_dernier(*, epreuve: UUID, appareil: UUID, auteur: Acteur, maintenant: datetime) -> Reponse:
    """Annule le dernier geste reçu : un geste de plus, qui rend à sa cible la valeur d'avant.

    Lève `Refus("rien_a_annuler")` si l'évaluateur n'a encore rien fait.
    """
    connus = faits(auteur, epreuve)
    if not connus:
        raise Refus("rien_a_annuler", "Il n'y a aucun geste à annuler.")
    dernier = connus[-1]
    avant = grille_courante(connus[:-1]).reperes.get(dernier.cible)
    valeur = avant.valeur if avant else _VALEUR_RETIREE.get(dernier.cible.partition(":")[0])
    return poser(
        epreuve=epreuve, appareil=appareil, cible=dernier.cible, valeur=valeur, auteur=auteur, maintenant=maintenant
    )


class _Reception:
    """La réception d'un lot sous le verrou de l'épreuve : ce qui est connu, ce qui vient d'être accepté."""

    def __init__(self, epreuve: VueEpreuve, bloc: Bloc, auteur: Acteur, maintenant: datetime) -> None:
        self.acceptes: list[Fait] = []
        self._epreuve = epreuve
        self._bloc = bloc
        self._auteur = auteur
        self._maintenant = maintenant
        lignes = Fait.objects.filter(epreuve_id=epreuve.id, evaluateur_id=auteur.id)
        self._connus = {ligne.pk: ligne for ligne in lignes}
        self._rangs = {(ligne.appareil, ligne.rang) for ligne in self._connus.values()}
        self._scellee = Lecture.objects.filter(epreuve_id=epreuve.id, evaluateur_id=auteur.id).exists()

    def recevoir(self, brut: object) -> Reponse:
        try:
            fait = self._lire(brut)
        except (KeyError, TypeError, ValueError, AttributeError):
            identifiant = str(brut.get("id", "")) if isinstance(brut, Mapping) else ""
            return self._refuser(identifiant, CodeRefusFait.FORME)
        cle = UUID(fait.id)
        connu = self._connus.get(cle)
        if connu is not None:
            if fait_du_moteur(connu) == fait:
                return Reponse(fait.id, EtatReponse.DEJA_RECUE)
            return self._refuser(fait.id, CodeRefusFait.ID_REUTILISE)
        if self._scellee:
            return self._refuser(fait.id, CodeRefusFait.LECTURE_SCELLEE)
        if self._epreuve.etat not in ("affectee", "en_cours"):
            return self._refuser(fait.id, CodeRefusFait.EPREUVE_FERMEE)
        try:
            verifier_fait(self._bloc, self._epreuve.norme, fait)
        except RefusMoteur as refus:
            return Reponse(fait.id, EtatReponse.REFUSEE, refus.code, refus.message)
        if (UUID(fait.appareil), fait.rang) in self._rangs:
            return self._refuser(fait.id, CodeRefusFait.RANG_PRIS)
        if Fait.objects.filter(pk=cle).exists():  # l'identifiant d'un autre : on n'en dit pas plus
            return self._refuser(fait.id, CodeRefusFait.ID_REUTILISE)
        self._garder(fait)
        return Reponse(fait.id, EtatReponse.ACCEPTEE)

    def _garder(self, fait: FaitDuMoteur) -> None:
        ligne = Fait(
            pk=UUID(fait.id),
            epreuve_id=self._epreuve.id,
            evaluateur_id=self._auteur.id,
            appareil=UUID(fait.appareil),
            rang=fait.rang,
            cible=fait.cible,
            valeur=fait.valeur,
            remplace=UUID(fait.remplace) if fait.remplace else None,
            vus=dict(fait.vus),
            mural=fait.mural,
            monotone_ms=fait.monotone_ms,
            norme=fait.norme,
            recu_le=self._maintenant,
            sel=secrets.token_hex(16),
        )
        ligne.save(force_insert=True)
        self._connus[ligne.pk] = ligne
        self._rangs.add((ligne.appareil, ligne.rang))
        self.acceptes.append(ligne)

    def _lire(self, brut: object) -> FaitDuMoteur:
        """Un fait dans la forme de l'échange. Lève `TypeError`, `ValueError`, `KeyError` s'il est mal formé."""
        if not isinstance(brut, Mapping) or not _CLES <= set(brut) <= _CLES | _CLES_FACULTATIVES:
            raise TypeError
        vus = brut.get("vus") or {}
        mural = datetime.fromisoformat(brut["mural"])
        if not isinstance(vus, Mapping) or type(brut["rang"]) is not int or not 0 < brut["rang"] < 2**31:
            raise TypeError
        if type(brut["monotone_ms"]) is not int or not 0 <= brut["monotone_ms"] < 2**63 or mural.tzinfo is None:
            raise TypeError
        texte = json.dumps(brut, ensure_ascii=False)
        texte.encode()  # un demi-caractère ne se garde pas
        if not isinstance(brut["cible"], str) or len(brut["cible"]) > 80 or "\\u0000" in texte:
            raise TypeError
        return FaitDuMoteur(
            id=str(UUID(brut["id"])),
            epreuve=str(self._epreuve.id),
            evaluateur=str(self._auteur.id),
            appareil=str(UUID(brut["appareil"])),
            rang=brut["rang"],
            cible=brut["cible"],
            valeur=brut["valeur"],
            remplace=str(UUID(brut["remplace"])) if brut.get("remplace") else None,
            vus={str(UUID(appareil)): rang for appareil, rang in vus.items()},
            mural=mural,
            monotone_ms=brut["monotone_ms"],
            norme=str(brut["norme"]),
        )

    def _refuser(self, identifiant: str, code: CodeRefusFait) -> Reponse:
        return Reponse(identifiant, EtatReponse.REFUSEE, code.value, f"{code.label}.")
