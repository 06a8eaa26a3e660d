/* Labels: the strongest first, none over another, over a symbol or along a thick line. */
(function (A) {
  "use strict";
  var CANVAS = document.createElement("canvas").getContext("2d");
  var SETS = {gateway: [700, 16], dest: [600, 14], km: [500, 12], script: [400, 12], crossing: [400, 11], city: [400, 12],
    gauge: [400, 11], port: [500, 11], transfer: [400, 11], blocked: [400, 11], country: [400, 11], closed: [400, 11], water: [400, 12]};
  var RIGHTS = ["gateway", "chosen", "gauge", "port", "blocked", "transfer", "crossing", "city", "water", "country"];
  A.RADIUS = {gateway: 9.5, crossing: 4.6, gauge: 8.4, port: 7.4, chosen: 9, city: 3, terminal: 4.6, blocked: 7, letter: 11};

  function hits(a, b) { return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]; }

  /* Where lines run, as points four pixels apart in a grid. */
  A.Grid = function (lines, size) {
    this.cells = {};
    lines.forEach(function (line) {
      for (var i = 1; i < line.length; i++) {
        var a = line[i - 1], b = line[i];
        if (Math.max(a[0], b[0]) < 0 || Math.max(a[1], b[1]) < 0 || Math.min(a[0], b[0]) > size[0] || Math.min(a[1], b[1]) > size[1]) continue;
        var n = Math.min(2000, Math.max(1, Math.ceil(Math.hypot(b[0] - a[0], b[1] - a[1]) / 4)));
        for (var j = 0; j <= n; j++) {
          var x = a[0] + (b[0] - a[0]) * j / n, y = a[1] + (b[1] - a[1]) * j / n, key = (x >> 5) + ":" + (y >> 5);
          (this.cells[key] = this.cells[key] || []).push([x, y]);
        }
      }
    }, this);
  };
  A.Grid.prototype.under = function (box) {
    var n = 0;
    for (var x = box[0] >> 5; x <= box[2] >> 5; x++) {
      for (var y = box[1] >> 5; y <= box[3] >> 5; y++) {
        (this.cells[x + ":" + y] || []).forEach(function (p) {
          if (p[0] > box[0] - 2 && p[0] < box[2] + 2 && p[1] > box[1] - 2 && p[1] < box[3] + 2) n += 4;
        });
      }
    }
    return n;
  };
  A.Grid.prototype.nearest = function (x, y, most) {
    var best = most, r = Math.ceil(most / 32);
    for (var i = (x >> 5) - r; i <= (x >> 5) + r; i++) {
      for (var j = (y >> 5) - r; j <= (y >> 5) + r; j++) {
        (this.cells[i + ":" + j] || []).forEach(function (p) { best = Math.min(best, Math.hypot(p[0] - x, p[1] - y)); });
      }
    }
    return best;
  };

  function around(w) {
    var x = w.x, y = w.y, out = [], W = w.width, H = w.height;
    [w.gap, w.gap + 7].forEach(function (g) {
      var n = g * .75, m = y - w.words[0].h / 2;
      out.push([[x + g, m, x + g + W, m + H], "start"], [[x - g - W, m, x - g, m + H], "end"],
        [[x - W / 2, y - g - H, x + W / 2, y - g], "middle"], [[x - W / 2, y + g, x + W / 2, y + g + H], "middle"],
        [[x + n, y - n - H, x + n + W, y - n], "start"], [[x + n, y + n, x + n + W, y + n + H], "start"],
        [[x - n - W, y - n - H, x - n, y - n], "end"], [[x - n - W, y + n, x - n, y + n + H], "end"]);
    });
    return out;
  }
  function centred(w) {
    var out = [], r = w.reach;
    for (var i = -r; i <= r; i++) {
      for (var j = -r; j <= r; j++) {
        var cx = w.x + i * w.width / 4, cy = w.y + j * w.height * 1.1;
        if (w.room && (Math.abs(cx - w.x) > w.room * .3 || Math.abs(cy - w.y) > w.room * .22)) continue;
        out.push([[cx - w.width / 2, cy - w.height / 2, cx + w.width / 2, cy + w.height / 2], "middle", Math.abs(i) + Math.abs(j) * .45]);
      }
    }
    return out.sort(function (a, b) { return a[2] - b[2]; });
  }

  /* Give each wish a place or drop it.
     wish: k, x, y, lines [[text, style]], gap or reach, order, allow (pixels of line it may cover). */
  A.place = function (wishes, obstacles, grid, size, family, phone) {
    wishes.forEach(function (w) {
      w.words = w.lines.map(function (l) {
        var set = SETS[l[1]], px = set[1];
        if (phone) px = l[1] === "gateway" ? 14 : l[1] === "dest" ? 12 : l[1] === "country" ? 10 : px;
        CANVAS.font = set[0] + " " + px + "px " + family;
        var width = CANVAS.measureText(l[0]).width + 1;
        if (l[1] === "country") width += l[0].length * px * (phone ? .05 : .14);
        return {text: l[0], style: l[1], w: width, h: px * 1.18, px: px};
      });
      w.width = Math.max.apply(null, w.words.map(function (t) { return t.w; }));
      w.height = w.words.reduce(function (n, t) { return n + t.h; }, 0);
    });
    wishes.sort(function (a, b) { return RIGHTS.indexOf(a.k) - RIGHTS.indexOf(b.k) || a.order - b.order; });
    var placed = [], named = 0;
    wishes.forEach(function (w) {
      if (w.limit && named >= w.limit) return;
      if (w.room && w.room < w.width * .9) return;
      if (w.needs && w.needs.dropped) return;
      var best = null, list = w.gap ? around(w) : centred(w), apart = w.k === "gateway" ? 4 : 0;
      for (var i = 0; i < list.length; i++) {
        var b = list[i][0];
        if (b[0] < 6 || b[1] < 4 || b[2] > size[0] - 6 || b[3] > size[1] - 4) continue;
        if (obstacles.some(function (o) { return o[4] !== w && hits([b[0] - apart, b[1], b[2] + apart, b[3]], o); })) continue;
        if (placed.some(function (o) { return hits(b, o.box); })) continue;
        var covered = grid.under(b);
        if (covered > w.allow) continue;
        if (!best || covered + i * 2.2 < best.cost) best = {cost: covered + i * 2.2, box: b, anchor: list[i][1]};
        if (covered < 1) break;
      }
      if (!best) { w.dropped = true; return; }
      if (w.limit) named++;
      w.placed = best;
      placed.push({wish: w, box: best.box, anchor: best.anchor});
    });
    return placed;
  };
  A.write = function (placed, parent) {
    placed.forEach(function (p) {
      var y = p.box[1], x = p.anchor === "start" ? p.box[0] : p.anchor === "end" ? p.box[2] : (p.box[0] + p.box[2]) / 2;
      var t = A.svg("text", {"class": "lb lb-of-" + p.wish.k, "text-anchor": p.anchor}, parent);
      p.wish.words.forEach(function (w) {
        y += w.h;
        A.svg("tspan", {"class": "lb-" + w.style, x: x.toFixed(1), y: (y - w.px * .28).toFixed(1)}, t, w.text);
      });
    });
  };
})(window.Atlas);
