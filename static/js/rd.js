/**
 * Between RD (metres) and degrees, by the polynomials of Schreutelkamp and Strang van Hees (2001):
 * good to some decimetres, enough to draw with. What is stored is what the fields say.
 */
"use strict";

const X0 = 155_000;
const Y0 = 463_000;
const LAT0 = 52.1551744;
const LON0 = 5.38720621;
/** Each term: power of the first variable, power of the second, coefficient. */
const TO_LAT = [
  [0, 1, 3235.65389], [2, 0, -32.58297], [0, 2, -0.2475], [2, 1, -0.84978], [0, 3, -0.0655],
  [2, 2, -0.01709], [1, 0, -0.00738], [4, 0, 0.0053], [2, 3, -0.00039], [4, 1, 0.00033],
  [1, 1, -0.00012],
];
const TO_LON = [
  [1, 0, 5260.52916], [1, 1, 105.94684], [1, 2, 2.45656], [3, 0, -0.81885], [1, 3, 0.05594],
  [3, 1, -0.05607], [0, 1, 0.01199], [3, 2, -0.00256], [1, 4, 0.00128], [0, 2, 0.00022],
  [2, 0, -0.00022], [5, 0, 0.00026],
];
const TO_X = [
  [0, 1, 190094.945], [1, 1, -11832.228], [2, 1, -114.221], [0, 3, -32.391], [1, 0, -0.705],
  [3, 1, -2.34], [1, 3, -0.608], [0, 2, -0.008], [2, 3, 0.148],
];
const TO_Y = [
  [1, 0, 309056.544], [0, 2, 3638.893], [2, 0, 73.077], [1, 2, -157.984], [3, 0, 59.788],
  [0, 1, 0.433], [2, 2, -6.439], [1, 1, -0.032], [0, 4, 0.092], [1, 4, -0.054],
];
const IN_RD = /^\s*(-?\d{1,6}(?:\.\d+)?)[\s,;]+(\d{6}(?:\.\d+)?)\s*$/;
const IN_DEGREES = /^\s*(5[0-3][.,]\d+)[\s;,]+([3-7][.,]\d+)\s*$/;

const sum = (terms, a, b) => terms.reduce((total, [p, q, k]) => total + k * a ** p * b ** q, 0);

/** Latitude and longitude of a point in RD. */
export function toDegrees([x, y]) {
  const dx = (x - X0) * 1e-5;
  const dy = (y - Y0) * 1e-5;
  return [LAT0 + sum(TO_LAT, dx, dy) / 3600, LON0 + sum(TO_LON, dx, dy) / 3600];
}

/** A point in RD, in whole metres, of latitude and longitude. */
export function toRd([lat, lon]) {
  const dLat = 0.36 * (lat - LAT0);
  const dLon = 0.36 * (lon - LON0);
  return [Math.round(X0 + sum(TO_X, dLat, dLon)), Math.round(Y0 + sum(TO_Y, dLat, dLon))];
}

/** The point that someone typed, in RD; null when only the server can tell. */
export function typedPoint(text) {
  const metres = IN_RD.exec(text);
  if (metres) return [Number(metres[1]), Number(metres[2])];
  const degrees = IN_DEGREES.exec(text);
  return degrees ? toRd(degrees.slice(1).map((part) => Number(part.replace(",", ".")))) : null;
}
