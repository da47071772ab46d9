"use strict";
// What is asked, in which order, and what is missing: no document, no network, testable anywhere.
const Logic = (() => {
  // The text in a language; one text serves all languages where it is no object.
  const text = (texts, language) =>
    texts === undefined || texts === null ? "" : typeof texts === "object" ? texts[language] ?? texts.default ?? "" : texts;

  // Random numbers in [0, 1) that are the same for the same seed (mulberry32).
  function randomOf(seed) {
    let state = seed >>> 0;
    return () => {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
    };
  }

  function shuffled(list, random) {
    const found = list.slice();
    for (let last = found.length - 1; last > 0; last--) {
      const other = Math.floor(random() * (last + 1));
      [found[last], found[other]] = [found[other], found[last]];
    }
    return found;
  }

  // The pages, those of a group changing places among themselves.
  function orderedPages(pages, groups, random) {
    const found = pages.slice();
    for (const group of new Set(Object.values(groups))) {
      const places = found.map((page, place) => (groups[page.name] === group ? place : -1)).filter((place) => place >= 0);
      const moved = shuffled(places.map((place) => found[place]), random);
      places.forEach((place, index) => { found[place] = moved[index]; });
    }
    return found;
  }

  // The order in which rows and choices are shown, by question; "other" and "cannot judge" stay last.
  function orders(model, random) {
    const found = {};
    for (const page of model.pages) {
      for (const element of page.elements) {
        const rows = (element.rows || []).slice();
        const choices = (element.choices || []).slice();
        const last = choices.filter((choice) => String(choice.value) === "99");
        const rest = choices.filter((choice) => String(choice.value) !== "99");
        found[element.name] = {
          rows: element.rowsOrder === "random" ? shuffled(rows, random) : rows,
          choices: element.choicesOrder === "random" ? [...shuffled(rest, random), ...last] : choices,
        };
      }
    }
    return found;
  }

  const TOKEN = /\s*(\(|\)|\{[^}]+\}|'[^']*'|-?\d+(?:\.\d+)?|<>|=|[a-z]+)/y;

  // A condition of the model as a function of the data. Only what the export writes is understood.
  function condition(expression) {
    if (!expression) return () => true;
    const tokens = [];
    TOKEN.lastIndex = 0;
    while (TOKEN.lastIndex < expression.trimEnd().length) {
      const match = TOKEN.exec(expression);
      if (!match) throw new Error(`condition not understood: ${expression}`);
      tokens.push(match[1]);
    }
    let place = 0;
    const either = () => {
      let left = both();
      while (tokens[place] === "or") {
        place++;
        const [one, other] = [left, both()];
        left = (data) => one(data) || other(data);
      }
      return left;
    };
    const both = () => {
      let left = term();
      while (tokens[place] === "and") {
        place++;
        const [one, other] = [left, term()];
        left = (data) => one(data) && other(data);
      }
      return left;
    };
    const term = () => {
      if (tokens[place] === "(") {
        place++;
        const inside = either();
        place++;
        return inside;
      }
      const name = tokens[place++].slice(1, -1);
      const operator = tokens[place++];
      if (operator === "notempty") return (data) => !empty(data[name]);
      const wanted = tokens[place++].replace(/^'|'$/g, "");
      const chosen = (data) => [].concat(data[name] ?? []).map(String).includes(wanted);
      if (operator === "=" || operator === "contains") return chosen;
      if (operator === "<>" || operator === "notcontains") return (data) => !chosen(data);
      throw new Error(`condition not understood: ${expression}`);
    };
    return either();
  }

  const empty = (answer) =>
    answer === undefined || answer === null || answer === "" || (typeof answer === "object" && Object.keys(answer).length === 0);

  // The number that was typed, with a decimal point or comma; null where it is none.
  function numberOf(typed) {
    const cleaned = String(typed).trim().replace(",", ".");
    return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(cleaned) ? Number(cleaned) : null;
  }

  // What is wrong with the answers to one element: [{kind, row, bound}], kind "soft" where one may go on.
  function problems(element, data, soft) {
    const answer = data[element.name];
    const kind = element.isRequired ? "required" : soft.includes(element.name) ? "soft" : null;
    if (element.type === "html") return [];
    if (element.type === "matrix") {
      if (!kind) return [];
      return element.rows.filter((row) => empty((answer || {})[row.value])).map((row) => ({ kind, row: row.value }));
    }
    if (empty(answer)) return kind ? [{ kind }] : [];
    if (element.inputType !== "number") return [];
    const given = typeof answer === "number" ? answer : numberOf(answer);
    if (given === null) return [{ kind: "number" }];
    if (element.validators && !Number.isInteger(given)) return [{ kind: "whole" }];
    if (element.min !== undefined && given < element.min) return [{ kind: "minimum", bound: element.min }];
    if (element.max !== undefined && given > element.max) return [{ kind: "maximum", bound: element.max }];
    return [];
  }

  // The answers as they are handed back: without those to what is not shown, numbers as numbers.
  function result(pages, shown, data, links) {
    const found = {};
    for (const page of pages) {
      for (const element of page.elements) {
        const name = element.name;
        if (empty(data[name]) || !(shown(page, element) || name in links)) continue;
        found[name] = element.inputType === "number" ? numberOf(data[name]) ?? data[name] : data[name];
        const comment = `${name}-Comment`;
        const chosen = [].concat(data[name]).includes("other");
        if (element.showOtherItem && chosen && !empty(data[comment])) found[comment] = data[comment];
      }
    }
    return found;
  }

  // The value of an answer that a link carries as text; undefined where there is no such answer.
  function linked(element, carried) {
    if (!element.choices) return carried;
    const found = element.choices.find((choice) => String(choice.value).toLowerCase() === carried.toLowerCase());
    return found && found.value;
  }

  return { text, randomOf, shuffled, orderedPages, orders, condition, empty, numberOf, problems, result, linked };
})();
if (typeof module !== "undefined") module.exports = Logic;
