// The elements of a page as HTML. Texts become text nodes, never markup.
const View = (() => {
  function make(tag, attributes = {}, ...children) {
    const node = document.createElement(tag);
    for (const [key, value] of Object.entries(attributes)) {
      if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
      else if (value === true) node.setAttribute(key, "");
      else if (value !== false && value !== undefined && value !== null) node.setAttribute(key, value);
    }
    node.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
    return node;
  }

  // Text with its line breaks.
  function lines(text) {
    return text.split("\n").flatMap((line, place) => (place ? [make("br"), line] : [line]));
  }

  // The paragraphs of a text of the model, whose only markup is <p> and <br>.
  function paragraphs(markup) {
    const parsed = new DOMParser().parseFromString(markup, "text/html");
    return [...parsed.querySelectorAll("p")].map((source) =>
      make("p", {}, ...[...source.childNodes].map((child) => (child.nodeName === "BR" ? make("br") : child.textContent))));
  }

  // One choice: an input with its label, as large as a finger.
  function option(type, name, id, label, checked, change) {
    const input = make("input", { type, name, id, onchange: change });
    input.checked = checked;
    return make("div", { class: "option" }, input, make("label", { for: id }, ...lines(label)));
  }

  function heading(context, element, required) {
    const mark = required ? make("span", { class: "required" }, ` (${context.say("required")})`) : "";
    return [...lines(context.text(element.title)), mark];
  }

  function help(context, element, id) {
    const text = context.text(element.description);
    return text ? make("p", { class: "help", id }, ...lines(text)) : "";
  }

  // A slot for the message of a problem, named by the inputs that it is about.
  const slot = (id) => make("p", { class: "error", id, hidden: true });

  function matrix(context, element, id) {
    const group = make("section", { class: "matrix", "aria-labelledby": `${id}-title` },
      make("h3", { id: `${id}-title` }, ...heading(context, element, element.eachRowRequired)), help(context, element, `${id}-help`));
    const strict = context.strict[element.name] || [];
    for (const row of context.orders[element.name].rows) {
      const rowId = `${id}-${row.value}`;
      const columns = element.columns.filter((column) => String(column.value) !== "99" || !strict.includes(row.value));
      const options = columns.map((column, place) =>
        option("radio", rowId, `${rowId}-${place}`, context.text(column.text),
          (context.data[element.name] || {})[row.value] === column.value,
          () => context.set(element, { ...(context.data[element.name] || {}), [row.value]: column.value })));
      const scale = make("div", { class: "scale" }, ...options);
      scale.style.setProperty("--columns", element.columns.length); // rows keep their columns in line
      group.append(make("fieldset", { id: rowId, "aria-describedby": `${rowId}-error` },
        make("legend", {}, ...lines(context.text(row.text))), slot(`${rowId}-error`),
        scale));
    }
    return group;
  }

  function choices(context, element, id) {
    const several = element.type === "checkbox";
    const offered = context.orders[element.name].choices.map((choice) => ({ value: choice.value, label: context.text(choice.text), alone: choice.isExclusive }));
    if (element.showOtherItem) offered.push({ value: "other", label: context.text(element.otherText) });
    const given = () => [].concat(context.data[element.name] ?? []);
    const boxes = [];
    const choose = (chosen, checked) => {
      if (!several) return context.set(element, chosen.value);
      let kept = given().filter((one) => one !== chosen.value);
      if (checked) kept = chosen.alone ? [] : kept.filter((one) => !offered.some((each) => each.alone && each.value === one));
      if (checked) kept.push(chosen.value);
      context.set(element, offered.map((one) => one.value).filter((one) => kept.includes(one)));
      boxes.forEach((box, place) => { box.checked = given().includes(offered[place].value); });
    };
    const options = offered.map((choice, place) => {
      const node = option(several ? "checkbox" : "radio", id, `${id}-${place}`, choice.label, given().includes(choice.value),
        (event) => choose(choice, event.target.checked));
      boxes.push(node.querySelector("input"));
      return node;
    });
    return make("fieldset", { id, "aria-describedby": `${id}-help ${id}-error` },
      make("legend", {}, ...heading(context, element, element.isRequired)), help(context, element, `${id}-help`),
      slot(`${id}-error`), make("div", { class: "choices" }, ...options), other(context, element, id));
  }

  // The free text of "other", shown while it is chosen.
  function other(context, element, id) {
    if (!element.showOtherItem) return "";
    const key = `${element.name}-Comment`;
    const field = make("input", { type: "text", id: `${id}-other`, autocomplete: "off", oninput: (event) => context.put(key, event.target.value) });
    field.value = context.data[key] || "";
    const label = `${context.text(element.otherText)}: ${context.say("specify")}`;
    return make("div", { class: "other", "data-other": element.name }, make("label", { for: field.id }, label), field);
  }

  function dropdown(context, element, id) {
    const offered = context.orders[element.name].choices.map((choice) => [choice.value, context.text(choice.text)]);
    if (element.showOtherItem) offered.push(["other", context.text(element.otherText)]);
    const select = make("select", { id, "aria-describedby": `${id}-help ${id}-error`,
      onchange: () => context.set(element, select.value === "" ? undefined : offered[Number(select.value)][0]) },
    make("option", { value: "" }, context.say("choose")),
    ...offered.map(([, label], place) => make("option", { value: place }, label)));
    const place = offered.findIndex(([value]) => value === context.data[element.name]);
    select.value = place < 0 ? "" : String(place);
    return make("div", { class: "field" }, make("label", { for: id }, ...heading(context, element, element.isRequired)),
      help(context, element, `${id}-help`), slot(`${id}-error`), select, other(context, element, id));
  }

  function field(context, element, id) {
    const long = element.type === "comment";
    const attributes = { id, "aria-describedby": `${id}-help ${id}-error`, autocomplete: "off",
      oninput: (event) => context.set(element, event.target.value === "" ? undefined : event.target.value) };
    if (long) attributes.rows = 5;
    else attributes.type = element.inputType === "date" ? "date" : "text";
    if (element.inputType === "number") Object.assign(attributes, { inputmode: element.validators ? "numeric" : "decimal", class: "number" });
    const input = make(long ? "textarea" : "input", attributes);
    input.value = context.data[element.name] ?? "";
    return make("div", { class: "field" }, make("label", { for: id }, ...heading(context, element, element.isRequired)),
      help(context, element, `${id}-help`), slot(`${id}-error`), input);
  }

  const kinds = { matrix, radiogroup: choices, checkbox: choices, dropdown, text: field, comment: field };

  // The node of an element of the model.
  function element(context, one) {
    const id = `q-${one.name}`;
    const inside = one.type === "html" ? paragraphs(context.text(one.html)) : [kinds[one.type](context, one, id)];
    return make("div", { class: `element ${one.type}`, "data-name": one.name }, ...inside);
  }

  return { make, lines, paragraphs, element };
})();
