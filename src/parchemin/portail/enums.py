"""Les genres de courriel qui partent du portail : les nouvelles de toutes les capacités s'y disent, une par fait."""

from __future__ import annotations

from parchemin.courriels.enums import Rythme
from parchemin.courriels.genres import Genre, declarer

DESIGNATION = declarer(Genre("portail.designation", "Vous êtes désigné tuteur ou manager d’un candidat"))
MUTATION = declarer(Genre("portail.mutation", "Un dossier change d’organisme, ou on vous propose d’en accueillir un"))
VERSION_CHANGEE = declarer(
    Genre("portail.version_changee", "Un parcours continue sous une autre version du référentiel")
)
CARNET_REMIS = declarer(Genre("portail.carnet_remis", "Votre carnet de suivi vous est remis"))
AFFECTATION = declarer(
    Genre("portail.affectation", "Vous évaluez une épreuve, ou vous n’avez plus à le faire", obligatoire=True)
)
LECTURE_CLOSE = declarer(Genre("portail.lecture_close", "L’autre évaluateur a clos sa grille"))
PAPIER = declarer(Genre("portail.papier", "Votre grille papier est ressaisie", rythme=Rythme.IMMEDIAT))
INCIDENT = declarer(
    Genre(
        "portail.incident",
        "Une épreuve est suspendue, sa suite est décidée, ou un incident va au jury",
        obligatoire=True,
    )
)
A_REMPLACER = declarer(
    Genre(
        "portail.a_remplacer",
        "Un évaluateur ne peut plus évaluer, se retire, est récusé ; une convocation est refusée",
        obligatoire=True,
    )
)
RESULTAT = declarer(Genre("portail.resultat", "Votre résultat est établi", rythme=Rythme.IMMEDIAT))
SECOND_REGARD = declarer(
    Genre("portail.second_regard", "Un second regard vous est confié, ou ne l’est plus", obligatoire=True)
)
RELANCE = declarer(
    Genre(
        "portail.relance", "Vous êtes en retard pour sceller, vous accorder ou confirmer", obligatoire=True, rappel=True
    )
)
REPUDIATION = declarer(
    Genre("portail.repudiation", "Une attestation est répudiée : un carnet est gelé", obligatoire=True)
)
