"""Attester sans compte : un lien nominatif envoyé à l'adresse professionnelle, un code à six chiffres, et l'on atteste.

Le lien seul n'ouvre rien. Sa lecture ne consomme rien (les messageries ouvrent les liens) : c'est un envoi qui fait partir
le code, à l'adresse de la personne désignée et à nulle autre. Transféré, le lien ne sert donc qu'à écrire à sa vraie
destinataire. Un code vaut un quart d'heure, une fois, cinq essais ; un lien en fait partir cinq au plus.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.core.cache import cache
from django.urls import reverse
from django.utils.crypto import salted_hmac

from parchemin.carnet.enums import COURRIEL_DE_CODE, COURRIEL_DE_LIEN, Action, Fermeture
from parchemin.carnet.models import Carnet, LienAttestation
from parchemin.carnet.permissions import verifier_peut_demander, verifier_tient_encore
from parchemin.carnet.selectors import VueCarnet
from parchemin.carnet.selectors import carnet as lire_carnet
from parchemin.carnet.services.avis import jeton_neuf
from parchemin.carnet.services.carnets import Dire, attester, carnet_verrouille, dossier_connu, verifier_ouvert
from parchemin.comptes.selectors import adresses, droits, empreinte_jeton, noms
from parchemin.comptes.services import chaine_organisme
from parchemin.courriels import services as courriels
from parchemin.courriels.messages import Geste, Message
from parchemin.parcours.enums import Qualite
from parchemin.parcours.selectors import VueDossier, dossier_tenu
from parchemin.referentiels.selectors import reglement_en_vigueur, version_d_empreinte
from parchemin.registre.services import acte
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.horloge import fin_du_jour, jour_civil
from parchemin.socle.refus import Introuvable, Refus
from parchemin.socle.typographie import date_longue, de, pluriel

technique = structlog.get_logger("parchemin.acces")

VALIDITE_PAR_DEFAUT = 14
"""Jours que vaut un lien, quand le règlement est plus ancien que ce réglage."""
VALIDITE_CODE = timedelta(minutes=15)
CODES_MAX = 5
ESSAIS_MAX = 5
ENTRE_DEUX_CODES = timedelta(seconds=45)
TRANCHE_DE_REJET = 300
"""Secondes : le même lien rejeté pour la même raison ne s'inscrit qu'une fois par tranche."""


# Envoyer un lien ------------------------------------------------------------------------------------------------------


def demander_attestations(
    *,
    dossier: UUID,
    qualites: Collection[Qualite],
    competences: Sequence[str],
    auteur: Acteur,
    maintenant: datetime,
) -> tuple[Qualite, ...]:
    """Envoie à chacune de ces qualités un lien pour attester ces compétences ; rend celles à qui un lien est parti.

    Ce que la qualité a déjà dit maîtrisé n'est pas redemandé ; sans rien à demander, rien ne part. Un lien plus ancien est
    remplacé, et ce qu'il demandait encore est repris. Au plus un lien par jour et par qualité.
    Lève `RefusDroit("demande_reservee")`, et `Refus` : `rien_a_attester`, `qualite_vacante`, `competence_inconnue`,
    `dossier_clos`, `adresse_absente`, `meme_identite`, `demande_du_jour`.
    """
    vue = dossier_connu(auteur, dossier)
    verifier_peut_demander(auteur, droits(auteur, jour_civil(maintenant)), vue)
    if not competences or not qualites:
        raise Refus("rien_a_attester", "Choisissez au moins une compétence, et à qui la demander.")
    parties: list[Qualite] = []
    with acte(auteur=auteur, maintenant=maintenant, action=Action.LIEN_EMIS) as journal:
        vue = dossier_tenu(auteur, dossier)
        carnet = carnet_verrouille(dossier)
        deja: list[Refus] = []
        for qualite in Qualite:
            if qualite not in qualites:
                continue
            try:
                if _envoyer_un_lien(vue, carnet, qualite, competences, auteur, maintenant):
                    parties.append(qualite)
            except Refus as refus:
                if refus.code != "demande_du_jour":
                    raise
                deja.append(refus)
        if deja and not parties:
            raise deja[0]
        journal.rien_a_inscrire()  # chaque lien a son entrée
    return tuple(parties)


def _envoyer_un_lien(
    vue: VueDossier,
    carnet: Carnet,
    qualite: Qualite,
    competences: Sequence[str],
    auteur: Acteur,
    maintenant: datetime,
) -> bool:
    verifier_ouvert(vue)
    personne = vue.designe(qualite)
    if personne is None:
        raise Refus("qualite_vacante", f"Personne n'est encore désigné comme {qualite.label.lower()} de ce dossier.")
    adresse = _adresse_propre(vue, qualite, personne)
    lu = _lire(auteur, vue.id)
    inconnues = set(competences) - {ligne.competence for ligne in lu.lignes}
    if inconnues:
        raise Refus(
            "competence_inconnue", "Ces compétences ne sont pas dans ce carnet.", details=tuple(sorted(inconnues))
        )
    ancien = LienAttestation.objects.select_for_update().filter(carnet=carnet, qualite=qualite, ferme_le=None).first()
    voulues = {*competences, *(ancien.competences if ancien and ancien.personne_id == personne else ())}
    reste = [ligne.competence for ligne in lu.lignes if ligne.competence in voulues and ligne.attend(qualite, vue)]
    if not reste:
        return False
    if ancien is not None and _encore_bon_aujourd_hui(ancien, personne, maintenant):
        raise Refus(
            "demande_du_jour",
            f"Un lien est déjà parti aujourd'hui à {_nom(personne)}, et vaut encore : il lui suffit de l'ouvrir. "
            "Vous pourrez redemander demain.",
            conserve="Rien n'est perdu : ce qui a été demandé attend.",
        )
    if ancien is not None:
        _fermer(ancien, Fermeture.REMPLACE, maintenant)
        courriels.annuler(cle=_cle(ancien.pk), auteur=auteur, maintenant=maintenant)
    lien, jeton = _creer(vue, carnet, qualite, personne, reste, auteur, maintenant)
    courriels.envoyer(
        cle=_cle(lien.pk),
        genre=COURRIEL_DE_LIEN,
        destinataire=personne,
        adresse=adresse,
        message=_message_du_lien(vue, qualite, lien, jeton, nomme=auteur.est_systeme),
        auteur=auteur,
        maintenant=maintenant,
        secret=True,
        perime_le=lien.expire,
    )
    return True


def _creer(
    vue: VueDossier,
    carnet: Carnet,
    qualite: Qualite,
    personne: UUID,
    competences: Sequence[str],
    auteur: Acteur,
    maintenant: datetime,
) -> tuple[LienAttestation, str]:
    version = version_d_empreinte(auteur, vue.norme_empreinte)
    jour = jour_civil(maintenant)
    jours = reglement_en_vigueur(auteur, version, jour).valeur("carnet_lien_jours", VALIDITE_PAR_DEFAUT)
    jeton = jeton_neuf()
    with acte(auteur=auteur, maintenant=maintenant, action=Action.LIEN_EMIS) as journal:
        lien = LienAttestation.objects.create(
            empreinte=empreinte_jeton(jeton),
            carnet=carnet,
            qualite=qualite,
            personne_id=personne,
            competences=list(competences),
            demande_par=auteur.id,
            emis_le=maintenant,
            expire=fin_du_jour(jour + timedelta(days=jours)),
        )
        journal.inscrire(
            objet=("lien d'attestation", lien.pk),
            donnees={
                "dossier": vue.id,
                "qualite": qualite,
                "personne": personne,
                "competences": list(competences),
                "expire": lien.expire,
            },
            chaine=chaine_organisme(vue.organisme),
        )
    return lien, jeton


def _message_du_lien(vue: VueDossier, qualite: Qualite, lien: LienAttestation, jeton: str, *, nomme: bool) -> Message:
    """`nomme` : personne ne l'a demandé, c'est le rappel du matin ; il dit d'abord pourquoi cette personne le reçoit."""
    combien = pluriel(len(lien.competences), "compétence")
    pourquoi = (
        f"{_nom(lien.personne_id)}, vous êtes {qualite.label.lower()} {de(vue.candidat_nom)} ({vue.organisme_nom}) : "
        "attestez ce que vous avez vu en situation de travail, le reste peut attendre."
    )
    return Message(
        objet=f"{combien} à attester pour {vue.candidat_nom}",
        titre=f"{combien} à attester pour {vue.candidat_nom}",
        paragraphes=(
            *((pourquoi,) if nomme else ()),
            f"En tant que {qualite.label.lower()}, moins d’une minute, sans compte : un code vous sera envoyé.",
        ),
        geste=Geste("Attester", reverse("carnet:lien", args=[jeton])),
        apres=(f"Ce lien est nominatif et vaut jusqu’au {date_longue(jour_civil(lien.expire))}.",),
    )


def _encore_bon_aujourd_hui(ancien: LienAttestation, personne: UUID, maintenant: datetime) -> bool:
    return (
        ancien.personne_id == personne
        and ancien.expire > maintenant
        and jour_civil(ancien.emis_le) == jour_civil(maintenant)
    )


def _adresse_propre(vue: VueDossier, qualite: Qualite, personne: UUID) -> str:
    """L'adresse où écrire à cette personne, à condition que ni l'autre attestant ni le candidat ne la lise aussi."""
    autre = vue.designe(qualite.autre)
    trouvees = adresses(SYSTEME, [p for p in (personne, autre, vue.candidat) if p is not None])
    adresse = trouvees.pop(personne, "")
    if not adresse:
        raise Refus(
            "adresse_absente",
            f"{_nom(personne)} n'a pas d'adresse professionnelle connue : complétez sa fiche, puis recommencez.",
        )
    if adresse.strip().lower() in {une.strip().lower() for une in trouvees.values()}:
        raise Refus(
            "meme_identite",
            "Deux personnes de ce dossier ont la même adresse : le tuteur, le manager et le candidat sont trois "
            "personnes, chacune avec la sienne. Corrigez les fiches.",
        )
    return adresse


# Ouvrir un lien -------------------------------------------------------------------------------------------------------


def demander_code(*, jeton: str, connecte: Acteur | None, maintenant: datetime) -> None:
    """Fait partir un code à l'adresse professionnelle de la personne du lien, et à nulle autre.

    Lève `Refus` : `lien_inconnu`, `lien_fini`, `lien_remplace`, `lien_bloque`, `lien_echu`, `autre_identite`,
    `plus_designe`, `meme_identite`, `code_trop_tot`. Ce qui est refusé s'inscrit au journal.
    """
    connu = _connu(jeton)
    issue = _Issue()
    with acte(auteur=Acteur(connu.personne_id), maintenant=maintenant, action=Action.CODE_EMIS) as journal:
        lien, vue = _tenir_le_lien(connu.pk)
        issue.refus = _refus_du_lien(lien, vue, connecte, maintenant)
        if issue.refus is None and lien.code_emis_le and maintenant - lien.code_emis_le < ENTRE_DEUX_CODES:
            issue.refus = Refus("code_trop_tot", "Un code vient de partir : lisez vos courriels, il arrive.")
        if issue.refus is None and lien.codes >= CODES_MAX:
            _fermer(lien, Fermeture.BLOQUE, maintenant)
            issue.refus = _FERME[Fermeture.BLOQUE]
        if issue.refus is not None:
            journal.rien_a_inscrire()
        else:
            code = f"{secrets.randbelow(1_000_000):06d}"
            lien.codes += 1
            lien.code_essais = 0
            lien.code_empreinte = _empreinte_du_code(lien.pk, lien.codes, code)
            lien.code_emis_le, lien.code_expire = maintenant, maintenant + VALIDITE_CODE
            lien.save()
            courriels.envoyer(
                cle=f"{COURRIEL_DE_CODE.code}:{lien.pk}:{lien.codes}",
                genre=COURRIEL_DE_CODE,
                destinataire=lien.personne_id,
                adresse=_adresse_propre(vue, Qualite(lien.qualite), lien.personne_id),
                message=_message_du_code(code),
                auteur=Acteur(lien.personne_id),
                maintenant=maintenant,
                secret=True,
                perime_le=lien.code_expire,
            )
            journal.inscrire(
                objet=("lien d'attestation", lien.pk),
                donnees={"rang": lien.codes},
                chaine=chaine_organisme(vue.organisme),
            )
    issue.lever(connu, vue, maintenant)


def ouvrir_le_lien(*, jeton: str, code: str, connecte: Acteur | None, maintenant: datetime) -> UUID:
    """Le bon code ouvre le lien, une fois : rend l'identifiant du lien, que garde la session de cet appareil.

    Lève `Refus` comme `demander_code`, et `code_absent`, `code_echu`, `code_faux`. Cinq essais manqués ôtent le code.
    """
    connu = _connu(jeton)
    issue = _Issue()
    with acte(auteur=Acteur(connu.personne_id), maintenant=maintenant, action=Action.LIEN_OUVERT) as journal:
        lien, vue = _tenir_le_lien(connu.pk)
        issue.refus = _refus_du_lien(lien, vue, connecte, maintenant) or _refus_du_code(lien, code, maintenant)
        if issue.refus is not None and issue.refus.code == "code_faux":
            lien.code_essais += 1
            if lien.code_essais >= ESSAIS_MAX:
                lien.code_empreinte = ""
            lien.save()
        if issue.refus is not None:
            journal.rien_a_inscrire()
        else:
            lien.code_empreinte = ""
            lien.save()
            journal.inscrire(
                objet=("lien d'attestation", lien.pk),
                donnees={"rang": lien.codes},
                chaine=chaine_organisme(vue.organisme),
            )
    issue.lever(connu, vue, maintenant)
    return connu.pk


def attester_par_lien(
    *, lien: UUID, dires: Mapping[str, Dire], connecte: Acteur | None, maintenant: datetime
) -> tuple[str, ...]:
    """Atteste par un lien que son code a ouvert ; rend les compétences qui ont changé. L'auteur est la personne du lien.

    Le lien se ferme quand tout ce qu'il demandait est maîtrisé ; sinon il sert encore, avec un code neuf.
    Lève `Refus` comme `demander_code`, `competence_hors_lien`, et ce que lève `attester`.
    """
    connu = LienAttestation.objects.get(pk=lien)
    issue = _Issue()
    changees: tuple[str, ...] = ()
    auteur = Acteur(connu.personne_id)
    with acte(auteur=auteur, maintenant=maintenant, action=Action.ATTESTATION) as journal:
        tenu, vue = _tenir_le_lien(lien)
        issue.refus = _refus_du_lien(tenu, vue, connecte, maintenant)
        hors = tuple(code for code in dires if code not in tenu.competences)
        if issue.refus is None and hors:
            raise Refus("competence_hors_lien", "Ce lien ne demande pas ces compétences.", details=hors)
        if issue.refus is None:
            qualite = Qualite(tenu.qualite)
            changees = attester(
                dossier=vue.id, qualite=qualite, dires=dires, auteur=auteur, maintenant=maintenant, lien=lien
            )
            lu = _lire(auteur, vue.id)
            if not any(une.attend(qualite, vue) for une in lu.lignes if une.competence in tenu.competences):
                _fermer(tenu, Fermeture.FINI, maintenant)
        journal.rien_a_inscrire()  # l'attestation a son entrée
    issue.lever(connu, vue, maintenant)
    return changees


# Ce qui refuse --------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Issue:
    """Un refus que l'on n'élève qu'une fois l'acte validé : l'essai manqué doit rester compté."""

    refus: Refus | None = None

    def lever(self, lien: LienAttestation, vue: VueDossier, maintenant: datetime) -> None:
        if self.refus is None:
            return
        if self.refus.code != "code_trop_tot":
            _noter_rejet(lien.pk, vue, self.refus.code, maintenant)
        raise self.refus


_FERME = {
    Fermeture.FINI: Refus("lien_fini", "Ce lien a déjà servi : tout ce qu'il demandait est attesté. Merci."),
    Fermeture.REMPLACE: Refus("lien_remplace", "Un lien plus récent vous a été envoyé : ouvrez le dernier reçu."),
    Fermeture.BLOQUE: Refus(
        "lien_bloque",
        "Trop de codes ont été demandés ou manqués : ce lien est fermé. Le candidat peut vous en redemander un.",
    ),
}


def _refus_du_lien(
    lien: LienAttestation, vue: VueDossier, connecte: Acteur | None, maintenant: datetime
) -> Refus | None:
    qualite = Qualite(lien.qualite)
    if lien.ferme_le is not None:
        return _FERME[Fermeture(lien.fermeture)]
    if lien.expire <= maintenant:
        return Refus(
            "lien_echu", "Ce lien a expiré. Le candidat, ou la personne qui gère son dossier, peut en renvoyer un."
        )
    if connecte is not None and connecte.id != lien.personne_id:
        return Refus(
            "autre_identite",
            "Ce lien n'est pas à vous : cette session est celle d'une autre personne. On n'atteste jamais pour quelqu'un "
            "d'autre.",
        )
    if vue.designe(qualite) != lien.personne_id:
        return Refus(
            "plus_designe", f"Vous n'êtes plus {qualite.label.lower()} de ce dossier : vous n'avez rien à faire."
        )
    try:
        verifier_tient_encore(droits(Acteur(lien.personne_id), jour_civil(maintenant)), vue, qualite)
        _adresse_propre(vue, qualite, lien.personne_id)
    except Refus as refus:
        return refus
    return None


def _refus_du_code(lien: LienAttestation, code: str, maintenant: datetime) -> Refus | None:
    if not lien.code_empreinte:
        return Refus("code_absent", "Ce code a déjà servi, ou a été essayé trop de fois. Demandez-en un autre.")
    if lien.code_expire is None or lien.code_expire <= maintenant:
        return Refus("code_echu", "Ce code a expiré : il valait un quart d'heure. Demandez-en un autre.")
    chiffres = "".join(signe for signe in code if signe in "0123456789")
    if not hmac.compare_digest(lien.code_empreinte, _empreinte_du_code(lien.pk, lien.codes, chiffres)):
        return Refus("code_faux", "Ce n'est pas le bon code. Prenez celui du dernier courriel reçu.")
    return None


def _connu(jeton: str) -> LienAttestation:
    connu = LienAttestation.objects.filter(empreinte=empreinte_jeton(jeton)).first()
    if connu is None:
        technique.warning("lien_d_attestation_inconnu")
        raise Refus("lien_inconnu", "Ce lien n'est pas le bon : copiez l'adresse entière depuis votre courriel.")
    return connu


def _tenir_le_lien(lien: UUID) -> tuple[LienAttestation, VueDossier]:
    """Verrouille le dossier, son carnet, puis le lien : le même ordre que partout."""
    dossier = Carnet.objects.values_list("dossier_id", flat=True).get(liens=lien)
    vue = dossier_tenu(SYSTEME, dossier)
    carnet_verrouille(dossier)
    return LienAttestation.objects.select_for_update(of=("self",)).get(pk=lien), vue


def _noter_rejet(lien: UUID, vue: VueDossier, raison: str, maintenant: datetime) -> None:
    if not cache.add(f"parchemin:rejet:{lien}:{raison}", 1, TRANCHE_DE_REJET):
        return
    with acte(auteur=SYSTEME, maintenant=maintenant, action=Action.LIEN_REFUSE) as journal:
        journal.inscrire(
            objet=("lien d'attestation", lien), donnees={"raison": raison}, chaine=chaine_organisme(vue.organisme)
        )


def _fermer(lien: LienAttestation, pourquoi: Fermeture, maintenant: datetime) -> None:
    lien.ferme_le, lien.fermeture, lien.code_empreinte = maintenant, pourquoi, ""
    lien.save()


def _empreinte_du_code(lien: UUID, rang: int, code: str) -> str:
    """Six chiffres se devinent d'une simple empreinte : celle-ci tient à la clé du site, au lien et au rang du code."""
    return salted_hmac("parchemin.carnet.code", f"{lien}|{rang}|{code}", algorithm="sha256").hexdigest()


def _message_du_code(code: str) -> Message:
    return Message(
        objet=f"{code[:3]} {code[3:]} : votre code Parchemin",
        titre=f"Votre code : {code[:3]} {code[3:]}",
        paragraphes=("Saisissez-le sur la page où vous attestez. Il vaut un quart d’heure, une seule fois.",),
        apres=("Si vous n’avez rien demandé, ne le donnez à personne : sans lui, rien ne s’ouvre.",),
    )


def _lire(auteur: Acteur, dossier: UUID) -> VueCarnet:
    lu = lire_carnet(auteur, dossier)
    if lu is None:
        raise Introuvable
    return lu


def _cle(lien: UUID) -> str:
    return f"{COURRIEL_DE_LIEN.code}:{lien}"


def _nom(personne: UUID) -> str:
    return noms(SYSTEME, [personne])[personne]
