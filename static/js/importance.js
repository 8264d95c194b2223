/**
 * What a resident finds important: each choice asks the server for the order anew, so that it can
 * say nothing else than the page without scripts does. The address and the form to send go along.
 */
"use strict";

const WAIT_MS = 150;
const form = document.getElementById("afweging");
const place = document.getElementById("volgorde");
const list = document.getElementById("volgorde-plekken");
const sending = document.getElementById("mee");
const spoken = document.getElementById("volgorde-gezegd");
const LOST = "De volgorde is nu niet te berekenen. Kijk of u verbinding hebt en kies nog eens.";
let waiting = null;
let running = null;

function carry(query) {
  const address = new URL(window.location.href);
  address.search = query;
  address.hash = "";
  window.history.replaceState(null, "", address);
  for (const [key, step] of query) {
    const chosen = form.querySelector(`input[name="${key}"][value="${step}"]`);
    for (const told of document.querySelectorAll(`[data-sent="${key}"]`)) {
      told.textContent = chosen.labels[0].textContent;
    }
    if (sending) sending.elements[key].value = step;
  }
}

function lost() {
  const told = document.createElement("p");
  told.className = "utrecht-paragraph utrecht-paragraph--lead";
  told.textContent = LOST;
  place.replaceChildren(told);
  list.replaceChildren();
  spoken.textContent = LOST;
}

/** Put the fresh part in place; what was folded out stays so. */
function put(part, fresh) {
  const wasOpen = part.querySelector("details")?.open;
  part.replaceChildren(...fresh.getElementById(part.id).childNodes);
  const details = part.querySelector("details");
  if (details && wasOpen) details.open = true;
}

async function ask(query) {
  running?.abort();
  running = new AbortController();
  try {
    const answer = await fetch(`${form.dataset.order}?${query}`, {
      signal: running.signal,
      headers: { Accept: "text/html" },
    });
    if (!answer.ok) throw new Error(String(answer.status));
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    put(place, fresh);
    put(list, fresh);
    spoken.textContent = place.querySelector("p").textContent;
  } catch (error) {
    if (error.name === "AbortError") return;
    console.warn(error);
    lost();
  }
  place.removeAttribute("aria-busy");
}

function follow() {
  const query = new URLSearchParams(new FormData(form));
  carry(query);
  place.setAttribute("aria-busy", "true");
  clearTimeout(waiting);
  waiting = setTimeout(() => ask(query), WAIT_MS);
}

form.addEventListener("change", follow);
form.classList.add("vp-weighed--live");

// A browser puts back what was chosen when someone comes back to the page.
window.addEventListener("pageshow", () => {
  const differs = [...form.querySelectorAll("input")].some(
    (field) => field.checked !== field.defaultChecked,
  );
  if (differs) follow();
});
