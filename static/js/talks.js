/**
 * The map of all conversations. It takes its wijken and sites from the list, so that both always
 * say the same; choosing one on the map goes to its conversation in the list.
 */
"use strict";

import { makeAreas, makeMap, showRegion } from "./base-map.js";
import { Names } from "./labels.js";
import { SiteMarkers } from "./markers.js";
import { Search } from "./search.js";

const { L } = window;
const CLOSE_ZOOM = 14;
const box = document.getElementById("kaart");
const fault = document.getElementById("kaart-fout");
const list = document.getElementById("lijst");
const items = [...list.querySelectorAll(".vp-talk")];
const sitesOf = (item) => JSON.parse(item.dataset.plekken);

/** The wijken in conversation, as the map reads a figure; where one can react is darkest. */
function figureOfList() {
  const areas = {};
  for (const { dataset } of items) {
    const { wijk, klasse, tekst } = dataset;
    if (wijk && !(areas[wijk]?.[0] > Number(klasse))) areas[wijk] = [Number(klasse), tekst];
  }
  return { eenheid: "", gebieden: areas };
}

function goTo(item) {
  if (!item) return;
  const part = item.closest("details");
  if (part) part.open = true;
  item.querySelector("a").focus();
}

/** The place that somebody asked for, as a dot, with the first conversation of the list. */
function showPlace(map) {
  if (!list.dataset.punt) return;
  const place = JSON.parse(list.dataset.punt);
  L.circleMarker(place, { radius: 7, className: "map-here", interactive: false }).addTo(map);
  const first = items.length ? sitesOf(items[0]).map((site) => site.plek) : [];
  const bounds = L.latLngBounds([place, ...first]).pad(0.2);
  map.fitBounds(bounds, { maxZoom: CLOSE_ZOOM, animate: false });
}

async function start() {
  const map = makeMap(box, document.getElementById("kaart-hint"));
  const areas = makeAreas(map, box, (code) =>
    goTo(items.find((item) => item.dataset.wijk === code)),
  );
  const sites = items.flatMap(sitesOf);
  const markers = new SiteMarkers(map, box.dataset.symbols, (id) =>
    goTo(items.find((item) => sitesOf(item).some((site) => site.id === id))),
  );
  const names = new Names(map, () => markers.places());
  try {
    const { bounds, gemeenten } = await areas.drawFrame();
    showRegion(map, bounds);
    await areas.show("wijk", figureOfList());
    showPlace(map);
    markers.show([...new Map(sites.map((site) => [site.id, site])).values()]);
    names.show(gemeenten);
  } catch (error) {
    fault.textContent = "De kaart kan nu niet worden getoond. De lijst zegt hetzelfde.";
    fault.hidden = false;
    console.warn(error);
  }
  box.dataset.ready = "";
}

new Search(document.getElementById("zoek"), ({ waarde }) => {
  const form = document.getElementById("zoek");
  window.location.assign(`${form.action}?${new URLSearchParams({ punt: waarde })}`);
});
start();
