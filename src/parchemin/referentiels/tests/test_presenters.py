"""Ce que les pages disent, en mots."""

from __future__ import annotations

from datetime import date

import pytest

from parchemin.referentiels.presenters import (
    MARQUES,
    Fragment,
    RangeeSeuil,
    page_liste,
    page_reglement,
    page_version,
    valeur_reglage,
)
from parchemin.referentiels.selectors import (
    Reglage,
    annexes,
    chercher,
    contenu_norme,
    editions,
    fiche,
    norme,
    reglement_en_vigueur,
)
from parchemin.referentiels.services import completer_fiche
from parchemin.referentiels.tests.factories import PUBLICATION, publier
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.composants import Statut, Ton

INSECABLE = "\N{NO-BREAK SPACE}"


def composer(version, recherche=""):
    return page_version(
        version=version,
        arbre=norme(None, version.empreinte),
        contenu=contenu_norme(None, version.empreinte),
        fiche=fiche(None, version),
        annexes=annexes(None, version),
        reglement=reglement_en_vigueur(None, version, date(2026, 11, 24)),
        recherche=recherche,
        trouvailles=chercher(None, version.empreinte, recherche),
    )


@pytest.mark.django_db
def test_la_page_d_une_version():
    page = composer(publier())
    assert page.titre == "CQP Conseiller offres de services de la Sécurité sociale"
    assert page.resume.replace(INSECABLE, " ") == (
        "4 blocs, 4 activités, 18 compétences, 73 critères. Publiée le 1er septembre 2026."
    )
    assert [bloc.points.phrase.replace(INSECABLE, " ") for bloc in page.blocs] == [
        "6 compétences ; il en faut 5",
        "5 compétences ; il en faut 4",
        "3 compétences ; il en faut 3",
        "4 compétences ; il en faut 4",
    ]
    assert [len(c.criteres) for bloc in page.blocs for c in bloc.competences] == [
        5, 6, 6, 4, 4, 5, 6, 3, 4, 4, 3, 4, 3, 3, 4, 3, 3, 3,
    ]  # fmt: skip
    assert page.blocs[0].epreuve.exigences == (
        "Entretiens observés : au moins 2 (double écoute ou accueil physique)",
        "Courriers ou courriels, d'un panel présélectionné : au moins 5 (double écoute ou accueil physique)",
    )
    assert page.blocs[1].epreuve.exigences[-1] == "Aucun document ni support remis par le candidat"
    assert [partie.nom for partie in page.parties] == ["Norme", "Règlement", "Fiche", "Annexes"]


@pytest.mark.django_db
def test_une_mention_inconnue_dit_a_qui_la_demander():
    version = publier()
    avant = {m.libelle: m for m in composer(version).mentions}["Date de la décision d'enregistrement"]
    assert (avant.valeur, avant.statut) == ("", Statut(Ton.ATTENTE, "à demander"))
    assert avant.note.startswith("Certificateur ou fiche RNCP35543.")
    completer_fiche(
        version=version.id, mention="date_decision", valeur="2021-04-19", source="Journal officiel",
        auteur=SYSTEME, maintenant=PUBLICATION,
    )  # fmt: skip
    apres = {m.libelle: m for m in composer(version).mentions}["Date de la décision d'enregistrement"]
    assert (apres.valeur.replace(INSECABLE, " "), apres.note, apres.statut) == (
        "19 avril 2021", "Source : Journal officiel", None,
    )  # fmt: skip


@pytest.mark.django_db
def test_la_fiche_se_lit_dans_son_ordre():
    libelles = [mention.libelle for mention in composer(publier()).mentions]
    assert libelles[:4] == [
        "Intitulé enregistré, à la lettre", "Intitulé usuel", "Certificateurs", "Numéro au RNCP",
    ]  # fmt: skip
    assert len(libelles) == 13


@pytest.mark.django_db
def test_la_recherche_montre_les_mots_trouves():
    recherche = composer(publier(), "prevention").recherche
    assert recherche.resume.replace(INSECABLE, " ") == "1 endroit contient « prevention »."
    (resultat,) = recherche.resultats
    assert resultat.url == "/referentiels/cqp-cos/2021/#C2.4"
    assert resultat.fragments[:3] == (
        Fragment("Participer à la "),
        Fragment("prévention", trouve=True),
        Fragment(
            " des indus en appliquant les règles et les procédures afin de garantir les droits des usagers "
            "et de contribuer à la maîtrise des ressources financières de la Sécurité sociale"
        ),
    )
    assert "".join(f.texte for f in resultat.fragments) == norme(None, publier().empreinte).competence("C2.4").intitule
    assert composer(publier(), "zzz").recherche.resume == "Rien ne contient « zzz »."
    assert composer(publier(), "  ").recherche.resume == ""


@pytest.mark.django_db
def test_la_liste_dit_ou_en_est_l_enregistrement():
    version = publier()
    trio = ((version, norme(None, version.empreinte), fiche(None, version)),)
    statuts = [page_liste(trio, jour).cartes[0].statut for jour in (date(2026, 4, 19), date(2026, 4, 20))]
    assert [(s.ton, s.libelle.replace(INSECABLE, " ")) for s in statuts] == [
        (Ton.OUI, "Enregistrée jusqu'au 19 avril 2026"),
        (Ton.NEUTRE, "Enregistrement terminé le 19 avril 2026"),
    ]


@pytest.mark.django_db
def test_le_reglement_montre_chaque_reglage_avec_ce_qu_il_vaut():
    version = publier()
    reglement = reglement_en_vigueur(None, version, date(2026, 11, 24))
    page = page_reglement(
        version=version, fiche=fiche(None, version), reglement=reglement, editions=editions(None, version)
    )  # fmt: skip
    assert len(page.reglages.lignes) == len(reglement.reglages) == 51
    reponses = {ligne[0]: str(ligne[1]) for ligne in page.reglages.lignes}
    assert reponses["Combien de fois peut-on se présenter à un bloc ?"] == "Sans limite"
    assert reponses["Une même observation peut-elle servir deux blocs, si deux grilles sont remplies ?"] == (
        "Non (blocs B1, B3)"
    )
    assert reponses["En combien de mois peut-on contester ?"].replace(INSECABLE, " ") == "3 mois"
    assert reponses["Que peut-on contester ?"] == "Les conditions de l'épreuve, le résultat"
    assert reponses[
        "Combien de jours avant l'épreuve chacun est-il convoqué, et peut-on le convoquer plus tard ?"
    ].replace(INSECABLE, " ") == (
        "un évaluateur : 21 jours avant, ou avec un motif jusqu’à 15 jours ; le candidat : 15 jours avant, ou avec un motif ; "
        "le manager : 15 jours avant, ou avec un motif"
    )
    assert [ligne[0] for ligne in page.editions.lignes] == ["1"]


@pytest.mark.django_db
def test_chaque_valeur_du_reglement_livre_a_ses_mots():
    """Aucun code de réglage (`mot_avec_soulignes`) ne paraît à l'écran."""
    reglement = reglement_en_vigueur(None, publier(), date(2026, 11, 24))
    assert [r.code for r in reglement.reglages.values() if "_" in valeur_reglage(r)] == []
    assert {r.marque for r in reglement.reglages.values()} <= set(MARQUES)


def _vaut(du: str | None = None, au: str | None = None, *, active: bool = True) -> dict[str, object]:
    return {"de": {"referentiel": "RNCP1", "bloc": "B2"}, "vers": "B1", "du": du, "au": au, "active": active}


@pytest.mark.parametrize(
    ("code", "valeur", "mots"),
    [
        ("second_regard", True, "Oui"),
        ("second_regard", False, "Non"),
        ("bloc_validite_mois", None, "Sans terme"),
        ("bloc_validite_mois", 60, "60 mois"),
        ("delai_scellement_jours", 1, "1 jour"),
        ("jury_quorum", 2, "2"),
        ("carnet_montre", [], "Personne"),
        ("equivalences", [], "Aucun"),
        ("equivalences", [_vaut(active=False)], "RNCP1 B2 vaut B1 : pas encore appliquée"),
        ("equivalences", [_vaut()], "RNCP1 B2 vaut B1 : sans terme"),
        ("equivalences", [_vaut(du="2026-01-05")], "RNCP1 B2 vaut B1 : à partir du 5 janvier 2026"),
        (
            "equivalences",
            [_vaut(du="2026-01-05", au="2026-12-31"), _vaut(au="2026-02-28")],
            "RNCP1 B2 vaut B1 : du 5 janvier 2026 au 31 décembre 2026 ; RNCP1 B2 vaut B1 : jusqu'au 28 février 2026",
        ),
        ("dispense_de_bloc", "interdite", "Non"),
        ("lecture", "lecture_commune", "Une lecture commune"),
    ],
)
def test_une_valeur_en_mots(code, valeur, mots):
    assert valeur_reglage(Reglage(code, None, "?", valeur, "I", "")).replace(INSECABLE, " ") == mots


def test_une_rangee_dit_combien_il_en_faut():
    rangee = RangeeSeuil(0, 0, 6, 5)
    assert (list(rangee.formes), rangee.phrase.replace(INSECABLE, " ")) == (
        ["o"] * 5 + ["seuil", "o"], "6 critères ; il en faut 5",
    )  # fmt: skip
