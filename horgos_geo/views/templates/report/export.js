/* The lines of a live map as GeoJSON: from the map's plane back to degrees, one feature for each
   destination and mode. */
(function () {
  "use strict";
  var A = 6378.137, E2 = 0.0066943799901413165, E = Math.sqrt(E2), R = Math.PI / 180;
  function m(phi) { return Math.cos(phi) / Math.sqrt(1 - E2 * Math.pow(Math.sin(phi), 2)); }
  function t(phi) {
    var s = E * Math.sin(phi);
    return Math.tan(Math.PI / 4 - phi / 2) / Math.pow((1 - s) / (1 + s), E / 2);
  }
  function inverse(plane) {
    var p1 = plane[0] * R, p2 = plane[1] * R, p0 = plane[2] * R, lon0 = plane[3];
    var n = Math.log(m(p1) / m(p2)) / Math.log(t(p1) / t(p2));
    var f = m(p1) / (n * Math.pow(t(p1), n)), r0 = A * f * Math.pow(t(p0), n);
    return function (x, y) {
      var r = Math.hypot(x, r0 - y), k = Math.pow(r / (A * f), 1 / n);
      var phi = Math.PI / 2 - 2 * Math.atan(k);
      for (var i = 0; i < 6; i++) {
        var s = E * Math.sin(phi);
        phi = Math.PI / 2 - 2 * Math.atan(k * Math.pow((1 - s) / (1 + s), E / 2));
      }
      return [Math.atan2(x, r0 - y) / n / R + lon0, phi / R];
    };
  }
  window.HorgosExport = function (view) {
    var data = view.data, back = data.unit === "km" ? inverse(data.plane) : function (x, y) { return [x, y]; };
    var lines = view.lines.map(function (line) {
      return line.xy.map(function (c) {
        return back(c[1], c[0]).map(function (v) { return Math.round(v * 1e4) / 1e4; });
      });
    });
    var features = [];
    data.destinations.forEach(function (d, i) {
      ["road", "rail", "ferry"].forEach(function (mode) {
        var parts = lines.filter(function (_, k) {
          return view.lines[k].mode === mode && view.lines[k].to.indexOf(i) >= 0;
        });
        if (parts.length) {
          features.push({type: "Feature", properties: {destination: d[0], name: d[1], mode: mode},
            geometry: {type: "MultiLineString", coordinates: parts}});
        }
      });
    });
    return {type: "FeatureCollection", attribution: "© OpenStreetMap contributors (ODbL)", features: features};
  };
})();
