/**
 * The manners of the map: it never keeps the scroll wheel, a finger or the keyboard to itself.
 * Zooming with the wheel asks for Ctrl (or Command); moving by touch asks for two fingers.
 */
"use strict";

const SHOWN_MS = 6000;
const WHEEL_PAUSE_MS = 120;

/** Let the wheel zoom only with Ctrl; explain that in `hint` when someone scrolls. */
export function mindTheWheel(map, hint) {
  let last = 0;
  map.getContainer().addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey && !event.metaKey) {
        tell(hint, "Houd Ctrl ingedrukt om in en uit te zoomen.");
        return;
      }
      event.preventDefault();
      if (event.timeStamp - last < WHEEL_PAUSE_MS) return;
      last = event.timeStamp;
      const at = map.mouseEventToContainerPoint(event);
      map.setZoomAround(at, map.getZoom() + (event.deltaY < 0 ? 1 : -1));
    },
    { passive: false },
  );
}

/** On a touch screen one finger scrolls the page and two move the map. */
export function mindTheFinger(map, hint) {
  if (!window.matchMedia("(pointer: coarse)").matches) return;
  map.dragging.disable();
  map.getContainer().addEventListener(
    "touchmove",
    (event) => {
      if (event.touches.length === 1) tell(hint, "Gebruik twee vingers om de kaart te bewegen.");
    },
    { passive: true },
  );
}

function tell(hint, text) {
  hint.textContent = text;
  hint.hidden = false;
  window.clearTimeout(hint.timer);
  hint.timer = window.setTimeout(() => {
    hint.hidden = true;
  }, SHOWN_MS);
}
