"""Reprendre les titulaires et les blocs des années papier : lire sans rien écrire, garder le fichier, puis tout faire ou rien."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError
from django.db.models import Count

from parchemin.comptes.selectors import droits
from parchemin.comptes.selectors.imports import lignes_gardees
from parchemin.comptes.services import PersonneNouvelle, creer_en_nombre
from parchemin.comptes.services.imports import garder, purger, regler, renoncer, reste_a_faire, sans_erreur, verrouiller
from parchemin.parcours.enums import Action, OrigineDeBloc
from parchemin.parcours.models import BlocAcquis, ImportReprise
from parchemin.parcours.permissions import verifier_peut_reprendre
from parchemin.parcours.selectors import (
    COLONNES_REPRISE,
    REPRISE_OBLIGATOIRES,
    PlanReprise,
    blocs_acquis,
    dossiers_par_ids,
    obstacles_a_l_acquis,
    planifier_reprise,
    suites_de_bloc,
)
from parchemin.parcours.services.blocs_acquis import dossiers_ouverts
from parchemin.registre.services import acte
from parchemin.socle import tableur
from parchemin.socle.acteur import Acteur
from parchemin.socle.bases import contrainte_violee
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Refus

CONTRAINTES = ("bloc_acquis_un_numero", "bloc_acquis_un_rang", "personne_courriel_unique")
RIEN = "personne n'est repris"


def lire_reprise(*, nom_fichier: str, octets: bytes, auteur: Acteur, maintenant: datetime) -> ImportReprise:
    """Lit un fichier de titulaires et le garde en attente de confirmation. Ne reprend personne.

    Lève `RefusDroit("reprise_reservee")`, les refus de `socle.tableur.lire`, et `Refus("import_vide" | "import_faux")` : `details`
    porte toutes les fautes de toutes les lignes, avec leur cellule ; rien n'est alors gardé.
    """
    verifier_peut_reprendre(droits(auteur, jour_civil(maintenant)))
    lu = tableur.lire(octets, colonnes=COLONNES_REPRISE, obligatoires=REPRISE_OBLIGATOIRES)
    if not lu.lignes:
        raise Refus("import_vide", "Ce fichier a des en-têtes, mais aucune ligne.")
    sans_erreur(planifier_reprise(auteur, lu.lignes, jour_civil(maintenant)), RIEN)
    return garder(
        ImportReprise,
        nom_fichier=nom_fichier,
        lignes=lu.lignes,
        action=Action.REPRISE_LUE,
        auteur=auteur,
        maintenant=maintenant,
    )


def confirmer_reprise(*, identifiant: UUID, auteur: Acteur, maintenant: datetime) -> PlanReprise:
    """Reprend tous les titulaires du fichier, ou aucun ; rend ce qui a été fait. Confirmer deux fois ne fait rien de plus.

    Le fichier est comparé à nouveau à ce qui est enregistré. Dans un dossier ouvert de la même version, ces blocs comptent
    aussitôt : une épreuve prévue s'annule, une épreuve commencée va à son terme. Lève `RefusDroit`, `Introuvable`, et `Refus` :
    `import_abandonne`, `import_expire`, `import_faux`.
    """
    try:
        return _confirmer(identifiant, auteur, maintenant)
    except IntegrityError as erreur:
        if contrainte_violee(erreur) in CONTRAINTES:
            raise Refus(
                "import_faux",
                f"Un de ces numéros vient d'être repris, ou une de ces adresses est prise : {RIEN}, déposez le fichier à nouveau.",
            ) from erreur
        raise


def _confirmer(identifiant: UUID, auteur: Acteur, maintenant: datetime) -> PlanReprise:
    jour = jour_civil(maintenant)
    verifier_peut_reprendre(droits(auteur, jour))
    with acte(
        auteur=auteur, maintenant=maintenant, action=Action.REPRISE_FAITE, chaine=ImportReprise.CHAINE
    ) as journal:
        ligne = verrouiller(ImportReprise, identifiant, auteur)
        if not reste_a_faire(ligne, maintenant):
            journal.rien_a_inscrire()
            return PlanReprise((), ())
        plan = sans_erreur(planifier_reprise(auteur, lignes_gardees(ligne.lignes), jour), RIEN)
        a_reprendre = plan.faire("reprendre")
        connues = {une.personne for une in a_reprendre if une.connue}
        _tenir_les_dossiers_ouverts(connues)
        creer_en_nombre(
            personnes=[PersonneNouvelle(une.personne, une.prenom, une.nom, une.courriel) for une in plan.nouvelles],
            objet=(ImportReprise.OBJET, ligne.pk),
            auteur=auteur,
            maintenant=maintenant,
        )
        deja = _deja_dits({une.numero for une in a_reprendre})
        repris = BlocAcquis.objects.bulk_create(
            [
                BlocAcquis(
                    candidat_id=une.personne,
                    referentiel=une.referentiel,
                    bloc=bloc,
                    origine=OrigineDeBloc.REPRISE,
                    obtenu_le=une.obtenu_le,
                    session=une.session,
                    numero=une.numero,
                    importation=ligne,
                    rang=deja.get((une.referentiel, une.numero, bloc), 0) + 1,
                    auteur=auteur.id,
                    instant=maintenant,
                )
                for une in a_reprendre
                for bloc in une.blocs
            ],
            batch_size=1_000,
        )
        journal.inscrire(
            objet=(ImportReprise.OBJET, ligne.pk),
            donnees={
                "fichier": regler(ligne, maintenant),
                "repris": len(a_reprendre),
                "lignes": [str(une.pk) for une in repris],
                "personnes": sorted({str(une.personne) for une in a_reprendre}),
            },
        )
        _suivre_dans_les_dossiers_ouverts(connues, auteur, maintenant)
    return plan


def abandonner_reprise(*, identifiant: UUID, auteur: Acteur, maintenant: datetime) -> None:
    """Renonce à un fichier en attente ; ses lignes sont vidées. Deux fois ne change rien. Lève `Introuvable`, `Refus("import_confirme")`."""
    renoncer(
        ImportReprise,
        identifiant=identifiant,
        deja_fait="Cette reprise est déjà faite : ce qui fut repris à tort se retire du dossier, avec un motif.",
        auteur=auteur,
        maintenant=maintenant,
    )


def purger_reprises(*, maintenant: datetime) -> int:
    """Vide les fichiers qui ont expiré sans confirmation ; rend leur nombre."""
    return purger(ImportReprise, maintenant=maintenant)


def _deja_dits(numeros: set[str]) -> dict[tuple[str, str, str], int]:
    """Combien de fois chacun de ces documents fut déjà repris (puis retiré), par bloc."""
    lignes = BlocAcquis.objects.filter(origine=OrigineDeBloc.REPRISE, numero__in=numeros).order_by()
    comptes = lignes.values("referentiel", "numero", "bloc").annotate(fois=Count("pk"))
    return {
        (referentiel, numero, bloc): fois
        for referentiel, numero, bloc, fois in comptes.values_list("referentiel", "numero", "bloc", "fois")
    }


def _tenir_les_dossiers_ouverts(personnes: set[UUID]) -> None:
    """Le dossier d'abord, comme pour planifier ou reconnaître : sans quoi une épreuve se planifierait à un bloc qui devient acquis."""
    list(dossiers_ouverts(personnes).select_for_update(of=("self",)).values_list("pk", flat=True))


def _suivre_dans_les_dossiers_ouverts(personnes: set[UUID], auteur: Acteur, maintenant: datetime) -> None:
    """Les dossiers ouverts de ces personnes : ce qui suit d'un bloc acquis s'y fait, sauf où une épreuve est commencée."""
    vues = dossiers_par_ids(auteur, dossiers_ouverts(personnes).values_list("pk", flat=True))
    for dossier, acquis in sorted(blocs_acquis(auteur, vues.values()).items(), key=lambda une: une[0]):
        for bloc, une in acquis.items():
            if une.origine != OrigineDeBloc.REPRISE or une.instant != maintenant or bloc not in vues[dossier].blocs:
                continue
            if not obstacles_a_l_acquis(dossier, bloc):
                for suite in suites_de_bloc():
                    suite.appliquer(dossier, bloc, auteur, maintenant)
