"""Application Django des parcours."""

from django.apps import AppConfig


class ParcoursConfig(AppConfig):
    """Les parcours : inscriptions, voies d'accès, blocs demandés, états d'un dossier."""

    name = "parchemin.parcours"
    label = "parcours"
    verbose_name = "Parcours"

    def ready(self) -> None:
        """Dit aux comptes ce qu'une personne laisse en partant, et ce que devient un dossier quand deux fiches se réunissent."""
        import parchemin.parcours.abonnements  # noqa: F401 : l'importer, c'est s'abonner
        from parchemin.comptes.selectors import SuiteDeFusion, confier_les_taches, deduire_les_liens, suivre_fusions
        from parchemin.parcours import selectors, services

        confier_les_taches("parcours", selectors.taches_laissees)
        deduire_les_liens("parcours", selectors.liens_deduits)
        suivre_fusions(
            "parcours",
            SuiteDeFusion(selectors.obstacles_a_la_fusion, selectors.effets_de_la_fusion, services.suivre_fusion),
        )
