"""Definitions to start from: files like those that people export, with a word on whom each is for."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from alignment.document import Document, read_file

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Template:
    """A shipped file, named ``key``.yaml; ``about`` says what it asks and whom it suits."""

    key: str
    label: str
    about: str

    @property
    def document(self) -> Document:
        """What it says; nobody may change it."""
        return _read(self.key)

    @property
    def is_whole(self) -> bool:
        """Whether it can be signed as it is."""
        return bool(self.document.criteria)


@cache
def _read(key: str) -> Document:
    return read_file((FOLDER / f"{key}.yaml").read_bytes())


BANT = Template(
    "bant",
    "BANT",
    "Budget, Authority, Need and Timeframe, with fit and engagement. Suits most companies that sell to "
    "companies, also before anybody was asked.",
)
CHAMP = Template(
    "champ",
    "CHAMP",
    "Challenges first, then authority, money and priority. Suits those who sell by consulting: without a "
    "challenge no lead is sales-ready.",
)
MEDDIC = Template(
    "meddic",
    "MEDDIC-lite",
    "Metrics, economic buyer, decision process, pain and champion, as far as they are known before a first "
    "meeting; grades by fit and engagement. Suits long, large deals.",
)
ENGAGEMENT = Template(
    "engagement",
    "Engagement only",
    "What leads do, and nothing else, all of it fading with time. Suits the time before anything is known "
    "of them.",
)
EMPTY = Template("empty", "Empty", "No criteria, no reasons, no terms: write all of it yourselves.")

TEMPLATES = (BANT, CHAMP, MEDDIC, ENGAGEMENT, EMPTY)
