/* Symbols and labels of the live map: the strongest first, none over another, as on paper. */
(function () {
  "use strict";
  var CANVAS = document.createElement("canvas").getContext("2d");
  var SETS = {
    gateway: ["700 ", 16], dest: ["600 ", 14], km: ["500 ", 12], script: ["400 ", 12], crossing: ["400 ", 11],
    gauge: ["400 ", 11], blocked: ["400 ", 11], port: ["500 ", 11], country: ["400 ", 11], closed: ["400 ", 11], water: ["italic 400 ", 12]
  };
  function measure(text, style, family, phone) {
    var set = SETS[style], size = phone && style === "dest" ? 12 : phone && style === "gateway" ? 14 :
      phone && style === "country" ? 10 : set[1];
    CANVAS.font = set[0] + size + "px " + family;
    var w = CANVAS.measureText(text).width;
    if (style === "country") w += text.length * size * (phone ? .05 : .14);
    return {text: text, style: style, w: w + 1, h: size * 1.18, size: size};
  }
  function hits(a, b) { return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]; }

  function Grid(lines, cell) {
    this.cell = cell; this.map = {};
    lines.forEach(function (l) {
      for (var i = 1; i < l.pts.length; i++) {
        var a = l.pts[i - 1], b = l.pts[i], n = Math.max(1, Math.ceil(Math.hypot(b.x - a.x, b.y - a.y) / 4));
        if (n > 4000) continue;
        for (var j = 0; j <= n; j++) {
          var x = a.x + (b.x - a.x) * j / n, y = a.y + (b.y - a.y) * j / n;
          var key = Math.floor(x / cell) + ":" + Math.floor(y / cell);
          (this.map[key] = this.map[key] || []).push([x, y]);
        }
      }
    }, this);
  }
  Grid.prototype.under = function (box) {
    var n = 0, c = this.cell, x, y;
    for (x = Math.floor(box[0] / c); x <= Math.floor(box[2] / c); x++) {
      for (y = Math.floor(box[1] / c); y <= Math.floor(box[3] / c); y++) {
        (this.map[x + ":" + y] || []).forEach(function (p) {
          if (p[0] > box[0] - 2 && p[0] < box[2] + 2 && p[1] > box[1] - 2 && p[1] < box[3] + 2) n += 4;
        });
      }
    }
    return n;
  };

  function around(x, y, gap, w, h, first) {
    var out = [];
    [gap, gap + 7, gap + 15].forEach(function (g) {
      var n = g * .75, m = y - first / 2;
      out.push([[x + g, m, x + g + w, m + h], "start"], [[x - g - w, m, x - g, m + h], "end"],
        [[x - w / 2, y - g - h, x + w / 2, y - g], "middle"], [[x - w / 2, y + g, x + w / 2, y + g + h], "middle"],
        [[x + n, y - n - h, x + n + w, y - n], "start"], [[x + n, y + n, x + n + w, y + n + h], "start"],
        [[x - n - w, y - n - h, x - n, y - n], "end"], [[x - n - w, y + n, x - n, y + n + h], "end"]);
    });
    return out;
  }
  function centred(x, y, w, h, reach) {
    var out = [];
    for (var i = -reach; i <= reach; i++) {
      for (var j = -reach; j <= reach; j++) {
        var cx = x + i * w / 4, cy = y + j * h * 1.1;
        out.push([[cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2], "middle", Math.abs(i) + Math.abs(j) * .45]);
      }
    }
    return out.sort(function (a, b) { return a[2] - b[2]; });
  }

  window.HorgosLabels = function (view) {
    var map = view.map, data = view.data, M = window.HorgosMaps, el = M.element, phone = view.phone;
    var size = map.getSize(), origin = map.containerPointToLayerPoint([0, 0]), km = view.kmPerPx();
    var scale = phone ? .74 : 1, family = getComputedStyle(view.figure).fontFamily, upper = data.language !== "zh";
    var obstacles = [], shown = [];
    function at(y, x) { return map.latLngToContainerPoint([y, x]); }
    view.scale(obstacles);
    view.over.textContent = "";
    view.over.classList.toggle("is-phone", phone);
    view.over.setAttribute("style", "transform:translate(" + origin.x + "px," + origin.y + "px)");
    var symbols = data.symbols.map(function (s) { return {s: s, p: at(s.y, s.x)}; }).filter(function (o) {
      if (view.off(o.s.k)) return false;
      if (o.s.m.length && o.s.m.every(function (m) { return view.off(m); })) return false;
      if (view.chosen !== null && o.s.k !== "gateway" && o.s.t.indexOf(view.chosen) < 0) return false;
      return o.p.x > -30 && o.p.y > -30 && o.p.x < size.x + 30 && o.p.y < size.y + 30;
    });
    symbols.sort(function (a, b) {
      return M.rights.indexOf(a.s.k) - M.rights.indexOf(b.s.k) || (a.s.key < b.s.key ? -1 : 1);
    });
    var grid = new Grid(view.lines.filter(function (l) { return !view.off(l.mode); }).map(function (l) {
      return {pts: l.xy.map(function (c) { return at(c[0], c[1]); }).filter(function (p, i, a) {
        var q = a[i - 1] || a[i + 1];
        return !q || (Math.max(p.x, q.x) > 0 && Math.max(p.y, q.y) > 0 &&
          Math.min(p.x, q.x) < size.x && Math.min(p.y, q.y) < size.y);
      })};
    }), 32);
    // Below, above, right or left of a symbol: where the fewest lines run.
    function beside(p, away) {
      var r = M.radius.gauge, best = null, least = Infinity;
      [[0, 1], [0, -1], [1, 0], [-1, 0]].forEach(function (d) {
        var x = p.x + d[0] * away, y = p.y + d[1] * away, n = grid.under([x - r, y - r, x + r, y + r]);
        if (n < least) { least = n; best = L.point(x, y); }
      });
      return best;
    }
    symbols.forEach(function (o) {
      var r = M.radius[o.s.k] * scale;
      var near = shown.filter(function (q) {
        if (o.s.k === "destination" && q.s.k !== "gateway") return false;
        return Math.hypot(o.p.x - q.p.x, o.p.y - q.p.y) < (r + M.radius[q.s.k] * scale) * .72;
      });
      if (near.length === 1 && o.s.k === "gauge" && near[0].s.k === "gateway") {
        // A break of gauge at the gateway is a part of every route: it stands beside it.
        o.p = beside(near[0].p, (M.radius.gateway + M.radius.gauge) * scale + 1);
        o.by = true;
      } else if (near.length) return;
      shown.push(o);
      obstacles.push([o.p.x - r, o.p.y - r, o.p.x + r, o.p.y + r]);
    });
    var wishes = [];
    shown.forEach(function (o) {
      var s = o.s, lines = [], r = M.radius[s.k] * scale;
      if (s.k === "gateway") {
        lines.push([s.n, "gateway"]);
        if (!phone) (s.s || []).forEach(function (t) { lines.push([t, "script"]); });
      } else if (s.k === "destination") {
        lines.push([s.n, "dest"]);
        if ((!phone || view.chosen !== null) && s.v) lines.push([s.v, "km"]);
      } else if (s.k !== "terminal" && s.k !== "letter" && ((!phone && km < 8) || km < 3)) {
        if (!o.by) lines.push([s.short, s.k]);
        if (s.v) lines.push([s.v, s.k]);
      }
      if (!lines.length) return;
      wishes.push({k: s.k, x: o.p.x, y: o.p.y, gap: Math.max(r + (phone ? 2 : 3.5), r / .75 + .5), lines: lines,
        order: s.k === "destination" ? s.r : -s.t.length,
        allow: s.k === "gateway" || s.k === "destination" ? 1e9 : s.k === "gauge" || s.k === "blocked" ? 90 : s.k === "port" ? 60 : 1});
    });
    view.base.water.forEach(function (w) {
      if (phone || w[3] > (km < 3 ? 4 : 2)) return;
      var p = at(w[2], w[1]);
      wishes.push({k: "water", x: p.x, y: p.y, lines: [[w[0], "water"]], order: w[3], allow: 1, reach: 2});
    });
    view.base.countries.forEach(function (c) {
      var passed = data.passed.indexOf(c[0]) >= 0, shut = data.shut.indexOf(c[0]) >= 0;
      if (!passed && !shut && c[4] > (km < 2.5 ? 5 : 3)) return;
      var p = at(c[3], c[2]);
      var lines = [[upper ? c[1].toUpperCase() : c[1], "country"]];
      if (shut) lines.push([data.words.closed_country, "closed"]);
      wishes.push({k: "country", x: p.x, y: p.y, lines: lines, order: (passed || shut ? 0 : 1e7) - c[5],
        allow: 1, reach: 4, room: Math.sqrt(c[5]) / km, limit: phone ? 5 : 24});
    });
    var rights = ["gateway", "destination", "gauge", "blocked", "port", "crossing", "water", "country"];
    wishes.sort(function (a, b) { return rights.indexOf(a.k) - rights.indexOf(b.k) || a.order - b.order; });
    var placed = [], named = 0, improved = false;
    // Where a label may stand clear of `others`, cheapest first.
    function options(w, others) {
      var out = [], list = w.gap ? around(w.x, w.y, w.gap, w.width, w.height, w.words[0].h) :
        centred(w.x, w.y, w.width, w.height, w.reach);
      for (var i = 0; i < list.length; i++) {
        var b = list[i][0];
        // A country's name stays well inside the country.
        if (w.room && (Math.abs((b[0] + b[2]) / 2 - w.x) > w.room * .3 ||
          Math.abs((b[1] + b[3]) / 2 - w.y) > w.room * .22)) continue;
        if (b[0] < 4 || b[1] < 4 || b[2] > size.x - 4 || b[3] > size.y - 4) continue;
        if (obstacles.some(function (o) { return hits(b, o); })) continue;
        if (others.some(function (o) { return hits([b[0] - 4, b[1], b[2] + 4, b[3]], o.box); })) continue;
        var covered = grid.under(b);
        if (covered > w.allow) continue;
        var cost = covered + i * 2.2 + doubt(w, b);
        out.push({w: w, box: b, anchor: list[i][1], cost: cost});
        if (cost - i * 2.2 < 1 && others.length) break;
      }
      return out.sort(function (a, b) { return a.cost - b.cost; });
    }
    // A label as near to another symbol as to its own could belong to either.
    function doubt(w, b) {
      var own = 99, cost = 0;
      if (!w.gap) return 0;
      [true, false].forEach(function (mine) {
        obstacles.forEach(function (o) {
          if ((o[0] <= w.x && w.x <= o[2] && o[1] <= w.y && w.y <= o[3]) !== mine) return;
          var d = Math.hypot(Math.max(o[0] - b[2], b[0] - o[2], 0), Math.max(o[1] - b[3], b[1] - o[3], 0));
          if (mine) own = Math.min(own, d);
          else if (d < own) cost += 52;
          else if (d < 7) cost += 26;
        });
      });
      return cost;
    }
    // Where a destination's label stands badly because another came first, let the two change.
    function improve() {
      placed.slice().sort(function (a, b) { return b.cost - a.cost; }).slice(0, 12).forEach(function (p) {
        if (p.cost < 24 || placed.indexOf(p) < 0) return;
        options(p.w, []).some(function (o) {
          if (o.cost > p.cost - 12) return true;
          var blockers = placed.filter(function (q) { return q !== p && hits(q.box, o.box); });
          if (blockers.length !== 1 || blockers[0].w.k !== "destination") return false;
          var rest = placed.filter(function (q) { return q !== p && q !== blockers[0]; });
          var moved = options(blockers[0].w, rest.concat([o]))[0];
          if (!moved || moved.cost + o.cost >= p.cost + blockers[0].cost) return false;
          placed = rest.concat([o, moved]);
          return true;
        });
      });
    }
    wishes.forEach(function (w) {
      if (w.x < -10 || w.y < -10 || w.x > size.x + 10 || w.y > size.y + 10) return;
      if (w.limit && named >= w.limit) return;
      if (!improved && rights.indexOf(w.k) > 1) { improved = true; improve(); }
      w.words = w.lines.map(function (l) { return measure(l[0], l[1], family, phone); });
      w.width = Math.max.apply(null, w.words.map(function (t) { return t.w; }));
      w.height = w.words.reduce(function (n, t) { return n + t.h; }, 0);
      if (w.room && w.room < w.width * .9) return;
      var best = options(w, placed)[0];
      if (!best) return;
      if (w.limit) named++;
      placed.push(best);
    });

    shown.sort(function (a, b) { return M.upwards.indexOf(a.s.k) - M.upwards.indexOf(b.s.k); });
    shown.forEach(function (o) {
      var g = el("g", {"class": "g sym-" + o.s.k, transform: "translate(" + o.p.x.toFixed(1) + " " +
        o.p.y.toFixed(1) + ") scale(" + scale + ")", "data-key": o.s.key}, view.over);
      g.innerHTML = M.glyphs[o.s.k];
      if (o.s.k === "letter") el("text", {"class": "g-letter-t", y: 4.2, "text-anchor": "middle"}, g, o.s.n);
      el("circle", {"class": "hit-dot", r: 13}, g);
      g.addEventListener("mouseenter", function () {
        if (!view.pinned) view.showTip(view.aboutSymbol(o.s), o.p);
      });
      g.addEventListener("mouseleave", function () { view.hideTip(); });
      g.addEventListener("click", function (e) { e.stopPropagation(); view.choose(o.s, o.p); });
      if (o.s.k === "destination" || o.s.k === "letter") {
        g.setAttribute("tabindex", "0"); g.setAttribute("role", "button"); g.setAttribute("aria-label", view.aboutSymbol(o.s)[0][0]);
        g.addEventListener("keydown", function (e) {
          if (e.key === "Enter" || e.key === " ") { e.preventDefault(); view.choose(o.s, o.p); }
        });
      }
    });
    placed.forEach(function (p) {
      var y = p.box[1], x = p.anchor === "start" ? p.box[0] : p.anchor === "end" ? p.box[2] : (p.box[0] + p.box[2]) / 2;
      var t = el("text", {"class": "lb lb-of-" + p.w.k, "text-anchor": p.anchor}, view.over);
      p.w.words.forEach(function (w) {
        y += w.h;
        el("tspan", {"class": "lb-" + w.style, x: x.toFixed(1), y: (y - w.size * .28).toFixed(1)}, t, w.text);
      });
    });
    view.placed = placed;
  };
})();
