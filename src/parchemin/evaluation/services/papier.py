"""La grille papier : deux personnes la ressaisissent sans se voir, ce qui diffère se règle, elle entre en faits ; l'évaluateur scelle.

Le papier est un appareil de plus : ses faits n'ont rien vu de ceux des autres appareils. Là où l'évaluateur avait noté autre
chose, il y a conflit, et c'est lui qui tranche.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from moteur.etats import RESSAISIE
from moteur.faits import verifier_fait
from moteur.regles.double_saisie import differences, reunir
from moteur.vocabulaire import Refus as RefusMoteur
from parchemin.comptes.selectors import droits
from parchemin.comptes.services import chaine_organisme
from parchemin.convocations.enums import Qualite
from parchemin.convocations.selectors import VueEpreuve, epreuve_par_id
from parchemin.convocations.services import commencer_epreuve, verifier_independance, verrouiller_epreuve
from parchemin.evaluation.documents.codes import lire_code, verifier_pages
from parchemin.evaluation.enums import Action, EtatReponse, GenrePiece
from parchemin.evaluation.evenements import PapierVerse
from parchemin.evaluation.models import Lecture, PiecePapier, Ressaisie, SaisiePapier
from parchemin.evaluation.permissions import verifier_peut_joindre, verifier_peut_ressaisir
from parchemin.evaluation.sceaux import sceau_fait, sceau_piece, sceau_saisie
from parchemin.evaluation.selectors import bloc_de
from parchemin.evaluation.selectors.papier import contenus_saisis
from parchemin.evaluation.services.reception import Reception, composer
from parchemin.registre.services import acte
from parchemin.socle.acteur import Acteur
from parchemin.socle.annonces import annoncer
from parchemin.socle.fichiers import recevoir
from parchemin.socle.horloge import jour_civil
from parchemin.socle.passages import inscrire_passage, passer_la_ligne
from parchemin.socle.refus import Introuvable, Refus, au_nom_du_moteur

PIECES_MAXIMUM = 20
ETATS_OUVERTS = ("affectee", "en_cours", "suspendue")
"""Les états d'une épreuve où une grille papier peut encore entrer dans la lecture."""


def ouvrir_ressaisie(
    *, epreuve: UUID, qualite: Qualite, codes: Sequence[str], auteur: Acteur, maintenant: datetime
) -> UUID:
    """Ouvre la ressaisie de la grille papier d'un évaluateur, toutes ses pages lues ; rend son identifiant.

    Une seule ouverte à la fois : la demander de nouveau rend celle qui l'est. Lève `Introuvable`,
    `RefusDroit("ressaisie_reservee")`, et `Refus` : `epreuve_fermee`, `lecture_scellee`, ceux de `lire_code` et de
    `verifier_pages`.
    """
    lus = [lire_code(texte) for texte in codes if texte.strip()]
    with acte(auteur=auteur, maintenant=maintenant, action=Action.RESSAISIE_OUVERTE) as journal:
        verrouiller_epreuve(epreuve)
        vue = _epreuve(epreuve, auteur, maintenant)
        evaluateur = vue.evaluateur(Qualite(qualite))
        if evaluateur is None:
            raise Introuvable("Aucun évaluateur n'est affecté en cette qualité.")
        _verifier_ouverte(vue, evaluateur.personne)
        pages = verifier_pages(lus, vue.id, Qualite(qualite), vue.norme)
        deja = Ressaisie.objects.filter(epreuve_id=epreuve, evaluateur_id=evaluateur.personne)
        ouverte = deja.exclude(etat__in=RESSAISIE.terminaux).first()
        if ouverte is not None:
            journal.rien_a_inscrire()
            return ouverte.pk
        ligne = Ressaisie.objects.create(
            epreuve_id=epreuve,
            evaluateur_id=evaluateur.personne,
            qualite=qualite,
            norme=vue.norme,
            pages=pages,
            etat=RESSAISIE.depart,
            depuis=maintenant,
            ouverte_le=maintenant,
        )
        inscrire_passage(ligne, auteur=auteur, maintenant=maintenant)
        journal.inscrire(
            objet=("epreuve", epreuve),
            donnees={"ressaisie": ligne.pk, "qualite": qualite, "pages": pages, "norme": vue.norme},
            chaine=chaine_organisme(vue.dossier.organisme),
        )
    return ligne.pk


def saisir(*, ressaisie: UUID, contenu: Mapping[str, object], auteur: Acteur, maintenant: datetime) -> str:
    """Garde ce qu'une personne a lu sur la feuille ; rend l'état où en est la ressaisie.

    La seconde saisie, d'une autre personne, est comparée à la première : semblables, la grille est versée ; sinon, ce qui
    diffère est à régler. Redire sa saisie ne change rien. Lève `Introuvable`, `RefusDroit("ressaisie_reservee")`, et
    `Refus` : `saisie_vide`, `saisie_invalide` (ses `details` disent où), `deja_saisie` (la même personne, ou deux saisies
    déjà faites), `ressaisie_close`, `versement_impossible`.
    """
    with acte(auteur=auteur, maintenant=maintenant, action=Action.PAPIER_SAISI) as journal:
        ligne, vue = _ouvrir(ressaisie, auteur, maintenant)
        propre = _verifier_contenu(vue, ligne, contenu, maintenant)
        faites = {saisie.auteur: saisie for saisie in ligne.saisies.filter(rang__lt=3)}
        if auteur.id in faites:
            if faites[auteur.id].contenu == propre:
                journal.rien_a_inscrire()
                return ligne.etat
            raise Refus(
                "deja_saisie",
                "Vous avez déjà saisi cette grille : la seconde saisie revient à une autre personne. Ce que vous aviez "
                "saisi est gardé ; une faute de frappe se verra à la comparaison.",
            )
        _verifier_en_cours(ligne)
        if len(faites) == 2:
            raise Refus("deja_saisie", "Deux personnes ont déjà saisi cette grille : il reste à régler ce qui diffère.")
        saisie = SaisiePapier.objects.create(
            ressaisie=ligne,
            rang=len(faites) + 1,
            auteur=auteur.id,
            contenu=propre,
            le=maintenant,
            sel=secrets.token_hex(16),
        )
        journal.inscrire(
            objet=("epreuve", vue.id),
            donnees={"ressaisie": ligne.pk, "rang": saisie.rang},
            scelles=[sceau_saisie(saisie)],
            chaine=chaine_organisme(vue.dossier.organisme),
        )
        if saisie.rang == 1:
            _passer(ligne, "a_controler", auteur, maintenant)
        elif differences(*(contenus_saisis(ligne.pk)[rang] for rang in (1, 2))):
            _passer(ligne, "a_regler", auteur, maintenant)
        else:
            _verser(ligne, vue, {}, auteur, maintenant)
    return ligne.etat


def regler_differences(*, ressaisie: UUID, retenus: Mapping[str, object], auteur: Acteur, maintenant: datetime) -> None:
    """Dit, le papier en main, ce que la feuille porte là où les deux saisies diffèrent (`None` : rien) ; la grille est versée.

    Jamais par qui a fait la première saisie : c'est le contrôle. Redire ne change rien. Lève `Introuvable`,
    `RefusDroit("ressaisie_reservee")`, et `Refus` : `reglement_par_un_autre`, `differences_a_regler`, `saisie_invalide`,
    `ressaisie_close`, `versement_impossible`.
    """
    with acte(auteur=auteur, maintenant=maintenant, action=Action.PAPIER_REGLE) as journal:
        ligne, vue = _ouvrir(ressaisie, auteur, maintenant)
        if ligne.etat == "versee" and ligne.saisies.filter(rang=3, contenu=dict(retenus)).exists():
            journal.rien_a_inscrire()
            return
        _verifier_en_cours(ligne)
        if ligne.etat != "a_regler":
            raise Refus("differences_a_regler", "Il n'y a pas encore deux saisies à comparer.")
        if ligne.saisies.filter(rang=1, auteur=auteur.id).exists():
            raise Refus(
                "reglement_par_un_autre",
                "Vous avez fait la première saisie : une autre personne règle ce qui diffère, le papier en main.",
            )
        poses = {cible: valeur for cible, valeur in retenus.items() if valeur is not None}
        propre = _verifier_contenu(vue, ligne, poses, maintenant, vide_permis=True)
        complet = {cible: propre.get(cible) for cible in retenus}
        saisie = SaisiePapier.objects.create(
            ressaisie=ligne, rang=3, auteur=auteur.id, contenu=complet, le=maintenant, sel=secrets.token_hex(16)
        )
        journal.inscrire(
            objet=("epreuve", vue.id),
            donnees={"ressaisie": ligne.pk, "differences": len(complet)},
            scelles=[sceau_saisie(saisie)],
            chaine=chaine_organisme(vue.dossier.organisme),
        )
        _verser(ligne, vue, complet, auteur, maintenant)


def abandonner_ressaisie(*, ressaisie: UUID, motif: str, auteur: Acteur, maintenant: datetime) -> None:
    """Renonce à une ressaisie : rien n'entre dans la grille, ce qui fut saisi reste gardé. Redire ne change rien.

    Lève `Introuvable`, `RefusDroit("ressaisie_reservee")`, `Refus("motif_manquant" | "ressaisie_close")`.
    """
    motif = motif.strip()
    with acte(auteur=auteur, maintenant=maintenant, action=Action.RESSAISIE_ABANDONNEE) as journal:
        ligne, vue = _ouvrir(ressaisie, auteur, maintenant)
        if ligne.etat == "abandonnee":
            journal.rien_a_inscrire()
            return
        _verifier_en_cours(ligne)
        if not motif:
            raise Refus("motif_manquant", "Dites pourquoi cette ressaisie s'arrête.")
        _passer(ligne, "abandonnee", auteur, maintenant, motif)
        journal.inscrire(
            objet=("epreuve", vue.id),
            donnees={"ressaisie": ligne.pk},
            personnel={"motif": motif},
            chaine=chaine_organisme(vue.dossier.organisme),
        )


def joindre_piece(*, ressaisie: UUID, octets: bytes, auteur: Acteur, maintenant: datetime) -> UUID:
    """Garde une feuille numérisée, reconnue à son contenu et nettoyée (ni lieu, ni heure, ni appareil) ; rend son identifiant.

    L'empreinte, les octets et le sceau sont du fichier gardé, donc nettoyé : la même photo, redéposée, n'en fait qu'une.
    Par l'équipe du gestionnaire, ou par l'évaluateur dont c'est la grille, jusqu'à son sceau ; jamais un document du
    candidat. Lève `Introuvable`, `RefusDroit("ressaisie_reservee")`, et `Refus` : ceux de `socle.fichiers.recevoir`,
    `trop_de_pieces`, `ressaisie_close` (abandonnée), `lecture_scellee`.
    """
    octets, genre = recevoir(octets)
    empreinte = hashlib.sha256(octets).hexdigest()
    nom = ""
    try:
        with acte(auteur=auteur, maintenant=maintenant, action=Action.PAPIER_JOINT) as journal:
            ligne = _verrouiller(ressaisie)
            vue = epreuve_par_id(auteur, ligne.epreuve_id)
            verifier_peut_joindre(auteur, droits(auteur, jour_civil(maintenant)), vue, ligne.evaluateur_id)
            deja = PiecePapier.objects.filter(ressaisie=ligne, empreinte=empreinte).first()
            if deja is not None:
                journal.rien_a_inscrire()
                return deja.pk
            _verifier_recoit_une_feuille(ligne)
            nom = default_storage.save(f"papier/{ligne.pk}/{uuid4()}.{genre.extension}", ContentFile(octets))
            piece = PiecePapier.objects.create(
                ressaisie=ligne,
                fichier=nom,
                genre=GenrePiece(genre.value),
                octets=len(octets),
                empreinte=empreinte,
                auteur=auteur.id,
                le=maintenant,
                sel=secrets.token_hex(16),
            )
            journal.inscrire(
                objet=("epreuve", vue.id),
                donnees={"ressaisie": ligne.pk, "piece": piece.pk, "octets": piece.octets},
                scelles=[sceau_piece(piece)],
                chaine=chaine_organisme(vue.dossier.organisme),
            )
    except BaseException:
        if nom:
            default_storage.delete(nom)  # la ligne n'existera pas : le fichier non plus
        raise
    return piece.pk


def _verifier_recoit_une_feuille(ligne: Ressaisie) -> None:
    """Une feuille se joint tant que l'évaluateur n'a pas scellé : la seconde saisie verse la grille, et la photo vient souvent après."""
    if ligne.etat == "abandonnee":
        raise _close(ligne)
    _verifier_sans_sceau(ligne.epreuve_id, ligne.evaluateur_id)
    if ligne.pieces.count() >= PIECES_MAXIMUM:
        raise Refus("trop_de_pieces", f"Une grille papier porte au plus {PIECES_MAXIMUM} feuilles numérisées.")


# Sous le verrou ------------------------------------------------------------------------------------------------------


def _epreuve(epreuve: UUID, auteur: Acteur, maintenant: datetime) -> VueEpreuve:
    """L'épreuve, sous son verrou, pour qui peut la ressaisir."""
    vue = epreuve_par_id(auteur, epreuve)
    verifier_peut_ressaisir(auteur, droits(auteur, jour_civil(maintenant)), vue)
    return vue


def _verrouiller(ressaisie: UUID) -> Ressaisie:
    """La ressaisie, sous le verrou de son épreuve : deux saisies à la fois passent l'une après l'autre."""
    connue = Ressaisie.objects.filter(pk=ressaisie).values_list("epreuve_id", flat=True).first()
    if connue is None:
        raise Introuvable("Cette ressaisie n'existe pas.")
    verrouiller_epreuve(connue)
    return Ressaisie.objects.get(pk=ressaisie)


def _ouvrir(ressaisie: UUID, auteur: Acteur, maintenant: datetime) -> tuple[Ressaisie, VueEpreuve]:
    ligne = _verrouiller(ressaisie)
    return ligne, _epreuve(ligne.epreuve_id, auteur, maintenant)


def _verifier_ouverte(epreuve: VueEpreuve, evaluateur: UUID) -> None:
    if epreuve.etat not in ETATS_OUVERTS or not epreuve.dossier.ouvert:
        raise Refus("epreuve_fermee", "Cette épreuve ne reçoit plus, ou pas encore, de grille papier.")
    _verifier_sans_sceau(epreuve.id, evaluateur)


def _verifier_sans_sceau(epreuve: UUID, evaluateur: UUID) -> None:
    if Lecture.objects.filter(epreuve_id=epreuve, evaluateur_id=evaluateur).exists():
        raise Refus("lecture_scellee", "Cet évaluateur a déjà scellé sa lecture : plus rien ne peut la changer.")


def _verifier_en_cours(ligne: Ressaisie) -> None:
    if ligne.etat in RESSAISIE.terminaux:
        raise _close(ligne)


def _close(ligne: Ressaisie) -> Refus:
    intitule = RESSAISIE.etat(ligne.etat).intitule.lower()
    return Refus("ressaisie_close", f"Cette ressaisie est {intitule} : elle ne reçoit plus rien.")


def _verifier_contenu(
    epreuve: VueEpreuve,
    ligne: Ressaisie,
    contenu: Mapping[str, object],
    maintenant: datetime,
    *,
    vide_permis: bool = False,
) -> dict[str, Any]:
    """Le contenu, composé, chacune de ses cibles admise par le moteur. Lève `Refus("saisie_vide" | "saisie_invalide")`."""
    if not contenu and not vide_permis:
        raise Refus("saisie_vide", "Rien n'est saisi : une feuille entièrement vide ne se ressaisit pas.")
    bloc = bloc_de(Acteur(ligne.evaluateur_id), epreuve)
    reception = Reception(epreuve, bloc, [], Acteur(ligne.evaluateur_id), maintenant)
    propre: dict[str, Any] = {}
    fautes = []
    for rang, (cible, valeur) in enumerate(sorted(contenu.items()), start=1):
        fait = reception.lire(_brut(ligne, ligne.pk, rang, cible, valeur, maintenant))
        if fait is None:
            fautes.append(f"{cible} : ce qui est saisi ne se garde pas.")
            continue
        try:
            verifier_fait(bloc, epreuve.norme, fait)
        except RefusMoteur as refus:
            fautes.append(f"{cible} : {refus.message}")
        else:
            propre[cible] = composer(valeur)
    if fautes:
        raise Refus("saisie_invalide", "Une partie de la saisie n'est pas de cette grille.", details=tuple(fautes))
    return propre


def _brut(
    ligne: Ressaisie, appareil: UUID, rang: int, cible: str, valeur: object, maintenant: datetime
) -> dict[str, Any]:
    """Un fait dans la forme de l'échange ; le papier est un appareil, qui n'a vu aucun autre."""
    return {
        "id": str(uuid4()),
        "appareil": str(appareil),
        "rang": rang,
        "cible": cible,
        "valeur": valeur,
        "remplace": None,
        "vus": {},
        "mural": maintenant.isoformat(),
        "monotone_ms": 0,
        "norme": ligne.norme,
    }


def _verser(
    ligne: Ressaisie, epreuve: VueEpreuve, retenus: Mapping[str, object], auteur: Acteur, maintenant: datetime
) -> None:
    """Fait entrer la grille réunie, comme des faits de son évaluateur, marqués de la ressaisie. Tout ou rien."""
    contenus = contenus_saisis(ligne.pk)
    with au_nom_du_moteur():
        grille = reunir(contenus[1], contenus[2], retenus)
    evaluateur = Acteur(ligne.evaluateur_id)
    _verifier_ouverte(epreuve, ligne.evaluateur_id)
    try:
        verifier_independance(evaluateur, epreuve, maintenant)
    except Introuvable as refus:
        raise Refus(
            "versement_impossible",
            "Cette personne n'évalue plus cette épreuve : sa grille papier ne peut plus entrer dans la lecture.",
            conserve="Les deux saisies sont gardées.",
        ) from refus
    papier = uuid4()
    lot = [
        _brut(ligne, papier, rang, cible, valeur, maintenant) for rang, (cible, valeur) in enumerate(grille.items(), 1)
    ]
    with acte(auteur=auteur, maintenant=maintenant, action=Action.PAPIER_VERSE) as journal:
        reception = Reception(epreuve, bloc_de(evaluateur, epreuve), lot, evaluateur, maintenant)
        refuses = [reponse for brut in lot if (reponse := reception.recevoir(brut)).etat != EtatReponse.ACCEPTEE]
        if refuses:
            raise Refus("versement_impossible", f"Cette grille ne peut pas entrer dans la lecture. {refuses[0].raison}")
        for fait in reception.acceptes:
            fait.ressaisie_id = ligne.pk
        reception.garder()
        _passer(ligne, "versee", auteur, maintenant)
        journal.inscrire(
            objet=("epreuve", epreuve.id),
            donnees={
                "ressaisie": ligne.pk,
                "evaluateur": ligne.evaluateur_id,
                "faits": [fait.pk for fait in reception.acceptes],
            },
            scelles=[sceau_fait(fait) for fait in reception.acceptes],
            chaine=chaine_organisme(epreuve.dossier.organisme),
        )
        commencer_epreuve(epreuve=epreuve, auteur=auteur, maintenant=maintenant)
        annoncer(PapierVerse(epreuve.id, ligne.evaluateur_id, maintenant))


def _passer(ligne: Ressaisie, vers: str, auteur: Acteur, maintenant: datetime, motif: str = "") -> None:
    """Passe à un autre état de `moteur.etats.RESSAISIE`, et l'écrit dans son histoire."""
    passer_la_ligne(RESSAISIE, ligne, vers, auteur=auteur, maintenant=maintenant, motif=motif, depuis=maintenant)
