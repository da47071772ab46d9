"""The preview page: everything respondents see, nothing that could run, marks where they belong."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from lxml import html

from mce_utaut.errors import UsageError
from mce_utaut.instrument.load import load_instrument
from mce_utaut.instrument.model import Instrument, Text, Wording
from mce_utaut.instrument.reading import TextFile
from mce_utaut.preview import preview
from mce_utaut.shipped import shipped

DATA = Path(__file__).resolve().parent.parent / "data" / "instruments"


def load(path: Path) -> Instrument:
    files = [path, *sorted(path.parent.glob(f"{path.stem}.*.yaml"))]
    structure, *wordings = [TextFile(one.name, one.read_text(encoding="utf-8")) for one in files]
    return load_instrument(structure, wordings)


@pytest.fixture(scope="module")
def sample() -> Instrument:
    return load(DATA / "sample.yaml")


def with_text(instrument: Instrument, language: str, key: str, text: Text) -> Instrument:
    strings = {**instrument.wordings[language].strings, key: text}
    return replace(instrument, wordings={**instrument.wordings, language: Wording(language, strings)})


def page(instrument: Instrument, *arguments: str, **options: bool) -> html.HtmlElement:
    return html.fromstring(preview(instrument, *arguments, **options).decode())


def flat(node: html.HtmlElement) -> str:
    return " ".join(node.text_content().split())


@pytest.mark.parametrize("name", ["sample", "mce_student", "mce_professor", "mce_manager", "mce_case", "mce_pilot"])
def test_every_text_of_every_language_is_on_the_page(name: str) -> None:
    path = DATA / "sample.yaml" if name == "sample" else shipped("instruments") / f"{name}.yaml"
    instrument = load(path)
    root = page(instrument)
    for language in instrument.languages:
        shown = flat(root.find_class(f"of-{language}")[0])
        used = {f"scale.{question.scale}" for question in instrument.questions()}
        for key, text in instrument.wordings[language].strings.items():
            seen = not key.startswith(("construct.", "scale.")) or key.rpartition(".")[0] in used
            if seen and not key.endswith(".99"):
                for line in text.text.split("\n"):
                    assert " ".join(line.split()) in shown, key


def test_language_and_codes_are_switched_without_script(sample: Instrument) -> None:
    other = sample.languages[1]
    root = page(sample, other, codes=True)
    assert not root.xpath("//script | //@onclick | //@src | //link")
    assert root.xpath("//input[@name='language'][@checked]/@id") == [f"show-{other}"]
    assert root.get_element_by_id("show-codes").get("checked") is not None
    assert page(sample).get_element_by_id("show-codes").get("checked") is None
    codes = {node.text for node in root.find_class("code")}
    assert {item.code for _, item in sample.items()} <= codes
    assert {question.code for question in sample.questions()} <= codes


def test_conditions_are_told_in_words(sample: Instrument) -> None:
    remarks = [flat(node) for node in page(sample).find_class("of-en")[0].find_class("about")]
    asked = [one for one in (*sample.pages, *sample.questions()) if one.condition is not None]
    assert asked
    for one in asked:
        condition = one.condition
        told = [remark for remark in remarks if remark.startswith("Shown only") and f"({condition.question})" in remark]
        scale = sample.question(condition.question).scale
        assert any(all(sample.wordings["en"][f"scale.{scale}.{code}"] in r for code in condition.among) for r in told)


def test_cannot_judge_is_offered_only_where_the_item_offers_it(sample: Instrument) -> None:
    root = page(sample)
    for question, item in sample.items():
        offered = root.xpath(f"//main[contains(@class, 'of-en')]//input[@name='en.{item.code}']")
        scale = sample.scales[question.scale or ""]
        assert len(offered) == len(scale.options) + question.other + item.cannot_judge, item.code


def test_draft_and_stale_texts_are_marked(sample: Instrument) -> None:
    first = next(sample.items())[1].code
    stale = with_text(sample, "en", f"item.{first}", Text("Old words", "source", stale=True))
    version = page(stale).find_class("of-en")[0]
    assert len(version.find_class("stale")) == 1
    assert "source of 1 has changed" in flat(version.find_class("draft")[0])
    approved = Wording("en", {k: replace(t, status="approved") for k, t in sample.wordings["en"].strings.items()})
    fine = page(replace(sample, wordings={**sample.wordings, "en": approved})).find_class("of-en")[0]
    assert not fine.find_class("draft") and not fine.find_class("stale")


def test_texts_are_never_markup(sample: Instrument) -> None:
    first = next(sample.items())[1].code
    hostile = '</style><script>alert(1)</script> {{ x }} "\'> \x00'
    root = page(with_text(sample, "en", f"item.{first}", Text(hostile, "source")))
    assert not root.xpath("//script")
    assert "<script>alert(1)</script> {{ x }}" in flat(root)


def test_an_unknown_language_is_refused(sample: Instrument) -> None:
    with pytest.raises(UsageError, match="no wording in xx"):
        preview(sample, "xx")


def test_equal_questionnaires_give_equal_pages(sample: Instrument) -> None:
    assert preview(sample) == preview(sample)
