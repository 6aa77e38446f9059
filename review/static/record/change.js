// The editor of a change to an authorization: what it does, to what, and the values before and after.

import { ask } from "../desk.js";
import { say } from "./say.js";
import { openDialog } from "./dialogs.js";
import { byId } from "./dom.js";
import { controlAt, controlFor, focus } from "./form.js";
import { isOpen, ofRecord, state } from "./state.js";
import { shown } from "./values.js";
import { keepChange, next } from "./settle.js";

const dialog = byId("change");
const form = byId("change-form");
const PARTS = ["action", "field", "old", "new", "code"];
let path = null;

/** Edits a change that the record has. */
export function editChange(control) {
  const { action, field, old, new: after, code } = control.change;
  open(control.path, control.title, { action, field, old: shown(old), new: shown(after), code: shown(code) });
}

/** Adds a change. */
export function newChange() {
  const next = state.work.additions.find((one) => one.name === "amendments");
  open(next.fields[0].path, "New change", { action: "replace", field: "services.to_date", old: "", new: "", code: "" });
}

async function open(at, title, values) {
  if (!isOpen()) return;
  path = at;
  byId("change-title").textContent = title;
  for (const part of PARTS) form.elements[part].value = values[part];
  tellProblem("");
  match();
  const closed = openDialog(dialog);
  form.elements.action.focus();
  await closed;
}

/** An addition has nothing before it, a removal nothing after it. */
function match() {
  form.elements.old.disabled = form.elements.action.value === "add";
  form.elements.new.disabled = form.elements.action.value === "remove";
}

const entered = () => Object.fromEntries(PARTS.map((part) => [part, form.elements[part].disabled ? "" : form.elements[part].value]));

function tellProblem(text) {
  byId("change-problem").textContent = text;
}

async function check() {
  try {
    const told = await ask(ofRecord("check"), { method: "POST", body: { path, value: entered() } });
    tellProblem(told.problem ? `${told.refused ? "✕ Cannot be kept: " : "△ "}${told.problem}` : "");
    return told;
  } catch (error) {
    return { refused: false, problem: error.message }; // the desk looks at it when it is kept
  }
}

async function save(event) {
  event.preventDefault();
  const told = await check();
  if (told.refused) {
    form.elements[form.elements.new.disabled ? "old" : "new"].focus();
    return;
  }
  const at = path, value = entered();
  dialog.close();
  const control = controlAt(at) ?? controlFor("amendments");
  focus(control);
  const kept = keepChange(at, value);
  next(control);
  const outcome = await kept;
  if (!outcome.ok) say(`The change was not kept. ${outcome.error.message}`);
}

/** Takes part in the page's life. */
export function startChanges() {
  form.addEventListener("submit", save);
  form.addEventListener("change", () => { match(); check(); });
  byId("change-cancel").addEventListener("click", () => dialog.close());
}
