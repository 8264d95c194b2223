/**
 * The form of a contribution: the map once its part is open, and how many signs are left when the
 * end comes near. All fields work without it.
 */
"use strict";

const NEAR_END = 200;
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

function count() {
  const left = most - words.value.length;
  told.hidden = left > NEAR_END;
  told.textContent = left >= 0 ? `Nog ${left} tekens.` : `${-left} tekens te veel.`;
}

words.addEventListener("input", count);
count();
document.getElementById("fouten")?.focus();
