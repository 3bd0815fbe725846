// Shows the further question of a radio button only while that one is chosen.
// govuk-frontend's own script marks a radio as expandable, which the role of a
// radio does not allow; the question follows its radio, and that is enough.

export function reveal(page) {
  for (const group of page.querySelectorAll("[data-reveal]")) {
    const radios = [...group.querySelectorAll(":scope > .govuk-radios__item > input[type=radio]")];
    const show = () => {
      for (const radio of radios) {
        const more = page.getElementById(radio.dataset.ariaControls ?? "");
        more?.classList.toggle("govuk-radios__conditional--hidden", !radio.checked);
      }
    };
    group.addEventListener("change", show);
    show(); // the browser may have put back an earlier choice
  }
}
