"""Le relevé : il dit le verdict, et porte de quoi le refaire. Ici, on le refait."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from pypdf import PdfReader

from moteur.decision import decider
from parchemin.commandes.verdict import executer
from parchemin.convocations.tests import factories as convocations
from parchemin.evaluation import documents, selectors, services
from parchemin.evaluation.enums import Position
from parchemin.evaluation.tests import factories
from parchemin.evaluation.tests.factories import CLOTURE
from parchemin.referentiels.selectors import norme
from parchemin.socle.acteur import SYSTEME

pytestmark = pytest.mark.django_db


def releve(salle) -> PdfReader:
    dossier = factories.dossier(salle)
    resultats = selectors.resultats_du_dossier(SYSTEME, dossier.id)
    return PdfReader(io.BytesIO(documents.releve(SYSTEME, dossier, resultats)))


def refait(pdf: PdfReader) -> dict[str, Any]:
    """Ce que rend `parchemin verdict` de la pièce jointe, et d'elle seule."""
    assert list(pdf.attachments) == ["verdict.jsonl"]
    (contenu,) = pdf.attachments["verdict.jsonl"]
    sortie, erreur = io.BytesIO(), io.StringIO()
    assert executer(["-"], io.BytesIO(contenu), sortie, erreur) == 0, erreur.getvalue()
    (ligne,) = sortie.getvalue().splitlines()
    rendu = json.loads(ligne)
    rendu.pop("id")
    return rendu


def texte(pdf: PdfReader) -> str:
    pages = "\n".join(page.extract_text() for page in pdf.pages)
    return " ".join(pages.replace("\N{NO-BREAK SPACE}", " ").split())


@pytest.mark.parametrize("non_valides", [(), ("K3.2.1",), ("K3.1.1", "K3.1.2", "K3.2.1")])
def test_la_piece_jointe_redonne_le_verdict_du_moteur(non_valides):
    """Contre une décision prise ici depuis ce que les évaluateurs ont coché, sans passer par le relevé."""
    salle = factories.evalue("B3", non_valides)
    arbre = norme(SYSTEME, factories.dossier(salle).norme_empreinte)
    coche = {k.code: "non_valide" if k.code in non_valides else "valide" for k in arbre.bloc("B3").criteres()}
    attendu = decider(arbre, coche, blocs=("B3",))  # type: ignore[arg-type]
    pdf = releve(salle)
    assert refait(pdf) == json.loads(json.dumps(attendu.en_json()))
    assert attendu.bloc("B3").raison in texte(pdf).replace("’", "'")


def test_les_quatre_blocs_decident_la_certification():
    premiere = convocations.salle("B1", ("B1", "B2", "B3", "B4"))
    paire = (premiere.metier, premiere.certificateur)
    factories.evalue(salle=premiere)
    for bloc, non_valides in (("B2", ()), ("B3", ()), ("B4", ("K4.1.1", "K4.2.1"))):
        factories.evalue(non_valides=non_valides, salle=convocations.salle(bloc, monde=premiere.monde, paire=paire))
    pdf = releve(premiere)
    rendu = refait(pdf)
    assert rendu["certification"]["acquis"] is not None
    decision, _ = selectors.verdict_du_dossier(
        SYSTEME,
        factories.dossier(premiere),
        selectors.resultats_du_dossier(SYSTEME, factories.dossier(premiere).id),
        {},
    )
    assert rendu == json.loads(json.dumps(decision.en_json()))
    assert decision.certification.raison in texte(pdf).replace("’", "'")


def test_un_critere_laisse_au_jury_reste_ouvert_dans_ce_qu_on_refait():
    salle = factories.deux_lectures(convocations.salle(), {"K3.2.1"})
    for auteur, motif in ((salle.metier, "Pas entendu."), (salle.certificateur, "")):
        services.se_prononcer(
            epreuve=salle.epreuve,
            critere="K3.2.1",
            choix=Position.DESACCORD,
            motif=motif,
            auteur=auteur,
            maintenant=CLOTURE,
        )
    pdf = releve(salle)
    assert refait(pdf)["blocs"]["B3"]["detail"]["C3.2"]["ouverts"] == ["K3.2.1"]
    assert "laissé au jury" in texte(pdf)
    assert "Pas entendu" not in texte(pdf)


def test_le_releve_d_une_partie_des_blocs_ne_decide_pas_la_certification():
    salle = convocations.salle("B3", ("B3", "B4"))
    factories.evalue(salle=salle)
    rendu = refait(releve(salle))
    assert rendu["certification"] is None
    assert (rendu["blocs"]["B3"]["acquis"], rendu["blocs"]["B4"]["acquis"]) == (True, None)


def test_ni_remarque_ni_nom_d_evaluateur_dans_le_releve():
    salle = convocations.salle()
    services.poser(
        epreuve=salle.epreuve,
        appareil=salle.epreuve,
        cible="commentaire:K3.1.1",
        valeur="Hésite beaucoup",
        auteur=salle.metier,
        maintenant=convocations.JOUR,
    )
    factories.evalue(salle=salle)
    pdf = releve(salle)
    for mot in ("Hésite", "Hugo", "Salomé"):
        assert mot not in texte(pdf)
        assert mot.encode() not in pdf.attachments["verdict.jsonl"][0]


def test_le_releve_est_archivable_accessible_et_toujours_le_meme():
    salle = factories.evalue("B4")
    dossier = factories.dossier(salle)
    resultats = selectors.resultats_du_dossier(SYSTEME, dossier.id)
    premier, second = (documents.releve(SYSTEME, dossier, resultats) for _ in range(2))
    assert premier == second
    pdf = PdfReader(io.BytesIO(premier))
    xmp = pdf.xmp_metadata.stream.get_data().decode()  # type: ignore[union-attr]
    assert "<pdfaid:part>3</pdfaid:part>" in xmp
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in xmp
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
    racine = pdf.trailer["/Root"]
    assert racine["/Lang"] == "fr-FR"
    assert bool(racine["/MarkInfo"]["/Marked"])
    assert pdf.metadata.title == f"Relevé de calcul, {dossier.candidat_nom}"  # type: ignore[union-attr]


def test_chaque_critere_y_est_mot_pour_mot():
    salle = factories.evalue("B3", ("K3.2.1",))
    lu = texte(releve(salle))
    for critere in norme(SYSTEME, factories.dossier(salle).norme_empreinte).bloc("B3").criteres():
        assert " ".join(critere.intitule.split()) in lu
