"""Les composants de formulaire, au signe près : choix, champs, erreurs, filtres."""

from datetime import UTC, datetime, timedelta

from django import forms
from inline_snapshot import snapshot

from parchemin.socle.composants import ChoixCritere
from parchemin.socle.tests.rendu import rendre


class Inscription(forms.Form):
    """Un champ de chaque nature."""

    nom = forms.CharField(label="Nom d'usage", help_text="Celui du parchemin.")
    note = forms.CharField(label="Note", required=False)
    voie = forms.ChoiceField(label="Voie", widget=forms.RadioSelect, choices=[("a", "Continue"), ("b", "VAE")])
    accord = forms.BooleanField(label="D'accord")
    cle = forms.CharField(widget=forms.HiddenInput)

    def clean(self):
        raise forms.ValidationError("Cette personne est déjà inscrite.")


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
