"""Relever les têtes : une ligne signée par jour, écrite hors de la base."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.db import transaction

from parchemin.registre import cles, lignes
from parchemin.registre.enums import CHAINE_REGISTRE, Action
from parchemin.registre.models import Chaine
from parchemin.registre.services.actes import acte
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.refus import Refus


def relever_tetes(*, maintenant: datetime, dossier: Path, auteur: Acteur = SYSTEME) -> lignes.Ligne:
    """Signe dans une ligne la longueur et la tête de chaque chaîne, et l'ajoute au fichier du dossier.

    Les têtes sont lues en une instruction, sans verrou : ce sont celles d'actes validés, toutes du même moment.
    La ligne est sur le disque avant que le journal n'inscrive son numéro et son empreinte : si l'acte échoue entre
    les deux, la ligne reste vraie et la suivante s'y accroche. La ligne suivante couvre cette inscription, si bien
    qu'un fichier raccourci se voit dans le journal.

    Lève `RuntimeError` à l'intérieur d'une autre transaction (on ne signe que du validé) ; `Refus` :
    `lignes_abimees` si la dernière ligne du fichier ne se lit plus, et ceux de `cles.cle_privee`.
    """
    with lignes.cahier(dossier) as cahier:
        cle = cles.cle_privee(dossier)
        try:
            precedente = cahier.derniere()
        except lignes.LigneIllisible as erreur:
            raise Refus(
                "lignes_abimees",
                f"La dernière ligne de « {dossier / lignes.FICHIER} » ne se lit plus. Lancez `parchemin journal "
                "verifier`, puis rétablissez le fichier depuis une copie : rien n'a été signé.",
            ) from erreur
        with (
            transaction.atomic(durable=True),
            acte(auteur=auteur, maintenant=maintenant, action=Action.TETES_RELEVEES, chaine=CHAINE_REGISTRE) as journal,
        ):
            tetes = {
                nom: (longueur, tete)
                for nom, longueur, tete in Chaine.objects.order_by("nom").values_list("nom", "longueur", "tete")
            }
            ligne = lignes.signer(cle, precedente=precedente, instant=maintenant, tetes=tetes)
            cahier.ajouter(ligne)
            journal.inscrire(
                objet=("registre.ligne", str(ligne.numero)),
                donnees={"numero": ligne.numero, "empreinte": ligne.empreinte, "cle": ligne.cle},
            )
        return ligne
