"""DDI Codebook 2.5: the questionnaire and the variables as XML, in every language.

Frequencies are left out on purpose: rare answers would be disclosed in a file that is meant to be public.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
from lxml import etree

from mce_utaut.archive.variables import Variable
from mce_utaut.instrument.model import Condition, Instrument
from mce_utaut.survey.worded import one_line

NAMESPACE = "ddi:codebook:2_5"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def write(
    instrument: Instrument,
    variables: Sequence[Variable],
    columns: Mapping[str, np.ndarray] | None = None,
    file_name: str = "",
) -> bytes:
    """The codebook (XML, UTF-8). With ``columns`` (the data in ``file_name``) it has a file description and, a
    variable, the numbers of valid and invalid cases."""
    source = instrument.source_language
    root = etree.Element(_tag("codeBook"), {"version": "2.5", _LANG: source}, nsmap={None: NAMESPACE})
    _study(root, instrument)
    if columns is not None:
        file_text = _add(_add(root, "fileDscr", ID="F1", URI=file_name), "fileTxt")
        _add(file_text, "fileName", file_name)
        dimensions = _add(file_text, "dimensns")
        _add(dimensions, "caseQnty", str(len(next(iter(columns.values())))))
        _add(dimensions, "varQnty", str(len(columns) + 1))
    data = _add(root, "dataDscr")
    _groups(data, instrument, variables)
    for variable in variables:
        _variable(data, instrument, variable, None if columns is None else columns[variable.name])
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def identifier(variable: Variable) -> str:
    """The XML id of a variable."""
    return f"V_{variable.name}"


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _add(
    parent: etree._Element, tag: str, text: str = "", language: str = "", /, **attributes: str
) -> etree._Element:
    node = etree.SubElement(parent, _tag(tag), attributes)
    if language:
        node.set(_LANG, language)
    if text:
        node.text = _NOT_XML.sub("", text)
    return node


def _study(root: etree._Element, instrument: Instrument) -> None:
    study = _add(root, "stdyDscr")
    citation = _add(study, "citation")
    titles = _add(citation, "titlStmt")
    for language in instrument.languages:
        name = "titl" if language == instrument.source_language else "parTitl"
        _add(titles, name, instrument.wordings[language].get("survey.title", instrument.id), language)
    _add(titles, "IDNo", f"{instrument.id}-{instrument.digest[:12]}")
    version = _add(citation, "verStmt")
    _add(version, "version", instrument.version)
    information = _add(study, "stdyInfo")
    described = [(one, instrument.wordings[one].get("survey.description")) for one in instrument.languages]
    for language, text in described:
        if text:
            _add(information, "abstract", text, language)
    _add(_add(information, "sumDscr"), "universe", f"Role: {instrument.role}")
    if instrument.license or instrument.credit:
        terms = " ".join(part for part in (f"Questionnaire: {instrument.license}.", instrument.credit) if part)
        _add(_add(_add(study, "dataAccs"), "useStmt"), "conditions", terms)


def _groups(data: etree._Element, instrument: Instrument, variables: Sequence[Variable]) -> None:
    """A group for each construct, each table of items and each question with many answers."""
    source = instrument.wordings[instrument.source_language]
    for name in instrument.constructs:
        members = [identifier(one) for one in variables if one.construct == name]
        if members:
            group = _add(data, "varGrp", ID=f"VG_{name}", type="other", otherType="construct", var=" ".join(members))
            for language in instrument.languages:
                _add(group, "labl", instrument.wordings[language].get(f"construct.{name}.label"), language)
            definition = source.get(f"construct.{name}.definition")
            if definition:
                _add(group, "txt", definition, instrument.source_language)
    for question in instrument.questions():
        kind = {"array": "grid", "multi": "multipleResp"}.get(question.type)
        members = [identifier(one) for one in variables if one.question == question.code]
        if kind and members:
            group = _add(data, "varGrp", ID=f"VG_Q_{question.code}", type=kind, var=" ".join(members))
            for language in instrument.languages:
                text = one_line(instrument.wordings[language].get(f"question.{question.code}.text"))
                if text:
                    _add(group, "labl", text, language)


def _variable(
    data: etree._Element, instrument: Instrument, variable: Variable, values: np.ndarray | None
) -> None:
    """A variable; the order of its children is the schema's."""
    attributes = {"ID": identifier(variable), "name": variable.name}
    if values is not None:
        attributes["files"] = "F1"
    attributes["intrvl"] = "contin" if variable.measure == "scale" else "discrete"
    if variable.measure != "scale":
        attributes["nature"] = variable.measure
    node = _add(data, "var", **attributes)
    for language, text in variable.labels.items():
        if text:
            _add(node, "labl", one_line(text), language)
    if variable.question:
        for language, text in variable.labels.items():
            question = _add(node, "qstn", "", language)
            if variable.stems.get(language):
                _add(question, "preQTxt", variable.stems[language])
            _add(question, "qstnLit", text)
    if variable.missing:
        invalid = _add(node, "invalrng")
        for code in variable.missing:
            _add(invalid, "item", VALUE=f"{code:g}")
    for condition in variable.conditions:
        _add(node, "universe", _in_words(instrument, condition))
    if values is not None and variable.kind == "numeric":
        invalid_cases = int((np.isnan(values) | np.isin(values, variable.missing)).sum())
        _add(node, "sumStat", str(len(values) - invalid_cases), type="vald")
        _add(node, "sumStat", str(invalid_cases), type="invd")
    remarks = ["Reversed: scored maximum + minimum - answer; the data hold the answer as given."] * variable.reverse
    remarks += [f"Attention item; the expected answer is {variable.expected}."] * bool(variable.expected)
    for remark in remarks:
        _add(node, "txt", remark)
    for value in variable.values:
        category = _add(node, "catgry", **({"missing": "Y"} if value.number in variable.missing else {}))
        _add(category, "catValu", f"{value.number:g}")
        for language, text in value.labels.items():
            if text:
                _add(category, "labl", text, language)
    if variable.construct:
        _add(node, "concept", variable.construct)
    _add(node, "varFormat", type="numeric" if variable.kind == "numeric" else "character")


def _in_words(instrument: Instrument, condition: Condition) -> str:
    asked = instrument.question(condition.question)
    wording = instrument.wordings[instrument.source_language]
    answers = " or ".join(f"“{wording.get(f'scale.{asked.scale}.{code}', code)}”" for code in condition.among)
    return f"Only where the answer to {asked.code} is {answers}."
