"""Every command that README and docs show can be pasted as it stands: commands, options and shipped files exist."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

from mce_utaut.cli import _run, main
from mce_utaut.cli.app import app

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("*/README.md")])
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`python -m mce_utaut ([^`]*)`")


def shown() -> list[tuple[str, str, bool]]:
    """Page, line and whether it stands in a block, of every command that is shown."""
    found = []
    for page in PAGES:
        text = page.read_text("utf-8")
        for kind, block in BLOCK.findall(text):
            lines = [line for line in block.replace("\\\n", " ").splitlines() if "-m mce_utaut" in line]
            found += [(page.name, line, True) for line in lines if kind in ("", "sh", "bat")]
        found += [(page.name, f"python -m mce_utaut {words}".replace("\n", " "), False)
                  for words in INLINE.findall(BLOCK.sub("", text))]  # fmt: skip
    return found


def parse(command: click.Command, name: str, arguments: list[str], parent: click.Context | None = None) -> None:
    """Raises where ``arguments`` would be refused before the command runs."""
    if not isinstance(command, click.Group):
        command.make_context(name, arguments, parent)
        return
    with click.Context(command, parent, name) as context:
        found, inner, rest = command.resolve_command(context, arguments)
        assert inner is not None and found is not None
        parse(inner, found, rest, context)


def test_commands_are_shown() -> None:
    assert len(shown()) > 30


@pytest.mark.parametrize(("page", "line", "in_block"), shown())
def test_a_command_that_is_shown_is_understood(page: str, line: str, in_block: bool) -> None:
    arguments = shlex.split(line.rpartition("-m mce_utaut")[2])
    if in_block:  # zsh and cmd take comments as arguments
        unquoted = re.sub(r'"[^"]*"', "", line)
        assert not set("#()[]<>…'") & set(unquoted), "not to be pasted into every shell"
    try:
        parse(app, "mce_utaut", arguments)
    except click.exceptions.Exit:  # --help
        return
    for argument in arguments:
        if argument.startswith(("simulated/", "instruments/", "models/")):
            assert (ROOT / argument).exists()


def test_simulate_takes_another_seed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    population = ROOT / "simulated" / "mce_study" / "population.yaml"
    monkeypatch.setattr("sys.argv", ["m", "simulate", str(population), "--seed", "7", "--out", str(tmp_path)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert not ended.value.code
    shipped = {each.name: each.read_bytes() for each in population.parent.glob("*.csv")}
    drawn = {each.name: each.read_bytes() for each in tmp_path.glob("*.csv")}
    assert shipped.keys() == drawn.keys()
    assert all(shipped[name] != content for name, content in drawn.items())


def test_a_python_without_the_packages_is_told_which_one_to_use() -> None:
    done = subprocess.run(
        [sys.executable, "-S", "-m", "mce_utaut", "check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert ".venv/bin/python" in done.stderr and "README.md" in done.stderr and "mistake" not in done.stderr


def test_the_way_of_the_readme_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The commands of one study in their order, each on what the ones before wrote."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my_model.lav").write_text("PE =~ PE1 + PE2 + PE3 + PE4\nEE =~ EE1 + EE2 + EE3 + EE4\nEE ~ PE\n")
    own = "my_study/instruments/mce_professor.yaml"
    answers = "outputs/import/mce_professor/mce_professor.responses.csv"
    for line in (
        "check",
        "init my_study --role professor",
        f"check {own}",
        "export",
        f"export {own} limesurvey --language it",
        f"export {own} limesurvey --language it --overwrite",
        f"import {own} my_study/responses/professors.csv --hei UTIU --wave single",
        f"score {own} {answers}",
        f"sem my_model.lav {answers} --estimator MLR --missing fiml --json result.json",
        f"invariance my_model.lav {answers} --group meta.language",
        "preregister my_study/study.yaml",
        "codes my_study/study.yaml",
    ):
        if line.startswith("import"):
            answered = Path("my_study/responses/professors.csv")
            answered.write_bytes((ROOT / "simulated" / "mce_study" / "professors.csv").read_bytes())
        assert _run(line.split()) == 0, f"{line}: {capsys.readouterr().err}"
