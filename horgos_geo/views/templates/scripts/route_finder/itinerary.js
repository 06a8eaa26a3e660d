/* The itinerary: what moves as a line, what waits as a block, on days or on kilometres. */
import {html, icon} from "../dom.js";
import {NB} from "../words.js";

var GLYPH = {border: "crossing", gauge: "gauge", transfer: "terminal"}, WORD = {border: "border", gauge: "gauge_change", transfer: "transfer"};
var CANVAS = document.createElement("canvas").getContext("2d");

/* Legs joined: a stretch of movement in one country, or all waits at one place. */
export function stages(route, words) {
  var out = [], hours = 0, km = 0;
  route.legs.forEach(function (leg) {
    if (leg.kind === "snap" || leg.kind === "access") return;
    var last = out[out.length - 1], h = leg.time[0];
    if (leg.moving) {
      var code = leg.kind === "ferry" ? "SEA" : leg.country;
      if (leg.kind === "ferry") out.push({moving: true, mode: "ferry", code: code, name: words.t("sea"), h: h, km: leg.km, at: hours, from: km, ports: words.ports(leg)});
      else if (last && last.moving && last.mode === leg.kind && last.code === code) { last.h += h; last.km += leg.km; }
      else out.push({moving: true, mode: leg.kind, code: code, name: words.country(code), h: h, km: leg.km, at: hours, from: km});
      km += leg.km;
    } else if (h > 0 || leg.kind === "gauge") {
      if (last && !last.moving) { last.h += h; last.waits.push([leg.kind, h, leg]); }
      else out.push({moving: false, name: leg.name ? words.stop(leg) : words.country(leg.country), h: h, km: 0, at: hours, from: km, waits: [[leg.kind, h, leg]]});
    }
    hours += h;
  });
  return out;
}
function waits(stage, words) {
  return stage.waits.filter(function (x) { return x[1] > 0; }).map(function (x) {
    var leg = x[2], change = x[0] === "gauge" ? " " + leg.from + " → " + leg.to : "";
    return words.t(WORD[x[0]]) + change + " " + words.span(x[1]);
  }).join(words.t("atlas_sep"));
}
function width(text, font) { CANVAS.font = font; return CANVAS.measureText(text).width; }

export function itinerary(box, route, byKm, words) {
  var parts = stages(route, words), wide = box.querySelector(".it-wide"), list = box.querySelector(".it-list"), head = box.querySelector(".it-note");
  var total = byKm ? route.km : route.time[0], waiting = 0, family = getComputedStyle(box).fontFamily;
  parts.forEach(function (s) { if (!s.moving) waiting += s.h; });
  head.textContent = byKm ? words.t("atlas_km_of", {total: words.km(route.km), n: route.countries.length})
    : words.t("atlas_wait_of", {total: words.span(route.time[0]), wait: words.span(waiting)});
  var kinds = {};
  parts.forEach(function (s) { if (!s.moving) s.waits.forEach(function (x) { if (x[1] > 0) kinds[x[0]] = 1; }); });
  var keys = box.querySelector(".it-keys");
  keys.textContent = "";
  ["border", "gauge", "transfer"].forEach(function (k) {
    if (!kinds[k]) return;
    var li = html("li", "", keys); html("i", "sw s-" + k, li); li.appendChild(document.createTextNode(words.t(WORD[k])));
  });
  var W = wide.clientWidth || 980;
  wide.textContent = "";
  function at(s) { return (byKm ? s.from : s.at) / total * W; }
  function size(s) { return (byKm ? s.km : s.h) / total * W; }
  var above = html("div", "it-above", wide), line = html("div", "it-line", wide), below = html("div", "it-below", wide);
  var step = [0.25, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000].filter(function (n) { return (byKm ? total : total / 24) / n <= 5; })[0];
  var end = byKm ? total : total / 24, axis = html("div", "it-axis", wide);
  for (var v = 0; v <= end; v += step) {
    var x = v / end * W, grid = html("i", "grid", line), label;
    grid.style.left = x + "px";
    // The last number makes room for the total.
    if (x > W - 90 && v > 0) continue;
    label = html("span", v ? "" : "first", axis, words.number(v, step < .5 ? 2 : step < 1 ? 1 : 0)); label.style.left = x + "px";
  }
  html("span", "last", axis, byKm ? words.km(total) : words.number(end, 1) + NB + words.t("days"));

  // Countries over the line, where there is room for them.
  var last = -1;
  parts.forEach(function (s) {
    if (!s.moving) return;
    var w = size(s), mid = at(s) + w / 2, numbers = byKm ? words.km(s.km) : words.km(s.km) + " · " + words.span(s.h), name = s.name;
    var fits = function (a, b) { return Math.max(width(a, "600 13px " + family), width(b, "12px " + family)) / 2 + 3; };
    var half = fits(name, numbers), room = Math.max(w / 2 + 26, 30);
    if (half > room) { name = s.code === "SEA" ? s.name : s.code; numbers = words.kmNumber(s.km); half = fits(name, numbers); }
    mid = Math.min(Math.max(mid, half), W - half);
    if (mid - half < last + 4 || half > room) return;
    last = mid + half;
    var t = html("span", "", above); t.style.left = mid + "px";
    html("b", "", t, name); html("span", "", t, numbers);
  });

  parts.forEach(function (s) {
    var w = size(s), x = at(s);
    if (s.moving) {
      var part = html("i", "it-move m-" + s.mode, line);
      part.style.left = x + 2 + "px"; part.style.width = Math.max(0, w - 4) + "px";
      return;
    }
    if (byKm) { mark(line, s, x); return; }
    s.waits.forEach(function (wait) {
      var own = wait[1] / total * W, b = html("i", "it-wait s-" + wait[0], line);
      b.style.left = x + "px"; b.style.width = Math.max(2, own - 1) + "px";
      if (own > 15) icon(GLYPH[wait[0]], 16, b);
      x += own;
    });
  });
  places(below, parts, at, size, byKm, W, words, family);
  rows(list, parts, route, words);
  box.querySelector(".it-figure").setAttribute("aria-label", parts.map(function (s) {
    return s.moving ? s.name + " " + words.km(s.km) + " " + words.span(s.h) : s.name + " " + waits(s, words);
  }).join("; "));
}
function mark(line, s, x) {
  var m = html("i", "it-mark", line);
  m.style.left = x + "px";
  icon(GLYPH[s.waits.some(function (w) { return w[0] === "gauge"; }) ? "gauge" : s.waits[0][0]], 18, m);
}

// Places under the line, on up to three levels, the longest waits first.
function places(below, stages, at, size, byKm, W, words, family) {
  var taken = [[], [], []];
  var rowsOf = stages.filter(function (s) { return !s.moving && s.h > 0; }).map(function (s) {
    var note = waits(s, words), name = s.name;
    return {s: s, x: at(s) + (byKm ? 0 : Math.min(size(s), 12) / 2), name: name, note: note,
      w: Math.max(width(name, "600 12px " + family), width(note, "12px " + family)) + 14};
  });
  rowsOf.slice().sort(function (a, b) { return b.s.h - a.s.h; }).forEach(function (r) {
    for (var level = 0; level < 3 && !r.done; level++) {
      // To the right of its leader, else to the left of it.
      [r.x - 2, r.x - r.w + 12].forEach(function (left) {
        if (r.done) return;
        left = Math.max(0, left);
        if (left + r.w > W + 8 && left > 0) return;
        var free = taken[level].every(function (t) { return left + r.w < t[0] || left > t[1]; });
        for (var up = 0; up < level && free; up++) free = taken[up].every(function (t) { return t[2] || r.x + 3 < t[0] || r.x - 3 > t[1]; });
        for (var down = level + 1; down < 3 && free; down++) free = taken[down].every(function (t) { return t[3] + 3 < left || t[3] - 3 > left + r.w; });
        if (free) { r.done = true; r.level = level; r.left = left; r.end = left < r.x - 20; taken[level].push([left, left + r.w, false, r.x]); }
      });
    }
  });
  rowsOf.forEach(function (r) {
    if (!r.done) return;
    var lead = html("i", "it-lead lv" + r.level, below); lead.style.left = r.x + "px";
    var t = html("span", "it-place lv" + r.level + (r.end ? " is-end" : ""), below);
    if (r.end) t.style.right = W - (r.left + r.w) + 8 + "px"; else t.style.left = r.left + "px";
    html("b", "", t, r.name); html("span", "", t, r.note);
  });
}

// The same in rows, for narrow pages.
function rows(list, stages, route, words) {
  list.textContent = "";
  stages.forEach(function (s) {
    var li = html("li", s.moving ? "mv" : "wt", list), sym = html("span", "it-sym", li), main = html("span", "it-name", li);
    if (s.moving) {
      html("i", "it-v m-" + s.mode, sym);
      html("span", "", main, s.name);
      html("small", "", main, words.t(s.mode) + words.t("atlas_sep") + words.km(s.km));
    } else {
      icon(GLYPH[s.waits.some(function (w) { return w[0] === "gauge"; }) ? "gauge" : s.waits[0][0]], 20, sym);
      html("b", "", main, s.name);
      html("small", "", main, waits(s, words));
    }
    html("span", "it-t", li, words.span(s.h));
  });
}
