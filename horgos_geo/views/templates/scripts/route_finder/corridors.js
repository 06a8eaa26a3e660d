/* Corridors: the few routes between two places that differ for a planner. They are found by closing
   what the found ones use and asking again, as the command does. */
import {makeRoute} from "./route.js";
import {OK} from "./question.js";

const QUESTIONS = 36, QUESTIONS_BLOCKED = 14, DEEPEST = 3;
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/* What is shut on top of a question. */
function closureKey({countries, crossings}) { return countries.slice().sort().join() + "/" + crossings.slice().sort().join(); }

function unique(values) { return Array.from(new Set(values)); }

/* A path that was found, as far as it takes to tell it from others. */
class Candidate {
  constructor(graph, ask, closure, answer) {
    Object.assign(this, {ask, closure, key: closureKey(closure), weight: answer.cost, elements: answer.elements, status: answer.status});
    this.km = new Map();
    this.countries = [];
    this.crossings = [];
    for (const {edge, from, to} of answer.elements) {
      const event = graph.event(edge), crossing = event && graph.crossings[event.crossing];
      if (crossing && crossing.isEvent) this.crossings.push(crossing);
      this.km.set(edge, graph.km[edge] * Math.abs(to - from));
      const code = graph.countries[graph.country[graph.u[edge]]];
      if (!event && this.km.get(edge) > 0 && this.countries[this.countries.length - 1] !== code) this.countries.push(code);
    }
    if (!this.countries.length) this.countries.push(ask.destination.country);
  }
  get signature() { return unique([...this.countries, ...this.crossings.map(({id}) => id)]).sort().join(); }
  get lands() { return unique([...this.countries, ...this.crossings.filter(({mode}) => mode === "ferry").map(({id}) => id)]).sort().join(); }
  /* The part of this path's length that another one uses too. */
  shared(other) {
    let both = 0, all = 0;
    for (const [edge, km] of this.km) { all += km; if (other.km.has(edge)) both += km; }
    return all ? both / all : 1;
  }
}

export class Corridors {
  constructor(graph, search) {
    this.graph = graph;
    this.search = search;
  }

  /* All corridors of a question; yields after each question put to the search, so that the page stays quick.
     first: the answer that stands already. */
  * find(ask, first) {
    const {stretch, most} = this.graph.data.limits;
    const found = yield* this.candidates(ask, QUESTIONS, first), chosen = this.choose(found);
    const best = chosen.length ? chosen[0].weight : 0, known = new Set(chosen.map((one) => this.nameKey(one)));
    const open = chosen.map((one) => this.corridor(one, ask, true, ask));
    const blocked = [];
    const opened = {...ask, countries: new Set(), crossings: new Set(), ferries: true};
    if (ask.countries.size || ask.crossings.size || ask.ferries !== true) {
      for (const one of this.choose(yield* this.candidates(opened, QUESTIONS_BLOCKED))) {
        if (known.has(this.nameKey(one)) || (best && one.weight > stretch * best) || known.size >= most + 3) continue;
        const item = this.corridor(one, opened, false, ask);
        if (!item.why) continue;
        known.add(this.nameKey(one));
        blocked.push(item);
      }
    }
    this.tellApart(open);
    return open.concat(blocked).map((item, i) => Object.assign(item, {letter: LETTERS[i]}));
  }

  /* The usual name of a path or route in all languages; null where it has none. */
  usualName({countries, crossings}) {
    const lands = new Set(countries), ids = new Set(crossings.map(({id}) => id)), {corridors: rules} = this.graph.data;
    const rule = rules.find(([, needs, without, any]) => needs.every((code) => lands.has(code)) && !without.some((code) => lands.has(code))
      && (!any.length || any.some((id) => ids.has(id))));
    return rule ? rule[0] : null;
  }

  nameKey(candidate) { const name = this.usualName(candidate); return name ? name[0] : unique(candidate.countries).join("–"); }

  corridor(candidate, ask, open, asked) {
    const route = makeRoute(this.graph, {...ask, borders: asked.borders}, candidate.status, candidate.elements);
    route.name = this.usualName(candidate);
    return {open, route, weight: candidate.weight, why: open ? null : this.blocker(route, asked)};
  }

  /* What stands in the way of a route: the leg, and the country or ferry behind it. */
  blocker(route, ask) {
    let before = null;
    for (const leg of route.legs) {
      if (leg.kind === "border" || leg.kind === "ferry") {
        const {crossing} = leg, ends = crossing ? [crossing.a, crossing.b] : [], shut = ends.find((code) => ask.countries.has(code));
        if (crossing && !this.graph.isOpen(crossing, ask)) {
          const off = leg.kind === "ferry" && !ask.crossings.has(crossing.id);
          return off ? {leg, ferry: true} : {leg};
        }
        if (shut) return {leg, country: shut};
        if (!crossing && ask.crossings.has(leg.link)) return {leg};
        before = leg;
      } else if (leg.moving && ask.countries.has(leg.country)) return {leg: before || leg, country: leg.country};
    }
    return null;
  }

  /* Corridors of one name get the crossing that tells them apart. */
  tellApart(open) {
    const key = ({route}) => (route.name ? route.name[0] : route.countries.join());
    for (const item of open) {
      const others = open.filter((other) => other !== item && key(other) === key(item));
      const used = new Set(others.flatMap(({route}) => route.crossings.map(({id}) => id)));
      item.apart = others.length ? item.route.crossings.find(({id}) => !used.has(id)) : null;
    }
  }

  /* Choose those that differ enough, by weight: those of another name first, then those through other countries and ports,
     last those that only cross a border elsewhere. */
  choose(candidates) {
    const {stretch, overlap, most} = this.graph.data.limits, light = candidates.slice().sort((a, b) => a.weight - b.weight || (a.key < b.key ? -1 : 1)), chosen = [];
    for (const kind of [(one) => this.nameKey(one), (one) => one.lands, (one) => one.key]) {
      const known = new Set(chosen.map(kind));
      for (const one of light) {
        if (chosen.length === most || one.weight > stretch * light[0].weight) break;
        if (known.has(kind(one)) || chosen.includes(one) || chosen.some((other) => one.shared(other) > overlap)) continue;
        chosen.push(one);
        known.add(kind(one));
      }
    }
    return chosen.sort((a, b) => a.weight - b.weight);
  }

  * candidates(ask, budget, answer) {
    const {stretch} = this.graph.data.limits, found = new Map(), none = {countries: [], crossings: []};
    const first = answer ? (answer.elements ? new Candidate(this.graph, ask, none, answer) : null) : this.ask(ask, none, null);
    if (!first) return [];
    found.set(first.key, first);
    const kept = new Map([[first.signature, first]]), queue = [], seen = new Set();
    const add = (rank, depth, path, closures) => {
      for (const closure of closures) {
        const key = closureKey(closure);
        if (seen.has(key)) continue;
        seen.add(key);
        queue.push({rank, weight: path.weight, depth, closure, key});
      }
    };
    // Countries and ferries tell corridors apart; crossings come after them.
    add(0, 0, first, this.larger(first));
    add(1, 0, first, this.finer(first));
    while (queue.length && found.size < budget) {
      queue.sort((a, b) => a.rank - b.rank || a.weight - b.weight || a.depth - b.depth || (a.key < b.key ? -1 : 1));
      const {depth, closure, key} = queue.shift();
      const path = this.ask(ask, closure, first);
      found.set(key, path);
      yield;
      if (!path || path.weight > stretch * first.weight || kept.has(path.signature)) continue;
      kept.set(path.signature, path);
      if (depth < DEEPEST) {
        add(0, depth + 1, path, this.larger(path));
        add(2, depth + 1, path, this.finer(path));
      }
    }
    return Array.from(kept.values());
  }

  ask(ask, closure, first) {
    const closed = {...ask, countries: new Set([...ask.countries, ...closure.countries]), crossings: new Set([...ask.crossings, ...closure.crossings])};
    const answer = this.search.quick(closed);
    if (!answer || (first && answer.status !== OK)) return null;
    return new Candidate(this.graph, ask, closure, answer);
  }

  /* Closures of each country passed, but the ends', and of each ferry. */
  larger({ask, countries, crossings, closure}) {
    const ends = new Set([ask.origin.country, ask.destination.country]);
    if (ask.origin.gates) ends.add(countries[0]);
    return [
      ...unique(countries).filter((code) => !ends.has(code)).map((code) => ({countries: [...closure.countries, code], crossings: closure.crossings})),
      ...crossings.filter(({mode}) => mode === "ferry").map(({id}) => ({countries: closure.countries, crossings: [...closure.crossings, id]})),
    ];
  }

  /* Closures of each border post passed, but the origin's own. */
  finer({ask, crossings, closure}) {
    const own = new Set(Object.values(ask.origin.gates || {}).flat().map((event) => this.graph.events[event].crossing));
    return crossings.filter((crossing) => crossing.mode !== "ferry" && !own.has(crossing.i))
      .map(({id}) => ({countries: closure.countries, crossings: [...closure.crossings, id]}));
  }
}
