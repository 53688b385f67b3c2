"""« À faire » : le plus urgent d'abord, avec la date et la raison ; puis ce qui tarde chez les autres."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.urls import reverse

from parchemin.carnet import selectors as carnet
from parchemin.carnet.selectors import Avancement
from parchemin.comptes.enums import EVALUATEURS
from parchemin.comptes.selectors import Droits, nom
from parchemin.convocations import presenters as convocations
from parchemin.convocations import selectors as epreuves
from parchemin.evaluation import presenters as evaluation
from parchemin.evaluation.selectors import lectures_closes
from parchemin.parcours import selectors as parcours
from parchemin.parcours.enums import Qualite
from parchemin.parcours.selectors import VueDossier
from parchemin.socle.acteur import Acteur
from parchemin.socle.composants import ATTESTATIONS, Action, AFaire, LigneAFaire, RangeePoints, Vide
from parchemin.socle.horloge import jour_civil
from parchemin.socle.typographie import anciennete, date_longue, heure, pluriel

DOSSIERS_MAX = 200
"""Au-delà, un accueil ne se lit plus : les plus anciens d'abord, les autres sont dans la liste des candidats."""

EN_RETARD = timedelta(days=14)
"""Un carnet où rien ne s'est écrit depuis plus longtemps se montre en retard : un repère d'accueil, pas une règle."""


@dataclass(frozen=True, slots=True)
class PageAccueil:
    """L'accueil d'une personne."""

    jour: str
    salut: str
    miennes: tuple[LigneAFaire, ...]
    autres: tuple[LigneAFaire, ...]
    vide: Vide | None


def page_accueil(acteur: Acteur, droits: Droits, maintenant: datetime) -> PageAccueil:
    """L'accueil de cette personne, tous ses rôles réunis."""
    jour = jour_civil(maintenant)
    toutes = sorted(_tout(acteur, droits, jour), key=lambda une: (une.echeance, une.ligne.titre))
    miennes = [une.ligne for une in toutes if not une.chez_les_autres]
    if miennes:
        miennes[0] = replace(miennes[0], premiere=True, action=_principale(miennes[0].action))
    prenom = nom(acteur, acteur.id).partition(" ")[0]
    suite = {0: "Rien ne vous attend.", 1: "Une chose à faire."}.get(len(miennes), "Une chose d’abord.")
    return PageAccueil(
        jour=date_longue(jour).capitalize(),
        salut=f"Bonjour {prenom}. {suite}",
        miennes=tuple(miennes),
        autres=tuple(une.ligne for une in toutes if une.chez_les_autres),
        vide=None
        if miennes
        else Vide("Tout est à jour", "Ce qui vous attendra apparaîtra ici, le plus urgent d’abord, avec sa raison."),
    )


def _principale(action: Action | None) -> Action | None:
    return replace(action, principale=True) if action else None


def _tout(acteur: Acteur, droits: Droits, jour: date) -> Iterable[AFaire]:
    dossiers = parcours.dossiers_ouverts(acteur, jour, DOSSIERS_MAX)
    avancements = carnet.avancements(acteur, [vue.id for vue in dossiers])
    yield from _candidat(acteur, jour)
    yield from _attestations(acteur, dossiers, avancements, jour)
    if any(droits.a(nature) for nature in EVALUATEURS):
        miennes = epreuves.vues(acteur, epreuves.epreuves_de_l_evaluateur(acteur))
        yield from evaluation.a_faire(miennes, lectures_closes(acteur, [vue.id for vue in miennes]), jour)
    if droits.est_gestionnaire:
        yield from _gestion(acteur, dossiers, avancements, jour)


def _candidat(acteur: Acteur, jour: date) -> Iterable[AFaire]:
    """Le candidat : confirmer la remise de son carnet, passer une épreuve, lire son résultat ; et où en est son dossier."""
    dossiers = parcours.dossiers_du_candidat(acteur, jour)
    for epreuve in epreuves.epreuves_des_dossiers(acteur, [vue.id for vue in dossiers]) if dossiers else ():
        quand = jour_civil(epreuve.prevue_le)
        if epreuve.etat in ("a_planifier", "affectee") and quand >= jour:
            ligne = LigneAFaire(
                quand="aujourd’hui" if quand == jour else date_longue(quand),
                precision=heure(epreuve.prevue_le),
                titre=f"Passer l’épreuve du bloc {epreuve.bloc[1:]}",
                pourquoi=f"{epreuve.lieu}.",
                action=Action("Voir l’épreuve", reverse("evaluation:voir", args=[epreuve.id])),
            )
            yield AFaire(quand, ligne)
    for vue in dossiers:
        depuis = jour_civil(vue.depuis)
        if vue.etat == "evalue":
            ligne = LigneAFaire(
                quand=anciennete(depuis, jour),
                titre="Lire votre résultat",
                pourquoi="Il est établi, et expliqué critère par critère.",
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
        yield AFaire(depuis, _son_dossier(acteur, vue, jour), chez_les_autres=True)


def _son_dossier(acteur: Acteur, vue: VueDossier, jour: date) -> LigneAFaire:
    """Une ligne dit au candidat où en est son dossier, depuis quand, et qui a la main."""
    main = parcours.qui_a_la_main(acteur, vue)
    return LigneAFaire(
        quand=anciennete(jour_civil(vue.depuis), jour),
        precision=f"la main est à : {main.qui}" if main.qui else "",
        titre=f"Votre dossier : {vue.etat_intitule.lower()}",
        pourquoi=main.attend,
        action=Action("Ouvrir mon dossier", reverse("dossier", args=[vue.id])),
    )


def _attestations(
    acteur: Acteur, dossiers: Iterable[VueDossier], avancements: Mapping[UUID, Avancement], jour: date
) -> Iterable[AFaire]:
    """Le tuteur, le manager : les compétences qu'ils n'ont pas encore attestées."""
    for vue in dossiers:
        for qualite in Qualite:
            avancement = avancements.get(vue.id)
            if vue.designe(qualite) != acteur.id or avancement is None or vue.etat != "en_parcours":
                continue
            if attendues := avancement.attendues(qualite):
                depuis = jour_civil(vue.depuis)
                ligne = LigneAFaire(
                    quand=anciennete(depuis, jour),
                    titre=f"Attester le carnet de {vue.candidat_nom}",
                    pourquoi=f"{pluriel(attendues, 'compétence')} sur {avancement.lignes} à attester, en tant que "
                    f"{qualite.label.lower()}.",
                    points=_points(avancement, qualite),
                    action=Action("Attester", reverse("carnet:attester", args=[vue.id])),
                )
                yield AFaire(depuis, ligne)


def _gestion(
    acteur: Acteur, dossiers: Iterable[VueDossier], avancements: Mapping[UUID, Avancement], jour: date
) -> Iterable[AFaire]:
    """Le gestionnaire : nommer, planifier, affecter ; et ce qui tarde chez les autres."""
    dossiers = tuple(dossiers)
    toutes = epreuves.epreuves_des_dossiers(acteur, [vue.id for vue in dossiers])
    planifiees = {(vue.dossier.id, vue.bloc) for vue in toutes}
    for vue in dossiers:
        depuis = jour_civil(vue.depuis)
        avancement = avancements.get(vue.id)
        lien = reverse("dossier", args=[vue.id])
        if vue.etat == "inscrit":
            ligne = LigneAFaire(
                quand=anciennete(depuis, jour),
                titre=f"Nommer le tuteur et le manager de {vue.candidat_nom}",
                pourquoi="Le parcours s’ouvrira aussitôt, et le carnet pourra s’attester.",
                action=Action("Nommer", reverse("parcours:designer", args=[vue.id])),
            )
            yield AFaire(depuis, ligne)
        elif avancement is not None and avancement.complet:
            restants = [bloc for bloc in vue.blocs if (vue.id, bloc) not in planifiees]
            if restants:
                if vue.etat == "en_parcours" and avancement.derniere is not None:
                    depuis = jour_civil(avancement.derniere)  # le carnet est complet depuis ce jour-là
                ligne = LigneAFaire(
                    quand=anciennete(depuis, jour),
                    titre=f"Planifier {'l’épreuve' if len(restants) == 1 else 'les épreuves'} de {vue.candidat_nom}",
                    pourquoi=f"Son carnet est complet ; il reste à planifier {_blocs(restants)}.",
                    action=Action("Ouvrir le dossier", lien),
                )
                yield AFaire(depuis, ligne)
        elif avancement is not None and vue.etat == "en_parcours":
            depuis = max(depuis, jour_civil(avancement.derniere)) if avancement.derniere else depuis
            ligne = LigneAFaire(
                quand=anciennete(depuis, jour),
                en_retard=jour - depuis > EN_RETARD,
                precision=f"{vue.tuteur_nom}, {vue.manager_nom}",
                titre=f"Attestations attendues pour {vue.candidat_nom}",
                pourquoi=f"{pluriel(avancement.completes, 'compétence')} sur {avancement.lignes} attestées par les deux.",
                points=_points(avancement),
                action=Action("Voir le carnet", reverse("carnet:voir", args=[vue.id])),
            )
            yield AFaire(depuis, ligne, chez_les_autres=True)
    yield from convocations.a_faire(toutes, jour)


def _blocs(codes: list[str]) -> str:
    numeros = [code[1:] for code in codes]
    if len(numeros) == 1:
        return f"le bloc {numeros[0]}"
    return f"les blocs {', '.join(numeros[:-1])} et {numeros[-1]}"


def _points(avancement: Avancement, qualite: Qualite | None = None) -> RangeePoints:
    """La rangée des compétences attestées, en une qualité ou par les deux."""
    if qualite is None:
        oui, non = avancement.completes, avancement.refusees
    else:
        valeurs = avancement.tuteur if qualite == Qualite.TUTEUR else avancement.manager
        oui, non = valeurs.count(True), valeurs.count(False)
    return RangeePoints(oui, non, avancement.lignes - oui - non, None, ATTESTATIONS)
