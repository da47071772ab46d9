"""A reviewer's questions and the checklist: each point has a status and links to where the numbers are."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from typing import Any

import pytest
from lxml import html

from mce_utaut.notes import Note
from mce_utaut.report import render_report
from mce_utaut.report.sections.checklist import PARTS
from mce_utaut.report.sections.reviewer import QUESTIONS
from mce_utaut.study.result import Count, InputFile, StudyResult
from mce_utaut.study.structure import ML_COMPLETE

Build = Callable[..., StudyResult]


@pytest.fixture(scope="module")
def full(make_study: Build, make_sections: Callable[[], dict[str, dict[str, Any]]]) -> html.HtmlElement:
    return html.document_fromstring(render_report(make_study(sections=make_sections()), "en").decode("utf-8"))


@pytest.fixture(scope="module")
def bare(make_study: Build) -> html.HtmlElement:
    roles = tuple(role for role in make_study().roles if role.method.kind != "sem")
    return html.document_fromstring(render_report(make_study(roles=roles), "en").decode("utf-8"))


def answer(page: html.HtmlElement, name: str) -> str:
    """The text from a question to the next."""
    out = []
    for element in page.xpath(f"//h3[@id='reviewer-{name}']")[0].itersiblings():
        if element.tag == "h3":
            break
        out.append(element.text_content())
    return " ".join(out)


def test_every_question_has_a_status_and_a_link(full: html.HtmlElement) -> None:
    for name, _ in QUESTIONS:
        assert re.search(r"Answered here|Answered in part|Not done|Not applicable", answer(full, name)), name
    assert len(full.xpath("//section[@id='reviewer']//p[@class='how']/a")) >= len(QUESTIONS)


def test_answers_link_the_tables_and_figures_that_hold_the_numbers(full: html.HtmlElement) -> None:
    links = dict(
        (link.get("href"), link.text_content()) for link in full.xpath("//section[@id='reviewer']//a[@href]")
    )
    number = full.xpath("string(//*[@id='caption-fit']/b)")
    assert links["#table-fit"] == number and number.startswith("Table ")
    assert links["#figure-invariance"].startswith("Figure ")


def test_what_was_not_done_is_said(bare: html.HtmlElement) -> None:
    assert "Not done" in answer(bare, "common_method") and "Not done" in answer(bare, "non_response")
    assert "Not applicable" in answer(bare, "fit") and "Not applicable" in answer(bare, "invariance")
    assert "14 answers allow" in answer(bare, "small_groups")


def test_the_checklist_stands_in_the_order_of_an_article(full: html.HtmlElement, bare: html.HtmlElement) -> None:
    parts = full.xpath("//*[@id='table-checklist']//tr[@class='group']/th/text()")
    assert parts[:5] == ["Abstract", "Introduction", "Method", "Results", "Discussion"]
    rows = full.xpath("//*[@id='table-checklist']//tbody/tr[not(@class)]")
    assert len(rows) == sum(len(points) for _, points in PARTS)
    for row in rows:
        assert row[1].text_content() in ("done", "missing", "not applicable") and row.xpath(".//a/@href")
    status = {row[0].text_content(): row[1].text_content() for row in bare.xpath("//*[@id='table-checklist']//tbody/tr")
              if len(row) > 1}  # fmt: skip
    assert status["Global fit by indices of several kinds"] == "not applicable"
    assert status["How many were invited, and the response rate"] == "missing"


def test_a_sentence_with_quotes_is_escaped_once(make_study: Build) -> None:
    study = make_study()
    first = study.roles[0]
    claim = dataclasses.replace(first.hypotheses[0], sentence="It's <b>5 & 6</b>, CFI .95.")
    role = dataclasses.replace(first, title="Students' <i>", hypotheses=(claim,))
    content = render_report(dataclasses.replace(study, roles=(role, *study.roles[1:]))).decode("utf-8")
    assert "&amp;#39;" not in content and "&amp;lt;" not in content and "<b>5 &" not in content


def test_a_known_response_rate_and_late_answers_are_told(make_study: Build) -> None:
    late = {"construct": "PE", "n_early": 120, "n_late": 120, "mean_early": 5.0, "mean_late": 5.1, "g": 0.08,
            "g_lower": -0.1, "g_upper": 0.3, "p": 0.5, "p_holm": 0.9, "equivalence_p": 0.01,
            "equivalent": True}  # fmt: skip
    role = {"invited": 1000, "rr1": 0.4, "rr2": 0.437, "steps": [{"step": "invited", "n": 1000, "rate": 1.0}],
            "universities": [], "languages": [], "waves": [], "early_late": [late],
            "early_late_sentence": "Early and late answers hardly differ."}  # fmt: skip
    study = make_study(sections={"response": {"note": "", "sesoi": 0.5, "roles": {"student": role}}})
    page = html.document_fromstring(render_report(study, "en").decode("utf-8"))
    told = answer(page, "non_response")
    assert "Students 44%" in told and "hardly differ" in told and "Answered here" in told


def test_language_versions_that_were_compared_are_told(make_study: Build, make_sections: Callable[[], Any]) -> None:
    step = {"level": "metric", "verdict": "does not hold"}
    tested = {"moderator": "language", "title": "Language", "kind": "groups", "groups": [], "level": "metric",
              "omnibus": None, "wald": None, "steps": [step], "freed": [], "differences": [], "interactions": [],
              "refusal": ""}  # fmt: skip
    refused = {**tested, "steps": [], "refusal": "Fewer than two languages have 100 answers."}
    study = make_study()
    table = dataclasses.replace(
        study.roles[0].composition[0], variable="language",
        rows=tuple(Count(name, n, n / 400) for name, n in (("English", 250), ("Italian", 150))),
    )  # fmt: skip
    roles = tuple(dataclasses.replace(role, composition=(table,)) for role in study.roles)
    moderation = {"note": "", "outcome": "BI", "sesoi": 0.1, "roles": {
        study.roles[0].role: {"moderators": [tested], "verdicts": []},
        study.roles[1].role: {"moderators": [refused], "verdicts": []},
    }}  # fmt: skip
    result = dataclasses.replace(study, roles=roles, sections={"moderation": moderation})
    told = answer(html.document_fromstring(render_report(result, "en").decode("utf-8")), "languages")
    assert "2 languages" in told and "loadings: does not hold" in told and "have 100 answers" in told
    without = dataclasses.replace(result, sections={})
    told = answer(html.document_fromstring(render_report(without, "en").decode("utf-8")), "languages")
    assert "was not tested" in told and "Not done" in told


def test_what_was_done_beforehand_and_who_was_invited_are_told(make_study: Build) -> None:
    role = {"pages": 5, "apart": True, "random": True, "unnamed": True, "sentence": "Items stand on 5 pages."}
    response = {"invited": 1234, "rr1": None, "rr2": 0.3, "steps": [], "universities": [], "languages": [], "waves": [],
                "early_late": [], "early_late_sentence": ""}  # fmt: skip
    sections = {"remedies": {"note": "", "roles": {"student": role}},
                "response": {"note": "", "sesoi": 0.5, "roles": {"student": response}}}  # fmt: skip
    page = html.document_fromstring(render_report(make_study(sections=sections), "en").decode("utf-8"))
    assert "Items stand on 5 pages." in answer(page, "common_method")
    row = page.xpath("//*[@id='table-checklist']//tr[contains(., 'beforehand')]")[0]
    assert "done" in row.text_content()
    flow = page.xpath("//figure[@id='figure-flow']")[0].text_content()
    assert "People invited" in flow and "1,234" in flow


def test_power_is_told_where_it_was_simulated(make_study: Build) -> None:
    study = make_study()
    roles = {role.role: {"sentence": f"Power for {role.role}: .83."} for role in study.roles}
    told = []
    for known in (roles, {"student": roles["student"]}, {}):
        sections = {"planning": {"note": "", "seed": 1, "roles": known}} if known else {}
        content = render_report(dataclasses.replace(study, sections=sections), "en").decode("utf-8")
        told.append(answer(html.document_fromstring(content), "sample_size"))
    assert "Answered here" in told[0] and "Power for manager: .83." in told[0] and "was planned" not in told[0]
    assert "in part" in told[1] and "Power for student" in told[1]
    assert "in part" in told[2] and "does not show that the number was planned" in told[2]


@pytest.mark.parametrize(("status", "stands"), [("draft", "Not done"), ("source", "part"), ("approved", "here")])
def test_the_state_of_the_wording_is_told(make_study: Build, status: str, stands: str) -> None:
    row = {"language": "it", "title": "Italian", "texts": 200, "approved": 3, "stale": 1, "statuses": {}}
    row |= {"status": status, "sentence": "Italian: 3 of 200 texts are approved."}
    section = {"wording_status": {"note": "As the files say.", "roles": {"student": {"languages": [row]}}}}
    page = html.document_fromstring(render_report(make_study(sections=section), "en").decode("utf-8"))
    told = answer(page, "wording")
    assert "3 of 200" in told and stands in told
    assert page.xpath("//*[@id='table-wording_status']//td[text()='200']")
    limits = page.xpath("//*[@id='sureness-limits']/following-sibling::ul[1]")[0].text_content()
    assert ("not approved yet" in limits) == (status == "draft")
    cards = page.xpath("//*[@id='glance']")[0].text_content()
    assert ("not approved yet" in cards) == (status == "draft")


def test_a_link_names_the_section_in_which_its_table_stands(full: html.HtmlElement) -> None:
    heads = {place.get("id"): place for place in full.xpath("//section[@id]")}
    for cell in full.xpath("//*[@id='table-checklist']//tbody/tr[not(@class)]/td[last()]"):
        section = ""
        for link in cell.xpath(".//a"):
            target = link.get("href").removeprefix("#")
            if target.startswith(("table-", "figure-")):
                assert heads[section].xpath(f".//*[@id='{target}']"), (section, target)
            else:
                section = target.split("-")[0]


def test_without_an_analysis_of_complete_answers_the_reason_is_told(make_study: Build) -> None:
    study = make_study()
    first = study.roles[0]
    models = tuple(
        dataclasses.replace(each, fit={**each.fit, "missing": "fiml"}) if each.fit else each for each in first.models
    )
    paths = tuple(path for path in first.paths if path.analysis != ML_COMPLETE)
    role = dataclasses.replace(first, models=models, paths=paths)
    little = {"n": 240, "patterns": 9, "chisq": 1.0, "df": 1, "p": 0.5, "sentence": "Little is open."}
    screened = {"signs": [], "little": little, "mardia": {"n": 48, "remark": "", "sentence": ""}}
    sections = {"screening": {"note": "", "roles": {role.role: screened}}}
    page = html.document_fromstring(
        render_report(dataclasses.replace(study, roles=(role,), sections=sections), "en").decode("utf-8")
    )
    assert "48 people answered every item" in answer(page, "missing")
    assert "stands beside." not in answer(page, "missing")
    caption = page.xpath("//figure[@id='figure-flow']/figcaption")[0].text_content()
    assert "every answer given" in caption and "complete" not in caption


def test_one_role_is_told_in_a_whole_sentence(make_study: Build) -> None:
    study = make_study()
    page = html.document_fromstring(render_report(make_study(roles=study.roles[:1]), "en").decode("utf-8"))
    assert "The study has one role, so there is nothing to compare." in answer(page, "invariance")


def test_a_remark_on_an_analysis_beside_the_main_one_names_it(make_study: Build) -> None:
    study = make_study()
    first = study.roles[0]
    note = Note("rows_left_out", "2 of 118 rows were left out.", "info")
    model = first.models[0]
    beside = dataclasses.replace(model, analysis="sensitivity: without exclusions", notes=(note,))
    role = dataclasses.replace(first, models=(*first.models, beside))
    page = html.document_fromstring(render_report(make_study(roles=(role,)), "en").decode("utf-8"))
    lines = page.xpath("//*[@id='methods-remarks']/following-sibling::ul[1]/li")
    told = next(each.text_content() for each in lines if "2 of 118" in each.text_content())
    assert told.startswith(f"{role.title}, without exclusions:")


def test_rival_hypotheses_say_that_they_share_one_path(make_study: Build) -> None:
    study = make_study()
    first = study.roles[0]
    claim = next(each for each in first.hypotheses if each.path is not None)
    rival = dataclasses.replace(claim, id="HX", expected="zero")
    role = dataclasses.replace(first, hypotheses=(claim, rival))
    page = html.document_fromstring(render_report(make_study(roles=(role,)), "en").decode("utf-8"))
    table = page.xpath("//*[@id='table-hypotheses']")[0].text_content()
    assert f"the rival of {claim.id}" in table and "the rival of HX" in table
    alone = dataclasses.replace(first, hypotheses=(claim,))
    page = html.document_fromstring(render_report(make_study(roles=(alone,)), "en").decode("utf-8"))
    assert "rival" not in page.xpath("//*[@id='table-hypotheses']")[0].text_content()


def test_two_universities_give_no_intraclass_correlation_and_no_claim_of_what_was_refused(
    make_study: Build, make_sections: Callable[[], dict]
) -> None:
    sections = make_sections()
    student = sections["regression"]["roles"]["student"]
    student["clusters"] |= {"universities": 2, "icc": 0.11, "icc_upper": 0.99, "design_effect": 6.05}
    sections["universities"]["roles"]["student"]["scales"][0] |= {"universities": 2}
    page = html.document_fromstring(render_report(make_study(sections=sections), "en").decode("utf-8"))
    told = answer(page, "clusters")
    assert "2 universities are too few" in told and "Not run: By university. Only 4 universities" in told
    shown = page.xpath("//*[@id='drivers']")[0].text_content()
    assert "6.05" not in shown and "2 universities: too few" in shown
    assert not page.xpath("//*[@id='table-universities']")
    row = next(each for each in page.xpath("//*[@id='table-checklist']//tr") if "nested" in each.text_content())
    assert "missing" in row.text_content()
    student["analyses"].append({**student["analyses"][0], "analysis": "fixed_effects", "title": "Within universities"})
    page = html.document_fromstring(render_report(make_study(sections=sections), "en").decode("utf-8"))
    assert "stand: Within universities." in answer(page, "clusters")
    row = next(each for each in page.xpath("//*[@id='table-checklist']//tr") if "nested" in each.text_content())
    assert "done" in row.text_content()


def test_wording_of_languages_in_which_nobody_answered_is_counted_and_not_listed(make_study: Build) -> None:
    study = make_study()
    files = tuple(InputFile(f"mce_student.{code}.yaml", "wording", code * 32) for code in ("en", "it", "de", "el"))
    made = dataclasses.replace(study.provenance, inputs=files)
    row = {"language": "it", "title": "Italian", "texts": 2, "approved": 2, "stale": 0, "statuses": {}}
    row |= {"status": "approved", "sentence": "Italian: all approved."}
    section = {"wording_status": {"note": "", "roles": {"student": {"languages": [row]}}}}
    page = html.document_fromstring(render_report(make_study(sections=section, provenance=made), "en").decode("utf-8"))
    table = page.xpath("//*[@id='table-inputs']")[0].text_content()
    assert "mce_student.it.yaml" in table and "mce_student.en.yaml" in table
    assert "mce_student.de.yaml" not in table and "2 wording files of languages" in table
    page = html.document_fromstring(render_report(make_study(sections={}, provenance=made), "en").decode("utf-8"))
    assert "mce_student.de.yaml" in page.xpath("//*[@id='table-inputs']")[0].text_content()
