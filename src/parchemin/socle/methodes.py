"""Les méthodes HTTP qu'admet une vue."""

from __future__ import annotations

from django.views.decorators.http import require_http_methods

lire_ou_envoyer = require_http_methods(["GET", "HEAD", "POST"])
"""Une page qui se lit, et dont le formulaire s'envoie à la même adresse."""
