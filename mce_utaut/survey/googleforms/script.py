"""The Apps Script that makes the form: the form as one JSON constant, and a few lines that build it."""

from __future__ import annotations

import json
from dataclasses import asdict

from mce_utaut.survey.googleforms.form import Form

_PROGRAM = """
function createForm() {
  var form = FormApp.create(FORM.title);
  form.setTitle(FORM.title).setDescription(FORM.description).setProgressBar(true).setAllowResponseEdits(false);
  if (FORM.confirmation) form.setConfirmationMessage(FORM.confirmation);
  FORM.items.forEach(function (entry) { addItem(form, entry); });
  Logger.log('Edit: ' + form.getEditUrl());
  Logger.log('Answer: ' + form.getPublishedUrl());
}

function addItem(form, entry) {
  var item;
  switch (entry.kind) {
    case 'page': item = form.addPageBreakItem(); break;
    case 'text': item = form.addSectionHeaderItem(); break;
    case 'grid': item = form.addGridItem().setRows(entry.rows).setColumns(entry.options); break;
    case 'choice': item = addChoices(form, entry); break;
    case 'multi': item = form.addCheckboxItem().setChoiceValues(entry.options); break;
    case 'date': item = form.addDateItem(); break;
    case 'paragraph': item = form.addParagraphTextItem(); break;
    default: item = form.addTextItem();
  }
  item.setTitle(entry.title);
  if (entry.help) item.setHelpText(entry.help);
  if (entry.required) item.setRequired(true);
  if (entry.kind === 'integer' || entry.kind === 'number') item.setValidation(numberRule(entry));
}

function addChoices(form, entry) {
  if (entry.options.length > 12 && !entry.leaving.length) {
    return form.addListItem().setChoiceValues(entry.options);
  }
  var item = form.addMultipleChoiceItem();
  if (!entry.leaving.length) return item.setChoiceValues(entry.options);
  return item.setChoices(entry.options.map(function (label) {
    var leaves = entry.leaving.indexOf(label) >= 0;
    return item.createChoice(label, FormApp.PageNavigationType[leaves ? 'SUBMIT' : 'CONTINUE']);
  }));
}

function numberRule(entry) {
  var rule = FormApp.createTextValidation();
  var low = entry.minimum, high = entry.maximum;
  if (low !== null && high !== null) return rule.requireNumberBetween(low, high).build();
  if (low !== null) return rule.requireNumberGreaterThanOrEqualTo(low).build();
  if (high !== null) return rule.requireNumberLessThanOrEqualTo(high).build();
  return entry.kind === 'integer' ? rule.requireWholeNumber().build() : rule.requireNumber().build();
}
"""


def write(form: Form) -> bytes:
    """The script (UTF-8)."""
    data = json.dumps(asdict(form), ensure_ascii=False, indent=1)
    about = f"// Makes a Google form: run createForm. {' '.join(form.comment.split())}"
    lines = (about, f"var FORM = {safe(data)};")
    return ("\n".join(lines) + "\n" + _PROGRAM).encode()


def safe(data: str) -> str:
    """JSON that is also a JavaScript constant, wherever it is pasted: no end of a script element, no line
    end that only JavaScript knows."""
    return data.replace("</", "<\\/").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
