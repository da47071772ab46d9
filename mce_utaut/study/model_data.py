"""The columns that a model needs, from the answers of one role."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mce_utaut.errors import Problem, StudyError
from mce_utaut.instrument.model import Instrument
from mce_utaut.responses.model import Responses
from mce_utaut.responses.scores import scored_items
from mce_utaut.study.texts import place_of

_MOST_NAMED = 6  # variables that each get a problem of their own; more belong to another questionnaire


@dataclass(frozen=True, slots=True, eq=False)
class ModelData:
    """Columns by the model's variable names, each (n,) with NaN where missing, and the rows complete on all
    of them (n,), bool."""

    columns: Mapping[str, np.ndarray]
    complete: np.ndarray

    @property
    def n_before(self) -> int:
        """All rows."""
        return int(self.complete.size)

    @property
    def n(self) -> int:
        """The complete rows."""
        return int(self.complete.sum())

    def count(self, missing: str) -> int:
        """How many can be analysed: the complete rows, or under "fiml" the rows with any answer."""
        if missing != "fiml":
            return self.n
        return int((~np.isnan(np.column_stack(list(self.columns.values())))).any(axis=1).sum())

    def listwise(self) -> dict[str, np.ndarray]:
        """The columns of the complete rows."""
        return {name: values[self.complete] for name, values in self.columns.items()}


def item_codes(instrument: Instrument, variables: Sequence[str], model: str) -> dict[str, str]:
    """The item or question code behind each variable of a model: a code itself, a question's name, or a
    construct that one question measures. Raises ``StudyError`` naming every variable that is none."""
    codes = {item.code for _, item in instrument.items()}
    by_name = {question.name: question.code for question in instrument.questions()}
    asked = {question.code for question in instrument.questions() if question.type != "array"}
    found: dict[str, str] = {}
    problems = []
    for name in variables:
        construct = instrument.constructs.get(name)
        if name in codes or name in asked:
            found[name] = name
        elif name in by_name:
            found[name] = by_name[name]
        elif construct is not None and len(construct.items) == 1:
            found[name] = construct.items[0]
        else:
            near = difflib.get_close_matches(name, [*codes, *asked, *by_name], n=1)
            remedy = f"Did you mean {near[0]}?" if near else "Use codes that it asks, or leave the model out."
            what = f"the model {model} names {name}, which the questionnaire {instrument.id} does not ask."
            problems.append(Problem(what, remedy, where=name))
    if len(problems) > _MOST_NAMED:
        lacking = ", ".join(str(problem.where) for problem in problems[:_MOST_NAMED])
        what = f"the model {model} names {len(problems)} variables that the questionnaire {instrument.id} does not ask"
        remedy = "Name a model of items that it asks: `--model`, in a study file `model` and `compare`."
        problems = [Problem(f"{what} ({lacking}, …).", remedy)]
    if problems:
        raise StudyError(problems)
    return found


def model_data(responses: Responses, instrument: Instrument, variables: Sequence[str], model: str = "") -> ModelData:
    """The columns behind ``variables``, reverse items turned round. Raises ``StudyError`` for a variable
    that is not asked, or whose answers are no numbers."""
    codes = item_codes(instrument, variables, model)
    columns = {}
    for name, code in codes.items():
        question, item = place_of(instrument, code)
        if item is None and question.scale is None:
            columns[name] = responses.data[question.name].to_numpy(dtype=float)
            continue
        try:
            columns[name] = scored_items(responses, instrument, [code])[:, 0]
        except ValueError:
            what = f"the model {model} names {name}, whose answers are no numbers."
            raise StudyError(Problem(what, "Leave it out of the model.", where=name)) from None
    complete = np.ones(responses.n, dtype=bool)
    for values in columns.values():
        complete &= ~np.isnan(values)
    return ModelData(columns, complete)
