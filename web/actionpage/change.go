package actionpage

import (
	"slices"

	"iom/internal/casework/action"
	"iom/internal/platform/authz"
	"iom/web/form"
	"iom/web/ui"
)

// asked are the words of a change, as a question's answer.
var asked = map[action.Kind]string{
	action.KindProgress: "Add progress",
	action.KindPropose:  "Propose discharge",
	action.KindAssign:   "Assign",
	action.KindCarry:    "Carry over",
	action.KindEnd:      "Discharge",
}

// hints say what follows.
var hints = map[action.Kind]string{
	action.KindPropose: "It is complete: the chair or the co-ordinator discharges it",
	action.KindCarry:   "It goes on with a later due date, and is counted as carried over",
	action.KindEnd:     "It is complete, or no longer needed",
}

// mayAnywhere are the changes that the actor's roles allow in some area.
func mayAnywhere(actor authz.Actor) []action.Kind {
	var kinds []action.Kind
	for _, k := range action.Kinds {
		needed := authz.SetOwnAction
		if k == action.KindCarry || k == action.KindEnd {
			needed = authz.EndActions
		}
		if actor.May(needed) {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

// mayHere are the changes that the actor may make to this action as it is.
func mayHere(actor authz.Actor, a action.Action) []action.Kind {
	var kinds []action.Kind
	for _, k := range action.Kinds {
		if a.Open() && action.Allowed(actor, a, action.Change{Kind: k}) && (k != action.KindPropose || !a.DischargeProposed) {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

// decode reads a change from the form.
func decode(f *form.Form, kinds []action.Kind, owners []ui.Option) action.Change {
	offered := make([]string, len(kinds))
	for i, k := range kinds {
		offered[i] = string(k)
	}
	c := action.Change{Kind: action.Kind(f.Choice("what", "What to do", form.Required, offered...))}
	c.Text = f.Prose("note", "Note", form.Optional)
	needed := func(k action.Kind) form.Need { return form.Need(c.Kind == k) }
	c.DueOn = f.Date("due", "New due date", needed(action.KindCarry))
	if slices.Contains(kinds, action.KindAssign) {
		c.Agency, c.Account = parseOwner(f.Choice("owner", "Owner", needed(action.KindAssign), values(owners)...))
	}
	return c
}

// choices are the radios of the change, each asking what it needs.
func choices(f *form.Form, kinds []action.Kind, owners []ui.Option) []ui.Option {
	var options []ui.Option
	for _, k := range kinds {
		o := ui.Option{Value: string(k), Text: asked[k], Hint: hints[k]}
		switch k {
		case action.KindAssign:
			o.Reveal = ui.Select(f.Field("owner"), owners, ui.Opt{Label: "Owner", Empty: "Choose the agency and the person"})
		case action.KindCarry:
			o.Reveal = ui.DateInput(f.Field("due"), ui.Opt{Label: "New due date"})
		}
		options = append(options, o)
	}
	return options
}
