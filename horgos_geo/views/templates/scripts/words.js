/* Words and numbers in the reader's language, by the same rules as the reports. */
export const LANGUAGES = ["en", "zh", "ru"];
export const NB = "\u00a0";
const THIN = "\u202f";

export class Words {
  /* catalogue: words by language and key, names of countries, stops and points. */
  constructor(catalogue, language) {
    this.catalogue = catalogue;
    this.set(language);
  }
  set(language) { this.language = this.catalogue.words[language] ? language : "en"; }
  get at() { return LANGUAGES.indexOf(this.language); }
  has(key) { return key in this.catalogue.words.en; }
  t(key, values = {}) {
    const text = this.catalogue.words[this.language][key] || this.catalogue.words.en[key] || key;
    return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
  }

  number(value, digits = 0) {
    if (value === null || !isFinite(value)) return "–";
    const fixed = Math.abs(value).toFixed(digits), parts = fixed.split("."), russian = this.language === "ru";
    parts[0] = parts[0].replace(/\B(?=(\d{3})+$)/g, russian ? THIN : ",");
    return (value < 0 && +fixed ? "−" : "") + parts.join(russian ? "," : ".");
  }
  ten(value) { return this.number(Math.abs(value) >= 95 ? Math.round(value / 10) * 10 : Math.round(value)); }
  kmNumber(km) { return this.ten(km); }
  km(km) { return this.kmNumber(km) + NB + this.t("km"); }
  error(km) { return km === null ? "" : "±" + NB + this.number(Math.max(10, Math.round(km / 10) * 10)); }
  daysNumber(h) { return this.number(Math.max(1, Math.round(h / 24))); }
  days(h) { return this.daysNumber(h) + NB + this.t(Math.round(h / 24) <= 1 ? "day" : "days"); }
  daysRange(low, high) { return this.range([0, low, high], (h) => this.daysNumber(h)); }
  /* A part of a journey: hours below half a day, else days with one decimal. */
  span(h) {
    if (h < 12) return this.number(h, h < 1 ? 1 : 0) + NB + this.t("h");
    return this.number(h / 24, 1) + NB + this.t("days");
  }
  /* The low and the high end of [central, low, high]. */
  range([, low, high], write) {
    const a = write(low), b = write(high);
    return a === b ? a : a + "–" + b;
  }

  place(place) { return place.names[this.language] || place.names.en; }
  country(code) {
    if (code === "SEA") return this.t("sea");
    const names = this.catalogue.countries[code];
    return names ? names[this.at] || names[0] : code;
  }
  /* The word that a number of borders takes. */
  borders(n) {
    const form = new Intl.PluralRules(this.language).select(n);
    return this.t({one: "finder_borders_1", few: "finder_borders_few"}[form] || "finder_borders");
  }
  list(items) {
    if (items.length < 2) return items.join("");
    return this.t("finder_and", {a: items.slice(0, -1).join(this.t("comma")), b: items[items.length - 1]});
  }
  status(status) {
    const key = "status_" + status.replace(/ /g, "_");
    return this.has(key) ? this.t(key) : status;
  }
  mode(route) {
    const text = this.list(route.modes.map((mode) => this.t(mode)));
    return text.charAt(0).toUpperCase() + text.slice(1);
  }
  /* What a corridor is called: by what, and through which countries between home and the end. */
  title(route, place) {
    const mode = this.mode(route);
    if (route.name) {
      const small = this.language === "zh" ? mode : mode.charAt(0).toLowerCase() + mode.slice(1);
      return this.t("finder_named", {name: route.name[this.at] || route.name[0], mode: small});
    }
    let between = route.countries.filter((code) => code !== place.country && code !== "CHN");
    if (between.length > 1) between = between.filter((code) => code !== "KAZ");
    const names = between.slice(0, 3).map((code) => this.country(code));
    if (!names.length) return this.t("finder_direct", {mode});
    return this.t("finder_via", {mode, names: between.length > 3 ? names.join(this.t("comma")) + " …" : this.list(names)});
  }
  /* The name of a crossing, terminal or port, listed in Latin letters. */
  point(name) {
    const names = (this.catalogue.points || {})[name];
    return ((names && names[this.at]) || name).replace(/\s+-\s+/g, " – ");
  }
  /* Its first part, without what stands in brackets; a border without a post has no shorter name. */
  short(name) {
    if (/^[A-Z]{3}–[A-Z]{3} /.test(name)) return this.point(name);
    return this.point(name).replace(/\s*\([^)]*\)/g, "").split(/\s+[–—-]\s+|\s*–\s*|\s*\/\s*/)[0].trim() || name;
  }
  /* The name of a stop: a Chinese land port's own in this language, else as listed. */
  stop(leg) {
    const own = leg.id && this.catalogue.stops[leg.id];
    return own ? own[this.at] : this.short(leg.name);
  }
  /* A ferry's two ends: the names of its line, in the direction that the leg goes. */
  ports(leg) {
    const name = this.point(leg.name), ends = name.replace(/\s*\([^)]*\)/g, "").split(/\s+[–—-]\s+|\s*–\s*/);
    const [a, b] = ends.length < 2 ? [name, name] : ends;
    return leg.back ? [b, a] : [a, b];
  }
  scenario(scenario) {
    const key = "scenario_" + scenario.id;
    return this.has(key) ? this.t(key) : scenario.name;
  }
}

/* A name as it is searched by: small letters without marks or signs. */
export function fold(text) {
  return text.toLowerCase().normalize("NFKD").replace(/[\u0300-\u036f]/g, "").replace(/[łŁ]/g, "l").replace(/ı/g, "i")
    .replace(/ø/g, "o").replace(/ß/g, "ss").replace(/ə/g, "e").replace(/ё/g, "е").replace(/[^\p{L}\p{N}]+/gu, "");
}
