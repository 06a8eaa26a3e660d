/* What a report can do beyond being read: theme, languages, sorting, copying. It reads without. */
import {applyTheme, toggleTheme} from "../theme.js";
import {startEditions} from "./editions.js";
import {copy, download, equipTables, sort} from "./tables.js";

applyTheme();

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.matches(".theme")) toggleTheme();
  else if (button.closest("thead")) sort(button.closest("th"));
  else if ("copy" in button.dataset) copy(button);
  else if ("csv" in button.dataset) download(button);
});

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => startEditions(equipTables));
else startEditions(equipTables);
