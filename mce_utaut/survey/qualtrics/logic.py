"""Conditions as Qualtrics writes them in display logic and in branches of the flow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mce_utaut.instrument.model import Condition
from mce_utaut.survey.qualtrics.columns import LINK_PREFIX
from mce_utaut.survey.qualtrics.form import FormQuestion

Json = dict[str, Any]
Numbered = Mapping[str, tuple[str, FormQuestion]]  # tag -> its QID, the question


def terms(condition: Condition, numbered: Numbered) -> list[Json]:
    """The terms of ``condition``, joined by "or": an answer was chosen, or the link carried it."""
    qid, asked = numbered[condition.question]
    found = [_chosen(qid, position, "Selected") for position in _positions(condition, asked)]
    if asked.from_link:
        found += [_embedded(f"{LINK_PREFIX}{asked.tag}", "EqualTo", code) for code in condition.among]
    return _joined(found, "Or")


def negated(condition: Condition, numbered: Numbered) -> list[Json]:
    """The terms, joined by "and", that hold where ``condition`` does not."""
    qid, asked = numbered[condition.question]
    return _joined([_chosen(qid, position, "NotSelected") for position in _positions(condition, asked)], "And")


def empty(field: str) -> Json:
    """The term that holds where an embedded data field is empty."""
    return _embedded(field, "Empty", "")


def expression(group: Sequence[Json], also: Sequence[Json] = (), in_page: bool = False) -> Json:
    """The logic that holds where a term of ``group`` and, if given, one of ``also`` does."""
    groups = [group, also] if also else [group]
    found: Json = {}
    for number, members in enumerate(groups):
        kind = "If" if number == 0 else "AndIf"
        found[str(number)] = {**{str(place): term for place, term in enumerate(members)}, "Type": kind}
    return {**found, "Type": "BooleanExpression", "inPage": in_page}


def _positions(condition: Condition, asked: FormQuestion) -> list[int]:
    """The places, from 1, of the answers that the condition names."""
    wanted = {code.casefold() for code in condition.among}
    return [place for place, choice in enumerate(asked.choices, start=1) if choice.code.casefold() in wanted]


def _chosen(qid: str, position: int, operator: str) -> Json:
    locator = f"q://{qid}/SelectableChoice/{position}"
    return {
        "LogicType": "Question",
        "QuestionID": qid,
        "QuestionIsInLoop": "no",
        "ChoiceLocator": locator,
        "Operator": operator,
        "QuestionIDFromLocator": qid,
        "LeftOperand": locator,
        "Type": "Expression",
        "Description": f"{qid} {position} {operator}",
    }


def _embedded(field: str, operator: str, value: str) -> Json:
    term = {
        "LogicType": "EmbeddedField",
        "LeftOperand": field,
        "Operator": operator,
        "_HiddenExpression": False,
        "Type": "Expression",
        "Description": f"{field} {operator} {value}".strip(),
    }
    return {**term, "RightOperand": value} if value else term


def _joined(found: list[Json], conjunction: str) -> list[Json]:
    """The terms with the word between them, under the key that Qualtrics spells "Conjuction"."""
    return [term if place == 0 else {**term, "Conjuction": conjunction} for place, term in enumerate(found)]
