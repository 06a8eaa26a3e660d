/* Words and numbers in the reader's language, by the same rules as the reports. */
window.Atlas = window.Atlas || {};
(function (A) {
  "use strict";
  var NB = "\u00a0", THIN = "\u202f";
  A.Words = function (catalogue, language) { this.all = catalogue; this.set(language); };
  A.Words.prototype = {
    set: function (language) { this.language = this.all.words[language] ? language : "en"; },
    has: function (key) { return key in this.all.words.en; },
    t: function (key, values) {
      var text = this.all.words[this.language][key] || this.all.words.en[key] || key;
      return text.replace(/\{(\w+)\}/g, function (whole, name) {
        return values && name in values ? String(values[name]) : whole;
      });
    },
    number: function (value, digits) {
      if (value === null || !isFinite(value)) return "–";
      var fixed = Math.abs(value).toFixed(digits || 0), parts = fixed.split(".");
      var group = this.language === "ru" ? THIN : ",", point = this.language === "ru" ? "," : ".";
      parts[0] = parts[0].replace(/\B(?=(\d{3})+$)/g, group);
      return (value < 0 && +fixed ? "−" : "") + parts.join(point);
    },
    kmNumber: function (km) { return this.number(Math.abs(km) >= 95 ? Math.round(km / 10) * 10 : Math.round(km)); },
    km: function (km) { return this.kmNumber(km) + NB + this.t("km"); },
    error: function (km) {
      return km === null ? "" : "±" + NB + this.number(Math.max(10, Math.round(km / 10) * 10));
    },
    daysNumber: function (h) { return this.number(Math.max(1, Math.round(h / 24))); },
    days: function (h) {
      var n = Math.max(1, Math.round(h / 24));
      return this.number(n) + NB + this.t(n === 1 ? "day" : "days");
    },
    daysRange: function (low, high) {
      var a = this.daysNumber(low), b = this.daysNumber(high);
      return a === b ? a : a + "–" + b;
    },
    /* A part of a journey: hours below half a day, else days with one decimal. */
    span: function (h) {
      if (h < 12) return this.number(h, h < 1 ? 1 : 0) + NB + this.t("h");
      return this.number(h / 24, 1) + NB + this.t("days");
    },
    ten: function (value) { return this.number(value >= 95 ? Math.round(value / 10) * 10 : Math.round(value)); },
    range: function (b, write) {
      var a = write.call(this, b[1]), c = write.call(this, b[2]);
      return a === c ? a : a + "–" + c;
    },
    place: function (p) { return p.names[this.language] || p.names.en; },
    country: function (code) {
      if (code === "SEA") return this.t("sea");
      var names = this.all.countries[code];
      return names ? names[A.LANGUAGES.indexOf(this.language)] || names[0] : code;
    },
    borders: function (n) {
      var key = n === 1 ? "atlas_borders_1" : n % 10 > 0 && n % 10 < 5 && (n < 10 || n > 20) ? "atlas_borders_few" : "atlas_borders";
      if (this.language === "ru" && n % 10 === 1 && n !== 11) key = "atlas_borders_1";
      return this.t(key);
    },
    list: function (items) {
      if (items.length < 2) return items.join("");
      return this.t("atlas_and", {a: items.slice(0, -1).join(this.t("atlas_comma")), b: items[items.length - 1]});
    },
    status: function (status) {
      var key = "status_" + status.replace(/ /g, "_");
      return this.has(key) ? this.t(key) : status;
    },
    mode: function (r) {
      var self = this;
      var words = r.modes.map(function (m) { return self.t(m); });
      var text = this.list(words);
      return text.charAt(0).toUpperCase() + text.slice(1);
    },
    /* What a corridor is called: by what, and through which countries between home and the end. */
    title: function (r, place) {
      var self = this, mode = this.mode(r);
      if (r.name) {
        return this.t("atlas_named", {name: r.name[A.LANGUAGES.indexOf(this.language)] || r.name[0],
          mode: this.language === "zh" ? mode : mode.charAt(0).toLowerCase() + mode.slice(1)});
      }
      var between = r.countries.filter(function (c) { return c !== place.country && c !== "CHN"; });
      if (between.length > 1) between = between.filter(function (c) { return c !== "KAZ"; });
      var names = between.slice(0, 3).map(function (c) { return self.country(c); });
      if (!names.length) return this.t("atlas_direct", {mode: this.mode(r)});
      return this.t("atlas_via", {mode: this.mode(r), names: between.length > 3 ? names.join(this.t("atlas_comma")) + " …" : this.list(names)});
    },
    /* The name of a crossing, terminal or port, listed in Latin letters. */
    point: function (name) {
      var other = (this.all.points || {})[name], at = A.LANGUAGES.indexOf(this.language) - 1;
      return (other && other[at] || name).replace(/\s+-\s+/g, " – ");
    },
    short: function (name) {
      return this.point(name).replace(/\s*\([^)]*\)/g, "").split(/\s+[–—-]\s+|\s*–\s*|\s*\/\s*/)[0].trim() || name;
    },
    /* The name of a stop: a Chinese land port's own in this language, else as listed. */
    stop: function (leg) {
      var own = leg.id && this.all.stops[leg.id];
      return own ? own[A.LANGUAGES.indexOf(this.language)] : this.short(leg.name);
    },
    scenario: function (s) { return this.has("scenario_" + s.id) ? this.t("scenario_" + s.id) : s.name; }
  };
  A.LANGUAGES = ["en", "zh", "ru"];
  A.NB = NB;

  A.fold = function (text) {
    return text.toLowerCase().normalize("NFKD").replace(/[\u0300-\u036f]/g, "").replace(/[łŁ]/g, "l").replace(/ı/g, "i")
      .replace(/ø/g, "o").replace(/ß/g, "ss").replace(/ə/g, "e").replace(/ё/g, "е").replace(/[^\p{L}\p{N}]+/gu, "");
  };
  A.html = function (name, cls, parent, text) {
    var e = document.createElement(name);
    if (cls) e.className = cls;
    if (text !== undefined) e.textContent = text;
    if (parent) parent.appendChild(e);
    return e;
  };
  A.svg = function (name, attrs, parent, text) {
    var e = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (var k in attrs) if (attrs[k] !== null) e.setAttribute(k, attrs[k]);
    if (text !== undefined) e.textContent = text;
    if (parent) parent.appendChild(e);
    return e;
  };
  /* A glyph as a small picture of its own; GLYPHS are the package's, not the data's. */
  A.icon = function (kind, size, parent) {
    var s = A.svg("svg", {"class": "icon", width: size, height: size, viewBox: "-9.5 -9.5 19 19", "aria-hidden": "true"}, parent);
    s.innerHTML = A.GLYPHS[kind];
    return s;
  };
  A.sample = function (cls, parent, width) {
    var s = A.svg("svg", {"class": "icon", width: width || 26, height: 10, viewBox: "0 0 " + (width || 26) + " 10", "aria-hidden": "true"}, parent);
    A.svg("path", {"class": "ln " + cls, d: "M1 5H" + ((width || 26) - 1)}, s);
    return s;
  };
})(window.Atlas);
