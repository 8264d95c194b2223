/**
 * The form of a contribution: the map once its part is open, and how many signs are left when the
 * end comes near. All fields work without it.
 */
"use strict";

const NEAR_END = 200;
/** A count is told once the typing stops, so that a screen reader does not speak at every key. */
const PAUSE_MS = 500;
const place = document.getElementById("plek-deel");

/** The map is made when it can be seen: before that it has no size. */
function showMap() {
  if (place.open) import("./site-form.js");
}

place.addEventListener("toggle", showMap, { once: place.open });
showMap();

const words = document.getElementById("tekst");
const told = document.querySelector("[data-teller]");
const most = Number(words.dataset.meest);
let pause = null;

function count() {
  const left = most - words.value.length;
  const near = left >= 0 ? `Nog ${left} tekens.` : `${-left} tekens te veel.`;
  told.textContent = left > NEAR_END ? "" : near;
}

words.addEventListener("input", () => {
  window.clearTimeout(pause);
  pause = window.setTimeout(count, PAUSE_MS);
});
count();
document.getElementById("fouten")?.focus();
