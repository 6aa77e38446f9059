// Takes the secret of a one-time link out of the address, so that it stays in no history, and puts it into the form.

function take() {
  const secret = location.hash.slice(1);
  if (!secret) return;
  history.replaceState(null, "", location.pathname);
  document.getElementById("secret").value = secret;
  document.getElementById("paste").hidden = true;
  document.getElementById("name").focus();
}

take();
addEventListener("hashchange", take);
