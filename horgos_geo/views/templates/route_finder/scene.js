/* One scene on the map: the chosen corridor, the others, what blocks, symbols and labels. */
(function (A) {
  "use strict";
  var MOVING = {road: 1, rail: 1, ferry: 1};

  /* Show corridors. scene: origin, place, list, chosen (number in list), lineOf(leg), closed, cities, pick(place). */
  A.Map.prototype.show = function (scene, refit) {
    var self = this, w = this.words;
    this.scene = scene;
    this.clear(); this.hideTip();
    this.setClosed(scene.closed);
    scene.list.forEach(function (item, i) {
      item.lines = [];
      var chosen = i === scene.chosen;
      item.route.legs.forEach(function (leg) {
        if (leg.shape === undefined || leg.shape === -1) return;
        var line = scene.lineOf(leg);
        if (!MOVING[leg.kind]) { if (chosen) self.path("snaps", "snap", line); return; }
        item.lines.push(line);
        if (!item.open) self.path("blocked", "shut", line);
        else if (!chosen) self.path("others", "alt m-" + leg.kind, line);
      });
      if (!item.open || !chosen) return;
      // Legs that follow one another by one mode are one line, so that dashes run on.
      var runs = [];
      item.route.legs.forEach(function (leg) {
        if (leg.shape === undefined || leg.shape === -1 || !MOVING[leg.kind]) return;
        var line = scene.lineOf(leg), last = runs[runs.length - 1];
        if (last && last[0] === leg.kind) last[1] = last[1].concat(line.slice(1)); else runs.push([leg.kind, line]);
      });
      runs.forEach(function (run) {
        self.path("casing", "casing m-" + run[0], run[1]);
        self.path("chosen", "ln m-" + run[0], run[1]);
      });
      item.route.legs.forEach(function (leg, at) {
        if (leg.shape === undefined || leg.shape === -1 || !MOVING[leg.kind]) return;
        var hit = self.path("hits", "hit", scene.lineOf(leg));
        hit.addEventListener("pointermove", function (e) {
          var r = self.box.getBoundingClientRect();
          self.showTip(self.aboutLeg(item.route, at), [e.clientX - r.left, e.clientY - r.top]);
        });
        hit.addEventListener("pointerleave", function () { self.hideTip(); });
      });
    });
    this.box.setAttribute("aria-label", w.t("atlas_map", {route: scene.summary}));
    if (refit) this.frame(); else this.draw();
  };

  /* Fit what is shown, with room for legend, buttons and labels. */
  A.Map.prototype.frame = function () {
    var s = this.scene, box = [Infinity, Infinity, -Infinity, -Infinity], phone = this.size()[0] < 560;
    function add(p) {
      box[0] = Math.min(box[0], p[0]); box[1] = Math.min(box[1], p[1]); box[2] = Math.max(box[2], p[0]); box[3] = Math.max(box[3], p[1]);
    }
    add([s.origin.x, s.origin.y]);
    if (s.place) add([s.place.x, s.place.y]);
    s.list.forEach(function (item, i) {
      if (item.open && (i === s.chosen || i < 5)) item.lines.forEach(function (line) { line.forEach(add); });
    });
    this.fit(box, phone ? [34, 40, 34, 40] : [84, 92, 96, 62]);
  };

  A.Map.prototype.aboutLeg = function (route, at) {
    var w = this.words, leg = route.legs[at], rows = [], next = null, before = null, i;
    for (i = at + 1; i < route.legs.length && !next; i++) if (route.legs[i].name) next = route.legs[i];
    for (i = at - 1; i >= 0 && !before; i--) if (route.legs[i].name) before = route.legs[i];
    var mode = w.t(leg.kind);
    rows.push(mode.charAt(0).toUpperCase() + mode.slice(1) + (leg.kind === "ferry" ? "" : " · " + w.country(leg.country)));
    if (leg.kind === "ferry") rows.push(w.point(leg.name));
    else rows.push((before ? w.stop(before) : w.place(this.scene.origin)) + " – " + (next ? w.stop(next) : w.place(this.scene.place)));
    rows.push(w.km(leg.km) + (leg.time[0] > 0 ? ", " + w.span(leg.time[0]) : ""));
    if (next && leg.kind !== "ferry" && next.kind === "border") rows.push(w.t("next_crossing", {name: w.point(next.name)}));
    return rows;
  };

  /* Symbols of the chosen corridor, and what stops the shut ones. */
  function symbols(scene, w) {
    var out = [], seen = {}, item = scene.list[scene.chosen];
    function add(k, x, y, name, value, rows) {
      var key = k + Math.round(x) + ":" + Math.round(y);
      if (seen[key] || x === undefined) return;
      seen[key] = 1;
      out.push({k: k, x: x, y: y, name: name, value: value || "", rows: rows || []});
    }
    function wait(leg, what) {
      return leg.time[0] > 0 ? [w.t(what) + ": " + w.span(leg.time[0]) + " (" + w.number(leg.time[1]) + "–" + w.number(leg.time[2]) + " " + w.t("h") + ")"] : [];
    }
    if (item && item.open) {
      item.route.legs.forEach(function (leg) {
        if (leg.kind === "gauge") add("gauge", leg.x, leg.y, w.stop(leg), leg.from + " → " + leg.to, wait(leg, "gauge_change"));
        else if (leg.kind === "border") add("crossing", leg.x, leg.y, w.stop(leg), "", [w.point(leg.name)].concat(wait(leg, "border")));
        else if (leg.kind === "transfer") add("terminal", leg.x, leg.y, w.short(leg.name), "", wait(leg, "transfer"));
        else if (leg.kind === "ferry" && leg.shape !== -1) {
          var line = scene.lineOf(leg), names = A.ports(leg, w);
          add("port", line[0][0], line[0][1], names[0]);
          add("port", line[line.length - 1][0], line[line.length - 1][1], names[1]);
        }
      });
    }
    scene.list.forEach(function (other) {
      if (other.open || !other.why) return;
      var leg = other.why.leg, x = leg.x, y = leg.y;
      if (leg.kind === "ferry" && leg.shape !== -1) { var l = scene.lineOf(leg); x = l[0][0]; y = l[0][1]; }
      if (x === undefined && leg.shape !== undefined && leg.shape !== -1) { var m = scene.lineOf(leg); x = m[0][0]; y = m[0][1]; }
      add("blocked", x, y, leg.name ? w.stop(leg) : "", "", [other.reason]);
    });
    return out;
  }
  /* A ferry's two ends: the names of its line, in the direction that the leg goes. */
  A.ports = function (leg, words) {
    var name = words.point(leg.name), names = name.replace(/\s*\([^)]*\)/g, "").split(/\s+[–—-]\s+|\s*–\s*/);
    if (names.length < 2) names = [name, name];
    return leg.back ? [names[1], names[0]] : names;
  };

  A.Map.prototype.onlayout = function () {
    var self = this, scene = this.scene;
    if (!scene) return;
    var size = this.size_, phone = size[0] < 560, w = this.words, scale = phone ? .74 : 1;
    var family = getComputedStyle(this.box).fontFamily, obstacles = (this.keepOff ? this.keepOff() : []).concat([this.barBox]);
    var over = this.over, wishes = [], drawn = [];
    over.textContent = "";
    var inPx = scene.list.map(function (item) {
      return item.lines.map(function (line) { return line.map(function (p) { return self.px(p[0], p[1]); }); });
    });
    var open = [], every = [];
    scene.list.forEach(function (item, i) {
      inPx[i].forEach(function (l) { every.push(l); if (item.open) open.push(l); });
    });
    var grid = new A.Grid(open, size);

    function symbol(k, x, y, r) {
      var near = drawn.some(function (d) {
        return Math.hypot(d.x - x, d.y - y) < (r + d.r) * (k === "chosen" || k === "gateway" ? .1 : .8);
      });
      if (near || x < -20 || y < -20 || x > size[0] + 20 || y > size[1] + 20) return false;
      drawn.push({k: k, x: x, y: y, r: r});
      obstacles.push([x - r, y - r, x + r, y + r]);
      return true;
    }
    function wish(k, p, lines, r, more) {
      var o = {k: k, x: p[0], y: p[1], lines: lines, gap: Math.max(r + 3.5, r / .75 + .5), order: 0, allow: 1};
      for (var key in more) o[key] = more[key];
      wishes.push(o);
      return o;
    }
    var strong = [], at = this.px(scene.origin.x, scene.origin.y);
    symbol("gateway", at[0], at[1], A.RADIUS.gateway * scale);
    strong.push({k: "gateway", p: at, rows: [w.place(scene.origin)]});
    function scripts(p) {
      var seen = [w.place(p)];
      A.LANGUAGES.forEach(function (l) { if (p.names[l] && seen.indexOf(p.names[l]) < 0) seen.push(p.names[l]); });
      return phone || seen.length < 2 ? [] : [[seen.slice(1).join(" · "), "script"]];
    }
    wish("gateway", at, [[w.place(scene.origin), "gateway"]].concat(scripts(scene.origin)), A.RADIUS.gateway * scale, {allow: 1e9});
    if (scene.place) {
      at = this.px(scene.place.x, scene.place.y);
      symbol("chosen", at[0], at[1], A.RADIUS.chosen * scale);
      strong.push({k: "chosen", p: at, rows: [w.place(scene.place)]});
      wish("chosen", at, [[w.place(scene.place), "dest"]].concat(scripts(scene.place)), A.RADIUS.chosen * scale, {allow: 1e9});
    }
    var order = {gauge: 0, port: 1, blocked: 2, terminal: 3, crossing: 4};
    symbols(scene, w).sort(function (a, b) { return order[a.k] - order[b.k]; }).forEach(function (s) {
      var p = self.px(s.x, s.y), r = A.RADIUS[s.k] * scale, home = strong[0].p, away = (A.RADIUS.gateway + A.RADIUS.gauge) * scale + 1;
      // A break of gauge at the gateway stands beside it, where its lines are furthest.
      var beside = s.k === "gauge" && Math.hypot(p[0] - home[0], p[1] - home[1]) < away * .8;
      if (beside) {
        p = [[0, 1], [0, -1], [1, 0], [-1, 0]].map(function (d) { return [home[0] + d[0] * away, home[1] + d[1] * away]; })
          .reduce(function (a, b) { return grid.nearest(b[0], b[1], 40) > grid.nearest(a[0], a[1], 40) + 2 ? b : a; });
      }
      if (!symbol(s.k, p[0], p[1], r)) return;
      strong.push({k: s.k, p: p, rows: [s.name].concat(s.value ? [s.value + " " + w.t("mm")] : [], s.rows)});
      if (s.k === "terminal" ? self.k > 2.5 : s.k === "crossing" ? self.k > 6 : self.k > 12) return;
      if (phone && s.k !== "port" && s.k !== "gauge") return;
      var lines = phone && s.k === "gauge" ? [] : s.k === "gauge" ? [[(beside ? "" : s.name + " ") + s.value + " " + w.t("mm"), "gauge"]] : [[s.name, s.k === "terminal" ? "transfer" : s.k]];
      if (lines.length && s.name) wish(s.k === "terminal" ? "transfer" : s.k, p, lines, r, {allow: s.k === "gauge" ? 60 : s.k === "port" ? 40 : 4});
    });
    letters(scene, inPx, every, size, phone, obstacles, drawn, strong, w);

    // Cities on the way: other destinations close to an open corridor.
    if (this.k < 8 && !phone) {
      (scene.cities || []).forEach(function (c) {
        if (scene.place && c.id === scene.place.id) return;
        var p = self.px(c.x, c.y);
        if (p[0] < 0 || p[1] < 0 || p[0] > size[0] || p[1] > size[1] || grid.nearest(p[0], p[1], 40) > Math.max(6, 36 / self.k)) return;
        if (drawn.some(function (d) { return Math.hypot(d.x - p[0], d.y - p[1]) < d.r + 5; })) return;
        var o = wish("city", p, [[w.place(c), "city"]], A.RADIUS.city, {order: -(c.rank || 0), allow: 10, city: c, spot: [p[0] - 3, p[1] - 3, p[0] + 3, p[1] + 3]});
        o.gap = 7;
      });
    }
    ground(this, scene, wishes, w, phone);
    var placed = A.place(wishes, obstacles, grid, size, family, phone);
    this.placed = placed;

    placed.forEach(function (q) {
      if (q.wish.k !== "city") return;
      strong.push({k: "city", p: [q.wish.x, q.wish.y], rows: [w.place(q.wish.city)], city: q.wish.city});
    });
    var layer = A.svg("g", {"class": "symbols"}, over), rank = ["city", "crossing", "terminal", "letter", "blocked", "port", "gauge", "chosen", "gateway"];
    strong.sort(function (a, b) { return rank.indexOf(a.k) - rank.indexOf(b.k); }).forEach(function (s) {
      var g = A.svg("g", {"class": "g sym-" + s.k + (s.on ? " is-on" : ""), transform: "translate(" + s.p[0].toFixed(1) + " " + s.p[1].toFixed(1) + ") scale(" + (s.k === "letter" ? 1 : scale) + ")"}, layer);
      if (s.k === "letter") {
        A.svg("rect", {x: -9, y: -9, width: 18, height: 18, rx: 3}, g);
        A.svg("text", {y: 4.5, "text-anchor": "middle"}, g, s.letter);
      } else if (s.k === "city") A.svg("circle", {"class": "g-city", r: 2.2}, g);
      else if (s.k === "chosen") {
        A.svg("circle", {"class": "g-casing", r: 9}, g);
        A.svg("circle", {"class": "g-dest", r: 7.4}, g);
        A.svg("path", {"class": "g-tick", d: "M-3.4 .2L-1 2.6L3.4 -2.2"}, g);
      } else g.innerHTML = A.GLYPHS[s.k];
      A.svg("circle", {"class": "hit-dot", r: 12}, g);
      g.addEventListener("pointerenter", function () { self.showTip(s.rows, s.p); });
      g.addEventListener("pointerleave", function () { self.hideTip(); });
      if (s.pick) g.addEventListener("click", s.pick);
      if (s.city && scene.pick) g.addEventListener("click", function () { scene.pick(s.city); });
    });
    A.write(placed, A.svg("g", {"class": "labels"}, over));
  };

  /* A letter where its corridor runs furthest from the others. */
  function letters(scene, inPx, every, size, phone, obstacles, drawn, strong, w) {
    if (scene.list.length < 2) return;
    var step = 18;
    scene.list.forEach(function (item, i) {
      if (!item.letter) return;
      var others = [];
      inPx.forEach(function (lines, j) { if (j !== i) others = others.concat(lines); });
      var rest = new A.Grid(others, size), best = null, total = 0, walked = 0;
      inPx[i].forEach(function (l) { for (var a = 1; a < l.length; a++) total += Math.hypot(l[a][0] - l[a - 1][0], l[a][1] - l[a - 1][1]); });
      inPx[i].forEach(function (l) {
        for (var a = 1; a < l.length; a++) {
          var d = Math.hypot(l[a][0] - l[a - 1][0], l[a][1] - l[a - 1][1]);
          if (Math.floor((walked + d) / step) === Math.floor(walked / step)) { walked += d; continue; }
          walked += d;
          var p = l[a], share = walked / Math.max(1, total);
          if (p[0] < 30 || p[1] < 20 || p[0] > size[0] - 30 || p[1] > size[1] - 40) continue;
          var box = [p[0] - 12, p[1] - 12, p[0] + 12, p[1] + 12];
          if (obstacles.some(function (o) { return box[0] < o[2] && o[0] < box[2] && box[1] < o[3] && o[1] < box[3]; })) continue;
          var score = rest.nearest(p[0], p[1], 64) + 40 * Math.min(share, 1 - share);
          if (!best || score > best.score) best = {score: score, p: p};
        }
      });
      if (!best) return;
      obstacles.push([best.p[0] - 11, best.p[1] - 11, best.p[0] + 11, best.p[1] + 11]);
      drawn.push({k: "letter", x: best.p[0], y: best.p[1], r: 11});
      strong.push({k: "letter", p: best.p, letter: item.letter, on: i === scene.chosen, rows: [item.title || item.letter].concat(item.reason ? [item.reason] : []),
        pick: item.open && scene.choose ? function () { scene.choose(i); } : null});
    });
  }

  /* The point of a country that is in sight and nearest to where its name stands. */
  function inside(map, code, wanted, half, phone) {
    var rings = map.outline(code), size = map.size_, best = null, off = map.keepOff ? map.keepOff() : [];
    if (!rings) return null;
    function has(x, y) {
      var p = map.km(x, y), odd = false;
      rings.forEach(function (r) {
        for (var i = 0, j = r.length - 1; i < r.length; j = i++) {
          if ((r[i][1] > p[1]) !== (r[j][1] > p[1]) && p[0] < (r[j][0] - r[i][0]) * (p[1] - r[i][1]) / (r[j][1] - r[i][1]) + r[i][0]) odd = !odd;
        }
      });
      return odd;
    }
    for (var y = phone ? 22 : 34; y < size[1] - 30; y += 26) {
      for (var x = half + 8; x < size[0] - half; x += 44) {
        var d = Math.hypot(x - wanted[0], y - wanted[1]);
        if (best && d >= best.d) continue;
        if (off.some(function (o) { return x + half > o[0] && x - half < o[2] && y + 20 > o[1] && y - 20 < o[3]; })) continue;
        if (has(x, y) && has(x - half, y) && has(x + half, y)) best = {d: d, p: [x, y]};
      }
    }
    return best && best.p;
  }

  function ground(map, scene, wishes, w, phone) {
    var km = map.k, at = A.LANGUAGES.indexOf(w.language), passed = {};
    scene.list.forEach(function (item) { if (item.open) item.route.countries.forEach(function (c) { passed[c] = 1; }); });
    map.base.water.forEach(function (row) {
      if (phone || row[3] > (km < 3 ? 4 : 2)) return;
      var p = map.px(row[1], row[2]);
      wishes.push({k: "water", x: p[0], y: p[1], lines: [[row[0][at] || row[0][0], "water"]], order: row[3], allow: 1, reach: 2});
    });
    map.base.countries.forEach(function (c) {
      var shut = scene.closed.indexOf(c[0]) >= 0;
      if (!passed[c[0]] && !shut && c[4] > (km < 2.5 ? 5 : 3)) return;
      var p = map.px(c[2], c[3]), name = w.country(c[0]);
      var lines = [[w.language === "zh" ? name : name.toUpperCase(), "country"]];
      if (shut) lines.push([w.t("closed_country"), "closed"]);
      var away = p[0] < 60 || p[1] < 30 || p[0] > map.size_[0] - 60 || p[1] > map.size_[1] - 40;
      if (shut || (passed[c[0]] && away)) {
        p = inside(map, c[0], away ? [map.size_[0] * .3, map.size_[1] * .3] : p, (phone ? 3.8 : 4.6) * Math.max(name.length, shut ? 12 : 4), phone);
        if (p) wishes.push({k: "country", x: p[0], y: p[1], lines: lines, order: shut ? -1e9 : -c[5], allow: 1, reach: 3});
        return;
      }
      wishes.push({k: "country", x: p[0], y: p[1], lines: lines, order: (passed[c[0]] ? 0 : 1e7) - c[5], allow: 1, reach: 4,
        room: Math.sqrt(c[5]) / km, limit: phone ? 6 : 24});
    });
  }
})(window.Atlas);
