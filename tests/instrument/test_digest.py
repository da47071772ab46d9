"""The digest follows what is asked and in which words, and nothing else."""

from __future__ import annotations

import re

import pytest

from mce_utaut.instrument.digest import digest_of, part_digests
from mce_utaut.instrument.model import Instrument


def test_it_is_a_sha256_of_the_instrument(sample: Instrument) -> None:
    assert re.fullmatch("[0-9a-f]{64}", sample.digest)
    assert digest_of(sample) == sample.digest


@pytest.mark.parametrize(
    ("structure", "en"),
    [
        ({"# A small complete questionnaire": "# Another comment\n\n#"}, None),
        ({"PE: {kind: latent}\n  BI: {kind: latent}": "BI: {kind: latent}\n  PE:\n    kind: 'latent'"}, None),
        ({"{code: AGE, name: age_band, type: choice": "{type: choice, code: AGE, name: age_band, other: false"}, None),
        ({'{code: "7", name': "{code: 7, name"}, None),
        ({"kind: survey\n": ""}, None),
        ({"license: CC-BY-SA-4.0": "license: CC0-1.0", "Wording made for the tests.": "Me."}, None),
        (None, {"end: Thank you.": 'end: "Thank you. "'}),
        (None, {"status: source": "status: draft"}),
        (None, {"  PE: {label: P": "  USE: {label: Use}\n  PE: {label: P", "\n  USE: {label: Use}\n": "\n"}),
    ],
)
def test_it_does_not_change_with_formatting_order_of_mappings_or_status(
    changed, sample: Instrument, structure: dict[str, str] | None, en: dict[str, str] | None
) -> None:
    report = changed(structure, en, {})
    assert report.instrument is not None, report.problems
    assert report.instrument.digest == sample.digest


@pytest.mark.parametrize(
    ("structure", "en", "part"),
    [
        ({'version: "1.0.0"': 'version: "1.0.1"'}, None, "structure"),
        ({"random_items: true": "random_items: false"}, None, "structure"),
        ({"{code: PE1, construct: PE, kind: anchor}\n          - {code: PE2,":
          "{code: PE2, construct: PE, kind: anchor}\n          - {code: PE1,"}, None, "structure"),
        (None, {"end: Thank you.": "end: Thanks."}, "en"),
    ],
)  # fmt: skip
def test_it_changes_with_what_is_asked(
    changed, sample: Instrument, structure: dict[str, str] | None, en: dict[str, str] | None, part: str
) -> None:
    report = changed(structure, en, {})
    assert report.instrument is not None, report.problems
    assert report.instrument.digest != sample.digest
    before, after = part_digests(sample), part_digests(report.instrument)
    assert [name for name in before if before[name] != after[name]] == [part]


def test_it_changes_with_a_language(changed, sample: Instrument) -> None:
    english = changed().instrument
    assert english is not None and english.digest != sample.digest
    assert part_digests(english)["en"] == part_digests(sample)["en"]


def test_a_filled_in_parameter_is_part_of_the_words(changed, sample: Instrument) -> None:
    report = changed({'months: "12"': 'months: "6"'}, None, {})
    assert report.instrument is not None
    before, after = part_digests(sample), part_digests(report.instrument)
    assert {name for name in before if before[name] != after[name]} == {"structure", "en", "it"}
