"""The command line: one file a command, each importing its room only when it runs."""

from __future__ import annotations

import errno
import gc
import io
import os
import sys

_PROBLEMS_SHOWN = 20  # more of them tell of the wrong file rather than of mistakes to correct one by one


def main() -> None:
    """Runs the command line and exits with its code.

    0 done, 1 the user's mistake, 2 usage, 3 refused as not estimable, 4 not converged, 70 our bug,
    130 interrupted.
    """
    # Sums must not depend on how many threads a BLAS happens to use; numpy is not imported yet.
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    # A command is short-lived and makes few cycles: looking for them often would take a tenth of its time.
    gc.set_threshold(100_000, 20, 100)
    _open_streams()
    sys.exit(_run(sys.argv[1:]))


def _open_streams() -> None:
    """Lets every text be printed: a stream that was closed swallows it, and where the terminal's encoding has no such
    letter (a plain C locale) a mark stands for it."""
    sys.stdout = sys.stdout or io.StringIO()
    sys.stderr = sys.stderr or io.StringIO()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _run(arguments: list[str]) -> int:
    from mce_utaut.errors import MceError

    traceback_wanted = "--traceback" in arguments
    arguments = [argument for argument in arguments if argument != "--traceback"]
    try:
        from mce_utaut.cli.app import run_app

        code = run_app(arguments)
        sys.stdout.flush()
        return code
    except MceError as error:
        if traceback_wanted:
            raise
        _say_error(str(error))
        return error.exit_code
    except BrokenPipeError:  # who reads has seen enough
        _drop_output()
        return 0
    except KeyboardInterrupt:
        _say_error("Stopped. Nothing was half-written.")
        return 130
    except MemoryError:
        _say_error("The computer ran out of memory; nothing was written.")
        return 1
    except Exception as error:
        _drop_output()
        if traceback_wanted:
            raise
        if isinstance(error, ModuleNotFoundError) and _not_installed(error):
            _say_error(
                f"The packages that mce_utaut needs are not installed for this Python ({error.name} is missing). "
                r"Use .venv/bin/python, on Windows .venv\Scripts\python, in its place: the first lines of README.md "
                "make it."
            )
            return 1
        if said := _of_the_system(error, arguments):
            _say_error(said)
            return 1
        _say_error(
            f"This is a mistake in mce_utaut, not yours ({type(error).__name__}: {error}). "
            "Run the same command with --traceback and report what it prints."
        )
        return 70


def _not_installed(error: ModuleNotFoundError) -> bool:
    """Whether a package of others is missing as a whole."""
    from importlib.util import find_spec

    package = (error.name or "mce_utaut").split(".")[0]
    return package != "mce_utaut" and find_spec(package) is None


def _of_the_system(error: Exception, arguments: list[str]) -> str:
    """What to do about a full disk behind the standard output, a folder that is gone, or arguments that the system's
    encoding cannot hold; empty where the error is ours."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EIO, errno.EDQUOT):
        return f"What is printed cannot be written ({error.strerror}). Free some space or print elsewhere."
    if isinstance(error, FileNotFoundError) and not _stands_somewhere():
        return "The folder you stand in does not exist any more. Change to another one and run again."
    if isinstance(error, UnicodeEncodeError) and any("\udc80" <= sign <= "\udcff" for sign in "".join(arguments)):
        what = "A name or text on the command line has letters that the system's encoding does not have."
        return f"{what} Set PYTHONUTF8=1 in the environment and run again."
    return ""


def _stands_somewhere() -> bool:
    try:
        os.getcwd()
    except OSError:
        return False
    return True


def _drop_output() -> None:
    """Sends what is still to be printed nowhere, if it cannot be printed: Python would complain of it at its end."""
    try:
        sys.stdout.flush()
    except OSError:
        with open(os.devnull, "wb") as nowhere:
            os.dup2(nowhere.fileno(), 1)


def _say_error(text: str) -> None:
    lines = text.splitlines() or [""]
    head = "error: " if len(lines) == 1 else f"{len(lines)} problems:\n"
    more = len(lines) - _PROBLEMS_SHOWN
    shown = lines if more <= 1 else [*lines[:_PROBLEMS_SHOWN], f"… and {more} more."]
    print(head + "\n".join(shown), file=sys.stderr)
