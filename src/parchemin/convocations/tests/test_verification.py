"""La vérification d'un évaluateur en place, qui se rouvre quand un fait nouveau l'écarte, et se clôt quand il tombe."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from moteur.regles.evaluateur_admissible import Obstacle
from parchemin.comptes.enums import EtatHabilitation, NatureRole
from parchemin.comptes.selectors import noms
from parchemin.comptes.services import (
    annuler_lien,
    confirmer_import_liens,
    fusionner,
    lire_liens,
)
from parchemin.comptes.tests import factories as comptes
from parchemin.convocations import abonnements, selectors, services
from parchemin.convocations.enums import Qualite
from parchemin.convocations.models import AVerifier
from parchemin.convocations.tests import factories
from parchemin.convocations.tests.factories import JOUR, PLANIFICATION, Salle
from parchemin.convocations.tests.gestes import LE_JOUR, affecter, codes, inscrire, lier, verifier
from parchemin.parcours.services import nommer_tuteur_manager
from parchemin.referentiels.tests import factories as referentiels
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.annonces import ecouler
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import RefusDroit

pytestmark = pytest.mark.django_db


def test_un_manager_change_tard_rouvre_la_verification_et_le_gestionnaire_le_voit():
    salle = factories.salle()
    ecouler()
    nommer_tuteur_manager(
        dossier=salle.monde.dossier,
        tuteur=salle.monde.tuteur.id,
        manager=salle.metier.id,
        auteur=salle.monde.gestionnaire,
        maintenant=PLANIFICATION + timedelta(hours=2),
    )
    ecouler()
    (signale,) = selectors.a_verifier(SYSTEME, [salle.epreuve])[salle.epreuve]
    assert (signale.evaluateur, signale.obstacles) == (salle.metier.id, (Obstacle.MANAGER,))
    remplacant = comptes.avec_role(NatureRole.EVALUATEUR_METIER)
    affecter(salle, remplacant, salle.certificateur)
    assert selectors.a_verifier(SYSTEME, [salle.epreuve]) == {}
    assert AVerifier.objects.count() == 1


def test_un_lien_importe_ferme_la_barriere_et_tout_le_fichier_ne_se_revoit_qu_une_fois(monkeypatch):
    """Le candidat sous Maud, Maud sous son évaluateur : deux lignes d'un fichier, une seule revérification."""
    salle = factories.salle()
    maud = comptes.avec_role(NatureRole.TUTEUR, salle.monde.organisme)
    ecouler()
    dits = noms(SYSTEME, [salle.monde.candidat.id, maud.id, salle.metier.id])
    candidat, milieu, haut = (dits[qui.id] for qui in (salle.monde.candidat, maud, salle.metier))
    fichier = (
        f"Personne;Genre du lien;Liée à\n{candidat};Lien hiérarchique;{milieu}\n{milieu};Lien hiérarchique;{haut}\n"
    )
    qui = {"auteur": salle.monde.gestionnaire, "maintenant": PLANIFICATION}
    en_attente = lire_liens(nom_fichier="liens.csv", octets=fichier.encode(), **qui)
    confirmer_import_liens(identifiant=en_attente.pk, **qui)
    appels = []
    vraie = abonnements.epreuves_a_revoir
    monkeypatch.setattr(abonnements, "epreuves_a_revoir", lambda *a, **k: appels.append(k) or vraie(*a, **k))
    ecouler()
    assert [set(appel["personnes"]) for appel in appels] == [{salle.monde.candidat.id, maud.id, salle.metier.id}]
    (signale,) = selectors.a_verifier(SYSTEME, [salle.epreuve])[salle.epreuve]
    assert (signale.evaluateur, signale.obstacles) == (salle.metier.id, (Obstacle.HIERARCHIQUE,))
    with time_machine.travel(PLANIFICATION, tick=False):
        averti = comptes.texte(comptes.client(salle.monde.gestionnaire).get("/"))
    assert f"{haut} ne peut plus évaluer" in averti
    with pytest.raises(RefusDroit) as erreur:
        verifier(salle, salle.metier)
    assert erreur.value.code == "evaluateur_lien_hierarchique"


def test_un_lien_loin_dans_la_chaine_rouvre_la_verification_et_son_annulation_la_clot():
    salle = factories.salle()
    maud = comptes.personne()
    lier(salle.monde.candidat, maud)
    ecouler()
    assert selectors.a_verifier(SYSTEME, [salle.epreuve]) == {}
    lien = lier(maud, salle.metier)
    ecouler()
    assert list(selectors.a_verifier(SYSTEME, [salle.epreuve])) == [salle.epreuve]
    annuler_lien(lien=lien.pk, motif="Mauvaise personne", auteur=SYSTEME, maintenant=PLANIFICATION)
    ecouler()
    assert selectors.a_verifier(SYSTEME, [salle.epreuve]) == {}
    assert services.revoir(epreuves=[salle.epreuve], maintenant=JOUR) == 0  # redire ne change rien


def test_une_habilitation_personnelle_echue_le_jour_de_l_epreuve_ecarte():
    salle = factories.salle()
    a_jour, echue, a_venir = (comptes.avec_role(NatureRole.EVALUATEUR_METIER, prenom=p, nom="Essai") for p in "AEV")
    inscrire(a_jour)
    inscrire(echue, LE_JOUR)  # « à renouveler le » : ce jour-là n'y est plus
    inscrire(a_venir, habilitee_le=LE_JOUR + timedelta(days=1))
    lus = codes(salle)
    hors = (Obstacle.HABILITATION_PERSONNELLE,)
    assert {nom: lus[nom] for nom in ("A Essai", "E Essai", "V Essai")} == {
        "A Essai": (),
        "E Essai": hors,
        "V Essai": hors,
    }
    with pytest.raises(RefusDroit) as erreur:
        affecter(salle, echue, salle.certificateur)
    assert (erreur.value.code, erreur.value.message) == (
        "evaluateur_habilitation_personnelle",
        "E Essai ne peut pas évaluer cette épreuve : son habilitation personnelle, au registre, ne vaut pas à cette date.",
    )
    affecter(salle, a_jour, salle.certificateur)


def test_radie_avant_l_epreuve_la_grille_se_ferme_et_la_verification_se_rouvre():
    salle = factories.salle()
    ligne = inscrire(salle.metier)
    ecouler()
    assert verifier(salle, salle.metier) == Qualite.METIER
    comptes.services.radier_du_registre(ligne=ligne.pk, motif="Mobilité", auteur=SYSTEME, maintenant=PLANIFICATION)
    ecouler()
    assert signales(salle) == {salle.metier.id: (Obstacle.HABILITATION_PERSONNELLE,)}
    with pytest.raises(RefusDroit):
        verifier(salle, salle.metier)
    inscrire(salle.metier, habilitee_le=LE_JOUR, maintenant=PLANIFICATION + timedelta(hours=1))
    ecouler()
    assert signales(salle) == {}
    assert verifier(salle, salle.metier) == Qualite.METIER


def signales(salle: Salle) -> dict:
    return {v.evaluateur: v.obstacles for v in selectors.a_verifier(SYSTEME, [salle.epreuve]).get(salle.epreuve, ())}


def test_un_role_retire_rouvre_la_verification():
    salle = factories.salle()
    (role,) = comptes.services.roles.Role.objects.filter(personne_id=salle.metier.id)
    comptes.services.retirer_role(role=role.pk, auteur=SYSTEME, maintenant=PLANIFICATION)
    ecouler()
    assert signales(salle) == {salle.metier.id: (Obstacle.SANS_ROLE,)}


def test_deux_fiches_reunies_rouvrent_la_verification():
    salle = factories.salle()
    autre_fiche = comptes.personne("Hugo")
    lier(salle.monde.candidat, autre_fiche)
    ecouler()
    assert signales(salle) == {}
    fusionner(alias=autre_fiche.id, gardee=salle.metier.id, auteur=SYSTEME, maintenant=PLANIFICATION)
    ecouler()
    assert signales(salle) == {salle.metier.id: (Obstacle.HIERARCHIQUE,)}


def test_un_organisme_qui_perd_son_habilitation_rouvre_la_verification():
    referentiels.publier()
    organisme = comptes.organisme()
    habilitation = comptes.habilitation(organisme)
    delegue = comptes.avec_role(NatureRole.EVALUATEUR_CERTIFICATEUR, organisme)
    salle = factories.salle(paire=(comptes.avec_role(NatureRole.EVALUATEUR_METIER), delegue))
    ecouler()
    assert signales(salle) == {}
    for vers, attendu in (("suspendue", {delegue.id: (Obstacle.NON_HABILITE,)}), ("en_vigueur", {})):
        comptes.services.changer_etat(
            habilitation=habilitation,
            vers=EtatHabilitation(vers),
            effet=jour_civil(PLANIFICATION),
            motif="Contrôle",
            auteur=SYSTEME,
            maintenant=PLANIFICATION,
        )
        ecouler()
        assert signales(salle) == attendu
