"""Le registre des habilitations, la page de l'une d'elles, les changements à déclarer, l'export."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse

from moteur.etats import HABILITATION, peut_passer
from moteur.regles.habilitation import Ligne, echeance_naturelle
from parchemin.comptes import selectors
from parchemin.comptes.certifications import certification, certifications
from parchemin.comptes.enums import EtatHabilitation, Mission, TitreHabilitation
from parchemin.comptes.permissions import peut_gerer_les_comptes, peut_tenir_habilitations
from parchemin.comptes.selectors import Changement, Droits, VueHabilitation
from parchemin.socle.acteur import Acteur
from parchemin.socle.composants import Action, AFaire, Cellule, Colonne, Lien, LigneAFaire, Statut, Tableau, Ton, Vide
from parchemin.socle.typographie import date_en_clair, date_longue, pluriel

EXPIRE_BIENTOT = timedelta(days=90)
"""Le temps de préparer et signer une nouvelle convention : un repère d'accueil, pas une règle."""

ENTETES_REGISTRE = (
    "Organisme", "SIRET", "Certification", "À quel titre", "Convention", "Signée le", "Missions", "Blocs", "Prend effet le",
    "Dernier jour", "État", "Dans cet état depuis", "Changements à déclarer", "Prochaine échéance",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PageRegistre:
    """Le registre : ce qui reste à déclarer d'abord, puis toutes les habilitations."""

    resume: str
    a_declarer: tuple[LigneAFaire, ...]
    tableau: Tableau | None
    vide: Vide
    exports: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class PageHabilitation:
    """Une habilitation : ce qu'elle permet, son histoire, ses déclarations, ce qu'on peut y changer."""

    id: UUID
    organisme: Lien
    """Sans adresse pour qui n'ouvre pas la fiche de l'organisme (un auditeur)."""
    titre: str
    statut: Statut
    identite: tuple[tuple[str, str], ...]
    histoire: Tableau
    a_declarer: tuple[Changement, ...]
    declarations: Tableau | None
    etats: tuple[tuple[str, str], ...]
    blocs: tuple[tuple[str, str], ...]
    portee_initiale: dict[str, Any]
    tenir: bool
    modifiable: bool


def page_habilitations(lecteur: Acteur, droits: Droits, jour: date) -> PageRegistre:
    """La page `/comptes/habilitations/`."""
    vues = selectors.registre_habilitations(lecteur, jour)
    return PageRegistre(
        resume=pluriel(len(vues), "habilitation"),
        a_declarer=tuple(_ligne_a_declarer(changement) for changement in selectors.restant_a_declarer(vues, jour)),
        tableau=tableau_habilitations(vues) if vues else None,
        vide=Vide(
            "Aucune habilitation au registre",
            "Ouvrez la fiche d’un organisme pour y inscrire la sienne : sa convention, ses blocs, ses dates.",
            Action("Voir les organismes", reverse("comptes:organismes")),
        )
        if peut_tenir_habilitations(droits)
        else Vide(
            "Aucune habilitation au registre", "Un gestionnaire de tous les organismes y inscrit les conventions."
        ),
        exports=tuple(
            Action(f"Exporter en {forme.upper()}", reverse("comptes:exporter_habilitations", args=[forme]))
            for forme in ("csv", "xlsx")
        ),
    )


def tableau_habilitations(vues: Sequence[VueHabilitation], *, avec_organisme: bool = True) -> Tableau:
    """Les habilitations, une par ligne ; la première colonne ouvre la sienne."""
    titres = {une.code: une.titre for une in certifications()}
    colonnes = ("Organisme" if avec_organisme else "Convention", "Certification", "Peut", "Jusqu’au", "État")
    lignes: tuple[tuple[Cellule, ...], ...] = tuple(
        (
            Lien(
                vue.organisme_nom if avec_organisme else (vue.convention or vue.titre.label),
                reverse("comptes:habilitation", args=[vue.id]),
            ),
            titres.get(vue.certification, vue.certification),
            f"{_missions(vue.courante)}, {_blocs(vue.courante)}",
            vue.courante.dernier_jour or "sans terme",
            _statut(vue.etat),
        )
        for vue in vues
    )
    return Tableau("Habilitations", tuple(map(Colonne, colonnes)), lignes)


def habilitation(lecteur: Acteur, droits: Droits, identifiant: UUID, jour: date) -> PageHabilitation:
    """La page d'une habilitation ; lève `Introuvable` sinon."""
    vue = selectors.une_habilitation(lecteur, identifiant, jour)
    derniere = vue.lignes[-1].ligne
    finie = vue.etat in (EtatHabilitation.RESILIEE, EtatHabilitation.ECHUE) or derniere.etat.value == "resiliee"
    auteurs = selectors.noms(lecteur, [ligne.auteur for ligne in vue.lignes])
    declares = [changement for changement in vue.changements if changement.declare_le]
    return PageHabilitation(
        id=vue.id,
        organisme=Lien(
            vue.organisme_nom,
            reverse("comptes:organisme", args=[vue.organisme]) if peut_gerer_les_comptes(droits) else "",
        ),
        titre=f"{vue.organisme_nom} : {_missions(vue.courante)}",
        statut=_statut(vue.etat),
        identite=tuple((nom, valeur) for nom, valeur in _identite(vue) if valeur),
        histoire=Tableau(
            "Histoire",
            tuple(map(Colonne, ("Prend effet le", "État", "Peut", "Dernier jour", "Pourquoi", "Écrit par"))),
            tuple(
                (
                    ligne.ligne.effet,
                    _statut(EtatHabilitation(ligne.ligne.etat.value)),
                    f"{_missions(ligne.ligne)}, {_blocs(ligne.ligne)}",
                    ligne.ligne.dernier_jour,
                    ligne.motif or None,
                    auteurs.get(ligne.auteur, "Parchemin"),
                )
                for ligne in vue.lignes
            ),
        ),
        a_declarer=tuple(c for c in vue.changements if c.declare_le is None and c.effet <= jour),
        declarations=Tableau(
            "Déclarés à France compétences",
            tuple(map(Colonne, ("Changement", "Pris effet le", "Échéance", "Déclaré le", "Référence"))),
            tuple((c.libelle, c.effet, c.delai.echeance, c.declare_le, c.reference or None) for c in declares),
        )
        if declares
        else None,
        etats=tuple(
            (vers, libelle)
            for vers, libelle in (
                ("suspendue", "Suspendre, à titre conservatoire"),
                ("en_vigueur", "Lever la suspension"),
                ("resiliee", "Résilier"),
            )
            if peut_passer(HABILITATION, derniere.etat.value, vers)
        ),
        blocs=choix_blocs(vue.certification),
        portee_initiale={
            "missions": [mission.value for mission in derniere.missions],
            "blocs": ["entiere"] if derniere.blocs is None else sorted(derniere.blocs),
            "dernier_jour": derniere.dernier_jour,
            "effet": jour,
        },
        tenir=peut_tenir_habilitations(droits),
        modifiable=peut_tenir_habilitations(droits) and not finie,
    )


def certifications_habilitables() -> tuple[tuple[str, str], ...]:
    """Les certifications que l'on peut choisir : code et titre."""
    return tuple((une.code, une.titre) for une in certifications())


def choix_blocs(code: str) -> tuple[tuple[str, str], ...]:
    """Les blocs d'une certification : code, et « B1 : son titre »."""
    connue = certification(code)
    return tuple((bloc, f"{bloc} : {titre}") for bloc, titre in connue.blocs) if connue else ()


def lignes_du_registre(lecteur: Acteur, jour: date) -> Iterable[tuple[object, ...]]:
    """Le registre à exporter : une habilitation par ligne, sous `ENTETES_REGISTRE`."""
    for vue in selectors.registre_habilitations(lecteur, jour):
        attendus = [c for c in vue.changements if c.declare_le is None and c.effet <= jour]
        yield (
            vue.organisme_nom, vue.organisme_siret, vue.certification, vue.titre.label, vue.convention, vue.signee_le,
            _missions(vue.courante), _blocs(vue.courante), vue.lignes[0].ligne.effet, vue.courante.dernier_jour,
            vue.etat.label, vue.depuis, " ; ".join(c.libelle for c in attendus),
            min((c.delai.echeance for c in attendus), default=None),
        )  # fmt: skip


def a_faire_habilitations(lecteur: Acteur, droits: Droits, jour: date) -> Iterable[AFaire]:
    """Pour l'accueil de qui tient le registre : les changements à déclarer, les habilitations qui vont finir."""
    if not peut_tenir_habilitations(droits):
        return
    registre_lu = selectors.registre_habilitations(lecteur, jour)
    for changement in selectors.restant_a_declarer(registre_lu, jour):
        yield AFaire(changement.delai.echeance, _ligne_a_declarer(changement))
    for vue in registre_lu:
        terme = echeance_naturelle([ligne.ligne for ligne in vue.lignes])
        if vue.titre == TitreHabilitation.DELEGATAIRE and terme and jour < terme <= jour + EXPIRE_BIENTOT:
            dernier = terme - timedelta(days=1)
            yield AFaire(
                dernier,
                LigneAFaire(
                    quand=f"le {date_longue(dernier)}",
                    titre=f"Renouveler l’habilitation : {vue.organisme_nom}",
                    pourquoi="Sa convention arrive à son terme : ensuite, il ne pourra plus préparer ni évaluer.",
                    action=Action("Ouvrir l’habilitation", reverse("comptes:habilitation", args=[vue.id])),
                ),
            )


def _ligne_a_declarer(changement: Changement) -> LigneAFaire:
    reste = changement.delai.restent
    return LigneAFaire(
        quand=f"avant le {date_en_clair(changement.delai.echeance)}",
        precision=f"{pluriel(-reste, 'jour')} de retard" if reste < 0 else "dernier jour" if reste == 0
        else f"{pluriel(reste, 'jour')} encore",
        titre=f"Déclarer à France compétences : {changement.libelle.lower()}, {changement.organisme_nom}",
        pourquoi=f"Le changement a pris effet le {date_en_clair(changement.effet)} ; on a deux mois pour le dire.",
        action=Action("Ouvrir l’habilitation", reverse("comptes:habilitation", args=[changement.habilitation])),
        en_retard=changement.delai.depasse,
    )  # fmt: skip


def _titre(code: str) -> str:
    """Le titre d'une certification ; son code si elle n'est plus connue."""
    connue = certification(code)
    return connue.titre if connue else code


def _identite(vue: VueHabilitation) -> tuple[tuple[str, str], ...]:
    return (
        ("Certification", _titre(vue.certification)),
        ("À quel titre", vue.titre.label),
        ("Convention", vue.convention),
        ("Signée le", date_en_clair(vue.signee_le) if vue.signee_le else ""),
        ("Peut", f"{_missions(vue.courante)}, {_blocs(vue.courante)}"),
        ("Dans cet état depuis", date_en_clair(vue.depuis)),
        ("Dernier jour", date_en_clair(vue.courante.dernier_jour) if vue.courante.dernier_jour else "sans terme"),
    )


def _missions(ligne: Ligne) -> str:
    dites = [mission.label for mission in Mission if any(m.value == mission.value for m in ligne.missions)]
    return " et ".join([dites[0], *(dite.lower() for dite in dites[1:])])


def _blocs(ligne: Ligne) -> str:
    if ligne.blocs is None:
        return "toute la certification"
    return f"bloc{'s' if len(ligne.blocs) > 1 else ''} {', '.join(code[1:] for code in sorted(ligne.blocs))}"


def _statut(etat: EtatHabilitation) -> Statut:
    tons = {
        EtatHabilitation.EN_VIGUEUR: Ton.OUI,
        EtatHabilitation.A_VENIR: Ton.ATTENTE,
        EtatHabilitation.SUSPENDUE: Ton.ATTENTE,
        EtatHabilitation.RESILIEE: Ton.NON,
        EtatHabilitation.ECHUE: Ton.NEUTRE,
    }
    return Statut(tons[etat], etat.label)
