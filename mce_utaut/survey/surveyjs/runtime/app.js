// The survey in the browser: pages, buttons, languages, and handing the answers back.
(() => {
  const { make, lines, paragraphs, element: draw } = View;
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const model = read("model");
  const extras = read("extras");
  const messages = read("messages");
  const parameters = new URLSearchParams(location.search);
  const languages = Object.keys(extras.languages);
  const asked = Number(parameters.get("seed"));
  const seed = Number.isInteger(asked) && asked > 0 ? asked >>> 0 : crypto.getRandomValues(new Uint32Array(1))[0];
  const random = Logic.randomOf(seed);
  const pages = Logic.orderedPages(model.pages, extras.groups, random);
  const orders = Logic.orders(model, random);
  const elements = model.pages.flatMap((page) => page.elements);
  const conditions = new Map([...model.pages, ...elements].map((one) => [one, Logic.condition(one.visibleIf)]));
  const declines = (model.completedHtmlOnCondition || []).map((one) => ({ holds: Logic.condition(one.expression), html: one.html }));
  const main = document.getElementById("main");
  const started = performance.now();
  const response = identifier();
  const target = whereToSend();
  const data = {};
  const links = {};
  const reminded = new Set();
  let language = firstLanguage();
  let current = 0;
  let finished = false;

  for (const code of extras.links) {
    const carried = parameters.get(code);
    const value = carried ? Logic.linked(elements.find((one) => one.name === code), carried) : undefined;
    if (value !== undefined) links[code] = data[code] = value;
  }

  function identifier() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  function firstLanguage() {
    const wanted = [parameters.get("lang"), ...(navigator.languages || [])].filter(Boolean);
    const found = wanted.map((one) => languages.find((known) => known === one.toLowerCase() || known === one.toLowerCase().split("-")[0]));
    return found.find(Boolean) || languages[0];
  }

  // Answers go only where the address of the page says, and only encrypted (or to this machine).
  function whereToSend() {
    const given = parameters.get("post");
    if (!given) return null;
    try {
      const address = new URL(given, location.href);
      const local = ["localhost", "127.0.0.1"].includes(address.hostname);
      return address.protocol === "https:" || (local && address.protocol === "http:") ? address : null;
    } catch {
      return null;
    }
  }

  const say = (key, values = {}) =>
    (messages[language] || messages.en)[key].replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  const text = (texts) => Logic.text(texts, language);
  const visible = (one) => conditions.get(one)(data);
  const asks = (page, element) => visible(page) && visible(element) && !(element.name in links);
  const shownPages = () => pages.filter((page) => visible(page) && page.elements.some((element) => asks(page, element)));
  const page = () => shownPages()[current];
  // What depends on a question without an answer may still come: pages behind the consent are counted before it is given.
  const pending = (one) => [...(one.visibleIf || "").matchAll(/\{([^}]+)\}/g)].some(([, name]) => data[name] === undefined);
  const mayCome = (one) => visible(one) || pending(one);
  const expectedPages = () =>
    pages.filter((page) => mayCome(page) && page.elements.some((one) => mayCome(one) && !(one.name in links)));

  const context = {
    data, orders, say, text, strict: extras.strict,
    set(element, value) {
      if (value === undefined) delete data[element.name];
      else data[element.name] = value;
      refresh();
    },
    put(key, value) { data[key] = value; },
  };

  // Shows and hides what depends on the answers of this page.
  function refresh() {
    const here = page();
    for (const node of main.querySelectorAll("[data-name]")) {
      node.hidden = !asks(here, here.elements.find((one) => one.name === node.dataset.name));
    }
    for (const node of main.querySelectorAll("[data-other]")) {
      node.hidden = ![].concat(data[node.dataset.other] ?? []).includes("other");
    }
    buttons();
    progress();
  }

  function progress() {
    const total = expectedPages().length;
    const values = { page: current + 1, pages: total };
    const bar = document.getElementById("progress");
    bar.max = total;
    bar.value = current + 1;
    document.getElementById("place").textContent = say("progress", values);
    document.title = `${say("progress", values)} – ${text(model.title)}`;
  }

  function buttons() {
    const back = document.getElementById("back");
    const next = document.getElementById("next");
    back.hidden = current === 0;
    back.textContent = say("back");
    next.textContent = say(current + 1 >= shownPages().length ? "finish" : "next");
  }

  function frame() {
    document.documentElement.lang = language;
    document.getElementById("title").textContent = text(model.title);
    document.getElementById("language-label").textContent = say("language");
    document.getElementById("host").textContent = target && !finished ? say("send_to", { host: target.host }) : "";
    const select = document.getElementById("language");
    select.replaceChildren(...languages.map((code) => make("option", { value: code, lang: code }, extras.languages[code])));
    select.value = language;
    select.parentElement.hidden = languages.length < 2;
  }

  function show(focus) {
    frame();
    const here = page();
    const title = make("h2", { id: "heading", tabindex: -1 }, ...lines(text(here.title) || text(model.title)));
    const summary = make("div", { id: "summary", role: "alert", tabindex: -1, hidden: true });
    const form = make("form", { novalidate: true, onsubmit: (event) => { event.preventDefault(); next(); } },
      ...here.elements.map((one) => draw(context, one)),
      make("div", { class: "buttons" }, make("button", { type: "button", id: "back", onclick: back }), make("button", { type: "submit", id: "next" })));
    main.replaceChildren(title, summary, form);
    refresh();
    if (focus) {
      scrollTo(0, 0);
      title.focus({ preventScroll: true });
    }
  }

  function back() {
    current = Math.max(0, current - 1);
    show(true);
  }

  function next() {
    const here = page();
    const found = here.elements.filter((one) => asks(here, one))
      .flatMap((one) => Logic.problems(one, data, extras.soft).map((problem) => ({ ...problem, element: one })));
    const hard = found.filter((one) => one.kind !== "soft");
    mark(hard.length ? hard : found.filter((one) => one.kind === "soft"));
    if (hard.length) return report(say("summary"), hard.sort(inOrder));
    if (found.length && !reminded.has(here.name)) {
      reminded.add(here.name);
      return report(say("reminder", { count: found.length }), []);
    }
    if (current + 1 < shownPages().length) {
      current++;
      return show(true);
    }
    return finish();
  }

  const place = (problem) => `q-${problem.element.name}${problem.row ? `-${problem.row}` : ""}`;

  // Problems in the order in which they stand on the page.
  const inOrder = (one, other) =>
    document.getElementById(place(one)).compareDocumentPosition(document.getElementById(place(other))) & Node.DOCUMENT_POSITION_PRECEDING ? 1 : -1;

  function mark(found) {
    for (const node of main.querySelectorAll(".error")) {
      node.hidden = true;
      node.parentElement.classList.remove("wrong");
    }
    for (const node of main.querySelectorAll("[aria-invalid]")) node.removeAttribute("aria-invalid");
    for (const problem of found) {
      const node = document.getElementById(`${place(problem)}-error`);
      node.textContent = say(problem.kind === "soft" ? "missing" : `error_${problem.kind}`, { bound: problem.bound });
      node.hidden = false;
      node.classList.toggle("soft", problem.kind === "soft");
      if (problem.kind === "soft") continue;
      node.parentElement.classList.add("wrong");
      const input = document.getElementById(place(problem));
      if (input.matches("input, select, textarea")) input.setAttribute("aria-invalid", "true");
    }
  }

  function report(message, found) {
    const items = found.map((problem) => {
      const row = problem.row && problem.element.rows.find((one) => one.value === problem.row);
      const label = text(row ? row.text : problem.element.title);
      const go = (event) => {
        event.preventDefault();
        const node = document.getElementById(place(problem));
        (node.matches("input, select, textarea") ? node : node.querySelector("input")).focus();
      };
      return make("li", {}, make("a", { href: `#${place(problem)}`, onclick: go }, label));
    });
    const summary = document.getElementById("summary");
    summary.replaceChildren(make("p", {}, message), items.length ? make("ul", {}, ...items) : "");
    summary.classList.toggle("soft", !items.length);
    summary.hidden = false;
    summary.focus();
    summary.scrollIntoView({ block: "start" });
  }

  function finish() {
    const refused = declines.find((one) => one.holds(data));
    document.getElementById("progress").parentElement.hidden = true;
    document.title = text(model.title);
    if (refused) {
      finished = true;
      close(paragraphs(text(refused.html)), make("p", {}, say("nothing_kept")));
    } else {
      handBack(answers());
    }
    frame();
  }

  // The last page; its title gets the focus.
  function close(...children) {
    const title = make("h2", { id: "heading", tabindex: -1 }, finished ? text(model.title) : say("last_step"));
    main.replaceChildren(title, ...children.flat());
    scrollTo(0, 0);
    title.focus({ preventScroll: true });
  }

  function answers() {
    return {
      ...Logic.result(model.pages, asks, data, links),
      instrument_id: extras.id,
      instrument_digest: extras.digest,
      instrument_language: language,
      response_id: response,
      order_seed: seed,
      duration_seconds: Math.round((performance.now() - started) / 1000),
      submitted: true,
    };
  }

  // The closing text, which lets people go, comes only when the answers are out of the page.
  function handBack(result) {
    const json = JSON.stringify(result, null, 1);
    const intro = make("p", {}, say(target ? "sending" : "hand_back"));
    const status = make("div", { role: "status", class: "status" });
    const shown = make("textarea", { id: "answers", readonly: true, rows: 8, spellcheck: "false" });
    shown.value = json;
    const done = (message) => {
      finished = true;
      status.replaceChildren(make("p", {}, message), ...paragraphs(text(model.completedHtml)));
    };
    const save = () => {
      const href = URL.createObjectURL(new Blob([json], { type: "application/json" }));
      const link = make("a", { href, download: `${extras.id}.${response.slice(0, 8)}.json` });
      document.body.append(link);
      link.click();
      link.remove();
      done(say("saved"));
    };
    const copy = async () => {
      try {
        await navigator.clipboard.writeText(json);
        done(say("copied"));
      } catch {
        shown.parentElement.open = true;
        shown.select();
        if (document.execCommand("copy")) done(say("copied"));
        else status.replaceChildren(make("p", {}, say("copy_failed")));
      }
    };
    close(intro, make("div", { class: "buttons" },
      make("button", { type: "button", onclick: save }, say("save")),
      make("button", { type: "button", class: "second", onclick: copy }, say("copy"))),
    status, make("details", {}, make("summary", { id: "answers-label" }, say("answers")), shown));
    shown.setAttribute("aria-labelledby", "answers-label");
    if (target) send(json, intro, done);
  }

  async function send(json, intro, done) {
    try {
      const reply = await fetch(target, { method: "POST", headers: { "Content-Type": "application/json" }, body: json, credentials: "omit", referrerPolicy: "no-referrer" });
      if (!reply.ok) throw new Error(String(reply.status));
      intro.textContent = "";
      done(say("sent"));
    } catch {
      intro.textContent = say("send_failed");
      intro.setAttribute("role", "alert");
    }
  }

  document.getElementById("language").addEventListener("change", (event) => {
    language = event.target.value;
    if (document.getElementById("next")) show(false);
    else frame();
  });
  addEventListener("beforeunload", (event) => {
    if (!finished && Object.keys(data).length > Object.keys(links).length) event.preventDefault();
  });
  show(false);
})();
