/* What is shut: as tags that can be taken off, as ticks for what the route uses, and a field to shut
   anything else. Ferries are ticked where they run. */
import {html} from "../dom.js";
import {fold} from "../words.js";
import {Combobox} from "./combobox.js";

export class Closures {
  /* box: the element. change(part of a state): called when something is shut or opened. */
  constructor(box, graph, words, change) {
    Object.assign(this, {box, graph, words, change});
    this.tags = box.querySelector(".tags");
    this.ticks = box.querySelector(".ticks");
    this.ferries = box.querySelector(".ferries");
    this.lines = graph.crossings.filter((crossing) => crossing.mode === "ferry" && crossing.isOpen);
    this.field = new Combobox(box.querySelector(".search"), {
      items: () => this.items(), tell: (value) => this.tell(value), order: (a, b) => (this.tell(a).text < this.tell(b).text ? -1 : 1),
      none: () => words.t("finder_shut_none"), count: (n) => words.t("finder_found_n", {n}), pick: (value) => this.toggle(value),
    });
  }

  /* What may be shut: countries with a border, posts, ferries inside a country. */
  items() {
    const {graph, words, state} = this;
    if (!this.all) {
      const posts = graph.crossings.filter((crossing) => crossing.isEvent && crossing.at);
      const codes = Array.from(new Set(posts.flatMap(({a, b}) => [a, b]))).filter((code) => words.catalogue.countries[code]);
      this.all = [
        ...codes.map((code) => ({value: code, names: words.catalogue.countries[code].map(fold), countries: [code.toLowerCase()]})),
        ...posts.filter(({mode}) => mode !== "ferry").map((crossing) => ({
          value: crossing.id, names: [fold(crossing.name), ...(words.catalogue.points[crossing.name] || []).map(fold)],
          countries: [crossing.a, crossing.b].flatMap((code) => (words.catalogue.countries[code] || []).map(fold)),
        })),
        ...Array.from(graph.links, (id) => ({value: id, names: [fold(this.tell(id).text)], countries: []})),
      ];
    }
    return this.all.filter(({value}) => !state.countries.includes(value) && !state.crossings.includes(value));
  }

  tell(id) {
    const {graph, words} = this, crossing = graph.crossing.get(id);
    if (!crossing) return graph.code.has(id) ? {text: words.country(id), note: words.t("finder_country")} : {text: words.point(graph.linkName(id)), note: words.t("ferry")};
    const ends = [crossing.a, crossing.b].map((code) => words.country(code)).join(" – ");
    return {text: words.point(crossing.name), note: `${words.t("by_" + (crossing.mode === "ferry" ? "ferry" : crossing.mode))} · ${ends}`};
  }

  isShut(id) { return this.state.countries.includes(id) || this.state.crossings.includes(id); }

  /* Shut what is open, open what is shut. */
  toggle(id) {
    const kind = this.graph.code.has(id) && !this.graph.crossing.has(id) ? "countries" : "crossings", ids = this.state[kind];
    this.change({[kind]: ids.includes(id) ? ids.filter((other) => other !== id) : [...ids, id].sort()});
  }

  toggleFerry(id) {
    const running = this.state.ferries === true ? this.lines.map((line) => line.id) : this.state.ferries || [];
    const ferries = running.includes(id) ? running.filter((other) => other !== id) : [...running, id].sort();
    this.change({ferries: ferries.length === this.lines.length ? true : ferries.length ? ferries : false});
  }

  /* Show a state; route: the one that is chosen, or null. */
  show(state, route) {
    const {words} = this;
    this.state = state;
    this.tags.textContent = "";
    for (const id of [...state.countries, ...state.crossings]) this.addTag(id);
    this.tags.hidden = !this.tags.childNodes.length;
    this.ticks.textContent = "";
    if (route) {
      for (const code of new Set(route.countries)) this.addTick(this.ticks, words.country(code), true, () => this.toggle(code));
      for (const {id, name} of route.crossings) this.addTick(this.ticks, words.point(name), true, () => this.toggle(id));
    }
    this.box.querySelector(".on-route").hidden = !route;
    this.ferries.textContent = "";
    for (const {id, name} of this.lines) {
      this.addTick(this.ferries, words.point(name), state.ferries === true || (state.ferries || []).includes(id), () => this.toggleFerry(id));
    }
  }

  addTag(id) {
    const {words} = this, {text} = this.tell(id), li = html("li", "", this.tags), button = html("button", "tag", li);
    button.type = "button";
    html("span", "", button, text);
    html("i", "", button, "×").setAttribute("aria-hidden", "true");
    button.setAttribute("aria-label", words.t("finder_open_again", {name: text}));
    button.addEventListener("click", () => this.toggle(id));
  }

  addTick(list, text, on, act) {
    const label = html("label", "", html("li", "", list)), box = html("input", "", label);
    box.type = "checkbox";
    box.checked = on;
    box.autocomplete = "off";
    html("span", "", label, text);
    box.addEventListener("change", act);
  }
}
