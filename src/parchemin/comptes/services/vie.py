"""Ce qui arrive à une personne : elle change de nom, d'adresse, part, revient ; deux fiches n'en font qu'une."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError
from django.db.models import F, Q

from parchemin.comptes.enums import Action, NatureRole
from parchemin.comptes.evenements import FichesReunies
from parchemin.comptes.models import Compte, Delegation, Depart, NomPorte, Personne, Role
from parchemin.comptes.permissions import (
    verifier_peut_inviter,
    verifier_peut_noter_depart,
    verifier_peut_reunir,
    verifier_peut_tenir_fiche,
)
from parchemin.comptes.selectors import Portee, encore_ouverts, portees_des_deux
from parchemin.comptes.selectors.fusions import apercu_fusion, suites_de_fusion
from parchemin.comptes.services.commun import ANCIENS, CHAINE, chaine_organisme, cle_de_recherche, droits_de, propre
from parchemin.comptes.services.roles import annoncer_si_juge, clore_role, donner_role, jours_manquants
from parchemin.registre.services import acte
from parchemin.socle.acteur import Acteur
from parchemin.socle.annonces import annoncer
from parchemin.socle.bases import contrainte_violee
from parchemin.socle.cles import cle_tri
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Introuvable, Refus


def changer_identite(
    *, personne: UUID, prenom: str, nom: str, courriel_pro: str, auteur: Acteur, maintenant: datetime
) -> None:
    """Change le nom et le courriel professionnel, tout ou rien. Mêmes refus que `changer_nom` et `changer_courriel_pro`."""
    with acte(auteur=auteur, maintenant=maintenant, action=Action.NOM_CHANGE) as journal:
        changer_nom(personne=personne, prenom=prenom, nom=nom, auteur=auteur, maintenant=maintenant)
        changer_courriel_pro(personne=personne, courriel_pro=courriel_pro, auteur=auteur, maintenant=maintenant)
        journal.rien_a_inscrire()  # chacun des deux a son entrée


def changer_nom(*, personne: UUID, prenom: str, nom: str, auteur: Acteur, maintenant: datetime) -> None:
    """Change le nom d'une personne ; l'ancien reste dans son histoire et dans les documents d'avant. Le redire : sans effet.

    Lève `Introuvable`, `RefusDroit("fiche_hors_perimetre")`, `Refus("nom_vide")`.
    """
    prenom, nom = propre(prenom), propre(nom)
    if not prenom or not nom:
        raise Refus("nom_vide", "Une personne a un prénom et un nom.")
    with acte(auteur=auteur, maintenant=maintenant, action=Action.NOM_CHANGE, chaine=CHAINE) as journal:
        ligne = _tenir(personne, auteur, maintenant)
        if (ligne.prenom, ligne.nom) == (prenom, nom):
            journal.rien_a_inscrire()
            return
        avant = str(ligne)
        NomPorte.objects.create(personne=ligne, prenom=ligne.prenom, nom=ligne.nom, jusqu_a=maintenant)
        ligne.prenom, ligne.nom = prenom, nom
        ligne.cle_tri = f"{cle_tri(nom)} {cle_tri(prenom)}"
        ligne.cle_recherche = _cle(cle_de_recherche(nom, prenom), ligne.cle_recherche)
        ligne.save(update_fields=["prenom", "nom", "cle_tri", "cle_recherche"])
        journal.inscrire(
            objet=("personne", ligne.pk), donnees={}, personnel={"avant": avant, "prenom": prenom, "nom": nom}
        )


def changer_courriel_pro(*, personne: UUID, courriel_pro: str, auteur: Acteur, maintenant: datetime) -> None:
    """Change le courriel professionnel (vide : aucun). Celui de la connexion n'en dépend pas. Le redire : sans effet.

    Lève `Introuvable`, `RefusDroit("fiche_hors_perimetre")`, `Refus("courriel_deja_pris")`.
    """
    courriel_pro = courriel_pro.strip().lower()
    try:
        with acte(auteur=auteur, maintenant=maintenant, action=Action.COURRIEL_CHANGE, chaine=CHAINE) as journal:
            ligne = _tenir(personne, auteur, maintenant)
            if ligne.courriel_pro == courriel_pro:
                journal.rien_a_inscrire()
                return
            avant, ligne.courriel_pro = ligne.courriel_pro, courriel_pro
            ligne.save(update_fields=["courriel_pro"])
            dits = {"avant": avant, "courriel": courriel_pro}
            journal.inscrire(objet=("personne", ligne.pk), donnees={}, personnel={n: v for n, v in dits.items() if v})
    except IntegrityError as erreur:
        if contrainte_violee(erreur) == "personne_courriel_unique":
            raise Refus("courriel_deja_pris", "Une autre personne enregistrée porte déjà ce courriel.") from erreur
        raise


def partir(*, personne: UUID, organisme: UUID | None, le: date, auteur: Acteur, maintenant: datetime) -> Depart:
    """Note un départ : à partir du jour `le`, ses rôles dans cet organisme (`None` : partout) n'ouvrent plus rien.

    Les délégations reçues pour ce périmètre finissent le même jour. Redire le même départ ne change rien.
    Lève `Introuvable`, `RefusDroit` (il faut tenir cet organisme, et pouvoir retirer chaque rôle), `Refus("depart_passe" | "depart_deja_note" |
    "dernier_administrateur")`.
    """
    jour = jour_civil(maintenant)
    if le < jour:
        raise Refus("depart_passe", "Notez le départ à la date d'aujourd'hui : un rôle ne se retire pas pour le passé.")
    siens = droits_de(auteur, maintenant)
    verifier_peut_noter_depart(siens, organisme)
    with acte(
        auteur=auteur, maintenant=maintenant, action=Action.DEPART, chaine=chaine_organisme(organisme)
    ) as journal:
        ligne = _verrouiller(personne)
        deja = Depart.objects.filter(personne=ligne, organisme=organisme, retour_le=None).first()
        if deja is not None and deja.le == le:
            journal.rien_a_inscrire()
            return deja
        if deja is not None:
            raise Refus("depart_deja_note", "Un départ est déjà noté : notez d'abord le retour, ou gardez cette date.")
        ou = Q() if organisme is None else Q(organisme_id=organisme)
        encore = Q(au=None) | Q(au__gt=le)
        roles = list(
            Role.objects.select_for_update(of=("self",)).filter(ou, encore, personne=ligne).order_by("nature", "pk")
        )
        fins = {str(role.pk): role.au.isoformat() if role.au else None for role in roles}
        for role in roles:
            verifier_peut_inviter(siens, (_portee(role),))
            clore_role(role, le)
        depart = Depart.objects.create(personne=ligne, organisme_id=organisme, le=le, roles_fermes=fins)
        recues = Delegation.objects.filter(delegue=ligne, revoquee_le=None, au__gt=le)
        if organisme is not None:
            recues = recues.filter(role__organisme_id=organisme)
        recues.filter(du__gte=le).update(revoquee_le=maintenant)
        recues.filter(du__lt=le).update(au=le)
        journal.inscrire(
            objet=("personne", ligne.pk),
            donnees={"le": le.isoformat(), "roles": [str(role.pk) for role in roles]},
        )
        annoncer_si_juge(roles, maintenant)
    return depart


def revenir(*, depart: UUID, le: date, auteur: Acteur, maintenant: datetime, reprendre: bool = False) -> Sequence[Role]:
    """Note un retour ; avec `reprendre`, redonne les rôles que ce départ avait fermés. Rend ceux-ci. Deux fois : sans effet.

    Chacun revient jusqu'au jour où il devait finir, et pas s'il est passé, ni si le rôle a été retiré entre-temps.

    Lève `Introuvable`, `RefusDroit`, `Refus("retour_avant_depart")`.
    """
    with acte(auteur=auteur, maintenant=maintenant, action=Action.RETOUR) as journal:
        ligne = Depart.objects.select_for_update(of=("self",)).filter(pk=depart).first()
        if ligne is None:
            raise Introuvable("Ce départ n'existe pas.")
        verifier_peut_noter_depart(droits_de(auteur, maintenant), ligne.organisme_id)
        if ligne.retour_le is not None:
            journal.rien_a_inscrire()
            return ()
        if le < ligne.le:
            raise Refus("retour_avant_depart", "Le retour vient avant le départ : vérifiez la date.")
        ligne.retour_le = le
        ligne.save(update_fields=["retour_le"])
        redonnes = []
        if reprendre:
            redonnes = [
                donner_role(
                    personne=ligne.personne_id,
                    nature=NatureRole(role.nature),
                    organisme=role.organisme_id,
                    certification=role.certification,
                    session=role.session,
                    du=du,
                    au=au,
                    auteur=auteur,
                    maintenant=maintenant,
                )
                for role, du, au in _a_redonner(ligne, max(le, jour_civil(maintenant)))
            ]
        journal.inscrire(
            objet=("personne", ligne.personne_id),
            donnees={"le": le.isoformat(), "roles": [str(role.pk) for role in redonnes]},
            chaine=chaine_organisme(ligne.organisme_id),
        )
    return redonnes


def _a_redonner(depart: Depart, des: date) -> list[tuple[Role, date, date | None]]:
    """Les rôles que ce départ a fermés et que rien d'autre n'a retirés, avec les jours `[du, au)` qu'il leur reste."""
    redonnables = []
    for role in Role.objects.filter(pk__in=depart.roles_fermes).order_by("pk"):
        fin = depart.roles_fermes[str(role.pk)]
        du, au = max(des, role.du), date.fromisoformat(fin) if fin else None
        if role.au == max(depart.le, role.du) and (au is None or au > du):
            redonnables.append((role, du, au))
    return redonnables


def fusionner(*, alias: UUID, gardee: UUID, auteur: Acteur, maintenant: datetime, fermer_compte: bool = False) -> None:
    """Réunit deux fiches d'une même personne : `alias` ne sert plus que d'autre nom à `gardee`. Redire : sans effet.

    Rien de scellé ni d'inscrit n'est réécrit : les anciens actes gardent leur identifiant, et le nom qu'on lit est celui de la
    fiche gardée. Les rôles passent à la fiche gardée ; chaque capacité fait suivre ce qui est encore ouvert chez elle.

    Il faut gérer ou administrer, et pouvoir donner chaque rôle des deux fiches. Lève `Introuvable`, `RefusDroit`, et `Refus` : `meme_fiche`,
    `fusion_impossible` (chaque obstacle dans `details`), `deux_comptes` tant que `fermer_compte` n'est pas dit.
    """
    if alias == gardee:
        raise Refus("meme_fiche", "C'est la même fiche.")
    jour = jour_civil(maintenant)
    with acte(auteur=auteur, maintenant=maintenant, action=Action.FICHES_REUNIES, chaine=CHAINE) as journal:
        fiches = {
            p.pk: p
            for p in Personne.objects.select_for_update(of=("self",)).filter(pk__in=(alias, gardee)).order_by("pk")
        }
        if len(fiches) == 2 and fiches[alias].alias_de_id == gardee:
            journal.rien_a_inscrire()
            return
        siens = droits_de(auteur, maintenant)
        verifier_peut_reunir(siens)
        verifier_peut_inviter(siens, portees_des_deux((alias, gardee), jour))
        apercu = apercu_fusion(auteur, alias, gardee, jour)
        if apercu.obstacles:
            raise Refus(
                "fusion_impossible", "Ces deux fiches ne peuvent pas encore être réunies.", details=apercu.obstacles
            )
        if apercu.compte_a_fermer and not fermer_compte:
            raise Refus(
                "deux_comptes",
                "Les deux fiches ont de quoi se connecter : confirmez que seule la connexion de la fiche gardée reste.",
            )
        roles = _faire_suivre_les_roles(alias, gardee, jour)
        Delegation.objects.filter(delegue_id=alias, revoquee_le=None).update(revoquee_le=maintenant)
        Compte.objects.filter(personne_id=alias, is_active=True).update(is_active=False)
        Personne.objects.filter(alias_de_id=alias).update(alias_de_id=gardee)
        fiches[alias].alias_de_id = gardee
        courriel, fiches[alias].courriel_pro = fiches[alias].courriel_pro, ""
        fiches[alias].save(update_fields=["alias_de", "courriel_pro"])
        reste = fiches[gardee]
        reste.cle_recherche = _cle(*reste.cle_recherche.split(ANCIENS), fiches[alias].cle_recherche)
        reste.courriel_pro = reste.courriel_pro or courriel
        reste.save(update_fields=["cle_recherche", "courriel_pro"])
        for suite in suites_de_fusion():
            suite.appliquer(alias, gardee)
        journal.inscrire(
            objet=("personne", gardee),
            donnees={"alias": str(alias), "roles": [str(role) for role in roles]},
            personnel={"nom réuni": apercu.alias_nom},
        )
        annoncer(FichesReunies(alias, gardee, maintenant))


def _faire_suivre_les_roles(alias: UUID, gardee: UUID, jour: date) -> list[UUID]:
    """Ferme les rôles de l'une aujourd'hui ; l'autre les tient désormais tous les jours où l'une des deux les tenait."""
    tenus = list(
        Role.objects.select_for_update(of=("self",))
        .filter(encore_ouverts(jour), personne_id=alias)
        .order_by("du", "pk")
    )
    suivis = []
    for role in tenus:
        du, au = max(jour, role.du), role.au
        role.au = du
        role.save(update_fields=["au"])
        perimetre = {
            "personne_id": gardee,
            "nature": role.nature,
            "organisme_id": role.organisme_id,
            "certification": role.certification,
            "session": role.session,
        }
        deja = Role.objects.filter(encore_ouverts(du), **perimetre).exclude(au=F("du")).order_by("du", "pk")
        suivis += [
            Role.objects.create(**perimetre, du=debut, au=fin).pk for debut, fin in jours_manquants(list(deja), du, au)
        ]
    return suivis


def _tenir(personne: UUID, auteur: Acteur, maintenant: datetime) -> Personne:
    ligne = _verrouiller(personne)
    portees = portees_des_deux((personne,), jour_civil(maintenant))
    verifier_peut_tenir_fiche(droits_de(auteur, maintenant), portees)
    return ligne


def _verrouiller(personne: UUID) -> Personne:
    ligne = Personne.objects.select_for_update(of=("self",)).filter(pk=personne, alias_de=None).first()
    if ligne is None:
        raise Introuvable("Cette personne n'existe pas.")
    return ligne


def _portee(role: Role) -> Portee:
    return Portee(NatureRole(role.nature), role.organisme_id, role.certification, role.session)


def _cle(*cles: str) -> str:
    """Le nom du jour, puis ceux d'avant, sans doublon, dans la place qu'il y a."""
    uniques = dict.fromkeys(un for cle in cles for un in cle.split(ANCIENS))
    return ANCIENS.join(uniques)[:700]
