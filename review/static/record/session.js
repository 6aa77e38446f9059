// The session is over while something is being entered: a dialog to sign in again, so that what waits can be sent.

import { say } from "./say.js";
import { openDialog } from "./dialogs.js";
import { byId } from "./dom.js";
import { retry, waiting } from "./outbox.js";
import { here, tell } from "./state.js";

const dialog = byId("session");
const form = byId("session-form");

/** The page of the desk at a path, as a document; null where it leads to the sign-in, or nowhere. */
async function fetched(path) {
  const response = await fetch(path, { headers: { Accept: "text/html" }, cache: "no-store" }).catch(() => null);
  if (!response?.ok) return null;
  return { at: new URL(response.url).pathname, page: new DOMParser().parseFromString(await response.text(), "text/html") };
}

/** The session is over, or another one took its place in this browser: goes on with that, or opens the dialog, once. */
export async function wentOver(error) {
  if (dialog.open || (error?.status === 403 && (await goOn()))) return;
  const { count } = waiting();
  byId("session-kept").textContent = count
    ? `${count} ${count === 1 ? "entry is" : "entries are"} kept in this page, and sent as soon as you are signed in again.`
    : "What you are typing is kept in this page.";
  byId("session-problem").textContent = "";
  form.elements.password.value = "";
  openDialog(dialog);
  form.elements.password.focus();
}

/** Goes on with a session that was begun here or in another tab, if it is the same person's. */
async function goOn() {
  const found = await fetched(location.pathname);
  const token = found?.page.querySelector('meta[name="csrf"]')?.content;
  if (!token || found.at !== location.pathname) return false;
  const actor = found.page.getElementById("review")?.dataset.actor;
  if (actor !== here.actor) {
    byId("session-problem").textContent = `This browser is signed in as ${actor} now. Only ${here.actor} can go on here.`;
    return false;
  }
  document.querySelector('meta[name="csrf"]').content = token;
  if (dialog.open) dialog.close();
  say("You are signed in again.");
  tell("signed-in");
  retry();
  return true;
}

async function signIn(event) {
  event.preventDefault();
  byId("session-problem").textContent = "";
  const door = await fetched("/sign-in");
  const before = door?.page.querySelector('input[name="before"]')?.value;
  if (before) {
    const body = new URLSearchParams({ before, next: "/account", name: here.actor, password: form.elements.password.value });
    const answer = await fetch("/sign-in", { method: "POST", body, headers: { Accept: "text/html" } }).catch(() => null);
    form.elements.password.value = "";
    if (answer && !answer.ok) {
      const told = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[role=alert]")?.textContent;
      byId("session-problem").textContent = told?.trim() ?? "That did not work.";
      form.elements.password.focus();
      return;
    }
  }
  if (!(await goOn())) byId("session-problem").textContent ||= "The desk cannot be reached. Try again.";
}

/** Takes part in the page's life. */
export function startSession() {
  form.addEventListener("submit", signIn);
  form.elements.name.value = here.actor;
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  // After a sign-in in another tab, this one goes on by itself.
  addEventListener("focus", () => { if (dialog.open) goOn(); });
  document.addEventListener("visibilitychange", () => { if (dialog.open && !document.hidden) goOn(); });
}
