// Brings the rows on the page in step with the desk's, without moving what somebody looks at.

const TICKING = "[data-ticks]";

const rowsOf = (body) => [...body.querySelectorAll("tr[data-record]")];
export const linkOf = (row) => row?.querySelector("a");

/** The table body in an answer of /queue/rows. */
export function bodyIn(html) {
  const holder = document.createElement("template");
  holder.innerHTML = `<table>${html}</table>`;
  return holder.content.querySelector("tbody");
}

/** What differs between the rows on the page and those of the desk: records that came, that went, and that changed. */
export function difference(shown, fresh) {
  const before = new Map(rowsOf(shown).map((row) => [row.dataset.record, row]));
  const after = new Map(rowsOf(fresh).map((row) => [row.dataset.record, row]));
  return {
    came: [...after.keys()].filter((id) => !before.has(id)),
    went: [...before.keys()].filter((id) => !after.has(id)),
    changed: [...after.keys()].filter((id) => before.has(id) && before.get(id).dataset.mark !== after.get(id).dataset.mark),
  };
}

/** Renews the rows that are on the page in their places. What went stays, marked; what came waits to be shown. */
export function renew(shown, fresh) {
  const after = new Map(rowsOf(fresh).map((row) => [row.dataset.record, row]));
  for (const row of rowsOf(shown)) {
    const now = after.get(row.dataset.record);
    if (!now) leave(row);
    else if (now.dataset.mark === row.dataset.mark) tick(row, now);
    else replace(row, now.cloneNode(true));
  }
}

function leave(row) {
  if (row.classList.contains("gone")) return;
  row.classList.add("gone");
  row.querySelector(".worker").textContent = "no longer here";
}

function tick(row, now) {
  const cells = row.querySelectorAll(TICKING);
  now.querySelectorAll(TICKING).forEach((cell, at) => cells[at].replaceChildren(...cell.cloneNode(true).childNodes));
}

function replace(row, now) {
  const focused = row.contains(document.activeElement);
  row.replaceWith(now);
  if (focused) linkOf(now)?.focus({ preventScroll: true });
}

/** Shows the desk's rows as they are; the focus stays on its record, or where that went, at its place. */
export function show(shown, fresh) {
  const rows = rowsOf(shown);
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const record = at < 0 ? null : rows[at].dataset.record;
  shown.replaceChildren(...fresh.cloneNode(true).children);
  if (at < 0) return;
  const now = rowsOf(shown);
  linkOf(now.find((row) => row.dataset.record === record) ?? now[Math.min(at, now.length - 1)])?.focus({ preventScroll: true });
}
