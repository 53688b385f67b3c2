"""Inscrire un regard : qui a ouvert un dossier dont il n'est pas de l'équipe, une fois par page et par jour."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from parchemin.registre.consultations import Regard
from parchemin.registre.enums import Action
from parchemin.registre.models import Consultation
from parchemin.registre.services.actes import acte
from parchemin.socle.acteur import Acteur
from parchemin.socle.horloge import jour_civil


def consigner_consultation(*, regard: Regard, auteur: Acteur, maintenant: datetime) -> bool:
    """Inscrit le regard au journal si c'est le premier de ce lecteur, sur cette page, ce jour-là ; vrai si c'est le cas.

    À appeler hors de toute autre transaction : l'entrée est validée avant que la page ne parte, et rien de ce qui suit
    ne peut l'annuler. Deux regards au même instant : un seul s'inscrit, la base en décide.
    """
    jour = jour_civil(maintenant)
    objet_type, objet_id = regard.objet[0], str(regard.objet[1])
    cle = {"lecteur": auteur.id, "objet_type": objet_type, "objet_id": objet_id, "page": regard.page, "jour": jour}
    if Consultation.objects.filter(**cle).exists():
        return False
    with acte(auteur=auteur, maintenant=maintenant, action=Action.CONSULTATION, chaine=regard.chaine) as journal:
        with connection.cursor() as curseur:
            curseur.execute(
                "INSERT INTO registre_consultation (lecteur, objet_type, objet_id, page, jour)"
                " VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
                [auteur.id, objet_type, objet_id, str(regard.page), jour],
            )
            premiere: bool = curseur.rowcount == 1
        if premiere:
            journal.inscrire(objet=regard.objet, donnees={"page": regard.page, "jour": jour})
        else:
            journal.rien_a_inscrire()
    return premiere
