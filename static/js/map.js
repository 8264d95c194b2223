/**
 * The map page put together. The address holds the state; every choice makes a new address,
 * and showing an address is the only way in which the page changes.
 */
"use strict";

import { watchForm } from "./filters.js";
import { Names } from "./labels.js";
import { AreaLayers } from "./layers.js";
import { SiteMarkers } from "./markers.js";
import { refreshParts } from "./page.js";
import { focusOpener, focusPanel, watchPanel } from "./panel.js";
import { mindTheFinger, mindTheWheel } from "./scroll.js";
import { Search } from "./search.js";
import * as address from "./url-state.js";

const { L } = window;
const box = document.getElementById("kaart");
const form = document.getElementById("keuze");
const hint = document.getElementById("kaart-hint");
const fault = document.getElementById("kaart-fout");
const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

const map = L.map(box, {
  renderer: L.svg({ padding: 0.4 }),
  scrollWheelZoom: false,
  zoomAnimation: !calm,
  fadeAnimation: !calm,
  markerZoomAnimation: !calm,
  inertia: !calm,
  minZoom: 8,
  maxZoom: 17,
  zoomSnap: 0.25,
  zoomControl: false,
});
const areas = new AreaLayers(
  map,
  { gemeente: box.dataset.bordersGemeente, wijk: box.dataset.bordersWijk, buurt: box.dataset.bordersBuurt },
  (code) => select("gebied", code, { fromMap: true }),
);
const markers = new SiteMarkers(map, box.dataset.symbols, (id) =>
  select("locatie", String(id), { fromMap: true }),
);

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
  const { locaties } = await fetchJson("/kaart/locaties.json", state);
  if (state !== shown) return;
  markers.show(locaties);
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

function addTiles() {
  const { tiles, tilesCredit } = box.dataset;
  map.attributionControl.setPrefix(false);
  if (!tiles) return;
  L.tileLayer(tiles, { attribution: tilesCredit, maxZoom: 19 }).addTo(map);
  map.hasTiles = true;
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
  new ResizeObserver(() => map.invalidateSize()).observe(box);
  mindTheWheel(map, hint);
  mindTheFinger(map, hint);
}

/** The borders that are always there, and the first view: of the address, or the region. */
async function drawFrame() {
  const { bounds, gemeenten } = await areas.drawFrame();
  const position = address.positionOf(address.currentState());
  if (position) map.setView(...position);
  else showRegion(bounds);
  names.show(gemeenten);
}

/** The whole region, also when the map gets another size before someone moves it. */
function showRegion(bounds) {
  const fit = () => map.fitBounds(bounds, { padding: [12, 12], animate: false });
  fit();
  const whole = map.getZoom();
  map.on("resize", () => {
    const { lat, lng } = bounds.getCenter();
    const here = map.getCenter();
    const moved = Math.abs(here.lat - lat) > 0.02 || Math.abs(here.lng - lng) > 0.02;
    if (!moved && map.getZoom() === whole) fit();
  });
}

async function start() {
  listen();
  L.control
    .zoom({ zoomInTitle: "Inzoomen", zoomOutTitle: "Uitzoomen", position: "topright" })
    .addTo(map);
  addTiles();
  frame = drawFrame();
  const state = address.currentState();
  await show(state, { parts: false, move: !address.positionOf(state) });
  map.on("moveend", () => address.notePosition(map));
}

start();
