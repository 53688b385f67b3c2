"""Le second regard : demandé avec le résultat, confié, lu, rendu ; et tout ce qu'il ne laisse pas faire."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client

from parchemin.comptes import services as comptes_services
from parchemin.comptes.enums import GenreDeLien, NatureRole
from parchemin.comptes.models import Compte
from parchemin.comptes.tests import factories as comptes
from parchemin.convocations.enums import GenreDeclare
from parchemin.convocations.selectors import epreuve_par_id, tiers_examines
from parchemin.convocations.tests import factories as convocations
from parchemin.evaluation import selectors, services
from parchemin.evaluation.enums import Position, SensAvis
from parchemin.evaluation.models import AvisDeSecondRegard, PassageSecondRegard, Resultat, SecondRegard
from parchemin.evaluation.tests import factories
from parchemin.evaluation.tests.factories import CLOTURE
from parchemin.parcours.services import abandonner
from parchemin.registre.tests.faussaire import superutilisateur
from parchemin.registre.verification import examiner
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Introuvable, Refus, RefusDroit

pytestmark = pytest.mark.django_db

APRES = CLOTURE + timedelta(hours=2)
JOUR = jour_civil(APRES)


@pytest.fixture(autouse=True)
def _apres_l_epreuve():
    with time_machine.travel(APRES, tick=False):
        yield


def manque(bloc="B3"):
    """Un bloc manqué d'un critère : un second regard est demandé."""
    return factories.evalue(bloc, {f"K{bloc[1:]}.2.1"})


def tierce(**options) -> Acteur:
    return comptes.avec_role(NatureRole.EVALUATEUR_CERTIFICATEUR, prenom="Tierce", **options)


def designer(salle, personne, auteur=None):
    services.designer_second_regard(
        epreuve=salle.epreuve,
        personne=personne.id,
        auteur=auteur or salle.monde.gestionnaire,
        maintenant=APRES,
    )


def declarer(salle, personne, genre=GenreDeclare.AUCUN):
    return services.declarer_avant_de_lire(epreuve=salle.epreuve, genre=genre, auteur=personne, maintenant=APRES)


def rendre(salle, personne, sens=SensAvis.MAINTENIR, criteres=(), motif="Les deux lectures disent la même chose."):
    return services.rendre_avis(
        epreuve=salle.epreuve, sens=sens, criteres=criteres, motif=motif, auteur=personne, maintenant=APRES
    )


def etat(salle):
    return selectors.second_regard(SYSTEME, salle.epreuve)


def refus(faire):
    with pytest.raises(Refus) as leve:
        faire()
    return leve.value.code


# Demandé ------------------------------------------------------------------------------------------------------------


def test_manque_d_un_critere_il_est_demande_dans_la_transaction_du_resultat():
    salle = manque()
    vue = etat(salle)
    assert ([m.value for m in vue.motifs], vue.etat, vue.personne) == (["a_un_critere"], "a_designer", None)
    assert vue.echeance == jour_civil(CLOTURE) + timedelta(days=5)
    assert json.loads(Resultat.objects.get().canonique)["second_regard"] == ["a_un_critere"]
    assert factories.dossier(salle).etat == "second_regard"


def test_entierement_valide_et_concordant_il_n_est_pas_demande():
    salle = factories.evalue("B3")
    assert etat(salle) is None
    assert json.loads(Resultat.objects.get().canonique)["second_regard"] == []
    assert factories.dossier(salle).etat == "evalue"


def test_acquis_par_le_critere_discute_il_est_demande():
    salle = factories.deux_lectures(convocations.salle(), {"K3.1.1"})
    for auteur, motif in ((salle.metier, "Réécouté."), (salle.certificateur, "")):
        services.se_prononcer(
            epreuve=salle.epreuve,
            critere="K3.1.1",
            choix=Position.VALIDE,
            motif=motif,
            auteur=auteur,
            maintenant=CLOTURE,
        )
    assert [m.value for m in etat(salle).motifs] == ["bascule_discutee"]


def test_sans_accord_il_est_demande():
    salle = factories.sans_accord(factories.deux_lectures(convocations.salle(), {"K3.1.1"}))
    assert [m.value for m in etat(salle).motifs] == ["sans_accord"]


def test_eteint_au_reglement_il_n_est_jamais_demande():
    salle = convocations.salle()
    factories.regler(salle, "second_regard", False)
    factories.evalue(salle=salle, non_valides={"K3.2.1"})
    assert etat(salle) is None
    assert factories.dossier(salle).etat == "evalue"


# Confié -------------------------------------------------------------------------------------------------------------


def test_confie_lu_rendu_le_dossier_est_evalue_et_le_resultat_ne_bouge_pas(tmp_path):
    salle, personne = manque(), tierce()
    avant = Resultat.objects.values().get()
    designer(salle, personne)
    vue = etat(salle)
    assert (vue.etat, vue.personne, vue.personne_nom) == ("designe", personne.id, selectors_nom(personne))
    assert vue.echeance == JOUR + timedelta(days=15)
    assert declarer(salle, personne) is True
    assert len(selectors.lectures_relues(personne, salle.epreuve)) == 2
    assert rendre(salle, personne, SensAvis.RECONSIDERER, ["K3.2.1"], "Le commentaire montre le geste.") is True
    assert rendre(salle, personne) is False
    avis = selectors.avis_rendu(SYSTEME, salle.epreuve)
    assert (avis.sens, avis.criteres, avis.motif) == (
        SensAvis.RECONSIDERER,
        ("K3.2.1",),
        "Le commentaire montre le geste.",
    )
    contenu = json.loads(AvisDeSecondRegard.objects.get().canonique)
    assert contenu["resultat"] == avant["empreinte"]
    assert len(contenu["sel"]) == 32
    assert Resultat.objects.values().get() == avant
    assert factories.dossier(salle).etat == "evalue"
    assert list(PassageSecondRegard.objects.values_list("rang", "etat")) == [
        (1, "a_designer"),
        (2, "designe"),
        (3, "rendu"),
    ]
    assert [str(anomalie) for anomalie in examiner(tmp_path, (), ()).anomalies] == []


def selectors_nom(personne: Acteur) -> str:
    from parchemin.comptes.selectors import nom

    return nom(SYSTEME, personne.id)


@pytest.mark.parametrize("table", [PassageSecondRegard, AvisDeSecondRegard])
def test_ce_qui_est_rendu_ne_bouge_plus(table):
    salle, personne = manque(), tierce()
    designer(salle, personne)
    declarer(salle, personne)
    rendre(salle, personne)
    for sql in (f"UPDATE {table._meta.db_table} SET id = id", f"DELETE FROM {table._meta.db_table}"):
        with connection.cursor() as curseur, pytest.raises(IntegrityError), transaction.atomic():
            curseur.execute(sql)
    assert table.objects.exists()


def test_une_ligne_d_avis_alteree_se_trouve_au_journal(tmp_path):
    salle, personne = manque(), tierce()
    designer(salle, personne)
    declarer(salle, personne)
    rendre(salle, personne)
    with superutilisateur() as curseur:
        curseur.execute("UPDATE evaluation_avisdesecondregard SET sens = 'reconsiderer'")
    assert len(examiner(tmp_path, (), ()).anomalies) == 1


def test_la_troisieme_personne_passe_par_la_barriere():
    salle = manque()
    formateur = tierce()
    comptes_services.declarer_lien(
        de=salle.monde.candidat.id,
        vers=formateur.id,
        genre=GenreDeLien.FORMATION,
        du=None,
        au=None,
        auteur=SYSTEME,
        maintenant=CLOTURE,
    )
    codes = {
        nom: refus(lambda qui=qui: designer(salle, qui))
        for nom, qui in {
            "metier": salle.metier,
            "certificateur": salle.certificateur,
            "candidat": salle.monde.candidat,
            "tuteur": salle.monde.tuteur,
            "formateur": formateur,
            "sans role": comptes.personne(),
            "inconnue": Acteur(uuid4()),
        }.items()
    }
    assert codes == {
        "metier": "a_evalue_cette_epreuve",
        "certificateur": "a_evalue_cette_epreuve",
        "candidat": "evaluateur_sans_role",
        "tuteur": "evaluateur_sans_role",
        "formateur": "evaluateur_est_formateur",
        "sans role": "evaluateur_sans_role",
        "inconnue": "introuvable",
    }
    assert etat(salle).etat == "a_designer"


def test_qui_evalue_encore_ce_candidat_sur_un_autre_bloc_ne_relit_pas():
    premiere = convocations.salle("B3", ("B3", "B4"))
    autre = convocations.salle("B4", monde=premiere.monde)
    factories.evalue(salle=premiere, non_valides={"K3.2.1"})
    assert refus(lambda: designer(premiere, autre.metier)) == "evalue_encore_ce_candidat"
    factories.evalue(salle=autre)
    designer(premiere, autre.metier)
    assert etat(premiere).personne == autre.metier.id


def test_un_ancien_evaluateur_retire_de_l_epreuve_ne_relit_pas():
    salle = convocations.salle(declarees=False)
    from parchemin.convocations.services import affecter_evaluateurs

    ancien, nouveau = salle.metier, comptes.avec_role(NatureRole.EVALUATEUR_METIER, prenom="Neuf")
    affecter_evaluateurs(
        epreuve=salle.epreuve,
        metier=nouveau.id,
        certificateur=salle.certificateur.id,
        auteur=salle.monde.gestionnaire,
        maintenant=convocations.PLANIFICATION,
    )
    examines = {t.personne: t.admissible for t in tiers_examines(SYSTEME, epreuve_par_id(SYSTEME, salle.epreuve), JOUR)}
    assert examines[ancien.id] is False


def test_seul_le_gestionnaire_du_dossier_confie_et_clot():
    salle, personne = manque(), tierce()
    for autre in (comptes.personne(), salle.metier, salle.monde.candidat, comptes.gestionnaire(comptes.organisme())):
        assert refus(lambda qui=autre: designer(salle, personne, qui)) == "planification_reservee"
        assert (
            refus(
                lambda qui=autre: services.clore_sans_avis(
                    epreuve=salle.epreuve, motif="Personne.", auteur=qui, maintenant=APRES
                )
            )
            == "planification_reservee"
        )


def test_un_autre_est_choisi_et_le_premier_ne_lit_plus():
    salle, premiere, seconde = manque(), tierce(), tierce()
    designer(salle, premiere)
    declarer(salle, premiere)
    designer(salle, seconde)
    with pytest.raises(Introuvable):
        selectors.lectures_relues(premiere, salle.epreuve)
    with pytest.raises(Introuvable):
        rendre(salle, premiere)
    designer(salle, seconde)
    assert list(PassageSecondRegard.objects.values_list("etat", flat=True)) == [
        "a_designer",
        "designe",
        "a_designer",
        "designe",
    ]


def test_un_lien_declare_rend_le_second_regard_a_designer_et_l_ecarte_du_dossier():
    salle, personne = manque(), tierce()
    designer(salle, personne)
    assert declarer(salle, personne, GenreDeclare.PERSONNEL) is False
    assert (etat(salle).etat, etat(salle).personne) == ("a_designer", None)
    assert refus(lambda: designer(salle, personne)) == "evaluateur_lien_declare"


def test_qui_ne_peut_pas_le_dit_et_un_autre_est_choisi():
    salle, personne = manque(), tierce()
    designer(salle, personne)

    def laisser(motif):
        services.se_recuser(epreuve=salle.epreuve, motif=motif, auteur=personne, maintenant=APRES)

    assert refus(lambda: laisser(" ")) == "motif_manquant"
    laisser("En congé jusqu'en janvier.")
    assert etat(salle).etat == "a_designer"
    assert PassageSecondRegard.objects.last().motif == "En congé jusqu'en janvier."


def test_ni_lecture_ni_avis_sans_declaration():
    salle, personne = manque(), tierce()
    designer(salle, personne)
    with pytest.raises(Introuvable):
        selectors.lectures_relues(personne, salle.epreuve)
    assert refus(lambda: rendre(salle, personne)) == "declaration_manquante"


def test_la_barriere_se_reverifie_au_sceau():
    salle, personne = manque(), tierce()
    designer(salle, personne)
    declarer(salle, personne)
    comptes_services.declarer_lien(
        de=salle.monde.candidat.id,
        vers=personne.id,
        genre=GenreDeLien.FORMATION,
        du=None,
        au=None,
        auteur=SYSTEME,
        maintenant=APRES,
    )
    with pytest.raises(RefusDroit) as leve:
        rendre(salle, personne)
    assert leve.value.code == "evaluateur_est_formateur"
    with pytest.raises(RefusDroit) as leve:
        rendre(salle, Acteur(personne.id, par_delegation_de=salle.metier.id))
    assert leve.value.code == "intuitu_personae"


@pytest.mark.parametrize(
    ("sens", "criteres", "motif", "code"),
    [
        (SensAvis.MAINTENIR, (), " ", "motif_manquant"),
        (SensAvis.RECONSIDERER, (), "Vu.", "critere_manquant"),
        (SensAvis.RECONSIDERER, ("K1.1.1",), "Vu.", "critere_inconnu"),
        (SensAvis.MAINTENIR, ("K3.2.1",), "Vu.", "critere_en_trop"),
    ],
)
def test_un_avis_mal_forme_est_refuse_et_rien_ne_se_scelle(sens, criteres, motif, code):
    salle, personne = manque(), tierce()
    designer(salle, personne)
    declarer(salle, personne)
    assert refus(lambda: rendre(salle, personne, sens, criteres, motif)) == code
    assert not AvisDeSecondRegard.objects.exists()


def test_sans_personne_disponible_il_se_clot_avec_un_motif_et_le_dossier_avance():
    salle = manque()

    def clore(motif):
        services.clore_sans_avis(epreuve=salle.epreuve, motif=motif, auteur=salle.monde.gestionnaire, maintenant=APRES)

    assert refus(lambda: clore("")) == "motif_manquant"
    clore("Aucun évaluateur admissible avant le jury.")
    clore("Redite.")
    assert etat(salle).etat == "sans_avis"
    assert factories.dossier(salle).etat == "evalue"
    assert refus(lambda: designer(salle, tierce())) == "second_regard_clos"


def test_deux_seconds_regards_le_dossier_attend_les_deux():
    une = convocations.salle("B3", ("B3", "B4"))
    autre = convocations.salle("B4", monde=une.monde)
    factories.evalue(salle=une, non_valides={"K3.2.1"})
    assert factories.dossier(une).etat == "en_evaluation"
    factories.evalue(salle=autre, non_valides={"K4.2.1"})
    assert factories.dossier(une).etat == "second_regard"
    personne = tierce()
    for salle, attendu in ((une, "second_regard"), (autre, "evalue")):
        designer(salle, personne)
        declarer(salle, personne)
        rendre(salle, personne)
        assert factories.dossier(une).etat == attendu


def test_rendu_pendant_que_les_autres_blocs_s_evaluent_le_dossier_n_attend_plus():
    une = convocations.salle("B3", ("B3", "B4"))
    factories.evalue(salle=une, non_valides={"K3.2.1"})
    personne = tierce()
    designer(une, personne)
    declarer(une, personne)
    rendre(une, personne)
    assert factories.dossier(une).etat == "en_evaluation"
    factories.evalue(salle=convocations.salle("B4", monde=une.monde))
    assert factories.dossier(une).etat == "evalue"


def test_un_dossier_abandonne_n_attend_plus_d_avis():
    salle, personne = manque(), tierce()
    designer(salle, personne)
    declarer(salle, personne)
    abandonner(dossier=salle.monde.dossier, motif="Départ.", auteur=salle.monde.gestionnaire, maintenant=APRES)
    assert refus(lambda: rendre(salle, personne)) == "second_regard_clos"
    assert selectors.seconds_regards_a_rendre(personne) == ()
    assert selectors.seconds_regards_a_designer(salle.monde.gestionnaire, JOUR, 10) == ()


# Les pages ----------------------------------------------------------------------------------------------------------


def client(acteur: Acteur) -> Client:
    if not Compte.objects.filter(personne_id=acteur.id).exists():
        comptes.compte(acteur)
    connecte = Client()
    connecte.force_login(Compte.objects.get(personne_id=acteur.id))
    return connecte


def adresse(salle, suite=""):
    return f"/epreuves/{salle.epreuve}/second-regard/{suite}"


def test_du_gestionnaire_a_l_avis_par_les_pages():
    salle, personne = manque(), tierce()
    gestionnaire = client(salle.monde.gestionnaire)
    assert "Trouver un second regard" in gestionnaire.get("/").content.decode()
    page = gestionnaire.get(adresse(salle)).content.decode()
    assert "Choisir la troisième personne" in page
    assert "A déjà évalué cette épreuve" in page
    vide = gestionnaire.post(adresse(salle, "designer/"), {"personne": ""})
    assert (vide.status_code, "Choisissez une personne" in vide.content.decode()) == (422, True)
    assert gestionnaire.post(adresse(salle, "designer/"), {"personne": personne.id}).status_code == 302
    la_personne = client(personne)
    assert "Rendre votre second regard" in la_personne.get("/").content.decode()
    page = la_personne.get(adresse(salle)).content.decode()
    assert (
        "Avant de lire" in page,
        "Les deux lectures" in page.partition("<main")[2].partition("Avant de lire")[0],
    ) == (
        True,
        False,
    )
    assert la_personne.post(adresse(salle, "declarer/"), {"genre": "aucun"}).status_code == 302
    page = la_personne.get(adresse(salle)).content.decode()
    assert "À reconsidérer" in page
    manquee = la_personne.post(adresse(salle, "avis/"), {"sens": "reconsiderer", "motif": "Tout ce que j'ai écrit"})
    texte = manquee.content.decode()
    assert (manquee.status_code, "Dites quels critères" in texte, "Tout ce que j" in texte) == (422, True, True)
    fait = la_personne.post(
        adresse(salle, "avis/"), {"sens": "reconsiderer", "criteres": ["K3.2.1"], "motif": "Le geste est décrit."}
    )
    assert fait.status_code == 302
    for lecteur in (la_personne, gestionnaire):
        assert "Le geste est décrit." in lecteur.get(adresse(salle)).content.decode()


def test_nul_autre_n_ouvre_la_page():
    salle, personne = manque(), tierce()
    designer(salle, personne)
    ailleurs = comptes.gestionnaire(comptes.organisme())
    statuts = {
        qui.id: client(qui).get(adresse(salle)).status_code
        for qui in (
            salle.metier,
            salle.certificateur,
            salle.monde.candidat,
            salle.monde.tuteur,
            salle.monde.manager,
            tierce(),
            ailleurs,
        )
    }
    assert set(statuts.values()) == {404}
    sans = factories.evalue("B4")
    assert client(sans.monde.gestionnaire).get(adresse(sans)).status_code == 404


def test_le_candidat_sait_qu_un_second_regard_est_demande_ni_par_qui_ni_ce_qu_il_dit():
    salle, personne = manque(), tierce()
    designer(salle, personne)
    declarer(salle, personne)
    candidat = client(salle.monde.candidat)
    dossier, resultat = f"/candidats/{salle.monde.dossier}/", f"/candidats/{salle.monde.dossier}/resultat/"
    for page in (dossier, resultat):
        assert "Un second regard est demandé" in candidat.get(page).content.decode().replace("\xa0", " ")
    rendre(salle, personne, SensAvis.RECONSIDERER, ["K3.2.1"], "Une raison que seul le jury lira")
    for page in ("/", dossier, resultat, f"/epreuves/{salle.epreuve}/"):
        lue = candidat.get(page).content.decode()
        assert ("Tierce" in lue, "seul le jury" in lue) == (False, False), page
    assert "Un second regard a été rendu" in candidat.get(dossier).content.decode().replace("\xa0", " ")


def test_le_gestionnaire_ne_lit_pas_les_commentaires_des_evaluateurs_par_cette_page():
    salle = convocations.salle()
    factories.remplir(salle, salle.metier, {"K3.2.1"})
    services.poser(
        epreuve=salle.epreuve,
        appareil=uuid4(),
        cible="commentaire:K3.2.1",
        valeur="Hésite longuement",
        auteur=salle.metier,
        maintenant=convocations.JOUR,
    )
    factories.remplir(salle, salle.certificateur, {"K3.2.1"})
    factories.clore(salle, salle.metier)
    factories.clore(salle, salle.certificateur)
    factories.confirmee(salle)
    personne = tierce()
    designer(salle, personne)
    declarer(salle, personne)
    lus = {
        nom: "Hésite longuement" in client(qui).get(adresse(salle)).content.decode()
        for nom, qui in (("gestionnaire", salle.monde.gestionnaire), ("personne", personne))
    }
    assert lus == {"gestionnaire": False, "personne": True}


def test_la_liste_se_lit_en_un_nombre_constant_de_requetes(django_assert_num_queries):
    gestionnaire = comptes.gestionnaire()
    manque()
    for nombre in (1, 3):
        while SecondRegard.objects.count() < nombre:
            manque()
        with django_assert_num_queries(4):
            assert len(selectors.seconds_regards_a_designer(gestionnaire, JOUR, 30)) == nombre
