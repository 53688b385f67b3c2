"""La boîte d'envoi : un dépôt par clé, un envoi par dépôt, des reprises, rien de secret qui traîne."""

from __future__ import annotations

from datetime import timedelta
from smtplib import SMTPRecipientsRefused, SMTPResponseException, SMTPServerDisconnected

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from parchemin.courriels import selectors, services
from parchemin.courriels.enums import Etat
from parchemin.courriels.genres import Genre, GenreInconnu, declarer
from parchemin.courriels.messages import OBJET_MAX, Geste, Message, objet_sur_une_ligne
from parchemin.courriels.models import Envoi
from parchemin.courriels.services import remise
from parchemin.courriels.services.remise import ESSAIS_MAX, attente, en_courriel
from parchemin.courriels.tests import factories
from parchemin.courriels.tests.factories import ADA, MESSAGE, MIDI, NECESSAIRE, SIGNALE
from parchemin.registre.models import Entree
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.annonces import ecouler
from parchemin.socle.refus import Refus

pytestmark = pytest.mark.django_db


def actions() -> list[str]:
    return list(Entree.objects.filter(chaine="courriels").order_by("rang").values_list("action", flat=True))


def jobs() -> list[dict[str, str]]:
    lignes = ProcrastinateJob.objects.filter(task_name="courriels.poster", status="todo").order_by("id")
    return [job.args for job in lignes]


def panne(erreur: Exception):
    def remettre(message):
        raise erreur

    return remettre


# --- Déposer ----------------------------------------------------------------------------------------------------------


def test_deposer_ecrit_la_ligne_le_job_et_l_entree_puis_le_courriel_part():
    envoi = factories.envoyer()
    assert jobs() == [{"envoi": str(envoi.pk)}]
    assert ecouler() == 1
    envoi.refresh_from_db()
    assert (envoi.etat, envoi.essais, envoi.derniere_erreur) == (Etat.ENVOYE, 1, "")
    (parti,) = mail.outbox
    assert (parti.to, parti.subject, parti.from_email) == (
        ["ada@exemple.fr"],
        "Une invitation",
        "Parchemin <ne-pas-repondre@localhost>",
    )
    assert actions() == ["courriels.depose", "courriels.envoye"]


def test_la_meme_cle_ne_depose_qu_une_fois():
    factories.envoyer()
    assert (
        services.envoyer(
            cle="essai:1",
            genre=NECESSAIRE,
            destinataire=ADA,
            adresse="autre@exemple.fr",
            message=MESSAGE,
            auteur=SYSTEME,
            maintenant=MIDI,
        )
        is False
    )
    assert list(Envoi.objects.values_list("adresse", flat=True)) == ["ada@exemple.fr"]
    assert len(jobs()) == 1
    assert actions() == ["courriels.depose"]


def test_un_acte_annule_n_a_jamais_ecrit_a_personne():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        factories.envoyer()
        raise ZeroDivisionError
    assert (Envoi.objects.count(), jobs(), actions()) == (0, [], [])


@pytest.mark.parametrize(
    "adresse",
    [
        "",
        "ada",
        "ada@",
        "@exemple.fr",
        "ada@exemple",
        "ada@exemple.fr\nBcc: x@exemple.fr",
        "a@b.fr, c@d.fr",
        "Ada <a@b.fr>",
    ],
)
def test_une_adresse_qui_n_en_est_pas_une_est_refusee_des_le_depot(adresse):
    with pytest.raises(Refus) as leve:
        factories.envoyer(adresse=adresse)
    assert (leve.value.code, Envoi.objects.count()) == ("adresse_invalide", 0)


def test_on_n_envoie_que_des_genres_declares_et_chacun_par_sa_porte():
    with pytest.raises(GenreInconnu):
        factories.envoyer(genre=Genre("essai.inconnu", "Inconnu", obligatoire=True))
    with pytest.raises(ValueError, match="facultatif"):
        factories.envoyer(genre=SIGNALE)
    with pytest.raises(ValueError, match="obligatoire"):
        factories.prevenir(genre=NECESSAIRE)
    with pytest.raises(ValueError, match="déjà déclaré"):
        declarer(Genre(SIGNALE.code, "Autrement"))
    with pytest.raises(ValueError, match="forme"):
        declarer(Genre("sans point", "Mal nommé"))


# --- Ce qui part ------------------------------------------------------------------------------------------------------


def test_le_message_a_deux_corps_un_lien_absolu_et_des_en_tetes_stables(settings):
    settings.PARCHEMIN_ADRESSE = "https://parchemin.exemple.fr"
    envoi = factories.envoyer()
    assert envoi.texte == (
        "Bienvenue\n\nVotre compte vous attend.\n\nOuvrir mon compte :\nhttps://parchemin.exemple.fr/invitation/jeton/\n\n"
        "Ce lien sert une fois.\n\n--\nParchemin, https://parchemin.exemple.fr\n"
        "Ce courriel est nécessaire à votre parcours ou à votre compte : il ne se coupe pas.\n"
    )
    message = en_courriel(envoi).message()
    assert [partie.get_content_type() for partie in message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    en_tetes = {nom: message[nom] for nom in ("Message-ID", "Date", "Auto-Submitted", "List-Unsubscribe", "To")}
    assert en_tetes == {
        "Message-ID": "<3d489b3921a3bf278e5e57080ce1e9743ce54bdb@parchemin.exemple.fr>",
        "Date": "Tue, 24 Nov 2026 11:00:00 +0000",
        "Auto-Submitted": "auto-generated",
        "List-Unsubscribe": None,
        "To": "ada@exemple.fr",
    }
    assert en_courriel(Envoi.objects.get(pk=envoi.pk)).message()["Message-ID"] == en_tetes["Message-ID"]
    assert en_courriel(factories.envoyer("essai:2")).message()["Message-ID"] != en_tetes["Message-ID"]


def test_rien_de_saisi_n_ouvre_un_en_tete_ni_une_balise():
    nom = "Camille\r\nBcc: espion@exemple.fr\x07<script>alert(1)</script>"
    envoi = factories.envoyer(message=Message(objet=nom, titre=nom, geste=Geste(nom, "/")))
    message = en_courriel(envoi).message()
    assert message["Subject"] == "Camille Bcc: espion@exemple.fr <script>alert(1)</script>"
    assert (message["Bcc"], message["To"]) == (None, "ada@exemple.fr")
    assert "<script>" not in envoi.html
    assert "&lt;script&gt;" in envoi.html


def test_un_objet_trop_long_s_arrete_a_un_mot_entier():
    assert objet_sur_une_ligne("mot " * 100) == "mot " * (OBJET_MAX // 4 - 1) + "mot…"


# --- Remettre ---------------------------------------------------------------------------------------------------------


def test_une_panne_se_reessaie_de_plus_en_plus_tard_puis_s_arrete():
    envoi = factories.envoyer()
    instant = MIDI
    vus = []
    for _ in range(ESSAIS_MAX):
        etat = services.poster_envoi(envoi=envoi.pk, maintenant=instant, remettre=panne(SMTPServerDisconnected("…")))
        envoi.refresh_from_db()
        vus.append((etat, envoi.prochain_essai and envoi.prochain_essai - instant))
        instant = envoi.prochain_essai or instant
    assert vus == [(Etat.A_ENVOYER, attente(n)) for n in range(1, ESSAIS_MAX)] + [(Etat.ECHEC, None)]
    assert (envoi.essais, envoi.derniere_erreur) == (ESSAIS_MAX, "SMTPServerDisconnected")
    assert actions() == ["courriels.depose", *["courriels.essai_manque"] * (ESSAIS_MAX - 1), "courriels.echec"]
    assert timedelta(days=1) < instant - MIDI < timedelta(days=4)


def test_avant_l_heure_de_reprise_on_ne_reessaie_pas():
    envoi = factories.envoyer()
    services.poster_envoi(envoi=envoi.pk, maintenant=MIDI, remettre=panne(TimeoutError()))
    assert services.poster_envoi(envoi=envoi.pk, maintenant=MIDI + timedelta(seconds=30)) is None
    assert mail.outbox == []
    assert services.poster_envoi(envoi=envoi.pk, maintenant=MIDI + timedelta(minutes=1)) == Etat.ENVOYE
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("erreur", "etat", "code"),
    [
        (SMTPRecipientsRefused({"ada@exemple.fr": (550, b"inconnue")}), Etat.ECHEC, "SMTPRecipientsRefused 550"),
        (SMTPRecipientsRefused({"ada@exemple.fr": (451, b"plus tard")}), Etat.A_ENVOYER, "SMTPRecipientsRefused 451"),
        (SMTPResponseException(421, b"occupe ada@exemple.fr"), Etat.A_ENVOYER, "SMTPResponseException 421"),
        (SMTPResponseException(554, b"non"), Etat.ECHEC, "SMTPResponseException 554"),
        (ConnectionRefusedError("hote"), Etat.A_ENVOYER, "ConnectionRefusedError"),
        (ValueError("en-tête"), Etat.ECHEC, "ValueError"),
    ],
)
def test_un_refus_definitif_ne_se_reessaie_pas_et_l_erreur_ne_dit_personne(erreur, etat, code):
    envoi = factories.envoyer()
    assert services.poster_envoi(envoi=envoi.pk, maintenant=MIDI, remettre=panne(erreur)) == etat
    envoi.refresh_from_db()
    assert (envoi.derniere_erreur, envoi.prochain_essai is None) == (code, etat == Etat.ECHEC)


def test_un_envoi_clos_ne_repart_pas():
    envoi = factories.envoyer()
    assert services.poster_envoi(envoi=envoi.pk, maintenant=MIDI) == Etat.ENVOYE
    assert services.poster_envoi(envoi=envoi.pk, maintenant=MIDI) is None
    assert len(mail.outbox) == 1


def test_un_job_perdu_est_rediffere_et_un_job_de_trop_ne_fait_rien():
    envoi = factories.envoyer()
    tard = MIDI + timedelta(minutes=10)
    assert services.reprendre(maintenant=MIDI + timedelta(minutes=9), tolerance=timedelta(minutes=10)) == 0
    assert services.reprendre(maintenant=tard, tolerance=timedelta(minutes=10)) == 1
    assert jobs() == [{"envoi": str(envoi.pk)}] * 2
    assert ecouler() == 2
    assert len(mail.outbox) == 1


# --- Secrets et durée -------------------------------------------------------------------------------------------------


def test_un_secret_perd_son_corps_des_qu_il_est_parti_annule_ou_refuse():
    parti, annule, refuse = (factories.envoyer(f"essai:{n}", secret=True) for n in (1, 2, 3))
    services.poster_envoi(envoi=parti.pk, maintenant=MIDI)
    assert services.annuler(cle="essai:2", auteur=SYSTEME, maintenant=MIDI) is True
    services.poster_envoi(envoi=refuse.pk, maintenant=MIDI, remettre=panne(SMTPResponseException(550, b"")))
    assert "jeton" in mail.outbox[0].body
    assert list(Envoi.objects.order_by("cle").values_list("etat", "texte", "html")) == [
        (Etat.ENVOYE, "", ""),
        (Etat.ANNULE, "", ""),
        (Etat.ECHEC, "", ""),
    ]
    assert services.annuler(cle="essai:1", auteur=SYSTEME, maintenant=MIDI) is False
    assert services.poster_envoi(envoi=annule.pk, maintenant=MIDI) is None
    assert len(mail.outbox) == 1


def test_le_journal_ne_porte_ni_adresse_ni_corps():
    envoi = factories.envoyer(secret=True)
    services.poster_envoi(envoi=envoi.pk, maintenant=MIDI)
    ecrit = repr(list(Entree.objects.values_list("donnees", "engagements")))
    assert [mot for mot in ("ada@exemple.fr", "jeton", "Bienvenue") if mot in ecrit] == []


def test_les_anciens_se_vident_et_ce_qui_attend_reste():
    ancien, recent, en_attente = (factories.envoyer(f"essai:{n}") for n in (1, 2, 3))
    services.poster_envoi(envoi=ancien.pk, maintenant=MIDI)
    services.poster_envoi(envoi=recent.pk, maintenant=MIDI + timedelta(days=1))
    garder, tard = timedelta(days=30), MIDI + timedelta(days=30, seconds=1)
    assert services.vider_anciens(garder=garder, maintenant=tard) == 1
    assert services.vider_anciens(garder=garder, maintenant=tard) == 0
    vides = Envoi.objects.order_by("cle").values_list("adresse", "objet", "texte", "vide_le")
    assert next(iter(vides)) == ("", "", "", tard)
    assert [bool(adresse and texte) for adresse, _, texte, _ in vides] == [False, True, True]
    assert en_attente.etat == Etat.A_ENVOYER


# --- La base refuse ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changement",
    [{"etat": Etat.ENVOYE}, {"prochain_essai": None}, {"clos_le": MIDI}, {"adresse": ""}, {"texte": ""}],
)
def test_la_base_refuse_un_envoi_incoherent(changement):
    envoi = factories.envoyer()
    with pytest.raises(IntegrityError), transaction.atomic():
        Envoi.objects.filter(pk=envoi.pk).update(**changement)


def test_la_base_refuse_un_secret_clos_qui_a_garde_son_corps():
    envoi = factories.envoyer(secret=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Envoi.objects.filter(pk=envoi.pk).update(etat=Etat.ENVOYE, clos_le=MIDI, prochain_essai=None)


# --- Lire -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("nombre", [1, 3])
def test_l_etat_des_envois_se_lit_d_une_requete(nombre, django_assert_num_queries):
    cles = [f"essai:{n}" for n in range(nombre)]
    for cle in cles:
        factories.envoyer(cle)
    with django_assert_num_queries(1):
        vus = selectors.envois(SYSTEME, cles)
    assert {cle: vue.etat for cle, vue in vus.items()} == dict.fromkeys(cles, Etat.A_ENVOYER)


def test_attente_double_en_puissance_et_plafonne():
    assert [attente(n) for n in range(1, 8)] == [
        timedelta(minutes=1),
        timedelta(minutes=4),
        timedelta(minutes=16),
        timedelta(minutes=64),
        timedelta(minutes=256),
        timedelta(minutes=1024),
        timedelta(days=1),
    ]
    assert timedelta(days=1) == remise.ATTENTE_MAX
