"""Les dossiers et leur carnet."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile

from parchemin.comptes.enums import NatureRole
from parchemin.comptes.selectors import droits, noms_organismes
from parchemin.comptes.tests import factories as comptes
from parchemin.parcours import services as parcours_services
from parchemin.parcours.enums import Initiative, Voie
from parchemin.parcours.tests.factories import ENTREE, INSCRIPTION
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.horloge import jour_civil
from tests.droits.gestes.commun import Adresse, Geste, dossier, echanger
from tests.droits.monde import INSTANT, Caisse

_IMPORTS: dict[UUID, UUID] = {}
_CANDIDATS = (
    b"Courriel professionnel;Nom de naissance;Pr\xc3\xa9nom;Sexe (F ou M);Date de naissance;Organisme (SIRET ou nom);"
    b"Voie d'acc\xc3\xa8s;Initiative;Date d'entr\xc3\xa9e\n"
    b"lou.tout-neuf@caisse.example;Tout-Neuf;Lou;F;03/05/1991;%s;Formation continue;L'employeur;12/01/2026\n"
)


def _candidats(caisse: Caisse, *, du_modele: bool = True) -> bytes:
    """Un fichier d'un candidat pour la caisse d'ici ; sans les en-têtes du modèle, ses colonnes restent à dire."""
    octets = _CANDIDATS % noms_organismes(SYSTEME, [caisse.organisme])[caisse.organisme].encode()
    return octets if du_modele else octets.replace(b"Sexe (F ou M)", b"Genre", 1)


def _deposer(du_modele: bool) -> Callable[[Caisse], None]:
    """Le gestionnaire (un autre, si son rôle est fini) dépose un fichier."""

    def deposer(caisse: Caisse) -> None:
        auteur = caisse.monde.gestionnaire
        if not droits(auteur, jour_civil(INSTANT)).couvre(NatureRole.GESTIONNAIRE, caisse.organisme):
            auteur = comptes.gestionnaire(caisse.organisme)
        _IMPORTS[caisse.dossier] = parcours_services.deposer_candidats(
            nom_fichier="candidats.csv",
            octets=_candidats(caisse, du_modele=du_modele),
            referentiel="cqp-cos@2021",
            auteur=auteur,
            maintenant=INSTANT,
        ).pk

    return deposer


def _import(caisse: Caisse) -> Adresse:
    return {"identifiant": _IMPORTS[caisse.dossier]}


_VAE: dict[UUID, UUID] = {}


def _inscrire_en_vae(caisse: Caisse) -> None:
    """Le même candidat, en VAE, sans tuteur ni manager : une recevabilité ancienne, que rien n'a suivie."""
    acte = {"auteur": SYSTEME, "maintenant": INSCRIPTION}
    parcours_services.abandonner(dossier=caisse.dossier, motif="Il passe par la VAE.", **acte)
    _VAE[caisse.dossier] = parcours_services.inscrire(
        candidat=caisse.monde.candidat.id,
        organisme=caisse.organisme,
        referentiel="cqp-cos@2021",
        voie=Voie.VAE,
        initiative=Initiative.CANDIDAT,
        entree_le=ENTREE,
        recevable_le=ENTREE,
        blocs=("B1",),
        **acte,
    ).pk


def _vae(caisse: Caisse) -> Adresse:
    return {"identifiant": _VAE[caisse.dossier]}


GESTES: dict[str, Geste] = {
    "accueil": Geste(),
    "gardien": Geste(),
    "style": Geste(),
    "accessibilite": Geste(),
    "sante": Geste(),
    "version": Geste(),
    "dossier": Geste(dossier()),
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
    "parcours:importer": Geste(
        corps=lambda caisse, _: {"fichier": SimpleUploadedFile("candidats.csv", _candidats(caisse))}
    ),
    "parcours:modele_import": Geste(lambda _: {"forme": "csv"}),
    "parcours:confirmer_import": Geste(_import, avant=_deposer(du_modele=True)),
    "parcours:colonnes_import": Geste(
        _import,
        lambda *_: {
            f"colonne_{lettre}": code
            for lettre, code in zip(
                "ABCDEFGHI",
                (
                    "courriel",
                    "nom_naissance",
                    "prenom1",
                    "sexe",
                    "naissance",
                    "organisme",
                    "voie",
                    "initiative",
                    "entree_le",
                ),
                strict=True,
            )
        },
        avant=_deposer(du_modele=False),
    ),
    "parcours:abandonner_import": Geste(_import, avant=_deposer(du_modele=True)),
    "parcours:designer": Geste(
        dossier(),
        lambda caisse, _: {"tuteur": caisse.monde.manager.id, "manager": caisse.monde.tuteur.id},
        avant=echanger,
    ),
    "parcours:etat_civil": Geste(
        dossier(),
        lambda *_: {
            "nom_naissance": "Martin",
            "prenom1": "Camille",
            "sexe": "F",
            "annee": "1991",
            "commune_code": "61001",
        },
    ),
    "parcours:lieux": Geste(
        corps=lambda *_: {
            "genre": "commune",
            "fichier": SimpleUploadedFile(
                "communes.csv", b"COM,LIBELLE,DATE_DEBUT,DATE_FIN\n61001,Alencon,1943-01-01,\n"
            ),
        }
    ),
    "parcours:abandonner": Geste(dossier(), lambda *_: {"motif": "Départ de la caisse."}),
    "parcours:amenager": Geste(dossier(), lambda *_: {"accorde_le": "2026-09-02", "duree:B1:questions": "20"}),
    "parcours:etape_vae": Geste(
        _vae,
        lambda *_: {"genre": "suspension", "le": "2026-01-13", "mot": "Motif légitime reconnu."},
        avant=_inscrire_en_vae,
    ),
    "parcours:constater_caducite": Geste(_vae, avant=_inscrire_en_vae),
    "carnet:voir": Geste(dossier("dossier")),
    "carnet:recevoir": Geste(dossier("dossier")),
    "carnet:attester": Geste(
        dossier("dossier"), lambda *_: {"C1.1": "pas_encore", "C1.1-mot": "À revoir.", "C1.1-vu": "1"}
    ),
    "carnet:retirer": Geste(
        lambda caisse: {"dossier": caisse.dossier, "competence": "C1.1"}, lambda *_: {"motif": "Une erreur de ma part."}
    ),
}
