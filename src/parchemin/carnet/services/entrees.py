"""Ce que le candidat écrit dans son carnet : garder un brouillon, l'effacer, le publier, corriger par une nouvelle version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from uuid import UUID, uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from parchemin.carnet.enums import Action
from parchemin.carnet.models import BrouillonEntree, Carnet, EntreeCarnet, Ligne, VersionEntree
from parchemin.carnet.permissions import verifier_peut_ecrire_entree
from parchemin.carnet.services.carnets import dossier_connu, propre, tenir
from parchemin.comptes.services import chaine_organisme
from parchemin.parcours.selectors import VueDossier
from parchemin.registre.services import acte
from parchemin.socle import prudence
from parchemin.socle.acteur import Acteur
from parchemin.socle.fichiers import Genre, recevoir
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Introuvable, Refus

BROUILLONS_MAX = 30
FICHIER_MAX = 5 * 1024 * 1024
"""Octets : une photo de téléphone, ou quelques pages."""
TEXTE_MAX = 5_000


@dataclass(frozen=True, slots=True)
class Ecrit:
    """Ce que le candidat a sous les yeux quand il garde ou publie.

    `vu` : la révision du brouillon que sa page avait (0 : il n'était pas encore gardé) ; `fichier` : un fichier reçu à
    l'instant, `None` s'il garde celui qu'il a ; `sans_fichier` : il le retire.
    """

    texte: str
    fait_le: date | None
    competences: Sequence[str]
    vu: int = 0
    fichier: bytes | None = None
    sans_fichier: bool = False


def garder_brouillon(
    *,
    dossier: UUID,
    brouillon: UUID,
    ecrit: Ecrit,
    auteur: Acteur,
    maintenant: datetime,
    entree: UUID | None = None,
) -> int:
    """Garde ce qui est écrit, entier ou non, sous l'identifiant que la page a tiré ; rend sa révision.

    `entree` : l'entrée publiée qu'il corrige, dite la première fois. Redire la même chose ne change rien. Lève
    `RefusDroit("entree_reservee")`, `Introuvable`, et `Refus` : `dossier_clos`, `deja_publie`, `change_depuis`,
    `trop_de_brouillons`, `competence_inconnue`, `texte_trop_long`, et ceux de `socle.fichiers.recevoir`.
    """
    octets, genre = _fichier_sain(ecrit)
    nom = ""
    try:
        with acte(auteur=auteur, maintenant=maintenant, action=Action.BROUILLON_GARDE) as journal:
            vue, carnet = _tenir(dossier, auteur)
            competences = _competences(carnet, ecrit.competences)
            ligne = _brouillon_tenu(carnet, brouillon, entree, ecrit, maintenant)
            avant = _contenu(ligne)
            ancien = ligne.fichier
            ligne.texte, ligne.fait_le, ligne.competences = _texte(ecrit.texte), ecrit.fait_le, competences
            if octets is not None and genre is not None:
                nom = default_storage.save(f"carnet/{carnet.pk}/{uuid4()}.{genre.extension}", ContentFile(octets))
                ligne.fichier, ligne.genre, ligne.octets = nom, genre.value, len(octets)
            elif ecrit.sans_fichier:
                ligne.fichier, ligne.genre, ligne.octets = "", "", 0
            neuf = ligne._state.adding
            if not neuf and _contenu(ligne) == avant:
                journal.rien_a_inscrire()
                return ligne.revision
            ligne.revision = 1 if neuf else ligne.revision + 1
            ligne.instant = maintenant
            ligne.save()
            if ancien != ligne.fichier:
                _oublier(ancien)
            journal.inscrire(
                objet=("carnet", carnet.pk),
                donnees={"dossier": dossier, "brouillon": ligne.pk, "revision": ligne.revision},
                chaine=chaine_organisme(vue.organisme),
            )
    except BaseException:
        if nom:
            default_storage.delete(nom)  # la ligne n'existera pas : le fichier non plus
        raise
    return ligne.revision


def publier_entree(*, dossier: UUID, brouillon: UUID, relu: bool, auteur: Acteur, maintenant: datetime) -> UUID:
    """Publie un brouillon gardé : une entrée, ou une nouvelle version de celle qu'il corrige. Rend l'entrée.

    Le publier deux fois n'en fait qu'une. `relu` : le candidat confirme qu'aucun usager n'y est reconnaissable, exigé si le
    texte porte ce qui ressemble à un numéro ou à un courriel. Lève `RefusDroit("entree_reservee")`, `Introuvable`, et `Refus` :
    `dossier_clos`, `entree_incomplete` (les `details` nomment ce qui manque), `jour_a_venir`, `a_relire`.
    """
    with acte(auteur=auteur, maintenant=maintenant, action=Action.ENTREE_PUBLIEE) as journal:
        vue, carnet = _tenir(dossier, auteur)
        deja = VersionEntree.objects.filter(pk=brouillon, entree__carnet=carnet).first()
        if deja is not None:
            journal.rien_a_inscrire()
            return deja.entree_id
        ligne = BrouillonEntree.objects.select_for_update().filter(pk=brouillon, carnet=carnet).first()
        if ligne is None:
            raise Introuvable("Ce brouillon n'existe plus : il a été publié, ou effacé.")
        _verifier_publiable(ligne, jour_civil(maintenant), relu=relu)
        entree = ligne.entree or EntreeCarnet.objects.create(carnet=carnet, instant=maintenant)
        rang = VersionEntree.objects.filter(entree=entree).count() + 1
        VersionEntree.objects.create(
            pk=ligne.pk,
            entree=entree,
            rang=rang,
            texte=ligne.texte,
            fait_le=ligne.fait_le,
            competences=ligne.competences,
            fichier=ligne.fichier,
            genre=ligne.genre,
            octets=ligne.octets,
            instant=maintenant,
        )
        ligne.delete()
        journal.inscrire(
            objet=("carnet", carnet.pk),
            donnees={
                "dossier": dossier,
                "entree": entree.pk,
                "version": brouillon,
                "rang": rang,
                "competences": ligne.competences,
                "octets": ligne.octets,
            },
            personnel={"texte": ligne.texte},
            chaine=chaine_organisme(vue.organisme),
        )
    return entree.pk


def effacer_brouillon(*, dossier: UUID, brouillon: UUID, auteur: Acteur, maintenant: datetime) -> None:
    """Efface un brouillon et son fichier : rien n'en reste que la trace de l'effacement. Deux fois ne change rien.

    Lève `RefusDroit("entree_reservee")`, `Introuvable`, `Refus("dossier_clos")`.
    """
    with acte(auteur=auteur, maintenant=maintenant, action=Action.BROUILLON_EFFACE) as journal:
        vue, carnet = _tenir(dossier, auteur)
        ligne = BrouillonEntree.objects.select_for_update().filter(pk=brouillon, carnet=carnet).first()
        if ligne is None:
            journal.rien_a_inscrire()
            return
        _oublier(ligne.fichier)
        ligne.delete()
        journal.inscrire(
            objet=("carnet", carnet.pk),
            donnees={"dossier": dossier, "brouillon": brouillon},
            chaine=chaine_organisme(vue.organisme),
        )


def _tenir(dossier: UUID, auteur: Acteur) -> tuple[VueDossier, Carnet]:
    verifier_peut_ecrire_entree(auteur, dossier_connu(auteur, dossier))
    return tenir(dossier, auteur)


def _fichier_sain(ecrit: Ecrit) -> tuple[bytes | None, Genre | None]:
    """Le fichier reçu, reconnu à son contenu et nettoyé de ce qu'il dit en plus de l'image."""
    if ecrit.fichier is None:
        return None, None
    return recevoir(ecrit.fichier, octets_max=FICHIER_MAX)


def _brouillon_tenu(
    carnet: Carnet, identifiant: UUID, entree: UUID | None, ecrit: Ecrit, maintenant: datetime
) -> BrouillonEntree:
    """Le brouillon de cet identifiant, verrouillé, ou un neuf ; refuse si la page ne l'avait pas vu tel qu'il est."""
    if VersionEntree.objects.filter(pk=identifiant).exists():
        raise Refus(
            "deja_publie",
            "Cette entrée est déjà publiée, peut-être depuis un autre onglet : corrigez-la pour y ajouter.",
            conserve="Ce que vous venez d'écrire est toujours à l'écran.",
        )
    ligne = BrouillonEntree.objects.select_for_update().filter(pk=identifiant).first()
    if ligne is not None and ligne.carnet_id != carnet.pk:
        raise Introuvable
    if ligne is not None:
        if ecrit.vu != ligne.revision and _texte(ecrit.texte) != ligne.texte:
            raise Refus(
                "change_depuis",
                "Ce brouillon a changé depuis que cette page est ouverte (un autre onglet, un autre appareil).",
                conserve="Ce que vous venez d'écrire est toujours à l'écran, et ce qui fut gardé entre-temps l'est aussi.",
            )
        return ligne
    if BrouillonEntree.objects.filter(carnet=carnet).count() >= BROUILLONS_MAX:
        raise Refus(
            "trop_de_brouillons", f"Vous avez {BROUILLONS_MAX} brouillons : publiez-en ou effacez-en un d'abord."
        )
    neuf = BrouillonEntree(pk=identifiant, carnet=carnet, competences=[], instant=maintenant)
    if entree is not None:
        derniere = VersionEntree.objects.filter(entree_id=entree, entree__carnet=carnet).order_by("-rang").first()
        if derniere is None:
            raise Introuvable
        neuf.entree_id = entree
        neuf.fichier, neuf.genre, neuf.octets = derniere.fichier, derniere.genre, derniere.octets
    return neuf


def _contenu(ligne: BrouillonEntree) -> tuple[object, ...]:
    return (ligne.texte, ligne.fait_le, list(ligne.competences), ligne.fichier)


def _texte(texte: str) -> str:
    texte = propre(texte)
    if len(texte) > TEXTE_MAX:
        raise Refus("texte_trop_long", f"Une entrée tient en {TEXTE_MAX} signes : raccourcissez-la, ou faites-en deux.")
    return texte


def _competences(carnet: Carnet, codes: Sequence[str]) -> list[str]:
    siennes = list(Ligne.objects.filter(carnet=carnet).order_by("rang").values_list("competence", flat=True))
    inconnues = tuple(code for code in codes if code not in siennes)
    if inconnues:
        raise Refus("competence_inconnue", "Ces compétences ne sont pas dans ce carnet.", details=inconnues)
    return [code for code in siennes if code in codes]


def _verifier_publiable(ligne: BrouillonEntree, jour: date, *, relu: bool) -> None:
    manque = {
        "texte": not ligne.texte,
        "fait_le": ligne.fait_le is None,
        "competences": not ligne.competences,
    }
    if any(manque.values()):
        raise Refus(
            "entree_incomplete",
            "Pour publier, dites ce que vous avez fait, quel jour, et pour quelle compétence.",
            conserve="Votre brouillon est gardé.",
            details=tuple(champ for champ, vide in manque.items() if vide),
        )
    if ligne.fait_le is not None and ligne.fait_le > jour:
        raise Refus("jour_a_venir", "Ce jour n'est pas encore venu.", conserve="Votre brouillon est gardé.")
    if not relu and (dit := prudence.avertissement(ligne.texte)):
        raise Refus(
            "a_relire", f"{dit} Corrigez, ou confirmez que vous avez relu.", conserve="Votre brouillon est gardé."
        )


def _oublier(nom: str) -> None:
    """Ôte un fichier du stockage une fois la transaction finie, si aucune version publiée ne le porte."""
    if nom and not VersionEntree.objects.filter(fichier=nom).exists():
        transaction.on_commit(partial(default_storage.delete, nom))
