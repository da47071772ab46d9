"""A commented study file to start from: what ``init`` writes."""

from __future__ import annotations

from collections.abc import Mapping

DEFAULT_MODEL = "mce_intention"
_DEFAULT = """\
# The model that the verdicts rest on, and those it is compared with.
model: mce_intention
compare: [mce_seed, utaut2003, utaut_ext]"""
_OWN_MODEL = """\
# The model that the verdicts rest on, with its hypotheses beside it (models/README.md), and those it is compared with.
model: {model}
compare: []"""
_PREDICTORS = "small_sample_predictors: [PE, SI]"
_OWN_PREDICTORS = "# small_sample_predictors: [A, B]   # two of the model's, for roles of 60 to 99; before you see data"
_TITLES = "titles: {it: Accettazione delle microcredenziali}   # in other languages, for `fit --language it`"
_OWN_TITLES = "# titles: {it: Il titolo in italiano}   # in other languages, for `fit --language it`"
_RESPONSES = """
# Any number of files; several of one role are joined. Further keys: docs/study-file.md. With column_map, the path of
# the .columns.json that `export` wrote, the report also says where wording was approved only after the form went out.
"""
_HEAD = """\
# The study file: every decision of the study, best taken before there are answers.
# Each key is explained in docs/study-file.md. Paths are relative to this file. Next:
#   python -m mce_utaut preregister {id}/study.yaml   writes the plan, to be registered
#   python -m mce_utaut fit {id}/study.yaml           runs the study once answers are there
id: {id}                    # names the output folder: letters, digits, _ and -
title: {title}
{titles}
language: en                # of plan and report: en or it

# Role -> questionnaire, in the order of the report. These copies are the study's own: change, export and import them.
instruments:
"""
_REST = """
<MODEL>

# Estimation: robust maximum likelihood that uses every answer given. WLSMV takes answers as ordered categories
# and needs missing: listwise.
engine: native
estimator: MLR
missing: fiml

# Who stays out. The last three are signs of careless answering, off unless you decide otherwise now.
exclude:
  not_submitted: true
  failed_attention: true
  too_fast: false           # less than 2 seconds an item
  long_string: false        # one answer in a row over half of the agreement items
  straight_lining: false    # no variance over ten items of three constructs

# power: power.json             # what `plan --json power.json` simulated (docs/planning.md)
# codes: codes.csv             # coded answers to open questions (docs/triangulation.md)
# inferences: inferences.yaml  # what a person concludes from numbers and themes
# wave: pre               # which wave is analysed, where the files hold several
sensitivity: true
cannot_judge_limit: 0.20    # an item that more could not judge leaves the model
disclosure_limit: 5         # smallest cell that is printed
confidence: 0.95
sesoi: 0.10                 # a standardised path below this is too small to matter
sesoi_difference: 0.50      # a difference between roles below this (in standard deviations) does not matter
<PREDICTORS>
# priors: {PE: {mean: 0.40, sd: 0.15}, SI: {mean: 0.20, sd: 0.15}}   # of their standardised slopes, from the literature

# Two-way moderators of the paths to the intention: a question or a construct. Unordered options are compared as groups
# (each of 100 and more), ordered ones and those given values as numbers.
# moderators:
#   - {name: gender}
#   - {name: age_band, values: {18_24: 21, 25_34: 30, 35_44: 40, 45_54: 50, 55_64: 60, 65_plus: 70}}
#   - {name: experience}
#   - {name: VOL}

# marker: MKR              # a construct unrelated to the others in theory, where the questionnaire has one
# invited: {student: 4200, professor: {ktu: 40, uoc: 55}}   # for response rates, by role or role and university
# pilots: {file: pilots.csv, descriptors: [d5_format, d8_stack]}   # what the command `pilots` wrote
arrival_order: false        # true where rows of the files stand in the order in which answers arrived

seed: 20230424
replicates: 5000
dynamic_cutoffs: 0          # 500 simulates cut-offs of fit for your model; it takes a while
"""


def study_template(
    study_id: str, instruments: Mapping[str, str], responses: Mapping[str, str], model: str = DEFAULT_MODEL
) -> str:
    """The text of a study file: ``instruments`` and ``responses`` map each role to its file; ``model`` is the default
    one, or a file of one's own."""
    own = model != DEFAULT_MODEL
    title = study_id if own else "Acceptance of micro-credentials"
    lines = [f"  {role}: {path}\n" for role, path in instruments.items()]
    titles = _OWN_TITLES if own else _TITLES
    text = _HEAD.format(id=study_id, title=title, titles=titles) + "".join(lines)
    text += _RESPONSES
    text += "responses:\n" + "".join(f"  - {{file: {path}, role: {role}}}\n" for role, path in responses.items())
    text += "\n# Respondents aimed at, by role, for the plan (`plan` simulates what a size can find).\n"
    text += "# planned_n: {" + ", ".join(f"{role}: 250" for role in instruments) + "}\n"
    models = _OWN_MODEL.format(model=model) if own else _DEFAULT
    rest = _REST.replace("<MODEL>", models).replace("<PREDICTORS>", _OWN_PREDICTORS if own else _PREDICTORS)
    return text + rest
