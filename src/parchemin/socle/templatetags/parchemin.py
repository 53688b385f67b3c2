"""Les balises et filtres des pages : chaque composant de ``/style``, dessiné une fois.

Une balise reçoit une valeur figée de ``socle.composants`` et rend un gabarit de ``socle/composants/``.
Aucune règle ici : ce qui se décide est déjà décidé quand le gabarit commence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BoundField, CheckboxInput
from django.template.context import Context
from django.template.defaultfilters import stringfilter
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils import timezone
from django.utils.safestring import SafeString

from parchemin.socle import typographie
from parchemin.socle.composants import (
    CRITERES,
    Action,
    Avis,
    Balle,
    ChoixCritere,
    Etape,
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

register = template.Library()

COMPOSANTS = "socle/composants"


# --- Typographie -----------------------------------------------------------------------------------------------


@register.filter(is_safe=True)
@stringfilter
def typo(texte: str) -> str:
    """Espaces fines insécables, apostrophe, points de suspension : ``{{ phrase|typo }}``."""
    return typographie.typo(texte)


@register.filter
@stringfilter
def de(nom: str) -> str:
    """« de Lou Élan », « d’Aminata Coulibaly » : ``{{ page.candidat|de }}``."""
    return typographie.de(nom)


@register.filter
def date_longue(jour: date) -> str:
    """« mardi 24 novembre 2026 »."""
    return typographie.date_longue(_sur_place(jour))


@register.filter
def date_en_clair(jour: date) -> str:
    """« 24 novembre 2026 »."""
    return typographie.date_en_clair(_sur_place(jour))


@register.filter
def date_courte(jour: date) -> str:
    """« 24 nov. 2026 »."""
    return typographie.date_courte(_sur_place(jour))


@register.filter
def heure(instant: datetime) -> str:
    """« 10 h 12 », à l’heure de Paris."""
    return typographie.heure(timezone.localtime(instant))


@register.filter
def duree(ecart: timedelta) -> str:
    """« 14 min », « 9 jours »."""
    return typographie.duree(ecart)


@register.filter
def chrono(ecart: timedelta) -> str:
    """« 14:32 »."""
    return typographie.chrono(ecart)


@register.filter
def pluriel(nombre: int, mots: str) -> str:
    """``{{ n|pluriel:"critère" }}`` ou ``{{ n|pluriel:"œil,yeux" }}`` : le nombre et son mot accordé."""
    singulier, _, au_pluriel = mots.partition(",")
    return typographie.pluriel(nombre, singulier, au_pluriel)


def _sur_place(jour: date) -> date:
    return timezone.localtime(jour).date() if isinstance(jour, datetime) and timezone.is_aware(jour) else jour


# --- Mise en page ----------------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def reprendre(context: Context, nom: str) -> SafeString:
    """Rend un bloc de la page hors de sa place : le titre de l’onglet est aussi celui de la page.

    Rien si aucun gabarit de la page ne le définit. ``block.super`` n’y est pas disponible.
    """
    bloc = context.render_context[BLOCK_CONTEXT_KEY].get_block(nom)
    if bloc is None:
        return SafeString("")
    return SafeString(typographie.typo(bloc.nodelist.render(context).strip()))  # le moteur a déjà tout échappé


@register.inclusion_tag(f"{COMPOSANTS}/sceau.html")
def sceau(taille: int = 26) -> dict[str, Any]:
    """Le sceau de Parchemin, dessiné dans la page."""
    return {"taille": taille}


@register.inclusion_tag(f"{COMPOSANTS}/fil.html")
def fil(liens: Sequence[Lien]) -> dict[str, Any]:
    """Le fil d’Ariane : d’où l’on vient, sans la page courante."""
    return {"liens": liens}


@register.inclusion_tag(f"{COMPOSANTS}/pagination.html", takes_context=True)
def pagination(context: Context, page: Page[Any], parametre: str = "page") -> dict[str, Any]:
    """Précédente, suivante, et où l’on est ; rien s’il n’y a qu’une page. Garde les autres paramètres de l’adresse."""
    return {"page": page, "adresses": _adresses(context, page, parametre)}


def _adresses(context: Context, page: Page[Any], parametre: str) -> dict[str, str]:
    def adresse(numero: int) -> str:
        requete = context["request"].GET.copy()
        requete[parametre] = str(numero)
        return f"?{requete.urlencode()}"

    return {
        "precedente": adresse(page.previous_page_number()) if page.has_previous() else "",
        "suivante": adresse(page.next_page_number()) if page.has_next() else "",
    }


@register.simple_block_tag(takes_context=True)
def carte(
    context: Context,
    content: str,
    titre: str = "",
    niveau: int = 2,
    statut: Statut | None = None,
    ton: str = "",
) -> SafeString:
    """``{% carte titre="Carnet de suivi" %}…{% endcarte %}`` : une feuille de papier, titrée si l’on veut."""
    return _rendre(
        context,
        "carte",
        contenu=content,
        titre=titre,
        niveau=niveau,
        titre_statut=statut,
        ton=ton,
    )


@register.simple_block_tag(takes_context=True)
def marge(context: Context, content: str, ton: str = "sceau") -> SafeString:
    """``{% marge %}…{% endmarge %}`` : une note dans la marge, à côté de ce qu’elle explique."""
    return _rendre(context, "marge", contenu=content, ton=ton)


@register.simple_block_tag(takes_context=True)
def barre_basse(context: Context, content: str, resume: str = "") -> SafeString:
    """``{% barre_basse resume="17 critères sur 30" %}…{% endbarre_basse %}`` : les gestes, toujours sous la main."""
    return _rendre(context, "barre_basse", contenu=content, resume=resume)


# --- Montrer ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Trait:
    """Une forme de la rangée, à sa place dans le dessin (unités du ``viewBox``)."""

    forme: str
    x: int


PAS, LARGEUR_SEUIL = 20, 10


@register.inclusion_tag(f"{COMPOSANTS}/points.html")
def points(rangee: RangeePoints, legende: bool = False) -> dict[str, Any]:
    """La rangée de points. ``legende=True`` écrit la phrase à côté au lieu de la réserver aux lecteurs d’écran."""
    traits, x = [], 0
    for forme in rangee.formes:
        largeur = LARGEUR_SEUIL if forme == "seuil" else PAS
        traits.append(Trait(forme, x + largeur // 2))
        x += largeur
    return {"rangee": rangee, "traits": traits, "largeur": x, "legende": legende}


@register.inclusion_tag(f"{COMPOSANTS}/legende_points.html")
def legende_points(rangee: RangeePoints | None = None) -> dict[str, Any]:
    """Ce que veulent dire plein, barré, pointillé et le trait : une fois par page, près de la première rangée."""
    return {"mots": rangee.mots if rangee else CRITERES}


@register.inclusion_tag(f"{COMPOSANTS}/chemin.html")
def chemin(etapes: Sequence[Etape], libelle: str = "Le chemin du dossier") -> dict[str, Any]:
    """Le chemin d’un dossier : étapes faites, celle où l’on est, celles qui viennent."""
    return {"etapes": etapes, "libelle": libelle}


@register.inclusion_tag(f"{COMPOSANTS}/balle.html")
def balle(balle: Balle) -> dict[str, Any]:
    """Qui a la main, depuis quand : en haut à droite du dossier (bloc ``balle`` de la page)."""
    return {"balle": balle}


@register.inclusion_tag(f"{COMPOSANTS}/statut.html")
def statut(statut: Statut) -> dict[str, Any]:
    """Un état en un mot, avec sa forme."""
    return {"statut": statut}


@register.inclusion_tag(f"{COMPOSANTS}/jauge.html")
def jauge(jauge: Jauge) -> dict[str, Any]:
    """Ce qui est demandé et ce qui est fait."""
    return {"jauge": jauge}


@register.inclusion_tag(f"{COMPOSANTS}/message.html")
def message(avis: Avis, alerte: bool = False, niveau: int = 2) -> dict[str, Any]:
    """Un message. ``alerte=True`` le fait lire aussitôt par un lecteur d’écran (après un envoi refusé)."""
    return {"avis": avis, "alerte": alerte, "niveau": niveau}


@register.inclusion_tag(f"{COMPOSANTS}/messages.html")
def messages_recus(recus: Iterable[Any]) -> dict[str, Any]:
    """Les messages de Django après un geste : « C’est enregistré. »"""
    return {"avis": [Avis(_TONS.get(recu.level_tag, Ton.INFO), str(recu)) for recu in recus]}


_TONS = {"success": Ton.OUI, "warning": Ton.ATTENTE, "error": Ton.NON}


@register.inclusion_tag(f"{COMPOSANTS}/vide.html")
def vide(vide: Vide, niveau: int = 2) -> dict[str, Any]:
    """Rien à montrer, et c’est bien ainsi."""
    return {"vide": vide, "niveau": niveau}


@register.inclusion_tag(f"{COMPOSANTS}/a_faire.html")
def a_faire(ligne: LigneAFaire, niveau: int = 2) -> dict[str, Any]:
    """Une ligne de la page « À faire »."""
    return {"ligne": ligne, "niveau": niveau}


@register.inclusion_tag(f"{COMPOSANTS}/tableau.html")
def tableau(tableau: Tableau) -> dict[str, Any]:
    """Un tableau ; sur téléphone, chaque ligne devient une fiche."""
    return {
        "tableau": tableau,
        "lignes": [
            [(colonne, cellule, _nature(cellule)) for colonne, cellule in zip(tableau.colonnes, ligne, strict=True)]
            for ligne in tableau.lignes
        ],
    }


def _nature(cellule: object) -> str:
    match cellule:
        case None:
            return "rien"
        case RangeePoints():
            return "points"
        case Statut():
            return "statut"
        case Intitule():
            return "intitule"
        case Lien():
            return "lien"
        case Action():
            return "action"
        case date():
            return "date"
        case _:
            return "texte"


# --- Agir ------------------------------------------------------------------------------------------------------


@register.inclusion_tag(f"{COMPOSANTS}/bouton.html")
def bouton(action: Action) -> dict[str, Any]:
    """Un bouton : lien ou formulaire, selon la méthode. Une seule action principale par page."""
    return {"action": action}


@register.inclusion_tag(f"{COMPOSANTS}/choix_critere.html")
def choix_critere(choix: ChoixCritere) -> dict[str, Any]:
    """Un critère de la grille et ses trois choix, à portée de pouce."""
    return {"choix": choix}


@register.inclusion_tag(f"{COMPOSANTS}/champ.html")
def champ(champ: BoundField, libelle: str = "") -> dict[str, Any]:
    """Un champ : son nom (ou ``libelle``), son aide, son erreur, reliés pour les lecteurs d’écran."""
    case = isinstance(champ.field.widget, CheckboxInput)
    return {
        "champ": champ,
        "libelle": libelle or champ.label,
        "groupe": champ.use_fieldset,
        "case": case,
        "facultatif": not champ.field.required and not case,
    }


@register.inclusion_tag(f"{COMPOSANTS}/champs.html")
def champs(formulaire: BaseForm) -> dict[str, Any]:
    """Tous les champs visibles d’un formulaire, puis ses champs cachés."""
    return {"formulaire": formulaire}


@dataclass(frozen=True, slots=True)
class Reprise:
    """Une réponse à reprendre : où elle est, son nom, ce qui ne va pas."""

    ancre: str
    champ: str
    erreur: str


@register.inclusion_tag(f"{COMPOSANTS}/erreurs.html")
def erreurs(
    formulaire: BaseForm,
    conserve: str = "Ce que vous avez saisi est toujours là.",
    rien: str = "Rien n’a été enregistré.",
) -> dict[str, Any]:
    """Le résumé des erreurs, en tête du formulaire, chacune menant à son champ ; vide s’il n’y en a pas.

    `rien` : ce qui ne s’est pas fait ; `conserve` : ce qui n’est pas perdu.
    """
    reprises = [Reprise("", "", str(erreur)) for erreur in formulaire.non_field_errors()]
    for champ in formulaire:
        reprises += [Reprise(_ancre(champ), str(champ.label), str(erreur)) for erreur in champ.errors]
    return {"reprises": reprises, "rien": rien, "conserve": conserve}


def _ancre(champ: BoundField) -> str:
    if champ.is_hidden:
        return ""
    return f"{champ.auto_id}_0" if champ.use_fieldset else champ.auto_id


@register.simple_block_tag
def serrer(content: str) -> SafeString:
    """``{% serrer %}…{% endserrer %}`` : ôte du rendu la mise en page du gabarit (retours, retraits entre balises).

    Le texte saisi ne change pas : ni les valeurs d’attributs, ni l’intérieur des ``textarea`` et ``pre``.
    """
    sortie = []
    for jeton in _JETONS.findall(content.strip()):
        if jeton.startswith("<"):
            sortie.append(jeton if "\n" not in jeton else _serrer_balise(jeton))
        elif not jeton.isspace():
            sortie.append(_BLANCS.sub(" ", jeton))
        elif "\n" not in jeton:
            sortie.append(jeton)
    return SafeString("".join(sortie))


_JETONS = re.compile(r"<(?:textarea|pre)\b.*?</(?:textarea|pre)>|<[^<>]*>|[^<>]+", re.DOTALL)
_OUVERTURE = re.compile(r"<[^<>]*>")
_BLANCS = re.compile(r"[ \t]*\n\s*|(?<=[ \t])[ \t]+")
_HORS_VALEURS = re.compile(r"""("[^"]*"|'[^']*')|[ \t\r\n]+""")


def _serrer_balise(jeton: str) -> str:
    def serrer_ouverture(trouve: re.Match[str]) -> str:
        return _HORS_VALEURS.sub(lambda bout: bout[1] or " ", trouve[0]).replace(" >", ">")

    return _OUVERTURE.sub(serrer_ouverture, jeton, count=1)


# --- Outils ----------------------------------------------------------------------------------------------------


def _rendre(context: Context, composant: str, **valeurs: Any) -> SafeString:
    gabarit = context.template.engine.get_template(f"{COMPOSANTS}/{composant}.html")  # type: ignore[union-attr]
    return gabarit.render(context.new(valeurs))
