"""Les écritures : ce qu'elles gardent, ce qu'elles refusent, ce qu'elles inscrivent au journal."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError

from parchemin.comptes import selectors, services
from parchemin.comptes.enums import Branche, NatureRole
from parchemin.comptes.models import Compte, Invitation, Organisme, Personne, Role
from parchemin.comptes.tests import factories
from parchemin.comptes.tests.factories import JADIS, MOT_DE_PASSE
from parchemin.registre.models import Entree
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.refus import Introuvable, Refus, RefusDroit

pytestmark = pytest.mark.django_db


def actions() -> list[str]:
    """Les actions inscrites depuis le début du test, dans l'ordre."""
    return list(Entree.objects.order_by("pk").values_list("action", flat=True))


def code(acte, **arguments) -> str:
    with pytest.raises(Refus) as refus:
        acte(**arguments)
    return refus.value.code


# Organismes ----------------------------------------------------------------------------------------------------------


def test_un_organisme_garde_son_nom_propre_et_ses_cles():
    cree = services.creer_organisme(
        nom="  CPAM de  l'Œuvre ", nom_court="CPAM", branche=Branche.MALADIE, auteur=SYSTEME, maintenant=JADIS
    )
    relu = Organisme.objects.get(pk=cree.pk)
    assert (relu.nom, relu.cle_recherche) == ("CPAM de l'Œuvre", "cpam de l oeuvre cpamdeloeuvre cpam")
    assert actions() == ["comptes.organisme_cree"]


def test_deux_organismes_ne_portent_pas_le_meme_nom():
    factories.organisme("Caisse")
    arguments = {"nom": "Caisse", "nom_court": "C", "branche": Branche.MALADIE, "auteur": SYSTEME, "maintenant": JADIS}
    assert code(services.creer_organisme, **arguments) == "organisme_deja_la"
    assert Organisme.objects.count() == 1
    assert actions() == ["comptes.organisme_cree"]


def test_un_gestionnaire_d_un_organisme_n_en_ajoute_pas():
    gestionnaire = factories.gestionnaire(factories.organisme())
    arguments = {"nom": "Neuf", "nom_court": "N", "branche": Branche.MALADIE, "maintenant": JADIS}
    assert code(services.creer_organisme, auteur=gestionnaire, **arguments) == "organisme_hors_perimetre"


# Personnes -----------------------------------------------------------------------------------------------------------


def test_le_nom_d_une_personne_n_entre_au_journal_que_par_un_engagement():
    cree = services.creer_personne(
        prenom="Zoé", nom="Élan", courriel_pro="Zoe@Caisse.example", auteur=SYSTEME, maintenant=JADIS
    )
    assert Personne.objects.get(pk=cree.pk).courriel_pro == "zoe@caisse.example"
    entree = Entree.objects.get()
    assert entree.donnees == {}
    assert sorted(entree.engagements) == ["courriel", "nom", "prenom"]
    assert dict(entree.valeurs.values_list("nom", "valeur")) == {
        "courriel": "zoe@caisse.example",
        "nom": "Élan",
        "prenom": "Zoé",
    }


def test_un_courriel_professionnel_ne_sert_qu_une_fois_mais_peut_manquer_a_plusieurs():
    commun = {"nom": "Élan", "auteur": SYSTEME, "maintenant": JADIS}
    services.creer_personne(prenom="Zoé", courriel_pro="zoe@caisse.example", **commun)
    doublon = {"prenom": "Abel", "courriel_pro": "ZOE@caisse.example"}
    assert code(services.creer_personne, **doublon, **commun) == "courriel_deja_pris"
    services.creer_personne(prenom="Abel", **commun)
    services.creer_personne(prenom="Ada", **commun)
    assert Personne.objects.count() == 3


def accueillir(auteur=SYSTEME, nom="Élan", **changements):
    valeurs = {"prenom": "Zoé", "nom": nom, "nature": NatureRole.TUTEUR, "organisme": None, **changements}
    return services.accueillir_personne(**valeurs, auteur=auteur, maintenant=JADIS)


def test_accueillir_est_tout_ou_rien():
    assert code(accueillir, organisme=uuid4()) == "introuvable"
    assert (Personne.objects.count(), actions()) == (0, [])
    accueillir()
    assert actions() == ["comptes.personne_creee", "comptes.role_donne"]


def test_un_homonyme_du_meme_organisme_est_signale_sans_egard_aux_accents():
    ici, ailleurs = factories.organisme(), factories.organisme()
    accueillir(organisme=ici)
    assert code(accueillir, organisme=ici, prenom="ZOE", nom="elan") == "homonyme"
    accueillir(organisme=ailleurs)
    accueillir(organisme=ici, homonyme_admis=True)
    assert Personne.objects.count() == 3


def test_un_gestionnaire_n_accueille_que_dans_son_organisme():
    ici, ailleurs = factories.organisme(), factories.organisme()
    gestionnaire = factories.gestionnaire(ici)
    assert code(accueillir, auteur=gestionnaire, organisme=ailleurs) == "organisme_hors_perimetre"
    assert code(accueillir, auteur=gestionnaire, organisme=ici, nature=NatureRole.GESTIONNAIRE) == "role_reserve"
    accueillir(auteur=gestionnaire, organisme=ici)


# Rôles ---------------------------------------------------------------------------------------------------------------


def test_redonner_un_role_ouvert_ne_change_rien():
    acteur = factories.avec_role(NatureRole.TUTEUR)
    avant = actions()
    encore = {"personne": acteur.id, "nature": NatureRole.TUTEUR, "organisme": None}
    services.donner_role(**encore, auteur=SYSTEME, maintenant=JADIS)
    assert (Role.objects.count(), actions()) == (1, avant)


def test_un_role_retire_se_redonne_et_l_ancien_reste():
    acteur = factories.avec_role(NatureRole.TUTEUR)
    role = Role.objects.get()
    services.retirer_role(role=role.pk, auteur=SYSTEME, maintenant=JADIS + timedelta(days=3))
    services.retirer_role(role=role.pk, auteur=SYSTEME, maintenant=JADIS + timedelta(days=9))
    encore = {"personne": acteur.id, "nature": NatureRole.TUTEUR, "organisme": None}
    services.donner_role(**encore, auteur=SYSTEME, maintenant=JADIS + timedelta(days=5))
    dates = list(Role.objects.order_by("du").values_list("du", "au"))
    assert dates == [(date(2025, 9, 1), date(2025, 9, 4)), (date(2025, 9, 6), None)]
    assert actions()[-2:] == ["comptes.role_retire", "comptes.role_donne"]


def test_un_role_a_venir_se_retire_sans_dates_a_l_envers():
    acteur = factories.avec_role(NatureRole.TUTEUR, du=date(2026, 1, 1))
    role = services.retirer_role(role=Role.objects.get().pk, auteur=SYSTEME, maintenant=JADIS)
    assert (role.du, role.au) == (date(2026, 1, 1), date(2026, 1, 1))
    assert selectors.droits(acteur, date(2026, 1, 1)).portees == ()


def test_il_reste_toujours_un_administrateur():
    premier = factories.avec_role(NatureRole.ADMINISTRATEUR)
    role = Role.objects.get()
    assert code(services.retirer_role, role=role.pk, auteur=SYSTEME, maintenant=JADIS) == "dernier_administrateur"
    factories.avec_role(NatureRole.ADMINISTRATEUR)
    services.retirer_role(role=role.pk, auteur=SYSTEME, maintenant=JADIS)
    assert selectors.droits(premier, date(2025, 9, 1)).portees == ()


def test_un_gestionnaire_ne_retire_pas_un_role_d_ailleurs_ni_un_role_reserve():
    ici = factories.organisme()
    gestionnaire = factories.gestionnaire(ici)
    factories.avec_role(NatureRole.TUTEUR, factories.organisme())
    ailleurs = Role.objects.get(nature=NatureRole.TUTEUR)
    sien = Role.objects.get(nature=NatureRole.GESTIONNAIRE)
    retirer = {"auteur": gestionnaire, "maintenant": JADIS}
    assert code(services.retirer_role, role=ailleurs.pk, **retirer) == "organisme_hors_perimetre"
    assert code(services.retirer_role, role=sien.pk, **retirer) == "role_reserve"
    assert Role.objects.filter(au=None).count() == 2


def test_donner_ou_retirer_a_un_inconnu_est_introuvable():
    with pytest.raises(Introuvable):
        services.donner_role(
            personne=uuid4(), nature=NatureRole.TUTEUR, organisme=None, auteur=SYSTEME, maintenant=JADIS
        )
    with pytest.raises(Introuvable):
        services.retirer_role(role=uuid4(), auteur=SYSTEME, maintenant=JADIS)


# Comptes -------------------------------------------------------------------------------------------------------------


def ouvrir(acteur, auteur=SYSTEME, courriel="zoe@caisse.example", mot_de_passe=MOT_DE_PASSE):
    return services.ouvrir_compte(
        personne=acteur.id, courriel=courriel, mot_de_passe=mot_de_passe, auteur=auteur, maintenant=JADIS
    )


def test_le_courriel_d_un_compte_se_garde_en_minuscules_et_ne_sert_qu_une_fois():
    premier, second = factories.personne(), factories.personne()
    assert ouvrir(premier, courriel=" Zoe@Caisse.Example ").courriel == "zoe@caisse.example"
    assert code(ouvrir, acteur=second, courriel="ZOE@CAISSE.EXAMPLE") == "courriel_deja_pris"
    assert code(ouvrir, acteur=premier, courriel="autre@caisse.example") == "compte_deja_ouvert"


def test_un_mot_de_passe_faible_dit_toutes_ses_raisons():
    with pytest.raises(Refus) as refus:
        ouvrir(factories.personne(), mot_de_passe="azerty")
    assert (refus.value.code, len(refus.value.details)) == ("mot_de_passe_faible", 2)
    assert Compte.objects.count() == 0


def test_un_mot_de_passe_tire_du_courriel_est_refuse():
    assert code(ouvrir, acteur=factories.personne(), mot_de_passe="zoe@caisse.example") == "mot_de_passe_faible"


def test_chacun_ouvre_son_compte_un_administrateur_aussi_un_gestionnaire_non():
    acteur = factories.personne()
    assert code(ouvrir, acteur=acteur, auteur=factories.gestionnaire()) == "compte_reserve"
    ouvrir(acteur, auteur=acteur)
    ouvrir(factories.personne(), auteur=factories.avec_role(NatureRole.ADMINISTRATEUR), courriel="a@caisse.example")


def test_desactiver_revient_a_un_administrateur_et_ne_se_redit_pas():
    acteur = factories.personne()
    ouvrir(acteur)
    desactiver = {"personne": acteur.id, "maintenant": JADIS}
    assert code(services.desactiver_compte, auteur=factories.gestionnaire(), **desactiver) == "compte_reserve"
    services.desactiver_compte(auteur=SYSTEME, **desactiver)
    avant = actions()
    services.desactiver_compte(auteur=SYSTEME, **desactiver)
    assert (Compte.objects.get().is_active, actions()) == (False, avant)
    with pytest.raises(Introuvable):
        services.desactiver_compte(personne=factories.personne().id, auteur=SYSTEME, maintenant=JADIS)


# Invitations ---------------------------------------------------------------------------------------------------------


def inviter(acteur, auteur=SYSTEME, maintenant=JADIS):
    return services.inviter(
        personne=acteur.id,
        courriel="zoe@caisse.example",
        auteur=auteur,
        maintenant=maintenant,
        alea=lambda n: b"\x07" * n,
    )


def accepter(jeton, maintenant=JADIS, mot_de_passe=MOT_DE_PASSE):
    return services.accepter_invitation(jeton=jeton, mot_de_passe=mot_de_passe, maintenant=maintenant)


def test_la_base_ne_garde_que_l_empreinte_d_un_jeton_de_256_bits():
    emise = inviter(factories.personne())
    assert emise.jeton == "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc"
    ligne = Invitation.objects.get()
    assert ligne.empreinte == selectors.empreinte_jeton(emise.jeton)
    assert emise.jeton not in str(list(Entree.objects.values_list("donnees", "engagements")))
    assert emise.expire == JADIS + timedelta(days=7)


def test_accepter_ouvre_le_compte_au_nom_de_la_personne():
    acteur = factories.personne()
    compte = accepter(inviter(acteur).jeton)
    assert (compte.personne_id, compte.courriel, compte.check_password(MOT_DE_PASSE)) == (
        acteur.id,
        "zoe@caisse.example",
        True,
    )
    assert actions()[-2:] == ["comptes.compte_ouvert", "comptes.invitation_acceptee"]
    assert set(Entree.objects.order_by("-pk").values_list("auteur_id", flat=True)[:2]) == {acteur.id}


def test_un_jeton_sert_une_fois_puis_dit_pourquoi_il_ne_sert_plus():
    acteur = factories.personne()
    emise = inviter(acteur)
    accepter(emise.jeton)
    assert code(accepter, jeton=emise.jeton) == "invitation_utilisee"
    assert code(accepter, jeton="inconnu") == "invitation_inconnue"
    assert code(inviter, acteur=acteur) == "compte_deja_ouvert"


@pytest.mark.parametrize("cas", ["invitation_utilisee", "invitation_remplacee", "invitation_expiree"])
def test_un_lien_mort_presente_a_nouveau_s_inscrit_une_fois(cas):
    acteur = factories.personne()
    emise = inviter(acteur)
    quand = JADIS
    match cas:
        case "invitation_utilisee":
            accepter(emise.jeton)
        case "invitation_remplacee":
            services.annuler_invitation(personne=acteur.id, auteur=SYSTEME, maintenant=JADIS)
        case "invitation_expiree":
            quand = emise.expire
    for _ in range(2):
        assert code(accepter, jeton=emise.jeton, maintenant=quand) == cas
    rejets = Entree.objects.filter(action="comptes.invitation_rejetee")
    assert [(entree.objet_id, entree.donnees) for entree in rejets] == [(str(emise.id), {"raison": cas})]


def test_un_lien_invente_ne_s_inscrit_pas_il_ne_designe_personne():
    avant = Entree.objects.count()
    assert code(accepter, jeton="x" * 43) == "invitation_inconnue"
    assert Entree.objects.count() == avant


def test_qui_ne_peut_pas_inviter_ne_peut_pas_annuler():
    acteur = factories.avec_role(NatureRole.TUTEUR, factories.organisme())
    inviter(acteur)
    with pytest.raises(RefusDroit):
        services.annuler_invitation(
            personne=acteur.id, auteur=factories.gestionnaire(factories.organisme()), maintenant=JADIS
        )
    assert Invitation.objects.get().remplacee_le is None


def test_une_invitation_sans_adresse_valable_n_est_pas_emise():
    acteur = factories.personne()
    assert (
        code(
            services.inviter_par_courriel,
            personne=acteur.id,
            courriel="pas un courriel",
            auteur=SYSTEME,
            maintenant=JADIS,
        )
        == "adresse_invalide"
    )
    assert Invitation.objects.count() == 0


def test_un_jeton_expire_a_l_instant_dit():
    emise = inviter(factories.personne())
    assert code(accepter, jeton=emise.jeton, maintenant=emise.expire) == "invitation_expiree"
    accepter(emise.jeton, maintenant=emise.expire - timedelta(microseconds=1))


def test_une_invitation_nouvelle_remplace_la_precedente():
    acteur = factories.personne()
    ancienne = services.inviter(personne=acteur.id, courriel="a@b.example", auteur=SYSTEME, maintenant=JADIS)
    nouvelle = services.inviter(personne=acteur.id, courriel="a@b.example", auteur=SYSTEME, maintenant=JADIS)
    assert code(accepter, jeton=ancienne.jeton) == "invitation_remplacee"
    accepter(nouvelle.jeton)


def test_un_mot_de_passe_refuse_ne_consomme_pas_l_invitation():
    emise = inviter(factories.personne())
    assert code(accepter, jeton=emise.jeton, mot_de_passe="court") == "mot_de_passe_faible"
    accepter(emise.jeton)


def test_un_gestionnaire_n_invite_pas_quelqu_un_qui_tient_aussi_un_role_ailleurs():
    ici = factories.organisme()
    gestionnaire = factories.gestionnaire(ici)
    acteur = factories.avec_role(NatureRole.TUTEUR, ici)
    services.donner_role(
        personne=acteur.id,
        nature=NatureRole.EVALUATEUR_METIER,
        organisme=factories.organisme(),
        auteur=SYSTEME,
        maintenant=JADIS,
    )
    with pytest.raises(RefusDroit):
        inviter(acteur, auteur=gestionnaire)
    assert Invitation.objects.count() == 0


def test_un_inconnu_ne_s_invite_pas():
    with pytest.raises(Introuvable):
        services.inviter(personne=uuid4(), courriel="a@b.example", auteur=SYSTEME, maintenant=JADIS)


@pytest.mark.parametrize(
    ("table", "acte", "arguments"),
    [
        (Organisme, services.creer_organisme, {"nom": "N", "nom_court": "N", "branche": Branche.MALADIE}),
        (Personne, services.creer_personne, {"prenom": "A", "nom": "B"}),
        (Compte, services.ouvrir_compte, {"courriel": "a@b.example", "mot_de_passe": MOT_DE_PASSE}),
    ],
)
def test_une_contrainte_que_l_on_n_attendait_pas_n_est_pas_prise_pour_un_refus(monkeypatch, table, acte, arguments):
    """Une faute de programme reste une faute : aucun message rassurant ne la cache."""
    if table is Compte:
        arguments = {**arguments, "personne": factories.personne().id}

    def casser(*_, **__):
        raise IntegrityError

    monkeypatch.setattr(table.objects, "create", casser)
    monkeypatch.setattr(table, "save", casser)
    with pytest.raises(IntegrityError):
        acte(**arguments, auteur=SYSTEME, maintenant=JADIS)
    assert table.objects.filter(**({"nom": "B"} if table is Personne else {})).count() == 0


def test_le_premier_administrateur_entre_par_une_invitation():
    emise = services.inviter_administrateur(
        prenom="Inès", nom="Marchetti", courriel="ines@certificateur.example", maintenant=JADIS
    )
    compte = accepter(emise.jeton)
    assert selectors.droits(factories.Acteur(compte.personne_id), date(2025, 9, 1)).natures == (
        NatureRole.ADMINISTRATEUR,
    )
    assert actions() == [
        "comptes.personne_creee",
        "comptes.role_donne",
        "comptes.invitation_emise",
        "comptes.compte_ouvert",
        "comptes.invitation_acceptee",
    ]
    refuse = {"prenom": "A", "nom": "B", "courriel": "a@b.example", "maintenant": JADIS}
    assert code(services.inviter_administrateur, auteur=factories.gestionnaire(), **refuse) == "role_reserve"
