from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0009_nature_commune"),
    ]

    operations = [
        migrations.AlterField(
            model_name="passageressaisie",
            name="etat",
            field=models.CharField(max_length=30, verbose_name="état"),
        ),
        migrations.AlterField(
            model_name="passagesecondregard",
            name="etat",
            field=models.CharField(max_length=30, verbose_name="état"),
        ),
    ]
