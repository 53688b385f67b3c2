from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("comptes", "0009_imports_de_liens"),
    ]

    operations = [
        migrations.AddField(
            model_name="depart",
            name="roles_fermes",
            field=models.JSONField(
                default=dict,
                help_text="Pour chacun, le jour où il devait finir (null : sans fin prévue) : ce qu'un retour peut redonner.",
                verbose_name="rôles que ce départ a fermés",
            ),
        ),
    ]
