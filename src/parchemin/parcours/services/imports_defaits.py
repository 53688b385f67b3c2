"""Défaire un import de candidats : tout ce qu'il a fait, ou rien ; tant que personne n'a bâti dessus."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from uuid import UUID

from django.db.models import Q

from moteur.etats import DOSSIER, passer
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.selectors import droits
from parchemin.comptes.services import Place, chaine_organisme, refermer_en_nombre, tenir_en_nombre
from parchemin.parcours.enums import CHAINE, Action
from parchemin.parcours.evenements import ImportDefait
from parchemin.parcours.models import Dossier, EtatCivil, ImportCandidats, PassageDossier
from parchemin.parcours.selectors import obstacles_a_defaire, tient_l_import
from parchemin.parcours.services.inscriptions_en_nombre import LOT
from parchemin.registre.services import acte
from parchemin.socle.acteur import Acteur
from parchemin.socle.annonces import annoncer
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Introuvable, Refus, au_nom_du_moteur

VERS = "abandonne"
"""Où va un dossier dont l'import est défait : clos, avec son motif. Le rouvrir, c'est importer à nouveau."""
MOTIF = "Import défait : "
_PLACES = {"candidat": NatureRole.CANDIDAT, "tuteur": NatureRole.TUTEUR, "manager": NatureRole.MANAGER}


def defaire_candidats(*, identifiant: UUID, motif: str, auteur: Acteur, maintenant: datetime) -> bool:
    """Défait un import : dossiers clos, rôles refermés, états civils qu'il avait apportés effacés. Vrai si c'est par cet appel.

    Tout ou rien. Ce qui est écrit reste : les dossiers et leur histoire, les fiches de personnes, le journal ; le même fichier
    s'importe à nouveau. Un rôle qu'un autre dossier ouvert fait encore servir reste ouvert ; une invitation en attente ne vaut plus.
    Défaire deux fois ne change rien.

    Lève `Introuvable` (à qui ne tient pas tous ses organismes : le même mot), `Refus("motif_manquant" | "import_ancien")`, et
    `Refus("import_bati")`, dont `details` dit, candidat par candidat, ce qui est venu après.
    """
    motif = motif.strip()
    with acte(auteur=auteur, maintenant=maintenant, action=Action.IMPORT_DEFAIT, chaine=CHAINE) as journal:
        siens = droits(auteur, jour_civil(maintenant))
        # `no_key` : changer deux fois un dossier dans une transaction reprend une clé sur l'import qu'il nomme, et ne doit pas attendre.
        importations = ImportCandidats.objects.select_for_update(of=("self",), no_key=True)
        ligne = importations.filter(pk=identifiant).first()
        if ligne is None or ligne.confirme_le is None or not tient_l_import(siens, ligne):
            raise Introuvable("Cet import n'existe pas, ou touche un organisme que vous ne tenez pas.")
        if ligne.defait_le is not None:
            journal.rien_a_inscrire()
            return False
        if not motif:
            raise Refus("motif_manquant", "Dites pourquoi cet import est défait : chaque candidat le lira.")
        if not ligne.cree:
            raise Refus(
                "import_ancien",
                "Cet import date d'une version qui ne retenait pas ce qu'elle créait : ses dossiers se closent un à un.",
            )
        dossiers = list(Dossier.objects.select_for_update(of=("self",)).filter(importation=ligne).order_by("pk"))
        roles = [UUID(role) for role in ligne.cree["roles"]]
        personnes = {dossier.candidat_id for dossier in dossiers}
        tenir_en_nombre(personnes, roles)
        _verifier_que_rien_n_est_bati(auteur, identifiant)
        _clore(dossiers, motif, auteur, maintenant)
        fermes = refermer_en_nombre(
            roles=roles, personnes=personnes, servent=_places(dossiers), auteur=auteur, maintenant=maintenant
        )
        effaces = _effacer_les_etats_civils(ligne, ligne.confirme_le)
        ligne.defait_le, ligne.defait_par, ligne.motif = maintenant, auteur.id, motif
        ligne.save(update_fields=["defait_le", "defait_par", "motif"])
        journal.inscrire(
            objet=("import_candidats", ligne.pk),
            donnees={
                "dossiers": [str(dossier.pk) for dossier in dossiers],
                "roles_fermes": len(fermes),
                "roles_gardes": len(roles) - len(fermes),
                "etats_civils_effaces": effaces,
            },
            personnel={"motif": motif},
        )
        if dossiers:
            annoncer(ImportDefait(ligne.pk))
    return True


def _verifier_que_rien_n_est_bati(auteur: Acteur, identifiant: UUID) -> None:
    obstacles = obstacles_a_defaire(auteur, identifiant)
    if obstacles:
        raise Refus(
            "import_bati",
            "On ne défait plus cet import : quelqu'un s'est appuyé dessus. Ses dossiers se closent un à un.",
            details=tuple(f"{une.candidat_nom} : {raison}" for une in obstacles for raison in une.raisons),
        )


def _clore(dossiers: Sequence[Dossier], motif: str, auteur: Acteur, maintenant: datetime) -> None:
    """Le même passage qu'`abandonner`, par paquets ; une entrée dans la chaîne de chaque organisme."""
    rangs = Counter(PassageDossier.objects.filter(dossier__in=dossiers).order_by().values_list("dossier_id", flat=True))
    for dossier in dossiers:
        with au_nom_du_moteur():
            passer(DOSSIER, dossier.etat, VERS)
        dossier.etat, dossier.depuis, dossier.ouvert = VERS, maintenant, False
    Dossier.objects.bulk_update(dossiers, ["etat", "depuis", "ouvert"], batch_size=LOT)
    PassageDossier.objects.bulk_create(
        [
            PassageDossier(
                dossier=dossier, rang=rangs[dossier.pk] + 1, etat=VERS, instant=maintenant, auteur=auteur.id,
                motif=f"{MOTIF}{motif}",
            )
            for dossier in dossiers
        ],
        batch_size=LOT,
    )  # fmt: skip
    for organisme, groupe in groupby(sorted(dossiers, key=_chez), key=_chez):
        with acte(
            auteur=auteur, maintenant=maintenant, action=Action.IMPORT_DEFAIT, chaine=chaine_organisme(organisme)
        ) as journal:
            journal.inscrire(
                objet=("organisme", organisme),
                donnees={"vers": VERS, "dossiers": [str(dossier.pk) for dossier in groupe]},
                personnel={"motif": motif},
            )


def _chez(dossier: Dossier) -> UUID:
    return dossier.organisme_id


def _places(dossiers: Sequence[Dossier]) -> list[Place]:
    """Les places que ces personnes tiennent dans d'autres dossiers ouverts : leurs rôles y servent encore."""
    eux = {getattr(dossier, f"{place}_id") for dossier in dossiers for place in _PLACES} - {None}
    tenus = Q(candidat__in=eux) | Q(tuteur__in=eux) | Q(manager__in=eux)
    autres = Dossier.objects.filter(tenus, ouvert=True).order_by("pk")
    return [
        Place(personne, nature, dossier.organisme_id, dossier.referentiel_code)
        for dossier in autres
        for place, nature in _PLACES.items()
        if (personne := getattr(dossier, f"{place}_id")) in eux
    ]


def _effacer_les_etats_civils(ligne: ImportCandidats, fait_le: datetime) -> int:
    """Ceux que l'import avait apportés, sauf d'un candidat inscrit ailleurs depuis ; rend leur nombre."""
    depuis = Dossier.objects.filter(inscrit_le__gt=fait_le).exclude(importation__defait_le__isnull=False)
    apportes = EtatCivil.objects.filter(candidat__in=ligne.cree["etats_civils"], enregistre_le=fait_le)
    return apportes.exclude(candidat__in=depuis.order_by().values("candidat")).delete()[0]
