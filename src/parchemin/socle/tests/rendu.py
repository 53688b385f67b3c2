"""Rendre un fragment de gabarit comme le font les essais des composants."""

import re

from django.template import Context, Engine


def rendre(gabarit: str, **valeurs) -> str:
    """Le fragment rendu avec un jeton CSRF de théâtre, une balise par ligne pour se lire."""
    rendu = Engine.get_default().from_string(gabarit).render(Context({"csrf_token": "jeton"} | valeurs)).strip()
    return re.sub(r"\s*\n\s*(?=<)|(?<=>)(?=<)", "\n", rendu)
