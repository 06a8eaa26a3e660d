/* The map of one answer: the chosen corridor, the others, what blocks, their symbols and letters. */
import {MapView, planeMap} from "../map/view.js";
import {within} from "../map/names.js";
import {LineGrid, overlap} from "../map/placer.js";
import {LANGUAGES} from "../words.js";

const MOVING = new Set(["road", "rail", "ferry"]);
/* Kilometres a pixel beyond which a kind of symbol has no label. */
const NAMED_BELOW = {terminal: 2.5, crossing: 6, gauge: 12, port: 12, blocked: 12};
/* Cities are named below this; how near a line they must lie, pixels. */
const CITIES_BELOW = 8;

export class RouteView {
  /* box: an empty element. scene, for show(): origin, place, list (corridors), chosen (number in it), closed (codes), summary; and perhaps
     before (a route to compare with), cities, pick(place), choose(number), stop(crossing, rows, pixel), land(code, pixel). */
  constructor(box, base, words) {
    this.words = words;
    this.view = new MapView(planeMap(box), base, {...this.said(), closest: 1.25, fit: () => this.frame()});
    this.view.drawGround();
    this.layer = [];
    this.view.map.on("click", ({latlng, containerPoint}) => this.point([latlng.lng, latlng.lat], [containerPoint.x, containerPoint.y]));
  }

  /* A click on land: which country it is. */
  point(at, pixel) {
    const {scene, view} = this;
    if (!scene || !scene.land) return;
    const code = Object.keys(view.base.outlines).find((one) => within(view.outline(one), at));
    if (code) scene.land(code, pixel);
  }

  said() {
    const {words} = this, keys = ["zoom_in", "zoom_out", "fit", "close", "closed_country", "km"];
    return {words: Object.fromEntries(keys.map((key) => [key, words.t(key)])), language: words.language, format: (value) => words.number(value)};
  }

  speak() { this.view.speak(this.said()); }

  get placed() { return this.view.placed; }

  show(scene, refit) {
    const {view, words} = this;
    this.scene = scene;
    this.layer.forEach((line) => line.remove());
    this.layer = [];
    view.clear();
    view.setClosed(scene.closed);
    for (const item of scene.list) {
      item.lines = item.route.legs.filter((leg) => MOVING.has(leg.kind) && leg.line).map((leg) => leg.line);
    }
    scene.list.forEach((item, i) => { if (i !== scene.chosen) this.drawOther(item); });
    for (const leg of scene.before ? scene.before.legs : []) {
      if (leg.moving) this.draw("casing", "ghost m-" + leg.kind, leg.line, {weight: view.phone ? 5 : 7});
    }
    const chosen = scene.list[scene.chosen];
    if (chosen) this.drawChosen(chosen.route);
    view.box.setAttribute("aria-label", words.t("finder_map", {route: scene.summary}));
    const closed = new Set(scene.closed), passed = new Set(scene.list.filter((item) => item.open).flatMap((item) => item.route.countries));
    view.scene = {closed, passed, lines: () => scene.list.filter((item) => item.open).flatMap((item) => item.lines),
      marks: () => this.marks(), letters: (context, place) => this.letters(context, place)};
    // A corridor that is chosen comes into sight; what is in sight already stays.
    if (refit || (chosen && !view.shows(chosen.lines.flat()))) this.frame(false); else view.layout();
  }

  draw(pane, className, line, options) {
    const drawn = this.view.line(pane, className, line, options);
    this.layer.push(drawn);
    return drawn;
  }

  drawOther(item) {
    for (const leg of item.route.legs) {
      if (!MOVING.has(leg.kind) || !leg.line) continue;
      const {line} = leg;
      if (item.open) this.draw("casing", "alt m-" + leg.kind, line, {weight: leg.kind === "ferry" ? 2.6 : this.view.phone ? 1.6 : 2.1});
      else this.draw("casing", "shut", line, {weight: 1.6});
    }
  }

  drawChosen(route) {
    const {scene, view} = this, weight = view.phone ? 3 : 4, runs = [];
    for (const leg of route.legs) {
      const {line} = leg, last = runs[runs.length - 1];
      if (!line) continue;
      if (!MOVING.has(leg.kind)) this.draw("casing", "snap", line, {weight: 1.2});
      // Legs that follow one another by one mode are one line, so that dashes run on.
      else if (last && last[0] === leg.kind) last[1] = last[1].concat(line.slice(1));
      else runs.push([leg.kind, line]);
    }
    for (const [kind, line] of runs) {
      this.draw("casing", "casing m-" + kind, line, {weight: weight + 2.2});
      this.draw("routes", "ln is-chosen m-" + kind, line, {weight: kind === "ferry" ? weight - .6 : weight});
    }
    route.legs.forEach((leg, at) => {
      if (!MOVING.has(leg.kind) || !leg.line) return;
      const hit = this.draw("routes", "hit", leg.line, {weight: 14, interactive: true});
      hit.on("mouseover mousemove", ({containerPoint: p}) => view.showTip(this.aboutLeg(route, at), [p.x, p.y])).on("mouseout", () => view.hideTip());
    });
  }

  /* Show the chosen corridor, or all of them, with room for what lies over the map. */
  frame(all = true) {
    const {scene, view} = this;
    view.map.invalidateSize({animate: false, pan: false});
    if (!scene) return;
    const ends = [scene.origin, scene.place].filter(Boolean).map(({x, y}) => [x, y]);
    const lines = scene.list.filter((item, i) => item.open && (all || i === scene.chosen)).flatMap((item) => item.lines);
    const before = scene.before ? scene.before.legs.filter((leg) => leg.moving).map((leg) => leg.line) : [];
    view.fitAround([...lines, ...before].flat(), ends, view.phone ? [34, 40, 34, 40] : [84, 40, 84, 48]);
    view.layout();
  }

  aboutLeg(route, at) {
    const {words, scene} = this, leg = route.legs[at], named = (other) => other.name;
    const next = route.legs.slice(at + 1).find(named), before = route.legs.slice(0, at).reverse().find(named);
    const mode = words.t(leg.kind), rows = [mode.charAt(0).toUpperCase() + mode.slice(1) + (leg.kind === "ferry" ? "" : " · " + words.country(leg.country))];
    if (leg.kind === "ferry") rows.push(words.point(leg.name));
    else rows.push((before ? words.stop(before) : words.place(scene.origin)) + " – " + (next ? words.stop(next) : words.place(scene.place)));
    rows.push(words.km(leg.km) + (leg.time[0] > 0 ? ", " + words.span(leg.time[0]) : ""));
    if (next && leg.kind !== "ferry" && next.kind === "border") rows.push(words.t("next_crossing", {name: words.point(next.name)}));
    return rows;
  }

  /* Symbols ----------------------------------------------------------------------------------- */

  marks() {
    const {scene} = this, item = scene.list[scene.chosen], marks = [this.end(scene.origin, "gateway")];
    if (scene.place) marks.push(this.end(scene.place, "chosen"));
    if (item && item.open) marks.push(...item.route.legs.flatMap((leg) => this.stops(leg)));
    for (const other of scene.list) if (!other.open && other.why) marks.push(...this.block(other));
    if (this.view.kmPerPixel < CITIES_BELOW && !this.view.phone) marks.push(...this.cities());
    return marks.filter((mark) => mark.x !== undefined);
  }

  end(place, kind) {
    const {words} = this, name = words.place(place), others = LANGUAGES.map((code) => place.names[code]).filter((other) => other && other !== name);
    const scripts = this.view.phone || !others.length ? [] : [[Array.from(new Set(others)).join(" · "), "script"]];
    return {kind, key: place.id, x: place.x, y: place.y, rows: [name], lines: [[name, kind === "gateway" ? "gateway" : "dest"], ...scripts], order: 0, allow: 1e9};
  }

  /* A symbol with a label where there is room for one at this scale. */
  stop(kind, x, y, name, rows, {label = name, allow = 4, leg = null} = {}) {
    const {phone, kmPerPixel: km} = this.view, shown = label && km <= NAMED_BELOW[kind] && (!phone || kind === "port");
    const style = kind === "terminal" ? "transfer" : kind, id = leg && (leg.id || leg.link), told = [name, ...rows];
    const act = id && this.scene.stop ? (pixel) => this.scene.stop(id, told, pixel) : null;
    return {kind, key: kind + Math.round(x) + ":" + Math.round(y), x, y, rows: told, lines: shown ? [[label, style]] : [], order: 0, allow, act};
  }

  stops(leg) {
    const {words} = this;
    switch (leg.kind) {
      case "gauge": {
        const change = `${leg.from} → ${leg.to} ${words.t("mm")}`, stop = this.stop("gauge", leg.x, leg.y, words.stop(leg), [change, ...this.wait(leg, "gauge_change")], {allow: 60});
        return [{...stop, lines: stop.lines.length ? [...stop.lines, [change, "gauge"]] : []}];
      }
      case "border": return [this.stop("crossing", leg.x, leg.y, words.stop(leg), [words.point(leg.name), ...this.wait(leg, "border")], {leg})];
      case "transfer": return [this.stop("terminal", leg.x, leg.y, words.short(leg.name), this.wait(leg, "transfer"))];
      case "ferry": {
        const {line} = leg, [a, b] = words.ports(leg), [first, last] = [line[0], line[line.length - 1]], sails = this.wait(leg, "ferry");
        return [this.stop("port", ...first, a, sails, {allow: 40, leg}), this.stop("port", ...last, b, sails, {allow: 40, leg})];
      }
    }
    return [];
  }

  wait(leg, what) {
    const {words} = this, [central, low, high] = leg.time;
    return central > 0 ? [`${words.t(what)}: ${words.span(central)} (${words.number(low)}–${words.number(high)} ${words.t("h")})`] : [];
  }

  block(item) {
    const {leg} = item.why, [x, y] = leg.line ? leg.line[0] : [leg.x, leg.y];
    return [this.stop("blocked", x, y, leg.name ? this.words.stop(leg) : "", [item.reason], {label: "", leg})];
  }

  /* Other destinations beside an open corridor. */
  cities() {
    const {scene, view, words} = this, most = Math.max(6, 36 / view.kmPerPixel);
    const lines = scene.list.filter((item) => item.open).flatMap((item) => item.lines).map((line) => line.map(([x, y]) => view.toPixel(x, y)));
    const grid = new LineGrid(lines, view.size);
    return (scene.cities || []).filter((city) => {
      if ((scene.place && city.id === scene.place.id) || city.id === scene.origin.id) return false;
      const [x, y] = view.toPixel(city.x, city.y);
      return grid.distance(x, y, 40) <= most;
    }).map((city) => ({kind: "city", key: city.id, x: city.x, y: city.y, rows: [words.place(city)], lines: [[words.place(city), "city"]],
      order: city.order || 0, allow: 10, act: scene.pick && (() => scene.pick(city))}));
  }

  /* A letter where its corridor runs furthest from the others. */
  letters({size, keepOff, symbols}, place) {
    const {scene, view} = this;
    if (scene.list.length < 2) return;
    const pixels = scene.list.map((item) => item.lines.map((line) => line.map(([x, y]) => view.toPixel(x, y))));
    scene.list.forEach((item, i) => {
      if (!item.letter) return;
      const spot = freest(pixels[i], new LineGrid(pixels.filter((_, j) => j !== i).flat(), size), size, keepOff, symbols);
      if (!spot) return;
      const [x, y] = view.fromPixel(...spot);
      place({kind: "letter", key: item.letter, letter: item.letter, on: i === scene.chosen, x, y, lines: [], order: i, allow: 0,
        rows: [item.title || item.letter, ...(item.reason ? [item.reason] : [])], act: item.open && scene.choose && (() => scene.choose(i))});
    });
  }
}

/* The point of some lines that is furthest from others, by preference near the middle. */
function freest(lines, others, size, keepOff, symbols) {
  const step = 18;
  let total = 0, walked = 0, best = null, most = -Infinity;
  for (const line of lines) for (let i = 1; i < line.length; i++) total += Math.hypot(line[i][0] - line[i - 1][0], line[i][1] - line[i - 1][1]);
  for (const line of lines) {
    for (let i = 1; i < line.length; i++) {
      const [x, y] = line[i], before = walked;
      walked += Math.hypot(x - line[i - 1][0], y - line[i - 1][1]);
      if (Math.floor(walked / step) === Math.floor(before / step)) continue;
      if (x < 30 || y < 20 || x > size[0] - 30 || y > size[1] - 40) continue;
      const box = [x - 12, y - 12, x + 12, y + 12], share = walked / Math.max(1, total);
      if (keepOff.some((other) => overlap(box, other)) || symbols.some((s) => Math.hypot(s.x - x, s.y - y) < s.radius + 12)) continue;
      const score = others.distance(x, y, 64) + 40 * Math.min(share, 1 - share);
      if (score > most) { most = score; best = [x, y]; }
    }
  }
  return best;
}
