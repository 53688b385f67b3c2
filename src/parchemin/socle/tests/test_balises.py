"""Les composants, au signe près : ce que chaque balise écrit dans la page."""

import re
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Engine
from django.template.loader import render_to_string
from django.test import RequestFactory
from inline_snapshot import snapshot

from parchemin.socle.composants import (
    Action,
    Avis,
    Balle,
    ChoixCritere,
    Colonne,
    Etape,
    EtatEtape,
    Identite,
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
from parchemin.socle.templatetags.parchemin import serrer


def rendre(gabarit: str, **valeurs) -> str:
    """Le fragment rendu avec un jeton CSRF de théâtre, une balise par ligne pour se lire."""
    rendu = Engine.get_default().from_string(gabarit).render(Context({"csrf_token": "jeton"} | valeurs)).strip()
    return re.sub(r"\s*\n\s*(?=<)|(?<=>)(?=<)", "\n", rendu)


class Inscription(forms.Form):
    """Un champ de chaque nature."""

    nom = forms.CharField(label="Nom d'usage", help_text="Celui du parchemin.")
    note = forms.CharField(label="Note", required=False)
    voie = forms.ChoiceField(label="Voie", widget=forms.RadioSelect, choices=[("a", "Continue"), ("b", "VAE")])
    accord = forms.BooleanField(label="D'accord")
    cle = forms.CharField(widget=forms.HiddenInput)

    def clean(self):
        raise forms.ValidationError("Cette personne est déjà inscrite.")


def test_points():
    assert rendre("{% points r %}", r=RangeePoints(2, 1, 1, 3)) == snapshot("""\
<svg class="points" width="90" height="24" viewBox="0 0 90 24" focusable="false" role="img" aria-label="2\xa0validés, 1\xa0non validé, 1\xa0non observé\u202f; il en faut 3">
<circle class="v" cx="10" cy="12" r="6.5" />
<circle class="v" cx="30" cy="12" r="6.5" />
<path class="n" d="M50 12m-6.5 0a6.5 6.5 0 1 0 13 0a6.5 6.5 0 1 0 -13 0m-.5 7l14-14" />
<path class="seuil" d="M65 1v22" />
<circle class="o" cx="80" cy="12" r="6.5" />
</svg>\
""")


def test_points_avec_sa_phrase():
    assert rendre("{% points r legende=True %}", r=RangeePoints(1, 0, 0, 1)) == snapshot("""\
<span class="points-legendes">
<svg class="points" width="30" height="24" viewBox="0 0 30 24" focusable="false" aria-hidden="true">
<circle class="v" cx="10" cy="12" r="6.5" />
<path class="seuil" d="M25 1v22" />
</svg>
<small>1\xa0validé\u202f; il en faut 1</small>
</span>\
""")


def test_legende_des_points():
    assert rendre("{% legende_points %}") == snapshot("""\
<ul class="legende-points">
<li>
<svg class="points" width="20" height="24" viewBox="0 0 20 24" aria-hidden="true" focusable="false">
<circle class="v" cx="10" cy="12" r="6.5" />
</svg> validé</li>
<li>
<svg class="points" width="20" height="24" viewBox="0 0 20 24" aria-hidden="true" focusable="false">
<path class="n" d="M10 12m-6.5 0a6.5 6.5 0 1 0 13 0a6.5 6.5 0 1 0 -13 0m-.5 7l14-14" />
</svg> non validé</li>
<li>
<svg class="points" width="20" height="24" viewBox="0 0 20 24" aria-hidden="true" focusable="false">
<circle class="o" cx="10" cy="12" r="6.5" />
</svg> non observé</li>
<li>
<svg class="points" width="20" height="24" viewBox="0 0 20 24" aria-hidden="true" focusable="false">
<path class="seuil" d="M10 1v22" />
</svg> ce qu’il faut</li>
</ul>\
""")


def test_chemin():
    etapes = [
        Etape("Inscription", date(2025, 11, 3), EtatEtape.FAITE),
        Etape("Second regard", None, EtatEtape.ICI, "en cours"),
        Etape("Jury", None, EtatEtape.A_VENIR),
    ]
    assert rendre("{% chemin etapes %}", etapes=etapes) == snapshot("""\
<ol class="chemin" aria-label="Le chemin du dossier">
<li class="chemin-faite" >
<span class="chemin-libelle">Inscription</span>
<span class="hors-vue"> (fait) </span>
<span class="chemin-quand">3\xa0nov.\xa02025</span>
</li>
<li class="chemin-ici" aria-current="step">
<span class="chemin-libelle">Second regard</span>
<span class="hors-vue"> (en cours) </span>
<span class="chemin-quand">en cours</span>
</li>
<li class="chemin-a_venir" >
<span class="chemin-libelle">Jury</span>
<span class="hors-vue"> (à venir) </span>
</li>
</ol>\
""")


def test_balle_chez_un_autre():
    balle = Balle("Karim Benali", "Attester", date(2026, 11, 15), date(2026, 11, 24))
    assert rendre("{% balle b %}", b=balle) == snapshot("""\
<div class="balle">
<p class="balle-main">
<span>Qui a la main </span>
<time datetime="2026-11-15">depuis 9\xa0jours</time>
</p>
<p class="balle-qui">Karim Benali</p>
<p class="balle-quoi">Attester</p>
</div>\
""")


def test_balle_chez_soi():
    assert rendre("{% balle b %}", b=Balle("Inès", "Choisir", a_vous=True)) == snapshot("""\
<div class="balle balle-a-vous">
<p class="balle-main">
<span>C’est à vous </span>
</p>
<p class="balle-quoi">Choisir</p>
</div>\
""")


@pytest.mark.parametrize(
    ("ton", "dessin"),
    [
        (Ton.OUI, '<path d="M2.2 7.6l3.2 3.2 6.4-7.2" />'),
        (Ton.NON, '<path d="M3 3l8 8M11 3l-8 8" />'),
        (Ton.ATTENTE, '<circle cx="7" cy="7" r="5.4" /><path d="M7 3.8V7l2.2 1.6" />'),
        (Ton.INFO, '<circle class="plein" cx="7" cy="7" r="4" />'),
        (Ton.NEUTRE, '<circle cx="7" cy="7" r="4" />'),
    ],
)
def test_chaque_statut_a_sa_forme_et_son_mot(ton, dessin):
    dessine = rendre("{% statut s %}", s=Statut(ton, "l'état")).replace("\n", "")
    assert dessine == (
        f'<span class="statut statut-{ton}"><svg class="forme" width="14" height="14" viewBox="0 0 14 14" '
        f'aria-hidden="true" focusable="false">{dessin}</svg> l’état</span>'
    )


def test_bouton_par_lien():
    assert rendre("{% bouton a %}", a=Action("Voir", "/x?a=1&b=2", principale=True)) == snapshot(
        '<a class="bouton" href="/x?a=1&amp;b=2">Voir</a>'
    )


def test_bouton_par_formulaire():
    action = Action("Relancer", "/x", methode="post", champs=(("ligne", '7"'),), precision="pour Nour")
    assert rendre("{% bouton a %}", a=action) == snapshot("""\
<form class="geste" method="post" action="/x">
<input type="hidden" name="csrfmiddlewaretoken" value="jeton">
<input type="hidden" name="ligne" value="7&quot;">
<button class="bouton bouton-clair"> Relancer<span class="hors-vue"> pour Nour</span>
</button>
</form>\
""")


def test_bouton_sans_retour():
    assert rendre("{% bouton a %}", a=Action("Abandonner", "/x", grave=True)) == snapshot(
        '<a class="bouton bouton-grave" href="/x">Abandonner</a>'
    )


def test_jauge_en_cours_et_atteinte():
    assert rendre("{% jauge j %}", j=Jauge("Courriers", 3, 5)) == snapshot("""\
<div class="jauge">
<span class="jauge-libelle">Courriers</span>
<span class="jauge-compte">3 sur 5</span>
<progress max="5" value="3" aria-label="Courriers"> 3 sur 5 </progress>
</div>\
""")
    assert rendre("{% jauge j %}", j=Jauge("Entretiens", 2, 2)) == snapshot("""\
<div class="jauge jauge-atteinte">
<span class="jauge-libelle">Entretiens</span>
<span class="jauge-compte">
<svg class="forme" width="14" height="14" viewBox="0 0 14 14" aria-hidden="true" focusable="false">
<path d="M2.2 7.6l3.2 3.2 6.4-7.2" />
</svg> 2 sur 2</span>
<progress max="2" value="2" aria-label="Entretiens"> 2 sur 2 </progress>
</div>\
""")


def test_message_de_refus():
    avis = Avis(Ton.NON, "Refusé", "Parce que.", "Tout.", "Recommencer.", Action("Reprendre", "/x"))
    assert rendre("{% message a alerte=True %}", a=avis) == snapshot("""\
<div class="message message-non" role="alert">
<svg class="forme" width="14" height="14" viewBox="0 0 14 14" aria-hidden="true" focusable="false">
<path d="M3 3l8 8M11 3l-8 8" />
</svg>
<div class="message-corps">
<h2 class="message-titre">Refusé</h2>
<p>Parce que.</p>
<dl class="message-suite">
<div>
<dt>Ce qui a été gardé</dt>
<dd>Tout.</dd>
</div>
<div>
<dt>Ce qu’il faut faire</dt>
<dd>Recommencer.</dd>
</div>
</dl>
<a class="bouton bouton-clair" href="/x">Reprendre</a>
</div>
</div>\
""")


def test_message_d_une_phrase():
    assert rendre("{% message a %}", a=Avis(Ton.OUI, "C'est enregistré.")) == snapshot("""\
<div class="message message-oui" role="note">
<svg class="forme" width="14" height="14" viewBox="0 0 14 14" aria-hidden="true" focusable="false">
<path d="M2.2 7.6l3.2 3.2 6.4-7.2" />
</svg>
<div class="message-corps">
<p class="message-titre"> C’est enregistré. </p>
</div>
</div>\
""")


def test_messages_de_django():
    recus = [SimpleNamespace(level_tag=niveau) for niveau in ("success", "info", "warning", "error", "autre")]
    classes = rendre("{% messages_recus recus %}", recus=recus)
    assert [bout.split('"')[0] for bout in classes.split('class="message message-')[1:]] == [
        "oui",
        "info",
        "attente",
        "non",
        "info",
    ]
    assert rendre("{% messages_recus recus %}", recus=[]) == ""


def test_vide():
    assert rendre("{% vide v niveau=3 %}", v=Vide("Tout est fait.", "À lundi.")) == snapshot("""\
<div class="vide">
<svg class="sceau" width="44" height="44" viewBox="0 0 26 26" aria-hidden="true" focusable="false">
<circle class="sceau-bord" cx="13" cy="13" r="11.6" />
<circle class="sceau-filet" cx="13" cy="13" r="9" />
<path class="sceau-coche" d="M8.4 13.4l3.2 3.2 6.1-6.6" />
</svg>
<h3>Tout est fait.</h3>
<p>À lundi.</p>
</div>\
""")


def test_a_faire():
    ligne = LigneAFaire(
        "jeudi 26",
        "Envoyer l'avis",
        "Préavis.",
        Action("Envoyer", "/e"),
        "dans 2 jours",
        RangeePoints(1, 0, 0),
        premiere=True,
        en_retard=True,
    )
    assert rendre("{% a_faire l %}", l=ligne) == snapshot("""\
<article class="a-faire a-faire-premiere a-faire-retard">
<p class="a-faire-quand"> jeudi 26 <small>dans 2 jours</small>
</p>
<div class="a-faire-quoi">
<h2>Envoyer l’avis</h2>
<p>
<svg class="points" width="20" height="24" viewBox="0 0 20 24" focusable="false" role="img" aria-label="1\xa0validé">
<circle class="v" cx="10" cy="12" r="6.5" />
</svg> Préavis.</p>
</div>
<div class="a-faire-geste">
<a class="bouton bouton-clair" href="/e">Envoyer</a>
</div>
</article>\
""")
    assert rendre("{% a_faire l niveau=3 %}", l=LigneAFaire("un jour", "Rien", "Pourquoi pas")) == snapshot("""\
<article class="a-faire">
<p class="a-faire-quand"> un jour </p>
<div class="a-faire-quoi">
<h3>Rien</h3>
<p>Pourquoi pas</p>
</div>
</article>\
""")


def test_carte_titree_et_nue():
    gabarit = '{% carte titre="L\'épreuve" statut=s %}<p>{{ mot }}</p>{% endcarte %}'
    assert rendre(gabarit, s=None, mot="a & b") == snapshot("""\
<section class="carte">
<div class="carte-tete">
<h2>L’épreuve</h2>
</div>
<p>a &amp; b</p>
</section>\
""")
    assert rendre("{% carte %}<p>nue</p>{% endcarte %}") == snapshot("""\
<section class="carte">
<p>nue</p>
</section>\
""")


def test_marge_et_barre_basse():
    assert rendre("{% marge %}<p>note</p>{% endmarge %}") == snapshot("""\
<aside class="marge marge-sceau" role="note">
<p>note</p>
</aside>\
""")
    assert rendre('{% barre_basse resume="1 sur 2" %}<b>x</b>{% endbarre_basse %}') == snapshot("""\
<footer class="barre-basse">
<p class="barre-basse-resume">1 sur 2</p>
<div class="barre-basse-gestes">
<b>x</b>
</div>
</footer>\
""")


def test_fil():
    assert rendre("{% fil liens %}", liens=[Lien("Candidats", "/c")]) == snapshot("""\
<nav class="fil" aria-label="Fil d’Ariane">
<ol>
<li>
<a href="/c">Candidats</a>
</li>
</ol>
</nav>\
""")


def test_tableau_de_toutes_les_natures():
    tableau = Tableau(
        "Candidats",
        (Colonne("Nom"), Colonne("Blocs", nombre=True), Colonne("Où", discrete=True)),
        (
            (Lien("Nour", "/n"), 4, date(2026, 1, 1)),
            (Intitule("C1.1", "Proposer l'offre"), RangeePoints(1, 0, 0), Statut(Ton.OUI, "acquis")),
            (Intitule("C1.2", "Appliquer", "/c"), None, Action("Ouvrir", "/o")),
        ),
        legende_visible=True,
    )
    assert rendre("{% tableau t %}", t=tableau) == snapshot("""\
<table class="tableau" role="table">
<caption >Candidats</caption>
<thead role="rowgroup">
<tr role="row">
<th scope="col" role="columnheader"> Nom </th>
<th scope="col" role="columnheader" class="nombre"> Blocs </th>
<th scope="col" role="columnheader"> Où </th>
</tr>
</thead>
<tbody role="rowgroup">
<tr role="row">
<th scope="row" role="rowheader">
<a href="/n">Nour</a>
</th>
<td role="cell" data-titre="Blocs" class="nombre"> 4 </td>
<td role="cell" data-titre="Où" class="discret">
<time datetime="2026-01-01">1er\xa0janv.\xa02026</time>
</td>
</tr>
<tr role="row">
<th scope="row" role="rowheader">
<span class="intitule">
<span class="code">C1.1 </span>
<span>Proposer l&#x27;offre</span>
</span>
</th>
<td role="cell" data-titre="Blocs" class="nombre">
<svg class="points" width="20" height="24" viewBox="0 0 20 24" focusable="false" role="img" aria-label="1\xa0validé">
<circle class="v" cx="10" cy="12" r="6.5" />
</svg>
</td>
<td role="cell" data-titre="Où" class="discret">
<span class="statut statut-oui">
<svg class="forme" width="14" height="14" viewBox="0 0 14 14" aria-hidden="true" focusable="false">
<path d="M2.2 7.6l3.2 3.2 6.4-7.2" />
</svg> acquis</span>
</td>
</tr>
<tr role="row">
<th scope="row" role="rowheader">
<span class="intitule">
<span class="code">C1.2 </span>
<a href="/c">Appliquer</a>
</span>
</th>
<td role="cell" data-titre="Blocs" class="nombre">
<span aria-hidden="true">–</span>
<span class="hors-vue">néant</span>
</td>
<td role="cell" data-titre="Où" class="discret">
<a class="bouton bouton-clair" href="/o">Ouvrir</a>
</td>
</tr>
</tbody>
</table>\
""")


def test_choix_de_critere_en_boutons_radio():
    choix = ChoixCritere("k1", "Écoute l'appelant", "K1", "valide", "K1.1.1", nom_mot="mot", mot="  deux\n lignes")
    assert rendre("{% choix_critere c %}", c=choix) == snapshot("""\
<div class="critere critere-v" id="k1" role="radiogroup" aria-labelledby="k1-libelle" data-parchemin-critere="K1">
<p class="critere-libelle" id="k1-libelle">
<span class="code">K1.1.1 </span>Écoute l&#x27;appelant </p>
<div class="choix">
<input class="hors-vue" type="radio" id="k1-v" name="K1" value="valide" checked>
<label class="choix-v" for="k1-v">Validé</label>
<input class="hors-vue" type="radio" id="k1-n" name="K1" value="non_valide">
<label class="choix-n" for="k1-n">Non validé</label>
<input class="hors-vue" type="radio" id="k1-o" name="K1" value="non_observe">
<label class="choix-o" for="k1-o">Non observé</label>
</div>
<details class="mot" open>
<summary>Votre remarque</summary>
<label class="hors-vue" for="k1-mot">Remarque sur : Écoute l&#x27;appelant</label>
<textarea id="k1-mot" name="mot" rows="3">  deux
 lignes</textarea>
</details>
</div>\
""")


def test_choix_de_critere_envoye_d_un_geste_ou_fige():
    choix = ChoixCritere("k1", "Écoute", "K1", "non_observe", envoi="bouton", indication="Sera demandé.", fige=True)
    assert rendre("{% choix_critere c %}", c=choix) == snapshot("""\
<div class="critere critere-o" id="k1" role="group" aria-labelledby="k1-libelle" data-parchemin-critere="K1">
<p class="critere-libelle" id="k1-libelle"> Écoute </p>
<div class="choix">
<button class="choix-v" name="K1" value="valide" aria-pressed="false" disabled> Validé </button>
<button class="choix-n" name="K1" value="non_valide" aria-pressed="false" disabled> Non validé </button>
<button class="choix-o" name="K1" value="non_observe" aria-pressed="true" disabled> Non observé </button>
</div>
<p class="critere-indication">Sera demandé.</p>
</div>\
""")


def test_champs_vierges():
    assert rendre("{% champs f %}", f=Inscription()) == snapshot("""\
<div class="champ">
<label for="id_nom"> Nom d’usage </label>
<div class="champ-aide" id="id_nom_helptext">Celui du parchemin.</div>
<input type="text" name="nom" required aria-describedby="id_nom_helptext" id="id_nom">
</div>
<div class="champ">
<label for="id_note"> Note <span class="champ-mention">facultatif</span>
</label>
<input type="text" name="note" id="id_note">
</div>
<fieldset class="champ champ-groupe">
<legend> Voie </legend>
<div id="id_voie">
<div>
<label for="id_voie_0">
<input type="radio" name="voie" value="a" required id="id_voie_0"> Continue</label>
</div>
<div>
<label for="id_voie_1">
<input type="radio" name="voie" value="b" required id="id_voie_1"> VAE</label>
</div>
</div>
</fieldset>
<div class="champ champ-case">
<input type="checkbox" name="accord" required id="id_accord">
<label for="id_accord"> D’accord </label>
</div>
<input type="hidden" name="cle" id="id_cle">\
""")


def test_champs_a_reprendre():
    assert rendre("{% champ f.nom %}", f=Inscription({})) == snapshot("""\
<div class="champ champ-a-reprendre">
<label for="id_nom"> Nom d’usage </label>
<div class="champ-aide" id="id_nom_helptext">Celui du parchemin.</div>
<div class="champ-erreur" id="id_nom_error">
<p>
<svg class="forme" width="14" height="14" viewBox="0 0 14 14" aria-hidden="true" focusable="false">
<path d="M3 3l8 8M11 3l-8 8" />
</svg> Ce champ est obligatoire.</p>
</div>
<input type="text" name="nom" required aria-invalid="true" aria-describedby="id_nom_helptext id_nom_error" id="id_nom">
</div>\
""")
    assert rendre('{% champ f.nom libelle="Nom d\'état civil" %}', f=Inscription({"nom": "Ada"})) == snapshot("""\
<div class="champ">
<label for="id_nom"> Nom d’état civil </label>
<div class="champ-aide" id="id_nom_helptext">Celui du parchemin.</div>
<input type="text" name="nom" value="Ada" required aria-describedby="id_nom_helptext" id="id_nom">
</div>\
""")


def test_resume_des_erreurs():
    assert rendre("{% erreurs f %}", f=Inscription({"accord": "on"})) == snapshot("""\
<div class="message message-non" role="alert" tabindex="-1" data-parchemin-reprises>
<svg class="forme" width="14" height="14" viewBox="0 0 14 14" aria-hidden="true" focusable="false">
<path d="M3 3l8 8M11 3l-8 8" />
</svg>
<div class="message-corps">
<h2 class="message-titre"> 4 réponses sont à reprendre </h2>
<p>Rien n’a été enregistré. Ce que vous avez saisi est toujours là.</p>
<ul>
<li> Cette personne est déjà inscrite. </li>
<li>
<a href="#id_nom">Nom d’usage</a>\u202f: Ce champ est obligatoire. </li>
<li>
<a href="#id_voie_0">Voie</a>\u202f: Ce champ est obligatoire. </li>
<li> Ce champ est obligatoire. </li>
</ul>
</div>
</div>\
""")
    assert rendre("{% erreurs f %}", f=Inscription()) == ""


def test_pagination_garde_les_autres_parametres():
    requete = RequestFactory().get("/liste", {"q": "a b", "page": "2"})
    page = Paginator(range(5), 2).page(2)
    assert rendre("{% pagination p %}", p=page, request=requete) == snapshot("""\
<nav class="pagination" aria-label="Pages de la liste">
<a class="bouton bouton-clair" rel="prev" href="?q=a+b&amp;page=1">Page précédente</a>
<p>Page 2 sur 3</p>
<a class="bouton bouton-clair" rel="next" href="?q=a+b&amp;page=3">Page suivante</a>
</nav>\
""")
    assert rendre("{% pagination p %}", p=Paginator(range(2), 2).page(1), request=requete) == ""


def test_filtres():
    instant = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    rendu = rendre(
        "{{ i|date_longue }}|{{ j|date_en_clair }}|{{ j|date_courte }}|{{ i|heure }}|{{ d|duree }}|{{ d|chrono }}"
        '|{{ n|pluriel:"critère" }}|{{ n|pluriel:"œil,yeux" }}',
        i=instant,
        j=instant.date(),
        d=timedelta(minutes=14, seconds=32),
        n=2,
    )
    assert rendu.replace("\u00a0", " ") == (
        "mercredi 25 novembre 2026|24 novembre 2026|24 nov. 2026|0 h 30|14 min|14:32|2 critères|2 yeux"
    )


def test_typo_echappe_ce_qui_n_est_pas_sur():
    assert rendre("{{ t|typo }}", t="<b>l'a</b> ?") == "&lt;b&gt;l’a&lt;/b&gt;\u202f?"


def test_serrer_ne_touche_ni_aux_saisies_ni_aux_valeurs():
    gabarit = (
        '\n  <p\n   class="a  b"  >  un\n   mot</p>\n  <b>x</b> <i>y</i>\n'
        "<textarea\n name='m'\n>  deux\n\n  lignes </textarea>\n<pre> a\n  b</pre>\n"
    )
    assert serrer(gabarit) == (
        '<p class="a  b">  un mot</p><b>x</b> <i>y</i>'
        "<textarea name='m'>  deux\n\n  lignes </textarea><pre> a\n  b</pre>"
    )


@pytest.mark.urls("parchemin.socle.tests.adresses")
def test_page_entiere():
    page = rendre(
        "{% extends 'socle/page.html' %}{% block titre %}L'accueil{% endblock %}"
        "{% block sur_titre %}mardi{% endblock %}{% block contenu %}<p>ici</p>{% endblock %}",
        navigation=(Lien("À faire", "/", courant=True), Lien("Candidats", "/c")),
        identite=Identite("Inès Marchetti", "Gestionnaire", (Lien("Mes rôles", "/r"),)),
        messages=[],
    )
    assert page.count("<h1>") == 1
    assert "<title>L’accueil · Parchemin</title>" in page
    assert page[page.index("<body") :] == snapshot("""\
<body >
<a class="evitement" href="#contenu">Aller au contenu</a>
<header class="barre">
<a class="marque" href="/">
<svg class="sceau" width="26" height="26" viewBox="0 0 26 26" aria-hidden="true" focusable="false">
<circle class="sceau-bord" cx="13" cy="13" r="11.6" />
<circle class="sceau-filet" cx="13" cy="13" r="9" />
<path class="sceau-coche" d="M8.4 13.4l3.2 3.2 6.1-6.6" />
</svg>
Parchemin</a>
<nav class="navigation" aria-label="Navigation principale">
<ul>
<li>
<a
                                href="/"
                                aria-current="page"
                            >À faire</a>
</li>
<li>
<a
                                href="/c"
                                \n\
                            >Candidats</a>
</li>
</ul>
</nav>
<button
                class="identite"
                type="button"
                popovertarget="compte"
            >
<span class="identite-nom">
<span class="hors-vue">Votre compte : </span>Inès Marchetti</span>
<span class="identite-qualite">Gestionnaire</span>
</button>
<div class="compte" id="compte" popover>
<p class="compte-nom">Inès Marchetti</p>
<p class="compte-qualite">Gestionnaire</p>
<ul>
<li>
<a href="/r">Mes rôles</a>
</li>
<li>
<a href="/connexion/securite/">Connexion et sécurité</a>
</li>
<li>
<a href="/connexion/password/change/">Changer de mot de passe</a>
</li>
</ul>
<form method="post" action="/connexion/logout/" data-parchemin-deconnexion>
<input type="hidden" name="csrfmiddlewaretoken" value="jeton">
<input type="hidden" name="rien_en_attente" value="">
<button class="bouton bouton-clair">Se déconnecter</button>
</form>
</div>
</header>
<main id="contenu"  tabindex="-1">
<div class="entete">
<div class="entete-titre">
<p class="sur-titre">mardi</p>
<h1>L’accueil</h1>
</div>
</div>
<p>ici</p>
</main>
<footer class="pied">
<p>Parchemin, du carnet au parchemin. Logiciel libre, licence EUPL 1.2.</p>
<p>
<a href="/accessibilite/">Accessibilité : partiellement conforme</a>
</p>
</footer>
<script
                type="module"
                src="/static/socle/formulaires.js"
            >
</script>
</body>
</html>\
""")


def test_page_sans_sur_titre_ni_identite():
    page = render_to_string("404.html", {})
    assert page.count("<h1>") == 1
    assert page.count('class="sur-titre"') == 0
    assert page.count('popovertarget="compte"') == 0
