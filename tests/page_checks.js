// What a reader's eye would catch, measured in the page: text that leaves the page, is cut, or lies on other text.
// Returns a list of sentences; an empty list is a page without fault.
() => {
  const found = [];
  const wide = document.documentElement.clientWidth;
  const short = (text) => `"${text.trim().replace(/\s+/g, " ").slice(0, 60)}"`;
  const shown = (node) => node.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true });
  const place = (node) => {
    const own = node.closest("figure, [id]");
    return own ? `#${own.id}` : node.tagName;
  };

  if (document.documentElement.scrollWidth > wide) {
    found.push(`the page is ${document.documentElement.scrollWidth} px wide in a window of ${wide}`);
  }

  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const holder = node.parentElement;
    if (!node.data.trim() || holder.closest("svg, script, style, .hidden, .skip, option") || !shown(holder)) continue;
    if (holder.closest(".table-scroll, .table, pre")) continue; // these scroll by themselves
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    if (box.right > wide + 1 || box.left < -1) found.push(`${place(holder)}: ${short(node.data)} leaves the page`);
  }

  for (const node of document.querySelectorAll("body *:not(svg *)")) {
    if (!shown(node)) continue; // the style of what is not shown takes long to compute
    const style = getComputedStyle(node);
    const clips = (axis) => ["hidden", "clip"].includes(style[`overflow${axis}`]);
    if (!(clips("X") || clips("Y")) || node.closest(".hidden, .skip, svg")) continue;
    if ((clips("X") && node.scrollWidth > node.clientWidth + 1) || (clips("Y") && node.scrollHeight > node.clientHeight + 1)) {
      found.push(`${place(node)}: ${short(node.textContent)} is cut`);
    }
  }

  for (const drawing of document.querySelectorAll("svg[role=img]")) {
    if (!shown(drawing)) continue;
    const frame = drawing.getBoundingClientRect();
    const labels = [...drawing.querySelectorAll("text")].map((text) => {
      const box = text.getBoundingClientRect();
      const air = box.height * 0.2; // a line's box is taller than its letters
      return { text: text.textContent, left: box.left, right: box.right, top: box.top + air, bottom: box.bottom - air };
    }).filter((label) => label.text.trim());
    labels.forEach((one, index) => {
      if (one.left < frame.left - 2 || one.right > frame.right + 2 || one.top < frame.top - 2 || one.bottom > frame.bottom + 2) {
        found.push(`${place(drawing)}: ${short(one.text)} leaves its figure`);
      }
      for (const other of labels.slice(index + 1)) {
        const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
        const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
        if (across > 1 && down > 1) found.push(`${place(drawing)}: ${short(one.text)} lies on ${short(other.text)}`);
      }
    });
    for (const bar of drawing.querySelectorAll(".hatched")) {
      const box = bar.getBoundingClientRect();
      for (const label of labels) {
        if (Math.min(box.right, label.right) - Math.max(box.left, label.left) > 1 &&
            Math.min(box.bottom, label.bottom) - Math.max(box.top, label.top) > 1) {
          found.push(`${place(drawing)}: ${short(label.text)} lies on hatching`);
        }
      }
    }
  }
  return found;
}
