/**
 * Points by slider or by number: totals, parts and places follow at once. What needs the server
 * (the sentence, and whether the order holds) is said to be of the earlier points.
 */
"use strict";

import { sharesOf, weigh } from "./weighing.js";

const model = JSON.parse(document.getElementById("model").textContent);
const form = document.getElementById("punten");
const stale = document.getElementById("verouderd");
const keeping = [...document.querySelectorAll("[data-carries-points], [data-ranking]")];
const oneDigit = new Intl.NumberFormat("nl-NL", {
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});
const NO_POINTS = "Geef ten minste één criterium punten. Tot dan blijven de totalen staan.";
const EARLIER =
  "U veranderde de punten. De totalen en de plaatsen zijn van nu; de zin hierboven en de " +
  "zekerheid horen nog bij de vorige punten. ";

/** Every element with this data attribute, by what is in it. */
function byData(name) {
  const found = new Map();
  for (const element of document.querySelectorAll(`[data-${name}]`)) {
    const key = element.dataset[name];
    found.set(key, [...(found.get(key) ?? []), element]);
  }
  return found;
}

const places = Object.fromEntries(
  ["total", "rank", "part", "share", "bar"].map((name) => [name, byData(name)]),
);
const sliders = new Map(
  [...form.querySelectorAll("[data-slider]")].map((element) => [element.dataset.slider, element]),
);
const body = document.querySelector("tbody[data-ranking]");
const rows = new Map(
  [...document.querySelectorAll("tr[data-candidate]")].map((row) => [row.dataset.candidate, row]),
);

function write(name, key, text) {
  for (const element of places[name].get(key) ?? []) element.textContent = text;
}

/** The points as they stand in the fields; null when one is no whole number from 0 on. */
function readPoints() {
  const points = {};
  for (const key of model.criteria) {
    const field = form.elements[key];
    if (!/^\d{1,3}$/.test(field.value) || Number(field.value) > Number(field.max)) return null;
    points[key] = Number(field.value);
  }
  return points;
}

function writeTotal({ key, total, atLeast, atMost }) {
  const known = !Number.isNaN(total);
  for (const element of places.total.get(key) ?? []) {
    const number = document.createElement("strong");
    number.textContent = oneDigit.format(total);
    const range = `niet te berekenen: ${oneDigit.format(atLeast)} tot ${oneDigit.format(atMost)}`;
    element.replaceChildren(...(known ? [number, " van 100"] : [range]));
  }
  for (const bar of places.bar.get(`totaal-${key}`) ?? []) {
    bar.setAttribute("width", known ? total.toFixed(2) : "0");
  }
}

/** Totals, parts and places by these points; returns what was found. */
export function show(points) {
  const shares = sharesOf(points);
  if (!shares) return null;
  const found = weigh(model, shares);
  for (const entry of found) {
    writeTotal(entry);
    write("rank", entry.key, entry.rank === null ? "zonder plaats" : `${entry.rank}e`);
    for (const [name, part] of Object.entries(entry.parts)) {
      write("part", `${entry.key} ${name}`, Number.isNaN(part) ? "" : oneDigit.format(part));
    }
  }
  for (const [key, share] of Object.entries(shares)) {
    write("share", key, oneDigit.format(100 * share));
  }
  if (body) arrange(found);
  return found;
}

/** The rows of the ranking in the order of the totals; those without one stay at the end. */
function arrange(found) {
  const order = found.filter((entry) => entry.rank !== null).sort((a, b) => a.rank - b.rank);
  const rest = found.filter((entry) => entry.rank === null);
  body.append(...[...order, ...rest].map((entry) => rows.get(entry.key)));
}

/** The forms that take the points along, and the address of the page, say the same. */
function carry(points) {
  const address = new URL(window.location.href);
  address.searchParams.delete("weging");
  for (const [key, count] of Object.entries(points)) address.searchParams.set(key, count);
  window.history.replaceState(null, "", address);
  for (const place of keeping) {
    const carrier = place.closest("form");
    carrier.querySelector('input[name="weging"]')?.remove();
    for (const [key, count] of Object.entries(points)) {
      let field = carrier.elements[key];
      if (!field) {
        field = document.createElement("input");
        field.type = "hidden";
        field.name = key;
        carrier.append(field);
      }
      field.value = count;
    }
  }
}

function tell(text, withLink) {
  stale.textContent = text;
  if (withLink) {
    const link = document.createElement("a");
    link.className = "utrecht-link utrecht-link--html-a";
    link.href = window.location.href;
    link.textContent = "Reken door";
    stale.append(link, ".");
  }
  stale.hidden = !text;
}

function follow() {
  const start = performance.now();
  const points = readPoints();
  const found = points && show(points);
  if (!found) {
    tell(NO_POINTS, false);
    return;
  }
  form.dataset.milliseconds = String(performance.now() - start);
  const isSame = model.criteria.every((key) => points[key] === model.points[key]);
  carry(points);
  tell(isSame ? "" : EARLIER, !isSame);
}

form.addEventListener("input", ({ target }) => {
  const { slider } = target.dataset;
  if (slider) form.elements[slider].value = target.value;
  else if (sliders.has(target.name)) sliders.get(target.name).value = target.value;
  else return;
  follow();
});

// A browser puts back what stood in the fields when someone comes back to the page.
window.addEventListener("pageshow", () => {
  for (const [key, slider] of sliders) slider.value = form.elements[key].value;
  const points = readPoints();
  if (points && model.criteria.some((key) => points[key] !== model.points[key])) follow();
});
