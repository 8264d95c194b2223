/** The panel of one area or site: opened from map, list and table; Escape closes it. */
"use strict";

/**
 * Open panels from the links of the list and the table, and close them.
 * @param {(name: string, value: string) => void} onChoose with "gebied" or "locatie"
 * @param {() => void} onClose
 */
export function watchPanel(onChoose, onClose) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link || !isPlainClick(event)) return;
    const close = link.matches("[data-sluit]");
    const area = link.dataset.gebied;
    const site = link.matches(".vp-site__name") ? link.closest("[data-locatie]") : null;
    if (!close && !area && !site) return;
    event.preventDefault();
    if (close) onClose();
    else if (area) onChoose("gebied", area);
    else onChoose("locatie", site.dataset.locatie);
  });
  document.addEventListener("keydown", (event) => {
    const inPanel = document.getElementById("paneel").contains(document.activeElement);
    if (event.key === "Escape" && inPanel) onClose();
  });
}

/** Read the panel out and bring it in sight. */
export function focusPanel() {
  const title = document.getElementById("paneel-kop");
  if (!title) return;
  title.focus({ preventScroll: true });
  const behaviour = window.matchMedia("(prefers-reduced-motion: reduce)").matches
    ? "auto"
    : "smooth";
  title.closest(".vp-panel").scrollIntoView({ block: "nearest", behavior: behaviour });
}

/** Where the focus goes when the panel is gone: to what opened it, else to the list. */
export function focusOpener(name, value) {
  const opener =
    name === "locatie"
      ? document.querySelector(`.vp-site[data-locatie="${CSS.escape(value)}"] a`)
      : document.querySelector(`a[data-gebied="${CSS.escape(value)}"]`);
  const seen = opener?.checkVisibility?.() ? opener : document.getElementById("lijst");
  seen.focus({ preventScroll: true });
}

function isPlainClick(event) {
  return event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
}
