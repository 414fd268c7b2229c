// After a fragment was swapped in: say so to screen readers and keep the keyboard's place. Who acts
// before the fragment has settled has taken a place already, in a dialog perhaps, and stays there.

const announcer = document.getElementById("announcer");
let before = null;
let hasActed = false;

for (const act of ["keydown", "pointerdown"]) {
  document.addEventListener(act, () => { hasActed = true; }, true);
}

document.addEventListener("htmx:beforeSwap", () => {
  hasActed = false;
  const active = document.activeElement;
  before = active && active !== document.body ? active : null;
});

document.addEventListener("htmx:afterSettle", (event) => {
  const target = event.detail.elt;
  if (!target.isConnected) return;
  const note = target.matches("[data-announce]") ? target : target.querySelector("[data-announce]");
  if (note) announcer.textContent = note.dataset.announce;
  if (hasActed && document.activeElement !== document.body) return;
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
