"""Every page of ours, by address: no barrier, no sideways scroll, on a phone and a desk, light and dark."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visits
from tests.e2e.pages import NARROW, WIDE, assert_accessible, assert_fit, at_width

pytestmark = pytest.mark.e2e

# Each page with somebody who comes to it; {names} are found in the sample company. A page that looks
# different to another role stands here once for each look.
PAGES: tuple[tuple[str, str, str], ...] = (
    ("users:sign_in", "", "/sign-in/"),
    ("users:forgotten", "", "/password/forgotten/"),
    ("users:password_reset_confirm", "", "/password/new/MQ/wrong-link/"),
    ("users:change_password", "jonas", "/password/change/"),
    ("users:profile", "jonas", "/profile/"),
    ("users:tokens", "ines", "/tokens/"),
    ("users:people", "ines", "/people/"),
    ("users:invitations", "ines", "/people/invitations/"),
    ("users:invite", "ines", "/people/invite/"),
    ("users:teams", "ines", "/people/teams/"),
    ("users:team", "ines", "/people/teams/1/"),
    ("users:person", "ines", "/people/1/"),
    ("users:set_up", "ines", "/setup/"),
    ("users:organisation", "ines", "/settings/"),
    ("leads:list", "jonas", "/leads/"),
    ("leads:list", "robert", "/leads/?score.grade=B&q=a"),
    ("leads:new", "jonas", "/leads/new/"),
    ("leads:lead", "jonas", "{lead}"),
    ("leads:lead", "samuel", "{worked}"),
    ("leads:edit", "jonas", "{lead}edit/"),
    ("leads:answer", "jonas", "{lead}answer/"),
    ("leads:buying", "jonas", "{lead}buying/"),
    ("score:grade", "jonas", "{lead}grade/"),
    ("score:changes", "jonas", "{lead}score/"),
    ("leads:fields", "ines", "/leads/fields/"),
    ("leads:field_new", "ines", "/leads/fields/new/?column=Shoe+size"),
    ("leads:field", "ines", "{field}"),
    ("leads:imports", "jonas", "/leads/imports/"),
    ("leads:import", "jonas", "{mapping}"),
    ("leads:import", "jonas", "{result}"),
    ("alignment:definition", "marta", "/definition/"),
    ("alignment:definition", "robert", "/definition/"),
    ("alignment:history", "marta", "/definition/versions/"),
    ("alignment:version", "marta", "/definition/versions/1/"),
    ("alignment:edit", "leila", "{draft}edit/"),
    ("alignment:criteria", "leila", "{draft}criteria/?dimension=fit"),
    ("alignment:criterion", "leila", "{draft}criteria/title_decides/"),
    ("alignment:part", "leila", "{draft}parts/caps/"),
    ("alignment:part", "leila", "{draft}parts/grades/"),
    ("alignment:part", "leila", "{draft}parts/gate/"),
    ("alignment:part", "leila", "{draft}parts/scope/"),
    ("alignment:part", "leila", "{draft}parts/inference/?key=budget"),
    ("alignment:part", "leila", "{draft}parts/disqualifiers/"),
    ("alignment:part", "leila", "{draft}parts/reasons/"),
    ("alignment:part", "leila", "{draft}parts/terms/?key=A"),
    ("alignment:part", "leila", "{draft}parts/commitments/"),
    ("alignment:propose", "leila", "{draft}propose/"),
    ("alignment:sign", "samuel", "{proposal}sign/"),
    ("alignment:discussion", "robert", "{proposal}discussion/"),
    ("alignment:edits", "robert", "{proposal}edits/"),
    ("alignment:start", "leila", "/definition/new/"),
    ("alignment:import_file", "leila", "/definition/import/"),
    ("alignment:compare", "robert", "/definition/compare/"),
    ("alignment:glossary", "marta", "/definition/glossary/"),
    ("alignment:glossary", "robert", "/definition/glossary/"),
    ("alignment:term", "marta", "/definition/glossary/lead/"),
    ("alignment:new_term", "marta", "/definition/glossary/new/"),
    ("scoring:preview", "leila", "{draft}preview/"),
    ("steps:next", "jonas", "{lead}next-step/"),
    ("scoring:preview_leads", "leila", "{draft}preview/leads/?move=CC"),
    ("scoring:try", "leila", "{draft}try/?lead=5"),
    ("scoring:grades", "marta", "/definition/grades/"),
    ("scoring:grades", "erik", "/definition/grades/?by=campaign&show=points&weeks=26"),
    ("scoring:rescoring", "marta", "/definition/rescoring/"),
    ("feedback:queue", "robert", "/queue/"),
    ("feedback:queue", "samuel", "/queue/"),
    ("feedback:handoff", "samuel", "{handoff}"),
    ("feedback:duplicate", "samuel", "{handoff}duplicate/?q=e"),
    ("feedback:pool", "robert", "/queue/pool/"),
    ("feedback:pool", "samuel", "/queue/pool/"),
    ("feedback:accepted", "grace", "/accepted/"),
    ("feedback:accepted", "samuel", "/accepted/"),
    ("feedback:customers", "samuel", "/accepted/customers/"),
    ("feedback:sla", "samuel", "/sla/"),
    ("feedback:sla", "samuel", "/sla/?split=rep&clock=decision&weeks=26&all=1"),
    ("feedback:sla_assignments", "samuel", "/sla/leads/?show=open"),
    ("feedback:commitments", "marta", "/commitments/"),
    ("feedback:commitments", "erik", "/commitments/"),
    ("feedback:commitment_leads", "marta", "/commitments/leads/?kind=follow_up"),
    ("feedback:backtest", "marta", "/definition/versions/1/backtest/"),
    ("feedback:load", "samuel", "/definition/versions/1/load/"),
    ("feedback:reasons", "marta", "/reasons/"),
    ("feedback:reasons", "jonas", "/reasons/?by=criterion"),
    ("feedback:content", "jonas", "/content/?sort=-used"),
    ("feedback:content", "robert", "/content/?dimension=budget"),
    ("feedback:content_new", "jonas", "/content/new/"),
    ("feedback:content_piece", "jonas", "{piece}"),
    ("feedback:content_piece", "robert", "{piece}"),
    ("feedback:content_edit", "jonas", "{piece}edit/"),
    ("feedback:calendars", "samuel", "/hours/"),
    ("feedback:calendar_new", "samuel", "/hours/new/"),
    ("feedback:calendar", "samuel", "/hours/1/"),
    ("feedback:rep_settings", "samuel", "/hours/reps/15/"),
    ("feedback:routing", "samuel", "/routing/"),
    ("feedback:routing", "marta", "/routing/"),
    ("feedback:rule_new", "samuel", "/routing/rules/new/"),
    ("feedback:rule", "samuel", "/routing/rules/2/"),
    ("feedback:routing_try", "samuel", "/routing/try/?lead=5"),
    ("feedback:routing_try", "marta", "/routing/try/?q=an"),
    ("feedback:hand_over_choice", "ines", "/routing/hand-over/"),
    ("feedback:hand_over", "samuel", "/routing/hand-over/9/"),
    ("feedback:scoreboard", "erik", "/scoreboard/"),
    ("feedback:notices", "samuel", "/notices/"),
    ("feedback:notice_settings", "samuel", "/notices/settings/"),
    ("feedback:channels", "samuel", "/notices/channels/"),
    ("feedback:channel_new", "samuel", "/notices/channels/new/"),
    ("feedback:channel", "samuel", "{channel}"),
)
ELSEWHERE = {
    "alignment:roll_back": "in test_agreement.py",
    "home": "only leads on",
    "users:first_run": "in test_first_run.py",
    "users:join": "in test_people.py",
}
ACTIONS = {
    *("users:sign_out", "users:token_revoke", "users:invitation_renew", "users:invitation_withdraw"),
    *("users:person_deactivate", "users:person_reactivate", "leads:import_start", "leads:import_cancel"),
    *("leads:buying_fact", "feedback:content_retire", "feedback:content_restore", "feedback:content_use"),
    *("leads:field_retire", "leads:field_restore", "leads:field_move"),
    *("alignment:part_remove", "alignment:part_move", "alignment:undo", "alignment:redo", "alignment:points"),
    *("alignment:switch", "alignment:copy", "alignment:move", "alignment:delete"),
    *("scoring:preview_cancel", "scoring:rescoring_cancel", "scoring:rescoring_restart"),
    *("score:end_grade", "scoring:grades_count"),
    *("alignment:install", "alignment:draft", "alignment:discard", "alignment:decline"),
    *("alignment:resolve", "alignment:overrule", "alignment:reopen", "alignment:forget"),
    *("alignment:comment", "alignment:withdraw", "feedback:claim", "feedback:assign", "feedback:accept"),
    *("feedback:reject", "feedback:attempt", "feedback:callback", "feedback:outcome"),
    *(
        "feedback:recycle",
        "feedback:return",
        "feedback:disqualify",
        "feedback:decision_undo",
        "feedback:attempt_undo",
        "feedback:record_answer",
    ),
    *("feedback:channel_try", "feedback:channel_remove"),
    *("feedback:rejections_seen", "feedback:notices_read", "feedback:notice", "feedback:take_back"),
    *("feedback:rule_move", "feedback:rule_switch", "feedback:rule_delete"),
    *("feedback:leave_add", "feedback:leave_remove", "feedback:holiday_add", "feedback:holiday_remove"),
    *("feedback:team_hours", "feedback:pause", "feedback:resume"),
}
"""They take a POST and lead on to a page."""
PARTS = {
    *("leads:timeline", "leads:panel", "leads:import_progress", "leads:import_problems"),
    "leads:field_progress",
    *("alignment:caps_bar", "alignment:bands_bar", "alignment:export"),
    *("scoring:preview_progress", "scoring:preview_line", "scoring:grades_file"),
    *("alignment:effect", "feedback:queue_list", "feedback:rail"),
    *("feedback:sla_now", "feedback:sla_period", "feedback:sla_file"),
    *("rules:builder", "rules:said", "rules:values"),
    "alignment:mention",
}
"""Fragments of pages above, and a file."""


def names(resolver: URLResolver | None = None, space: str = "") -> Iterator[str]:
    """The names of all addresses but the API's and those of Django's admin."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            if entry.namespace != "admin" and str(entry.pattern) != "api/":
                yield from names(entry, f"{entry.namespace}:" if entry.namespace else space)
        elif isinstance(entry, URLPattern) and entry.name and entry.name != "healthz":
            yield f"{space}{entry.name}"


def test_no_page_is_forgotten() -> None:
    """A new page is added to PAGES, or said to be none."""
    known = {name for name, _, _ in PAGES}
    assert set(names()) == known | ELSEWHERE.keys() | ACTIONS | PARTS


def link(page: Page, address: str, selector: str) -> str:
    page.goto(address)
    return page.locator(selector).first.get_attribute("href") or ""


def upload(page: Page, file: Path, content: str) -> str:
    file.write_text(content)
    page.goto("/leads/imports/")
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Read the file").click()
    page.wait_for_url(re.compile(r"/leads/imports/\d+/"))
    return page.url


def made_field(page: Page) -> str:
    """A custom field of the kind that shows most, with the work on the leads that it made."""
    page.goto("/leads/fields/new/?column=Consent")
    page.get_by_label("It holds").select_option("choice")
    page.get_by_label("Choices").fill("double opt-in")
    page.get_by_role("button", name="Add the field").click()
    page.wait_for_url(re.compile(r"/leads/fields/\d+/"))
    return page.url


def made_channel(page: Page) -> str:
    page.goto("/notices/channels/new/")
    page.get_by_label("Name").fill("#sales")
    page.get_by_label("Address of its webhook").fill("https://hooks.slack.com/services/T0/B0/x")
    page.get_by_role("button", name="Add channel").click()
    page.wait_for_url(re.compile("/channels/$"))
    return page.get_by_role("link", name="#sales").get_attribute("href") or ""


def drafted(page: Page) -> str:
    page.goto("/definition/")
    page.get_by_role("button", name="Draft a change").click()
    page.wait_for_url(re.compile("/edit/$"))
    address = page.url.removesuffix("edit/")
    points = page.locator("input[name=points]").first
    points.fill(str(int(points.input_value()) - 1))
    points.press("Enter")
    expect(page.locator(".steps li").first).to_contain_text("Points of")
    return address


@pytest.fixture(scope="module")
def places(_visits: Visits, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Addresses with numbers in them; what a page shows, such as a draft, is made first."""
    marketer, manager = _visits("leila"), _visits("samuel")
    rows = "Name,Email,Country\nRita Stone,rita@stone.example,Germany\nTom,tom@stone.example,Atlantis\n"
    file = tmp_path_factory.mktemp("files") / "rows.csv"
    found = {
        "lead": link(marketer, "/leads/", ".lead-table a.row-link"),
        "worked": link(manager, "/sla/leads/?show=open", "main tbody a.row-link"),
        "handoff": link(manager, "/queue/", "main tbody a.row-link"),
        "piece": link(marketer, "/content/?sort=-used", "main tbody a.row-link"),
        "mapping": upload(marketer, file, rows),
        "result": upload(marketer, file, rows + "Ann,ann@stone.example,Spain\n"),
        "proposal": drafted(marketer),
    }
    found["channel"] = made_channel(manager)
    found["field"] = made_field(_visits("ines"))
    marketer.goto(found["result"])
    marketer.get_by_role("button", name="Start the import").click()
    expect(marketer.get_by_role("link", name="See the leads")).to_be_visible()
    marketer.goto(found["proposal"] + "propose/")
    marketer.get_by_label("Why should both teams want this?").fill("More leads may be a C.")
    marketer.get_by_role("button", name=re.compile("^Propose version")).click()
    marketer.wait_for_url(re.compile(r"/sign/$"))
    found["draft"] = drafted(marketer)
    marketer.goto(found["draft"] + "preview/")
    expect(marketer.get_by_role("heading", name="Who moves most")).to_be_visible()
    _visits.end()
    return found


@pytest.mark.parametrize(("name", "who", "address"), PAGES, ids=[f"{each[0]}-{each[1]}" for each in PAGES])
def test_a_page_has_no_barrier_at_any_width_in_any_colour(
    visit: Visits, places: dict[str, str], name: str, who: str, address: str
) -> None:
    page = visit(who)
    answer = page.goto(address.format(**places))
    assert answer is not None
    assert answer.status == 200
    asked = address.format(**places).split("?")[0]
    assert page.url.split("?")[0].endswith(asked), f"{name} led on to {page.url}"
    assert_fit(page)


def test_what_is_refused_has_no_barrier_either(visit: Visits) -> None:
    page = visit("robert")
    for address, status in (("/people/", 403), ("/leads/999999/", 404)):
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == status
        assert_fit(page)


def test_the_pages_of_the_api_fit(visit: Visits) -> None:
    """Swagger's own page, which ours frames and mends: its second ``main`` becomes a group, which axe would
    rather have another element than another role."""
    page = visit("ines")
    page.goto("/api/docs/")
    page.locator("#operations-Leads-upsert_lead").get_by_role("button").first.click()
    page.get_by_role("button", name="Try it out").click()
    expect(page.locator("#operations-Leads-upsert_lead textarea")).to_be_visible()
    for width in (NARROW, WIDE):
        at_width(page, width)
        assert_accessible(page, apart_from=["aria-allowed-role"])
