// Asks before a page is left with something typed and not sent. A form that
// came back with errors counts as typed in from the start.

export function guard(page) {
  const forms = page.querySelectorAll("form[data-guard]");
  if (forms.length === 0) return;
  let unsaved = page.querySelector(".govuk-error-summary") !== null;
  for (const form of forms) {
    form.addEventListener("input", () => {
      unsaved = true;
    });
    form.addEventListener("submit", () => {
      unsaved = false;
    });
  }
  window.addEventListener("beforeunload", (event) => {
    if (unsaved) event.preventDefault();
  });
}
