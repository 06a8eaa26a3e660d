/* From the map's plane (Lambert conic on WGS 84, kilometres) back to degrees. */
const A = 6378.137, E2 = 0.0066943799901413165, E = Math.sqrt(E2), RAD = Math.PI / 180;

function m(phi) { return Math.cos(phi) / Math.sqrt(1 - E2 * Math.sin(phi) ** 2); }

function t(phi) {
  const s = E * Math.sin(phi);
  return Math.tan(Math.PI / 4 - phi / 2) / ((1 - s) / (1 + s)) ** (E / 2);
}

/* The inverse of a conic plane. plane: two parallels, latitude of origin, central meridian, degrees. */
export function inverse([parallel1, parallel2, latitude, meridian]) {
  const p1 = parallel1 * RAD, p2 = parallel2 * RAD, p0 = latitude * RAD;
  const n = Math.log(m(p1) / m(p2)) / Math.log(t(p1) / t(p2));
  const f = m(p1) / (n * t(p1) ** n), r0 = A * f * t(p0) ** n;
  return (x, y) => {
    const r = Math.hypot(x, r0 - y), k = (r / (A * f)) ** (1 / n);
    let phi = Math.PI / 2 - 2 * Math.atan(k);
    for (let i = 0; i < 6; i++) {
      const s = E * Math.sin(phi);
      phi = Math.PI / 2 - 2 * Math.atan(k * ((1 - s) / (1 + s)) ** (E / 2));
    }
    return [Math.atan2(x, r0 - y) / n / RAD + meridian, phi / RAD];
  };
}

/* A line in degrees, to ten metres. */
export function toDegrees(line, back) {
  return line.map(([x, y]) => back(x, y).map((value) => Math.round(value * 1e4) / 1e4));
}
