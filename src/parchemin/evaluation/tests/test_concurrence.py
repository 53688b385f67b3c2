"""Deux demandes à la fois, avec de vrais fils et de vraies connexions : un seul effet, et chacun sait lequel."""

from __future__ import annotations

import contextlib
import threading
from collections import Counter
from uuid import uuid4

import pytest
import time_machine
from django.db import connections

from parchemin.comptes.enums import NatureRole
from parchemin.comptes.tests import factories as comptes
from parchemin.convocations.enums import GenreDeclare
from parchemin.convocations.selectors import epreuve_par_id, epreuves_du_dossier
from parchemin.convocations.tests import factories as convocations
from parchemin.convocations.tests.factories import JOUR
from parchemin.evaluation import selectors, services
from parchemin.evaluation.enums import EtatReponse, Position, SensAvis
from parchemin.evaluation.models import (
    AvisDeSecondRegard,
    Confirmation,
    Fait,
    GesteMisAPart,
    Lecture,
    PassageSecondRegard,
    PositionAccord,
    Resultat,
    SecondRegard,
)
from parchemin.evaluation.services import abandons, seconds_regards
from parchemin.evaluation.services.reception import Reception
from parchemin.evaluation.tests import factories
from parchemin.evaluation.tests.factories import CLOTURE, fait
from parchemin.evaluation.tests.tablette import etats, poster, tablette
from parchemin.evaluation.tests.test_quarantaine import remplacer
from parchemin.registre.verification import examiner
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.refus import Introuvable, Refus

pytestmark = pytest.mark.django_db(transaction=True)


def ensemble(*travaux):
    """Lance chaque travail dans son fil, au même instant ; rend ce que chacun rend, ou l'erreur qu'il lève."""
    barriere, rendus = threading.Barrier(len(travaux)), [None] * len(travaux)

    def un(rang, travail):
        try:
            barriere.wait(30)
            rendus[rang] = travail()
        except Exception as erreur:  # noqa: BLE001 (rendue au fil principal)
            rendus[rang] = erreur
        finally:
            connections.close_all()

    fils = [threading.Thread(target=un, args=(rang, travail)) for rang, travail in enumerate(travaux)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join(60)
    return rendus


def codes(rendus):
    """Les codes des refus ; toute autre erreur échoue ici."""
    assert all(isinstance(erreur, Refus) for erreur in rendus), rendus
    return [erreur.code for erreur in rendus]


def test_deux_clics_sur_clore_ne_font_qu_une_lecture():
    salle = convocations.salle()
    factories.remplir(salle, salle.metier)
    rendus = ensemble(*[lambda: factories.clore(salle, salle.metier)] * 4)
    assert Counter(rendus) == {True: 1, False: 3}
    assert Lecture.objects.count() == 1


def test_les_deux_evaluateurs_closent_puis_confirment_au_meme_instant_et_le_resultat_s_etablit_une_fois(tmp_path):
    salle = convocations.salle()
    factories.remplir(salle, salle.metier)
    factories.remplir(salle, salle.certificateur)
    clore = [lambda: factories.clore(salle, salle.metier), lambda: factories.clore(salle, salle.certificateur)]
    assert ensemble(*clore) == [True, True]
    assert (Lecture.objects.count(), Resultat.objects.count()) == (2, 0)

    def confirmer(acteur):
        return lambda: services.confirmer(epreuve=salle.epreuve, auteur=acteur, maintenant=CLOTURE)

    rendus = ensemble(*map(confirmer, (salle.metier, salle.certificateur, salle.metier, salle.certificateur)))
    assert sorted(rendus) == [False, False, False, True]
    assert (Confirmation.objects.count(), Resultat.objects.count()) == (2, 1)
    assert epreuve_par_id(SYSTEME, salle.epreuve).etat == "accordee"
    assert [str(anomalie) for anomalie in examiner(tmp_path, (), ()).anomalies] == []


def test_le_meme_lot_envoye_quatre_fois_a_la_fois_n_entre_qu_une_fois(tmp_path):
    salle = convocations.salle()
    lot = factories.gestes_complets(salle)

    def envoyer():
        return services.recevoir_faits(epreuve=salle.epreuve, lot=lot, auteur=salle.metier, maintenant=JOUR)

    rendus = ensemble(*[envoyer] * 4)
    comptes = Counter(tuple({reponse.etat for reponse in reponses}) for reponses in rendus)
    assert comptes == {(EtatReponse.ACCEPTEE,): 1, (EtatReponse.DEJA_RECUE,): 3}
    assert Fait.objects.count() == len(lot)
    assert [str(anomalie) for anomalie in examiner(tmp_path, (), ()).anomalies] == []


def test_des_gestes_sans_javascript_faits_a_la_fois_ont_chacun_leur_rang():
    salle = convocations.salle()
    appareil = uuid4()

    def poser(code):
        return lambda: services.poser(
            epreuve=salle.epreuve,
            appareil=appareil,
            cible=f"critere:{code}",
            valeur="valide",
            auteur=salle.metier,
            maintenant=JOUR,
        )

    rendus = ensemble(*map(poser, ("K3.1.1", "K3.1.2", "K3.1.3", "K3.1.4")))
    assert [reponse.etat for reponse in rendus] == [EtatReponse.ACCEPTEE] * 4
    assert sorted(Fait.objects.values_list("rang", flat=True)) == [1, 2, 3, 4]


def test_un_geste_et_la_cloture_au_meme_instant_jamais_un_geste_apres_le_sceau():
    """Soit le geste est dans la lecture scellée, soit il est refusé : il ne se perd pas entre les deux."""
    salle = convocations.salle()
    factories.remplir(salle, salle.metier)
    geste = fait(salle, 1, "commentaire:K3.1.1", "au dernier moment", appareil=uuid4())

    def envoyer():
        (reponse,) = services.recevoir_faits(epreuve=salle.epreuve, lot=[geste], auteur=salle.metier, maintenant=JOUR)
        return reponse

    reponse, close = ensemble(envoyer, lambda: factories.clore(salle, salle.metier))
    assert close is True
    lecture = selectors.lectures_scellees(salle.epreuve)[next(iter(selectors.lectures_scellees(salle.epreuve)))]
    if reponse.etat == EtatReponse.ACCEPTEE:
        assert lecture.commentaires == {"K3.1.1": "au dernier moment"}
    else:
        assert (reponse.code, lecture.commentaires) == ("lecture_scellee", {})
        assert not Fait.objects.filter(pk=geste["id"]).exists()


def test_les_deux_confirment_au_meme_instant_un_seul_resultat():
    salle = factories.deux_lectures(convocations.salle(), {"K3.1.1"})

    def dire(acteur):
        return lambda: services.se_prononcer(
            epreuve=salle.epreuve,
            critere="K3.1.1",
            choix=Position.NON_VALIDE,
            motif="Réécouté ensemble.",
            auteur=acteur,
            maintenant=CLOTURE,
        )

    rendus = ensemble(dire(salle.metier), dire(salle.certificateur))
    assert sorted(rendus) == [False, True]
    assert (PositionAccord.objects.count(), Resultat.objects.count()) == (2, 1)
    assert list(PositionAccord.objects.order_by("rang").values_list("rang", flat=True)) == [1, 2]
    assert PositionAccord.objects.get(rang=2).confirme == PositionAccord.objects.get(rang=1)


def test_deux_blocs_finis_au_meme_instant_le_dossier_est_evalue(monkeypatch):
    """Le second résultat doit voir le premier, sans quoi le dossier resterait en évaluation pour toujours.

    Les deux fils se rejoignent, s'ils le peuvent, juste avant de compter les résultats.
    """
    rendez_vous, compter = threading.Barrier(2), seconds_regards.resultats_du_dossier

    def compter_ensemble(*demande):
        with contextlib.suppress(threading.BrokenBarrierError):
            rendez_vous.wait(1)
        return compter(*demande)

    une = convocations.salle("B3", ("B3", "B4"))
    autre = convocations.salle("B4", monde=une.monde)
    for salle in (une, autre):
        factories.remplir(salle, salle.metier)
        factories.remplir(salle, salle.certificateur)
        factories.clore(salle, salle.metier)
        factories.clore(salle, salle.certificateur)
        services.confirmer(epreuve=salle.epreuve, auteur=salle.metier, maintenant=CLOTURE)
    monkeypatch.setattr(seconds_regards, "resultats_du_dossier", compter_ensemble)
    confirmer = [
        lambda salle=salle: services.confirmer(epreuve=salle.epreuve, auteur=salle.certificateur, maintenant=CLOTURE)
        for salle in (une, autre)
    ]
    assert ensemble(*confirmer) == [True, True]
    assert factories.dossier(une).etat == "evalue"


def test_deux_blocs_planifies_au_meme_instant_ont_chacun_leur_epreuve():
    monde = convocations.carnet.complet(("B1", "B3", "B4"))
    heures = {bloc: JOUR + rang * convocations.CRENEAU for rang, bloc in enumerate(("B1", "B3", "B4"))}
    rendus = ensemble(*[lambda une=une: convocations.planifier(monde, *une) for une in heures.items()])
    assert set(epreuves_du_dossier(SYSTEME, monde.dossier)) == {"B1", "B3", "B4"}
    assert len(set(rendus)) == 3


def test_le_meme_bloc_planifie_deux_fois_a_la_fois_n_a_qu_une_epreuve():
    monde = convocations.carnet.complet(("B3",))

    rendus = ensemble(*[lambda: convocations.planifier(monde, "B3")] * 3)
    assert codes([rendu for rendu in rendus if isinstance(rendu, Exception)]) == ["epreuve_deja_planifiee"] * 2


def test_deux_gestionnaires_choisissent_a_la_fois_une_seule_personne_est_designee(tmp_path):
    salle = factories.evalue("B3", {"K3.2.1"})
    tierces = [comptes.avec_role(NatureRole.EVALUATEUR_METIER, prenom=f"Tierce {rang}") for rang in range(2)]

    def designer(personne):
        return lambda: services.designer_second_regard(
            epreuve=salle.epreuve, personne=personne.id, auteur=salle.monde.gestionnaire, maintenant=CLOTURE
        )

    assert ensemble(*map(designer, tierces)) == [None, None]
    regard = SecondRegard.objects.get()
    assert regard.etat == "designe"
    assert [p.etat for p in PassageSecondRegard.objects.order_by("rang")] == [
        "a_designer",
        "designe",
        "a_designer",
        "designe",
    ]
    assert PassageSecondRegard.objects.get(rang=4).personne == regard.personne_id
    assert [str(anomalie) for anomalie in examiner(tmp_path, (), ()).anomalies] == []


def test_un_avis_et_la_cloture_sans_avis_a_la_fois_l_un_des_deux_seulement():
    salle = factories.evalue("B3", {"K3.2.1"})
    personne = comptes.avec_role(NatureRole.EVALUATEUR_METIER, prenom="Tierce")
    acte = {"epreuve": salle.epreuve, "maintenant": CLOTURE}
    services.designer_second_regard(personne=personne.id, auteur=salle.monde.gestionnaire, **acte)
    services.declarer_avant_de_lire(genre=GenreDeclare.AUCUN, auteur=personne, **acte)
    rendus = ensemble(
        lambda: services.rendre_avis(sens=SensAvis.MAINTENIR, criteres=(), motif="Vu.", auteur=personne, **acte),
        lambda: services.clore_sans_avis(motif="Trop tard.", auteur=salle.monde.gestionnaire, **acte),
    )
    assert len([rendu for rendu in rendus if isinstance(rendu, Refus | Introuvable)]) == 1
    assert AvisDeSecondRegard.objects.count() == (SecondRegard.objects.get().etat == "rendu")
    assert factories.dossier(salle).etat == "evalue"


@pytest.mark.parametrize("retire", [False, True])
def test_le_meme_identifiant_envoye_a_deux_epreuves_a_la_fois_n_entre_que_dans_l_une(retire, monkeypatch, tmp_path):
    """Les deux envois se rejoignent après avoir lu ce qui est connu, avant de rien écrire."""
    une, autre = convocations.salle("B3"), convocations.salle("B3")
    connectes = [tablette(salle.metier) for salle in (une, autre)]
    if retire:
        for salle in (une, autre):
            remplacer(salle)
    rendez_vous, lire = threading.Barrier(2), Reception.lire

    def lire_ensemble(*demande):
        with contextlib.suppress(threading.BrokenBarrierError):
            rendez_vous.wait(1)
        return lire(*demande)

    monkeypatch.setattr(Reception, "lire", lire_ensemble)
    lots = [{"faits": [fait(salle, 1, "critere:K3.1.1", "valide", id=UN)]} for salle in (une, autre)]
    with time_machine.travel(JOUR, tick=False):
        rendus = ensemble(
            *[
                lambda qui=qui, salle=salle, lot=lot: etats(poster(qui, salle, lot))
                for qui, salle, lot in zip(connectes, (une, autre), lots, strict=True)
            ]
        )
    recu = "mise_a_part" if retire else "acceptee"
    assert sorted(rendus) == [[(recu, "")], [("refusee", "id_reutilise")]]
    assert (GesteMisAPart if retire else Fait).objects.filter(pk=UN).count() == 1
    assert [str(anomalie) for anomalie in examiner(tmp_path, (), ()).anomalies] == []


UN = "11111111-0000-4000-8000-000000000001"


def test_le_meme_geste_abandonne_dans_deux_epreuves_a_la_fois_ne_l_est_qu_une_fois(monkeypatch):
    une, autre = convocations.salle("B3"), convocations.salle("B3")
    rendez_vous, inscrire = threading.Barrier(2), abandons.GesteAbandonne.objects.bulk_create

    def inscrire_ensemble(lignes):
        with contextlib.suppress(threading.BrokenBarrierError):
            rendez_vous.wait(1)
        return inscrire(lignes)

    monkeypatch.setattr(abandons.GesteAbandonne.objects, "bulk_create", inscrire_ensemble)

    def renoncer(salle):
        lot = [{"fait": fait(salle, 1, "critere:K3.1.1", "valide", id=UN), "code": "rang_pris", "raison": "…"}]
        return lambda: services.abandonner_gestes(epreuve=salle.epreuve, lot=lot, auteur=salle.metier, maintenant=JOUR)

    assert sorted(ensemble(renoncer(une), renoncer(autre))) == [0, 1]
