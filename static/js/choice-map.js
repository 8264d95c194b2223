/**
 * The map of a choice. It takes its candidates from the rows of the tables, so that both always
 * say the same; choosing one on the map goes to its row.
 */
"use strict";

import { makeAreas, makeMap, showRegion } from "./base-map.js";
import { Names } from "./labels.js";
import { SiteMarkers } from "./markers.js";

const { L } = window;
const CLOSE_ZOOM = 14;
const box = document.getElementById("kaart");
const fault = document.getElementById("kaart-fout");

/** A candidate as its row tells it. */
function siteOfRow({ id, dataset: { plek, nummer, naam, soort, symbool, groep, fase } }) {
  return {
    id: Number(id.slice("plek-".length)),
    plek: JSON.parse(plek),
    naam: `${nummer}. ${naam}`,
    soort,
    symbool,
    groep,
    status: fase,
  };
}

async function start() {
  const map = makeMap(box, document.getElementById("kaart-hint"));
  const areas = makeAreas(map, box, () => {});
  const sites = [...document.querySelectorAll("tr[data-plek]")].map(siteOfRow);
  const markers = new SiteMarkers(map, box.dataset.symbols, (id) => {
    window.location.hash = `plek-${id}`;
  });
  const names = new Names(map, () => markers.places());
  const follow = (move) =>
    markers.choose(Number(window.location.hash.replace("#plek-", "")) || null, move);
  try {
    const { bounds, gemeenten } = await areas.drawFrame();
    showRegion(map, bounds);
    await areas.show("wijk", null);
    if (sites.length) {
      map.fitBounds(L.latLngBounds(sites.map((site) => site.plek)).pad(0.3), {
        maxZoom: CLOSE_ZOOM,
        animate: false,
      });
    }
    markers.show(sites);
    names.show(gemeenten);
    follow(false);
    window.addEventListener("hashchange", () => follow(true));
  } catch (error) {
    fault.textContent = "De kaart kan nu niet worden getoond. De tabellen zeggen hetzelfde.";
    fault.hidden = false;
    console.warn(error);
  }
  box.dataset.ready = "";
}

if (box) start();
