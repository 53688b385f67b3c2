"""Répondre à sa convocation : de son compte, par son lien ; ce qui se propose, et ce qui ne fuit pas."""

from __future__ import annotations

from datetime import timedelta

import pytest

from parchemin.comptes.enums import GenreDeLien, NatureRole
from parchemin.comptes.tests import factories as comptes
from parchemin.convocations import selectors, services
from parchemin.convocations.enums import Convoque
from parchemin.convocations.models import PassageConvocation
from parchemin.convocations.tests.factories import (
    CONVOCATION,
    JOUR,
    convoquee,
    courriels_de,
    deplie,
    jeton_de,
    par_lien,
    sienne,
)
from parchemin.convocations.tests.gestes import lier, refus
from parchemin.courriels.models import Envoi
from parchemin.registre.models import Entree
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.horloge import jour_civil

pytestmark = pytest.mark.django_db
DEMAIN = CONVOCATION + timedelta(days=1)


def repondre(salle, acteur, *, accepte=True, maintenant=DEMAIN, **champs) -> bool:
    return services.repondre(
        convocation=sienne(salle, acteur).id, accepte=accepte, auteur=acteur, maintenant=maintenant, **champs
    )


def test_accepter_puis_changer_d_avis_et_redire_ne_change_rien() -> None:
    une = convoquee()
    assert repondre(une, une.metier)
    assert not repondre(une, une.metier)
    assert sienne(une, une.metier).etat == "acceptee"
    assert repondre(une, une.metier, accepte=False, motif="Une urgence de service.")
    vue = sienne(une, une.metier)
    assert (vue.etat, vue.motif, vue.remplacant) == ("refusee", "Une urgence de service.", None)
    assert repondre(une, une.metier)
    assert sienne(une, une.metier).motif == ""
    entrees = Entree.objects.filter(action="convocations.convocation_repondue").order_by("rang")
    assert [entree.donnees["vers"] for entree in entrees] == ["acceptee", "refusee", "acceptee"]
    assert not any("urgence" in str(entree.donnees) for entree in entrees)  # le motif n'est au journal qu'en engagement


def test_refuser_encore_remplace_le_motif_et_qui_l_on_propose() -> None:
    une = convoquee()
    assert repondre(une, une.metier, accepte=False, motif="Un congé.")
    assert not repondre(une, une.metier, accepte=False, motif=" Un congé. ")
    assert repondre(une, une.metier, accepte=False, motif="Un congé, posé avant la convocation.")
    assert sienne(une, une.metier).motif == "Un congé, posé avant la convocation."
    passages = PassageConvocation.objects.filter(convocation=sienne(une, une.metier).id).order_by("rang")
    assert list(passages.values_list("etat", "motif")) == [
        ("envoyee", ""),
        ("refusee", "Un congé."),
        ("envoyee", ""),
        ("refusee", "Un congé, posé avant la convocation."),
    ]


def test_un_refus_dit_pourquoi() -> None:
    une = convoquee()
    with refus("motif_manquant"):
        repondre(une, une.monde.candidat, accepte=False, motif="  ")
    assert sienne(une, une.monde.candidat).etat == "envoyee"


def test_un_refus_previent_le_gestionnaire_sans_le_motif() -> None:
    import time_machine

    from parchemin.socle.annonces import ecouler

    une = convoquee()
    comptes.compte(une.monde.gestionnaire)
    repondre(une, une.metier, accepte=False, motif="Une hospitalisation.")
    with time_machine.travel(DEMAIN, tick=False):
        ecouler()
    (envoi,) = Envoi.objects.filter(destinataire=une.monde.gestionnaire.id, genre="portail.a_remplacer")
    assert envoi.objet == "Une convocation est refusée"
    assert "hospitalisation" not in envoi.texte
    (ligne,) = selectors.convocations_refusees(une.monde.gestionnaire, jour_civil(DEMAIN), 10)
    assert ligne.id == sienne(une, une.metier).id
    assert selectors.convocations_refusees(comptes.gestionnaire(comptes.organisme()), jour_civil(DEMAIN), 10) == ()


def test_on_ne_repond_que_pour_soi_et_en_son_nom() -> None:
    une = convoquee()
    vue = sienne(une, une.metier)
    for autre in (une.certificateur, une.monde.gestionnaire, une.monde.candidat):
        with refus("introuvable"):
            services.repondre(convocation=vue.id, accepte=True, auteur=autre, maintenant=DEMAIN)
    delegue = Acteur(une.metier.id, par_delegation_de=une.certificateur.id)
    with refus("intuitu_personae"):
        services.repondre(convocation=vue.id, accepte=True, auteur=delegue, maintenant=DEMAIN)


def test_apres_l_epreuve_on_ne_repond_plus() -> None:
    une = convoquee()
    fin = selectors.rendez_vous(SYSTEME, selectors.epreuve_par_id(SYSTEME, une.epreuve)).fin
    assert repondre(une, une.metier, maintenant=fin - timedelta(seconds=1))
    with refus("convocation_finie"):
        repondre(une, une.certificateur, maintenant=fin)


# Par son lien ---------------------------------------------------------------------------------------------------------


def test_le_lien_repond_pour_sa_personne() -> None:
    une = convoquee()
    jeton = jeton_de(une.monde.manager)
    assert par_lien(jeton, None, DEMAIN)
    assert sienne(une, une.monde.manager).etat == "acceptee"
    assert sienne(une, une.metier).etat == "envoyee"
    (entree,) = Entree.objects.filter(action="convocations.convocation_repondue")
    assert entree.auteur_id == une.monde.manager.id


def test_un_lien_transfere_ne_repond_pas_pour_qui_est_connecte() -> None:
    une = convoquee()
    jeton = jeton_de(une.metier)
    with refus("autre_identite"):
        par_lien(jeton, une.certificateur, DEMAIN)
    assert sienne(une, une.metier).etat == "envoyee"
    assert par_lien(jeton, une.metier, DEMAIN)


def test_un_lien_inconnu_ou_remplace_n_ouvre_rien() -> None:
    une = convoquee()
    ancien = jeton_de(une.metier)
    services.renvoyer_convocation(
        convocation=sienne(une, une.metier).id, auteur=une.monde.gestionnaire, maintenant=DEMAIN
    )
    for jeton in ("inconnu", ancien, ancien[:-1], ""):
        with refus("lien_inconnu"):
            par_lien(jeton, None, DEMAIN)


def test_la_base_ne_garde_aucun_jeton() -> None:
    une = convoquee()
    jeton = jeton_de(une.metier)
    (envoi,) = courriels_de(une.metier)
    assert jeton in envoi.texte  # il attend de partir
    assert jeton not in str(list(Entree.objects.values()))
    assert "LOCATION:Plateau 2" in deplie(envoi.calendrier)
    assert jeton not in deplie(envoi.calendrier)
    assert jeton not in envoi.cle


# Proposer quelqu'un ---------------------------------------------------------------------------------------------------


def test_un_remplacant_se_propose_parmi_ceux_que_rien_n_ecarte() -> None:
    une = convoquee()
    libre = comptes.avec_role(NatureRole.EVALUATEUR_METIER, prenom="Inès")
    lie = comptes.avec_role(NatureRole.EVALUATEUR_METIER, prenom="Ouri")
    lier(lie, une.monde.candidat, GenreDeLien.HIERARCHIQUE)
    vue = selectors.epreuve_par_id(SYSTEME, une.epreuve)
    offerts = selectors.remplacants_possibles(une.metier, vue, Convoque.METIER, jour_civil(DEMAIN))
    assert set(offerts) == {libre.id}
    for impossible in (lie.id, une.certificateur.id, une.monde.candidat.id, une.monde.gestionnaire.id):
        with refus("remplacant_impossible") as leve:
            repondre(une, une.metier, accepte=False, motif="Absent.", remplacant=impossible)
        assert leve.value.message == "Cette personne ne peut pas être proposée : choisissez dans la liste."
    assert repondre(une, une.metier, accepte=False, motif="Absent.", remplacant=libre.id)
    vue = sienne(une, une.metier)
    assert (vue.remplacant, vue.remplacant_nom.split()[0]) == (libre.id, "Inès")


def test_ni_le_candidat_ni_le_manager_ne_proposent_d_evaluateur() -> None:
    une = convoquee()
    libre = comptes.avec_role(NatureRole.EVALUATEUR_METIER)
    for acteur in (une.monde.candidat, une.monde.manager):
        with refus("remplacant_impossible"):
            repondre(une, acteur, accepte=False, motif="Absent.", remplacant=libre.id)


def test_ce_qui_attend_une_reponse_est_dit_a_sa_personne_seule() -> None:
    une = convoquee()
    assert [c.epreuve for c in selectors.convocations_a_repondre(une.metier)] == [une.epreuve]
    assert selectors.convocations_a_repondre(une.monde.tuteur) == ()
    repondre(une, une.metier)
    assert selectors.convocations_a_repondre(une.metier) == ()
    assert JOUR > DEMAIN
