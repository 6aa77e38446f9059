// Teaching a label that the reader did not know: these printed words ask for the field in focus.

import { ask } from "../desk.js";
import { say } from "./say.js";
import { openDialog } from "./dialogs.js";
import { byId } from "./dom.js";
import { focused, restore } from "./form.js";
import { on, state, tell } from "./state.js";
import { pageNumber } from "./viewer.js";

let pointed = null;

/** Opens the dialog for the field in focus; what was pointed at last on the page is the label's text. */
export async function teach() {
  const control = focused();
  if (!control?.input) {
    say("Choose the field that the label asks for first.");
    return;
  }
  // Pointing has put the label's words into the field, where they do not belong.
  if (pointed && control.input.value === pointed.text) restore(control);
  byId("teach-field").value = control.path.replace(/\.\d+/, "");
  byId("teach-text").value = pointed?.text ?? "";
  byId("teach-problem").textContent = "";
  await openDialog(byId("teach"));
}

async function propose(event) {
  event.preventDefault();
  const page = pointed?.spot.page ?? pageNumber();
  const body = { text: byId("teach-text").value, field: byId("teach-field").value, document_id: state.work.document_id, page };
  try {
    await ask("/api/labels", { method: "POST", body });
  } catch (error) {
    byId("teach-problem").textContent = error.message;
    if (error.status === 401) tell("expired", error);
    return;
  }
  pointed = null;
  byId("teach").close();
  say("The label is proposed. Once a supervisor has confirmed it, the reader knows it.");
}

/** Takes part in the page's life. */
export function startTeaching() {
  on("picked", (picked) => { pointed = picked; });
  byId("teach-form").addEventListener("submit", propose);
  byId("teach-cancel").addEventListener("click", () => byId("teach").close());
}
