// What the form and the report of a check gain from a script. Without it, each step is a press of a button that posts.
"use strict";

const news = document.getElementById("news");

function tell(text) {
  if (news) news.textContent = text;
}

function add(button) {
  const name = button.value;
  const rows = document.querySelector(`[data-rows="${CSS.escape(name)}"]`);
  const template = document.querySelector(`template[data-next="${CSS.escape(name)}"]`);
  const used = [...rows.children].map((row) => Number(row.id.slice(name.length + 1)));
  const next = Math.max(-1, ...used) + 1;
  const copy = template.content.cloneNode(true);
  for (const element of copy.querySelectorAll("*")) {
    for (const attribute of [...element.attributes]) {
      if (attribute.value.includes(`${name}.NEXT`)) {
        attribute.value = attribute.value.replaceAll(`${name}.NEXT`, `${name}.${next}`);
      }
    }
    for (const node of element.childNodes) {
      if (node.nodeType === Node.TEXT_NODE) node.data = node.data.replaceAll("NEXT", String(next + 1));
    }
  }
  const row = copy.querySelector("fieldset");
  suggest(name, row, rows);
  rows.append(copy);
  row.querySelector("select, input:not([type=hidden])")?.focus();
  tell(news.dataset.added);
}

// The first service of the case that has no row yet.
function suggest(name, row, rows) {
  if (name !== "record.services") return;
  const field = row.querySelector("select");
  const taken = new Set([...rows.querySelectorAll(":scope > fieldset")].map((one) => one.querySelector("select").value));
  const ticked = [...document.querySelectorAll('input[name="services"]:checked')].map((one) => one.value);
  const free = ticked.find((one) => !taken.has(one));
  if (free) field.value = free;
}

function remove(button) {
  const row = button.closest("fieldset.row");
  const part = row.closest("details");
  row.remove();
  part.querySelector('button[name="add"]').focus();
  tell(news.dataset.removed);
}

document.getElementById("record")?.addEventListener("click", (event) => {
  const button = event.target.closest("button[name=add], button[name=remove]");
  if (!button) return;
  event.preventDefault();
  (button.name === "add" ? add : remove)(button);
});

document.getElementById("wrong")?.focus();

// The links to other languages take what is filled in along.
const form = document.querySelector("#record, form.tools");
form?.addEventListener("change", () => { form.dataset.sent = ""; });
for (const link of document.querySelectorAll(".languages a")) {
  link.addEventListener("click", (event) => {
    const button = form?.querySelector(`button[lang="${link.hreflang}"]`);
    if (!button || !("sent" in form.dataset)) return;
    event.preventDefault();
    button.click();
  });
}

// A link to a field opens what the field stands in.
function open() {
  const field = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const closed = field?.closest("details:not([open])");
  if (closed) closed.open = true;
}
window.addEventListener("hashchange", open);
open();

const filter = document.getElementById("filter");
if (filter) {
  filter.hidden = false;
  filter.addEventListener("change", () => {
    let shown = 0;
    for (const box of filter.querySelectorAll("[data-show]")) {
      document.querySelector(`section[data-kind="${box.dataset.show}"]`)?.classList.toggle("off", !box.checked);
      shown += box.checked ? 1 : 0;
    }
    tell(news.dataset.shown.replace("{count}", String(shown)));
  });
}
