"""The list of commands. A command is a file of its own and a line here, imported when it is asked for."""

from __future__ import annotations

import importlib

import click

from mce_utaut import __version__

COMMANDS = {
    "check": "Name every problem of questionnaires (YAML) at once.",
    "translations": "Hand texts to translators as a workbook or PO file, and read them back.",
    "preview": "Show a questionnaire in the browser, in any of its languages.",
    "export": "Write a questionnaire for a survey tool, in every language.",
    "import": "Read responses from a survey tool into coded answers.",
    "archive": "Write responses for an archive: SPSS, Stata, DDI and a codebook.",
    "score": "Reliability, validity and scale scores of coded answers.",
    "cvi": "Content validity of a questionnaire from experts' ratings.",
    "init": "Write a folder to start a study in.",
    "plan": "Monte Carlo power of a study of a planned size.",
    "preregister": "Write the plan of a study before there are answers.",
    "fit": "Run a study and write its report (HTML, Word), numbers and tables.",
    "codes": "Write the sheet for coders of open answers, and check the codes that come back.",
    "report": "Draw the report again from study.json, or for one university.",
    "sem": "Fit any model in lavaan syntax to any CSV file.",
    "invariance": "Test whether a model measures the same in several groups.",
    "moderation": "Test whether one factor changes the slope of another, with simple slopes.",
    "simulate": "Draw a simulated study from a population written in YAML.",
    "pilots": "Code pilot proposals, show what they cover and whom they reach, join responses.",
    "cases": "Count what the case-collection template tells of existing micro-credentials.",
    "schema": "Write the JSON Schemas that let editors complete and check the YAML.",
}

EPILOG = (
    "Exit codes: 0 done, 1 something in your files, 2 usage, 3 the model cannot be estimated with these data, "
    "4 not converged, 70 a mistake of ours (add --traceback and report it)."
)


class LazyCommands(click.Group):
    """A group that imports a command's module only when that command runs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"mce_utaut.cli.{cmd_name.replace('-', '_')}_command")
        return module.command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0] if args else ""
        if name and not name.startswith("-") and name not in COMMANDS:
            import difflib

            near = difflib.get_close_matches(name, COMMANDS, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else " --help lists the commands."
            ctx.fail(f"There is no command {name!r}.{hint}")
        return super().resolve_command(ctx, args)


@click.group(
    cls=LazyCommands,
    invoke_without_command=True,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, "--version", message="mce_utaut %(version)s")
@click.pass_context
def app(context: click.Context) -> None:
    """Acceptance studies of micro-credentials with UTAUT.

    A questionnaire goes out, responses come back, models are fitted, a report is read.
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


def run_app(arguments: list[str]) -> int:
    """The exit code of running ``arguments``; usage errors are printed and give 2."""
    try:
        code = app.main(args=arguments, prog_name="python -m mce_utaut", standalone_mode=False)
    except SystemExit:
        # click turns a closed pipe (`| head -1`) into this, and nothing else: who reads has seen enough.
        return 0
    except click.exceptions.Exit as stop:
        return int(stop.exit_code)
    except click.exceptions.Abort as stop:
        # click turns a person's Ctrl-C into Abort, and an EOFError too, which would be our bug.
        raise stop.__cause__ or stop.__context__ or KeyboardInterrupt from None
    except click.ClickException as problem:
        problem.show()
        return 2
    return int(code) if isinstance(code, int) else 0
