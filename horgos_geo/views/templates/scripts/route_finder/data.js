/* The routes: one compact document, opened into objects as they are asked for. */
import {numbers, points} from "../encoding.js";

var MOVING = {road: 1, rail: 1, ferry: 1};
// A corridor is at most so much heavier than the best one, and shares at most so much of its length.
var STRETCH = 1.4, OVERLAP = 0.6;

function band(row, at, scale) { return [row[at] / scale, row[at + 1] / scale, row[at + 2] / scale]; }
function plus(a, b) { return [a[0] + b[0], a[1] + b[1], a[2] + b[2]]; }

export function Data(raw) {
  this.raw = raw;
  this.best = numbers(raw.best);
  this.pieces = []; this.lines = []; this.legs = []; this.routes = [];
  var self = this;
  function place(row) {
    return {id: row[0], names: {en: row[1], zh: row[2], ru: row[3]}, country: row[4], x: row[5], y: row[6],
      aliases: row[7], gc: row[8]};
  }
  this.origin = place(raw.origin);
  this.places = raw.places.map(place);
  this.index = {};
  this.places.forEach(function (p, i) { p.i = i; self.index[p.id] = i; });
  this.modes = raw.modes; this.criteria = raw.criteria; this.scenarios = raw.scenarios;
  this.scenario = {};
  raw.scenarios.forEach(function (s, i) { s.i = i; self.scenario[s.id] = s; });
  this.crossings = raw.crossings.map(function (c) {
    return {id: c[0], name: c[1], a: c[2], b: c[3], mode: c[4], x: c[5], y: c[6]};
  });
  // Ferry lines that even a scenario without ferries uses.
  this.always = {};
  raw.always.forEach(function (c) { self.always[c] = 1; });
}
Data.prototype = {
  /* Number of the best route, or -1 - its status. */
  find: function (place, mode, scenario, criterion) {
    var m = this.modes.indexOf(mode), s = this.scenario[scenario].i, c = this.criteria.indexOf(criterion);
    return this.best[((place * this.modes.length + m) * this.scenarios.length + s) * this.criteria.length + c];
  },
  status: function (n) { return this.raw.statuses[-1 - n]; },
  piece: function (n) {
    return this.pieces[n] || (this.pieces[n] = points(this.raw.pieces[n], this.raw.step));
  },
  line: function (n) {
    if (this.lines[n]) return this.lines[n];
    var runs = points(this.raw.lines[n], 1), out = [], self = this;
    runs.forEach(function (run) {
      for (var k = 0; k < run[1]; k++) {
        var id = run[0] + k, part = self.piece(Math.abs(id) - 1);
        if (id < 0) part = part.slice().reverse();
        for (var i = out.length ? 1 : 0; i < part.length; i++) out.push(part[i]);
      }
    });
    return (this.lines[n] = out);
  },
  leg: function (n) {
    if (this.legs[n]) return this.legs[n];
    var row = this.raw.legs[n], kind = this.raw.kinds[row[0]];
    var leg = {kind: kind, country: row[1], km: row[4] / 1000, time: band(row, 5, 100), cost: band(row, 8, 10),
      co2e: band(row, 11, 1000), shape: row[3], moving: !!MOVING[kind]};
    if (kind === "ferry" || kind === "border") {
      leg.crossing = row[2]; leg.id = this.crossings[row[2]].id; leg.name = this.crossings[row[2]].name;
      leg.x = this.crossings[row[2]].x; leg.y = this.crossings[row[2]].y;
    } else if (row[2] >= 0) {
      var spot = this.raw.spots[row[2]];
      leg.name = spot[0]; leg.x = spot[1]; leg.y = spot[2];
    }
    if (kind === "gauge") { leg.from = row[14]; leg.to = row[15]; }
    return (this.legs[n] = leg);
  },
  route: function (n) {
    if (this.routes[n]) return this.routes[n];
    var row = this.raw.routes[n], self = this;
    var r = {n: n, status: this.raw.statuses[row[0]], name: row[4] < 0 ? null : this.raw.names[row[4]], legs: numbers(row[3]).map(function (i) { return self.leg(i); }),
      km: 0, time: [0, 0, 0], cost: [0, 0, 0], co2e: [0, 0, 0], countries: [], byCountry: [], borders: 0, gauges: 0,
      ferries: [], crossings: [], modes: []};
    r.legs.forEach(function (leg) {
      if (leg.kind === "access") return;
      if (leg.kind === "snap") { r.time = plus(r.time, leg.time); return; }
      r.km += leg.km; r.time = plus(r.time, leg.time); r.cost = plus(r.cost, leg.cost); r.co2e = plus(r.co2e, leg.co2e);
      if (leg.moving) {
        if (r.modes.indexOf(leg.kind) < 0) r.modes.push(leg.kind);
        var code = leg.kind === "ferry" ? "SEA" : leg.country, last = r.byCountry[r.byCountry.length - 1];
        if (last && last.code === code) last.km += leg.km; else r.byCountry.push({code: code, km: leg.km});
        if (code !== "SEA" && r.countries.indexOf(code) < 0) r.countries.push(code);
      }
      if (leg.kind === "ferry") {
        // Its name runs from one country to the other; this leg may run the other way.
        var c = self.crossings[leg.crossing], from = r.countries[r.countries.length - 1];
        leg.back = c.a !== c.b && from === c.b;
      }
      if (leg.kind === "ferry") { r.ferries.push(leg.crossing); r.borders += self.crossings[leg.crossing].a ? 1 : 0; }
      if (leg.kind === "border") { r.borders += 1; r.crossings.push(leg.crossing); }
      if (leg.kind === "gauge") r.gauges += 1;
    });
    r.error = row[1] < 0 ? null : r.km * row[1] / 1e4;
    r.modes.sort(function (a, b) { return "rail road ferry".indexOf(a) - "rail road ferry".indexOf(b); });
    // What a planner would call the same corridor: countries in order, ships, and by what.
    r.key = r.modes.join("+") + ":" + r.byCountry.map(function (c) { return c.code; }).join(">") + ":" + r.ferries.join(",");
    return (this.routes[n] = r);
  },
  /* The pieces of line that a route runs over, each with its length on the map. */
  parts: function (r) {
    if (r.parts) return r.parts;
    var self = this;
    r.parts = {};
    r.legs.forEach(function (leg) {
      if (!leg.moving || leg.shape < 0) return;
      points(self.raw.lines[leg.shape], 1).forEach(function (run) {
        for (var k = 0; k < run[1]; k++) {
          var id = Math.abs(run[0] + k), part = self.piece(id - 1), length = 0;
          for (var i = 1; i < part.length; i++) length += Math.hypot(part[i][0] - part[i - 1][0], part[i][1] - part[i - 1][1]);
          r.parts[id] = length;
        }
      });
    });
    return r.parts;
  },
  /* The part of a route's length, 0 to 1, that another one runs over too. */
  shared: function (r, other) {
    var own = this.parts(r), theirs = this.parts(other), all = 0, both = 0;
    Object.keys(own).forEach(function (id) { all += own[id]; if (id in theirs) both += own[id]; });
    return all ? both / all : 1;
  },
  value: function (r, criterion) { return criterion === "distance" ? r.km : r[criterion][0]; },

  /* What stands in the way of a route in a scenario: null, or the crossing, country or ferry. */
  blocked: function (r, scenario) {
    var s = this.scenario[scenario], self = this, before = "", i;
    for (i = 0; i < r.legs.length; i++) {
      var leg = r.legs[i];
      if (leg.kind === "border" || leg.kind === "ferry") {
        var c = this.crossings[leg.crossing], other = c.a === leg.country ? c.b : c.a;
        if (leg.kind === "ferry") {
          var runs = s.ferries === true || this.always[leg.crossing] ||
            (s.ferries && s.ferries.indexOf(c.id) >= 0);
          var ends = [c.a, c.b].filter(function (x) { return s.closed.indexOf(x) >= 0; });
          if (ends.length && runs) return {leg: leg, country: ends[0]};
          if (!runs) return {leg: leg, ferry: true};
        } else {
          if (s.shut.indexOf(c.id) >= 0) return {leg: leg};
          if (s.closed.indexOf(other) >= 0) return {leg: leg, country: other};
        }
        before = leg;
      } else if (leg.moving && self.isClosed(s, leg.country)) {
        return {leg: before || leg, country: leg.country};
      }
    }
    return null;
  },
  isClosed: function (s, country) { return s.closed.indexOf(country) >= 0; },

  /* The corridors to a place: the asked one first, then what differs from it, then what is shut. */
  corridors: function (place, mode, scenario, criterion) {
    var self = this, s = this.scenario[scenario], first = this.find(place, mode, scenario, criterion);
    var pool = {}, open = [], shut = [], taken = {}, M = this.modes, S = this.scenarios, C = this.criteria;
    S.forEach(function (other) {
      if (other.borders !== s.borders) return;
      M.forEach(function (m) {
        C.forEach(function (c) { var n = self.find(place, m, other.id, c); if (n >= 0) pool[n] = 1; });
      });
    });
    if (s.borders === "central") this.raw.more[place].forEach(function (n) { pool[n] = 1; });
    if (first >= 0) { var a = this.route(first); taken[a.key] = 1; open.push({route: a, open: true}); }
    var list = Object.keys(pool).map(function (n) { return self.route(+n); }).filter(function (r) {
      if (mode !== "multimodal" && r.modes.some(function (m) { return m !== mode && m !== "ferry"; })) return false;
      return r.n !== first && r.status === "ok";
    });
    list.sort(function (x, y) { return self.value(x, criterion) - self.value(y, criterion) || x.n - y.n; });
    var most = open.length ? this.value(open[0].route, criterion) * STRETCH : Infinity, best = open.length && open[0].route;
    list.forEach(function (r) {
      if (taken[r.key]) return;
      var why = self.blocked(r, scenario), value = self.value(r, criterion);
      if (!why) {
        // Open, shorter and yet not chosen: it weaves over borders to save kilometres.
        if (!best || value > most || value < self.value(best, criterion) || open.length >= 5) return;
        if (open.some(function (x) { return self.shared(r, x.route) > OVERLAP; })) return;
        taken[r.key] = 1; open.push({route: r, open: true});
      } else if (shut.length < 2 && (!best || value < most)) {
        taken[r.key] = 1; shut.push({route: r, open: false, why: why});
      }
    });
    return open.concat(shut.slice(0, Math.max(1, 6 - open.length))).map(function (x, i) {
      x.letter = "ABCDEFGH".charAt(i); return x;
    });
  }
};
