/**
 * The map page put together. The address holds the state; every choice makes a new address,
 * and showing an address is the only way in which the page changes.
 */
"use strict";

import { makeAreas, makeMap, showRegion } from "./base-map.js";
import { watchForm } from "./filters.js";
import { Names } from "./labels.js";
import { SiteMarkers } from "./markers.js";
import { refreshParts } from "./page.js";
import { focusOpener, focusPanel, watchPanel } from "./panel.js";
import { ProtectedCounts } from "./protected-counts.js";
import { Search } from "./search.js";
import * as address from "./url-state.js";

const box = document.getElementById("kaart");
const form = document.getElementById("keuze");
const fault = document.getElementById("kaart-fout");

const map = makeMap(box, document.getElementById("kaart-hint"));
const areas = makeAreas(map, box, (code) => select("gebied", code, { fromMap: true }));
const markers = new SiteMarkers(map, box.dataset.symbols, (id) =>
  select("locatie", String(id), { fromMap: true }),
);

const protectedCounts = new ProtectedCounts(map);
const names = new Names(map, () => markers.places());

/** Fetch JSON of ours for the part of the state that the server knows. */
async function fetchJson(path, state) {
  const answer = await fetch(`${path}?${address.forServer(state)}`);
  if (!answer.ok) throw new Error(`${answer.status} ${path}`);
  return answer.json();
}

/** Colour the areas. */
async function showFigure(state) {
  const wanted = address.valueOf(form, state, "cijfer");
  const figure = wanted === "geen" ? null : await fetchJson("/kaart/laag.json", state);
  if (state !== shown) return;
  await areas.show(address.valueOf(form, state, "niveau"), figure);
}

async function showSites(state, move) {
  const { locaties, afgeschermd } = await fetchJson("/kaart/locaties.json", state);
  if (state !== shown) return;
  markers.show(locaties);
  protectedCounts.show(afgeschermd);
  markers.choose(Number(state.get("locatie")) || null, move);
  names.place();
}

let shown = null;
let frame = null;

/** Show what the address says. With `parts` also the sentence, the list and the panel. */
async function show(state, { parts = true, move = true } = {}) {
  shown = state;
  fault.hidden = true;
  delete box.dataset.ready;
  try {
    await frame;
    await Promise.all([
      showFigure(state),
      showSites(state, move),
      areas.choose(state.get("gebied"), move),
      parts ? refreshParts(address.forServer(state)) : null,
    ]);
  } catch (error) {
    fault.textContent = "De kaart kan nu niet worden bijgewerkt. Probeer het later opnieuw.";
    fault.hidden = false;
    console.warn(error);
  }
  if (state === shown) box.dataset.ready = "";
}

/** A new address, and what belongs to it. */
async function go(state, options) {
  address.pushState(state);
  await show(state, options);
}

async function select(name, value, { fromMap = false } = {}) {
  const state = address.withSelection(address.currentState(), name, value);
  await go(state, { move: !fromMap });
  focusPanel();
}

async function closePanel() {
  const state = address.currentState();
  const name = state.has("locatie") ? "locatie" : "gebied";
  const value = state.get(name) ?? "";
  await go(address.withSelection(state), { move: false });
  focusOpener(name, value);
}

/** Choices on the page, the back button and the map itself all lead to a new address. */
function listen() {
  watchForm(form, () => {
    const state = address.stateOfForm(form, address.currentState());
    address.fillForm(form, state);
    go(state, { move: false });
  });
  watchPanel((name, value) => select(name, value), closePanel);
  new Search(document.getElementById("zoek"), (hit) => select(hit.parameter, hit.waarde));
  window.addEventListener("popstate", () => {
    const state = address.currentState();
    address.fillForm(form, state);
    show(state);
  });
}

/** The borders that are always there, and the first view: of the address, or the region. */
async function drawFrame() {
  const { bounds, gemeenten } = await areas.drawFrame();
  const position = address.positionOf(address.currentState());
  if (position) map.setView(...position);
  else showRegion(map, bounds);
  names.show(gemeenten);
}

async function start() {
  listen();
  frame = drawFrame();
  const state = address.currentState();
  await show(state, { parts: false, move: !address.positionOf(state) });
  map.on("moveend", () => address.notePosition(map));
}

start();
