"""Optional analyses are drawn where the study holds them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from lxml import html

from mce_utaut.report import render_report
from mce_utaut.study.result import StudyResult


@pytest.fixture(scope="module", params=["en", "it"])
def page(
    request: pytest.FixtureRequest, make_study: Callable[..., StudyResult],
    make_sections: Callable[[], dict[str, dict[str, Any]]],
) -> html.HtmlElement:  # fmt: skip
    content = render_report(make_study(sections=make_sections()), request.param)
    return html.document_fromstring(content.decode("utf-8"))


def text(page: html.HtmlElement, identifier: str) -> str:
    return page.xpath(f"string(//*[@id='{identifier}'])")


def test_points_and_importance_are_drawn_for_the_roles_that_have_them(page: html.HtmlElement) -> None:
    assert page.xpath("//figure[@id='figure-points']") and page.xpath("//figure[@id='figure-importance-student']")
    assert not page.xpath("//figure[@id='figure-importance-manager']")
    assert "Above average in importance" in text(page, "drivers")


def test_a_regression_says_what_it_refused_and_who_is_too_few(page: html.HtmlElement) -> None:
    assert "Only 4 universities" in text(page, "table-regression_student")
    assert "14 people are too few" in text(page, "drivers")
    assert page.xpath("//figure[@id='figure-sensitivity-student']")


def test_adopter_shares_have_intervals_and_their_test(page: html.HtmlElement) -> None:
    labels = page.xpath("//figure[@id='figure-adopters']//*[local-name()='text']/text()")
    assert any(label.startswith("17% [14") for label in labels)
    assert "differ from those of Rogers" in text(page, "diffusion")


def test_attributes_stand_beside_their_correlation_with_intention(page: html.HtmlElement) -> None:
    assert "ρ" in text(page, "table-attributes") and "41" in text(page, "table-attributes")


def test_nested_models_are_compared(page: html.HtmlElement) -> None:
    assert "FC → BI" in text(page, "table-model_differences")


def test_local_fit_names_the_pairs(page: html.HtmlElement) -> None:
    found = text(page, "table-local_fit")
    assert "EE2 – FC1" in found and "171" in found and "14" in found


def test_the_staircase_stops_where_it_breaks(page: html.HtmlElement) -> None:
    drawing = page.xpath("//figure[@id='figure-invariance']//*[local-name()='svg']")[0]
    stairs = drawing.xpath("./*[local-name()='rect']/@class")
    assert stairs == ["stair", "stair", "stair-broken", "stair-broken"]
    assert len(page.xpath("//*[@id='table-invariance']//tbody/tr")) == 4


def test_only_what_the_staircase_licenses_is_compared(page: html.HtmlElement) -> None:
    assert page.xpath("//figure[@id='figure-path-differences']")
    assert not page.xpath("//figure[@id='figure-mean-differences']")
    assert "The intercepts are not equal" in text(page, "comparison")
    assert page.xpath("//figure[@id='figure-score-differences']")
    assert "14 allow means only" in text(page, "table-comparison_methods")


def test_a_ladder_that_was_refused_says_why(make_study: Callable[..., StudyResult]) -> None:
    refused = {"ladder": {"refusal": "No item is common to the roles."}, "paths": {}, "latent_means": {}, "sesoi": 0.5}
    page = html.document_fromstring(render_report(make_study(sections={"comparison": refused}), "en").decode("utf-8"))
    assert text(page, "comparison").count("No item is common") == 3


def test_an_analysis_that_cannot_be_drawn_is_not_called_missing(make_study: Callable[..., StudyResult]) -> None:
    result = make_study(sections={"comparison": {"other": 1}, "joint_display": {"rows": []}, "screening": {"x": 1}})
    page = html.document_fromstring(render_report(result, "en").decode("utf-8"))
    for section in ("comparison", "voices", "sample"):
        assert "study.json" in text(page, section) and "did not compute" not in text(page, section)


def test_screening_shows_signs_and_hides_small_counts(page: html.HtmlElement) -> None:
    cells = page.xpath("//*[@id='table-screening']//tr[th='Less than 2 seconds an item']/td")
    assert [cell.text_content() for cell in cells][:2] == ["c", "414"]
    assert "finds no sign" in text(page, "table-missing_answers")


def test_common_method_indirect_effects_and_universities_have_tables(page: html.HtmlElement) -> None:
    assert "32%" in text(page, "table-common_method")
    assert "PE → BI → USE3" in text(page, "table-indirect")
    assert "14" in text(page, "table-universities")


def test_an_analysis_without_a_place_is_named_in_the_methods(page: html.HtmlElement) -> None:
    assert "an_analysis_of_tomorrow" in text(page, "methods")
    assert "dynamic_cutoffs" not in text(page, "methods")


def test_joined_waves_show_who_was_joined_their_paths_and_what_was_refused(page: html.HtmlElement) -> None:
    counts = [cell.strip() for cell in page.xpath("//*[@id='table-waves']//tbody/tr[1]/*/text()")]
    assert counts[1:] == ["400", "301", "240", "222", "3", "180"]
    paths = text(page, "table-waves_paths")
    assert "BI → USE3" in paths and "12 persons answered both" in paths
    unusable = {"en": "did not converge or is improper", "it": "non converge o è improprio"}
    assert unusable[page.get("lang")] in paths
    assert "176" in text(page, "table-waves_correlations")
    assert "Waves are never pooled." in text(page, "drivers")


def test_too_few_joined_persons_are_said_to_have_no_correlations(
    make_study: Callable[..., StudyResult], make_sections: Callable[[], dict[str, dict[str, Any]]]
) -> None:
    found = make_sections()["waves"]
    del found["roles"]["student"]
    made = html.document_fromstring(render_report(make_study(sections={"waves": found}), "en").decode("utf-8"))
    assert not made.xpath("//*[@id='table-waves_correlations']")
    assert any("they need 10 joined persons" in each.text_content() for each in made.xpath("//p[@class='absent']"))


def test_observed_fit_stands_beside_its_simulated_cutoffs(page: html.HtmlElement) -> None:
    rows = page.xpath("//*[@id='table-cutoffs']//tbody/tr[not(@class)]")
    cells = [[cell.text_content().strip() for cell in row] for row in rows]
    point = {"en": ".", "it": "0,"}[page.get("lang")]
    assert cells[0][2:] == [f"{point}978", f"{point}036", f"{point}048"]
    assert cells[2][1:4] == ["FC =~ EE4", {"en": "none", "it": "nessuna"}[page.get("lang")], f"≤ {point}031"]
    assert cells[2][4].startswith(f"≤ {point}034 (90") and cells[3][2] == f"≥ {point}962"
    assert "not positive" in cells[-1][1]


def test_each_index_is_told_the_worst_level_that_it_is_as_far_off_as(page: html.HtmlElement) -> None:
    if page.get("lang") == "en":
        told = " ".join(text(page, "drivers").split())
        assert "CFI .978 – on the better side of the cut-off of level 2" in told
        assert "RMSEA .036 – on the worse side of the cut-off of level 1" in told
        assert "SRMR .048 – on the worse side of the cut-off of level 2" in told


def test_reviewers_are_sent_to_waves_and_cutoffs(page: html.HtmlElement) -> None:
    links = set(page.xpath("//section[@id='reviewer']//a/@href"))
    assert {"#table-waves", "#table-waves_paths", "#table-waves_correlations", "#table-cutoffs"} <= links
    assert page.xpath("//*[@id='table-checklist']//a[@href='#table-cutoffs']")


def test_every_figure_has_its_numbers(page: html.HtmlElement) -> None:
    for figure in page.xpath("//figure[starts-with(@id, 'figure-')]"):
        assert figure.xpath(".//table") or figure.xpath(".//figcaption//a[starts-with(@href, '#table-')]")


def test_numbering_and_anchors_still_hold(page: html.HtmlElement) -> None:
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    numbers = [int(label.split()[-1]) for label in page.xpath("//caption/b/text()")]
    assert numbers == list(range(1, len(numbers) + 1))


JOINT = {
    "note": "Persons are counted.", "left_out": 2, "coders": 2,
    "roles": {
        "student": {
            "title": "Students", "persons": 40, "units": 50, "disputed": 1, "refusal": "",
            "rows": [
                {"construct": "PE", "n": 400, "mean": 71.2, "mean_lower": 69.0, "mean_upper": 73.1, "path": 0.41,
                 "path_lower": 0.31, "path_upper": 0.51, "path_method": "sem", "positive": 12, "negative": None,
                 "neutral": 0, "judgement": "discord", "inference": "They <b>differ</b> {{ here }}.",
                 "inference_language": "de"},
                {"construct": "other", "n": None, "mean": None, "mean_lower": None, "mean_upper": None, "path": None,
                 "path_lower": None, "path_upper": None, "path_method": None, "positive": 6, "negative": 0,
                 "neutral": 0, "judgement": None, "inference": None},
            ],
            "themes": [{"construct": "PE", "sign": "positive", "theme": "<i>useful</i>", "persons": 12}],
            "quotes": [{"construct": "PE", "sign": "positive", "theme": "useful", "source": "interview",
                        "quote": "<script>alert(1)</script>", "language": "it", "translation": "Yes."}],
        },
        "external": {"title": "Outside", "persons": None, "units": None, "disputed": None, "refusal": "Too few spoke.",
                     "rows": [], "themes": [], "quotes": []},
    },
    "agreement": {
        "units": 20, "sentence": "20 of 50 units.",
        "coefficients": [{"coefficient": "alpha", "coders": 2, "n": 20, "observed": 0.9, "estimate": 0.81,
                          "lower": 0.7, "upper": 0.9, "judgement": "reliable"}],
        "codes": [{"code": "PE+", "n": 20, "observed": 1.0, "estimate": None, "lower": None, "upper": None,
                   "judgement": "undefined"}],
    },
}  # fmt: skip


@pytest.mark.parametrize(("language", "missing"), [("en", "not yet interpreted"), ("it", "non ancora interpretato")])
def test_themes_stand_beside_numbers(make_study: Callable[..., StudyResult], language: str, missing: str) -> None:
    page = html.document_fromstring(render_report(make_study(sections={"joint_display": JOINT}), language).decode())
    rows = page.xpath("//*[@id='table-joint_display']//tbody/tr")
    assert [len(row) for row in rows] == [1, 9, 9]
    cells = [cell.text_content() for cell in rows[1]]
    assert page.xpath("//span[@class='inference']/span/@lang") == ["de"]
    assert cells[1] == "71" and cells[5:8] == ["12", "c", "—"] and "They <b>differ</b> {{ here }}." in cells[8]
    assert missing in rows[2].text_content()
    assert "Too few spoke." in text(page, "voices") and "20 of 50" in text(page, "voices")
    (quote,) = page.xpath("//div[@class='quote']")
    assert quote.xpath("./blockquote/@lang") == ["it"] and "<script>" in quote.text_content()
    assert "<i>useful</i>" in text(page, "table-themes")
    assert "PE+" in text(page, "table-coder_agreement")


def test_hypotheses_about_moderators_that_nobody_named_are_told(make_study: Callable[..., StudyResult]) -> None:
    claim = {"id": "H1g", "claim": "Benefit goes more closely with intention among men.", "moderator": "gender",
             "verdict": "not_testable", "sentence": "Not testable: the study does not name gender as a moderator."}
    roles = {role.role: {"moderators": [], "verdicts": [claim]} for role in make_study().roles}
    section = {"moderation": {"note": "Two-way only.", "outcome": "BI", "sesoi": 0.1, "roles": roles}}
    page = html.document_fromstring(render_report(make_study(sections=section), "en").decode())
    told = page.xpath("//li[b='H1g']")
    assert len(told) == len(roles) and "does not name gender" in told[0].text_content()
    assert not page.xpath("//*[starts-with(@id, 'table-moderation')]") and "Two-way only" not in page.text_content()
    assert any("names none" in each.text_content() for each in page.xpath("//p[@class='absent']"))
