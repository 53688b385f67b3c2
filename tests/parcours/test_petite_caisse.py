"""Une petite caisse de cinquante personnes, où deux évaluateurs seulement sont admissibles : sa gestionnaire s'organise.

Elle travaille au clavier seul ; l'évaluatrice, à la souris. Chaque page visitée passe axe, ne déborde pas, et se tait.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.core import mail
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from parchemin.comptes import services as comptes_services
from parchemin.comptes.enums import GenreDeLien, NatureRole, QualiteRegistre
from parchemin.comptes.models import Personne
from parchemin.comptes.tests import factories as comptes
from parchemin.comptes.tests.factories import JADIS
from parchemin.convocations import services as convocations
from parchemin.parcours import services as parcours
from parchemin.parcours.enums import GenreEtape, Voie
from parchemin.parcours.tests import factories as dossiers
from parchemin.parcours.tests.factories import INSCRIPTION, Monde
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.annonces import ecouler
from parchemin.socle.horloge import jour_civil, maintenant
from parchemin.socle.typographie import date_en_clair
from tests.parcours.postes import ALaSouris, AuClavier, Poste

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.lent]

METIER, CERTIFICATEUR = NatureRole.EVALUATEUR_METIER, NatureRole.EVALUATEUR_CERTIFICATEUR
CINQUANTE = 50
MOTIF_INTIME = "C'est mon ancien beau-frère."


@dataclass
class Scene:
    """La caisse, ses personnes par leur prénom, et ce qui s'y passe."""

    monde: Monde
    gens: dict[str, Acteur]
    arriver: Callable[[str], Poste]
    epreuve: str = ""
    courriels: list[tuple[str, str]] = field(default_factory=list)

    @property
    def gestionnaire(self) -> Poste:
        """La gestionnaire, à son clavier."""
        return self.arriver("Gisèle")

    def laisser_travailler(self) -> None:
        """Le worker fait ce qui attend ; on garde les courriels partis (objet, texte)."""
        mail.outbox.clear()
        ecouler()
        self.courriels = [(str(message.subject), str(message.body)) for message in mail.outbox]


@pytest.fixture
def scene(live_server: LiveServer, browser: Browser) -> Iterator[Scene]:
    """Camille, en VAE, a déposé son dossier de validation : elle n'a pas de carnet. Autour d'elle, treize personnes évaluent ; presque toutes lui sont liées."""
    caisse = comptes.organisme("Caisse de la Haute-Vallée")
    monde = dossiers.monde(("B3",), organisme=caisse, nom="Fontanel", voie=Voie.VAE)
    parcours.inscrire_etape(
        dossier=monde.dossier, genre=GenreEtape.VALIDATION, le=date(2026, 3, 2), auteur=monde.gestionnaire,
        maintenant=INSCRIPTION,
    )  # fmt: skip
    gens = {"Gisèle": monde.gestionnaire, "Camille": monde.candidat, "Théo": monde.tuteur, "Maud": monde.manager}
    for prenom, nom, role in (
        ("Hugo", "Bernard", METIER), ("Yann", "Quintin", METIER), ("Raphaël", "Leduc", METIER), ("Nadia", "Orsel", METIER),
        ("Paul", "Vidal", METIER), ("Odile", "Marin", METIER), ("Denis", "Roux", METIER), ("Bruno", "Sicard", METIER),
        ("Salomé", "Petit", CERTIFICATEUR), ("Lise", "Comte", CERTIFICATEUR),
    ):  # fmt: skip
        organisme = caisse if role == METIER else None
        gens[prenom] = comptes.avec_role(role, organisme, prenom, nom)
    gens["Marc"] = comptes.avec_role(CERTIFICATEUR, comptes.organisme("Caisse sans convention"), "Marc", "Aubry")
    for qui in ("Théo", "Maud"):
        comptes_services.donner_role(
            personne=gens[qui].id, nature=METIER, organisme=caisse, auteur=SYSTEME, maintenant=JADIS
        )
    _lier_et_ecarter(monde, gens)
    while (rang := Personne.objects.count()) < CINQUANTE:
        comptes.personne("Employé", f"n° {rang}")
    comptes.compte(gens["Gisèle"])
    ecouler()
    postes: dict[str, Poste] = {}

    def arriver(prenom: str) -> Poste:
        if prenom not in postes:
            contexte = browser.new_context(locale="fr-FR", timezone_id="Europe/Paris", reduced_motion="reduce")
            contexte.set_default_timeout(15_000)
            facon = AuClavier if prenom == "Gisèle" else ALaSouris
            postes[prenom] = facon(contexte.new_page(), live_server.url)
            postes[prenom].entrer(gens[prenom])
        return postes[prenom]

    yield Scene(monde, gens, arriver)
    bruits = {prenom: poste.bruits for prenom, poste in postes.items() if poste.bruits}
    fautes = {prenom: poste.fautes for prenom, poste in postes.items() if poste.fautes}
    for poste in postes.values():
        poste.page.context.close()
    assert (bruits, fautes) == ({}, {})


def test_une_petite_caisse_s_organise(scene: Scene) -> None:
    quand_la_gestionnaire_planifie_l_epreuve(scene)
    alors_la_page_ne_propose_que_ceux_que_rien_n_ecarte(scene)
    et_elle_dit_ce_qui_ecarte_chacun_sans_dire_la_nature_d_un_lien_personnel(scene)
    quand_elle_cherche_un_nom_alors_la_page_repond_meme_d_un_ecarte(scene)

    quand_un_lien_nait_sous_ses_yeux_alors_le_refus_le_nomme_et_propose_qui_remplacer(scene)
    quand_elle_choisit_les_deux_qui_restent_ils_sont_affectes(scene)

    quand_un_responsable_change_tard_alors_elle_est_avertie(scene)
    quand_elle_annule_le_lien_saisi_a_tort_alors_plus_rien_n_est_a_verifier(scene)

    quand_l_evaluatrice_se_declare_liee_elle_se_retire(scene)
    alors_il_n_y_a_plus_personne_et_la_page_dit_quoi_faire(scene)


# --- l'épreuve ----------------------------------------------------------------------------------------------------------


def quand_la_gestionnaire_planifie_l_epreuve(scene: Scene) -> None:
    poste = scene.gestionnaire
    poste.suivre(poste.lien("Ouvrir le dossier"))
    poste.suivre(poste.lien("Planifier"))
    poste.dater(poste.champ("Jour"), _le_jour_de_l_epreuve())
    poste.ecrire(poste.champ("Heure"), "0930AM")
    poste.ecrire(poste.champ("Lieu"), "Accueil, guichet 2")
    poste.suivre(poste.bouton("Planifier"))
    poste.lire("Il reste à affecter ses deux évaluateurs")
    scene.epreuve = poste.epreuve


def alors_la_page_ne_propose_que_ceux_que_rien_n_ecarte(scene: Scene) -> None:
    assert _proposes(scene.gestionnaire) == {
        "Représentant métier": ["Hugo Bernard", "Yann Quintin"],
        "Organisme certificateur": ["Salomé Petit"],
    }


def et_elle_dit_ce_qui_ecarte_chacun_sans_dire_la_nature_d_un_lien_personnel(scene: Scene) -> None:
    poste = scene.gestionnaire
    hier = jour_civil(maintenant()) - timedelta(days=1)
    noms = {"Théo": _nom(scene.gens["Théo"]), "Maud": _nom(scene.gens["Maud"])}
    poste.presser(poste.page.locator("details.mot > summary").nth(0))
    poste.presser(poste.page.locator("details.mot > summary").nth(1))
    assert _ecartes(poste) == {
        noms["Théo"]: "Tuteur du candidat, maintenant ou auparavant, pour ce parcours",
        noms[
            "Maud"
        ]: "Manager du candidat, maintenant ou auparavant, pour ce parcours ; lien hiérarchique avec le candidat",
        "Raphaël Leduc": "Lien hiérarchique avec le candidat",
        "Nadia Orsel": "Formateur du candidat",
        "Paul Vidal": "Lien personnel avec le candidat",
        "Odile Marin": f"N’a plus ce rôle depuis le {_une_espace(date_en_clair(hier))}",
        "Denis Roux": "Son habilitation personnelle, au registre, ne vaut pas à cette date",
        "Bruno Sicard": "Récusé par le candidat, récusation accueillie",
        "Lise Comte": "Accompagnateur du candidat",
        "Marc Aubry": "Son organisme n’est pas habilité pour ce bloc à cette date",
    }
    poste.ne_pas_lire("beau-frère")


def quand_elle_cherche_un_nom_alors_la_page_repond_meme_d_un_ecarte(scene: Scene) -> None:
    poste = scene.gestionnaire
    poste.ecrire(poste.champ("Chercher : représentant métier"), "led")
    poste.suivre(poste.bouton("Chercher"))
    poste.lire("Aucun évaluateur admissible ne porte ce nom")
    assert _ecartes(poste, ouverts=True)["Raphaël Leduc"] == "Lien hiérarchique avec le candidat"
    poste.ecrire(poste.champ("Chercher : représentant métier"), "quint")
    poste.suivre(poste.bouton("Chercher"))
    assert _proposes(poste)["Représentant métier"] == ["Yann Quintin"]


# --- affecter -----------------------------------------------------------------------------------------------------------


def quand_un_lien_nait_sous_ses_yeux_alors_le_refus_le_nomme_et_propose_qui_remplacer(scene: Scene) -> None:
    poste = scene.gestionnaire
    _lier(scene.gens["Raphaël"], scene.gens["Yann"])  # les ressources humaines, ailleurs : Yann encadre Raphaël
    poste.choisir(poste.champ("Représentant métier"), "Quintin")
    poste.choisir(poste.champ("Organisme certificateur"), "Petit")
    poste.suivre(poste.bouton("Affecter"))
    poste.lire("Yann Quintin ne peut pas évaluer cette épreuve : lien hiérarchique avec le candidat")
    poste.lire("Peuvent la remplacer : Hugo Bernard.")
    expect(poste.champ("Organisme certificateur")).to_have_value(str(scene.gens["Salomé"].id))  # rien n'est perdu


def quand_elle_choisit_les_deux_qui_restent_ils_sont_affectes(scene: Scene) -> None:
    poste = scene.gestionnaire
    poste.ecrire(poste.champ("Chercher : représentant métier"), "")
    poste.suivre(poste.bouton("Chercher"))
    poste.choisir(poste.champ("Représentant métier"), "Bernard")
    poste.suivre(poste.bouton("Affecter"))
    poste.lire("Les deux évaluateurs sont affectés")
    scene.laisser_travailler()
    assert scene.courriels == []  # ni l'un ni l'autre n'a d'adresse : rien ne part, et rien ne casse


# --- un responsable change tard -----------------------------------------------------------------------------------------


def quand_un_responsable_change_tard_alors_elle_est_avertie(scene: Scene) -> None:
    poste = scene.gestionnaire
    poste.ouvrir(f"/comptes/personnes/{scene.gens['Camille'].id}/liens/")
    poste.suivre(poste.lien("Ajouter un lien"))
    poste.ecrire(poste.champ("Avec qui"), "bernard")
    poste.suivre(poste.bouton("Chercher"))
    poste.cocher(poste.champ("Hugo Bernard"))
    poste.choisir(poste.champ("Genre du lien"), "hiérarchique")
    poste.cocher(poste.champ("Cette personne encadre, forme ou accompagne"))
    poste.suivre(poste.bouton("Enregistrer ce lien"))
    scene.laisser_travailler()
    ((objet, texte),) = scene.courriels
    assert objet.endswith("Un évaluateur est à remplacer")
    assert [mot for mot in ("Hugo", "Bernard", "hiérarchique") if mot in texte] == []
    poste.ouvrir("/")
    poste.lire("Remplacer un évaluateur de Camille Fontanel, bloc 3")
    poste.suivre(poste.lien("Vérifier"))
    poste.lire("Hugo Bernard ne peut plus évaluer cette épreuve : lien hiérarchique avec le candidat")
    poste.suivre(poste.lien("Changer les évaluateurs"))
    poste.lire("Personne n’est admissible comme représentant métier")


def quand_elle_annule_le_lien_saisi_a_tort_alors_plus_rien_n_est_a_verifier(scene: Scene) -> None:
    poste = scene.gestionnaire
    poste.suivre(poste.lien("la page des liens du candidat"))
    du_lien = poste.page.locator("li", has_text="Hugo Bernard")
    poste.presser(du_lien.locator("summary"))
    poste.ecrire(du_lien.get_by_label("Déclaré à tort"), "C'était un homonyme.")
    poste.suivre(du_lien.get_by_role("button", name="Annuler ce lien"))
    scene.laisser_travailler()
    poste.ouvrir("/")
    poste.ne_pas_lire("Remplacer un évaluateur")
    poste.ouvrir(f"/epreuves/{scene.epreuve}/")
    poste.ne_pas_lire("Indépendance à vérifier")


# --- il n'y a plus personne ---------------------------------------------------------------------------------------------


def quand_l_evaluatrice_se_declare_liee_elle_se_retire(scene: Scene) -> None:
    poste = scene.arriver("Salomé")
    poste.suivre(poste.lien("Épreuves"))
    poste.suivre(poste.lien("Camille Fontanel"))
    poste.suivre(poste.lien("Remplir ma grille"))
    poste.lire("dites si quelque chose vous lie à Camille Fontanel")
    poste.cocher(poste.champ("J'ai un lien personnel avec lui"))
    poste.suivre(poste.bouton("Signer ma déclaration"))
    poste.lire("Vous n'évaluez plus ce candidat")
    poste.ne_pas_lire("Camille Fontanel")
    scene.laisser_travailler()
    ((objet, texte),) = scene.courriels
    assert objet.endswith("Il manque un évaluateur à une épreuve")
    assert [mot for mot in ("Salomé", "personnel") if mot in texte] == []


def alors_il_n_y_a_plus_personne_et_la_page_dit_quoi_faire(scene: Scene) -> None:
    poste = scene.gestionnaire
    poste.ouvrir("/")
    poste.lire("Hugo Bernard reste affecté ; un évaluateur du certificateur n’évalue plus, et attend son remplaçant")
    poste.suivre(poste.lien("Affecter"))
    poste.lire("Il manque quelqu’un pour évaluer")
    poste.lire("Personne n’est admissible comme organisme certificateur ou son délégué")
    assert _ecartes(poste, ouverts=True)["Salomé Petit"] == "S’est déclaré lié au candidat"
    expect(poste.page.get_by_role("button", name="Affecter", exact=True)).to_have_count(0)
    for ou_aller, titre in (
        ("les personnes", "Personnes"),
        ("le registre des évaluateurs", "Registre"),
        ("les habilitations d’organisme", "Habilitations"),
        ("annuler l’épreuve", "Annuler l’épreuve"),
    ):
        poste.suivre(poste.lien(ou_aller))
        expect(poste.page.get_by_role("heading", level=1)).to_contain_text(titre)
        poste.ouvrir(f"/epreuves/{scene.epreuve}/evaluateurs/")


# --- ce qu'il faut pour le raconter -------------------------------------------------------------------------------------


def _lier_et_ecarter(monde: Monde, gens: dict[str, Acteur]) -> None:
    """Ce qui lie chacun à Camille : un lien, une récusation, un rôle fini, une habilitation échue."""
    _lier(gens["Camille"], gens["Maud"])
    _lier(gens["Maud"], gens["Raphaël"])
    for prenom, genre in (
        ("Nadia", GenreDeLien.FORMATION),
        ("Paul", GenreDeLien.PERSONNEL),
        ("Lise", GenreDeLien.ACCOMPAGNEMENT),
    ):
        _lier(gens["Camille"], gens[prenom], genre)
    comptes_services.inscrire_au_registre(
        personne=gens["Denis"].id, qualite=QualiteRegistre.EVALUATEUR_METIER, metier="Attestation d'emploi",
        formation="Deux jours", formee_le=date(2025, 9, 1), habilitee_le=date(2025, 9, 1),
        renouveler_le=jour_civil(maintenant()), auteur=SYSTEME, maintenant=JADIS,
    )  # fmt: skip
    hier = maintenant() - timedelta(days=1)
    (role,) = Personne.objects.get(pk=gens["Odile"].id).roles.all()
    comptes_services.retirer_role(role=role.pk, auteur=SYSTEME, maintenant=hier)
    _recuser(monde, gens["Bruno"], gens["Salomé"])


def _recuser(monde: Monde, metier: Acteur, certificateur: Acteur) -> None:
    """Une première épreuve, où Camille récuse Bruno ; sa récusation est accueillie, l'épreuve annulée."""
    avant = {"auteur": monde.gestionnaire, "maintenant": maintenant() - timedelta(days=3)}
    epreuve = convocations.planifier_epreuve(
        dossier=monde.dossier, bloc="B3", prevue_le=maintenant(), lieu="Accueil", **avant
    )
    convocations.affecter_evaluateurs(epreuve=epreuve, metier=metier.id, certificateur=certificateur.id, **avant)
    recusation = convocations.recuser(
        epreuve=epreuve, evaluateur=metier.id, motif=MOTIF_INTIME, **(avant | {"auteur": monde.candidat})
    )
    convocations.trancher(recusation=recusation, vers="accueillie", motif="Entendu.", **avant)
    convocations.annuler_epreuve(epreuve=epreuve, motif="À replanifier.", **avant)


def _lier(de: Acteur, vers: Acteur, genre: GenreDeLien = GenreDeLien.HIERARCHIQUE) -> None:
    comptes_services.declarer_lien(
        de=de.id, vers=vers.id, genre=genre, du=None, au=None, auteur=SYSTEME, maintenant=maintenant()
    )


def _le_jour_de_l_epreuve() -> date:
    return jour_civil(maintenant()) + timedelta(days=10)


def _nom(acteur: Acteur | UUID) -> str:
    return str(Personne.objects.get(pk=getattr(acteur, "id", acteur)))


def _proposes(poste: Poste) -> dict[str, list[str]]:
    """Les noms de chaque menu, sans « Choisir… » ni les charges."""
    return {
        qualite: [
            _une_espace(libelle).split(" — ")[0]
            for libelle in poste.champ(qualite).locator("option").all_inner_texts()[1:]
        ]
        for qualite in ("Représentant métier", "Organisme certificateur")
    }


def _ecartes(poste: Poste, *, ouverts: bool = False) -> dict[str, str]:
    """Ce qui se lit des personnes écartées : nom, raison. `ouverts` : la page les montre déjà, sans qu'on les ouvre."""
    volets = poste.page.locator("details.mot[open]")
    if ouverts:
        expect(volets.first).to_be_visible()
    return {
        _une_espace(ligne.locator("td, th").nth(0).inner_text()): _une_espace(
            ligne.locator("td, th").nth(1).inner_text()
        )
        for ligne in volets.locator("tbody tr").all()
    }


def _une_espace(texte: str) -> str:
    return " ".join(texte.replace("'", "’").split())
