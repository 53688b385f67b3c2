"""La forme de ce qui se saisit ; rien ne s'enregistre ici."""

from parchemin.convocations.forms.epreuves import AffectationForm, Annulation, Planification
from parchemin.convocations.forms.incidents import SignalementForm, SuiteForm
from parchemin.convocations.forms.independance import DeclarationForm, RecusationForm, ReponseARecusation

__all__ = [
    "AffectationForm",
    "Annulation",
    "DeclarationForm",
    "Planification",
    "RecusationForm",
    "ReponseARecusation",
    "SignalementForm",
    "SuiteForm",
]
