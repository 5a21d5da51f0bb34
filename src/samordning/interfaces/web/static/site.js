// What every page gains from a script. Without it, everything works the same way with one press more.
"use strict";

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// Links that lead to the same page keep what is chosen in a field beside them, before the form is sent.
for (const part of document.querySelectorAll("[data-follows]")) {
  const field = document.getElementById(part.dataset.follows);
  field.addEventListener("change", () => {
    for (const link of part.querySelectorAll("a[href]")) {
      const address = new URL(link.href);
      if (field.value) address.searchParams.set(field.name, field.value);
      else address.searchParams.delete(field.name);
      link.href = address.href;
    }
  });
}
