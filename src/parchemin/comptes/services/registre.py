"""Tenir le registre des évaluateurs et des jurés."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from parchemin.comptes.enums import Action, NatureRole, QualiteRegistre
from parchemin.comptes.evenements import TitreDeJugeChange
from parchemin.comptes.models import LigneRegistre, Personne
from parchemin.comptes.permissions import verifier_peut_tenir_registre
from parchemin.comptes.selectors import portees_des_deux
from parchemin.comptes.services.commun import CHAINE, droits_de, propre
from parchemin.registre.services import acte
from parchemin.socle.acteur import Acteur
from parchemin.socle.annonces import annoncer
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Introuvable, Refus


def inscrire_au_registre(
    *,
    personne: UUID,
    qualite: QualiteRegistre,
    metier: str,
    formation: str,
    formee_le: date,
    habilitee_le: date,
    renouveler_le: date,
    auteur: Acteur,
    maintenant: datetime,
) -> LigneRegistre:
    """Inscrit l'habilitation d'une personne, ou la renouvelle (une ligne de plus). Redire la même ne change rien.

    Il faut tenir le rôle de cette qualité (`Refus("sans_ce_role")`), une preuve du métier et une formation
    (`Refus("preuve_manquante")`), une formation antérieure à l'habilitation et une fin après son début
    (`Refus("registre_dates")`). Lève aussi `Introuvable`, `RefusDroit("registre_reserve")`, `Refus("deja_au_registre")`.
    """
    qualite = QualiteRegistre(qualite)
    metier, formation = propre(metier), propre(formation)
    if not metier or not formation:
        raise Refus("preuve_manquante", "Dites la preuve du métier et la formation : le registre les garde.")
    if formee_le > habilitee_le or renouveler_le <= habilitee_le:
        raise Refus("registre_dates", "La formation précède l'habilitation, et celle-ci son renouvellement.")
    with acte(auteur=auteur, maintenant=maintenant, action=Action.REGISTRE_INSCRIT, chaine=CHAINE) as journal:
        if not Personne.objects.select_for_update(of=("self",)).filter(pk=personne, alias_de=None).exists():
            raise Introuvable("Cette personne n'existe pas.")
        portees = portees_des_deux((personne,), jour_civil(maintenant))
        verifier_peut_tenir_registre(droits_de(auteur, maintenant), portees)
        if not any(portee.nature == NatureRole(qualite.value) for portee in portees):
            raise Refus("sans_ce_role", f"Donnez-lui d'abord le rôle « {NatureRole(qualite.value).label} ».")
        champs = {
            "metier": metier,
            "formation": formation,
            "formee_le": formee_le,
            "renouveler_le": renouveler_le,
        }
        deja = LigneRegistre.objects.filter(
            personne_id=personne, qualite=qualite, habilitee_le=habilitee_le, radiee_le=None
        ).first()
        if deja is not None and all(getattr(deja, nom) == valeur for nom, valeur in champs.items()):
            journal.rien_a_inscrire()
            return deja
        if deja is not None:
            raise Refus("deja_au_registre", "Une ligne commence déjà ce jour-là : radiez-la, ou changez la date.")
        ligne = LigneRegistre.objects.create(personne_id=personne, qualite=qualite, habilitee_le=habilitee_le, **champs)
        journal.inscrire(
            objet=("registre", ligne.pk),
            donnees={
                "personne": str(personne),
                "qualite": str(qualite),
                "habilitee_le": habilitee_le.isoformat(),
                "renouveler_le": renouveler_le.isoformat(),
            },
            personnel={"métier": metier, "formation": formation},
        )
        annoncer(TitreDeJugeChange(personne, maintenant))
    return ligne


def radier_du_registre(*, ligne: UUID, motif: str, auteur: Acteur, maintenant: datetime) -> None:
    """Met fin aujourd'hui à une habilitation, avec son motif. Radier deux fois : sans effet.

    Lève `Introuvable`, `RefusDroit("registre_reserve")`, `Refus("motif_manquant")`.
    """
    motif = propre(motif)
    jour = jour_civil(maintenant)
    with acte(auteur=auteur, maintenant=maintenant, action=Action.REGISTRE_RADIE, chaine=CHAINE) as journal:
        tenue = LigneRegistre.objects.select_for_update(of=("self",)).filter(pk=ligne).first()
        if tenue is None:
            raise Introuvable("Cette ligne n'existe pas.")
        verifier_peut_tenir_registre(droits_de(auteur, maintenant), portees_des_deux((tenue.personne_id,), jour))
        if tenue.radiee_le is not None:
            journal.rien_a_inscrire()
            return
        if not motif:
            raise Refus("motif_manquant", "Dites pourquoi : la personne concernée le lira.")
        tenue.radiee_le, tenue.motif = max(jour, tenue.habilitee_le), motif
        tenue.save(update_fields=["radiee_le", "motif"])
        journal.inscrire(
            objet=("registre", tenue.pk),
            donnees={"personne": str(tenue.personne_id), "qualite": str(tenue.qualite)},
            personnel={"motif": motif},
        )
        annoncer(TitreDeJugeChange(tenue.personne_id, maintenant))
