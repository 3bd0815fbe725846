package referralpage

import (
	"iom/internal/casework/referral"
	"iom/internal/platform/fault"
	"iom/web/form"
	"iom/web/page"
	"iom/web/ui"
)

// checkView is the page of all answers before they are sent.
type checkView struct {
	showView
	hidden ui.FormHidden
}

// Check shows every answer, what is missing, and the button that submits.
func Check(c *page.Ctx) error {
	v, err := readCheck(c)
	if err != nil {
		return err
	}
	if v.r.State != referral.Started {
		return c.SeeOther(v.href(""), "")
	}
	return c.Render(checkPage(v))
}

func readCheck(c *page.Ctx) (v checkView, err error) {
	if v.showView, err = readShow(c); err != nil {
		return v, err
	}
	if !v.mayRefer {
		return v, fault.Denied("Your role in the area of this referral does not allow submitting it")
	}
	v.chrome = c.Chrome("Check your answers", c.Form())
	v.chrome.Back = ui.Link{Text: "Back to the referral", Href: v.href("")}
	v.hidden = c.Hidden()
	return v, nil
}

// Submit sends the referral to the next meeting.
func Submit(c *page.Ctx) error {
	v, err := readCheck(c)
	if err != nil {
		return err
	}
	if _, err = referral.Submit(c.Context(), c.DB, c.Submission(), v.r.ID); err == nil {
		return c.SeeOther(v.href(""), "Referral submitted. It goes to the next meeting of the area")
	}
	if err := c.Form().Take(err); err != nil {
		return err
	}
	v.chrome = c.Chrome("Check your answers", c.Form())
	v.chrome.Back = ui.Link{Text: "Back to the referral", Href: v.href("")}
	return c.Redraw(checkPage(v))
}

// withdrawView is the page that asks why.
type withdrawView struct {
	base
	f      *form.Form
	hidden ui.FormHidden
}

// Withdraw asks why, and withdraws.
func Withdraw(c *page.Ctx) error {
	s, err := readShow(c)
	if err != nil {
		return err
	}
	if !s.mayAmend() {
		return fault.Denied("This referral can be read, not changed")
	}
	v := withdrawView{base: s.base, f: c.Form(), hidden: c.Hidden()}
	reason := v.f.Prose("reason", "Why the referral is withdrawn", form.Required)
	if v.f.IsSubmitted() && v.f.OK() {
		_, err := referral.Withdraw(c.Context(), c.DB, c.Submission(), v.r.ID, reason)
		if err == nil {
			return c.SeeOther(v.href(""), "Referral withdrawn")
		}
		if err := v.f.Take(err); err != nil {
			return err
		}
	}
	v.chrome = c.Chrome("Withdraw the referral", v.f)
	v.chrome.Back = ui.Link{Text: "Back to the referral", Href: v.href("")}
	if v.f.IsSubmitted() {
		return c.Redraw(withdrawPage(v))
	}
	return c.Render(withdrawPage(v))
}
