"""Tenir les sites, leurs salles, la route de l'un à l'autre."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError
from django.db.models import QuerySet

from parchemin.comptes.selectors import droits, noms_organismes
from parchemin.comptes.services import chaine_organisme
from parchemin.convocations.enums import SANS_SUITE, Action
from parchemin.convocations.models import Epreuve, HeuresDeSite, Salle, Site, Trajet
from parchemin.convocations.permissions import verifier_peut_tenir_les_lieux
from parchemin.convocations.planificateur.semaine import Heures, defaut_de_semaine
from parchemin.convocations.selectors import sites_offerts, sites_tenus
from parchemin.registre.services import acte
from parchemin.socle.acteur import Acteur
from parchemin.socle.bases import contrainte_violee
from parchemin.socle.fuseaux import fuseau as fuseau_connu
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Introuvable, Refus
from parchemin.socle.typographie import pluriel

TRAJET_LE_PLUS_LONG = 12 * 60
"""Au-delà de douze heures, on n'y va pas dans la journée : autant ne pas dire le trajet."""
FAUTES_DE_SEMAINE = {
    "jour_inconnu": "Un jour de la semaine va de lundi à dimanche.",
    "heures_a_l_envers": "Une plage commence avant de finir : vérifiez ses deux heures.",
    "heures_croisees": "Deux plages d'un même jour se croisent : réunissez-les, ou séparez-les.",
}


@dataclass(frozen=True, slots=True)
class FicheSite:
    """Tout ce qu'on écrit d'un site."""

    nom: str
    fuseau: str
    adresse: str = ""
    partage: bool = False
    heures: tuple[Heures, ...] = ()

    def nette(self) -> FicheSite:
        """La même, sans espaces en trop. Lève `Refus` : `nom_manquant`, `fuseau_inconnu`, et ce qui cloche dans ses heures."""
        nom = " ".join(self.nom.split())
        if not nom:
            raise Refus("nom_manquant", "Donnez un nom à ce site.")
        fuseau_connu(self.fuseau)
        return FicheSite(nom, self.fuseau, self.adresse.strip(), self.partage, semaine_verifiee(self.heures))

    @property
    def pour_le_journal(self) -> dict[str, Any]:
        """Ce que le journal en garde."""
        return asdict(self) | {"heures": dire_heures(self.heures)}


def semaine_verifiee(heures: Sequence[Heures]) -> tuple[Heures, ...]:
    """Les plages d'une semaine, dans l'ordre. Lève `Refus` : `jour_inconnu`, `heures_a_l_envers`, `heures_croisees`."""
    defaut = defaut_de_semaine(heures)
    if defaut is not None:
        raise Refus(defaut, FAUTES_DE_SEMAINE[defaut])
    return tuple(sorted(heures))


def dire_heures(heures: Sequence[Heures]) -> list[str]:
    """« 1 09:00-12:30 », une par plage : la forme que garde le journal."""
    return [f"{h.jour} {h.de:%H:%M}-{h.a:%H:%M}" for h in heures]


def creer_site(*, organisme: UUID, fiche: FicheSite, auteur: Acteur, maintenant: datetime) -> UUID:
    """Ajoute un site à un organisme ; rend son identifiant.

    Lève `RefusDroit("lieux_reserves")`, `Introuvable`, et `Refus` : `site_deja_la`, `nom_manquant`, `fuseau_inconnu`, et les fautes
    de `semaine_verifiee`.
    """
    verifier_peut_tenir_les_lieux(droits(auteur, jour_civil(maintenant)), organisme)
    fiche = fiche.nette()
    if organisme not in noms_organismes(auteur, [organisme]):
        raise Introuvable("Cet organisme n'existe pas.")
    try:
        with acte(auteur=auteur, maintenant=maintenant, action=Action.SITE_CREE) as journal:
            ligne = Site.objects.create(organisme_id=organisme, **_colonnes(fiche))
            _ecrire_heures(ligne, fiche.heures)
            journal.inscrire(
                objet=("site", ligne.pk), donnees=fiche.pour_le_journal, chaine=chaine_organisme(organisme)
            )
    except IntegrityError as erreur:
        raise _deja_la(erreur, fiche.nom) from erreur
    return ligne.pk


def modifier_site(*, site: UUID, fiche: FicheSite, auteur: Acteur, maintenant: datetime) -> None:
    """Récrit la fiche d'un site ; le journal garde l'ancienne. La même ne change rien.

    Lève les refus de `creer_site`, et `Refus("fuseau_tenu")` : des épreuves y sont placées, leur heure ne peut pas glisser.
    """
    fiche = fiche.nette()
    try:
        with acte(auteur=auteur, maintenant=maintenant, action=Action.SITE_MODIFIE) as journal:
            ligne = _site(site, auteur, maintenant)
            avant = FicheSite(
                ligne.nom,
                ligne.fuseau,
                ligne.adresse,
                ligne.partage,
                tuple(Heures(h.jour, h.de, h.a) for h in ligne.heures.all()),
            )
            if avant == fiche:
                journal.rien_a_inscrire()
                return
            if fiche.fuseau != ligne.fuseau and _a_venir(maintenant, salle__site=ligne).exists():
                raise Refus(
                    "fuseau_tenu",
                    "Des épreuves à venir sont placées sur ce site : en changer le fuseau changerait leur heure. "
                    "Déplacez-les d'abord.",
                )
            for champ, valeur in _colonnes(fiche).items():
                setattr(ligne, champ, valeur)
            ligne.save()
            ligne.heures.all().delete()
            _ecrire_heures(ligne, fiche.heures)
            journal.inscrire(
                objet=("site", ligne.pk),
                donnees={"nom": ligne.nom, "avant": avant.pour_le_journal, "apres": fiche.pour_le_journal},
                chaine=chaine_organisme(ligne.organisme_id),
            )
    except IntegrityError as erreur:
        raise _deja_la(erreur, fiche.nom) from erreur


def fermer_site(*, site: UUID, ferme_le: date | None, auteur: Acteur, maintenant: datetime) -> None:
    """Ferme un site à partir de ce jour (`None` : le rouvre). Redire la même date ne change rien.

    Lève `RefusDroit("lieux_reserves")`, `Introuvable`, `Refus("epreuves_placees")`.
    """
    with acte(auteur=auteur, maintenant=maintenant, action=Action.SITE_FERME) as journal:
        ligne = _site(site, auteur, maintenant)
        if ligne.ferme_le == ferme_le:
            journal.rien_a_inscrire()
            return
        if ferme_le is not None:
            _verifier_vide(_a_venir(maintenant, salle__site=ligne), ZoneInfo(ligne.fuseau), ferme_le)
        ligne.ferme_le = ferme_le
        ligne.save(update_fields=["ferme_le"])
        journal.inscrire(
            objet=("site", ligne.pk),
            donnees={"nom": ligne.nom, "ferme_le": ferme_le},
            chaine=chaine_organisme(ligne.organisme_id),
        )


def ajouter_salle(
    *,
    site: UUID,
    nom: str,
    auteur: Acteur,
    maintenant: datetime,
    places: int | None = None,
    double_ecoute: bool = False,
) -> UUID:
    """Ajoute une salle à un site ; rend son identifiant. Lève `RefusDroit`, `Introuvable`, `Refus` : `nom_manquant`, `salle_deja_la`."""
    nom = _nom_de_salle(nom)
    try:
        with acte(auteur=auteur, maintenant=maintenant, action=Action.SALLE_CREEE) as journal:
            tenu = _site(site, auteur, maintenant)
            salle = Salle.objects.create(site=tenu, nom=nom, places=places, double_ecoute=double_ecoute)
            journal.inscrire(
                objet=("salle", salle.pk),
                donnees={"site": site, "nom": nom, "places": places, "double_ecoute": double_ecoute},
                chaine=chaine_organisme(tenu.organisme_id),
            )
    except IntegrityError as erreur:
        raise _deja_la(erreur, nom) from erreur
    return salle.pk


def modifier_salle(
    *,
    salle: UUID,
    nom: str,
    places: int | None,
    double_ecoute: bool,
    retiree_le: date | None,
    auteur: Acteur,
    maintenant: datetime,
) -> None:
    """Récrit une salle, ou la retire à partir d'un jour. La même ne change rien.

    Lève `RefusDroit`, `Introuvable`, `Refus` : `nom_manquant`, `salle_deja_la`, `epreuves_placees`.
    """
    voulue = {"nom": _nom_de_salle(nom), "places": places, "double_ecoute": double_ecoute, "retiree_le": retiree_le}
    try:
        with acte(auteur=auteur, maintenant=maintenant, action=Action.SALLE_MODIFIEE) as journal:
            connue = Salle.objects.filter(pk=salle).first()
            if connue is None:
                raise Introuvable("Cette salle n'existe pas.")
            tenu = _site(connue.site_id, auteur, maintenant)
            ligne = Salle.objects.select_for_update(of=("self",)).get(pk=salle)
            avant = {champ: getattr(ligne, champ) for champ in voulue}
            if avant == voulue:
                journal.rien_a_inscrire()
                return
            if retiree_le is not None and retiree_le != ligne.retiree_le:
                _verifier_vide(_a_venir(maintenant, salle=ligne), ZoneInfo(tenu.fuseau), retiree_le)
            for champ, valeur in voulue.items():
                setattr(ligne, champ, valeur)
            ligne.save()
            journal.inscrire(
                objet=("salle", ligne.pk),
                donnees={"nom": ligne.nom, "avant": avant, "apres": voulue},
                chaine=chaine_organisme(tenu.organisme_id),
            )
    except IntegrityError as erreur:
        raise _deja_la(erreur, nom) from erreur


def dire_trajet(*, de: UUID, vers: UUID, minutes: int | None, auteur: Acteur, maintenant: datetime) -> None:
    """Dit combien de minutes séparent deux sites, dans les deux sens ; `None` : n'en dit plus rien. Redire ne change rien.

    Qui tient l'un des deux sites le dit. Lève `RefusDroit`, `Introuvable`, `Refus` : `meme_site`, `trajet_hors_bornes`.
    """
    if de == vers:
        raise Refus("meme_site", "Un trajet va d'un site à un autre.")
    if minutes is not None and not 0 <= minutes <= TRAJET_LE_PLUS_LONG:
        raise Refus("trajet_hors_bornes", "Un trajet se dit en minutes, jusqu'à douze heures (720).")
    with acte(auteur=auteur, maintenant=maintenant, action=Action.TRAJET_DIT) as journal:
        tenu = _site(de, auteur, maintenant)
        jour = jour_civil(maintenant)
        autre_site = (
            sites_offerts(auteur, jour).filter(pk=vers).first() or sites_tenus(auteur, jour).filter(pk=vers).first()
        )
        if autre_site is None:
            raise Introuvable("Ce site n'existe pas, ou ne vous est pas ouvert.")
        un, autre = sorted((de, vers), key=lambda cle: cle.int)
        dit = Trajet.objects.select_for_update(of=("self",)).filter(de_id=un, vers_id=autre).first()
        avant = dit.minutes if dit else None
        if avant == minutes:
            journal.rien_a_inscrire()
            return
        if minutes is None:
            Trajet.objects.filter(de_id=un, vers_id=autre).delete()
        else:
            Trajet.objects.update_or_create(de_id=un, vers_id=autre, defaults={"minutes": minutes})
        journal.inscrire(
            objet=("site", de),
            donnees={"nom": tenu.nom, "vers": vers, "vers_nom": autre_site.nom, "avant": avant, "minutes": minutes},
            chaine=chaine_organisme(tenu.organisme_id),
        )


def _site(site: UUID, auteur: Acteur, maintenant: datetime) -> Site:
    """La ligne du site, verrouillée, que l'auteur tient. Lève `RefusDroit`, `Introuvable`."""
    ligne = Site.objects.select_for_update(of=("self",)).filter(pk=site).first()
    if ligne is None:
        raise Introuvable("Ce site n'existe pas.")
    verifier_peut_tenir_les_lieux(droits(auteur, jour_civil(maintenant)), ligne.organisme_id)
    return ligne


def _colonnes(fiche: FicheSite) -> dict[str, Any]:
    return {"nom": fiche.nom, "fuseau": fiche.fuseau, "adresse": fiche.adresse, "partage": fiche.partage}


def _ecrire_heures(site: Site, heures: Sequence[Heures]) -> None:
    HeuresDeSite.objects.bulk_create(HeuresDeSite(site=site, jour=h.jour, de=h.de, a=h.a) for h in heures)


def _nom_de_salle(nom: str) -> str:
    net = " ".join(nom.split())
    if not net:
        raise Refus("nom_manquant", "Donnez un nom à cette salle.")
    return net


def _a_venir(maintenant: datetime, **ou: Any) -> QuerySet[Epreuve]:
    return Epreuve.objects.filter(prevue_le__gte=maintenant, **ou).exclude(etat__in=SANS_SUITE)


def _verifier_vide(a_venir: QuerySet[Epreuve], zone: ZoneInfo, a_partir_de: date) -> None:
    """Lève `Refus("epreuves_placees")` si une épreuve s'y tient ce jour-là ou après, à l'horloge du site."""
    debut = datetime.combine(a_partir_de, time(), tzinfo=zone)
    genees = a_venir.filter(prevue_le__gte=debut).count()
    if genees:
        raise Refus(
            "epreuves_placees",
            f"{pluriel(genees, 'épreuve y est placée', 'épreuves y sont placées')} ce jour-là ou après : "
            "déplacez d'abord ce qui s'y tient.",
        )


def _deja_la(erreur: IntegrityError, nom: str) -> Exception:
    contrainte = contrainte_violee(erreur)
    if contrainte == "site_nom_unique_par_organisme":
        return Refus("site_deja_la", f"Cet organisme a déjà un site nommé « {nom} ».")
    if contrainte == "salle_nom_unique_par_site":
        return Refus("salle_deja_la", f"Ce site a déjà une salle nommée « {nom} ».")
    return erreur
