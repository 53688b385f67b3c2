from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("convocations", "0006_lieux_et_occupations"),
    ]

    operations = [
        migrations.AlterField(
            model_name="incident",
            name="genre",
            field=models.CharField(
                choices=[
                    ("absent", "Le candidat est absent, sans avoir prévenu"),
                    ("excuse", "Le candidat est excusé"),
                    ("interrompu", "L'épreuve a dû s'interrompre"),
                    ("accord_retire", "L'usager a retiré son accord à la double écoute"),
                    ("panne", "Une panne technique"),
                    ("fraude", "Un soupçon de fraude"),
                ],
                max_length=20,
                verbose_name="genre",
            ),
        ),
    ]
