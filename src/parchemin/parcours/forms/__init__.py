"""La forme des saisies des parcours."""

from parchemin.parcours.forms.amenagements import (
    FormAmenager,
)
from parchemin.parcours.forms.blocs_acquis import (
    FiltreTitulaires,
    FormDispenserBloc,
    FormReconnaitre,
    FormRetirerAcquis,
)
from parchemin.parcours.forms.changements import FormVersion
from parchemin.parcours.forms.dossiers import (
    NOUVELLE,
    NOUVELLE_NOMMEE,
    Choix,
    ChoixInscription,
    FiltreDossiers,
    FormAbandonner,
    FormCorriger,
    FormDesigner,
    FormInscrire,
    porter_refus,
)
from parchemin.parcours.forms.etat_civil import (
    FormEtatCivil,
    FormLieux,
)
from parchemin.parcours.forms.imports import (
    FormColonnes,
    FormDefaire,
)
from parchemin.parcours.forms.mutations import FormAccueillir, FormMutation, FormRefus
from parchemin.parcours.forms.nir import FormNir
from parchemin.parcours.forms.vae import FormEtapeVae

__all__ = [
    "NOUVELLE",
    "NOUVELLE_NOMMEE",
    "Choix",
    "ChoixInscription",
    "FiltreDossiers",
    "FiltreTitulaires",
    "FormAbandonner",
    "FormAccueillir",
    "FormAmenager",
    "FormColonnes",
    "FormCorriger",
    "FormDefaire",
    "FormDesigner",
    "FormDispenserBloc",
    "FormEtapeVae",
    "FormEtatCivil",
    "FormInscrire",
    "FormLieux",
    "FormMutation",
    "FormNir",
    "FormReconnaitre",
    "FormRefus",
    "FormRetirerAcquis",
    "FormVersion",
    "porter_refus",
]
