"""Les dossiers et leur carnet."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.droits.gestes.commun import Geste, dossier, echanger

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
    "carnet:voir": Geste(dossier("dossier")),
    "carnet:recevoir": Geste(dossier("dossier")),
    "carnet:attester": Geste(
        dossier("dossier"), lambda *_: {"C1.1": "pas_encore", "C1.1-mot": "À revoir.", "C1.1-vu": "1"}
    ),
    "carnet:retirer": Geste(
        lambda caisse: {"dossier": caisse.dossier, "competence": "C1.1"}, lambda *_: {"motif": "Une erreur de ma part."}
    ),
}
