import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("comptes", "0010_roles_d_un_depart"),
        ("convocations", "0008_convocations"),
    ]

    operations = [
        migrations.CreateModel(
            name="Plan",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                        verbose_name="identifiant",
                    ),
                ),
                ("du", models.DateField(verbose_name="du")),
                ("au", models.DateField(verbose_name="au")),
                ("demande_le", models.DateTimeField(verbose_name="demandé le")),
                ("lu_le", models.DateTimeField(null=True, verbose_name="lu le")),
                ("bouge_le", models.DateTimeField(verbose_name="dernier signe le")),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("demande", "en préparation"),
                            ("premier", "en cours d'amélioration"),
                            ("propose", "proposé"),
                            ("adoption", "en cours d'adoption"),
                            ("adopte", "adopté"),
                            ("vide", "sans rien à planifier"),
                        ],
                        default="demande",
                        max_length=20,
                        verbose_name="état",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0, verbose_name="version")),
                ("arret", models.BooleanField(default=False, verbose_name="arrêt demandé")),
                ("points", models.PositiveIntegerField(null=True, verbose_name="points")),
                ("points_du_premier", models.PositiveIntegerField(null=True, verbose_name="points du premier plan")),
                ("borne", models.PositiveIntegerField(null=True, verbose_name="borne")),
                ("choix", models.JSONField(verbose_name="ce qui est à planifier")),
                ("contenu", models.JSONField(default=dict, verbose_name="contenu")),
                ("sort", models.JSONField(default=dict, verbose_name="sort de chaque épreuve")),
                (
                    "organisme",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="comptes.organisme",
                        verbose_name="organisme",
                    ),
                ),
            ],
            options={
                "verbose_name": "plan d'épreuves",
                "verbose_name_plural": "plans d'épreuves",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("du__lte", models.F("au"))), name="plan_du_avant_au")
                ],
            },
        ),
    ]
