// Puts a box in the head of a table that chooses all its rows at once. It
// shows a dash while only some are chosen.

export function selectAll(page) {
  for (const head of page.querySelectorAll("[data-select-all]")) {
    const rows = [...head.closest("table").querySelectorAll("tbody .iom-pick input[type=checkbox]")];
    if (rows.length === 0) continue;
    const box = masterBox(page, head);
    const show = () => {
      const chosen = rows.filter((row) => row.checked).length;
      box.checked = chosen === rows.length;
      box.indeterminate = chosen > 0 && chosen < rows.length;
    };
    box.addEventListener("change", () => {
      for (const row of rows) row.checked = box.checked;
    });
    for (const row of rows) row.addEventListener("change", show);
    show();
  }
}

let made = 0;

function masterBox(page, head) {
  made += 1;
  const box = make(page, "input", "govuk-checkboxes__input");
  box.type = "checkbox";
  box.id = `select-all-${made}`;
  const label = make(page, "label", "govuk-label govuk-checkboxes__label");
  label.htmlFor = box.id;
  const text = make(page, "span", "govuk-visually-hidden");
  text.textContent = head.dataset.selectAll;
  label.append(text);
  const item = make(page, "div", "govuk-checkboxes__item");
  item.append(box, label);
  const group = make(page, "div", "govuk-checkboxes govuk-checkboxes--small");
  group.append(item);
  head.replaceChildren(group);
  return box;
}

function make(page, tag, classes) {
  const node = page.createElement(tag);
  node.className = classes;
  return node;
}
