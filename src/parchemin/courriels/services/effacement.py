"""Vider les anciens courriels : l'adresse, l'objet et les corps ; ce qui reste ne dit plus rien de personne."""

from __future__ import annotations

from datetime import datetime, timedelta

from parchemin.courriels.enums import Action
from parchemin.courriels.models import Envoi, Nouvelle
from parchemin.courriels.services.depot import CHAINE
from parchemin.registre.services import acte
from parchemin.socle.acteur import SYSTEME, Acteur

PAR_PAS = 1000


def vider_anciens(*, garder: timedelta, maintenant: datetime, auteur: Acteur = SYSTEME) -> int:
    """Vide un pas de courriels clos depuis plus de `garder`, et les nouvelles aussi vieilles ; rend leur nombre.

    À rappeler tant que le nombre n'est pas nul.
    """
    avant = maintenant - garder
    with acte(auteur=auteur, maintenant=maintenant, action=Action.EFFACES, chaine=CHAINE) as journal:
        anciens = Envoi.objects.select_for_update(of=("self",), skip_locked=True).filter(
            clos_le__lt=avant, vide_le=None
        )
        cles = list(anciens.order_by("clos_le", "pk").values_list("pk", flat=True)[:PAR_PAS])
        Envoi.objects.filter(pk__in=cles).update(
            adresse="", objet="", texte="", html="", calendrier="", vide_le=maintenant
        )
        nouvelles = Nouvelle.objects.filter(gardee_le__lt=avant).exclude(titre="").order_by("gardee_le", "pk")
        vidables = list(nouvelles.values_list("pk", flat=True)[:PAR_PAS])
        Nouvelle.objects.filter(pk__in=vidables).update(titre="", pourquoi="", chemin="")
        nombre = len(cles) + len(vidables)
        if not nombre:
            journal.rien_a_inscrire()
            return 0
        journal.inscrire(
            objet=("courriels", "anciens"), donnees={"envois": len(cles), "nouvelles": len(vidables), "avant": avant}
        )
    return nombre
