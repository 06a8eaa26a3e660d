/* Whole numbers and lines packed into text: steps from one value to the next, five bits a character. */

/* The signed steps of a text. */
function steps(text) {
  const out = [];
  let at = 0;
  while (at < text.length) {
    let byte, shift = 0, value = 0;
    do {
      byte = text.charCodeAt(at++) - 63;
      value |= (byte & 31) << shift;
      shift += 5;
    } while (byte >= 32);
    out.push(value & 1 ? ~(value >> 1) : value >> 1);
  }
  return out;
}

/* Numbers, each written as the step from the one before it. */
export function numbers(text) {
  let last = 0;
  return steps(text).map((step) => (last += step));
}

/* Points [x, y] of a line; `unit` is the size of a step. */
export function points(text, unit) {
  const all = steps(text), out = [];
  let x = 0, y = 0;
  for (let i = 0; i + 1 < all.length; i += 2) {
    x += all[i];
    y += all[i + 1];
    out.push([x * unit, y * unit]);
  }
  return out;
}
