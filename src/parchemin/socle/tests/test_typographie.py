"""La typographie française : dates, durées, pluriels, espaces."""

from datetime import UTC, date, datetime, timedelta

import pytest

from parchemin.socle import typographie

FINE, INSECABLE = "\u202f", "\u00a0"


def test_date_longue_nomme_le_jour():
    assert typographie.date_longue(date(2026, 11, 24)) == f"mardi 24{INSECABLE}novembre 2026"


def test_le_premier_du_mois_s_ecrit_1er():
    assert typographie.date_longue(date(2026, 12, 1)) == f"mardi 1er{INSECABLE}décembre 2026"
    assert typographie.date_en_clair(date(2026, 8, 1)) == f"1er{INSECABLE}août 2026"
    assert typographie.date_courte(date(2026, 2, 1)) == f"1er{INSECABLE}févr.{INSECABLE}2026"


def test_chaque_mois_a_son_nom_et_son_abrege():
    courtes = [typographie.date_courte(date(2026, mois, 2)).split(INSECABLE)[1] for mois in range(1, 13)]
    assert courtes == list(typographie.MOIS_COURTS)
    longues = [typographie.date_en_clair(date(2026, mois, 2)).split(INSECABLE)[1] for mois in range(1, 13)]
    assert longues == [f"{mois} 2026" for mois in typographie.MOIS]


@pytest.mark.parametrize(
    ("instant", "dit"),
    [
        (datetime(2026, 11, 24, 8, 5, tzinfo=UTC), f"9{INSECABLE}h{INSECABLE}05"),
        (datetime(2026, 7, 24, 7, 5, tzinfo=UTC), f"9{INSECABLE}h{INSECABLE}05"),
    ],
    ids=["l'hiver", "l'été"],
)
def test_une_heure_est_celle_de_paris(instant, dit):
    assert typographie.heure(instant) == dit


@pytest.mark.parametrize(
    ("ecart", "attendu"),
    [
        (timedelta(0), "0 s"),
        (timedelta(seconds=59), "59 s"),
        (timedelta(seconds=60), "1 min"),
        (timedelta(minutes=59, seconds=59), "59 min"),
        (timedelta(hours=1), "1 h"),
        (timedelta(hours=1, minutes=5), "1 h 05"),
        (timedelta(hours=23, minutes=59), "23 h 59"),
        (timedelta(days=1), "1 jour"),
        (timedelta(days=9, hours=23), "9 jours"),
    ],
)
def test_duree_choisit_l_unite_la_plus_parlante(ecart, attendu):
    assert typographie.duree(ecart) == attendu.replace(" ", INSECABLE)


def test_une_duree_negative_est_refusee():
    with pytest.raises(ValueError, match="négative"):
        typographie.duree(timedelta(seconds=-1))


@pytest.mark.parametrize(("secondes", "attendu"), [(0, "0:00"), (872, "14:32"), (3605, "60:05"), (-3, "0:00")])
def test_chrono(secondes, attendu):
    assert typographie.chrono(timedelta(seconds=secondes)) == attendu


@pytest.mark.parametrize(
    ("jour", "attendu"),
    [(25, "depuis aujourd’hui"), (24, "depuis aujourd’hui"), (23, "depuis hier"), (15, f"depuis 9{INSECABLE}jours")],
)
def test_anciennete(jour, attendu):
    assert typographie.anciennete(date(2026, 11, jour), date(2026, 11, 24)) == attendu


@pytest.mark.parametrize(
    ("nombre", "mots", "attendu"),
    [
        (0, ("critère",), "0 critère"),
        (1, ("critère",), "1 critère"),
        (2, ("critère",), "2 critères"),
        (3, ("critère validé",), "3 critères validés"),
        (2, ("critère non validé",), "2 critères non validés"),
        (2, ("choix exprimé",), "2 choix exprimés"),
        (2, ("œil", "yeux"), "2 yeux"),
        (1, ("œil", "yeux"), "1 œil"),
    ],
)
def test_pluriel(nombre, mots, attendu):
    assert typographie.pluriel(nombre, *mots) == attendu.replace(" ", INSECABLE, 1)


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("Vraiment ?", f"Vraiment{FINE}?"),
        ("trois ; quatre : cinq !", f"trois{FINE}; quatre{FINE}: cinq{FINE}!"),
        ("« oui »", f"«{FINE}oui{FINE}»"),
        ("coupé «\n    ici\n » ", f"coupé «{FINE}ici{FINE}» "),
        ("l'épreuve d'aujourd'hui", "l’épreuve d’aujourd’hui"),
        ("l&#x27;épreuve", "l’épreuve"),
        ("attendez...", "attendez…"),
        ("80 % en 20 min", f"80{INSECABLE}% en 20{INSECABLE}min"),
        ("10 h 12", f"10{INSECABLE}h{INSECABLE}12"),
        ("n° 3", f"n°{INSECABLE}3"),
        ("Bloc 1 — Gestion", f"Bloc 1{INSECABLE}— Gestion"),
    ],
)
def test_typo_pose_ce_qu_il_faut(texte, attendu):
    assert typographie.typo(texte) == attendu


@pytest.mark.parametrize(
    "intact",
    [
        "10:12",
        "https://parchemin.example/v/abc?x=1",
        "'entre apostrophes'",
        "20 minutes",
        "<a href='x' title=\"quoi ?\">",
        "déjà\u202f?",
    ],
)
def test_typo_ne_touche_pas_au_reste(intact):
    assert typographie.typo(intact) == intact


def test_typo_est_idempotente():
    une_fois = typographie.typo("« L'utilisateur a-t-il compris ? » : 80 % l'ont dit...")
    assert typographie.typo(une_fois) == une_fois


@pytest.mark.parametrize(
    ("nom", "dit"),
    [
        ("Lou Élan", "de Lou Élan"),
        ("Aminata Coulibaly", "d’Aminata Coulibaly"),
        ("Élodie Ferreira", "d’Élodie Ferreira"),
        ("Œuvrard", "d’Œuvrard"),
        ("Héloïse Vasseur", "d’Héloïse Vasseur"),
        ("Hassan Diallo", "de Hassan Diallo"),
        ("Yves Morel", "d’Yves Morel"),
        ("Yann Quéméner", "de Yann Quéméner"),
        ("Y", "de Y"),
        ("le dossier de Lou", "du dossier de Lou"),
        ("les épreuves", "des épreuves"),
        ("l’épreuve", "de l’épreuve"),
        ("cette personne", "de cette personne"),
        ("Léa Le Goff", "de Léa Le Goff"),
        ("—", "de —"),
        ("", "de "),
    ],
)
def test_de_s_elide_ou_se_contracte_selon_le_mot_qui_suit(nom, dit):
    assert typographie.de(nom) == dit
