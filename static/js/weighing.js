/**
 * The additive value model, the very same as analysis/comparing/model.py: the sums are made in the
 * same order and rounded the same way, so that the totals here equal those of the server.
 */
"use strict";

/** Totals closer than this are equal (SAME_TOTAL in the model). */
const SAME_TOTAL = 1e-9;

/** The exact sum of floats, rounded once: Shewchuk's partials, as Python's math.fsum. */
export function exactSum(numbers) {
  let partials = [];
  for (const number of numbers) {
    let x = number;
    const kept = [];
    for (let y of partials) {
      if (Math.abs(x) < Math.abs(y)) [x, y] = [y, x];
      const high = x + y;
      const low = y - (high - x);
      if (low) kept.push(low);
      x = high;
    }
    kept.push(x);
    partials = kept;
  }
  return rounded(partials);
}

/** The partials (from small to large, none overlapping) as one float, halves to even. */
function rounded(partials) {
  let at = partials.length - 1;
  if (at < 0) return 0;
  let high = partials[at];
  let low = 0;
  while (at > 0) {
    const x = high;
    at -= 1;
    const y = partials[at];
    high = x + y;
    low = y - (high - x);
    if (low) break;
  }
  if (at > 0 && low && Math.sign(low) === Math.sign(partials[at - 1])) {
    const twice = low * 2;
    const further = high + twice;
    if (twice === further - high) return further;
  }
  return high;
}

/** Points as shares that add up to 1; null when none is above 0. */
export function sharesOf(points) {
  const most = Math.max(...Object.values(points));
  if (!(most > 0)) return null;
  const scaled = Object.entries(points).map(([key, count]) => [key, count / most]);
  const whole = exactSum(scaled.map(([, part]) => part));
  return Object.fromEntries(scaled.map(([key, part]) => [key, part / whole]));
}

/** The total with unknown values taken as `instead`; NaN when one is unknown and that is null. */
function totalOf(values, shares, instead) {
  let total = 0;
  for (const key of Object.keys(shares).sort()) {
    if (shares[key] > 0) total += 100 * shares[key] * (values[key] ?? instead ?? NaN);
  }
  return Math.min(total, 100);
}

/**
 * Every candidate weighed.
 * @param {{criteria: string[], candidates: {key: string, values: Object}[]}} model
 * @param {Object<string, number>} shares by criterion, together 1
 */
export function weigh({ candidates }, shares) {
  const found = candidates.map(({ key, values }) => ({
    key,
    total: totalOf(values, shares, null),
    atLeast: totalOf(values, shares, 0),
    atMost: totalOf(values, shares, 1),
    parts: Object.fromEntries(
      Object.entries(values).map(([name, value]) => [
        name,
        shares[name] > 0 ? 100 * shares[name] * (value ?? NaN) : 0,
      ]),
    ),
  }));
  const known = found.map(({ total }) => total).filter((total) => !Number.isNaN(total));
  for (const entry of found) {
    entry.rank = Number.isNaN(entry.total)
      ? null
      : known.filter((other) => other > entry.total + SAME_TOTAL).length + 1;
  }
  return found;
}
