/**
 * The map of one conversation: its sites, and what people brought in about a place. It has the
 * same choice as the list; choosing a contribution goes to it, in the list or on its own page.
 */
"use strict";

import { makeAreas, makeMap, showRegion } from "./base-map.js";
import { ContributionMarkers } from "./contribution-markers.js";
import { Names } from "./labels.js";
import { SiteMarkers } from "./markers.js";
import { toRd } from "./rd.js";

const { L } = window;
const CLOSE_ZOOM = 15;
const box = document.getElementById("kaart");
const fault = document.getElementById("kaart-fout");
const { kaart, wijk } = document.getElementById("kaart-bron").dataset;
const inView = document.getElementById("in-beeld");

async function fetchFeatures() {
  const answer = await fetch(kaart);
  if (!answer.ok) throw new Error(`${answer.status} ${kaart}`);
  return (await answer.json()).features;
}

function siteOfFeature({ geometry, properties }) {
  const [lon, lat] = geometry.coordinates;
  return { ...properties, plek: [lat, lon] };
}

function openContribution(code) {
  const item = document.getElementById(`reactie-${code}`);
  if (!item) window.location.assign(`/reactie/${code}`);
  else {
    window.location.hash = item.id;
    item.querySelector("a")?.focus();
  }
}

/** The part of the map in view, in RD, as the address has it. */
function viewWord(map) {
  const bounds = map.getBounds();
  const corners = [
    bounds.getSouthWest(),
    bounds.getNorthWest(),
    bounds.getNorthEast(),
    bounds.getSouthEast(),
  ].map(({ lat, lng }) => toRd([lat, lng]));
  const xs = corners.map(([x]) => x);
  const ys = corners.map(([, y]) => y);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)].join(",");
}

function askInView(map) {
  const address = new URL(window.location.href);
  address.searchParams.set("waar", viewWord(map));
  address.searchParams.delete("pagina");
  address.hash = "reacties";
  window.location.assign(address);
}

/** What it is about in view; sites that were only looked at may lie far away. */
async function fitTo(map, areas, features) {
  const about = features.filter(({ properties }) => properties.deel !== "bekeken");
  await areas.choose(wijk || null, !about.length);
  if (!about.length) return;
  const bounds = L.geoJSON({ type: "FeatureCollection", features: about }).getBounds();
  map.fitBounds(bounds.pad(0.1), { maxZoom: CLOSE_ZOOM, animate: false });
}

async function start() {
  const map = makeMap(box, document.getElementById("kaart-hint"));
  const areas = makeAreas(map, box, () => {});
  const sites = new SiteMarkers(map, box.dataset.symbols, (id) => {
    window.location.assign(`/locatie/${id}`);
  });
  const contributions = new ContributionMarkers(map, openContribution, () => sites.places());
  const names = new Names(map, () => [...sites.places(), ...contributions.places()]);
  try {
    const [{ bounds, gemeenten }, features] = await Promise.all([
      areas.drawFrame(),
      fetchFeatures(),
    ]);
    showRegion(map, bounds);
    await areas.show("wijk", null);
    await fitTo(map, areas, features);
    sites.show(features.filter((one) => one.properties.wat === "locatie").map(siteOfFeature));
    contributions.showFeatures(features.filter((one) => one.properties.wat === "reactie"));
    names.show(gemeenten);
    inView.hidden = false;
    inView.addEventListener("click", () => askInView(map));
  } catch (error) {
    fault.textContent = "De kaart kan nu niet worden getoond. De lijst zegt hetzelfde.";
    fault.hidden = false;
    console.warn(error);
  }
  box.dataset.ready = "";
}

start();
