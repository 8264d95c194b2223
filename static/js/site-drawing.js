/**
 * The map of the form of a site: a click chooses the place, or sets the corners of the outline.
 * The fields of the form hold what is true; the map reads them and writes in them.
 */
"use strict";

import { makeAreas, makeMap, showRegion } from "./base-map.js";
import { toDegrees, toRd, typedPoint } from "./rd.js";

const { L } = window;
const CLOSE_ZOOM = 16;
const NEAREST_ZOOM = 19;
const STEPS_M = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const LEAST_CORNERS = 3;
const MANUALS = {
  plek:
    "Klik op de kaart om de plek te kiezen. Met de pijltjestoetsen schuift u de kaart, met Enter " +
    "kiest u het midden. Op de punt zelf verschuiven de pijltjes haar 1 meter, met Shift 10 meter.",
  omtrek:
    "Klik de hoeken van het perceel aan. De spatiebalk zet een hoek in het midden van de kaart. " +
    "Enter of dubbelklikken sluit de omtrek, Backspace haalt de laatste hoek weg, Escape stopt.",
};

const same = (one, other) => one[0] === other[0] && one[1] === other[1];

export class SiteDrawing {
  /**
   * @param {HTMLElement} box of the map
   * @param {{plek: HTMLInputElement, omtrek?: HTMLTextAreaElement}} fields
   * @param {{hint: HTMLElement, manual: HTMLElement, status: HTMLElement,
   *   modes: HTMLElement[], gemeenten: string[], wijk?: string}} parts
   */
  constructor(box, fields, parts) {
    this.box = box;
    this.fields = fields;
    this.parts = parts;
    this.corners = null;
    this.map = makeMap(box, parts.hint);
    this.map.setMaxZoom(NEAREST_ZOOM);
    this.areas = makeAreas(this.map, box, () => {});
    this.shapes = L.layerGroup().addTo(this.map);
    this.addCrosshair();
    this.map.on("click", (event) => this.onClick(toRd([event.latlng.lat, event.latlng.lng])));
    this.map.on("dblclick", () => this.close());
    // Before Leaflet, which would move the map or close something of its own.
    box.addEventListener("keydown", (event) => this.onKey(event), { capture: true });
    for (const button of parts.modes) {
      button.addEventListener("click", () => this.onMode(button.dataset.teken));
    }
    for (const field of Object.values(fields)) {
      field.addEventListener("input", () => this.draw());
    }
  }

  /** The region and what the fields say; call once. */
  async start() {
    const { bounds, gemeenten } = await this.areas.drawFrame();
    const own = gemeenten.filter(({ feature }) => this.parts.gemeenten.includes(feature.id));
    showRegion(this.map, own.length ? L.featureGroup(own).getBounds() : bounds);
    await this.areas.show("wijk", null);
    await this.areas.choose(this.parts.wijk || null, true);
    this.draw();
    this.moveTo(typedPoint(this.fields.plek.value));
  }

  addCrosshair() {
    const crosshair = document.createElement("span");
    crosshair.className = "vp-crosshair";
    crosshair.setAttribute("aria-hidden", "true");
    this.box.append(crosshair);
  }

  moveTo(point) {
    if (point) this.map.setView(toDegrees(point), Math.max(this.map.getZoom(), CLOSE_ZOOM));
  }

  onMode(mode) {
    if (mode === "wis") {
      this.stop();
      this.write("omtrek", "");
      this.tell("De omtrek is gewist.");
    } else if (mode === "omtrek") {
      this.corners = [];
      this.map.doubleClickZoom.disable();
      this.tell("U tekent nu een omtrek.");
      this.box.focus({ preventScroll: true });
    } else {
      this.stop();
    }
    this.showMode();
    this.draw();
  }

  showMode() {
    const mode = this.corners ? "omtrek" : "plek";
    for (const button of this.parts.modes) {
      if (button.dataset.teken === "wis") continue;
      button.setAttribute("aria-pressed", String(button.dataset.teken === mode));
    }
    this.parts.manual.textContent = MANUALS[mode];
  }

  onClick(point) {
    if (this.corners) this.addCorner(point);
    else this.choose(point);
  }

  onKey(event) {
    if (event.target !== this.box) return;
    const middle = () => toRd(Object.values(this.map.getCenter()));
    const calls = this.corners
      ? {
          Enter: () => this.close(),
          Backspace: () => this.removeCorner(),
          Escape: () => this.leave(),
          " ": () => this.addCorner(middle()),
        }
      : { Enter: () => this.choose(middle()) };
    const call = calls[event.key];
    if (!call) return;
    event.preventDefault();
    event.stopPropagation();
    call();
  }

  choose(point) {
    this.write("plek", point.join(", "));
    this.tell(`Plek gekozen: ${point.join(", ")}.`);
  }

  addCorner(point) {
    const last = this.corners.at(-1);
    if (last && same(last, point)) return;
    this.corners.push(point);
    this.tell(`Hoek ${this.corners.length} gezet.`);
    this.draw();
  }

  removeCorner() {
    this.corners.pop();
    this.tell(`Hoek weggehaald. Er zijn nu ${this.corners.length} hoeken.`);
    this.draw();
  }

  /** The corners become the outline in the form. */
  close() {
    if (!this.corners) return;
    const missing = LEAST_CORNERS - this.corners.length;
    if (missing > 0) {
      this.tell(`Een omtrek heeft ten minste drie hoeken. Nog ${missing} te gaan.`);
      return;
    }
    const { corners } = this;
    this.stop();
    this.write("omtrek", corners.map((corner) => corner.join(" ")).join("\n"));
    this.tell(`De omtrek is gesloten, met ${corners.length} hoeken.`);
  }

  leave() {
    this.stop();
    this.tell("Gestopt met tekenen. De omtrek is zoals hij was.");
    this.draw();
  }

  stop() {
    this.corners = null;
    this.map.doubleClickZoom.enable();
    this.showMode();
  }

  /** Write in a field as if someone typed it, so that it is kept and drawn. */
  write(name, text) {
    this.fields[name].value = text;
    this.fields[name].dispatchEvent(new Event("input", { bubbles: true }));
  }

  tell(text) {
    this.parts.status.textContent = text;
  }

  draw() {
    const keepsFocus = this.marker?.getElement() === document.activeElement;
    this.shapes.clearLayers();
    this.drawOutline();
    this.marker = null;
    const point = typedPoint(this.fields.plek.value);
    if (point) this.drawPoint(point, keepsFocus);
  }

  drawOutline() {
    const text = this.fields.omtrek?.value ?? "";
    const typed = text.split("\n").filter((line) => line.trim());
    const corners = this.corners ?? typed.map(typedPoint);
    if (!corners.length || corners.includes(null)) return;
    const places = corners.map(toDegrees);
    const className = this.corners ? "vp-plot vp-plot--open" : "vp-plot";
    const shape = this.corners ? L.polyline(places, { className, interactive: false }) : null;
    (shape ?? L.polygon(places, { className, interactive: false })).addTo(this.shapes);
    if (!this.corners) return;
    for (const place of places) {
      L.circleMarker(place, { radius: 5, className: "vp-corner", interactive: false }).addTo(
        this.shapes,
      );
    }
  }

  drawPoint(point, keepsFocus) {
    const marker = L.marker(toDegrees(point), {
      draggable: true,
      autoPan: true,
      icon: L.divIcon({ className: "vp-pin", iconSize: [30, 36], iconAnchor: [15, 36] }),
    }).addTo(this.shapes);
    this.marker = marker;
    const element = marker.getElement();
    element.setAttribute("aria-label", "De plek. Verschuif met de pijltjestoetsen.");
    element.addEventListener("keydown", (event) => this.onPinKey(event, point));
    marker.on("dragend", () => {
      const { lat, lng } = marker.getLatLng();
      this.choose(toRd([lat, lng]));
    });
    if (keepsFocus) element.focus({ preventScroll: true });
  }

  onPinKey(event, point) {
    const step = STEPS_M[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const length = event.shiftKey ? 10 : 1;
    this.choose(point.map((value, i) => Math.round(value) + length * step[i]));
  }
}
