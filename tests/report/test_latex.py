"""The tables in LaTeX: what they hold, and that LaTeX can read them."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from mce_utaut.report.blocks import Grid, GridCell, GridRow, Run, read_blocks, tables_of
from mce_utaut.report.latex import escaped, latex_files, table_tex
from mce_utaut.report.render import compose
from mce_utaut.study.result import StudyResult

Build = Callable[..., StudyResult]


@pytest.fixture(scope="module", params=["en", "it"])
def sources(request: pytest.FixtureRequest, make_study: Build, make_sections: Build) -> dict[str, str]:
    report = compose(make_study(sections=make_sections()), request.param)
    grids = [grid for body in report.bodies for grid in tables_of(read_blocks(body.markup))]
    return {name: content.decode("utf-8") for name, content in latex_files(grids, "Tabella").items()}


def cell(text: str, span: int = 1, *, number: bool = False) -> GridCell:
    return GridCell((Run(text),), span, number)


def grid(*rows: GridRow, **more: object) -> Grid:
    head = GridRow((cell("Item"), cell("M", number=True), cell("Text")))
    return Grid("t", "Table 1", (Run("A & B"),), (head,), rows, **more)


@pytest.mark.parametrize(
    ("text", "tex"),
    [
        ("50% of $3 & #1_a", r"50\% of \$3 \& \#1\_a"),
        ("[.31, −.05]", "{[}.31, $-$.05{]}"),
        ("χ² ≤ 3", r"$\chi$\textsuperscript{2} $\leq$ 3"),
        (r"\input{x}^~", r"\textbackslash{}input\{x\}\textasciicircum{}\textasciitilde{}"),
        ("PE → BI", r"PE $\rightarrow$ BI"),
        ("è\x00à", "èà"),
    ],
)
def test_text_reads_in_print_as_it_was_written(text: str, tex: str) -> None:
    assert escaped(text) == tex


def test_a_table_has_caption_label_rules_and_notes() -> None:
    tex = table_tex(grid(GridRow((cell("PE1"), cell("5.1", number=True), cell("Useful"))), notes=(Run("Note."),)))
    rules = (r"\toprule", r"\midrule", r"\bottomrule")
    for part in (r"\caption{A \& B}\label{tab:t}", *rules, "Note.", r"PE1 & 5.1 & Useful \\"):
        assert part in tex
    assert r"\begin{tabular}{@{}lrl@{}}" in tex and "|" not in tex and r"\hline" not in tex


def test_a_long_table_may_break_and_repeats_its_head() -> None:
    tex = table_tex(grid(*[GridRow((cell(f"P{i}"), cell("5", number=True), cell("x"))) for i in range(60)]))
    assert r"\begin{longtable}" in tex and r"\begin{table}" not in tex
    assert tex.count("Item") == 2 and tex.index(r"\endfirsthead") < tex.index(r"\endhead") < tex.index("P0")


def test_every_table_is_one_that_latex_can_read(sources: dict[str, str]) -> None:
    names = [name for name in sources if name != "all_tables.tex"]
    assert len(names) > 20
    for name in names:
        balanced(sources[name], name)
        rows_fill_their_columns(sources[name], name)
        assert "\N{MINUS SIGN}" not in sources[name] and "→" not in sources[name]


def test_labels_are_unique_and_the_whole_document_holds_every_table(sources: dict[str, str]) -> None:
    labels = [label for text in sources.values() for label in re.findall(r"\\label\{([^}]*)\}", text)]
    inputs = re.findall(r"\\input\{([^}]*)\}", sources["all_tables.tex"])
    assert len(labels) == len(set(labels)) == len(inputs) == len(sources) - 1
    assert set(inputs) == set(sources) - {"all_tables.tex"}
    assert r"\renewcommand{\tablename}{Tabella}" in sources["all_tables.tex"]


def balanced(text: str, name: str) -> None:
    """Braces, environments and mathematics are closed in the order in which they were opened."""
    plain = re.sub(r"\\[\\{}$&%#_]", "", "\n".join(line for line in text.split("\n") if not line.startswith("%")))
    depth = 0
    for sign in plain:
        depth += {"{": 1, "}": -1}.get(sign, 0)
        assert depth >= 0, name
    assert depth == 0 and plain.count("$") % 2 == 0, name
    opened: list[str] = []
    for kind, environment in re.findall(r"\\(begin|end)\{(\w+)\}", plain):
        if kind == "begin":
            opened.append(environment)
        else:
            assert opened.pop() == environment, name
    assert not opened and plain.count(r"\begingroup") == plain.count(r"\endgroup"), name
    assert not re.search(r"[%#^~]", plain.replace("~", "")), name


def rows_fill_their_columns(text: str, name: str) -> None:
    """Every row has as many columns as the table."""
    columns = re.search(r"\\begin\{(?:tabular|longtable)\}\{@\{\}(.*)@\{\}\}$", text, re.MULTILINE)
    assert columns, name
    kinds = re.sub(r">\{[^}]*\}|\{[^}]*\}", "", columns[1])
    for line in text.split("\n"):
        if line.endswith(r" \\"):
            spans = sum(int(span) - 1 for span in re.findall(r"\\multicolumn\{(\d+)\}", line))
            assert len(re.findall(r"(?<!\\)&", line)) + 1 + spans == len(kinds), f"{name}: {line}"
