// What every page needs: sending to the desk as this session, and saying things to whoever does not see them change.

// Read each time: after a new sign-in the page goes on with the new session's.
const csrf = () => document.querySelector('meta[name="csrf"]')?.content ?? "";

/** Says a short message in the live region; an empty one takes it away. */
export function say(message) {
  const region = document.getElementById("live");
  // Emptied first, so that the same message is read out again.
  region.textContent = "";
  if (message) requestAnimationFrame(() => { region.textContent = message; });
}

/** The desk's answer could not be had, or was a refusal: `status` is 0 without a connection, else that of HTTP. */
export class DeskError extends Error {
  constructor(status, message, problem = {}) {
    super(message);
    this.status = status;
    this.problem = problem;
  }
}

/**
 * Asks the desk, and gives the answer's JSON (or null). What is sent travels in the body, never in the address.
 * Throws DeskError with words for a person.
 */
export async function ask(path, { method = "GET", body, headers = {}, signal } = {}) {
  const given = { method, signal, headers: { Accept: "application/json", ...headers }, credentials: "same-origin", cache: "no-store" };
  if (method !== "GET") given.headers["X-CSRF-Token"] = csrf();
  if (body !== undefined) {
    given.headers["Content-Type"] = "application/json";
    given.body = JSON.stringify(body);
  }
  let response;
  try {
    response = await fetch(path, given);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new DeskError(0, "The desk cannot be reached. What you entered is kept here; try again.");
  }
  // 204 says that there is nothing to tell, whatever its headers say.
  const isJson = response.status !== 204 && (response.headers.get("content-type") ?? "").includes("json");
  const told = isJson ? await response.json() : null;
  if (!response.ok) throw new DeskError(response.status, told?.detail ?? `The desk answered ${response.status}.`, told ?? {});
  return told;
}
