"""Une épreuve sans salle tient désormais ses personnes : celles qui sont déjà planifiées se lisent dans l'épreuve et ses affectations.

Deux épreuves ont pu être placées au même instant chez la même personne, quand rien ne l'empêchait : la première planifiée la garde, et
l'autre le dit sur sa page.
"""

from django.db import migrations

TENIR = """
INSERT INTO convocations_occupation (epreuve_id, personne_id, debut, fin)
SELECT epreuve.id, gens.personne_id, epreuve.prevue_le, epreuve.prevue_le + make_interval(mins => epreuve.duree)
FROM convocations_epreuve epreuve
JOIN LATERAL (
    SELECT dossier.candidat_id AS personne_id FROM parcours_dossier dossier WHERE dossier.id = epreuve.dossier_id
    UNION
    SELECT evaluateur_id FROM convocations_affectation WHERE epreuve_id = epreuve.id AND au IS NULL
) gens ON true
WHERE epreuve.salle_id IS NULL AND epreuve.duree > 0 AND epreuve.etat NOT IN ('annulee', 'non_evaluee')
ORDER BY (SELECT min(instant) FROM convocations_passageepreuve WHERE epreuve_id = epreuve.id), epreuve.id
ON CONFLICT DO NOTHING
"""
LIBERER = """
DELETE FROM convocations_occupation
WHERE epreuve_id IN (SELECT id FROM convocations_epreuve WHERE salle_id IS NULL)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("convocations", "0010_un_autre_jour"),
    ]

    operations = [migrations.RunSQL(TENIR, LIBERER)]
