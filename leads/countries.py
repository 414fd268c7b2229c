"""Country names to ISO 3166 codes and back.

The names come from the phone number library, which keeps them current in some twenty languages;
what people write besides stands in ``ALSO``.
"""

from functools import cache
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path

from core.text import fold


def _locale_data() -> dict[str, dict[str, str]]:
    """Names by country and language, from the one file that has them: the package around it reads the
    areas of all phone numbers, 100 MB in each process."""
    library = find_spec("phonenumbers")
    if library is None or library.origin is None:
        raise ImportError("phonenumbers is not installed.")
    file = Path(library.origin).parent / "geodata" / "locale.py"
    spec = spec_from_file_location("phonenumbers.geodata.locale", file)
    if spec is None or spec.loader is None:
        raise ImportError(f"{file} can't be read.")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    names: dict[str, dict[str, str]] = module.LOCALE_DATA
    return names


LOCALE_DATA = _locale_data()

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
