/* The live maps of a report: routes to many places, each line and symbol with its tip, layers that
   can be switched, and one destination picked out by a click. */
import {saveFile, svg} from "../dom.js";
import {points} from "../encoding.js";
import {MapView} from "../map/view.js";
import {geojson} from "./geojson.js";

const MODES = ["road", "rail", "ferry"];
/* The most names that a line's tip lists. */
const NAMES = 5;

function capital(text) { return text.charAt(0).toUpperCase() + text.slice(1); }

class ReportMap {
  constructor(map, data, base) {
    this.data = data;
    this.chosen = null;
    const narrow = matchMedia("(max-width:759px)"), format = new Intl.NumberFormat(data.locale);
    this.figure = map.getContainer().closest(".map");
    this.view = new MapView(map, base, {
      words: data.words, language: data.language, unit: data.unit, format: (value) => format.format(value), isPhone: () => narrow.matches,
      fit: () => this.fit(), clear: () => this.clear(),
    });
    Object.assign(this.view.outlines, Object.fromEntries(Object.entries(data.closed).map(
      ([code, rings]) => [code, rings.flat().map((ring) => points(ring, base.step))])));
    this.fit();
    this.view.drawGround();
    this.view.setClosed(Object.keys(data.closed));
    this.drawRoutes();
    this.addLocator();
    this.view.scene = {
      passed: new Set(data.passed), closed: new Set(Object.keys(data.closed)),
      lines: () => this.lines.filter((line) => !this.isOff(line.mode)).map((line) => line.points),
      marks: () => data.symbols.filter((symbol) => this.isShown(symbol)).map((symbol) => this.mark(symbol)),
    };
    this.view.map.on("moveend", () => this.showLocator());
    this.view.layout();
  }

  get placed() { return this.view.placed; }

  fit() { this.view.fit(this.data.frames[this.view.phone ? "phone" : "wide"]); }

  /* Lines */

  width(shared) {
    const steps = (shared - 1) * Math.min(1, 9 / Math.max(this.data.most - 1, 1));
    return this.view.phone ? 1.4 + .14 * steps : 1.9 + .27 * steps;
  }

  drawRoutes() {
    const {data, view} = this;
    for (const line of data.straight) view.line("casing", "snap", points(line, data.step));
    this.lines = data.lines.map((row) => {
      const [mode, to, text, country, from, end, km, moving, next, blocked] = row;
      const line = {mode: MODES[mode], to, points: points(text, data.step), country, from, end, km, moving, next};
      const shut = blocked ? " is-shut" : "", kind = "m-" + line.mode + shut;
      const weight = blocked ? 1.4 : line.mode === "ferry" ? 3 : this.width(to.length);
      const offset = line.mode === "rail" && data.both ? (view.phone ? 1.7 : 2.7) : 0;
      view.line("casing", "casing " + kind, line.points, {weight: weight + 2.2, offset});
      line.shape = view.line("routes", "ln " + kind, line.points, {weight, offset});
      const hit = view.line("routes", "hit " + kind, line.points, {weight: 13, offset, interactive: true});
      hit.on("mouseover mousemove", (event) => this.point(line, event)).on("mouseout", () => this.leave(line))
        .on("click", (event) => this.hold(line, event));
      return line;
    });
  }

  point(line, {containerPoint}) {
    if (this.view.pinned) return;
    this.mark_(line, true);
    this.view.showTip(this.aboutLine(line), [containerPoint.x, containerPoint.y]);
  }

  leave(line) {
    if (this.view.pinned) return;
    this.mark_(line, false);
    this.view.hideTip();
  }

  hold(line, {containerPoint}) {
    this.view.clear();
    this.mark_(line, true);
    this.view.showTip(this.aboutLine(line), [containerPoint.x, containerPoint.y], true);
  }

  mark_(line, on) {
    const path = line.shape.getElement();
    if (path) path.classList.toggle("is-on", on);
  }

  aboutLine(line) {
    const {words, destinations} = this.data, names = line.to.map((i) => destinations[i][1]), more = names.length - NAMES;
    const list = names.slice(0, NAMES).join(", ") + (more > 0 ? " " + words.more.replace("{n}", more) : "");
    const rows = [`${capital(words.modes[line.mode])} · ${line.country}`];
    if (line.from || line.end) rows.push(`${line.from} → ${line.end}`);
    rows.push(line.km + (line.moving ? ", " + line.moving : ""), words.towards.replace("{names}", list));
    if (line.next) rows.push(words.next.replace("{name}", line.next));
    return rows;
  }

  /* Symbols */

  isOff(what) { return (this.figure.dataset.off || "").split(" ").includes(what); }

  isShown(symbol) {
    if (this.isOff(symbol.k) || (symbol.m.length && symbol.m.every((mode) => this.isOff(mode)))) return false;
    return this.chosen === null || symbol.k === "gateway" || symbol.t.includes(this.chosen);
  }

  mark(symbol) {
    const {k: kind, t: to} = symbol, place = kind === "destination" || kind === "letter", rows = this.aboutSymbol(symbol);
    const always = kind === "gateway" || kind === "destination";
    return {
      kind, key: symbol.key, x: symbol.x, y: symbol.y, rows, lines: this.label(symbol), letter: kind === "letter" ? symbol.n : "",
      order: kind === "destination" ? symbol.r : -to.length, focus: place ? rows[0] : "",
      allow: always ? 1e9 : {gauge: 90, blocked: 90, port: 60}[kind] || 1,
      act: (pixel) => this.choose(symbol, pixel),
    };
  }

  label({k: kind, n: name, v: values, s: scripts, short}) {
    const {phone, kmPerPixel: km} = this.view;
    if (kind === "gateway") return [[name, "gateway"], ...(phone ? [] : scripts.map((script) => [script, "script"]))];
    if (kind === "destination") return [[name, "dest"], ...(values && (!phone || this.chosen !== null) ? [[values, "km"]] : [])];
    if (kind === "terminal" || kind === "letter" || km >= (phone ? 3 : 8)) return [];
    return [[short, kind], ...(values ? [[values, kind]] : [])];
  }

  aboutSymbol({k: kind, n: name, v: values, s: scripts, d: details, t: to}) {
    const {words, destinations} = this.data, what = kind !== "destination" && words.kinds[kind];
    return [kind === "letter" ? destinations[to[0]][1] : name, ...(values && kind === "gauge" ? [values] : []),
      ...(what ? [what] : []), ...scripts, ...details];
  }

  choose(symbol, pixel) {
    this.view.clear();
    this.chosen = symbol.t.length === 1 && (symbol.k === "destination" || symbol.k === "letter") ? symbol.t[0] : null;
    this.dim();
    this.view.layout();
    this.view.showTip(this.aboutSymbol(symbol), pixel, true);
  }

  clear() {
    this.chosen = null;
    for (const line of this.lines) this.mark_(line, false);
    this.dim();
    this.view.layout();
  }

  dim() {
    for (const line of this.lines) {
      const path = line.shape.getElement();
      if (path) path.classList.toggle("is-dim", this.chosen !== null && !line.to.includes(this.chosen));
    }
  }

  toggle(button) {
    const on = button.getAttribute("aria-pressed") === "false";
    const off = (this.figure.dataset.off || "").split(" ").filter((what) => what && what !== button.value);
    this.figure.dataset.off = (on ? off : off.concat(button.value)).join(" ");
    button.setAttribute("aria-pressed", String(on));
    this.view.layout();
  }

  /* The small globe of the static picture, which tells where the first view lies. */
  addLocator() {
    const picture = this.figure.querySelector(".map-wide"), globe = picture && picture.querySelector(".globe");
    if (!globe || this.view.phone) return;
    this.globe = svg("svg", {"class": "map-globe", viewBox: picture.getAttribute("viewBox"), "aria-hidden": "true"}, this.view.frame);
    this.globe.appendChild(globe.cloneNode(true)).dataset.overlay = "";
    this.home = [this.view.map.getCenter(), this.view.map.getZoom()];
  }

  showLocator() {
    const {map} = this.view;
    if (!this.globe) return;
    const home = map.getZoom() === this.home[1] && map.getCenter().equals(this.home[0], .5);
    if ((this.globe.style.display === "none") !== home) return;
    this.globe.style.display = home ? "" : "none";
    this.view.layout();
  }
}

function read(id) { return JSON.parse(document.getElementById(id).textContent); }

const all = {};

/* Called by what folium writes, once its map stands. */
function draw(map, id) {
  const data = read(id + "-data"), figure = map.getContainer().closest(".map");
  figure.classList.add("is-live");
  map.invalidateSize({animate: false, pan: false});
  const made = all[id] = new ReportMap(map, data, read(data.basemap));
  for (const button of figure.querySelectorAll(".map-keys button")) {
    button.disabled = false;
    button.addEventListener("click", () => made.toggle(button));
  }
  const save = figure.querySelector("[data-geojson]");
  if (save) {
    save.hidden = false;
    save.addEventListener("click", () => saveFile("routes.geojson", "application/geo+json", JSON.stringify(geojson(made))));
  }
  return made;
}

window.HorgosMaps = {all, draw, geojson};

/* Maps wait until their edition is shown: one that is hidden has no size. */
let waiting = window.horgosQueue || [];

function start() {
  const hidden = ({id}) => document.getElementById(id).closest(".edition[hidden]"), now = waiting.filter((map) => !hidden(map));
  waiting = waiting.filter(hidden);
  for (const map of now) map.start();
}

window.horgosQueue = {push: (map) => { waiting.push(map); start(); }};
document.addEventListener("horgos:edition", start);
start();
