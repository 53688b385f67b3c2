"""Le registre des évaluateurs et des jurés : des preuves, des dates, une histoire."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from parchemin.comptes import selectors, services
from parchemin.comptes.enums import EtatRegistre, NatureRole, QualiteRegistre
from parchemin.comptes.models import LigneRegistre
from parchemin.comptes.tests import factories
from parchemin.comptes.tests.factories import client, texte
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.refus import Refus

pytestmark = pytest.mark.django_db

MAINTENANT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
JOUR = date(2026, 11, 24)
METIER = NatureRole.EVALUATEUR_METIER


@pytest.fixture(autouse=True)
def _ce_jour_la():
    with time_machine.travel(MAINTENANT, tick=False):
        yield


def evaluateur(organisme=None, nom: str = ""):
    return factories.avec_role(METIER, organisme, "Hugo", nom)


def inscrire(personne, **changements):
    arguments = {
        "personne": personne.id,
        "qualite": QualiteRegistre.EVALUATEUR_METIER,
        "metier": "Conseillère depuis 2015",
        "formation": "Évaluer en situation, deux jours",
        "formee_le": JOUR - timedelta(days=400),
        "habilitee_le": JOUR - timedelta(days=300),
        "renouveler_le": JOUR + timedelta(days=400),
        "auteur": SYSTEME,
        "maintenant": MAINTENANT,
    }
    return services.inscrire_au_registre(**arguments | changements)


def test_a_jour_expiree_a_venir_ou_jamais_inscrite():
    jour, expiree, a_venir, inconnue = (evaluateur() for _ in range(4))
    inscrire(jour)
    inscrire(expiree, renouveler_le=JOUR)
    inscrire(a_venir, habilitee_le=JOUR + timedelta(days=1))
    ids = [p.id for p in (jour, expiree, a_venir, inconnue)]
    assert selectors.registre_a_jour(SYSTEME, ids, METIER, JOUR) == {
        jour.id: True,
        expiree.id: False,
        a_venir.id: False,
    }
    assert selectors.registre_a_jour(SYSTEME, ids, NatureRole.JURE, JOUR) == {}
    demain = JOUR + timedelta(days=1)
    assert selectors.registre_a_jour(SYSTEME, [a_venir.id], METIER, demain) == {a_venir.id: True}


@pytest.mark.parametrize("nombre", [1, 3])
def test_le_registre_se_lit_en_une_requete(nombre, django_assert_num_queries):
    personnes = [evaluateur() for _ in range(nombre)]
    for personne in personnes:
        inscrire(personne)
    with django_assert_num_queries(1):
        assert len(selectors.registre_a_jour(SYSTEME, [p.id for p in personnes], METIER, JOUR)) == nombre


def test_renouveler_est_une_ligne_de_plus_et_fait_taire_le_rappel():
    hugo = evaluateur()
    bientot = inscrire(hugo, renouveler_le=JOUR + timedelta(days=30))
    assert [vue.id for vue in selectors.a_renouveler(SYSTEME, JOUR)] == [bientot.pk]
    inscrire(hugo, habilitee_le=JOUR, renouveler_le=JOUR + timedelta(days=700))
    assert selectors.a_renouveler(SYSTEME, JOUR) == ()
    assert [vue.etat for vue in selectors.lignes_de(SYSTEME, hugo.id, JOUR)] == [
        EtatRegistre.A_JOUR,
        EtatRegistre.A_RENOUVELER,
    ]


def test_radier_vaut_aussitot_demande_un_motif_et_laisse_la_ligne():
    hugo = evaluateur()
    ligne = inscrire(hugo)
    with pytest.raises(Refus) as refus:
        services.radier_du_registre(ligne=ligne.pk, motif=" ", auteur=SYSTEME, maintenant=MAINTENANT)
    assert refus.value.code == "motif_manquant"
    for _ in range(2):
        services.radier_du_registre(ligne=ligne.pk, motif="À sa demande", auteur=SYSTEME, maintenant=MAINTENANT)
    assert selectors.registre_a_jour(SYSTEME, [hugo.id], METIER, JOUR) == {hugo.id: False}
    (vue,) = selectors.lignes_de(SYSTEME, hugo.id, JOUR)
    assert (vue.etat, vue.motif, vue.radiee_le) == (EtatRegistre.RADIEE, "À sa demande", JOUR)


def test_ce_qui_ne_s_inscrit_pas():
    hugo = evaluateur()
    inscrire(hugo)
    essais = {
        "sans_ce_role": {"qualite": QualiteRegistre.JURE},
        "preuve_manquante": {"metier": "  "},
        "registre_dates": {"formee_le": JOUR},
        "deja_au_registre": {"metier": "Autre preuve"},
    }
    codes = {}
    for code, changements in essais.items():
        with pytest.raises(Refus) as refus:
            inscrire(hugo, **changements)
        codes[code] = refus.value.code
    assert codes == {code: code for code in essais}
    assert inscrire(hugo).pk == LigneRegistre.objects.get().pk


def test_chaque_gestionnaire_tient_le_registre_des_siens():
    ici, ailleurs = factories.organisme("Ici"), factories.organisme("Ailleurs")
    a_moi, a_l_autre = evaluateur(ici, "Ici"), evaluateur(ailleurs, "Ailleurs")
    inscrire(a_moi)
    inscrire(a_l_autre, metier="=SOMME(A1)")
    ouvert = client(factories.gestionnaire(ici))
    page = texte(ouvert.get("/comptes/registre/"))
    assert ("Hugo Ici" in page, "Hugo Ailleurs" in page) == (True, False)
    radier = [f"/comptes/registre/{ligne.pk}/radier/" for ligne in LigneRegistre.objects.order_by("metier")]
    assert [ouvert.get(adresse).status_code for adresse in radier] == [404, 200]
    tout = client(factories.gestionnaire()).get("/comptes/registre/registre.csv")
    lignes = tout.content.decode("utf-8-sig").splitlines()
    assert [ligne.split(";")[0] for ligne in lignes] == ["Personne", "Hugo Ailleurs", "Hugo Ici"]
    assert lignes[1].split(";")[3] == "'=SOMME(A1)"


def test_on_habilite_depuis_la_fiche_et_seul_un_gestionnaire_le_peut():
    ici = factories.organisme()
    hugo = evaluateur(ici)
    saisie = {
        "qualite": "evaluateur_metier",
        "metier": "Conseiller",
        "formation": "Deux jours",
        "formee_le": "2025-01-10",
        "habilitee_le": "2025-02-01",
        "renouveler_le": "2028-02-01",
    }
    adresse = f"/comptes/personnes/{hugo.id}/habiliter/"
    rh = client(factories.avec_role(NatureRole.RH, ici))
    assert [rh.get(adresse).status_code, rh.get("/comptes/registre/").status_code] == [403, 403]
    ouvert = client(factories.gestionnaire(ici))
    assert ouvert.post(adresse, saisie | {"renouveler_le": "2025-02-01"}).status_code == 422
    assert ouvert.post(adresse, saisie).status_code == 302
    assert "À jour, du 1er février 2025 au 1er février 2028" in texte(ouvert.get(f"/comptes/personnes/{hugo.id}/"))
