/** The rows of the table of amenities: the name of each becomes a button that shows the way. */
"use strict";

/** Make buttons of the names within `root`; `onChoose` gets the category, or null for none. */
export function makeRowButtons(root, onChoose) {
  for (const name of root.querySelectorAll("[data-weg-naam]")) {
    const category = name.closest("[data-categorie]").dataset.categorie;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "vp-access__show";
    button.textContent = name.textContent;
    button.title = "Toon de weg op de kaart";
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", () => {
      onChoose(button.getAttribute("aria-pressed") === "true" ? null : category);
    });
    name.replaceWith(button);
  }
}

/** Mark the row of one category as chosen, or none. */
export function markRow(root, category) {
  for (const row of root.querySelectorAll("[data-categorie]")) {
    const chosen = row.dataset.categorie === category;
    row.toggleAttribute("data-gekozen", chosen);
    row.querySelector(".vp-access__show")?.setAttribute("aria-pressed", String(chosen));
  }
}
