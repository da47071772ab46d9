"""The program's own sentences: a folder with a YAML file for each language, as flat keys.

A mapping of exactly ``one`` and ``other`` is one entry, chosen by a number. The key ``review`` says how far a
translation is (docs/translations.md) and is no sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources

from mce_utaut.errors import Problem, UsageError

Entry = str | Mapping[str, str]
SOURCE = "en"
REVIEW = "review"
FORMS = ("one", "other")
_WHOLE = (SOURCE, "it")  # the tests hold these to be whole: they need not be compared each time


def flat(text: str) -> dict[str, Entry]:
    """Every entry of a file by dotted key."""
    from ruamel.yaml import YAML

    found: dict[str, Entry] = {}
    _flatten(YAML(typ="safe", pure=True).load(text) or {}, "", found)
    return found


@cache
def entries(package: str, folder: str, language: str) -> Mapping[str, Entry]:
    """Every entry of ``language`` in ``folder`` of ``package``, by dotted key. Raises ``UsageError`` for a language
    that there is not, or that lacks sentences."""
    known = languages(package, folder)
    if language not in known:
        what = f"Reports are written in {', '.join(known)}, not in {language!r}."
        raise UsageError(Problem(what, "`translations export report` begins a language."))
    found = flat(resources.files(package).joinpath(folder, f"{language}.yaml").read_text("utf-8"))
    if language not in _WHOLE:
        lacking = [key for key in entries(package, folder, SOURCE) if key not in found]
        if lacking:
            named = ", ".join(lacking[:3]) + (", …" if len(lacking) > 3 else "")
            what = f"The report's text in {language!r} lacks {len(lacking)} sentences ({named})."
            raise UsageError(Problem(what, "Finish it with `translations`."))
    return found


@cache
def with_source(package: str, folder: str, language: str) -> Mapping[str, Entry]:
    """As ``entries``, with the source's text for every entry that the language lacks, and for a language that there
    is not."""
    found = dict(entries(package, folder, SOURCE))
    if language in languages(package, folder):
        found |= flat(resources.files(package).joinpath(folder, f"{language}.yaml").read_text("utf-8"))
    return found


def languages(package: str, folder: str) -> tuple[str, ...]:
    """The languages that have a file in ``folder`` of ``package``, English first."""
    names = [path.name for path in resources.files(package).joinpath(folder).iterdir()]
    found = sorted(name.removesuffix(".yaml") for name in names if name.endswith(".yaml"))
    return (SOURCE, *(language for language in found if language != SOURCE))


def _flatten(node: Mapping[str, object], prefix: str, into: dict[str, Entry]) -> None:
    for key, value in node.items():
        name = f"{prefix}{key}"
        if name == REVIEW:
            continue
        if isinstance(value, Mapping) and set(value) != set(FORMS):
            _flatten(value, f"{name}.", into)
        else:
            into[name] = value if isinstance(value, Mapping) else str(value).strip()
