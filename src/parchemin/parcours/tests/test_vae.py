"""Une VAE : de la demande au dossier de validation, ce que le silence décide, ce qui suspend, ce qui tombe."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from moteur.horloges import EtatHorloge, GenreHorloge
from parchemin.comptes.selectors import droits
from parchemin.comptes.tests import factories as comptes
from parchemin.comptes.tests.factories import client
from parchemin.parcours import presenters, selectors, services
from parchemin.parcours.enums import GenreEtape, Initiative, Voie
from parchemin.parcours.models import Dossier, EtapeVae
from parchemin.parcours.tests import factories
from parchemin.referentiels.tests import factories as referentiels
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.refus import Refus, RefusDroit

pytestmark = pytest.mark.django_db

DEMANDE = date(2026, 1, 12)
G = GenreEtape


def a(jour: date) -> datetime:
    """Midi, ce jour-là."""
    return datetime.combine(jour, time(11), tzinfo=UTC)


def vae(recevable_le: date | None = None, le: date = DEMANDE, demande: date = DEMANDE):
    referentiels.publier()
    organisme = comptes.organisme()
    gestionnaire, candidat = comptes.gestionnaire(organisme), comptes.personne("Camille")
    dossier = services.inscrire(
        candidat=candidat.id, organisme=organisme, referentiel="cqp-cos@2021", voie=Voie.VAE,
        initiative=Initiative.CANDIDAT, entree_le=demande, recevable_le=recevable_le, blocs=("B1",),
        auteur=gestionnaire, maintenant=a(le),
    )  # fmt: skip
    return factories.Monde(
        organisme, gestionnaire, candidat, comptes.personne("Théo"), comptes.personne("Maud"), dossier.pk
    )


def inscrire(monde, genre, le, mot="", quand=None, auteur=None):
    services.inscrire_etape(
        dossier=monde.dossier,
        genre=genre,
        le=le,
        mot=mot,
        auteur=auteur or monde.gestionnaire,
        maintenant=a(quand or le),
    )


def refuse(appel, *args, **kwargs):
    with pytest.raises(Refus) as refus:
        appel(*args, **kwargs)
    return refus.value.code


def etat(monde):
    ligne = Dossier.objects.get(pk=monde.dossier)
    return ligne.etat, ligne.ouvert, ligne.recevable_le


def vue(monde):
    return selectors.dossier(SYSTEME, monde.dossier, date(2026, 11, 24))


def horloges(monde, jour):
    return [
        (h.genre.value, h.echeance, h.etat(jour).value)
        for h in selectors.horloges_vae(SYSTEME, [vue(monde)], jour)[monde.dossier]
    ]


def genres(monde):
    return list(EtapeVae.objects.filter(dossier_id=monde.dossier).order_by("rang").values_list("rang", "genre", "le"))


def test_sans_date_la_recevabilite_est_demandee_et_son_delai_court():
    monde = vae()
    assert etat(monde) == ("recevabilite", True, None)
    assert genres(monde) == [(1, "demande", DEMANDE)]
    assert horloges(monde, date(2026, 3, 12)) == [("recevabilite", date(2026, 3, 12), "en_cours")]
    assert horloges(monde, date(2026, 3, 13)) == [("recevabilite", date(2026, 3, 12), "echue")]


def test_avec_sa_date_elle_est_deja_recevable():
    monde = vae(recevable_le=date(2026, 2, 2), le=date(2026, 2, 3))
    assert etat(monde) == ("recevable", True, date(2026, 2, 2))
    assert horloges(monde, date(2026, 2, 3)) == [("caducite", date(2026, 8, 2), "en_cours")]


def test_un_parcours_entier_jusqu_au_jury():
    monde = vae()
    inscrire(monde, G.RECEVABLE, date(2026, 2, 2))
    assert etat(monde) == ("recevable", True, date(2026, 2, 2))
    inscrire(monde, G.AVANCEE, date(2026, 3, 3), "Premier entretien.")
    inscrire(monde, G.VALIDATION, date(2026, 9, 30))
    assert etat(monde)[0] == "validation_deposee"
    for vers in ("en_evaluation", "evalue"):
        services.passer_etat(dossier=monde.dossier, vers=vers, auteur=SYSTEME, maintenant=a(date(2026, 11, 1)))
    inscrire(monde, G.JURY, date(2026, 11, 10))
    inscrire(monde, G.RESULTAT, date(2026, 11, 20))
    assert horloges(monde, date(2026, 11, 24)) == [
        ("recevabilite", date(2026, 3, 12), "tenue"),
        ("caducite", date(2026, 8, 2), "tenue"),
        ("jury", date(2026, 12, 30), "tenue"),
        ("resultat", date(2026, 11, 25), "tenue"),
    ]
    assert refuse(inscrire, monde, G.RESULTAT, date(2026, 11, 21)) == "etape_hors_de_propos"


def test_le_silence_vaut_oui_une_seule_fois_le_lendemain_du_terme():
    monde = vae()
    assert services.tirer_du_silence(maintenant=a(date(2026, 3, 12))) == 0
    assert etat(monde)[0] == "recevabilite"
    assert services.tirer_du_silence(maintenant=a(date(2026, 3, 20))) == 1
    assert services.tirer_du_silence(maintenant=a(date(2026, 3, 20))) == 0
    assert etat(monde) == ("recevable", True, date(2026, 3, 13))
    assert genres(monde) == [(1, "demande", DEMANDE), (2, "silence", date(2026, 3, 13))]


@pytest.mark.parametrize("genre", [G.RECEVABLE, G.IRRECEVABLE])
def test_une_reponse_apres_le_terme_vient_trop_tard(genre):
    monde = vae()
    assert refuse(inscrire, monde, genre, date(2026, 3, 13), "Trop tard.") == "silence_acquis"
    inscrire(monde, genre, date(2026, 3, 12), "À temps.", quand=date(2026, 3, 20))
    assert etat(monde)[0] == genre.value


@pytest.mark.parametrize(
    ("genre", "apres", "courent"),
    [
        (G.IRRECEVABLE, ("irrecevable", False, None), [("recevabilite", date(2026, 3, 12), "tenue")]),
        (
            G.RECEVABLE,
            ("recevable", True, date(2026, 3, 12)),
            [("recevabilite", date(2026, 3, 12), "tenue"), ("caducite", date(2026, 9, 12), "en_cours")],
        ),
    ],
)
def test_une_reponse_donnee_a_temps_s_inscrit_encore_apres_le_silence(genre, apres, courent):
    monde = vae()
    services.tirer_du_silence(maintenant=a(date(2026, 3, 13)))
    quand = date(2026, 3, 14)
    assert refuse(inscrire, monde, genre, date(2026, 3, 13), "Trop tard.", quand=quand) == "silence_acquis"
    assert refuse(inscrire, monde, genre, date(2026, 1, 11), "Trop tôt.", quand=quand) == "etape_avant_la_precedente"
    inscrire(monde, genre, date(2026, 3, 12), "Notifiée le 12.", quand=quand)
    assert (etat(monde), horloges(monde, quand)) == (apres, courent)


def test_une_reponse_ne_s_inscrit_plus_quand_le_parcours_a_suivi_le_silence():
    monde = vae()
    services.tirer_du_silence(maintenant=a(date(2026, 3, 13)))
    inscrire(monde, G.AVANCEE, date(2026, 3, 14), "Premier entretien.")
    assert refuse(inscrire, monde, G.IRRECEVABLE, date(2026, 3, 12), "Non.", quand=date(2026, 3, 15)) == (
        "etape_hors_de_propos"
    )


def test_une_recevabilite_ne_s_accorde_pas_hors_de_l_enregistrement_et_le_silence_avertit_qui_gere():
    demande = date(2026, 3, 2)  # son enregistrement finit le 19 avril, avant le terme de la réponse
    monde = vae(le=demande, demande=demande)
    assert refuse(inscrire, monde, G.RECEVABLE, date(2026, 4, 20)) == "entree_apres_enregistrement"
    assert etat(monde) == ("recevabilite", True, None)
    services.tirer_du_silence(maintenant=a(date(2026, 5, 4)))
    assert etat(monde) == ("recevable", True, date(2026, 5, 3))
    a_temps = vae(le=demande, demande=demande)
    inscrire(a_temps, G.RECEVABLE, date(2026, 4, 19))
    jour = date(2026, 5, 4)
    avertis = [
        presenters.carte_vae(qui, droits(qui, jour), vue(lu), jour).avertissement != ""
        for lu, qui in ((monde, monde.gestionnaire), (monde, monde.candidat), (a_temps, a_temps.gestionnaire))
    ]
    assert avertis == [True, False, False]
    assert "L6113-9" in client(monde.gestionnaire).get(f"/candidats/{monde.dossier}/").content.decode()


def test_une_irrecevabilite_dit_pourquoi_et_clot():
    monde = vae()
    assert refuse(inscrire, monde, G.IRRECEVABLE, date(2026, 2, 2)) == "mot_manquant"
    inscrire(monde, G.IRRECEVABLE, date(2026, 2, 2), "Aucune activité en rapport.")
    assert etat(monde) == ("irrecevable", False, None)
    assert selectors.passages(SYSTEME, monde.dossier)[-1].motif == "Aucune activité en rapport."


def test_la_suspension_repousse_le_terme_puis_la_caducite_se_constate():
    monde = vae(recevable_le=date(2026, 2, 2), le=date(2026, 2, 3))
    constat = {"dossier": monde.dossier, "auteur": monde.gestionnaire}
    inscrire(monde, G.SUSPENSION, date(2026, 3, 1), "Motif légitime reconnu.")
    assert horloges(monde, date(2030, 1, 1)) == [("caducite", None, "suspendue")]
    assert refuse(inscrire, monde, G.SUSPENSION, date(2026, 3, 2), "Encore.") == "etape_hors_de_propos"
    inscrire(monde, G.REPRISE, date(2026, 3, 11))
    assert horloges(monde, date(2026, 8, 12)) == [("caducite", date(2026, 8, 12), "en_cours")]
    assert refuse(services.constater_caducite, **constat, maintenant=a(date(2026, 8, 12))) == "pas_encore_caduc"
    assert refuse(inscrire, monde, G.VALIDATION, date(2026, 8, 13)) == "recevabilite_echue"
    services.constater_caducite(**constat, maintenant=a(date(2026, 8, 13)))
    services.constater_caducite(**constat, maintenant=a(date(2026, 8, 14)))
    assert etat(monde)[:2] == ("caduc", False)
    assert [passage.etat for passage in selectors.passages(SYSTEME, monde.dossier)] == [
        "brouillon",
        "recevable",
        "caduc",
    ]


def test_une_etape_a_sa_place_et_son_jour():
    monde = vae()
    assert refuse(inscrire, monde, G.VALIDATION, date(2026, 2, 2)) == "etape_hors_de_propos"
    assert refuse(inscrire, monde, G.RECEVABLE, date(2026, 2, 3), quand=date(2026, 2, 2)) == "etape_a_venir"
    assert (
        refuse(inscrire, monde, G.RECEVABLE, date(2026, 1, 11), quand=date(2026, 2, 2)) == "etape_avant_la_precedente"
    )
    assert genres(monde) == [(1, "demande", DEMANDE)]
    formation = factories.monde()
    assert refuse(inscrire, formation, G.VALIDATION, date(2026, 9, 3)) == "etape_hors_de_propos"


def test_seul_le_gestionnaire_du_dossier_inscrit_et_constate():
    monde = vae()
    for autre in (monde.candidat, comptes.gestionnaire(comptes.organisme())):
        with pytest.raises(RefusDroit):
            inscrire(monde, G.RECEVABLE, date(2026, 2, 2), auteur=autre)
        with pytest.raises(RefusDroit):
            services.constater_caducite(dossier=monde.dossier, auteur=autre, maintenant=a(date(2026, 9, 9)))
    assert genres(monde) == [(1, "demande", DEMANDE)]


def test_le_chemin_d_une_vae():
    monde = vae()
    inscrire(monde, G.RECEVABLE, date(2026, 2, 2))
    page = presenters.part_dossier(SYSTEME, droits(SYSTEME, DEMANDE), vue(monde), date(2026, 2, 2))
    assert [(e.libelle, e.etat.value, e.date) for e in page.chemin] == [
        ("Recevabilité", "faite", date(2026, 2, 2)),
        ("Dossier de validation", "ici", date(2026, 2, 2)),
        ("Épreuves", "a_venir", None),
        ("Résultat", "a_venir", None),
        ("Jury", "a_venir", None),
    ]


def test_l_accueil_et_la_carte_disent_le_terme():
    monde = vae(recevable_le=date(2026, 2, 2), le=date(2026, 2, 3))
    jour = date(2026, 8, 3)
    parties = selectors.horloges_vae(SYSTEME, [vue(monde)], jour)
    (une,) = presenters.a_faire_vae([vue(monde)], parties, jour)
    assert (une.ligne.en_retard, une.chez_les_autres, une.echeance) == (True, False, date(2026, 8, 2))
    sienne = presenters.ligne_du_candidat(vue(monde), parties[monde.dossier], date(2026, 8, 2))
    assert sienne is not None
    assert (sienne.ligne.quand, sienne.ligne.en_retard) == ("aujourd’hui", False)
    carte = presenters.carte_vae(monde.gestionnaire, droits(monde.gestionnaire, jour), vue(monde), jour)
    assert carte is not None
    assert [(h.intitule, h.statut.libelle) for h in carte.horloges] == [("Caducité de la recevabilité", "échu")]
    assert carte.caducite is not None
    du_candidat = presenters.carte_vae(monde.candidat, droits(monde.candidat, jour), vue(monde), jour)
    assert du_candidat is not None
    assert (du_candidat.inscrire, du_candidat.caducite) == (None, None)
    formation = factories.monde()
    assert (
        presenters.carte_vae(SYSTEME, droits(SYSTEME, jour), selectors.dossier(SYSTEME, formation.dossier, jour), jour)
        is None
    )


def test_la_page_inscrit_une_etape_et_garde_ce_qui_est_refuse():
    monde = vae()
    ouvert, adresse = client(monde.gestionnaire), f"/candidats/{monde.dossier}/vae/"
    assert ouvert.get(adresse).status_code == 200
    refusee = ouvert.post(adresse, {"genre": "irrecevable", "le": "2026-02-02", "mot": ""})
    assert (refusee.status_code, "le candidat le lira" in refusee.content.decode()) == (422, True)
    assert ouvert.post(adresse, {"genre": "recevable", "le": "2026-02-02"}).status_code == 302
    assert etat(monde) == ("recevable", True, date(2026, 2, 2))
    assert ouvert.get(f"{adresse}caducite/").status_code == 405
    assert client(monde.candidat).get(adresse).status_code == 403


def test_courante_ne_garde_que_ce_qui_court():
    monde = vae()
    jour = date(2026, 2, 2)
    parties = selectors.horloges_vae(SYSTEME, [vue(monde)], jour)[monde.dossier]
    horloge = selectors.courante(parties, jour)
    assert horloge is not None
    assert (horloge.genre, horloge.etat(jour)) == (GenreHorloge.RECEVABILITE, EtatHorloge.EN_COURS)
    inscrire(monde, G.IRRECEVABLE, jour, "Non.")
    assert selectors.courante(selectors.horloges_vae(SYSTEME, [vue(monde)], jour)[monde.dossier], jour) is None
    assert selectors.horloges_vae(SYSTEME, [], jour) == {}


def test_une_vae_finie_ne_cache_aucune_echeance_et_la_plus_pressee_vient_d_abord():
    finies = vae()
    inscrire(finies, G.RECEVABLE, date(2026, 2, 2))
    inscrire(finies, G.VALIDATION, date(2026, 2, 10))
    for vers in ("en_evaluation", "evalue"):
        services.passer_etat(dossier=finies.dossier, vers=vers, auteur=SYSTEME, maintenant=a(date(2026, 2, 20)))
    inscrire(finies, G.JURY, date(2026, 2, 22))
    inscrire(finies, G.RESULTAT, date(2026, 2, 23))
    loin = vae(recevable_le=date(2026, 3, 1), le=date(2026, 3, 1))
    suspendue = vae(recevable_le=date(2026, 3, 1), le=date(2026, 3, 1))
    inscrire(suspendue, G.SUSPENSION, date(2026, 3, 2), "Motif légitime reconnu.")
    pressee = vae(le=date(2026, 3, 5))  # inscrite la dernière, son terme est le plus proche
    jour = date(2026, 3, 6)
    suivies, parties = selectors.vae_suivies(SYSTEME, jour, 1)
    assert ([une.id for une in suivies], list(parties)) == ([pressee.dossier], [pressee.dossier])
    assert [une.id for une in selectors.vae_suivies(SYSTEME, jour, 9)[0]] == [pressee.dossier, loin.dossier]
