"""Ce que coûtent les personnes à 300 organismes et 20 000 personnes : contrôle d'accès, listes, choix de quelqu'un."""

from __future__ import annotations

from mesures.grandeur import ORGANISMES, PERSONNES, peupler
from mesures.lieux import lire_lieux
from mesures.mesure import Mesure, centile, chronometrer
from mesures.serveur import Servie

SUJET = "Personnes"
KIO = 1024


def mesurer(servie: Servie, rapide: bool, *, peuplee: bool = False) -> list[Mesure]:
    """Le 95e centile de chaque page, par HTTP, et celui du contrôle d'accès seul. `peuplee` : la grande base est déjà là."""
    lieux = lire_lieux()
    if not peuplee:
        peupler()
    fois = 20 if rapide else 100
    note = f"{ORGANISMES} organismes et {PERSONNES} personnes de plus ; 95e centile de {fois} lectures par HTTP"
    visiteur = servie.visiteur(lieux.gestionnaire)
    mesures = [_droits(fois)]
    for nom, adresse, but in (
        ("liste des personnes", "/comptes/", 100.0),
        ("liste, recherche sans accents", "/comptes/?q=grandeur+19999", 100.0),
        ("liste, filtrée par rôle", "/comptes/?role=candidat", 100.0),
        ("liste des épreuves", "/epreuves/", 100.0),
        ("inscription : choisir parmi tous", "/candidats/inscrire/", 100.0),
        ("page refusée (contrôle d'accès)", "/journal/", 50.0),
    ):
        reponses = [visiteur.lire(adresse) for _ in range(fois)]
        durees = [reponse.secondes * 1000 for reponse in reponses]
        mesures.append(Mesure(SUJET, f"{nom} : p95", centile(durees, 95), "ms", but, note=note))
        mesures.append(Mesure(SUJET, f"{nom} : poids", len(reponses[-1].corps) / KIO, "Kio", 100.0))
    visiteur.fermer()
    return mesures


def _droits(fois: int) -> Mesure:
    """Lire les droits d'une personne prise au hasard : ce que chaque page paie avant de répondre."""
    from parchemin.comptes.models import Personne
    from parchemin.comptes.selectors import droits
    from parchemin.socle.acteur import Acteur
    from parchemin.socle.horloge import jour_civil, maintenant

    jour = jour_civil(maintenant())
    acteurs = [Acteur(pk) for pk in Personne.objects.order_by("?").values_list("pk", flat=True)[:fois]]
    suite = iter(acteurs)
    durees = chronometrer(lambda: droits(next(suite), jour), len(acteurs))
    return Mesure(SUJET, "contrôle d'accès : lire les droits, p95", centile([d * 1000 for d in durees], 95), "ms", 5.0)
