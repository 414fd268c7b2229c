// Notices close by themselves unless somebody looks at them; failed htmx requests become notices.

const STAYS = 8000;
const STAYS_TO_UNDO = 10000;
const WORDS = {
  403: "You may not do that. Ask a manager or an admin, or reload the page and try again.",
  404: "That is not here any more, or not yours. Reload the page to see what is.",
  409: "Somebody changed this meanwhile. Reload the page to see how it stands.",
  413: "That is too large to send.",
  429: "Too many requests at once. Wait a minute, then try again.",
};
const FAILED = "Something went wrong on the server. Nothing was changed; try again in a moment.";
const OFFLINE = "The server could not be reached. Nothing was sent; check the connection and try again.";

const region = () => document.getElementById("toasts");

function watch(toast) {
  if (toast.dataset.watched || toast.classList.contains("is-error")) return;
  toast.dataset.watched = "yes";
  let timer = 0;
  const start = () => {
    timer = setTimeout(() => toast.remove(), toast.querySelector("form") ? STAYS_TO_UNDO : STAYS);
  };
  const stop = () => clearTimeout(timer);
  toast.addEventListener("pointerenter", stop);
  toast.addEventListener("focusin", stop);
  toast.addEventListener("pointerleave", start);
  toast.addEventListener("focusout", start);
  start();
}

export function say(text) {
  const template = document.getElementById("toast-template");
  const toast = template.content.firstElementChild.cloneNode(true);
  toast.querySelector("p").textContent = text;
  const same = [...region().querySelectorAll("p")].find((line) => line.textContent === text);
  if (same) same.closest("[data-toast]").remove();
  region().append(toast);
}

// A fragment or a body of the API may carry the server's own words.
function words(xhr) {
  const type = xhr.getResponseHeader("Content-Type") ?? "";
  if (type.startsWith("application/json")) {
    try {
      const body = JSON.parse(xhr.responseText);
      return body.message ?? body.error?.message ?? body.detail;
    } catch {
      return undefined;
    }
  }
  if (!type.startsWith("text/html")) return undefined;
  const page = new DOMParser().parseFromString(xhr.responseText, "text/html");
  return page.querySelector("[data-error-message], [role=alert] p")?.textContent.trim();
}

// What was awaited won't come: its bars make room for why.
function fail(target, text) {
  say(text);
  const line = document.createElement("p");
  line.className = "muted";
  line.textContent = text;
  target?.querySelector(".skeleton")?.replaceWith(line);
}

// Only what was to be shown is awaited: a write that fails leaves the bars of others alone.
const awaited = ({ target, requestConfig }) => (requestConfig?.verb === "get" ? target : undefined);

document.addEventListener("htmx:responseError", ({ detail }) => {
  fail(awaited(detail), words(detail.xhr) || WORDS[detail.xhr.status] || FAILED);
});
document.addEventListener("htmx:sendError", ({ detail }) => fail(awaited(detail), OFFLINE));
document.addEventListener("htmx:timeout", ({ detail }) => fail(awaited(detail), OFFLINE));

document.addEventListener("click", (event) => {
  event.target.closest("[data-toast-close]")?.closest("[data-toast]").remove();
});

new MutationObserver(() => region().querySelectorAll("[data-toast]").forEach(watch)).observe(region(), {
  childList: true,
});
region().querySelectorAll("[data-toast]").forEach(watch);
