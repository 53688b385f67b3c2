"""Pour chaque adresse, de quoi la visiter pour de bon : ses identifiants, un envoi valable, un état préparé.

Rien ici ne dit qui a le droit : c'est `attendu/` qui le dit.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from parchemin.comptes import services as comptes_services
from parchemin.comptes.enums import NatureRole, QualiteRegistre
from parchemin.comptes.models import LigneHabilitation, Role
from parchemin.comptes.tests import factories as comptes
from parchemin.convocations.tests import factories as convocations
from parchemin.convocations.tests.factories import JOUR
from parchemin.evaluation.tests.factories import fait
from parchemin.socle.acteur import SYSTEME, Acteur
from tests.droits.monde import CRITERE, INSTANT, Caisse

type Adresse = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Geste:
    """Comment visiter une adresse, et quoi lui envoyer."""

    adresse: Callable[[Caisse], Adresse] = lambda caisse: {}
    corps: Callable[[Caisse, str], Mapping[str, Any] | str] = lambda caisse, personnage: {}
    """Un formulaire (correspondance), ou du JSON (texte)."""
    requete: str = ""
    """Ce qui suit le « ? »."""
    avant: Callable[[Caisse], None] | None = None
    """Ce qu'il faut préparer, par les services, pour que l'acte ait un sens. Défait après l'adresse."""


GESTES: dict[str, Geste] = {}


def _dossier(nom: str = "identifiant") -> Callable[[Caisse], Adresse]:
    return lambda caisse: {nom: caisse.dossier}


def _remplie(caisse: Caisse) -> Adresse:
    return {"identifiant": caisse.remplie.epreuve}


def _role(acteur: Acteur, nature: NatureRole, organisme: UUID | None) -> None:
    comptes_services.donner_role(
        personne=acteur.id, nature=nature, organisme=organisme, auteur=SYSTEME, maintenant=comptes.JADIS
    )


def _echanger(caisse: Caisse) -> None:
    """Le tuteur peut devenir manager, et l'inverse."""
    _role(caisse.monde.manager, NatureRole.TUTEUR, caisse.organisme)
    _role(caisse.monde.tuteur, NatureRole.MANAGER, caisse.organisme)


# --- parcours, carnet ------------------------------------------------------------------------------------------------

GESTES |= {
    "accueil": Geste(),
    "gardien": Geste(),
    "style": Geste(),
    "accessibilite": Geste(),
    "sante": Geste(),
    "version": Geste(),
    "dossier": Geste(_dossier()),
    "parcours:liste": Geste(),
    "parcours:inscrire": Geste(
        corps=lambda caisse, _: {
            "candidat": "nouvelle",
            "prenom": "Inès",
            "nom": "Tout-Neuf",
            "organisme": caisse.organisme,
            "voie": "formation_continue",
            "initiative": "employeur",
            "entree_le": "2026-01-12",
            "blocs": ["B1"],
        }
    ),
    "parcours:designer": Geste(
        _dossier(),
        lambda caisse, _: {"tuteur": caisse.monde.manager.id, "manager": caisse.monde.tuteur.id},
        avant=_echanger,
    ),
    "parcours:abandonner": Geste(_dossier(), lambda *_: {"motif": "Départ de la caisse."}),
    "carnet:voir": Geste(_dossier("dossier")),
    "carnet:recevoir": Geste(_dossier("dossier")),
    "carnet:attester": Geste(
        _dossier("dossier"), lambda *_: {"C1.1": "pas_encore", "C1.1-mot": "À revoir.", "C1.1-vu": "1"}
    ),
    "carnet:retirer": Geste(
        lambda caisse: {"dossier": caisse.dossier, "competence": "C1.1"}, lambda *_: {"motif": "Une erreur de ma part."}
    ),
}


# --- convocations ----------------------------------------------------------------------------------------------------

_PLANIFIEES: dict[UUID, UUID] = {}


_EVALUATEURS: dict[UUID, tuple[Acteur, Acteur]] = {}


def _paire(caisse: Caisse) -> tuple[Acteur, Acteur]:
    """Les deux évaluateurs de la caisse, ou deux autres si leur rôle est fini : on n'affecte plus qui ne l'est plus."""
    paire = (caisse.metier, caisse.certificateur)
    if not Role.objects.filter(personne_id=caisse.metier.id, au=None).exists():
        paire = (
            comptes.avec_role(NatureRole.EVALUATEUR_METIER),
            comptes.avec_role(NatureRole.EVALUATEUR_CERTIFICATEUR),
        )
    _EVALUATEURS[caisse.dossier] = paire
    return paire


def _planifier(caisse: Caisse) -> None:
    """L'épreuve du bloc 1, affectée."""
    _PLANIFIEES[caisse.dossier] = convocations.salle("B1", monde=caisse.monde, paire=_paire(caisse)).epreuve


def _planifiee(caisse: Caisse) -> Adresse:
    return {"identifiant": _PLANIFIEES[caisse.dossier]}


_RELEVES: dict[UUID, tuple[Acteur, Acteur]] = {}


def _planifier_avec_releve(caisse: Caisse) -> None:
    """La même, et deux autres évaluateurs possibles."""
    _planifier(caisse)
    _RELEVES[caisse.dossier] = (
        comptes.avec_role(NatureRole.EVALUATEUR_METIER),
        comptes.avec_role(NatureRole.EVALUATEUR_CERTIFICATEUR),
    )


GESTES |= {
    "convocations:liste": Geste(),
    "convocations:planifier": Geste(
        lambda caisse: {"dossier": caisse.dossier, "bloc": "B1"},
        lambda *_: {"prevue_le_0": "2026-12-01", "prevue_le_1": "09:00", "lieu": "Plateau 3"},
    ),
    "convocations:affecter": Geste(
        _planifiee,
        lambda caisse, _: dict(zip(("metier", "certificateur"), (a.id for a in _RELEVES[caisse.dossier]), strict=True)),
        avant=_planifier_avec_releve,
    ),
    "convocations:annuler": Geste(_planifiee, lambda *_: {"motif": "Salle fermée."}, avant=_planifier),
}

# --- évaluation ------------------------------------------------------------------------------------------------------


def _rang_suivant(caisse: Caisse) -> dict[str, Any]:
    return fait(caisse.remplie, 1, "critere:K2.1.1", "non_valide", appareil=uuid4(), mural=INSTANT.isoformat())


_RETIRES: dict[UUID, Acteur] = {}


def _mettre_a_part(caisse: Caisse) -> None:
    """Un évaluateur retiré envoie encore un geste : il est mis à part."""
    from parchemin.evaluation.services import recevoir_faits

    _planifier_avec_releve(caisse)
    epreuve = _PLANIFIEES[caisse.dossier]
    metier, certificateur = _RELEVES[caisse.dossier]
    from parchemin.convocations.services import affecter_evaluateurs

    affecter_evaluateurs(
        epreuve=epreuve,
        metier=metier.id,
        certificateur=certificateur.id,
        auteur=SYSTEME,
        maintenant=convocations.PLANIFICATION,
    )
    ancien = _EVALUATEURS[caisse.dossier][0]
    salle = convocations.Salle(caisse.monde, "B1", epreuve, *_EVALUATEURS[caisse.dossier])
    recevoir_faits(
        epreuve=epreuve,
        lot=[fait(salle, 1, "critere:K1.1.1", "valide", appareil=uuid4())],
        auteur=ancien,
        maintenant=JOUR,
    )


def _sceller_les_deux(caisse: Caisse) -> None:
    """Les deux grilles du bloc 2, pareilles, sont scellées ; là où le rôle est fini, elles ne peuvent plus l'être."""
    from parchemin.evaluation.services import clore_lecture
    from parchemin.socle.refus import RefusDroit

    for evaluateur in (caisse.metier, caisse.certificateur):
        with suppress(RefusDroit):
            clore_lecture(epreuve=caisse.remplie.epreuve, auteur=evaluateur, maintenant=INSTANT)


def _tenir_la_grille_commune(caisse: Caisse) -> None:
    """Le règlement demande une lecture commune ; le représentant métier a scellé la grille qu'il tenait."""
    from parchemin.evaluation.services import clore_lecture
    from parchemin.evaluation.tests.factories import regler
    from parchemin.socle.refus import Refus

    with suppress(Refus):  # déjà révisé pour l'autre caisse, ou rôle fini
        regler(caisse.remplie, "lecture", "lecture_commune")
    with suppress(Refus):
        clore_lecture(epreuve=caisse.remplie.epreuve, auteur=caisse.metier, maintenant=INSTANT)


def _evaluee(caisse: Caisse) -> Adresse:
    return {"identifiant": caisse.evaluee.epreuve}


def _regard_confie(caisse: Caisse) -> None:
    """Le second regard du bloc 4 est confié à un évaluateur d'ailleurs."""
    from parchemin.evaluation.services import designer_second_regard

    assert caisse.relecteur is not None
    designer_second_regard(
        epreuve=caisse.evaluee.epreuve, personne=caisse.relecteur.id, auteur=SYSTEME, maintenant=INSTANT
    )


def _regard_declare(caisse: Caisse) -> None:
    """Et il a déclaré n'avoir aucun lien."""
    from parchemin.convocations.enums import GenreDeclare
    from parchemin.evaluation.services import declarer_avant_de_lire

    _regard_confie(caisse)
    assert caisse.relecteur is not None
    declarer_avant_de_lire(
        epreuve=caisse.evaluee.epreuve, genre=GenreDeclare.AUCUN, auteur=caisse.relecteur, maintenant=INSTANT
    )


GESTES |= {
    "evaluation:journee": Geste(),
    "evaluation:facon": Geste(
        corps=lambda *_: {"main": "gauche", "vu": "0", "phrase": ["Reformule."], "enregistrer": "oui"}
    ),
    "evaluation:hors_ligne": Geste(),
    "evaluation:cle_hors_ligne": Geste(),
    "evaluation:voir": Geste(_remplie),
    "evaluation:grille": Geste(_remplie, lambda *_: {"critere:K2.1.1": "non_valide"}),
    "evaluation:clore": Geste(_remplie),
    "evaluation:faits": Geste(_remplie, lambda caisse, _: json.dumps({"faits": [_rang_suivant(caisse)]})),
    "evaluation:abandons": Geste(
        _remplie,
        lambda caisse, _: json.dumps(
            {
                "abandons": [
                    {"fait": _rang_suivant(caisse), "code": "cible_inconnue", "raison": "Refusé par le serveur."}
                ]
            }
        ),
    ),
    "evaluation:quarantaine": Geste(
        _planifiee,
        lambda caisse, _: {
            "evaluateur": _EVALUATEURS[caisse.dossier][0].id,
            "sort": "ecartes",
            "motif": "Remplacé ce jour-là.",
        },
        avant=_mettre_a_part,
    ),
    "evaluation:accord": Geste(
        lambda caisse: {"identifiant": caisse.differe.epreuve},
        lambda *_: {"critere": CRITERE, "choix": "valide", "motif": "Vu ensemble à l'écoute."},
    ),
    "evaluation:contresigner": Geste(_remplie, avant=_tenir_la_grille_commune),
    "evaluation:suites": Geste(
        lambda caisse: {"identifiant": caisse.differe.epreuve},
        lambda *_: {"consequence": "jury", "motif": "L'un des deux est en arrêt de travail."},
    ),
    "evaluation:confirmer": Geste(_remplie, avant=_sceller_les_deux),
    "evaluation:second_regard": Geste(_evaluee, avant=_regard_confie),
    "evaluation:designer_second_regard": Geste(
        _evaluee, lambda caisse, _: {"personne": caisse.relecteur.id if caisse.relecteur else ""}
    ),
    "evaluation:second_regard_sans_avis": Geste(_evaluee, lambda *_: {"motif": "Personne n'est libre avant le jury."}),
    "evaluation:declarer_second_regard": Geste(_evaluee, lambda *_: {"genre": "aucun"}, avant=_regard_confie),
    "evaluation:laisser_second_regard": Geste(_evaluee, lambda *_: {"motif": "En congé."}, avant=_regard_confie),
    "evaluation:avis_second_regard": Geste(
        _evaluee, lambda *_: {"sens": "maintenir", "motif": "Les deux lectures le disent."}, avant=_regard_declare
    ),
    "evaluation:resultat": Geste(_dossier()),
    "evaluation:releve": Geste(_dossier()),
    "referentiels:liste": Geste(),
    "referentiels:version": Geste(lambda _: {"code": "cqp-cos", "version": "2021"}),
    "referentiels:reglement": Geste(lambda _: {"code": "cqp-cos", "version": "2021"}),
    "referentiels:aides": Geste(
        lambda _: {"code": "cqp-cos", "version": "2021", "bloc": "B1"},
        lambda *_: {"K1.1.1": "Comment avez-vous choisi ?", "motif": "Premières questions.", "vu": "1"},
    ),
    "referentiels:grille": Geste(lambda _: {"code": "cqp-cos", "version": "2021", "bloc": "B1"}),
}

# --- comptes ---------------------------------------------------------------------------------------------------------


def _candidat(caisse: Caisse) -> Adresse:
    return {"identifiant": caisse.monde.candidat.id}


def _role_d_un_tuteur(caisse: Caisse) -> Adresse:
    tuteur = _INVITES[caisse.dossier]
    return {"identifiant": tuteur, "role": Role.objects.get(personne_id=tuteur).pk}


_JETONS: dict[UUID, str] = {}


def _inviter(caisse: Caisse) -> None:
    personne = comptes.personne("Invitée")
    _JETONS[caisse.dossier] = comptes_services.inviter(
        personne=personne.id, courriel=f"{uuid4()}@caisse.example", auteur=SYSTEME, maintenant=INSTANT
    ).jeton


_INVITES: dict[UUID, UUID] = {}


def _personne_sans_compte(caisse: Caisse) -> None:
    _INVITES[caisse.dossier] = comptes.avec_role(NatureRole.TUTEUR, caisse.organisme).id


GESTES |= {
    "comptes:personnes": Geste(),
    "comptes:nouvelle": Geste(
        corps=lambda caisse, _: {
            "prenom": "Inès",
            "nom": "Toute-Neuve",
            "nature": "candidat",
            "organisme": caisse.organisme,
        }
    ),
    "comptes:personne": Geste(_candidat),
    "comptes:inviter": Geste(
        lambda caisse: {"identifiant": _INVITES[caisse.dossier]},
        lambda *_: {"courriel": f"{uuid4()}@caisse.example"},
        avant=_personne_sans_compte,
    ),
    "comptes:oublier_facteur": Geste(_candidat, lambda *_: {"verification": "Vue au guichet"}),
    "comptes:donner_role": Geste(_candidat, lambda caisse, _: {"nature": "tuteur", "organisme": caisse.organisme}),
    "comptes:retirer_role": Geste(_role_d_un_tuteur, avant=_personne_sans_compte),
    "comptes:organismes": Geste(),
    "comptes:nouvel_organisme": Geste(
        corps=lambda *_: {"nom": "Caisse de la Vallée", "nom_court": "Vallée", "branche": "maladie"}
    ),
    "comptes:invitation": Geste(
        lambda caisse: {"jeton": _JETONS[caisse.dossier]},
        lambda *_: {"mot_de_passe": comptes.MOT_DE_PASSE, "encore": comptes.MOT_DE_PASSE},
        avant=_inviter,
    ),
}

# --- connexion, courriels, journal -----------------------------------------------------------------------------------


def _inviter_ici(caisse: Caisse) -> None:
    """Une personne d'ici, sans compte, dont l'invitation court encore."""
    _personne_sans_compte(caisse)
    comptes_services.inviter(
        personne=_INVITES[caisse.dossier], courriel=f"{uuid4()}@caisse.example", auteur=SYSTEME, maintenant=INSTANT
    )


NOUVEAU = "sceau-encre-papier-plume"


def _changer(*_: object) -> Mapping[str, str]:
    return {"oldpassword": comptes.MOT_DE_PASSE, "password1": NOUVEAU, "password2": NOUVEAU}


GESTES |= {
    nom: Geste()
    for nom in (
        "account_logout",
        "account_inactive",
        "account_reset_password_done",
        "account_reset_password_from_key_done",
        "mfa_index",
        "fermer_les_autres",
        "garder_courriel",
        "second_facteur",
        "mfa_authenticate",
        "mfa_reauthenticate",
        "mfa_activate_totp",
        "mfa_deactivate_totp",
        "mfa_view_recovery_codes",
        "mfa_download_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_list_webauthn",
        "mfa_add_webauthn",
        "mfa_login_webauthn",
        "mfa_reauthenticate_webauthn",
        "socialaccount_login_cancelled",
        "demonstration_courriels",
        "journal",
        "journal_chaines",
        "journal_verifier",
    )
}
GESTES |= {
    "account_login": Geste(corps=lambda *_: {"login": "personne@caisse.example", "password": "n'importe quoi"}),
    "account_signup": Geste(corps=lambda *_: {"email": "intrus@caisse.example", "password1": NOUVEAU}),
    "account_reauthenticate": Geste(corps=lambda *_: {"password": comptes.MOT_DE_PASSE}),
    "account_change_password": Geste(corps=_changer),
    "account_set_password": Geste(corps=_changer),
    "account_reset_password": Geste(corps=lambda *_: {"email": "personne@caisse.example"}),
    "account_reset_password_from_key": Geste(lambda _: {"uidb36": "1z", "key": "abc-def"}, _changer),
    "changer_courriel": Geste(corps=lambda *_: {"courriel": "nouvelle@caisse.example"}),
    "confirmer_courriel": Geste(lambda _: {"jeton": "inconnu"}),
    "delier_identite": Geste(lambda _: {"fournisseur": "inconnu"}),
    "permettre_identite": Geste(lambda _: {"fournisseur": "inconnu"}),
    "fermer_session": Geste(lambda _: {"identifiant": 1}),
    "mfa_edit_webauthn": Geste(lambda _: {"pk": 1}, lambda *_: {"name": "Ma clé"}),
    "mfa_remove_webauthn": Geste(lambda _: {"pk": 1}),
    "openid_connect_login": Geste(lambda _: {"provider_id": "inconnu"}),
    "openid_connect_callback": Geste(lambda _: {"provider_id": "inconnu"}),
    "mes_courriels": Geste(corps=lambda *_: {}),
    "demonstration_courriel": Geste(lambda _: {"nom": "inconnu"}),
    "demonstration_courriel_corps": Geste(lambda _: {"nom": "inconnu"}),
    "journal_exporter": Geste(corps=lambda *_: {"forme": "jsonl"}),
    "journal_entree": Geste(lambda caisse: {"chaine": f"organisme:{caisse.organisme}", "rang": 1}),
    "comptes:annuler_invitation": Geste(lambda caisse: {"identifiant": _INVITES[caisse.dossier]}, avant=_inviter_ici),
}


# --- liens, déclarations, récusations -------------------------------------------------------------------------------

_LIENS: dict[UUID, UUID] = {}
_RECUSATIONS: dict[UUID, UUID] = {}
AVANT_L_EPREUVE = convocations.PLANIFICATION


def _lier(caisse: Caisse) -> None:
    """Un évaluateur d'ailleurs a formé le candidat."""
    from parchemin.comptes.enums import GenreDeLien

    _LIENS[caisse.dossier] = comptes_services.declarer_lien(
        de=comptes.avec_role(NatureRole.EVALUATEUR_METIER, caisse.organisme).id,
        vers=caisse.monde.candidat.id,
        genre=GenreDeLien.FORMATION,
        du=None,
        au=None,
        auteur=SYSTEME,
        maintenant=INSTANT,
    ).pk


def _lien(caisse: Caisse) -> Adresse:
    return {"identifiant": caisse.monde.candidat.id, "lien": _LIENS[caisse.dossier]}


def _non_declaree(caisse: Caisse) -> None:
    _PLANIFIEES[caisse.dossier] = convocations.salle(
        "B1", monde=caisse.monde, paire=_paire(caisse), declarees=False
    ).epreuve


def _recuser(caisse: Caisse) -> None:
    from parchemin.convocations.services import recuser

    _planifier(caisse)
    _RECUSATIONS[caisse.dossier] = recuser(
        epreuve=_PLANIFIEES[caisse.dossier],
        evaluateur=_EVALUATEURS[caisse.dossier][0].id,
        motif="Nous avons travaillé ensemble.",
        auteur=caisse.monde.candidat,
        maintenant=AVANT_L_EPREUVE,
    )


GESTES |= {
    "comptes:liens": Geste(_candidat),
    "comptes:nouveau_lien": Geste(
        _candidat,
        lambda caisse, _: {"autre": caisse.monde.tuteur.id, "genre": "formation", "sens": "vers"},
        requete="?q=Theo",
    ),
    "comptes:clore_lien": Geste(_lien, lambda *_: {"au": "2026-11-19"}, avant=_lier),
    "comptes:annuler_lien": Geste(_lien, lambda *_: {"motif": "Ce n'était pas lui."}, avant=_lier),
    "convocations:declarer": Geste(_planifiee, lambda *_: {"genre": "aucun"}, avant=_non_declaree),
    "convocations:recuser": Geste(
        _planifiee,
        lambda caisse, _: {"evaluateur": _EVALUATEURS[caisse.dossier][0].id, "motif": "Nous avons travaillé ensemble."},
        avant=_planifier,
    ),
    "convocations:trancher": Geste(
        lambda caisse: {**_planifiee(caisse), "recusation": _RECUSATIONS[caisse.dossier]},
        lambda *_: {"vers": "ecartee", "motif": "Ils n'ont jamais travaillé ensemble."},
        avant=_recuser,
    ),
}


# --- ce qui arrive à une personne, le registre, les délégations --------------------------------------------------------

_DEPARTS: dict[UUID, UUID] = {}
_REGISTRE: dict[UUID, UUID] = {}
_DELEGATIONS: dict[UUID, UUID] = {}
DEMAIN = (INSTANT + timedelta(days=1)).date()


def _invite(caisse: Caisse) -> Adresse:
    return {"identifiant": _INVITES[caisse.dossier]}


def _faire_partir(caisse: Caisse) -> None:
    _personne_sans_compte(caisse)
    _DEPARTS[caisse.dossier] = comptes_services.partir(
        personne=_INVITES[caisse.dossier],
        organisme=caisse.organisme,
        le=INSTANT.date(),
        auteur=SYSTEME,
        maintenant=INSTANT,
    ).pk


_DOUBLES: dict[UUID, UUID] = {}


def _dedoubler(caisse: Caisse) -> None:
    _personne_sans_compte(caisse)
    _DOUBLES[caisse.dossier] = comptes.avec_role(NatureRole.TUTEUR, caisse.organisme).id


def _evaluateur_d_ici(caisse: Caisse) -> None:
    _INVITES[caisse.dossier] = comptes.avec_role(NatureRole.EVALUATEUR_METIER, caisse.organisme).id


_PREUVES = {
    "metier": "Conseillère depuis 2015",
    "formation": "Évaluer un CQP, deux jours",
    "formee_le": date(2026, 3, 2),
    "habilitee_le": date(2026, 3, 10),
    "renouveler_le": date(2029, 3, 10),
}


def _inscrire_au_registre(caisse: Caisse) -> None:
    _evaluateur_d_ici(caisse)
    _REGISTRE[caisse.dossier] = comptes_services.inscrire_au_registre(
        personne=_INVITES[caisse.dossier],
        qualite=QualiteRegistre.EVALUATEUR_METIER,
        **_PREUVES,
        auteur=SYSTEME,
        maintenant=INSTANT,
    ).pk


def _role_de(acteur: Acteur) -> UUID:
    return Role.objects.filter(personne_id=acteur.id, nature=NatureRole.GESTIONNAIRE).latest("du").pk


def _confier(caisse: Caisse) -> None:
    """Le gestionnaire de la caisse confie son rôle au tuteur ; deux autres le font, si leurs rôles sont finis."""
    absent, delegue = caisse.monde.gestionnaire, caisse.monde.tuteur
    if not Role.objects.filter(personne_id=absent.id, au=None).exists():
        absent, delegue = comptes.gestionnaire(caisse.organisme), comptes.avec_role(NatureRole.TUTEUR, caisse.organisme)
        comptes.compte(delegue)
    _DELEGATIONS[caisse.dossier] = comptes_services.deleguer(
        role=_role_de(absent),
        delegue=delegue.id,
        du=INSTANT.date(),
        au=DEMAIN,
        auteur=absent,
        maintenant=INSTANT,
    ).pk


def _delegation(caisse: Caisse) -> Adresse:
    return {"delegation": _DELEGATIONS[caisse.dossier]}


GESTES |= {
    "comptes:modifier": Geste(
        _invite, lambda *_: {"prenom": "Inès", "nom": "Mariée", "courriel_pro": ""}, avant=_personne_sans_compte
    ),
    "comptes:partir": Geste(
        _invite, lambda caisse, _: {"organisme": caisse.organisme, "le": INSTANT.date()}, avant=_personne_sans_compte
    ),
    "comptes:revenir": Geste(
        lambda caisse: {**_invite(caisse), "depart": _DEPARTS[caisse.dossier]},
        lambda *_: {"reprendre": "1"},
        avant=_faire_partir,
    ),
    "comptes:reunir": Geste(
        _invite, lambda caisse, _: {"autre": _DOUBLES[caisse.dossier], "confirmer": "1"}, avant=_dedoubler
    ),
    "comptes:registre": Geste(),
    "comptes:registre_csv": Geste(),
    "comptes:habiliter": Geste(
        _invite, lambda *_: {"qualite": "evaluateur_metier", **_PREUVES}, avant=_evaluateur_d_ici
    ),
    "comptes:radier": Geste(
        lambda caisse: {"ligne": _REGISTRE[caisse.dossier]},
        lambda *_: {"motif": "Ne souhaite plus évaluer."},
        avant=_inscrire_au_registre,
    ),
    "comptes:deleguer": Geste(
        corps=lambda caisse, _: {
            "role": _role_de(caisse.monde.gestionnaire),
            "delegue": caisse.monde.manager.id,
            "du": INSTANT.date(),
            "dernier_jour": DEMAIN,
        }
    ),
    "comptes:revoquer": Geste(_delegation, avant=_confier),
    "comptes:agir": Geste(_delegation, avant=_confier),
    "comptes:reprendre": Geste(),
}


# --- les organismes, les habilitations ---------------------------------------------------------------------------------

_ORGANISMES: dict[UUID, UUID] = {}
_IMPORTS: dict[UUID, UUID] = {}
_HABILITATIONS: dict[UUID, UUID] = {}
_FICHIER = b"Nom;Branche\nCaisse venue d'un fichier;Maladie\n"


def _organisme(caisse: Caisse) -> Adresse:
    return {"identifiant": caisse.organisme}


def _nouvel_organisme(caisse: Caisse) -> None:
    _ORGANISMES[caisse.dossier] = comptes.organisme()


def _organisme_ferme(caisse: Caisse) -> None:
    _nouvel_organisme(caisse)
    comptes_services.fermer_organisme(
        organisme=_ORGANISMES[caisse.dossier],
        ferme_le=INSTANT.date(),
        motif="Fusion.",
        auteur=SYSTEME,
        maintenant=INSTANT,
    )


def _le_nouvel(caisse: Caisse) -> Adresse:
    return {"identifiant": _ORGANISMES[caisse.dossier]}


def _deposer(caisse: Caisse) -> None:
    """L'administrateur (un autre, si son rôle est fini) dépose un fichier."""
    auteur = caisse.personne(NatureRole.ADMINISTRATEUR)
    if not Role.objects.filter(personne_id=auteur.id, au=None).exists():
        auteur = comptes.avec_role(NatureRole.ADMINISTRATEUR)
    _IMPORTS[caisse.dossier] = comptes_services.lire_organismes(
        nom_fichier="organismes.csv", octets=_FICHIER, auteur=auteur, maintenant=INSTANT
    ).pk


def _import(caisse: Caisse) -> Adresse:
    return {"identifiant": _IMPORTS[caisse.dossier]}


def _habiliter(caisse: Caisse) -> None:
    _HABILITATIONS[caisse.dossier] = comptes.habilitation(caisse.organisme)


def _habilitation(caisse: Caisse) -> Adresse:
    return {"identifiant": _HABILITATIONS[caisse.dossier]}


def _ligne(caisse: Caisse) -> Adresse:
    ligne = LigneHabilitation.objects.get(habilitation_id=_HABILITATIONS[caisse.dossier])
    return {**_habilitation(caisse), "ligne": ligne.pk, "quoi": "changement"}


GESTES |= {
    "comptes:organisme": Geste(_organisme),
    "comptes:modifier_organisme": Geste(
        _organisme, lambda *_: {"nom": f"Caisse {uuid4()}", "nom_court": "Renommée", "branche": "maladie"}
    ),
    "comptes:fermer_organisme": Geste(
        _le_nouvel, lambda *_: {"ferme_le": INSTANT.date(), "motif": "Fusion."}, avant=_nouvel_organisme
    ),
    "comptes:rouvrir_organisme": Geste(_le_nouvel, avant=_organisme_ferme),
    "comptes:importer_organismes": Geste(
        corps=lambda *_: {"fichier": SimpleUploadedFile("organismes.csv", _FICHIER, "text/csv")}
    ),
    "comptes:modele_import": Geste(lambda _: {"forme": "csv"}),
    "comptes:confirmer_import": Geste(_import, avant=_deposer),
    "comptes:abandonner_import": Geste(_import, avant=_deposer),
    "comptes:habilitations": Geste(),
    "comptes:exporter_habilitations": Geste(lambda _: {"forme": "csv"}),
    "comptes:habilitation": Geste(_habilitation, avant=_habiliter),
    "comptes:nouvelle_habilitation": Geste(
        _organisme,
        lambda *_: {
            "titre": "delegataire",
            "convention": f"Convention {uuid4()}",
            "signee_le": "2026-01-05",
            "missions": ["evaluer"],
            "blocs": ["entiere"],
            "du": "2026-02-01",
        },
    ),
    "comptes:avenant": Geste(
        _habilitation,
        lambda *_: {
            "avenant-missions": ["evaluer"],
            "avenant-blocs": ["B1"],
            "avenant-effet": INSTANT.date(),
            "avenant-motif": "Elle n'évalue plus que le premier bloc.",
        },
        avant=_habiliter,
    ),
    "comptes:etat_habilitation": Geste(
        _habilitation,
        lambda *_: {"etat-vers": "suspendue", "etat-effet": INSTANT.date(), "etat-motif": "Le temps d'un contrôle."},
        avant=_habiliter,
    ),
    "comptes:declarer_habilitation": Geste(
        _ligne, lambda *_: {"declaree_le": INSTANT.date(), "reference": "FC-2026-11"}, avant=_habiliter
    ),
}


# --- incidents -------------------------------------------------------------------------------------------------------


def _suspendre(caisse: Caisse) -> None:
    from parchemin.convocations.enums import GenreIncident
    from parchemin.convocations.services import signaler_incident

    _planifier(caisse)
    signaler_incident(
        epreuve=_PLANIFIEES[caisse.dossier],
        genre=GenreIncident.PANNE,
        motif="Plus de réseau.",
        auteur=SYSTEME,
        maintenant=JOUR,
    )


GESTES |= {
    "convocations:signaler": Geste(
        _planifiee, lambda *_: {"genre": "panne", "motif": "Plus de réseau."}, avant=_planifier
    ),
    "convocations:suite": Geste(
        _planifiee, lambda *_: {"suite": "reprendre", "motif": "Le réseau est revenu."}, avant=_suspendre
    ),
}


# --- papier ----------------------------------------------------------------------------------------------------------

_PAPIERS: dict[UUID, UUID] = {}
_PIECES: dict[UUID, UUID] = {}
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000"
    "003a7e9b550000000a49444154789c636000000002000148afa47100"
    "00000049454e44ae426082"
)


def _codes(caisse: Caisse) -> list[str]:
    from parchemin.convocations.enums import Qualite
    from parchemin.convocations.selectors import epreuve_par_id
    from parchemin.evaluation.documents import code_court

    vue = epreuve_par_id(SYSTEME, _PLANIFIEES[caisse.dossier])
    return [code_court(vue.id, Qualite.METIER, 1, 1, vue.norme)]


def _ressaisir(caisse: Caisse) -> None:
    """Une ressaisie ouverte, sur une épreuve affectée."""
    from parchemin.convocations.enums import Qualite
    from parchemin.evaluation import services

    _planifier(caisse)
    _PAPIERS[caisse.dossier] = services.ouvrir_ressaisie(
        epreuve=_PLANIFIEES[caisse.dossier],
        qualite=Qualite.METIER,
        codes=_codes(caisse),
        auteur=SYSTEME,
        maintenant=JOUR,
    )


def _ressaisir_deux_fois(caisse: Caisse) -> None:
    """Deux saisies qui diffèrent d'un critère."""
    from parchemin.evaluation import services

    _ressaisir(caisse)
    for valeur in ("valide", "non_valide"):
        services.saisir(
            ressaisie=_PAPIERS[caisse.dossier],
            contenu={"critere:K1.1.1": valeur},
            auteur=comptes.gestionnaire(caisse.organisme),
            maintenant=JOUR,
        )


def _joindre(caisse: Caisse) -> None:
    from parchemin.evaluation import services

    _ressaisir(caisse)
    _PIECES[caisse.dossier] = services.joindre_piece(
        ressaisie=_PAPIERS[caisse.dossier], octets=PNG, auteur=SYSTEME, maintenant=JOUR
    )


def _papier(caisse: Caisse) -> Adresse:
    return {"identifiant": _PAPIERS[caisse.dossier]}


def _feuille(*_: object) -> Mapping[str, Any]:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return {"fichier": SimpleUploadedFile("feuille.png", PNG)}


GESTES |= {
    "evaluation:papier": Geste(_planifiee, avant=_planifier),
    "evaluation:papier_pdf": Geste(lambda caisse: {**_planifiee(caisse), "qualite": "metier"}, avant=_planifier),
    "evaluation:ouvrir_papier": Geste(
        lambda caisse: {**_planifiee(caisse), "qualite": "metier"},
        lambda caisse, _: {"codes": "\n".join(_codes(caisse))},
        avant=_planifier,
    ),
    "evaluation:saisir_papier": Geste(_papier, lambda *_: {"critere:K1.1.1": "valide"}, avant=_ressaisir),
    "evaluation:regler_papier": Geste(_papier, lambda *_: {"critere:K1.1.1": "0"}, avant=_ressaisir_deux_fois),
    "evaluation:joindre_papier": Geste(_papier, _feuille, avant=_ressaisir),
    "evaluation:piece_papier": Geste(lambda caisse: {"identifiant": _PIECES[caisse.dossier]}, avant=_joindre),
    "evaluation:abandonner_papier": Geste(_papier, lambda *_: {"motif": "Mauvaise liasse."}, avant=_ressaisir),
}
