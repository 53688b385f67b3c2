"""Ce que font les convocations quand une capacité du dessous annonce quelque chose."""

from __future__ import annotations

from parchemin.comptes.evenements import (
    FichesReunies,
    HabilitationChangee,
    LienChange,
    LiensImportes,
    TitreDeJugeChange,
)
from parchemin.comptes.selectors import personnes_de_l_import
from parchemin.convocations.evenements import (
    EpreuveDeplacee,
    EpreuvePassee,
    EvaluateurRemplace,
    EvaluateurRetire,
    EvaluateursAffectes,
    IncidentTranche,
)
from parchemin.convocations.selectors import delegues_de, epreuves_a_revoir, epreuves_en_vie
from parchemin.convocations.services import clore_avec_le_dossier, revoir, suivre_les_convocations
from parchemin.parcours.evenements import DossierPasse, MutationTranchee, PersonneDesignee
from parchemin.parcours.selectors import mutation_par_id
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.annonces import abonne
from parchemin.socle.horloge import maintenant

type _SuitUneEpreuve = (
    EpreuveDeplacee | EpreuvePassee | EvaluateursAffectes | EvaluateurRemplace | EvaluateurRetire | IncidentTranche
)


@abonne(LienChange)
def revoir_apres_un_lien(evenement: LienChange) -> None:
    """Un lien change : les épreuves ouvertes des candidats qu'il touche, de proche en proche, se revérifient."""
    touchees = epreuves_a_revoir(SYSTEME, personnes=(evenement.de, evenement.vers))
    revoir(epreuves=touchees, maintenant=maintenant())


@abonne(LiensImportes)
def revoir_apres_un_import(evenement: LiensImportes) -> None:
    """Un fichier de liens est confirmé : les épreuves qu'il touche se revérifient, toutes ensemble, une seule fois."""
    touchees = epreuves_a_revoir(SYSTEME, personnes=personnes_de_l_import(SYSTEME, evenement.importation))
    revoir(epreuves=touchees, maintenant=maintenant())


@abonne(PersonneDesignee)
def revoir_apres_une_designation(evenement: PersonneDesignee) -> None:
    """Le tuteur ou le manager change : les épreuves ouvertes du dossier se revérifient."""
    revoir(epreuves=epreuves_a_revoir(SYSTEME, dossier=evenement.dossier), maintenant=maintenant())


@abonne(MutationTranchee)
def revoir_apres_une_mutation(evenement: MutationTranchee) -> None:
    """Un dossier a changé d'organisme : ses épreuves ouvertes se revérifient."""
    mutation = mutation_par_id(SYSTEME, evenement.mutation)
    if mutation.etat == mutation.etat.ACCUEILLIE:
        revoir(epreuves=epreuves_a_revoir(SYSTEME, dossier=mutation.dossier), maintenant=maintenant())


@abonne(TitreDeJugeChange)
def revoir_apres_un_titre(evenement: TitreDeJugeChange) -> None:
    """Un rôle d'évaluateur ou une habilitation personnelle change : ses épreuves ouvertes se revérifient."""
    touchees = epreuves_a_revoir(SYSTEME, evaluateurs=(evenement.personne,))
    revoir(epreuves=touchees, maintenant=maintenant())


@abonne(FichesReunies)
def revoir_apres_une_reunion(evenement: FichesReunies) -> None:
    """Deux fiches n'en font qu'une : les épreuves qu'elle évalue, et celles des candidats qu'elle touche, se revérifient."""
    deux = (evenement.alias, evenement.gardee)
    revoir(epreuves=epreuves_a_revoir(SYSTEME, personnes=deux, evaluateurs=deux), maintenant=maintenant())


@abonne(HabilitationChangee)
def revoir_apres_une_habilitation(evenement: HabilitationChangee) -> None:
    """L'habilitation d'un organisme change : les épreuves qu'évaluent ses délégués se revérifient."""
    delegues = delegues_de(SYSTEME, evenement.organisme)
    revoir(epreuves=epreuves_a_revoir(SYSTEME, evaluateurs=delegues), maintenant=maintenant())


@abonne(EpreuveDeplacee)
@abonne(EpreuvePassee)
@abonne(EvaluateursAffectes)
@abonne(EvaluateurRemplace)
@abonne(EvaluateurRetire)
@abonne(IncidentTranche)
def suivre_une_epreuve(evenement: _SuitUneEpreuve) -> None:
    """Une épreuve change : chacun de ceux qui y sont convoqués l'apprend."""
    suivre_les_convocations(epreuve=evenement.epreuve, maintenant=maintenant())


@abonne(PersonneDesignee)
def suivre_une_designation(evenement: PersonneDesignee) -> None:
    """Le manager change : l'ancien n'est plus attendu aux épreuves du dossier."""
    for epreuve in epreuves_en_vie(SYSTEME, evenement.dossier):
        suivre_les_convocations(epreuve=epreuve, maintenant=maintenant())


@abonne(DossierPasse)
def suivre_la_cloture(evenement: DossierPasse) -> None:
    """Un dossier se clôt sans résultat : ses épreuves s'annulent, leurs convocations se retirent, chacun se libère."""
    clore_avec_le_dossier(dossier=evenement.dossier, maintenant=maintenant())
