"""La table du cache partagé (limites d'essais) : celle que `createcachetable` ferait, sans journal d'écriture en avance.

`UNLOGGED` : une coupure brutale la vide, ce qui ne perd que des compteurs.
"""

from django.db import migrations

CREER = """
CREATE UNLOGGED TABLE socle_cache (
  cache_key varchar(255) NOT NULL PRIMARY KEY,
  value text NOT NULL,
  expires timestamp with time zone NOT NULL
);
CREATE INDEX socle_cache_expires ON socle_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("socle", "0001_initial")]
    operations = [migrations.RunSQL(CREER, "DROP TABLE socle_cache")]
