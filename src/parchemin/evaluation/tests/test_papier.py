"""La grille papier : deux saisies aveugles, ce qui diffère se règle, elle entre en mêmes faits ; l'évaluateur scelle."""

from __future__ import annotations

import hashlib
import re
import struct
import threading
import zlib
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from pypdf import PdfReader

from parchemin.comptes.enums import NatureRole
from parchemin.comptes.selectors import noms
from parchemin.comptes.tests import factories as comptes
from parchemin.convocations import services as convocations
from parchemin.convocations.enums import GenreIncident, Qualite, SuiteIncident
from parchemin.convocations.selectors import epreuve_par_id
from parchemin.convocations.tests import factories as salles
from parchemin.convocations.tests.factories import JOUR, Salle
from parchemin.evaluation import documents, selectors, services
from parchemin.evaluation.documents.codes import code_court, code_long, lire_code
from parchemin.evaluation.forms import SaisieForm
from parchemin.evaluation.models import Fait, PiecePapier, Ressaisie, SaisiePapier
from parchemin.evaluation.tests import factories
from parchemin.evaluation.tests.factories import fait
from parchemin.registre.verification import examiner
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Introuvable, Refus, RefusDroit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fichiers")]
PLUS_TARD = JOUR + timedelta(hours=3)


def refus(code: str):
    return pytest.raises(Refus, check=lambda erreur: erreur.code == code)


def codes(salle: Salle, qualite: Qualite = Qualite.METIER, pages: int = 3, **autres) -> list[str]:
    norme = autres.get("norme") or epreuve_par_id(SYSTEME, salle.epreuve).norme
    return [
        code_court(autres.get("epreuve") or salle.epreuve, qualite, page, pages, norme) for page in range(1, pages + 1)
    ]


def ouvrir(salle: Salle, auteur: Acteur | None = None, lus: list[str] | None = None) -> UUID:
    return services.ouvrir_ressaisie(
        epreuve=salle.epreuve,
        qualite=Qualite.METIER,
        codes=codes(salle) if lus is None else lus,
        auteur=auteur or salle.monde.gestionnaire,
        maintenant=PLUS_TARD,
    )


def collegue(salle: Salle) -> Acteur:
    return comptes.gestionnaire(epreuve_par_id(SYSTEME, salle.epreuve).dossier.organisme)


def feuille(salle: Salle, **changements: object) -> dict[str, object]:
    contenu = {geste["cible"]: geste["valeur"] for geste in factories.gestes_complets(salle)}
    contenu |= {"commentaire:C3.1": "Propose l'offre, puis écoute."}
    return {cible: valeur for cible, valeur in (contenu | changements).items() if valeur is not None}


def saisir(ressaisie: UUID, contenu: dict[str, object], auteur: Acteur) -> str:
    return services.saisir(ressaisie=ressaisie, contenu=contenu, auteur=auteur, maintenant=PLUS_TARD)


# Du papier aux faits -------------------------------------------------------------------------------------------------


def test_deux_saisies_semblables_entrent_en_faits_marques_papier_et_l_evaluateur_scelle(tmp_path):
    salle = salles.salle("B3")
    ressaisie = ouvrir(salle)
    contenu = feuille(salle)
    assert saisir(ressaisie, contenu, salle.monde.gestionnaire) == "a_controler"
    assert Fait.objects.count() == 0
    assert saisir(ressaisie, contenu, collegue(salle)) == "versee"
    lignes = Fait.objects.filter(epreuve_id=salle.epreuve)
    assert {ligne.cible: ligne.valeur for ligne in lignes} == contenu
    assert set(lignes.values_list("evaluateur_id", "ressaisie_id")) == {(salle.metier.id, ressaisie)}
    assert epreuve_par_id(SYSTEME, salle.epreuve).etat == "en_cours"
    assert selectors.cibles_du_papier(salle.metier, salle.epreuve) == frozenset(contenu)
    assert selectors.cibles_du_papier(salle.certificateur, salle.epreuve) == frozenset()
    assert factories.clore(salle, salle.metier)
    assert examiner(tmp_path, (), ()).anomalies == ()


def test_le_papier_fait_la_meme_lecture_que_l_ecran():
    sur_ecran, sur_papier = salles.salle("B3"), salles.salle("B3")
    factories.remplir(sur_ecran, sur_ecran.metier)
    ressaisie = ouvrir(sur_papier)
    contenu = {geste["cible"]: geste["valeur"] for geste in factories.gestes_complets(sur_papier)}
    saisir(ressaisie, contenu, sur_papier.monde.gestionnaire)
    saisir(ressaisie, contenu, collegue(sur_papier))

    def dit(salle: Salle):
        grille = selectors.grille(salle.metier, salle.epreuve)
        durees = {code: temps.duree_ms for code, temps in grille.phases.items()}
        return grille.etats, grille.alternative, grille.entretiens, grille.competences_abordees, durees, grille.conflits

    assert dit(sur_papier) == dit(sur_ecran)


def test_ce_qui_differe_se_regle_par_un_autre_que_le_premier(tmp_path):
    salle = salles.salle("B3")
    ressaisie = ouvrir(salle)
    premier, second = salle.monde.gestionnaire, collegue(salle)
    saisir(ressaisie, feuille(salle, **{"critere:K3.1.1": "non_valide", "lieu": "Salle 4"}), premier)
    assert saisir(ressaisie, feuille(salle, **{"commentaire:C3.1": None}), second) == "a_regler"
    assert [(d.cible, d.une, d.deux) for d in selectors.saisies_differentes(second, ressaisie)] == [
        ("commentaire:C3.1", "Propose l'offre, puis écoute.", None),
        ("critere:K3.1.1", "non_valide", "valide"),
        ("lieu", "Salle 4", None),
    ]
    retenus = {"commentaire:C3.1": "Propose l'offre, puis écoute.", "critere:K3.1.1": "non_valide", "lieu": None}

    def regler(auteur: Acteur, choix: dict[str, object]) -> None:
        services.regler_differences(ressaisie=ressaisie, retenus=choix, auteur=auteur, maintenant=PLUS_TARD)

    with refus("reglement_par_un_autre"):
        regler(premier, retenus)
    with refus("differences_a_regler"):
        regler(second, {"critere:K3.1.1": "non_valide"})
    with refus("saisie_invalide"):
        regler(second, {**retenus, "critere:K3.1.1": "peut-être"})
    assert (Fait.objects.count(), SaisiePapier.objects.count()) == (0, 2)
    regler(second, retenus)
    regler(second, retenus)  # redire ne change rien
    grille = selectors.grille(salle.metier, salle.epreuve)
    assert (grille.etats["K3.1.1"], grille.lieu, SaisiePapier.objects.count()) == ("non_valide", "", 3)
    assert examiner(tmp_path, (), ()).anomalies == ()


def test_l_ecran_et_le_papier_qui_se_contredisent_font_un_conflit_que_l_evaluateur_tranche():
    salle = salles.salle("B3")
    services.recevoir_faits(
        epreuve=salle.epreuve,
        lot=[fait(salle, 1, "critere:K3.1.1", "non_valide")],
        auteur=salle.metier,
        maintenant=JOUR,
    )
    ressaisie = ouvrir(salle)
    saisir(ressaisie, feuille(salle), salle.monde.gestionnaire)
    saisir(ressaisie, feuille(salle), collegue(salle))
    grille = selectors.grille(salle.metier, salle.epreuve)
    assert [conflit.cible for conflit in grille.conflits] == ["critere:K3.1.1"]
    with refus("grille_incomplete"):
        factories.clore(salle, salle.metier)
    services.poser(
        epreuve=salle.epreuve,
        appareil=uuid4(),
        cible="critere:K3.1.1",
        valeur="valide",
        auteur=salle.metier,
        maintenant=PLUS_TARD,
    )
    assert factories.clore(salle, salle.metier)


# Qui, et combien -----------------------------------------------------------------------------------------------------


def test_la_meme_personne_ne_fait_pas_les_deux_saisies_et_rien_n_est_perdu():
    salle = salles.salle("B3")
    ressaisie = ouvrir(salle)
    saisir(ressaisie, feuille(salle), salle.monde.gestionnaire)
    assert saisir(ressaisie, feuille(salle), salle.monde.gestionnaire) == "a_controler"  # la même, redite
    with refus("deja_saisie"):
        saisir(ressaisie, feuille(salle, lieu="Ailleurs"), salle.monde.gestionnaire)
    assert [s.contenu for s in SaisiePapier.objects.all()] == [feuille(salle)]
    assert Fait.objects.count() == 0


@pytest.mark.parametrize("qui", ["metier", "certificateur", "candidat", "tuteur", "manager", "rh"])
def test_ni_l_evaluateur_ni_qui_est_du_dossier_ne_ressaisit_meme_gestionnaire(qui):
    salle = salles.salle("B3")
    organisme = epreuve_par_id(SYSTEME, salle.epreuve).dossier.organisme
    auteur = (
        comptes.avec_role(NatureRole.RH, organisme)
        if qui == "rh"
        else getattr(salle, qui, None) or getattr(salle.monde, qui)
    )
    if qui != "rh":
        from parchemin.comptes.services import donner_role

        donner_role(
            personne=auteur.id,
            nature=NatureRole.GESTIONNAIRE,
            organisme=organisme,
            auteur=SYSTEME,
            maintenant=comptes.JADIS,
        )
    with pytest.raises(RefusDroit, check=lambda erreur: erreur.code == "ressaisie_reservee"):
        ouvrir(salle, auteur)
    ressaisie = ouvrir(salle)
    with pytest.raises(RefusDroit):
        saisir(ressaisie, feuille(salle), auteur)
    assert SaisiePapier.objects.count() == 0


def test_ouvrir_deux_fois_rend_la_meme_et_abandonner_en_permet_une_autre():
    salle = salles.salle("B3")
    premiere = ouvrir(salle)
    assert ouvrir(salle, collegue(salle)) == premiere
    with refus("motif_manquant"):
        services.abandonner_ressaisie(
            ressaisie=premiere, motif=" ", auteur=salle.monde.gestionnaire, maintenant=PLUS_TARD
        )
    for _ in range(2):
        services.abandonner_ressaisie(
            ressaisie=premiere, motif="Mauvaise liasse.", auteur=salle.monde.gestionnaire, maintenant=PLUS_TARD
        )
    with refus("ressaisie_close"):
        saisir(premiere, feuille(salle), salle.monde.gestionnaire)
    assert ouvrir(salle) != premiere


@pytest.mark.django_db(transaction=True)
def test_deux_saisisseurs_a_la_fois_font_les_deux_saisies_et_un_seul_versement():
    salle = salles.salle("B3")
    ressaisie = ouvrir(salle)
    gens = [salle.monde.gestionnaire, collegue(salle), collegue(salle)]
    contenu = feuille(salle)
    depart = threading.Barrier(len(gens))
    rendus: list[str] = []

    def jouer(auteur: Acteur) -> None:
        try:
            depart.wait()
            rendus.append(saisir(ressaisie, contenu, auteur))
        except Refus as erreur:
            rendus.append(erreur.code)
        finally:
            connection.close()

    fils = [threading.Thread(target=jouer, args=(auteur,)) for auteur in gens]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    assert sorted(rendus) == ["a_controler", "ressaisie_close", "versee"]
    assert (SaisiePapier.objects.count(), Fait.objects.count()) == (2, len(contenu))


# Le mauvais papier ---------------------------------------------------------------------------------------------------


def test_les_mauvaises_feuilles_sont_refusees_et_le_disent():
    salle = salles.salle("B3")
    bonnes = codes(salle)
    norme = epreuve_par_id(SYSTEME, salle.epreuve).norme
    autre_norme = ("0" if norme[0] != "0" else "1") + norme[1:]
    cas = {
        "codes_absents": ["", "  "],
        "code_illisible": [*bonnes, "bonjour"],
        "pages_manquantes": bonnes[:-1],
        "code_autre_epreuve": [*bonnes[:2], code_court(uuid4(), Qualite.METIER, 3, 3, norme)],
        "code_autre_evaluateur": codes(salle, Qualite.CERTIFICATEUR),
        "code_autre_version": codes(salle, norme=autre_norme),
        "pages_melees": [bonnes[0], code_court(salle.epreuve, Qualite.METIER, 2, 4, norme)],
    }
    for code, lus in cas.items():
        with refus(code):
            ouvrir(salle, lus=lus)
    with refus("code_illisible"):
        ouvrir(salle, lus=[code_court(salle.epreuve, Qualite.METIER, 4, 3, norme)])
    assert Ressaisie.objects.count() == 0
    assert ouvrir(salle, lus=[*bonnes, bonnes[0]]) is not None


def test_un_code_long_ou_court_en_minuscules_ou_avec_des_espaces_se_lit():
    epreuve, norme = uuid4(), "ab" * 32
    long, court = (forme(epreuve, Qualite.CERTIFICATEUR, 2, 5, norme) for forme in (code_long, code_court))
    lu = documents.lire_code(f"  {long.lower()} ")
    assert (lu.epreuve, lu.qualite, lu.page, lu.pages, lu.norme) == (
        epreuve.hex.upper(),
        Qualite.CERTIFICATEUR,
        2,
        5,
        norme.upper(),
    )
    assert documents.lire_code(court.replace("-", " - ")).epreuve == epreuve.hex[:8].upper()
    assert (
        documents.verifier_pages(
            [documents.lire_code(code_long(epreuve, Qualite.METIER, p, 2, norme)) for p in (2, 1)],
            epreuve,
            Qualite.METIER,
            norme,
        )
        == 2
    )


def test_une_saisie_vide_ou_hors_de_la_grille_est_refusee():
    salle = salles.salle("B3")
    ressaisie = ouvrir(salle)
    with refus("saisie_vide"):
        saisir(ressaisie, {}, salle.monde.gestionnaire)
    with pytest.raises(Refus, check=lambda e: e.code == "saisie_invalide" and len(e.details) == 3):
        saisir(
            ressaisie,
            {"critere:K1.1.1": "valide", "critere:K3.1.1": "peut-être", "phase:observation:duree": -3},
            salle.monde.gestionnaire,
        )
    assert SaisiePapier.objects.count() == 0


def test_une_lecture_scellee_une_epreuve_close_un_evaluateur_remplace_ne_recoivent_plus_de_papier():
    scellee = salles.salle("B3")
    ressaisie = ouvrir(scellee)
    saisir(ressaisie, feuille(scellee), scellee.monde.gestionnaire)
    factories.remplir(scellee, scellee.metier)
    factories.clore(scellee, scellee.metier)
    with refus("lecture_scellee"):
        saisir(ressaisie, feuille(scellee), collegue(scellee))
    assert SaisiePapier.objects.count() == 1  # la seconde, refusée, n'a rien écrit ; la première reste

    close = salles.salle("B3")
    convocations.signaler_incident(
        epreuve=close.epreuve, genre=GenreIncident.PANNE, motif="Panne.", auteur=close.metier, maintenant=JOUR
    )
    assert ouvrir(close) is not None  # suspendue, elle reçoit encore
    convocations.trancher_incident(
        epreuve=close.epreuve,
        suite=SuiteIncident.CLORE,
        motif="Close.",
        auteur=close.monde.gestionnaire,
        maintenant=PLUS_TARD,
    )
    with refus("epreuve_fermee"):
        ouvrir(close)

    remplace = salles.salle("B3")
    ressaisie = ouvrir(remplace)
    saisir(ressaisie, feuille(remplace), remplace.monde.gestionnaire)
    convocations.affecter_evaluateurs(
        epreuve=remplace.epreuve,
        metier=comptes.avec_role(NatureRole.EVALUATEUR_METIER).id,
        certificateur=remplace.certificateur.id,
        auteur=remplace.monde.gestionnaire,
        maintenant=JOUR,
    )
    with refus("versement_impossible"):
        saisir(ressaisie, feuille(remplace), collegue(remplace))
    with pytest.raises(Introuvable):
        saisir(uuid4(), feuille(remplace), remplace.monde.gestionnaire)


def test_la_ressaisie_de_qui_n_evalue_plus_se_voit_encore_et_s_abandonne():
    salle = salles.salle("B3")
    ressaisie = ouvrir(salle)
    ancien = epreuve_par_id(SYSTEME, salle.epreuve).evaluateur(Qualite.METIER).nom
    convocations.affecter_evaluateurs(
        epreuve=salle.epreuve,
        metier=comptes.avec_role(NatureRole.EVALUATEUR_METIER).id,
        certificateur=salle.certificateur.id,
        auteur=salle.monde.gestionnaire,
        maintenant=JOUR,
    )
    client = comptes.client(salle.monde.gestionnaire)
    page = comptes.texte(client.get(reverse("evaluation:papier", args=[salle.epreuve])))
    assert ancien in page
    assert "Cette personne n'évalue plus l'épreuve" in page
    client.post(reverse("evaluation:abandonner_papier", args=[ressaisie]), {"motif": "Évaluateur remplacé."})
    assert ancien not in comptes.texte(client.get(reverse("evaluation:papier", args=[salle.epreuve])))


# Les feuilles numérisées ---------------------------------------------------------------------------------------------


def png(couleur: int = 0) -> bytes:
    def partie(nom: bytes, corps: bytes) -> bytes:
        return struct.pack(">I", len(corps)) + nom + corps + struct.pack(">I", zlib.crc32(nom + corps))

    entete = struct.pack(">IIBBBBB", 2, 2, 8, 0, 0, 0, 0)
    lignes = zlib.compress(bytes([0, couleur, couleur] * 2))
    return b"\x89PNG\r\n\x1a\n" + partie(b"IHDR", entete) + partie(b"IDAT", lignes) + partie(b"IEND", b"")


def jpeg(*segments: bytes) -> bytes:
    cadre = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, 2, 2, 1) + b"\x01\x11\x00"
    balayage = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00image"
    return b"\xff\xd8" + b"".join(segments) + cadre + balayage + b"\xff\xd9"


def joindre(ressaisie: UUID, octets: bytes, auteur: Acteur) -> UUID:
    return services.joindre_piece(ressaisie=ressaisie, octets=octets, auteur=auteur, maintenant=PLUS_TARD)


def test_une_feuille_se_joint_par_l_equipe_ou_son_evaluateur_et_se_reconnait_a_son_contenu(tmp_path):
    salle = salles.salle("B3")
    ressaisie = ouvrir(salle)
    premiere = joindre(ressaisie, png(), salle.metier)
    assert joindre(ressaisie, png(), salle.monde.gestionnaire) == premiere  # la même feuille, une seule fois
    assert joindre(ressaisie, png(7), salle.monde.gestionnaire) != premiere
    piece = PiecePapier.objects.get(pk=premiere)
    assert (piece.genre, piece.octets) == ("image/png", len(png()))
    with default_storage.open(piece.fichier) as fichier:
        assert fichier.read() == png()
    assert examiner(tmp_path, (), ()).anomalies == ()
    for mauvais in (b"", b"MZ virus", png() + b"suite", b"<svg onload='x'/>"):
        with pytest.raises(Refus):
            joindre(ressaisie, mauvais, salle.metier)
    for intrus in (salle.certificateur, salle.monde.candidat, comptes.gestionnaire(comptes.organisme())):
        with pytest.raises(RefusDroit):
            joindre(ressaisie, png(9), intrus)
    assert PiecePapier.objects.count() == 2


def test_la_photo_d_une_feuille_ne_dit_plus_ni_le_lieu_ni_l_appareil(tmp_path):
    salle = salles.salle("B3")
    ressaisie = ouvrir(salle)
    secret = b"GPS 44.35 N 2.57 E, 24/11/2026 10:00, appareil 12"
    exif = b"\xff\xe1" + struct.pack(">H", len(secret) + 8) + b"Exif\0\0" + secret
    propre = jpeg()
    piece = joindre(ressaisie, jpeg(exif), salle.metier)
    ligne = PiecePapier.objects.get(pk=piece)
    assert (ligne.empreinte, ligne.octets) == (hashlib.sha256(propre).hexdigest(), len(propre))
    with default_storage.open(ligne.fichier) as fichier:
        assert fichier.read() == propre
    servie = comptes.client(salle.metier).get(reverse("evaluation:piece_papier", args=[piece])).content
    assert servie == propre
    assert joindre(ressaisie, propre, salle.monde.gestionnaire) == piece  # la même feuille, ici ou là-bas
    assert examiner(tmp_path, (), ()).anomalies == ()


def test_la_photo_animee_d_un_telephone_se_joint_sans_son_film():
    salle = salles.salle("B3")
    film = b"\0\0\0\x18ftypmp42\0\0\0\0isommp42" + bytes(range(256))
    piece = PiecePapier.objects.get(pk=joindre(ouvrir(salle), jpeg() + film, salle.metier))
    with default_storage.open(piece.fichier) as fichier:
        assert fichier.read() == jpeg()


def test_la_photo_se_joint_encore_la_grille_versee_jusqu_au_sceau_de_son_evaluateur():
    salle = salles.salle("B3")
    ressaisie = ouvrir(salle)
    saisir(ressaisie, feuille(salle), salle.monde.gestionnaire)
    assert saisir(ressaisie, feuille(salle), collegue(salle)) == "versee"
    accueil, depot = (
        reverse("evaluation:papier", args=[salle.epreuve]),
        reverse("evaluation:joindre_papier", args=[ressaisie]),
    )
    for rang, qui in enumerate((salle.monde.gestionnaire, salle.metier), start=1):
        client = comptes.client(qui)
        assert depot in comptes.texte(client.get(accueil))
        envoi = {"fichier": SimpleUploadedFile("feuille.png", png(rang))}
        assert "La feuille est jointe" in comptes.texte(client.post(depot, envoi, follow=True))
    factories.clore(salle, salle.metier)
    with refus("lecture_scellee"):
        joindre(ressaisie, png(3), salle.metier)
    assert depot not in comptes.texte(comptes.client(salle.monde.gestionnaire).get(accueil))
    assert PiecePapier.objects.count() == 2


def test_une_ressaisie_abandonnee_ne_recoit_plus_de_feuille():
    salle = salles.salle("B3")
    ressaisie = ouvrir(salle)
    services.abandonner_ressaisie(
        ressaisie=ressaisie, motif="Mauvaise liasse.", auteur=salle.monde.gestionnaire, maintenant=PLUS_TARD
    )
    with refus("ressaisie_close"):
        joindre(ressaisie, png(), salle.metier)
    page = comptes.texte(
        comptes.client(salle.monde.gestionnaire).get(reverse("evaluation:papier", args=[salle.epreuve]))
    )
    assert reverse("evaluation:joindre_papier", args=[ressaisie]) not in page


def test_un_depot_refuse_ne_laisse_aucun_fichier(monkeypatch):
    salle = salles.salle("B3")
    ressaisie = ouvrir(salle)
    monkeypatch.setattr("parchemin.evaluation.services.papier.sceau_piece", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        joindre(ressaisie, png(), salle.metier)
    assert PiecePapier.objects.count() == 0
    assert not default_storage.exists(f"papier/{ressaisie}") or default_storage.listdir(f"papier/{ressaisie}")[1] == []


# Le PDF --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bloc", ["B1", "B2", "B3", "B4"])
def test_la_grille_papier_porte_le_code_de_chaque_page_et_la_place_d_un_seul(bloc):
    import io

    salle = salles.salle(bloc)
    vue = epreuve_par_id(SYSTEME, salle.epreuve)
    octets = documents.grille_papier(SYSTEME, vue, Qualite.METIER)
    assert octets == documents.grille_papier(SYSTEME, vue, Qualite.METIER)
    lu = PdfReader(io.BytesIO(octets))
    pages = [" ".join(page.extract_text().split()) for page in lu.pages]
    for numero, texte in enumerate(pages, start=1):
        assert code_court(vue.id, Qualite.METIER, numero, len(pages), vue.norme) in texte
    entier = " ".join(pages)
    for critere in selectors.bloc_de(SYSTEME, vue).criteres():
        assert critere.code in entier
    assert vue.dossier.candidat_nom in pages[0]
    assert vue.evaluateur(Qualite.METIER).nom in pages[0]
    assert vue.evaluateur(Qualite.CERTIFICATEUR).nom not in entier
    assert "il en faut" not in entier  # on juge des critères, non la ligne
    metadonnees = lu.xmp_metadata.stream.get_data().decode() if lu.xmp_metadata else ""
    assert "pdfaid" in metadonnees
    assert "pdfuaid" in metadonnees


@pytest.mark.parametrize("bloc", ["B1", "B2", "B3", "B4"])
@pytest.mark.parametrize("qualite", list(Qualite))
def test_un_lecteur_de_codes_lit_sur_chaque_page_imprimee_son_epreuve_son_empreinte_et_son_numero(bloc, qualite):
    """Le PDF devient une image, à la définition d'une petite imprimante ; un décodeur qui n'est pas le nôtre la lit."""
    import pypdfium2
    import zxingcpp

    vue = epreuve_par_id(SYSTEME, salles.salle(bloc).epreuve)
    document = pypdfium2.PdfDocument(documents.grille_papier(SYSTEME, vue, qualite))
    lus = [[code.text for code in zxingcpp.read_barcodes(p.render(scale=150 / 72).to_numpy())] for p in document]
    assert lus == [[code_long(vue.id, qualite, page, len(document), vue.norme)] for page in range(1, len(document) + 1)]
    for (texte,) in lus:
        code = lire_code(texte)
        assert (code.epreuve, code.norme) == (vue.id.hex.upper(), vue.norme.upper())


def test_sans_evaluateur_pas_de_grille_papier():
    from parchemin.carnet.tests import factories as carnet

    monde = carnet.complet(("B3",))
    vue = epreuve_par_id(SYSTEME, salles.planifier(monde, "B3"))
    with pytest.raises(Introuvable):
        documents.grille_papier(SYSTEME, vue, Qualite.METIER)


# Les pages -----------------------------------------------------------------------------------------------------------


def champs(salle: Salle, **changements: str) -> dict[str, str]:
    """Une feuille, telle que le formulaire l'envoie : tout validé, conditions remplies."""
    bloc = selectors.bloc_de(SYSTEME, epreuve_par_id(SYSTEME, salle.epreuve))
    envoi = {f"critere:{critere.code}": "valide" for critere in bloc.criteres()}
    envoi |= {f"phase:{phase.code}": str(phase.duree.minutes if phase.duree else 10) for phase in bloc.epreuve.phases}
    envoi |= {"alternative": "double_ecoute", "entretiens": "2"} if bloc.epreuve.alternatives else {}
    return envoi | changements


def test_la_seule_voie_d_une_epreuve_n_est_pas_a_cocher():
    """Le bloc 4 n'en a qu'une : la feuille n'a pas de case, la saisie la dit."""
    salle = salles.salle("B4")
    bloc = selectors.bloc_de(SYSTEME, epreuve_par_id(SYSTEME, salle.epreuve))
    saisie = SaisieForm({"critere:K4.1.1": "valide"}, bloc=bloc)
    assert (saisie.is_valid(), saisie.contenu()) == (True, {"alternative": "traitement", "critere:K4.1.1": "valide"})


def test_du_papier_au_sceau_par_les_pages():
    salle = salles.salle("B3")
    gestionnaire, autre = comptes.client(salle.monde.gestionnaire), comptes.client(collegue(salle))
    accueil = reverse("evaluation:papier", args=[salle.epreuve])
    assert accueil in comptes.texte(gestionnaire.get(reverse("evaluation:voir", args=[salle.epreuve])))
    assert "Grilles papier" in comptes.texte(gestionnaire.get(accueil))
    ouvrir_page = reverse("evaluation:ouvrir_papier", args=[salle.epreuve, "metier"])
    manquante = gestionnaire.post(ouvrir_page, {"codes": "\n".join(codes(salle)[:2])})
    assert (manquante.status_code, "Il manque la page 3 sur 3" in comptes.texte(manquante)) == (422, True)
    assert codes(salle)[0] in comptes.texte(manquante)  # rien n'est perdu
    ouverte = gestionnaire.post(ouvrir_page, {"codes": "\n".join(codes(salle))})
    saisie = ouverte.headers["Location"]
    assert gestionnaire.get(saisie).status_code == 200
    mauvais = gestionnaire.post(saisie, champs(salle, **{"entretiens": "deux", "commentaire:C3.1": "Écoute bien."}))
    assert (mauvais.status_code, "Écoute bien." in comptes.texte(mauvais)) == (422, True)
    gestionnaire.post(saisie, champs(salle, **{"commentaire:C3.1": "Écoute bien."}))
    vue_par_l_autre = comptes.texte(autre.get(saisie))
    assert "Écoute bien." not in vue_par_l_autre
    coches = re.findall(r'<input[^>]*value="([^"]*)"[^>]*checked', vue_par_l_autre)
    assert set(coches) == {""}  # « rien de coché », partout
    metier = noms(SYSTEME, [salle.metier.id])[salle.metier.id]
    assert f"Contrôler la grille papier d'{metier}" in comptes.texte(autre.get("/"))
    reponse = autre.post(saisie, champs(salle, **{"critere:K3.1.1": "non_valide"}), follow=True)
    assert "réglez ce qui diffère" in comptes.texte(reponse)
    (ressaisie,) = selectors.ressaisies(SYSTEME, [salle.epreuve])[salle.epreuve]
    regler = reverse("evaluation:regler_papier", args=[ressaisie.id])
    assert gestionnaire.get(regler).status_code == 403  # le premier saisisseur ne règle pas
    assert "Écoute bien." in comptes.texte(autre.get(regler))
    incomplet = autre.post(regler, {"critere:K3.1.1": "0"})
    assert incomplet.status_code == 422
    autre.post(regler, {"critere:K3.1.1": "1", "commentaire:C3.1": "0"})
    assert selectors.ressaisie(SYSTEME, ressaisie.id, jour_civil(JOUR)).etat == "versee"
    grille = selectors.grille(salle.metier, salle.epreuve)
    assert (grille.etats["K3.1.1"], grille.commentaires["C3.1"]) == ("non_valide", "Écoute bien.")
    assert factories.clore(salle, salle.metier)


def test_ce_que_l_un_a_ecrit_ne_s_ouvre_pas_a_l_autre():
    salle = salles.salle("B3")
    ressaisie = ouvrir(salle)
    piece = joindre(ressaisie, png(), salle.metier)
    secret = "Ligne que l'autre ne doit pas lire."
    saisir(ressaisie, feuille(salle, **{"commentaire:C3.1": secret}), salle.monde.gestionnaire)
    feuille_page = reverse("evaluation:piece_papier", args=[piece])
    assert comptes.client(salle.metier).get(feuille_page).content == png()
    assert comptes.client(salle.monde.gestionnaire).get(feuille_page)["Content-Disposition"].startswith("attachment")
    for qui, statut in ((salle.certificateur, 403), (salle.monde.candidat, 403), (salle.monde.tuteur, 403)):
        assert comptes.client(qui).get(feuille_page).status_code == statut
    autre = comptes.client(salle.certificateur)
    accueil = comptes.texte(autre.get(reverse("evaluation:papier", args=[salle.epreuve])))
    nom = epreuve_par_id(SYSTEME, salle.epreuve).evaluateur(Qualite.METIER).nom
    assert nom not in accueil
    assert secret not in accueil
    assert autre.get(reverse("evaluation:papier_pdf", args=[salle.epreuve, "metier"])).status_code == 404
    assert autre.get(reverse("evaluation:papier_pdf", args=[salle.epreuve, "certificateur"])).status_code == 200
    assert autre.get(reverse("evaluation:saisir_papier", args=[ressaisie])).status_code == 403


def test_une_feuille_hostile_est_refusee_par_la_page_et_la_bonne_est_gardee():
    salle = salles.salle("B2")
    ressaisie = ouvrir(salle)
    client = comptes.client(salle.monde.gestionnaire)
    adresse = reverse("evaluation:joindre_papier", args=[ressaisie])
    for nom, octets in (("feuille.png", b"<script>"), ("feuille.pdf", b"%PDF-1.7 faux")):
        reponse = client.post(adresse, {"fichier": SimpleUploadedFile(nom, octets)}, follow=True)
        assert PiecePapier.objects.count() == 0, nom
        assert "La feuille est jointe" not in comptes.texte(reponse)
    bonne = client.post(adresse, {"fichier": SimpleUploadedFile("n'importe.exe", png())}, follow=True)
    assert "La feuille est jointe" in comptes.texte(bonne)
    assert "Ce bloc n'admet aucun document du candidat" in comptes.texte(bonne)
    assert "Choisissez un fichier" in comptes.texte(client.post(adresse, {}, follow=True))


@pytest.mark.parametrize("bloc", ["B1", "B2", "B3", "B4"])
def test_le_formulaire_dit_les_mots_des_faits(bloc):
    salle = salles.salle(bloc)
    arbre = selectors.bloc_de(SYSTEME, epreuve_par_id(SYSTEME, salle.epreuve))
    vide = SaisieForm({}, bloc=arbre)
    assert vide.is_valid()
    assert vide.contenu() == {}
    rempli = SaisieForm(
        champs(salle, **{"motif:1": "Adresse", "preselection:1": "on", "abordees": [arbre.competences()[0].code]}),
        bloc=arbre,
    )
    assert rempli.is_valid(), rempli.errors
    ressaisie = ouvrir(salle)
    assert saisir(ressaisie, rempli.contenu(), salle.monde.gestionnaire) == "a_controler"


def test_les_requetes_de_la_page_ne_grandissent_pas(django_assert_num_queries):
    salle = salles.salle("B3")
    ressaisie = ouvrir(salle)
    joindre(ressaisie, png(), salle.metier)
    with django_assert_num_queries(4):
        selectors.ressaisies(SYSTEME, [salle.epreuve])
    joindre(ressaisie, png(1), salle.metier)
    joindre(ressaisie, png(2), salle.metier)
    with django_assert_num_queries(4):
        assert len(selectors.ressaisies(SYSTEME, [salle.epreuve])[salle.epreuve][0].pieces) == 3
