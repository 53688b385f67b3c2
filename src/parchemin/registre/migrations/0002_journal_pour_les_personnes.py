"""Le journal se cherche par personne, objet, acte et date ; les regards et les vérifications se gardent."""

import django.contrib.postgres.indexes
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import parchemin.registre.models

MENTIONS = r"""
CREATE FUNCTION registre_mentions(donnees jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
  SELECT jsonb_path_query_array(donnees,
    '$.** ? (@.type() == "string" && @ like_regex "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")')
$$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("registre", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(MENTIONS, "DROP FUNCTION registre_mentions(jsonb)"),
        migrations.CreateModel(
            name="Consultation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("lecteur", models.UUIDField(editable=False, verbose_name="lecteur")),
                ("objet_type", models.CharField(max_length=80, verbose_name="type de l'objet")),
                ("objet_id", models.CharField(max_length=100, verbose_name="identifiant de l'objet")),
                ("page", models.CharField(max_length=40, verbose_name="page")),
                ("jour", models.DateField(verbose_name="jour, à Paris")),
            ],
            options={
                "verbose_name": "consultation",
            },
        ),
        migrations.CreateModel(
            name="Verification",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("demandee_par", models.UUIDField(editable=False, verbose_name="demandée par")),
                ("debut", models.DateTimeField(verbose_name="début")),
                ("fin", models.DateTimeField(verbose_name="fin")),
                ("chaines", models.PositiveBigIntegerField(verbose_name="chaînes")),
                ("entrees", models.PositiveBigIntegerField(verbose_name="entrées")),
                ("scelles", models.PositiveBigIntegerField(verbose_name="lignes scellées")),
                (
                    "ligne_numero",
                    models.PositiveBigIntegerField(null=True, verbose_name="numéro de la dernière ligne signée"),
                ),
                ("ligne_instant", models.DateTimeField(null=True, verbose_name="instant de la dernière ligne signée")),
                ("nombre_anomalies", models.PositiveBigIntegerField(verbose_name="nombre d'endroits rompus")),
                (
                    "anomalies",
                    models.JSONField(help_text="Les premiers, une phrase chacun.", verbose_name="endroits rompus"),
                ),
            ],
            options={
                "verbose_name": "vérification",
            },
        ),
        migrations.RemoveIndex(
            model_name="entree",
            name="entree_par_objet",
        ),
        migrations.AlterField(
            model_name="entree",
            name="auteur",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                to="registre.acteuropaque",
                verbose_name="auteur",
            ),
        ),
        migrations.AlterField(
            model_name="entree",
            name="instant",
            field=models.DateTimeField(verbose_name="instant"),
        ),
        migrations.AddIndex(
            model_name="entree",
            index=models.Index(fields=["-instant", "-id"], name="entree_par_instant"),
        ),
        migrations.AddIndex(
            model_name="entree",
            index=models.Index(fields=["chaine", "-instant", "-id"], name="entree_par_chaine"),
        ),
        migrations.AddIndex(
            model_name="entree",
            index=models.Index(fields=["auteur", "-instant", "-id"], name="entree_par_auteur"),
        ),
        migrations.AddIndex(
            model_name="entree",
            index=models.Index(fields=["action", "-instant", "-id"], name="entree_par_action"),
        ),
        migrations.AddIndex(
            model_name="entree",
            index=models.Index(fields=["objet_id", "objet_type"], name="entree_par_objet"),
        ),
        migrations.AddIndex(
            model_name="entree",
            index=django.contrib.postgres.indexes.GinIndex(
                parchemin.registre.models.Mentions(models.F("donnees")), name="entree_par_mention"
            ),
        ),
        migrations.AddConstraint(
            model_name="consultation",
            constraint=models.UniqueConstraint(
                fields=("lecteur", "objet_id", "objet_type", "page", "jour"), name="consultation_une_par_jour"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="consultation",
            trigger=pgtrigger.compiler.Trigger(
                name="ni_update_ni_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    execute="parchemin_refuser()",
                    func="RETURN NULL;",
                    hash="c8b45a8e769ab35865b78ca65b415a8be3cb1884",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_ni_update_ni_delete_44b6c",
                    table="registre_consultation",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="consultation",
            trigger=pgtrigger.compiler.Trigger(
                name="ni_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    execute="parchemin_refuser()",
                    func="RETURN NULL;",
                    hash="e83bb705f1f7e1c92e186cd5b0e86eeb29f7e517",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_ni_truncate_6766f",
                    table="registre_consultation",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="verification",
            index=models.Index(fields=["-fin", "-id"], name="verification_par_fin"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="verification",
            trigger=pgtrigger.compiler.Trigger(
                name="ni_update_ni_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    execute="parchemin_refuser()",
                    func="RETURN NULL;",
                    hash="2964274e60d42049dcec8dd78f25e46576360b88",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_ni_update_ni_delete_0f8a0",
                    table="registre_verification",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="verification",
            trigger=pgtrigger.compiler.Trigger(
                name="ni_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    execute="parchemin_refuser()",
                    func="RETURN NULL;",
                    hash="cc75a64282e9693c5bfd26f413fa0c0468d3cb1e",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_ni_truncate_6091e",
                    table="registre_verification",
                    when="BEFORE",
                ),
            ),
        ),
    ]
