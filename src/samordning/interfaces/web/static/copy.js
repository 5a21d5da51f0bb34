// Buttons that copy: what they name, or what they carry. They show only where copying is possible.
"use strict";

if (navigator.clipboard) {
  for (const button of document.querySelectorAll("button[data-copy], button[data-copies]")) {
    const label = button.textContent;
    button.hidden = false;
    button.setAttribute("aria-live", "polite");
    button.addEventListener("click", async () => {
      const { copy, copies, done } = button.dataset;
      await navigator.clipboard.writeText(copy ?? document.querySelector(copies).textContent);
      button.textContent = done;
      setTimeout(() => { button.textContent = label; }, 2000);
    });
  }
}
