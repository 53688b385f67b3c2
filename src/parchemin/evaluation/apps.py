"""Application Django de l'évaluation."""

from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    """Les grilles, leurs faits, les deux lectures scellées et le résultat accordé."""

    name = "parchemin.evaluation"
    label = "evaluation"
    verbose_name = "Évaluation"

    def ready(self) -> None:
        """Déclare au registre les tables scellées que `parchemin journal verifier` refait."""
        from parchemin.evaluation.sceaux import declarer

        declarer()
