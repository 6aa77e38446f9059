// What happened to the record, and the notes beside it.

import { ask } from "../desk.js";
import { say } from "./say.js";
import { openDialog } from "./dialogs.js";
import { byId, el } from "./dom.js";
import { focused, focus } from "./form.js";
import { here, ofRecord, on, state, tell } from "./state.js";
import { changeLine, shown, time } from "./values.js";

const ACTIONS = { set: "entered", accept: "accepted", confirm: "said yes to", deny: "said no to", remove_row: "removed the row", by_hand: "began to key it by hand", undo: "took back the last entry" };

/** Shows the history in place of the record, or the record again. */
export async function showPast(wanted = byId("past").hidden) {
  byId("past").hidden = !wanted;
  byId("record").hidden = wanted;
  byId("tab-past").setAttribute("aria-selected", String(wanted));
  byId("tab-record").setAttribute("aria-selected", String(!wanted));
  byId("tab-past").tabIndex = wanted ? 0 : -1;
  byId("tab-record").tabIndex = wanted ? -1 : 0;
  if (!wanted) {
    if (focused()?.element.isConnected) focus(focused());
    return;
  }
  byId("tab-past").focus();
  await showEvents();
}

async function showEvents() {
  try {
    const events = await ask(ofRecord("history"));
    byId("events").replaceChildren(...events.map(eventRow).reverse());
  } catch (error) {
    byId("events").replaceChildren(el("li", {}, error.message));
    if (error.status === 401) tell("expired", error);
  }
}

function eventRow(event) {
  const what = event.text ? [el("q", {}, event.text)] : event.differences.slice(0, 30).map(difference);
  const more = event.differences.length > 30 ? el("li", {}, `and ${event.differences.length - 30} more`) : null;
  return el("li", { class: event.kind },
    el("div", { class: "event-head" }, el("strong", {}, event.actor), ` ${wordsOf(event)} `, el("time", { datetime: event.at }, time(event.at))),
    what.length ? (event.text ? el("p", {}, what) : el("ul", {}, what, more)) : null);
}

function wordsOf(event) {
  const action = (ACTIONS[event.action] ?? event.action).replaceAll("_", " ");
  return [action, event.path && titleOf(event.path), event.detail, event.revision && `(revision ${event.revision})`].filter(Boolean).join(" ");
}

function difference({ path, old, new: now }) {
  return el("li", {}, `${titleOf(path)}: `, lineOf(old) === lineOf(now) ? lineOf(now) : [el("del", {}, lineOf(old)), " → ", el("ins", {}, lineOf(now))]);
}

const lineOf = (value) => (value?.action ? changeLine(value) : typeof value === "object" && value !== null && !Array.isArray(value) ? JSON.stringify(value) : shown(value)) || "nothing";

/** A path in words: "services.0.code" is "service 1, code". */
function titleOf(path) {
  return path.split(".").map((step) => (/^\d+$/.test(step) ? `${Number(step) + 1}` : step.replaceAll("_", " "))).join(" · ");
}

/** Shows how many notes there are. */
export async function showNotes() {
  if (here.second) return;
  const notes = await ask(ofRecord("notes")).catch(() => []);
  byId("notes").replaceChildren(...notes.map((note) => el("li", {}, el("strong", {}, note.actor), " ", el("time", { datetime: note.at }, time(note.at)), el("p", {}, note.text))));
  byId("note-count").textContent = notes.length ? `${notes.length} ${notes.length === 1 ? "note" : "notes"}: ${notes.at(-1).text}` : "";
  byId("note-line").hidden = !notes.length;
}

/** Writes a note; it is kept typed until the desk has it. */
export async function writeNote() {
  byId("note-problem").textContent = "";
  await openDialog(byId("note"));
}

async function save(event) {
  event.preventDefault();
  const text = byId("note-text").value.trim();
  if (!text) return;
  try {
    await ask(ofRecord("notes"), { method: "POST", body: { text } });
  } catch (error) {
    byId("note-problem").textContent = error.message;
    if (error.status === 401) tell("expired", error);
    return;
  }
  byId("note-text").value = "";
  byId("note").close();
  say("The note is kept.");
  await showNotes();
}

/** Takes part in the page's life. */
export function startPast() {
  byId("note-form").addEventListener("submit", save);
  byId("note-text").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.ctrlKey) byId("note-form").requestSubmit();
  });
  byId("note-cancel").addEventListener("click", () => byId("note").close());
  byId("tab-record").addEventListener("click", () => showPast(false));
  byId("tab-past").addEventListener("click", () => showPast(true));
  byId("tabs").addEventListener("keydown", (event) => {
    if (event.key === "ArrowLeft" || event.key === "ArrowRight") showPast(byId("past").hidden);
  });
  on("revised", () => { if (!byId("past").hidden) showEvents(); });
  on("work", () => { byId("tab-past").hidden = state.work === null; });
}
