/* What the page can do beyond being read: theme, sorting, copying. Everything works without it. */
(function () {
  "use strict";
  var root = document.documentElement;
  function store(v) { try { if (v) localStorage.setItem("horgos-theme", v); else return localStorage.getItem("horgos-theme"); } catch (e) { return null; } }
  var saved = store();
  if (saved === "dark" || saved === "light") root.dataset.theme = saved;

  document.addEventListener("click", function (event) {
    var button = event.target.closest("button");
    if (!button) return;
    if (button.matches(".theme")) {
      var dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
      root.dataset.theme = dark ? "light" : "dark";
      store(root.dataset.theme);
    } else if (button.closest(".dt thead")) {
      sort(button.closest("th"));
    } else if (button.hasAttribute("data-copy")) {
      copy(button);
    }
  });

  function sort(th) {
    var table = th.closest("table"), body = table.tBodies[0];
    var column = Array.prototype.indexOf.call(th.parentNode.children, th);
    var up = th.getAttribute("aria-sort") !== "ascending", number = th.dataset.kind === "number";
    th.parentNode.querySelectorAll("[aria-sort]").forEach(function (x) { x.removeAttribute("aria-sort"); });
    th.setAttribute("aria-sort", up ? "ascending" : "descending");
    var rows = Array.prototype.slice.call(body.rows);
    var order = new Intl.Collator(document.documentElement.lang);
    rows.sort(function (a, b) {
      var x = a.cells[column].dataset.s, y = b.cells[column].dataset.s;
      // What has no value stays last, whichever way.
      if (x === "" || y === "") return (x === "") - (y === "");
      var d = number ? parseFloat(x) - parseFloat(y) : order.compare(x, y);
      return up ? d : -d;
    });
    rows.forEach(function (row) { body.appendChild(row); });
  }

  function copy(button) {
    var table = button.closest("figure").querySelector("table");
    var text = Array.prototype.map.call(table.rows, function (row) {
      return Array.prototype.map.call(row.cells, function (cell) {
        return cell.textContent.replace(/\s+/g, " ").trim();
      }).join("\t");
    }).join("\n");
    var done = function () {
      var words = button.textContent;
      button.textContent = button.dataset.done;
      setTimeout(function () { button.textContent = words; }, 1600);
    };
    if (navigator.clipboard && window.isSecureContext) {
      navigator.clipboard.writeText(text).then(done, function () { old(text, done); });
    } else { old(text, done); }
  }
  function old(text, done) {
    var area = document.createElement("textarea");
    area.value = text;
    document.body.appendChild(area);
    area.select();
    if (document.execCommand("copy")) done();
    area.remove();
  }
  function ready() {
    document.querySelectorAll("[data-copy]").forEach(function (b) { b.hidden = false; });
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", ready); else ready();
})();
