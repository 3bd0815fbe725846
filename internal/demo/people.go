package demo

import (
	"context"
	"fmt"
	"strings"

	"iom/internal/casework/area"
	"iom/internal/casework/meeting"
	"iom/internal/casework/ref"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
)

// posts are the core members of each leaf as the guide lists them (R56), by the word of
// the team that holds the post.
var posts = []struct{ post, word, agency string }{
	{meeting.CorePosts[0], "chair", "Sussex Police"},
	{meeting.CorePosts[1], "probation", "Probation Service"},
	{meeting.CorePosts[2], "probation2", "Probation Service"},
	{meeting.CorePosts[3], "police", "Sussex Police"},
	{meeting.CorePosts[4], "partner", "STAR"},
	{meeting.CorePosts[5], "housing", "Housing Options"},
}

// domains are where the agencies have their mail; all others are at example.org, which
// is on no list of secure ones (R64). Names under .example belong to nobody.
var domains = map[string]string{
	"Sussex Police": "sussex.police.example", "Probation Service": "probation.example",
	"East Sussex County Council": "eastsussex.council.example", "Brighton & Hove City Council": "brighton-hove.council.example",
	"West Sussex County Council": "westsussex.council.example",
}

const secureDomains = "*.police.example\nprobation.example\n*.council.example"

// mailOf is the address of somebody who works for an agency.
func mailOf(username, agency string) string {
	if at := domains[agency]; at != "" {
		return username + "@" + at
	}
	return username + "@example.org"
}

// furnish makes what an area has before it meets: its list of core members (R56) and to
// which domains a file may go by mail (R64).
func (s *show) furnish(ctx context.Context) error {
	for leaf := range leaves {
		node := s.areas[leaves[leaf].name]
		for _, p := range posts {
			if err := meeting.AddCore(ctx, s.d, s.as(s.user("coordinator", leaf)), node,
				meeting.NewCore{Post: p.post, Agency: s.agencies[p.agency], Account: s.accounts[s.user(p.word, leaf)]}); err != nil {
				return fmt.Errorf("%s of %s: %w", strings.ToLower(p.post), leaves[leaf].name, err)
			}
		}
		if _, err := area.Choose(ctx, s.d, s.as(s.user("administrator", leaf)), node, map[area.Key]string{area.SecureDomains: secureDomains}); err != nil {
			return err
		}
	}
	return nil
}

// absence plans who will not come to a meeting and what they write instead (R71, R72).
// To one that is held the second probation officer does not come: of the cases that the
// officer leads one has its update in time, one on the day itself, which is late, and the
// others have none. To one that is still to come the police IOM officer sends a
// colleague, and has written about one case so far.
func (s *show) absence(leaf int, id *ref.MeetingID, held, ready clock.Date) {
	who, apology := s.user("probation2", leaf), meeting.Apology{Note: "At court all day."}
	if !held.Before(s.today) {
		who, apology = s.user("police", leaf), meeting.Apology{Instead: s.accounts[s.user("police2", leaf)], Note: "On leave that week; my colleague knows the cases."}
	}
	s.plan(ready, 16, 0, "apologies", func(ctx context.Context) error { return meeting.Apologise(ctx, s.d, s.as(who), *id, apology) })
	s.plan(ready.AddDays(1), 11, 0, "a written update", func(ctx context.Context) error {
		return s.update(ctx, *id, who, "Kept each appointment since the last meeting and has begun with the key worker. No new concern; the plan should stay as it is.")
	})
	s.plan(held, 8, 30, "a late written update", func(ctx context.Context) error {
		return s.update(ctx, *id, who, "Missed two appointments this month, both explained. I ask the meeting to agree a home visit by two agencies.")
	})
}

// update writes about the first case for which somebody owes an update, if there is one.
func (s *show) update(ctx context.Context, id ref.MeetingID, who, text string) error {
	u, err := ask(ctx, s, who, func(ctx context.Context, q *db.ReadTx) (meeting.Updates, error) { return meeting.UpdatesOf(ctx, q, id) })
	if err != nil {
		return err
	}
	for _, c := range u.Mine {
		if c.Owed && len(c.Updates) == 0 {
			return meeting.WriteUpdate(ctx, s.d, s.as(who), id, c.Nominal, text)
		}
	}
	return nil
}
