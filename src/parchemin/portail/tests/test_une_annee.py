"""Une année d'un candidat, mois par mois : départs, mutation, répudiation, désaccord, épreuve, autre version, retour.

À chaque fin de mois, quelqu'un a la main, on sait depuis quand et ce qui débloque ; le journal se vérifie tout entier.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import time_machine

from parchemin.carnet import selectors as carnet
from parchemin.carnet import services as services_carnet
from parchemin.carnet.enums import Verdict
from parchemin.carnet.services import Dire, Ecrit
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.selectors import droits
from parchemin.comptes.services import partir, revenir
from parchemin.comptes.tests import factories as comptes
from parchemin.convocations import services as convocations
from parchemin.convocations.enums import GenreDeclare
from parchemin.convocations.tests.factories import Salle
from parchemin.courriels.models import Envoi
from parchemin.evaluation import services as evaluation
from parchemin.evaluation.selectors import resultats_du_dossier
from parchemin.evaluation.tests.factories import gestes_complets
from parchemin.parcours import selectors as parcours
from parchemin.parcours import services as dossiers
from parchemin.parcours.enums import Qualite
from parchemin.parcours.tests import factories
from parchemin.parcours.tests.factories import Monde
from parchemin.portail import tasks
from parchemin.portail.presenters import page_dossier
from parchemin.referentiels.tests import factories as referentiels
from parchemin.registre.verification import examiner
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.annonces import ecouler
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Introuvable, Refus

pytestmark = pytest.mark.django_db

B1, B3 = ("C1.1", "C1.2", "C1.3", "C1.4", "C1.5", "C1.6"), ("C3.1", "C3.2", "C3.3")


class Annee:
    """Le candidat, qui l'accompagne et qui gère à cet instant ; et ce que chaque fin de mois a montré."""

    def __init__(self, dossier: Path) -> None:
        self.ancres = dossier
        self.monde: Monde = factories.monde(("B1", "B3"), nom="Année", designe=False)
        self.dossier = self.monde.dossier
        self.gestionnaire, self.tuteur, self.manager = self.monde.gestionnaire, self.monde.tuteur, self.monde.manager
        self.evaluateurs = (
            comptes.avec_role(NatureRole.EVALUATEUR_METIER, prenom="Hugo"),
            comptes.avec_role(NatureRole.EVALUATEUR_CERTIFICATEUR, prenom="Salomé"),
        )
        for acteur in (self.gestionnaire, self.tuteur, self.manager, self.monde.candidat, *self.evaluateurs):
            comptes.compte(acteur)

    @contextmanager
    def le(self, an: int, mois: int, jour: int) -> Iterator[datetime]:
        """Ce jour-là ; ce qui s'annonce arrive avant le soir."""
        instant = datetime(an, mois, jour, 9, 0, tzinfo=UTC)
        with time_machine.travel(instant, tick=False):
            yield instant
            ecouler()

    def fin_de_mois(self, an: int, mois: int) -> tuple[str, str]:
        """Qui a la main et ce qui débloque ; jamais personne, ni depuis demain. Le courriel du jour part."""
        instant = datetime(an, mois, 28, 9, 0, tzinfo=UTC)
        with time_machine.travel(instant, tick=False):
            ecouler()
            tasks.tourner(instant)
            page = page_dossier(
                self.gestionnaire, droits(self.gestionnaire, jour_civil(instant)), self.dossier, instant
            )
            balle = page.balle
            assert balle.qui, f"{mois}/{an} : personne n'a la main"
            assert balle.quoi.endswith((".", "à attester")), balle.quoi
            assert balle.depuis <= balle.aujourdhui == date(an, mois, 28)
            assert examiner(self.ancres, (), ()).anomalies == ()
        return balle.qui, balle.quoi.replace("\N{NO-BREAK SPACE}", " ")

    def attester(
        self, qui: Qualite, verdict: Verdict, codes: tuple[str, ...], instant: datetime, mot: str = ""
    ) -> None:
        auteur = self.tuteur if qui == Qualite.TUTEUR else self.manager
        services_carnet.attester(
            dossier=self.dossier,
            qualite=qui,
            dires={code: Dire(verdict, mot) for code in codes},
            auteur=auteur,
            maintenant=instant,
        )

    def juger(self, bloc: str, planifie: datetime, le: datetime) -> UUID:
        """L'épreuve d'un bloc, du jour où elle se planifie à celui où son résultat s'établit."""
        epreuve = convocations.planifier_epreuve(
            dossier=self.dossier,
            bloc=bloc,
            prevue_le=le,
            lieu="Plateau 2",
            auteur=self.gestionnaire,
            maintenant=planifie,
        )
        metier, certificateur = self.evaluateurs
        convocations.affecter_evaluateurs(
            epreuve=epreuve,
            metier=metier.id,
            certificateur=certificateur.id,
            auteur=self.gestionnaire,
            maintenant=planifie,
        )
        salle = Salle(self.monde, bloc, epreuve, metier, certificateur)
        for evaluateur in self.evaluateurs:
            convocations.declarer(epreuve=epreuve, genre=GenreDeclare.AUCUN, auteur=evaluateur, maintenant=planifie)
            evaluation.recevoir_faits(
                epreuve=epreuve, lot=gestes_complets(salle, appareil=uuid4()), auteur=evaluateur, maintenant=le
            )
        for evaluateur in self.evaluateurs:
            evaluation.clore_lecture(epreuve=epreuve, auteur=evaluateur, maintenant=le)
        for evaluateur in self.evaluateurs:
            evaluation.confirmer(epreuve=epreuve, auteur=evaluateur, maintenant=le)
        return epreuve


def test_une_annee_entiere(tmp_path: Path) -> None:
    annee = Annee(tmp_path)
    monde, candidat = annee.monde, annee.monde.candidat

    # Septembre : inscrit, sans personne encore ; puis un tuteur et un manager, et le carnet remis.
    with annee.le(2026, 9, 3):
        pass
    assert annee.fin_de_mois(2026, 9)[0] == "Gestionnaire"
    with annee.le(2026, 10, 1) as instant:
        _nommer(annee, annee.tuteur, annee.manager, instant)
        services_carnet.accuser_reception(dossier=annee.dossier, auteur=candidat, maintenant=instant)

    # Octobre : le candidat écrit, le tuteur atteste le bloc 3.
    with annee.le(2026, 10, 12) as instant:
        commun = {"dossier": annee.dossier, "brouillon": UUID(int=1), "auteur": candidat, "maintenant": instant}
        services_carnet.garder_brouillon(ecrit=Ecrit("Un accueil mené seul.", date(2026, 10, 9), ["C3.1"]), **commun)
        services_carnet.publier_entree(relu=False, **commun)
        annee.attester(Qualite.TUTEUR, Verdict.MAITRISEE, B3, instant)
    qui, quoi = annee.fin_de_mois(2026, 10)
    assert (qui, "6 compétences à attester" in quoi, "9 compétences à attester" in quoi) == (
        "Tuteur et Manager",
        True,
        True,
    )

    # Novembre : le tuteur s'en va. Ce qu'il a signé reste ; une autre prend la suite.
    theo = annee.tuteur
    with annee.le(2026, 11, 5) as instant:
        partir(
            personne=theo.id,
            organisme=monde.organisme,
            le=date(2026, 11, 5),
            auteur=annee.gestionnaire,
            maintenant=instant,
        )
        with pytest.raises(Refus):
            annee.attester(Qualite.TUTEUR, Verdict.MAITRISEE, B1[:1], instant)
        annee.tuteur = comptes.personne("Nadia")
        _nommer(annee, annee.tuteur, annee.manager, instant)
        annee.attester(Qualite.TUTEUR, Verdict.MAITRISEE, B1[:3], instant)
    assert annee.fin_de_mois(2026, 11)[0] == "Tuteur et Manager"
    assert _auteurs(annee, Qualite.TUTEUR) == {"C3.1": theo.id, "C1.1": annee.tuteur.id}

    # Décembre : le manager change à son tour.
    with annee.le(2026, 12, 3) as instant:
        annee.manager = comptes.personne("Yann")
        _nommer(annee, annee.tuteur, annee.manager, instant)
    assert annee.fin_de_mois(2026, 12)[0] == "Tuteur et Manager"

    # Janvier : il déménage. La première caisse refuse, la seconde l'accueille, avec les siens.
    ancienne = annee.gestionnaire
    refusante, nouvelle = comptes.organisme(), comptes.organisme()
    with annee.le(2027, 1, 11) as instant:
        refusee = _proposer(annee, refusante, instant)
        dossiers.refuser_mutation(
            mutation=refusee, motif="Aucun tuteur.", auteur=comptes.gestionnaire(refusante), maintenant=instant
        )
        mutation = _proposer(annee, nouvelle, instant)
    with annee.le(2027, 1, 18) as instant:
        annee.gestionnaire = comptes.gestionnaire(nouvelle)
        annee.tuteur, annee.manager = comptes.personne("Solène"), comptes.personne("Marc")
        dossiers.accueillir(
            mutation=mutation,
            tuteur=annee.tuteur.id,
            manager=annee.manager.id,
            referent_rh=None,
            auteur=annee.gestionnaire,
            maintenant=instant,
        )
        with pytest.raises(Introuvable):
            parcours.dossier(ancienne, annee.dossier, instant.date())
        assert parcours.dossier_parti(ancienne, annee.dossier, instant.date()).dossier.manager_nom.startswith("Yann")
    assert annee.fin_de_mois(2027, 1)[0] == "Tuteur et Manager"

    # Février : quelqu'un atteste au nom du tuteur, qui répudie : le carnet est gelé, le gestionnaire a la main.
    with annee.le(2027, 2, 8) as instant:
        annee.attester(Qualite.TUTEUR, Verdict.MAITRISEE, B1[3:], instant)
        avis = carnet.dernier_avis(annee.tuteur, annee.dossier)
        assert avis is not None
    with annee.le(2027, 2, 10) as instant:
        services_carnet.repudier_avis(avis=avis, motif="Ce n'est pas moi.", maintenant=instant)
        with pytest.raises(Refus) as leve:
            convocations.planifier_epreuve(
                dossier=annee.dossier,
                bloc="B3",
                prevue_le=datetime(2027, 3, 1, 9, tzinfo=UTC),
                lieu="Plateau 2",
                auteur=annee.gestionnaire,
                maintenant=instant,
            )
        assert leve.value.code == "carnet_gele"
    qui, quoi = annee.fin_de_mois(2027, 2)
    assert (qui, "gelé" in quoi) == ("Gestionnaire", True)

    # Mars : le gestionnaire éclaircit, le tuteur atteste à nouveau ; le manager n'est pas d'accord sur une compétence.
    with annee.le(2027, 3, 2) as instant:
        gel = carnet.gel(SYSTEME, annee.dossier)
        assert gel is not None
        services_carnet.lever_le_gel(
            repudiation=gel.repudiation,
            motif="Un ordinateur resté ouvert.",
            auteur=annee.gestionnaire,
            maintenant=instant,
        )
        annee.attester(Qualite.TUTEUR, Verdict.MAITRISEE, B1[3:], instant)
        annee.attester(Qualite.MANAGER, Verdict.MAITRISEE, B3[1:], instant)
        annee.attester(Qualite.MANAGER, Verdict.PAS_ENCORE, B3[:1], instant, "Jamais seul au guichet.")
    assert _avancement(annee).desaccords == 1
    assert annee.fin_de_mois(2027, 3)[0] == "Manager"

    # Avril : ils en ont parlé ; le bloc 3 est complet, son épreuve se planifie. Le bloc 1 attend encore le manager.
    with annee.le(2027, 4, 6) as instant:
        annee.attester(Qualite.MANAGER, Verdict.MAITRISEE, B3[:1], instant)
        annee.juger("B3", instant, datetime(2027, 4, 20, 9, tzinfo=UTC))
    assert set(resultats_du_dossier(SYSTEME, annee.dossier)) == {"B3"}
    qui, quoi = annee.fin_de_mois(2027, 4)
    assert (qui, "6 compétences à attester" in quoi) == ("Manager", True)
    assert [vue.id for vue in parcours.dossiers_a_attester(annee.manager, date(2027, 4, 28))] == [annee.dossier]

    # Mai : une autre version s'ouvre. Le bloc 3 garde sa norme ; une compétence du bloc 1 a changé d'un mot.
    lu = referentiels.fichier(version="2026")
    lu.fiche["date_fin"]["valeur"] = "2031-04-19"
    referentiels.publier(replace(lu, norme=referentiels.autre_norme(lu)))
    ancien = annee.dossier
    with annee.le(2027, 5, 4) as instant:
        annee.dossier = dossiers.changer_de_version(
            dossier=ancien, version="cqp-cos@2026", auteur=annee.gestionnaire, maintenant=instant
        )
    poursuivi = parcours.dossiers_par_ids(SYSTEME, [ancien, annee.dossier])
    assert (poursuivi[ancien].etat, poursuivi[annee.dossier].blocs) == ("poursuivi", ("B1",))
    assert _avancement(annee).attendues(Qualite.TUTEUR) == 1
    assert annee.fin_de_mois(2027, 5)[0] == "Tuteur et Manager"

    # Juin : il revient dans sa première caisse ; le tuteur du début y est revenu, et reprend sa place.
    with annee.le(2027, 6, 7) as instant:
        depart = _depart_de(theo, monde.organisme)
        revenir(depart=depart, le=date(2027, 6, 7), auteur=ancienne, maintenant=instant, reprendre=True)
        retour = _proposer(annee, monde.organisme, instant)
        annee.gestionnaire, annee.tuteur = ancienne, theo
        dossiers.accueillir(
            mutation=retour,
            tuteur=theo.id,
            manager=annee.manager.id,
            referent_rh=None,
            auteur=ancienne,
            maintenant=instant,
        )
        annee.attester(Qualite.TUTEUR, Verdict.MAITRISEE, B1[:1], instant)
        annee.attester(Qualite.MANAGER, Verdict.MAITRISEE, B1, instant)
    assert annee.fin_de_mois(2027, 6)[0] == "Gestionnaire"

    # Juillet : l'épreuve du bloc 1, sous la nouvelle norme ; le dossier est évalué.
    with annee.le(2027, 7, 5) as instant:
        annee.juger("B1", instant, datetime(2027, 7, 16, 9, tzinfo=UTC))
    vues = parcours.dossiers_par_ids(SYSTEME, [ancien, annee.dossier])
    normes = {bloc: un for dossier in vues for bloc, un in resultats_du_dossier(SYSTEME, dossier).items()}
    assert set(normes) == {"B1", "B3"}
    au_jury = ("Jury", "Le résultat calculé est connu ; la décision appartient au jury.")
    assert [annee.fin_de_mois(2027, mois) for mois in (7, 8)] == [au_jury, au_jury]

    # Et jamais plus d'un courriel de rappel ou de nouvelle par jour et par personne : tant de personnes averties, jour par jour.
    facultatifs = list(Envoi.objects.exclude(facultatif_du=None).values_list("destinataire", "facultatif_du"))
    assert Counter(f"{jour:%m-%d}" for _, jour in facultatifs) == {
        "09-28": 2, "10-28": 3, "11-28": 2, "12-28": 1, "05-28": 1, "06-28": 2, "07-05": 1, "07-28": 1, "08-28": 1,
    }  # fmt: skip


def _nommer(annee: Annee, tuteur: Acteur, manager: Acteur, instant: datetime) -> None:
    dossiers.nommer_tuteur_manager(
        dossier=annee.dossier, tuteur=tuteur.id, manager=manager.id, auteur=annee.gestionnaire, maintenant=instant
    )


def _proposer(annee: Annee, vers: UUID, instant: datetime) -> UUID:
    return dossiers.proposer_mutation(
        dossier=annee.dossier, vers=vers, motif="Il déménage.", auteur=annee.gestionnaire, maintenant=instant
    )


def _avancement(annee: Annee):
    return carnet.avancements(SYSTEME, [annee.dossier])[annee.dossier]


def _auteurs(annee: Annee, qualite: Qualite) -> dict[str, UUID]:
    lu = carnet.carnet(SYSTEME, annee.dossier)
    assert lu is not None
    return {
        ligne.competence: ligne.attestations[qualite].auteur
        for ligne in lu.lignes
        if ligne.competence in ("C1.1", "C3.1") and qualite in ligne.attestations
    }


def _depart_de(acteur: Acteur, organisme: UUID) -> UUID:
    from parchemin.comptes.models import Depart

    return Depart.objects.get(personne_id=acteur.id, organisme_id=organisme).pk
