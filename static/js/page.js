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
 * Fetch the page for `query` (URLSearchParams) and replace the parts. Returns its address and
 * title, or null when a later call took over. Throws when the server can't be reached or does
 * not know this address; with `refusalsToo` a page that says what is wrong is shown as well.
 */
export async function refreshParts(query, { parts = PARTS, refusalsToo = false } = {}) {
  running?.abort();
  const own = new AbortController();
  running = own;
  try {
    const address = `${window.location.pathname}?${query}`;
    const answer = await fetch(address, { signal: own.signal, headers: { Accept: "text/html" } });
    const isRefusal = answer.status === 400 || answer.status === 404;
    if (!answer.ok && !(refusalsToo && isRefusal)) throw new Error(`${answer.status} ${address}`);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    replaceParts(fresh, parts);
    return { address: answer.url, title: fresh.title };
  } catch (error) {
    if (error.name === "AbortError") return null;
    throw error;
  }
}

function replaceParts(fresh, parts) {
  const opened = openDetails();
  const focused = focusKey(parts);
  for (const id of parts) {
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
function focusKey(parts) {
  const link = document.activeElement?.closest("a[href]");
  const part = link?.closest(parts.map((id) => `#${id}`).join(","));
  return part ? `#${part.id} a[href="${CSS.escape(link.getAttribute("href"))}"]` : null;
}
