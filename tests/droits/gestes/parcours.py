"""Les dossiers et leur carnet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile

from moteur.regles.equivalence_de_bloc import Tenu
from parchemin.comptes import services as comptes_services
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.models import Role
from parchemin.comptes.selectors import droits, noms_organismes
from parchemin.comptes.tests import factories as comptes
from parchemin.convocations.selectors.epreuves import epreuves_de_l_evaluateur
from parchemin.parcours import services as parcours_services
from parchemin.parcours.enums import Initiative, PieceDeBloc, Voie
from parchemin.parcours.presenters import page_dispenser_bloc, page_reconnaitre
from parchemin.parcours.selectors import VueDossier, dossiers_par_ids, titulaires_repris
from parchemin.parcours.tests.factories import ENTREE, INSCRIPTION
from parchemin.referentiels.selectors import reglement_en_vigueur, version_publiee, versions_publiees
from parchemin.referentiels.tests import factories as referentiels
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.horloge import jour_civil
from tests.droits.gestes.commun import Adresse, Geste, dossier, echanger
from tests.droits.monde import HIER, INSTANT, Caisse, finir

_IMPORTS: dict[UUID, UUID] = {}
_DEPOSANTS: dict[UUID, Acteur] = {}
_CANDIDATS = (
    b"Courriel professionnel;Nom de naissance;Pr\xc3\xa9nom;Sexe (F ou M);Date de naissance;Organisme (SIRET ou nom);"
    b"Voie d'acc\xc3\xa8s;Initiative;Date d'entr\xc3\xa9e\n"
    b"lou.%s@caisse.example;Tout-Neuf;Lou;F;03/05/1991;%s;Formation continue;L'employeur;12/01/2026\n"
)


def _candidats(caisse: Caisse, *, du_modele: bool = True) -> bytes:
    """Un fichier d'un candidat pour la caisse d'ici ; sans les en-têtes du modèle, ses colonnes restent à dire."""
    nom = noms_organismes(SYSTEME, [caisse.organisme])[caisse.organisme]
    octets = _CANDIDATS % (caisse.organisme.hex.encode(), nom.encode())
    return octets if du_modele else octets.replace(b"Sexe (F ou M)", b"Genre", 1)


def _deposer(du_modele: bool) -> Callable[[Caisse], None]:
    """Le gestionnaire (un autre, si son rôle est fini) dépose un fichier."""

    def deposer(caisse: Caisse) -> None:
        auteur = caisse.monde.gestionnaire
        if not droits(auteur, jour_civil(INSTANT)).couvre(NatureRole.GESTIONNAIRE, caisse.organisme):
            auteur = comptes.gestionnaire(caisse.organisme)
        depose = parcours_services.deposer_candidats(
            nom_fichier="candidats.csv",
            octets=_candidats(caisse, du_modele=du_modele),
            referentiel="cqp-cos@2021",
            auteur=auteur,
            maintenant=INSTANT,
        ).pk
        _IMPORTS[caisse.dossier], _DEPOSANTS[depose] = depose, auteur

    return deposer


def _importer(caisse: Caisse) -> None:
    """Le gestionnaire (un autre, si son rôle est fini) a importé un fichier."""
    _deposer(du_modele=True)(caisse)
    depose = _IMPORTS[caisse.dossier]
    parcours_services.confirmer_candidats(identifiant=depose, auteur=_DEPOSANTS[depose], maintenant=INSTANT)


def _import(caisse: Caisse) -> Adresse:
    return {"identifiant": _IMPORTS[caisse.dossier]}


_VAE: dict[UUID, UUID] = {}


def _avec_un_referent(caisse: Caisse) -> None:
    """Le dossier est suivi aux ressources humaines : le corriger l'en retire."""
    referent = comptes.personne("Rita")
    comptes_services.donner_role(
        personne=referent.id, nature=NatureRole.RH, organisme=caisse.organisme, auteur=SYSTEME, maintenant=comptes.JADIS
    )
    parcours_services.corriger_inscription(
        dossier=caisse.dossier, referent_rh=referent.id, acces_vae="", auteur=SYSTEME, maintenant=INSTANT
    )


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


_POURSUIVI: dict[UUID, UUID] = {}


def _ouvrir_une_version(caisse: Caisse) -> None:
    """Le même candidat, inscrit à nouveau au bloc 1 ; une autre version, la même à un mot près, est publiée."""
    acte = {"auteur": SYSTEME, "maintenant": INSCRIPTION}
    accompagnants = (caisse.monde.tuteur, caisse.monde.manager)
    finis = [acteur for acteur in accompagnants if not droits(acteur, jour_civil(INSTANT)).natures]
    parcours_services.abandonner(dossier=caisse.dossier, motif="Il recommence.", **acte)
    _POURSUIVI[caisse.dossier] = parcours_services.inscrire(
        candidat=caisse.monde.candidat.id,
        organisme=caisse.organisme,
        referentiel="cqp-cos@2021",
        voie=Voie.FORMATION_CONTINUE,
        initiative=Initiative.EMPLOYEUR,
        entree_le=ENTREE,
        blocs=("B1",),
        tuteur=caisse.monde.tuteur.id,
        manager=caisse.monde.manager.id,
        **acte,
    ).pk
    for acteur in finis:  # l'inscription leur a redonné un rôle, qui s'est terminé hier lui aussi
        finir(acteur)
    if not any(version.version == "2026" for version in versions_publiees(SYSTEME)):
        lu = referentiels.fichier(version="2026")
        lu.fiche["date_fin"]["valeur"] = "2031-04-19"
        referentiels.publier(replace(lu, norme=referentiels.autre_norme(lu)))


_MUTATIONS: dict[UUID, UUID] = {}


def _d_ailleurs(caisse: Caisse) -> VueDossier:
    """Le dossier de la caisse d'ailleurs, qu'évalue qui relit ici."""
    assert caisse.relecteur is not None
    evaluees = epreuves_de_l_evaluateur(caisse.relecteur, jour_civil(INSTANT)).values_list("dossier_id", flat=True)
    vues = dossiers_par_ids(SYSTEME, evaluees).values()
    (la_bas,) = [vue for vue in vues if vue.organisme != caisse.organisme]
    return la_bas


def _proposer(caisse: Caisse) -> None:
    """La caisse propose son dossier à celle d'ailleurs."""
    if caisse.relecteur is None:
        return
    _MUTATIONS[caisse.dossier] = parcours_services.proposer_mutation(
        dossier=caisse.dossier,
        vers=_d_ailleurs(caisse).organisme,
        motif="Elle déménage.",
        auteur=SYSTEME,
        maintenant=HIER,
    )


def ceder(caisse: Caisse) -> None:
    """Et l'autre l'accueille."""
    _proposer(caisse)
    if caisse.relecteur is None:
        return
    la_bas = _d_ailleurs(caisse)
    parcours_services.accueillir(
        mutation=_MUTATIONS[caisse.dossier],
        tuteur=la_bas.tuteur,
        manager=la_bas.manager,
        referent_rh=None,
        auteur=SYSTEME,
        maintenant=HIER,
    )


def _accueil(caisse: Caisse, _: str) -> dict[str, str]:
    la_bas = _d_ailleurs(caisse)
    return {
        "tuteur": str(la_bas.tuteur),
        "manager": str(la_bas.manager),
        "referent_rh": "",
        "confirmer": f"{la_bas.tuteur}:{la_bas.manager}:None",
    }


_ACQUIS: dict[UUID, UUID] = {}


def _vue(caisse: Caisse) -> VueDossier:
    return dossiers_par_ids(SYSTEME, [caisse.dossier])[caisse.dossier]


def _confirmer_les_equivalences(_: Caisse) -> None:
    """Le certificateur a confirmé que RNCP35729 B1 vaut B1, et permet de dispenser d'un bloc : une fois pour toutes les caisses."""
    version = version_publiee(SYSTEME, "cqp-cos", "2021")
    table, dispense = [referentiels.equivalence("RNCP35729 B1", "B1")], "motivee"
    dit = reglement_en_vigueur(SYSTEME, version, jour_civil(INSTANT))
    if (dit.valeur("equivalences"), dit.valeur("dispense_de_bloc")) != (table, dispense):
        referentiels.reconnaitre(version, *table, dispense_de_bloc=dispense)


def _reconnaitre(caisse: Caisse) -> None:
    """Un gestionnaire d'ici a reconnu le bloc 1."""
    _confirmer_les_equivalences(caisse)
    _ACQUIS[caisse.dossier] = parcours_services.reconnaitre_bloc(
        dossier=caisse.dossier,
        bloc="B1",
        tenu=Tenu("RNCP35729", "B1"),
        obtenu_le=ENTREE,
        piece=PieceDeBloc.PARCHEMIN,
        vu_le=ENTREE,
        auteur=comptes.gestionnaire(caisse.organisme),
        maintenant=INSTANT,
    )


_REPRISES: dict[UUID, UUID] = {}
_TITULAIRES = (
    "Nom;Prénom;Version ou fiche;Obtenu le;Numéro du parchemin ou de l'attestation\n"
    "Tout-Neuf;Maël;cqp-cos@2021;14/06/2022;COS-1\n"
).encode()


def _certificateur() -> Acteur:
    """Le gestionnaire de partout, seul dans ce monde à n'avoir pas de caisse."""
    partout = Role.objects.filter(nature=NatureRole.GESTIONNAIRE, organisme=None, au=None).order_by("pk").first()
    assert partout is not None
    return Acteur(partout.personne_id)


def _deposer_une_reprise(caisse: Caisse) -> None:
    """Le certificateur dépose un fichier."""
    _REPRISES[caisse.dossier] = parcours_services.lire_reprise(
        nom_fichier="titulaires.csv",
        octets=_TITULAIRES,
        auteur=_certificateur(),
        maintenant=INSTANT,
    ).pk


def _reprise(caisse: Caisse) -> Adresse:
    return {"identifiant": _REPRISES[caisse.dossier]}


def _confirmer_une_reprise(caisse: Caisse) -> None:
    """Le certificateur a repris ce fichier."""
    _deposer_une_reprise(caisse)
    parcours_services.confirmer_reprise(
        identifiant=_REPRISES[caisse.dossier], auteur=_certificateur(), maintenant=INSTANT
    )


def _repris(_: Caisse) -> Adresse:
    return {"acquis": titulaires_repris(SYSTEME, "COS-1").get().pk}


_SUR_PIECE = {"piece": "parchemin", "vu_le": "2026-09-02"}


GESTES: dict[str, Geste] = {
    "parcours:mutation": Geste(
        dossier(),
        lambda caisse, _: {
            "vers": str(_d_ailleurs(caisse).organisme),
            "motif": "Elle déménage.",
            "confirmer": str(_d_ailleurs(caisse).organisme),
        },
    ),
    "parcours:accueillir": Geste(lambda caisse: {"identifiant": _MUTATIONS[caisse.dossier]}, _accueil, avant=_proposer),
    "parcours:parti": Geste(dossier(), avant=ceder),
    "parcours:version": Geste(
        lambda caisse: {"identifiant": _POURSUIVI[caisse.dossier]},
        lambda *_: {"version": "cqp-cos@2026", "confirmer": "cqp-cos@2026"},
        avant=_ouvrir_une_version,
    ),
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
    "parcours:import_fait": Geste(_import, avant=_importer),
    "parcours:defaire_import": Geste(_import, lambda *_: {"motif": "Mauvais fichier."}, avant=_importer),
    "parcours:nir": Geste(dossier(), lambda *_: {"nir": "2 91 05 61 001 001 00"}),
    "parcours:effacer_nir": Geste(dossier()),
    "parcours:designer": Geste(
        dossier(),
        lambda caisse, _: {
            "tuteur": caisse.monde.manager.id,
            "manager": caisse.monde.tuteur.id,
            "confirmer": f"{caisse.monde.manager.id}:{caisse.monde.tuteur.id}",
        },
        avant=echanger,
    ),
    "parcours:corriger": Geste(dossier(), lambda *_: {"referent_rh": ""}, avant=_avec_un_referent),
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
    "parcours:titulaires": Geste(),
    "parcours:retirer_repris": Geste(
        _repris, lambda *_: {"motif": "Ce parchemin est celui d'une homonyme."}, avant=_confirmer_une_reprise
    ),
    "parcours:reprendre": Geste(corps=lambda *_: {"fichier": SimpleUploadedFile("titulaires.csv", _TITULAIRES)}),
    "parcours:modele_reprise": Geste(lambda _: {"forme": "csv"}),
    "parcours:confirmer_reprise": Geste(_reprise, avant=_deposer_une_reprise),
    "parcours:abandonner_reprise": Geste(_reprise, avant=_deposer_une_reprise),
    "parcours:abandonner": Geste(dossier(), lambda *_: {"motif": "Départ de la caisse."}),
    "parcours:amenager": Geste(dossier(), lambda *_: {"accorde_le": "2026-09-02", "duree:B1:questions": "20"}),
    "parcours:reconnaitre": Geste(
        dossier(),
        lambda caisse, _: {
            "choix": "RNCP35729 B1 B1",
            "obtenu_le": "2022-05-03",
            "vus": page_reconnaitre(SYSTEME, _vue(caisse), jour_civil(INSTANT)).vus,
            **_SUR_PIECE,
        },
        avant=_confirmer_les_equivalences,
    ),
    "parcours:dispenser_bloc": Geste(
        dossier(),
        lambda caisse, _: {
            "choix": "B1",
            "motif": "Titre de même niveau.",
            "vus": page_dispenser_bloc(SYSTEME, _vue(caisse)).vus,
            **_SUR_PIECE,
        },
        avant=_confirmer_les_equivalences,
    ),
    "parcours:retirer_acquis": Geste(
        lambda caisse: {"identifiant": caisse.dossier, "acquis": _ACQUIS[caisse.dossier]},
        lambda *_: {"motif": "La pièce n'était pas la sienne."},
        avant=_reconnaitre,
    ),
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
