// Loads a SurveyJS model, fills it with simulated answers in every language and prints what survey-core
// makes of it. Usage: node survey_core.mjs <model.json> <answers.json>
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { Model } = require("survey-core");
const [modelFile, answersFile] = process.argv.slice(2);
const json = JSON.parse(readFileSync(modelFile, "utf-8"));
const rows = JSON.parse(readFileSync(answersFile, "utf-8"));

const first = new Model(json);
const errors = (first.jsonErrors || []).map((error) => error.message || String(error));
const results = rows.map(({ language, answers }) => {
  const model = new Model(json);
  model.locale = language === "en" ? "" : language;
  model.data = answers;
  const stuck = [];
  while (model.state === "running" && !model.isLastPage) {
    const before = model.currentPageNo;
    model.nextPage();
    if (model.currentPageNo === before) {
      stuck.push(...model.currentPage.questions.filter((one) => one.errors.length).map((one) => `${one.name}: ${one.errors.map((error) => error.text)}`));
      break;
    }
  }
  const done = !stuck.length && model.completeLastPage();
  return { done, stuck, data: model.data, html: model.processedCompletedHtml, title: model.processedTitle };
});
console.log(JSON.stringify({ errors, results }));
