"""Point d'entrée WSGI (granian)."""

import os

from django.core.wsgi import get_wsgi_application

from parchemin.socle.journaux import tenir_le_processus

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parchemin.config.settings")

application = get_wsgi_application()
tenir_le_processus()
