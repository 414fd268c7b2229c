"""Building the sample from a plan: with months of sales work, or leads and activities alone."""

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import transaction

from feedback.sample import campaigns as marketing
from feedback.sample import pausing, people, routing
from feedback.sample.bulk import import_deeds, import_persons
from feedback.sample.deeds import crowds
from feedback.sample.history import History
from feedback.sample.people import House
from feedback.sample.persons import Crowd, Persona
from feedback.sample.plan import Plan
from feedback.sample.selling import sell

CHUNK = 1_000
TELL_EVERY = 50
Say = Callable[[str], None]


@contextmanager
def _seldom_collected() -> Iterator[None]:
    """Look for garbage seldom: to look through all that stays again and again takes a sixth of the time."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(200_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


@_seldom_collected()
def build(plan: Plan, say: Say) -> None:
    """The whole sample company, with what sales did since the definition went live."""
    say(f"People, hours and the agreement of {people.NAME} ...")
    house, crowd = _found(plan)
    persons = [person for batch in crowds(crowd, size=CHUNK) for person in batch]
    people.agree(house, plan)
    routing.set_rules(house, now=plan.live_at)
    History(plan, house, persons, say).run()
    routing.set_reps(house, plan)
    pausing.pause_some(plan)
    say("What sales showed and learned ...")
    sell(plan, house)
    people.finish(house, plan)


@_seldom_collected()
def build_bulk(plan: Plan, say: Say) -> None:
    """Leads and activities with their scores, without sales: for benchmarks. Memory stays flat."""
    say(f"People, hours and the agreement of {people.NAME} ...")
    house, crowd = _found(plan)
    people.agree(house, plan)
    began, leads, deeds = time.monotonic(), 0, 0
    for number, batch in enumerate(crowds(crowd, size=CHUNK), 1):
        deeds += _import(batch, house, plan)
        leads += len(batch)
        if number % TELL_EVERY == 0:
            rate = leads / (time.monotonic() - began)
            say(f"  {leads:,} leads and {deeds:,} activities, {rate:,.0f} leads a second")
    say("Judging all leads ...")
    people.go_live(plan, plan.now, say)
    people.finish(house, plan)
    seconds = time.monotonic() - began
    say(f"Done: {leads:,} leads and {deeds:,} activities in {seconds:,.0f} seconds.")


@transaction.atomic
def _import(persons: list[Persona], house: House, plan: Plan) -> int:
    for person in persons:
        person.facts.answers = tuple(answer for _, answer in person.answers)
    ids = import_persons(persons, by=house.marketer, now=plan.now, is_marked=False)
    facts = ((pk, deed) for pk, person in zip(ids, persons, strict=True) for deed in person.deeds)
    return import_deeds(facts, by=house.marketer, now=plan.now, is_marked=False)


def _found(plan: Plan) -> tuple[House, Crowd]:
    house = people.found(plan)
    rows = marketing.campaigns(plan)
    marketing.save(rows, by=house.marketing)
    return house, Crowd(plan, marketing.runs(rows))
