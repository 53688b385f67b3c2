"""La saisie d'un NIR, pour la déclaration."""

from __future__ import annotations

from django import forms


class FormNir(forms.Form):
    """Un NIR. Ce qui est saisi ne revient jamais à l'écran, même refusé : le message dit ce qui ne va pas, sans le numéro."""

    nir = forms.CharField(
        label="Numéro de sécurité sociale (NIR)",
        help_text="Quinze signes, clé comprise, lus sur la carte Vitale. Les espaces ne comptent pas.",
        max_length=40,
        error_messages={"required": "Saisissez le numéro."},
        widget=forms.PasswordInput(
            attrs={"autocomplete": "off", "inputmode": "text", "spellcheck": "false", "autocapitalize": "characters"},
            render_value=False,
        ),
    )
