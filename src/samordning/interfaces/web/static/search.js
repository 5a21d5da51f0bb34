// Suggestions while one types in a search field. Without this, the form is sent and a page of results comes back.
"use strict";

(function () {
  const lang = document.documentElement.lang;
  const WAIT = 120;
  const LEAST = 2;

  function suggest(input, number) {
    const list = document.createElement("ul");
    const said = document.createElement("p");
    const field = document.createElement("div");
    list.id = `suggestions-${number}`;
    list.className = "suggestions";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", input.dataset.suggestLabel || input.labels[0].textContent);
    list.hidden = true;
    said.className = "hidden";
    said.setAttribute("role", "status");
    field.className = "suggest";
    input.replaceWith(field);
    field.append(input, list, said);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", list.id);
    input.setAttribute("aria-expanded", "false");

    let timer = 0;
    let asked = null;
    let chosen = -1;

    function close() {
      list.hidden = true;
      chosen = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    }

    function choose(at) {
      const options = list.children;
      if (!options.length) return;
      if (chosen >= 0) options[chosen].setAttribute("aria-selected", "false");
      chosen = (at + options.length) % options.length;
      options[chosen].setAttribute("aria-selected", "true");
      options[chosen].scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", options[chosen].id);
    }

    function part(name, text) {
      const made = document.createElement("span");
      made.className = name;
      made.textContent = text;
      return made;
    }

    function show(found) {
      list.replaceChildren(
        ...found.map((one, at) => {
          const option = document.createElement("li");
          option.id = `${list.id}-${at}`;
          option.setAttribute("role", "option");
          option.setAttribute("aria-selected", "false");
          option.dataset.href = one.href;
          option.append(part("text", one.text), part("about", [one.kind, one.about].filter(Boolean).join(": ")));
          return option;
        }),
      );
      chosen = -1;
      list.hidden = !found.length;
      input.setAttribute("aria-expanded", String(found.length > 0));
      input.removeAttribute("aria-activedescendant");
      said.textContent = found.length ? (input.dataset.suggestCount || "").replace("{count}", found.length) : "";
    }

    async function ask() {
      const text = input.value.trim();
      if (asked) asked.abort();
      if (text.length < LEAST) {
        close();
        return;
      }
      asked = new AbortController();
      try {
        const answer = await fetch(`/${lang}/search/suggestions?q=${encodeURIComponent(text)}`, { signal: asked.signal });
        if (answer.ok && input.value.trim() === text && document.activeElement === input) show(await answer.json());
      } catch (error) {
        if (error.name !== "AbortError") close();
      }
    }

    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, WAIT);
    });
    input.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        if (list.hidden) {
          ask();
        } else {
          choose(event.key === "ArrowDown" ? chosen + 1 : (chosen < 0 ? 0 : chosen) - 1);
        }
        event.preventDefault();
      } else if (event.key === "Escape" && !list.hidden) {
        close();
        event.preventDefault();
      } else if (event.key === "Enter" && chosen >= 0) {
        event.preventDefault();
        location.assign(list.children[chosen].dataset.href);
      }
    });
    input.addEventListener("blur", close);
    // Before the field loses its focus, which would close the list under the pointer.
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) location.assign(option.dataset.href);
    });
  }

  document.querySelectorAll("input[data-suggest]").forEach(suggest);
})();
