/* One live map: Leaflet over pre-projected data. Lines keep their width and rail its side at every
   zoom; symbols and labels are laid out again after each move, by the rules of the static picture. */
(function () {
  "use strict";
  var NS = "http://www.w3.org/2000/svg";
  var GLYPHS = /*GLYPHS*/{};
  var RADIUS = /*RADIUS*/{};
  var RIGHTS = /*RIGHTS*/[];
  var UPWARDS = /*UPWARDS*/[];
  var MODES = ["road", "rail", "ferry"];

  function decode(text, step) {
    var out = [], x = 0, y = 0, i = 0;
    while (i < text.length) {
      for (var k = 0; k < 2; k++) {
        var b, shift = 0, r = 0;
        do { b = text.charCodeAt(i++) - 63; r |= (b & 31) << shift; shift += 5; } while (b >= 32);
        var d = (r & 1) ? ~(r >> 1) : r >> 1;
        if (k) { y += d; } else { x += d; }
      }
      out.push([y * step, x * step]);
    }
    return out;
  }
  function el(name, attrs, parent, text) {
    var e = document.createElementNS(NS, name);
    for (var k in attrs) { if (attrs[k] !== null) e.setAttribute(k, attrs[k]); }
    if (text !== undefined) e.textContent = text;
    if (parent) parent.appendChild(e);
    return e;
  }
  function html(name, cls, parent, text) {
    var e = document.createElement(name);
    if (cls) e.className = cls;
    if (text !== undefined) e.textContent = text;
    if (parent) parent.appendChild(e);
    return e;
  }

  function cap(text) { return text.charAt(0).toUpperCase() + text.slice(1); }

  // A polyline drawn a few pixels to its left, whatever the zoom.
  var Offset = L.Polyline.extend({
    _updatePath: function () {
      var d = this.options.offset;
      if (d) this._parts = this._parts.map(function (part) { return shift(part, d); });
      L.Polyline.prototype._updatePath.call(this);
    }
  });
  function shift(p, d) {
    if (p.length < 2) return p;
    var n = [], out = [], i;
    for (i = 1; i < p.length; i++) {
      var dx = p[i].x - p[i - 1].x, dy = p[i].y - p[i - 1].y, l = Math.hypot(dx, dy) || 1;
      n.push([dy / l, -dx / l]);
    }
    for (i = 0; i < p.length; i++) {
      var a = n[Math.max(0, i - 1)], b = n[Math.min(n.length - 1, i)];
      var x = a[0] + b[0], y = a[1] + b[1], m = Math.max(Math.hypot(x, y), .5);
      out.push(L.point(p[i].x + x / m * d, p[i].y + y / m * d));
    }
    return out;
  }

  function HorgosMap(map, data, base) {
    this.map = map; this.data = data; this.base = base;
    this.box = map.getContainer();
    this.figure = this.box.closest(".map");
    this.phone = this.box.clientWidth < 700;
    this.chosen = null;
    this.pinned = false;
    this.build();
  }
  HorgosMap.prototype = {
    build: function () {
      var self = this, map = this.map;
      map.createPane("ground").style.zIndex = 200;
      map.createPane("casing").style.zIndex = 410;
      map.createPane("routes").style.zIndex = 420;
      map.createPane("over").style.zIndex = 640;
      ["ground", "casing"].forEach(function (n) { map.getPane(n).style.pointerEvents = "none"; });
      this.ground = L.svg({pane: "ground", padding: .6});
      this.casing = L.svg({pane: "casing", padding: .6});
      this.strokes = L.svg({pane: "routes", padding: .6});
      this.fit();
      this.drawGround();
      this.drawRoutes();
      this.over = el("svg", {"class": "map-over", width: 1, height: 1}, map.getPane("over"));
      this.tip = html("div", "map-tip", this.box.parentNode);
      this.tip.hidden = true;
      this.tip.setAttribute("role", "status");
      this.controls();
      this.locator();
      map.on("moveend zoomend resize", function () { self.layout(); });
      map.on("click", function () { self.clear(); });
      this.box.addEventListener("keydown", function (e) { if (e.key === "Escape") self.clear(); });
      this.box.addEventListener("mouseleave", function () { self.hideTip(); });
      this.layout();
    },
    fit: function () {
      var b = this.data.frames[this.phone ? "phone" : "wide"];
      var size = this.map.getSize();
      var bounds = L.latLngBounds([b[1], b[0]], [b[3], b[2]]);
      this.map.fitBounds(bounds, {animate: false, padding: [0, 0]});
      if (this.data.unit === "km" && size.x > 0) {
        var zoom = Math.log2(Math.min(size.x / (b[2] - b[0]), size.y / (b[3] - b[1])));
        this.map.setView(bounds.getCenter(), zoom, {animate: false});
      }
    },
    kmPerPx: function () {
      if (this.data.unit === "km") return 1 / this.map.getZoomScale(this.map.getZoom(), 0);
      var s = this.map.getSize(), y = s.y / 2, m = this.map;
      return m.distance(m.containerPointToLatLng([0, y]), m.containerPointToLatLng([100, y])) / 1e5;
    },
    drawGround: function () {
      var map = this.map, base = this.base, r = this.ground, step = base.step;
      function poly(rows, cls) {
        var all = rows.map(function (p) { return p.map(function (ring) { return decode(ring, step); }); });
        L.polygon(all, {renderer: r, className: cls, interactive: false, smoothFactor: .8}).addTo(map);
      }
      function lines(rows, cls) {
        L.polyline(rows.map(function (t) { return decode(t, step); }),
          {renderer: r, className: cls, interactive: false, fill: false, smoothFactor: .8}).addTo(map);
      }
      poly(base.land, "land");
      poly(base.lakes, "lake");
      lines(base.graticule, "grat");
      this.data.closed.forEach(function (c) { poly(c.rings, "closed-land"); });
      lines(base.boundaries, "bound");
      lines(base.disputed, "disp");
    },
    width: function (shared) {
      var d = this.data, steps = (shared - 1) * Math.min(1, 9 / Math.max(d.most - 1, 1));
      return this.phone ? 1.4 + .14 * steps : 1.9 + .27 * steps;
    },
    drawRoutes: function () {
      var self = this, map = this.map, d = this.data;
      if (d.straight.length) {
        L.polyline(d.straight.map(function (t) { return decode(t, d.step); }),
          {renderer: this.casing, className: "snap", interactive: false}).addTo(map);
      }
      this.lines = d.lines.map(function (row) {
        var line = {mode: MODES[row[0]], to: row[1], xy: decode(row[2], d.step), row: row};
        var w = row[9] ? 1.4 : line.mode === "ferry" ? 3 : self.width(line.to.length);
        var offset = line.mode === "rail" && d.both ? (self.phone ? 1.7 : 2.7) : 0;
        line.width = w; line.offset = offset;
        function add(renderer, cls, weight, live) {
          return new Offset(line.xy, {renderer: renderer, className: cls + " m-" + line.mode + (row[9] ? " is-shut" : ""), weight: weight,
            offset: offset, interactive: !!live, smoothFactor: .7, bubblingMouseEvents: false}).addTo(map);
        }
        add(self.casing, "casing", w + 2.2);
        line.shape = add(self.strokes, "ln", w);
        line.hit = add(self.strokes, "hit", 13, true);
        line.hit.on("mouseover mousemove", function (e) {
          if (self.pinned) return;
          self.shape(line, true);
          self.showTip(self.aboutLine(line), e.containerPoint);
        }).on("mouseout", function () { self.shape(line, false); if (!self.pinned) self.hideTip(); })
          .on("click", function (e) {
            self.clear(); self.shape(line, true); self.held = line; self.pinned = true;
            self.showTip(self.aboutLine(line), e.containerPoint);
          });
        return line;
      });
    },
    shape: function (line, on) {
      var path = line.shape.getElement();
      if (path) path.classList.toggle("is-on", on);
    },
    aboutLine: function (line) {
      var r = line.row, w = this.data.words, dests = this.data.destinations, rows = [];
      var names = line.to.map(function (i) { return dests[i][1]; });
      var more = names.length - 5;
      var list = names.slice(0, 5).join(", ") + (more > 0 ? " " + w.more.replace("{n}", more) : "");
      rows.push([cap(w.modes[line.mode]) + " · " + r[3]]);
      if (r[4] || r[5]) rows.push([r[4] + " → " + r[5]]);
      rows.push([r[6] + (r[7] ? ", " + r[7] : "")]);
      rows.push([w.towards.replace("{names}", list)]);
      if (r[8]) rows.push([w.next.replace("{name}", r[8])]);
      return rows;
    },
    aboutSymbol: function (s) {
      var rows = [[s.k === "letter" ? this.data.destinations[s.t[0]][1] : s.n]];
      if (s.v && s.k === "gauge") rows.push([s.v]);
      if (s.k !== "destination" && this.data.words.kinds[s.k]) rows.push([this.data.words.kinds[s.k]]);
      (s.s || []).forEach(function (t) { rows.push([t]); });
      (s.d || []).forEach(function (t) { rows.push([t]); });
      return rows;
    },
    showTip: function (rows, at) {
      var tip = this.tip, self = this;
      tip.textContent = "";
      rows.forEach(function (row, i) { html(i ? "div" : "strong", "", tip, row[0]); });
      tip.hidden = false;
      tip.classList.toggle("is-pinned", this.pinned);
      if (this.pinned) {
        var b = html("button", "map-tip-close", tip, "×");
        b.type = "button"; b.setAttribute("aria-label", this.data.words.close);
        b.addEventListener("click", function () { self.clear(); });
      }
      var size = this.map.getSize(), w = tip.offsetWidth, h = tip.offsetHeight;
      var x = at.x + 16, y = at.y + 16;
      if (x + w > size.x - 8) x = Math.max(8, at.x - w - 16);
      if (y + h > size.y - 8) y = Math.max(8, size.y - h - 8);
      tip.style.left = x + "px"; tip.style.top = y + "px";
    },
    hideTip: function () { if (!this.pinned) this.tip.hidden = true; },
    clear: function () {
      var self = this;
      this.pinned = false; this.tip.hidden = true; this.chosen = null; this.held = null;
      this.lines.forEach(function (l) { self.shape(l, false); });
      this.dim();
      this.layout();
    },
    choose: function (symbol, at) {
      var index = symbol.t.length === 1 && (symbol.k === "destination" || symbol.k === "letter") ? symbol.t[0] : null;
      this.clear();
      this.chosen = index; this.pinned = true;
      this.dim();
      this.layout();
      this.showTip(this.aboutSymbol(symbol), at);
    },
    dim: function () {
      var c = this.chosen;
      this.lines.forEach(function (l) {
        [l.shape].forEach(function (s) {
          var p = s.getElement();
          if (p) p.classList.toggle("is-dim", c !== null && l.to.indexOf(c) < 0);
        });
      });
    },
    controls: function () {
      var self = this, w = this.data.words, bar = html("div", "map-ctl", this.box.parentNode);
      [["+", w.zoom_in, function () { self.map.zoomIn(.75); }],
       ["−", w.zoom_out, function () { self.map.zoomOut(.75); }],
       ["⤢", w.fit, function () { self.clear(); self.fit(); }]].forEach(function (c) {
        var b = html("button", "", bar, c[0]);
        b.type = "button"; b.title = c[1]; b.setAttribute("aria-label", c[1]);
        b.addEventListener("click", c[2]);
      });
      this.bar = html("div", "map-bar", this.box.parentNode);
      this.bar.setAttribute("aria-hidden", "true");
    },
    // The small globe of the static picture, which tells where the first view lies.
    locator: function () {
      var paper = this.figure.querySelector(".map-wide"), globe = paper && paper.querySelector(".globe");
      if (!globe || this.phone) return;
      this.globe = el("svg", {"class": "map-globe", viewBox: paper.getAttribute("viewBox"), "aria-hidden": "true"}, this.box.parentNode);
      this.globe.appendChild(globe.cloneNode(true));
      this.home = [this.map.getCenter(), this.map.getZoom()];
    },
    atHome: function () {
      return this.home && this.map.getZoom() === this.home[1] && this.map.getCenter().equals(this.home[0], .5);
    },
    scale: function (obstacles) {
      var k = this.kmPerPx(), most = this.phone ? 100 : 230, pick = 1;
      [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000].forEach(function (n) { if (n / k <= most) pick = n; });
      var px = pick / k, fmt = new Intl.NumberFormat(this.data.locale);
      this.bar.textContent = "";
      this.bar.style.width = px + "px";
      [[0, "0"], [50, px > 130 ? fmt.format(pick / 2) : ""], [100, fmt.format(pick) + " " + this.data.words.km]]
        .forEach(function (t) { var s = html("span", "", this.bar, t[1]); s.style.left = t[0] + "%"; }, this);
      var size = this.map.getSize();
      if (this.phone) obstacles.push([0, size.y - 44, px + 60, size.y]);
      else obstacles.push([size.x - px - 70, size.y - 44, size.x, size.y]);
      if (this.globe) {
        this.globe.style.display = this.atHome() ? "" : "none";
        if (this.atHome()) {
          var a = this.globe.getBoundingClientRect(), b = this.globe.firstChild.getBoundingClientRect();
          obstacles.push([b.left - a.left - 4, b.top - a.top - 4, b.right - a.left + 4, b.bottom - a.top + 4]);
        }
      }
      obstacles.push(this.phone ? [size.x - 62, 0, size.x, 62] : [size.x - 56, 0, size.x, 116]);
    },
    off: function (what) { return (this.figure.dataset.off || "").split(" ").indexOf(what) >= 0; },
    layout: function () { window.HorgosLabels(this); }
  };

  window.HorgosMaps = {
    all: {}, glyphs: GLYPHS, radius: RADIUS, rights: RIGHTS, upwards: UPWARDS, element: el,
    draw: function (map, id) {
      var data = JSON.parse(document.getElementById(id + "-data").textContent);
      var base = JSON.parse(document.getElementById(data.basemap).textContent);
      var figure = map.getContainer().closest(".map");
      figure.classList.add("is-live");
      if (data.closed.length && !document.getElementById("horgos-hatch")) {
        var svg = el("svg", {width: 0, height: 0, "aria-hidden": "true", style: "position:absolute"}, document.body);
        var hatch = el("pattern", {id: "horgos-hatch", width: 7, height: 7, patternUnits: "userSpaceOnUse",
          patternTransform: "rotate(45)"}, svg);
        el("path", {"class": "hatch", d: "M0 0V7"}, hatch);
      }
      if (map.attributionControl) map.attributionControl.setPrefix(false);
      map.invalidateSize({animate: false, pan: false});
      var made = this.all[id] = new HorgosMap(map, data, base);
      figure.querySelectorAll(".map-keys button").forEach(function (b) {
        b.disabled = false;
        b.addEventListener("click", function () {
          var on = b.getAttribute("aria-pressed") === "false", set = (figure.dataset.off || "").split(" ");
          set = set.filter(function (x) { return x && x !== b.value; });
          if (!on) set.push(b.value);
          figure.dataset.off = set.join(" ");
          b.setAttribute("aria-pressed", String(on));
          made.layout();
        });
      });
      var save = figure.querySelector("[data-geojson]");
      if (save) {
        save.hidden = false;
        save.addEventListener("click", function () {
          var blob = new Blob([JSON.stringify(window.HorgosExport(made))], {type: "application/geo+json"});
          var a = document.createElement("a");
          a.href = URL.createObjectURL(blob); a.download = "routes.geojson"; a.click();
          setTimeout(function () { URL.revokeObjectURL(a.href); }, 1000);
        });
      }
      return made;
    },
    run: function () {
      var queue = window.horgosQueue || [];
      while (queue.length) queue.shift()();
      window.horgosQueue = {push: function (f) { f(); }, length: 0};
    }
  };
})();
