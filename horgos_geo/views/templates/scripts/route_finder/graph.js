/* The overlay network: stretches to travel along, events on the way, and the search over both. */
import {numbers, points} from "../encoding.js";

export const MODES = ["road", "rail", "ferry", "transfer"];
const FERRY = 2;
/* Where the three fields stand in a row of nine numbers: each central, low, high. */
export const FIELDS = {time: 0, cost: 3, co2e: 6};
/* Which number of a field a level of waits takes for the central one. */
const LEVELS = {central: 0, low: 1, high: 2};

/* A queue of nodes by cost; a node may stand in it more than once. */
class Queue {
  constructor() { this.keys = []; this.nodes = []; }
  push(key, node) {
    const {keys, nodes} = this;
    let i = keys.length;
    while (i > 0) {
      const up = (i - 1) >> 1;
      if (keys[up] <= key) break;
      keys[i] = keys[up];
      nodes[i] = nodes[up];
      i = up;
    }
    keys[i] = key;
    nodes[i] = node;
  }
  /* Take out the least; its key is then in `key`. -1 when there is none. */
  pop() {
    const {keys, nodes} = this, size = keys.length - 1;
    if (size < 0) return -1;
    const least = nodes[0], key = keys.pop(), node = nodes.pop();
    this.key = size ? keys[0] : key;
    let i = 0;
    while (size) {
      let down = 2 * i + 1;
      if (down >= size) break;
      if (down + 1 < size && keys[down + 1] < keys[down]) down++;
      if (keys[down] >= key) break;
      keys[i] = keys[down];
      nodes[i] = nodes[down];
      i = down;
    }
    if (size) {
      keys[i] = key;
      nodes[i] = node;
    }
    return least;
  }
}

export class Graph {
  constructor(data) {
    this.data = data;
    this.countries = data.countries;
    this.code = new Map(data.countries.map((iso3, i) => [iso3, i]));
    this.x = numbers(data.nodes.x);
    this.y = numbers(data.nodes.y);
    this.country = Int16Array.from(numbers(data.nodes.country));
    this.readEdges(data);
    this.readCrossings(data);
    this.link();
    this.kept = new Map();
  }

  /* Edges: stretches first, then events. */
  readEdges({stretches, events, lengthKm}) {
    const u = numbers(stretches.u), v = numbers(stretches.v), km = numbers(stretches.km), mode = numbers(stretches.mode);
    this.stretches = u.length;
    this.events = events.map(([, , kind, crossing, detours, parts, gauges, length, line, link]) => ({
      kind, crossing, detours, gauges, length: length || 0, line, link,
      parts: parts.map(([what, name, there, back]) => ({kind: what, name, impacts: [there, back]})),
    }));
    this.edges = this.stretches + events.length;
    this.u = Int32Array.from(u.concat(events.map((event) => event[0])));
    this.v = Int32Array.from(v.concat(events.map((event) => event[1])));
    this.km = Float64Array.from(km.map((units) => units * lengthKm).concat(this.events.map((event) => event.length)));
    this.mode = Uint8Array.from(mode.concat(this.events.map((event) => event.kind)));
    this.lines = stretches.lines.split(" ");
    // Stretches with speeds of their own: kilometres and hours of those parts.
    this.signed = new Map(stretches.signed.map(([i, length, hours]) => [i, [length, hours]]));
    // Which directions may be travelled: 1 forth, 2 back.
    this.ways = new Uint8Array(this.edges).fill(3);
    for (const [i, forth] of stretches.oneWay) this.ways[i] = forth ? 1 : 2;
  }

  readCrossings({crossings}) {
    this.crossings = crossings.map(([id, name, a, b, mode, isEvent, isOpen], i) => ({id, name, a, b, mode, isEvent: !!isEvent, isOpen: !!isOpen, i}));
    this.crossing = new Map(this.crossings.map((crossing) => [crossing.id, crossing]));
    // Ferries inside one country have a name and no crossing.
    this.links = new Set(this.events.filter((event) => event.link && event.crossing < 0).map((event) => event.link));
    // Where each stands: at the first of its edges.
    this.events.forEach((event, i) => {
      const crossing = this.crossings[event.crossing];
      if (crossing && crossing.at === undefined) crossing.at = this.point(this.u[this.stretches + i]);
    });
  }

  /* Arcs by their tail: edge · 2, and one more when it is travelled from v to u. */
  link() {
    const count = this.country.length, first = new Int32Array(count + 1);
    for (let e = 0; e < this.edges; e++) { first[this.u[e] + 1]++; first[this.v[e] + 1]++; }
    for (let i = 0; i < count; i++) first[i + 1] += first[i];
    const next = first.slice(), arcs = new Int32Array(2 * this.edges);
    for (let e = 0; e < this.edges; e++) {
      arcs[next[this.u[e]]++] = 2 * e;
      arcs[next[this.v[e]]++] = 2 * e + 1;
    }
    this.first = first;
    this.arcs = arcs;
  }

  event(edge) { return edge < this.stretches ? null : this.events[edge - this.stretches]; }

  /* Kilometres on the map's plane. */
  point(node) { const {step} = this.data; return [this.x[node] * step, this.y[node] * step]; }

  /* Vertices of an edge from u to v. */
  line(edge) {
    const event = this.event(edge), text = event ? event.line : this.lines[edge], {step} = this.data;
    const x0 = this.x[this.u[edge]], y0 = this.y[this.u[edge]];
    const inner = text ? points(text, 1).map(([x, y]) => [(x + x0) * step, (y + y0) * step]) : [];
    return [this.point(this.u[edge]), ...inner, this.point(this.v[edge])];
  }

  /* Costs -------------------------------------------------------------------------------------- */

  /* What a kilometre takes in the country and mode of a stretch: nine numbers. */
  rate(edge) { return this.data.rates[MODES[this.mode[edge]]][this.countries[this.country[this.u[edge]]]]; }

  /* What a whole stretch takes. */
  moving(edge) {
    const rate = this.rate(edge), [km, hours] = this.signed.get(edge) || [0, 0];
    return rate.map((value, i) => (i < FIELDS.cost ? hours + value * (this.km[edge] - km) : value * this.km[edge]));
  }

  /* What a part of an event takes in a direction: nine numbers, the wait at a border at a level. */
  impacts(part, back, borders) {
    const row = this.data.impacts[part.impacts[back ? 1 : 0]];
    if (part.kind !== "border" || borders === "central") return row;
    return [row[LEVELS[borders]], ...row.slice(1)];
  }

  /* What the straight line between a place and the network costs of what is minimised: it takes time alone. */
  snapCost({minimise, valueOfTime}, km) {
    const value = {time: 1, generalised: valueOfTime}[minimise] || 0;
    return value * this.data.snapHours[0] * km;
  }

  /* What is minimised, an edge and direction: kilometres with detours, hours, dollars or kilograms. */
  weights({minimise, borders, valueOfTime}) {
    const key = [minimise, borders, valueOfTime].join();
    if (!this.kept.has(key)) {
      if (this.kept.size > 11) this.kept.clear();
      this.kept.set(key, this.makeWeights(minimise, borders, valueOfTime));
    }
    return this.kept.get(key);
  }

  makeWeights(minimise, borders, valueOfTime) {
    const weights = new Float64Array(2 * this.edges), of = (row) => (
      minimise === "generalised" ? row[FIELDS.cost] + valueOfTime * row[FIELDS.time] : row[FIELDS[minimise]]);
    for (let e = 0; e < this.edges; e++) {
      const event = this.event(e);
      for (let back = 0; back < 2; back++) {
        if (minimise === "distance") weights[2 * e + back] = this.km[e] + (event ? event.detours * this.data.detourKm : 0);
        else if (!event) weights[2 * e + back] = of(this.moving(e));
        else weights[2 * e + back] = event.parts.reduce((sum, part) => sum + of(this.impacts(part, back, borders)), 0);
      }
    }
    return weights;
  }

  /* What is shut --------------------------------------------------------------------------------- */

  /* Whether freight may use a crossing or ferry line. ask: crossings and opened (sets of ids), ferries (true, false, a set). */
  isOpen(crossing, {crossings, opened, ferries}) {
    if (crossings.has(crossing.id)) return false;
    if (crossing.mode === "ferry" && ferries !== true && !(ferries && ferries.has(crossing.id))) return false;
    return crossing.isOpen || opened.has(crossing.id);
  }

  /* Events that are shut, by their number. */
  shut(ask) {
    const open = this.crossings.map((crossing) => this.isOpen(crossing, ask));
    return Uint8Array.from(this.events, (event) => {
      if (event.crossing >= 0) return open[event.crossing] ? 0 : 1;
      return event.kind === FERRY && ask.crossings.has(event.link) ? 1 : 0;
    });
  }

  /* Search --------------------------------------------------------------------------------------- */

  /* The lightest path from sources to targets, as arcs, with where it begins and ends; null where there is none.
     sources, targets: [{node, cost, step}]; `step` is the element between place and node, or null.
     limits: closed (Uint8Array of countries), shut (of events), road and rail (whether used), home (a country's number, -1 for none). */
  search(sources, targets, weights, {closed, shut, modes, home}) {
    const count = this.country.length, {first, arcs, country, mode, ways, stretches} = this;
    const cost = new Float64Array(count).fill(Infinity), from = new Int32Array(count).fill(-1), done = new Uint8Array(count);
    const begin = new Map(), end = new Map(), queue = new Queue();
    const again = this.data.returnDetours * this.data.detourKm;
    const usable = [modes.has("road"), modes.has("rail"), true, true];
    for (const source of sources) {
      if (source.cost >= cost[source.node]) continue;
      cost[source.node] = source.cost;
      begin.set(source.node, source);
      queue.push(source.cost, source.node);
    }
    for (const target of targets) {
      const other = end.get(target.node);
      if (!other || target.cost < other.cost) end.set(target.node, target);
    }
    let best = Infinity, last = -1;
    for (let node = queue.pop(); node >= 0 && queue.key < best; node = queue.pop()) {
      if (done[node]) continue;
      done[node] = 1;
      const here = cost[node], goal = end.get(node);
      if (goal && here + goal.cost < best) { best = here + goal.cost; last = node; }
      if (closed[country[node]]) continue;
      for (let i = first[node]; i < first[node + 1]; i++) {
        const arc = arcs[i], edge = arc >> 1, back = arc & 1;
        if (!usable[mode[edge]] || !(ways[edge] & (back ? 2 : 1))) continue;
        const next = back ? this.u[edge] : this.v[edge];
        if (done[next] || closed[country[next]]) continue;
        let weight = weights[arc];
        if (edge >= stretches) {
          if (shut[edge - stretches]) continue;
          if (home >= 0 && country[next] === home && country[node] !== home && this.isPost(edge)) weight += again;
        }
        if (here + weight < cost[next]) {
          cost[next] = here + weight;
          from[next] = arc;
          begin.delete(next);
          queue.push(cost[next], next);
        }
      }
    }
    if (last < 0) return null;
    const path = [];
    let node = last;
    while (!begin.has(node)) {
      const arc = from[node];
      path.push(arc);
      node = arc & 1 ? this.v[arc >> 1] : this.u[arc >> 1];
    }
    return {cost: best, arcs: path.reverse(), source: begin.get(node), target: end.get(last)};
  }

  /* How many nodes hang together with a node when some countries and events are shut. */
  reach(node, {closed, shut, modes}) {
    const {first, arcs, country, mode, stretches} = this, seen = new Uint8Array(country.length), open = [node];
    const usable = [modes.has("road"), modes.has("rail"), true, true];
    let count = 0;
    if (closed[country[node]]) return 0;
    seen[node] = 1;
    while (open.length) {
      const here = open.pop();
      count++;
      for (let i = first[here]; i < first[here + 1]; i++) {
        const edge = arcs[i] >> 1, next = arcs[i] & 1 ? this.u[edge] : this.v[edge];
        if (seen[next] || !usable[mode[edge]] || closed[country[next]] || (edge >= stretches && shut[edge - stretches])) continue;
        seen[next] = 1;
        open.push(next);
      }
    }
    return count;
  }

  isPost(edge) { const crossing = this.crossings[this.event(edge).crossing]; return !!crossing && crossing.isEvent; }
}


