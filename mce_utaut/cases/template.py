"""What is counted of the case-collection template ``mce_case``, and under which heading."""

from __future__ import annotations

from dataclasses import dataclass

from mce_utaut.responses.standard_elements import ElementRule

QUESTIONNAIRE = "mce_case"
INDEPENDENT, STACKABLE, RECOGNISED = "independent", "stackable", "recognition_formal"


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a field's table: its number in the template, a short title, and the unit of a number.
    ``times`` turns an answer into that unit."""

    field: str
    question: int
    title: str
    unit: str = ""
    times: float = 1.0


CLOSED = (
    Heading("hei_name", 1, "University"),
    Heading("country", 2, "Country"),
    Heading("field", 3, "Field of the department"),
    Heading("awarding_type", 5, "Awarding body"),
    Heading("level_eqf", 7, "EQF level"),
    Heading("level_cycle", 7, "Cycle"),
    Heading("prerequisites_yn", 8, "Prerequisites"),
    Heading("category", 9, "Subject of the learning outcomes"),
    Heading("codesign_yn", 12, "Co-design with other organisations"),
    Heading("codesign_partners", 12, "Partners in co-design"),
    Heading("origin", 13, "Origin"),
    Heading("origin_source", 13, "What the design started from"),
    Heading("assessment_types", 14, "Types of assessment"),
    Heading("schedule_type", 16, "Schedule"),
    Heading("schedule_features", 16, "Features of the schedule"),
    Heading("supervision", 18, "Supervision and identity verification"),
    Heading("student_opinion_mode", 20, "How learners' opinions are collected"),
    Heading("employer_opinion_mode", 21, "How employers' opinions are collected"),
    Heading("internal_accreditation", 22, "Internal accreditation"),
    Heading("internal_timing", 23, "Internal accreditation: when"),
    Heading("internal_bodies", 23, "Internal accreditation: bodies"),
    Heading("external_accreditation", 24, "External accreditation"),
    Heading("external_timing", 25, "External accreditation: when"),
    Heading("external_bodies", 25, "External accreditation: bodies"),
    Heading("company_cooperation_yn", 26, "Cooperation with companies"),
    Heading("professional_certificate_yn", 27, "Professional certificate"),
    Heading("stackability", 28, "Stackability"),
)
NUMERIC = (
    Heading("workload_ects", 6, "Workload", "ECTS"),
    Heading("online_score", 10, "Online activities", "%", 10.0),
    Heading("sync_score", 11, "Synchronous activities", "%", 10.0),
    Heading("duration_weeks", 15, "Duration", "weeks"),
    Heading("n_students_attended", 17, "Learners who attended", "persons"),
    Heading("n_students_completed", 17, "Learners who completed", "persons"),
    Heading("completion_rate", 19, "Completion rate", "%"),
    Heading("student_satisfaction_pct", 20, "Satisfied learners", "%"),
    Heading("student_positive_share_pct", 20, "Positive answers of learners", "%"),
    Heading("employer_satisfaction_pct", 21, "Satisfied employers", "%"),
    Heading("employer_positive_share_pct", 21, "Positive answers of employers", "%"),
)

# Histograms: lower edges of the bins and the end of the last. Weeks: a week, a month, two months, a
# quarter, half a year, a year.
SCORE_EDGES = tuple(float(edge) for edge in range(12))
WEEK_EDGES = (1.0, 2.0, 5.0, 9.0, 14.0, 27.0, 53.0)
BINNED = (
    (Heading("online_score", 10, "Online activities (score 0 to 10)"), SCORE_EDGES),
    (Heading("sync_score", 11, "Synchronous activities (score 0 to 10)"), SCORE_EDGES),
    (Heading("duration_weeks", 15, "Duration (weeks)"), WEEK_EDGES),
)

ELEMENT_RULES = (
    ElementRule("T1M02", ("title",)),
    ElementRule("T1M03", ("country",)),
    ElementRule("T1M04", ("awarding_type", "awarding_body")),
    ElementRule("T1M06", ("learning_outcomes",)),
    ElementRule("T1M07", ("workload_ects",)),
    ElementRule("T1M08", ("level_eqf",), no_answers=("unspecified",)),
    ElementRule("T1M09", ("assessment_types",)),
    ElementRule("T1M10", ("online_score", "sync_score"), every=True),
    ElementRule("T1M11", ("internal_accreditation", "external_accreditation"), no_answers=("no",)),
    ElementRule("T1O01", ("prerequisites_yn",), no_answers=("no",)),
    ElementRule("T1O02", ("supervision",)),
    ElementRule("T1O04", ("stackability",)),
    ElementRule("T1O05", ("further_information",)),
)
