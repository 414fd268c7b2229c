// Copies a piece of content, and opens the mail once its use is counted. Without this the page that
// follows the form has the text, the link and the mail to press.
import { say } from "./toasts.js";

const FAILED = "Your browser did not let us copy it. Open the piece and copy it by hand.";

// Outside of https there is no clipboard for scripts: the old way is to select a text and copy it.
function copySelected(text) {
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "visually-hidden";
  document.body.append(area);
  const before = document.activeElement;
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  before?.focus();
  return done;
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    if (!copySelected(text)) say(FAILED);
  }
}

// In the click itself, for browsers copy only then; the form is sent besides.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) copy(button.dataset.copy);
});

document.addEventListener("htmx:afterSettle", () => {
  const link = document.querySelector("[data-opens]");
  if (!link) return;
  link.removeAttribute("data-opens");
  window.location.assign(link.href);
});
