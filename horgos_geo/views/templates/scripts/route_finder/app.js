/* The page: one state, kept in the address; every change goes through it. */
import {copyText, html, icon, sample} from "../dom.js";
import {toggleTheme} from "../theme.js";
import {LANGUAGES, Words} from "../words.js";
import {Data} from "./data.js";
import {itinerary} from "./itinerary.js";
import {Choice, Search, corridorList, reason, result} from "./panel.js";
import {RouteView} from "./scene.js";

function json(id) { return JSON.parse(document.getElementById(id).textContent); }
function $(selector) { return document.querySelector(selector); }
var KEYS = {to: "to", mode: "mode", min: "criterion", scenario: "scenario", lang: "language", axis: "axis", c: "corridor"};
var VIEWS = ["finder", "reports", "sources"];

function start() {
  var data = new Data(json("atlas-data")), catalogue = json("atlas-words"), base = json("atlas-base");
  var words = new Words(catalogue, document.documentElement.lang), app = $("#app"), root = document.documentElement;
  var first = catalogue.start, state = {}, view = "", map, search, choice = {}, list = [];
  document.body.classList.add("is-live");
  app.hidden = false;

  function clean(s) {
    return {
      to: s.to in data.index ? s.to : first.to in data.index ? first.to : data.places[0].id,
      mode: data.modes.indexOf(s.mode) >= 0 ? s.mode : first.mode,
      criterion: data.criteria.indexOf(s.criterion) >= 0 ? s.criterion : first.criterion,
      scenario: s.scenario in data.scenario ? s.scenario : data.scenarios[0].id,
      language: LANGUAGES.indexOf(s.language) >= 0 ? s.language : catalogue.language,
      axis: s.axis === "km" ? "km" : "days",
      corridor: /^[A-H]$/.test(s.corridor || "") ? s.corridor : "A"
    };
  }
  function read() {
    var text = location.hash.slice(1), s = {};
    if (VIEWS.indexOf(text) > 0) return {view: text, state: clean(state.to ? state : s)};
    text.split("&").forEach(function (pair) {
      var i = pair.indexOf("="), key = KEYS[pair.slice(0, i)];
      if (key) { try { s[key] = decodeURIComponent(pair.slice(i + 1)); } catch (e) { /* not ours */ } }
    });
    return {view: "finder", state: clean(s)};
  }
  function write() {
    var parts = ["to=" + encodeURIComponent(state.to), "mode=" + state.mode, "min=" + state.criterion];
    if (state.scenario !== data.scenarios[0].id) parts.push("scenario=" + encodeURIComponent(state.scenario));
    if (state.corridor !== "A") parts.push("c=" + state.corridor);
    if (state.axis !== "days") parts.push("axis=" + state.axis);
    if (state.language !== catalogue.language) parts.push("lang=" + state.language);
    return "#" + parts.join("&");
  }
  function go(changes, quiet) {
    var next = {}, key;
    for (key in state) next[key] = state[key];
    for (key in changes) next[key] = changes[key];
    // Another question starts again from its best corridor.
    if (!("corridor" in changes) && ["to", "mode", "criterion", "scenario"].some(function (k) { return k in changes; })) next.corridor = "A";
    show(clean(next), "finder");
    var hash = write();
    if (hash === location.hash) return;
    try { history[quiet ? "replaceState" : "pushState"](null, "", hash); } catch (e) { location.hash = hash; }
  }

  function show(next, nextView) {
    var old = state, first = !old.to;
    state = next;
    if (first || next.language !== old.language) speak();
    if (nextView !== view) turn(nextView);
    var place = data.places[data.index[state.to]];
    search.set(place);
    choice.mode.set(state.mode); choice.criterion.set(state.criterion); choice.scenario.set(state.scenario); choice.axis.set(state.axis);
    var scenario = data.scenario[state.scenario];
    $(".scenario-note").textContent = words.has("scenario_note_" + scenario.id) ? words.t("scenario_note_" + scenario.id) : "";
    list = data.corridors(place.i, state.mode, state.scenario, state.criterion);
    list.forEach(function (item) {
      item.title = words.title(item.route, place);
      if (item.why) item.reason = reason(item.why, words);
    });
    var chosen = list.map(function (item) { return item.letter; }).indexOf(state.corridor);
    if (chosen < 0 || !list[chosen].open) chosen = list.length && list[0].open ? 0 : -1;
    answer(place, chosen);
    draw(place, chosen, scenario, first || old.to !== state.to || old.mode !== state.mode || old.scenario !== state.scenario || old.criterion !== state.criterion);
    $(".share code").textContent = write();
  }
  function answer(place, chosen) {
    var found = chosen >= 0, open = list.filter(function (x) { return x.open; }).length, box = $(".result");
    $(".found").hidden = !found; $(".missing").hidden = found; $(".itinerary").hidden = !found;
    app.classList.toggle("is-missing", !found);
    var summary;
    if (found) {
      var item = list[chosen], best = words.t("atlas_best_" + state.criterion, {n: open});
      var rank = open === 1 ? words.t("atlas_best_only") : chosen === 0 ? best : words.t("atlas_rank", {rank: chosen + 1, n: open, best: "A"});
      result(box, item, rank, place, words);
      itinerary($(".itinerary"), item.route, state.axis === "km", words);
      summary = words.t("atlas_summary", {origin: words.place(data.origin), place: words.place(place), days: words.days(item.route.time[0]),
        km: words.km(item.route.km), borders: words.number(item.route.borders) + " " + words.borders(item.route.borders), title: item.title});
    } else {
      var status = words.status(data.status(data.find(place.i, state.mode, state.scenario, state.criterion)));
      $(".m-title").textContent = words.t("atlas_no_route", {mode: words.t("by_" + state.mode)});
      $(".m-why").textContent = words.place(place) + ": " + status;
      var tries = $(".m-try");
      tries.textContent = "";
      data.modes.forEach(function (m) {
        if (m === state.mode || data.find(place.i, m, state.scenario, state.criterion) < 0) return;
        var b = html("button", "tool", tries, words.t("atlas_mode_" + m)); b.type = "button";
        b.addEventListener("click", function () { go({mode: m}); });
      });
      if (state.scenario !== data.scenarios[0].id && data.find(place.i, state.mode, data.scenarios[0].id, state.criterion) >= 0) {
        var s = html("button", "tool", tries, words.scenario(data.scenarios[0])); s.type = "button";
        s.addEventListener("click", function () { go({scenario: data.scenarios[0].id}); });
      }
      $(".m-lead").hidden = !tries.childNodes.length;
      summary = words.place(place) + ": " + $(".m-title").textContent + ". " + status;
    }
    corridorList($(".corridors ol"), list, chosen, place, words, function (i) { go({corridor: list[i].letter}); });
    $(".corridors").hidden = !list.length;
    $("#say").textContent = summary;
    document.title = words.place(data.origin) + " – " + words.place(place) + " · " + words.t("atlas");
    box.dataset.summary = summary;
  }
  function draw(place, chosen, scenario, refit) {
    var modes = {};
    if (chosen >= 0) list[chosen].route.modes.forEach(function (m) { modes[m] = 1; });
    key(modes, chosen);
    map.show({origin: data.origin, place: place, list: list, chosen: chosen, closed: scenario.closed, summary: $(".result").dataset.summary,
      lineOf: function (leg) { return data.line(leg.shape); }, cities: data.places,
      pick: function (p) { go({to: p.id}); }, choose: function (i) { go({corridor: list[i].letter}); }}, refit);
  }
  function key(modes, chosen) {
    var box = $(".a-key");
    box.textContent = "";
    function row(fill, text) { var li = html("li", "", box); fill(li); html("span", "", li, text); }
    ["rail", "road", "ferry"].forEach(function (m) {
      if (modes[m]) row(function (li) { sample("m-" + m + " is-chosen", li); }, m === "ferry" ? words.t("ferry") : words.t("atlas_key_chosen", {mode: words.t(m)}));
    });
    if (list.some(function (x, i) { return x.open && i !== chosen; })) row(function (li) { sample("alt", li); }, words.t("atlas_key_other"));
    if (list.some(function (x) { return !x.open; })) row(function (li) { sample("shut", li); }, words.t("atlas_key_blocked"));
    if (chosen < 0) return;
    var legs = list[chosen].route.legs.map(function (l) { return l.kind; });
    if (legs.indexOf("border") >= 0) row(function (li) { icon("crossing", 18, li); }, words.t("crossing"));
    if (legs.indexOf("gauge") >= 0) row(function (li) { icon("gauge", 18, li); }, words.t("gauge"));
    if (legs.indexOf("transfer") >= 0) row(function (li) { icon("terminal", 18, li); }, words.t("transfer"));
  }

  /* Put every fixed word of the page into the language. */
  function speak() {
    words.set(state.language);
    map.speak();
    root.lang = state.language === "zh" ? "zh-Hans" : state.language;
    document.querySelectorAll("[data-t]").forEach(function (e) { e.textContent = words.t(e.dataset.t); });
    document.querySelectorAll("[data-label]").forEach(function (e) { e.setAttribute("aria-label", words.t(e.dataset.label)); if (e.title) e.title = words.t(e.dataset.label); });
    document.querySelectorAll("[data-hint]").forEach(function (e) { e.placeholder = words.t(e.dataset.hint); });
    document.querySelectorAll(".langs a").forEach(function (a) {
      if (a.dataset.lang === state.language) a.setAttribute("aria-current", "true"); else a.removeAttribute("aria-current");
    });
    // A report may lie there in some languages only.
    document.querySelectorAll(".reports a").forEach(function (a) {
      ["b", "p"].forEach(function (tag) {
        var rows = Array.from(a.querySelectorAll(tag)), shown = rows.find(function (x) { return x.lang === state.language; }) || rows[0];
        rows.forEach(function (x) { x.hidden = x !== shown; });
      });
    });
    $(".o-name").textContent = words.place(data.origin);
    $(".o-note").textContent = words.t("atlas_origin_note", {name: data.origin.names[words.language === "zh" ? "en" : "zh"]});
    choice.mode = new Choice($("#mode"), data.modes.map(function (m) { return {id: m, text: words.t("atlas_mode_" + m)}; }), function (m) { go({mode: m}); });
    choice.criterion = new Choice($("#criterion"), data.criteria.map(function (c) { return {id: c, text: words.t("atlas_min_" + c)}; }), function (c) { go({criterion: c}); });
    choice.scenario = new Choice($("#scenario"), data.scenarios.map(function (s) {
      return {id: s.id, text: words.scenario(s), cls: "chip", title: words.has("scenario_note_" + s.id) ? words.t("scenario_note_" + s.id) : ""};
    }), function (s) { go({scenario: s}); });
    choice.axis = new Choice($("#axis"), [{id: "days", text: words.t("atlas_axis_days")}, {id: "km", text: words.t("atlas_axis_km")}], function (x) { go({axis: x}, true); });
    $(".map-credit").textContent = words.t("atlas_map_credit") + " " + (catalogue.viewpoint === "ISO" ? words.t("atlas_disputed_ISO") : words.t("atlas_disputed_view", {view: catalogue.viewpoint}));
    $(".counts").textContent = words.t("atlas_counts", {places: data.places.length, modes: data.modes.length, criteria: data.criteria.length,
      scenarios: data.scenarios.length, routes: words.number(data.raw.routes.length)});
  }
  function turn(next) {
    view = next;
    app.hidden = view !== "finder";
    VIEWS.slice(1).forEach(function (v) { document.getElementById(v).hidden = v !== view; });
    document.querySelectorAll(".topnav a").forEach(function (a) {
      if (a.dataset.view === view) a.setAttribute("aria-current", "page"); else a.removeAttribute("aria-current");
    });
    document.body.dataset.view = view;
  }

  map = new RouteView($(".map-live"), base, words);
  search = new Search($(".search"), data, words, function (p) { go({to: p.id}); });
  document.querySelectorAll(".langs a").forEach(function (a) {
    a.addEventListener("click", function (e) { e.preventDefault(); var v = view; go({language: a.dataset.lang}, true); if (v !== "finder") { turn(v); location.hash = v; } });
  });
  document.querySelectorAll(".topnav a").forEach(function (a) {
    a.addEventListener("click", function (e) {
      if (a.dataset.view !== "finder") return;
      e.preventDefault();
      turn("finder"); history.pushState(null, "", write()); map.frame();
    });
  });
  $(".theme").addEventListener("click", toggleTheme);
  $("#copy").addEventListener("click", function () {
    var b = this;
    copyText(location.href.split("#")[0] + write(), function () {
      b.textContent = words.t("atlas_copied");
      setTimeout(function () { b.textContent = words.t("atlas_copy"); }, 1600);
    });
  });
  function follow() {
    var next = read();
    if (next.view === "finder") show(next.state, "finder"); else { if (!state.to) show(next.state, "finder"); turn(next.view); }
  }
  window.addEventListener("hashchange", follow);
  window.addEventListener("popstate", follow);
  var timer, wide = 0;
  new ResizeObserver(function () {
    clearTimeout(timer);
    timer = setTimeout(function () {
      map.view.map.invalidateSize({animate: false, pan: false});
      var s = map.view.size;
      if (!s[0] || s[0] + "x" + s[1] === wide) return;
      wide = s[0] + "x" + s[1];
      map.frame();
      var chosen = list.map(function (x) { return x.letter; }).indexOf(state.corridor);
      if (list[chosen] && list[chosen].open) itinerary($(".itinerary"), list[chosen].route, state.axis === "km", words);
    }, 60);
  }).observe(map.view.box);
  wide = map.view.size.join("x");
  follow();
  window.RouteFinder = {data: data, map: map, words: words, state: function () { return state; }, list: function () { return list; }};
}
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
