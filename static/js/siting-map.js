/**
 * The candidates of a choice on the map. They are read from the table, so that both always say
 * the same; a marker leads to its row, and a row that is chosen is marked on the map.
 */
"use strict";

import { makeAreas, makeMap, showRegion } from "./base-map.js";
import { SiteMarkers } from "./markers.js";

const { L } = window;
const box = document.getElementById("kaart");
const fault = document.getElementById("kaart-fout");
const map = makeMap(box, document.getElementById("kaart-hint"));
const areas = makeAreas(map, box, () => {});
const markers = new SiteMarkers(map, box.dataset.symbols, (key) => {
  window.location.hash = `kandidaat-${key}`;
});

function readRow(row) {
  const { plek, groep, naam, soort, symbool, oordeel } = row.dataset;
  return {
    id: row.id.replace("kandidaat-", ""),
    plek: JSON.parse(plek),
    naam,
    soort,
    status: oordeel,
    groep,
    symbool,
  };
}

function markChosenRow() {
  const key = window.location.hash.replace("#kandidaat-", "");
  document.getElementById(`kandidaat-${key}`)?.focus({ preventScroll: true });
  markers.choose(key, false);
}

async function start() {
  try {
    const { bounds } = await areas.drawFrame();
    showRegion(map, bounds);
    await areas.show("gemeente", null);
    const sites = [...document.querySelectorAll("tr[data-plek]")].map(readRow);
    markers.show(sites);
    if (sites.length) map.fitBounds(L.latLngBounds(sites.map((site) => site.plek)).pad(0.25));
    window.addEventListener("hashchange", markChosenRow);
  } catch (error) {
    fault.textContent = "De kaart kan nu niet worden getoond. De tabel zegt hetzelfde.";
    fault.hidden = false;
    console.warn(error);
  }
  box.dataset.ready = "";
}

start();
