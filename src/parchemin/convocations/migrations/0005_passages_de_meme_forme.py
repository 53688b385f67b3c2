from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("convocations", "0004_remplacements"),
    ]

    operations = [
        migrations.AlterField(
            model_name="passagerecusation",
            name="etat",
            field=models.CharField(max_length=30, verbose_name="état"),
        ),
    ]
