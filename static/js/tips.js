/**
 * Tips that one can point at, on every map: who magnifies the screen goes and reads them. A tip
 * stands still while the pointer is near, stays while one points at it, and goes with Escape. An
 * exported map carries this file along, so it imports and exports nothing.
 */
"use strict";

{
  const { L } = window;
  /** So far the pointer may move before a tip follows, and so long it waits before it goes. */
  const NEAR_PX = 48;
  const WAIT_MS = 300;
  const { bindTooltip, closeTooltip, _moveTooltip: moveTooltip } = L.Layer.prototype;

  L.Layer.include({
    bindTooltip(content, options) {
      bindTooltip.call(this, content, options);
      const stay = () => window.clearTimeout(this.leaving);
      this.on("mouseover", stay);
      this.on("tooltipopen", ({ tooltip }) => {
        stay();
        tooltip.getElement().onmouseenter = stay;
        tooltip.getElement().onmouseleave = () => this.closeTooltip({ type: "mouseout" });
      });
      return this;
    },

    closeTooltip(event) {
      window.clearTimeout(this.leaving);
      if (event?.type !== "mouseout") return closeTooltip.call(this);
      this.leaving = window.setTimeout(() => closeTooltip.call(this), WAIT_MS);
      return this;
    },

    _moveTooltip(event) {
      const at = this.getTooltip().getLatLng();
      const isPointer = event.type === "mousemove" && at;
      if (!isPointer || isFar(this._map, event.latlng, at)) moveTooltip.call(this, event);
    },
  });

  function isFar(map, here, there) {
    const [from, to] = [here, there].map((spot) => map.latLngToContainerPoint(spot));
    return from.distanceTo(to) >= NEAR_PX;
  }

  /** After Escape no tip opens by itself, until the pointer truly moves or a key is pressed. */
  let isQuiet = false;
  let seenAt = "";
  const { openOn } = L.Tooltip.prototype;

  L.Tooltip.include({
    openOn(map) {
      return isQuiet ? this : openOn.call(this, map);
    },
  });

  document.addEventListener("pointermove", onPointer, { capture: true, passive: true });
  document.addEventListener("keydown", () => (isQuiet = false), { capture: true });

  /** A browser also tells of a pointer that rests, when what is under it goes. */
  function onPointer({ clientX, clientY }) {
    const at = `${clientX} ${clientY}`;
    if (at !== seenAt) isQuiet = false;
    seenAt = at;
  }

  /** A tip goes with Escape, without moving the pointer or the focus. */
  L.Map.addInitHook(function closeTipsOnEscape() {
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      this.eachLayer((layer) => {
        if (!(layer instanceof L.Tooltip) || layer.options.permanent) return;
        layer.remove();
        isQuiet = true;
      });
    });
  });
}
