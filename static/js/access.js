/**
 * The page of travel access put together. The address holds the state; a click on the map, a
 * suggestion and the form each make a new address, and showing an address is the only way in
 * which the page changes. Coordinates are turned into a place by the server alone.
 */
"use strict";

import { AccessMap } from "./access-map.js";
import { makeRowButtons, markRow } from "./access-rows.js";
import { watchForm } from "./filters.js";
import { refreshParts } from "./page.js";
import { Search } from "./search.js";
import * as address from "./url-state.js";

const PARTS = ["antwoord", "q-deel", "keuze-deel", "profiel"];
/** What goes without saying in the address. */
const DEFAULTS = { wijze: "lopend", tempo: "gewoon" };
const box = document.getElementById("kaart");
const form = document.getElementById("keuze");
const field = document.getElementById("q");
const which = document.getElementById("klik-keuze");
const fault = document.getElementById("kaart-fout");
const profile = document.getElementById("profiel");

const map = new AccessMap(box, document.getElementById("kaart-hint"), profile.dataset.symbolen, {
  onPick: pick,
  onChoose: chooseRow,
});
let shown = null;

async function fetchJson(path) {
  const answer = await fetch(path);
  if (!answer.ok) throw new Error(`${answer.status} ${path}`);
  return answer.json();
}

/** Draw what the page that is shown says is on its map. */
async function drawMap(state, move) {
  const { kaart, zones } = profile.querySelector("[data-kaart]").dataset;
  const [drawing, reached] = await Promise.all(
    [kaart, zones].map((path) => (path ? fetchJson(path) : { features: [] })),
  );
  await frame;
  if (state !== shown) return;
  map.showZones(reached.features);
  map.show(drawing.features, move);
}

/** Show what the address says; `parts` says whether the page itself must be asked anew. */
async function show(state, { parts = true, move = true } = {}) {
  shown = state;
  fault.hidden = true;
  delete box.dataset.ready;
  try {
    if (parts && !(await refresh(state))) return;
    prepareParts();
    await drawMap(state, move);
  } catch (error) {
    fault.textContent = "De kaart kan nu niet worden bijgewerkt. Probeer het later opnieuw.";
    fault.hidden = false;
    console.warn(error);
  }
  if (state === shown) box.dataset.ready = "";
}

/** Ask the parts anew; the server may know a shorter address for the same. */
async function refresh(state) {
  const fresh = await refreshParts(state, { parts: PARTS, refusalsToo: true });
  if (!fresh || state !== shown) return false;
  window.history.replaceState(null, "", fresh.address.replaceAll("%2C", ","));
  document.title = fresh.title;
  showTyped();
  if (document.activeElement === document.body) profile.focus({ preventScroll: true });
  return true;
}

/** The field says what the server made of it: the part under it is fresh, the field is not. */
function showTyped() {
  const hidden = document.querySelector("#q-deel [data-getypt]");
  field.value = hidden.dataset.getypt;
  const fault = document.getElementById("q-fout");
  if (fault) field.setAttribute("aria-invalid", "true");
  else field.removeAttribute("aria-invalid");
  field.setAttribute("aria-describedby", fault ? "q-uitleg q-fout" : "q-uitleg");
}

/** What scripts add to the parts that the server made. */
function prepareParts() {
  makeRowButtons(profile, chooseRow);
  which.hidden = !address.currentState().has("punt");
  const compare = document.getElementById("vergelijk");
  if (compare) new Search(compare, (hit) => go(withPlace("met", hit.waarde)));
}

function go(state, options) {
  address.pushState(state);
  return show(state, options);
}

/** The state of the address with another place, the typed text that it replaces left out. */
function withPlace(name, value) {
  const state = address.currentState();
  for (const typed of ["q", "qmet"]) state.delete(typed);
  state.set(name, value);
  return state;
}

/** A point of the map: as typed text, which the server puts in metres. */
function pick({ lat, lng }) {
  const state = address.currentState();
  const second = state.has("punt") && which.querySelector(":checked").value === "met";
  const name = second ? "met" : "punt";
  state.delete(name);
  for (const typed of ["q", "qmet"]) state.delete(typed);
  state.set(second ? "qmet" : "q", `${lat.toFixed(6)}, ${lng.toFixed(6)}`);
  go(state);
}

function chooseRow(category) {
  markRow(profile, category);
  map.choose(category, true);
}

/** The query for what the form says, without what goes without saying. */
function stateOfForm() {
  const state = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (value && value !== DEFAULTS[name]) state.set(name, value);
  }
  return state;
}

const frame = map.drawFrame();
watchForm(form, () => go(stateOfForm(), { move: false }));
new Search(document.getElementById("zoek"), (hit) => go(withPlace("punt", hit.waarde)));
document.getElementById("kies-midden").addEventListener("click", () => pick(map.map.getCenter()));
window.addEventListener("popstate", () => show(address.currentState()));
show(address.currentState(), { parts: false });
