"""The report in a real browser: nothing leaves the page or lies on other text, axe-core finds nothing, it works
from the keyboard and without JavaScript."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from mce_utaut.report import SECTIONS, render_report
from mce_utaut.study.result import ConstructInfo, StudyResult

pytestmark = pytest.mark.slow  # a browser is started
Build = Callable[..., StudyResult]
Show = Callable[..., Any]
PHONE, DESK, PAPER = 375, 1280, 718
MORE = {"ATT": "Attitude", "PV": "Price value", "HM": "Hedonic motivation", "HT": "Habit"}
HOSTILE = (
    '<script>document.title="run"</script>{{ 7*7 }}{% raw %}<img src=x onerror="document.title=1">=1+1 ',
    "x" * 10_000,
    "\u202e\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627 ",
    "👩🏽‍🎓🎓" * 40,
)


@pytest.fixture(scope="module")
def full(make_study: Build, make_sections: Callable[[], dict[str, Any]]) -> dict[str, bytes]:
    """The sample study with every optional analysis, per language."""
    study = make_study(sections=make_sections())
    return {language: render_report(study, language) for language in ("en", "it")}


def nine_constructs(study: StudyResult) -> StudyResult:
    """The sample study with eight predictors of intention, which predicts use."""
    roles = []
    for role in study.roles:
        known = [p for p in role.paths if p.analysis == "primary"]
        if not known:
            roles.append(role)
            continue
        extra = tuple(
            dataclasses.replace(p, predictor=name, label=f"b{name}") for p, name in zip(known, MORE, strict=False)
        )
        use = dataclasses.replace(known[0], predictor="BI", outcome="USE", label="use")
        beside = dataclasses.replace(known[1], outcome="USE", predictor="FC", label="fc_use")
        named = tuple(ConstructInfo(n, label, "", "latent", (), (), False) for n, label in MORE.items())
        used = (ConstructInfo("USE", "Use behaviour", "", "observed", (), (), False),)
        roles.append(dataclasses.replace(
            role, paths=(*role.paths, *extra, use, beside), constructs=(*role.constructs, *named, *used)
        ))  # fmt: skip
    return dataclasses.replace(study, roles=tuple(roles))


@pytest.mark.parametrize("language", ["en", "it"])
@pytest.mark.parametrize("width", [PHONE, DESK])
def test_nothing_leaves_the_page_is_cut_or_overlaps(
    full: dict[str, bytes], show: Show, language: str, width: int
) -> None:
    assert show(full[language], width=width).faults() == []


@pytest.mark.parametrize(("width", "dark"), [(DESK, False), (DESK, True), (PHONE, False)])
def test_axe_finds_no_fault(
    make_study: Build, make_sections: Callable[[], dict[str, Any]], show: Show, width: int, dark: bool
) -> None:
    study = make_study(sections=make_sections())
    content = render_report(dataclasses.replace(study, roles=study.roles[::2]))  # the largest role and the smallest
    assert show(content, width=width, dark=dark).violations(colours=width == DESK, others=not dark) == []


@pytest.mark.parametrize("language", ["en", "it"])
def test_a_printed_page_is_whole(full: dict[str, bytes], show: Show, language: str) -> None:
    shown = show(full[language], width=PAPER, printed=True)
    assert not (found := shown.faults()), "\n".join(found)
    assert shown.page.evaluate("[...document.querySelectorAll('nav, .skip, .table-tools')].every((n) => "
                               "getComputedStyle(n).display === 'none')")  # fmt: skip
    assert shown.page.evaluate("[...document.querySelectorAll('main details > *')].every((n) => "
                               "n.getBoundingClientRect().height > 0)")  # fmt: skip


@pytest.mark.parametrize(("width", "open_"), [(PHONE, False), (DESK, True)])
def test_the_contents_leave_a_phone_s_first_view_to_the_cards(
    full: dict[str, bytes], show: Show, width: int, open_: bool
) -> None:
    page = show(full["en"], width=width).page
    page.reload()  # the fixture opens every fold
    assert page.evaluate("document.querySelector('.contents details').open") is open_


def test_it_is_complete_without_javascript(full: dict[str, bytes], show: Show) -> None:
    shown = show(full["en"], width=PHONE, scripts=False)
    assert not (found := shown.faults()), "\n".join(found)
    sections = shown.page.locator("main section").count()
    assert sections == shown.page.locator(".contents li").count() >= sum(not section.asked for section in SECTIONS)
    assert shown.page.locator("th button").count() == 0


@pytest.mark.parametrize("width", [PHONE, DESK, PAPER])
def test_a_model_of_nine_constructs_keeps_its_labels_apart(make_study: Build, show: Show, width: int) -> None:
    shown = show(render_report(nine_constructs(make_study()), "en"), width=width, printed=width == PAPER)
    assert [fault for fault in shown.faults() if "figure-paths" in fault] == []
    assert not (found := shown.faults()), "\n".join(found)


def test_the_skip_link_and_focus_can_be_seen(full: dict[str, bytes], show: Show) -> None:
    page = show(full["en"]).page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    box = page.locator(".skip").bounding_box()
    assert box["x"] >= 0 and box["y"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    for _ in range(12):
        page.keyboard.press("Tab")
        seen = page.evaluate("(() => { const s = getComputedStyle(document.activeElement);"
                             "return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2; })()")  # fmt: skip
        assert seen, page.evaluate("document.activeElement.outerHTML.slice(0, 200)")


def column(page: Any, table: str, index: int) -> list[str]:
    found: list[str] = page.evaluate(
        f"[...document.querySelector('#{table} tbody').rows].filter((r) => r.cells.length > {index} && !r.hidden)"
        f".map((r) => r.cells[{index}].textContent)"
    )
    return found


def test_a_table_sorts_from_the_keyboard_and_says_how(full: dict[str, bytes], show: Show) -> None:
    page = show(full["en"]).page
    table = "table-scales_student"
    head = page.locator(f"#{table} thead tr:last-child th").nth(3)
    before = column(page, table, 3)
    head.locator("button").focus()
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "ascending"
    assert column(page, table, 3) == sorted(before, key=float)
    page.keyboard.press("Space")
    assert head.get_attribute("aria-sort") == "descending"
    assert column(page, table, 3) == sorted(before, key=float, reverse=True)
    page.locator(f"#{table} thead tr:last-child th").nth(0).locator("button").click()
    assert head.get_attribute("aria-sort") is None


def test_sorting_reads_numbers_as_the_language_writes_them(full: dict[str, bytes], show: Show) -> None:
    page = show(full["it"]).page
    page.locator("#table-scales_student thead tr:last-child th").nth(3).locator("button").click()
    values = [float(text.replace(",", ".")) for text in column(page, "table-scales_student", 3)]
    assert values == sorted(values)


@pytest.mark.parametrize("text", HOSTILE, ids=["markup", "long", "right to left", "emoji"])
def test_hostile_text_neither_runs_nor_breaks_the_page(make_study: Build, show: Show, text: str) -> None:
    def changed(role: Any) -> Any:
        items = tuple(dataclasses.replace(i, text=text + i.text) for i in role.items)
        constructs = tuple(dataclasses.replace(c, label=text + c.label, definition=text) for c in role.constructs)
        return dataclasses.replace(role, title=text + role.title, items=items, constructs=constructs)

    study = make_study()
    study = dataclasses.replace(study, title=text + study.title, roles=tuple(changed(role) for role in study.roles))
    shown = show(render_report(study), width=PHONE)
    assert shown.page.title() not in ("run", "1")
    assert shown.page.locator("img").count() == 0
    assert not (found := shown.faults()), "\n".join(found)
