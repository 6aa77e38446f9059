// Keeps the queue in step with the desk: the desk tells that something changed, and the rows are asked for again.

import { bodyIn, difference, renew, show } from "./rows.js";

const SETTLE_MS = 400;
const TICK_MS = 60_000;
const table = document.getElementById("queue");
const news = document.getElementById("show-news");
const link = document.getElementById("link");
const said = document.getElementById("said");

let fresh = null;
let timer = 0;
let told = "";

/** Shows what came since the page was made; gives whether there was anything. */
export function showNews() {
  if (!fresh) return false;
  show(table.tBodies[0], fresh);
  table.hidden = fresh.children.length === 0;
  document.getElementById("empty").hidden = fresh.children.length > 0;
  tell("");
  return true;
}

function tell(words) {
  if (words === told) return;
  told = words;
  news.hidden = !words;
  news.textContent = "";
  if (words) news.innerHTML = `${words} – show <kbd>r</kbd>`;
  said.textContent = words ? `${words}. Press r to show.` : "";
}

function counted(count, one, many) {
  return count === 0 ? "" : `${count} ${count === 1 ? one : many}`;
}

function take(body) {
  for (const name of ["waiting", "late", "risk"]) document.getElementById(`count-${name}`).textContent = body.dataset[name];
  fresh = body;
  const what = difference(table.tBodies[0], body);
  if (document.hidden || table.tBodies[0].children.length === 0) {
    // Nobody looks, or there is nothing to move.
    showNews();
    return;
  }
  renew(table.tBodies[0], body);
  const parts = [counted(what.came.length, "new request", "new requests"), counted(what.went.length, "gone", "gone")];
  tell(parts.filter(Boolean).join(", "));
}

function unlinked(words) {
  link.hidden = !words;
  link.textContent = words;
}

async function ask() {
  try {
    const answer = await fetch(table.dataset.rows, { headers: { Accept: "text/html" }, cache: "no-store", redirect: "error" });
    if (answer.status === 401) {
      unlinked("Your session is over. Reload the page to sign in.");
    } else if (!answer.ok) {
      unlinked("The desk cannot tell what is new just now. It is asked again in a minute.");
    } else {
      take(bodyIn(await answer.text()));
      unlinked("");
    }
  } catch {
    unlinked("The desk cannot be reached; what is shown may be old. It is asked again in a minute.");
  }
}

function soon() {
  clearTimeout(timer);
  timer = setTimeout(ask, SETTLE_MS);
}

/** Begins to follow the desk. */
export function follow() {
  if (!table) return;
  news.addEventListener("click", showNews);
  // Once a minute in any case: the time that is left passes, and events may not come through.
  setInterval(ask, TICK_MS);
  const events = new EventSource("/api/events");
  events.addEventListener("change", soon);
  events.addEventListener("end", () => { events.close(); ask(); });
  addEventListener("pageshow", (event) => { if (event.persisted) ask(); });
  addEventListener("pagehide", () => events.close());
}
