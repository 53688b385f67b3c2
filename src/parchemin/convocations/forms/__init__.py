"""La forme de ce qui se saisit ; rien ne s'enregistre ici."""

from parchemin.convocations.forms.convocations import (
    Convoquer,
    Identite,
    Reponse,
)
from parchemin.convocations.forms.epreuves import AffectationForm, Annulation
from parchemin.convocations.forms.incidents import SignalementForm, SuiteForm
from parchemin.convocations.forms.independance import DeclarationForm, RecusationForm, ReponseARecusation
from parchemin.convocations.forms.lieux import (
    FormAgenda,
    FormException,
    FormFermetureDeSite,
    FormSalle,
    FormSalleTenue,
    FormSemaine,
    FormSite,
    FormTrajets,
    ecrire_plages,
    lire_plages,
)
from parchemin.convocations.forms.places import FormPlace, FormQuiPasseOutre
from parchemin.convocations.forms.plans import AdoptionForm, DemandeDePlan, DeplacementForm, OrganismeDuPlan

__all__ = [
    "AdoptionForm",
    "AffectationForm",
    "Annulation",
    "Convoquer",
    "DeclarationForm",
    "DemandeDePlan",
    "DeplacementForm",
    "FormAgenda",
    "FormException",
    "FormFermetureDeSite",
    "FormPlace",
    "FormQuiPasseOutre",
    "FormSalle",
    "FormSalleTenue",
    "FormSemaine",
    "FormSite",
    "FormTrajets",
    "Identite",
    "OrganismeDuPlan",
    "RecusationForm",
    "Reponse",
    "ReponseARecusation",
    "SignalementForm",
    "SuiteForm",
    "ecrire_plages",
    "lire_plages",
]
