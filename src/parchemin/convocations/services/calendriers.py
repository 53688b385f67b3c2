"""Le calendrier privé d'un évaluateur : une adresse secrète, à renouveler ou à fermer quand il le veut.

L'adresse n'est montrée qu'une fois, à qui l'ouvre : la base n'en garde que l'empreinte. Renouvelée, l'ancienne n'ouvre plus rien.
"""

from __future__ import annotations

from datetime import datetime

from parchemin.comptes.selectors import droits, empreinte_jeton
from parchemin.convocations.enums import Action
from parchemin.convocations.models import CalendrierPrive
from parchemin.convocations.permissions import verifier_peut_s_abonner
from parchemin.convocations.services.envois import jeton_neuf
from parchemin.convocations.services.occupations import verrouiller_ressources
from parchemin.registre.services import acte
from parchemin.socle.acteur import Acteur
from parchemin.socle.horloge import jour_civil

CHAINE = "convocations"


def ouvrir_calendrier(*, auteur: Acteur, maintenant: datetime) -> str:
    """Ouvre (ou renouvelle) son calendrier privé ; rend le jeton de son adresse, que plus rien ne redira.

    Lève `RefusDroit("calendrier_reserve" | "intuitu_personae")`.
    """
    verifier_peut_s_abonner(auteur, droits(auteur, jour_civil(maintenant)))
    jeton = jeton_neuf()
    with acte(auteur=auteur, maintenant=maintenant, action=Action.CALENDRIER_OUVERT, chaine=CHAINE) as journal:
        verrouiller_ressources([auteur.id])  # deux clics à la fois : le second remplace le premier
        ouverts = CalendrierPrive.objects.select_for_update(of=("self",)).filter(personne_id=auteur.id, ferme_le=None)
        remplace = ouverts.update(ferme_le=maintenant) > 0
        neuf = CalendrierPrive.objects.create(
            personne_id=auteur.id, empreinte=empreinte_jeton(jeton), ouvert_le=maintenant
        )
        journal.inscrire(objet=("calendrier", neuf.pk), donnees={"personne": auteur.id, "remplace": remplace})
    return jeton


def fermer_calendrier(*, auteur: Acteur, maintenant: datetime) -> bool:
    """Ferme son calendrier privé : son adresse n'ouvre plus rien ; faux s'il n'y en avait pas."""
    with acte(auteur=auteur, maintenant=maintenant, action=Action.CALENDRIER_FERME, chaine=CHAINE) as journal:
        ouvert = CalendrierPrive.objects.filter(personne_id=auteur.id, ferme_le=None).select_for_update().first()
        if ouvert is None:
            journal.rien_a_inscrire()
            return False
        ouvert.ferme_le = maintenant
        ouvert.save(update_fields=["ferme_le"])
        journal.inscrire(objet=("calendrier", ouvert.pk), donnees={"personne": auteur.id})
    return True
