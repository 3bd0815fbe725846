// The scripts of every page. Each part only makes quicker what works without.
// A browser that loads a module has all that the parts below need.
import {
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  NotificationBanner,
  SkipLink,
  createAll,
} from "govuk-frontend";
import { addAnother } from "./add-another.js";
import { drafts } from "./draft.js";
import { guard } from "./guard.js";
import { live } from "./live.js";
import { order } from "./order.js";
import { printButton } from "./print.js";
import { reveal } from "./reveal.js";
import { selectAll } from "./select-all.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
createAll(Button, { preventDoubleClick: true });
for (const part of [CharacterCount, Checkboxes, ErrorSummary, NotificationBanner, SkipLink]) {
  createAll(part);
}
for (const part of [addAnother, drafts, guard, live, order, printButton, reveal, selectAll]) {
  part(document);
}
