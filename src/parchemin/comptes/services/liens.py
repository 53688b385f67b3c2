"""Écrire les liens datés : déclarer, clore, corriger. Une ligne ne change jamais, une autre la remplace."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from parchemin.comptes.enums import Action, GenreDeLien, OrigineDeLien
from parchemin.comptes.evenements import LienChange
from parchemin.comptes.models import Lien, Personne
from parchemin.comptes.permissions import verifier_lien_d_autrui, verifier_peut_gerer_les_comptes
from parchemin.comptes.selectors import fiches_du_lecteur, identites, personnes
from parchemin.comptes.services.commun import CHAINE, droits_de, propre
from parchemin.registre.services import Journal, acte
from parchemin.socle.acteur import Acteur
from parchemin.socle.annonces import annoncer
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Introuvable, Refus, RefusDroit


def declarer_lien(
    *,
    de: UUID,
    vers: UUID,
    genre: GenreDeLien,
    du: date | None,
    au: date | None,
    auteur: Acteur,
    maintenant: datetime,
    origine: OrigineDeLien = OrigineDeLien.SAISIE,
    session: str = "",
    blocs: Sequence[str] = (),
    dossier: UUID | None = None,
) -> Lien:
    """Déclare ce qui lie `de` à `vers`. Le redire à l'identique ne change rien. Annonce `LienChange`.

    Lève `RefusDroit("comptes_reserves" | "lien_hors_perimetre")`, `Introuvable`, et `Refus` : `lien_avec_soi`,
    `dates_en_desordre`, `dossier_manquant`.
    """
    genre, session = GenreDeLien(genre), propre(session)
    with acte(auteur=auteur, maintenant=maintenant, action=Action.LIEN_DECLARE, chaine=CHAINE) as journal:
        _verrouiller_les_deux(de, vers)
        _verifier(auteur, de, vers, maintenant)
        champs = {
            "de_id": de,
            "vers_id": vers,
            "genre": genre,
            "du": du,
            "au": au,
            "session": session if genre == GenreDeLien.FORMATION else "",
            "blocs": sorted(blocs) if genre == GenreDeLien.FORMATION else [],
            "dossier": dossier if genre == GenreDeLien.DELIBERATION_ANNULEE else None,
        }
        _verifier_champs(de, vers, genre, du, au, dossier)
        if vers in identites(auteur, (de,))[de]:
            raise Refus("lien_avec_soi", "Un lien joint deux personnes, et ces deux fiches n'en font qu'une.")
        deja = Lien.objects.filter(suite=None, annule=False, **champs).first()
        if deja is not None:
            journal.rien_a_inscrire()
            return deja
        lien = Lien.objects.create(**champs, origine=origine, auteur=auteur.id, instant=maintenant)
        _inscrire(journal, lien)
    return lien


def clore_lien(*, lien: UUID, au: date, auteur: Acteur, maintenant: datetime) -> Lien:
    """Met fin à un lien au jour `au` (non compris). Mêmes refus que `corriger_lien`."""
    ligne = _lire(lien)
    return corriger_lien(lien=lien, du=ligne.du, au=au, motif="", auteur=auteur, maintenant=maintenant)


def corriger_lien(
    *, lien: UUID, du: date | None, au: date | None, motif: str, auteur: Acteur, maintenant: datetime
) -> Lien:
    """Écrit d'autres dates pour ce lien ; l'ancienne ligne reste dans l'histoire. Redire les mêmes ne change rien.

    Lève `RefusDroit` (dont `cause_propre` : le lien touche l'auteur), `Introuvable`, `Refus("lien_deja_remplace" | "dates_en_desordre")`.
    """
    return _remplacer(lien, du, au, annule=False, motif=motif, auteur=auteur, maintenant=maintenant)


def annuler_lien(*, lien: UUID, motif: str, auteur: Acteur, maintenant: datetime) -> Lien:
    """Dit qu'un lien a été déclaré à tort ; il reste dans l'histoire, avec le motif. Mêmes refus, et `motif_manquant`."""
    if not propre(motif):
        raise Refus("motif_manquant", "Dites pourquoi ce lien a été déclaré à tort : l'histoire le garde.")
    ligne = _lire(lien)
    return _remplacer(lien, ligne.du, ligne.au, annule=True, motif=motif, auteur=auteur, maintenant=maintenant)


def _remplacer(
    lien: UUID, du: date | None, au: date | None, *, annule: bool, motif: str, auteur: Acteur, maintenant: datetime
) -> Lien:
    with acte(auteur=auteur, maintenant=maintenant, action=Action.LIEN_CORRIGE, chaine=CHAINE) as journal:
        avant = _lire(lien)
        _verrouiller_les_deux(avant.de_id, avant.vers_id)
        _verifier(auteur, avant.de_id, avant.vers_id, maintenant)
        verifier_lien_d_autrui(fiches_du_lecteur(auteur), avant.de_id, avant.vers_id)
        if Lien.objects.filter(remplace=avant).exists():
            raise Refus("lien_deja_remplace", "Ce lien a changé entre-temps : relisez la page avant de le corriger.")
        _verifier_champs(avant.de_id, avant.vers_id, GenreDeLien(avant.genre), du, au, avant.dossier)
        if (avant.du, avant.au, avant.annule) == (du, au, annule):
            journal.rien_a_inscrire()
            return avant
        suite = Lien.objects.create(
            de_id=avant.de_id,
            vers_id=avant.vers_id,
            genre=avant.genre,
            du=du,
            au=au,
            session=avant.session,
            blocs=avant.blocs,
            dossier=avant.dossier,
            origine=avant.origine,
            remplace=avant,
            annule=annule,
            motif=propre(motif),
            auteur=auteur.id,
            instant=maintenant,
        )
        _inscrire(journal, suite)
    return suite


def _inscrire(journal: Journal, lien: Lien) -> None:
    journal.inscrire(
        objet=("lien", lien.pk),
        donnees={
            "personne": lien.de_id,
            "liee_a": lien.vers_id,
            "du": lien.du,
            "au": lien.au,
            "remplace": lien.remplace_id,
            "annule": lien.annule,
        },
        personnel={"genre": str(lien.genre)} | ({"motif": lien.motif} if lien.motif else {}),
    )
    annoncer(LienChange(lien.de_id, lien.vers_id, lien.instant))


def _lire(lien: UUID) -> Lien:
    ligne = Lien.objects.filter(pk=lien).first()
    if ligne is None:
        raise Introuvable("Ce lien n'existe pas.")
    return ligne


def _verrouiller_les_deux(de: UUID, vers: UUID) -> None:
    lignes = Personne.objects.select_for_update(of=("self",)).filter(pk__in={de, vers}).order_by("pk")
    if len(list(lignes)) < len({de, vers}):
        raise Introuvable("Cette personne n'est pas enregistrée.")


def _verifier(auteur: Acteur, de: UUID, vers: UUID, maintenant: datetime) -> None:
    """Il faut gérer l'une des deux personnes, sous quelque fiche que le lien la nomme."""
    verifier_peut_gerer_les_comptes(droits_de(auteur, maintenant))
    fiches = frozenset().union(*identites(auteur, (de, vers)).values())
    if not personnes(auteur, jour_civil(maintenant)).filter(pk__in=fiches).exists():
        raise RefusDroit(
            "lien_hors_perimetre", "Ce lien ne touche personne de vos organismes : demandez à leur gestionnaire."
        )


def _verifier_champs(
    de: UUID, vers: UUID, genre: GenreDeLien, du: date | None, au: date | None, dossier: UUID | None
) -> None:
    if de == vers:
        raise Refus("lien_avec_soi", "Un lien joint deux personnes : choisissez-en une autre.")
    if du is not None and au is not None and au <= du:
        raise Refus("dates_en_desordre", "Le lien finirait avant d'avoir commencé : vérifiez les deux dates.")
    if genre == GenreDeLien.DELIBERATION_ANNULEE and dossier is None:
        raise Refus("dossier_manquant", "Dites de quel dossier la délibération a été annulée.")
