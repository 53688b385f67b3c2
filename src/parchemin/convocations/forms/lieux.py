"""Saisir un site, une salle, des trajets ; dire ses heures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any

from django import forms

from parchemin.convocations.enums import MAXIMUM_LE_PLUS_GRAND
from parchemin.convocations.planificateur.semaine import Heures
from parchemin.socle.formulaires import offrir, saisie_du_jour
from parchemin.socle.fuseaux import FUSEAUX, heure_de
from parchemin.socle.typographie import JOURS

_PLAGE = re.compile(r"^(?:de )?(\d{1,2})(?: ?[h:] ?(\d{2})?)? ?(?:-|–|à) ?(\d{1,2})(?: ?[h:] ?(\d{2})?)?$")
EXEMPLE = "« 9 h – 12 h 30, 13 h 30 – 17 h »"


def lire_plages(texte: str) -> list[tuple[time, time]]:
    """« 9 h – 12 h 30, 13:30-17 » : les plages d'un jour. Lève `ValueError` à la première qui ne se lit pas."""
    morceaux = [" ".join(m.split()).lower() for m in re.split(r"[,;]| et ", texte.replace("\N{NO-BREAK SPACE}", " "))]
    lues = []
    for morceau in filter(None, morceaux):
        trouve = _PLAGE.match(morceau)
        if trouve is None:
            raise ValueError(morceau)
        h1, m1, h2, m2 = (int(x or 0) for x in trouve.groups())
        lues.append((time(h1, m1), time(23, 59) if (h2, m2) == (24, 0) else time(h2, m2)))
    return lues


def ecrire_plages(heures: Iterable[Heures]) -> str:
    """Les plages d'un jour, telles qu'on les relit : « 9 h – 12 h 30, 13 h 30 – 17 h »."""
    return ", ".join(f"{_heure(h.de)} – {_heure(h.a)}" for h in sorted(heures))


def _heure(a: time) -> str:
    return f"{a.hour} h {a.minute:02d}" if a.minute else f"{a.hour} h"


class FormSemaine(forms.Form):
    """Sept champs, un par jour : ses plages en toutes lettres."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for rang, jour in enumerate(JOURS, start=1):
            self.fields[f"jour_{rang}"] = forms.CharField(
                label=jour.capitalize(),
                required=False,
                max_length=80,
                widget=forms.TextInput(attrs={"list": "plages", "autocomplete": "off"}),
            )

    @staticmethod
    def initial_de(heures: Sequence[Heures]) -> dict[str, str]:
        """Ce que montre d'abord chaque jour."""
        return {f"jour_{rang}": ecrire_plages(h for h in heures if h.jour == rang) for rang in range(1, len(JOURS) + 1)}

    def clean(self) -> dict[str, Any]:
        """Les plages de la semaine, dans `heures`."""
        donnees = super().clean() or {}
        heures: list[Heures] = []
        for rang in range(1, len(JOURS) + 1):
            nom = f"jour_{rang}"
            try:
                heures += [Heures(rang, de, a) for de, a in lire_plages(donnees.pop(nom, ""))]
            except ValueError:
                self.add_error(nom, f"Écrivez les heures ainsi : {EXEMPLE}. Laissez vide un jour fermé.")
        return donnees | {"heures": tuple(heures)}


def _choix_de_fuseaux(actuel: str = "") -> list[tuple[str, str]]:
    dits = [(nom, f"{lieu} ({nom})") for nom, lieu in FUSEAUX.items()]
    return dits if not actuel or actuel in FUSEAUX else [*dits, (actuel, heure_de(actuel))]


class FormSite(FormSemaine):
    """La fiche d'un site, nouvelle ou à corriger."""

    nom = forms.CharField(
        label="Nom", max_length=120, help_text="« Site de Lille », « Antenne de Kourou ».",
        error_messages={"required": "Donnez un nom à ce site."},
    )  # fmt: skip
    organisme = forms.ChoiceField(label="Organisme")
    adresse = forms.CharField(label="Adresse", required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 3}))
    fuseau = forms.ChoiceField(
        label="Fuseau horaire", help_text="Toutes les heures de ce site s'écrivent et se lisent à cette horloge."
    )
    partage = forms.BooleanField(
        label="Les autres organismes peuvent y planifier",
        required=False,
        help_text="Ils y voient les salles libres ou prises, jamais par qui.",
    )

    def __init__(self, *args: Any, organismes: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offrir(self, "fuseau", _choix_de_fuseaux(str(self.initial.get("fuseau", ""))))
        offrir(self, "organisme", organismes)
        if len(organismes) < 2:
            del self.fields["organisme"]


class FormSalle(forms.Form):
    """Une salle d'un site."""

    nom = forms.CharField(
        label="Nom", max_length=80, help_text="« Salle 2 », « Plateau téléphonique ».",
        error_messages={"required": "Donnez un nom à cette salle."},
    )  # fmt: skip
    places = forms.IntegerField(
        label="Places",
        required=False,
        min_value=1,
        max_value=500,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    double_ecoute = forms.BooleanField(label="Équipée pour la double écoute", required=False)


class FormSalleTenue(FormSalle):
    """La même, qui peut se retirer."""

    retiree_le = forms.DateField(
        label="Retirée à partir du",
        required=False,
        widget=saisie_du_jour(),
        help_text="Plus aucune épreuve ne s'y place dès ce jour. Vide : elle sert encore.",
    )


class FormFermetureDeSite(forms.Form):
    """Le jour à partir duquel un site ferme."""

    ferme_le = forms.DateField(
        label="Fermé à partir du",
        required=False,
        widget=saisie_du_jour(),
        help_text="Plus aucune épreuve ne s'y place dès ce jour. Vide : il est ouvert.",
    )


class FormTrajets(forms.Form):
    """Les minutes de ce site à chacun des autres ; vide : ce que dit le règlement."""

    def __init__(self, *args: Any, sites: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for cle, nom in sites:
            self.fields[cle] = forms.IntegerField(
                label=nom,
                required=False,
                min_value=0,
                max_value=720,
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
                error_messages={"invalid": "Un nombre de minutes."},
            )


class FormAgenda(FormSemaine):
    """Une semaine, d'où l'on part, ce que l'on accepte par jour."""

    fuseau = forms.ChoiceField(label="Ces heures se lisent à l'horloge de")
    site = forms.ChoiceField(
        label="Site d'attache", required=False, help_text="D'où l'on part : de quoi compter le temps de route."
    )
    maximum = forms.IntegerField(
        label="Épreuves au plus par jour",
        required=False,
        min_value=1,
        max_value=MAXIMUM_LE_PLUS_GRAND,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        help_text="Vide : ce que dit le règlement.",
    )

    def __init__(self, *args: Any, sites: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offrir(self, "fuseau", _choix_de_fuseaux(str(self.initial.get("fuseau", ""))))
        offrir(self, "site", [("", "Aucun en particulier"), *sites])


class FormException(forms.Form):
    """Quelques jours, ou quelques heures, à part de la semaine."""

    libre = forms.TypedChoiceField(
        label="Pendant ce temps",
        choices=[("non", "Indisponible"), ("oui", "Disponible en plus")],
        coerce=lambda valeur: valeur == "oui",
        widget=forms.RadioSelect,
        initial="non",
        error_messages={"required": "Dites si c'est pris ou libre."},
    )
    du = forms.DateField(label="Du", widget=saisie_du_jour(), error_messages={"required": "Dites le premier jour."})
    de = forms.TimeField(
        label="À partir de",
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}),
        help_text="Vide : dès le matin.",
    )
    au = forms.DateField(label="Au", required=False, widget=saisie_du_jour(), help_text="Vide : ce seul jour.")
    a = forms.TimeField(
        label="Jusqu'à",
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}),
        help_text="Vide : toute la journée.",
    )

    @property
    def bornes(self) -> tuple[date, time, date, time | None]:
        """Premier jour et heure, dernier jour et heure (`None` : jusqu'à sa fin)."""
        dit = self.cleaned_data
        return dit["du"], dit["de"] or datetime.min.time(), dit["au"] or dit["du"], dit["a"]
