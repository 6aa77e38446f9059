// Searching ICD-10-CM by words while a diagnosis is typed: a list below the field, chosen from by arrows and Enter.

import { ask } from "../desk.js";
import { byId, el } from "./dom.js";
import { isDirty } from "./form.js";
import { on } from "./state.js";

const PAUSE_MS = 180;
const MOST = 8;
const list = byId("code-list");
let owner = null;
let chosen = -1;
let timer = null;
let running = null;

/** Whether the list is open for a control. */
export const isOpenFor = (control) => owner === control && !list.hidden;

/** The code that is chosen in the list, or null. */
export function chosenCode() {
  return list.hidden || chosen < 0 ? null : list.children[chosen].dataset.code;
}

/** Goes up or down in the list. */
export function move(step) {
  choose((chosen + step + list.children.length) % list.children.length);
}

/** Closes the list. */
export function close() {
  clearTimeout(timer);
  running?.abort();
  list.hidden = true;
  chosen = -1;
  owner?.input.setAttribute("aria-expanded", "false");
  owner?.input.removeAttribute("aria-activedescendant");
}

function choose(index) {
  chosen = index;
  [...list.children].forEach((one, at) => one.setAttribute("aria-selected", String(at === index)));
  owner.input.setAttribute("aria-activedescendant", list.children[index].id);
  list.children[index].scrollIntoView({ block: "nearest" });
}

async function search(control) {
  const text = control.input.value.trim();
  running = new AbortController();
  let found;
  try {
    found = await ask("/api/codes/icd10", { method: "POST", body: { text }, signal: running.signal });
  } catch {
    return; // the check of the value tells of a lost connection
  }
  if (control.input.value.trim() !== text || document.activeElement !== control.input || !found.length) {
    close();
    return;
  }
  show(control, found.slice(0, MOST));
}

function show(control, found) {
  owner = control;
  chosen = -1;
  list.replaceChildren(...found.map((one, index) => el("li", { id: `code-${index}`, role: "option", "aria-selected": "false", "data-code": one.code },
    el("strong", {}, one.code), ` ${one.description}`)));
  list.hidden = false;
  const edge = control.input.getBoundingClientRect(), frame = list.offsetParent.getBoundingClientRect();
  const left = Math.max(0, Math.min(edge.left, frame.right - list.offsetWidth - 8) - frame.left);
  const isRoomBelow = edge.bottom + list.offsetHeight < Math.max(innerHeight, frame.bottom);
  list.style.left = `${left}px`;
  list.style.top = `${(isRoomBelow ? edge.bottom + 4 : edge.top - list.offsetHeight - 4) - frame.top}px`;
  control.input.setAttribute("aria-expanded", "true");
}

on("typed", (control) => {
  close();
  if (control.kind !== "icd10" || !isDirty(control)) return;
  if (control.input.value.trim().length < 2) return;
  timer = setTimeout(() => search(control), PAUSE_MS);
});
on("left", close);
