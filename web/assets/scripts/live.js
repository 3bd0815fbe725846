// Keeps a page of a meeting up to date while it is open. The server says what
// changed, in ids; the parts that change are then fetched like any page, and put in
// the place of the old ones. A connection that is lost is made again, and the page
// says so until it has caught up.

const firstRetry = 500;
const lastRetry = 8000;

export function live(page) {
  const root = page.querySelector("[data-follow]");
  if (root === null || typeof EventSource === "undefined") return;
  const state = root.querySelector("[data-follow-state]");
  const choice = choose(root);
  let last = "";
  let wait = firstRetry;
  let connected = false;
  let source = null;

  const say = (text, wrong) => {
    state.textContent = text;
    root.classList.toggle("iom-follow--lost", wrong === true);
  };

  // refresh asks for what changed; asked again meanwhile, it does so once more.
  let asked = null; // the parts to ask for: "said" or ""
  let asking = false;
  let missed = 0; // pages that could not be had, one after the other
  const refresh = async (part) => {
    asked = asked === null || asked === part ? part : "";
    if (asking) return;
    asking = true;
    try {
      while (asked !== null) {
        const now = asked;
        asked = null;
        const fetched = await fetchPage(root.dataset.refresh + (now === "" ? "" : `?part=${now}`));
        if (fetched === null) {
          say("Reconnecting", true);
          missed += 1;
          await new Promise((done) => setTimeout(done, Math.min(firstRetry * 2 ** missed, lastRetry)));
          asked = "";
          continue;
        }
        missed = 0;
        put(page, fetched, now);
        after();
      }
      if (connected) say("Up to date");
    } finally {
      asking = false;
    }
  };

  // after looks at what has come: another case before the meeting, another record.
  const stamp = page.querySelector("[data-stamp]")?.dataset.stamp;
  const after = () => {
    const called = page.querySelector("[data-called]");
    if (called === null) return;
    const more = root.querySelector("[data-follow-changed]");
    if (more !== null) more.hidden = called.dataset.stamp === stamp;
    const to = called.querySelector("[data-go]");
    if (to !== null && choice?.checked) window.location.assign(to.href);
  };
  choice?.addEventListener("change", after);

  const whole = !("case" in root.dataset); // the display follows the meeting itself

  const heard = (event) => {
    last = event.lastEventId || last;
    const [kind, item] = event.data.split(" ");
    const mine = page.querySelector("[data-case]")?.dataset.case;
    if (kind === "call" || kind === "closed" || kind === "catch-up") refresh("");
    else if (item === mine) refresh(kind === "draft" && !whole ? "said" : "");
    else if (whole && kind === "record") refresh(""); // how many cases are finished
    else if (connected) say("Up to date");
  };

  const connect = () => {
    source = new EventSource(root.dataset.follow + (last === "" ? "" : `?since=${last}`));
    source.addEventListener("open", () => {
      connected = true;
      wait = firstRetry;
      if (!asking) say("Up to date");
    });
    source.addEventListener("change", heard);
    source.addEventListener("error", () => {
      connected = false;
      say("Reconnecting", true);
      if (source.readyState !== EventSource.CLOSED) return; // it tries by itself
      source.close();
      setTimeout(again, wait * (0.5 + Math.random()));
      wait = Math.min(2 * wait, lastRetry);
    });
  };

  // ended says that there is nothing to follow any more. Nobody looks after the display:
  // whoever is named on it goes at once, and the server says what stands there instead.
  const ended = (text) => {
    if (whole) window.location.reload();
    else say(text, true);
  };

  // again asks first whether there is still anything to follow.
  const again = async () => {
    try {
      const answer = await fetch(root.dataset.follow, { redirect: "manual" });
      if (answer.type === "opaqueredirect") {
        ended("You are signed out. Load the page again to sign in");
        return;
      }
      if (answer.status === 403 || answer.status === 404) {
        ended("This can no longer be followed. Load the page again");
        return;
      }
    } catch {
      // not there yet: the next try says so
    }
    connect();
  };

  connect();
  page.addEventListener("iom:refresh", () => refresh("said"));
  window.addEventListener("pagehide", () => source.close());
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) connect();
  });
}

// choose shows the choice to follow the meeting, kept for as long as the tab is.
function choose(root) {
  const label = root.querySelector("[data-follow-choice]");
  if (label === null) return null;
  const box = label.querySelector("input");
  label.hidden = false;
  box.checked = sessionStorage.getItem("follow") === "yes";
  box.addEventListener("change", () => sessionStorage.setItem("follow", box.checked ? "yes" : "no"));
  return box;
}

// fetchPage gives a page of ours as a document, in which no script runs; null when
// it cannot be had.
function fetchPage(address) {
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open("GET", address);
    request.responseType = "document";
    request.timeout = 10_000;
    request.addEventListener("loadend", () => done(request.status === 200 ? request.response : null));
    request.send();
  });
}

// put replaces each part of the page that has changed. What stands in a form of this
// page is not shown a second time as somebody's draft.
function put(page, fetched) {
  const own = [...page.querySelectorAll('form[data-note] input[name="_key"]')].map((input) => input.value);
  for (const draft of fetched.querySelectorAll("[data-key]")) {
    if (own.includes(draft.dataset.key)) draft.remove();
  }
  for (const part of fetched.querySelectorAll("[data-live]")) {
    const old = page.querySelector(`[data-live="${part.dataset.live}"]`);
    if (old === null || old.isEqualNode(part)) continue;
    const focus = old.contains(page.activeElement) ? place(old, page.activeElement) : -1;
    const now = page.importNode(part, true);
    old.replaceWith(now);
    if (focus >= 0) focusable(now)[focus]?.focus();
  }
}

function focusable(part) {
  return [...part.querySelectorAll("a[href], button, input, summary")];
}

function place(part, node) {
  return focusable(part).indexOf(node);
}
