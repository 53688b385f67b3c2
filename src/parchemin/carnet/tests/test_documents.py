"""Le carnet en PDF : accessible, entier, daté du dernier geste, et rien de plus que ce que son lecteur peut lire."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from pypdf import PdfReader

from parchemin.carnet import documents, selectors, services
from parchemin.carnet.enums import Verdict
from parchemin.carnet.services import Dire, Ecrit
from parchemin.carnet.tests import factories
from parchemin.carnet.tests.factories import ATTESTATION
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.tests import factories as comptes
from parchemin.comptes.tests.factories import client
from parchemin.parcours import services as parcours
from parchemin.parcours.enums import Qualite
from parchemin.parcours.selectors import dossiers_par_ids
from parchemin.parcours.tests.factories import Monde
from parchemin.referentiels.selectors import norme
from parchemin.socle.acteur import SYSTEME

pytestmark = pytest.mark.django_db

JOUR = timedelta(days=1)


def octets(monde: Monde, *, entrees: bool = True) -> bytes:
    dossier = dossiers_par_ids(SYSTEME, [monde.dossier])[monde.dossier]
    carnet = selectors.carnet(SYSTEME, monde.dossier)
    assert carnet is not None
    return documents.carnet_pdf(
        SYSTEME,
        dossier,
        carnet,
        selectors.repudiations(SYSTEME, monde.dossier),
        selectors.entrees(SYSTEME, monde.dossier) if entrees else None,
    )


def lire(contenu: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(contenu))


def texte(contenu: bytes) -> str:
    pages = "\n".join(page.extract_text() for page in lire(contenu).pages)
    return " ".join(pages.replace("\N{NO-BREAK SPACE}", " ").replace("’", "'").split())


def attester(monde: Monde, qualite: Qualite, verdict: Verdict, mot: str = "", quand=ATTESTATION, code="C3.1") -> None:
    auteur = monde.tuteur if qualite == Qualite.TUTEUR else monde.manager
    services.attester(
        dossier=monde.dossier, qualite=qualite, dires={code: Dire(verdict, mot)}, auteur=auteur, maintenant=quand
    )


def publier(monde: Monde, dit: str, cle: int = 7, competences=("C3.1",)) -> None:
    commun = {"dossier": monde.dossier, "brouillon": UUID(int=cle), "auteur": monde.candidat, "maintenant": ATTESTATION}
    services.garder_brouillon(ecrit=Ecrit(dit, date(2026, 9, 30), competences), **commun)
    services.publier_entree(relu=True, **commun)


def balises(contenu: bytes) -> list[str]:
    """Le rôle de chaque nœud de l'arbre des balises, dans l'ordre de lecture."""
    trouvees: list[str] = []

    def descendre(noeud: Any) -> None:
        noeud = noeud.get_object()
        if isinstance(noeud, dict):
            if "/S" in noeud:
                trouvees.append(str(noeud["/S"]))
            enfants = noeud.get("/K")
            if enfants is not None:
                descendre(enfants)
        elif isinstance(noeud, list):
            for enfant in noeud:
                descendre(enfant)

    racine: Any = lire(contenu).trailer["/Root"]
    descendre(racine["/StructTreeRoot"])
    return trouvees


def test_le_carnet_est_archivable_accessible_et_toujours_le_meme():
    monde = factories.complet(("B3",))
    premier, second = octets(monde), octets(monde)
    assert premier == second
    pdf = lire(premier)
    assert pdf.xmp_metadata is not None
    assert pdf.metadata is not None
    xmp = pdf.xmp_metadata.stream.get_data().decode()
    for marque in ("<pdfaid:part>3<", "<pdfaid:conformance>A<", "<pdfuaid:part>1<"):
        assert marque in xmp
    racine: Any = pdf.trailer["/Root"]
    assert (racine["/Lang"], bool(racine["/MarkInfo"]["/Marked"])) == ("fr-FR", True)
    vue = dossiers_par_ids(SYSTEME, [monde.dossier])[monde.dossier]
    assert pdf.metadata.title == f"Carnet de suivi des compétences, {vue.candidat_nom}"


def test_il_est_date_du_dernier_geste():
    monde = factories.avec_carnet(("B3",))
    vide = octets(monde)
    assert "Cet exemplaire dit ce qui était écrit au 3 septembre 2026" in texte(vide)
    attester(monde, Qualite.TUTEUR, Verdict.MAITRISEE, quand=ATTESTATION)
    assert "Cet exemplaire dit ce qui était écrit au 1er octobre 2026" in texte(octets(monde))
    assert octets(monde) != vide


def test_ses_titres_et_ses_tableaux_sont_balises():
    """Un titre de document, un par bloc, un pour les entrées ; un tableau de bilan et un par bloc, leurs en-têtes balisés."""
    monde = factories.complet(("B3", "B4"))
    lues = balises(octets(monde))
    assert [lues.count(role) for role in ("/H1", "/H2", "/Table", "/THead")] == [1, 3, 3, 3]
    carnet = selectors.carnet(SYSTEME, monde.dossier)
    assert carnet is not None
    # un rang d'en-tête par tableau, un rang par bloc au bilan, un rang par compétence
    assert lues.count("/TR") == 3 + 2 + len(carnet.lignes)
    assert lues.count("/TH") == 4 + 3 + 3


def test_chaque_competence_y_est_mot_pour_mot_avec_qui_quand_et_comment():
    monde = factories.complet(("B3",))
    lu = texte(octets(monde))
    dossier = dossiers_par_ids(SYSTEME, [monde.dossier])[monde.dossier]
    competences = norme(SYSTEME, dossier.norme_empreinte).bloc("B3").competences()
    for competence in competences:
        assert " ".join(competence.intitule.replace("’", "'").split()) in lu
    assert lu.count("1er octobre 2026, en session") == 2 * len(competences)
    assert "B1" not in lu


def test_le_moyen_est_dit():
    monde = factories.avec_carnet(("B3",))
    lien = _lien(monde)
    services.attester(
        dossier=monde.dossier,
        qualite=Qualite.TUTEUR,
        dires={"C3.1": Dire(Verdict.MAITRISEE)},
        auteur=monde.tuteur,
        maintenant=ATTESTATION,
        lien=lien,
    )
    attester(monde, Qualite.MANAGER, Verdict.MAITRISEE)
    lu = texte(octets(monde))
    assert (lu.count("par lien et code"), lu.count("en session")) == (1, 1)


def _lien(monde: Monde) -> UUID:
    comptes.compte(monde.tuteur)
    services.demander_attestations(
        dossier=monde.dossier,
        qualites=[Qualite.TUTEUR],
        competences=["C3.1"],
        auteur=monde.gestionnaire,
        maintenant=ATTESTATION,
    )
    from parchemin.carnet.models import LienAttestation

    return LienAttestation.objects.get().pk


def test_desaccord_retrait_depart_repudiation_gel_et_dispense_s_y_lisent():
    monde = factories.avec_carnet(("B3",), nom="Neuf")
    attester(monde, Qualite.TUTEUR, Verdict.MAITRISEE)
    attester(monde, Qualite.MANAGER, Verdict.PAS_ENCORE, "Jamais seul au guichet.")
    attester(monde, Qualite.MANAGER, Verdict.MAITRISEE, code="C3.2")
    services.retirer_attestation(
        dossier=monde.dossier,
        qualite=Qualite.MANAGER,
        competence="C3.2",
        motif="Une erreur de ligne.",
        auteur=monde.manager,
        maintenant=ATTESTATION + JOUR,
    )
    avis = selectors.dernier_avis(monde.tuteur, monde.dossier)
    assert avis is not None
    services.dispenser(
        dossier=monde.dossier, blocs=["B3"], motif="Motif dit.", auteur=monde.gestionnaire, maintenant=ATTESTATION
    )
    avant = texte(octets(monde))
    assert "Désaccord : l'un la dit maîtrisée, l'autre pas encore." in avant
    services.repudier_avis(avis=avis, motif="Ce n'est pas moi", maintenant=ATTESTATION + 2 * JOUR)
    gele = texte(octets(monde))
    gel = selectors.gel(SYSTEME, monde.dossier)
    assert gel is not None
    services.lever_le_gel(
        repudiation=gel.repudiation, motif="Vu avec lui", auteur=monde.gestionnaire, maintenant=ATTESTATION + 3 * JOUR
    )
    leve = texte(octets(monde))
    nouveau = comptes.personne("Nadia")
    parcours.nommer_tuteur_manager(
        dossier=monde.dossier,
        tuteur=monde.tuteur.id,
        manager=nouveau.id,
        auteur=monde.gestionnaire,
        maintenant=ATTESTATION + 4 * JOUR,
    )
    parti = texte(octets(monde))
    assert "« Jamais seul au guichet. »" in avant
    assert "Dispensé du carnet du bloc 3" in avant
    assert ("Ce carnet est gelé depuis le 3 octobre 2026" in gele, "Ce carnet est gelé" in leve) == (True, False)
    assert "dit ne pas avoir attesté C3.1" in gele
    assert "gel levé le 4 octobre 2026 par" in leve
    assert [mot in leve for mot in ("répudiée", "retirée", "« Une erreur de ligne. »", "Désaccord")] == [
        True, True, True, False,
    ]  # fmt: skip
    assert ("qui n'est plus manager" in leve, "qui n'est plus manager" in parti) == (False, True)
    for secret in ("Ce n'est pas moi", "Vu avec lui"):
        assert secret not in leve


def test_les_entrees_publiees_s_y_lisent_sans_ce_qui_ressemble_a_un_usager():
    monde = factories.avec_carnet(("B3",))
    publier(monde, "J'ai rappelé au 06 12 34 56 78.\nPuis #panic() *écrit* à anne@exemple.fr.")
    lu = texte(octets(monde))
    assert "J'ai rappelé au [un numéro de téléphone, masqué]." in lu
    assert "Puis #panic() *écrit* à [une adresse de courriel, masquée]." in lu
    assert ("06 12" in lu, "anne@" in lu) == (False, False)


def test_une_version_remplacee_et_un_brouillon_ne_s_impriment_pas():
    monde = factories.avec_carnet(("B3",))
    publier(monde, "Avec Madame Untel.")
    entree = selectors.entrees(SYSTEME, monde.dossier)[0].id
    commun = {"dossier": monde.dossier, "brouillon": UUID(int=8), "auteur": monde.candidat, "maintenant": ATTESTATION}
    ecrit = Ecrit("Avec une usagère.", date(2026, 9, 30), ["C3.1"])
    services.garder_brouillon(ecrit=ecrit, entree=entree, **commun)
    avant = texte(octets(monde))
    services.publier_entree(relu=True, **commun)
    apres = texte(octets(monde))
    assert ("Avec Madame Untel." in avant, "Avec une usagère." in avant) == (True, False)
    assert ("Avec Madame Untel." in apres, "Avec une usagère." in apres) == (False, True)
    assert "après 1 version corrigée" in apres


def test_un_long_carnet_repete_ses_en_tetes_et_numerote_ses_pages():
    monde = factories.complet()
    for cle in range(1, 17):
        publier(monde, f"Entrée {cle}. " + "Un accueil mené seul, puis repris avec le tuteur. " * 30, cle)
    pdf = lire(octets(monde))
    pages = len(pdf.pages)
    assert pages >= 6
    pieds = [f"page {rang} sur {pages}" in page.extract_text() for rang, page in enumerate(pdf.pages, start=1)]
    assert pieds == [True] * pages


# --- La page ----------------------------------------------------------------------------------------------------------


def test_qui_lit_le_carnet_l_imprime_et_les_entrees_ne_vont_qu_a_qui_les_lit():
    with time_machine.travel(ATTESTATION, tick=False):
        monde = factories.avec_carnet(("B3",))
        publier(monde, "Un accueil mené seul.")
        rh = comptes.avec_role(NatureRole.RH, organisme=monde.organisme)
        lus = {
            qui: texte(client(acteur).get(f"/carnet/{monde.dossier}/carnet.pdf").content)
            for qui, acteur in (("candidat", monde.candidat), ("tuteur", monde.tuteur), ("rh", rh))
        }
        reponse = client(monde.candidat).get(f"/carnet/{monde.dossier}/carnet.pdf")
    assert {qui: "Un accueil mené seul." in lu for qui, lu in lus.items()} == {
        "candidat": True, "tuteur": True, "rh": False,
    }  # fmt: skip
    assert "elles ne sont pas dans cet exemplaire" in lus["rh"]
    assert (reponse["Content-Type"], reponse["Cache-Control"]) == ("application/pdf", "private, no-store")


def test_ni_un_autre_organisme_ni_une_autre_methode():
    with time_machine.travel(ATTESTATION, tick=False):
        monde = factories.avec_carnet(("B3",))
        adresse = f"/carnet/{monde.dossier}/carnet.pdf"
        assert client(comptes.gestionnaire(comptes.organisme())).get(adresse).status_code == 404
        assert client(monde.candidat).post(adresse).status_code == 405
