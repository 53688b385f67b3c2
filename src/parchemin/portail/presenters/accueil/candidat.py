"""Le candidat : confirmer la remise de son carnet, passer une épreuve, lire son résultat ; et où en est son dossier."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from django.urls import reverse

from parchemin.carnet import selectors as carnet
from parchemin.convocations import selectors as epreuves
from parchemin.convocations.enums import AVANT_L_EPREUVE
from parchemin.parcours import selectors as parcours
from parchemin.parcours.presenters import STATUTS_ACQUIS, ligne_du_candidat
from parchemin.parcours.selectors import VueBlocAcquis, VueDossier
from parchemin.portail.presenters.accueil.arrivee import Arrivee
from parchemin.socle.acteur import Acteur
from parchemin.socle.composants import Action, AFaire, LigneAFaire
from parchemin.socle.horloge import jour_civil
from parchemin.socle.typographie import anciennete, date_longue


def a_faire(arrivee: Arrivee) -> Iterable[AFaire]:
    """Ses propres dossiers, et rien d'autre."""
    acteur, jour = arrivee.acteur, arrivee.jour
    dossiers = parcours.dossiers_du_candidat(acteur, jour)
    for epreuve in epreuves.epreuves_des_dossiers(acteur, [vue.id for vue in dossiers]) if dossiers else ():
        quand = epreuve.jour
        if epreuve.etat in AVANT_L_EPREUVE and quand >= jour:
            ligne = LigneAFaire(
                quand="aujourd’hui" if quand == jour else date_longue(quand),
                precision=epreuve.heure,
                titre=f"Passer l’épreuve du bloc {epreuve.bloc[1:]}",
                pourquoi=f"{epreuve.lieu}.",
                action=Action("Voir l’épreuve", reverse("evaluation:voir", args=[epreuve.id])),
            )
            yield AFaire(quand, ligne)
        elif epreuve.etat == "suspendue":
            depuis = jour_civil(epreuve.depuis)
            ligne = LigneAFaire(
                quand=anciennete(depuis, jour),
                precision="la main est à : gestionnaire",
                titre=f"Votre épreuve du bloc {epreuve.bloc[1:]} est suspendue",
                pourquoi="Elle n’est ni acquise, ni manquée. Le gestionnaire décide de la suite ; vous n’avez rien à faire.",
                action=Action("Voir l’épreuve", reverse("evaluation:voir", args=[epreuve.id])),
            )
            yield AFaire(depuis, ligne, chez_les_autres=True)
    en_vae = [vue for vue in dossiers if vue.etat == "recevable"]
    parties = parcours.horloges_vae(acteur, en_vae, jour)
    yield from filter(None, (ligne_du_candidat(vue, parties[vue.id], jour) for vue in en_vae))
    acquis = parcours.blocs_acquis(acteur, dossiers)
    for vue in dossiers:
        depuis = jour_civil(vue.depuis)
        if vue.etat in ("second_regard", "evalue"):
            ligne = LigneAFaire(
                quand=anciennete(depuis, jour),
                titre="Lire votre résultat",
                pourquoi="Il est établi, et expliqué critère par critère."
                if vue.etat == "evalue"
                else "Il est établi ; une troisième personne en relit une part, avant le jury.",
                action=Action("Lire le résultat", reverse("evaluation:resultat", args=[vue.id])),
            )
            yield AFaire(depuis, ligne)
        elif vue.ouvert and (le_carnet := carnet.carnet(acteur, vue.id)) and le_carnet.recu_le is None:
            remis = jour_civil(le_carnet.remis_le)
            ligne = LigneAFaire(
                quand=anciennete(remis, jour),
                titre="Confirmer que vous avez reçu votre carnet",
                pourquoi="Il vous est remis au début du parcours : vous y suivez ce qui est attesté.",
                action=Action("Ouvrir mon carnet", reverse("carnet:voir", args=[vue.id])),
            )
            yield AFaire(remis, ligne)
        yield AFaire(depuis, _son_dossier(acteur, vue, acquis.get(vue.id, {}), jour), chez_les_autres=True)


def _son_dossier(acteur: Acteur, vue: VueDossier, acquis: Mapping[str, VueBlocAcquis], jour: date) -> LigneAFaire:
    """Une ligne dit au candidat où en est son dossier, depuis quand, et qui a la main."""
    main = parcours.qui_a_la_main(acteur, vue)
    return LigneAFaire(
        quand=anciennete(jour_civil(vue.depuis), jour),
        precision=f"la main est à : {main.qui}" if main.qui else "",
        titre=f"Votre dossier : {vue.etat_intitule.lower()}",
        pourquoi=" ".join((main.attend, *_deja_acquis(acquis))),
        action=Action("Ouvrir mon dossier", reverse("dossier", args=[vue.id])),
    )


def _deja_acquis(acquis: Mapping[str, VueBlocAcquis]) -> Iterator[str]:
    """« Bloc 1 : obtenu par équivalence. »"""
    return (f"Bloc {code[1:]} : {STATUTS_ACQUIS[une.origine].libelle}." for code, une in acquis.items())
