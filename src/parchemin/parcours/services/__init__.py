"""Toutes les écritures des parcours."""

from parchemin.parcours.services.amenagements import (
    MINUTES_MAX,
    amenager,
)
from parchemin.parcours.services.blocs_acquis import (
    dispenser_de_bloc,
    reconnaitre_bloc,
    retirer_bloc_acquis,
)
from parchemin.parcours.services.changements import changer_de_version
from parchemin.parcours.services.corrections import corriger_inscription
from parchemin.parcours.services.dossiers import (
    abandonner,
    borne,
    inscrire,
    inscrire_nouveau,
    nommer_tuteur_manager,
    passer_etat,
    suivre_fusion,
    verifier_entree,
    verrouiller_dossier,
)
from parchemin.parcours.services.etat_civil import (
    COLONNES_LIEUX,
    LIGNES_LIEUX,
    EtatCivilFaux,
    charger_lieux,
    colonnes_etat_civil,
    enregistrer_etat_civil,
)
from parchemin.parcours.services.imports import (
    abandonner_candidats,
    confirmer_candidats,
    deposer_candidats,
    dire_les_colonnes,
    essayer_candidats,
    purger_candidats,
)
from parchemin.parcours.services.imports_defaits import defaire_candidats
from parchemin.parcours.services.inscriptions_en_nombre import LOT
from parchemin.parcours.services.mutations import (
    accueillir,
    proposer_mutation,
    refuser_mutation,
    retirer_mutation,
)
from parchemin.parcours.services.nir import effacer_nir, enregistrer_nir, lire_nir, rechiffrer_nir
from parchemin.parcours.services.reprise import (
    abandonner_reprise,
    confirmer_reprise,
    lire_reprise,
    purger_reprises,
)
from parchemin.parcours.services.vae import (
    constater_caducite,
    inscrire_etape,
    tirer_du_silence,
)

__all__ = [
    "COLONNES_LIEUX",
    "LIGNES_LIEUX",
    "LOT",
    "MINUTES_MAX",
    "EtatCivilFaux",
    "abandonner",
    "abandonner_candidats",
    "abandonner_reprise",
    "accueillir",
    "amenager",
    "borne",
    "changer_de_version",
    "charger_lieux",
    "colonnes_etat_civil",
    "confirmer_candidats",
    "confirmer_reprise",
    "constater_caducite",
    "corriger_inscription",
    "defaire_candidats",
    "deposer_candidats",
    "dire_les_colonnes",
    "dispenser_de_bloc",
    "effacer_nir",
    "enregistrer_etat_civil",
    "enregistrer_nir",
    "essayer_candidats",
    "inscrire",
    "inscrire_etape",
    "inscrire_nouveau",
    "lire_nir",
    "lire_reprise",
    "nommer_tuteur_manager",
    "passer_etat",
    "proposer_mutation",
    "purger_candidats",
    "purger_reprises",
    "rechiffrer_nir",
    "reconnaitre_bloc",
    "refuser_mutation",
    "retirer_bloc_acquis",
    "retirer_mutation",
    "suivre_fusion",
    "tirer_du_silence",
    "verifier_entree",
    "verrouiller_dossier",
]
