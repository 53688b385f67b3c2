"""Les colonnes d'un fichier de candidats : leurs en-têtes, celles qu'il faut, celles que l'on devine."""

from __future__ import annotations

from collections.abc import Mapping

from parchemin.socle.cles import cle_recherche

COLONNES: Mapping[str, str] = {
    "courriel": "Courriel professionnel",
    "nom_naissance": "Nom de naissance",
    "nom_usage": "Nom d'usage",
    "prenom1": "Prénom",
    "prenom2": "Deuxième prénom",
    "prenom3": "Troisième prénom",
    "sexe": "Sexe (F ou M)",
    "naissance": "Date de naissance",
    "commune": "Commune de naissance",
    "commune_code": "Code Insee de la commune",
    "pays": "Pays de naissance",
    "pays_code": "Code Insee du pays",
    "organisme": "Organisme (SIRET ou nom)",
    "voie": "Voie d'accès",
    "initiative": "Initiative",
    "entree_le": "Date d'entrée",
    "recevable_le": "VAE recevable le",
    "blocs": "Blocs (vide : tous)",
    "tuteur": "Courriel du tuteur",
    "manager": "Courriel du manager",
    "referent_rh": "Courriel du référent RH",
    "acces_vae": "Accès à la VAE",
}
OBLIGATOIRES = frozenset(
    {"courriel", "nom_naissance", "prenom1", "sexe", "naissance", "organisme", "voie", "initiative", "entree_le"}
)
SYNONYMES: Mapping[str, str] = {
    "email": "courriel", "conge de vae": "acces_vae",
    "e mail": "courriel", "mail": "courriel", "courriel": "courriel", "adresse mail": "courriel",
    "nom": "nom_naissance", "nom de famille": "nom_naissance", "prenoms": "prenom1", "sexe": "sexe", "genre": "sexe",
    "ne le": "naissance", "nee le": "naissance", "date naissance": "naissance", "commune": "commune",
    "ville de naissance": "commune", "code insee": "commune_code", "organisme": "organisme", "siret": "organisme",
    "caisse": "organisme", "voie": "voie", "entree": "entree_le", "blocs": "blocs", "tuteur": "tuteur", "manager": "manager",
}  # fmt: skip
"""D'autres en-têtes que l'on reconnaît (sans accents ni casse) : ils se proposent, une personne les confirme."""


def colonnes_proposees(entetes: Mapping[str, str]) -> dict[str, str]:
    """Pour chaque lettre de colonne, le code que son en-tête laisse deviner ; chaque code une fois au plus."""
    connus = {cle_recherche(entete): code for code, entete in COLONNES.items()}
    proposees: dict[str, str] = {}
    for lettre, entete in entetes.items():
        cle = cle_recherche(entete)
        code = connus.get(cle) or SYNONYMES.get(cle, "")
        if code and code not in proposees.values():
            proposees[lettre] = code
    return proposees
