(function () {
  "use strict";
  var text = document.documentElement.lang === "it"
    ? { copy: "Copia per Word", done: "Copiata", sort: "Ordina per " }
    : { copy: "Copy for Word", done: "Copied", sort: "Sort by " };

  function styled(block) {
    var table = block.querySelector("table").cloneNode(true);
    table.style.cssText = "border-collapse:collapse;border-bottom:1.5pt solid #000;font-family:'Times New Roman',serif;font-size:11pt";
    table.querySelectorAll("button").forEach(function (b) { b.replaceWith(b.textContent); });
    table.querySelectorAll("th,td").forEach(function (cell) {
      cell.style.cssText = "padding:2pt 6pt;font-weight:normal;color:#000;background:none;vertical-align:top;text-align:" +
        (cell.classList.contains("number") ? "right" : "left");
    });
    var heads = table.tHead.rows;
    Array.from(heads[0].cells).forEach(function (c) { c.style.borderTop = "1.5pt solid #000"; });
    Array.from(heads[heads.length - 1].cells).forEach(function (c) { c.style.borderBottom = "0.75pt solid #000"; });
    var note = block.querySelector(".table-note");
    return table.outerHTML + (note ? "<p>" + note.innerHTML + "</p>" : "");
  }

  document.querySelectorAll(".table-block").forEach(function (block) {
    if (!navigator.clipboard || !window.ClipboardItem) { return; }
    var button = document.createElement("button");
    button.type = "button";
    button.textContent = text.copy;
    button.addEventListener("click", function () {
      navigator.clipboard.write([new ClipboardItem({
        "text/html": new Blob([styled(block)], { type: "text/html" }),
        "text/plain": new Blob([block.querySelector("table").innerText], { type: "text/plain" })
      })]).then(function () {
        button.textContent = text.done;
        setTimeout(function () { button.textContent = text.copy; }, 2000);
      });
    });
    block.querySelector(".table-tools").append(button);
  });

  // What a cell sorts by: its first number as the language writes it, else its text; null where it has neither.
  function key(cell) {
    var plain = cell.textContent.trim();
    if (cell.classList.contains("text") || cell.tagName === "TH") { return plain || null; }
    plain = plain.replace(/^[<>≥≤[ ]+/, "").replace("−", "-").replace("%", "");
    plain = document.documentElement.lang === "it" ? plain.replace(/\./g, "").replace(",", ".") : plain.replace(/,/g, "");
    var value = parseFloat(plain);
    return isNaN(value) ? null : value;
  }

  function compare(x, y) {
    return typeof x === "number" && typeof y === "number" ? x - y
      : String(x).localeCompare(String(y), document.documentElement.lang, { numeric: true });
  }

  // Rows are sorted within their group; those without a value stand last in either direction.
  function sort(body, index, down) {
    var groups = [[]];
    Array.from(body.rows).forEach(function (row) {
      if (row.classList.contains("group")) { groups.push([]); }
      groups[groups.length - 1].push(row);
    });
    groups.forEach(function (rows) {
      var head = rows.length && rows[0].classList.contains("group") ? rows.shift() : null;
      var keyed = rows.map(function (row) { return { row: row, key: key(row.cells[index]) }; });
      var known = keyed.filter(function (one) { return one.key !== null; });
      known.sort(function (a, b) { return down ? compare(b.key, a.key) : compare(a.key, b.key); });
      if (head) { body.append(head); }
      known.concat(keyed.filter(function (one) { return one.key === null; }))
        .forEach(function (one) { body.append(one.row); });
    });
  }

  document.querySelectorAll("table.sortable").forEach(function (table) {
    var heads = table.tHead.rows[table.tHead.rows.length - 1].cells;
    Array.from(heads).forEach(function (head, index) {
      var button = document.createElement("button");
      button.type = "button";
      button.setAttribute("aria-label", text.sort + head.textContent);
      button.title = text.sort + head.textContent;
      head.append(" ", button);
      button.addEventListener("click", function () {
        var down = head.getAttribute("aria-sort") === "ascending";
        Array.from(heads).forEach(function (h) { h.removeAttribute("aria-sort"); });
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        sort(table.tBodies[0], index, down);
      });
    });
  });

  // On a narrow screen the contents would fill the first view: they open on a touch.
  if (window.matchMedia("(max-width:47.99rem)").matches) {
    document.querySelector(".contents details").open = false;
  }

  var opened = [];
  window.addEventListener("beforeprint", function () {
    opened = Array.from(document.querySelectorAll("details:not([open])"));
    opened.forEach(function (d) { d.open = true; });
  });
  window.addEventListener("afterprint", function () { opened.forEach(function (d) { d.open = false; }); });
})();
