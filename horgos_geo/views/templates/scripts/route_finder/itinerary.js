/* The itinerary: what moves as a line, what waits as a block, on days or on kilometres. */
import {html, icon} from "../dom.js";
import {NB} from "../words.js";
import {SEA} from "./route.js";

const GLYPH = {border: "crossing", gauge: "gauge", transfer: "terminal"};
const WORD = {border: "border", gauge: "gauge_change", transfer: "transfer"};
const PEN = document.createElement("canvas").getContext("2d");
const STEPS = [.25, .5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000];
const LEVELS = 3;

function textWidth(text, font) { PEN.font = font; return PEN.measureText(text).width; }

/* Legs joined: a stretch of movement in one country, or all waits at one place. */
export function stages(route, words) {
  const out = [];
  let hours = 0, km = 0;
  for (const leg of route.legs) {
    if (leg.kind === "snap" || leg.kind === "access") continue;
    const last = out[out.length - 1], [h] = leg.time, begin = {h, km: leg.km, at: hours, from: km};
    if (leg.moving) {
      const again = last && last.moving && leg.kind !== "ferry" && last.mode === leg.kind && last.code === leg.country;
      if (again) { last.h += h; last.km += leg.km; }
      else out.push({...begin, moving: true, mode: leg.kind, code: leg.country, name: words.country(leg.country)});
      km += leg.km;
    } else if (h > 0 || leg.kind === "gauge") {
      if (last && !last.moving) { last.h += h; last.waits.push(leg); }
      else out.push({...begin, moving: false, name: leg.name ? words.stop(leg) : words.country(leg.country), waits: [leg]});
    }
    hours += h;
  }
  return out;
}

function aboutWaits({waits}, words) {
  return waits.filter((leg) => leg.time[0] > 0).map((leg) => {
    const change = leg.kind === "gauge" ? ` ${leg.from} → ${leg.to}` : "";
    return words.t(WORD[leg.kind]) + change + " " + words.span(leg.time[0]);
  }).join(words.t("comma"));
}

function glyphOf({waits}) { return GLYPH[waits.some((leg) => leg.kind === "gauge") ? "gauge" : waits[0].kind]; }

/* box: the section. sources: names of sources by number. */
export function showItinerary(box, route, byKm, words, sources) {
  const parts = stages(route, words), family = getComputedStyle(box).fontFamily;
  box.querySelector(".it-note").textContent = byKm ? words.t("finder_km_of", {total: words.km(route.km), n: new Set(route.countries).size})
    : words.t("finder_wait_of", {total: words.span(route.time[0]), wait: words.span(route.waiting)});
  showKeys(box.querySelector(".it-keys"), parts, words);
  drawAxis(box.querySelector(".it-wide"), parts, route, byKm, words, family);
  showRows(box.querySelector(".it-list"), parts, words, sources);
  box.querySelector(".it-figure").setAttribute("aria-label", parts.map((part) => (part.moving
    ? `${part.name} ${words.km(part.km)} ${words.span(part.h)}` : `${part.name} ${aboutWaits(part, words)}`)).join("; "));
}

function showKeys(list, parts, words) {
  const kinds = new Set(parts.filter((part) => !part.moving).flatMap((part) => part.waits.filter((leg) => leg.time[0] > 0).map((leg) => leg.kind)));
  list.textContent = "";
  for (const kind of Object.keys(WORD).filter((one) => kinds.has(one))) {
    const li = html("li", "", list);
    html("i", "sw s-" + kind, li);
    li.append(words.t(WORD[kind]));
  }
}

function drawAxis(wide, parts, route, byKm, words, family) {
  const width = wide.clientWidth || 980, total = byKm ? route.km : route.time[0], end = byKm ? total : total / 24;
  const at = (part) => (byKm ? part.from : part.at) / total * width, size = (part) => (byKm ? part.km : part.h) / total * width;
  wide.textContent = "";
  const above = html("div", "it-above", wide), line = html("div", "it-line", wide), below = html("div", "it-below", wide), axis = html("div", "it-axis", wide);
  const step = STEPS.find((n) => end / n <= 5);
  for (let value = 0; value <= end; value += step) {
    const x = value / end * width;
    html("i", "grid", line).style.left = x + "px";
    // The last number makes room for the total.
    if (x > width - 90 && value > 0) continue;
    html("span", value ? "" : "first", axis, words.number(value, step < .5 ? 2 : step < 1 ? 1 : 0)).style.left = x + "px";
  }
  html("span", "last", axis, byKm ? words.km(total) : words.number(end, 1) + NB + words.t("days"));
  nameCountries(above, parts, at, size, byKm, width, words, family);
  for (const part of parts) drawPart(line, part, at(part), size(part), total, width, byKm);
  namePlaces(below, parts, at, size, byKm, width, words, family);
}

/* Countries over the line, where there is room for them. */
function nameCountries(above, parts, at, size, byKm, width, words, family) {
  const half = (name, figures) => Math.max(textWidth(name, "600 13px " + family), textWidth(figures, "12px " + family)) / 2 + 3;
  let last = -1;
  for (const part of parts.filter((one) => one.moving)) {
    const w = size(part), room = Math.max(w / 2 + 26, 30);
    let name = part.name, figures = byKm ? words.km(part.km) : words.km(part.km) + " · " + words.span(part.h);
    if (half(name, figures) > room) {
      name = part.code === SEA ? part.name : part.code;
      figures = words.kmNumber(part.km);
    }
    const own = half(name, figures), middle = Math.min(Math.max(at(part) + w / 2, own), width - own);
    if (middle - own < last + 4 || own > room) continue;
    last = middle + own;
    const label = html("span", "", above);
    label.style.left = middle + "px";
    html("b", "", label, name);
    html("span", "", label, figures);
  }
}

function drawPart(line, part, x, w, total, width, byKm) {
  if (part.moving) {
    const move = html("i", "it-move m-" + part.mode, line);
    move.style.left = x + 2 + "px";
    move.style.width = Math.max(0, w - 4) + "px";
    return;
  }
  if (byKm) {
    const mark = html("i", "it-mark", line);
    mark.style.left = x + "px";
    icon(glyphOf(part), 18, mark);
    return;
  }
  let left = x;
  for (const leg of part.waits) {
    const own = leg.time[0] / total * width, block = html("i", "it-wait s-" + leg.kind, line);
    block.style.left = left + "px";
    block.style.width = Math.max(2, own - 1) + "px";
    if (own > 15) icon(GLYPH[leg.kind], 16, block);
    left += own;
  }
}

/* Places under the line, on up to three levels, the longest waits first. A label stands anywhere over its leader where no other
   label and no other leader is. */
function namePlaces(below, parts, at, size, byKm, width, words, family) {
  const labels = parts.filter((part) => !part.moving && part.h > 0).map((part) => {
    const note = aboutWaits(part, words);
    return {part, note, x: at(part) + (byKm ? 0 : Math.min(size(part), 12) / 2),
      w: Math.max(textWidth(part.name, "600 12px " + family), textWidth(note, "12px " + family)) + 14};
  });
  const placed = [];
  const clear = (label, level, left) => placed.every((other) => {
    const right = left + label.w, beside = right < other.left || left > other.left + other.w;
    if (other.level === level) return beside;
    // The leader of what stands lower runs past what stands higher.
    if (other.level < level) return label.x + 3 < other.left || label.x - 3 > other.left + other.w;
    return other.x + 3 < left || other.x - 3 > right;
  });
  for (const label of labels.slice().sort((a, b) => b.part.h - a.part.h)) {
    const most = Math.max(0, width + 8 - label.w), wanted = [0, 1, .25, .5, .75].map((share) => label.x - 2 - share * (label.w - 14));
    for (let level = 0; level < LEVELS && label.level === undefined; level++) {
      const left = wanted.map((one) => Math.min(Math.max(0, one), most)).find((one) => clear(label, level, one));
      if (left === undefined) continue;
      Object.assign(label, {level, left});
      placed.push(label);
    }
  }
  for (const {part, note, x, level, left} of placed) {
    html("i", "it-lead lv" + level, below).style.left = x + "px";
    const text = html("span", "it-place lv" + level, below);
    text.style.left = left + "px";
    html("b", "", text, part.name);
    html("span", "", text, note);
  }
}

/* The name of a source without its address, and its year. */
function sourceName([source, year]) {
  const name = source.replace(/\s*https?:\/\/\S+/g, "").replace(/\s+([,;.])/g, "$1").trim();
  return !year || name.includes(year) ? name : `${name}, ${year}`;
}

/* The same in rows, for narrow pages and for paper, with where the waits come from. */
function showRows(list, parts, words, sources) {
  list.textContent = "";
  for (const part of parts) {
    const row = html("li", part.moving ? "mv" : "wt", list), symbol = html("span", "it-sym", row), main = html("span", "it-name", row);
    if (part.moving) {
      html("i", "it-v m-" + part.mode, symbol);
      html("span", "", main, part.name);
      html("small", "", main, words.t(part.mode) + words.t("comma") + words.km(part.km));
    } else {
      icon(glyphOf(part), 20, symbol);
      html("b", "", main, part.name);
      html("small", "", main, aboutWaits(part, words));
      const from = new Set(part.waits.flatMap((leg) => leg.sources || []).map((i) => sourceName(sources[i])));
      if (from.size) html("small", "it-src", main, Array.from(from).join("; "));
    }
    html("span", "it-t", row, words.span(part.h));
  }
}
