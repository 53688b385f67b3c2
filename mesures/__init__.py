"""Ce que coûte chaque chose : une mesure par module, rapportée à un but ou à un pair mesuré dans la même course.

`python -m mesures` (ou `./parchemin mesurer`) les passe toutes ; `--rapide` les raccourcit ; `--json` les rend lisibles
par un programme. Un écart de moins de 20 % entre deux courses ne veut rien dire.
"""

from __future__ import annotations

import os

# Un seul fil pour tout calcul matriciel : à fixer avant que numpy ne soit importé.
for _variable in (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS",
):
    os.environ[_variable] = "1"
