// What pages do a little better with JavaScript. Every page works without it.

const AUTOSAVE_DELAY = 1500; // milliseconds after the last key

async function startNhsukFrontend() {
  document.body.classList.add("js-enabled");
  if (!("noModule" in HTMLScriptElement.prototype)) return;
  document.body.classList.add("nhsuk-frontend-supported");
  // The address comes from the page, because static files carry a hash in their name.
  const { initAll } = await import(document.getElementById("nhsuk-frontend").href);
  initAll();
}

function clock() {
  return new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}

function statusLine(form) {
  const present = form.querySelector("[data-autosave-status]");
  if (present) return present;
  const line = document.createElement("p");
  line.className = "nhsuk-hint app-autosave";
  line.setAttribute("role", "status");
  form.append(line);
  return line;
}

async function save(form) {
  const body = new FormData(form);
  // A file waits for its button: it is too large to send after every few words.
  for (const input of form.querySelectorAll("input[type=file]")) body.delete(input.name);
  const answer = await fetch(form.dataset.autosaveUrl, { method: "POST", body, credentials: "same-origin" });
  if (answer.redirected) return "Not saved yet: you are signed out. Press Save: you will be asked to sign in, and what you wrote is kept.";
  if (!answer.ok) return `Not saved: the service answered with an error (${answer.status}). Your words are still here.`;
  return `Saved at ${clock()}`;
}

function autosave(form) {
  const status = statusLine(form);
  let timer;
  const now = async () => {
    try {
      status.textContent = await save(form);
    } catch {
      status.textContent = "Not saved: no connection. Your words are still here.";
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(now, AUTOSAVE_DELAY);
  });
  form.addEventListener("submit", () => clearTimeout(timer));
}

function printButton(button) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// A table or chart wider than its place can be scrolled: say so, and only then.
function scrollHint(region) {
  const hint = document.createElement("p");
  hint.className = "nhsuk-hint app-scroll__hint";
  hint.textContent = "Scroll sideways to see all of it.";
  region.before(hint);
  const measure = () => {
    hint.hidden = region.scrollWidth <= region.clientWidth + 1;
  };
  measure();
  window.addEventListener("resize", measure);
}

for (const form of document.querySelectorAll("form[data-autosave]")) autosave(form);
for (const button of document.querySelectorAll("[data-print]")) printButton(button);
for (const region of document.querySelectorAll(".app-scroll")) scrollHint(region);
document.querySelector("[data-focus-on-load]")?.focus();

startNhsukFrontend();
