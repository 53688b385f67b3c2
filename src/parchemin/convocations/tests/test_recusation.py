"""La récusation : qui la dépose, qui y répond, ce qu'elle ferme et ce qu'elle retire."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest
import time_machine

from parchemin.carnet.tests import factories as carnet
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.services import donner_role
from parchemin.comptes.tests import factories as comptes
from parchemin.convocations import selectors, services
from parchemin.convocations.enums import Qualite
from parchemin.convocations.models import Affectation, PassageRecusation, Recusation
from parchemin.convocations.tests import factories
from parchemin.convocations.tests.factories import JOUR, PLANIFICATION, Salle
from parchemin.convocations.tests.gestes import affecter, refus, verifier
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.refus import Introuvable, RefusDroit

pytestmark = pytest.mark.django_db


def recuser(
    salle: Salle, motif: str = "Il m'a reproché un dossier.", auteur: Acteur | None = None, quand=PLANIFICATION
):
    return services.recuser(
        epreuve=salle.epreuve,
        evaluateur=salle.metier.id,
        motif=motif,
        auteur=auteur or salle.monde.candidat,
        maintenant=quand,
    )


def trancher(salle: Salle, recusation, vers: str, motif: str = "Vu.", auteur: Acteur | None = None) -> None:
    services.trancher(
        recusation=recusation,
        vers=vers,
        motif=motif,
        auteur=auteur or salle.monde.gestionnaire,
        maintenant=PLANIFICATION,
    )


def test_une_recusation_ferme_l_epreuve_jusqu_a_sa_reponse():
    salle = factories.salle()
    recusation = recuser(salle)
    assert recuser(salle, "Autre motif") == recusation  # redire ne change rien
    for evaluateur in (salle.metier, salle.certificateur):
        with refus("recusation_en_attente"):
            verifier(salle, evaluateur)
    trancher(salle, recusation, "ecartee")
    trancher(salle, recusation, "ecartee")
    assert verifier(salle, salle.metier) == Qualite.METIER
    with refus("passage_interdit"):
        trancher(salle, recusation, "accueillie")
    assert list(PassageRecusation.objects.order_by("rang").values_list("etat", "motif")) == [
        ("deposee", "Il m'a reproché un dossier."),
        ("ecartee", "Vu."),
    ]


def gerer(monde, qui: Acteur) -> None:
    donner_role(
        personne=qui.id, nature=NatureRole.GESTIONNAIRE, organisme=monde.organisme, auteur=SYSTEME,
        maintenant=PLANIFICATION,
    )  # fmt: skip


def test_ni_l_evaluateur_recuse_ni_le_candidat_ne_tranchent_la_recusation():
    salle = factories.salle()
    recusation = recuser(salle)
    autre = comptes.gestionnaire(salle.monde.organisme)
    for qui in (salle.metier, salle.certificateur, salle.monde.candidat):
        gerer(salle.monde, qui)
    adresse = f"/epreuves/{salle.epreuve}/recusation/{recusation}/"
    with time_machine.travel(PLANIFICATION):
        for qui in (salle.metier, salle.monde.candidat):
            for vers in ("accueillie", "ecartee"):
                with refus("cause_propre"):
                    trancher(salle, recusation, vers, auteur=qui)
        ouvertes = {}
        for nom, qui in {"récusé": salle.metier, "l'autre évaluateur": salle.certificateur, "tiers": autre}.items():
            navigateur = comptes.client(qui)
            pages = [navigateur.get(page).content.decode() for page in ("/", f"/epreuves/{salle.epreuve}/")]
            ouvertes[nom] = (navigateur.get(adresse).status_code, [adresse in page for page in pages])
    assert ouvertes == {
        "récusé": (403, [False, False]),
        "l'autre évaluateur": (200, [True, True]),
        "tiers": (200, [True, True]),
    }
    assert Recusation.objects.get().etat == "deposee"
    trancher(salle, recusation, "ecartee", auteur=autre)
    assert Recusation.objects.get().etat == "ecartee"


def test_le_candidat_qui_gere_ne_planifie_pas_son_epreuve_et_n_affecte_pas_ses_evaluateurs():
    monde = carnet.complet(("B3", "B4"))
    gerer(monde, monde.candidat)
    sien = replace(monde, gestionnaire=monde.candidat)
    with refus("cause_propre"):
        factories.planifier(sien, "B3")
    salle = factories.salle(monde=monde)
    with refus("cause_propre"):
        affecter(replace(salle, monde=sien), salle.metier, salle.certificateur)
    with refus("cause_propre"):
        services.annuler_epreuve(epreuve=salle.epreuve, motif="Pas prêt", auteur=sien.gestionnaire, maintenant=JOUR)
    with time_machine.travel(PLANIFICATION):
        page = comptes.client(monde.candidat).get(f"/candidats/{monde.dossier}/").content.decode()
        chez_un_autre = comptes.client(monde.gestionnaire).get(f"/candidats/{monde.dossier}/").content.decode()
    planifier = f"/epreuves/planifier/{monde.dossier}/B4/"
    assert [planifier in une for une in (page, chez_un_autre)] == [False, True]


def test_accueillie_elle_retire_l_evaluateur_pour_tout_le_dossier():
    salle = factories.salle()
    trancher(salle, recuser(salle), "accueillie")
    vue = selectors.epreuve_par_id(SYSTEME, salle.epreuve)
    assert (vue.etat, [e.personne for e in vue.evaluateurs]) == ("a_planifier", [salle.certificateur.id])
    with pytest.raises(RefusDroit) as erreur:
        affecter(salle, salle.metier, salle.certificateur)
    assert erreur.value.code == "evaluateur_recuse"


def test_remplacer_l_evaluateur_rend_la_recusation_sans_objet():
    salle = factories.salle()
    recuser(salle)
    affecter(salle, comptes.avec_role(NatureRole.EVALUATEUR_METIER), salle.certificateur)
    assert Recusation.objects.get().etat == "sans_objet"


def test_qui_recuse_qui_tranche_et_quand():
    salle = factories.salle()
    for qui in (salle.monde.gestionnaire, salle.monde.tuteur, salle.certificateur):
        with pytest.raises(RefusDroit) as erreur:
            recuser(salle, auteur=qui)
        assert erreur.value.code == "recusation_reservee"
    with refus("motif_manquant"):
        recuser(salle, " ")
    recusation = recuser(salle)
    for qui in (salle.monde.candidat, salle.metier, comptes.gestionnaire(comptes.organisme())):
        with pytest.raises(RefusDroit) as erreur:
            trancher(salle, recusation, "ecartee", auteur=qui)
        assert erreur.value.code == "planification_reservee"
    with refus("motif_manquant"):
        trancher(salle, recusation, "ecartee", " ")
    with refus("reponse_inconnue"):
        trancher(salle, recusation, "sans_objet")
    with pytest.raises(Introuvable):
        trancher(salle, uuid4(), "ecartee")
    commencee = factories.salle()
    services.passer_epreuve(epreuve=commencee.epreuve, vers="en_cours", auteur=commencee.metier, maintenant=JOUR)
    with refus("epreuve_commencee"):
        recuser(commencee, quand=JOUR)
    assert Affectation.objects.filter(epreuve_id=salle.epreuve, au=None).count() == 2
