"""Recognising tools, and several files as one set of responses."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, replace
from types import ModuleType

import pytest

from mce_utaut.errors import FileProblem, ImportProblem, UsageError
from mce_utaut.instrument.model import Instrument
from mce_utaut.survey import column_map, registry
from mce_utaut.survey.contract import ReadOptions

Fill = dict[str, ModuleType]


@dataclass
class File:
    name: str
    content: bytes


def test_every_tool_says_who_it_is() -> None:
    for tool_id, module in registry.TOOLS.items():
        assert tool_id == module.ID
        assert module.TITLE
        assert all(callable(getattr(module, name)) for name in ("export", "recognises", "read"))
    assert list(registry.TOOLS)[-1] == "plain"  # reads whatever is left


def test_unknown_tools_and_languages_are_refused(sample: Instrument) -> None:
    with pytest.raises(UsageError, match=r"no survey tool 'limesurvy'.*limesurvey"):
        registry.tool("limesurvy")
    with pytest.raises(UsageError, match=r"sample has no wording in fr\. It has en, it\."):
        registry.TOOLS["plain"].export(sample, ("fr",))


def test_what_no_tool_knows() -> None:
    assert registry.recognise(b"PE1,PE2\n1,2\n", "x.csv") == "plain"
    with pytest.raises(FileProblem, match="is JSON, but no results that are known"):
        registry.recognise(b'{"a": [1]}', "x.json")
    with pytest.raises(FileProblem, match="is empty"):
        registry.recognise(b"", "x.csv")
    with pytest.raises(FileProblem, match="--encoding"):
        registry.recognise("PE1,PE2\né,2\n".encode("cp1252"), "x.csv")


def plain_file(fill: Fill, made: ModuleType, instrument: Instrument, name: str, prefix: str) -> File:
    table = fill["plain"].export(instrument, made.answers(instrument)[:5], "code", "en")
    for row in table[1:]:
        row[0] = prefix + row[0]
    return File(name, fill["plain"].as_csv(table))


def test_files_of_several_tools_become_one_set(made: ModuleType, fill: Fill, sample: Instrument) -> None:
    lime = registry.TOOLS["limesurvey"].export(sample)
    kobo = registry.TOOLS["xlsform"].export(sample)
    rows = made.answers(sample)
    files = [
        File(
            "lime.csv",
            fill["limesurvey"].as_csv(
                fill["limesurvey"].export(sample, lime.files, rows[:4], "en", "code", False), ";"
            ),
        ),
        File("kobo.csv", fill["xlsform"].as_kobo_csv(fill["xlsform"].export(sample, kobo.files, rows[4:7], None, "/"))),
        plain_file(fill, made, sample, "entered.csv", "a"),
        File("sample.limesurvey.columns.json", column_map.to_json(lime.column_map)),
    ]
    options = [ReadOptions(hei="uoc"), ReadOptions(wave="post"), ReadOptions(hei="ktu")]
    merged = registry.read_responses(sample, files, options=options)
    assert merged.n == 12
    assert merged.meta["source"].tolist() == [0] * 4 + [1] * 3 + [2] * 5
    assert [source.tool for source in merged.sources] == ["limesurvey", "xlsform", "plain"]
    assert [source.rows_kept for source in merged.sources] == [4, 3, 5]
    assert merged.meta["wave"].tolist() == [None] * 4 + ["post"] * 3 + [None] * 5
    parts = [registry.read_responses(sample, [file]) for file in files[:3]]
    for column in merged.data:
        assert made.found(merged.data, column) == [value for part in parts for value in made.found(part.data, column)]
    assert merged.data.dtypes.equals(parts[0].data.dtypes)
    assert merged.meta.dtypes.equals(parts[0].meta.dtypes)


def test_the_same_file_twice_is_refused(made: ModuleType, fill: Fill, sample: Instrument) -> None:
    file = plain_file(fill, made, sample, "one.csv", "a")
    with pytest.raises(ImportProblem, match=r"copy\.csv: is the same file as one\.csv\. Give it once\."):
        registry.read_responses(sample, [file, replace(file, name="copy.csv")])


def test_problems_of_all_files_are_reported_at_once(sample: Instrument) -> None:
    files = [File("a.csv", b""), File("b.csv", b"x,y\n1,2\n")]
    with pytest.raises(ImportProblem) as caught:
        registry.read_responses(sample, files)
    assert [problem.file for problem in caught.value.problems] == ["a.csv", "b.csv"]
    with pytest.raises(UsageError, match="no file of responses"):
        registry.read_responses(sample, [])


def test_equal_keys_of_different_people_stay_apart(made: ModuleType, fill: Fill, sample: Instrument) -> None:
    table = fill["plain"].export(sample, made.answers(sample)[:3], "code", "en")
    other = fill["plain"].export(sample, made.answers(sample)[3:6], "code", "en")
    other[1] = table[1]  # the first respondent stands in both files
    files = [File("a.csv", fill["plain"].as_csv(table)), File("b.csv", fill["plain"].as_csv(other))]
    merged = registry.read_responses(sample, files)
    assert merged.data.index.tolist() == ["p1", "p2", "p3", "p2-2", "p3-2"]
    assert [(one.source, one.source_row, one.reason) for one in merged.exclusions] == [(1, 2, "duplicate")]
    assert [note.code for note in merged.notes] == ["same_keys"]


def test_a_later_submitted_row_replaces_the_unfinished_one(made: ModuleType, fill: Fill, mini: Instrument) -> None:
    files = registry.TOOLS["limesurvey"].export(mini).files
    early = fill["limesurvey"].export(mini, files, made.answers(mini)[:2], "en", "code", False)
    late = [list(row) for row in early]
    early[1][1] = ""  # not submitted yet
    early[1][8:] = [""] * len(early[1][8:])
    contents = [
        File(name, fill["limesurvey"].as_csv(table, ";")) for name, table in (("1.csv", early), ("2.csv", late))
    ]
    merged = registry.read_responses(mini, contents)
    assert merged.n == 2
    dropped = [(one.source, one.source_row, one.reason) for one in merged.exclusions]
    assert dropped == [(0, 2, "duplicate"), (1, 3, "duplicate")]
    assert all(value is True for value in merged.meta["submitted"])


def test_an_import_against_another_version_says_so(made: ModuleType, fill: Fill, sample: Instrument) -> None:
    files = registry.TOOLS["limesurvey"].export(sample)
    table = fill["limesurvey"].export(sample, files.files, made.answers(sample), "en", "code", False)
    content = fill["limesurvey"].as_csv(table, ";")
    newer = replace(sample, digest="f" * 64, version="2.0.0")
    (note,) = registry.read_responses(newer, [File("x.csv", content)]).notes
    assert note.code == "other_version"
    assert "another version" in note.text
    old_map = replace(files.column_map, instrument_digest="0" * 64)
    without = [[cell for head, cell in zip(table[0], row) if head != "MCEDIGEST"] for row in table]
    content = fill["limesurvey"].as_csv(without, ";")
    assert registry.read_responses(sample, [File("x.csv", content)]).notes == ()
    mapped = registry.read_responses(sample, [File("x.csv", content)], options=ReadOptions(column_map=old_map))
    assert [note.code for note in mapped.notes] == ["other_version"]


def test_a_column_map_of_another_questionnaire_is_refused(sample: Instrument, mini: Instrument) -> None:
    other = registry.TOOLS["plain"].export(mini).column_map
    with pytest.raises(ImportProblem, match=r"column map is of utaut_mini, not of sample"):
        registry.read_responses(sample, [File("x.csv", b"PE1\n1\n")], options=ReadOptions(column_map=other))


@pytest.mark.parametrize(
    "content",
    [b"{", b"[]", b'{"format": "mce-utaut column map 1"}', b'{"format": "mce-utaut column map 1", "columns": [1]}'],
)
def test_a_damaged_column_map_gets_a_sentence(content: bytes) -> None:
    with pytest.raises(FileProblem, match=r"map\.json: is no column map"):
        column_map.from_json(content, "map.json")


def test_sidecars_find_their_csv(made: ModuleType, fill: Fill, sample: Instrument) -> None:
    plain = registry.TOOLS["plain"]
    first = registry.read_responses(sample, [plain_file(fill, made, sample, "in.csv", "a")])
    files = [File(name, content) for name, content in plain.write(sample, first).items()]
    again = registry.read_responses(sample, files)
    assert again.sources == first.sources
    csv, sidecar = files
    edited = File("edited.csv", csv.content.replace(b"ap1", b"zp1"))
    alone = registry.read_responses(sample, [edited, sidecar])
    assert [source.name for source in alone.sources] == ["edited.csv"]
    with pytest.raises(FileProblem, match="is no description of responses"):
        plain.read(sample, csv.content, "x.csv", None, json.dumps({"format": "other"}).encode())


def test_exporting_needs_neither_pandas_nor_openpyxl_to_start() -> None:
    program = (
        "import sys; import mce_utaut.survey.registry; "
        "print([name for name in ('pandas', 'openpyxl', 'matplotlib', 'lxml') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_tool_is_meant_by_its_title_too_and_a_near_one_is_named() -> None:
    assert registry.tool("LimeSurvey") is registry.tool("limesurvey")
    with pytest.raises(UsageError, match=r"Did you mean limesurvey\?"):
        registry.tool("lime-survay")
