/** Copies a secret link, and says whether that worked. */
"use strict";

for (const button of document.querySelectorAll("[data-kopieer]")) {
  const told = button.parentElement.querySelector("[data-kopieer-melding]");
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.kopieer);
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      told.textContent = "De link is gekopieerd.";
    } catch {
      told.textContent = "Kopiëren lukt niet. De link is geselecteerd; kopieer hem zelf.";
    }
  });
}
