// Ctrl+Enter runs a query, an error is found by the cursor, the list of questions is narrowed, links are copied.
"use strict";

for (const form of document.querySelectorAll("form[data-keys]")) {
  const area = form.querySelector("textarea");
  form.parentElement.querySelector("[data-hint]").hidden = false;
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit(form.querySelector("button:not([name])"));
    }
  });
  const line = Number(area.dataset.line);
  if (line > 0) {
    const before = area.value.split("\n").slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    const place = before + Number(area.dataset.column) - 1;
    area.focus();
    area.setSelectionRange(place, place);
  }
}

for (const field of document.querySelectorAll("[data-filter]")) {
  const groups = [...document.querySelectorAll(`${field.dataset.filter} .group`)];
  const status = field.querySelector("[role=status]");
  field.hidden = false;
  field.querySelector("input").addEventListener("input", (event) => {
    const words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
    let left = 0;
    for (const group of groups) {
      const items = [...group.querySelectorAll("li")];
      for (const item of items) {
        const text = item.textContent.toLowerCase();
        item.hidden = !words.every((word) => text.includes(word));
        left += item.hidden ? 0 : 1;
      }
      group.hidden = items.every((item) => item.hidden);
    }
    status.textContent = left ? "" : status.dataset.none;
  });
}
