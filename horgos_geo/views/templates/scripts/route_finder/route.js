/* From the elements of a path to a route: its legs and their totals. */
import {points} from "../encoding.js";
import {MODES} from "./graph.js";
import {accessOf, greatCircle} from "./question.js";

const MOVING = new Set(["road", "rail", "ferry"]);
export const SEA = "SEA";
/* A gap shorter than this is the width of a town square, not a leg. */
const GAP_KM = .05;

function plus(a, b) { return a.map((value, i) => value + b[i]); }

function triple(row, at) { return row.slice(at, at + 3); }

/* A line between two fractions of its length, in the direction from the one to the other. */
function cut(line, from, to) {
  const [low, high] = from < to ? [from, to] : [to, from];
  const lengths = line.slice(1).map(([x, y], i) => Math.hypot(x - line[i][0], y - line[i][1])), total = lengths.reduce((sum, length) => sum + length, 0);
  const out = [];
  let walked = 0;
  const at = (i, distance) => {
    const share = lengths[i] ? distance / lengths[i] : 0, [a, b] = [line[i], line[i + 1]];
    return [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share];
  };
  lengths.forEach((length, i) => {
    const first = low * total - walked, last = high * total - walked;
    if (first <= length && last >= 0) {
      if (!out.length) out.push(at(i, Math.max(0, first)));
      out.push(at(i, Math.min(length, last)));
    }
    walked += length;
  });
  return from < to ? out : out.reverse();
}

class Leg {
  constructor(values) { Object.assign(this, {km: 0, time: [0, 0, 0], cost: [0, 0, 0], co2e: [0, 0, 0], name: "", ...values}); }
  get moving() { return MOVING.has(this.kind); }
}

/* ask, status, elements: as Search gives them. */
export function makeRoute(graph, ask, status, elements) {
  const legs = [], stretch = {elements: [], key: ""};
  const flush = () => { if (stretch.elements.length) legs.push(movingLeg(graph, stretch.elements)); stretch.elements = []; stretch.key = ""; };
  for (const element of elements) {
    const event = graph.event(element.edge);
    if (event) {
      flush();
      legs.push(...eventLegs(graph, ask, element, event));
      continue;
    }
    const key = graph.mode[element.edge] + ":" + graph.country[graph.u[element.edge]];
    if (key !== stretch.key) flush();
    stretch.key = key;
    stretch.elements.push(element);
  }
  flush();
  return totals(graph, ask, status, [...endLegs(graph, ask, ask.origin, elements[0], true), ...legs, ...endLegs(graph, ask, ask.destination, elements[elements.length - 1], false)]);
}

function movingLeg(graph, elements) {
  const [{edge}] = elements;
  let km = 0, row = new Array(9).fill(0);
  for (const {edge: e, from, to} of elements) {
    const share = Math.abs(to - from);
    km += graph.km[e] * share;
    row = plus(row, graph.moving(e).map((value) => value * share));
  }
  return new Leg({
    kind: MODES[graph.mode[edge]], country: graph.countries[graph.country[graph.u[edge]]], km,
    time: triple(row, 0), cost: triple(row, 3), co2e: triple(row, 6), elements, line: lineOf(graph, elements),
  });
}

function lineOf(graph, elements) {
  const out = [];
  for (const {edge, from, to} of elements) {
    const whole = graph.line(edge), part = Math.abs(to - from) === 1 ? (from < to ? whole : whole.reverse()) : cut(whole, from, to);
    out.push(...(out.length ? part.slice(1) : part));
  }
  return out;
}

function eventLegs(graph, ask, element, event) {
  const {edge, back} = element, crossing = graph.crossings[event.crossing], [x, y] = graph.point(graph.u[edge]);
  return event.parts.filter((part) => part.kind !== "boundary").map((part) => {
    const row = graph.impacts(part, back, ask.borders);
    const leg = new Leg({
      kind: part.kind, name: graph.data.names[part.name], country: graph.countries[graph.country[back ? graph.v[edge] : graph.u[edge]]],
      time: triple(row, 0), cost: triple(row, 3), co2e: triple(row, 6), sources: row[9], x, y, elements: [element],
    });
    if (crossing && part.kind !== "gauge") Object.assign(leg, {crossing, id: crossing.id});
    if (part.kind === "gauge") {
      const [a, b] = event.gauges;
      Object.assign(leg, {from: back ? b : a, to: back ? a : b});
    }
    if (part.kind === "ferry") {
      const line = graph.line(edge);
      Object.assign(leg, {country: SEA, km: graph.km[edge], line: back ? line.reverse() : line, link: event.link, back: crossing ? leg.country === crossing.b : back});
    }
    return leg;
  });
}

/* The straight line between a place and the network, which takes time alone. */
function snapLeg(graph, place, km, line) {
  return new Leg({kind: "snap", country: place.country, km, line, time: graph.data.snapHours.map((hours) => hours * km)});
}

/* The legs between a place and the network, outside the route's own kilometres. By rail a route begins at the place's
   freight terminal, and the way there goes by road. */
function endLegs(graph, ask, place, element, outward) {
  const event = graph.event(element.edge), mode = MODES[graph.mode[element.edge]];
  if (event && place.gates) return [];
  if (event) {
    // The path begins with a transfer or ends with one: the gap lies between the place and its terminal.
    const {edge, back} = element, point = graph.point(outward === back ? graph.v[edge] : graph.u[edge]), gap = [[place.x, place.y], point];
    const km = Math.hypot(point[0] - place.x, point[1] - place.y);
    return km > GAP_KM ? [snapLeg(graph, place, km, outward ? gap : gap.reverse())] : [];
  }
  const met = accessOf(place, mode, ask.modes), legs = [];
  if (!Array.isArray(met)) return [];
  const [edge, at, snapKm, terminalX, terminalY, roadKm, text] = met;
  if (text) {
    const line = points(text, graph.data.step);
    legs.push(new Leg({kind: "access", country: place.country, km: roadKm, line: outward ? line : line.reverse()}));
  }
  if (snapKm > GAP_KM) {
    const whole = graph.line(edge), point = cut(whole, 0, Math.max(at, 1e-6)).pop(), start = terminalX === undefined ? [place.x, place.y] : [terminalX, terminalY];
    legs.push(snapLeg(graph, place, snapKm, outward ? [start, point] : [point, start]));
  }
  return outward ? legs : legs.reverse();
}

function totals(graph, ask, status, legs) {
  const route = {
    status, legs, km: 0, time: [0, 0, 0], cost: [0, 0, 0], co2e: [0, 0, 0], countries: [], byCountry: [], borders: 0, gauges: 0, ferries: [], crossings: [],
    modes: [], greatCircle: greatCircle(ask.origin, ask.destination),
  };
  let land = 0, error = 0;
  for (const leg of legs) {
    if (leg.kind === "access") continue;
    if (leg.kind === "snap") {
      route.time = plus(route.time, leg.time);
      continue;
    }
    route.km += leg.km;
    for (const field of ["time", "cost", "co2e"]) route[field] = plus(route[field], leg[field]);
    if (leg.moving) {
      const last = route.byCountry[route.byCountry.length - 1];
      if (!route.modes.includes(leg.kind)) route.modes.push(leg.kind);
      if (last && last.code === leg.country) last.km += leg.km; else route.byCountry.push({code: leg.country, km: leg.km});
      if (leg.kind !== "ferry") {
        land += leg.km;
        error += leg.km * graph.data.errorPct[leg.kind];
        if (route.countries[route.countries.length - 1] !== leg.country) route.countries.push(leg.country);
      }
    }
    if (leg.kind === "ferry") route.ferries.push(leg);
    if (leg.crossing && leg.crossing.isEvent) { route.borders += 1; route.crossings.push(leg.crossing); }
    if (leg.kind === "gauge") route.gauges += 1;
  }
  route.error = land ? route.km * error / land / 100 : 0;
  route.waiting = legs.reduce((sum, leg) => sum + (leg.moving || leg.kind === "snap" ? 0 : leg.time[0]), 0);
  route.modes.sort((a, b) => "rail road ferry".indexOf(a) - "rail road ferry".indexOf(b));
  return route;
}
