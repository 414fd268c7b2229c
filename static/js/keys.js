// Keys: "/" searches, "g" and a letter goes to a screen (data-go), "?" lists the keys, and any
// element with data-key="a" is pressed (or, if it takes text, focused) by its key.

const WAIT_AFTER_G = 1200;
let goUntil = 0;

const takesText = (element) =>
  element.isContentEditable ||
  element.tagName === "TEXTAREA" ||
  element.tagName === "SELECT" ||
  (element.tagName === "INPUT" && !["checkbox", "radio", "button", "submit"].includes(element.type));

const isShown = (element) => element.checkVisibility();

// What a closed menu holds has its key all the same.
const isReachable = (element) => isShown(element.closest("details.menu:not([open])") ?? element);

const openLayer = () => document.querySelector("dialog[open], [popover].dialog:popover-open");

const find = (attribute, key) =>
  [...(openLayer() ?? document).querySelectorAll(`[${attribute}]`)].find(
    (element) => element.getAttribute(attribute) === key && !element.disabled,
  );

const press = (element) => (takesText(element) ? element.focus() : element.click());

function search() {
  const box = document.getElementById("search");
  if (!box) return false;
  const side = document.getElementById("side");
  if (!isShown(box)) side.showPopover();
  box.focus();
  box.select();
  return true;
}

function act(key) {
  if (goUntil > performance.now()) {
    goUntil = 0;
    const link = find("data-go", key);
    if (link) link.click();
    return Boolean(link);
  }
  if (key === "g") {
    goUntil = performance.now() + WAIT_AFTER_G;
    return true;
  }
  if (key === "/") return search();
  if (key === "?") {
    document.getElementById("keys")?.togglePopover();
    return true;
  }
  const element = find("data-key", key);
  if (!element || !isReachable(element)) return false;
  press(element);
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.isComposing) return;
  const active = document.activeElement;
  if (event.key === "Escape" && active) {
    if (active.matches(".definition > button, #search")) active.blur();
    return;
  }
  if (active && takesText(active)) return;
  if (act(event.key)) event.preventDefault();
});

// On narrow screens the search box lives in the drawer: its button opens the drawer and focuses it.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-focuses]");
  if (button) requestAnimationFrame(() => document.getElementById(button.dataset.focuses)?.focus());
});

// A menu made of <details> closes when the person goes on elsewhere.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target) || event.target.closest(".menu-item")) menu.open = false;
  }
});
