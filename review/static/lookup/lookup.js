// The keys of the page on which members, providers and authorizations are looked up.

const keys = document.getElementById("keys");
const ask = document.getElementById("ask");
const records = [...document.querySelectorAll("#requests .to-record")];
const moments = [...document.querySelectorAll("#moments li a:first-of-type")].filter((one) => one.matches("li .line a:first-child"));

/** One step on in the list that has the focus; from elsewhere, into the requests. */
function move(step) {
  const all = moments.includes(document.activeElement) ? moments : records;
  if (all.length === 0) return;
  const inRow = document.activeElement.closest("#requests tbody tr")?.querySelector(".to-record") ?? document.activeElement;
  const at = all.indexOf(inRow);
  const to = at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1);
  all[to].focus();
  all[to].closest("tr, li").scrollIntoView({ block: "nearest" });
}

function type(id) {
  ask.open = true;
  const input = document.getElementById(id);
  input.focus();
  input.select();
}

function unfold() {
  const details = document.activeElement.closest("#requests tbody tr")?.querySelector("details");
  if (details) details.open = !details.open;
}

const press = (id) => document.getElementById(id)?.click();

const does = {
  j: () => move(1),
  ArrowDown: () => move(1),
  k: () => move(-1),
  ArrowUp: () => move(-1),
  o: unfold,
  t: () => (moments.includes(document.activeElement) ? records[0] : moments[0])?.focus(),
  "/": () => type("by-member-id"),
  p: () => type("by-npi"),
  a: () => type("by-number"),
  "]": () => press("next-page"),
  "[": () => press("first-page"),
  "?": () => keys.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || keys.open) return;
  if (event.target.matches("input, select, textarea")) {
    if (event.key === "Escape" && records.length > 0) {
      event.preventDefault();
      records[0].focus();
    }
    return;
  }
  const act = does[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

document.getElementById("show-keys").addEventListener("click", does["?"]);
// Whoever comes here to look something up types at once; whoever has found it goes through it.
if (records.length > 0) records[0].focus({ preventScroll: true });
else if (ask.open) document.getElementById("by-member-id").focus();
