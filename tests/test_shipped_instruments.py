"""The shipped questionnaires and models keep the promises of instruments/README.md and models/README.md."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from mce_utaut.instrument.load import CheckReport, check_instrument
from mce_utaut.instrument.model import Instrument
from mce_utaut.instrument.reading import decode_yaml

ROOT = Path(__file__).parents[1]
ROLES = ("student", "professor", "manager")
COMPLETE = {"en", "it", "de", "es", "ca", "pt", "nl", "lt", "el"}
PREDICTORS = ("PE", "EE", "SI", "FC")
ANCHORS = {"PE": 4, "EE": 4, "SI": 4, "FC": 4, "BI": 3, "COM": 3, "TRI": 3, "OBS": 3, "VOL": 2}
MODELS = ("mce_intention", "mce_seed", "utaut2003", "utaut_ext")

# What may differ between the roles in an anchor item: who acts, on what, with whom.
REFERENTS = (
    (r"help (me|our university) to reach (my learning|my teaching|its) goals", "help REFERENT reach GOALS"),
    (r"what (I learn|I teach|our university offers)\b", "what REFERENT DOES"),
    (r"\b(taking part in|working on|offering)\b", "DOING"),
    (r"\b(take part in|work on|offer)\b", "DO"),
    (r"\b(my development|my teaching|our university|for me(?=\.))", "REFERENT"),
    (r"\bfor (REFERENT)\b", "REFERENT"),
    (r"\b(studied|taught|worked as a manager)\b", "ACTED"),
    (r"\bas a (student|teacher|manager)\b", "as a ROLE"),
)


@cache
def report(role: str) -> CheckReport:
    folder = ROOT / "instruments"
    names = sorted(path.name for path in folder.glob(f"mce_{role}.*.yaml"))
    texts = [decode_yaml(name, (folder / name).read_bytes()) for name in names]
    return check_instrument(decode_yaml(f"mce_{role}.yaml", (folder / f"mce_{role}.yaml").read_bytes()), texts)


def instrument(role: str) -> Instrument:
    loaded = report(role).instrument
    assert loaded is not None, "\n".join(map(str, report(role).problems))
    return loaded


@pytest.mark.parametrize("role", ROLES)
def test_loads_with_no_remark_but_on_constructs_of_three_items(role: str) -> None:
    assert report(role).problems == ()
    said = {(note.code, note.where.rsplit(" ", 1)[-1]) for note in report(role).warnings}
    assert said == {("few_items", construct) for construct in ("COM", "TRI", "OBS", "BI")}
    assert instrument(role).role == role
    assert set(instrument(role).languages) == COMPLETE


@pytest.mark.parametrize("role", ROLES)
def test_only_the_source_language_counts_as_reviewed(role: str) -> None:
    for language, wording in instrument(role).wordings.items():
        statuses = {text.status for text in wording.strings.values()}
        assert statuses == ({"source"} if language == "en" else {"draft"})


def test_anchors_have_the_same_codes_in_every_role() -> None:
    for construct, count in ANCHORS.items():
        expected = tuple(f"{construct}{number}" for number in range(1, count + 1))
        assert {instrument(role).constructs[construct].anchors for role in ROLES} == {expected}


def test_anchors_differ_between_roles_in_their_referent_only() -> None:
    for construct in ANCHORS:
        for code in instrument("student").constructs[construct].anchors:
            forms = {neutral(instrument(role).wordings["en"][f"item.{code}"]) for role in ROLES}
            assert len(forms) == 1, forms


def neutral(text: str) -> str:
    for pattern, word in REFERENTS:
        text = re.sub(pattern, word, text, flags=re.IGNORECASE)
    return text


def test_english_items_are_asked_without_negation() -> None:
    for role in ROLES:
        for _, item in instrument(role).items():
            text = instrument(role).wordings["en"][f"item.{item.code}"]
            assert item.kind == "attention" or not re.search(r"\b(not|no|never|without|un\w+able)\b", text), text


def test_shared_scales_and_constructs_are_identical_in_every_role() -> None:
    for one, other in (("student", "professor"), ("student", "manager"), ("professor", "manager")):
        first, second = instrument(one), instrument(other)
        shared = set(first.scales) & set(second.scales)
        assert {"agree7", "consent", "hei", "experience", "adopter", "gender"} <= shared
        assert "use_student" not in shared and "age6" not in (shared if "manager" in (one, other) else ())
        assert all(first.scales[scale] == second.scales[scale] for scale in shared)
        assert {k: v.kind for k, v in first.constructs.items()} == {k: v.kind for k, v in second.constructs.items()}
        for language in set(first.languages) & set(second.languages):
            keys = [f"scale.{scale}.{option.code}" for scale in shared for option in first.scales[scale].options]
            keys += [f"scale.{scale}.99" for scale in shared]
            keys += [f"construct.{construct}.label" for construct in first.constructs]
            for key in keys:
                assert first.wordings[language].get(key) == second.wordings[language].get(key), (
                    language,
                    key,
                )


@pytest.mark.parametrize("role", ROLES)
def test_length_stays_within_the_limits(role: str) -> None:
    agreement = [item for question, item in instrument(role).items() if question.scale == "agree7"]
    choices = [question for question in instrument(role).questions() if question.type == "choice"]
    assert len(agreement) <= 40
    assert len(agreement) + len(choices) <= 55
    assert [item.expected for item in agreement if item.kind == "attention"] == ["2", "6"]
    for construct in instrument(role).constructs.values():
        specific = [
            item for _, item in instrument(role).items() if item.construct == construct.id and item.kind == "specific"
        ]
        assert len(specific) <= 2


@pytest.mark.parametrize("role", ROLES)
def test_order_predictors_attributes_intention_use_demographics(role: str) -> None:
    pages = instrument(role).pages
    place = {
        code: index
        for index, page in enumerate(pages)
        for q in page.questions
        for code in (q.code, *(i.code for i in q.items))
    }
    predictors = {place[f"{construct}1"] for construct in PREDICTORS}
    assert {pages[index].random_group for index in predictors} == {"predictors"} and len(predictors) == 4
    assert [page.random_group for page in pages].count(None) == len(pages) - 4
    assert max(predictors) < place["COM1"] == place["OBS3"] < place["BI1"] < place["USE3"]
    assert {item.code for item in pages[place["BI1"]].questions[0].items} == {"BI1", "BI2", "BI3", "BI4"}
    demographic = {place[q.code] for q in instrument(role).questions() if q.purpose == "demographic"}
    assert demographic == {len(pages) - 1}
    assert place["CONSENT"] == 0 and instrument(role).consent is not None


@pytest.mark.parametrize("role", ROLES)
def test_waves_see_at_most_three_open_questions(role: str) -> None:
    for wave in ("PRE", "POST", "SING"):
        shown = [
            question.code
            for question in instrument(role).questions()
            if question.type == "long_text" and (question.condition is None or wave in question.condition.among)
        ]
        assert len(shown) == 3


@pytest.mark.parametrize("role", ROLES)
def test_attention_items_quote_the_answer_they_ask_for(role: str) -> None:
    for language, wording in instrument(role).wordings.items():
        for code, asked in (("CHK1", "2"), ("CHK2", "6")):
            label = re.escape(wording[f"scale.agree7.{asked}"])
            assert re.search(f'[“„«"]{label}[”“»"]', wording[f"item.{code}"]), (language, code)


def test_role_specific_items_exist_in_one_role_only() -> None:
    codes = {role: {item.code for _, item in instrument(role).items() if item.kind == "specific"} for role in ROLES}
    assert not codes["student"] & codes["professor"] and not codes["professor"] & codes["manager"]
    for role in ROLES:
        assert all(code[2:3] == role[0] for code in codes[role])


def lav_names(text: str) -> tuple[dict[str, list[str]], dict[str, str]]:
    """Factors with their items, and paths by label (``BI ~ PE``), of a plain .lav file."""
    factors: dict[str, list[str]] = {}
    paths: dict[str, str] = {}
    for line in text.splitlines():
        line = line.split("#")[0].strip()
        if "=~" in line:
            factor, right = (part.strip() for part in line.split("=~"))
            factors[factor] = [item.strip() for item in right.split("+")]
        elif "~" in line:
            outcome, right = (part.strip() for part in line.split("~"))
            for term in right.split("+"):
                label, predictor = (part.strip() for part in term.split("*"))
                paths[label] = f"{outcome} ~ {predictor}"
    return factors, paths


def model(name: str) -> tuple[dict[str, list[str]], dict[str, str]]:
    return lav_names((ROOT / "models" / f"{name}.lav").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", MODELS)
def test_models_hold_anchors_and_role_versions_the_role_items_too(name: str) -> None:
    factors, paths = model(name)
    for role in ROLES:
        asked = instrument(role)
        assert factors == {construct: list(asked.constructs[construct].anchors) for construct in factors}
        own, own_paths = model(f"{name}.{role}")
        assert own == {construct: list(asked.constructs[construct].items) for construct in factors}
        assert own_paths == paths
        observed = {side for path in paths.values() for side in path.split(" ~ ")} - set(factors)
        assert observed <= {"USE3"} <= set(asked.constructs["USE"].items)


@pytest.mark.parametrize("name", MODELS)
def test_hypotheses_name_paths_of_their_model(name: str) -> None:
    _, paths = model(name)
    text = (ROOT / "models" / f"{name}.hypotheses.yaml").read_text(encoding="utf-8")
    content = YAML(typ="safe").load(text)
    assert content["model"] == name
    ids = [hypothesis["id"] for hypothesis in content["hypotheses"]]
    assert len(ids) == len(set(ids))
    assert {hypothesis["label"] for hypothesis in content["hypotheses"]} == set(paths)
    for hypothesis in content["hypotheses"]:
        assert paths[hypothesis["label"]] == hypothesis["path"]
        assert hypothesis["expected"] in ("positive", "negative", "zero")
        assert set(hypothesis["claim"]) == {"en", "it"} and hypothesis["source"]
        waves = hypothesis.get("requires", {}).get("waves")
        assert waves == (["pre", "post"] if hypothesis["path"].startswith("USE3") else None)


@pytest.mark.parametrize("role", ROLES)
def test_the_glossary_holds_the_terms_in_use(role: str) -> None:
    text = (ROOT / "instruments" / "GLOSSARY.md").read_text(encoding="utf-8")
    for language, wording in instrument(role).wordings.items():
        row = "\n".join(line for line in text.splitlines() if line.startswith(f"| {language} |"))
        terms = [wording[f"construct.{construct}.label"] for construct in instrument(role).constructs]
        terms += [wording[f"scale.agree7.{code}"] for code in (*"1234567", "99")]
        assert [term for term in terms if f" {term} |" not in row] == [], language
