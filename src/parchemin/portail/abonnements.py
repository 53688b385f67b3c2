"""Ce qui se dit par courriel quand une capacité annonce quelque chose : des faits, jamais une note ni un résultat.

Chaque nouvelle a une clé tirée du fait : un événement remis deux fois ne se dit qu'une. Qui n'a pas d'adresse n'en reçoit pas ;
ce qui est vieux d'une semaine n'est plus une nouvelle (worker arrêté, histoire rejouée) : « À faire » le dit encore.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.urls import reverse

from parchemin.carnet.evenements import AttestationsRepudiees, CarnetRemis
from parchemin.comptes.selectors import adresses, gestionnaires_de
from parchemin.convocations.enums import SuiteIncident
from parchemin.convocations.evenements import (
    EvaluateurRemplace,
    EvaluateurRetire,
    EvaluateursAffectes,
    IncidentSignale,
    IncidentTranche,
    IndependanceAVerifier,
    RecusationDeposee,
)
from parchemin.convocations.selectors import VueEpreuve, a_verifier, epreuve_par_id, recusations
from parchemin.courriels import services as courriels
from parchemin.courriels.genres import Genre
from parchemin.courriels.messages import Geste, Ligne, Message
from parchemin.evaluation.evenements import EvaluateurRelance, LectureScellee, PapierVerse, SecondRegardDesigne
from parchemin.evaluation.selectors import etat_des_lectures, second_regard
from parchemin.parcours.enums import Qualite
from parchemin.parcours.evenements import DossierPasse, PersonneDesignee
from parchemin.parcours.selectors import dossiers_par_ids
from parchemin.portail.enums import (
    A_REMPLACER,
    AFFECTATION,
    CARNET_REMIS,
    DESIGNATION,
    INCIDENT,
    LECTURE_CLOSE,
    PAPIER,
    RELANCE,
    REPUDIATION,
    RESULTAT,
    SECOND_REGARD,
)
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.annonces import abonne
from parchemin.socle.horloge import jour_civil, maintenant
from parchemin.socle.typographie import date_longue, heure

FRAICHEUR = timedelta(days=7)


@abonne(PersonneDesignee)
def dire_la_designation(evenement: PersonneDesignee) -> None:
    """Le tuteur, le manager : ce que l'on attend d'eux."""
    vue = dossiers_par_ids(SYSTEME, [evenement.dossier]).get(evenement.dossier)
    if vue is None or not vue.ouvert or vue.designe(Qualite(evenement.qualite)) != evenement.personne:
        return
    _prevenir(
        cle=f"{DESIGNATION.code}:{evenement.dossier}:{evenement.qualite}:{evenement.personne}",
        genre=DESIGNATION,
        destinataire=evenement.personne,
        du=evenement.le,
        nouvelle=Ligne(
            f"Vous êtes {Qualite(evenement.qualite).label.lower()} de {vue.candidat_nom}",
            "Vous attesterez, compétence par compétence, ce que vous aurez vu en situation de travail.",
            chemin=reverse("carnet:attester", args=[vue.id]),
        ),
    )


@abonne(CarnetRemis)
def dire_le_carnet(evenement: CarnetRemis) -> None:
    """Le candidat : son carnet est là."""
    vue = dossiers_par_ids(SYSTEME, [evenement.dossier]).get(evenement.dossier)
    if vue is None or not vue.ouvert:
        return
    _prevenir(
        cle=f"{CARNET_REMIS.code}:{evenement.dossier}",
        genre=CARNET_REMIS,
        destinataire=vue.candidat,
        du=evenement.le,
        nouvelle=Ligne(
            "Votre carnet de suivi vous est remis",
            "Vous y suivrez ce que votre tuteur et votre manager attestent. Confirmez que vous l’avez reçu.",
            chemin=reverse("carnet:voir", args=[vue.id]),
        ),
    )


@abonne(AttestationsRepudiees)
def dire_la_repudiation(evenement: AttestationsRepudiees) -> None:
    """Les gestionnaires du dossier : un carnet est gelé, à eux d'éclaircir. Ni le nom ni le motif de qui répudie."""
    vue = dossiers_par_ids(SYSTEME, [evenement.dossier]).get(evenement.dossier)
    if vue is None:
        return
    message = Message(
        objet="Un carnet est gelé : une attestation est répudiée",
        titre=f"Le carnet de {vue.candidat_nom} est gelé",
        paragraphes=(
            "Une personne dit ne pas avoir attesté ce qui porte son nom. Cela ne compte plus ; rien n’est effacé.",
            "Éclaircissez avec elle, puis levez le gel : aucune épreuve ne se planifie d’ici là.",
        ),
        geste=Geste("Éclaircir", reverse("carnet:lever", args=[vue.id])),
    )
    for personne in gestionnaires_de(SYSTEME, vue.organisme, vue.referentiel_code, jour_civil(evenement.le)):
        _ecrire(REPUDIATION, f"{evenement.repudiation}:{personne}", personne, evenement.le, message)


@abonne(EvaluateursAffectes)
def dire_l_affectation(evenement: EvaluateursAffectes) -> None:
    """Les évaluateurs : où et quand ; et à qui n'en est plus, qu'il n'a plus à venir."""
    epreuve = epreuve_par_id(SYSTEME, evenement.epreuve)
    if epreuve.prevue_le < maintenant():
        return  # l'épreuve a eu lieu : il n'y a plus à y venir
    actuels = {evaluateur.personne for evaluateur in epreuve.evaluateurs}
    precedents = {p for p in (evenement.metier_precedent, evenement.certificateur_precedent) if p is not None}
    quand = f"{date_longue(jour_civil(epreuve.prevue_le))} à {heure(epreuve.prevue_le)}"
    quoi = f"{evenement.epreuve}:{{}}:{evenement.le.isoformat()}"
    for personne in ({evenement.metier, evenement.certificateur} - precedents) & actuels:
        _ecrire(AFFECTATION, quoi.format(personne), personne, None, _a_evaluer(epreuve, quand))
    for personne in precedents - actuels:
        _ecrire(AFFECTATION, quoi.format(personne), personne, None, _plus_a_evaluer(quand))


def _a_evaluer(epreuve: VueEpreuve, quand: str) -> Message:
    return Message(
        objet=f"Vous évaluez une épreuve le {quand}",
        titre=f"Vous évaluez {epreuve.dossier.candidat_nom}, bloc {epreuve.bloc[1:]}",
        paragraphes=(
            f"L’épreuve a lieu le {quand}. Lieu : {epreuve.lieu}.",
            "Un empêchement, ou un lien avec le candidat ? Dites-le dès maintenant à votre gestionnaire.",
        ),
        geste=Geste("Voir l’épreuve", reverse("evaluation:voir", args=[epreuve.id])),
    )


def _plus_a_evaluer(quand: str) -> Message:
    return Message(
        objet=f"Vous n’évaluez plus l’épreuve du {quand}",
        titre="Vous n’avez plus à évaluer cette épreuve",
        paragraphes=(f"Une autre personne évaluera l’épreuve du {quand} à votre place. Vous n’avez rien à faire.",),
        geste=Geste("Voir mes épreuves", reverse("convocations:liste")),
    )


@abonne(LectureScellee)
def dire_la_lecture(evenement: LectureScellee) -> None:
    """L'autre évaluateur : qu'une lecture est close, comme le dit déjà la page de l'épreuve ; rien de ce qu'elle contient.

    Quand les deux le sont, chacun apprend qu'il reste à s'accorder ou à confirmer, sans que soit dit sur quoi.
    """
    epreuve = epreuve_par_id(SYSTEME, evenement.epreuve)
    if epreuve.etat == "lectures_scellees":
        for evaluateur in epreuve.evaluateurs:
            _dire_lecture(epreuve, evaluateur.personne, evenement.le, _A_ACCORDER)
    elif epreuve.etat in ("affectee", "en_cours"):
        for lecture in etat_des_lectures(SYSTEME, epreuve):
            if lecture.scellee_le is None:
                _dire_lecture(epreuve, lecture.evaluateur, evenement.le, _LA_VOTRE)


_LA_VOTRE = (
    "une",
    "L’autre évaluateur a clos sa grille",
    "La vôtre reste à clore. Rien de ce qu’il a noté ne se voit d’ici là.",
)
_A_ACCORDER = (
    "deux",
    "Les deux grilles sont closes : il reste à s’accorder",
    "Vous réglerez ensemble ce qui diffère ; si rien ne diffère, chacun confirme d’un geste.",
)


def _dire_lecture(epreuve: VueEpreuve, personne: UUID, du: datetime, mots: tuple[str, str, str]) -> None:
    combien, titre, pourquoi = mots
    _prevenir(
        cle=f"{LECTURE_CLOSE.code}:{combien}:{epreuve.id}:{personne}",
        genre=LECTURE_CLOSE,
        destinataire=personne,
        du=du,
        nouvelle=Ligne(titre, pourquoi, chemin=reverse("evaluation:voir", args=[epreuve.id])),
    )


_TARDE = {
    "lecture_tardive": (
        "Votre lecture reste à sceller",
        "Scellez votre grille : l’autre évaluateur et le candidat l’attendent.",
    ),
    "accord_tardif": ("Un accord reste à trouver", "Réglez ensemble ce qui diffère, ou laissez-le au jury."),
    "confirmation_tardive": ("Un résultat reste à confirmer", "Les deux lectures concordent : confirmez d’un geste."),
}


@abonne(EvaluateurRelance)
def dire_la_relance(evenement: EvaluateurRelance) -> None:
    """L'évaluateur en retard : ce qu'on attend de lui ; rien de ce que disent les lectures."""
    epreuve = epreuve_par_id(SYSTEME, evenement.epreuve)
    titre, quoi = _TARDE[evenement.acte]
    _ecrire(
        RELANCE,
        f"{evenement.epreuve}:{evenement.evaluateur}:{jour_civil(evenement.le).isoformat()}",
        evenement.evaluateur,
        evenement.le,
        Message(
            objet=titre,
            titre=f"{titre} : {epreuve.dossier.candidat_nom}, bloc {epreuve.bloc[1:]}",
            paragraphes=(quoi, "Un empêchement ? Dites-le à votre gestionnaire : il peut vous remplacer."),
            geste=Geste("Voir l’épreuve", reverse("evaluation:voir", args=[epreuve.id])),
        ),
    )


@abonne(EvaluateurRemplace)
def dire_le_remplacement(evenement: EvaluateurRemplace) -> None:
    """Celui qui prend la suite : ce qu'il a à lire ; celui qui ne l'a plus : qu'il n'a plus rien à faire."""
    epreuve = epreuve_par_id(SYSTEME, evenement.epreuve)
    suite = Message(
        objet="Vous prenez la suite d’un évaluateur",
        titre=f"Vous prenez la suite d’un évaluateur : {epreuve.dossier.candidat_nom}, bloc {epreuve.bloc[1:]}",
        paragraphes=(
            "L’épreuve a commencé : lisez ce qui peut encore être jugé.",
            "Ce que vous ne pouvez pas observer, dites-le « non observé » ; le jury en décidera.",
        ),
        geste=Geste("Voir l’épreuve", reverse("evaluation:voir", args=[epreuve.id])),
    )
    quand = f"{date_longue(jour_civil(epreuve.prevue_le))} à {heure(epreuve.prevue_le)}"
    for personne, message in ((evenement.personne, suite), (evenement.precedent, _plus_a_evaluer(quand))):
        _ecrire(
            AFFECTATION, f"{evenement.epreuve}:{personne}:{evenement.le.isoformat()}", personne, evenement.le, message
        )


@abonne(IndependanceAVerifier)
def dire_l_independance(evenement: IndependanceAVerifier) -> None:
    """Le gestionnaire : un évaluateur en place ne peut plus évaluer. Ni son nom ni ce qui l'écarte ne s'écrivent."""
    epreuve = epreuve_par_id(SYSTEME, evenement.epreuve)
    signales = a_verifier(SYSTEME, [epreuve.id]).get(epreuve.id, ())
    if evenement.evaluateur not in {signale.evaluateur for signale in signales}:
        return  # remplacé, ou de nouveau admissible, avant que la nouvelle ne parte
    _dire_au_gestionnaire(
        epreuve,
        f"a_verifier:{evenement.evaluateur}:{evenement.le.isoformat()}",
        evenement.le,
        Message(
            objet="Un évaluateur est à remplacer",
            titre=f"Un évaluateur ne peut plus évaluer {epreuve.dossier.candidat_nom}, bloc {epreuve.bloc[1:]}",
            paragraphes=(
                "Un fait nouveau l’écarte. Il ne peut plus ni ouvrir la grille, ni la sceller.",
                "La page de l’épreuve dit pourquoi ; choisissez quelqu’un d’autre, ou corrigez ce qui aurait été saisi à tort.",
            ),
            geste=Geste("Vérifier", reverse("evaluation:voir", args=[epreuve.id])),
        ),
    )


@abonne(EvaluateurRetire)
def dire_le_retrait(evenement: EvaluateurRetire) -> None:
    """Le gestionnaire : il manque un évaluateur ; celui qu'une récusation retire : qu'il n'a plus à venir."""
    epreuve = epreuve_par_id(SYSTEME, evenement.epreuve)
    if epreuve.qualite_de(evenement.evaluateur) is not None:
        return
    cle = f"retire:{evenement.evaluateur}:{evenement.le.isoformat()}"
    quand = f"{date_longue(jour_civil(epreuve.prevue_le))} à {heure(epreuve.prevue_le)}"
    if any(r.evaluateur == evenement.evaluateur and r.etat == "accueillie" for r in recusations(SYSTEME, [epreuve.id])):
        _ecrire(AFFECTATION, f"{epreuve.id}:{cle}", evenement.evaluateur, evenement.le, _plus_a_evaluer(quand))
    if epreuve.etat == "a_planifier":
        _dire_au_gestionnaire(
            epreuve,
            cle,
            evenement.le,
            Message(
                objet="Il manque un évaluateur à une épreuve",
                titre=f"Il manque un évaluateur à {epreuve.dossier.candidat_nom}, bloc {epreuve.bloc[1:]}",
                paragraphes=(
                    f"L’épreuve est prévue le {quand}. Un évaluateur n’en est plus : choisissez son remplaçant.",
                ),
                geste=Geste("Affecter", reverse("convocations:affecter", args=[epreuve.id])),
            ),
        )


@abonne(RecusationDeposee)
def dire_la_recusation(evenement: RecusationDeposee) -> None:
    """Le gestionnaire : une récusation attend sa réponse. Ni qui est récusé, ni le motif ne s'écrivent."""
    epreuve = epreuve_par_id(SYSTEME, evenement.epreuve)
    deposees = {r.id: r.evaluateur for r in recusations(SYSTEME, [epreuve.id]) if r.etat == "deposee"}
    if evenement.recusation in deposees:
        _dire_au_gestionnaire(
            epreuve,
            f"recusation:{evenement.recusation}",
            evenement.le,
            Message(
                objet="Une récusation attend votre réponse",
                titre=f"{epreuve.dossier.candidat_nom} récuse un évaluateur, bloc {epreuve.bloc[1:]}",
                paragraphes=("L’épreuve ne s’ouvre pas sans votre réponse.",),
                geste=Geste("Répondre", reverse("convocations:trancher", args=[epreuve.id, evenement.recusation])),
            ),
            sauf=deposees[evenement.recusation],
        )


def _dire_au_gestionnaire(
    epreuve: VueEpreuve, cle: str, du: datetime, message: Message, sauf: UUID | None = None
) -> None:
    """Écrit à chaque gestionnaire de l'organisme du candidat ; ni au candidat ni à `sauf` : nul n'agit dans sa propre cause."""
    dossier = epreuve.dossier
    for gestionnaire in gestionnaires_de(SYSTEME, dossier.organisme, dossier.referentiel_code, jour_civil(du)):
        if gestionnaire in (dossier.candidat, sauf):
            continue
        _ecrire(A_REMPLACER, f"{epreuve.id}:{cle}:{gestionnaire}", gestionnaire, du, message)


RESULTAT_CONNU = ("second_regard", "evalue")
"""Tous les blocs ont leur résultat ; un second regard peut encore être attendu."""


@abonne(IncidentSignale)
def dire_l_incident(evenement: IncidentSignale) -> None:
    """Le gestionnaire, le candidat, les évaluateurs : l'épreuve est suspendue. Ni le genre ni le motif ne s'écrivent.

    Un second incident sur la même suspension ne se redit pas.
    """
    epreuve = epreuve_par_id(SYSTEME, evenement.epreuve)
    if epreuve.etat != "suspendue":
        return
    organisme, certification = epreuve.dossier.organisme, epreuve.dossier.referentiel_code
    gestionnaires = gestionnaires_de(SYSTEME, organisme, certification, jour_civil(evenement.le))
    bloc, depuis = epreuve.bloc[1:], epreuve.depuis.isoformat()
    messages = {
        epreuve.dossier.candidat: _avis(
            f"Votre épreuve du bloc {bloc} est suspendue",
            "Elle n’est ni acquise, ni manquée. Le gestionnaire décide de la suite ; vous n’avez rien à faire.",
            reverse("evaluation:voir", args=[epreuve.id]),
        ),
        **{
            evaluateur.personne: _avis(
                "Une épreuve que vous évaluez est suspendue",
                "Tout ce que vous avez noté est gardé. Le gestionnaire décide de la suite.",
                reverse("evaluation:voir", args=[epreuve.id]),
            )
            for evaluateur in epreuve.evaluateurs
        },
        **{
            gestionnaire: _avis(
                "Une épreuve est suspendue : décidez de la suite",
                "Un incident est signalé. Reprendre, replanifier ou clore : rien ne se scelle avant votre décision.",
                reverse("convocations:suite", args=[epreuve.id]),
            )
            for gestionnaire in gestionnaires
        },
    }
    for personne, message in messages.items():
        _ecrire(INCIDENT, f"{epreuve.id}:{depuis}:{personne}", personne, evenement.le, message)


_SUITE_DITE = {
    SuiteIncident.REPRENDRE: ("L’épreuve suspendue reprend", "Elle continue sur la même grille."),
    SuiteIncident.REPLANIFIER: ("L’épreuve suspendue est replanifiée", "La page dit la nouvelle date."),
    SuiteIncident.CLORE: (
        "L’épreuve suspendue est close",
        "Le bloc n’est pas évalué : ni acquis, ni non acquis. Une autre épreuve peut se planifier.",
    ),
}


@abonne(IncidentTranche)
def dire_la_suite(evenement: IncidentTranche) -> None:
    """Le candidat et les évaluateurs : ce que devient l'épreuve suspendue."""
    epreuve = epreuve_par_id(SYSTEME, evenement.epreuve)
    titre, pourquoi = _SUITE_DITE[SuiteIncident(evenement.suite)]
    suivie = evenement.epreuve_suivante or evenement.epreuve
    for personne in (epreuve.dossier.candidat, *(e.personne for e in epreuve.evaluateurs)):
        lisible = suivie if personne == epreuve.dossier.candidat else evenement.epreuve
        avis = _avis(titre, pourquoi, reverse("evaluation:voir", args=[lisible]))
        _ecrire(INCIDENT, f"suite:{epreuve.id}:{evenement.le.isoformat()}:{personne}", personne, evenement.le, avis)


def _avis(titre: str, pourquoi: str, chemin: str) -> Message:
    return Message(objet=titre, titre=titre, paragraphes=(pourquoi,), geste=Geste("Voir l’épreuve", chemin))


@abonne(PapierVerse)
def dire_le_papier(evenement: PapierVerse) -> None:
    """L'évaluateur dont la grille papier est ressaisie : à lui de la relire et de la sceller."""
    epreuve = epreuve_par_id(SYSTEME, evenement.epreuve)
    if epreuve.qualite_de(evenement.evaluateur) is None or epreuve.etat not in ("affectee", "en_cours", "suspendue"):
        return
    _prevenir(
        cle=f"{PAPIER.code}:{epreuve.id}:{evenement.evaluateur}:{evenement.le.isoformat()}",
        genre=PAPIER,
        destinataire=evenement.evaluateur,
        du=evenement.le,
        nouvelle=Ligne(
            "Votre grille papier est ressaisie : relisez-la",
            "Deux personnes l’ont recopiée. Elle n’est votre lecture qu’une fois scellée par vous.",
            chemin=reverse("evaluation:grille", args=[epreuve.id]),
        ),
    )


@abonne(DossierPasse)
def dire_le_resultat(evenement: DossierPasse) -> None:
    """Le candidat : son résultat est établi. Le courriel ne dit pas lequel."""
    vue = dossiers_par_ids(SYSTEME, [evenement.dossier]).get(evenement.dossier)
    if vue is None or evenement.etat not in RESULTAT_CONNU or vue.etat not in RESULTAT_CONNU:
        return
    _prevenir(
        cle=f"{RESULTAT.code}:{vue.id}",
        genre=RESULTAT,
        destinataire=vue.candidat,
        du=vue.depuis,
        nouvelle=Ligne(
            "Votre résultat est établi",
            "Il est expliqué critère par critère. Le jury décidera ensuite.",
            chemin=reverse("evaluation:resultat", args=[vue.id]),
        ),
    )


@abonne(SecondRegardDesigne)
def dire_le_second_regard(evenement: SecondRegardDesigne) -> None:
    """La personne choisie : ce qu'on lui confie, et jusqu'à quand ; et à qui ne l'est plus, qu'il n'a plus à lire."""
    vue = second_regard(SYSTEME, evenement.epreuve)
    if vue is None:
        return
    dossier = dossiers_par_ids(SYSTEME, [evenement.dossier])[evenement.dossier]
    jour = f"d’ici au {date_longue(vue.echeance)}" if vue.echeance else "dès que possible"
    quoi = f"{evenement.epreuve}:{{}}:{evenement.le.isoformat()}"
    if vue.etat == "designe" and vue.personne == evenement.personne:
        confie = Message(
            objet="Un second regard vous est confié",
            titre=f"Un second regard vous est confié : {dossier.candidat_nom}, bloc {vue.bloc[1:]}",
            paragraphes=(
                f"Deux lectures scellées et leur résultat sont à relire ; votre avis motivé est attendu {jour}.",
                "Un empêchement, ou un lien avec le candidat ? La page vous permet de le dire aussitôt.",
            ),
            geste=Geste("Lire", reverse("evaluation:second_regard", args=[evenement.epreuve])),
        )
        _ecrire(SECOND_REGARD, quoi.format(evenement.personne), evenement.personne, evenement.le, confie)
    if evenement.precedent is not None and vue.personne != evenement.precedent:
        retire = Message(
            objet="Un second regard ne vous est plus confié",
            titre="Vous n’avez plus ce second regard à rendre",
            paragraphes=("Une autre personne le rendra à votre place. Vous n’avez rien à faire.",),
        )
        _ecrire(SECOND_REGARD, quoi.format(evenement.precedent), evenement.precedent, evenement.le, retire)


def _prevenir(*, cle: str, genre: Genre, destinataire: UUID, du: datetime, nouvelle: Ligne) -> None:
    instant = maintenant()
    adresse = adresses(SYSTEME, [destinataire]).get(destinataire)
    if adresse is None or instant - du > FRAICHEUR:
        return
    courriels.prevenir(
        cle=cle,
        genre=genre,
        destinataire=destinataire,
        adresse=adresse,
        nouvelle=nouvelle,
        auteur=SYSTEME,
        maintenant=instant,
    )


def _ecrire(genre: Genre, cle: str, personne: UUID, du: datetime | None, message: Message) -> None:
    """Dépose un courriel obligatoire, si la personne a une adresse et si la nouvelle vaut encore d'être lue.

    `du` : l'instant de la nouvelle, qui se périme ; `None` : elle vaut tant que l'appelant la dit.
    """
    instant = maintenant()
    adresse = adresses(SYSTEME, [personne]).get(personne)
    if adresse is None or (du is not None and instant - du > FRAICHEUR):
        return
    courriels.envoyer(
        cle=f"{genre.code}:{cle}",
        genre=genre,
        destinataire=personne,
        adresse=adresse,
        message=message,
        auteur=SYSTEME,
        maintenant=instant,
    )
