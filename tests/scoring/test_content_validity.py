"""Content validity indices against R, and the ``cvi`` command."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from oracle_files import oracle

from mce_utaut.cli import main
from mce_utaut.scoring.content_validity import item_relevance, modified_kappa, scale_relevance

ORACLE = oracle("scoring_content_validity")
EXACT = 1e-12  # closed forms in double precision

RATINGS = "item;construct;Ann;Bo;Cy;Di;Ed;Flo\nPE1;PE;4;4;3;3;4;2\nPE2;PE;4;4;4;4;3;3\nEE1;EE;2;1;3;4;2;\n"


@pytest.mark.parametrize("case", ORACLE["cases"], ids=lambda case: f"{case['agree']} of {case['experts']}")
def test_modified_kappa_is_that_of_r(case: dict) -> None:
    chance, kappa = modified_kappa(case["experts"], case["agree"])
    assert chance == pytest.approx(case["p_chance"], abs=EXACT) and kappa == pytest.approx(case["kappa"], abs=EXACT)


@pytest.mark.parametrize(
    ("ratings", "judgement", "agreement"),
    [
        ([4, 4, 3, 3, 4, 2], "relevant", "excellent"),
        ([4, 4, 3, 3, 2], "revise", "excellent"),
        ([4, 4, 3, 3, 4, 4, 4, 1, 1], "relevant", "excellent"),
        ([4, 4, 1, 1], "revise", "poor"),
        ([4, 4], "too_few_experts", "excellent"),
        ([np.nan, np.nan], "too_few_experts", "undefined"),
    ],
)
def test_the_judgement_depends_on_the_number_of_experts(ratings: list[float], judgement: str, agreement: str) -> None:
    found = item_relevance("A", np.array(ratings))
    assert (found.judgement, found.agreement) == (judgement, agreement)


def test_a_scale_has_the_mean_and_the_universal_agreement() -> None:
    items = [item_relevance("A", np.full(6, 4.0)), item_relevance("B", np.array([4, 4, 4, 2, 2, 2.0]))]
    scale = scale_relevance("PE", items)
    assert (scale.average, scale.universal, scale.reached) == (0.75, 0.5, False)
    with pytest.raises(ValueError, match="rated"):
        scale_relevance("PE", [item_relevance("A", np.array([np.nan]))])


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> object:
    monkeypatch.setattr("sys.argv", ["mce_utaut", "cvi", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code or 0


def test_the_command_reads_a_file_of_ratings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file, out = tmp_path / "experts.csv", tmp_path / "cvi.json"
    file.write_text(RATINGS, encoding="utf-8")
    assert run(monkeypatch, file, "--json", out) == 0
    form = json.loads(out.read_text("utf-8"))
    assert [item["judgement"] for item in form["items"]] == ["relevant", "relevant", "revise"]
    assert form["items"][2]["experts"] == 5
    assert [scale["construct"] for scale in form["constructs"]] == ["PE", "EE"]
    assert "S-CVI/Ave" in capsys.readouterr().out
    assert run(monkeypatch, file, "--json", out) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("item,Ann\nPE1,5\n", "5 is no rating"),
        ("question,Ann\nPE1,4\n", "no column `item`"),
        ("item,Ann\nPE1,4\nPE1,3\n", "stands in 2 rows"),
        ("item,construct\nPE1,PE\n", "no column of an expert"),
        ("item,Ann\nPE1,\n", "holds no rating"),
        ("item,Ann\nPE1,high\n", "not a number"),
    ],
)
def test_what_a_file_of_ratings_may_not_hold(
    text: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "experts.csv"
    file.write_text(text, encoding="utf-8")
    assert run(monkeypatch, file) == 1
    assert said in capsys.readouterr().err
