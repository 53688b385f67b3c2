"""Application Django des convocations."""

from django.apps import AppConfig


class ConvocationsConfig(AppConfig):
    """Les épreuves d'un dossier et leurs deux évaluateurs."""

    name = "parchemin.convocations"
    label = "convocations"
    verbose_name = "Convocations"

    def ready(self) -> None:
        """S'abonne aux liens et aux désignations ; dit au carnet qui sont les évaluateurs d'un dossier."""
        import parchemin.convocations.abonnements  # noqa: F401 : l'importer, c'est s'abonner
        from parchemin.carnet.selectors import montrer_a
        from parchemin.comptes.selectors import SuiteDeFusion, confier_les_taches, deduire_les_liens, suivre_fusions
        from parchemin.convocations.sceaux import declarer
        from parchemin.convocations.selectors import (
            blocs_juges,
            dire_un_changement,
            effets_du_bloc_acquis,
            evalue,
            liens_deduits,
            obstacles_a_la_fusion,
            obstacles_au_bloc_acquis,
            suites_des_dossiers,
            taches_laissees,
        )
        from parchemin.convocations.services import annuler_pour_un_bloc_acquis, suivre_la_fusion
        from parchemin.parcours.selectors import (
            SuiteDeBloc,
            SuiteDeChangement,
            empecher_de_defaire,
            suivre_changements,
            suivre_les_blocs_acquis,
        )

        declarer()
        montrer_a("evaluateurs", evalue)
        confier_les_taches("convocations", taches_laissees)
        deduire_les_liens("convocations", liens_deduits)
        suivre_changements("convocations", SuiteDeChangement(dire_un_changement, blocs_juges))
        suivre_les_blocs_acquis(
            "convocations",
            SuiteDeBloc(obstacles_au_bloc_acquis, effets_du_bloc_acquis, annuler_pour_un_bloc_acquis),
        )
        suivre_fusions("convocations", SuiteDeFusion(obstacles_a_la_fusion, appliquer=suivre_la_fusion))
        empecher_de_defaire("convocations", suites_des_dossiers)
