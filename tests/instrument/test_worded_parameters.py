"""Parameters whose value needs words stand in the wording files, the same names in every language."""

from __future__ import annotations

from mce_utaut.instrument.load import CheckReport, check_instrument
from mce_utaut.instrument.reading import TextFile

STRUCTURE = """
id: tiny
version: "1"
role: student
source_language: en
parameters: {months: "12"}
pages:
  - id: one
    questions:
      - {code: DEF, type: info}
"""


def check(en: str, it: str) -> CheckReport:
    files = []
    for language, head in (("en", en), ("it", it)):
        text = f"instrument: tiny\nlanguage: {language}\n{head}\nsurvey: {{title: T}}\n"
        text += 'questions: {DEF: {text: "In [[months]] months, write to [[contact]]."}}\n'
        files.append(TextFile(f"tiny.{language}.yaml", text))
    return check_instrument(TextFile("tiny.yaml", STRUCTURE), files)


def test_each_language_fills_in_its_own_words() -> None:
    report = check("parameters: {contact: us}", "parameters: {contact: noi}")
    assert report.instrument is not None and not report.warnings
    assert report.instrument.wordings["en"]["question.DEF.text"] == "In 12 months, write to us."
    assert report.instrument.wordings["it"]["question.DEF.text"] == "In 12 months, write to noi."


def test_a_language_that_lacks_one_is_a_problem_of_that_file() -> None:
    report = check("parameters: {contact: us}", "")
    assert {problem.file for problem in report.problems} == {"tiny.it.yaml"}
    assert any(problem.where == "parameter contact" for problem in report.problems)


def test_a_name_that_the_source_lacks_is_a_problem() -> None:
    report = check("parameters: {contact: us}", "parameters: {contact: noi, address: via}")
    assert [(problem.file, problem.where) for problem in report.problems] == [("tiny.it.yaml", "parameter address")]


def test_a_name_of_the_structure_file_cannot_be_worded_again() -> None:
    report = check("parameters: {contact: us, months: twelve}", "parameters: {contact: noi}")
    assert [problem.where for problem in report.problems] == ["parameter months"]


def test_an_unused_name_is_said() -> None:
    report = check("parameters: {contact: us, fax: '1'}", "parameters: {contact: noi, fax: '2'}")
    assert [(note.code, note.level) for note in report.warnings] == [("unused_parameter", "info")] * 2


def test_a_parameter_cannot_hold_another() -> None:
    report = check("parameters: {contact: 'us in [[months]]'}", "parameters: {contact: noi}")
    assert [(problem.file, problem.where) for problem in report.problems] == [("tiny.en.yaml", "parameter contact")]
