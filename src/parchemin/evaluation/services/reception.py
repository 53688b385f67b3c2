"""Lire un lot de faits et y répondre, un par un : ce qui est connu, ce qui est refusé, ce qui entre."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from typing import Any
from uuid import UUID

from django.db import IntegrityError

from moteur.empreinte import ENTIER_MAXIMAL
from moteur.faits import Borne, Genre, hors_du_panel, verifier_fait
from moteur.faits import Fait as FaitDuMoteur
from moteur.referentiel import Bloc
from moteur.vocabulaire import Refus as RefusMoteur
from parchemin.convocations.selectors import VueEpreuve
from parchemin.evaluation.enums import CodeRefusFait, EtatReponse
from parchemin.evaluation.models import Fait, GesteMisAPart, Lecture
from parchemin.evaluation.selectors import fait_du_moteur
from parchemin.socle.acteur import Acteur

LOT_MAXIMAL = 500
"""Ce qu'un envoi porte de gestes, au plus."""
_CLES = frozenset(("id", "appareil", "rang", "cible", "valeur", "mural", "monotone_ms", "norme"))
_CLES_FACULTATIVES = frozenset(("remplace", "vus"))
RANG_MAXIMAL = 2**31 - 1
NIVEAUX_MAXIMUM = 8
"""Ce qu'un fait, ou un abandon qui en porte un, peut emboîter : le plus profond bien formé en emboîte trois."""
_CIBLE_MAXIMALE = 80
_IDENTIFIANT_MAXIMAL = 64
_HEURES_REPRESENTABLES = (datetime(2, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC))
"""Une heure d'appareil peut mentir, jusqu'en 1970 ; hors de ces bornes, elle ne se dit plus dans un autre fuseau."""


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


class Reception:
    """La réception d'un lot sous le verrou de l'épreuve : ce qui est connu, ce qui vient d'être accepté, ou mis à part.

    `panel` : les motifs de courrier présélectionnés du bloc, tenus pour un geste qui arrive d'un appareil ; le papier et la
    quarantaine, déjà reçus, n'en sont plus juges. `a_part` : ceux du lot qui l'ont été ; la reprise, qui les fait entrer, n'en
    donne pas. Ne lit que ce que le lot nomme (ses identifiants, ses rangs) : une longue journée ne coûte pas plus qu'un
    premier geste.
    """

    def __init__(
        self,
        epreuve: VueEpreuve,
        bloc: Bloc,
        lot: Sequence[object],
        auteur: Acteur,
        maintenant: datetime,
        panel: Collection[str] = (),
        a_part: Iterable[GesteMisAPart] = (),
    ) -> None:
        self.acceptes: list[Fait] = []
        self.mis_a_part: list[GesteMisAPart] = []
        self._epreuve = epreuve
        self._bloc = bloc
        self._panel = panel
        self._auteur = auteur
        self._maintenant = maintenant
        deja = Fait.objects.in_bulk(identifiants(lot))
        tenus = {ligne.pk: ligne for ligne in a_part}
        self._connus = {cle: ligne for cle, ligne in deja.items() if self._est_sien(ligne)}
        self._a_part = {cle: ligne for cle, ligne in tenus.items() if self._est_sien(ligne)}
        self._d_autrui = (deja.keys() | tenus.keys()) - self._connus.keys() - self._a_part.keys()
        appareils, rangs = _places(lot)
        self._rangs = set(
            Fait.objects.filter(
                epreuve_id=epreuve.id, evaluateur_id=auteur.id, appareil__in=appareils, rang__in=rangs
            ).values_list("appareil", "rang")
        )
        self._scellee = Lecture.objects.filter(epreuve_id=epreuve.id, evaluateur_id=auteur.id).exists()
        self._ouverte = (
            epreuve.attend
        )  # même à planifier : l'autre évaluateur s'est retiré, ce que celui-ci a noté comptera

    def recevoir(self, brut: object) -> Reponse:
        """La réponse à un fait ; accepté, il attend `garder`."""
        fait = self.lire(brut)
        if fait is None:
            return self.mal_forme(brut)
        redite = self.redite(fait, brut)
        if redite is not None:
            return redite
        if self._scellee:
            return self.refuser(fait.id, CodeRefusFait.LECTURE_SCELLEE)
        if not self._ouverte:
            return self.refuser(fait.id, CodeRefusFait.EPREUVE_FERMEE)
        try:
            verifier_fait(self._bloc, self._epreuve.norme, fait)
        except RefusMoteur as refus:
            return Reponse(fait.id, EtatReponse.REFUSEE, refus.code, refus.message)
        if hors_du_panel(fait, self._panel):
            return self.refuser(fait.id, CodeRefusFait.MOTIF_HORS_PANEL)
        if (UUID(fait.appareil), fait.rang) in self._rangs:
            return self.refuser(fait.id, CodeRefusFait.RANG_PRIS)
        if UUID(fait.id) in self._d_autrui:  # on n'en dit pas plus
            return self.refuser(fait.id, CodeRefusFait.ID_REUTILISE)
        self._accepter(fait)
        return Reponse(fait.id, EtatReponse.ACCEPTEE)

    def mettre_a_part(self, brut: object, motif: str) -> Reponse:
        """La réponse à un fait que la lecture ne reçoit plus ; neuf, il attend dans `mis_a_part`."""
        fait = self.lire(brut)
        if fait is None:
            return self.mal_forme(brut)
        redite = self.redite(fait, brut)
        if redite is not None:
            return redite
        cle = UUID(fait.id)
        if cle in self._d_autrui:
            return self.refuser(fait.id, CodeRefusFait.ID_REUTILISE)
        ligne = GesteMisAPart(
            pk=cle,
            epreuve_id=self._epreuve.id,
            evaluateur_id=self._auteur.id,
            contenu=composer(brut),
            motif=motif[:60],
            recu_le=self._maintenant,
            sel=secrets.token_hex(16),
        )
        self._a_part[cle] = ligne
        self.mis_a_part.append(ligne)
        return Reponse(fait.id, EtatReponse.MISE_A_PART)

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

    def lire(self, brut: object) -> FaitDuMoteur | None:
        """Le fait que porte cet objet ; `None` s'il n'en a pas la forme."""
        try:
            return self._lire(brut)
        except (KeyError, TypeError, ValueError, AttributeError):
            return None

    def mal_forme(self, brut: object) -> Reponse:
        """Le refus de ce qui n'a pas la forme d'un fait."""
        identifiant = str(brut.get("id", "")) if isinstance(brut, Mapping) else ""
        return self.refuser(identifiant[:_IDENTIFIANT_MAXIMAL], CodeRefusFait.FORME)

    def redite(self, fait: FaitDuMoteur, brut: object) -> Reponse | None:
        """La réponse à un geste que l'on tient déjà, dans la lecture ou à part (décidé ou non) ; `None` : il est neuf."""
        cle = UUID(fait.id)
        if (recu := self._connus.get(cle)) is not None:
            etat, le_meme = EtatReponse.DEJA_RECUE, fait_du_moteur(recu) == fait
        elif (tenu := self._a_part.get(cle)) is not None:
            etat, le_meme = EtatReponse.MISE_A_PART, tenu.contenu == composer(brut)
        else:
            return None
        return Reponse(fait.id, etat) if le_meme else self.refuser(fait.id, CodeRefusFait.ID_REUTILISE)

    def _est_sien(self, ligne: Fait | GesteMisAPart) -> bool:
        return (ligne.epreuve_id, ligne.evaluateur_id) == (self._epreuve.id, self._auteur.id)

    def _lire(self, brut: object) -> FaitDuMoteur:
        """Un fait dans la forme de l'échange. Lève `TypeError`, `ValueError`, `KeyError` s'il est mal formé."""
        if not isinstance(brut, Mapping) or not _CLES <= set(brut) <= _CLES | _CLES_FACULTATIVES:
            raise TypeError
        propre: dict[str, Any] = composer(brut)
        vus, remplace = propre.get("vus"), propre.get("remplace")
        vus = {} if vus is None else vus
        if not isinstance(vus, Mapping) or not _entier(propre["rang"], 1, RANG_MAXIMAL):
            raise TypeError
        if not all(_entier(rang, 0, RANG_MAXIMAL) for rang in vus.values()):
            raise TypeError
        if not _entier(propre["monotone_ms"], 0, ENTIER_MAXIMAL):
            raise TypeError
        if not isinstance(propre["cible"], str) or _longueur(propre["cible"], propre["valeur"]) > _CIBLE_MAXIMALE:
            raise TypeError
        return FaitDuMoteur(
            id=str(UUID(propre["id"])),
            epreuve=str(self._epreuve.id),
            evaluateur=str(self._auteur.id),
            appareil=str(UUID(propre["appareil"])),
            rang=propre["rang"],
            cible=propre["cible"],
            valeur=propre["valeur"],
            remplace=None if remplace is None else str(UUID(remplace)),
            vus={str(UUID(appareil)): rang for appareil, rang in vus.items()},
            mural=_heure(propre["mural"]),
            monotone_ms=propre["monotone_ms"],
            norme=str(propre["norme"]),
        )

    def refuser(self, identifiant: str, code: CodeRefusFait) -> Reponse:
        """Un refus, avec la raison que porte son code."""
        return Reponse(identifiant, EtatReponse.REFUSEE, code.value, f"{code.label}.")


def relit_les_doubles[**P, T](ecrire: Callable[P, T]) -> Callable[P, T]:
    """Recommence, une fois, une écriture dont un identifiant vient d'entrer par une autre épreuve.

    Le verrou d'une épreuve n'en garde pas. L'autre écriture est validée : relu, l'identifiant se répond comme arrivé après.
    """

    @wraps(ecrire)
    def ecrire_ou_relire(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return ecrire(*args, **kwargs)
        except IntegrityError:
            return ecrire(*args, **kwargs)

    return ecrire_ou_relire


def composer(objet: Any, niveaux: int = NIVEAUX_MAXIMUM) -> Any:
    """L'objet, ses textes composés (NFC) : ce qui est scellé se recalcule partout. `niveaux` : ce qu'il peut encore emboîter.

    Lève `ValueError` pour ce qui ne se scelle pas (signe nul, demi-caractère, entier au-delà de 2^53 − 1) ou pour trop de
    niveaux, `TypeError` pour un nombre à virgule.
    """
    if niveaux < 0:
        raise ValueError
    match objet:
        case str():
            if "\0" in objet:
                raise ValueError
            return unicodedata.normalize("NFC", objet).encode().decode()
        case Mapping():
            return {composer(cle): composer(valeur, niveaux - 1) for cle, valeur in objet.items()}
        case list() | tuple():
            return [composer(element, niveaux - 1) for element in objet]
        case int() if abs(objet) > ENTIER_MAXIMAL:
            raise ValueError
        case None | bool() | int():
            return objet
        case _:
            raise TypeError


def _entier(valeur: object, minimum: int, maximum: int) -> bool:
    return type(valeur) is int and minimum <= valeur <= maximum


def _longueur(cible: str, valeur: object) -> int:
    """La place que prend une cible ; celle d'une pause, la place de sa reprise, plus longue : elle ne finirait jamais, sinon.

    La retirer (`None`) reste permis.
    """
    if cible.startswith(f"{Genre.PHASE}:") and valeur is not None:
        cible = cible.replace(f":{Borne.PAUSE}:", f":{Borne.REPRISE}:", 1)
    return len(cible)


def _heure(texte: str) -> datetime:
    """L'instant, en temps universel : PostgreSQL refuse des décalages que Python admet (+16:00, +01:00:30.5)."""
    instant = datetime.fromisoformat(texte)
    if instant.tzinfo is None:
        raise ValueError
    debut, fin = _HEURES_REPRESENTABLES
    if not debut <= instant <= fin:
        raise ValueError
    return instant.astimezone(UTC)


def identifiants(lot: Sequence[object]) -> list[UUID]:
    """Les identifiants bien formés d'un lot."""
    trouves = []
    for brut in lot:
        try:
            trouves.append(UUID(brut["id"]))  # type: ignore[index]
        except (KeyError, TypeError, ValueError, AttributeError):
            continue
    return trouves


def _places(lot: Sequence[object]) -> tuple[set[UUID], set[int]]:
    """Les appareils et les rangs bien formés d'un lot."""
    appareils, rangs = set(), set()
    for brut in lot:
        if isinstance(brut, Mapping) and _entier(brut.get("rang"), 1, RANG_MAXIMAL):
            rangs.add(brut["rang"])
            try:
                appareils.add(UUID(brut["appareil"]))
            except (KeyError, TypeError, ValueError, AttributeError):
                continue
    return appareils, rangs
