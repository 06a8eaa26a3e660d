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
    } else if (button.closest("thead")) {
      sort(button.closest("th"));
    } else if (button.hasAttribute("data-copy")) {
      copy(button);
    } else if (button.hasAttribute("data-csv")) {
      download(button);
    }
  });

  // What a cell sorts by: what was computed where it says so, else the number it begins with.
  function key(cell, number) {
    if (cell.dataset.s !== undefined) return cell.dataset.s;
    var words = cell.textContent.trim();
    if (!number) return words === "–" ? "" : words;
    words = words.replace(/[\s\u00a0\u202f±+]/g, "").replace(/−/g, "-");
    words = root.lang === "ru" ? words.replace(",", ".") : words.replace(/,/g, "");
    words = parseFloat(words);
    return isNaN(words) ? "" : String(words);
  }

  function sort(th) {
    var table = th.closest("table"), body = table.tBodies[0];
    var column = Array.prototype.indexOf.call(th.parentNode.children, th);
    var up = th.getAttribute("aria-sort") !== "ascending", number = th.dataset.kind === "number";
    th.parentNode.querySelectorAll("[aria-sort]").forEach(function (x) { x.removeAttribute("aria-sort"); });
    th.setAttribute("aria-sort", up ? "ascending" : "descending");
    var rows = Array.prototype.slice.call(body.rows);
    var order = new Intl.Collator(document.documentElement.lang);
    rows.sort(function (a, b) {
      var x = key(a.cells[column], number), y = key(b.cells[column], number);
      // What has no value stays last, whichever way.
      if (x === "" || y === "") return (x === "") - (y === "");
      var d = number ? parseFloat(x) - parseFloat(y) : order.compare(x, y);
      return up ? d : -d;
    });
    rows.forEach(function (row) { body.appendChild(row); });
  }

  function holder(element) { return element.closest("figure") || element.closest(".datatable"); }
  function cells(table) {
    return Array.prototype.map.call(table.rows, function (row) {
      return Array.prototype.map.call(row.cells, function (cell) {
        return cell.textContent.replace(/\s+/g, " ").trim();
      });
    });
  }
  function download(button) {
    var text = cells(holder(button).querySelector("table")).map(function (row) {
      return row.map(function (cell) { return '"' + cell.replace(/"/g, '""') + '"'; }).join(",");
    }).join("\r\n");
    var link = document.createElement("a"), part = button.closest(".part"), head = part && part.querySelector("h2[id]");
    // With a byte order mark, so that a spreadsheet reads names in any script.
    link.href = URL.createObjectURL(new Blob(["\ufeff" + text], {type: "text/csv"}));
    link.download = (head ? head.id : "table") + ".csv";
    link.click();
    setTimeout(function () { URL.revokeObjectURL(link.href); }, 1000);
  }
  function copy(button) {
    var text = cells(holder(button).querySelector("table")).map(function (row) {
      return row.join("\t");
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
  // Tables that come plain learn here to sort, copy and download.
  function equip(table) {
    var says = document.body.dataset, heads = table.tHead.rows[0].cells, rows = table.tBodies[0].rows;
    Array.prototype.forEach.call(heads, function (th, column) {
      var numbers = Array.prototype.every.call(rows, function (row) {
        var cell = row.cells[column];
        return cell.textContent.trim() === "–" || key(cell, true) !== "";
      });
      var b = document.createElement("button");
      b.type = "button";
      b.className = "sorts";
      b.textContent = th.textContent;
      if (!th.textContent) b.setAttribute("aria-label", says.saysSort);
      th.dataset.kind = numbers ? "number" : "text";
      th.textContent = "";
      th.appendChild(b);
    });
    if (holder(table).querySelector(".tools")) return;
    var tools = document.createElement("p");
    tools.className = "tools";
    [["csv", says.saysCsv], ["copy", says.saysCopy]].forEach(function (pair) {
      var b = document.createElement("button");
      b.type = "button";
      b.className = "tool";
      b.setAttribute("data-" + pair[0], "");
      b.dataset.done = says.saysDone;
      b.textContent = pair[1];
      tools.appendChild(b);
    });
    table.parentNode.after(tools);
  }
  function ready() {
    document.querySelectorAll(".figdata table, .brief, .dt:not(:has(thead button))").forEach(equip);
    document.querySelectorAll("[data-copy]").forEach(function (b) { b.hidden = false; });
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", ready); else ready();
})();
