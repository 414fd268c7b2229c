"""Countries by name and code, without what else the phone library holds."""

import subprocess
import sys

import pytest

from leads.countries import choices, country_code, country_name
from tests.paths import ROOT


@pytest.mark.parametrize(("name", "code"), [("Germany", "DE"), ("Allemagne", "DE"), ("uk", "GB"), ("x", "")])
def test_a_country_is_known_by_its_names(name: str, code: str) -> None:
    assert country_code(name) == code


def test_each_choice_has_a_name_of_its_own() -> None:
    assert len(choices()) > 200
    assert country_name("AT") == "Austria"


def test_the_areas_of_phone_numbers_are_not_loaded() -> None:
    asked = "import sys, leads.countries; sys.exit('phonenumbers.geodata' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], cwd=ROOT, check=False).returncode == 0
