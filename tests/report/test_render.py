"""The report as a file: its order, its tables and figures, and text that stays text."""

from __future__ import annotations

import base64
import csv
import dataclasses
import io
import re
from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest
from lxml import html

from mce_utaut.notes import Note
from mce_utaut.report import SECTIONS, render_report
from mce_utaut.study.result import Count, CountTable, Interval, StudyResult

Build = Callable[..., StudyResult]
HOSTILE = '<script>alert("x")</script>{{ 7*7 }}{% raw %}</style></title>=SUM(A1)&amp;\x00\x08￾'

ALWAYS = [section.name for section in SECTIONS if not section.asked]


@pytest.fixture(scope="module", params=["en", "it"])
def page(request: pytest.FixtureRequest, make_study: Build) -> html.HtmlElement:
    return html.document_fromstring(render_report(make_study(), request.param).decode("utf-8"))


@pytest.fixture(scope="module")
def english(make_study: Build) -> html.HtmlElement:
    return html.document_fromstring(render_report(make_study(), "en").decode("utf-8"))


def all_texts(result: StudyResult, replace: Callable[[str], str]) -> StudyResult:
    """``result`` with every text that people wrote replaced (codes and names of methods stay)."""
    kept = {"code", "level", "kind", "method", "variant", "verdict", "expected", "language", "analysis", "op"}

    def walk(value: object, name: str) -> object:
        if name in kept:
            return value
        if isinstance(value, str):
            return replace(value) if value else value
        if isinstance(value, tuple):
            return tuple(walk(each, name) for each in value)
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            changes = {f.name: walk(getattr(value, f.name), f.name) for f in dataclasses.fields(value)}
            return dataclasses.replace(value, **changes)
        return value

    made = walk(result, "")
    assert isinstance(made, StudyResult)
    return made


def test_the_sections_stand_in_order_with_a_link_to_each(page: html.HtmlElement) -> None:
    names = ALWAYS
    assert [s.get("id") for s in page.xpath("//main/section")] == names
    assert page.xpath("//nav//a/@href") == [f"#{name}" for name in names]
    assert page.xpath("//main/section/h2/span/text()") == [str(i + 1) for i in range(len(names))]


def test_headings_never_skip_a_level(page: html.HtmlElement) -> None:
    levels = [int(h.tag[1]) for h in page.xpath("//h1|//h2|//h3|//h4")]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_identifiers_are_unique_and_every_reference_resolves(page: html.HtmlElement) -> None:
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    targets = [href[1:] for href in page.xpath("//a/@href") if href.startswith("#")]
    targets += [name for names in page.xpath("//@aria-labelledby") for name in names.split()]
    assert set(targets) <= set(ids)


def test_tables_and_figures_are_numbered_in_the_order_in_which_they_stand(english: html.HtmlElement) -> None:
    tables = [text for text in english.xpath("//caption/b/text()")]
    figures = english.xpath("//p[@class='figure-title']/b/text()")
    assert tables == [f"Table {i + 1}" for i in range(len(tables))] and len(tables) > 10
    assert figures == [f"Figure {i + 1}" for i in range(len(figures))] and len(figures) > 7


def test_every_table_has_heads_with_scope_and_rows_of_equal_width(page: html.HtmlElement) -> None:
    for table in page.xpath("//table"):
        assert table.xpath("./caption")[0].text_content().strip()
        assert all(head.get("scope") for head in table.xpath(".//th"))
        widths = {sum(int(c.get("colspan", 1)) for c in line.xpath("./th|./td")) for line in table.xpath(".//tr")}
        assert len(widths) == 1, table.xpath("string(./caption)")


def test_every_figure_has_a_title_a_text_alternative_and_its_numbers(page: html.HtmlElement) -> None:
    figures = page.xpath("//figure[starts-with(@id, 'figure-')]")
    for figure in figures:
        for drawing in figure.xpath(".//*[local-name()='svg'][@role='img']"):
            assert drawing.xpath("string(*[local-name()='title'])") and drawing.xpath("string(*[local-name()='desc'])")
        assert figure.xpath(".//table") or figure.xpath(".//figcaption//a[starts-with(@href, '#table-')]")


def test_the_file_needs_nothing_beside_it(make_study: Build) -> None:
    text = render_report(make_study()).decode("utf-8")
    page = html.document_fromstring(text)
    assert not page.xpath("//link|//img|//iframe|//script[@src]|//*[local-name()='image']")
    assert not re.search(r"@import|url\((?!#)", text)
    assert all(href.startswith(("#", "data:")) for href in page.xpath("//@href"))


def test_equal_studies_give_equal_bytes(make_study: Build) -> None:
    assert render_report(make_study()) == render_report(make_study())


def test_the_language_follows_the_study_unless_told_otherwise(make_study: Build) -> None:
    def shown(**options: str) -> str:
        return html.document_fromstring(
            render_report(make_study(language=options["study"]), options.get("report"))
        ).get("lang")

    assert shown(study="it") == "it"
    assert shown(study="el") == "en"
    assert shown(study="el", report="it") == "it"


@pytest.mark.parametrize("length", [1, 10_000])
def test_text_that_people_wrote_stays_text(make_study: Build, length: int) -> None:
    result = all_texts(make_study(), lambda text: text + HOSTILE + "x" * (length - 1))
    content = render_report(result).decode("utf-8")
    page = html.document_fromstring(content)
    clean = html.document_fromstring(render_report(make_study()).decode("utf-8"))
    assert len(page.xpath("//script")) == len(clean.xpath("//script")) == 1
    assert len(page.xpath("//style")) == 1
    assert "49" not in page.xpath("string(//h1)") and "{{ 7*7 }}" in page.xpath("string(//h1)")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\ufffe]", content)
    assert [s.get("id") for s in page.xpath("//main/section")] == ALWAYS


def test_a_long_text_does_not_swell_the_figures(make_study: Build) -> None:
    result = all_texts(make_study(), lambda text: text + "w" * 10_000)
    page = html.document_fromstring(render_report(result).decode("utf-8"))
    for text in page.xpath("//*[local-name()='svg'][@role='img']/*[local-name()='text']"):
        assert len(text.text_content()) < 200


def downloads(page: html.HtmlElement) -> Iterator[tuple[str, list[list[str]]]]:
    for link in page.xpath("//a[@download]"):
        content = base64.b64decode(link.get("href").split(",", 1)[1]).decode("utf-8-sig")
        yield link.get("download"), list(csv.reader(io.StringIO(content)))


def test_every_table_downloads_as_csv_that_no_spreadsheet_runs(make_study: Build) -> None:
    result = all_texts(make_study(), lambda text: "=1+1;" + text)
    page = html.document_fromstring(render_report(result).decode("utf-8"))
    names = []
    for name, rows in downloads(page):
        names.append(name)
        assert len({len(line) for line in rows}) == 1, name
        for cell in (cell for line in rows for cell in line):
            number = re.fullmatch(r"-?\d+(\.\d+)?(e-?\d+)?", cell)
            assert number or not cell.startswith(("=", "+", "-", "@", "\t", "\r")), f"{name}: {cell}"
    assert len(names) == len(set(names)) == len(page.xpath("//table"))


def test_a_download_has_the_numbers_at_full_precision(english: html.HtmlElement) -> None:
    rows = dict(downloads(english))["paths_student.csv"]
    assert rows[1][0] == "PE → BI"
    assert float(rows[1][rows[0].index("Standardised: estimate")]) == 0.446


def test_what_was_not_done_is_said_with_its_reason(english: html.HtmlElement) -> None:
    absent = [p.text_content() for p in english.xpath("//p[@class='absent']")]
    assert any("a path diagram" in text for text in absent)
    assert any("discriminant validity for Managers" in text and "14 answers" in text for text in absent)
    assert any("measurement invariance" in text for text in absent)
    assert any("coded answers" in text for text in absent)
    assert "31 complete answers do not exceed" in english.xpath("string(//*[@id='table-fit'])")


def test_an_improper_solution_and_the_equivalence_are_said(english: html.HtmlElement) -> None:
    assert "improper" in english.xpath("string(//*[@id='table-fit'])")
    assert "its fit says nothing about the paths" in english.xpath("string(//section[@id='drivers'])")
    assert "Heywood" in english.xpath("string(//section[@id='sureness'])")
    assert "simulated respondents" in english.xpath("string(//section[@id='glance'])")


def test_a_hidden_cell_is_marked_and_its_number_is_nowhere(english: html.HtmlElement) -> None:
    rows = english.xpath("//*[@id='table-composition']//tr[th='Other']/td")
    assert [cell.text_content() for cell in rows][:2] == ["c", "c"]
    assert "fewer than 5 people" in english.xpath("string(//*[@id='table-composition'])")


def test_the_first_page_has_no_p_value(english: html.HtmlElement) -> None:
    assert not re.search(r"\bp\s*[<=>]", english.xpath("string(//section[@id='glance'])"))


def test_a_study_of_one_small_role_renders(make_study: Build) -> None:
    manager = make_study().roles[2]
    bare = dataclasses.replace(
        manager, items=(), scales=(), paths=(), hypotheses=(), adopters=None, composition=(), constructs=(),
        headline=(), intention=Interval(None, None, None), scale_labels=(), n_universities=None,
    )  # fmt: skip
    page = html.document_fromstring(render_report(make_study(roles=(bare,))).decode("utf-8"))
    assert [s.get("id") for s in page.xpath("//main/section")] == ALWAYS
    assert "the study has one role" in page.xpath("string(//section[@id='comparison'])")


def test_a_study_without_roles_renders(make_study: Build) -> None:
    assert render_report(make_study(roles=(), notes=(Note("empty", "Nobody answered.", "problem"),)))


def test_role_names_need_not_be_words(make_study: Build) -> None:
    roles = tuple(dataclasses.replace(r, role=f"{r.role} <x> {i}") for i, r in enumerate(make_study().roles))
    page = html.document_fromstring(render_report(make_study(roles=roles)).decode("utf-8"))
    assert all(re.fullmatch(r"[A-Za-z][\w-]*", name) for name in page.xpath("//@id"))


@pytest.mark.parametrize("language", ["en", "it"])
def test_the_cards_name_another_outcome_than_the_intention(make_study: Build, language: str) -> None:
    study = dataclasses.replace(make_study(), outcome="EE")
    page = html.document_fromstring(render_report(study, language).decode("utf-8"))
    label = next(each.label for each in study.roles[0].constructs if each.id == "EE")
    glance = page.get_element_by_id("glance")
    assert {each.text for each in glance.find_class("measure-label")} == {label}
    small = label[0].lower() + label[1:]
    assert all(small in glance.find_class(name)[-1].text_content() for name in ("how", "lead"))
    assert small in page.get_element_by_id("drivers-title").text_content()
    titles = [each.text_content() for each in page.find_class("figure-title")]
    assert any(small in each for each in titles if "model" in each and study.roles[0].title in each)


def test_a_card_says_the_level_once_and_what_the_outcome_is(make_study: Build) -> None:
    study = make_study()
    caution = "These are associations."
    roles = tuple(
        dataclasses.replace(role, headline=("Who answered.", "The level.", f"What {role.title} say.", caution))
        for role in study.roles
    )
    glance = html.document_fromstring(render_report(dataclasses.replace(study, roles=roles)).decode("utf-8"))
    glance = glance.get_element_by_id("glance")
    text = glance.text_content()
    assert "The level." not in text and text.count(caution) == 1
    assert all(text.count(f"What {role.title} say.") == 1 for role in roles)
    definition = next(each.definition for each in roles[0].constructs if each.id == "BI")
    assert all(definition in card.text_content() for card in glance.find_class("card"))
    assert {path.predictor for role in roles for path in role.paths} and glance.xpath(".//dl/dt")


def test_an_italian_report_writes_a_level_with_a_comma(make_study: Build) -> None:
    study = dataclasses.replace(make_study(), confidence=0.975)
    page = html.document_fromstring(render_report(study, "it").decode("utf-8"))
    assert "IC 97,5% da" in page.get_element_by_id("glance").text_content()
    assert "97.5%" not in page.get_element_by_id("drivers").text_content()


def test_a_model_without_a_solution_is_not_said_to_be_allowed(make_study: Build) -> None:
    study = make_study()
    role = dataclasses.replace(study.roles[0], discriminant=None, paths=())
    page = html.document_fromstring(render_report(dataclasses.replace(study, roles=(role,))).decode("utf-8"))
    (absent,) = page.xpath("//section[@id='measurement']//p[@class='absent'][contains(., 'omega')]")
    assert role.method.kind == "sem" and role.method.reason not in absent.text_content()


def test_a_verdict_that_several_hypotheses_share_is_said_once(make_study: Build) -> None:
    study = make_study()
    first = study.roles[0]
    said = "Not testable: two waves are needed."
    one = dataclasses.replace(first.hypotheses[0], id="HX", sentence=said, exploratory=False)
    role = dataclasses.replace(first, hypotheses=(*first.hypotheses, one, dataclasses.replace(one, id="HY")))
    page = html.document_fromstring(render_report(dataclasses.replace(study, roles=(role,))).decode("utf-8"))
    (line,) = [each for each in page.find_class("verdicts")[-1] if said in each.text_content()]
    assert line.text_content().split(said)[0].strip() == "HX, HY"


def test_a_role_without_a_model_says_why_once(make_study: Build) -> None:
    study = make_study()
    why = "No model was fitted: too few."
    first = study.roles[0]
    main = [each for each in first.models if (each.name, each.analysis) == (study.primary_model, "primary")]
    both = tuple(dataclasses.replace(each, fit=None, refusal=why) for each in main)
    again = dataclasses.replace(both[-1], analysis="without exclusions")
    role = dataclasses.replace(first, models=(*both, again))
    page = html.document_fromstring(render_report(dataclasses.replace(study, roles=(role,))).decode("utf-8"))
    heads = [row[0].text_content() for row in page.xpath("//*[@id='table-fit']//tbody/tr") if why in row.text_content()]
    assert len(both) == 2 and heads[0] == study.primary_model and "without exclusions" in heads[1] and len(heads) == 2


def test_what_is_wrong_with_a_level_of_the_ladder_is_told(
    make_study: Build, make_sections: Callable[[], dict]
) -> None:
    study, sections = make_study(), make_sections()
    ladder = dict(sections["comparison"]["ladder"])
    ladder["notes"] = [{"code": "x", "level": "problem", "text": "It is improper.", "where": "configural, group b"}]
    comparison = {**sections["comparison"], "ladder": ladder}
    told = dataclasses.replace(study, sections={"comparison": comparison})
    page = html.document_fromstring(render_report(told, "en").decode("utf-8"))
    notes = page.get_element_by_id("comparison").find_class("note")
    assert "It is improper. (configural, group b)" in " ".join(notes[0].text_content().split())


def test_universities_in_which_nobody_was_analysed_are_left_out(make_study: Build) -> None:
    study = make_study()
    rows = (Count("Hagen", 20, 0.5), Count("Kaunas", None, None), Count("Leuven", 0, 0.0))
    table = CountTable("hei", "University", rows, 0)
    role = dataclasses.replace(study.roles[0], composition=(table,))
    page = html.document_fromstring(render_report(make_study(roles=(role,))).decode("utf-8"))
    told = page.xpath("//*[@id='table-composition']")[0].text_content()
    assert "Hagen" in told and "Kaunas" in told and "Leuven" not in told and "are left out" in told


def test_a_verdict_that_cannot_be_had_shows_no_number_and_another_model_is_named(make_study: Build) -> None:
    study = make_study()
    first = study.roles[0]
    path = dataclasses.replace(next(p for p in first.paths if p.standardised.estimate is not None), model="mce_seed")
    told = [
        dataclasses.replace(first.hypotheses[0], id=name, verdict=verdict, path=path)
        for name, verdict in (("HX", "not_testable"), ("HY", "supported"))
    ]
    role = dataclasses.replace(first, hypotheses=tuple(told))
    page = html.document_fromstring(render_report(make_study(roles=(role,))).decode("utf-8"))
    cells = [row.text_content() for row in page.xpath("//*[@id='table-hypotheses']//tbody/tr/td[1]")]
    assert "[" not in cells[0] and "[" in cells[1] and "(mce_seed)" in cells[1]


@pytest.mark.parametrize(
    ("language", "scale", "mark"),
    [("en", "no share of people", "c: not shown"), ("it", "non è una quota di persone", "c: non mostrato")],
)
def test_numbers_and_marks_are_explained_where_they_are_first_read(
    make_study: Build, language: str, scale: str, mark: str
) -> None:
    page = html.document_fromstring(render_report(make_study(), language).decode("utf-8"))
    cards = page.find_class("card")
    assert all((scale in each.text_content()) == bool(each.find_class("big")) for each in cards)
    hidden = [each for each in page.xpath("//table") if each.find_class("hid")]
    assert hidden and all(mark in each.xpath("string(caption)") for each in hidden)
    open_ = [each for each in page.xpath("//table") if not each.find_class("hid")]
    assert open_ and not any(mark in each.xpath("string(caption)") for each in open_)
