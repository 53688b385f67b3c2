"""Les pages du carnet."""

from parchemin.carnet.views.carnets import attester, parti_pdf, recevoir, retirer, voir, voir_pdf
from parchemin.carnet.views.dispenses import dispenser, retirer_dispense
from parchemin.carnet.views.entrees import ecrire, effacer_brouillon, entrees, fichier
from parchemin.carnet.views.liens import demander, lever, lien, lien_attester, lien_code, lien_ouvrir, repudier

__all__ = [
    "attester",
    "demander",
    "dispenser",
    "ecrire",
    "effacer_brouillon",
    "entrees",
    "fichier",
    "lever",
    "lien",
    "lien_attester",
    "lien_code",
    "lien_ouvrir",
    "parti_pdf",
    "recevoir",
    "repudier",
    "retirer",
    "retirer_dispense",
    "voir",
    "voir_pdf",
]
