"""A rep works the queue in a browser: by keyboard alone, with a thumb, and without JavaScript."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from feedback.models import Assignment, Attempt, Decision, Handoff, Outcome
from feedback.services import decisions
from leads.models import Company
from tests.e2e.pages import NARROW, assert_fit, sign_in
from tests.factories import UserFactory
from tests.feedback.world import active_version, assigned, judge, make_lead, waiting
from users.models import Role, User

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def rep(transactional_db: None) -> User:
    active_version()
    return UserFactory(name="Ana")


@pytest.fixture
def rows(rep: User) -> list[Assignment]:
    """Three leads of the rep, in the order of the queue."""
    now = timezone.now()
    found = []
    for number, name in enumerate(("Johanna Klein", "Miguel Ortiz", "Li Wei")):
        company = Company.objects.create(name=f"Company {number}")
        lead = make_lead(number, name=name, title="Head of Operations", company=company)
        judge(lead)
        found.append(assigned(rep, lead, at=now - timedelta(days=3 - number)))
    return found


def opened(page: Page, name: str) -> None:
    expect(page.locator(".opened-who h2")).to_have_text(name)


def test_the_keyboard_alone_is_enough(page: Page, rep: User, rows: list[Assignment]) -> None:
    sign_in(page, rep)
    page.goto("/queue/")
    opened(page, "Johanna Klein")
    page.keyboard.press("j")
    opened(page, "Miguel Ortiz")
    expect(page).to_have_url(re.compile(rf"/queue/{rows[1].pk}/$"))
    page.keyboard.press("k")
    opened(page, "Johanna Klein")
    page.keyboard.press("l")
    page.keyboard.press("1")
    expect(page.get_by_text("Logged for Johanna Klein.")).to_be_visible()
    page.keyboard.press("z")
    expect(page.get_by_text("Taken back: nothing was logged for Johanna Klein.")).to_be_visible()
    expect(page.get_by_text("Logged for Johanna Klein.")).to_have_count(0)
    page.keyboard.press("l")
    page.keyboard.press("2")
    expect(page.get_by_text("Logged for Johanna Klein.")).to_be_visible()
    page.keyboard.press("a")
    opened(page, "Miguel Ortiz")
    expect(page.locator(".queue-list")).not_to_contain_text("Johanna Klein")
    expect(page.get_by_text("2 undecided leads")).to_be_visible()
    page.keyboard.press("r")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    opened(page, "Li Wei")
    assert Attempt.objects.get().result == "no_answer"
    assert list(Decision.objects.order_by("id").values_list("kind", flat=True)) == ["accept", "reject"]


def test_a_lead_is_let_go_by_keyboard_and_taken_back(page: Page, rep: User, rows: list[Assignment]) -> None:
    sign_in(page, rep)
    page.goto("/queue/")
    page.keyboard.press("y")
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    opened(page, "Miguel Ortiz")
    expect(page.get_by_text("Johanna Klein rests until")).to_be_visible()
    page.keyboard.press("z")
    expect(page.get_by_text("Taken back: Johanna Klein is with you again.")).to_be_visible()
    opened(page, "Johanna Klein")
    page.keyboard.press("w")
    page.keyboard.type("Is in Austria.")
    page.get_by_role("button", name="Return lead").click()
    opened(page, "Miguel Ortiz")
    page.keyboard.press("x")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    opened(page, "Li Wei")
    kinds = list(Decision.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == ["recycle", "undo", "return", "disqualify"]


def test_who_is_faster_than_the_page_keeps_the_dialog_just_opened(
    page: Page, rep: User, rows: list[Assignment]
) -> None:
    sign_in(page, rep)
    page.goto("/queue/")
    page.evaluate("htmx.config.defaultSettleDelay = 500")
    page.keyboard.press("j")
    opened(page, "Miguel Ortiz")
    page.keyboard.press("x")
    page.evaluate("new Promise(done => document.addEventListener('htmx:afterSettle', done, { once: true }))")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    opened(page, "Li Wei")
    assert Decision.objects.get().kind == "disqualify"


def test_the_menu_holds_what_is_seldom_wanted_and_closes_again(
    page: Page, rep: User, rows: list[Assignment]
) -> None:
    make_lead(50, name="Johanna Klein again", email=rows[0].handoff.lead.email, owner=rep, team=rep.team)
    sign_in(page, rep)
    page.goto("/queue/")
    page.keyboard.press("m")
    page.get_by_role("button", name="Never: disqualify").click()
    expect(page.get_by_role("heading", name="Why will Johanna Klein never buy?")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Never: disqualify")).to_be_hidden()
    page.keyboard.press("d")
    assert_fit(page)
    page.get_by_role("button", name="It doubles Johanna Klein again").click()
    opened(page, "Miguel Ortiz")
    assert Decision.objects.get().twin is not None


def test_an_answer_is_recorded_by_keyboard(page: Page, rep: User, rows: list[Assignment]) -> None:
    sign_in(page, rep)
    page.goto("/queue/")
    opened(page, "Johanna Klein")
    page.keyboard.press("b")
    page.keyboard.press("ArrowRight")
    evidence = page.get_by_label(re.compile("^What was said of")).locator("visible=true")
    evidence.fill("Said so on the phone.")
    evidence.press("Enter")
    expect(page.get_by_text(re.compile("is recorded as partly met"))).to_be_visible()
    opened(page, "Johanna Klein")
    expect(page.locator(".bant-said").filter(has_text="Said so on the phone.")).to_be_visible()


def test_a_callback_goes_down_and_the_next_lead_opens(page: Page, rep: User, rows: list[Assignment]) -> None:
    sign_in(page, rep)
    page.goto("/queue/")
    page.keyboard.press("c")
    page.keyboard.press("1")
    opened(page, "Miguel Ortiz")
    expect(page.locator(".queue-rows > li").last).to_contain_text("Johanna Klein")
    expect(page.get_by_text("Callbacks to come")).to_be_visible()


def test_a_clock_is_paused_with_a_reason_and_the_sum_is_one_focus_away(page: Page, rep: User) -> None:
    version = active_version(grade="A", source="Fair", may_pause=True)
    lead = make_lead(7, name="Johanna Klein")
    judge(lead)
    assigned(rep, lead, at=timezone.now())
    Handoff.objects.update(term=version.terms.get(source="Fair"))
    sign_in(page, rep)
    page.goto("/queue/")
    opened(page, "Johanna Klein")
    page.locator(".opened-due .definition button").focus()
    expect(page.get_by_role("tooltip").filter(has_text="+ 1 working hour =")).to_be_visible()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("m")
    page.keyboard.press("p")
    dialog = page.locator("#pause")
    dialog.get_by_label("Why").fill("Out of office")
    until = timezone.now() + timedelta(days=4)
    dialog.get_by_label("Another moment").fill(until.strftime("%Y-%m-%dT%H:%M"))
    dialog.get_by_role("button", name="Pause until this moment").click()
    expect(page.get_by_text("Out of office").first).to_be_visible()
    expect(page.locator(".opened-due .due.is-paused")).to_be_visible()
    assert_fit(page)
    page.get_by_role("button", name="End the pause").click()
    expect(page.locator(".opened-due .due.is-paused")).to_have_count(0)


def test_a_reason_that_needs_words_says_so_and_keeps_what_was_chosen(
    page: Page, rep: User, rows: list[Assignment]
) -> None:
    sign_in(page, rep)
    page.goto("/queue/")
    page.keyboard.press("r")
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    expect(page.get_by_text("needs a few words")).to_be_visible()
    expect(page.get_by_role("radio", name="Other")).to_be_checked()
    page.keyboard.press("t")
    page.keyboard.type("Bought elsewhere")
    page.get_by_role("button", name="Reject lead").click()
    opened(page, "Miguel Ortiz")
    assert Decision.objects.get().text == "Bought elsewhere"


def test_the_list_refreshes_itself_without_moving_the_page(
    page: Page, rep: User, rows: list[Assignment]
) -> None:
    sign_in(page, rep)
    page.clock.install()
    page.goto("/queue/")
    with page.expect_response("**/queue/list/**") as unchanged:
        page.clock.run_for(21_000)
    assert unchanged.value.status == 304
    expect(page.locator(".queue-rows > li")).to_have_count(3)
    assigned(rep, make_lead(9, name="Newcomer"), at=timezone.now())
    with page.expect_response("**/queue/list/**"):
        page.clock.run_for(21_000)
    expect(page.locator(".queue-list")).to_contain_text("Newcomer")
    expect(page.get_by_text("4 undecided leads")).to_be_visible()
    opened(page, "Johanna Klein")


def test_on_a_phone_a_card_opens_with_the_acts_under_the_thumb(
    page: Page, rep: User, rows: list[Assignment]
) -> None:
    sign_in(page, rep)
    page.set_viewport_size({"width": NARROW, "height": 844})
    page.goto("/queue/")
    expect(page.locator(".opened")).to_be_hidden()
    page.get_by_role("link", name="Miguel Ortiz").click()
    opened(page, "Miguel Ortiz")
    expect(page.locator(".queue-list")).to_be_hidden()
    box = page.get_by_role("button", name="Accept").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] > 780
    page.get_by_role("button", name="Accept").click()
    opened(page, "Li Wei")


def test_it_works_without_javascript(plain: Page, rep: User, rows: list[Assignment]) -> None:
    page = plain
    sign_in(page, rep)
    page.goto("/queue/")
    page.get_by_role("button", name="Accept").click()
    opened(page, "Miguel Ortiz")
    page.get_by_role("button", name="Reject", exact=False).first.click()
    page.locator("#reject").get_by_label("No need").check()
    page.get_by_role("button", name="Reject lead").click()
    opened(page, "Li Wei")
    assert Decision.objects.count() == 2


def test_an_accepted_lead_is_won_with_an_amount(page: Page, rep: User, rows: list[Assignment]) -> None:
    decisions.accept(assignment=rows[0], by=rep, now=timezone.now())
    sign_in(page, rep)
    page.goto("/accepted/")
    page.get_by_role("button", name="Won Johanna Klein").click()
    page.get_by_label("Amount").fill("twelve")
    page.get_by_role("button", name="Mark as won").click()
    expect(page.get_by_text("The amount must be a number")).to_be_visible()
    expect(page.get_by_label("Amount")).to_have_value("twelve")  # nothing typed is lost
    page.get_by_label("Amount").fill("1200")
    page.get_by_role("button", name="Mark as won").click()
    expect(page.get_by_text("Won Johanna Klein: €1,200.")).to_be_visible()
    assert Outcome.objects.get().amount == 1200


def test_a_manager_assigns_what_was_ticked(page: Page, rep: User, rows: list[Assignment]) -> None:
    UserFactory(name="Ben")
    sign_in(page, UserFactory(role=Role.SALES_MANAGER))
    page.goto("/queue/")
    page.get_by_label("Choose Johanna Klein").check()
    page.get_by_label("Assign to").select_option(label="Ben, North")
    page.get_by_role("button", name="Assign").click()
    expect(page.get_by_text("Assigned 1 lead to Ben.")).to_be_visible()


def test_every_page_of_the_queue_fits_and_has_no_barriers(
    page: Page, rep: User, rows: list[Assignment]
) -> None:
    decisions.accept(assignment=rows[2], by=rep, now=timezone.now())
    waiting()
    for person in (rep, UserFactory(role=Role.SALES_MANAGER)):
        sign_in(page, person)
        for address in ("/queue/", f"/queue/{rows[0].pk}/", "/queue/pool/", "/accepted/"):
            page.goto(address)
            assert_fit(page)
