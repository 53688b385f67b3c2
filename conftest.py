"""Réglages de toute la suite : l'environnement d'abord (les réglages de Django le lisent), puis la base et les gardes."""

from __future__ import annotations

import os
import tempfile

from tests import base_de_test

base_de_test.preparer_environnement(dossier=tempfile.mkdtemp(prefix="parchemin-essai-"))
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # la boucle du navigateur vit dans le fil du test

pytest_plugins = ["tests.gardes", "tests.connexions", "tests.navigateur", "tests.ordre", "tests.scenes"]
pytest_configure = base_de_test.demarrer_django
pytest_xdist_setupnodes = base_de_test.laisser_les_reglages_aux_ouvriers
pytest_collection_finish = base_de_test.garder_ce_qui_est_charge
pytest_unconfigure = base_de_test.effacer_dossier
django_db_setup = base_de_test.django_db_setup
