/* The map of one notebook cell: made once, then given one route's layer after another. */
(function (A) {
  "use strict";
  var maps = {}, waiting = {};
  window.HorgosExplore = {
    maps: maps,
    make: function (id, catalogue, base) {
      var box = document.getElementById(id);
      if (!box) { setTimeout(function () { window.HorgosExplore.make(id, catalogue, base); }, 50); return; }
      var words = new A.Words(catalogue, catalogue.language), map = new A.Map(box, base, words);
      maps[id] = map; map.drawn = 0;
      new ResizeObserver(function () { if (map.scene && map.size()[0]) map.frame(); }).observe(box);
      if (waiting[id]) { this.show(id, waiting[id]); delete waiting[id]; }
    },
    show: function (id, layer) {
      var map = maps[id];
      if (!map) { waiting[id] = layer; return; }
      var lines = [], legs = layer.legs;
      legs.forEach(function (leg) {
        leg.shape = -1;
        if (leg.line) { leg.shape = lines.length; lines.push(A.decode(leg.line, layer.step)); }
      });
      var before = map.scene && map.scene.place.id;
      map.show({origin: layer.origin, place: layer.place, closed: layer.closed, chosen: legs.length ? 0 : -1,
        list: legs.length ? [{open: true, letter: "", route: {legs: legs, countries: layer.countries}}] : [],
        summary: map.words.place(layer.origin) + " – " + map.words.place(layer.place),
        lineOf: function (leg) { return lines[leg.shape]; }}, before !== layer.place.id || legs.length > 0);
      map.drawn += 1;
      map.box.dataset.drawn = map.drawn;
      map.box.dataset.place = layer.place.id;
    }
  };
})(window.Atlas);
