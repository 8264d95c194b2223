/** The map of what is near one site: the nearest of every kind of amenity, and the ways there. */
"use strict";

import { AccessMap } from "./access-map.js";
import { makeRowButtons, markRow } from "./access-rows.js";

const box = document.getElementById("kaart");
const near = document.getElementById("buurt-deel");
const fault = document.getElementById("kaart-fout");
const map = new AccessMap(box, document.getElementById("kaart-hint"), near.dataset.symbolen, {
  onChoose: chooseRow,
});

function chooseRow(category) {
  markRow(near, category);
  map.choose(category, true);
}

async function start() {
  makeRowButtons(near, chooseRow);
  try {
    const [answer] = await Promise.all([fetch(near.dataset.kaart), map.drawFrame()]);
    if (!answer.ok) throw new Error(`${answer.status} ${near.dataset.kaart}`);
    map.show((await answer.json()).features, true);
  } catch (error) {
    fault.textContent = "De kaart kan nu niet worden getoond. Probeer het later opnieuw.";
    fault.hidden = false;
    console.warn(error);
  }
  box.dataset.ready = "";
}

start();
