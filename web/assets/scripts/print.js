// The button that prints a page made for paper. It is hidden without scripts.

export function printButton(page) {
  for (const button of page.querySelectorAll("[data-print]")) {
    button.addEventListener("click", () => window.print());
  }
}
