"""L'iCalendar, relu par une autre bibliothèque que celle qui l'écrit (`ical`), et par un dépliage écrit à la main."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ical.calendar import Calendar
from ical.calendar_stream import IcsCalendarStream

from parchemin.convocations.documents.calendrier import Adresse, Evenement, Methode, ecrire, uid

INSTANT = datetime(2026, 10, 2, 8, 0, tzinfo=UTC)
EPREUVE, PERSONNE = UUID(int=1), UUID(int=2)
OUTRE_MER = (
    "America/Guadeloupe",
    "America/Martinique",
    "America/Cayenne",
    "Indian/Reunion",
    "Indian/Mayotte",
    "America/Miquelon",
    "Pacific/Noumea",
    "Pacific/Tahiti",
)


def evenement(debut: datetime, fuseau: str = "Europe/Paris", **champs) -> Evenement:
    valeurs = {
        "uid": uid(EPREUVE, PERSONNE, "parchemin.example"),
        "sequence": 2,
        "debut": debut,
        "fin": debut + timedelta(minutes=45),
        "fuseau": ZoneInfo(fuseau),
        "titre": "Épreuve à évaluer, bloc 1",
        "lieu": "Plateau 2",
        "adresse": "https://parchemin.example/epreuves/",
        "organisateur": Adresse("Parchemin", "ne-pas-repondre@parchemin.example"),
        "convie": Adresse("Hugo Lannic", "hugo@caisse.example"),
    } | champs
    return Evenement(**valeurs)


def relire(texte: str) -> Calendar:
    return IcsCalendarStream.calendar_from_ics(texte)


def deplier(texte: str) -> list[str]:
    """Les lignes logiques, d'après la RFC 5545 (3.1) : une suite commence par une espace, chaque ligne finit par CRLF."""
    assert texte.endswith("\r\n")
    physiques = texte.split("\r\n")[:-1]
    assert not any("\r" in ligne or "\n" in ligne for ligne in physiques)
    assert all(len(ligne.encode()) <= 75 for ligne in physiques)
    lignes: list[str] = []
    for ligne in physiques:
        if ligne.startswith(" "):
            lignes[-1] += ligne[1:]
        else:
            lignes.append(ligne)
    return lignes


def test_une_invitation_se_relit_entiere_par_une_autre_bibliotheque() -> None:
    debut = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    calendrier = relire(ecrire(Methode.INVITER, [evenement(debut)], instant=INSTANT))
    assert (calendrier.method, calendrier.version, len(calendrier.events)) == ("REQUEST", "2.0", 1)
    (un,) = calendrier.events
    assert (un.uid, un.sequence, un.summary, un.location) == (
        uid(EPREUVE, PERSONNE, "parchemin.example"),
        2,
        "Épreuve à évaluer, bloc 1",
        "Plateau 2",
    )
    assert (un.dtstart, un.dtend, un.dtstamp) == (debut, debut + timedelta(minutes=45), INSTANT)
    assert (un.status, un.classification) == ("CONFIRMED", "PRIVATE")
    assert (un.organizer.uri, un.organizer.common_name) == ("mailto:ne-pas-repondre@parchemin.example", "Parchemin")
    (convie,) = un.attendees
    assert (convie.uri, convie.common_name, convie.status, convie.rsvp) == (
        "mailto:hugo@caisse.example",
        "Hugo Lannic",
        "NEEDS-ACTION",
        False,
    )
    assert [fuseau.tz_id for fuseau in calendrier.timezones] == ["Europe/Paris"]


def test_un_retrait_garde_l_identifiant_et_dit_annule() -> None:
    debut = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    calendrier = relire(ecrire(Methode.RETIRER, [evenement(debut, sequence=3)], instant=INSTANT))
    (un,) = calendrier.events
    assert (calendrier.method, un.uid, un.sequence, un.status) == (
        "CANCEL",
        uid(EPREUVE, PERSONNE, "parchemin.example"),
        3,
        "CANCELLED",
    )


def test_l_identifiant_est_toujours_le_meme_et_ne_dit_rien() -> None:
    connu = uid(EPREUVE, PERSONNE, "h")
    assert connu == "cc0e7587-5132-53b2-bef9-006ba3f3fe8f@h"
    assert len({connu, uid(PERSONNE, EPREUVE, "h"), uid(EPREUVE, EPREUVE, "h")}) == 3
    assert str(EPREUVE) not in connu
    assert str(PERSONNE) not in connu


@pytest.mark.parametrize("fuseau", OUTRE_MER)
def test_outre_mer_l_heure_est_celle_du_site(fuseau: str) -> None:
    local = datetime(2027, 1, 15, 8, 30, tzinfo=ZoneInfo(fuseau))
    texte = ecrire(Methode.INVITER, [evenement(local.astimezone(UTC), fuseau)], instant=INSTANT)
    assert f"DTSTART;TZID={fuseau}:20270115T083000" in deplier(texte)
    (un,) = relire(texte).events
    assert un.dtstart == local
    assert un.dtstart.utcoffset() == local.utcoffset()


@pytest.mark.parametrize(
    ("debut", "locale", "decalage"),
    [
        (datetime(2027, 3, 27, 8, 0, tzinfo=UTC), "20270327T090000", 1),  # la veille du passage à l'heure d'été
        (datetime(2027, 3, 28, 0, 59, tzinfo=UTC), "20270328T015900", 1),
        (datetime(2027, 3, 28, 1, 0, tzinfo=UTC), "20270328T030000", 2),  # 2 h n'existe pas ce jour-là
        (datetime(2027, 10, 30, 7, 0, tzinfo=UTC), "20271030T090000", 2),
        (datetime(2027, 10, 31, 8, 0, tzinfo=UTC), "20271031T090000", 1),  # le jour du retour à l'heure d'hiver
    ],
)
def test_aux_changements_d_heure_l_instant_est_garde(debut: datetime, locale: str, decalage: int) -> None:
    texte = ecrire(Methode.INVITER, [evenement(debut)], instant=INSTANT)
    assert f"DTSTART;TZID=Europe/Paris:{locale}" in deplier(texte)
    (un,) = relire(texte).events
    assert un.dtstart == debut
    assert un.dtstart.utcoffset() == timedelta(hours=decalage)


def test_le_fuseau_ecrit_dit_les_deux_passages_de_l_annee() -> None:
    """Le VTIMEZONE suffit à qui ne connaît pas le nom « Europe/Paris » : ses règles sont celles de l'année de l'épreuve."""
    texte = ecrire(Methode.INVITER, [evenement(datetime(2027, 6, 1, 8, tzinfo=UTC))], instant=INSTANT)
    lignes = deplier(texte)
    debut, fin = lignes.index("BEGIN:VTIMEZONE"), lignes.index("END:VTIMEZONE")
    decrit = lignes[debut : fin + 1]
    assert decrit[1] == "TZID:Europe/Paris"
    assert {"TZOFFSETFROM:+0100", "TZOFFSETTO:+0200", "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100"} <= set(decrit)
    assert "20270328T020000" in " ".join(decrit) or "20270328T030000" in " ".join(decrit)
    assert not any(ligne.startswith("COMMENT") for ligne in decrit)
    assert lignes.index("BEGIN:VEVENT") > fin


PIEGES = st.text(
    alphabet=st.one_of(st.sampled_from("\\;,:\"'^\nÉéœ€😀 =BEGIN"), st.characters(exclude_categories=("Cs", "Cc"))),
    min_size=1,
    max_size=200,
)


@given(PIEGES, PIEGES)
def test_rien_de_saisi_ne_sort_de_sa_ligne(lieu: str, nom: str) -> None:
    """Un lieu, un nom hostiles n'ajoutent ni ligne, ni propriété ; les lignes restent pliées à 75 octets, en CRLF."""
    debut = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    texte = ecrire(
        Methode.INVITER,
        [evenement(debut, lieu=lieu, convie=Adresse(nom.replace("\n", " "), "a@b.example"))],
        instant=INSTANT,
    )
    lignes = deplier(texte)
    sans = deplier(ecrire(Methode.INVITER, [evenement(debut)], instant=INSTANT))
    assert [ligne.split(":")[0].split(";")[0] for ligne in lignes] == [
        ligne.split(":")[0].split(";")[0] for ligne in sans
    ]
    (lue,) = [ligne for ligne in lignes if ligne.startswith("LOCATION:")]
    assert lue == "LOCATION:" + lieu.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def test_un_flux_publie_plusieurs_fuseaux_sans_convie() -> None:
    evenements = [
        evenement(datetime(2026, 11, 20, 9, tzinfo=UTC), organisateur=None, convie=None),
        evenement(
            datetime(2026, 11, 21, 13, tzinfo=UTC),
            "America/Cayenne",
            uid="autre@h",
            organisateur=None,
            convie=None,
        ),
    ]
    calendrier = relire(ecrire(Methode.PUBLIER, evenements, instant=INSTANT, nom="Épreuves"))
    assert calendrier.method == "PUBLISH"
    assert [un.uid for un in calendrier.events] == [uid(EPREUVE, PERSONNE, "parchemin.example"), "autre@h"]
    assert sorted(fuseau.tz_id for fuseau in calendrier.timezones) == ["America/Cayenne", "Europe/Paris"]
    assert [(un.organizer, un.attendees) for un in calendrier.events] == [(None, []), (None, [])]


def test_un_flux_vide_est_un_calendrier_valable() -> None:
    calendrier = relire(ecrire(Methode.PUBLIER, [], instant=INSTANT, nom="Épreuves"))
    assert (calendrier.method, calendrier.events) == ("PUBLISH", [])
