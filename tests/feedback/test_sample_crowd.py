"""The made-up persons: how many, what they did, and that nothing about them is real."""

import itertools
from datetime import UTC, datetime
from random import Random

import pytest

from feedback.sample import campaigns, truth, vocab, words
from feedback.sample.deeds import crowds
from feedback.sample.persons import Crowd, Persona
from feedback.sample.plan import Plan

NOW = datetime(2026, 11, 18, 13, 30, tzinfo=UTC)
PLAN = Plan(leads=1_500, activities=12_000, seed=7, now=NOW)


def everybody(plan: Plan = PLAN, size: int = 400) -> list[Persona]:
    crowd = Crowd(plan, campaigns.runs(campaigns.campaigns(plan)))
    return list(itertools.chain.from_iterable(crowds(crowd, size=size)))


@pytest.fixture(scope="module")
def persons() -> list[Persona]:
    return everybody()


def test_there_are_as_many_leads_and_activities_as_planned(persons: list[Persona]) -> None:
    assert (len(persons), sum(len(person.deeds) for person in persons)) == (1_500, 12_000)


def test_the_same_seed_makes_the_same_persons_and_another_seed_others(persons: list[Persona]) -> None:
    assert [person.facts for person in everybody()] == [person.facts for person in persons]
    other = everybody(Plan(1_500, 12_000, 8, NOW))
    assert [person.facts for person in other] != [person.facts for person in persons]


def test_every_address_and_domain_is_reserved_and_no_address_comes_twice(persons: list[Persona]) -> None:
    addresses = [person.facts.email or "" for person in persons]
    assert all(address.endswith(".example") for address in addresses)
    assert all(person.company.domain.endswith(".example") for person in persons)
    assert len(set(addresses)) == len(addresses)


def test_every_phone_number_is_of_a_range_that_nobody_has(persons: list[Persona]) -> None:
    free = {phone.rstrip("# ") for country in vocab.COUNTRIES for phone in country.phones}
    given = [person.facts.phone for person in persons if person.facts.phone]
    assert given
    assert all(any(phone.startswith(start) for start in free) for phone in given)


def test_nobody_does_anything_before_being_known_or_after_now(persons: list[Persona]) -> None:
    start, now = PLAN.start.timestamp(), NOW.timestamp()
    for person in persons:
        assert person.born <= now
        assert all(max(start, person.born) <= deed.at <= now for deed in person.deeds)


def test_as_many_leads_become_known_in_the_last_weeks_as_before(persons: list[Persona]) -> None:
    weeks = [0] * 24
    for person in persons:
        age = int(NOW.timestamp() - person.born) // (7 * 86_400)
        if age < len(weeks):
            weeks[age] += 1
    latest, before = sum(weeks[:4]), sum(weeks[4:]) / 5
    assert 0.7 < latest / before < 1.3
    assert min(weeks) > sum(weeks) / len(weeks) / 2


def test_there_are_gaps_free_mail_and_people_who_come_twice(persons: list[Persona]) -> None:
    for name in ("phone", "title", "country", "company", "source"):
        missing = sum(getattr(person.facts, name) is None for person in persons)
        assert 0 < missing < len(persons) / 1.5, name
    assert 100 < sum(person.has_free_mail for person in persons) < 500
    people = [(person.company.name, person.first, person.last) for person in persons]
    assert len(people) - len(set(people)) > 20


def test_there_are_four_campaigns_a_quarter_and_each_has_a_cost() -> None:
    rows = campaigns.campaigns(PLAN)
    starts = [row.starts_on for row in rows]
    assert {starts.count(day) for day in starts} == {4}
    assert all(row.cost and row.cost > 1_000 for row in rows)


@pytest.mark.parametrize(
    ("name", "is_taken_more"),
    [
        ("webinar", False),
        ("bought list", False),
        ("bank or insurance", False),
        ("small online retailer", True),
    ],
)
def test_the_hidden_truth_tells_leads_apart(persons: list[Persona], name: str, is_taken_more: bool) -> None:
    effect = next(effect for effect in truth.EFFECTS if effect.name == name)
    rng = Random(1)  # noqa: S311 - made-up data
    taken: dict[bool, list[bool]] = {True: [], False: []}
    for person in persons:
        taken[effect.holds(person)].append(truth.accepts(person, rng))
    with_it, without = (sum(each) / len(each) for each in (taken[True], taken[False]))
    assert (with_it > without) is is_taken_more


def test_every_reason_of_the_truth_has_words(persons: list[Persona]) -> None:
    keys = {key for effect in truth.EFFECTS for key in effect.reasons} | set(truth.USUAL)
    assert keys <= set(words.REJECTED)
