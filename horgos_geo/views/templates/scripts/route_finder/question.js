/* A question and its path: between two places, by some modes, with whatever shut. The rules are
   those of the command: what is closed beyond a gateway, where places meet the network, why there
   is no route. */
import {MODES} from "./graph.js";

export const OK = "ok", THROUGH_CHINA = "through China", NO_PATH = "no path", CLOSED = "closed by scenario";
export const ORIGIN_FAR = "origin too far from network", DESTINATION_FAR = "destination too far from network";
const CHINA = "CHN";
/* A place is parted from the network when so many times fewer nodes hang together with it. */
const PARTED = 4;

/* Places as objects. gates: numbers of the events of a gateway's own crossings by mode, null for other places. */
export function readPlaces({places}) {
  return places.map(([id, en, zh, ru, country, lon, lat, x, y, aliases, access, gates]) => (
    {id, names: {en, zh, ru}, country, lon, lat, x, y, aliases, access, gates: gates || null}));
}

/* Kilometres along the ellipsoid (Lambert's formula for long lines, good to some metres). */
export function greatCircle(a, b) {
  const RADIUS = 6378.137, FLAT = 1 / 298.257223563, rad = (degrees) => degrees * Math.PI / 180;
  const [p, q] = [a, b].map(({lat}) => Math.atan((1 - FLAT) * Math.tan(rad(lat)))), across = rad(b.lon - a.lon);
  const h = Math.sin((q - p) / 2) ** 2 + Math.cos(p) * Math.cos(q) * Math.sin(across / 2) ** 2;
  const angle = 2 * Math.asin(Math.sqrt(h));
  if (angle < 1e-9) return 0;
  const middle = (p + q) / 2, half = (q - p) / 2;
  const x = (angle - Math.sin(angle)) * (Math.sin(middle) * Math.cos(half) / Math.cos(angle / 2)) ** 2;
  const y = (angle + Math.sin(angle)) * (Math.cos(middle) * Math.sin(half) / Math.sin(angle / 2)) ** 2;
  return RADIUS * (angle - FLAT / 2 * (x + y));
}

/* Where a place meets a mode: [stretch, fraction, …]; 1 where what is near is cut off, undefined for nothing. */
export function accessOf(place, mode, modes) {
  if (!modes.has(mode)) return undefined;
  const both = modes.size > 1 ? place.access["multimodal/" + mode] : undefined;
  return both === undefined ? place.access[mode] : both;
}

/* ask: origin, destination (places), modes (a set), minimise, borders, valueOfTime, countries, crossings, opened (sets of what is
   shut or opened), ferries (true, false or a set), destinationOnly (codes). */
export class Search {
  constructor(graph) { this.graph = graph; }

  /* The status, and the path where there is one: its elements {edge, back, from, to} with the fractions of the edge. */
  answer(ask) { return this.quick(ask) || {status: this.why(ask), elements: null}; }

  /* The same, null where there is no path. */
  quick(ask) {
    for (const throughChina of [false, true]) {
      const closed = this.closed(ask, throughChina), found = closed && this.path(ask, closed);
      if (found) return {status: throughChina ? THROUGH_CHINA : OK, ...found};
    }
    return null;
  }

  /* Countries that are shut for a question; null where going through China changes nothing. */
  closed({origin, destination, countries, destinationOnly}, throughChina) {
    if (countries.has(origin.country) || countries.has(destination.country)) return null;
    const closed = new Set(countries), isGate = (place) => !!place.gates;
    for (const code of destinationOnly) if (code !== origin.country && code !== destination.country) closed.add(code);
    const inland = origin.country === CHINA && !isGate(origin), stays = destination.country === CHINA && !isGate(destination);
    const shuts = !inland && !stays;
    if (shuts && !throughChina && !closed.has(CHINA)) closed.add(CHINA);
    else if (throughChina && (!shuts || closed.has(CHINA))) return null;
    return closed;
  }

  /* Countries that are shut, by number. */
  numbers(closed) {
    const codes = new Uint8Array(this.graph.countries.length);
    for (const code of closed) if (this.graph.code.has(code)) codes[this.graph.code.get(code)] = 1;
    return codes;
  }

  /* Those of both ends that closures part from the rest of the network. The router looks for other network near such a place,
     which this page does not have. */
  cutOff(ask) {
    const {graph} = this, {countries, crossings, origin, destination} = ask;
    if (!countries.size && !crossings.size) return [];
    const shut = graph.shut(ask), free = {...ask, countries: new Set(), crossings: new Set()}, open = graph.shut(free), {modes} = ask;
    const closed = this.numbers(countries), none = new Uint8Array(closed.length);
    return [origin, destination].filter((place) => MODES.some((mode) => {
      const met = accessOf(place, mode, modes), node = Array.isArray(met) ? graph.u[met[0]] : -1;
      if (node < 0 || countries.has(place.country)) return false;
      const before = graph.reach(node, {closed: none, shut: open, modes});
      return graph.reach(node, {closed, shut, modes}) < before / PARTED && before > graph.country.length / PARTED / PARTED;
    }));
  }

  path(ask, closed) {
    const {graph} = this, weights = graph.weights(ask), shut = graph.shut(ask), codes = this.numbers(closed);
    const sources = this.entries(ask.origin, ask, closed, weights, shut, true), targets = this.entries(ask.destination, ask, closed, weights, shut, false);
    const direct = this.direct(ask, closed, weights);
    const found = sources.length && targets.length
      ? graph.search(sources, targets, weights, {closed: codes, shut, modes: ask.modes, home: this.home(ask)}) : null;
    if (direct && (!found || direct.cost <= found.cost)) return direct;
    if (!found) return null;
    const middle = found.arcs.map((arc) => (arc & 1 ? {edge: arc >> 1, back: true, from: 1, to: 0} : {edge: arc >> 1, back: false, from: 0, to: 1}));
    return {cost: found.cost, elements: [found.source.step, ...middle, found.target.step].filter(Boolean)};
  }

  /* Where a place meets the network: at nodes, with the cost of and the element to each. */
  entries(place, ask, closed, weights, shut, outward) {
    const {graph} = this;
    if (place.gates && closed.has(CHINA)) return this.gateEntries(place, ask, weights, shut, outward);
    const out = [];
    for (const mode of MODES) {
      const met = accessOf(place, mode, ask.modes);
      if (!Array.isArray(met)) continue;
      const [edge, at, snapKm] = met, gap = graph.snapCost(ask, snapKm);
      for (const end of [0, 1]) {
        // A place at one end of its edge needs no approach from the other.
        if (at === 1 - end) continue;
        const [from, to] = outward ? [at, end] : [end, at], back = from > to, share = Math.abs(to - from);
        if (share && !(graph.ways[edge] & (back ? 2 : 1))) continue;
        out.push({node: end ? graph.v[edge] : graph.u[edge], cost: gap + share * weights[2 * edge + (back ? 1 : 0)], step: share ? {edge, back, from, to} : null});
      }
    }
    return out;
  }

  /* A gateway begins on the far side of its own crossings, which China's closure leaves open. */
  gateEntries({gates}, ask, weights, shut, outward) {
    const {graph} = this, china = graph.code.get(CHINA), out = [];
    for (const [mode, events] of Object.entries(gates)) {
      if (!ask.modes.has(mode)) continue;
      for (const event of events) {
        if (shut[event]) continue;
        const edge = graph.stretches + event, leaves = graph.country[graph.u[edge]] === china, back = outward ? !leaves : leaves;
        out.push({node: leaves ? graph.v[edge] : graph.u[edge], cost: weights[2 * edge + (back ? 1 : 0)], step: {edge, back, from: back ? 1 : 0, to: back ? 0 : 1}});
      }
    }
    return out;
  }

  /* The path along the one edge that two places share. */
  direct(ask, closed, weights) {
    const {origin, destination, modes} = ask;
    let best = null;
    for (const mode of MODES) {
      if (!modes.has(mode) || [origin, destination].some((place) => place.gates && closed.has(CHINA))) continue;
      const [a, b] = [origin, destination].map((place) => accessOf(place, mode, modes));
      if (!Array.isArray(a) || !Array.isArray(b) || a[0] !== b[0]) continue;
      const edge = a[0], back = b[1] < a[1];
      const cost = this.graph.snapCost(ask, a[2] + b[2]) + Math.abs(b[1] - a[1]) * weights[2 * edge + (back ? 1 : 0)];
      if (!(this.graph.ways[edge] & (back ? 2 : 1)) || (best && best.cost <= cost)) continue;
      best = {cost, elements: [{edge, back, from: a[1], to: b[1]}]};
    }
    return best;
  }

  /* The number of the country that a path begins in, beyond the gateway if it begins at one: coming back into it costs a detour.
     -1 where that makes no difference: time and money know it already. */
  home({origin, minimise}) {
    const {graph} = this;
    if (minimise !== "distance") return -1;
    for (const events of Object.values(origin.gates || {})) {
      for (const event of events) {
        const {a, b} = graph.crossings[graph.events[event].crossing], beyond = [a, b].filter((code) => code !== origin.country);
        return graph.code.get(beyond[0] || origin.country);
      }
    }
    return graph.code.has(origin.country) ? graph.code.get(origin.country) : -1;
  }

  /* Why there is no path: as it would be with nothing shut, unless there is one then. */
  why(ask) {
    if (ask.countries.size || ask.crossings.size) {
      const opened = this.answer({...ask, countries: new Set(), crossings: new Set()});
      return opened.elements ? CLOSED : opened.status;
    }
    const closed = this.closed(ask, true) || this.closed(ask, false) || new Set();
    const isFar = (place) => !(place.gates && closed.has(CHINA)) && !MODES.some((mode) => accessOf(place, mode, ask.modes));
    return isFar(ask.origin) ? ORIGIN_FAR : isFar(ask.destination) ? DESTINATION_FAR : NO_PATH;
  }
}
