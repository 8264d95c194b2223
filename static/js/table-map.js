/**
 * The map beside a table. It takes its colours and words from the table, so that both always say
 * the same. The chosen area is the part of the address after the #: a click on the map goes to
 * the row of the area, and the area of that row is outlined.
 */
"use strict";

import { makeAreas, makeMap, showRegion } from "./base-map.js";
import { Names } from "./labels.js";

const box = document.getElementById("kaart");
const table = document.getElementById("tabel");
const fault = document.getElementById("kaart-fout");

const map = makeMap(box, document.getElementById("kaart-hint"));
const areas = makeAreas(map, box, (code) => {
  window.location.hash = code;
});
const names = new Names(map, () => []);

/** The class of a row: k1 has the number 1, k-boven the word boven; 0 is no figure. */
function classOf({ dataset: { klasse } }) {
  const number = Number(klasse);
  return Number.isNaN(number) ? `-${klasse}` : number;
}

/** What the rows of the table say, as the map reads it. */
function figureOfTable() {
  const rows = [...table.querySelectorAll("tr[data-klasse]")];
  const said = rows.map((row) => [row.id, [classOf(row), row.dataset.tekst]]);
  return { eenheid: table.dataset.unit, gebieden: Object.fromEntries(said) };
}

function outlineChosen(move) {
  return areas.choose(window.location.hash.slice(1), move);
}

async function start() {
  try {
    const { bounds, gemeenten } = await areas.drawFrame();
    showRegion(map, bounds);
    names.show(gemeenten);
    await areas.show(table.dataset.level, figureOfTable());
    await outlineChosen(true);
    window.addEventListener("hashchange", () => outlineChosen(false));
  } catch (error) {
    fault.textContent = "De kaart kan nu niet worden getoond. De tabel heeft dezelfde cijfers.";
    fault.hidden = false;
    console.warn(error);
  }
  box.dataset.ready = "";
}

start();
