"""Écrire les personnes."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError
from django.db.models import Q

from parchemin.comptes.enums import Action, NatureRole
from parchemin.comptes.models import Organisme, Personne
from parchemin.comptes.permissions import verifier_peut_donner_role, verifier_peut_gerer_les_comptes
from parchemin.comptes.services.commun import ANCIENS, CHAINE, cle_de_recherche, droits_de, propre
from parchemin.comptes.services.roles import donner_role
from parchemin.registre.services import acte
from parchemin.socle.acteur import Acteur
from parchemin.socle.bases import contrainte_violee
from parchemin.socle.cles import cle_tri
from parchemin.socle.refus import Refus


def creer_personne(*, prenom: str, nom: str, auteur: Acteur, maintenant: datetime, courriel_pro: str = "") -> Personne:
    """Ajoute une personne, sans rôle ni compte. Lève `Refus("courriel_deja_pris")`, `RefusDroit` sans le droit."""
    verifier_peut_gerer_les_comptes(droits_de(auteur, maintenant))
    prenom, nom, courriel_pro = propre(prenom), propre(nom), courriel_pro.strip().lower()
    try:
        with acte(auteur=auteur, maintenant=maintenant, action=Action.PERSONNE_CREEE, chaine=CHAINE) as journal:
            personne = Personne.objects.create(
                prenom=prenom,
                nom=nom,
                courriel_pro=courriel_pro,
                cle_tri=f"{cle_tri(nom)} {cle_tri(prenom)}",
                cle_recherche=cle_de_recherche(nom, prenom),
            )
            journal.inscrire(
                objet=("personne", personne.pk),
                donnees={},
                personnel={"prenom": prenom, "nom": nom} | ({"courriel": courriel_pro} if courriel_pro else {}),
            )
    except IntegrityError as erreur:
        if contrainte_violee(erreur) == "personne_courriel_unique":
            raise Refus(
                "courriel_deja_pris",
                "Une personne enregistrée porte déjà ce courriel : choisissez-la dans la liste plutôt que de la créer. Si elle n'y "
                "est pas, elle est hors de votre périmètre : demandez au certificateur de l'inscrire chez vous, ou de corriger "
                "cette adresse.",
            ) from erreur
        raise
    return personne


def accueillir_personne(
    *,
    prenom: str,
    nom: str,
    nature: NatureRole,
    organisme: UUID | None,
    auteur: Acteur,
    maintenant: datetime,
    courriel_pro: str = "",
    homonyme_admis: bool = False,
    du: date | None = None,
    au: date | None = None,
    certification: str = "",
) -> Personne:
    """Ajoute une personne avec son premier rôle (daté comme dans `donner_role`), tout ou rien.

    Mêmes refus que `creer_personne` et `donner_role`, et `Refus("homonyme")` si l'organisme connaît déjà quelqu'un du même
    nom (un second clic, le plus souvent), sauf `homonyme_admis`.
    """
    verifier_peut_donner_role(droits_de(auteur, maintenant), nature, organisme, certification)
    with acte(auteur=auteur, maintenant=maintenant, action=Action.ROLE_DONNE) as journal:
        # Le verrou fait attendre un second envoi du même formulaire : il verra la personne, et sera refusé.
        if organisme is not None:
            Organisme.objects.select_for_update(of=("self",)).filter(pk=organisme).first()
        cle = cle_de_recherche(propre(nom), propre(prenom))
        memes = Personne.objects.filter(Q(cle_recherche=cle) | Q(cle_recherche__startswith=f"{cle}{ANCIENS}"))
        if not homonyme_admis and memes.filter(roles__organisme=organisme).exists():
            raise Refus(
                "homonyme",
                f"{propre(prenom)} {propre(nom)} est déjà enregistré dans cet organisme. "
                "Si c'est une autre personne du même nom, dites-le et recommencez.",
            )
        personne = creer_personne(
            prenom=prenom, nom=nom, courriel_pro=courriel_pro, auteur=auteur, maintenant=maintenant
        )
        donner_role(
            personne=personne.pk,
            nature=nature,
            organisme=organisme,
            du=du,
            au=au,
            certification=certification,
            auteur=auteur,
            maintenant=maintenant,
        )
        journal.rien_a_inscrire()  # les deux actes du dessous ont chacun leur entrée
    return personne
