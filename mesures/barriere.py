"""La barrière d'indépendance : un candidat devant mille évaluateurs possibles, rapportée à la même requête de noms, nue."""

from __future__ import annotations

from mesures.grandeur import LIENS, PERSONNES, peupler
from mesures.lieux import lire_lieux
from mesures.mesure import Mesure, centile, chronometrer

SUJET = "Barrière"
EVALUATEURS = 1_000
BUT_MS = 100.0


def mesurer(rapide: bool, *, peuplee: bool = False) -> list[Mesure]:
    """Devant toute l'échelle nationale (`peuplee` : elle est déjà là), mille évaluateurs inscrits au registre, un sur deux dans la lignée du candidat ; tout se lit, s'examine et se trie. Rien n'en reste."""
    lieux = lire_lieux()  # prépare Django : rien de la plateforme ne s'importe avant
    if not peuplee:
        peupler()
    from django.db import connection, transaction
    from django.test.utils import CaptureQueriesContext

    from parchemin.comptes.enums import NatureRole
    from parchemin.comptes.selectors import tenants_du_role
    from parchemin.convocations.enums import Qualite
    from parchemin.convocations.selectors import epreuve_par_id, evaluateurs_examines
    from parchemin.socle.acteur import SYSTEME
    from parchemin.socle.horloge import jour_civil, maintenant

    fois = 10 if rapide else 40
    epreuve = epreuve_par_id(SYSTEME, lieux.epreuve)
    jour = jour_civil(epreuve.prevue_le)
    with transaction.atomic():
        _peupler(epreuve.dossier.candidat)
        with (
            connection.cursor() as curseur
        ):  # en service, l'autovacuum le fait : la base connaît la taille de ses tables
            curseur.execute("ANALYZE comptes_personne, comptes_role, comptes_lien, comptes_ligneregistre")

        def examiner() -> int:
            return len(evaluateurs_examines(SYSTEME, epreuve, Qualite.METIER, jour_civil(maintenant())))

        def nommer() -> int:
            return len(tenants_du_role(SYSTEME, NatureRole.EVALUATEUR_METIER, jour, epreuve.dossier.referentiel_code))

        with CaptureQueriesContext(connection) as requetes:
            examines = examiner()
        if examines < EVALUATEURS:
            raise AssertionError("il manque des évaluateurs")
        nos = [duree * 1000 for duree in chronometrer(examiner, fois)]
        nues = [duree * 1000 for duree in chronometrer(nommer, fois)]
        transaction.set_rollback(True)
    note = f"{examines} évaluateurs, la moitié dans la lignée du candidat, {PERSONNES} personnes et {LIENS} liens autour, {len(requetes)} requêtes, {fois} fois"
    return [
        Mesure(
            SUJET, f"p{rang}", centile(nos, rang), "ms", but=BUT_MS, pair="lire les seuls noms",
            valeur_pair=centile(nues, rang), note=note,
        )
        for rang in (50, 95)
    ]  # fmt: skip


def _peupler(candidat: object) -> None:
    """Mille évaluateurs posés d'un coup, pour une mesure : ni service ni journal, et la transaction est annulée."""
    from datetime import date
    from uuid import uuid4

    from django.apps import apps

    noms = ("Personne", "Role", "Lien", "LigneRegistre")
    personne, role, lien, inscription = (apps.get_model("comptes", nom) for nom in noms)
    gens = [
        personne(pk=uuid4(), prenom="Essai", nom=str(rang), cle_tri=f"essai {rang:05}", cle_recherche=f"essai {rang}")
        for rang in range(EVALUATEURS)
    ]
    personne.objects.bulk_create(gens)
    role.objects.bulk_create(role(personne=p, nature="evaluateur_metier", du=date(2020, 1, 1)) for p in gens)
    inscription.objects.bulk_create(
        inscription(personne=p, qualite="evaluateur_metier", metier="Emploi", formation="Deux jours",
                    formee_le=date(2024, 1, 1), habilitee_le=date(2024, 1, 2), renouveler_le=date(2099, 1, 1))
        for p in gens
    )  # fmt: skip
    from django.utils import timezone

    chaine = [candidat, *(p.pk for p in gens[::2])]
    lien.objects.bulk_create(
        lien(de_id=chaine[rang // 3], vers_id=vers, genre="hierarchique", origine="saisie", auteur=uuid4(),
             instant=timezone.now())
        for rang, vers in enumerate(chaine[1:])
    )  # fmt: skip
