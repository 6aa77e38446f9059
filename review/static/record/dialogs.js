// Dialogs: they take the keys while they are open, and give the focus back where it was.

import { byId, el, keys } from "./dom.js";

/** Whether a dialog is open. */
export const isDialogOpen = () => document.querySelector("dialog[open]") !== null;

/** Opens a dialog of the page; when it closes, the focus goes back. The promise gives the dialog's `returnValue`. */
export function openDialog(dialog) {
  const before = document.activeElement;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      if (before?.isConnected) before.focus({ preventScroll: true });
      resolve(dialog.returnValue);
    }, { once: true });
  });
}

/** Asks before something that is not taken back by one key; Enter says yes, Esc no. */
export async function confirm(title, words, yes) {
  const dialog = byId("confirm");
  byId("confirm-title").textContent = title;
  byId("confirm-words").textContent = words;
  byId("confirm-yes").textContent = yes;
  return (await openDialog(dialog)) === "yes";
}

/** Shows all keys. */
export function showHelp(commands) {
  const groups = new Map();
  for (const one of commands) groups.set(one.group, [...(groups.get(one.group) ?? []), one]);
  const entry = (key, title) => [el("dt", {}, keys(key), el("span", { class: "unseen" }, key)), el("dd", {}, title)];
  const written = IN_A_FIELD.map(([key, title]) => entry(key, title));
  byId("help-keys").replaceChildren(
    el("section", {}, el("h3", {}, "In a field"), el("dl", {}, written.flat())),
    ...[...groups].map(([name, some]) => el("section", {}, el("h3", {}, name),
      el("dl", {}, some.flatMap((one) => entry(readable(one.keys[0]), one.title))))));
  return openDialog(byId("help"));
}

const readable = (key) => key.replace("ArrowLeft", "←").replace("ArrowRight", "→").replace("ArrowUp", "↑").replace("ArrowDown", "↓")
  .replace("PageUp", "Page ↑").replace("PageDown", "Page ↓");

const IN_A_FIELD = [
  ["Enter", "The value is right, or the form leaves it so; keeps what was typed; goes to the next question"],
  ["Enter twice", "The form has it so, though it is no value of the field: keeps it as a gap"],
  ["Ctrl+Delete", "The form gives nothing here; goes to the next question"],
  ["any character", "Replaces the value; in a list, begins a new row"],
  ["← → F2", "Edit the value in place of replacing it"],
  ["Alt+1 … 9", "Take a candidate or choice"],
  ["Esc", "Take back what is being typed"],
  ["↑ ↓", "Field before or after; in a list of codes, choose"],
  ["Shift+Enter", "Question before"],
  ["click or drag on the page", "Fill the field with the words there"],
];
