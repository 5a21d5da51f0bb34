// The answer beside the form follows every change. Nothing is kept: no storage, no address.
"use strict";
(() => {
  const form = document.getElementById("ask");
  if (!form) return;
  const said = document.getElementById("said");
  const failed = document.getElementById("failed");
  const answer = document.getElementById("answer");
  let timer = 0;
  let under = null; // the request that is under way
  let changed = form.querySelector("[name=services]:checked") !== null;

  function body() {
    const data = new FormData(form);
    data.delete("file");
    return new URLSearchParams(data);
  }

  // An answer that is not to what stands in the form must not look like one.
  function stale(yes) {
    failed.hidden = !yes;
    answer.classList.toggle("stale", yes);
  }

  // Put in what is new, and leave the reader where they were.
  function put(next) {
    const focused = document.activeElement;
    const id = focused && focused.id;
    const before = focused ? focused.getBoundingClientRect().top : 0;
    const opened = new Set([...document.querySelectorAll("[data-live] details[open]")].map((one) => one.id));
    let answered = false;
    for (const part of document.querySelectorAll("[data-live]")) {
      const fresh = next.getElementById(part.id);
      if (!fresh) continue;
      for (const one of fresh.querySelectorAll("details[id]")) one.open = opened.has(one.id);
      for (const one of fresh.querySelectorAll("[autofocus]")) one.removeAttribute("autofocus");
      if (part.id.startsWith("error-")) {
        part.hidden = fresh.hidden;
        const field = document.getElementById("field-" + part.id.slice(6));
        if (field && fresh.hidden) field.removeAttribute("aria-invalid");
        if (field && !fresh.hidden) field.setAttribute("aria-invalid", "true");
      }
      if (part.innerHTML !== fresh.innerHTML) {
        const top = part.scrollTop;
        part.replaceChildren(...fresh.childNodes);
        part.scrollTop = top;
        answered ||= part.id === "answer";
      }
    }
    const again = id && document.getElementById(id);
    if (again && again !== document.activeElement) {
      again.focus({ preventScroll: true });
      window.scrollBy(0, again.getBoundingClientRect().top - before);
    }
    const tell = next.getElementById("answer").dataset.said;
    if (answered && tell) {
      said.textContent = "";
      setTimeout(() => { said.textContent = tell; }, 50);
    }
  }

  async function ask(whole) {
    clearTimeout(timer);
    if (under) under.abort();
    const mine = (under = new AbortController());
    try {
      const headers = whole ? {} : { "Samordning-Live": "1" };
      const reply = await fetch(form.action, { method: "POST", body: body(), headers, signal: mine.signal });
      if (!reply.ok) throw new Error(String(reply.status));
      const next = new DOMParser().parseFromString(await reply.text(), "text/html");
      if (mine !== under) return;
      stale(false);
      put(next);
      if (whole) {
        const target = document.getElementById("summary") || document.getElementById("answer-title");
        target.focus();
      }
    } catch (error) {
      if (error.name !== "AbortError") stale(true);
    } finally {
      if (mine === under) under = null;
    }
  }

  function soon(wait) {
    changed = true;
    if (under) under.abort();
    clearTimeout(timer);
    timer = setTimeout(() => ask(false), wait);
  }

  const skip = (target) => target.id === "filter" || target.type === "file";
  form.addEventListener("change", (event) => { if (!skip(event.target)) soon(60); });
  form.addEventListener("input", (event) => { if (event.target.inputMode === "numeric") soon(400); });
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (button && button.hasAttribute("formaction")) {
      if (button.hasAttribute("formtarget")) return;
      // What is saved is not lost; what only leaves the page for a moment may be.
      changed = false;
      if (!button.formAction.endsWith("/save")) setTimeout(() => { changed = true; }, 3000);
      return;
    }
    event.preventDefault();
    ask(true);
  });

  // The language links above would begin anew; the buttons in the form take the case along.
  for (const link of document.querySelectorAll(".languages a[hreflang]")) {
    link.addEventListener("click", (event) => {
      const button = form.querySelector(`[data-language="${link.hreflang}"]`);
      if (!changed || !button) return;
      event.preventDefault();
      form.requestSubmit(button);
    });
  }
  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });

  // Find a service by any of its names.
  const filter = document.getElementById("filter");
  const count = document.getElementById("filter-said");
  filter.closest(".filter").hidden = false;
  filter.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  filter.addEventListener("input", () => {
    const words = filter.value.trim().toLocaleLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const group of form.querySelectorAll(".group")) {
      let any = false;
      for (const one of group.querySelectorAll(".choice")) {
        const fits = words.every((word) => one.dataset.names.includes(word));
        // What is chosen stays in sight.
        one.hidden = !fits && !one.querySelector("input").checked;
        any ||= !one.hidden;
        shown += fits ? 1 : 0;
      }
      group.hidden = !any;
    }
    count.textContent = words.length === 0 ? "" : shown ? count.dataset.some.replace("#", shown) : count.dataset.none;
  });
})();
