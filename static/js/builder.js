// What the condition builder gains from scripts; every part of it works without them.
import { enhanceSelects } from "./combobox.js";

// Lists of checkboxes: what is chosen is said on the closed list, and the open one can be searched.

const bare = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
const labels = (list) => [...list.querySelectorAll(".builder-checks-options > label")];

function sayChosen(list) {
  const chosen = labels(list).filter((label) => label.querySelector("input").checked);
  const words = chosen.map((label) => {
    const word = document.createElement("span");
    word.textContent = label.querySelector("span").textContent;
    return word;
  });
  list.querySelector("[data-chosen]").replaceChildren(...words);
}

function filter(list, search) {
  const words = bare(search).split(/\s+/).filter(Boolean);
  for (const label of labels(list)) {
    const text = bare(label.textContent);
    label.hidden = !words.every((word) => text.includes(word));
  }
}

// Which activities decides what their detail is called, and which details are suggested.
function followKinds(list) {
  const activity = list.closest("[data-activity]");
  if (!activity) return;
  const chosen = [...list.querySelectorAll("input:checked")];
  const words = new Set(chosen.map((box) => box.dataset.detail).filter(Boolean));
  activity.querySelector("[data-detail-words]").textContent = [...words].join(" or ") || "detail";
  const input = activity.querySelector("[data-values]");
  const kinds = chosen.map((box) => box.value).join(",");
  input.dataset.suggest = `${input.dataset.values}?field=${encodeURIComponent(`activity:${kinds}`)}`;
  input.list?.remove();
}

document.addEventListener("change", (event) => {
  const list = event.target.closest("[data-checks]");
  if (!list || event.target.type !== "checkbox") return;
  sayChosen(list);
  followKinds(list);
});

document.addEventListener(
  "toggle",
  (event) => {
    if (!event.target.matches?.("[data-checks][open]")) return;
    event.target.querySelector(".builder-checks-list").scrollIntoView({ block: "nearest" });
  },
  true,
);

document.addEventListener("input", (event) => {
  if (event.target.matches("[data-checks] [data-filter]")) {
    filter(event.target.closest("[data-checks]"), event.target.value);
  }
});

document.addEventListener("keydown", (event) => {
  const list = event.target.closest?.("[data-checks][open]");
  if (!list) return;
  if (event.key === "Escape") {
    event.preventDefault(); // else the dialog around it closes
    event.stopPropagation();
    list.open = false;
    list.querySelector("summary").focus();
  } else if (event.key === "Enter" && event.target.matches("[data-filter]")) {
    event.preventDefault();
  }
});

document.addEventListener("click", (event) => {
  for (const list of document.querySelectorAll("[data-checks][open]")) {
    if (!list.contains(event.target)) list.open = false;
  }
});

document.addEventListener("focusin", (event) => {
  for (const list of document.querySelectorAll("[data-checks][open]")) {
    if (!list.contains(event.target)) list.open = false;
  }
});

// Problems come with the sentence while one types; each stands at its input.

function showProblems(builder, problems) {
  for (const place of builder.querySelectorAll(".builder-problem")) {
    const id = place.id.replace(/-error$/, "");
    const input = document.getElementById(id);
    place.textContent = problems[id] ?? "";
    if (input?.matches("details")) input.classList.toggle("is-wrong", id in problems);
    else if (problems[id]) input?.setAttribute("aria-invalid", "true");
    else input?.removeAttribute("aria-invalid");
  }
}

document.addEventListener("htmx:afterSettle", (event) => {
  const said = event.detail.elt.querySelector?.("[data-problems]");
  const builder = said?.closest("[data-builder]");
  if (!builder) return;
  showProblems(builder, JSON.parse(said.dataset.problems));
  // After a button the change itself is read out; the count only follows what was typed or chosen.
  const cause = event.detail.requestConfig?.triggeringEvent?.type;
  const counted = builder.querySelector(".builder-counted");
  if (counted && (cause === "input" || cause === "change")) {
    document.getElementById("announcer").textContent = counted.textContent.trim();
  }
});

function start(root) {
  enhanceSelects(root);
  for (const list of root.querySelectorAll("[data-checks]")) {
    list.querySelector("[data-filter]").hidden = labels(list).length < 9;
  }
}

start(document);
document.addEventListener("htmx:load", (event) => start(event.target));

// The commonest values of real leads: a list under a text, buttons under lines, counts beside choices.

const asked = new Map();

function commonest(address) {
  if (!asked.has(address)) {
    const found = fetch(address, { headers: { Accept: "application/json" } })
      .then((answer) => (answer.ok ? answer.json() : { values: [] }))
      .then(({ values }) => values)
      .catch(() => []);
    asked.set(address, found);
  }
  return asked.get(address);
}

const inWords = (leads) => leads.toLocaleString("en");

function listUnder(input, values) {
  const list = document.createElement("datalist");
  list.id = `${input.id}-common`;
  for (const each of values) {
    const option = document.createElement("option");
    option.value = each.value;
    option.label = `${each.label} (${inWords(each.leads)} leads)`;
    list.append(option);
  }
  input.after(list);
  input.setAttribute("list", list.id);
}

function buttonsUnder(lines, values) {
  const place = document.createElement("span");
  place.className = "builder-suggestions";
  for (const each of values.slice(0, 8)) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "tag";
    button.textContent = each.label;
    button.title = `${inWords(each.leads)} leads`;
    button.addEventListener("click", () => {
      const before = lines.value.trimEnd();
      lines.value = before ? `${before}\n${each.value}` : each.value;
      lines.rows = Math.min(8, lines.value.split("\n").length + 1);
      button.remove();
      lines.focus();
      lines.dispatchEvent(new Event("input", { bubbles: true }));
    });
    place.append(button);
  }
  if (values.length) lines.after(place);
}

function countsIn(select, values) {
  const leads = new Map(values.map((each) => [each.value, each.leads]));
  for (const option of select.options) {
    if (leads.has(option.value)) option.dataset.count = inWords(leads.get(option.value));
  }
}

function countsBeside(list, values) {
  const leads = new Map(values.map((each) => [each.value, each.leads]));
  const place = list.querySelector(".builder-checks-options");
  const rank = (label) => leads.get(label.querySelector("input").value) ?? 0;
  for (const label of labels(list)) {
    if (!rank(label) || label.querySelector(".builder-count")) continue;
    const count = document.createElement("span");
    count.className = "builder-count";
    count.textContent = inWords(rank(label));
    label.append(count);
  }
  // Those that leads have come first; the chosen ones stay on top, in their order.
  const rest = labels(list).filter((label) => !label.querySelector("input").checked);
  place.append(...rest.sort((one, other) => rank(other) - rank(one)));
}

async function suggest(input) {
  const address = input.dataset.suggest;
  delete input.dataset.suggest;
  const values = await commonest(address);
  if (!input.isConnected) return;
  if (input.matches("details")) countsBeside(input, values);
  else if (input.matches("select")) countsIn(input, values);
  else if (input.matches("textarea")) buttonsUnder(input, values);
  else listUnder(input, values);
}

document.addEventListener("focusin", (event) => {
  const input = event.target.closest("[data-suggest]");
  if (input) return void suggest(input);
  const select = event.target.closest(".combobox")?.querySelector("select[data-suggest]");
  if (select) suggest(select);
});
