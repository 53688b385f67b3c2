"""La fonction de refus, partagée par tous les déclencheurs d'insertion seule, et la marque de l'installation."""

from django.db import migrations, models

REFUSER = """
CREATE OR REPLACE FUNCTION parchemin_refuser() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% : insertion seule', TG_TABLE_NAME USING ERRCODE = '23001';
END $$;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(REFUSER, "DROP FUNCTION IF EXISTS parchemin_refuser()"),
        migrations.CreateModel(
            name="Installation",
            fields=[
                ("unique", models.BooleanField(default=True, editable=False, primary_key=True, serialize=False)),
                (
                    "nature",
                    models.CharField(
                        choices=[("demonstration", "Démonstration"), ("production", "Production")], max_length=20
                    ),
                ),
                ("depuis", models.DateTimeField(verbose_name="depuis le")),
            ],
            options={
                "verbose_name": "installation",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("unique", True)), name="installation_une_seule_ligne")
                ],
            },
        ),
    ]
