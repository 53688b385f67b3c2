"""L'échelle nationale : 300 organismes, 20 000 personnes, 60 000 liens datés, 3 000 dossiers ouverts, devant un gestionnaire de tous.

Ces lignes s'ajoutent d'un bloc, sans passer par les services : la base est jetée ensuite, et l'on mesure des lectures.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from time import perf_counter
from typing import Any
from uuid import UUID, uuid4

from mesures.lieux import lire_lieux
from mesures.mesure import Mesure, centile
from mesures.serveur import Servie

SUJET = "Grandeur"
KIO = 1024
ORGANISMES, PERSONNES, LIENS, DOSSIERS = 300, 20_000, 60_000, 3_000
SITE, SALLES, JOURS = "Site de grandeur", 8, 60
"""Où se tiennent les épreuves, et sur combien de jours."""
ETATS = ("inscrit", "en_parcours", "en_parcours", "en_evaluation")
"""Un dossier sur quatre attend son tuteur, deux s'attestent, un a une épreuve."""
BLOCS = {"B1": 6, "B2": 5, "B3": 3, "B4": 4}
"""Les blocs demandés, et leur nombre de compétences (référentiel CQP COS 2021)."""


def mesurer(servie: Servie, rapide: bool) -> list[Mesure]:
    """Les pages de qui gère tout, quand trois mille dossiers vivent : l'accueil, les listes, un candidat, son carnet, les épreuves ; puis le courriel du jour."""
    lieux = lire_lieux()
    peupler()
    visiteur = servie.visiteur(lieux.gestionnaire)
    fois = 15 if rapide else 60
    note = (
        f"{ORGANISMES} organismes, {PERSONNES} personnes, {LIENS} liens, {DOSSIERS} dossiers ouverts de plus ; "
        f"{fois} lectures par HTTP"
    )
    mesures = []
    for nom, adresse, poids in _pages(lieux.dossier):
        page = visiteur.suivre(adresse)
        durees = [visiteur.suivre(adresse).secondes * 1000 for _ in range(fois)]
        mesures += [
            Mesure(SUJET, f"{nom} : poids", len(page.corps) / KIO, "Kio", poids, note=note),
            Mesure(SUJET, f"{nom} : p50", centile(durees, 50), "ms", 100.0),
            Mesure(SUJET, f"{nom} : p95", centile(durees, 95), "ms", 100.0),
        ]
    visiteur.fermer()
    return [*mesures, *_tournee(rapide)]


def site_de_grandeur() -> UUID:
    """Le site où `peupler` met toutes les épreuves."""
    from parchemin.convocations.models import Site

    return Site.objects.get(nom=SITE).pk


def _pages(dossier: UUID) -> tuple[tuple[str, str, float], ...]:
    """Le nom, l'adresse, et ce que la page pèse au plus, en Kio de HTML."""
    from django.urls import reverse

    from parchemin.socle.horloge import jour_civil, maintenant

    prochaine = jour_civil(maintenant()) + timedelta(days=7)

    return (
        ("accueil d'un gestionnaire de tous", "/", 60.0),
        ("liste des candidats", reverse("parcours:liste"), 100.0),
        ("dossier d'un candidat", reverse("dossier", args=[dossier]), 60.0),
        ("carnet d'un candidat", reverse("carnet:voir", args=[dossier]), 100.0),
        ("calendrier des épreuves", reverse("convocations:liste"), 100.0),
        ("semaine d'un site", f"{reverse('convocations:semaine', args=[site_de_grandeur()])}?du={prochaine}", 200.0),
        ("suivi des épreuves", reverse("convocations:suivi"), 100.0),
    )


def _tournee(rapide: bool) -> Iterator[Mesure]:
    from parchemin.comptes.selectors import comptes_ouverts
    from parchemin.portail.presenters import courriel_du_jour
    from parchemin.socle.acteur import SYSTEME, Acteur
    from parchemin.socle.horloge import maintenant

    durees = []
    for personne, _ in comptes_ouverts(SYSTEME, None, 10 if rapide else 50):
        depart = perf_counter()
        courriel_du_jour(Acteur(personne), maintenant())
        durees.append((perf_counter() - depart) * 1000)
    note = f"sans rien envoyer ; {len(durees)} comptes de la démonstration"
    yield Mesure(SUJET, "courriel du jour d'une personne : p50", centile(durees, 50), "ms", note=note)


def peupler(organismes: int = ORGANISMES, personnes: int = PERSONNES, dossiers: int = DOSSIERS) -> None:
    """Ajoute tant d'organismes, de personnes (trois liens chacune), de dossiers et leurs carnets à moitié attestés."""
    from django.db import transaction

    from parchemin.socle.horloge import jour_civil, maintenant

    with transaction.atomic():
        instant = maintenant()
        caisses, gens = _gens(jour_civil(instant), organismes, personnes)
        _liens(gens, instant)
        ouverts = _dossiers(caisses, gens, instant, dossiers)
        _carnets([dossier for dossier in ouverts if dossier.etat != "inscrit"], instant)
        _epreuves([dossier for dossier in ouverts if dossier.etat == "en_evaluation"], gens, caisses[0], instant)
    with transaction.get_connection().cursor() as curseur:
        curseur.execute("ANALYZE")


def _gens(jour: Any, combien_de_caisses: int, combien_de_gens: int) -> tuple[list[Any], list[Any]]:
    from parchemin.comptes.enums import Branche, NatureRole
    from parchemin.comptes.models import Organisme, Personne, Role

    organismes = Organisme.objects.bulk_create(
        Organisme(
            nom=f"Caisse de grandeur {rang:03}",
            nom_court=f"Caisse {rang:03}",
            branche=Branche.MALADIE,
            cle_tri=f"caissedegrandeur{rang:03}",
            cle_recherche=f"caisse de grandeur {rang:03}",
        )
        for rang in range(combien_de_caisses)
    )
    personnes = Personne.objects.bulk_create(
        Personne(
            prenom="Personne",
            nom=f"Grandeur {rang:05}",
            cle_tri=f"grandeur{rang:05} personne",
            cle_recherche=f"grandeur {rang:05} personne",
        )
        for rang in range(combien_de_gens)
    )
    Role.objects.bulk_create(
        Role(personne=personne, nature=NatureRole.CANDIDAT, organisme=organismes[rang % combien_de_caisses], du=jour)
        for rang, personne in enumerate(personnes)
    )
    return organismes, personnes


def _liens(personnes: Sequence[Any], instant: Any) -> None:
    """Chacun encadré par un autre (des équipes de huit), formé par un deuxième, lié à un troisième."""
    from parchemin.comptes.models import Lien

    combien, auteur = len(personnes), uuid4()
    Lien.objects.bulk_create(
        (
            Lien(
                de=personne,
                vers=personnes[vers],
                genre=genre,
                du=instant.date() - timedelta(days=rang % 2000),
                origine="saisie",
                auteur=auteur,
                instant=instant,
            )
            for rang, personne in enumerate(personnes)
            for genre, vers in (
                ("hierarchique", rang // 8),
                ("formation", (rang + 7) % combien),
                ("professionnel", (rang + 4001) % combien),
            )
            if vers != rang
        ),
        batch_size=5000,
    )


def _dossiers(organismes: Sequence[Any], personnes: Sequence[Any], instant: Any, combien: int) -> list[Any]:
    from parchemin.parcours.models import BlocDemande, Dossier
    from parchemin.referentiels.selectors import version_publiee
    from parchemin.socle.acteur import SYSTEME

    version = version_publiee(SYSTEME, "cqp-cos", "2021")
    dossiers = Dossier.objects.bulk_create(
        Dossier(
            candidat=personnes[3 * rang],
            tuteur=personnes[3 * rang + 1] if rang % 4 else None,
            manager=personnes[3 * rang + 2] if rang % 4 else None,
            organisme=organismes[rang % len(organismes)],
            referentiel_code=version.code,
            referentiel_version=version.version,
            norme_empreinte=version.empreinte,
            voie="formation_continue",
            initiative="employeur",
            entree_le=instant.date(),
            etat=ETATS[rang % 4],
            depuis=instant - timedelta(days=rang % 200),
            ouvert=True,
            inscrit_le=instant - timedelta(days=200),
        )
        for rang in range(combien)
    )
    BlocDemande.objects.bulk_create(
        BlocDemande(dossier=dossier, code=code, rang=rang)
        for dossier in dossiers
        for rang, code in enumerate(BLOCS, start=1)
    )
    return dossiers


def _carnets(dossiers: Sequence[Any], instant: Any) -> None:
    from parchemin.carnet.models import Attestation, Carnet, Ligne

    carnets = Carnet.objects.bulk_create(Carnet(dossier=dossier, remis_le=instant) for dossier in dossiers)
    codes = [(bloc, f"C{bloc[1:]}.{n}") for bloc, combien in BLOCS.items() for n in range(1, combien + 1)]
    lignes = Ligne.objects.bulk_create(
        Ligne(carnet=carnet, bloc=bloc, competence=competence, rang=rang)
        for carnet in carnets
        for rang, (bloc, competence) in enumerate(codes, start=1)
    )
    complets = {carnet.pk for carnet in carnets if carnet.dossier.etat == "en_evaluation"}
    Attestation.objects.bulk_create(
        (
            Attestation(
                ligne=ligne,
                qualite=qualite,
                rang=1,
                verdict="maitrisee",
                auteur_id=getattr(ligne.carnet.dossier, f"{qualite}_id"),
                instant=instant,
                sel=uuid4().bytes,
                empreinte="0" * 64,
            )
            for ligne in lignes
            for qualite in ("tuteur", "manager")
            if ligne.carnet_id in complets or ligne.rang % 2
        ),
        batch_size=5000,
    )


def _epreuves(dossiers: Sequence[Any], gens: Sequence[Any], caisse: Any, instant: Any) -> None:
    """Une épreuve chacun, dans les salles d'un même site, sur soixante jours ; deux évaluateurs ; une sur deux est convoquée."""
    from moteur.etats import CONVOCATION
    from parchemin.convocations.enums import Convoque, Qualite
    from parchemin.convocations.models import Affectation, Convocation, Epreuve, Salle, Site

    site = Site.objects.create(organisme=caisse, nom=SITE, fuseau="Europe/Paris", partage=True)
    salles = Salle.objects.bulk_create(Salle(site=site, nom=f"Salle {rang:02}") for rang in range(SALLES))
    minuit = instant.replace(hour=8, minute=0, second=0, microsecond=0)
    epreuves = Epreuve.objects.bulk_create(
        Epreuve(
            dossier=dossier,
            bloc="B1",
            norme=dossier.norme_empreinte,
            prevue_le=minuit + timedelta(days=1 + rang % JOURS, hours=rang // JOURS % 8),
            lieu=SITE,
            salle=salles[rang % SALLES],
            duree=60,
            etat="affectee",
            depuis=instant,
        )
        for rang, dossier in enumerate(dossiers)
    )
    qui = {(rang, place): gens[(2 * rang + place) % len(gens)] for rang in range(len(epreuves)) for place in (0, 1)}
    Affectation.objects.bulk_create(
        Affectation(epreuve=epreuve, evaluateur=qui[rang, place], qualite=qualite, du=instant)
        for rang, epreuve in enumerate(epreuves)
        for place, qualite in enumerate(Qualite)
    )
    Convocation.objects.bulk_create(
        Convocation(
            epreuve=epreuve,
            personne_id=personne,
            place=place,
            etat=CONVOCATION.depart,
            depuis=instant,
            convoquee_le=instant,
            sequence=0,
            dit={},
            empreinte=f"{uuid4().hex}{uuid4().hex}",
        )
        for rang, epreuve in enumerate(epreuves)
        if rang % 2
        for place, personne in (
            (Convoque.CANDIDAT, epreuve.dossier.candidat_id),
            (Convoque.METIER, qui[rang, 0].pk),
            (Convoque.CERTIFICATEUR, qui[rang, 1].pk),
        )
    )
