/* The map of one notebook cell: made once, then given one route's layer after another. */
import {points} from "./encoding.js";
import {RouteView} from "./route_finder/scene.js";
import {Words} from "./words.js";

const maps = {}, waiting = {};

function make(id, catalogue, base) {
  const box = document.getElementById(id);
  if (!box) {
    setTimeout(() => make(id, catalogue, base), 50);
    return;
  }
  const map = maps[id] = new RouteView(box, base, new Words(catalogue, catalogue.language));
  map.drawn = 0;
  new ResizeObserver(() => { if (map.scene && map.view.size[0]) map.frame(); }).observe(box);
  if (id in waiting) show(id, waiting[id]);
  delete waiting[id];
}

function show(id, layer) {
  const map = maps[id];
  if (!map) {
    waiting[id] = layer;
    return;
  }
  const {legs, origin, place} = layer, before = map.scene && map.scene.place.id;
  for (const leg of legs) leg.line = leg.line ? points(leg.line, layer.step) : null;
  const list = legs.length ? [{open: true, letter: "", route: {legs, countries: layer.countries}}] : [];
  map.show({
    origin, place, list, chosen: list.length - 1, closed: layer.closed,
    summary: map.words.place(origin) + " – " + map.words.place(place),
  }, before !== place.id || list.length > 0);
  map.drawn += 1;
  Object.assign(map.view.box.dataset, {drawn: map.drawn, place: place.id});
}

window.HorgosExplore = {maps, make, show};
