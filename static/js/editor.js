// The editor of a draft: the drawer, points saved as they are typed, criteria dragged into order.
// Without it every form is a page of its own and every action a button.

const drawer = () => document.getElementById("drawer");
const drawerForm = () => drawer()?.querySelector("form");

// What was typed and isn't saved yet.
let isDirty = false;

document.addEventListener("input", (event) => {
  if (event.target.closest("#drawer")) isDirty = true;
});

function close() {
  const box = drawer();
  isDirty = false;
  box.close();
  box.querySelector("#drawer-body").replaceChildren();
}

// Closing must not lose what was typed: it asks.
function tryToClose() {
  if (!isDirty) return close();
  const ask = document.getElementById("drawer-ask");
  ask.hidden = false;
  ask.querySelector("button").focus();
}

document.addEventListener("htmx:afterSwap", (event) => {
  const box = drawer();
  if (!box) return;
  if (event.detail.target.id === "drawer-body") {
    isDirty = false;
    document.getElementById("drawer-ask").hidden = true;
    if (!box.open) box.showModal();
    box.scrollTop = 0;
  } else if (event.detail.target.id === "editor" && box.open) {
    close();
  }
});

document.addEventListener("cancel", (event) => {
  if (event.target !== drawer()) return;
  event.preventDefault();
  tryToClose();
}, true);

document.addEventListener("click", (event) => {
  const box = drawer();
  if (!box?.open) return;
  if (event.target.closest("[data-close-drawer]")) {
    event.preventDefault();
    tryToClose();
  } else if (event.target.closest("[data-discards]")) {
    close();
  } else if (event.target.closest("[data-keeps]")) {
    document.getElementById("drawer-ask").hidden = true;
    drawerForm()?.querySelector("input:not([type=hidden]), select")?.focus();
  } else if (event.target === box) {
    tryToClose(); // the page behind the drawer
  }
});

window.addEventListener("beforeunload", (event) => {
  if (isDirty && drawer()?.open) event.preventDefault();
});

// A button of the condition's rows changed them without typing: the sentence and the count follow.
document.addEventListener("htmx:afterSettle", (event) => {
  if (!event.target.matches?.("[data-builder]")) return;
  event.target.closest("form")?.dispatchEvent(new Event("change", { bubbles: true }));
});

// Somebody was faster, or what was pressed is gone: the notice says so, and the editor shows how the draft is now.
document.addEventListener("htmx:responseError", ({ detail: { xhr, target } }) => {
  if (target?.id !== "editor" || ![404, 409].includes(xhr.status)) return;
  window.htmx.ajax("GET", window.location.pathname, { target: "#editor", swap: "innerHTML show:none" });
});

// Ctrl+Z and Ctrl+Shift+Z, but not while typing, where they are the field's own.
document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z" || drawer()?.open) return;
  if (event.target.matches("input:not([type=checkbox]), textarea, select")) return;
  const button = document.querySelector(event.shiftKey ? "[data-redo]" : "[data-undo]");
  if (!button) return;
  event.preventDefault();
  button.click();
});

// Points are saved when the field is left; Enter does it by the form's own button.
document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-saves]")) return;
  if (event.target.reportValidity()) event.target.form.requestSubmit();
});

// Dragging: the row follows the pointer through the lists, and one request says where it was put.
let dragged = null;

const rowsOf = (list) => [...list.querySelectorAll(":scope > [data-key-of]:not(.is-dragged)")];

function placeAt(list, y) {
  const after = rowsOf(list).find((row) => {
    const box = row.getBoundingClientRect();
    return y < box.top + box.height / 2;
  });
  if (after) after.before(dragged.row);
  else list.append(dragged.row);
}

function move(event) {
  if (!dragged) return;
  const under = document.elementFromPoint(event.clientX, event.clientY);
  const list = under?.closest("section")?.querySelector("[data-sortable]");
  if (list) placeAt(list, event.clientY);
  const edge = 60;
  if (event.clientY < edge) window.scrollBy(0, -12);
  else if (event.clientY > window.innerHeight - edge) window.scrollBy(0, 12);
}

function putBack() {
  dragged.from.insertBefore(dragged.row, dragged.next);
}

function drop() {
  if (!dragged) return;
  const { row, from, next } = dragged;
  const list = row.parentElement;
  const behind = row.nextElementSibling?.dataset.keyOf ?? "";
  row.classList.remove("is-dragged");
  document.body.classList.remove("is-dragging");
  dragged = null;
  if (list === from && row.nextElementSibling === next) return;
  const form = row.querySelector("form");
  window.htmx.ajax("POST", row.dataset.moveTo, {
    source: form,
    target: "#editor",
    swap: "innerHTML",
    values: { to: `${list.dataset.sortable}:${behind}` },
  });
}

document.addEventListener("pointerdown", (event) => {
  const grip = event.target.closest("[data-grip]");
  if (!grip || event.button) return;
  event.preventDefault();
  const row = grip.closest("[data-key-of]");
  dragged = { row, from: row.parentElement, next: row.nextElementSibling };
  row.classList.add("is-dragged");
  document.body.classList.add("is-dragging");
});
document.addEventListener("pointermove", move);
document.addEventListener("pointerup", drop);
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !dragged) return;
  putBack();
  dragged.row.classList.remove("is-dragged");
  document.body.classList.remove("is-dragging");
  dragged = null;
});
