// Keeps what is typed into a form while it is typed: within a second of a pause,
// when a field is left, and when the page is. "Saved" is said once the server has
// said so, and only while nothing was typed since.

const pause = 700; // milliseconds without a key
const atMost = 3000; // between two savings of somebody who does not pause
const retries = [1000, 2000, 4000, 8000];
const keepaliveMost = 60_000; // bytes that a page that is left may still send

const writer = globalThis.crypto.randomUUID?.() ?? ""; // names this window

export function drafts(page) {
  if (!writer) return;
  for (const form of page.querySelectorAll("form[data-draft]")) draft(page, form);
}

function draft(page, form) {
  const says = form.querySelector("[data-saved]");
  let base = Number(form.dataset.sequence); // the last that the server has
  let sequence = base;
  let typed = 0; // counts what was typed, kept what of it is saved
  let kept = 0;
  let timer = 0;
  let since = 0; // when the first unsaved key was pressed
  let failed = 0;
  let under = null; // the saving that is under way

  const say = (text, wrong) => {
    if (says === null) return;
    says.textContent = text;
    says.classList.toggle("iom-saved--wrong", wrong === true);
  };

  const later = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(save, wait);
  };

  const body = () => {
    const values = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (typeof value === "string" && (!name.startsWith("_") || name === "_csrf" || name === "_key")) values.append(name, value);
    }
    sequence += 1;
    values.set("_writer", writer);
    values.set("_base", String(base));
    values.set("_sequence", String(sequence));
    return values;
  };

  const fresh = () => {
    form.elements.namedItem("_key").value = globalThis.crypto.randomUUID();
    base = 0;
    sequence = 0;
  };

  async function save(leaving) {
    clearTimeout(timer);
    if (kept === typed) return;
    if (under !== null && leaving !== true) return; // comes again when that one is done
    under = send(leaving === true);
    await under;
    under = null;
    if (kept !== typed && failed === 0) later(0);
  }

  async function send(leaving) {
    const upTo = typed;
    const values = body();
    const sent = sequence;
    since = 0;
    try {
      const answer = await fetch(form.dataset.to, {
        method: "POST",
        body: values,
        headers: { Accept: "application/json" },
        redirect: "manual",
        keepalive: leaving && values.toString().length < keepaliveMost,
      });
      if (answer.type === "opaqueredirect") {
        say("You are signed out. Send the form to sign in again: what you typed comes with you", true);
        failed = retries.length;
        return;
      }
      if (answer.status >= 500) throw new Error("not now");
      if (!answer.ok) {
        say("Not saved. Send the form to see why", true);
        failed = retries.length;
        return;
      }
      accept(await answer.json(), upTo, sent);
    } catch {
      say("Not saved. Trying again", true);
      later(retries[Math.min(failed, retries.length - 1)]);
      failed += 1;
    }
  }

  function accept(answer, upTo, sent) {
    failed = 0;
    if (answer.outcome === "elsewhere" || answer.outcome === "sent") {
      // Another window has it: what is typed here is kept beside that.
      fresh();
      later(0);
      return;
    }
    base = Math.max(base, sent, answer.sequence);
    sequence = Math.max(sequence, answer.sequence);
    if (answer.outcome === "late") {
      later(0);
      return;
    }
    kept = upTo;
    if (kept === typed) say(`Saved ${answer.at}, not sent yet`);
  }

  const changed = () => {
    typed += 1;
    if (since === 0) since = Date.now();
    if (failed >= retries.length) failed = 0;
    if (failed === 0) say("Saving");
    later(Date.now() - since > atMost ? 0 : pause);
  };

  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("focusout", () => save());
  page.addEventListener("visibilitychange", () => {
    if (page.visibilityState === "hidden") save(true);
  });
  window.addEventListener("pagehide", () => save(true));

  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.ctrlKey && event.target instanceof HTMLTextAreaElement) {
      event.preventDefault();
      form.requestSubmit();
    }
  });

  // A note is sent without leaving the page, so that nothing else on it is disturbed.
  // Whatever is not plain success goes the ordinary way, whose page says what is wrong.
  form.addEventListener("submit", async (event) => {
    clearTimeout(timer);
    if (!("note" in form.dataset)) {
      kept = typed;
      return;
    }
    event.preventDefault();
    await under;
    clearTimeout(timer);
    const upTo = typed;
    const values = new URLSearchParams(new FormData(form));
    let done = false;
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: values,
        headers: { Accept: "application/json" },
        redirect: "manual",
      });
      if (answer.ok) {
        const { at } = await answer.json();
        done = true;
        sentAt(at, upTo, values);
      }
    } catch {
      say("Not sent. Trying again when you send it once more; what you typed is still here", true);
      later(retries[0]);
      return;
    }
    if (!done) {
      kept = typed;
      HTMLFormElement.prototype.submit.call(form);
    }
  });

  function sentAt(at, upTo, values) {
    fresh();
    for (const text of form.querySelectorAll("textarea")) {
      // What was typed while the note was on its way stays.
      const sent = (values.get(text.name) ?? "").replaceAll("\r\n", "\n");
      text.value = text.value.startsWith(sent) ? text.value.slice(sent.length).trimStart() : text.value;
    }
    kept = upTo;
    say(`Note kept ${at}`);
    if (kept !== typed) later(0);
    page.dispatchEvent(new CustomEvent("iom:refresh"));
  }
}
