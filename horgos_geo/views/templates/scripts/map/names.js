/* Names of countries and waters: where there is room for them, off routes and symbols. */
import {overlap} from "./placer.js";

const LANGUAGES = ["en", "zh", "ru"];

export function groundNames(view, scene) {
  const {language} = view.options, at = LANGUAGES.indexOf(language), km = view.kmPerPixel, wishes = [];
  for (const [names, x, y, rank] of view.base.water) {
    if (view.phone || rank > (km < 3 ? 4 : 2)) continue;
    const [px, py] = view.toPixel(x, y);
    wishes.push({kind: "water", x: px, y: py, lines: [[names[at] || names[0], "water"]], order: rank, allow: 1, reach: 2});
  }
  for (const row of view.base.countries) {
    const wish = countryName(view, scene, row, km, at);
    if (wish) wishes.push(wish);
  }
  return wishes;
}

function countryName(view, scene, [code, names, x, y, rank, area], km, at) {
  const passed = scene.passed.has(code), shut = scene.closed.has(code), {size, phone} = view;
  if (!passed && !shut && rank > (km < 2.5 ? 5 : 3)) return null;
  const name = names[at] || names[0], [px, py] = view.toPixel(x, y);
  const lines = [[at === 1 ? name : name.toUpperCase(), "country"]];
  if (shut) lines.push([view.options.words.closed_country, "closed"]);
  const away = px < 60 || py < 30 || px > size[0] - 60 || py > size[1] - 40;
  if (shut || (passed && away)) {
    // The middle of the country may be out of sight: its name stands in the part that is seen.
    const half = (phone ? 3.8 : 4.6) * Math.max(name.length, shut ? 12 : 4);
    const spot = inside(view, code, away ? [size[0] * .3, size[1] * .3] : [px, py], half);
    if (spot) return {kind: "country", x: spot[0], y: spot[1], lines, order: shut ? -1e9 : -area, allow: 1, reach: 3};
    if (view.outline(code)) return null;
  }
  return {kind: "country", x: px, y: py, lines, order: (passed || shut ? 0 : 1e7) - area, allow: 1, reach: 4,
    room: Math.sqrt(area) / km, limit: phone ? 6 : 24};
}

/* The point of a country that is in sight and nearest to where its name is wanted. */
function inside(view, code, wanted, half) {
  const rings = view.outline(code), [width, height] = view.size, off = view.overlays();
  if (!rings) return null;
  let best = null, least = Infinity;
  for (let y = view.phone ? 22 : 34; y < height - 30; y += 26) {
    for (let x = half + 8; x < width - half; x += 44) {
      const distance = Math.hypot(x - wanted[0], y - wanted[1]);
      if (distance >= least || off.some((box) => overlap([x - half, y - 20, x + half, y + 20], box))) continue;
      if ([x - half, x, x + half].every((at) => within(rings, view.fromPixel(at, y)))) {
        best = [x, y];
        least = distance;
      }
    }
  }
  return best;
}

/* Whether a point lies inside rings, by the even-odd rule. */
export function within(rings, [x, y]) {
  let odd = false;
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [xi, yi] = ring[i], [xj, yj] = ring[j];
      if ((yi > y) !== (yj > y) && x < (xj - xi) * (y - yi) / (yj - yi) + xi) odd = !odd;
    }
  }
  return odd;
}
