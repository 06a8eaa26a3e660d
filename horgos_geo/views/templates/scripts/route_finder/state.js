/* One state: what is asked, what is shut, what is shown. It stands in the link, and every link can be read. */

const WAITS = ["central", "low", "high"], AXES = ["days", "km"], VIEWS = ["finder", "sources"];
/* Names in links. */
const KEYS = {from: "from", to: "to", mode: "mode", min: "minimise", c: "corridor", axis: "axis", lang: "language"};

/* What each mode of the page uses. */
export const MODES = {road: ["road"], rail: ["rail"], multimodal: ["road", "rail"]};

function list(text) { return text ? text.split(",").filter(Boolean) : []; }

function same(a, b) { return a.length === b.length && a.every((value) => b.includes(value)); }

export class States {
  /* data: the document of the page; first: what it begins with; graph, places: what there is. */
  constructor(data, first, graph, places, languages, language) {
    Object.assign(this, {data, first, graph, places, languages, language});
    this.plain = this.preset(data.scenarios[0]);
  }

  /* What a scenario shuts and opens, as a part of a state. */
  preset({countries, crossings, opened, ferries, borders}) { return {countries, crossings, opened, ferries, waits: borders}; }

  /* The shipped scenario that a state agrees with, if any. */
  presetOf(state) {
    return this.data.scenarios.find((scenario) => {
      const {countries, crossings, opened, ferries, waits} = this.preset(scenario);
      return waits === state.waits && same(countries, state.countries) && same(crossings, state.crossings) && same(opened, state.opened)
        && (Array.isArray(ferries) && Array.isArray(state.ferries) ? same(ferries, state.ferries) : ferries === state.ferries);
    });
  }

  /* A state with only what there is; `wrong` names what a link asks for and the page does not have. */
  clean(wanted) {
    const {data, first, graph, places} = this, wrong = [];
    const choose = (value, known, otherwise) => {
      if (value !== undefined && !known(value)) wrong.push(value);
      return value !== undefined && known(value) ? value : otherwise;
    };
    const isPlace = (id) => places.has(id), among = (values) => (value) => values.includes(value);
    const known = (values, test) => (values || []).filter((value) => test(value) || (wrong.push(value), false));
    const ids = (values) => known(values, (id) => graph.crossing.has(id) || graph.links.has(id));
    const from = choose(wanted.from, isPlace, first.from);
    let to = choose(wanted.to, isPlace, first.to);
    if (to === from) to = from === first.to ? first.from : first.to;
    const state = {
      from, to, mode: choose(wanted.mode, among(Object.keys(MODES)), first.mode), minimise: choose(wanted.minimise, among(data.minimise), first.minimise),
      countries: known(wanted.countries, (code) => graph.code.has(code)), crossings: ids(wanted.crossings), opened: ids(wanted.opened),
      ferries: Array.isArray(wanted.ferries) ? ids(wanted.ferries) : wanted.ferries === undefined ? this.plain.ferries : wanted.ferries,
      waits: choose(wanted.waits, among(WAITS), "central"), corridor: /^[A-Z]$/.test(wanted.corridor || "") ? wanted.corridor : "A",
      axis: choose(wanted.axis, among(AXES), "days"), language: choose(wanted.language, among(this.languages), this.language),
    };
    if (Array.isArray(state.ferries) && !state.ferries.length) state.ferries = false;
    return {state, wrong};
  }

  /* The state of a link's fragment, and which view it shows. */
  read(fragment) {
    const text = fragment.replace(/^#/, "");
    if (VIEWS.includes(text)) return {view: text, wanted: null};
    const wanted = {};
    for (const pair of text.split("&").filter(Boolean)) {
      const [key, raw] = [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)];
      let value;
      try { value = decodeURIComponent(raw); } catch { continue; }
      if (key in KEYS) wanted[KEYS[key]] = value;
      else if (key === "shut") Object.assign(wanted, this.split(list(value)));
      else if (key === "open") wanted.opened = list(value);
      else if (key === "ferries") wanted.ferries = value === "all" ? true : list(value);
      else if (key === "waits") wanted.waits = value;
      else if (key === "scenario") this.addScenario(wanted, value);
    }
    return {view: "finder", wanted};
  }

  split(ids) { return {countries: ids.filter((id) => /^[A-Z]{3}$/.test(id)), crossings: ids.filter((id) => !/^[A-Z]{3}$/.test(id))}; }

  addScenario(wanted, id) {
    const scenario = this.data.scenarios.find((one) => one.id === id);
    if (scenario) Object.assign(wanted, this.preset(scenario));
  }

  /* The fragment of a state: only what differs from what the page begins with. */
  write(state) {
    const parts = [], add = (key, value) => parts.push(key + "=" + encodeURIComponent(value).replace(/%2C/g, ","));
    if (state.from !== this.first.from) add("from", state.from);
    add("to", state.to);
    add("mode", state.mode);
    add("min", state.minimise);
    const shut = [...state.countries, ...state.crossings];
    if (shut.length) add("shut", shut.join(","));
    if (state.opened.length) add("open", state.opened.join(","));
    if (state.ferries) add("ferries", state.ferries === true ? "all" : state.ferries.join(","));
    if (state.waits !== "central") add("waits", state.waits);
    if (state.corridor !== "A") add("c", state.corridor);
    if (state.axis !== "days") add("axis", state.axis);
    if (state.language !== this.language) add("lang", state.language);
    return "#" + parts.join("&");
  }

  /* The question that a state asks; `plain` asks it with nothing changed. */
  ask(state, plain = false) {
    const {countries, crossings, opened, ferries, waits} = plain ? this.plain : state;
    return {
      origin: this.places.get(state.from), destination: this.places.get(state.to), modes: new Set(MODES[state.mode]), minimise: state.minimise,
      borders: waits, valueOfTime: this.data.valueOfTime, countries: new Set(countries), crossings: new Set(crossings), opened: new Set(opened),
      ferries: Array.isArray(ferries) ? new Set(ferries) : ferries, destinationOnly: this.data.scenarios[0].destinationOnly,
    };
  }

  /* Whether a state differs in what is shut, opened or waited from the plain one. */
  isChanged(state) { const preset = this.presetOf(state); return !preset || preset.id !== this.data.scenarios[0].id; }
}
