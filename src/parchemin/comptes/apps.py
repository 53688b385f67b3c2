"""Application Django des comptes."""

from django.apps import AppConfig


class ComptesConfig(AppConfig):
    """Les comptes : personnes, organismes, rôles datés, invitations."""

    name = "parchemin.comptes"
    label = "comptes"
    verbose_name = "Comptes"

    def ready(self) -> None:
        """Écoute ce qu'annonce django-allauth."""
        import parchemin.comptes.abonnements  # noqa: F401 : l'importer, c'est s'abonner
