"""Les sites, les salles, les trajets, les agendas : ce qui s'écrit, qui l'écrit, ce qui est refusé."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import pytest

from parchemin.carnet.tests import factories as carnet
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.tests import factories as comptes
from parchemin.convocations import selectors, services
from parchemin.convocations.planificateur.instance import Plage
from parchemin.convocations.planificateur.semaine import Heures, en_minutes
from parchemin.convocations.tests import factories
from parchemin.convocations.tests.factories import JOUR, PLANIFICATION, SEMAINE
from parchemin.convocations.tests.gestes import refus
from parchemin.registre.verification import examiner
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Introuvable, RefusDroit

pytestmark = pytest.mark.django_db

LE = jour_civil(PLANIFICATION)


def noms(lignes) -> list[str]:
    return [ligne.nom for ligne in lignes]


def test_un_site_est_tenu_par_son_gestionnaire_et_offert_aux_autres_s_il_est_partage(tmp_path):
    la, ailleurs = comptes.organisme(), comptes.organisme()
    gestionnaire, autre = comptes.gestionnaire(la), comptes.gestionnaire(ailleurs)
    partout = comptes.gestionnaire()
    commun = factories.site(la, "Institut", partage=True)
    factories.site(la, "Lille")
    factories.site(ailleurs, "Cayenne", "America/Cayenne")
    assert noms(selectors.sites_tenus(gestionnaire, LE)) == ["Institut", "Lille"]
    assert noms(selectors.sites_offerts(gestionnaire, LE)) == ["Institut", "Lille"]
    assert noms(selectors.sites_tenus(autre, LE)) == ["Cayenne"]
    assert noms(selectors.sites_offerts(autre, LE)) == ["Institut", "Cayenne"]
    assert noms(selectors.sites_offerts(partout, LE)) == ["Institut", "Lille", "Cayenne"]
    assert noms(selectors.sites_offerts(comptes.personne(), LE)) == ["Institut"]
    with pytest.raises(Introuvable):
        selectors.site(autre, commun, LE)
    for qui in (autre, comptes.avec_role(NatureRole.RH, la), comptes.personne()):
        with pytest.raises(RefusDroit) as erreur:
            services.modifier_site(
                site=commun, fiche=services.FicheSite("Pris", "Europe/Paris"), auteur=qui, maintenant=PLANIFICATION
            )
        assert erreur.value.code == "lieux_reserves"
    assert examiner(tmp_path, (), ()).anomalies == ()


@pytest.mark.parametrize("fuseau", ["Paris", "UTC", "Etc/GMT+4", "Europe/Lyon", "../etc/passwd", "", "America/"])
def test_un_fuseau_se_verifie(fuseau):
    with refus("fuseau_inconnu"):
        factories.site(comptes.organisme(), fuseau=fuseau)


@pytest.mark.parametrize(
    ("heures", "code"),
    [
        ([Heures(8, time(9), time(12))], "jour_inconnu"),
        ([Heures(1, time(12), time(9))], "heures_a_l_envers"),
        ([Heures(1, time(9), time(9))], "heures_a_l_envers"),
        ([Heures(1, time(9), time(12)), Heures(1, time(11), time(13))], "heures_croisees"),
    ],
)
def test_une_semaine_bancale_est_refusee(heures, code):
    with refus(code):
        factories.site(comptes.organisme(), heures=tuple(heures))


def test_modifier_un_site_garde_ce_qui_ne_change_pas_et_refuse_un_nom_deja_pris():
    la = comptes.organisme()
    lille = factories.site(la)
    factories.site(la, "Arras")
    with refus("site_deja_la"):
        factories.site(la, " Arras ")
    fiche = services.FicheSite("Lille", "Europe/Paris", "12, rue Haute", heures=SEMAINE[:2])
    services.modifier_site(site=lille, fiche=fiche, auteur=SYSTEME, maintenant=PLANIFICATION)
    vue = selectors.site(SYSTEME, lille, LE)
    assert (vue.nom, vue.adresse, vue.heures, vue.partage) == ("Lille", "12, rue Haute", SEMAINE[:2], False)
    with refus("site_deja_la"):
        services.modifier_site(
            site=lille, fiche=services.FicheSite("Arras", "Europe/Paris"), auteur=SYSTEME, maintenant=PLANIFICATION
        )
    with pytest.raises(Introuvable):
        services.creer_site(organisme=uuid4(), fiche=fiche, auteur=SYSTEME, maintenant=PLANIFICATION)


def test_une_epreuve_a_venir_retient_son_site_sa_salle_et_leur_fuseau():
    monde = carnet.complet(("B3",))
    lille = factories.site(monde.organisme)
    salle = factories.piece(lille)
    factories.en_salle(monde, "B3", salle)
    tot, tard = jour_civil(JOUR), jour_civil(JOUR) + timedelta(days=1)
    with refus("epreuves_placees"):
        services.fermer_site(site=lille, ferme_le=tot, auteur=monde.gestionnaire, maintenant=PLANIFICATION)
    with refus("fuseau_tenu"):
        services.modifier_site(
            site=lille,
            fiche=services.FicheSite("Lille", "Indian/Reunion"),
            auteur=monde.gestionnaire,
            maintenant=PLANIFICATION,
        )
    retirer = {"salle": salle, "nom": "Salle 1", "places": 4, "double_ecoute": True, "auteur": monde.gestionnaire}
    with refus("epreuves_placees"):
        services.modifier_salle(**retirer, retiree_le=tot, maintenant=PLANIFICATION)
    services.modifier_salle(**retirer, retiree_le=tard, maintenant=PLANIFICATION)
    vue = selectors.site(monde.gestionnaire, lille, LE)
    assert [(s.nom, s.places, s.double_ecoute) for s in vue.ouvertes(tot)] == [("Salle 1", 4, True)]
    assert vue.ouvertes(tard) == ()
    services.fermer_site(site=lille, ferme_le=tard, auteur=monde.gestionnaire, maintenant=PLANIFICATION)
    assert selectors.site(monde.gestionnaire, lille, LE).ouvertes(tard) == ()
    with pytest.raises(Introuvable):
        selectors.salle_offerte(monde.gestionnaire, salle, tard)


def test_un_trajet_se_dit_dans_les_deux_sens_et_se_suppose_dans_un_meme_fuseau():
    la = comptes.organisme()
    lille, arras, cayenne = (
        factories.site(la, "Lille"),
        factories.site(la, "Arras"),
        factories.site(la, "Cayenne", "America/Cayenne"),
    )
    dire = {"auteur": comptes.gestionnaire(la), "maintenant": PLANIFICATION}
    services.dire_trajet(de=lille, vers=cayenne, minutes=600, **dire)
    sites = selectors.sites_par_ids(SYSTEME, [lille, arras, cayenne])

    def minutes() -> dict:
        return selectors.trajets(SYSTEME, sites, 60)

    paire = frozenset((str(lille), str(arras)))
    assert minutes() == {paire: 60, frozenset((str(lille), str(cayenne))): 600}
    services.dire_trajet(de=arras, vers=lille, minutes=45, **dire)
    assert minutes()[paire] == 45
    assert selectors.trajets_du_site(SYSTEME, lille) == {arras: 45, cayenne: 600}
    services.dire_trajet(de=lille, vers=arras, minutes=None, **dire)
    assert minutes()[paire] == 60
    with refus("meme_site"):
        services.dire_trajet(de=lille, vers=lille, minutes=5, **dire)
    with refus("trajet_hors_bornes"):
        services.dire_trajet(de=lille, vers=arras, minutes=721, **dire)
    with pytest.raises(Introuvable):
        services.dire_trajet(de=lille, vers=factories.site(comptes.organisme(), "Secret"), minutes=5, **dire)


# L'agenda d'une personne ---------------------------------------------------------------------------------------------


def test_chacun_dit_ses_heures_et_un_gestionnaire_qui_le_connait():
    la = comptes.organisme()
    hugo = comptes.avec_role(NatureRole.EVALUATEUR_METIER, la, prenom="Hugo")
    assert selectors.agenda(hugo, hugo.id) == selectors.VueAgenda(hugo.id)
    dire = {"personne": hugo.id, "fuseau": "America/Martinique", "site": factories.site(la), "maximum": 3}
    for qui in (hugo, comptes.gestionnaire(la)):
        services.revoir_agenda(**dire, heures=SEMAINE[:1], auteur=qui, maintenant=PLANIFICATION)
    vue = selectors.agenda(hugo, hugo.id)
    assert (vue.fuseau, vue.maximum, vue.heures, vue.revu_le) == ("America/Martinique", 3, SEMAINE[:1], PLANIFICATION)
    for qui in (comptes.gestionnaire(comptes.organisme()), comptes.avec_role(NatureRole.RH, la), comptes.personne()):
        with pytest.raises(RefusDroit) as erreur:
            services.revoir_agenda(**dire, heures=(), auteur=qui, maintenant=PLANIFICATION)
        assert erreur.value.code == "agenda_reserve"
    with refus("maximum_hors_bornes"):
        services.revoir_agenda(**{**dire, "maximum": 0}, heures=(), auteur=hugo, maintenant=PLANIFICATION)
    with refus("site_inconnu"):
        services.revoir_agenda(**{**dire, "site": uuid4()}, heures=(), auteur=hugo, maintenant=PLANIFICATION)


def test_l_agenda_d_un_evaluateur_sans_organisme_ne_s_ouvre_qu_au_gestionnaire_d_une_de_ses_epreuves():
    salle = factories.salle()
    for evaluateur in (salle.metier, salle.certificateur):
        dire = {"personne": evaluateur.id, "fuseau": "Europe/Paris", "site": None, "maximum": 3, "heures": SEMAINE[:1]}
        services.revoir_agenda(**dire, auteur=salle.monde.gestionnaire, maintenant=PLANIFICATION)
        services.revoir_agenda(**dire, auteur=comptes.gestionnaire(), maintenant=PLANIFICATION)  # gère partout
        services.revoir_agenda(**dire, auteur=evaluateur, maintenant=PLANIFICATION)
        for autre in (comptes.gestionnaire(comptes.organisme()), salle.monde.candidat, salle.monde.tuteur):
            with refus("agenda_reserve"):
                services.revoir_agenda(**dire, auteur=autre, maintenant=PLANIFICATION)
    services.annuler_epreuve(
        epreuve=salle.epreuve, motif="Salle fermée.", auteur=salle.monde.gestionnaire, maintenant=PLANIFICATION
    )
    with refus("agenda_reserve"):
        services.revoir_agenda(**dire, auteur=salle.monde.gestionnaire, maintenant=PLANIFICATION)


def test_une_exception_prend_ou_libere_puis_s_ote():
    hugo = comptes.avec_role(NatureRole.EVALUATEUR_METIER, prenom="Hugo")
    services.revoir_agenda(
        personne=hugo.id,
        fuseau="Europe/Paris",
        site=None,
        maximum=None,
        heures=[Heures(5, time(9), time(12))],
        auteur=hugo,
        maintenant=PLANIFICATION,
    )
    vendredi = date(2026, 11, 20)

    def plages() -> list[tuple[int, int]]:
        minuit = en_minutes(datetime(2026, 11, 19, 23, 0, tzinfo=UTC))
        return [
            ((p.debut - minuit) // 60, (p.fin - minuit) // 60)
            for p in selectors.agenda(hugo, hugo.id).libre(vendredi, vendredi)
        ]

    def exception(libre: bool, de: int, a: int):
        minuit = datetime(2026, 11, 19, 23, 0, tzinfo=UTC)
        return services.ajouter_exception(
            personne=hugo.id,
            libre=libre,
            debut=minuit + timedelta(hours=de),
            fin=minuit + timedelta(hours=a),
            auteur=hugo,
            maintenant=PLANIFICATION,
        )

    assert plages() == [(9, 12)]
    exception(True, 11, 15)
    assert plages() == [(9, 15)]
    prise = exception(False, 10, 11)
    assert exception(False, 10, 11) == prise
    assert plages() == [(9, 10), (11, 15)]
    services.oter_exception(personne=hugo.id, exception=prise, auteur=hugo, maintenant=PLANIFICATION)
    services.oter_exception(personne=hugo.id, exception=prise, auteur=hugo, maintenant=PLANIFICATION)
    assert plages() == [(9, 15)]
    with refus("exception_a_l_envers"):
        exception(True, 3, 3)
    with refus("exception_passee"):
        exception(True, -2000, -1999)


def test_oter_une_exception_d_ailleurs_ne_dit_ni_n_ote_rien():
    hugo, ines = (comptes.personne() for _ in range(2))
    minuit = datetime(2026, 11, 19, 23, 0, tzinfo=UTC)
    sienne = services.ajouter_exception(
        personne=ines.id,
        libre=False,
        debut=minuit,
        fin=minuit + timedelta(hours=1),
        auteur=ines,
        maintenant=PLANIFICATION,
    )
    services.oter_exception(personne=hugo.id, exception=sienne, auteur=hugo, maintenant=PLANIFICATION)
    assert [ecart.id for ecart in selectors.agenda(ines, ines.id).ecarts] == [sienne]
    assert selectors.agenda(hugo, hugo.id).revu_le is None


def test_sans_semaine_dite_toute_heure_est_libre():
    jour = date(2026, 11, 20)
    minuit = en_minutes(datetime(2026, 11, 19, 23, 0, tzinfo=UTC))
    assert selectors.VueAgenda(uuid4()).libre(jour, jour) == (Plage(minuit, minuit + 24 * 60),)
