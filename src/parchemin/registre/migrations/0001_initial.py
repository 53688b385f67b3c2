"""Le journal : acteurs, têtes, entrées, valeurs ; les déclencheurs appellent `parchemin_refuser()`, du socle."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [("socle", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="ActeurOpaque",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False, verbose_name="identifiant")),
                (
                    "nature",
                    models.CharField(
                        choices=[("personne", "personne"), ("systeme", "systeme")], max_length=10, verbose_name="nature"
                    ),
                ),
            ],
            options={
                "verbose_name": "acteur",
            },
        ),
        migrations.CreateModel(
            name="Chaine",
            fields=[
                (
                    "nom",
                    models.CharField(
                        editable=False, max_length=100, primary_key=True, serialize=False, verbose_name="nom"
                    ),
                ),
                ("longueur", models.PositiveBigIntegerField(verbose_name="longueur")),
                ("precedente", models.CharField(max_length=64, verbose_name="tête précédente")),
                ("tete", models.CharField(max_length=64, verbose_name="tête")),
            ],
            options={
                "verbose_name": "chaîne",
            },
        ),
        migrations.CreateModel(
            name="Entree",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rang", models.PositiveBigIntegerField(verbose_name="rang")),
                ("instant", models.DateTimeField(db_index=True, verbose_name="instant")),
                ("action", models.CharField(max_length=80, verbose_name="action")),
                ("objet_type", models.CharField(max_length=80, verbose_name="type de l'objet")),
                ("objet_id", models.CharField(max_length=100, verbose_name="identifiant de l'objet")),
                ("donnees", models.JSONField(help_text="Sans donnée personnelle.", verbose_name="données")),
                (
                    "engagements",
                    models.JSONField(
                        help_text="Nom de la valeur personnelle, empreinte salée.", verbose_name="engagements"
                    ),
                ),
                (
                    "scelles",
                    models.JSONField(help_text="Nom de la table, clé, empreinte.", verbose_name="lignes scellées"),
                ),
                ("precedent", models.CharField(max_length=64, verbose_name="empreinte de l'entrée précédente")),
                ("empreinte", models.CharField(max_length=64, verbose_name="empreinte")),
            ],
            options={
                "verbose_name": "entrée",
                "verbose_name_plural": "entrées",
            },
        ),
        migrations.CreateModel(
            name="ValeurPersonnelle",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("nom", models.CharField(max_length=80, verbose_name="nom")),
                ("sel", models.BinaryField(null=True, verbose_name="sel de 128 bits")),
                ("valeur", models.TextField(null=True, verbose_name="valeur")),
            ],
            options={
                "verbose_name": "valeur personnelle",
                "verbose_name_plural": "valeurs personnelles",
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="acteuropaque",
            trigger=pgtrigger.compiler.Trigger(
                name="ni_update_ni_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    execute="parchemin_refuser()",
                    func="RETURN NULL;",
                    hash="8ae1ac582d380a5c81e2651c5cecb5b7209c558b",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_ni_update_ni_delete_9fce3",
                    table="registre_acteuropaque",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="acteuropaque",
            trigger=pgtrigger.compiler.Trigger(
                name="ni_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    execute="parchemin_refuser()",
                    func="RETURN NULL;",
                    hash="2b63ac924ffcaf11ad9140c25590b1e9ca08890c",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_ni_truncate_87888",
                    table="registre_acteuropaque",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="chaine",
            trigger=pgtrigger.compiler.Trigger(
                name="un_pas_a_la_fois",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NOT (NEW.nom = OLD.nom AND NEW.longueur = OLD.longueur + 1 AND NEW.precedente = OLD.tete))",
                    execute="parchemin_refuser()",
                    func="RETURN NULL;",
                    hash="24148881964b0bd0221347f3fe1045dafc8987ee",
                    operation="UPDATE",
                    pgid="pgtrigger_un_pas_a_la_fois_23bf4",
                    table="registre_chaine",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="chaine",
            trigger=pgtrigger.compiler.Trigger(
                name="ni_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    execute="parchemin_refuser()",
                    func="RETURN NULL;",
                    hash="ab6f7d3d187a535d23ce61a99810faaff71c53e3",
                    operation="DELETE",
                    pgid="pgtrigger_ni_delete_579dc",
                    table="registre_chaine",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="chaine",
            trigger=pgtrigger.compiler.Trigger(
                name="ni_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    execute="parchemin_refuser()",
                    func="RETURN NULL;",
                    hash="d119792f1069dd3fb37b32f9a9dbdd82379529c3",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_ni_truncate_ac5ce",
                    table="registre_chaine",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddField(
            model_name="entree",
            name="auteur",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, to="registre.acteuropaque", verbose_name="auteur"
            ),
        ),
        migrations.AddField(
            model_name="entree",
            name="chaine",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, to="registre.chaine", verbose_name="chaîne"
            ),
        ),
        migrations.AddField(
            model_name="valeurpersonnelle",
            name="entree",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="valeurs",
                to="registre.entree",
                verbose_name="entrée",
            ),
        ),
        migrations.AddIndex(
            model_name="entree",
            index=models.Index(fields=["objet_type", "objet_id"], name="entree_par_objet"),
        ),
        migrations.AddConstraint(
            model_name="entree",
            constraint=models.UniqueConstraint(fields=("chaine", "rang"), name="entree_un_rang_par_chaine"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="entree",
            trigger=pgtrigger.compiler.Trigger(
                name="ni_update_ni_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    execute="parchemin_refuser()",
                    func="RETURN NULL;",
                    hash="e8693afad2ac545c8b47e0b76227e8542cab3140",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_ni_update_ni_delete_60a44",
                    table="registre_entree",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="entree",
            trigger=pgtrigger.compiler.Trigger(
                name="ni_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    execute="parchemin_refuser()",
                    func="RETURN NULL;",
                    hash="49f3e89f6c39a7d2326cf28b3916293c316008ae",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_ni_truncate_250bf",
                    table="registre_entree",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="valeurpersonnelle",
            constraint=models.UniqueConstraint(fields=("entree", "nom"), name="valeur_un_nom_par_entree"),
        ),
        migrations.AddConstraint(
            model_name="valeurpersonnelle",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("sel__isnull", True), ("valeur__isnull", True)),
                    models.Q(("sel__isnull", False), ("valeur__isnull", False)),
                    _connector="OR",
                ),
                name="valeur_avec_son_sel",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="valeurpersonnelle",
            trigger=pgtrigger.compiler.Trigger(
                name="vider_seulement",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NOT (NEW.id = OLD.id AND NEW.entree_id = OLD.entree_id AND NEW.nom = OLD.nom AND NEW.sel IS NULL AND NEW.valeur IS NULL))",
                    execute="parchemin_refuser()",
                    func="RETURN NULL;",
                    hash="9e8f0c79a783d279000c445e7a89d1ece7350fba",
                    operation="UPDATE",
                    pgid="pgtrigger_vider_seulement_15cb2",
                    table="registre_valeurpersonnelle",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="valeurpersonnelle",
            trigger=pgtrigger.compiler.Trigger(
                name="ni_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    execute="parchemin_refuser()",
                    func="RETURN NULL;",
                    hash="334656ec29f0d31e9705bf8566f7a5f166e02789",
                    operation="DELETE",
                    pgid="pgtrigger_ni_delete_406fd",
                    table="registre_valeurpersonnelle",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="valeurpersonnelle",
            trigger=pgtrigger.compiler.Trigger(
                name="ni_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    execute="parchemin_refuser()",
                    func="RETURN NULL;",
                    hash="cc4a7c586ce5920ef4e508be7133da1a0f2197b6",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_ni_truncate_62705",
                    table="registre_valeurpersonnelle",
                    when="BEFORE",
                ),
            ),
        ),
    ]
