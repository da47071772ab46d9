"""Tables of the report in LaTeX: horizontal rules by booktabs, numbers flush right, notes below.

Text is escaped; signs that the standard fonts lack (Greek letters, arrows, the true minus) become commands, so that
pdfLaTeX sets every table whose words are in a Latin script. Other scripts need XeLaTeX or LuaLaTeX.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from mce_utaut.report.blocks import Grid, GridCell, GridRow, Run, Runs
from mce_utaut.report.word.widths import PORTRAIT, Layout, layout

LONGEST_FLOAT = 32  # rows of a table that stays on one page; longer ones may break
PACKAGES = ("array", "booktabs", "longtable", "pdflscape")
_NARROWER = 0.8  # of a table's width in Word: LaTeX sets it in a smaller size
_LONG_WORD = re.compile(r"\S{24,}")
_RUNNING_TEXT = 2200  # twips from which a column of text is set in lines
_SIGNS = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "|": r"\textbar{}", '"': r"\textquotedbl{}", "[": "{[}", "]": "{]}", "*": "{*}", "`": r"\textasciigrave{}",
    "\u00a0": "~", "−": "$-$", "–": "--", "—": "---", "…": r"\ldots{}", "→": r"$\rightarrow$", "·": r"$\cdot$",
    "×": r"$\times$", "±": r"$\pm$", "≤": r"$\leq$", "≥": r"$\geq$", "≠": r"$\neq$", "√": r"$\surd$",
    "²": r"\textsuperscript{2}", "³": r"\textsuperscript{3}", "α": r"$\alpha$", "β": r"$\beta$", "γ": r"$\gamma$",
    "δ": r"$\delta$", "κ": r"$\kappa$", "λ": r"$\lambda$", "μ": r"$\mu$", "ρ": r"$\rho$", "σ": r"$\sigma$",
    "τ": r"$\tau$", "φ": r"$\varphi$", "χ": r"$\chi$", "ω": r"$\omega$", "Δ": r"$\Delta$", "ℓ": r"$\ell$",
    "∞": r"$\infty$", "✓": r"$\surd$", "\t": " ", "\n": " ",
    **{c: rf"\textsuperscript{{{n}}}" for n, c in zip("0145678 9-".replace(" ", ""), "⁰¹⁴⁵⁶⁷⁸⁹⁻")},
}  # fmt: skip
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def latex_files(grids: Sequence[Grid], word: str) -> dict[str, bytes]:
    """File name -> LaTeX of every table, and ``all_tables.tex``, a document that holds them all and calls each a
    ``word`` ("Table")."""
    shown = [grid for grid in grids if grid.columns]
    found = {f"{grid.name}.tex": table_tex(grid).encode("utf-8") for grid in shown}
    return {**found, "all_tables.tex": _document([grid.name for grid in shown], word).encode("utf-8")}


def escaped(text: str) -> str:
    """``text`` such that LaTeX sets it as it reads; very long words (checksums) may break."""
    found, at = [], 0
    for word in _LONG_WORD.finditer(text := _CONTROL.sub("", text)):
        found += [_signs(text[at : word.start()]), _breakable(word.group())]
        at = word.end()
    return "".join([*found, _signs(text[at:])])


def _signs(text: str) -> str:
    return "".join(_SIGNS.get(sign, sign) for sign in text)


def _breakable(word: str) -> str:
    return r"\allowbreak{}".join(_signs(word[at : at + 8]) for at in range(0, len(word), 8))


def table_tex(grid: Grid) -> str:
    """One table: a float where it fits on a page, else a longtable; turned where it is too wide for the page."""
    plan = layout(grid)
    long = len(grid.body) > LONGEST_FLOAT
    size = r"\footnotesize" if plan.size == 17 and not plan.turned else r"\scriptsize"
    lines = [
        f"% Needs \\usepackage{{{','.join(PACKAGES)}}} and \\usepackage[T1]{{fontenc}}.",
        *([r"\begin{landscape}"] if plan.turned else []),
        *(_longtable(grid, plan, size) if long else _float(grid, plan, size)),
        *([r"\end{landscape}"] if plan.turned else []),
    ]
    return "\n".join(lines) + "\n"


def _float(grid: Grid, plan: Layout, size: str) -> Iterator[str]:
    yield r"\begin{table}[htbp]"
    yield rf"{size}\setlength{{\tabcolsep}}{{3pt}}"
    yield rf"\caption{{{_runs(grid.title)}}}\label{{tab:{grid.name}}}"
    yield rf"\begin{{tabular}}{{{_columns(grid, plan)}}}"
    yield r"\toprule"
    yield from _head(grid)
    yield r"\midrule"
    yield from (_row(row, grid, plan) for row in grid.body)
    yield r"\bottomrule"
    yield r"\end{tabular}"
    yield from _notes(grid)
    yield r"\end{table}"


def _longtable(grid: Grid, plan: Layout, size: str) -> Iterator[str]:
    head = list(_head(grid))
    yield rf"\begingroup{size}\setlength{{\tabcolsep}}{{3pt}}"
    yield rf"\begin{{longtable}}{{{_columns(grid, plan)}}}"
    yield rf"\caption{{{_runs(grid.title)}}}\label{{tab:{grid.name}}}\\"
    yield from (r"\toprule", *head, r"\midrule", r"\endfirsthead")
    yield from (r"\toprule", *head, r"\midrule", r"\endhead")
    yield from (r"\bottomrule", r"\endfoot")
    yield from (_row(row, grid, plan) for row in grid.body)
    yield r"\end{longtable}"
    yield from _notes(grid)
    yield r"\endgroup"


def _notes(grid: Grid) -> Iterator[str]:
    if grid.notes:
        yield rf"\par\smallskip\noindent\begin{{minipage}}{{\linewidth}}{_runs(grid.notes)}\end{{minipage}}\par"


def _columns(grid: Grid, plan: Layout) -> str:
    """The columns: flush right for numbers, lines of text where they are long, else flush left."""
    kinds = []
    for at, width in enumerate(plan.widths):
        if _is_number(grid, at):
            kinds.append("r")
        elif width >= _RUNNING_TEXT:
            kinds.append(rf">{{\raggedright\arraybackslash}}p{{{width / PORTRAIT:.2f}\textwidth}}")
        else:
            kinds.append("l")
    return "@{}" + "".join(kinds) + "@{}"


def _is_number(grid: Grid, column: int) -> bool:
    for row in grid.body:
        at = 0
        for cell in row.cells:
            if at == column and cell.span == 1:
                return cell.number
            at += cell.span
    return False


def _head(grid: Grid) -> Iterator[str]:
    for row in grid.head:
        parts, rules, at = [], [], 1
        for cell in row.cells:
            text = _runs(cell.runs)
            if cell.span > 1:
                parts.append(rf"\multicolumn{{{cell.span}}}{{c}}{{{text}}}")
            else:
                parts.append(rf"\multicolumn{{1}}{{{'r' if cell.number else 'l'}}}{{{text}}}" if text else "")
            if row.spanner and text:
                rules.append(rf"\cmidrule(lr){{{at}-{at + cell.span - 1}}}")
            at += cell.span
        yield " & ".join(parts) + r" \\"
        if rules:
            yield "".join(rules)


def _row(row: GridRow, grid: Grid, plan: Layout) -> str:
    if row.group:
        width = _NARROWER * sum(plan.widths) / PORTRAIT
        text = rf"\raggedright\textbf{{{_runs(row.cells[0].runs)}}}"
        return rf"\multicolumn{{{grid.columns}}}{{@{{}}p{{{width:.2f}\textwidth}}}}{{{text}}} \\"
    parts, at = [], 0
    for cell in row.cells:
        parts.append(_cell(cell, sum(plan.widths[at : at + cell.span])))
        at += cell.span
    return " & ".join(parts) + r" \\"


def _cell(cell: GridCell, width: int) -> str:
    if cell.span == 1:
        return _runs(cell.runs)
    return rf"\multicolumn{{{cell.span}}}{{p{{{width / PORTRAIT:.2f}\textwidth}}}}{{{_runs(cell.runs)}}}"


def _runs(runs: Runs) -> str:
    return "".join(_looks(run) for run in runs)


def _looks(run: Run) -> str:
    text = escaped(run.text)
    if run.code:
        text = rf"\texttt{{{text}}}"
    if run.bold:
        text = rf"\textbf{{{text}}}"
    return rf"\textit{{{text}}}" if run.italic and text.strip() else text


def _document(names: Sequence[str], word: str) -> str:
    lines = [
        r"\documentclass[a4paper]{article}",
        r"\usepackage[T1]{fontenc}",
        r"\usepackage[utf8]{inputenc}",
        r"\usepackage{textcomp}",
        rf"\usepackage{{{','.join(PACKAGES)}}}",
        r"\usepackage[margin=2.2cm]{geometry}",
        rf"\renewcommand{{\tablename}}{{{escaped(word)}}}",
        r"\begin{document}",
        *(rf"\input{{{name}.tex}}\clearpage" for name in names),
        r"\end{document}",
    ]
    return "\n".join(lines) + "\n"
