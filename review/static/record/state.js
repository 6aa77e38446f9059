// What the page knows: whose it is, the record as the desk has it, and who wants to hear of changes.

const frame = document.getElementById("review");

/** The page itself: which record, who looks, and what that person may do. */
export const here = {
  record: frame.dataset.record,
  second: frame.dataset.second === "yes", // a second reading, under its own id: nothing of the record or its document is asked for
  actor: frame.dataset.actor,
  mayWork: frame.dataset.work === "yes",
  maySupervise: frame.dataset.supervise === "yes",
  filter: new URLSearchParams(location.search).get("filter"),
};

/** The record with the edits that the desk has kept; `work` is the desk's answer as it came. */
export const state = { work: null };

const listeners = new Map();

/** Calls `act` whenever `name` is told. */
export function on(name, act) {
  if (!listeners.has(name)) listeners.set(name, []);
  listeners.get(name).push(act);
}

/** Tells everybody who listens. */
export function tell(name, detail) {
  for (const act of listeners.get(name) ?? []) act(detail);
}

/** Whether this person can change the record now. */
export function isOpen() {
  return here.mayWork && state.work !== null && state.work.mine && !state.work.final;
}

/** The address of something of this record. */
export function ofRecord(part = "", record = here.record) {
  return `/api/${here.second ? "second-readings" : "records"}/${encodeURIComponent(record)}${part && `/${part}`}`;
}

/** The address of this record's document, or of something of it. */
export function ofDocument(part = "") {
  if (here.second) return ofRecord(part);
  return `/api/documents/${encodeURIComponent(state.work.document_id)}${part && `/${part}`}`;
}

/** The record's value at a path with positions; undefined where it has no such row. */
export function valueAt(path) {
  return path.split(".").reduce((part, step) => part?.[step], state.work.record);
}

/** The record's reading at a path, or undefined. */
export function readingAt(path) {
  return state.work.record.readings[path];
}
