/* Tables sort by a click on a heading, and can be copied or taken as a file. */
import {copyText, html, saveFile} from "../dom.js";

/* What a cell sorts by: what was computed where it says so, else the number it begins with. */
function sortKey(cell, isNumber, language) {
  if (cell.dataset.s !== undefined) return cell.dataset.s;
  const words = cell.textContent.trim();
  if (!isNumber) return words === "–" ? "" : words;
  const plain = words.replace(/[\s\u00a0\u202f±+]/g, "").replace(/−/g, "-");
  const value = parseFloat(language === "ru" ? plain.replace(",", ".") : plain.replace(/,/g, ""));
  return isNaN(value) ? "" : String(value);
}

function language(element) { return element.closest("[lang]").lang; }

export function sort(th) {
  const body = th.closest("table").tBodies[0], column = Array.from(th.parentNode.children).indexOf(th);
  const up = th.getAttribute("aria-sort") !== "ascending", isNumber = th.dataset.kind === "number", lang = language(th);
  for (const other of th.parentNode.querySelectorAll("[aria-sort]")) other.removeAttribute("aria-sort");
  th.setAttribute("aria-sort", up ? "ascending" : "descending");
  const order = new Intl.Collator(lang), keyed = Array.from(body.rows, (row) => [sortKey(row.cells[column], isNumber, lang), row]);
  keyed.sort(([x], [y]) => {
    // What has no value stays last, whichever the direction.
    if (x === "" || y === "") return (x === "") - (y === "");
    const difference = isNumber ? parseFloat(x) - parseFloat(y) : order.compare(x, y);
    return up ? difference : -difference;
  });
  body.append(...keyed.map(([, row]) => row));
}

function holder(element) { return element.closest("details, figure, .datatable"); }

/* The rows of the file that a table offers: bare numbers, the ends of a band in columns of their own. */
function fileRows(button) {
  const link = holder(button).querySelector("a[download]");
  if (!link) return cells(button);
  const text = decodeURIComponent(link.href.slice(link.href.indexOf(",") + 1)).replace(/^\ufeff/, ""), rows = [[]];
  for (const [all, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r\n|$)/g)) {
    if (!all) break;
    rows[rows.length - 1].push(quoted === undefined ? plain : quoted.replace(/""/g, '"').replace(/\s+/g, " "));
    if (end === "\r\n") rows.push([]);
  }
  return rows.filter((row) => row.length);
}

function cells(button) {
  return Array.from(holder(button).querySelector("table").rows, (row) => Array.from(row.cells, (cell) => cell.textContent.replace(/\s+/g, " ").trim()));
}

export function download(button) {
  const text = cells(button).map((row) => row.map((cell) => `"${cell.replace(/"/g, '""')}"`).join(",")).join("\r\n");
  const part = button.closest(".part"), head = part && part.querySelector("h2[data-name]");
  // With a byte order mark, so that a spreadsheet reads names in any script.
  saveFile((head ? head.dataset.name : "table") + ".csv", "text/csv", "\ufeff" + text);
}

export function copy(button) {
  copyText(fileRows(button).map((row) => row.join("\t")).join("\n"), () => {
    const words = button.textContent;
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = words; }, 1600);
  });
}

/* Tables that come plain learn here to sort, copy and download. says: sort, csv, copy, done. */
function equip(table, says) {
  const lang = language(table), rows = Array.from(table.tBodies[0].rows);
  Array.from(table.tHead.rows[0].cells).forEach((th, column) => {
    const numbers = rows.every(({cells: {[column]: cell}}) => cell.textContent.trim() === "–" || sortKey(cell, true, lang) !== "");
    const words = th.textContent;
    th.dataset.kind = th.dataset.kind || (numbers ? "number" : "text");
    th.textContent = "";
    const button = html("button", "sorts", th, words);
    button.type = "button";
    if (!words) button.setAttribute("aria-label", says.sort);
  });
  if (holder(table).querySelector(".tools")) return;
  const tools = html("p", "tools");
  for (const kind of ["csv", "copy"]) {
    const button = html("button", "tool", tools, says[kind]);
    button.type = "button";
    button.dataset[kind] = "";
    button.dataset.done = says.done;
  }
  table.parentNode.after(tools);
}

export function equipTables(edition) {
  const {saysSort: sortWord, saysCsv: csv, saysCopy: copyWord, saysDone: done} = edition.dataset;
  for (const table of edition.querySelectorAll(".figdata table, .brief, .dt:not(:has(thead button))")) {
    equip(table, {sort: sortWord, csv, copy: copyWord, done});
  }
  for (const button of edition.querySelectorAll("[data-copy]")) button.hidden = false;
}
