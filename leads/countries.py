"""Country names to ISO 3166 codes and back.

The names come from the phone number library, which keeps them current in some twenty languages;
what people write besides stands in ``ALSO``.
"""

from functools import cache

from phonenumbers.geodata.locale import LOCALE_DATA

from core.text import fold

ALSO = {
    "usa": "US",
    "u s a": "US",
    "u.s.": "US",
    "u.s.a.": "US",
    "united states of america": "US",
    "america": "US",
    "uk": "GB",
    "u.k.": "GB",
    "great britain": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "northern ireland": "GB",
    "holland": "NL",
    "the netherlands": "NL",
    "czech republic": "CZ",
    "czechia": "CZ",
    "south korea": "KR",
    "republic of korea": "KR",
    "korea": "KR",
    "north korea": "KP",
    "russian federation": "RU",
    "uae": "AE",
    "viet nam": "VN",
    "turkiye": "TR",
    "turkey": "TR",
    "ivory coast": "CI",
    "hong kong": "HK",
    "macau": "MO",
    "macedonia": "MK",
    "north macedonia": "MK",
    "swaziland": "SZ",
    "burma": "MM",
    "asia/pacific region": "",
}


def country_code(name: str) -> str:
    """The code of a country, or "" if there is none of that name."""
    code = name.upper()
    if len(code) == 2 and code in LOCALE_DATA:
        return code
    folded = fold(name)
    if folded in ALSO:
        return ALSO[folded]
    return _codes().get(folded, "")


def country_name(code: str) -> str:
    """The English name, or the code itself if it names no country."""
    names = LOCALE_DATA.get(code, {})
    return _name(names, "en") or code


@cache
def choices() -> tuple[tuple[str, str], ...]:
    """All countries as (code, English name), by name."""
    named = ((code, country_name(code)) for code in LOCALE_DATA if len(code) == 2)
    return tuple(sorted(named, key=lambda pair: fold(pair[1])))


@cache
def _codes() -> dict[str, str]:
    """Folded names in every language; a name that two countries share belongs to neither."""
    found: dict[str, set[str]] = {}
    for code, names in LOCALE_DATA.items():
        for language in names:
            if len(code) == 2 and (name := _name(names, language)):
                found.setdefault(fold(name), set()).add(code)
    return {name: codes.pop() for name, codes in found.items() if len(codes) == 1}


def _name(names: dict[str, str], language: str) -> str:
    """A name that starts with "*" refers to another language's."""
    name = names.get(language, "")
    return names.get(name[1:], "") if name.startswith("*") else name
