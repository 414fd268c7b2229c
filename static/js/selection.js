// Rows with a checkbox inside [data-selection]: "all" ticks the page, the bar says how many are chosen.

const boxes = (group) => [...group.querySelectorAll("input[type=checkbox][data-select]")];

function show(group) {
  const rows = boxes(group);
  const chosen = rows.filter((box) => box.checked).length;
  const all = group.querySelector("[data-select-all]");
  if (all) {
    all.checked = chosen > 0 && chosen === rows.length;
    all.indeterminate = chosen > 0 && chosen < rows.length;
  }
  for (const count of group.querySelectorAll("[data-selected-count]")) count.textContent = String(chosen);
  for (const bar of group.querySelectorAll("[data-selection-bar]")) bar.hidden = chosen === 0;
}

document.addEventListener("change", (event) => {
  const group = event.target.closest("[data-selection]");
  if (!group) return;
  if (event.target.matches("[data-select-all]")) {
    for (const box of boxes(group)) box.checked = event.target.checked;
  }
  show(group);
});

const start = (root) => root.querySelectorAll("[data-selection]").forEach(show);
start(document);
document.addEventListener("htmx:load", (event) => start(event.target));
