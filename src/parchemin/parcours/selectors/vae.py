"""Les étapes d'une VAE, ses horloges vues d'un jour, et ce qui peut s'inscrire maintenant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef

from moteur.horloges import EtatHorloge, Horloge
from moteur.vae import Delais, Etape, horloges, suspensions
from moteur.vae import GenreEtape as GenreDuMoteur
from parchemin.parcours.enums import GenreEtape, Voie
from parchemin.parcours.models import Dossier, EtapeVae
from parchemin.parcours.selectors.fiches_dossiers import VueDossier, complets, dossiers_visibles, vue_dossier
from parchemin.referentiels.selectors import Reglement, reglement_en_vigueur, version_d_empreinte
from parchemin.socle.acteur import Acteur

APRES_EVALUATION = ("evalue", "certifie", "partiellement_certifie", "non_certifie")
"""Là où s'inscrivent le jury et la notification du résultat."""
REPONSES = (GenreEtape.RECEVABLE, GenreEtape.IRRECEVABLE)
"""Ce que le certificateur répond à une demande."""
SUIVIES = ("recevabilite", "recevable", "validation_deposee", "en_evaluation", "second_regard", *APRES_EVALUATION)
"""Les états d'une VAE où une horloge peut courir."""


@dataclass(frozen=True, slots=True)
class VueEtape:
    """Une étape inscrite."""

    genre: GenreEtape
    le: date
    mot: str
    auteur: UUID
    instant: datetime

    @property
    def du_moteur(self) -> Etape:
        """L'étape, telle que le moteur la lit."""
        return Etape(GenreDuMoteur(self.genre.value), self.le)


def delais_du_reglement(reglement: Reglement) -> Delais:
    """Les quatre délais de cette édition du règlement."""
    return Delais(
        recevabilite_mois=reglement.valeur("vae_recevabilite_mois"),
        caducite_mois=reglement.valeur("vae_caducite_mois"),
        jury_mois=reglement.valeur("vae_jury_mois"),
        resultat_jours=reglement.valeur("vae_notification_jours"),
    )


def delais_vae(lecteur: Acteur, norme: str, jour: date) -> Delais:
    """Les délais de l'édition en vigueur ce jour-là. Lève `Refus("reglement_absent")`."""
    return delais_du_reglement(reglement_en_vigueur(lecteur, version_d_empreinte(lecteur, norme), jour))


def etapes_vae(lecteur: Acteur, ids: Iterable[UUID]) -> dict[UUID, tuple[VueEtape, ...]]:
    """Les étapes de dossiers ouverts au lecteur, dans l'ordre où elles furent inscrites. Une requête."""
    trouvees: dict[UUID, tuple[VueEtape, ...]] = {}
    for ligne in EtapeVae.objects.filter(dossier_id__in=set(ids)).order_by("dossier_id", "rang"):
        vue = VueEtape(GenreEtape(ligne.genre), ligne.le, ligne.mot, ligne.auteur, ligne.instant)
        trouvees[ligne.dossier_id] = (*trouvees.get(ligne.dossier_id, ()), vue)
    return trouvees


def horloges_vae(lecteur: Acteur, dossiers: Iterable[VueDossier], jour: date) -> dict[UUID, tuple[Horloge, ...]]:
    """Les horloges parties de chaque dossier, dans l'ordre du parcours ; les délais sont ceux du règlement de ce jour."""
    return _parties(lecteur, {vue.id: vue.norme_empreinte for vue in dossiers}, jour)


def vae_suivies(
    lecteur: Acteur, jour: date, au_plus: int
) -> tuple[tuple[VueDossier, ...], dict[UUID, tuple[Horloge, ...]]]:
    """Les VAE du lecteur où une horloge court, la plus proche de son terme d'abord, et leurs horloges.

    On coupe après avoir trié : ce qui est fini, ou suspendu, ne prend la place d'aucune échéance.
    """
    finie = EtapeVae.objects.filter(dossier=OuterRef("pk"), genre=GenreEtape.RESULTAT)
    lignes = dossiers_visibles(lecteur, jour).filter(~Exists(finie), voie=Voie.VAE, etat__in=SUIVIES)
    parties = _parties(lecteur, dict(lignes.values_list("pk", "norme_empreinte")), jour)
    termes = {
        pk: horloge.echeance
        for pk, siennes in parties.items()
        if (horloge := courante(siennes, jour)) is not None and horloge.echeance is not None
    }
    presses = sorted(termes, key=lambda pk: (termes[pk], pk))[:au_plus]
    vues = {ligne.pk: vue_dossier(ligne) for ligne in complets(Dossier.objects.filter(pk__in=presses).order_by())}
    return tuple(vues[pk] for pk in presses), {pk: parties[pk] for pk in presses}


def _parties(lecteur: Acteur, normes: Mapping[UUID, str], jour: date) -> dict[UUID, tuple[Horloge, ...]]:
    if not normes:
        return {}
    etapes = etapes_vae(lecteur, normes)
    delais = {norme: delais_vae(lecteur, norme, jour) for norme in set(normes.values())}
    return {
        pk: horloges([etape.du_moteur for etape in etapes.get(pk, ())], delais[norme]) for pk, norme in normes.items()
    }


def vae_sans_reponse(lecteur: Acteur) -> tuple[VueDossier, ...]:
    """Toutes les demandes de recevabilité sans réponse, pour la tâche du matin. Sans contrôle d'accès."""
    lignes = dossiers_visibles(lecteur, date.max).filter(voie=Voie.VAE, etat="recevabilite")
    return tuple(map(vue_dossier, complets(lignes).order_by("depuis", "pk")))


def validation_deposee(lecteur: Acteur, dossier: UUID) -> bool:
    """Le dossier de validation de cette VAE est-il déposé ? Sans contrôle d'accès."""
    return EtapeVae.objects.filter(dossier_id=dossier, genre=GenreEtape.VALIDATION).exists()


def courante(parties: Iterable[Horloge], jour: date) -> Horloge | None:
    """L'horloge qui court (ou est suspendue) vue de ce jour : la dernière partie qui n'est pas arrêtée."""
    en_cours = [h for h in parties if h.etat(jour) not in (EtatHorloge.TENUE, EtatHorloge.TARDIVE)]
    return en_cours[-1] if en_cours else None


def etapes_possibles(etat: str, faites: Iterable[VueEtape]) -> tuple[GenreEtape, ...]:
    """Ce qui peut s'inscrire dans cet état, après ces étapes ; l'ordre est celui où on les propose."""
    faites = tuple(faites)
    genres = {etape.genre for etape in faites}
    if etat == "recevabilite":
        return REPONSES
    if etat == "recevable":
        ouverte = any(fin is None for _, fin in suspensions([etape.du_moteur for etape in faites]))
        arret = GenreEtape.REPRISE if ouverte else GenreEtape.SUSPENSION
        # Le silence tiré, une réponse donnée à temps peut n'être pas encore inscrite : elle le dément.
        reponses = REPONSES if faites and faites[-1].genre == GenreEtape.SILENCE else ()
        return (GenreEtape.VALIDATION, GenreEtape.AVANCEE, arret, *reponses)
    if etat in APRES_EVALUATION and GenreEtape.JURY not in genres:
        return (GenreEtape.JURY,)
    if etat in APRES_EVALUATION and GenreEtape.RESULTAT not in genres:
        return (GenreEtape.RESULTAT,)
    return ()


MOT_EXIGE: Mapping[GenreEtape, str] = {
    GenreEtape.IRRECEVABLE: "Dites pourquoi la demande n'est pas recevable : le candidat le lira.",
    GenreEtape.AVANCEE: "Dites quelle étape a eu lieu : elle arrête l'horloge de la caducité.",
    GenreEtape.SUSPENSION: "Dites quel motif légitime suspend le délai, sans rien de médical.",
}
"""Les étapes qui ne vont pas sans un mot, et ce qu'on demande."""
