"""La page « Style » : chaque composant, dans chaque état, avec l'appel qui le dessine.

Le code montré est celui qui a servi : chaque spécimen est un fragment de gabarit, rendu ici avec ses valeurs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import engines
from django.views.decorators.http import require_safe

from parchemin.socle.composants import (
    ATTESTATIONS,
    COMPETENCES,
    Action,
    Avis,
    Balle,
    ChoixCritere,
    Colonne,
    Etape,
    EtatEtape,
    Intitule,
    Jauge,
    Lien,
    LigneAFaire,
    RangeePoints,
    Statut,
    Tableau,
    Ton,
    Vide,
)
from parchemin.socle.refus import Introuvable


class FormulaireSpecimen(forms.Form):
    """Un champ de chaque sorte ; ne sert qu'à être vu."""

    prenom = forms.CharField(label="Prénom", max_length=80)
    courriel = forms.EmailField(label="Adresse électronique", help_text="Nous n'y écrivons que pour votre dossier.")
    entree = forms.DateField(
        label="Entrée en formation",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Le jour où le carnet vous a été remis.",
    )
    organisme = forms.ChoiceField(
        label="Organisme",
        choices=[("", "Choisir…"), ("orne", "Caisse du Val d'Orne (démo)"), ("lac", "Caisse du Lac (démo)")],
    )
    voie = forms.ChoiceField(
        label="Voie d'accès",
        widget=forms.RadioSelect,
        choices=[("continue", "Formation continue"), ("vae", "Validation des acquis de l'expérience")],
    )
    blocs = forms.MultipleChoiceField(
        label="Blocs demandés",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("B1", "Bloc 1 — Gestion de la relation client"), ("B3", "Bloc 3 — Promotion des offres de services")],
    )
    motif = forms.CharField(label="Motif", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    accord = forms.BooleanField(label="J'ai vérifié l'identité de la personne.")


@dataclass(frozen=True, slots=True)
class Specimen:
    """Un composant dans un état : son nom, l'appel, les valeurs qu'il reçoit, ce qu'il faut en savoir."""

    nom: str
    gabarit: str
    valeurs: Mapping[str, object] = field(default_factory=dict)
    note: str = ""

    def rendre(self, request: HttpRequest) -> dict[str, str]:
        """Le dessin, l'appel et les valeurs, prêts à montrer."""
        montrees = [
            f"{nom} = {ecrire(valeur)}"
            for nom, valeur in self.valeurs.items()
            if is_dataclass(valeur) or isinstance(valeur, tuple)
        ]
        return {
            "nom": self.nom,
            "note": self.note,
            "dessin": engines["django"].from_string(self.gabarit).render(dict(self.valeurs), request),
            "code": "\n".join([*montrees, self.gabarit]),
        }


@dataclass(frozen=True, slots=True)
class Groupe:
    """Des spécimens qui se lisent ensemble."""

    ancre: str
    titre: str
    propos: str
    specimens: tuple[Specimen, ...]


def ecrire(valeur: object) -> str:
    """La valeur telle qu'on l'écrirait en Python, sans les champs laissés à leur défaut."""
    if isinstance(valeur, Enum):
        return f"{type(valeur).__name__}.{valeur.name}"
    if isinstance(valeur, date):
        return f"date({valeur.year}, {valeur.month}, {valeur.day})"
    if isinstance(valeur, tuple):
        return f"({', '.join(ecrire(element) for element in valeur)}{',' if len(valeur) == 1 else ''})"
    if is_dataclass(valeur):
        donnes = [
            f"{champ.name}={ecrire(getattr(valeur, champ.name))}"
            for champ in fields(valeur)
            if champ.default is MISSING or getattr(valeur, champ.name) != champ.default
        ]
        return f"{type(valeur).__name__}({', '.join(donnes)})"
    return repr(valeur)


AUJOURDHUI = date(2026, 11, 24)

GROUPES = (
    Groupe(
        "points",
        "La rangée de points",
        "Un point par critère ou par compétence. Les pleins atteignent le trait : c'est acquis.",
        (
            Specimen("Acquis, seuil atteint", "{% points rangee %}", {"rangee": RangeePoints(4, 1, 0, 4)}),
            Specimen("En cours", "{% points rangee %}", {"rangee": RangeePoints(3, 1, 1, 4)}),
            Specimen("Tout est demandé", "{% points rangee %}", {"rangee": RangeePoints(2, 1, 0, 3)}),
            Specimen("Rien encore", "{% points rangee %}", {"rangee": RangeePoints(0, 0, 6, 5)}),
            Specimen(
                "La phrase écrite",
                "{% points rangee legende=True %}",
                {"rangee": RangeePoints(5, 0, 1, 5, COMPETENCES)},
                "Sinon la phrase n'est dite qu'aux lecteurs d'écran.",
            ),
            Specimen(
                "Sans seuil",
                "{% points rangee legende=True %}",
                {"rangee": RangeePoints(14, 0, 4, mots=ATTESTATIONS)},
                "Le carnet : dix-huit compétences, sur téléphone aussi.",
            ),
            Specimen("La légende", "{% legende_points %}", note="Une fois par page, près de la première rangée."),
        ),
    ),
    Groupe(
        "chemin",
        "Le chemin et la main",
        "Où en est le dossier, qui doit agir, depuis quand : toujours en haut.",
        (
            Specimen(
                "Le chemin",
                "{% chemin etapes %}",
                {
                    "etapes": (
                        Etape("Inscription", date(2025, 11, 3), EtatEtape.FAITE),
                        Etape("Carnet complet", date(2026, 5, 12), EtatEtape.FAITE),
                        Etape("Convocation", date(2026, 10, 2), EtatEtape.FAITE),
                        Etape("Épreuves", date(2026, 11, 20), EtatEtape.FAITE),
                        Etape("Second regard", None, EtatEtape.ICI, "en cours"),
                        Etape("Jury", date(2026, 12, 9), EtatEtape.A_VENIR),
                    )
                },
            ),
            Specimen(
                "La main est à quelqu'un",
                "{% balle balle %}",
                {
                    "balle": Balle(
                        "Karim Benali, tuteur",
                        "Quatre compétences à attester dans le carnet.",
                        date(2026, 11, 15),
                        AUJOURDHUI,
                    )
                },
            ),
            Specimen(
                "La main est à vous",
                "{% balle balle %}",
                {
                    "balle": Balle(
                        "Vous",
                        "Le second regard sur le bloc 3, avant le jury du 9 décembre",
                        date(2026, 11, 22),
                        AUJOURDHUI,
                        a_vous=True,
                    )
                },
            ),
        ),
    ),
    Groupe(
        "statuts",
        "Les statuts",
        "Une forme, un mot, une teinte : la couleur ne dit jamais rien seule.",
        (
            Specimen("Oui", "{% statut statut %}", {"statut": Statut(Ton.OUI, "acquis")}),
            Specimen("Non", "{% statut statut %}", {"statut": Statut(Ton.NON, "non acquis")}),
            Specimen("En attente", "{% statut statut %}", {"statut": Statut(Ton.ATTENTE, "en attente d'attestation")}),
            Specimen("Information", "{% statut statut %}", {"statut": Statut(Ton.INFO, "scellée")}),
            Specimen("Neutre", "{% statut statut %}", {"statut": Statut(Ton.NEUTRE, "à planifier")}),
        ),
    ),
    Groupe(
        "boutons",
        "Les gestes",
        "Une seule action pleine par page. Un geste qui écrit est un formulaire, jamais un lien.",
        (
            Specimen(
                "Principale",
                "{% bouton action %}",
                {"action": Action("Demander le second regard", "#boutons", principale=True)},
            ),
            Specimen("Ordinaire", "{% bouton action %}", {"action": Action("Ouvrir le carnet", "#boutons")}),
            Specimen(
                "Par formulaire",
                "{% bouton action %}",
                {
                    "action": Action(
                        "Relancer",
                        "/style/",
                        methode="post",
                        champs=(("ligne", "7"),),
                        precision="Karim Benali pour Nour Haddad",
                    )
                },
                "La précision est lue, non montrée : deux « Relancer » ne se confondent pas.",
            ),
            Specimen(
                "Sans retour",
                "{% bouton action %}",
                {"action": Action("Abandonner cette grille", "#boutons", grave=True)},
            ),
            Specimen(
                "Empêché",
                '<button class="bouton" disabled>Clore la grille</button>',
                note="À côté, une phrase dit pourquoi.",
            ),
        ),
    ),
    Groupe(
        "a-faire",
        "À faire",
        "Du plus urgent au moins urgent, avec la date et la raison. La première chose a son cadre.",
        (
            Specimen(
                "La première",
                "{% a_faire ligne niveau=4 %}",
                {
                    "ligne": LigneAFaire(
                        "aujourd'hui",
                        "Trouver un second regard pour Camille Lefèvre",
                        "Bloc 3. Une troisième personne est à choisir avant le jury ; trois évaluateurs admissibles sont libres cette semaine.",
                        Action("Choisir", "#a-faire", principale=True),
                        "jury dans 15 jours",
                        premiere=True,
                    )
                },
            ),
            Specimen(
                "Les suivantes",
                "{% a_faire une niveau=4 %}{% a_faire autre niveau=4 %}",
                {
                    "une": LigneAFaire(
                        "jeudi 26",
                        "Envoyer 8 convocations d'évaluateurs",
                        "Épreuves du 17 au 22 décembre ; au-delà de jeudi, le préavis n'est plus tenu.",
                        Action("Relire et envoyer", "#a-faire"),
                        "préavis : 21 jours",
                    ),
                    "autre": LigneAFaire(
                        "depuis 9 jours",
                        "4 attestations attendues pour Nour Haddad",
                        "14 compétences sur 18 attestées ; relancé le 19 novembre.",
                        Action("Relancer", "/style/", methode="post", precision="Karim Benali"),
                        "Karim Benali, tuteur",
                        RangeePoints(3, 0, 4),
                        en_retard=True,
                    ),
                },
            ),
        ),
    ),
    Groupe(
        "messages",
        "Les messages",
        "Ce qui s'est passé, ce qui a été gardé, ce qu'il faut faire.",
        (
            Specimen(
                "Réussite",
                "{% message avis niveau=4 %}",
                {
                    "avis": Avis(
                        Ton.OUI,
                        "La lecture est scellée. L'autre évaluateur ne la verra qu'après avoir scellé la sienne.",
                    )
                },
            ),
            Specimen(
                "Information",
                "{% message avis niveau=4 %}",
                {
                    "avis": Avis(
                        Ton.INFO,
                        "Hors ligne",
                        "12 gestes sont gardés sur cette tablette.",
                        a_faire="Rien : ils partiront au retour du réseau.",
                    )
                },
            ),
            Specimen(
                "Attention",
                "{% message avis niveau=4 %}",
                {"avis": Avis(Ton.ATTENTE, "Le préavis n'est plus tenu à partir de jeudi")},
            ),
            Specimen(
                "Refus",
                "{% message avis niveau=4 %}",
                {
                    "avis": Avis(
                        Ton.NON,
                        "La grille ne peut pas être close : 2 critères ne sont pas renseignés",
                        "K1.2.3 et K1.4.1 n'ont reçu aucun choix.",
                        "Vos 28 observations et vos remarques.",
                        "Renseignez ces deux critères, ou choisissez « Non observé », puis closez à nouveau.",
                        Action("Aller au premier", "#messages"),
                    )
                },
            ),
            Specimen(
                "Dans la marge",
                "{% marge %}<p><strong>{{ titre|typo }}</strong> {{ phrase|typo }}</p>{% endmarge %}",
                {
                    "titre": "À un critère de la décision contraire.",
                    "phrase": "Les deux lectures différaient : un second regard est demandé.",
                },
            ),
        ),
    ),
    Groupe(
        "vides",
        "Rien, et c'est bien ainsi",
        "Un état vide est agréable et dit ce qui le remplira.",
        (
            Specimen(
                "À jour",
                "{% vide vide niveau=4 %}",
                {
                    "vide": Vide(
                        "Tout est fait.",
                        "Prochaine échéance : le jury du mercredi 9 décembre. Vous serez prévenue lundi.",
                    )
                },
            ),
            Specimen(
                "À commencer",
                "{% vide vide niveau=4 %}",
                {
                    "vide": Vide(
                        "Aucun candidat pour l'instant",
                        "Une inscription ouvre le carnet et pose la première étape du chemin.",
                        Action("Inscrire un candidat", "#vides", principale=True),
                    )
                },
            ),
        ),
    ),
    Groupe(
        "cartes",
        "Les feuilles",
        "Ce qui va ensemble tient sur une feuille.",
        (
            Specimen(
                "Titrée, avec son statut et son tableau",
                '{% carte titre=titre niveau=4 statut=statut %}{% tableau tableau %}<p class="discret">{{ phrase|typo }}</p>{% endcarte %}',
                {
                    "titre": "Bloc 3 — Promotion des offres de services",
                    "statut": Statut(Ton.NON, "non acquis"),
                    "tableau": Tableau(
                        "Les compétences du bloc 3",
                        (Colonne("Compétence"), Colonne("Critères"), Colonne("Compte", nombre=True)),
                        (
                            (Intitule("C3.1", "Promouvoir les offres de services"), RangeePoints(4, 0, 0, 4), "4 / 4"),
                            (
                                Intitule("C3.2", "Accompagner l'utilisateur dans les outils digitaux"),
                                RangeePoints(2, 1, 0, 3),
                                "2 / 3",
                            ),
                            (
                                Intitule("C3.3", "Guider l'utilisateur vers les partenaires"),
                                RangeePoints(3, 0, 0, 3),
                                "3 / 3",
                            ),
                        ),
                    ),
                    "phrase": "2 compétences acquises sur 3 ; il en faut 3.",
                },
            ),
            Specimen("Nue", "{% carte %}<p>Résultat attendu entre le 10 et le 16 décembre.</p>{% endcarte %}"),
        ),
    ),
    Groupe(
        "tableaux",
        "Les tableaux",
        "La première colonne nomme la ligne. Sur téléphone, chaque ligne devient une fiche.",
        (
            Specimen(
                "Une liste",
                "{% tableau tableau %}",
                {
                    "tableau": Tableau(
                        "Candidats",
                        (
                            Colonne("Nom"),
                            Colonne("Organisme", discrete=True),
                            Colonne("Entrée"),
                            Colonne("Blocs", nombre=True),
                            Colonne("Où en est le dossier"),
                            Colonne("Geste"),
                        ),
                        (
                            (
                                Lien("Nour Haddad", "#tableaux"),
                                "Caisse du Lac (démo)",
                                date(2026, 2, 2),
                                4,
                                Statut(Ton.ATTENTE, "carnet"),
                                Action("Ouvrir", "#tableaux", precision="le dossier de Nour Haddad"),
                            ),
                            (
                                Lien("Camille Lefèvre", "#tableaux"),
                                "Caisse du Val d'Orne (démo)",
                                date(2025, 11, 3),
                                4,
                                Statut(Ton.INFO, "second regard"),
                                Action("Ouvrir", "#tableaux", precision="le dossier de Camille Lefèvre"),
                            ),
                            (
                                Lien("Théo Marchand", "#tableaux"),
                                "Caisse du Lac (démo)",
                                None,
                                1,
                                Statut(Ton.OUI, "certifié"),
                                Action("Ouvrir", "#tableaux", precision="le dossier de Théo Marchand"),
                            ),
                        ),
                    )
                },
            ),
            Specimen(
                "La pagination",
                "{% pagination page %}",
                {"page": Paginator(range(90), 30).page(2)},
                "Rien s'il n'y a qu'une page ; les autres paramètres de l'adresse restent.",
            ),
            Specimen(
                "Le fil",
                "{% fil liens %}",
                {"liens": (Lien("Candidats", "#tableaux"), Lien("Camille Lefèvre", "#tableaux"))},
            ),
        ),
    ),
    Groupe(
        "formulaires",
        "Les formulaires",
        "Un champ sous l'autre. Tout est à remplir, sauf mention « facultatif ». Les erreurs se disent en haut et à leur place.",
        (
            Specimen(
                "À remplir",
                '<form class="formulaire" method="post" data-parchemin-saisie>{% csrf_token %}{% champs formulaire %}</form>',
                {"formulaire": FormulaireSpecimen(auto_id="vierge_%s")},
            ),
            Specimen(
                "À reprendre",
                '<form class="formulaire" method="post" novalidate>{% csrf_token %}{% erreurs formulaire %}{% champs formulaire %}</form>',
                {"formulaire": FormulaireSpecimen({"prenom": "Camille", "courriel": "camille@"}, auto_id="repris_%s")},
            ),
        ),
    ),
    Groupe(
        "grille",
        "La grille d'épreuve",
        "Une tablette, debout, dans une salle bruyante : trois choix larges, une remarque d'un geste, les jauges qui restent.",
        (
            Specimen(
                "Trois choix, trois états",
                "{% choix_critere un %}{% choix_critere deux %}{% choix_critere trois %}",
                {
                    "un": ChoixCritere(
                        "k1",
                        "Identifie le ou les besoins de l'utilisateur au regard de sa situation",
                        "K1.1.2",
                        "valide",
                        "K1.1.2",
                        nom_mot="mot-K1.1.2",
                    ),
                    "deux": ChoixCritere(
                        "k2",
                        "Propose l'offre de service adaptée selon le profil et la situation de l'utilisateur",
                        "K1.1.3",
                        "non_valide",
                        "K1.1.3",
                        nom_mot="mot-K1.1.3",
                        mot="L'offre en ligne n'a pas été proposée alors que l'appelant disait gérer seul ses démarches.",
                    ),
                    "trois": ChoixCritere(
                        "k3",
                        "Promeut l'offre de service adaptée au profil et à la situation de l'utilisateur",
                        "K1.1.5",
                        "non_observe",
                        "K1.1.5",
                        indication="Sera proposé comme question pour l'entretien de 15 minutes.",
                    ),
                },
            ),
            Specimen(
                "Un geste, un envoi",
                '<form method="post">{% csrf_token %}{% choix_critere choix %}</form>',
                {"choix": ChoixCritere("k4", "Explique de façon claire l'offre de service", "K1.1.4", envoi="bouton")},
                "Sans JavaScript, chaque bouton envoie le formulaire.",
            ),
            Specimen(
                "Scellée",
                "{% choix_critere choix %}",
                {"choix": ChoixCritere("k5", "Explique de façon claire l'offre de service", "K5", "valide", fige=True)},
            ),
            Specimen(
                "Les mesures de la barre",
                '<div class="rang"><p class="chrono">14:32 <small>sur 20 min</small></p>{% jauge ecoute %}{% jauge entretiens %}{% jauge courriers %}</div>',
                {
                    "ecoute": Jauge("Double écoute", 14, 20, "min"),
                    "entretiens": Jauge("Entretiens", 2, 2),
                    "courriers": Jauge("Courriers", 3, 5),
                },
                "La page entière : « socle/page_epreuve.html ».",
            ),
            Specimen(
                "Le réseau",
                '<p class="rang"><span class="reseau">En ligne</span><span class="reseau reseau-coupe">Hors ligne · 12 gestes gardés sur cette tablette</span></p>',
            ),
            Specimen(
                "La barre du bas",
                "{% barre_basse resume=resume %}{% bouton annuler %}{% bouton suite %}{% endbarre_basse %}",
                {
                    "resume": "17 critères sur 30 renseignés · dernier geste il y a 4 s",
                    "annuler": Action("Annuler le geste", "/style/", methode="post"),
                    "suite": Action("Passer aux questions", "#grille", principale=True),
                },
            ),
        ),
    ),
    Groupe(
        "typographie",
        "La typographie",
        "Des dates en toutes lettres, des espaces insécables, l'apostrophe.",
        (
            Specimen(
                "Dates",
                "{{ jour|date_longue }} · {{ jour|date_en_clair }} · {{ jour|date_courte }}",
                {"jour": AUJOURDHUI},
            ),
            Specimen(
                "Pluriels",
                '{{ un|pluriel:"critère validé" }}, {{ trois|pluriel:"critère validé" }}, {{ zero|pluriel:"œil,yeux" }}',
                {"un": 1, "trois": 3, "zero": 0},
            ),
            Specimen(
                "Ponctuation",
                "{{ phrase|typo }}",
                {"phrase": "« L'utilisateur a-t-il compris ? » : 80 % l'ont dit ; n° 3 en 20 min..."},
            ),
        ),
    ),
)

NUANCES = (
    "papier",
    "feuille",
    "creux",
    "encre",
    "encre-2",
    "filet",
    "filet-fort",
    "controle",
    "sceau",
    "bleu",
    "vert",
    "ambre",
)


@require_safe
def voir(request: HttpRequest) -> HttpResponse:
    """La page des composants ; absente en production."""
    if settings.PARCHEMIN_ENV == "production":
        raise Introuvable
    groupes: list[dict[str, Any]] = [
        {"groupe": groupe, "specimens": [specimen.rendre(request) for specimen in groupe.specimens]}
        for groupe in GROUPES
    ]
    return render(request, "portail/style.html", {"groupes": groupes, "nuances": NUANCES})
