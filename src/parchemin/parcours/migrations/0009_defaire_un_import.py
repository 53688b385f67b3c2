"""Un import dit ce qu'il a créé, pour pouvoir être défait ; ses dossiers le nomment, au lieu d'être nommés par lui.

Les imports d'avant gardent leurs dossiers, mais n'ont pas retenu le reste (`cree` vide) : ceux-là ne se défont pas d'un geste.
"""

import django.db.models.deletion
from django.db import migrations, models

RENDRE_LES_DOSSIERS = """
UPDATE parcours_dossier d SET importation_id = i.id FROM parcours_importcandidats i WHERE i.dossiers @> to_jsonb(d.id::text);
UPDATE parcours_importcandidats i SET organismes = COALESCE(
    (SELECT jsonb_agg(DISTINCT d.organisme_id::text) FROM parcours_dossier d WHERE d.importation_id = i.id), '[]'::jsonb);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("parcours", "0008_changements"),
    ]

    operations = [
        migrations.AddField(
            model_name="dossier",
            name="importation",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="dossiers",
                to="parcours.importcandidats",
                verbose_name="ouvert par l'import",
            ),
        ),
        migrations.AddField(
            model_name="importcandidats",
            name="organismes",
            field=models.JSONField(default=list, verbose_name="organismes touchés"),
        ),
        migrations.RunSQL(RENDRE_LES_DOSSIERS, migrations.RunSQL.noop),
        migrations.RemoveField(
            model_name="importcandidats",
            name="dossiers",
        ),
        migrations.AddField(
            model_name="importcandidats",
            name="cree",
            field=models.JSONField(default=dict, verbose_name="ce qu'il a créé"),
        ),
        migrations.AddField(
            model_name="importcandidats",
            name="defait_le",
            field=models.DateTimeField(null=True, verbose_name="défait le"),
        ),
        migrations.AddField(
            model_name="importcandidats",
            name="defait_par",
            field=models.UUIDField(null=True, verbose_name="défait par"),
        ),
        migrations.AddField(
            model_name="importcandidats",
            name="motif",
            field=models.TextField(blank=True, verbose_name="pourquoi il est défait"),
        ),
        migrations.AddIndex(
            model_name="importcandidats",
            index=models.Index(
                condition=models.Q(("confirme_le__isnull", False)),
                fields=["-confirme_le"],
                name="import_candidats_faits",
            ),
        ),
        migrations.AddConstraint(
            model_name="importcandidats",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("defait_le", None), ("defait_par", None), ("motif", "")),
                    models.Q(
                        ("confirme_le__isnull", False),
                        ("defait_le__isnull", False),
                        ("defait_par__isnull", False),
                        models.Q(("motif", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="import_candidats_defait_entier",
            ),
        ),
    ]
