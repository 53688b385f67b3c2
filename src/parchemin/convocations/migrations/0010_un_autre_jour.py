"""Une épreuve remise à un autre jour se signe et se convoque de nouveau : présences et contrôles disent leur jour, une convocation finie
laisse sa place.

Les lignes d'avant ont été écrites le jour même : leur jour est celui de leur instant, à l'horloge du site. Ces tables sont à insertion
seule : leurs déclencheurs se taisent le temps de cette reprise, dans sa transaction.
"""

from django.db import migrations, models

DIRE_LE_JOUR = """
ALTER TABLE {table} DISABLE TRIGGER USER;
UPDATE {table} ligne
SET jour = (ligne.le AT TIME ZONE COALESCE(site.fuseau, 'Europe/Paris'))::date
FROM convocations_epreuve epreuve
LEFT JOIN convocations_salle salle ON salle.id = epreuve.salle_id
LEFT JOIN convocations_site site ON site.id = salle.site_id
WHERE epreuve.id = ligne.epreuve_id;
ALTER TABLE {table} ENABLE TRIGGER USER;
"""
FINIES = ("annulee", "close", "honoree")


def une_vivante(champ: str) -> list[migrations.operations.base.Operation]:
    nom = f"convocation_une_par_{champ}"
    return [
        migrations.RemoveConstraint(model_name="convocation", name=nom),
        migrations.AddConstraint(
            model_name="convocation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("etat__in", FINIES), _negated=True), fields=("epreuve", champ), name=nom
            ),
        ),
    ]


def dire_le_jour(modele: str) -> list[migrations.operations.base.Operation]:
    return [
        migrations.AddField(model_name=modele, name="jour", field=models.DateField(null=True, verbose_name="jour")),
        migrations.RunSQL(DIRE_LE_JOUR.format(table=f"convocations_{modele}"), migrations.RunSQL.noop),
        migrations.AlterField(model_name=modele, name="jour", field=models.DateField(verbose_name="jour")),
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("convocations", "0009_plans"),
    ]

    operations = [
        *une_vivante("place"),
        *une_vivante("personne"),
        *dire_le_jour("controleidentite"),
        *dire_le_jour("presence"),
        migrations.RemoveConstraint(model_name="presence", name="presence_une_par_personne"),
        migrations.AddConstraint(
            model_name="presence",
            constraint=models.UniqueConstraint(
                models.F("epreuve"), models.F("personne"), models.F("jour"), name="presence_une_par_personne"
            ),
        ),
    ]
