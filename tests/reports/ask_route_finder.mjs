/* Put questions to the route finder's own modules, without a page.
   node ask_route_finder.mjs SCRIPTS DATA QUESTIONS: one answer a line. A question names places by id, modes, minimise, waits,
   countries and crossings that are shut, and ferries (true, false or a list); with corridors: true it is answered with those. */
import {readFileSync} from "node:fs";

const [scripts, data, questions] = process.argv.slice(2);
const load = (name) => import(`${scripts}/route_finder/${name}.js`);
const {Graph} = await load("graph"), {Search, readPlaces} = await load("question"), {makeRoute} = await load("route"), {Corridors} = await load("corridors");

const content = JSON.parse(readFileSync(data, "utf8")), graph = new Graph(content), search = new Search(graph);
const places = new Map(readPlaces(content).map((place) => [place.id, place]));

function told(route) {
  return {
    status: route.status, km: route.km, time: route.time, cost: route.cost, co2e: route.co2e, countries: route.countries, error: route.error,
    crossings: route.crossings.map(({id}) => id), gauges: route.gauges, greatCircle: route.greatCircle, legs: route.legs.map(({kind}) => kind),
  };
}

for (const line of readFileSync(questions, "utf8").trim().split("\n")) {
  const asked = JSON.parse(line), begin = performance.now();
  const ask = {
    origin: places.get(asked.origin), destination: places.get(asked.destination), modes: new Set(asked.modes), minimise: asked.minimise,
    borders: asked.borders || "central", valueOfTime: content.valueOfTime, countries: new Set(asked.countries || []), crossings: new Set(asked.crossings || []),
    opened: new Set(), ferries: Array.isArray(asked.ferries) ? new Set(asked.ferries) : !!asked.ferries, destinationOnly: content.scenarios[0].destinationOnly,
  };
  const answer = search.answer(ask);
  let out = answer.elements ? told(makeRoute(graph, ask, answer.status, answer.elements)) : {status: answer.status};
  out.parted = search.cutOff(ask).map(({id}) => id);
  if (asked.corridors) {
    const steps = new Corridors(graph, search).find(ask, answer);
    let step = steps.next();
    while (!step.done) step = steps.next();
    out = step.value.map((item) => ({...told(item.route), letter: item.letter, open: item.open}));
  }
  console.log(JSON.stringify({answer: out, ms: performance.now() - begin}));
}
