"""Lists inside the rows of a section's table are tables of their own, never text of a dictionary."""

from __future__ import annotations

from mce_utaut.study.tables import _lists


def test_rows_inside_rows_are_a_table_named_as_the_outer_row() -> None:
    slopes = [{"at": 1, "slope": 0.2}, {"at": 2, "slope": 0.3}]
    moderators = [
        {"moderator": "gender", "interactions": [], "steps": [{"level": "metric"}]},
        {"moderator": "age", "interactions": [{"predictor": "PE", "outcome": "BI", "slopes": slopes}], "steps": []},
    ]
    found = dict(_lists({"roles": {"student": {"moderators": moderators}}}, (), ["student"]))
    assert found["moderators", "steps"] == [{"role": "student", "moderator": "gender", "level": "metric"}]
    assert found["moderators", "interactions", "slopes"][1] == {
        "role": "student", "moderator": "age", "outcome": "BI", "predictor": "PE", "at": 2, "slope": 0.3,
    }  # fmt: skip
    assert found["moderators",] == [
        {"role": "student", "moderator": "gender", "interactions": ""},
        {"role": "student", "moderator": "age", "steps": ""},
    ]
