/* The languages of a report, of which one is shown: the one that a link asks for, that the reader
   chose before, or that the browser speaks. */
import {remember} from "../theme.js";

const KEY = "horgos-language";

function all() { return Array.from(document.querySelectorAll(".edition")); }

function find(code) { return all().find((edition) => edition.lang === code); }

/* Show an edition and hide the others; tell what waits for it. */
export function showEdition(edition, ready) {
  for (const other of all()) other.hidden = other !== edition;
  document.documentElement.lang = edition.lang;
  document.title = edition.dataset.title;
  if (!edition.dataset.ready) {
    edition.dataset.ready = "yes";
    ready(edition);
  }
  document.dispatchEvent(new CustomEvent("horgos:edition"));
}

/* The edition in which a link's target lies; a link may name a language alone. */
function linked() {
  const id = decodeURIComponent(location.hash.slice(1)), target = id && document.getElementById(id);
  return find(id) || (target && target.closest(".edition"));
}

function chosen() {
  const codes = [remember(KEY), ...navigator.languages].filter(Boolean).map((code) => code.slice(0, 2));
  return linked() || codes.map(find).find(Boolean) || all()[0];
}

export function startEditions(ready) {
  showEdition(chosen(), ready);
  window.addEventListener("hashchange", () => {
    const edition = linked();
    if (!edition || !edition.hidden) return;
    showEdition(edition, ready);
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target) target.scrollIntoView();
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".langs a");
    if (!link) return;
    event.preventDefault();
    const from = link.closest(".edition"), edition = find(link.dataset.lang), at = place(from);
    remember(KEY, edition.lang);
    showEdition(edition, ready);
    history.replaceState(null, "", "#" + edition.lang);
    restore(edition, at);
    edition.querySelector(`.langs [data-lang=${edition.lang}]`).focus({preventScroll: true});
  });
}

/* Where the reader is: the number of the section at the top of the window, and how far in it. */
function place(edition) {
  const parts = Array.from(edition.querySelectorAll(".cell")), at = parts.findIndex((part) => part.getBoundingClientRect().bottom > 80);
  return at < 0 ? null : [at, parts[at].getBoundingClientRect().top];
}

function restore(edition, at) {
  const part = at && edition.querySelectorAll(".cell")[at[0]];
  if (part) window.scrollBy(0, part.getBoundingClientRect().top - at[1]);
}
