/**
 * The form of a site (or of a place in a scenario, which has no outline) with a map to draw on,
 * and the small things that make it quicker.
 */
"use strict";

import { typedPoint } from "./rd.js";
import { SiteDrawing } from "./site-drawing.js";

const byId = (id) => document.getElementById(id);
const box = byId("kaart");
const fault = byId("kaart-fout");
const fields = { plek: byId("plek") };
if (byId("omtrek")) fields.omtrek = byId("omtrek");
const { gemeenten, wijk } = byId("kaart-vak").dataset;
const drawing = new SiteDrawing(box, fields, {
  hint: byId("kaart-hint"),
  manual: byId("teken-uitleg"),
  status: byId("teken-melding"),
  modes: [...document.querySelectorAll("[data-teken]")],
  gemeenten: gemeenten.split(" "),
  wijk,
});

/** Enter in the field for an address looks for it, and does not save the form. */
byId("zoek").addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  event.target.form.requestSubmit(event.target.form.querySelector("[name=actie][value=zoek]"));
});

/** A found place is shown on the map as soon as it is chosen. */
byId("gevonden")?.addEventListener("change", (event) => {
  const [point] = event.target.value.split("|");
  if (!point) return;
  fields.plek.value = point;
  fields.plek.dispatchEvent(new Event("input", { bubbles: true }));
  drawing.moveTo(point.split(",").map(Number));
});

/** A typed place comes in view. */
fields.plek.addEventListener("change", () => drawing.moveTo(typedPoint(fields.plek.value)));

/** Who chooses a place on the map after that means that one. */
fields.plek.addEventListener("input", () => {
  const chosen = document.querySelector("[name=gevonden]:checked");
  if (!chosen?.value || chosen.value.startsWith(`${fields.plek.value}|`)) return;
  document.querySelector("[name=gevonden][value='']").checked = true;
});

byId("fouten")?.focus();
drawing
  .start()
  .catch((error) => {
    fault.textContent = "De kaart kan nu niet worden getoond. De velden werken wel.";
    fault.hidden = false;
    console.warn(error);
  })
  .finally(() => {
    box.dataset.ready = "";
  });
