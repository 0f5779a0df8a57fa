// Makes elements, and the small drawings on buttons.

const SVG = "http://www.w3.org/2000/svg";

function set(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    const words = value === true ? "" : String(value);
    if (value === null || value === false) node.removeAttribute(name);
    else if (node.getAttribute(name) !== words) node.setAttribute(name, words);
  }
  return node;
}

function html(tag, attributes = {}, ...children) {
  const node = set(document.createElement(tag), attributes);
  node.append(...children);
  return node;
}

function svg(tag, attributes = {}, ...children) {
  const node = set(document.createElementNS(SVG, tag), attributes);
  node.append(...children);
  return node;
}

const ICONS = {
  undo: "M9 14 4 9l5-5M4 9h9a6 6 0 0 1 0 12h-3",
  redo: "m15 14 5-5-5-5M20 9h-9a6 6 0 0 0 0 12h3",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  fit: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
  plumb: "M12 3v12M12 15l-3 2 3 4 3-4z",
  scale: "M3 9h18v6H3zM7 9v3M11 9v3M15 9v3M19 9v3",
  clear: "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13",
  check: "m5 13 4 4L19 7",
  reset: "M4 5v5h5M4.500 10a8 8 0 1 1-.4 4",
  swap: "M7 4v16M7 20l-3-3M7 20l3-3M17 20V4M17 4l-3 3M17 4l3 3",
  up: "m6 14 6-6 6 6",
  down: "m6 10 6 6 6-6",
  left: "m14 6-6 6 6 6",
  right: "m10 6 6 6-6 6",
};

function icon(name) {
  return svg(
    "svg",
    { viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true" },
    svg("path", { d: ICONS[name] }),
  );
}

// A button with a drawing, with words beside it or only spoken.
function button(name, words, act, { wordless = false } = {}) {
  const node = html("button", { type: "button", class: wordless ? "tool wordless" : "tool" }, icon(name));
  if (wordless) set(node, { "aria-label": words, title: words });
  else node.append(html("span", {}, words));
  node.addEventListener("click", act);
  return node;
}
