/* A row of buttons of which one is on, or none (radio group: arrows move, Tab leaves). */
import {html} from "../dom.js";

export class Choice {
  /* rows: [{id, text, title}]; name: their class. */
  constructor(box, rows, pick, name = "") {
    this.box = box;
    this.pick = pick;
    this.buttons = new Map();
    box.textContent = "";
    for (const {id, text, title} of rows) {
      const button = html("button", name, box, text);
      button.type = "button";
      button.value = id;
      button.setAttribute("role", "radio");
      if (title) button.title = title;
      button.addEventListener("click", () => pick(id));
      this.buttons.set(id, button);
    }
    box.onkeydown = (event) => this.key(event);
  }

  key(event) {
    const step = {ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1}[event.key], ids = Array.from(this.buttons.keys());
    if (!step) return;
    event.preventDefault();
    const at = ids.findIndex((id) => this.buttons.get(id) === document.activeElement);
    const next = ids[(at + step + ids.length) % ids.length];
    this.pick(next);
    this.buttons.get(next).focus();
  }

  set(id) {
    const first = this.buttons.has(id) ? id : this.buttons.keys().next().value;
    for (const [key, button] of this.buttons) {
      button.setAttribute("aria-checked", String(key === id));
      button.tabIndex = key === first ? 0 : -1;
    }
  }
}
