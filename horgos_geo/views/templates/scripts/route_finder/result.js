/* What is found: the totals of the chosen corridor, what changed, and the corridors in their order. */
import {html, svg} from "../dom.js";
import {NB} from "../words.js";
import {SEA} from "./route.js";

const MOVING = new Set(["road", "rail", "ferry"]);

/* What is minimised of a route, in words with the unit. */
export function value(route, minimise, words) {
  if (minimise === "cost" || minimise === "generalised") return words.ten(route.cost[0]) + NB + words.t("finder_usd");
  if (minimise === "co2e") return words.number(route.co2e[0]) + NB + words.t("finder_kg");
  return minimise === "distance" ? words.km(route.km) : words.days(route.time[0]);
}

/* What a corridor is called, with the crossing that tells it from one of the same name. */
export function title(item, place, words) {
  const name = words.title(item.route, place);
  return item.apart ? words.t("finder_apart", {name, crossing: words.short(item.apart.name)}) : name;
}

/* Why a corridor is blocked. */
export function reason({leg, country, ferry}, words) {
  if (ferry) return words.t("finder_blocked_ferry", {place: words.point(leg.name).replace(/\s*\([^)]*\)/g, "")});
  if (country && !leg.name) return words.t("finder_blocked_country", {country: words.country(country)});
  return country ? words.t("finder_blocked", {place: words.stop(leg), country: words.country(country)}) : words.t("finder_blocked_crossing", {place: words.stop(leg)});
}

/* Countries and ferries in order; a line that touches the same border again and again is told once. */
function codes(route, words) {
  const seen = new Set(), out = [];
  for (const {code, km} of route.byCountry) {
    const again = seen.has(code) && km < 100, name = code === SEA ? words.t("ferry") : code;
    seen.add(code);
    if (code === SEA || (!again && name !== out[out.length - 1])) out.push(name);
  }
  return out.join(" · ");
}

/* Proportions of road, rail and ferry along a corridor, as a line. */
function modeLine(route, parent) {
  const runs = [], width = 180, least = 14;
  for (const {kind, km} of route.legs) {
    const last = runs[runs.length - 1];
    if (!MOVING.has(kind)) continue;
    if (last && last[0] === kind) last[1] += km; else runs.push([kind, km]);
  }
  const picture = svg("svg", {"class": "modeline", viewBox: `0 0 ${width} 6`, width, height: 6, "aria-hidden": "true"}, parent);
  // A ferry is short beside the land, but must be seen.
  const spare = Math.max(0, width - runs.length * least);
  let x = 0;
  for (const [kind, km] of runs) {
    const w = spare * km / route.km + least, ferry = kind === "ferry";
    svg("path", {"class": "ln m-" + kind, d: `M${(x + (ferry ? 2.5 : 0)).toFixed(1)} 3H${(x + w - (ferry ? 1 : 0)).toFixed(1)}`}, picture);
    x += w;
  }
}

/* The list of corridors; each says what is minimised first. */
export function showCorridors(box, list, chosen, minimise, place, words, pick) {
  box.textContent = "";
  list.forEach((item, i) => {
    const {route, open} = item, row = html(open ? "button" : "div", "corridor" + (open ? "" : " is-shut"), html("li", "", box));
    if (open) {
      row.type = "button";
      row.setAttribute("aria-pressed", String(i === chosen));
      row.addEventListener("click", () => pick(i));
    }
    html("span", "letter", row, item.letter);
    const main = html("span", "c-main", row), figures = html("span", "c-num", row);
    html("b", "", main, title(item, place, words));
    if (open) {
      html("span", "c-codes", main, codes(route, words));
      modeLine(route, main);
      html("b", "", figures, value(route, minimise, words));
      html("span", "", figures, minimise === "time" ? words.daysRange(route.time[1], route.time[2]) : words.days(route.time[0]));
    } else {
      html("span", "c-codes", main, reason(item.why, words));
      html("b", "", figures, words.t("no_route"));
    }
    html("span", "", figures, minimise === "distance" && open ? words.ten(route.cost[0]) + NB + words.t("finder_usd") : words.km(route.km));
  });
}

/* Kilometres by country as one strip. */
function showStrip(box, route, words) {
  const rows = [];
  let tint = 0;
  box.textContent = "";
  for (const {code, km} of route.byCountry) {
    const kind = code === SEA ? "sea" : code === "KAZ" ? "home" : "tint" + (1 + tint++ % 2), segment = html("span", "seg " + kind, box);
    const text = words.country(code) + " " + words.km(km), inner = html("span", "", segment, code === SEA ? "" : code);
    segment.style.flexGrow = km;
    segment.title = text;
    html("b", "", inner, " " + words.kmNumber(km));
    rows.push(text);
  }
  box.setAttribute("role", "img");
  box.setAttribute("aria-label", words.t("finder_countries_alt", {rows: rows.join(words.t("comma"))}));
}

/* Days from low to high, and the central one, on an axis that fits them. */
function showRange(box, [central, low, high], words) {
  const days = [low, high].map((h) => h / 24), spare = Math.max((days[1] - days[0]) * .3, .6);
  const step = [.25, .5, 1, 2, 4, 5, 10, 20, 50].find((s) => (days[1] - days[0] + 2 * spare) / s <= 5) || 50;
  const from = Math.floor(Math.max(0, days[0] - spare) / step) * step, to = Math.ceil((days[1] + spare) / step) * step;
  const at = (day) => (day - from) / (to - from) * 100 + "%";
  box.textContent = "";
  const line = html("div", "range-line", box), band = html("i", "range-band", line), dot = html("i", "range-dot", line);
  band.style.left = at(days[0]);
  band.style.width = (days[1] - days[0]) / (to - from) * 100 + "%";
  dot.style.left = at(central / 24);
  const axis = html("div", "range-ax", box), count = Math.round((to - from) / step);
  for (let i = 0; i <= count; i++) {
    const last = i === count, number = words.number(from + i * step, step < .5 ? 2 : step < 1 ? 1 : 0);
    const mark = html("span", i === 0 ? "first" : last ? "last" : "", axis, number + (last ? NB + words.t("finder_days_axis") : ""));
    mark.style.left = i / count * 100 + "%";
  }
}

/* The totals of the chosen corridor. */
export function showResult(box, item, rank, place, words) {
  const {route} = item, figures = box.querySelector(".figures");
  box.querySelector(".r-title").textContent = `${item.letter} ${title(item, place, words)}`;
  box.querySelector(".r-rank").textContent = rank;
  figures.textContent = "";
  const rows = [[words.days(route.time[0]), words.daysRange(route.time[1], route.time[2])], [words.km(route.km), words.error(route.error)],
    [words.number(route.borders), words.borders(route.borders)], [words.ten(route.cost[0]), words.t("finder_cost")]];
  rows.forEach(([number, about], i) => {
    const cell = html("div", "fig-" + i, figures);
    html("dd", "", cell, number);
    html("dt", "", cell, about);
  });
  showRange(box.querySelector(".range"), route.time, words);
  showStrip(box.querySelector(".strip"), route, words);
  const small = box.querySelector(".r-small"), china = box.querySelector(".r-china");
  small.textContent = "";
  html("span", "", small, words.t("finder_co2e", {value: words.number(route.co2e[0]), range: words.range(route.co2e, (kg) => words.number(kg))}));
  if (route.greatCircle > 50) html("span", "", small, words.t("finder_circuity", {ratio: words.number(route.km / route.greatCircle, 2), km: words.km(route.greatCircle)}));
  china.hidden = route.status === "ok";
}

/* Whether two routes run the same way and take the same. */
export function isSame(a, b) { return Math.abs(a.km - b.km) < .5 && Math.abs(a.time[0] - b.time[0]) < .1 && a.crossings.map(({id}) => id).join() === b.crossings.map(({id}) => id).join(); }

/* What the closures and openings of a state change, as a strip: days, kilometres and dollars against the plain scenario. */
export function showDifference(box, route, before, words) {
  box.hidden = !before || !route;
  box.textContent = "";
  if (box.hidden) return;
  if (isSame(route, before)) {
    box.textContent = words.t("finder_no_difference");
    return;
  }
  const sign = (number, text) => (Math.abs(number) < 1e-9 || /^[0,.]*$/.test(text.replace(/[^\d,.]/g, "")) ? "±" : number > 0 ? "+" : "−") + text;
  const days = (route.time[0] - before.time[0]) / 24, km = route.km - before.km, usd = route.cost[0] - before.cost[0];
  html("span", "d-label", box, words.t("finder_difference"));
  for (const [number, text] of [[days, words.number(Math.abs(days), 1) + NB + words.t("days")], [km, words.km(Math.abs(km))], [usd, words.ten(Math.abs(usd)) + NB + words.t("finder_usd")]]) {
    html("b", number > 0 ? "is-more" : number < 0 ? "is-less" : "", box, sign(number, text));
  }
}
