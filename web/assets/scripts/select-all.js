// Puts a box in the head of a table that chooses all its rows at once. It
// shows a dash while only some are chosen.

export function selectAll(page) {
  for (const head of page.querySelectorAll("[data-select-all]")) {
    const rows = [...head.closest("table").querySelectorAll("tbody .iom-pick input")];
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

function masterBox(page, head) {
  const box = page.createElement("input");
  box.type = "checkbox";
  box.ariaLabel = head.dataset.selectAll;
  head.replaceChildren(box);
  return box;
}
