"""Application Django du carnet de suivi."""

from django.apps import AppConfig


class CarnetConfig(AppConfig):
    """Le carnet de suivi des compétences : remise, attestations du tuteur et du manager."""

    name = "parchemin.carnet"
    label = "carnet"
    verbose_name = "Carnet de suivi"

    def ready(self) -> None:
        """S'abonne aux inscriptions ; déclare les attestations scellées ; dit ce qu'un changement fait d'un carnet, et ce qui empêche de défaire un import."""
        import parchemin.carnet.abonnements  # noqa: F401 : l'importer, c'est s'abonner
        from parchemin.carnet.selectors import declarer_sceaux, dire_un_changement, suites_des_dossiers
        from parchemin.parcours.selectors import SuiteDeChangement, empecher_de_defaire, suivre_changements

        declarer_sceaux()
        suivre_changements("carnet", SuiteDeChangement(dire_un_changement))
        empecher_de_defaire("carnet", suites_des_dossiers)
