// Adds a row to a list of like rows by copying the last one, so that a page
// does not have to go to the server and back for it.
// Fields of row i are named "<list>.<i>.<part>".

export function addAnother(page) {
  for (const list of page.querySelectorAll("[data-add]")) {
    const button = list.querySelector(':scope > button[name="_add"]');
    if (button) {
      button.addEventListener("click", (event) => {
        const rows = list.querySelectorAll(":scope > fieldset");
        if (rows.length === 0) return; // the server knows what a row looks like
        event.preventDefault();
        const row = emptied(rows[rows.length - 1], list.dataset.add, rows.length);
        list.insertBefore(row, button);
        row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
      });
    }
  }
}

// emptied is a copy of a row without answers and errors, numbered anew.
function emptied(last, name, index) {
  const row = last.cloneNode(true);
  for (const wrong of row.querySelectorAll(".govuk-error-message")) wrong.remove();
  const before = `${name}.${index - 1}.`;
  const after = `${name}.${index}.`;
  for (const node of row.querySelectorAll("*")) {
    for (const attribute of ["id", "for", "name", "aria-describedby", "aria-controls"]) {
      const value = node.getAttribute(attribute);
      if (value !== null) node.setAttribute(attribute, value.replaceAll(before, after));
    }
    node.removeAttribute("aria-invalid");
    for (const style of [...node.classList]) {
      if (style.endsWith("--error")) node.classList.remove(style);
    }
    clear(node);
  }
  for (const node of row.querySelectorAll("[aria-describedby]")) keepLiveIds(row, node);
  for (const number of row.querySelectorAll("[data-add-number]")) number.textContent = String(index + 1);
  return row;
}

function clear(node) {
  if (node instanceof HTMLSelectElement) node.selectedIndex = 0;
  else if (node instanceof HTMLTextAreaElement) node.value = "";
  else if (node instanceof HTMLInputElement) {
    if (node.type === "checkbox" || node.type === "radio") node.checked = false;
    else node.value = "";
  }
}

// keepLiveIds drops the ids of errors that are gone.
function keepLiveIds(row, node) {
  const ids = node.getAttribute("aria-describedby").split(" ");
  const live = ids.filter((id) => row.querySelector(`#${CSS.escape(id)}`));
  if (live.length > 0) node.setAttribute("aria-describedby", live.join(" "));
  else node.removeAttribute("aria-describedby");
}
