// The page on which a record is settled: brings the parts together.

import { ask } from "../desk.js";
import { say } from "./say.js";
import { startArranging } from "./arrange.js";
import { startAround } from "./around.js";
import { startChanges } from "./change.js";
import "./codes.js";
import { startCommands } from "./commands.js";
import { byId } from "./dom.js";
import { focused, mark } from "./form.js";
import { startHeader } from "./header.js";
import { claim, startLive } from "./live.js";
import { retry } from "./outbox.js";
import { showNotes, startPast } from "./past.js";
import { startSession, wentOver } from "./session.js";
import { first, isUnsaved, reload, showWork } from "./settle.js";
import { here, isOpen, ofRecord, on, state, tell } from "./state.js";
import "./strip.js";
import { startTeaching } from "./teach.js";
import { pageNumber, showPage, showThumbnails, startViewer } from "./viewer.js";

function showPages() {
  showThumbnails();
  const numbers = state.work.pages.map((page) => page.number);
  if (numbers.length && !numbers.includes(pageNumber())) showPage(state.work.record.source.pages[0] ?? numbers[0]);
}

/** What was pointed at on the page fills the field in focus; Enter keeps it. */
function fill({ text, spot }) {
  const control = focused();
  if (!isOpen() || !control?.input || !control.input.isConnected) {
    say("Choose a field first; then what you point at fills it.");
    return;
  }
  control.spot = spot;
  control.input.value = text;
  control.input.focus({ preventScroll: true });
  control.told = null;
  mark(control);
  tell("typed", control);
  tell("spot", control);
}

function markThumbnail(number) {
  for (const button of document.querySelectorAll("#thumbnails button")) {
    if (Number(button.dataset.page) === number) button.setAttribute("aria-current", "page");
    else button.removeAttribute("aria-current");
  }
}

async function open() {
  try {
    const work = await ask(ofRecord("work"));
    const isFree = here.mayWork && !work.final && !work.held;
    // What nobody works on is this person's from now on; the desk is told, and says so if somebody was quicker.
    showWork({ ...work, mine: work.mine || isFree });
    first();
    if (isFree) await claim();
  } catch (error) {
    if (error.status === undefined) throw error;
    byId("closed").hidden = false;
    byId("closed-words").textContent = error.message;
    if (error.status === 401) wentOver(error);
    else if (!error.status) setTimeout(open, 3000);
    return;
  }
  showNotes();
}

function start() {
  let pages = "";
  on("work", () => {
    const now = JSON.stringify([state.work.pages, state.work.record.source.pages, state.work.revision]);
    if (now !== pages) showPages();
    pages = now;
  });
  on("page", markThumbnail);
  on("picked", fill);
  on("nothing-there", () => say("No words were read there; type what you see."));
  on("expired", wentOver);
  on("signed-in", () => { if (state.work === null) open(); });
  on("gone", () => say("This fax is not there any more: it was removed when its time had come."));
  on("reading-again", () => say("The document is being read again with these pages; its first request opens when that is done."));
  on("read-again", () => reload().then(first));
  startHeader();
  startAround();
  startViewer();
  startChanges();
  startPast();
  startArranging();
  startTeaching();
  startSession();
  startCommands();
  startLive();
  byId("retry").addEventListener("click", retry);
  addEventListener("beforeunload", (event) => { if (isUnsaved()) event.preventDefault(); });
  open();
}

start();
