// A select that can be searched: the select stays what is sent, an input with a list shows it.

const bare = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
let made = 0;

class Combobox {
  constructor(select) {
    this.select = select;
    this.input = document.createElement("input");
    this.list = document.createElement("div");
    this.active = null;
    this.build();
    this.listen();
  }

  build() {
    const { select, input, list } = this;
    const place = document.createElement("span");
    place.className = "combobox";
    list.id = `combobox-${(made += 1)}`;
    list.className = "combobox-list";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", select.getAttribute("aria-label") ?? "");
    list.hidden = true;
    input.type = "text";
    input.className = "input";
    input.autocomplete = "off";
    input.spellcheck = false;
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", list.id);
    for (const name of ["aria-label", "aria-describedby", "aria-invalid", "data-focus-after-swap", "id"]) {
      if (!select.hasAttribute(name)) continue;
      input.setAttribute(name, select.getAttribute(name));
      select.removeAttribute(name);
    }
    const hadFocus = document.activeElement === select;
    select.hidden = true;
    select.before(place);
    place.append(select, input, list);
    this.show();
    if (hadFocus) input.focus();
  }

  listen() {
    const { input, list } = this;
    input.addEventListener("input", (event) => {
      event.stopPropagation(); // what is typed here is a search, not a value
      this.open(input.value);
    });
    input.addEventListener("change", (event) => event.stopPropagation());
    input.addEventListener("click", () => (list.hidden ? this.open() : this.close()));
    input.addEventListener("focus", () => input.select());
    input.addEventListener("blur", () => this.close());
    input.addEventListener("keydown", (event) => this.press(event));
    list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[role=option]");
      if (option) this.choose(option);
    });
  }

  press(event) {
    const isOpen = !this.list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (isOpen) this.move(event.key === "ArrowDown" ? 1 : -1);
      else this.open();
    } else if (event.key === "Enter" && isOpen) {
      event.preventDefault();
      if (this.active) this.choose(this.active);
    } else if (event.key === "Escape" && isOpen) {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    }
  }

  show() {
    const chosen = this.select.selectedOptions[0];
    this.input.value = chosen?.value ? chosen.label : "";
    this.input.placeholder = this.select.querySelector("option[value='']")?.label ?? "";
  }

  open(search = "") {
    const words = bare(search).split(/\s+/).filter(Boolean);
    const found = [...this.select.options].filter((option) => {
      const text = bare(`${option.label} ${option.parentElement.label ?? ""} ${option.dataset.words ?? ""}`);
      return option.value && words.every((word) => text.includes(word));
    });
    this.list.replaceChildren(...this.drawn(found));
    this.list.hidden = false;
    this.list.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-expanded", "true");
    const options = this.options();
    this.activate(options.find((each) => !search && each.ariaSelected === "true") ?? options[0]);
  }

  drawn(found) {
    if (!found.length) {
      const none = document.createElement("div");
      none.className = "combobox-none";
      none.textContent = "Nothing is called so.";
      return [none];
    }
    const groups = new Map();
    for (const option of found) {
      const name = option.parentElement.label ?? "";
      if (!groups.has(name)) groups.set(name, this.group(name));
      groups.get(name).append(this.option(option));
    }
    return [...groups.values()];
  }

  group(name) {
    const group = document.createElement("div");
    group.className = "combobox-group";
    if (!name) return group;
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", name);
    const title = document.createElement("span");
    title.setAttribute("aria-hidden", "true");
    title.textContent = name;
    group.append(title);
    return group;
  }

  option(option) {
    const drawn = document.createElement("div");
    drawn.className = "combobox-option";
    drawn.id = `${this.list.id}-${option.index}`;
    drawn.setAttribute("role", "option");
    drawn.setAttribute("aria-selected", String(option.selected));
    drawn.dataset.value = option.value;
    drawn.textContent = option.label;
    if (option.dataset.count) {
      const count = document.createElement("span");
      count.className = "builder-count";
      count.textContent = option.dataset.count;
      drawn.append(count);
    }
    return drawn;
  }

  options() {
    return [...this.list.querySelectorAll("[role=option]")];
  }

  move(step) {
    const options = this.options();
    if (!options.length) return;
    const place = options.indexOf(this.active) + step;
    this.activate(options[(place + options.length) % options.length]);
  }

  activate(option) {
    this.active?.classList.remove("is-active");
    this.active = option ?? null;
    this.active?.classList.add("is-active");
    this.active?.scrollIntoView({ block: "nearest" });
    if (this.active) this.input.setAttribute("aria-activedescendant", this.active.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  choose(option) {
    const isNew = this.select.value !== option.dataset.value;
    this.select.value = option.dataset.value;
    this.close();
    if (isNew) this.select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.activate(null);
    this.show();
  }
}

export function enhanceSelects(root) {
  for (const select of root.querySelectorAll("select[data-combobox]:not([hidden])")) new Combobox(select);
}
