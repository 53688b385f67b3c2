"""Convoquer : qui, quand, ce qui refuse ; et ce que devient une convocation quand l'épreuve change."""

from __future__ import annotations

import email
from datetime import UTC, date, datetime, timedelta
from email import policy
from types import SimpleNamespace

import pytest
from ical.calendar_stream import IcsCalendarStream

from parchemin.carnet import services as carnet
from parchemin.carnet.tests import factories as carnets
from parchemin.comptes.enums import GenreDeLien, NatureRole
from parchemin.comptes.tests import factories as comptes
from parchemin.convocations import selectors, services
from parchemin.convocations.enums import Convoque
from parchemin.convocations.models import Convocation, PassageConvocation
from parchemin.convocations.tests import factories
from parchemin.convocations.tests.factories import (
    CONVOCATION,
    JOUR,
    PLANIFICATION,
    Salle,
    avec_adresses,
    convoquee,
    convoquer,
    courriels_de,
    jeton_de,
    salle,
    sienne,
)
from parchemin.convocations.tests.gestes import lier, refus
from parchemin.courriels.models import Envoi
from parchemin.courriels.services import poster_envoi
from parchemin.parcours.enums import Qualite
from parchemin.parcours.services import nommer_tuteur_manager
from parchemin.registre.models import Entree
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.annonces import ecouler
from parchemin.socle.refus import RefusDroit
from parchemin.socle.typographie import date_en_clair

pytestmark = pytest.mark.django_db


PLUS_TARD = CONVOCATION + timedelta(hours=1)


def avant(jours: int) -> datetime:
    """Tant de jours avant l'épreuve, à la même heure."""
    return JOUR - timedelta(days=jours)


def etats(salle: Salle) -> dict[str, str]:
    lues = selectors.convocations(SYSTEME, [salle.epreuve]).get(salle.epreuve, ())
    return {une.place.value: une.etat for une in lues}


def evenement(envoi: Envoi):
    (un,) = IcsCalendarStream.calendar_from_ics(envoi.calendrier).events
    return un


def suivre(maintenant: datetime) -> None:
    """Les nouvelles montent, comme le worker les remet, à cet instant."""
    import time_machine

    with time_machine.travel(maintenant, tick=False):
        ecouler()


# Convoquer ------------------------------------------------------------------------------------------------------------


def test_convoquer_ecrit_a_chacun_une_fois() -> None:
    une = salle()
    avec_adresses(une)
    assert len(convoquer(une)) == 4
    assert convoquer(une) == ()
    assert etats(une) == dict.fromkeys(("candidat", "metier", "certificateur", "manager"), "envoyee")
    monde = une.monde
    assert [len(courriels_de(a)) for a in (monde.candidat, une.metier, une.certificateur, monde.manager)] == [1] * 4
    assert [len(courriels_de(a)) for a in (monde.tuteur, monde.gestionnaire)] == [0, 0]
    (entree,) = Entree.objects.filter(action="convocations.convoques")
    assert entree.donnees["places"] == ["candidat", "metier", "certificateur", "manager"]
    assert entree.donnees["tardives"] == []


def test_chacun_n_apprend_que_ce_qui_le_regarde() -> None:
    une = convoquee()
    noms = selectors.epreuve_par_id(SYSTEME, une.epreuve)
    candidat, metier, certificateur = (
        noms.dossier.candidat_nom,
        *(noms.evaluateur(q).nom for q in (e.qualite for e in noms.evaluateurs)),
    )
    dits = {
        place: {nom for nom in (candidat, metier, certificateur) if nom in courriels_de(acteur)[0].texte}
        for place, acteur in (
            ("candidat", une.monde.candidat),
            ("metier", une.metier),
            ("manager", une.monde.manager),
        )
    }
    assert dits == {
        "candidat": {metier, certificateur},
        "metier": {
            candidat,
            certificateur if noms.qualite_de(une.metier.id) == noms.evaluateurs[0].qualite else metier,
        },
        "manager": {candidat},
    }
    for acteur in (une.monde.candidat, une.metier, une.certificateur, une.monde.manager):
        invitation = courriels_de(acteur)[0].calendrier
        assert not any(
            nom.split()[0] in invitation and nom in invitation for nom in (candidat,) if acteur != une.monde.candidat
        )
        assert jeton_de(acteur) not in invitation


def test_l_invitation_part_dans_le_courriel_et_en_piece_jointe() -> None:
    une = convoquee()
    (envoi,) = courriels_de(une.metier)
    partis: list = []
    poster_envoi(
        envoi=envoi.pk, maintenant=CONVOCATION, remettre=lambda message: partis.append(message.message().as_bytes())
    )
    message = email.message_from_bytes(partis[0], policy=policy.default)
    assert message.get_content_type() == "multipart/mixed"
    genres = [partie.get_content_type() for partie in message.walk() if not partie.is_multipart()]
    assert genres == ["text/plain", "text/html", "text/calendar", "application/ics"]
    invitation, piece = [p for p in message.walk() if p.get_content_type() in ("text/calendar", "application/ics")]
    assert (invitation.get_param("method"), invitation.get_content_charset()) == ("REQUEST", "utf-8")
    assert piece.get_filename() == "invitation.ics"
    assert piece.get_content() == envoi.calendrier.encode()
    relue = IcsCalendarStream.calendar_from_ics(invitation.get_content())
    assert (relue.method, relue.events[0].dtstart) == ("REQUEST", JOUR)
    envoi.refresh_from_db()
    assert (envoi.texte, envoi.html) == ("", "")  # un lien personnel : rien n'en reste


def test_sans_adresse_la_convocation_existe_et_rien_ne_part() -> None:
    une = salle()
    convoquer(une)
    assert etats(une)["candidat"] == "envoyee"
    assert Envoi.objects.count() == 0


@pytest.mark.parametrize(
    ("jours", "code"),
    [(22, None), (21, None), (20, "convocation_tardive"), (15, "convocation_tardive"), (14, "convocation_impossible")],
)
def test_le_delai_des_evaluateurs(jours: int, code: str | None) -> None:
    une = salle()
    if code is None:
        assert len(convoquer(une, avant(jours))) == 4
        return
    with refus(code):
        convoquer(une, avant(jours))
    if code == "convocation_tardive":
        assert len(convoquer(une, avant(jours), derogation="Un évaluateur relevé hier.")) == 4
        assert {c.place: c.derogation for c in Convocation.objects.all()} == {
            "candidat": "",
            "manager": "",
            "metier": "Un évaluateur relevé hier.",
            "certificateur": "Un évaluateur relevé hier.",
        }
    else:
        with refus(code):
            convoquer(une, avant(jours), derogation="C'est urgent.")
        assert Convocation.objects.count() == 0


def test_le_refus_dit_a_qui_quel_delai_et_quand_deplacer() -> None:
    une = salle()
    with refus("convocation_impossible") as leve:
        convoquer(une, avant(10))
    nom = {e.personne: e.nom for e in selectors.epreuve_par_id(SYSTEME, une.epreuve).evaluateurs}
    assert leve.value.message == (
        f"Il est trop tard pour convoquer {nom[une.metier.id]} et {nom[une.certificateur.id]} : déplacez l'épreuve au "
        f"{date_en_clair(date(2026, 11, 25))} au plus tôt."
    )
    assert len(leve.value.details) == 2
    assert leve.value.details[0].endswith("21 jours avant l'épreuve, et jamais moins de 15 jours.")


def test_sans_ses_deux_evaluateurs_on_ne_convoque_pas() -> None:
    une = salle(declarees=False)
    services.declarer(epreuve=une.epreuve, genre="professionnel", auteur=une.metier, maintenant=PLANIFICATION)
    with refus("evaluateurs_manquants"):
        convoquer(une)


def test_un_evaluateur_devenu_lie_ne_se_convoque_pas() -> None:
    une = salle()
    lier(une.metier, une.monde.candidat, GenreDeLien.HIERARCHIQUE)
    with pytest.raises(RefusDroit) as leve:
        convoquer(une)
    assert leve.value.code == "evaluateur_lien_hierarchique"


def test_un_carnet_repris_arrete_la_convocation() -> None:
    une = salle()
    carnet.retirer_attestation(
        dossier=une.monde.dossier,
        qualite=Qualite.TUTEUR,
        competence="C3.1",
        motif="Une erreur.",
        auteur=une.monde.tuteur,
        maintenant=PLANIFICATION,
    )
    with refus("carnet_incomplet"):
        convoquer(une)


def test_une_recusation_en_attente_arrete_la_convocation() -> None:
    une = salle()
    services.recuser(
        epreuve=une.epreuve,
        evaluateur=une.metier.id,
        motif="Un voisin.",
        auteur=une.monde.candidat,
        maintenant=PLANIFICATION,
    )
    with refus("recusation_en_attente"):
        convoquer(une)


def test_ni_apres_l_heure_ni_pour_une_epreuve_annulee() -> None:
    une = salle()
    with refus("date_passee"):
        convoquer(une, JOUR)
    services.annuler_epreuve(
        epreuve=une.epreuve, motif="Salle fermée.", auteur=une.monde.gestionnaire, maintenant=PLANIFICATION
    )
    with refus("epreuve_fermee"):
        convoquer(une)


@pytest.mark.parametrize("qui", ["candidat", "tuteur", "metier", "ailleurs"])
def test_seul_le_gestionnaire_convoque(qui: str) -> None:
    une = salle()
    acteurs = {
        "candidat": une.monde.candidat,
        "tuteur": une.monde.tuteur,
        "metier": une.metier,
        "ailleurs": comptes.gestionnaire(comptes.organisme()),
    }
    with refus("planification_reservee"):
        services.convoquer(epreuve=une.epreuve, auteur=acteurs[qui], maintenant=CONVOCATION)


# Ce qui change --------------------------------------------------------------------------------------------------------


def test_deplacer_redit_a_chacun_avec_une_version_de_plus() -> None:
    une = convoquee()
    services.repondre(convocation=sienne(une, une.metier).id, accepte=True, auteur=une.metier, maintenant=CONVOCATION)
    ailleurs = JOUR + timedelta(days=3)
    services.deplacer_epreuve(
        epreuve=une.epreuve,
        prevue_le=ailleurs,
        lieu="Plateau 4",
        auteur=une.monde.gestionnaire,
        maintenant=CONVOCATION + timedelta(days=1),
    )
    suivre(CONVOCATION + timedelta(days=1))
    assert set(etats(une).values()) == {"envoyee"}  # une autre date : on redemande à chacun
    for acteur in (une.monde.candidat, une.metier, une.certificateur, une.monde.manager):
        premiere, seconde = courriels_de(acteur)
        assert evenement(premiere).uid == evenement(seconde).uid
        lu = evenement(seconde)
        assert (lu.sequence, lu.dtstart, lu.location) == (1, ailleurs, "Plateau 4")
    suivre(CONVOCATION + timedelta(days=2))
    assert len(courriels_de(une.metier)) == 2


def test_redire_la_meme_place_ne_change_rien() -> None:
    une = convoquee()
    vue = selectors.epreuve_par_id(SYSTEME, une.epreuve)
    services.deplacer_epreuve(
        epreuve=une.epreuve,
        prevue_le=vue.prevue_le,
        lieu=vue.lieu,
        auteur=une.monde.gestionnaire,
        maintenant=CONVOCATION,
    )
    assert services.suivre_les_convocations(epreuve=une.epreuve, maintenant=CONVOCATION) == 0


def test_un_evaluateur_convoque_garde_son_preavis() -> None:
    une = convoquee()
    proche = CONVOCATION + timedelta(days=14)
    deplacer = {
        "epreuve": une.epreuve,
        "lieu": "Plateau 2",
        "auteur": une.monde.gestionnaire,
        "maintenant": CONVOCATION,
    }
    with refus("convocation_impossible"):
        services.deplacer_epreuve(prevue_le=proche, **deplacer)
    services.deplacer_epreuve(prevue_le=proche + timedelta(days=1), **deplacer)
    services.deplacer_epreuve(prevue_le=proche + timedelta(days=1, hours=1), **deplacer)
    assert selectors.epreuve_par_id(SYSTEME, une.epreuve).prevue_le == proche + timedelta(days=1, hours=1)


def test_relever_un_evaluateur_lui_retire_son_invitation_et_le_dit_au_candidat() -> None:
    une = convoquee()
    avant_releve = evenement(courriels_de(une.metier)[0]).uid
    releve = comptes.avec_role(NatureRole.EVALUATEUR_METIER, prenom="Inès")
    comptes.compte(releve)
    services.affecter_evaluateurs(
        epreuve=une.epreuve,
        metier=releve.id,
        certificateur=une.certificateur.id,
        auteur=une.monde.gestionnaire,
        maintenant=PLUS_TARD,
    )
    suivre(PLUS_TARD)
    retrait = courriels_de(une.metier)[-1]
    assert (retrait.calendrier_methode, evenement(retrait).status, evenement(retrait).sequence) == (
        "CANCEL",
        "CANCELLED",
        1,
    )
    assert evenement(retrait).uid == avant_releve
    assert (
        Envoi.objects.filter(destinataire=une.metier.id, genre="portail.affectation", texte__contains="plus").count()
        == 0
    )
    assert etats(une) == {"candidat": "envoyee", "certificateur": "envoyee", "manager": "envoyee"}
    assert evenement(courriels_de(une.monde.candidat)[-1]).sequence == 1  # il sait qui l'évalue
    assert len(courriels_de(une.monde.manager)) == 1  # cela ne le regarde pas
    assert len(convoquer(une, PLUS_TARD)) == 1
    assert etats(une)["metier"] == "envoyee"


def test_revenir_a_un_evaluateur_releve_continue_ses_versions() -> None:
    une = convoquee()
    autre = comptes.avec_role(NatureRole.EVALUATEUR_METIER)
    for heures, metier in enumerate((autre, une.metier), 1):
        services.affecter_evaluateurs(
            epreuve=une.epreuve,
            metier=metier.id,
            certificateur=une.certificateur.id,
            auteur=une.monde.gestionnaire,
            maintenant=CONVOCATION + timedelta(hours=heures),
        )
        suivre(CONVOCATION + timedelta(hours=heures))
    convoquer(une, CONVOCATION + timedelta(hours=3))
    versions = [evenement(envoi) for envoi in courriels_de(une.metier)]
    assert len({lu.uid for lu in versions}) == 1
    assert [(lu.sequence, lu.status.value) for lu in versions] == [(0, "CONFIRMED"), (1, "CANCELLED"), (2, "CONFIRMED")]
    assert [envoi.objet.split(" :")[0] for envoi in courriels_de(une.metier)] == [
        "Convocation",
        "Vous n’êtes plus attendu",
        "Convocation",  # pour lui, elle ne « change » pas : il n'était plus attendu
    ]


def test_annuler_retire_l_invitation_de_chacun() -> None:
    une = convoquee()
    services.annuler_epreuve(
        epreuve=une.epreuve, motif="Salle fermée.", auteur=une.monde.gestionnaire, maintenant=PLUS_TARD
    )
    suivre(PLUS_TARD)
    assert etats(une) == {}
    assert set(Convocation.objects.values_list("etat", flat=True)) == {"annulee"}
    for acteur in (une.monde.candidat, une.metier, une.certificateur, une.monde.manager):
        dernier = courriels_de(acteur)[-1]
        assert (dernier.calendrier_methode, evenement(dernier).status) == ("CANCEL", "CANCELLED")
        assert "Salle fermée" not in dernier.texte
    assert services.suivre_les_convocations(epreuve=une.epreuve, maintenant=CONVOCATION) == 0


def test_un_autre_manager_n_apprend_rien_de_plus_et_l_ancien_n_est_plus_attendu() -> None:
    une = convoquee()
    nouveau = comptes.avec_role(NatureRole.MANAGER, une.monde.organisme)
    nommer_tuteur_manager(
        dossier=une.monde.dossier,
        tuteur=une.monde.tuteur.id,
        manager=nouveau.id,
        auteur=une.monde.gestionnaire,
        maintenant=PLUS_TARD,
    )
    suivre(PLUS_TARD)
    assert courriels_de(une.monde.manager)[-1].calendrier_methode == "CANCEL"
    assert "manager" not in etats(une)


def test_outre_mer_l_invitation_est_a_l_heure_du_site() -> None:
    """Une salle à Cayenne : le courriel et l'agenda disent l'heure de là-bas, et le délai se compte à son jour."""
    monde = carnets.complet(("B3",))
    piece = factories.piece(factories.site(monde.organisme, "Cayenne", "America/Cayenne"))
    epreuve = factories.en_salle(monde, "B3", piece, JOUR + timedelta(hours=4))
    metier, certificateur = (
        comptes.avec_role(NatureRole.EVALUATEUR_METIER),
        comptes.avec_role(NatureRole.EVALUATEUR_CERTIFICATEUR),
    )
    services.affecter_evaluateurs(
        epreuve=epreuve,
        metier=metier.id,
        certificateur=certificateur.id,
        auteur=monde.gestionnaire,
        maintenant=PLANIFICATION,
    )
    comptes.compte(metier)
    services.convoquer(epreuve=epreuve, auteur=monde.gestionnaire, maintenant=CONVOCATION)
    (envoi,) = courriels_de(metier)
    assert "(heure de Guyane)" in envoi.texte
    assert "DTSTART;TZID=America/Cayenne:20261120T100000" in envoi.calendrier
    assert evenement(envoi).dtstart == JOUR + timedelta(hours=4)


# Renvoyer -------------------------------------------------------------------------------------------------------------


def test_renvoyer_donne_un_lien_neuf_une_fois_par_jour() -> None:
    une = convoquee()
    vue = sienne(une, une.metier)
    ancien = jeton_de(une.metier)
    envoi = {"convocation": vue.id, "auteur": une.monde.gestionnaire}
    with refus("renvoi_du_jour"):
        services.renvoyer_convocation(maintenant=CONVOCATION, **envoi)
    services.renvoyer_convocation(maintenant=CONVOCATION + timedelta(days=1), **envoi)
    assert jeton_de(une.metier) != ancien
    with refus("lien_inconnu"):
        selectors.convocation_du_lien(ancien, None)
    assert evenement(courriels_de(une.metier)[-1]).sequence == 0
    with refus("planification_reservee"):
        services.renvoyer_convocation(convocation=vue.id, auteur=une.metier, maintenant=CONVOCATION + timedelta(days=2))


# Le panel -------------------------------------------------------------------------------------------------------------


def test_le_panel_choisi_est_celui_de_la_grille() -> None:
    from parchemin.evaluation.tests.test_panel import PANEL, publier_panel

    une = salle("B1", ("B1",))
    publier_panel(SimpleNamespace(epreuve=une.epreuve))
    vue = selectors.epreuve_par_id(SYSTEME, une.epreuve)
    assert selectors.panel_a_choisir(SYSTEME, vue) == PANEL
    with refus("panel_vide"):
        convoquer(une, motifs=[])
    with refus("motif_hors_panel"):
        convoquer(une, motifs=["Un motif à moi"])
    assert len(convoquer(une, motifs=[PANEL[1]])) == 4
    assert selectors.panel_choisi(SYSTEME, une.epreuve) == (PANEL[1],)
    assert selectors.panel_de_l_epreuve(SYSTEME, vue) == {PANEL[1]}
    assert convoquer(une, motifs=[PANEL[1]]) == ()
    convoquer(une, PLUS_TARD, motifs=list(PANEL))
    assert selectors.panel_choisi(SYSTEME, une.epreuve) == PANEL


def test_l_histoire_d_une_convocation_ne_se_reecrit_pas() -> None:
    une = convoquee()
    passages = PassageConvocation.objects.filter(convocation_id=sienne(une, une.metier).id)
    assert [(p.rang, p.etat, p.auteur) for p in passages] == [(1, "envoyee", une.monde.gestionnaire.id)]


def test_les_places_et_leur_delai() -> None:
    assert {place.value: place.destinataire.value for place in Convoque} == {
        "candidat": "candidat",
        "metier": "evaluateur",
        "certificateur": "evaluateur",
        "manager": "manager",
    }
    assert [place.evalue for place in Convoque] == [False, True, True, False]


def test_un_rendez_vous_dit_sa_fin_d_apres_la_norme() -> None:
    une = salle("B2", ("B2",))
    vue = selectors.epreuve_par_id(SYSTEME, une.epreuve)
    rdv = selectors.rendez_vous(SYSTEME, vue)
    assert (rdv.debut, rdv.fin - rdv.debut, rdv.jour) == (JOUR, timedelta(minutes=30), JOUR.date())
    assert rdv.debut.tzinfo is UTC or rdv.debut.utcoffset() == timedelta(0)


def test_personne_d_autre_n_a_de_convocation() -> None:
    une = convoquee()
    assert selectors.convocation_de(Acteur(une.monde.tuteur.id), une.epreuve) is None
