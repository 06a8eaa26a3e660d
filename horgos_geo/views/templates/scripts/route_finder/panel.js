/* The panel: what is asked, what is found, and the corridors in their order. */
import {html, svg} from "../dom.js";
import {LANGUAGES, NB, fold} from "../words.js";

var LINES = {road: "m-road", rail: "m-rail", ferry: "m-ferry"};

/* A search field that lists destinations as one types (ARIA combobox). */
export function Search(box, data, words, pick) {
  var self = this, input = box.querySelector("input"), list = box.querySelector("[role=listbox]");
  var clear = box.querySelector(".clear"), note = box.querySelector(".note"), live = box.querySelector("[role=status]");
  this.input = input; this.active = -1; this.shown = [];
  function keys(p) {
    var names = [p.names.en, p.names.zh, p.names.ru].concat(p.aliases.split(";"));
    return names.filter(Boolean).map(fold);
  }
  var index = data.places.map(function (p) {
    return {p: p, names: keys(p), countries: LANGUAGES.map(function (l, i) { var c = words.catalogue.countries[p.country]; return c ? fold(c[i] || "") : ""; }).concat([p.country.toLowerCase()])};
  });
  function match(text) {
    var q = fold(text), found = [];
    index.forEach(function (e) {
      var score = 9;
      e.names.forEach(function (n, i) {
        if (n === q) score = Math.min(score, 0); else if (n.indexOf(q) === 0) score = Math.min(score, i < 3 ? 1 : 3);
        else if (q.length > 2 && n.indexOf(q) > 0) score = Math.min(score, 5);
      });
      if (q) e.countries.forEach(function (c) { if (c === q) score = Math.min(score, 2); else if (q.length > 1 && c.indexOf(q) === 0) score = Math.min(score, 4); });
      if (!q) score = 1;
      if (score < 9) found.push({p: e.p, score: score});
    });
    var order = new Intl.Collator(words.language);
    return found.sort(function (a, b) {
      return a.score - b.score || (q ? a.p.gc - b.p.gc : order.compare(words.place(a.p), words.place(b.p)));
    }).map(function (f) { return f.p; });
  }
  function open(text) {
    self.shown = match(text); self.active = -1;
    list.textContent = "";
    self.shown.forEach(function (p, i) {
      var o = html("div", "option", list);
      o.setAttribute("role", "option"); o.id = "option-" + i; o.setAttribute("aria-selected", "false");
      html("b", "", o, words.place(p)); html("span", "", o, words.country(p.country));
      html("i", "", o, words.km(p.gc));
      o.addEventListener("pointerdown", function (e) { e.preventDefault(); });
      o.addEventListener("click", function () { choose(p); });
    });
    if (!self.shown.length) html("div", "none", list, words.t("atlas_found_none"));
    live.textContent = self.shown.length ? words.t("atlas_found_n", {n: self.shown.length}) : words.t("atlas_found_none");
    list.hidden = false; input.setAttribute("aria-expanded", "true");
    box.classList.add("is-open");
  }
  function close() {
    list.hidden = true; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant");
    live.textContent = ""; box.classList.remove("is-open");
  }
  function mark(i) {
    var options = list.querySelectorAll(".option");
    if (!options.length) return;
    if (options[self.active]) options[self.active].setAttribute("aria-selected", "false");
    self.active = (i + options.length) % options.length;
    options[self.active].setAttribute("aria-selected", "true");
    options[self.active].scrollIntoView({block: "nearest"});
    input.setAttribute("aria-activedescendant", options[self.active].id);
  }
  function choose(p) { close(); pick(p); self.set(p); }
  this.set = function (p) {
    this.place = p;
    input.value = p ? words.place(p) : "";
    note.textContent = p ? words.country(p.country) : "";
    clear.hidden = !input.value;
    // The country stands behind the name, wherever that ends.
    var c = document.createElement("canvas").getContext("2d"), style = getComputedStyle(input);
    c.font = style.fontWeight + " " + style.fontSize + " " + style.fontFamily;
    note.style.left = Math.ceil(c.measureText(input.value).width) + 22 + "px";
  };
  input.addEventListener("focus", function () { input.select(); note.textContent = ""; open(""); });
  input.addEventListener("click", function () { if (list.hidden) open(""); });
  input.addEventListener("input", function () { clear.hidden = !input.value; note.textContent = ""; open(input.value); if (self.shown.length && input.value) mark(0); });
  input.addEventListener("blur", function () { close(); self.set(self.place); });
  input.addEventListener("keydown", function (e) {
    if (e.isComposing) return;
    if (e.key === "ArrowDown" || e.key === "ArrowUp") {
      e.preventDefault();
      if (list.hidden) open(input.value);
      mark(self.active + (e.key === "ArrowDown" ? 1 : self.active < 0 ? 0 : -1));
    } else if (e.key === "Enter") {
      e.preventDefault();
      if (!list.hidden && self.shown.length) choose(self.shown[Math.max(0, self.active)]);
    } else if (e.key === "Escape") {
      if (list.hidden) input.blur(); else { close(); self.set(self.place); }
    }
  });
  clear.addEventListener("click", function () { input.value = ""; clear.hidden = true; note.textContent = ""; input.focus(); });
}

/* A row of buttons of which one is on (radio group: arrows move, Tab leaves). */
export function Choice(box, rows, pick) {
  var self = this;
  this.box = box; this.buttons = {};
  box.textContent = "";
  rows.forEach(function (row) {
    var b = html("button", row.cls || "", box, row.text);
    b.type = "button"; b.setAttribute("role", "radio"); b.value = row.id;
    if (row.title) b.title = row.title;
    b.addEventListener("click", function () { pick(row.id); });
    self.buttons[row.id] = b;
  });
  box.onkeydown = function (e) {
    var step = {ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1}[e.key];
    if (!step) return;
    e.preventDefault();
    var all = Object.keys(self.buttons), at = all.indexOf(self.value), next = all[(at + step + all.length) % all.length];
    pick(next); self.buttons[next].focus();
  };
}
Choice.prototype.set = function (id) {
  this.value = id;
  for (var key in this.buttons) {
    this.buttons[key].setAttribute("aria-checked", String(key === id));
    this.buttons[key].tabIndex = key === id ? 0 : -1;
  }
}

/* Proportions of road, rail and ferry along a corridor, as a line. */
export function modeLine(route, parent) {
  var s = svg("svg", {"class": "modeline", viewBox: "0 0 180 6", width: 180, height: 6, "aria-hidden": "true"}, parent), x = 0;
  var runs = [];
  route.legs.forEach(function (leg) {
    if (!LINES[leg.kind]) return;
    var last = runs[runs.length - 1];
    if (last && last[0] === leg.kind) last[1] += leg.km; else runs.push([leg.kind, leg.km]);
  });
  // A ferry is short beside the land, but must be seen.
  var least = 14, spare = 180 - runs.length * least;
  runs.forEach(function (run) {
    var w = Math.max(0, spare) * run[1] / route.km + least;
    svg("path", {"class": "ln " + LINES[run[0]], d: "M" + (x + (run[0] === "ferry" ? 2.5 : 0)).toFixed(1) + " 3H" + (x + w - (run[0] === "ferry" ? 1 : 0)).toFixed(1)}, s);
    x += w;
  });
  return s;
}

export function codes(route, words) {
  // A line that touches the same border again and again is told once.
  var seen = {}, codes = route.byCountry.filter(function (c) {
    var again = seen[c.code];
    seen[c.code] = true;
    return c.code === "SEA" || !again || c.km >= 100;
  }).map(function (c) { return c.code === "SEA" ? words.t("ferry") : c.code; });
  return codes.filter(function (c, i) { return i === 0 || c !== codes[i - 1] || c === words.t("ferry"); }).join(" · ");
}

export function reason(why, words) {
  var place = why.leg.name ? words.stop(why.leg) : words.country(why.leg.country);
  if (why.ferry) return words.t("atlas_blocked_ferry", {place: words.point(why.leg.name).replace(/\s*\([^)]*\)/g, "")});
  return words.t(why.country ? "atlas_blocked" : "atlas_blocked_crossing", {place: place, country: why.country ? words.country(why.country) : ""});
}

/* The list of corridors. */
export function corridorList(box, list, chosen, place, words, pick) {
  box.textContent = "";
  list.forEach(function (item, i) {
    var li = html("li", "", box), r = item.route, row = html(item.open ? "button" : "div", "corridor" + (item.open ? "" : " is-shut"), li);
    if (item.open) { row.type = "button"; row.setAttribute("aria-pressed", String(i === chosen)); row.addEventListener("click", function () { pick(i); }); }
    html("span", "letter", row, item.letter);
    var main = html("span", "c-main", row);
    html("b", "", main, item.title);
    if (item.open) { html("span", "c-way", main, codes(r, words)); modeLine(r, main); }
    else html("span", "c-way", main, item.reason);
    var numbers = html("span", "c-num", row);
    if (item.open) { html("b", "", numbers, words.days(r.time[0])); html("span", "", numbers, words.daysRange(r.time[1], r.time[2])); }
    else html("b", "", numbers, words.t("no_route"));
    html("span", "", numbers, words.km(r.km));
  });
}

/* Kilometres by country as one strip. */
export function strip(box, route, words) {
  box.textContent = "";
  var tint = 0, rows = [];
  route.byCountry.forEach(function (c) {
    var cls = c.code === "SEA" ? "sea" : c.code === "KAZ" ? "home" : "tint" + (1 + tint++ % 2);
    var seg = html("span", "seg " + cls, box), name = words.country(c.code);
    seg.style.flexGrow = c.km; seg.title = name + " " + words.km(c.km);
    var inner = html("span", "", seg, c.code === "SEA" ? "" : c.code);
    html("b", "", inner, " " + words.kmNumber(c.km));
    rows.push(name + " " + words.km(c.km));
  });
  box.setAttribute("role", "img");
  box.setAttribute("aria-label", words.t("atlas_countries_alt", {rows: rows.join(words.t("atlas_comma"))}));
}

/* The totals of the chosen corridor. */
export function result(box, item, rank, place, words) {
  var r = item.route, figures = box.querySelector(".figures");
  box.querySelector(".r-title").textContent = item.letter + " " + item.title;
  box.querySelector(".r-rank").textContent = rank;
  figures.textContent = "";
  [[words.days(r.time[0]), words.daysRange(r.time[1], r.time[2])], [words.km(r.km), words.error(r.error) || words.t("km")],
    [words.number(r.borders), words.borders(r.borders)], [words.ten(r.cost[0]), words.t("atlas_cost")]].forEach(function (f, i) {
    var d = html("div", "fig-" + i, figures);
    html("dd", "", d, f[0]); html("dt", "", d, f[1] === words.t("km") ? "" : f[1]);
  });
  range(box.querySelector(".range"), r.time, words);
  strip(box.querySelector(".strip"), r, words);
  var small = box.querySelector(".r-small");
  small.textContent = "";
  html("span", "", small, words.t("atlas_co2e", {value: words.number(r.co2e[0]), range: words.range(r.co2e, function (v) { return words.number(v); })}));
  html("span", "", small, words.t("atlas_circuity", {ratio: words.number(r.km / place.gc, 2), km: words.km(place.gc)}));
  var china = box.querySelector(".r-china");
  china.hidden = r.status === "ok";
  china.textContent = r.status === "ok" ? "" : words.t("atlas_through_china");
}

/* Days from low to high, and the central one, on an axis that fits them. */
export function range(box, time, words) {
  box.textContent = "";
  var low = time[1] / 24, high = time[2] / 24, spare = Math.max((high - low) * .3, .6);
  var from = Math.max(0, low - spare), to = high + spare, step = [.25, .5, 1, 2, 4, 5, 10, 20].filter(function (s) { return (to - from) / s <= 5; })[0] || 20;
  from = Math.floor(from / step) * step; to = Math.ceil(to / step) * step;
  function at(v) { return (v - from) / (to - from) * 100 + "%"; }
  var line = html("div", "range-line", box), b = html("i", "range-band", line), dot = html("i", "range-dot", line);
  b.style.left = at(low); b.style.width = (high - low) / (to - from) * 100 + "%"; dot.style.left = at(time[0] / 24);
  var axis = html("div", "range-ax", box), n = Math.round((to - from) / step);
  for (var i = 0; i <= n; i++) {
    var t = html("span", "", axis, words.number(from + i * step, step < 1 ? (step < .5 ? 2 : 1) : 0) + (i === n ? NB + words.t("atlas_days_axis") : ""));
    t.style.left = i / n * 100 + "%";
    t.className = i === 0 ? "first" : i === n ? "last" : "";
  }
}
