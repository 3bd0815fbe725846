package signinpage

import (
	"iom/internal/casework/meeting"
	"iom/internal/casework/ref"
	"iom/internal/platform/fault"
	"iom/web/form"
	"iom/web/page"
)

// codePath is where the machine of a meeting room asks for a code. It is the page to sign
// in, since the addresses that answer a stranger are few (security.md 2).
const codePath = "/sign-in?display"

func drawCode(c *page.Ctx, f *form.Form) error {
	decodeCode(f)
	view := codeView(c.Chrome("Show a meeting on this screen", f), f, hidden(c, ""))
	if f.IsSubmitted() {
		return c.Redraw(view)
	}
	return c.Render(view)
}

// showByCode makes this browser the screen of a meeting. Whoever was signed in here is
// not any more: nothing but the meeting is left in a room's machine.
func showByCode(c *page.Ctx, f *form.Form) error {
	code := decodeCode(f)
	if f.OK() {
		room, err := meeting.StartDisplayByCode(c.Context(), c.DB, code, c.Source())
		if err == nil {
			if err := c.Sessions.BeginDisplay(c.Context(), int64(room.Account), room.Epoch, room.Screen); err != nil {
				return fault.Down(err)
			}
			return c.SeeOther("/meetings/"+ref.Text(room.Meeting)+"/display", "")
		}
		if err = f.Take(err); err != nil {
			return err
		}
	}
	return drawCode(c, f)
}

// decodeCode reads the code. What was typed stays in the box: a letter may be wrong.
func decodeCode(f *form.Form) string { return f.Line("code", "The code", form.Required) }
