/**
 * The form of a contribution: the map once its part is open, and how many signs are left when the
 * end comes near, and whether a photo is too large. All fields work without it.
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

/** A photo that is too large would be refused with the whole form, and all that was typed in it. */
function checkPhoto() {
  const isTooLarge = photo.files[0]?.size > Number(photo.dataset.meest);
  if (isTooLarge) photo.value = "";
  photoTold.textContent = isTooLarge
    ? "Deze foto is te groot: hoogstens 10 MB mag. Kies een kleinere, of verstuur uw reactie zonder foto."
    : "";
}

const photo = document.getElementById("foto");
const photoTold = document.querySelector("[data-foto-melding]");
photo.addEventListener("change", checkPhoto);
document.getElementById("fouten")?.focus();
