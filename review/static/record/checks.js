// What the desk says of a value while it is typed; nothing is stored by asking.

import { ask } from "../desk.js";
import { isDirty, mark } from "./form.js";
import { ofRecord, on, tell } from "./state.js";

const PAUSE_MS = 150;
let timer = null;
let running = null;

function later(control) {
  clearTimeout(timer);
  running?.abort();
  if (!isDirty(control) || control.change) {
    tell("told", control);
    return;
  }
  timer = setTimeout(() => check(control), PAUSE_MS);
}

async function check(control) {
  const value = control.input.value;
  running = new AbortController();
  let told;
  try {
    told = await ask(ofRecord("check"), { method: "POST", body: { path: control.path, value }, signal: running.signal });
  } catch (error) {
    if (error.name === "AbortError") return;
    // Without an answer it is looked at when it is kept.
    if (error.status === 401) tell("expired", error);
    return;
  }
  if (control.input.value !== value) return;
  control.told = { text: value, ...told, isSure: control.told?.isSure };
  mark(control);
  tell("told", control);
}

/** Whether the desk is known to refuse what stands in a control. */
export function isRefused(control) {
  return Boolean(control.told?.refused && control.told.text === control.input.value);
}

on("typed", later);
