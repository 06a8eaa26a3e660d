/* The lines of a live map as GeoJSON: one feature for each destination and mode. */
import {inverse, toDegrees} from "../plane.js";

export function geojson({data, lines}) {
  const back = data.unit === "km" ? inverse(data.plane) : (x, y) => [x, y], features = [];
  const degrees = lines.map((line) => toDegrees(line.points, back));
  data.destinations.forEach(([destination, name], i) => {
    for (const mode of ["road", "rail", "ferry"]) {
      const coordinates = degrees.filter((_, k) => lines[k].mode === mode && lines[k].to.includes(i));
      if (!coordinates.length) continue;
      features.push({type: "Feature", properties: {destination, name, mode}, geometry: {type: "MultiLineString", coordinates}});
    }
  });
  return {type: "FeatureCollection", attribution: "© OpenStreetMap contributors (ODbL)", features};
}
