"""Values and files as they come: read right whatever the dialect, and never with a crash."""

import csv
import io
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import Invalid
from leads import cleaning
from leads.countries import country_code, country_name
from leads.freemail import is_free_mail
from leads.imports import values
from leads.imports.sheet import open_sheet, rows

BERLIN = ZoneInfo("Europe/Berlin")
CELL = st.text(
    st.characters(codec="utf-8", exclude_characters="\0\x1a\x1c\x1d\x1e\x1f", min_codepoint=9), max_size=20
)


@pytest.mark.parametrize(
    ("cell", "amount", "currency"),
    [
        ("1.234,50", "1234.50", ""),
        ("1,234.50", "1234.50", ""),
        ("$1,117.10K", "1117100", "USD"),
        ("1.25E7", "12500000", ""),
        ("$10M-$50M", "10000000", "USD"),
        ("10-50k", "10000", ""),
        ("CHF 1'200.50", "1200.50", "CHF"),
        ("€ 5 Mio", "5000000", "EUR"),
        ("1.234", "1234", ""),
        ("0,5", "0.5", ""),
        ("500+", "500", ""),
    ],
)
def test_money_is_read_with_either_separator(cell: str, amount: str, currency: str) -> None:
    assert values.money(cell) == (Decimal(amount), currency)


@pytest.mark.parametrize("cell", ["abc", "1e999", "--", "12 34 56 x 7", "9" * 40, "€"])
def test_what_is_no_amount_says_so(cell: str) -> None:
    with pytest.raises(cleaning.UnusableError):
        values.money(cell)


@pytest.mark.parametrize(
    ("cell", "count"), [("51-200", 51), ("10,000+", 10_000), ("120", 120), ("1.001-5.000", 1001)]
)
def test_of_a_range_of_employees_the_lower_end_counts(cell: str, count: int) -> None:
    assert values.employees(cell) == count


@pytest.mark.parametrize(
    ("cell", "order", "expected"),
    [
        ("2026-03-12 09:14", "", datetime(2026, 3, 12, 8, 14, tzinfo=UTC)),
        ("2026-07-16T00:12:13+0300", "", datetime(2026, 7, 15, 21, 12, 13, tzinfo=UTC)),
        ("3/15/2026 2:30 PM", "", datetime(2026, 3, 15, 13, 30, tzinfo=UTC)),
        ("1/5/2026", "dmy", datetime(2026, 4, 30, 22, tzinfo=UTC)),
        ("1/5/2026", "mdy", datetime(2026, 1, 4, 23, tzinfo=UTC)),
        ("31.12.2025", "", datetime(2025, 12, 30, 23, tzinfo=UTC)),
        ("15 Apr, 2026 00:03:00", "", datetime(2026, 4, 14, 22, 3, tzinfo=UTC)),
        ("45631", "", datetime(2024, 12, 4, 23, tzinfo=UTC)),
        ("2026-03-29 02:30", "", datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),  # skipped by the clock there
    ],
)
def test_moments_are_read_in_the_companys_zone(cell: str, order: str, expected: datetime) -> None:
    assert values.moment(cell, BERLIN, order) == expected


@pytest.mark.parametrize("cell", ["x", "1/5/2026", "99.99.2026", "2026-13-01", "0001-01-01", "9" * 13])
def test_what_is_no_moment_says_so(cell: str) -> None:
    with pytest.raises(cleaning.UnusableError):
        values.moment(cell, BERLIN, "")


@pytest.mark.parametrize(
    ("cells", "order"), [(["1/13/2026", "1/2/2026"], "mdy"), (["13/1/2026"], "dmy"), (["1/2/2026"], "")]
)
def test_the_order_of_dates_is_proven_or_not(cells: list[str], order: str) -> None:
    assert values.date_order(cells) == order


@given(st.text(max_size=40))
def test_any_cell_is_read_or_refused(cell: str) -> None:
    for read in (
        values.money,
        values.employees,
        values.flag,
        cleaning.email,
        cleaning.domain,
        cleaning.phone,
    ):
        with suppress(cleaning.UnusableError):
            read(cell)
    with suppress(cleaning.UnusableError):
        values.moment(cell, BERLIN, "dmy")


@given(st.binary(max_size=300))
@settings(max_examples=200)
def test_any_bytes_are_a_sheet_or_refused(content: bytes) -> None:
    with suppress(Invalid):
        list(rows(content, open_sheet(content)))


@given(
    st.lists(st.tuples(CELL, CELL), min_size=1, max_size=8),
    st.sampled_from(",;\t|"),
    st.sampled_from(["\n", "\r\n"]),
)
def test_what_is_written_as_csv_is_read_back(cells: list[tuple[str, str]], delimiter: str, line: str) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=line, quoting=csv.QUOTE_ALL)
    writer.writerows([("Name", "Note"), *cells])
    content = out.getvalue().encode()
    read = [tuple(row) for _, row in rows(content, open_sheet(content))]
    assert read == [row for row in cells if any(cell.strip() for cell in row)]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Germany", "DE"),
        ("deutschland", "DE"),
        ("USA", "US"),
        ("de", "DE"),
        ("Türkiye", "TR"),
        ("Atlantis", ""),
    ],
)
def test_countries_are_known_by_many_names(name: str, code: str) -> None:
    assert country_code(name) == code


def test_a_code_has_a_name() -> None:
    assert (country_name("DE"), country_name("ZZ")) == ("Germany", "ZZ")


@pytest.mark.parametrize(("email", "flag"), [("a@gmail.com", True), ("a@acme.test", False), ("", None)])
def test_free_mail_is_known(email: str, flag: bool | None) -> None:
    assert is_free_mail(email) is flag


@pytest.mark.parametrize(
    ("raw", "region", "given_as", "e164"),
    [
        ("p:+61255501234", "", "+61255501234", "+61255501234"),
        ("'+49 170 5550100", "", "+49 170 5550100", "+491705550100"),
        ("030 5550100", "DE", "030 5550100", "+49305550100"),
        ("030 5550100", "", "030 5550100", ""),
    ],
)
def test_a_phone_number_is_kept_as_given_and_told_apart(
    raw: str, region: str, given_as: str, e164: str
) -> None:
    assert cleaning.phone(raw, region) == (given_as, e164)
