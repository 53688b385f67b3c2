"""Les composants qui portent une page, au signe près : cartes, fil, tableaux, pagination, la page entière."""

from datetime import date

import pytest
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.test import RequestFactory
from inline_snapshot import snapshot

from parchemin.socle.composants import (
    Action,
    Colonne,
    Identite,
    Intitule,
    Lien,
    LigneAFaire,
    RangeePoints,
    Statut,
    Tableau,
    Ton,
)
from parchemin.socle.tests.rendu import rendre


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
