// The keys of the queue.

import { follow, showNews } from "./live.js";
import { linkOf } from "./rows.js";

const table = document.getElementById("queue");
const keys = document.getElementById("keys");
const search = document.getElementById("text");
const tabs = document.querySelectorAll(".tabs a");

const links = () => [...(table?.querySelectorAll("tr[data-record]") ?? [])].map(linkOf);

function move(step) {
  const all = links();
  if (all.length === 0) return;
  const at = all.indexOf(document.activeElement);
  const to = at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1);
  all[to].focus();
  all[to].closest("tr").scrollIntoView({ block: "nearest" });
}

const press = (id) => document.getElementById(id)?.click();

const does = {
  j: () => move(1),
  ArrowDown: () => move(1),
  k: () => move(-1),
  ArrowUp: () => move(-1),
  n: () => document.getElementById("next-form")?.requestSubmit(),
  "/": () => { search.focus(); search.select(); },
  r: () => { showNews(); },
  h: () => { location.href = "/lookup"; },
  1: () => tabs[0].click(),
  2: () => tabs[1].click(),
  3: () => tabs[2].click(),
  4: () => tabs[3].click(),
  "]": () => press("next-page"),
  "[": () => press("first-page"),
  "?": () => keys.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || keys.open) return;
  const typing = event.target.matches("input:not([type=checkbox]), select, textarea");
  if (typing) {
    if (event.key === "Escape" && search.closest("form").contains(event.target)) {
      event.preventDefault();
      event.target.blur();
      links()[0]?.focus();
    }
    return;
  }
  const act = does[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

// A click anywhere in a row opens it, as long as nothing in it is being marked.
table?.addEventListener("click", (event) => {
  if (event.target.closest("a, button") || !getSelection().isCollapsed) return;
  linkOf(event.target.closest("tr[data-record]"))?.click();
});

document.getElementById("show-keys").addEventListener("click", does["?"]);
follow();
