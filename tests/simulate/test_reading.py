from __future__ import annotations

import pytest

from mce_utaut.errors import StudyError
from mce_utaut.instrument.model import Instrument
from mce_utaut.simulate.reading import check_instruments, read_population


def refused(text: str, instrument: Instrument | None = None) -> StudyError:
    with pytest.raises(StudyError) as caught:
        population = read_population(text, "p.yaml")
        assert instrument is not None
        check_instruments(population, {instrument.id: instrument}, "p.yaml")
    return caught.value


def places(error: StudyError) -> list[tuple[int | None, str]]:
    return [(problem.line, problem.where) for problem in error.problems]


def line_of(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if part in line)


def test_a_population_is_read_with_its_defaults(population_text: str) -> None:
    population = read_population(population_text)
    role = population.roles["student"]
    assert (population.seed, role.n, role.layout, role.wave) == (7, 400, "plain", "single")
    assert role.loading_of("PE") == 0.8
    assert role.missing.items == 0


def test_every_problem_of_the_shape_is_named_at_once_with_its_place(population_text: str) -> None:
    text = population_text.replace("n: 400", 'n: "many"').replace("loadings:", "loading:")
    text = text.replace("{PE: 0.5}", "{PE: 1.5}").replace("seed: 7", "seed: 7.5")
    error = refused(text)
    assert {problem.line for problem in error.problems} == {
        line_of(text, part) for part in ("seed", "n: ", "loading:", "1.5")
    }
    assert all(problem.file == "p.yaml" and problem.column for problem in error.problems)
    assert "Did you mean `loadings`?" in str(error)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("{en: 0.75, it: 0.25}", "{en: 0.75, it: 0.2}", "add up to 0.950"),
        ("{PE: 0.5}", "{PE: 0.5, USE: 0.2}", "run in a circle"),
        ("cuts:\n  agree7: [-2.0, -1.4", "cuts:\n  agree7: [-1.0, -1.4", "must rise"),
        ("universities: {ktu: 0.6, uoc: 0.4}", "icc: 0.1", "no universities"),
        ("means: {PE: 0.3}", "missing: {items: 0.1, mechanism: mar}", "depend on something"),
        ("means: {PE: 0.3}", "careless: {straight: 0.6, random: 0.5}", "more than all"),
        ("BI: {PE: 0.5}", "BI: {PE: 0.9, EE: 0.9}", "explain 162% of its variance"),
        (
            "means: {PE: 0.3}",
            "correlations: {pairs: [{between: [A, B], r: 0.9}, {between: [A, C], r: 0.9}, {between: [B, C], r: -0.9}]}",
            "no population has these correlations",
        ),
        ("means: {PE: 0.3}", "correlations: {pairs: [{between: [PE, BI], r: 0.2}]}", "a path leads to BI"),
        ("day: 2026-03-02", "day: 2026-02-30", "not a day"),
    ],
)
def test_contradictions_are_refused_in_a_sentence(population_text: str, old: str, new: str, says: str) -> None:
    text = population_text.replace(old, new)
    assert text != population_text
    error = refused(text)
    assert says in str(error)
    assert all(problem.line is not None for problem in error.problems)


def test_broken_yaml_points_to_the_page_of_populations() -> None:
    assert "docs/population-file.md" in str(refused("- a list"))
    assert "docs/population-file.md" in str(refused(""))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("instrument: sample", "instrument: simple", "no questionnaire simple"),
        ("{en: 0.75, it: 0.25}", "{en: 0.75, fr: 0.25}", "no wording in `fr`"),
        ("{ktu: 0.6, uoc: 0.4}", "{ktu: 0.6, uocc: 0.4}", "Did you mean `uoc`?"),
        (", 1.3]", "]", "needs 6 cut points"),
        ("means: {PE: 0.3}", "questions: {AGE: {shares: {18_24: 0.5, old: 0.5}}}", "`old` is no option of age"),
        ("means: {PE: 0.3}", "questions: {AGE: {mean: 3}}", "AGE is not a number"),
        ("means: {PE: 0.3}", "questions: {USE1: {part_of: USE2}}", "no number asked before USE1"),
        ("means: {PE: 0.3}", "questions: {USE1: {texts: {en: [a]}}}", "not answered in words"),
        ("means: {PE: 0.3}", "questions: {O1: {shares: {a: 1.0}}}", "has no options"),
        ("means: {PE: 0.3}", "missing: {items: 0.1, mechanism: mar, by: USE1}", "no question with options"),
    ],
)
def test_what_contradicts_the_questionnaire_is_refused(
    population_text: str, sample: Instrument, old: str, new: str, says: str
) -> None:
    text = population_text.replace(old, new)
    assert text != population_text
    error = refused(text, sample)
    assert says in str(error)
    assert all(problem.line is not None and problem.file == "p.yaml" for problem in error.problems)


def test_what_the_questionnaire_lacks_is_no_mistake(population_text: str, sample: Instrument) -> None:
    text = population_text.replace("BI4:", "ZZ9: {loading: 0.5}\n      BI4:").replace("means: {PE", "means: {ATT")
    check_instruments(read_population(text), {"sample": sample})


@pytest.mark.parametrize("name", ["../../answers.csv", "/tmp/answers.csv", "truth.json"])
def test_a_file_of_a_role_stays_in_the_output_folder(name: str) -> None:
    from mce_utaut.errors import StudyError
    from mce_utaut.shipped import shipped

    text = (shipped("simulated") / "mce_study" / "population.yaml").read_text(encoding="utf-8")
    with pytest.raises(StudyError, match="cannot name a file of the output folder"):
        read_population(text.replace("file: students.csv", f"file: {name}"), "population.yaml")
