"""Ce qu'un changement en cours de parcours fait du carnet : ce qui est signé reste, ce qui attend change de mains."""

from __future__ import annotations

from parchemin.carnet.selectors.carnets import carnet
from parchemin.carnet.selectors.liens import gel
from parchemin.parcours.enums import Qualite
from parchemin.parcours.selectors import Apercu, Changement
from parchemin.socle.acteur import Acteur
from parchemin.socle.typographie import pluriel


def dire_un_changement(lecteur: Acteur, changement: Changement) -> Apercu:
    """La part du carnet dans l'aperçu d'un changement. Six requêtes au plus."""
    dossier = changement.dossier
    if changement.version is not None:
        gele = gel(lecteur, dossier.id) is not None
        return Apercu(
            redemande=(
                "Une dispense de carnet ne suit pas : elle se redemande, sur les blocs de la nouvelle version.",
                "Un lien d'attestation envoyé avant ne sert plus : il se redemande.",
            ),
            obstacles=("Le carnet est gelé par une répudiation : éclaircissez-la d'abord.",) if gele else (),
        )
    vue = carnet(lecteur, dossier.id)
    if vue is None:
        return Apercu()
    reste: list[str] = []
    redemande: list[str] = []
    for qualite in Qualite:
        if changement.remplace(qualite) is None:
            continue
        nom = dossier.tuteur_nom if qualite == Qualite.TUTEUR else dossier.manager_nom
        signees = sum(
            ligne.attestations[qualite].verdict != "" and ligne.attestations[qualite].auteur == dossier.designe(qualite)
            for ligne in vue.lignes
            if qualite in ligne.attestations
        )
        if signees:
            reste.append(
                f"{pluriel(signees, 'compétence attestée', 'compétences attestées')} par {nom} "
                f"{'reste' if signees == 1 else 'restent'} sous son nom."
            )
        attendues = vue.avancement().attendues(qualite)
        if attendues:
            redemande.append(
                f"{pluriel(attendues, 'compétence attend', 'compétences attendent')} encore le {qualite.label.lower()} : "
                "le nouveau les attestera."
            )
    return Apercu(reste=tuple(reste), redemande=tuple(redemande))
