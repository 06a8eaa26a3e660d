/* Places for labels: the strongest first, none over another, over a symbol or along a thick line,
   and none nearer to another symbol than to its own. */
import {svg} from "../dom.js";

const CANVAS = document.createElement("canvas").getContext("2d");
/* Weight and size of each style, pixels; as in map.css. */
const STYLES = {
  gateway: [700, 16], dest: [600, 14], km: [500, 12], script: [400, 12], city: [400, 11], crossing: [400, 11],
  gauge: [400, 11], port: [500, 11], transfer: [400, 11], blocked: [400, 11], country: [400, 11], closed: [400, 11],
  water: ["italic 400", 12],
};
const PHONE_SIZES = {gateway: 14, dest: 12, country: 10};
/* Which labels are placed first. */
const RIGHTS = ["gateway", "chosen", "destination", "gauge", "port", "blocked", "terminal", "crossing", "city", "water", "country"];
const LINE_HEIGHT = 1.18, CELL = 32, RANK_COST = 2.2;

function measure([text, style], family, phone) {
  const [weight, normal] = STYLES[style], size = (phone && PHONE_SIZES[style]) || normal;
  CANVAS.font = `${weight} ${size}px ${family}`;
  let width = CANVAS.measureText(text).width + 1;
  if (style === "country") width += text.length * size * (phone ? .05 : .14);
  return {text, style, size, width, height: size * LINE_HEIGHT};
}

export function overlap(a, b) { return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]; }

/* Pixels between a box and the rim of a symbol. */
function apart(box, symbol) {
  const dx = Math.max(box[0] - symbol.x, symbol.x - box[2], 0), dy = Math.max(box[1] - symbol.y, symbol.y - box[3], 0);
  return Math.hypot(dx, dy) - symbol.radius;
}

/* Where lines run: points four pixels apart, in cells. */
export class LineGrid {
  constructor(lines, size) {
    this.cells = new Map();
    for (const line of lines) {
      for (let i = 1; i < line.length; i++) this.add(line[i - 1], line[i], size);
    }
  }
  add(a, b, size) {
    if (Math.max(a[0], b[0]) < 0 || Math.max(a[1], b[1]) < 0 || Math.min(a[0], b[0]) > size[0] || Math.min(a[1], b[1]) > size[1]) return;
    const count = Math.min(2000, Math.max(1, Math.ceil(Math.hypot(b[0] - a[0], b[1] - a[1]) / 4)));
    for (let j = 0; j <= count; j++) {
      const x = a[0] + (b[0] - a[0]) * j / count, y = a[1] + (b[1] - a[1]) * j / count;
      const key = Math.floor(x / CELL) + ":" + Math.floor(y / CELL);
      const cell = this.cells.get(key);
      if (cell) cell.push([x, y]); else this.cells.set(key, [[x, y]]);
    }
  }
  * near(x0, y0, x1, y1) {
    for (let x = Math.floor(x0 / CELL); x <= Math.floor(x1 / CELL); x++) {
      for (let y = Math.floor(y0 / CELL); y <= Math.floor(y1 / CELL); y++) yield* this.cells.get(x + ":" + y) || [];
    }
  }
  /* Pixels of line under a box. */
  under(box) {
    let pixels = 0;
    for (const [x, y] of this.near(...box)) {
      if (x > box[0] - 2 && x < box[2] + 2 && y > box[1] - 2 && y < box[3] + 2) pixels += 4;
    }
    return pixels;
  }
  /* Pixels from a point to the nearest line, `most` at most. */
  distance(x, y, most) {
    let best = most;
    for (const p of this.near(x - most, y - most, x + most, y + most)) best = Math.min(best, Math.hypot(p[0] - x, p[1] - y));
    return best;
  }
}

/* Boxes around a symbol: right, left, above, below, then diagonal; near ones first. */
function around(wish) {
  const {x, y, gap, width, height} = wish, first = wish.words[0].height, out = [];
  for (const g of [gap, gap + 7, gap + 15]) {
    const n = g * .75, top = y - first / 2;
    out.push([[x + g, top, x + g + width, top + height], "start"], [[x - g - width, top, x - g, top + height], "end"],
      [[x - width / 2, y - g - height, x + width / 2, y - g], "middle"], [[x - width / 2, y + g, x + width / 2, y + g + height], "middle"],
      [[x + n, y - n - height, x + n + width, y - n], "start"], [[x + n, y + n, x + n + width, y + n + height], "start"],
      [[x - n - width, y - n - height, x - n, y - n], "end"], [[x - n - width, y + n, x - n, y + n + height], "end"]);
  }
  return out;
}

/* Boxes about the middle of an area, well inside it. */
function about(wish) {
  const {x, y, width, height, reach, room} = wish, out = [];
  for (let i = -reach; i <= reach; i++) {
    for (let j = -reach; j <= reach; j++) {
      const cx = x + i * width / 4, cy = y + j * height * 1.1;
      if (room && (Math.abs(cx - x) > room * .3 || Math.abs(cy - y) > room * .22)) continue;
      out.push([[cx - width / 2, cy - height / 2, cx + width / 2, cy + height / 2], "middle", Math.abs(i) + Math.abs(j) * .45]);
    }
  }
  return out.sort((a, b) => a[2] - b[2]);
}

/* Give each wish a place or drop it.
   A wish: kind, x, y, lines [[text, style]], order among its kind, allow (pixels of line that it may cover);
   of a symbol: gap and owner (the symbol); of an area: reach, and perhaps room and limit.
   ground: size, keepOff (boxes), symbols ({x, y, radius}), grid, family, phone. */
export function placeLabels(wishes, ground) {
  const placer = new Placer(ground);
  for (const wish of wishes) {
    wish.words = wish.lines.map((line) => measure(line, ground.family, ground.phone));
    wish.width = Math.max(...wish.words.map((word) => word.width));
    wish.height = wish.words.reduce((sum, word) => sum + word.height, 0);
  }
  wishes.sort((a, b) => RIGHTS.indexOf(a.kind) - RIGHTS.indexOf(b.kind) || a.order - b.order);
  let improved = false, named = 0;
  for (const wish of wishes) {
    if (wish.limit && named >= wish.limit) continue;
    if (wish.room && wish.room < wish.width * .9) continue;
    if (!improved && RIGHTS.indexOf(wish.kind) > RIGHTS.indexOf("destination")) {
      improved = true;
      placer.improve();
    }
    if (placer.place(wish) && wish.limit) named++;
  }
  return placer.placed;
}

class Placer {
  constructor(ground) { this.ground = ground; this.placed = []; }

  place(wish) {
    const best = this.options(wish, this.placed)[0];
    if (best) this.placed.push(best);
    return best;
  }
  /* Where a label may stand clear of `others`, cheapest first. */
  options(wish, others) {
    const {size, keepOff, symbols, grid} = this.ground, out = [], places = wish.gap ? around(wish) : about(wish);
    let best = Infinity;
    for (const [rank, [box, anchor]] of places.entries()) {
      // A later place costs at least its rank; where only the best is wanted, that ends the search.
      if (others.length && best <= rank * RANK_COST) break;
      if (box[0] < 4 || box[1] < 4 || box[2] > size[0] - 4 || box[3] > size[1] - 4) continue;
      if (keepOff.some((other) => overlap(box, other))) continue;
      if (symbols.some((s) => overlap(box, [s.x - s.radius, s.y - s.radius, s.x + s.radius, s.y + s.radius]))) continue;
      if (others.some((o) => overlap([box[0] - 4, box[1], box[2] + 4, box[3]], o.box))) continue;
      const doubt = this.doubt(wish, box), covered = doubt === Infinity ? 0 : grid.under(box);
      if (doubt === Infinity || covered > wish.allow) continue;
      const cost = covered + rank * RANK_COST + doubt;
      best = Math.min(best, cost);
      out.push({wish, box, anchor, cost});
    }
    return out.sort((a, b) => a.cost - b.cost);
  }
  /* A label nearer to another symbol than to its own belongs to that one: never. One nearly so costs. */
  doubt(wish, box) {
    if (!wish.owner) return 0;
    const own = apart(box, wish.owner);
    let cost = 0;
    for (const symbol of this.ground.symbols) {
      if (symbol === wish.owner) continue;
      const other = apart(box, symbol);
      if (other < own) return Infinity;
      if (other < own + 4) cost += 26;
    }
    return cost;
  }
  /* Where a destination's label stands badly because another came first, let the two change. */
  improve() {
    for (const bad of this.placed.slice().sort((a, b) => b.cost - a.cost).slice(0, 12)) {
      if (bad.cost < 24 || !this.placed.includes(bad)) continue;
      for (const better of this.options(bad.wish, [])) {
        if (better.cost > bad.cost - 12) break;
        const blockers = this.placed.filter((other) => other !== bad && overlap(other.box, better.box));
        if (blockers.length !== 1 || blockers[0].wish.kind !== "destination") continue;
        const rest = this.placed.filter((other) => other !== bad && other !== blockers[0]);
        const moved = this.options(blockers[0].wish, rest.concat([better]))[0];
        if (!moved || moved.cost + better.cost >= bad.cost + blockers[0].cost) continue;
        this.placed = rest.concat([better, moved]);
        break;
      }
    }
  }
}

export function writeLabels(placed, parent) {
  for (const {wish, box, anchor} of placed) {
    const x = anchor === "start" ? box[0] : anchor === "end" ? box[2] : (box[0] + box[2]) / 2;
    const text = svg("text", {"class": "lb lb-of-" + wish.kind, "text-anchor": anchor}, parent);
    let y = box[1];
    for (const word of wish.words) {
      y += word.height;
      svg("tspan", {"class": "lb-" + word.style, x: x.toFixed(1), y: (y - word.size * .28).toFixed(1)}, text, word.text);
    }
  }
}
