/**
 * How many protected sites each wijk has, at a fixed point of the wijk. The list says the same,
 * so these markers take no part in the order of the Tab key.
 */
"use strict";

const { L } = window;
const SIZE_PX = 24;

export class ProtectedCounts {
  /** @param {L.Map} map */
  constructor(map) {
    this.group = L.layerGroup().addTo(map);
  }

  /** Show these counts (from locaties.json) in place of the earlier ones. */
  show(counts) {
    this.group.clearLayers();
    for (const count of counts) this.add(count);
  }

  add(count) {
    const marker = L.marker(count.plek, {
      keyboard: false,
      zIndexOffset: -1000,
      icon: L.divIcon({
        className: "vp-marker vp-marker--protected",
        html: String(count.aantal),
        iconSize: [SIZE_PX, SIZE_PX],
      }),
    });
    const tip = document.createElement("span");
    tip.textContent = count.tekst;
    marker.bindTooltip(tip, { direction: "top", offset: [0, -SIZE_PX / 2], opacity: 1 });
    marker.addTo(this.group);
    marker.getElement()?.setAttribute("aria-hidden", "true");
  }
}
