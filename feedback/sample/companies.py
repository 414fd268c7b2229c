"""Made-up companies, each with the people who became leads."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from core.text import fold
from feedback.sample import vocab
from leads.facts import CompanyFacts

SEATS = (1, 2, 3, 4, 6, 9)
SEAT_WEIGHTS = (46, 24, 14, 8, 5, 3)
NAMES = len(vocab.ROOTS) * len(vocab.ENDINGS)
STRIDE = 389  # shares no factor with NAMES, so each name comes once before any comes again


@dataclass(frozen=True, slots=True)
class Company:
    """A company as it really is; ``facts`` is what a source says of it, with gaps."""

    name: str
    domain: str
    industry: str
    employees: int
    country: vocab.Country
    city: str
    seats: int
    facts: CompanyFacts


def companies(rng: Random) -> Iterator[Company]:
    """Companies without end; no two have the same name or domain."""
    countries = [country.share for country in vocab.COUNTRIES]
    industries = [industry.share for industry in vocab.INDUSTRIES]
    number = 0
    while True:
        country = rng.choices(vocab.COUNTRIES, countries)[0]
        industry = rng.choices(vocab.INDUSTRIES, industries)[0]
        yield _company(number, country, industry, rng)
        number += 1


def _company(number: int, country: vocab.Country, industry: vocab.Industry, rng: Random) -> Company:
    place = number * STRIDE % NAMES
    root, ending = vocab.ROOTS[place // len(vocab.ENDINGS)], vocab.ENDINGS[place % len(vocab.ENDINGS)]
    again = number // NAMES
    stem = f"{root}{ending}{f' {again + 1}' if again else ''}"
    name = f"{stem} {rng.choice(industry.words)} {rng.choice(country.legal)}"
    domain = fold(stem).replace(" ", "-") + ".example"
    employees = max(2, round(math.exp(rng.gauss(math.log(industry.employees), 1.45))))
    revenue = round(employees * industry.revenue_each * math.exp(rng.gauss(0, 0.4)), -4)
    city = rng.choice(country.cities)
    facts = CompanyFacts(
        name=name,
        domain=domain if rng.random() < 0.92 else None,
        industry=industry.label if rng.random() < 0.84 else None,
        employees=employees if rng.random() < 0.82 else None,
        revenue=Decimal(revenue) if rng.random() < 0.66 else None,
        revenue_currency="EUR",
        country=country.code,
        city=city,
    )
    seats = rng.choices(SEATS, SEAT_WEIGHTS)[0]
    return Company(name, domain, industry.label, employees, country, city, seats, facts)
