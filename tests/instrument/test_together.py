"""The questionnaires of one study agree on what they share."""

from __future__ import annotations

from dataclasses import replace

from mce_utaut.instrument.model import Instrument, Option, Text, Wording
from mce_utaut.instrument.together import TogetherReport, check_together


def other(sample: Instrument, **changes: object) -> Instrument:
    return replace(sample, id="other", role="manager", **changes)


def worded(sample: Instrument, language: str, key: str, text: str) -> dict[str, Wording]:
    strings = {**sample.wordings[language].strings, key: Text(text, "draft")}
    return {**sample.wordings, language: Wording(language, strings)}


def said(report: TogetherReport) -> list[tuple[str, str]]:
    return [(problem.where, problem.what) for problem in report.problems]


def test_the_same_questionnaire_for_two_roles_is_in_order(sample: Instrument) -> None:
    report = check_together([sample, other(sample)])
    assert report.ok and not report.warnings


def test_two_questionnaires_cannot_have_one_id(sample: Instrument) -> None:
    assert [where for where, _ in said(check_together([sample, sample]))] == ["sample"]


def test_a_scale_with_another_answer_is_a_problem(sample: Instrument) -> None:
    scale = sample.scales["agree7"]
    options = (*scale.options[:3], Option("4", "undecided", 4.0), *scale.options[4:])
    changed = {**sample.scales, "agree7": replace(scale, options=options)}
    [(where, what)] = said(check_together([sample, other(sample, scales=changed)]))
    assert where == "scale agree7"
    assert "4 neither" in what and "4 undecided" in what


def test_a_scale_with_fewer_answers_another_kind_or_no_cannot_judge_is_a_problem(sample: Instrument) -> None:
    scale = sample.scales["agree7"]
    for variant in (
        replace(scale, options=scale.options[:5]),
        replace(scale, kind="nominal"),
        replace(scale, cannot_judge=False),
    ):
        report = check_together([sample, other(sample, scales={**sample.scales, "agree7": variant})])
        assert [where for where, _ in said(report)] == ["scale agree7"]


def test_a_label_worded_differently_in_one_language_is_a_problem(sample: Instrument) -> None:
    wordings = worded(sample, "it", "scale.agree7.99", "Non saprei")
    [(where, what)] = said(check_together([sample, other(sample, wordings=wordings)]))
    assert where == "scale agree7"
    assert "it label of option 99" in what and "Non saprei" in what


def test_anchors_must_be_the_same_in_every_role(sample: Instrument) -> None:
    construct = replace(sample.constructs["PE"], anchors=("PE1", "PE2", "PE3"))
    report = check_together([sample, other(sample, constructs={**sample.constructs, "PE": construct})])
    [(where, what)] = said(report)
    assert where == "construct PE" and "PE4" in what


def test_an_item_scored_the_other_way_is_a_problem(sample: Instrument) -> None:
    pages = tuple(
        replace(
            page,
            questions=tuple(
                replace(question, items=tuple(replace(item, reverse=False) for item in question.items))
                for question in page.questions
            ),
        )
        for page in sample.pages
    )
    [(where, what)] = said(check_together([sample, other(sample, pages=pages)]))
    assert where == "item BI3" and "reverse is true in one and false in the other" in what


def test_a_missing_language_is_a_warning(sample: Instrument) -> None:
    english = {"en": sample.wordings["en"]}
    report = check_together([sample, other(sample, wordings=english)])
    assert report.ok
    assert [(note.code, note.where) for note in report.warnings] == [("languages_differ", "other")]


def test_a_question_asked_in_another_way_is_told(sample: Instrument) -> None:
    page = sample.pages[3]
    asked = replace(page.questions[0], type="number")
    pages = (*sample.pages[:3], replace(page, questions=(asked, *page.questions[1:])), *sample.pages[4:])
    report = check_together([sample, other(sample, pages=pages)])
    assert report.ok
    assert [(note.code, note.where) for note in report.warnings] == [("question_differs", "question USE1")]


def test_a_template_is_not_compared_with_the_roles_of_a_study(sample: Instrument) -> None:
    scale = sample.scales["agree7"]
    changed = {**sample.scales, "agree7": replace(scale, options=scale.options[:5])}
    template = other(sample, kind="template", scales=changed)
    report = check_together([sample, template])
    assert report.ok and not report.warnings
    assert [where for where, _ in said(check_together([sample, template, template]))] == ["other"]
