"""Application Django de l'évaluation."""

from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    """Les grilles, leurs faits, les deux lectures scellées et le résultat accordé."""

    name = "parchemin.evaluation"
    label = "evaluation"
    verbose_name = "Évaluation"

    def ready(self) -> None:
        """Déclare au registre les tables scellées que `parchemin journal verifier` refait ; avance le dossier d'un bloc acquis."""
        import parchemin.evaluation.abonnements  # noqa: F401 : l'importer, c'est s'abonner
        from parchemin.evaluation.sceaux import declarer
        from parchemin.evaluation.services import suivre_un_bloc_acquis
        from parchemin.parcours.selectors import SuiteDeBloc, suivre_les_blocs_acquis

        declarer()
        suivre_les_blocs_acquis(
            "evaluation", SuiteDeBloc(appliquer=suivre_un_bloc_acquis, retirer=suivre_un_bloc_acquis)
        )
