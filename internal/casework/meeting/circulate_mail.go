package meeting

import (
	"context"
	"strings"

	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
	"iom/internal/platform/mail"
)

// Courier makes the messages of circulations. Its DB is the one in which background
// work is done, and Origin is where people find the application, as
// https://iom.example.police.uk; empty when that is not set, and the message then says
// where to look instead of giving a link.
type Courier struct {
	DB     *db.DB
	Origin string
}

// Compose makes one message of a circulation when it is sent (mail.Composer). The
// file is made under the recipient's own scope as it is at that moment, by the
// policies that hold for their screen: who has been excluded since, whose grant or
// invitation has ended, or who has not signed, gets no case. An address that is not
// on the area's list of secure domains gets a link and nothing of a case.
func (k Courier) Compose(ctx context.Context, q *db.ReadTx, m mail.Message) (mail.Content, audit.Seen, error) {
	found, err := circulations(ctx, q, `u.id = $1 AND EXISTS (SELECT FROM circulation_recipient r WHERE r.circulation_id = u.id AND r.account_id = $2)`, m.About, m.Account)
	if err == nil && len(found) == 0 {
		err = fault.Missing()
	}
	if err != nil {
		return mail.Content{}, audit.Nobody(), err
	}
	c := found[0]
	who, err := k.DB.StandingOf(ctx, m.Account)
	if err != nil {
		return mail.Content{}, audit.Nobody(), err
	}
	if who.Disabled {
		return mail.Content{}, audit.Nobody(), fault.Denied("The account is disabled")
	}
	agency := who.Actor.AgencyAs
	got, err := db.View(ctx, k.DB, who.Actor, "circulation.copy", func(ctx context.Context, q *db.ReadTx) (letter, audit.Seen, error) {
		p, err := k.pack(ctx, q, c, m.Secure, FileCopy{For: who.Actor.Name + ", " + agency, By: c.By, At: q.Now()})
		return p, audit.Nobody(), err // the sending is logged as what it is, a disclosure; the recipient has looked at nothing
	})
	if err != nil {
		return mail.Content{}, audit.Nobody(), err
	}
	return got.content, got.seen, nil
}

// letter is a message with whom it shows.
type letter struct {
	content mail.Content
	seen    audit.Seen
}

func (k Courier) pack(ctx context.Context, q *db.ReadTx, c Circulation, secure bool, of FileCopy) (letter, error) {
	m, err := Get(ctx, q, c.Meeting)
	if err != nil {
		return letter{}, err
	}
	p := letter{seen: audit.Nobody()}
	title := CirculationTitle(c.Kind) + " of the meeting of " + m.HeldOn.Long() + ", " + m.AreaName
	p.content.Subject = Marking + ": " + title
	text := []string{c.By + " has circulated to you: " + title + "."}
	if secure {
		papers, err := ParcelOf(ctx, q, c)
		switch {
		case IsUnsigned(err):
			text = append(text, "You have not signed the confidentiality statement of this meeting, so no file is attached.")
		case err != nil:
			return p, err
		default:
			file, err := papers.File(of)
			if err != nil {
				return p, err
			}
			p.seen = audit.Listed(papers.Nominals())
			p.content.Attachments = []mail.Attachment{{Name: FileName(c.Kind, m), Type: "application/pdf", Content: file}}
			text = append(text, "It is attached: a copy for you alone. Keep it as the marking says, and no longer than you need it.")
		}
	} else {
		text = append(text, "Your address is not on this area's list of secure domains, so nothing is attached.")
	}
	where := "Sign in to IOM casework and open it under Meetings, " + m.HeldOn.Long() + "."
	if k.Origin != "" {
		where = "Sign in to read it:\n" + strings.TrimSuffix(k.Origin, "/") + ReceivedPath(c.Meeting, c.ID)
	}
	p.content.Text = strings.Join(append(text, where), "\n\n") + "\n"
	return p, nil
}

// ReceivedPath is the address of the page on which a recipient opens a circulation.
func ReceivedPath(id ref.MeetingID, c ref.CirculationID) string {
	return "/meetings/" + ref.Text(id) + "/received/" + ref.Text(c)
}
