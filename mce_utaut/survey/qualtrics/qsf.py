"""The .qsf of Qualtrics: one JSON with blocks, flow, options and questions in all languages.

Qualtrics does not document the format for writing; the keys are those of real files.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Sequence
from typing import Any

from mce_utaut.instrument.model import Instrument
from mce_utaut.survey import exporting
from mce_utaut.survey.qualtrics import form, logic
from mce_utaut.survey.qualtrics.columns import DIGEST_FIELD, LINK_PREFIX
from mce_utaut.survey.qualtrics.form import Block, FormQuestion
from mce_utaut.survey.qualtrics.questions import language_code, payload

_NEVER = "0000-00-00 00:00:00"
Json = dict[str, Any]


def write(instrument: Instrument, languages: Sequence[str], blocks: Sequence[Block], draft: bool) -> bytes:
    """The .qsf of ``instrument``, the first language being the base."""
    document = _Document(instrument, languages, blocks, draft)
    text = json.dumps(document.build(), ensure_ascii=False, indent=1)
    return (text + "\n").encode()


class _Document:
    def __init__(self, instrument: Instrument, languages: Sequence[str], blocks: Sequence[Block], draft: bool) -> None:
        self.instrument = instrument
        self.languages = languages
        self.blocks = blocks
        self.title = exporting.title(instrument, languages[0], draft)
        self.id = f"SV_{instrument.digest[:15]}"
        self.response_set = f"RS_{instrument.digest[15:30]}"
        self.flows = 1
        self.declined = form.declined(instrument, languages)
        shown = [*blocks, Block("declined", (self.declined,))] if self.declined else [*blocks]
        self.all_blocks = shown
        questions = [question for block in shown for question in block.questions]
        self.numbered = {question.tag: (f"QID{n}", question) for n, question in enumerate(questions, start=1)}
        self.links = [question.tag for question in questions if question.from_link]

    def build(self) -> Json:
        """The whole document."""
        entry = {
            "SurveyID": self.id,
            "SurveyName": self.title,
            "SurveyDescription": None,
            "SurveyOwnerID": "",
            "SurveyBrandID": "",
            "DivisionID": None,
            "SurveyLanguage": language_code(self.languages[0]),
            "SurveyActiveResponseSet": self.response_set,
            "SurveyStatus": "Inactive",
            "SurveyStartDate": _NEVER,
            "SurveyExpirationDate": _NEVER,
            "SurveyCreationDate": _NEVER,
            "CreatorID": "",
            "LastModified": _NEVER,
            "LastAccessed": _NEVER,
            "LastActivated": _NEVER,
            "Deleted": None,
        }
        elements = [
            self._element("BL", "Survey Blocks", payload=[self._block(block) for block in self.all_blocks]),
            self._element("FL", "Survey Flow", payload=self._flow()),
            self._element("SO", "Survey Options", payload=self._options()),
            self._element("QC", "Survey Question Count", secondary=str(len(self.numbered))),
            self._element("RS", self.response_set, secondary="Default Response Set"),
        ]
        for qid, question in self.numbered.values():
            text = question.texts[self.languages[0]]
            content = payload(qid, question, self.languages, self._logic(question))
            elements.append(self._element("SQ", qid, secondary=text[:100], payload=content))
        return {"SurveyEntry": entry, "SurveyElements": elements}

    def _element(self, kind: str, primary: str, secondary: str | None = None, payload: Any = None) -> Json:
        return {
            "SurveyID": self.id,
            "Element": kind,
            "PrimaryAttribute": primary,
            "SecondaryAttribute": secondary,
            "TertiaryAttribute": None,
            "Payload": payload,
        }

    def _block_id(self, block: Block) -> str:
        return f"BL_{hashlib.sha256(f'{self.instrument.id} {block.name}'.encode()).hexdigest()[:15]}"

    def _block(self, block: Block) -> Json:
        questions = [{"Type": "Question", "QuestionID": self.numbered[one.tag][0]} for one in block.questions]
        kind = "Default" if block is self.blocks[0] else "Standard"
        return {
            "Type": kind,
            "Description": block.name,
            "ID": self._block_id(block),
            "BlockElements": questions,
            "Options": {"BlockLocking": "false", "RandomizeQuestions": "false"},
        }

    def _flow_id(self) -> str:
        self.flows += 1
        return f"FL_{self.flows}"

    def _flow(self) -> Json:
        """The flow: embedded data, then the blocks, those of a random group within a randomizer."""
        flow = [self._embedded()]
        for group, members in itertools.groupby(self.blocks, key=lambda block: block.random_group):
            for block in () if group else members:
                flow.append(self._placed(block))
                if block.stops:
                    flow.append(self._stop())
            if group:
                shuffled = [self._placed(block) for block in members]
                flow.append(
                    {
                        "Type": "BlockRandomizer",
                        "FlowID": self._flow_id(),
                        "SubSet": len(shuffled),
                        "EvenPresentation": False,
                        "Flow": shuffled,
                    }
                )
        return {"Type": "Root", "FlowID": "FL_1", "Flow": flow, "Properties": {"Count": self.flows}}

    def _placed(self, block: Block) -> Json:
        shown = {"Type": "Standard", "ID": self._block_id(block), "FlowID": self._flow_id(), "Autofill": []}
        if block.condition is None:
            return shown
        return {
            "Type": "Branch",
            "FlowID": self._flow_id(),
            "Description": block.name,
            "BranchLogic": logic.expression(logic.terms(block.condition, self.numbered)),
            "Flow": [shown],
        }

    def _stop(self) -> Json:
        """The branch that ends the survey without consent."""
        assert self.instrument.consent is not None
        inside: list[Json] = []
        if self.declined is not None:
            block = self._block_id(self.all_blocks[-1])
            inside.append({"Type": "Standard", "ID": block, "FlowID": self._flow_id(), "Autofill": []})
        inside.append({"Type": "EndSurvey", "FlowID": self._flow_id()})
        return {
            "Type": "Branch",
            "FlowID": self._flow_id(),
            "Description": "no consent",
            "BranchLogic": logic.expression(logic.negated(self.instrument.consent, self.numbered)),
            "Flow": inside,
        }

    def _embedded(self) -> Json:
        """The digest, and a field for each question that the link may fill."""
        common = {"VariableType": "String", "DataVisibility": [], "AnalyzeText": False}
        digest = {
            "Description": DIGEST_FIELD,
            "Type": "Custom",
            "Field": DIGEST_FIELD,
            **common,
            "Value": self.instrument.digest,
        }
        links = [
            {"Description": f"{LINK_PREFIX}{tag}", "Type": "Recipient", "Field": f"{LINK_PREFIX}{tag}", **common}
            for tag in self.links
        ]
        return {"Type": "EmbeddedData", "FlowID": self._flow_id(), "EmbeddedData": [digest, *links]}

    def _logic(self, question: FormQuestion) -> Json | None:
        """The display logic: a question that the link may fill is shown where the link did not."""
        terms: list[Json] = []
        if question.condition is not None:
            terms = logic.terms(question.condition, self.numbered)
        block = next(one for one in self.all_blocks if question in one.questions)
        here = question.condition is not None and any(one.tag == question.condition.question for one in block.questions)
        if question.from_link:
            return logic.expression([logic.empty(f"{LINK_PREFIX}{question.tag}")], terms)
        return logic.expression(terms, in_page=here) if terms else None

    def _options(self) -> Json:
        return {
            "BackButton": "true",
            "SaveAndContinue": "false",
            "SurveyProtection": "PublicSurvey",
            "BallotBoxStuffingPrevention": "false",
            "NoIndex": "Yes",
            "SecureResponseFiles": "true",
            "SurveyExpiration": "None",
            "SurveyTermination": "DefaultMessage",
            "Header": "",
            "Footer": "",
            "ProgressBarDisplay": "VerboseText",
            "PartialData": "+1 week",
            "PreviousButton": "",
            "NextButton": "",
            "SurveyTitle": self.title,
            "SurveyLanguage": language_code(self.languages[0]),
            "AvailableLanguages": {language_code(language): [] for language in self.languages},
            "AnonymizeResponse": "Yes",
        }
