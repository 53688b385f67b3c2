"""Le calcul des chaînes, confronté à une écriture indépendante."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime, timedelta, timezone
from uuid import UUID

import pytest

from parchemin.registre.chainage import GENESE, corps, en_json, engagement, instant_texte, maillon
from parchemin.registre.tests.factories import ActionEssai

CONTENU = {
    "chaine": "organisme:a",
    "instant": "2026-11-24T12:00:00.000000+00:00",
    "auteur": "a11ce000-0000-4000-8000-000000000000",
    "nature": "personne",
    "action": "essai.faite",
    "objet_type": "essai.chose",
    "objet_id": "1",
    "donnees": {"b": 1, "a": "é"},
    "engagements": {},
    "scelles": [{"table": "t", "cle": "1", "empreinte": "f" * 64}],
}


def test_le_corps_est_le_sha256_du_json_canonique():
    attendu = {cle: valeur for cle, valeur in CONTENU.items() if not cle.startswith("objet_")}
    attendu["objet"] = ["essai.chose", "1"]
    texte = json.dumps(attendu, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert corps(**CONTENU) == hashlib.sha256(texte.encode()).hexdigest()


@pytest.mark.parametrize("champ", CONTENU)
def test_chaque_champ_compte(champ):
    change = [] if champ == "scelles" else {"autre": 1} if champ in {"donnees", "engagements"} else CONTENU[champ] + "x"
    assert corps(**(CONTENU | {champ: change})) != corps(**CONTENU)


def test_le_maillon_tient_au_precedent_au_rang_et_au_corps():
    texte = f"parchemin.registre.1:{GENESE}:1:{'a' * 64}"
    assert maillon(GENESE, 1, "a" * 64) == hashlib.sha256(texte.encode()).hexdigest()
    tous = {
        maillon(GENESE, 1, "a" * 64),
        maillon("1" * 64, 1, "a" * 64),
        maillon(GENESE, 2, "a" * 64),
        maillon(GENESE, 1, "b" * 64),
    }
    assert len(tous) == 4


def test_l_engagement_tient_au_sel_au_nom_et_a_la_valeur():
    reference = engagement(b"s" * 16, "nom", "Zoé")
    texte = json.dumps(
        ["parchemin.valeur.1", (b"s" * 16).hex(), "nom", "Zoé"], separators=(",", ":"), ensure_ascii=False
    )
    assert reference == hashlib.sha256(texte.encode()).hexdigest()
    assert (
        len(
            {
                reference,
                engagement(b"t" * 16, "nom", "Zoé"),
                engagement(b"s" * 16, "prenom", "Zoé"),
                engagement(b"s" * 16, "nom", "Zoe"),
            }
        )
        == 4
    )


def test_un_instant_s_ecrit_en_utc_a_la_microseconde():
    paris = timezone(timedelta(hours=1))
    assert instant_texte(datetime(2026, 11, 24, 13, 0, tzinfo=paris)) == "2026-11-24T12:00:00.000000+00:00"
    with pytest.raises(ValueError, match="fuseau"):
        instant_texte(datetime(2026, 11, 24, 13, 0))  # noqa: DTZ001


def test_les_donnees_deviennent_du_json_pur():
    brut = {
        "id": UUID(int=1), "jour": date(2026, 1, 2), "instant": datetime(2026, 1, 2, 3, tzinfo=UTC),
        "choix": ActionEssai.FAITE, "liste": (1, True, None), "dedans": {"é": "œ"},
    }  # fmt: skip
    assert en_json(brut) == {
        "id": "00000000-0000-0000-0000-000000000001", "jour": "2026-01-02", "instant": "2026-01-02T03:00:00.000000+00:00",
        "choix": "essai.faite", "liste": [1, True, None], "dedans": {"é": "œ"},
    }  # fmt: skip
    assert type(en_json(ActionEssai.FAITE)) is str


@pytest.mark.parametrize("valeur", [1.5, {1, 2}, {1: "a"}, object(), b"octets"])
def test_ce_qui_n_a_pas_d_ecriture_unique_est_refuse(valeur):
    with pytest.raises(TypeError):
        en_json([valeur])


@pytest.mark.parametrize("valeur", ["a\x00b", "\ud800", {"\x00": 1}, datetime(2026, 1, 1)])  # noqa: DTZ001
def test_ce_que_la_base_ne_garderait_pas_est_refuse(valeur):
    with pytest.raises(ValueError, match=r"."):
        en_json(valeur)
