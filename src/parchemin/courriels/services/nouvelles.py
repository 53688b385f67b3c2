"""Les courriels facultatifs et les rappels : un seul par personne et par jour civil, qui rassemble tout ce qu'il y a à dire."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from parchemin.courriels import genres
from parchemin.courriels.enums import Action, Issue, Rythme
from parchemin.courriels.genres import DU_JOUR, Genre
from parchemin.courriels.messages import Geste, Ligne, Message, Section
from parchemin.courriels.models import Envoi, Nouvelle, Preference
from parchemin.courriels.selectors import rythme_de
from parchemin.courriels.services.depot import CHAINE, deposer, inscrire_depot
from parchemin.registre.services import acte
from parchemin.socle.acteur import Acteur
from parchemin.socle.horloge import jour_civil

NOUVELLES_MAX = 30
"""Au-delà, un courriel ne se lit plus : les suivantes partent le lendemain."""
FRAICHEUR = timedelta(days=7)
"""Une nouvelle qui n'a pas pu se dire en une semaine n'en est plus une : « À faire » dit encore ce qui attend."""


def prevenir(
    *,
    cle: str,
    genre: Genre,
    destinataire: UUID,
    adresse: str,
    nouvelle: Ligne,
    auteur: Acteur,
    maintenant: datetime,
) -> Issue:
    """Dit une nouvelle à une personne, à son rythme ; la redire ne change rien.

    « Dès que cela arrive » : elle part seule, sauf si un facultatif est déjà parti ce jour-là ; elle attend alors, comme
    « dans le courriel du jour », et comme un rappel toujours. Lève `Refus("adresse_invalide")`, `GenreInconnu`, `ValueError`
    pour un obligatoire qui part seul.
    """
    if genres.exiger(genre.code).obligatoire and not genre.rappel:
        raise ValueError(f"{genre.code} est obligatoire : voir `envoyer`")
    with acte(auteur=auteur, maintenant=maintenant, action=Action.NOUVELLE_GARDEE, chaine=CHAINE) as journal:
        rythme = _rythme(destinataire, genre)
        if rythme == Rythme.JAMAIS or _deja_dite(cle):
            journal.rien_a_inscrire()
            return Issue.COUPEE if rythme == Rythme.JAMAIS else Issue.DEJA_DITE
        if rythme == Rythme.IMMEDIAT:
            envoi = deposer(
                cle=cle,
                genre=genre,
                destinataire=destinataire,
                adresse=adresse,
                message=_seule(nouvelle),
                maintenant=maintenant,
                facultatif_du=jour_civil(maintenant),
            )
            if envoi is not None:
                journal.action = Action.DEPOSE
                inscrire_depot(journal, envoi)
                return Issue.ENVOYEE
            if Envoi.objects.filter(cle=cle).exists():
                journal.rien_a_inscrire()
                return Issue.DEJA_DITE
        gardee = Nouvelle(
            cle=cle,
            genre=genre.code,
            destinataire=destinataire,
            titre=nouvelle.titre,
            pourquoi=nouvelle.pourquoi,
            chemin=nouvelle.chemin,
            gardee_le=maintenant,
        )
        Nouvelle.objects.bulk_create([gardee], ignore_conflicts=True)
        if not Nouvelle.objects.filter(pk=gardee.pk).exists():
            journal.rien_a_inscrire()
            return Issue.DEJA_DITE
        journal.inscrire(
            objet=("nouvelle", gardee.pk), donnees={"genre": genre.code, "destinataire": destinataire, "cle": cle}
        )
    return Issue.GARDEE


def regrouper(
    *,
    destinataire: UUID,
    adresse: str,
    objet: str,
    titre: str,
    a_faire: Sequence[Ligne],
    auteur: Acteur,
    maintenant: datetime,
) -> bool:
    """Dépose le courriel du jour d'une personne : les nouvelles gardées, puis ce qui l'attend. Vrai s'il part.

    Jamais deux le même jour, rien s'il n'y a rien à dire. Ce qui attend ne se dit pas à qui ne le veut pas ; les rappels, si. Une
    nouvelle dont le genre est coupé depuis n'est pas dite, et n'en retient aucune autre. Lève `Refus("adresse_invalide")`.
    """
    jour = jour_civil(maintenant)
    with acte(auteur=auteur, maintenant=maintenant, action=Action.DEPOSE, chaine=CHAINE) as journal:
        choisis = dict(Preference.objects.filter(personne=destinataire).values_list("genre", "rythme"))
        coupes = [genre.code for genre in genres.tous() if rythme_de(genre, choisis.get(genre.code)) == Rythme.JAMAIS]
        gardees = list(
            Nouvelle.objects.select_for_update(of=("self",))
            .filter(destinataire=destinataire, envoi=None, gardee_le__gte=maintenant - FRAICHEUR)
            .exclude(genre__in=coupes)
            .order_by("gardee_le", "pk")[:NOUVELLES_MAX]
        )
        lignes = tuple(a_faire) if rythme_de(DU_JOUR, choisis.get(DU_JOUR.code)) != Rythme.JAMAIS else ()
        envoi = None
        if gardees or lignes:
            envoi = deposer(
                cle=f"{DU_JOUR.code}:{jour.isoformat()}:{destinataire}",
                genre=DU_JOUR,
                destinataire=destinataire,
                adresse=adresse,
                message=_du_jour(objet, titre, gardees, lignes),
                maintenant=maintenant,
                facultatif_du=jour,
            )
        if envoi is None:
            journal.rien_a_inscrire()
            return False
        Nouvelle.objects.filter(pk__in=[nouvelle.pk for nouvelle in gardees]).update(envoi=envoi)
        inscrire_depot(journal, envoi)
    return True


def _rythme(destinataire: UUID, genre: Genre) -> Rythme:
    choisi = Preference.objects.filter(personne=destinataire, genre=genre.code).values_list("rythme", flat=True).first()
    return rythme_de(genre, choisi)


def _deja_dite(cle: str) -> bool:
    return Nouvelle.objects.filter(cle=cle).exists() or Envoi.objects.filter(cle=cle).exists()


def _seule(nouvelle: Ligne) -> Message:
    return Message(
        objet=nouvelle.titre,
        titre=nouvelle.titre,
        paragraphes=(nouvelle.pourquoi,) if nouvelle.pourquoi else (),
        geste=Geste("Ouvrir Parchemin", nouvelle.chemin) if nouvelle.chemin else None,
    )


def _du_jour(objet: str, titre: str, gardees: Sequence[Nouvelle], a_faire: tuple[Ligne, ...]) -> Message:
    rappels = tuple(_ligne(nouvelle) for nouvelle in gardees if genres.exiger(nouvelle.genre).rappel)
    neuves = tuple(_ligne(nouvelle) for nouvelle in gardees if not genres.exiger(nouvelle.genre).rappel)
    sections = [Section("Ce qui tarde", rappels)] if rappels else []
    sections += [Section("Ce qui est nouveau", neuves)] if neuves else []
    sections += [Section("Ce qui vous attend", a_faire)] if a_faire else []
    return Message(objet=objet, titre=titre, geste=Geste("Ouvrir « À faire »", "/"), sections=tuple(sections))


def _ligne(nouvelle: Nouvelle) -> Ligne:
    return Ligne(nouvelle.titre, nouvelle.pourquoi, chemin=nouvelle.chemin)
