/* A route to take along: its legs as GeoJSON and as CSV. */
import {inverse, toDegrees} from "../plane.js";

const BANDS = [["time_h", "time"], ["cost_usd_per_teu", "cost"], ["co2e_kg_per_t", "co2e"]];
const ENDS = ["", "_low", "_high"];

function rounded(number, digits) { return Number(number.toFixed(digits)); }

/* What is told of a leg. */
function about(leg, words) {
  const row = {kind: leg.kind, name: leg.name ? words.point(leg.name) : "", country: leg.country, length_km: rounded(leg.km, 2)};
  for (const [name, field] of BANDS) ENDS.forEach((end, i) => { row[name + end] = rounded(leg[field][i], 3); });
  return {...row, crossing_id: leg.id || leg.link || "", gauge_mm: leg.from || "", gauge_to_mm: leg.to || ""};
}

/* Lines where a leg moves, points where it waits. plane: of the map. */
export function geojson(route, plane, words, link) {
  const back = inverse(plane), features = route.legs.map((leg) => {
    const coordinates = leg.line ? toDegrees(leg.line, back) : toDegrees([[leg.x, leg.y]], back)[0];
    return {type: "Feature", properties: about(leg, words), geometry: {type: leg.line ? "LineString" : "Point", coordinates}};
  });
  return JSON.stringify({type: "FeatureCollection", attribution: "© OpenStreetMap contributors (ODbL)", link, features});
}

/* One row a leg, numbers bare; with a byte order mark, so that a spreadsheet reads names in any script. */
export function csv(route, words) {
  const rows = route.legs.map((leg) => about(leg, words)), head = Object.keys(rows[0]);
  const cell = (text) => (/[",\n]/.test(text) ? `"${String(text).replace(/"/g, '""')}"` : String(text));
  return "\ufeff" + [head, ...rows.map((row) => head.map((name) => row[name]))].map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
}
