"""Les composants, au signe près : ce que chaque balise écrit dans la page."""

from datetime import date
from types import SimpleNamespace

import pytest
from inline_snapshot import snapshot

from parchemin.socle.composants import (
    Action,
    Avis,
    Balle,
    Etape,
    EtatEtape,
    Jauge,
    RangeePoints,
    Statut,
    Ton,
    Vide,
)
from parchemin.socle.templatetags.parchemin import serrer
from parchemin.socle.tests.rendu import rendre


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
