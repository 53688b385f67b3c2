"""Dire quand on peut compter sur quelqu'un : sa semaine, ses exceptions, son maximum."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from parchemin.comptes.selectors import droits, noms
from parchemin.comptes.services import chaine_organisme
from parchemin.convocations.enums import MAXIMUM_LE_PLUS_GRAND, Action
from parchemin.convocations.models import Agenda, ExceptionDAgenda, HeuresDePersonne, Site
from parchemin.convocations.permissions import verifier_peut_revoir_agenda
from parchemin.convocations.planificateur.semaine import Heures
from parchemin.convocations.selectors import VueAgenda, agenda, agenda_ouvert
from parchemin.convocations.services.lieux import dire_heures, semaine_verifiee
from parchemin.registre.services import acte
from parchemin.socle.acteur import Acteur
from parchemin.socle.fuseaux import fuseau as fuseau_connu
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Introuvable, Refus


def revoir_agenda(
    *,
    personne: UUID,
    fuseau: str,
    heures: Sequence[Heures],
    site: UUID | None,
    maximum: int | None,
    auteur: Acteur,
    maintenant: datetime,
) -> None:
    """Récrit la semaine d'une personne, d'où elle part, ce qu'elle accepte par jour. La même ne change rien, sinon sa date.

    Lève `RefusDroit("agenda_reserve")`, `Introuvable`, et `Refus` : `fuseau_inconnu`, `maximum_hors_bornes`, `site_inconnu`, et les
    fautes de `semaine_verifiee`.
    """
    fuseau_connu(fuseau)
    semaine = semaine_verifiee(heures)
    if maximum is not None and not 1 <= maximum <= MAXIMUM_LE_PLUS_GRAND:
        raise Refus("maximum_hors_bornes", f"Un maximum par jour va de 1 à {MAXIMUM_LE_PLUS_GRAND} épreuves.")
    with acte(auteur=auteur, maintenant=maintenant, action=Action.AGENDA_REVU) as journal:
        ligne = _agenda(personne, auteur, maintenant)
        avant = agenda(auteur, personne)
        if site is not None and site != ligne.site_id and not Site.objects.filter(pk=site, ferme_le=None).exists():
            raise Refus("site_inconnu", "Ce site n'existe pas, ou il est fermé : choisissez-en un autre.")
        ligne.fuseau, ligne.site_id, ligne.maximum, ligne.revu_le = fuseau, site, maximum, maintenant
        ligne.save()
        ligne.heures.all().delete()
        HeuresDePersonne.objects.bulk_create(
            HeuresDePersonne(agenda=ligne, jour=h.jour, de=h.de, a=h.a) for h in semaine
        )
        journal.inscrire(
            objet=("agenda", personne),
            donnees={"site": site, "site_avant": avant.site},
            personnel={
                "avant": _dire(avant.fuseau, avant.heures, avant.maximum),
                "apres": _dire(fuseau, semaine, maximum),
            },
            chaine=chaine_organisme(None),
        )


def ajouter_exception(
    *, personne: UUID, libre: bool, debut: datetime, fin: datetime, auteur: Acteur, maintenant: datetime
) -> UUID:
    """Dit que la personne est libre, ou prise, de `debut` à `fin`, quoi que dise sa semaine ; rend l'exception. La raison ne se dit pas.

    Redire la même n'ajoute rien. Lève `RefusDroit("agenda_reserve")`, `Introuvable`, `Refus` : `exception_a_l_envers`,
    `exception_passee`.
    """
    if fin <= debut:
        raise Refus("exception_a_l_envers", "La fin vient après le début : vérifiez les deux dates.")
    if fin <= maintenant:
        raise Refus("exception_passee", "Ces dates sont passées.")
    with acte(auteur=auteur, maintenant=maintenant, action=Action.AGENDA_REVU) as journal:
        ligne = _agenda(personne, auteur, maintenant)
        deja = ExceptionDAgenda.objects.filter(agenda=ligne, libre=libre, debut=debut, fin=fin).first()
        if deja is not None:
            journal.rien_a_inscrire()
            return deja.pk
        Agenda.objects.filter(pk=personne).update(revu_le=maintenant)
        ajoutee = ExceptionDAgenda.objects.create(agenda=ligne, libre=libre, debut=debut, fin=fin)
        journal.inscrire(
            objet=("agenda", personne),
            donnees={"exception": ajoutee.pk, "geste": "ajoutee"},
            personnel={"libre": str(libre), "debut": debut.isoformat(), "fin": fin.isoformat()},
            chaine=chaine_organisme(None),
        )
    return ajoutee.pk


def oter_exception(*, personne: UUID, exception: UUID, auteur: Acteur, maintenant: datetime) -> None:
    """Ôte une exception. Déjà ôtée, ne change rien. Lève `RefusDroit("agenda_reserve")`, `Introuvable`."""
    with acte(auteur=auteur, maintenant=maintenant, action=Action.AGENDA_REVU) as journal:
        _verifier(personne, auteur, maintenant)
        # Effacer la ligne la verrouille : de deux à la fois, le second n'efface plus rien.
        otees, _ = ExceptionDAgenda.objects.filter(agenda=personne, pk=exception).delete()
        if not otees:
            journal.rien_a_inscrire()
            return
        Agenda.objects.filter(pk=personne).update(revu_le=maintenant)
        journal.inscrire(
            objet=("agenda", personne),
            donnees={"exception": exception, "geste": "otee"},
            chaine=chaine_organisme(None),
        )


def _agenda(personne: UUID, auteur: Acteur, maintenant: datetime) -> Agenda:
    """La ligne d'agenda, verrouillée, faite s'il n'y en a pas encore. Lève `RefusDroit`, `Introuvable`."""
    _verifier(personne, auteur, maintenant)
    Agenda.objects.get_or_create(pk=personne, defaults={"fuseau": VueAgenda(personne).fuseau, "revu_le": maintenant})
    return Agenda.objects.select_for_update(of=("self",)).get(pk=personne)


def _verifier(personne: UUID, auteur: Acteur, maintenant: datetime) -> None:
    jour = jour_civil(maintenant)
    connue = auteur.id != personne and agenda_ouvert(auteur, personne, jour)
    verifier_peut_revoir_agenda(auteur, droits(auteur, jour), personne, connue=connue)
    if personne not in noms(auteur, [personne]):
        raise Introuvable("Cette personne n'est pas enregistrée.")


def _dire(fuseau: str, heures: Sequence[Heures], maximum: int | None) -> str:
    return " ; ".join([fuseau, *dire_heures(heures), *([f"{maximum} par jour"] if maximum else [])])
