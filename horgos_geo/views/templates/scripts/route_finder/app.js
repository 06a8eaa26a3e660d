/* The page: one state, kept in the address; every change goes through it. */
import {copyText, html, icon, sample, saveFile} from "../dom.js";
import {applyTheme, toggleTheme} from "../theme.js";
import {LANGUAGES, Words, fold} from "../words.js";
import {Choice} from "./choice.js";
import {Closures} from "./closures.js";
import {Combobox} from "./combobox.js";
import {Corridors} from "./corridors.js";
import {Graph} from "./graph.js";
import {showItinerary} from "./itinerary.js";
import {Search, greatCircle, readPlaces} from "./question.js";
import {isSame, reason, showCorridors, showDifference, showResult, title} from "./result.js";
import {makeRoute} from "./route.js";
import {csv, geojson} from "./save.js";
import {RouteView} from "./scene.js";
import {MODES, States} from "./state.js";

/* Milliseconds that the search for corridors takes of the page at a time. */
const SLICE_MS = 12;
/* What makes another question, to which the map is fitted anew. */
const QUESTION = ["from", "to", "mode", "minimise", "countries", "crossings", "opened", "ferries", "waits"];
/* What a step back does not undo. */
const KEPT = ["language", "axis"];

function json(id) { return JSON.parse(document.getElementById(id).textContent); }

function $(selector) { return document.querySelector(selector); }

class App {
  constructor() {
    this.catalogue = json("finder-words");
    this.data = json("finder-data");
    this.graph = new Graph(this.data);
    this.search = new Search(this.graph);
    this.corridors = new Corridors(this.graph, this.search);
    this.places = new Map(readPlaces(this.data).map((place) => [place.id, place]));
    this.words = new Words(this.catalogue, document.documentElement.lang);
    this.states = new States(this.data, this.catalogue.start, this.graph, this.places, LANGUAGES, this.catalogue.language);
    this.list = [];
    document.body.classList.add("is-live");
    $("#app").hidden = false;
    this.build();
    this.follow();
    history.replaceState({ours: true}, "");
  }

  /* Parts ---------------------------------------------------------------------------------------- */

  build() {
    const {words} = this;
    this.map = new RouteView($(".map-live"), json("finder-base"), words);
    this.fields = {from: this.placeField($(".s-from"), "from"), to: this.placeField($(".s-to"), "to")};
    this.closures = new Closures($(".shut-panel"), this.graph, words, (changes) => this.go(changes));
    this.choices = {};
    $("#swap").addEventListener("click", () => this.go({from: this.state.to, to: this.state.from}));
    $(".theme").addEventListener("click", toggleTheme);
    $("#copy").addEventListener("click", (event) => this.copyLink(event.currentTarget));
    $("#geojson").addEventListener("click", () => this.save("geojson"));
    $("#csv").addEventListener("click", () => this.save("csv"));
    $("#print").addEventListener("click", () => window.print());
    $(".notice button").addEventListener("click", () => { $(".notice").hidden = true; });
    for (const link of document.querySelectorAll(".langs a")) {
      link.addEventListener("click", (event) => { event.preventDefault(); this.go({language: link.dataset.lang}); });
    }
    for (const link of document.querySelectorAll(".topnav a")) {
      link.addEventListener("click", (event) => {
        event.preventDefault();
        const {view} = link.dataset;
        history.pushState({ours: true}, "", view === "finder" ? this.states.write(this.state) : "#" + view);
        this.turn(view);
        if (view === "finder") this.map.frame(false);
      });
    }
    window.addEventListener("popstate", (event) => this.follow(!!(event.state && event.state.ours)));
    window.addEventListener("beforeprint", () => this.forPrint(true));
    window.addEventListener("afterprint", () => this.forPrint(false));
    const narrow = matchMedia("(max-width:999px)");
    narrow.addEventListener("change", () => this.arrange(narrow.matches));
    this.arrange(narrow.matches);
    this.watchSize();
  }

  placeField(box, key) {
    const {words, places} = this;
    const items = Array.from(places.values(), (place) => ({
      value: place, names: [...LANGUAGES.map((language) => place.names[language]), ...place.aliases.split(";")].filter(Boolean).map(fold),
      countries: [...(this.catalogue.countries[place.country] || []).map(fold), place.country.toLowerCase()],
    }));
    return new Combobox(box, {
      items: () => items, keep: true, pick: (place) => this.go({[key]: place.id}),
      tell: (place) => ({text: words.place(place), note: words.country(place.country)}),
      order: (a, b) => this.nearness(a) - this.nearness(b),
      none: () => words.t("finder_found_none"), count: (n) => words.t("finder_found_n", {n}),
    });
  }

  /* Among equals the nearest to the origin comes first; not shown, for it is no length of a route. */
  nearness(place) { return greatCircle(this.places.get(this.state.from), place); }

  /* What is read first stands first, also for the keyboard: on a narrow page the map stands between the questions and the answer. */
  arrange(narrow) {
    const panel = $(".scrolls"), wide = [".ask", ".f-mode", ".f-minimise", ".scenarios", ".shut-panel", ".result", ".corridors"];
    const slim = [".ask", ".scenarios", ".a-map", ".result", ".f-mode", ".f-minimise", ".shut-panel", ".itinerary", ".corridors"];
    panel.append(...(narrow ? slim : wide).map($));
    if (!narrow) $(".panel").after($(".a-map"), $(".itinerary"));
    this.map.view.map.invalidateSize({animate: false, pan: false});
  }

  watchSize() {
    let timer = 0, shown = "";
    new ResizeObserver(() => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        const {view} = this.map, size = [view.box.clientWidth, view.box.clientHeight].join("x");
        if (size === shown || !view.box.clientWidth || this.printing) return;
        if (shown) { this.map.frame(false); this.showItinerary(); }
        shown = size;
      }, 60);
    }).observe(this.map.view.box);
  }

  /* State ---------------------------------------------------------------------------------------- */

  /* Go where the address leads. kept: by a step of ours, which leaves the language as it is. */
  follow(kept = false) {
    const {view, wanted} = this.states.read(location.hash), own = kept && this.state ? Object.fromEntries(KEPT.map((key) => [key, this.state[key]])) : {};
    // Before anything is drawn, for what is hidden has no size.
    this.turn(view);
    if (wanted || !this.state) {
      const {state, wrong} = this.states.clean({...(wanted || {}), ...own});
      this.show(state);
      this.notice(wrong);
    }
  }

  go(changes) {
    const keys = Object.keys(changes), {state} = this.states.clean({...this.state, ...changes});
    // Another question starts again from its best corridor.
    if (keys.some((key) => QUESTION.includes(key))) state.corridor = "A";
    const quiet = keys.every((key) => KEPT.includes(key));
    $(".notice").hidden = true;
    this.show(state);
    const link = this.states.write(state);
    if (document.body.dataset.view !== "finder" && quiet) return;
    if (link !== location.hash) history[quiet ? "replaceState" : "pushState"]({ours: true}, "", link);
    this.turn("finder");
  }

  notice(wrong) {
    const box = $(".notice");
    box.hidden = !wrong.length;
    if (wrong.length) box.querySelector("span").textContent = this.words.t("finder_bad_link", {what: wrong.map((what) => String(what).slice(0, 40)).join(this.words.t("comma"))});
  }

  turn(view) {
    $("#app").hidden = view !== "finder";
    $("#sources").hidden = view !== "sources";
    for (const link of document.querySelectorAll(".topnav a")) {
      if (link.dataset.view === view) link.setAttribute("aria-current", "page"); else link.removeAttribute("aria-current");
    }
    document.body.dataset.view = view;
  }

  show(state) {
    const old = this.state, refit = !old || QUESTION.some((key) => JSON.stringify(old[key]) !== JSON.stringify(state[key]));
    this.state = state;
    if (!old || old.language !== state.language) this.speak();
    for (const key of ["from", "to"]) this.fields[key].show(this.places.get(state[key]));
    for (const [key, choice] of Object.entries(this.choices)) choice.set(state[key]);
    const preset = this.states.presetOf(state);
    this.choices.scenario.set(preset ? preset.id : "");
    const note = preset ? "scenario_note_" + preset.id : "finder_own_scenario";
    $(".scenario-note").textContent = this.words.has(note) ? this.words.t(note) : "";
    if (refit) this.find();
    this.render(refit);
  }

  /* Answers -------------------------------------------------------------------------------------- */

  /* Find the route at once, and what else there is in slices after it. */
  find() {
    const {states, state, search, graph} = this, ask = states.ask(state), answer = search.answer(ask);
    const route = answer.elements ? makeRoute(graph, ask, answer.status, answer.elements) : null;
    this.status = answer.status;
    this.parted = search.cutOff(ask);
    this.before = null;
    if (states.isChanged(state)) {
      const plain = states.ask(state, true), found = search.quick(plain);
      if (found) this.before = makeRoute(graph, plain, found.status, found.elements);
    }
    if (route) route.name = this.corridors.usualName(route);
    this.list = route ? [{open: true, route, letter: "A", why: null}] : [];
    this.complete = false;
    const steps = this.corridors.find(ask, answer), ticket = this.ticket = {};
    const slice = () => {
      if (ticket !== this.ticket) return;
      const begin = performance.now();
      let step = steps.next();
      while (!step.done && performance.now() - begin < SLICE_MS) step = steps.next();
      if (!step.done) { setTimeout(slice); return; }
      this.list = step.value;
      this.complete = true;
      this.render(false);
    };
    setTimeout(slice);
  }

  get link() { return this.states.write(this.state); }

  get place() { return this.places.get(this.state.to); }

  get chosen() {
    const at = this.list.findIndex((item) => item.letter === this.state.corridor && item.open);
    return at >= 0 ? at : this.list.length && this.list[0].open ? 0 : -1;
  }

  render(refit) {
    const {list, words, state, place, chosen} = this, item = list[chosen], route = item ? item.route : null;
    for (const one of list) if (one.why) one.reason = reason(one.why, words);
    for (const one of list) one.title = title(one, place, words);
    $(".found").hidden = !item;
    $(".missing").hidden = !!item;
    $(".itinerary").hidden = !item;
    $("#app").classList.toggle("is-missing", !item);
    $(".corridors").hidden = !list.length;
    $(".corridors").setAttribute("aria-busy", String(!this.complete));
    if (item) showResult($(".result"), item, this.rank(chosen), place, words); else this.showMissing();
    $(".parted").hidden = !this.parted.length;
    $(".parted").textContent = this.parted.length ? words.t("finder_parted", {places: words.list(this.parted.map((one) => words.place(one)))}) : "";
    showDifference($(".difference"), route, this.before, words);
    showCorridors($(".corridors ol"), list, chosen, state.minimise, place, words, (i) => this.go({corridor: list[i].letter}));
    this.closures.show(state, route);
    this.showItinerary();
    this.say(item);
    this.showKey(item, !!route && !!this.before && !isSame(route, this.before));
    $(".share code").textContent = this.link;
    $(".passport-link").textContent = location.href.split("#")[0] + this.link;
    for (const id of ["#geojson", "#csv", "#print"]) $(id).disabled = !item;
    const ghost = this.before && !(route && isSame(route, this.before)) ? this.before : null;
    this.map.show({
      origin: this.places.get(state.from), place, list, chosen, closed: state.countries, before: ghost, summary: this.summary, cities: this.cities(),
      pick: (city) => this.go({to: city.id}), choose: (i) => this.go({corridor: list[i].letter}), stop: (id, rows, pixel) => this.offer(id, rows, pixel),
      land: (code, pixel) => this.offer(code, [words.country(code)], pixel),
    }, refit);
  }

  rank(chosen) {
    const {words, list, complete} = this, open = list.filter((one) => one.open).length;
    if (!complete) return "";
    if (open === 1) return words.t("finder_best_only");
    return chosen === 0 ? words.t("finder_best_" + this.state.minimise, {n: open}) : words.t("finder_rank", {rank: chosen + 1, n: open, best: "A"});
  }

  cities() { return Array.from(this.places.values()).filter((place) => !place.gates); }

  showItinerary() {
    const item = this.list[this.chosen];
    if (item) showItinerary($(".itinerary"), item.route, this.state.axis === "km", this.words, this.data.sources);
  }

  /* Why there is no route, and what may be asked instead. */
  showMissing() {
    const {words, state, states, search} = this, tries = $(".m-try");
    $(".m-title").textContent = words.t("finder_no_route", {mode: words.t("by_" + state.mode)});
    $(".m-why").textContent = `${words.place(this.place)}: ${words.status(this.status)}`;
    tries.textContent = "";
    const offer = (text, changes) => {
      if (!search.quick(states.ask({...state, ...changes}))) return;
      const button = html("button", "tool", tries, text);
      button.type = "button";
      button.addEventListener("click", () => this.go(changes));
    };
    for (const mode of Object.keys(MODES)) if (mode !== state.mode) offer(words.t("finder_mode_" + mode), {mode});
    if (states.isChanged(state)) offer(words.scenario(this.data.scenarios[0]), states.plain);
    if (state.ferries !== true) offer(words.t("scenario_all-ferries"), {ferries: true});
    $(".m-lead").hidden = !tries.childNodes.length;
  }

  say(item) {
    const {words, state, place} = this, origin = words.place(this.places.get(state.from));
    this.summary = item ? words.t("finder_summary", {
      origin, place: words.place(place), days: words.days(item.route.time[0]), km: words.km(item.route.km),
      borders: words.number(item.route.borders) + " " + words.borders(item.route.borders), title: item.title,
    }) : `${words.place(place)}: ${$(".m-title").textContent}. ${words.status(this.status)}`;
    $("#say").textContent = this.summary;
    $(".passport-title").textContent = `${origin} – ${words.place(place)}, ${words.t("by_" + state.mode)}`;
    document.title = `${origin} – ${words.place(place)} · ${words.t("finder")}`;
  }

  /* Offer to shut what was clicked on the map, or to open it again. */
  offer(id, rows, pixel) {
    const {words, closures} = this, shut = closures.isShut(id);
    this.map.view.showTip(rows, pixel, true, [[words.t(shut ? "finder_open" : "finder_shut"), () => closures.toggle(id)]]);
  }

  showKey(item, ghost) {
    const {words, list} = this, box = $(".a-key");
    box.textContent = "";
    const row = (draw, text) => { const li = html("li", "", box); draw(li); html("span", "", li, text); };
    const kinds = new Set(item ? item.route.legs.map((leg) => leg.kind) : []);
    for (const mode of ["rail", "road", "ferry"]) {
      if (kinds.has(mode)) row((li) => sample(`m-${mode} is-chosen`, li), mode === "ferry" ? words.t("ferry") : words.t("finder_key_chosen", {mode: words.t(mode)}));
    }
    if (ghost) row((li) => sample("ghost", li), words.t("finder_key_before"));
    if (list.some((other) => other.open && other !== item)) row((li) => sample("alt", li), words.t("finder_key_other"));
    if (list.some((other) => !other.open)) row((li) => sample("shut", li), words.t("finder_key_blocked"));
    for (const [kind, glyph, text] of [["border", "crossing", "crossing"], ["gauge", "gauge", "gauge"], ["transfer", "terminal", "transfer"], ["ferry", "port", "port"]]) {
      if (kinds.has(kind)) row((li) => icon(glyph, 18, li), words.t(text));
    }
    box.hidden = !box.childNodes.length;
  }

  /* Put every fixed word of the page into the language. */
  speak() {
    const {words, state, data} = this, scenarioNote = ({id}) => (words.has("scenario_note_" + id) ? words.t("scenario_note_" + id) : "");
    words.set(state.language);
    this.map.speak();
    document.documentElement.lang = state.language === "zh" ? "zh-Hans" : state.language;
    for (const element of document.querySelectorAll("[data-t]")) element.textContent = words.t(element.dataset.t);
    for (const element of document.querySelectorAll("[data-label]")) {
      element.setAttribute("aria-label", words.t(element.dataset.label));
      if (element.title) element.title = words.t(element.dataset.label);
    }
    for (const element of document.querySelectorAll("[data-hint]")) element.placeholder = words.t(element.dataset.hint);
    for (const link of document.querySelectorAll(".langs a")) {
      if (link.dataset.lang === state.language) link.setAttribute("aria-current", "true"); else link.removeAttribute("aria-current");
    }
    const choice = (id, key, rows, name) => new Choice($(id), rows, (id) => this.go({[key]: id}), name);
    this.choices = {
      mode: choice("#mode", "mode", Object.keys(MODES).map((id) => ({id, text: words.t("finder_mode_" + id)}))),
      minimise: choice("#minimise", "minimise", data.minimise.map((id) => ({id, text: words.t("finder_min_" + id), title: words.t("finder_about_" + id)}))),
      waits: choice("#waits", "waits", ["low", "central", "high"].map((id) => ({id, text: words.t("finder_waits_" + id)}))),
      axis: choice("#axis", "axis", ["days", "km"].map((id) => ({id, text: words.t("finder_axis_" + id)}))),
    };
    const preset = (id) => this.go(this.states.preset(data.scenarios.find((scenario) => scenario.id === id)));
    this.choices.scenario = new Choice($("#scenario"), data.scenarios.map((scenario) => (
      {id: scenario.id, text: words.scenario(scenario), title: scenarioNote(scenario)})), preset, "chip");
    const {viewpoint} = this.catalogue, disputed = viewpoint === "ISO" ? words.t("finder_disputed_ISO") : words.t("finder_disputed_view", {view: viewpoint});
    $(".map-credit").textContent = `${words.t("finder_map_credit")} ${disputed}`;
    $(".counts").textContent = words.t("finder_counts", {places: this.places.size, stretches: words.number(this.graph.stretches), posts: words.number(data.crossings.filter((row) => row[5]).length)});
  }

  /* Taking along --------------------------------------------------------------------------------- */

  copyLink(button) {
    const {words} = this;
    copyText(location.href.split("#")[0] + this.link, () => {
      button.textContent = words.t("finder_copied");
      setTimeout(() => { button.textContent = words.t("finder_copy"); }, 1600);
    });
  }

  save(kind) {
    const {state, words} = this, {route} = this.list[this.chosen], name = [state.from, state.to, state.mode].join("-");
    if (kind === "csv") saveFile(name + ".csv", "text/csv", csv(route, words));
    else saveFile(name + ".geojson", "application/geo+json", geojson(route, this.catalogue.plane, words, location.href.split("#")[0] + this.link));
  }

  /* On paper the map has the size that the style gives it there. */
  forPrint(on) {
    this.printing = on;
    document.body.classList.toggle("is-printing", on);
    this.map.frame(false);
    this.showItinerary();
  }
}


applyTheme();

function start() { window.RouteFinder = new App(); }

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
