"""Sans serveur d'envoi : un fichier par message, que la démonstration relit."""

from __future__ import annotations

import stat

import pytest
from django.core.mail import InvalidMailer

from parchemin.courriels.fichiers import EmailBackend, lire, lister
from parchemin.courriels.services.remise import en_courriel
from parchemin.courriels.tests import factories

pytestmark = pytest.mark.django_db


def test_un_courriel_ecrit_se_relit_en_entier(tmp_path):
    dossier = tmp_path / "courriels"
    envoi = factories.envoyer()
    assert EmailBackend(dossier=str(dossier), alias="essai").send_messages([en_courriel(envoi)]) == 1
    (lu,) = lister(dossier)
    assert (lu.destinataire, lu.objet, lu.texte, lu.html) == (
        "ada@exemple.fr",
        "Une invitation",
        envoi.texte,
        envoi.html,
    )
    assert dict(lu.en_tetes)["Auto-Submitted"] == "auto-generated"
    (fichier,) = dossier.iterdir()
    assert (stat.S_IMODE(fichier.stat().st_mode), stat.S_IMODE(dossier.stat().st_mode)) == (0o600, 0o700)


def test_le_meme_message_renvoye_ne_fait_qu_un_fichier(tmp_path):
    un, autre = factories.envoyer("essai:1"), factories.envoyer("essai:2")
    EmailBackend(dossier=str(tmp_path), alias="essai").send_messages(
        [en_courriel(un), en_courriel(un), en_courriel(autre)]
    )
    assert len(lister(tmp_path)) == 2


@pytest.mark.parametrize("nom", ["../secret", "20261124T110000-0123", "20261124T110000-0123456789abcdef", "", "a/b"])
def test_un_nom_qui_n_est_pas_celui_d_un_courriel_ne_lit_rien(tmp_path, nom):
    (tmp_path.parent / "secret.eml").write_text("Date: x\n\nsecret")
    assert lire(tmp_path, nom) is None


def test_sans_dossier_le_reglage_est_refuse():
    with pytest.raises(InvalidMailer):
        EmailBackend(alias="essai")
