// The history of the member, the provider or the authorization that a request names. What is looked up is posted, and stands in no address.

import { el, keys } from "./dom.js";
import { say } from "./say.js";
import { state } from "./state.js";

const KEYS = { member: "Alt+A", provider: "Alt+W", authorization: "Alt+Z" };
const NONE = { member: "member ID, and no name with a date of birth", provider: "NPI or fax number of a provider", authorization: "authorization number" };

const SOUGHT = {
  member: ({ member }) => (member.member_id ? { member_id: member.member_id }
    : member.last_name && member.date_of_birth ? { last_name: member.last_name, first_name: member.first_name ?? "", date_of_birth: member.date_of_birth } : null),
  provider: ({ requesting_provider: asks, servicing_provider: serves, source }) => {
    const npi = asks.npi ?? serves.npi, fax = asks.fax ?? source.fax?.sender_number;
    return npi ? { npi } : fax ? { fax } : null;
  },
  authorization: ({ request, related }) => {
    const number = request.authorization_number ?? related.links.find((link) => link.authorization_number)?.authorization_number;
    return number ? { authorization_number: number } : null;
  },
};

/** Opens a history in a tab of its own, so that the work stays where it is. */
export function showHistory(about) {
  const sought = SOUGHT[about](state.work.record);
  if (!sought) {
    say(`This request gives no ${NONE[about]}.`);
    return;
  }
  const csrf = document.querySelector('meta[name="csrf"]').content;
  const inputs = Object.entries({ csrf, about, ...sought }).map(([name, value]) => el("input", { type: "hidden", name, value }));
  const form = el("form", { method: "post", action: "/lookup", target: "_blank", rel: "noopener", hidden: true }, inputs);
  document.body.append(form);
  form.submit();
  form.remove();
}

/** The buttons that do it, of those that the request names. */
export function historyButtons() {
  const named = Object.keys(SOUGHT).filter((about) => SOUGHT[about](state.work.record));
  return named.length ? el("p", { class: "histories" }, "History, in a new tab: ", named.map((about) =>
    el("button", { type: "button", class: "small", onclick: () => showHistory(about) }, `of this ${about} `, keys(KEYS[about])))) : null;
}
