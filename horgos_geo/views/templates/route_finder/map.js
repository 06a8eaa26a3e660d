/* The map: a plane in kilometres, moved and scaled as a whole; lines keep their width. */
(function (A) {
  "use strict";
  var NEAR = 0.5, FAR = 14;

  A.Map = function (box, base, words) {
    this.box = box; this.base = base; this.words = words;
    this.k = 5; this.cx = 0; this.cy = 0;           // km per pixel, kilometres at the middle
    this.items = []; this.layers = {};
    this.build();
  };
  A.Map.prototype = {
    build: function () {
      var self = this;
      this.svg = A.svg("svg", {"class": "world", "aria-hidden": "true"}, this.box);
      var defs = A.svg("defs", {}, this.svg);
      this.hatchId = "a-hatch" + (A.Map.count = (A.Map.count || 0) + 1);
      this.hatch = A.svg("pattern", {id: this.hatchId, width: 7, height: 7, patternUnits: "userSpaceOnUse"}, defs);
      A.svg("path", {"class": "hatch", d: "M0 0V7"}, this.hatch);
      this.world = A.svg("g", {}, this.svg);
      ["grat0", "land", "lake", "grat", "closed", "bound", "disp", "dots", "snaps", "blocked", "others", "casing", "chosen", "hits"].forEach(function (n) {
        self.layers[n] = A.svg("g", {"class": "l-" + n}, self.world);
      });
      this.over = A.svg("svg", {"class": "over", "aria-hidden": "true"}, this.box);
      this.ground();
      this.bar = A.html("div", "map-bar", this.box);
      this.bar.setAttribute("aria-hidden", "true");
      this.tip = A.html("div", "map-tip", this.box);
      this.tip.hidden = true;
      this.gestures();
    },
    ground: function () {
      var base = this.base, self = this;
      function data(line, closed) {
        var d = "", i;
        for (i = 0; i < line.length; i++) d += (i ? "L" : "M") + line[i][0].toFixed(1) + " " + line[i][1].toFixed(1);
        return d + (closed ? "z" : "");
      }
      this.data = data;
      function polygons(rows) {
        return rows.map(function (rings) {
          return rings.map(function (ring) { return data(A.decode(ring, base.step), true); }).join("");
        }).join("");
      }
      function lines(rows) { return rows.map(function (t) { return data(A.decode(t, base.step)); }).join(""); }
      function add(layer, d) { A.svg("path", {"class": layer.replace("0", ""), d: d}, self.layers[layer]); }
      add("grat0", lines(base.graticule));
      add("land", polygons(base.land));
      add("lake", polygons(base.lakes));
      add("grat", lines(base.graticule));
      add("bound", lines(base.boundaries));
      add("disp", lines(base.disputed));
      this.outlines = {};
    },
    /* Rings of a country, kilometres. */
    outline: function (code) {
      var rows = this.base.outlines[code], step = this.base.step;
      if (!rows) return null;
      if (!this.outlines[code]) {
        this.outlines[code] = [];
        rows.forEach(function (rings) { rings.forEach(function (ring) { this.push(A.decode(ring, step)); }, this); }, this.outlines[code]);
      }
      return this.outlines[code];
    },
    setClosed: function (codes) {
      var layer = this.layers.closed, self = this;
      layer.textContent = "";
      codes.forEach(function (code) {
        var rings = self.outline(code);
        if (rings) A.svg("path", {fill: "url(#" + self.hatchId + ")", "fill-rule": "evenodd", d: rings.map(function (r) { return self.data(r, true); }).join("")}, layer);
      });
    },
    clear: function () {
      ["snaps", "blocked", "others", "casing", "chosen", "hits"].forEach(function (n) {
        this.layers[n].textContent = "";
      }, this);
    },
    path: function (layer, cls, line) {
      return A.svg("path", {"class": cls, d: this.data(line)}, this.layers[layer]);
    },

    size: function () { return [this.box.clientWidth, this.box.clientHeight]; },
    px: function (x, y) {
      var s = this.size_;
      return [(x - this.cx) / this.k + s[0] / 2, (this.cy - y) / this.k + s[1] / 2];
    },
    km: function (x, y) {
      var s = this.size_;
      return [(x - s[0] / 2) * this.k + this.cx, this.cy - (y - s[1] / 2) * this.k];
    },
    /* Show a box of kilometres inside margins of pixels: left, top, right, bottom. */
    fit: function (box, margins) {
      var s = this.size_ = this.size(), w = Math.max(60, s[0] - margins[0] - margins[2]), h = Math.max(60, s[1] - margins[1] - margins[3]);
      this.home = [box, margins];
      this.k = Math.min(FAR, Math.max(.8, (box[2] - box[0]) / w, (box[3] - box[1]) / h));
      this.cx = (box[0] + box[2]) / 2 + (margins[2] - margins[0]) / 2 * this.k;
      this.cy = (box[1] + box[3]) / 2 + (margins[1] - margins[3]) / 2 * this.k;
      this.draw();
    },
    reset: function () { if (this.home) this.fit(this.home[0], this.home[1]); },
    zoom: function (factor, at) {
      var s = this.size_, x = at ? at[0] : s[0] / 2, y = at ? at[1] : s[1] / 2, before = this.km(x, y);
      this.k = Math.min(FAR, Math.max(NEAR, this.k * factor));
      var after = this.km(x, y);
      this.cx += before[0] - after[0]; this.cy += before[1] - after[1];
      this.keep(); this.draw();
    },
    pan: function (dx, dy) { this.cx -= dx * this.k; this.cy += dy * this.k; this.keep(); this.draw(); },
    keep: function () {
      this.cx = Math.min(5200, Math.max(-5600, this.cx)); this.cy = Math.min(4200, Math.max(-4200, this.cy));
    },
    draw: function () {
      var self = this;
      this.move();
      if (this.waiting) return;
      this.waiting = requestAnimationFrame(function () { self.waiting = 0; self.layout(); });
    },
    /* Now, not with the next frame: for print and for tests. */
    layout: function () { this.scale(); if (this.onlayout) this.onlayout(this); },
    move: function () {
      var s = this.size_ = this.size(), k = 1 / this.k;
      this.svg.setAttribute("viewBox", "0 0 " + s[0] + " " + s[1]);
      this.over.setAttribute("viewBox", "0 0 " + s[0] + " " + s[1]);
      this.world.setAttribute("transform", "matrix(" + k + " 0 0 " + -k + " " + (s[0] / 2 - this.cx * k) + " " + (s[1] / 2 + this.cy * k) + ")");
      this.hatch.setAttribute("patternTransform", "scale(" + this.k + ") rotate(45)");
    },
    scale: function () {
      var most = this.size_[0] < 560 ? 70 : 150, pick = 1, self = this;
      [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000].forEach(function (n) { if (n / self.k <= most) pick = n; });
      var px = pick / this.k, w = this.words;
      this.bar.textContent = ""; this.bar.style.width = px + "px";
      [[0, "0"], [50, px > 110 ? w.number(pick / 2) : ""], [100, w.number(pick) + A.NB + w.t("km")]].forEach(function (t) {
        var span = A.html("span", "", self.bar, t[1]); span.style.left = t[0] + "%";
      });
      this.barBox = [0, this.size_[1] - 52, px + 70, this.size_[1]];
    },

    gestures: function () {
      var self = this, box = this.box, down = {}, moved = 0, spread = 0;
      function at(e) { var r = box.getBoundingClientRect(); return [e.clientX - r.left, e.clientY - r.top]; }
      box.addEventListener("pointerdown", function (e) {
        if (e.target.closest("button,.a-key")) return;
        if (e.pointerType === "mouse" && e.button !== 0) return;
        down[e.pointerId] = at(e); moved = 0; spread = 0;
        if (e.pointerType === "mouse") box.classList.add("is-held");
      });
      window.addEventListener("pointermove", function (e) {
        if (!(e.pointerId in down)) return;
        var ids = Object.keys(down), p = at(e), q = down[e.pointerId];
        if (ids.length === 1 && e.pointerType === "mouse") {
          moved += Math.hypot(p[0] - q[0], p[1] - q[1]);
          if (moved > 3) self.pan(p[0] - q[0], p[1] - q[1]);
        }
        down[e.pointerId] = p;
        if (ids.length === 2) {
          // Two fingers move and zoom; one finger scrolls the page.
          var o = down[ids[0] === String(e.pointerId) ? ids[1] : ids[0]], now = Math.hypot(p[0] - o[0], p[1] - o[1]);
          self.pan((p[0] - q[0]) / 2, (p[1] - q[1]) / 2);
          if (spread) self.zoom(spread / now, [(p[0] + o[0]) / 2, (p[1] + o[1]) / 2]);
          spread = now;
        }
      });
      ["pointerup", "pointercancel"].forEach(function (n) {
        window.addEventListener(n, function (e) { delete down[e.pointerId]; spread = 0; box.classList.remove("is-held"); });
      });
      // What was a drag is not a click on what lies under it.
      box.addEventListener("click", function (e) { if (moved > 3) { e.stopPropagation(); e.preventDefault(); } moved = 0; }, true);
      box.addEventListener("dblclick", function (e) { if (!e.target.closest("button")) self.zoom(.5, at(e)); });
      box.addEventListener("wheel", function (e) {
        // The wheel zooms only where the page itself does not scroll.
        if (!e.ctrlKey && document.documentElement.scrollHeight > window.innerHeight + 2) return;
        e.preventDefault();
        self.zoom(Math.exp(Math.max(-60, Math.min(60, e.deltaY)) * .004), at(e));
      }, {passive: false});
      box.addEventListener("keydown", function (e) {
        if (e.target !== box || e.altKey || e.ctrlKey || e.metaKey) return;
        var step = e.shiftKey ? 240 : 80, k = e.key;
        if (k === "ArrowLeft") self.pan(step, 0); else if (k === "ArrowRight") self.pan(-step, 0);
        else if (k === "ArrowUp") self.pan(0, step); else if (k === "ArrowDown") self.pan(0, -step);
        else if (k === "+" || k === "=") self.zoom(.7); else if (k === "-" || k === "−") self.zoom(1 / .7);
        else if (k === "0" || k === "Escape") self.reset(); else return;
        e.preventDefault();
      });
      box.addEventListener("pointerleave", function () { self.hideTip(); });
    },
    showTip: function (rows, at) {
      var tip = this.tip, s = this.size_;
      tip.textContent = "";
      rows.forEach(function (row, i) { A.html(i ? "div" : "strong", "", tip, row); });
      tip.hidden = false;
      var w = tip.offsetWidth, h = tip.offsetHeight, x = at[0] + 16, y = at[1] + 16;
      if (x + w > s[0] - 8) x = Math.max(8, at[0] - w - 16);
      if (y + h > s[1] - 8) y = Math.max(8, at[1] - h - 16);
      tip.style.left = x + "px"; tip.style.top = y + "px";
    },
    hideTip: function () { this.tip.hidden = true; }
  };
})(window.Atlas);
