"""Application Django des convocations."""

from django.apps import AppConfig


class ConvocationsConfig(AppConfig):
    """Les épreuves d'un dossier et leurs deux évaluateurs."""

    name = "parchemin.convocations"
    label = "convocations"
    verbose_name = "Convocations"

    def ready(self) -> None:
        """S'abonne aux liens et aux désignations ; dit au carnet qui sont les évaluateurs d'un dossier."""
        import parchemin.convocations.abonnements  # noqa: F401
        from parchemin.carnet.selectors import montrer_a
        from parchemin.convocations.selectors import evalue

        montrer_a("evaluateurs", evalue)
