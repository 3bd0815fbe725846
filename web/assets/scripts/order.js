// Brings the case of the page into sight in a running order that is longer than the
// screen: its list scrolls by itself, and the page does not move.
export function order(page) {
  const list = page.querySelector(".iom-sheet__order");
  const here = list?.querySelector("[aria-current]");
  if (!here) return;
  list.scrollTop = here.offsetTop - list.clientHeight / 2;
}
