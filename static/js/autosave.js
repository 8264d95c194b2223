/**
 * Keeps what someone types in a long form: on the server as a draft, two seconds after the typing
 * stops, and at once in this window as a second net. Any form with `data-concept` has it. When the
 * session has ended it says so, and keeps trying with the proof of the next one.
 */
"use strict";

const WAIT_MS = 2_000;
const AGAIN_MS = 10_000;
const NEVER_KEPT = new Set(["csrf_token", "actie", "zoek", "gevonden"]);
const SIGNED_OUT = [401, 403];

const ENDED =
  "U bent niet meer ingelogd. Uw tekst staat nog in dit venster. Log in op een ander tabblad; " +
  "daarna bewaren wij hem vanzelf.";
const UNREACHABLE = "Uw concept is nog niet bewaard. Wij proberen het opnieuw.";
const TOO_LARGE = "Dit is te veel tekst voor een concept. Sla de tekst zelf op.";

const now = () => new Date().toLocaleTimeString("nl-NL", { hour: "2-digit", minute: "2-digit" });

class Autosave {
  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.form = form;
    this.told = form.querySelector("[data-concept-melding]");
    this.key = netKey(form.dataset.account, form.dataset.conceptSleutel);
    this.refused = new Set();
    this.kept = JSON.stringify(this.fields());
    if ("conceptTerug" in form.dataset) this.keepInWindow();
    else this.offerNet();
    form.addEventListener("input", () => this.onInput());
    form.addEventListener("change", () => this.onInput());
    form.addEventListener("submit", () => this.onSubmit());
    document.addEventListener("visibilitychange", () => this.onLeave());
    window.addEventListener("pagehide", () => this.onLeave());
  }

  /** What is typed, without what no draft holds. */
  fields() {
    const all = [...new FormData(this.form)];
    return Object.fromEntries(all.filter(([name]) => !NEVER_KEPT.has(name)));
  }

  onInput() {
    if (JSON.stringify(this.fields()) === this.kept) return;
    this.keepInWindow();
    this.wait(WAIT_MS);
  }

  onSubmit() {
    this.isSent = true;
    window.clearTimeout(this.timer);
    this.asking?.abort();
    this.keepInWindow();
  }

  /** Who leaves before the two seconds are over has it kept too. */
  onLeave() {
    if (document.visibilityState === "hidden" && this.timer) this.save({ keepalive: true });
  }

  wait(time) {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.save(), time);
  }

  async save({ keepalive = false } = {}) {
    window.clearTimeout(this.timer);
    this.timer = null;
    if (this.isSent) return;
    const fields = this.fields();
    this.asking?.abort();
    this.asking = new AbortController();
    try {
      const answer = await this.send(fields, keepalive);
      await this.hear(answer, fields);
    } catch (error) {
      if (error.name === "AbortError") return;
      this.tryAgain(UNREACHABLE);
    }
  }

  send(fields, keepalive) {
    return fetch(this.form.dataset.concept, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        Accept: "application/json",
        "X-CSRFToken": this.form.elements.csrf_token.value,
      },
      body: JSON.stringify({ fields }),
      signal: keepalive ? undefined : this.asking.signal,
      keepalive,
    });
  }

  async hear(answer, fields) {
    if (answer.ok) {
      const { saved_at: at, refused } = await answer.json();
      this.onKept(at, refused, fields);
    } else if (answer.status === 413) {
      this.tell(TOO_LARGE);
    } else if (SIGNED_OUT.includes(answer.status) || answer.status === 400) {
      const isRenewed = await this.renewProof();
      this.tryAgain(isRenewed ? UNREACHABLE : ENDED, isRenewed ? WAIT_MS : AGAIN_MS);
    } else {
      this.tryAgain(UNREACHABLE);
    }
  }

  onKept(at, refused, fields) {
    this.kept = JSON.stringify(fields);
    this.refused = new Set(refused);
    const labels = refused.map((name) => labelOf(this.form, name)).join(", ");
    const without = `Concept bewaard om ${at}, zonder: ${labels}. Dat gaat over vrouwenopvang en bewaren wij nooit.`;
    this.tell(refused.length ? without : `Concept bewaard om ${at}.`);
    this.keepInWindow();
  }

  tryAgain(text, time = AGAIN_MS) {
    this.tell(text);
    this.wait(time);
  }

  /** The proof of a session that began since; false while nobody is signed in. */
  async renewProof() {
    const answer = await fetch(window.location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok) return false;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const isOurs = page.querySelector("[data-concept], [action^='/werkbank/concept/']");
    const fresh = page.querySelector("[name=csrf_token]")?.value;
    if (!isOurs || !fresh) return false;
    for (const field of document.querySelectorAll("[name=csrf_token]")) field.value = fresh;
    return true;
  }

  tell(text) {
    if (this.told && this.told.textContent !== text) this.told.textContent = text;
  }

  keepInWindow() {
    const all = Object.entries(this.fields());
    const fields = Object.fromEntries(all.filter(([name]) => !this.refused.has(name)));
    try {
      window.sessionStorage.setItem(this.key, JSON.stringify({ at: now(), fields }));
    } catch {
      // The window can't keep more; the server still does.
    }
  }

  /** What this window kept and the form does not hold can be put back. */
  offerNet() {
    const net = readNet(this.key);
    const shown = this.fields();
    const differs = net && Object.entries(net.fields).some(([name, text]) => shown[name] !== text);
    if (!differs) return;
    const box = document.createElement("div");
    box.className = "utrecht-alert utrecht-alert--info vp-net";
    const text = document.createElement("p");
    text.textContent = `In dit venster staat nog wat u om ${net.at} typte en niet hebt opgeslagen.`;
    const back = makeButton("Zet het terug", () => {
      fill(this.form, net.fields);
      box.remove();
    });
    const away = makeButton("Weggooien", () => {
      window.sessionStorage.removeItem(this.key);
      box.remove();
    });
    box.append(text, back, away);
    this.form.before(box);
  }
}

const netKey = (account, key) => `vlekkenplan-concept-${account ?? ""}-${key}`;

function readNet(key) {
  try {
    const net = JSON.parse(window.sessionStorage.getItem(key));
    return net && typeof net.fields === "object" ? net : null;
  } catch {
    return null;
  }
}

function fill(form, fields) {
  for (const [name, text] of Object.entries(fields)) {
    const field = form.elements[name];
    if (!field) continue;
    field.value = text;
    const first = field instanceof RadioNodeList ? field[0] : field;
    first.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function labelOf(form, name) {
  const field = form.elements[name];
  const label = field?.labels?.[0]?.firstChild?.textContent ?? name;
  return label.trim();
}

function makeButton(label, onClick) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "utrecht-button utrecht-button--secondary-action";
  button.textContent = label;
  button.addEventListener("click", onClick);
  return button;
}

/** What is saved or thrown away on the server goes from this window too. */
for (const { dataset } of document.querySelectorAll("[data-concept-klaar]")) {
  for (const key of Object.keys(window.sessionStorage)) {
    const isOfForm = key.startsWith("vlekkenplan-concept-");
    if (isOfForm && key.endsWith(`-${dataset.conceptKlaar}`)) window.sessionStorage.removeItem(key);
  }
}
for (const form of document.querySelectorAll("form[data-concept]")) new Autosave(form);
