"""The command line: one file a command, each importing its room only when it runs."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Runs the command line and exits with its code.

    0 done, 1 the user's mistake, 2 usage, 3 refused as not estimable, 4 not converged, 70 our bug,
    130 interrupted.
    """
    # Sums must not depend on how many threads a BLAS happens to use; numpy is not imported yet.
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    sys.exit(_run(sys.argv[1:]))


def _run(arguments: list[str]) -> int:
    from mce_utaut.errors import MceError

    traceback_wanted = "--traceback" in arguments
    arguments = [argument for argument in arguments if argument != "--traceback"]
    try:
        from mce_utaut.cli.app import run_app

        return run_app(arguments)
    except MceError as error:
        if traceback_wanted:
            raise
        _say_error(str(error))
        return error.exit_code
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except KeyboardInterrupt:
        _say_error("Stopped. Nothing was half-written.")
        return 130
    except MemoryError:
        _say_error("The computer ran out of memory; nothing was written.")
        return 1
    except Exception as error:
        if traceback_wanted:
            raise
        if isinstance(error, ModuleNotFoundError) and _not_installed(error):
            _say_error(
                f"The packages that mce_utaut needs are not installed for this Python ({error.name} is missing). "
                r"Use .venv/bin/python, on Windows .venv\Scripts\python, in its place: the first lines of README.md "
                "make it."
            )
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


def _say_error(text: str) -> None:
    lines = text.splitlines() or [""]
    head = "error: " if len(lines) == 1 else f"{len(lines)} problems:\n"
    print(head + "\n".join(lines), file=sys.stderr)
