"""Recevoir des faits : chaque geste est gardé, répondu un par un, jamais écrasé (`docs/echange-des-faits.md`)."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from moteur.empreinte import ENTIER_MAXIMAL
from moteur.faits import Fait as FaitDuMoteur
from moteur.faits import verifier_fait
from moteur.grille import grille_courante
from moteur.referentiel import Bloc
from moteur.vocabulaire import Refus as RefusMoteur
from parchemin.comptes.services import chaine_organisme
from parchemin.convocations.selectors import VueEpreuve, epreuve_par_id
from parchemin.convocations.services import passer_epreuve, verifier_evaluateur, verrouiller_epreuve
from parchemin.evaluation.enums import Action, CodeRefusFait, EtatReponse
from parchemin.evaluation.models import Fait, Lecture
from parchemin.evaluation.sceaux import sceau_fait
from parchemin.evaluation.selectors import bloc_de, dernier_geste, fait_du_moteur, faits, rangs_des_appareils
from parchemin.registre.services import acte
from parchemin.socle.acteur import Acteur
from parchemin.socle.refus import Refus

LOT_MAXIMAL = 500
_CLES = frozenset(("id", "appareil", "rang", "cible", "valeur", "mural", "monotone_ms", "norme"))
_CLES_FACULTATIVES = frozenset(("remplace", "vus"))
RANG_MAXIMAL = 2**31 - 1
_CIBLE_MAXIMALE = 80
_IDENTIFIANT_MAXIMAL = 64
_HEURES_CROYABLES = (datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
"""Une heure d'appareil peut mentir ; hors de ces bornes, ce n'est plus une heure."""


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
        reception = _Reception(vue, bloc_de(auteur, vue), lot, auteur, maintenant)
        reponses = tuple(reception.recevoir(brut) for brut in lot)
        reception.garder()
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
    *,
    epreuve: UUID,
    appareil: UUID,
    cible: str,
    valeur: object,
    auteur: Acteur,
    maintenant: datetime,
    vus: Mapping[str, int] | None = None,
) -> Reponse:
    """Fait un geste ici, au nom d'un appareil sans JavaScript.

    `vus` : le plus haut rang de chaque appareil que montrait la page ; `None` : elle montrait tout. Mêmes refus que
    `recevoir_faits`.
    """
    with transaction.atomic():
        verrouiller_epreuve(epreuve)  # deux gestes à la fois d'un même appareil ont deux rangs
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
            "vus": rangs if vus is None else {autre: min(rang, vus.get(autre, 0)) for autre, rang in rangs.items()},
            "mural": maintenant.isoformat(),
            "monotone_ms": round(maintenant.timestamp() * 1000),
            "norme": vue.norme,
        }
        return recevoir_faits(epreuve=epreuve, lot=[brut], auteur=auteur, maintenant=maintenant)[0]


def annuler_dernier(*, epreuve: UUID, appareil: UUID, auteur: Acteur, maintenant: datetime) -> Reponse:
    """Annule le dernier geste qui ne l'est pas déjà : un geste de plus, qui rend à sa cible la valeur d'avant.

    Lève `Refus("rien_a_annuler")` s'il n'y en a pas, et les refus de `recevoir_faits`.
    """
    with transaction.atomic():
        verrouiller_epreuve(epreuve)
        geste = dernier_geste(faits(auteur, epreuve))
        if geste is None:
            raise Refus("rien_a_annuler", "Il n'y a aucun geste à annuler.")
        return poser(
            epreuve=epreuve,
            appareil=appareil,
            cible=geste.cible,
            valeur=geste.avant,
            auteur=auteur,
            maintenant=maintenant,
        )


class _Reception:
    """La réception d'un lot sous le verrou de l'épreuve : ce qui est connu, ce qui vient d'être accepté."""

    def __init__(
        self, epreuve: VueEpreuve, bloc: Bloc, lot: Sequence[object], auteur: Acteur, maintenant: datetime
    ) -> None:
        self.acceptes: list[Fait] = []
        self._epreuve = epreuve
        self._bloc = bloc
        self._auteur = auteur
        self._maintenant = maintenant
        lignes = Fait.objects.filter(epreuve_id=epreuve.id, evaluateur_id=auteur.id)
        self._connus = {ligne.pk: ligne for ligne in lignes}
        self._rangs = {(ligne.appareil, ligne.rang) for ligne in self._connus.values()}
        self._d_autrui = frozenset(
            Fait.objects.filter(pk__in=_identifiants(lot))
            .exclude(pk__in=list(self._connus))
            .values_list("pk", flat=True)
        )
        self._scellee = Lecture.objects.filter(epreuve_id=epreuve.id, evaluateur_id=auteur.id).exists()
        self._ouverte = epreuve.etat in ("affectee", "en_cours") and epreuve.dossier.ouvert

    def recevoir(self, brut: object) -> Reponse:
        try:
            fait = self._lire(brut)
        except (KeyError, TypeError, ValueError, AttributeError):
            identifiant = str(brut.get("id", "")) if isinstance(brut, Mapping) else ""
            return self._refuser(identifiant[:_IDENTIFIANT_MAXIMAL], CodeRefusFait.FORME)
        cle = UUID(fait.id)
        connu = self._connus.get(cle)
        if connu is not None:
            if fait_du_moteur(connu) == fait:
                return Reponse(fait.id, EtatReponse.DEJA_RECUE)
            return self._refuser(fait.id, CodeRefusFait.ID_REUTILISE)
        if self._scellee:
            return self._refuser(fait.id, CodeRefusFait.LECTURE_SCELLEE)
        if not self._ouverte:
            return self._refuser(fait.id, CodeRefusFait.EPREUVE_FERMEE)
        try:
            verifier_fait(self._bloc, self._epreuve.norme, fait)
        except RefusMoteur as refus:
            return Reponse(fait.id, EtatReponse.REFUSEE, refus.code, refus.message)
        if (UUID(fait.appareil), fait.rang) in self._rangs:
            return self._refuser(fait.id, CodeRefusFait.RANG_PRIS)
        if cle in self._d_autrui:  # l'identifiant d'un autre : on n'en dit pas plus
            return self._refuser(fait.id, CodeRefusFait.ID_REUTILISE)
        self._accepter(fait)
        return Reponse(fait.id, EtatReponse.ACCEPTEE)

    def garder(self) -> None:
        """Écrit d'un coup tout ce qui vient d'être accepté."""
        Fait.objects.bulk_create(self.acceptes)

    def _accepter(self, fait: FaitDuMoteur) -> None:
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
        self._connus[ligne.pk] = ligne
        self._rangs.add((ligne.appareil, ligne.rang))
        self.acceptes.append(ligne)

    def _lire(self, brut: object) -> FaitDuMoteur:
        """Un fait dans la forme de l'échange. Lève `TypeError`, `ValueError`, `KeyError` s'il est mal formé."""
        if not isinstance(brut, Mapping) or not _CLES <= set(brut) <= _CLES | _CLES_FACULTATIVES:
            raise TypeError
        propre: dict[str, Any] = composer(brut)
        vus = propre.get("vus") or {}
        if not isinstance(vus, Mapping) or not _entier(propre["rang"], 1, RANG_MAXIMAL):
            raise TypeError
        if not all(_entier(rang, 0, RANG_MAXIMAL) for rang in vus.values()):
            raise TypeError
        if not _entier(propre["monotone_ms"], 0, ENTIER_MAXIMAL):
            raise TypeError
        if not isinstance(propre["cible"], str) or len(propre["cible"]) > _CIBLE_MAXIMALE:
            raise TypeError
        return FaitDuMoteur(
            id=str(UUID(propre["id"])),
            epreuve=str(self._epreuve.id),
            evaluateur=str(self._auteur.id),
            appareil=str(UUID(propre["appareil"])),
            rang=propre["rang"],
            cible=propre["cible"],
            valeur=propre["valeur"],
            remplace=str(UUID(propre["remplace"])) if propre.get("remplace") else None,
            vus={str(UUID(appareil)): rang for appareil, rang in vus.items()},
            mural=_heure(propre["mural"]),
            monotone_ms=propre["monotone_ms"],
            norme=str(propre["norme"]),
        )

    def _refuser(self, identifiant: str, code: CodeRefusFait) -> Reponse:
        return Reponse(identifiant, EtatReponse.REFUSEE, code.value, f"{code.label}.")


def composer(objet: Any) -> Any:
    """L'objet, ses textes composés (NFC) : ce qui est scellé se recalcule partout.

    Lève `ValueError` pour un texte qui ne se garde pas (signe nul, demi-caractère), `TypeError` pour un nombre à virgule.
    """
    match objet:
        case str():
            if "\0" in objet:
                raise ValueError
            return unicodedata.normalize("NFC", objet).encode().decode()
        case Mapping():
            return {composer(cle): composer(valeur) for cle, valeur in objet.items()}
        case list() | tuple():
            return [composer(element) for element in objet]
        case None | bool() | int():
            return objet
        case _:
            raise TypeError


def _entier(valeur: object, minimum: int, maximum: int) -> bool:
    return type(valeur) is int and minimum <= valeur <= maximum


def _heure(texte: str) -> datetime:
    instant = datetime.fromisoformat(texte)
    if instant.tzinfo is None:
        raise ValueError
    debut, fin = _HEURES_CROYABLES
    if not debut <= instant <= fin:
        raise ValueError
    return instant


def _identifiants(lot: Sequence[object]) -> list[UUID]:
    """Les identifiants bien formés d'un lot."""
    trouves = []
    for brut in lot:
        try:
            trouves.append(UUID(brut["id"]))  # type: ignore[index]
        except (KeyError, TypeError, ValueError, AttributeError):
            continue
    return trouves
