"""Corriger ce qu'une inscription a laissé vide ou faux, là où rien d'autre n'en dépend : le référent RH, l'accès à la VAE."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from parchemin.comptes.selectors import droits
from parchemin.comptes.services import chaine_organisme
from parchemin.parcours.enums import AccesVae, Action, Voie
from parchemin.parcours.permissions import verifier_peut_designer
from parchemin.parcours.services.dossiers import verifier_recevabilite, verifier_referent, verrouiller
from parchemin.registre.services import acte
from parchemin.socle.acteur import Acteur
from parchemin.socle.horloge import jour_civil


def corriger_inscription(
    *, dossier: UUID, referent_rh: UUID | None, acces_vae: AccesVae | str, auteur: Acteur, maintenant: datetime
) -> bool:
    """Dit qui suit ce dossier aux ressources humaines, et comment se fait la VAE ; vrai si quelque chose a changé.

    Un dossier clos se corrige aussi : la déclaration du titulaire, qui vient après, dit l'accès à la VAE. Lève
    `RefusDroit("dossier_reserve")`, `Introuvable`, `Refus("referent_inconnu" | "recevabilite_en_trop")`.
    """
    acces_vae = AccesVae(acces_vae) if acces_vae else ""
    with acte(auteur=auteur, maintenant=maintenant, action=Action.INSCRIPTION_CORRIGEE) as journal:
        ligne = verrouiller(dossier)
        jour = jour_civil(maintenant)
        verifier_peut_designer(droits(auteur, jour), ligne.organisme_id, ligne.referentiel_code)
        avant = (ligne.referent_rh_id, ligne.acces_vae)
        if avant == (referent_rh, acces_vae):
            journal.rien_a_inscrire()
            return False
        verifier_recevabilite(Voie(ligne.voie), None, acces_vae)
        if referent_rh != ligne.referent_rh_id:  # qui suivait ce dossier n'a pas à le justifier aujourd'hui
            verifier_referent(ligne.candidat_id, ligne.organisme_id, referent_rh, jour)
        ligne.referent_rh_id, ligne.acces_vae = referent_rh, acces_vae
        ligne.save(update_fields=["referent_rh", "acces_vae"])
        journal.inscrire(
            objet=("dossier", dossier),
            donnees={
                "referent_rh": referent_rh,
                "referent_rh_precedent": avant[0],
                "acces_vae": str(acces_vae),
                "acces_vae_precedent": str(avant[1]),
            },
            chaine=chaine_organisme(ligne.organisme_id),
        )
    return True
