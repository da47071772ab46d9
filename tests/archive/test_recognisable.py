"""Nobody stands out in an archive: every combination of what others may know is shared, or nothing is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from mce_utaut import files
from mce_utaut.archive import Archive, build, statistical
from mce_utaut.archive.recognisable import attributes
from mce_utaut.archive.variables import variables
from mce_utaut.cli import _run
from mce_utaut.cli import questionnaire as questionnaires
from mce_utaut.errors import UsageError, UserMistake
from mce_utaut.instrument.model import Instrument
from mce_utaut.responses.model import Responses
from mce_utaut.shipped import shipped
from mce_utaut.survey.registry import read_responses

KNOWN = ("meta_hei", "meta_language", "hei", "age_band", "gender", "function", "years_in_role")


@pytest.fixture(scope="module")
def managers() -> tuple[Instrument, Responses]:
    instrument = questionnaires.load("mce_manager")
    return instrument, read_responses(instrument, [files.read(shipped("simulated") / "mce_study" / "managers.csv")])


def sav(made: Archive, folder: Path) -> pd.DataFrame:
    (name,) = (name for name in made.writers if name.endswith(".sav"))
    (folder / name).write_bytes(statistical.timeless(files.written_by(made.writers[name], ".sav")))
    return pyreadstat.read_sav(folder / name, user_missing=False)[0]


def same_order(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """The rows of ``before`` as those of ``after`` stand, found by the answers that nothing hides."""
    others = [name for name in before.columns if name not in (*KNOWN, "respondent")]

    def keys(data: pd.DataFrame) -> list[tuple[str, ...]]:
        return [tuple(map(str, row)) for row in data[others].itertuples(index=False)]

    places = {key: place for place, key in enumerate(keys(before))}
    assert len(places) == len(before)
    ordered = before.iloc[[places[key] for key in keys(after)]].reset_index(drop=True)
    return ordered.assign(respondent=after["respondent"])


def sharing(data: pd.DataFrame, names: tuple[str, ...]) -> Mapping[tuple[str, ...], int]:
    kept = [name for name in names if name in data.columns]
    return Counter(tuple(str(value) for value in row) for row in data[kept].itertuples(index=False))


def test_what_others_may_know_is_university_language_and_background(managers: tuple[Instrument, Responses]) -> None:
    found = attributes(managers[0], variables(managers[0], with_text=True))
    assert list(found) == ["hei", "pilot_id", "language", "age_band", "gender", "function", "years_in_role"]
    assert [one.name for one in found["hei"]] == ["meta_hei", "hei", "hei_other"]
    assert [one.name for one in found["gender"]] == ["gender", "gender_other"]


def test_people_who_stand_out_are_counted_and_never_named(managers: tuple[Instrument, Responses]) -> None:
    with pytest.raises(UserMistake) as caught:
        build(*managers)
    said = str(caught.value)
    assert said.startswith(f"{managers[1].n} of {managers[1].n} respondents share what others may know of them (hei, ")
    assert "already by hei (" in said and "--hide-rare" in said and "--leave-out" in said
    values = {str(value) for name in ("hei", "age_band", "function") for value in managers[1].data[name].dropna()}
    assert not values & set(said.replace("(", " ").replace(")", " ").split())


@pytest.mark.parametrize("least", [2, 3, 5, 9])
def test_hidden_values_leave_nobody_alone(managers: tuple[Instrument, Responses], least: int, tmp_path: Path) -> None:
    instrument, responses = managers
    closed = build(instrument, responses, least=least, hide_rare=True)
    before, after = sav(build(instrument, responses, least=1), tmp_path), sav(closed, tmp_path)
    before = same_order(before, after)
    assert min(sharing(after, KNOWN).values()) >= least
    others = [name for name in before.columns if name not in KNOWN]
    pd.testing.assert_frame_equal(before[others], after[others])
    for name in KNOWN:
        kept = after[name].notna() & (after[name] != "")
        assert (before[name][kept] == after[name][kept]).all()
    assert any(note.code == "hidden" for note in closed.notes)


def test_random_backgrounds_are_shared_by_five(managers: tuple[Instrument, Responses], tmp_path: Path) -> None:
    instrument, responses = managers
    rng = np.random.default_rng(11)
    for probability in (0.5, 0.9, 0.99):
        data = responses.data.copy()
        for name in ("age_band", "gender", "function"):
            scale = next(question.scale for question in instrument.questions() if question.name == name)
            options = [option.name for option in instrument.scales[str(scale)].options]
            common = rng.random(len(data)) < probability
            data[name] = np.where(common, options[0], rng.choice(options, len(data)))
        made = build(instrument, replace(responses, data=data), hide_rare=True)
        assert min(sharing(sav(made, tmp_path), KNOWN).values()) >= 5


def test_variables_left_out_are_in_no_file(managers: tuple[Instrument, Responses], tmp_path: Path) -> None:
    out = ["hei", "language", "function", "years_in_role", "meta_pilot_id"]
    made = build(*managers, leave_out=out, hide_rare=True)
    assert not {"meta_hei", "hei", "meta_language", "function"} & set(sav(made, tmp_path).columns)
    assert b"years_in_role" not in made.files["ddi.xml"] and b"years_in_role" not in made.files["codebook.html"]
    with pytest.raises(UsageError, match=r"no variable functoin to leave out\. Did you mean function"):
        build(*managers, leave_out=["functoin"])


def test_few_people_have_nothing_to_hide_behind(managers: tuple[Instrument, Responses]) -> None:
    instrument, responses = managers
    four = responses.without(responses.data.index[4:], ())
    with pytest.raises(UserMistake, match="4 respondents are fewer than the 5 who must share"):
        build(instrument, four, hide_rare=True)
    assert build(instrument, responses.without(responses.data.index, ())).files


def test_the_command_writes_nothing_where_people_stand_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    answers = str((shipped("simulated") / "mce_study" / "managers.csv").absolute())
    assert _run(["archive", "mce_manager", answers, "--out", "a"]) == 1
    assert not (tmp_path / "a").exists()
    capsys.readouterr()
    assert _run(["archive", "mce_manager", answers, "--out", "a", "--hide-rare", "--leave-out", "hei, language"]) == 0
    assert "at least 5 respondents share what is told of each: " in capsys.readouterr().out
    assert _run(["archive", "mce_manager", answers, "--out", "b", "--least", "1"]) == 0
    assert "only the team can read" in capsys.readouterr().out


def test_the_place_of_a_row_tells_nothing(managers: tuple[Instrument, Responses], tmp_path: Path) -> None:
    instrument, responses = managers
    turned = replace(responses, data=responses.data[::-1], missing=responses.missing[::-1], meta=responses.meta[::-1])
    one, other = (sav(build(instrument, each, hide_rare=True), tmp_path) for each in (responses, turned))
    pd.testing.assert_frame_equal(one, other)


def test_one_person_in_two_waves_is_one(managers: tuple[Instrument, Responses], tmp_path: Path) -> None:
    instrument, responses = managers
    again = [part.set_axis([f"{key}-again" for key in part.index]) for part in _frames(responses)]
    waves = [[wave] * responses.n for wave in ("pre", "post")]
    data, missing, meta = (pd.concat(pair) for pair in zip(_frames(responses), again, strict=True))
    both = replace(responses, data=data, missing=missing, meta=meta.assign(wave=waves[0] + waves[1]))
    after = sav(build(instrument, both, hide_rare=True), tmp_path)
    by_wave = [sharing(after[after["meta_wave"] == wave], KNOWN) for wave in ("pre", "post")]
    assert len(by_wave[0]) > 1
    assert all(max(shared[each] for shared in by_wave) >= 5 for each in {*by_wave[0], *by_wave[1]})


def _frames(responses: Responses) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    return responses.data, responses.missing, responses.meta
