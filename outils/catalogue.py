"""Toutes les pages de la démonstration : ce que l'on photographie, et ce que l'on vérifie dans un vrai navigateur.

Ne se lit qu'une fois Django chargé, sur une base où la cohorte est composée.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from parchemin.comptes.selectors import imports_liens_en_attente, organismes, personnes, registre_habilitations
from parchemin.convocations.enums import Qualite
from parchemin.convocations.selectors import VueSite, epreuves_du_dossier, plans_tenus, sites_tenus, vues_sites
from parchemin.demonstration.selectors import lire_recit
from parchemin.demonstration.services import imports
from parchemin.evaluation.selectors import ressaisies
from parchemin.parcours.selectors import (
    blocs_acquis,
    dossiers,
    dossiers_par_ids,
    imports_candidats_en_attente,
    imports_faits,
    imports_reprise_en_attente,
    mutation_en_cours,
    titulaires_repris,
)
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.horloge import jour_civil, maintenant


@dataclass(frozen=True, slots=True)
class Page:
    """Une page : son nom (celui de l'image), la clé de qui l'ouvre (vide : personne), son adresse, le code attendu."""

    nom: str
    compte: str
    adresse: str
    statut: int = 200

    @property
    def courriel(self) -> str:
        """Le courriel de qui l'ouvre."""
        return lire_recit().personnes[self.compte].courriel if self.compte else ""


TAILLES = {"telephone": (390, 844), "tablette": (820, 1180), "ordinateur": (1280, 900)}


def catalogue() -> tuple[Page, ...]:
    """Les pages, par parcours : publiques, gestionnaire, carnet, évaluateurs, candidats, administrateur, erreurs."""
    return (
        *_publiques(),
        *_gestionnaire(),
        *_convocations(),
        *_carnet(),
        *_lieux(),
        *_plans(),
        *_evaluateurs(),
        *_candidats(),
        *_administrateur(),
        *_personnes(),
        *_organismes(),
        *_independance(),
        *_son_compte(),
        *_journal(),
        *_erreurs(),
    )


def _publiques() -> list[Page]:
    version = ["cqp-cos", "2021"]
    return [
        Page("connexion", "", reverse("account_login")),
        Page("hors-ligne", "", reverse("evaluation:hors_ligne")),
        Page("courriels-de-la-demonstration", "", reverse("demonstration_courriels")),
        Page("mot-de-passe-oublie", "", reverse("account_reset_password")),
        Page("referentiels", "", reverse("referentiels:liste")),
        Page("referentiel", "", reverse("referentiels:version", args=version)),
        Page("referentiel-recherche", "", reverse("referentiels:version", args=version) + "?q=reglementaire"),
        Page("reglement", "", reverse("referentiels:reglement", args=version)),
    ]


def _mutation(cle: str) -> UUID:
    """La mutation proposée du dossier de ce candidat."""
    proposee = mutation_en_cours(SYSTEME, _dossier(cle))
    assert proposee is not None, cle
    return proposee.id


def _gestionnaire() -> list[Page]:
    qui = "heloise.vasseur"
    return [
        Page("gestionnaire-accueil", qui, reverse("accueil")),
        Page("gestionnaire-caisse-accueil", "bertrand.le-goff", reverse("accueil")),
        Page("candidats", qui, reverse("parcours:liste")),
        Page("candidats-recherche", qui, reverse("parcours:liste") + "?q=nguyen"),
        Page("candidats-rien", qui, reverse("parcours:liste") + "?q=personne"),
        Page("inscrire", "ines.benhaddou", reverse("parcours:inscrire")),
        Page("designer", "bertrand.le-goff", reverse("parcours:designer", args=[_dossier("thomas.abel")])),
        Page("corriger", "bertrand.le-goff", reverse("parcours:corriger", args=[_dossier("thomas.abel")])),
        Page("version", "bertrand.le-goff", reverse("parcours:version", args=[_dossier("thomas.abel")])),
        Page("mutation", "bertrand.le-goff", reverse("parcours:mutation", args=[_dossier("thomas.abel")])),
        Page("accueillir", "bertrand.le-goff", reverse("parcours:accueillir", args=[_mutation("lou.elan")])),
        Page("mutation-proposee", "ines.benhaddou", reverse("parcours:mutation", args=[_dossier("lou.elan")])),
        Page("dossier-parti", "ines.benhaddou", reverse("parcours:parti", args=[_dossier("benoit.charpentier")])),
        Page("amenager", "bertrand.le-goff", reverse("parcours:amenager", args=[_dossier("linh.nguyen")])),
        Page("reconnaitre", "ines.benhaddou", reverse("parcours:reconnaitre", args=[_dossier("solene.darc")])),
        Page("dispenser-bloc", qui, reverse("parcours:dispenser_bloc", args=[_dossier("solene.darc")])),
        Page("retirer-acquis", "ines.benhaddou", _acquis("lou.elan")),
        Page("dossier-bloc-acquis", "ines.benhaddou", reverse("dossier", args=[_dossier("lou.elan")])),
        Page("carnet-bloc-acquis", "ines.benhaddou", reverse("carnet:voir", args=[_dossier("lou.elan")])),
        Page("etat-civil", "bertrand.le-goff", reverse("parcours:etat_civil", args=[_dossier("camille.zoe")])),
        Page("etat-civil-a-regarder", "ines.benhaddou", reverse("parcours:etat_civil", args=[_dossier("lou.elan")])),
        Page("etat-civil-vide", "bertrand.le-goff", reverse("parcours:etat_civil", args=[_dossier("thomas.abel")])),
        Page("candidats-importer", "ines.benhaddou", reverse("parcours:importer")),
        *_imports_de_candidats(),
        Page("titulaires", qui, reverse("parcours:titulaires")),
        Page("titulaires-recherche", qui, reverse("parcours:titulaires") + "?q=abgrall"),
        Page("titulaires-rien", qui, reverse("parcours:titulaires") + "?q=personne"),
        Page("titulaires-retirer", qui, _repris("COS-2021-003")),
        Page("titulaires-reprendre", qui, reverse("parcours:reprendre")),
        Page("titulaires-confirmer", qui, _reprise(qui)),
        Page("lieux", qui, reverse("parcours:lieux")),
        Page("etape-vae", "ines.benhaddou", reverse("parcours:etape_vae", args=[_dossier("loic.gueguen")])),
        Page("dossier-vae", "ines.benhaddou", reverse("dossier", args=[_dossier("loic.gueguen")])),
        Page("abandonner", "bertrand.le-goff", reverse("parcours:abandonner", args=[_dossier("thomas.abel")])),
        *(
            Page(f"dossier-{cle.rpartition('.')[2]}", qui, reverse("dossier", args=[_dossier(cle)]))
            for cle in (
                "thomas.abel",
                "camille.zoe",
                "solene.darc",
                "linh.nguyen",
                "anais.muller",
                "jean-baptiste.ndiaye",
                "benoit.charpentier",
            )
        ),
        Page("epreuves", qui, reverse("convocations:liste")),
        Page("planifier", qui, reverse("convocations:planifier", args=[_dossier("solene.darc"), "B1"])),
        Page("affecter", qui, reverse("convocations:affecter", args=[_epreuve("mathilde.le-berre", "B3")])),
        Page(
            "affecter-recherche",
            qui,
            reverse("convocations:affecter", args=[_epreuve("mathilde.le-berre", "B3")]) + "?metier_cherche=le",
        ),
        Page(
            "affecter-rien-ne-repond",
            qui,
            reverse("convocations:affecter", args=[_epreuve("mathilde.le-berre", "B3")]) + "?metier_cherche=zzzz",
        ),
        Page("annuler", qui, reverse("convocations:annuler", args=[_epreuve("linh.nguyen", "B1")])),
        Page("incident-suite", qui, reverse("convocations:suite", args=[_epreuve("elodie.ferreira", "B3")])),
        Page("epreuve-suspendue", qui, reverse("evaluation:voir", args=[_epreuve("elodie.ferreira", "B3")])),
        Page("papier", qui, reverse("evaluation:papier", args=[_epreuve("karim.ait-ahmed", "B4")])),
        Page("papier-ouvrir", qui, reverse("evaluation:ouvrir_papier", args=[_epreuve("linh.nguyen", "B1"), "metier"])),
        Page(
            "papier-saisir",
            qui,
            reverse("evaluation:saisir_papier", args=[_ressaisie("karim.ait-ahmed", "B4", Qualite.METIER)]),
        ),
        Page(
            "papier-regler",
            qui,
            reverse("evaluation:regler_papier", args=[_ressaisie("karim.ait-ahmed", "B4", Qualite.CERTIFICATEUR)]),
        ),
        Page("epreuve-a-confirmer", qui, reverse("evaluation:voir", args=[_epreuve("elodie.ferreira", "B2")])),
        Page("epreuve-planifiee", qui, reverse("evaluation:voir", args=[_epreuve("linh.nguyen", "B1")])),
        Page("epreuve-lectures-a-accorder", qui, reverse("evaluation:voir", args=[_epreuve("elodie.ferreira", "B1")])),
        Page("suites", qui, reverse("evaluation:suites", args=[_epreuve("karim.ait-ahmed", "B3")])),
        Page("second-regard-a-confier", qui, _regard("jean-baptiste.ndiaye", "B3")),
        Page("second-regard-rendu", qui, _regard("mathilde.le-berre", "B1")),
        Page("referentiel-aides", "noemie.sorensen", reverse("referentiels:aides", args=["cqp-cos", "2021", "B1"])),
        Page("epreuve-accordee", qui, reverse("evaluation:voir", args=[_epreuve("mathilde.le-berre", "B1")])),
    ]


def _plans() -> list[Page]:
    qui = "ines.benhaddou"
    (un,) = plans_tenus(Acteur(_personne(qui)), jour_civil(maintenant()))
    return [
        Page("plans", qui, reverse("convocations:plans")),
        Page("plan", qui, reverse("convocations:plan", args=[un.pk])),
        Page("plan-epreuve", qui, reverse("convocations:plan_epreuve", args=[un.pk, _dossier("solene.darc"), "B1"])),
        Page("plan-adopter", qui, reverse("convocations:adopter", args=[un.pk])),
    ]


def _lieux() -> list[Page]:
    qui = "bertrand.le-goff"
    un = _site("Site de Montferrier")
    return [
        Page("sites", qui, reverse("convocations:sites")),
        Page("sites-d-une-autre-caisse", "ines.benhaddou", reverse("convocations:sites")),
        Page("site", qui, reverse("convocations:site", args=[un.id])),
        Page("semaine", qui, reverse("convocations:semaine", args=[un.id]) + f"?du={_jour_de('linh.nguyen', 'B2')}"),
        Page("site-ajouter", qui, reverse("convocations:nouveau_site")),
        Page("site-modifier", qui, reverse("convocations:modifier_site", args=[un.id])),
        Page("site-fermer", qui, reverse("convocations:fermer_site", args=[un.id])),
        Page("salle-ajouter", qui, reverse("convocations:ajouter_salle", args=[un.id])),
        Page("salle-modifier", qui, reverse("convocations:modifier_salle", args=[un.salles[0].id])),
        Page("trajets", qui, reverse("convocations:trajets", args=[un.id])),
        Page("deplacer", qui, reverse("convocations:deplacer", args=[_epreuve("linh.nguyen", "B2")])),
        Page("disponibilites", "yann.quemener", reverse("convocations:mes_disponibilites")),
        Page("disponibilites-absence", "aminata.coulibaly", reverse("convocations:mes_disponibilites")),
        Page("disponibilites-rien-dit", "pauline.garcon", reverse("convocations:mes_disponibilites")),
        Page(
            "disponibilites-d-un-autre",
            "heloise.vasseur",
            reverse("convocations:disponibilites", args=[_personne("yann.quemener")]),
        ),
    ]


def _convocations() -> list[Page]:
    aujourdhui, silence = _epreuve("linh.nguyen", "B1"), _epreuve("mathilde.le-berre", "B2")
    return [
        Page("convocations-passees", "ines.benhaddou", _convoquer(_epreuve("elodie.ferreira", "B1"))),
        Page("convocations-acceptees", "bertrand.le-goff", _convoquer(_epreuve("linh.nguyen", "B2"))),
        Page("convocations-refusee", "ines.benhaddou", _convoquer(_epreuve("margaux.oeuvrard", "B2"))),
        Page("convocations-retiree", "ines.benhaddou", _convoquer(_epreuve("loic.gueguen", "B4"))),
        Page("convoquer", "bertrand.le-goff", _convoquer(_epreuve("mathilde.le-berre", "B4"))),
        Page("convocations-trop-tard", "bertrand.le-goff", _convoquer(_epreuve("linh.nguyen", "B3"))),
        Page("suivi", "bertrand.le-goff", reverse("convocations:suivi")),
        Page("suivi-partout", "heloise.vasseur", reverse("convocations:suivi")),
        Page("ma-convocation", "mathilde.le-berre", reverse("convocations:repondre", args=[silence])),
        Page("ma-convocation-evaluateur", "pauline.garcon", reverse("convocations:repondre", args=[silence])),
        Page("convocation-lien-clos", "", reverse("convocations:reponse", args=["jeton-inconnu"]), 410),
        Page("presence", "pauline.garcon", reverse("convocations:presence", args=[aujourdhui])),
        Page("presence-la-veille", "bertrand.le-goff", reverse("convocations:presence", args=[silence])),
        Page("calendrier-prive", "xavier.lhostis", reverse("convocations:calendrier")),
    ]


def _convoquer(epreuve: UUID) -> str:
    return reverse("convocations:convocations", args=[epreuve])


def _carnet() -> list[Page]:
    return [
        Page("tuteur-accueil", "gaelle.kervella", reverse("accueil")),
        Page("mes-courriels", "gaelle.kervella", reverse("mes_courriels")),
        Page("tuteur-dossier", "gaelle.kervella", reverse("dossier", args=[_dossier("camille.zoe")])),
        Page("manager-accueil", "fabrice.da-silva", reverse("accueil")),
        Page("manager-rien-a-faire", "claire.de-la-tour", reverse("accueil")),
        Page("carnet-tuteur", "gaelle.kervella", reverse("carnet:voir", args=[_dossier("camille.zoe")])),
        Page("carnet-neuf", "marie-ange.peyrac", reverse("carnet:voir", args=[_dossier("lou.elan")])),
        Page("attester", "gaelle.kervella", reverse("carnet:attester", args=[_dossier("camille.zoe")])),
        Page("retirer", "gaelle.kervella", reverse("carnet:retirer", args=[_dossier("camille.zoe"), "C1.1"])),
        Page("carnet-candidat", "camille.zoe", reverse("carnet:voir", args=[_dossier("camille.zoe")])),
        Page("carnet-demander", "camille.zoe", reverse("carnet:demander", args=[_dossier("camille.zoe")])),
        Page("carnet-demander-plein", "lou.elan", reverse("carnet:demander", args=[_dossier("lou.elan")])),
        Page("carnet-gele", "bertrand.le-goff", reverse("carnet:voir", args=[_dossier("camille.zoe")])),
        Page("carnet-lever", "bertrand.le-goff", reverse("carnet:lever", args=[_dossier("camille.zoe")])),
        Page("carnet-entrees", "camille.zoe", reverse("carnet:entrees", args=[_dossier("camille.zoe")])),
        Page("carnet-entrees-lues", "gaelle.kervella", reverse("carnet:entrees", args=[_dossier("camille.zoe")])),
        Page("carnet-entrees-vides", "lou.elan", reverse("carnet:entrees", args=[_dossier("lou.elan")])),
        Page("carnet-ecrire", "camille.zoe", reverse("carnet:ecrire", args=[_dossier("camille.zoe")])),
        Page("carnet-dispenser", "bertrand.le-goff", reverse("carnet:dispenser", args=[_dossier("camille.zoe")])),
        Page(
            "carnet-retirer-dispense",
            "bertrand.le-goff",
            reverse("carnet:retirer_dispense", args=[_dossier("camille.zoe"), "B2"]),
        ),
        Page("lien-clos", "", reverse("carnet:lien", args=["jeton-inconnu"]), 410),
    ]


def _evaluateurs() -> list[Page]:
    en_cours = _epreuve("margaux.oeuvrard", "B1")
    a_accorder = _epreuve("elodie.ferreira", "B1")
    return [
        Page("evaluateur-accueil", "raphael.lefevre", reverse("accueil")),
        Page("evaluateur-journee", "xavier.lhostis", reverse("evaluation:journee")),
        Page("evaluateur-epreuves", "xavier.lhostis", reverse("convocations:liste")),
        Page("epreuve-en-cours", "raphael.lefevre", reverse("evaluation:voir", args=[en_cours])),
        Page("grille", "raphael.lefevre", reverse("evaluation:grille", args=[en_cours])),
        Page(
            "grille-expose", "raphael.lefevre", reverse("evaluation:grille", args=[_epreuve("margaux.oeuvrard", "B2")])
        ),
        Page(
            "grille-questions",
            "raphael.lefevre",
            reverse("evaluation:grille", args=[en_cours]) + "?vue=questions",
        ),
        Page("facon-de-noter", "raphael.lefevre", reverse("evaluation:facon")),
        Page("grille-scellee", "yann.quemener", reverse("evaluation:grille", args=[_epreuve("karim.ait-ahmed", "B3")])),
        Page(
            "papier-evaluateur", "yann.quemener", reverse("evaluation:papier", args=[_epreuve("karim.ait-ahmed", "B4")])
        ),
        Page("incident-signaler", "raphael.lefevre", reverse("convocations:signaler", args=[en_cours])),
        Page(
            "incident-consigner",
            "pauline.garcon",
            reverse("convocations:signaler", args=[_epreuve("mathilde.le-berre", "B1")]),
        ),
        Page(
            "incident-consigne",
            "pauline.garcon",
            reverse("evaluation:voir", args=[_epreuve("mathilde.le-berre", "B1")]),
        ),
        Page("clore-incomplete", "raphael.lefevre", reverse("evaluation:clore", args=[en_cours])),
        Page("second-regard-a-rendre", "aminata.coulibaly", _regard("loic.gueguen", "B2")),
        Page("second-regard-relu", "jean-noel.peres", _regard("mathilde.le-berre", "B1")),
        Page("evaluateur-second-regard", "aminata.coulibaly", reverse("accueil")),
        Page("confirmer", "sabrina.haddad", reverse("evaluation:voir", args=[_epreuve("elodie.ferreira", "B2")])),
        Page(
            "clore-avec-exception",
            "sabrina.haddad",
            reverse("evaluation:clore", args=[_epreuve("elodie.ferreira", "B4")]),
        ),
        Page(
            "grille-durees-amenagees",
            "pauline.garcon",
            reverse("evaluation:grille", args=[_epreuve("linh.nguyen", "B1")]),
        ),
        Page("accord", "sabrina.haddad", reverse("evaluation:voir", args=[a_accorder])),
    ]


def _candidats() -> list[Page]:
    resultats = ("mathilde.le-berre", "jean-baptiste.ndiaye", "anais.muller", "loic.gueguen", "lou.elan")
    return [
        Page("candidat-accueil", "linh.nguyen", reverse("accueil")),
        Page("candidat-epreuve-suspendue", "elodie.ferreira", reverse("accueil")),
        Page("candidat-carnet-recu", "lou.elan", reverse("accueil")),
        Page("candidat-dossier", "margaux.oeuvrard", reverse("dossier", args=[_dossier("margaux.oeuvrard")])),
        *(
            Page(f"resultat-{cle.rpartition('.')[2]}", cle, reverse("evaluation:resultat", args=[_dossier(cle)]))
            for cle in resultats
        ),
    ]


def _administrateur() -> list[Page]:
    qui = "noemie.sorensen"
    return [
        Page("administrateur-accueil", qui, reverse("accueil")),
        Page("rh-accueil", "morgane.le-dantec", reverse("accueil")),
        Page("dpo-rien-a-faire", "tanguy.morvan", reverse("accueil")),
        Page("personnes", qui, reverse("comptes:personnes")),
        Page("personne", qui, reverse("comptes:personne", args=[_personne("gaelle.kervella")])),
        Page("personne-nouvelle", qui, reverse("comptes:nouvelle")),
        Page("organismes", qui, reverse("comptes:organismes")),
        Page("organisme-nouveau", qui, reverse("comptes:nouvel_organisme")),
        Page("style", qui, reverse("style")),
    ]


def _personnes() -> list[Page]:
    qui, visee = "heloise.vasseur", _personne("gaelle.kervella")
    pages = [
        Page(f"personne-{nom}", qui, reverse(f"comptes:{vue}", args=[visee]))
        for nom, vue in (
            ("modifier", "modifier"),
            ("depart", "partir"),
            ("reunir", "reunir"),
            ("liens", "liens"),
            ("lien-nouveau", "nouveau_lien"),
            ("habiliter", "habiliter"),
        )
    ]
    return [
        *pages,
        Page("personne-liens-pleins", qui, reverse("comptes:liens", args=[_personne("claire.de-la-tour")])),
        Page("personne-invitee", "bertrand.le-goff", reverse("comptes:personne", args=[_invitee()])),
        Page("liens-importer", qui, reverse("comptes:importer_liens")),
        Page("liens-importer-en-attente", "ines.benhaddou", reverse("comptes:importer_liens")),
        Page("liens-confirmer", "ines.benhaddou", reverse("comptes:confirmer_import_liens", args=[_import_de_liens()])),
        Page("personnes-recherche", qui, reverse("comptes:personnes") + "?q=da silva"),
        Page("personnes-rien", qui, reverse("comptes:personnes") + "?q=introuvable"),
        Page("registre", qui, reverse("comptes:registre")),
        Page("registre-a-renouveler", qui, reverse("comptes:registre") + "?etat=a_renouveler"),
        Page("deleguer", "bertrand.le-goff", reverse("comptes:deleguer")),
        Page("deleguee", "morgane.le-dantec", reverse("comptes:deleguer")),
    ]


def _organismes() -> list[Page]:
    qui = "heloise.vasseur"
    mere, caisse = _organisme("Caisse nationale"), _organisme("CAF Baie-Vermeille")
    habilitations = {vue.organisme: vue.id for vue in registre_habilitations(SYSTEME, jour_civil(maintenant()))}
    return [
        Page("organisme", qui, reverse("comptes:organisme", args=[caisse])),
        Page("organisme-parent", qui, reverse("comptes:organisme", args=[mere])),
        Page("organisme-modifier", qui, reverse("comptes:modifier_organisme", args=[caisse])),
        Page("organisme-fermer", qui, reverse("comptes:fermer_organisme", args=[caisse])),
        Page("organisme-habiliter", qui, reverse("comptes:nouvelle_habilitation", args=[mere])),
        Page("organismes-importer", qui, reverse("comptes:importer_organismes")),
        Page("habilitations", qui, reverse("comptes:habilitations")),
        Page("habilitation", qui, reverse("comptes:habilitation", args=[habilitations[caisse]])),
    ]


def _independance() -> list[Page]:
    return [
        Page(
            "declaration",
            "pauline.garcon",
            reverse("convocations:declarer", args=[_epreuve("mathilde.le-berre", "B2")]),
        ),
        Page("recuser", "linh.nguyen", reverse("convocations:recuser", args=[_epreuve("linh.nguyen", "B2")])),
    ]


def _son_compte() -> list[Page]:
    qui = "raphael.lefevre"
    return [
        Page("securite", qui, reverse("mfa_index")),
        Page("securite-sans-second-facteur", "gaelle.kervella", reverse("mfa_index")),
        Page("courriel-changer", qui, reverse("changer_courriel")),
        Page("courriel-confirmer-clos", qui, reverse("confirmer_courriel", args=["jeton-inconnu"]), 410),
        Page("cles", qui, reverse("mfa_list_webauthn")),
        Page("cle-ajouter", qui, reverse("mfa_add_webauthn")),
        Page("codes-de-secours", qui, reverse("mfa_view_recovery_codes")),
        Page("application-retirer", qui, reverse("mfa_deactivate_totp")),
        Page("application-installer", "gaelle.kervella", reverse("mfa_activate_totp")),
        Page("mot-de-passe-changer", qui, reverse("account_change_password")),
        Page("identite-reconfirmer", qui, reverse("account_reauthenticate")),
        Page("se-deconnecter", qui, reverse("account_logout")),
        Page("mot-de-passe-lien-perime", "", reverse("account_reset_password_from_key", args=["zz", "zz-zz"])),
    ]


def _journal() -> list[Page]:
    qui = "apolline.rey"
    return [
        Page("journal", qui, reverse("journal")),
        Page("journal-personne", qui, reverse("journal") + f"?personne={_personne('solene.darc')}"),
        Page("journal-choix", qui, reverse("journal") + "?qui=le"),
        Page("journal-rien", qui, reverse("journal") + "?au=2001-01-01"),
        Page("journal-illisible", qui, reverse("journal") + "?objet=rien", 422),
        Page("journal-entree", qui, reverse("journal_entree", args=["comptes", 1])),
        Page("journal-chaines", qui, reverse("journal_chaines")),
        Page("journal-dpo", "tanguy.morvan", reverse("journal")),
        Page("accessibilite", "", reverse("accessibilite")),
    ]


def _erreurs() -> list[Page]:
    return [
        Page("introuvable", "lou.elan", reverse("dossier", args=[_dossier("camille.zoe")]), 404),
        Page("interdit", "lou.elan", reverse("comptes:personnes"), 403),
        Page("invitation-inconnue", "", reverse("comptes:invitation", args=["jeton-inconnu"]), 410),
    ]


def _personne(cle: str) -> UUID:
    ecrite = lire_recit().personnes[cle]
    (ligne,) = personnes(SYSTEME, jour_civil(maintenant()), recherche=f"{ecrite.prenom} {ecrite.nom}")
    return ligne.pk


def _invitee() -> UUID:
    (ligne,) = personnes(SYSTEME, jour_civil(maintenant()), recherche="Ysaline Corvec")
    return ligne.pk


def _imports_de_candidats() -> list[Page]:
    """Ceux d'Inès, à chacun de leurs états, du fichier qui attend à l'import défait."""
    qui = "ines.benhaddou"
    elle, instant = Acteur(_personne(qui)), maintenant()
    attendent = {une.nom_fichier: une.id for une in imports_candidats_en_attente(elle, instant)}
    faits = {une.nom_fichier: une.id for une in imports_faits(elle, jour_civil(instant), 20)}

    def page(nom: str, adresse: str, importation: UUID, statut: int = 200) -> Page:
        return Page(f"candidats-import-{nom}", qui, reverse(f"parcours:{adresse}", args=[importation]), statut)

    return [
        page("colonnes", "colonnes_import", attendent[imports.COLONNES_A_DIRE]),
        page("confirmer", "confirmer_import", attendent[imports.A_CONFIRMER]),
        page("fautes", "confirmer_import", attendent[imports.DEPASSE], 422),
        page("fait", "import_fait", faits[imports.FAIT]),
        page("defaire", "defaire_import", faits[imports.FAIT]),
        page("bati", "defaire_import", faits[imports.BATI]),
        page("defait", "import_fait", faits[imports.DEFAIT]),
    ]


def _import_de_liens() -> UUID:
    """Le fichier qu'Inès a fait lire et n'a pas confirmé."""
    (en_attente,) = imports_liens_en_attente(Acteur(_personne("ines.benhaddou")), maintenant())
    return en_attente.id


def _organisme(nom_court: str) -> UUID:
    return organismes(SYSTEME, jour_civil(maintenant())).get(nom_court=nom_court).pk


def _site(nom: str) -> VueSite:
    (vue,) = vues_sites(sites_tenus(SYSTEME, jour_civil(maintenant())).filter(nom=nom))
    return vue


def _jour_de(cle: str, bloc: str) -> str:
    return epreuves_du_dossier(SYSTEME, _dossier(cle))[bloc].jour.isoformat()


def _dossier(cle: str) -> UUID:
    personne = lire_recit().personnes[cle]
    (ligne,) = dossiers(SYSTEME, jour_civil(maintenant()), recherche=f"{personne.prenom} {personne.nom}")
    return ligne.pk


def _acquis(cle: str) -> str:
    dossier = _dossier(cle)
    (vue,) = dossiers_par_ids(SYSTEME, [dossier]).values()
    (acquis,) = blocs_acquis(SYSTEME, [vue])[dossier].values()
    return reverse("parcours:retirer_acquis", args=[dossier, acquis.id])


def _repris(numero: str) -> str:
    return reverse("parcours:retirer_repris", args=[titulaires_repris(SYSTEME, numero).get().pk])


def _reprise(cle: str) -> str:
    (vue,) = imports_reprise_en_attente(Acteur(_personne(cle)), maintenant())
    return reverse("parcours:confirmer_reprise", args=[vue.id])


def _regard(cle: str, bloc: str) -> str:
    return reverse("evaluation:second_regard", args=[_epreuve(cle, bloc)])


def _ressaisie(cle: str, bloc: str, qualite: Qualite) -> UUID:
    epreuve = _epreuve(cle, bloc)
    return next(vue.id for vue in ressaisies(SYSTEME, [epreuve])[epreuve] if vue.qualite == qualite)


def _epreuve(cle: str, bloc: str) -> UUID:
    return epreuves_du_dossier(SYSTEME, _dossier(cle))[bloc].id
