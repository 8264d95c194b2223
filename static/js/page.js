/**
 * The parts of the page that depend on the address, asked anew from the server.
 *
 * The server makes the sentence, the list, the panel and the table; here they are only put in
 * place. So they can never say something else than the page without scripts does.
 */
"use strict";

const PARTS = ["antwoord", "selectie", "legenda", "paneel", "locaties", "cijfers"];
let running = null;

/**
 * Fetch the page for `query` (URLSearchParams) and replace the parts. Returns false when a later
 * call took over. Throws when the server can't be reached or does not know this address.
 */
export async function refreshParts(query) {
  running?.abort();
  const own = new AbortController();
  running = own;
  try {
    const text = await fetchText(`${window.location.pathname}?${query}`, own.signal);
    replaceParts(new DOMParser().parseFromString(text, "text/html"));
    return true;
  } catch (error) {
    if (error.name === "AbortError") return false;
    throw error;
  }
}

async function fetchText(address, signal) {
  const answer = await fetch(address, { signal, headers: { Accept: "text/html" } });
  if (!answer.ok) throw new Error(`${answer.status} ${address}`);
  return answer.text();
}

function replaceParts(fresh) {
  const opened = openDetails();
  const focused = focusKey();
  for (const id of PARTS) {
    const now = document.getElementById(id);
    const next = fresh.getElementById(id);
    if (now && next && now.innerHTML !== next.innerHTML) {
      now.replaceChildren(...next.childNodes);
    }
  }
  for (const id of opened) document.getElementById(id)?.setAttribute("open", "");
  if (focused && document.activeElement === document.body) {
    document.querySelector(focused)?.focus({ preventScroll: true });
  }
}

function openDetails() {
  return [...document.querySelectorAll("details[id][open]")].map((details) => details.id);
}

/** How to find the focused link again after its list was replaced. */
function focusKey() {
  const link = document.activeElement?.closest("a[href]");
  const part = link?.closest(PARTS.map((id) => `#${id}`).join(","));
  return part ? `#${part.id} a[href="${CSS.escape(link.getAttribute("href"))}"]` : null;
}
