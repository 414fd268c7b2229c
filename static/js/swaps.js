// After a fragment was swapped in: say so to screen readers and keep the keyboard's place.

const announcer = document.getElementById("announcer");
let before = null;

document.addEventListener("htmx:beforeSwap", () => {
  const active = document.activeElement;
  before = active && active !== document.body ? active : null;
});

document.addEventListener("htmx:afterSettle", (event) => {
  const target = event.detail.elt;
  if (!target.isConnected) return;
  const note = target.matches("[data-announce]") ? target : target.querySelector("[data-announce]");
  if (note) announcer.textContent = note.dataset.announce;
  const wanted = target.querySelector("[data-focus-after-swap]");
  if (wanted) {
    wanted.focus();
  } else if (before && !before.isConnected) {
    // What had the focus is gone: stay at the fragment that took its place.
    if (!target.hasAttribute("tabindex")) target.tabIndex = -1;
    target.focus({ preventScroll: true });
  }
  before = null;
});
