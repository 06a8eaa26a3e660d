/* A field that lists what fits as one types (ARIA combobox with a list box). */
import {html} from "../dom.js";
import {fold} from "../words.js";

let fields = 0;

export class Combobox {
  /* box: holds input, listbox, status and perhaps .clear and .note. options: items() → [{value, names (folded), countries (folded)}],
     tell(value) → {text, note, aside}, order(a, b) among equals, none, count(n), pick(value), keep (show what was picked). */
  constructor(box, options) {
    this.box = box;
    this.options = options;
    this.number = fields++;
    this.input = box.querySelector("input");
    this.list = box.querySelector("[role=listbox]");
    this.live = box.querySelector("[role=status]");
    this.clear = box.querySelector(".clear");
    this.note = box.querySelector(".note");
    this.shown = [];
    this.active = -1;
    this.list.id = "list-" + this.number;
    this.input.setAttribute("aria-controls", this.list.id);
    this.listen();
  }

  listen() {
    const {input} = this;
    input.addEventListener("focus", () => { input.select(); this.setNote(""); this.open(""); });
    input.addEventListener("click", () => { if (this.list.hidden) this.open(""); });
    input.addEventListener("input", () => {
      this.setNote("");
      this.open(input.value);
      if (this.shown.length && input.value) this.mark(0);
    });
    input.addEventListener("blur", () => { this.close(); this.show(this.value); });
    input.addEventListener("keydown", (event) => this.key(event));
    if (this.clear) this.clear.addEventListener("click", () => { input.value = ""; this.clear.hidden = true; input.focus(); });
  }

  key(event) {
    if (event.isComposing) return;
    const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
    if (step) {
      event.preventDefault();
      if (this.list.hidden) this.open(this.input.value);
      this.mark(step > 0 ? this.active + 1 : this.active < 0 ? this.shown.length - 1 : this.active - 1);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (!this.list.hidden && this.shown.length) this.pick(this.shown[Math.max(0, this.active)]);
    } else if (event.key === "Escape") {
      if (this.list.hidden) this.input.blur(); else { this.close(); this.show(this.value); }
    }
  }

  /* Names that begin with the text, then countries, then names that hold it. */
  match(text) {
    const asked = fold(text), found = [];
    for (const item of this.options.items()) {
      let score = asked ? 9 : 1;
      item.names.forEach((name, i) => {
        if (!asked) return;
        if (name === asked) score = 0;
        else if (name.startsWith(asked)) score = Math.min(score, i < 3 ? 1 : 3);
        else if (asked.length > 2 && name.includes(asked)) score = Math.min(score, 5);
      });
      for (const country of asked ? item.countries : []) {
        if (country === asked) score = Math.min(score, 2);
        else if (asked.length > 1 && country.startsWith(asked)) score = Math.min(score, 4);
      }
      if (score < 9) found.push([score, item.value]);
    }
    return found.sort((a, b) => a[0] - b[0] || this.options.order(a[1], b[1])).map(([, value]) => value);
  }

  open(text) {
    this.shown = this.match(text);
    this.active = -1;
    this.list.textContent = "";
    this.shown.forEach((value, i) => this.addOption(value, i));
    const said = this.shown.length ? this.options.count(this.shown.length) : this.options.none();
    if (!this.shown.length) html("div", "none", this.list, said);
    this.live.textContent = said;
    this.list.hidden = false;
    this.list.scrollTop = 0;
    this.input.setAttribute("aria-expanded", "true");
  }

  addOption(value, i) {
    const {text, note, aside} = this.options.tell(value), option = html("div", "option", this.list);
    option.setAttribute("role", "option");
    option.id = `option-${this.number}-${i}`;
    option.setAttribute("aria-selected", "false");
    html("b", "", option, text);
    html("span", "", option, note);
    if (aside) html("i", "", option, aside);
    option.addEventListener("pointerdown", (event) => event.preventDefault());
    option.addEventListener("click", () => this.pick(value));
  }

  close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
    this.live.textContent = "";
  }

  mark(i) {
    const options = this.list.querySelectorAll(".option");
    if (!options.length) return;
    if (options[this.active]) options[this.active].setAttribute("aria-selected", "false");
    this.active = (i + options.length) % options.length;
    options[this.active].setAttribute("aria-selected", "true");
    options[this.active].scrollIntoView({block: "nearest"});
    this.input.setAttribute("aria-activedescendant", options[this.active].id);
  }

  pick(value) {
    this.close();
    if (this.options.keep) this.show(value); else this.show(null);
    this.options.pick(value);
  }

  /* Show a value in the field, the country behind its name. */
  show(value) {
    const told = value ? this.options.tell(value) : {text: "", note: ""};
    this.value = value;
    this.input.value = told.text;
    if (this.clear) this.clear.hidden = !value;
    this.setNote(told.note);
  }

  setNote(text) {
    if (!this.note) return;
    this.note.textContent = text;
    const pen = document.createElement("canvas").getContext("2d"), style = getComputedStyle(this.input);
    pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    const left = Math.ceil(pen.measureText(this.input.value).width) + 22, free = this.input.clientWidth - left - 40;
    // Not over the button, and not cut in the middle of the name.
    this.note.style.left = left + "px";
    this.note.hidden = !text || pen.measureText(text).width * .85 > free;
  }
}
