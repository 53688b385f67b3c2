"""Application Django des référentiels."""

from django.apps import AppConfig


class ReferentielsConfig(AppConfig):
    """Les référentiels : versions publiées, immuables, et leurs parties révisées."""

    name = "parchemin.referentiels"
    label = "referentiels"
    verbose_name = "Référentiels"

    def ready(self) -> None:
        """Déclare les tables scellées, que `parchemin journal verifier` relit ; dit aux comptes quelles certifications existent."""
        from parchemin.comptes.certifications import fournies_par
        from parchemin.referentiels.selectors.certifications import certifications_publiees
        from parchemin.referentiels.selectors.scelles import declarer

        declarer()
        fournies_par(certifications_publiees)
