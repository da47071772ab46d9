"""Methods and provenance: models, decisions, versions, inputs, definitions, and every table as a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mce_utaut.report.model_lines import model_lines
from mce_utaut.report.page import Page, short
from mce_utaut.report.sections.checklist import checklist
from mce_utaut.report.sections.further import by_role, note
from mce_utaut.report.sections.remarks import remarks
from mce_utaut.report.sections.sensitivity import analysis_label
from mce_utaut.report.table import Cell, Column, Row, Table, group_row, row, text_cell
from mce_utaut.study.result import InputFile, ModelFit

_OWN = "en"  # the language of the comments in the models that come with the project

# The optional analyses that this report draws; others are named with the place of their numbers
DRAWN = frozenset(
    (
        "common_method",
        "comparison",
        "diffusion",
        "dynamic_cutoffs",
        "factorability",
        "importance_performance",
        "indirect",
        "joint_display",
        "local_fit",
        "model_comparison",
        "moderation",
        "pilots",
        "planning",
        "raw_points",
        "regression",
        "remedies",
        "response",
        "screening",
        "small_samples",
        "universities",
        "university",
        "waves",
        "wording_status",
    )
)
ROLE_ITEMS = "sensitivity: with the role's own items"
CHOICES = ("estimator", "missing", "reliability", "validity", "scores", "tests", "small_n", "disclosure")


@dataclass(frozen=True, slots=True)
class Syntax:
    """A model as it was estimated, and of which roles."""

    name: str
    variant: str
    roles: str
    text: str


def build(page: Page) -> Mapping[str, Any]:
    """Everything a reviewer needs to repeat the study."""
    return {
        "choices": [(page.words(f"choices.{c}.title"), page.words(f"choices.{c}.text")) for c in CHOICES],
        "engines": _engines(page),
        "models": _models(page),
        "constructs": _constructs(page),
        "versions": _versions(page),
        "wording": _wording(page),
        "inputs": _inputs(page),
        "remarks": [(about, each) for about, each in remarks(page) if each.level == "info"],
        "not_drawn": [name for name in page.result.sections if name not in DRAWN],
        "checklist": checklist(page),
        "glossary": page.words.glossary(),
    }


def _engines(page: Page) -> list[str]:
    """Estimator, engine and missing-data rule of every fit, once."""
    seen = {
        (str(m.fit.get("estimator", "")), str(m.fit.get("engine", "")), str(m.fit.get("missing", "")))
        for role in page.result.roles for m in role.models if m.fit is not None
    }  # fmt: skip
    return [
        page.words.text(
            "methods.engine", estimator=short(e, 20), engine=_named(page, "engine_names", g),
            missing=_named(page, "missing_rules", s),
        )
        for e, g, s in sorted(seen)
    ]  # fmt: skip


def _named(page: Page, names: str, code: str) -> str:
    key = f"methods.{names}.{code}"
    return page.words.text(key) if page.words.has(key) else short(code, 40)


def _models(page: Page) -> list[Syntax]:
    found: dict[tuple[str, str, str], list[str]] = {}
    for role in page.result.roles:
        for model in role.models:
            titles = found.setdefault((model.name, _variant(page, model), _syntax(page, model)), [])
            if role.title not in titles:
                titles.append(role.title)
    return [Syntax(name, variant, ", ".join(titles), text) for (name, variant, text), titles in found.items()]


def _syntax(page: Page, model: ModelFit) -> str:
    """The text of a model; where the report is in another language than the project's, without comments (study.json
    has them)."""
    return model.syntax if page.words.language == _OWN else "\n".join(model_lines(model.syntax))


def _variant(page: Page, model: ModelFit) -> str:
    """"structural", and what else the analysis changed in the text of the model (the role's own items)."""
    variant = page.words.text(f"methods.variants.{model.variant}")
    return f"{variant}, {analysis_label(page, model.analysis)}" if model.analysis == ROLE_ITEMS else variant


def _constructs(page: Page) -> Table | None:
    words = page.words
    seen: dict[str, tuple[str, str, str]] = {}
    for role in page.result.roles:
        for c in role.constructs:
            seen.setdefault(c.id, (c.label, c.definition, " ".join(c.items)))
    if not seen:
        return None
    columns = (
        Column(words("methods.code"), align="text", name="code"),
        Column(words("scales.construct"), align="text", name="construct"),
        Column(words("methods.definition"), align="text", name="definition"),
    )
    rows = tuple(
        row(short(name, 20), [text_cell(short(label, 100)), Cell(short(definition, 600), definition)])
        for name, (label, definition, _) in seen.items()
    )
    return page.table(Table("constructs", words("methods.constructs_title"), columns, rows,
                            language=page.result.language))  # fmt: skip


def _versions(page: Page) -> Table:
    words, made = page.words, page.result.provenance
    rows = [row(short(name, 60), [text_cell(short(version, 60))]) for name, version in made.versions.items()]
    rows.append(row(words("methods.seed"), [Cell(str(made.seed), made.seed)]))
    if made.run_date:
        rows.append(row(words("methods.run_date"), [text_cell(made.run_date)]))
    columns = (Column(words("methods.what"), align="text", name="what"),
               Column(words("methods.version"), align="text", name="version"))  # fmt: skip
    return page.table(Table("versions", words("methods.versions_title"), columns, tuple(rows)))


def _wording(page: Page) -> Table | None:
    """How many texts are approved, by role and language; None where the result does not say."""
    words, numbers = page.words, page.numbers
    columns = (
        Column(words("methods.language"), align="text", name="language"), Column(words("methods.texts"), name="texts"),
        Column(words("methods.approved"), name="approved"), Column(words("methods.stale"), name="stale"),
        Column(words("methods.status"), align="text", name="status"),
    )  # fmt: skip
    rows: list[Row] = []
    for role, found in by_role(page, "wording_status"):
        rows.append(group_row(short(role.title, 60)))
        rows += [
            row(short(each["title"], 60), [
                *(Cell(numbers.integer(each[name]), each[name]) for name in ("texts", "approved", "stale")),
                text_cell(words(f"methods.statuses.{each['status']}")),
            ])
            for each in found["languages"]
        ]  # fmt: skip
    if not rows:
        return None
    notes = (note(page, "wording_status"),)
    return page.table(Table("wording_status", words("methods.wording_title"), columns, tuple(rows), notes))


def _inputs(page: Page) -> Table:
    words, made = page.words, page.result.provenance
    columns = (Column(words("methods.file"), align="text", name="file"),
               Column(words("methods.purpose"), align="text", name="purpose"),
               Column("SHA-256", align="text"))  # fmt: skip
    unused = _unused_wording(page)
    rows = [
        row(short(f.name, 120), [text_cell(_purpose(page, f.purpose)), text_cell(f.sha256)])
        for f in made.inputs if f not in unused
    ]  # fmt: skip
    for role, (name, version, digest) in made.instruments.items():
        purpose = words.text("methods.instrument_of", role=role)
        rows.append(row(short(f"{name} {version}", 120), [text_cell(purpose), text_cell(digest)]))
    notes = (words("methods.unused_wording", n=len(unused)),) if unused else ()
    return page.table(Table("inputs", words("methods.inputs_title"), columns, tuple(rows), notes))


def _unused_wording(page: Page) -> frozenset[InputFile]:
    """The wording files of languages in which nobody answered and this report is not written."""
    spoken = {each["language"] for _, found in by_role(page, "wording_status") for each in found["languages"]}
    if not spoken:
        return frozenset()
    endings = tuple(f".{language}.yaml" for language in sorted(spoken | {page.result.language}))
    texts = (each for each in page.result.provenance.inputs if each.purpose == "wording")
    return frozenset(each for each in texts if not each.name.endswith(endings))


def _purpose(page: Page, purpose: str) -> str:
    key = f"methods.purposes.{purpose}"
    return page.words.text(key) if page.words.has(key) else short(purpose, 40)
