"""Application Django du portail."""

from django.apps import AppConfig


class PortailConfig(AppConfig):
    """Le portail : accueil par rôle, adresses, pages d'erreur. Il compose, il ne décide rien."""

    name = "parchemin.portail"
    label = "portail"
    verbose_name = "Portail"

    def ready(self) -> None:
        """Abonne les courriels aux nouvelles des autres capacités."""
        import parchemin.portail.abonnements  # noqa: F401 : l'importer, c'est s'abonner
