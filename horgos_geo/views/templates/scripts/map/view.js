/* One live map: Leaflet over pre-projected data. Lines keep their width and rail its side at every
   zoom; symbols and labels are laid out again after each move. */
import {html, svg} from "../dom.js";
import {points} from "../encoding.js";
import {layoutMarks} from "./marks.js";

/* Panes from the ground up; lines in the first two are never pointed at. */
const PANES = {ground: 200, casing: 410, routes: 420, over: 640};
const SCALES = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000];
/* How far the ends of a route stay off overlays, pixels. */
const CLEAR = 12;
let hatches = 0;

/* [x, y] to Leaflet's order. */
function flip(line) { return line.map(([x, y]) => [y, x]); }

/* Move a line of pixels `d` to its left, corners kept blunt. */
function shift(line, d) {
  if (line.length < 2) return line;
  const normals = [];
  for (let i = 1; i < line.length; i++) {
    const dx = line[i].x - line[i - 1].x, dy = line[i].y - line[i - 1].y, length = Math.hypot(dx, dy) || 1;
    normals.push([dy / length, -dx / length]);
  }
  return line.map((point, i) => {
    const a = normals[Math.max(0, i - 1)], b = normals[Math.min(normals.length - 1, i)];
    const x = a[0] + b[0], y = a[1] + b[1], norm = Math.max(Math.hypot(x, y), .5);
    return L.point(point.x + x / norm * d, point.y + y / norm * d);
  });
}

/* A polyline drawn a few pixels to its left, whatever the zoom. Made late, for Leaflet may come after this script. */
let OffsetLine = null;
function offsetLine() {
  return OffsetLine = OffsetLine || L.Polyline.extend({
    _updatePath() {
      const d = this.options.offset;
      if (d) this._parts = this._parts.map((part) => shift(part, d));
      L.Polyline.prototype._updatePath.call(this);
    },
  });
}

/* A map of its own on the conic plane, for pages that do not get theirs from folium. */
export function planeMap(box) {
  return L.map(box, {
    crs: L.CRS.Simple, center: [0, 0], zoom: -2, minZoom: -4.2, maxZoom: 3, zoomSnap: 0, zoomControl: false, attributionControl: false,
    scrollWheelZoom: false, zoomAnimation: false, fadeAnimation: false, inertia: false, maxBounds: [[-4600, -6200], [4600, 5800]],
  });
}

export class MapView {
  /* map: Leaflet's, empty. base: the basemap. options: words (zoom_in, zoom_out, fit, close, closed_country, km),
     language, format(number), unit ("km" on the plane, "deg"), closest (pixels a kilometre that a fit may reach),
     isPhone(), fit(), clear(). */
  constructor(map, base, options) {
    this.map = map;
    this.base = base;
    this.options = Object.assign({unit: "km", closest: Infinity, isPhone: () => this.box.clientWidth < 560}, options);
    this.box = map.getContainer();
    this.frame = this.box.parentNode;
    this.scene = null;
    this.placed = [];
    this.pinned = false;
    this.outlines = {};
    this.phone = this.options.isPhone();
    this.build();
  }

  build() {
    const {map} = this;
    this.panes = {};
    for (const [name, z] of Object.entries(PANES)) {
      map.createPane(name).style.zIndex = z;
      if (name !== "over") this.panes[name] = L.svg({pane: name, padding: .6});
    }
    for (const name of ["ground", "casing"]) map.getPane(name).style.pointerEvents = "none";
    if (map.attributionControl) map.attributionControl.setPrefix(false);
    // One finger scrolls the page; two move and zoom the map.
    if (matchMedia("(pointer:coarse)").matches) map.dragging.disable();
    this.over = svg("svg", {"class": "map-over", width: 1, height: 1}, map.getPane("over"));
    this.tip = html("div", "map-tip", this.frame);
    this.tip.hidden = true;
    this.tip.setAttribute("role", "status");
    this.bar = html("div", "map-bar", this.frame);
    this.bar.setAttribute("aria-hidden", "true");
    this.bar.dataset.overlay = "";
    this.addControls();
    this.addGestures();
  }

  addControls() {
    const bar = html("div", "map-ctl", this.frame), {map} = this;
    bar.dataset.overlay = "";
    this.buttons = {
      zoom_in: ["+", () => map.zoomIn(.75)], zoom_out: ["−", () => map.zoomOut(.75)], fit: ["⤢", () => { this.clear(); this.options.fit(); }],
    };
    for (const [key, [sign, act]] of Object.entries(this.buttons)) {
      const button = this.buttons[key] = html("button", "is-" + key, bar, sign);
      button.type = "button";
      button.addEventListener("click", act);
    }
    this.speak(this.options);
  }

  /* Say the map's own words in another language. */
  speak({words, language, format}) {
    Object.assign(this.options, {words, language, format});
    for (const [key, button] of Object.entries(this.buttons)) {
      button.title = words[key];
      button.setAttribute("aria-label", words[key]);
    }
  }

  addGestures() {
    const {map, box} = this;
    map.on("moveend zoomend resize", () => this.layout());
    map.on("click", () => this.clear());
    box.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.clear();
      else if (event.key === "0" && event.target === box) this.options.fit();
    });
    box.addEventListener("mouseleave", () => this.hideTip());
    box.addEventListener("wheel", (event) => {
      // The wheel alone zooms only where the page itself does not scroll.
      if (!event.ctrlKey && document.documentElement.scrollHeight > window.innerHeight + 2) return;
      event.preventDefault();
      const turn = Math.max(-60, Math.min(60, event.deltaY)) * .006;
      map.setZoomAround(map.mouseEventToContainerPoint(event), map.getZoom() - turn, {animate: false});
    }, {passive: false});
  }

  clear() {
    this.pinned = false;
    this.tip.hidden = true;
    if (this.options.clear) this.options.clear();
  }

  /* Ground ------------------------------------------------------------------------------------ */

  drawGround() {
    const {base, panes, map} = this, renderer = panes.ground;
    const options = (className) => ({renderer, className, interactive: false, smoothFactor: .8});
    const polygons = (rows, name) => L.polygon(rows.map((rings) => rings.map((ring) => flip(points(ring, base.step)))), options(name)).addTo(map);
    const lines = (rows, name) => L.polyline(rows.map((row) => flip(points(row, base.step))), {...options(name), fill: false}).addTo(map);
    polygons(base.land, "land");
    polygons(base.lakes, "lake");
    lines(base.graticule, "grat");
    this.closed = L.layerGroup().addTo(map);
    lines(base.boundaries, "bound");
    lines(base.disputed, "disp");
  }

  /* Rings of a country; `rings` when the basemap has none. */
  outline(code) {
    const rows = (this.base.outlines || {})[code];
    if (!this.outlines[code] && rows) {
      this.outlines[code] = rows.flatMap((rings) => rings.map((ring) => points(ring, this.base.step)));
    }
    return this.outlines[code];
  }

  /* Hatch countries. */
  setClosed(codes) {
    if (!this.hatch) this.addHatch();
    this.closed.clearLayers();
    for (const code of codes) {
      const rings = this.outline(code);
      if (!rings) continue;
      const area = L.polygon(rings.map(flip), {renderer: this.panes.ground, className: "closed-land", interactive: false, smoothFactor: .8});
      this.closed.addLayer(area);
      const path = area.getElement();
      path.style.fill = `url(#${this.hatch})`;
      // Under the boundaries, which were drawn before it.
      path.parentNode.insertBefore(path, path.parentNode.querySelector(".bound"));
    }
  }

  addHatch() {
    this.hatch = "horgos-hatch-" + hatches++;
    const picture = svg("svg", {width: 0, height: 0, "aria-hidden": "true", style: "position:absolute"}, this.frame);
    const pattern = svg("pattern", {id: this.hatch, width: 7, height: 7, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)"}, picture);
    svg("path", {"class": "hatch", d: "M0 0V7"}, pattern);
  }

  /* Lines ------------------------------------------------------------------------------------- */

  /* Draw a line [[x, y], …] into the pane "casing" or "routes". */
  line(pane, className, line, {weight = 1, offset = 0, interactive = false} = {}) {
    const Line = offsetLine();
    return new Line(flip(line), {renderer: this.panes[pane], className, weight, offset, interactive, smoothFactor: .7, bubblingMouseEvents: false}).addTo(this.map);
  }

  /* View -------------------------------------------------------------------------------------- */

  get size() { const size = this.map.getSize(); return [size.x, size.y]; }

  toPixel(x, y) { const p = this.map.latLngToContainerPoint([y, x]); return [p.x, p.y]; }

  fromPixel(x, y) { const p = this.map.containerPointToLatLng([x, y]); return [p.lng, p.lat]; }

  get kmPerPixel() {
    const {map} = this;
    if (this.options.unit === "km") return 1 / map.getZoomScale(map.getZoom(), 0);
    const y = this.size[1] / 2;
    return map.distance(map.containerPointToLatLng([0, y]), map.containerPointToLatLng([100, y])) / 1e5;
  }

  /* Show a box [west, south, east, north] inside margins of pixels [left, top, right, bottom]. */
  fit([west, south, east, north], [left, top, right, bottom] = [0, 0, 0, 0]) {
    const {map} = this, [w, h] = this.size;
    if (this.options.unit !== "km" || !w) {
      map.fitBounds([[south, west], [north, east]], {animate: false, paddingTopLeft: [left, top], paddingBottomRight: [right, bottom]});
      return;
    }
    const [x, y, k] = this.fitting([west, south, east, north], [left, top, right, bottom]);
    map.setView([y, x], -Math.log2(k), {animate: false});
  }

  /* The middle (kilometres) and the kilometres a pixel that show a box inside margins. */
  fitting([west, south, east, north], [left, top, right, bottom]) {
    const {map} = this, [w, h] = this.size;
    const scale = Math.min(Math.max(60, w - left - right) / Math.max(1, east - west), Math.max(60, h - top - bottom) / Math.max(1, north - south));
    const k = 2 ** -Math.max(map.getMinZoom(), Math.min(map.getMaxZoom(), Math.log2(Math.min(scale, this.options.closest))));
    return [(west + east) / 2 + (right - left) / 2 * k, (south + north) / 2 + (top - bottom) / 2 * k, k];
  }

  /* Show points with room for what lies over the map: none of `ends` may come under an overlay.
     Each overlay stands in a corner; the box leaves it out above or below, left or right, whichever keeps the scale larger. */
  fitAround(line, ends, margins) {
    const all = line.concat(ends), [width, height] = this.size;
    if (!all.length || !width) return;
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    for (const [x, y] of all) {
      box[0] = Math.min(box[0], x); box[1] = Math.min(box[1], y); box[2] = Math.max(box[2], x); box[3] = Math.max(box[3], y);
    }
    const corners = this.overlays().filter(([l, t, r, b]) => r - l < width * .9 && b - t < height * .9);
    let best = null;
    for (let choice = 0; choice < 3 ** corners.length; choice++) {
      const tried = margins.slice();
      corners.forEach(([l, t, r, b], i) => {
        const how = Math.floor(choice / 3 ** i) % 3;
        if (how === 1) { if (l + r < width) tried[0] = Math.max(tried[0], r + CLEAR); else tried[2] = Math.max(tried[2], width - l + CLEAR); }
        if (how === 2) { if (t + b < height) tried[1] = Math.max(tried[1], b + CLEAR); else tried[3] = Math.max(tried[3], height - t + CLEAR); }
      });
      const scale = Math.min((width - tried[0] - tried[2]) / Math.max(1, box[2] - box[0]), (height - tried[1] - tried[3]) / Math.max(1, box[3] - box[1]));
      if (scale <= 0 || (best && scale <= best.scale)) continue;
      if (!this.covers(corners, ends, box, tried)) best = {scale, tried};
    }
    this.fit(box, best ? best.tried : margins);
  }

  /* Whether all of a line is in sight. */
  shows(line) {
    const [width, height] = this.size;
    return line.every(([x, y]) => {
      const [px, py] = this.toPixel(x, y);
      return px > 0 && py > 0 && px < width && py < height;
    });
  }

  /* Whether a fit would put one of some points under one of some overlays. */
  covers(corners, ends, box, margins) {
    const [cx, cy, k] = this.fitting(box, margins), [width, height] = this.size;
    return ends.some(([x, y]) => {
      const px = (x - cx) / k + width / 2, py = (cy - y) / k + height / 2;
      return corners.some(([l, t, r, b]) => px > l - CLEAR && px < r + CLEAR && py > t - CLEAR && py < b + CLEAR);
    });
  }

  /* Boxes of what lies over the map, in its pixels. */
  overlays() {
    const from = this.box.getBoundingClientRect();
    return Array.from(this.frame.querySelectorAll("[data-overlay]"), (element) => {
      // The numbers of the scale stand outside its own box.
      const boxes = [element, ...(element === this.bar ? element.children : [])].map((part) => part.getBoundingClientRect()), side = (name, of) => of(...boxes.map((box) => box[name]));
      return [side("left", Math.min) - from.left - 4, side("top", Math.min) - from.top - 4, side("right", Math.max) - from.left + 4, side("bottom", Math.max) - from.top + 4];
    }).filter((box) => box[2] > box[0] + 9);
  }

  drawScale() {
    const {words, format} = this.options, k = this.kmPerPixel, most = this.phone ? 90 : Math.min(230, this.size[0] / 5);
    const length = SCALES.filter((km) => km / k <= most).pop() || SCALES[0], pixels = length / k;
    this.bar.textContent = "";
    this.bar.style.width = pixels + "px";
    const ends = [[0, "0"], [50, pixels > 110 ? format(length / 2) : ""], [100, format(length) + "\u00a0" + words.km]];
    for (const [at, text] of ends) html("span", "", this.bar, text).style.left = at + "%";
  }

  /* Lay out symbols and labels for where the map stands now. */
  layout() {
    this.phone = this.options.isPhone();
    this.drawScale();
    const origin = this.map.containerPointToLayerPoint([0, 0]);
    this.over.textContent = "";
    this.over.classList.toggle("is-phone", this.phone);
    this.over.style.transform = `translate(${origin.x}px,${origin.y}px)`;
    if (this.scene) this.placed = layoutMarks(this, this.scene);
  }

  /* Tip --------------------------------------------------------------------------------------- */

  /* rows: the first is its title. actions: [text, act], buttons of a tip that stays. */
  showTip(rows, [x, y], pinned = false, actions = []) {
    const {tip} = this, [width, height] = this.size;
    this.pinned = pinned;
    tip.textContent = "";
    rows.forEach((row, i) => html(i ? "div" : "strong", "", tip, row));
    tip.hidden = false;
    tip.classList.toggle("is-pinned", pinned);
    if (pinned) {
      const close = html("button", "map-tip-close", tip, "×");
      close.type = "button";
      close.setAttribute("aria-label", this.options.words.close);
      close.addEventListener("click", () => this.clear());
    }
    for (const [text, act] of actions) {
      const button = html("button", "map-tip-act", tip, text);
      button.type = "button";
      button.addEventListener("click", () => { this.clear(); act(); });
    }
    const w = tip.offsetWidth, h = tip.offsetHeight;
    tip.style.left = (x + 16 + w > width - 8 ? Math.max(8, x - w - 16) : x + 16) + "px";
    tip.style.top = (y + 16 + h > height - 8 ? Math.max(8, height - h - 8) : y + 16) + "px";
  }

  hideTip() { if (!this.pinned) this.tip.hidden = true; }
}
