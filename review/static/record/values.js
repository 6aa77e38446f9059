// Values as a person reads and types them. What is typed is understood by the desk alone.

const CHANGED = JSON.parse(document.getElementById("review").dataset.changed);
const ZONE = document.getElementById("review").dataset.zone;
const ACTIONS = JSON.parse(document.getElementById("review").dataset.actions);

/** A value as text, as it is written on forms: dates 02/17/2026, phones (831) 555-0142. */
export function shown(value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) return value.join(", ");
  const text = String(value);
  const day = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  if (day) return `${day[2]}/${day[3]}/${day[1]}`;
  const phone = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(text);
  return phone ? `(${phone[1]}) ${phone[2]}-${phone[3]}` : text;
}

/** What a change does, in words. */
export function changeTitle(change) {
  const about = change.code ? ` of ${change.code}` : "";
  return `${ACTIONS[change.action]}: ${CHANGED[change.field]}${about}`;
}

/** A change as one line. */
export function changeLine(change) {
  return `${changeTitle(change)}, from ${shown(change.old) || "nothing stated"} to ${shown(change.new) || "nothing"}`;
}

/** Numbers as ranges: 1–3, 5. */
export function ranges(numbers) {
  const parts = [];
  for (const one of [...numbers].sort((a, b) => a - b)) {
    const last = parts.at(-1);
    if (last && last[1] === one - 1) last[1] = one;
    else parts.push([one, one]);
  }
  return parts.map(([first, last]) => (first === last ? `${first}` : `${first}–${last}`)).join(", ");
}

/** A time as the site's clocks say it: a decision is due at the site's midnight, wherever the person sits. */
export function time(iso) {
  return new Date(iso).toLocaleString("en-US", { dateStyle: "medium", timeStyle: "short", timeZone: ZONE });
}

/** How long until a time, or since: "in 2 d 3 h", "4 h ago". */
export function distance(iso) {
  const minutes = Math.round((new Date(iso) - Date.now()) / 60000);
  const size = Math.abs(minutes);
  const days = Math.floor(size / 1440), hours = Math.floor((size % 1440) / 60);
  const words = days ? `${days} d ${hours} h` : hours ? `${hours} h ${size % 60} min` : `${size} min`;
  return minutes < 0 ? `${words} ago` : `in ${words}`;
}
