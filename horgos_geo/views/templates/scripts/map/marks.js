/* Symbols and labels of a scene: the strongest first, a weaker one under a stronger one gives way. */
import {glyph, svg} from "../dom.js";
import {RADIUS, RIGHTS, UPWARDS} from "../symbols.js";
import {LineGrid, placeLabels, writeLabels} from "./placer.js";
import {groundNames} from "./names.js";

/* How near two symbols may come, as a part of the sum of their radii. */
const CLOSE = .72;
const PHONE = .74;
/* Symbols that give way to the label of the gateway or of a destination. */
const MINOR = ["crossing", "terminal", "city"];

/* Lay out a scene on a view; return the labels placed.
   scene: marks(view), a list of what to show; lines(view), lines in kilometres that labels keep off; and of countries
   `passed` and `closed` (codes). A mark: kind, key, x, y, lines (of its label), rows (its tip), order, allow, and perhaps
   letter, on, minor, focus (a name for it as a button), act(pixel). */
export function layoutMarks(view, scene) {
  const size = view.size, scale = view.phone ? PHONE : 1, family = getComputedStyle(view.frame).fontFamily;
  const lines = scene.lines(view).map((line) => line.map(([x, y]) => view.toPixel(x, y)));
  const grid = new LineGrid(lines, size), keepOff = view.overlays();
  const context = {view, size, scale, grid, lines, keepOff, symbols: []};
  const marks = scene.marks(view).sort((a, b) => RIGHTS.indexOf(a.kind) - RIGHTS.indexOf(b.kind) || a.order - b.order || (a.key < b.key ? -1 : 1));
  for (const mark of marks) place(context, mark);
  if (scene.letters) scene.letters(context, (mark) => place(context, mark));
  const wishes = context.symbols.filter((symbol) => symbol.mark.lines.length).map(wishOf);
  wishes.push(...groundNames(view, scene));
  const placed = label(wishes, context, {size, keepOff, grid, family, phone: view.phone});
  const named = new Set(placed.map((label_) => label_.wish.owner));
  drawSymbols(view, context.symbols.filter((symbol) => symbol.mark.kind !== "city" || named.has(symbol)), scale);
  writeLabels(placed, svg("g", {"class": "labels"}, view.over));
  return placed;
}

/* Where a mark stands on the screen, if there is room for it. */
function place(context, mark) {
  const {view, size, scale, symbols} = context, radius = RADIUS[mark.kind] * scale;
  let [x, y] = view.toPixel(mark.x, mark.y), beside = false;
  if (x < -20 || y < -20 || x > size[0] + 20 || y > size[1] + 20) return;
  const near = symbols.filter((other) => {
    if (mark.kind === "destination" && other.mark.kind !== "gateway") return false;
    if (mark.kind === "chosen") return false;
    return Math.hypot(other.x - x, other.y - y) < (radius + other.radius) * CLOSE;
  });
  if (near.length === 1 && mark.kind === "gauge" && near[0].mark.kind === "gateway") {
    // A break of gauge at the gateway is a part of every route: it stands beside it.
    [x, y] = clearest(context, near[0], near[0].radius + radius + 1);
    beside = true;
  } else if (near.length) return;
  symbols.push({mark, x, y, radius, beside});
}

/* Below, above, right or left of a symbol: where lines are furthest. */
function clearest({grid}, {x, y}, away) {
  const spots = [[0, 1], [0, -1], [1, 0], [-1, 0]].map(([dx, dy]) => [x + dx * away, y + dy * away]);
  const distance = ([a, b]) => grid.distance(a, b, 40);
  return spots.reduce((best, spot) => (distance(spot) > distance(best) + 2 ? spot : best));
}

function wishOf(symbol) {
  const {mark, x, y, radius, beside} = symbol;
  // A symbol that was moved says what it is; its place is the gateway's.
  const lines = beside && mark.lines.length > 1 ? mark.lines.slice(1) : mark.lines;
  return {kind: mark.kind, x, y, owner: symbol, lines, order: mark.order, allow: mark.allow, gap: Math.max(radius + 3.5, radius / .75 + .5)};
}

/* Place all labels. Where the gateway or the chosen place gets none, minor symbols near it give way. */
function label(wishes, context, ground) {
  let placed = placeLabels(wishes, {...ground, symbols: context.symbols});
  const done = new Set(placed.map((label_) => label_.wish));
  const strong = wishes.filter((wish) => ["gateway", "chosen"].includes(wish.kind));
  if (strong.some((wish) => !done.has(wish))) {
    const major = context.symbols.filter((symbol) => !MINOR.includes(symbol.mark.kind));
    const first = placeLabels(strong, {...ground, symbols: major});
    context.symbols = context.symbols.filter((symbol) => major.includes(symbol) || first.every((label_) => clear(label_, symbol)));
    const left = new Set(context.symbols);
    const rest = wishes.filter((wish) => !strong.includes(wish) && (!wish.owner || left.has(wish.owner)));
    const boxes = first.map((label_) => label_.box);
    placed = first.concat(placeLabels(rest, {...ground, keepOff: ground.keepOff.concat(boxes), symbols: context.symbols}));
  }
  return placed;
}

/* A symbol that a label neither covers nor is nearer to than to its own. */
function clear({box, wish}, symbol) {
  const gap = (s) => Math.hypot(Math.max(box[0] - s.x, s.x - box[2], 0), Math.max(box[1] - s.y, s.y - box[3], 0)) - s.radius;
  return gap(symbol) > Math.max(1, gap(wish.owner));
}

function drawSymbols(view, symbols, scale) {
  const layer = svg("g", {"class": "symbols"}, view.over);
  symbols.sort((a, b) => UPWARDS.indexOf(a.mark.kind) - UPWARDS.indexOf(b.mark.kind));
  for (const {mark, x, y} of symbols) {
    const at = `translate(${x.toFixed(1)} ${y.toFixed(1)}) scale(${mark.kind === "letter" ? 1 : scale})`;
    const group = svg("g", {"class": `g sym-${mark.kind}${mark.on ? " is-on" : ""}`, transform: at, "data-key": mark.key}, layer);
    glyph(mark.kind, group);
    if (mark.letter) svg("text", {"class": "g-letter-t", y: 4.2, "text-anchor": "middle"}, group, mark.letter);
    svg("circle", {"class": "hit-dot", r: 12}, group);
    group.addEventListener("pointerenter", () => { if (!view.pinned) view.showTip(mark.rows, [x, y]); });
    group.addEventListener("pointerleave", () => view.hideTip());
    if (mark.act) {
      group.classList.add("acts");
      group.addEventListener("click", (event) => { event.stopPropagation(); mark.act([x, y]); });
    }
    if (mark.focus) {
      for (const [key, value] of [["tabindex", "0"], ["role", "button"], ["aria-label", mark.focus]]) group.setAttribute(key, value);
      group.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        mark.act([x, y]);
      });
    }
  }
}
