"""What the pilots room knows of the pilot-proposal template ``mce_pilot``."""

from __future__ import annotations

from mce_utaut.responses.standard_elements import ElementRule

QUESTIONNAIRE = "mce_pilot"
NO_PILOT = "none"  # what a respondent may give for "no pilot"; no pilot can be called so

# Answers that exclude every other answer to the same question.
ALONE = {
    "engagement_mode": "none",
    "funding_level": "none",
    "professor_incentive": "none",
    "flexibility": "none",
    "standards": "none",
    "stackability": "independent",
}
REACHED = {
    "student": "expected_students",
    "professor": "n_professors_reachable",
    "manager": "n_managers_reachable",
}
ELEMENT_RULES = (
    ElementRule("T1M02", ("title",)),
    ElementRule("T1M03", ("country",)),
    ElementRule("T1M04", ("awarding_body",)),
    ElementRule("T1M06", ("learning_outcomes",)),
    ElementRule("T1M07", ("ects",)),
    ElementRule("T1M08", ("eqf_level",), no_answers=("unspecified",)),
    ElementRule("T1M09", ("assessment_approach",)),
    ElementRule("T1M10", ("online_rate", "sync_rate"), every=True),
    ElementRule("T1M11", ("internal_accreditation_yn", "external_accreditation_yn"), no_answers=("no",)),
    ElementRule("T1O01", ("prerequisites",)),
    ElementRule("T1O02", ("supervision",)),
    ElementRule("T1O04", ("stackability",)),
)
