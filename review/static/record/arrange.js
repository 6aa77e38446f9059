// Which pages are which request: moved, split and merged by keyboard. The desk then has the document read again.

import { ask } from "../desk.js";
import { say } from "./say.js";
import { openDialog } from "./dialogs.js";
import { byId, el } from "./dom.js";
import { go } from "./ending.js";
import { here, isOpen, ofDocument, ofRecord, state, tell } from "./state.js";
import { ranges } from "./values.js";

const dialog = byId("arrange");
const NONE = 0;
const LOOK_AGAIN_MS = 2000;
// Page by page, the number of its request.
let requests = new Map();

/** Opens the dialog. */
export async function arrange() {
  if (!isOpen()) return;
  requests = new Map(state.work.pages.map((page) => [page.number, NONE]));
  const own = { pages: state.work.record.source.pages, status: state.work.record.status };
  [...state.work.siblings, own]
    .filter((one) => one.pages.length && one.status !== "no_request")
    .sort((a, b) => a.pages[0] - b.pages[0])
    .forEach((one, index) => one.pages.forEach((page) => requests.set(page, index + 1)));
  byId("arrange-problem").textContent = "";
  const closed = openDialog(dialog);
  show(state.work.record.source.pages[0]);
  await closed;
}

/** The pages of each request, in the order of their first pages. */
function groups() {
  const found = new Map();
  for (const [page, request] of requests) if (request !== NONE) found.set(request, [...(found.get(request) ?? []), page]);
  return [...found.values()].sort((a, b) => a[0] - b[0]);
}

/** Shows how it stands; requests are numbered in the order of their first pages. */
function show(focusedPage) {
  const found = groups();
  found.forEach((pages, index) => pages.forEach((page) => requests.set(page, index + 1)));
  byId("arrange-pages").replaceChildren(...[...requests].map(([page, request]) => row(page, request, found.length)));
  const parts = found.map((pages, index) => `Request ${index + 1}: ${pages.length > 1 ? "pages" : "page"} ${ranges(pages)}`);
  const none = [...requests].filter(([, request]) => request === NONE).map(([page]) => page);
  if (none.length) parts.push(`In no request: ${ranges(none)}`);
  byId("arrange-said").textContent = `${parts.join(". ")}.`;
  byId(`arrange-${focusedPage}`)?.focus();
}

function row(page, request, count) {
  const option = (value, text) => el("option", { value, selected: value === request }, text);
  const choice = el("select", { id: `arrange-${page}`, "data-page": page },
    option(NONE, "No request"), Array.from({ length: count }, (_, index) => option(index + 1, `Request ${index + 1}`)), option(count + 1, "A new request"));
  choice.addEventListener("change", () => { requests.set(page, Number(choice.value)); show(page); });
  return el("li", { "data-request": request },
    el("img", { src: ofDocument(`pages/${page}`), alt: "", loading: "lazy" }), el("label", { for: `arrange-${page}` }, `Page ${page}`), choice);
}

/** All pages from the one behind this on, of the same request, become a request of their own. */
function splitAfter(page) {
  const request = requests.get(page);
  const behind = [...requests].filter(([one, its]) => one > page && its === request && its !== NONE);
  if (!behind.length) {
    byId("arrange-said").textContent = `Behind page ${page}, its request has no page.`;
    return;
  }
  const fresh = Math.max(...requests.values()) + 1;
  behind.forEach(([one]) => requests.set(one, fresh));
  show(page);
}

/** The request of this page and the one before it become one. */
function merge(page) {
  const request = requests.get(page);
  if (request <= 1) {
    byId("arrange-said").textContent = "No request stands before this one.";
    return;
  }
  for (const [one, its] of requests) if (its === request) requests.set(one, request - 1);
  show(page);
}

function onKey(event) {
  const page = Number(document.activeElement?.dataset.page);
  if (event.key === "Enter" && document.activeElement?.tagName === "SELECT") {
    event.preventDefault();
    apply(groups());
  } else if (page && !event.ctrlKey && !event.altKey && "sm".includes(event.key.toLowerCase()) && event.key.length === 1) {
    event.preventDefault();
    (event.key.toLowerCase() === "s" ? splitAfter : merge)(page);
  } else if (page && /^[0-9]$/.test(event.key) && Number(event.key) <= groups().length + 1) {
    event.preventDefault();
    requests.set(page, Number(event.key));
    show(page);
  }
}

const order = () => [...requests.keys()];
function neighbour(event) {
  const page = Number(document.activeElement?.dataset.page);
  if (!page || event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
  // Up and down go from page to page; the choice is made by digits, or with Alt and an arrow.
  event.preventDefault();
  const next = order()[order().indexOf(page) + (event.key === "ArrowDown" ? 1 : -1)];
  if (next) byId(`arrange-${next}`).focus();
}

/** Tells the desk, which reads the document again; goes to its first request once that is done. */
async function apply(wanted) {
  let before;
  try {
    before = await ask(ofDocument());
    await ask(ofDocument("arrangement"), { method: "PUT", body: { groups: wanted } });
  } catch (error) {
    byId("arrange-problem").textContent = error.message;
    if (error.status === 401) tell("expired", error);
    return;
  }
  dialog.close();
  tell("reading-again");
  follow(wanted, before.read_at);
}

/** Waits until the document was read again, and goes to the request to go on with. */
function follow(wanted, lastRead) {
  let looking = false;
  const look = async () => {
    if (looking) return;
    looking = true;
    const now = await ask(ofDocument()).catch(() => null);
    const work = now && now.read_at !== lastRead ? await ask(ofRecord("work")).catch(() => null) : null;
    looking = false;
    if (!work) return;
    clearInterval(timer);
    const target = found(work, wanted);
    say(now.state === "failed" ? "The document could not be read again." : "The document was read again.");
    if (target === here.record) tell("read-again");
    else go(`/records/${encodeURIComponent(target)}`);
  };
  const timer = setInterval(look, LOOK_AGAIN_MS);
}

/** The record to go on with: the first request that was wanted; where the reader decides, this one as long as it is one. */
function found(work, wanted) {
  const all = [{ record_id: work.record_id, pages: work.record.source.pages, final: work.final }, ...work.siblings];
  const first = wanted?.length ? all.find((one) => ranges(one.pages) === ranges(wanted[0])) : null;
  return (first ?? all.find((one) => !one.final) ?? all[0]).record_id;
}

/** Takes part in the page's life. */
export function startArranging() {
  dialog.addEventListener("keydown", onKey);
  dialog.addEventListener("keydown", neighbour);
  byId("arrange-apply").addEventListener("click", () => apply(groups()));
  byId("arrange-reader").addEventListener("click", () => apply(null));
  byId("arrange-cancel").addEventListener("click", () => dialog.close());
}
