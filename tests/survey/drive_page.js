// Answers the page as a respondent would: sets the inputs of each page by their labels, presses the button,
// passes over reminders, and leaves a report in the element "out".
window.addEventListener("load", () => {
  const model = JSON.parse(document.getElementById("model").textContent);
  const { answers, stop } = window.driven;
  const byName = Object.fromEntries(model.pages.flatMap((page) => page.elements).map((one) => [one.name, one]));
  const report = { pages: [], reminders: 0, errors: [], missing: [], place: document.getElementById("place").textContent };
  const language = () => document.getElementById("language").value;
  const text = (texts) => (typeof texts === "object" ? texts[language()] ?? texts.default : texts) ?? "";
  const clean = (label) => label.replace(/\s+/g, " ").trim();
  const press = (node) => node.click();
  const type = (node, value) => {
    node.value = value;
    node.dispatchEvent(new Event(node.matches("select") ? "change" : "input", { bubbles: true }));
  };
  const choose = (group, label, on = true) => {
    const found = [...group.querySelectorAll(".option")].find((one) => clean(one.textContent) === clean(label));
    if (!found) return report.missing.push(label);
    const input = found.querySelector("input");
    if (input.checked !== on) input.click();
  };
  const labelOf = (options, value) => text(options.find((one) => one.value === value).text);

  function fill(name) {
    const element = byName[name];
    const node = document.getElementById(`q-${name}`);
    if (element.type === "html" || answers[name] === undefined) return;
    if (element.type === "matrix") {
      for (const [row, value] of Object.entries(answers[name])) {
        choose(document.getElementById(`q-${name}-${row}`), labelOf(element.columns, value));
      }
      return;
    }
    const value = answers[name];
    const other = () => type(document.getElementById(`q-${name}-other`), answers[`${name}-Comment`] ?? "");
    if (element.type === "dropdown") {
      const place = [...node.options].findIndex((one) => one.textContent === (value === "other" ? text(element.otherText) : labelOf(element.choices, value)));
      type(node, node.options[place].value);
    } else if (element.choices) {
      for (const one of [].concat(value)) choose(node, one === "other" ? text(element.otherText) : labelOf(element.choices, one));
      if ([].concat(value).includes("other")) other();
    } else {
      type(node, String(value));
    }
  }

  for (let step = 0; step < 60 && document.getElementById("next"); step++) {
    const visible = [...document.querySelectorAll("[data-name]")];
    visible.forEach((node) => { if (!node.hidden) fill(node.dataset.name); });
    visible.forEach((node) => { if (!node.hidden) fill(node.dataset.name); }); // what an answer has shown
    const heading = document.getElementById("heading").textContent;
    const names = visible.filter((node) => !node.hidden).map((node) => node.dataset.name);
    const rows = visible.map((node) => [...node.querySelectorAll(".matrix fieldset")].map((one) => one.id.split("-").pop())).flat();
    report.pages.push({ heading, names, rows });
    if (step === stop) break;
    press(document.getElementById("next"));
    const summary = document.getElementById("summary");
    if (summary && !summary.hidden) {
      report.errors.push(...[...document.querySelectorAll(".error:not([hidden])")].map((one) => `${one.id}: ${one.textContent}`));
      report.reminders++;
      press(document.getElementById("next"));
      if (document.getElementById("heading").textContent === heading && !document.getElementById("summary")?.hidden && document.getElementById("next")) {
        report.stuck = document.getElementById("summary").textContent;
        break;
      }
    }
  }
  report.text = document.getElementById("main").textContent;
  report.answers = document.getElementById("answers")?.value ?? null;
  const out = document.createElement("pre");
  out.id = "out";
  out.hidden = true;
  out.textContent = JSON.stringify(report);
  document.body.append(out);
});
