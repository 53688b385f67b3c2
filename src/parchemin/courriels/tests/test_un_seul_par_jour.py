"""Jamais plus d'un courriel de rappel par jour et par personne, et aucun fait perdu : prouvé sur soixante jours tirés au hasard."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parchemin.courriels import genres
from parchemin.courriels.enums import Etat, Issue, Rythme
from parchemin.courriels.genres import DU_JOUR, Genre
from parchemin.courriels.messages import Ligne
from parchemin.courriels.models import Envoi, Nouvelle
from parchemin.courriels.services.nouvelles import NOUVELLES_MAX
from parchemin.courriels.tests import factories
from parchemin.courriels.tests.factories import ADA, BOB, PRESSANT, SIGNALE
from parchemin.socle.horloge import PARIS, jour_civil

pytestmark = pytest.mark.django_db

RAPPEL = genres.declarer(Genre("essai.rappel", "Un retard d’essai", obligatoire=True, rappel=True))
JOURS = 60
DEPART = datetime(2026, 9, 1, tzinfo=PARIS)
TOURNEE = 7 * 60
"""Minutes après minuit, à Paris."""


def a(jour: int, minute: int) -> datetime:
    """L'instant de cette minute du jour civil, à Paris : l'heure change le 25 octobre."""
    debut = DEPART.date() + timedelta(days=jour)
    local = datetime(debut.year, debut.month, debut.day, minute // 60, minute % 60, tzinfo=PARIS)
    return local.astimezone(UTC)


faits = st.lists(
    st.tuples(
        st.integers(0, JOURS - 1),
        st.integers(0, 24 * 60 - 1),
        st.sampled_from([ADA, BOB]),
        st.sampled_from([RAPPEL, RAPPEL, SIGNALE, PRESSANT]),
    ),
    max_size=40,
)
fois = st.integers(1, 3)
"""Combien de fois le même fait est annoncé : un événement remis deux fois ne se dit qu'une."""


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(faits=faits, fois=fois, attend=st.booleans(), coupe=st.booleans())
def test_un_par_jour_au_plus_et_chaque_fait_une_fois(faits, fois, attend, coupe):
    with transaction.atomic():
        _soixante_jours(faits, fois, attend=attend, coupe=coupe)
        transaction.set_rollback(True)


def _soixante_jours(faits, fois: int, *, attend: bool, coupe: bool) -> None:
    if coupe:  # Ada ne veut pas du courriel du jour : ses rappels l'atteignent quand même
        factories.regler(DU_JOUR, Rythme.JAMAIS)
    a_faire = (Ligne("Faire attester un carnet", "Depuis douze jours."),) if attend else ()
    gestes = [(jour, minute, rang) for rang, (jour, minute, _, _) in enumerate(faits)]
    gestes += [(jour, TOURNEE, -1) for jour in range(JOURS + 1)]
    for jour, minute, rang in sorted(gestes):
        instant = a(jour, minute)
        for _ in range(fois):
            if rang == -1:
                for personne in (ADA, BOB):
                    factories.regrouper(a_faire, destinataire=personne, maintenant=instant)
            else:
                _, _, personne, genre = faits[rang]
                factories.prevenir(f"fait:{rang}", genre=genre, destinataire=personne, maintenant=instant)
    partis = Counter((envoi.destinataire, jour_civil(envoi.depose_le)) for envoi in Envoi.objects.all())
    assert max(partis.values(), default=0) <= 1
    dits = set(Envoi.objects.values_list("cle", flat=True))
    dits |= set(Nouvelle.objects.filter(envoi__isnull=False).values_list("cle", flat=True))
    assert {f"fait:{rang}" for rang in range(len(faits))} <= dits
    assert Nouvelle.objects.filter(envoi=None).count() == 0


def test_quarante_carnets_et_cinq_retards_ne_font_qu_un_message():
    for rang in range(5):
        factories.prevenir(f"retard:{rang}", genre=RAPPEL, nouvelle=Ligne(f"Le retard {rang}"))
    for rang in range(3):
        factories.prevenir(f"neuf:{rang}")
    carnets = tuple(Ligne(f"Faire attester le carnet {rang}", "Depuis douze jours.") for rang in range(40))
    assert factories.regrouper(carnets) is True
    assert factories.regrouper(carnets) is False
    envoi = Envoi.objects.get()
    assert (
        envoi.texte.index("Ce qui tarde") < envoi.texte.index("Ce qui est nouveau") < envoi.texte.index("Ce qui vous")
    )
    assert [envoi.texte.count(mot) for mot in ("Le retard", "Faire attester le carnet")] == [5, 40]


def test_un_rappel_ne_part_jamais_seul_et_ne_se_coupe_pas():
    assert factories.prevenir("retard", genre=RAPPEL) is Issue.GARDEE
    with pytest.raises(ValueError, match="rappel"):
        factories.envoyer(genre=RAPPEL)
    with pytest.raises(Exception, match="ne se coupe pas"):
        factories.regler(RAPPEL, Rythme.JAMAIS)
    factories.regler(DU_JOUR, Rythme.JAMAIS)
    assert factories.regrouper((Ligne("Une chose", "Sa raison."),)) is True
    texte = Envoi.objects.get().texte
    assert ("Un carnet à attester" in texte, "Une chose" in texte) == (True, False)


def test_une_nouvelle_coupee_depuis_n_en_retient_aucune_autre():
    for rang in range(NOUVELLES_MAX):
        factories.prevenir(f"coupee:{rang}")
    factories.regler(SIGNALE, Rythme.JAMAIS)
    factories.prevenir("retard", genre=RAPPEL)
    assert factories.regrouper() is True
    assert list(Nouvelle.objects.filter(envoi__isnull=False).values_list("cle", flat=True)) == ["retard"]


def test_un_genre_qui_se_coupe_n_est_pas_un_rappel():
    with pytest.raises(ValueError, match="ne se coupe pas"):
        genres.declarer(Genre("essai.rappel_faux", "Un faux rappel", rappel=True))


def test_ce_qui_repond_a_un_geste_part_quand_meme():
    """Le courriel du jour est déjà parti : une invitation part, elle n'est pas un rappel."""
    factories.regrouper((Ligne("Une chose", "Sa raison."),))
    factories.envoyer()
    assert Envoi.objects.filter(etat=Etat.A_ENVOYER).count() == 2
