"""Les pages : convoquer, répondre (connecté, par lien), le suivi, la présence, le calendrier privé."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from ical.calendar_stream import IcsCalendarStream

from parchemin.comptes.enums import NatureRole
from parchemin.comptes.tests import factories as comptes
from parchemin.comptes.tests.factories import client, texte
from parchemin.convocations import selectors, services
from parchemin.convocations.models import CalendrierPrive
from parchemin.convocations.tests.factories import (
    CONVOCATION,
    JOUR,
    convoquee,
    courriels_de,
    deplie,
    jeton_de,
    salle,
    sienne,
)
from parchemin.parcours.services import abandonner
from parchemin.registre.models import Entree
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.horloge import jour_civil

pytestmark = pytest.mark.django_db
DEMAIN = CONVOCATION + timedelta(days=1)


@pytest.fixture(autouse=True)
def _demain():
    with time_machine.travel(DEMAIN, tick=False):
        yield


def adresse(une, suite: str) -> str:
    return f"/epreuves/{une.epreuve}/{suite}"


def test_convoquer_depuis_la_page_et_lire_les_reponses() -> None:
    une = salle()
    navigateur = client(une.monde.gestionnaire)
    page = navigateur.get(adresse(une, "convocations/"))
    assert "Convoquer 4 personnes" in texte(page)
    assert 'name="derogation"' not in page.content.decode()
    assert navigateur.post(adresse(une, "convocations/")).status_code == 302
    page = texte(navigateur.get(adresse(une, "convocations/")))
    assert "4 convocations envoyées." in page
    page = texte(navigateur.get(adresse(une, "convocations/")))
    assert page.count("envoyée") == 4
    assert "Sans adresse connue" in page
    assert "Convoquer 4 personnes" not in page


def test_un_delai_passe_demande_un_motif_et_ne_perd_rien() -> None:
    une = salle()
    with time_machine.travel(JOUR - timedelta(days=18), tick=False):
        navigateur = client(une.monde.gestionnaire)
        refusee = navigateur.post(adresse(une, "convocations/"), {"derogation": ""})
        assert refusee.status_code == 422
        assert "dites pourquoi convoquer maintenant" in texte(refusee)
        assert navigateur.post(adresse(une, "convocations/"), {"derogation": "Relevé hier."}).status_code == 302
        assert "Convocation tardive : Relevé hier." in texte(navigateur.get(adresse(une, "convocations/")))


def test_trop_tard_la_page_offre_de_deplacer_et_n_offre_pas_de_convoquer() -> None:
    une = salle()
    with time_machine.travel(JOUR - timedelta(days=10), tick=False):
        page = texte(client(une.monde.gestionnaire).get(adresse(une, "convocations/")))
    assert ("Déplacer l'épreuve" in page, "Convoquer 4 personnes" in page) == (True, False)
    assert page.count("moins de 15 jours de préavis") == 2


def test_une_fois_l_heure_passee_il_n_y_a_plus_rien_a_y_faire() -> None:
    une = salle()
    with time_machine.travel(JOUR + timedelta(days=1), tick=False):
        page = texte(client(une.monde.gestionnaire).get(adresse(une, "convocations/")))
    assert "Cette épreuve n'attend plus personne" in page
    assert (page.count("non convoqué"), page.count("pas encore convoqué")) == (4, 0)


def test_un_dossier_clos_n_offre_plus_d_y_convoquer() -> None:
    une = salle()
    abandonner(dossier=une.monde.dossier, motif="Départ.", auteur=une.monde.gestionnaire, maintenant=CONVOCATION)
    page = texte(client(une.monde.gestionnaire).get(adresse(une, "convocations/")))
    assert ("Cette épreuve n'attend plus personne" in page, "Convoquer 4 personnes" in page) == (True, False)


def test_renvoyer_la_meme_page_ne_dit_pas_qu_un_choix_est_enregistre() -> None:
    une = salle()
    navigateur = client(une.monde.gestionnaire)
    navigateur.post(adresse(une, "convocations/"))
    page = texte(navigateur.post(adresse(une, "convocations/"), follow=True))
    assert ("Le choix des courriers est enregistré" in page, "Rien n'a changé" in page) == (False, True)


def test_repondre_connecte_puis_le_gestionnaire_le_lit() -> None:
    une = convoquee()
    libre = comptes.avec_role(NatureRole.EVALUATEUR_METIER, prenom="Inès")
    navigateur = client(une.metier)
    assert navigateur.post(adresse(une, "reponse/"), {"reponse": "refuser", "motif": ""}).status_code == 422
    refus = {"reponse": "refuser", "motif": "Un congé posé.", "remplacant": str(libre.id)}
    assert navigateur.post(adresse(une, "reponse/"), refus).status_code == 302
    page = client(une.monde.gestionnaire).get(adresse(une, "convocations/"))
    assert "Motif du refus : Un congé posé." in texte(page)
    lien = re.search(r'href="(/epreuves/[^"]+evaluateurs/\?[^"]+)"', page.content.decode())
    assert lien is not None
    choix = client(une.monde.gestionnaire).get(lien[1].replace("&amp;", "&"))
    assert choix.context["formulaire"].initial["metier"] == str(libre.id)


def test_le_lien_ouvre_sans_compte_et_sa_lecture_ne_repond_rien() -> None:
    une = convoquee()
    lien = f"/epreuves/convocation/{jeton_de(une.monde.manager)}/"
    page = Client().get(lien)
    noms = selectors.epreuve_par_id(SYSTEME, une.epreuve)
    assert page.status_code == 200
    assert noms.dossier.candidat_nom in texte(page)
    assert not any(e.nom in texte(page) for e in noms.evaluateurs)
    assert page["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    assert sienne(une, une.monde.manager).etat == "envoyee"
    assert Client().post(lien, {"reponse": "accepter"}).status_code == 302
    assert sienne(une, une.monde.manager).etat == "acceptee"
    pdf = Client().get(f"{lien}convocation.pdf")
    assert (pdf.status_code, pdf["Content-Type"], pdf.content[:5]) == (200, "application/pdf", b"%PDF-")


def test_le_lien_donne_l_invitation_du_courriel_a_telecharger() -> None:
    une = convoquee()
    lien = f"/epreuves/convocation/{jeton_de(une.metier)}/"
    assert f'href="{lien}invitation.ics"' in Client().get(lien).content.decode()
    ics = Client().get(f"{lien}invitation.ics")
    assert (ics.status_code, ics["Content-Type"]) == (200, "text/calendar; charset=utf-8; method=REQUEST")
    assert ics["Content-Disposition"] == 'attachment; filename="invitation.ics"'
    assert ics["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    assert ics.content.decode() == courriels_de(une.metier)[-1].calendrier
    assert client(une.certificateur).get(f"{lien}invitation.ics").status_code == 410
    sien = client(une.metier)
    page = f"/epreuves/{une.epreuve}/reponse/"
    assert f'href="{page}invitation.ics"' in sien.get(page).content.decode()
    assert sien.get(f"{page}invitation.ics").content == ics.content
    assert client(une.monde.gestionnaire).get(f"{page}invitation.ics").status_code == 404
    services.annuler_epreuve(
        epreuve=une.epreuve, motif="Salle fermée.", auteur=une.monde.gestionnaire, maintenant=DEMAIN
    )
    services.suivre_les_convocations(epreuve=une.epreuve, maintenant=DEMAIN)
    assert Client().get(f"{lien}invitation.ics").status_code == 404
    assert sien.get(f"{page}invitation.ics").status_code == 404


def test_le_lien_d_un_autre_se_ferme_a_qui_est_connecte() -> None:
    une = convoquee()
    lien = f"/epreuves/convocation/{jeton_de(une.metier)}/"
    autre = client(une.certificateur)
    for suite in ("", "convocation.pdf"):
        assert autre.get(lien + suite).status_code == 410
    assert autre.post(lien, {"reponse": "accepter"}).status_code == 410
    assert sienne(une, une.metier).etat == "envoyee"


def test_la_feuille_du_jour_se_signe_et_se_lit() -> None:
    une = convoquee()
    with time_machine.travel(JOUR, tick=False):
        evaluateur = client(une.metier)
        assert "Pas encore contrôlée" in texte(evaluateur.get(adresse(une, "presence/")))
        assert evaluateur.post(adresse(une, "presence/"), {}).status_code == 422
        assert evaluateur.post(adresse(une, "presence/"), {"moyen": "carte"}).status_code == 302
        assert evaluateur.post(adresse(une, "presence/"), {"geste": "constater"}).status_code == 302
        page = texte(evaluateur.get(adresse(une, "presence/")))
        assert "Carte d'identité, vue par Hugo" in page
        assert "Constatée par un évaluateur (Hugo" in page
        lien = f"/epreuves/convocation/{jeton_de(une.certificateur)}/presence/"
        assert Client().post(lien).status_code == 302
        assert "Signée par son lien personnel" in texte(evaluateur.get(adresse(une, "presence/")))


def test_signer_par_son_lien_un_autre_jour_le_dit_et_garde_la_page() -> None:
    une = convoquee()
    lien = f"/epreuves/convocation/{jeton_de(une.metier)}/"
    page = Client().post(f"{lien}presence/", follow=True)
    assert (page.status_code, page.redirect_chain) == (200, [(lien, 302)])
    assert "le jour de l'épreuve, là où elle se tient" in texte(page)
    services.annuler_epreuve(
        epreuve=une.epreuve, motif="Salle fermée.", auteur=une.monde.gestionnaire, maintenant=CONVOCATION
    )
    with time_machine.travel(JOUR, tick=False):
        assert "Signer ma présence" not in texte(Client().get(lien))


def test_signer_de_son_compte_exige_une_preuve_recente() -> None:
    une = convoquee()
    with time_machine.travel(JOUR, tick=False):
        navigateur = client(une.metier)
    with time_machine.travel(JOUR + timedelta(minutes=11), tick=False):
        reponse = navigateur.post(adresse(une, "presence/signer/"))
    assert reponse.status_code == 302
    assert "reauthenticate" in reponse["Location"]
    assert selectors.presences(SYSTEME, une.epreuve, jour_civil(JOUR)) == {}


def test_le_suivi_convoque_en_lot_et_dit_chaque_refus() -> None:
    bonne = salle()
    autre = salle("B4", ("B4",))
    services.declarer(epreuve=autre.epreuve, genre="professionnel", auteur=autre.metier, maintenant=CONVOCATION)
    navigateur = client(comptes.gestionnaire())
    page = texte(navigateur.get("/epreuves/suivi/"))
    assert "À convoquer" in page
    assert "Évaluateurs à affecter" in page
    envoi = {"epreuves": [str(bonne.epreuve), str(autre.epreuve), "n'importe quoi"]}
    page = texte(navigateur.post("/epreuves/suivi/convoquer/", envoi, follow=True))
    assert "4 convocations envoyées." in page
    assert "n'a pas encore ses deux évaluateurs" in page
    assert "Choisissez au moins une épreuve." in texte(navigateur.post("/epreuves/suivi/convoquer/", {}, follow=True))


# Le calendrier privé --------------------------------------------------------------------------------------------------


def ouvrir(navigateur: Client) -> str:
    """L'adresse montrée à l'ouverture, sans l'hôte."""
    page = navigateur.post("/epreuves/calendrier/", {"geste": "ouvrir"}).content.decode()
    trouvee = re.search(r"(/epreuves/calendrier/[^<]+\.ics)", page)
    assert trouvee is not None
    return trouvee[1]


def test_le_calendrier_prive_dit_les_epreuves_et_aucun_nom() -> None:
    une = convoquee()
    navigateur = client(une.metier)
    flux = Client().get(ouvrir(navigateur))
    assert (flux.status_code, flux["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert flux["Referrer-Policy"] == "no-referrer"
    relu = IcsCalendarStream.calendar_from_ics(flux.content.decode())
    (un,) = relu.events
    assert (relu.method, un.dtstart, un.summary, un.location) == (
        "PUBLISH",
        JOUR,
        "Épreuve à évaluer, bloc 3",
        "Plateau 2",
    )
    vue = selectors.epreuve_par_id(SYSTEME, une.epreuve)
    ecrit = deplie(flux.content.decode())
    assert "SUMMARY:Épreuve à évaluer\\, bloc 3" in ecrit
    for nom in (vue.dossier.candidat_nom, *(e.nom for e in vue.evaluateurs), vue.dossier.organisme_nom):
        assert nom not in ecrit


def test_renouveler_ferme_l_ancienne_adresse_et_fermer_ferme_tout() -> None:
    une = convoquee()
    navigateur = client(une.metier)
    premiere, seconde = ouvrir(navigateur), ouvrir(navigateur)
    assert [Client().get(a).status_code for a in (premiere, seconde)] == [404, 200]
    navigateur.post("/epreuves/calendrier/", {"geste": "fermer"})
    assert Client().get(seconde).status_code == 404
    jetons = [a.rsplit("/", 1)[1].removesuffix(".ics") for a in (premiere, seconde)]
    garde = str(list(CalendrierPrive.objects.values())) + str(list(Entree.objects.values()))
    assert not any(jeton in garde for jeton in jetons)
    assert "ouvre aucun calendrier" in texte(Client().get(seconde))


def test_le_calendrier_d_un_evaluateur_ne_montre_que_ses_epreuves() -> None:
    convoquee()
    autre = comptes.avec_role(NatureRole.EVALUATEUR_METIER)
    flux = Client().get(ouvrir(client(autre)))
    assert IcsCalendarStream.calendar_from_ics(flux.content.decode()).events == []


def test_qui_n_est_plus_evaluateur_ne_lit_plus_rien() -> None:
    from parchemin.comptes.models import Role
    from parchemin.comptes.services import retirer_role

    une = convoquee()
    adresse_secrete = ouvrir(client(une.metier))
    role = Role.objects.get(personne_id=une.metier.id)
    retirer_role(role=role.pk, auteur=SYSTEME, maintenant=DEMAIN - timedelta(days=1))
    assert IcsCalendarStream.calendar_from_ics(Client().get(adresse_secrete).content.decode()).events == []
