/* Elements of HTML and SVG. What comes from data is set as text, never as markup. */
import {GLYPHS} from "./symbols.js";

const SVG = "http://www.w3.org/2000/svg";

export function html(name, className, parent, text) {
  const element = document.createElement(name);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  if (parent) parent.appendChild(element);
  return element;
}

export function svg(name, attributes, parent, text) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) element.setAttribute(key, value);
  }
  if (text !== undefined) element.textContent = text;
  if (parent) parent.appendChild(element);
  return element;
}

/* A glyph inside a group; GLYPHS are the package's own markup, not data. */
export function glyph(kind, parent) {
  parent.innerHTML = GLYPHS[kind];
  return parent;
}

/* A glyph as a small picture of its own. */
export function icon(kind, size, parent) {
  return glyph(kind, svg("svg", {"class": "icon", width: size, height: size, viewBox: "-9.5 -9.5 19 19", "aria-hidden": "true"}, parent));
}

/* A piece of line as a small picture of its own. */
export function sample(className, parent, width = 26) {
  const picture = svg("svg", {"class": "icon", width, height: 10, viewBox: `0 0 ${width} 10`, "aria-hidden": "true"}, parent);
  svg("path", {"class": "ln " + className, d: `M1 5H${width - 1}`}, picture);
  return picture;
}

/* Offer a text as a file. */
export function saveFile(name, type, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], {type}));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/* Put a text on the clipboard; also where the page was opened from a file. */
export function copyText(text, done) {
  function select() {
    const area = html("textarea", "", document.body);
    area.value = text;
    area.select();
    if (document.execCommand("copy")) done();
    area.remove();
  }
  if (navigator.clipboard && window.isSecureContext) navigator.clipboard.writeText(text).then(done, select);
  else select();
}
