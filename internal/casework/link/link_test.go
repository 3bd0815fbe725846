package link_test

import (
	"context"
	"strings"
	"testing"

	"iom/internal/casework/area"
	"iom/internal/casework/fixture"
	"iom/internal/casework/link"
	"iom/internal/casework/nominal"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

var day = clock.MustISO

func TestCheckMAPPA(t *testing.T) {
	t.Parallel()
	good := link.NewMAPPA{Level: 2, Category: 1, From: day("2026-05-01"), Source: "probation"}
	for name, c := range map[string]struct {
		change func(*link.NewMAPPA)
		want   string
	}{
		"good":                {func(*link.NewMAPPA) {}, ""},
		"no longer subject":   {func(n *link.NewMAPPA) { n.Level = 0 }, ""},
		"no level 4":          {func(n *link.NewMAPPA) { n.Level = 4 }, "level"},
		"category 4 there is": {func(n *link.NewMAPPA) { n.Category = 4 }, ""},
		"no category 5":       {func(n *link.NewMAPPA) { n.Category = 5 }, "category"},
		"tomorrow":            {func(n *link.NewMAPPA) { n.From = day("2026-06-02") }, "from_on"},
		"no source":           {func(n *link.NewMAPPA) { n.Source = "" }, "source"},
	} {
		n := good
		c.change(&n)
		problems := link.CheckMAPPA(n, day("2026-06-01"))
		if c.want == "" && len(problems) > 0 || c.want != "" && (len(problems) != 1 || problems[0].Field != c.want) {
			t.Errorf("%s: %+v", name, problems)
		}
	}
}

// A level is never shown as a bare number, which reads like the category (R24).
func TestLevelIsNotCategory(t *testing.T) {
	t.Parallel()
	two := 2
	for want, m := range map[string]link.MAPPA{"MAPPA level 1 (category 2)": {Level: 1, Category: &two}, "MAPPA level 3": {Level: 3}, "Not subject to MAPPA": {}} {
		if got := m.Word(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if text := link.Consequence(3); !strings.Contains(text, "R81") || !strings.Contains(text, "R103") {
		t.Errorf("the contradiction of the guide is not shown: %s", text)
	}
}

func TestCurrentLevel(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	id := s.Nominal(t, s.East, "Marsh", "Kit", day("1990-05-17"))
	for _, step := range []struct {
		level int
		ok    bool
	}{{1, true}, {3, true}, {0, false}, {2, true}} {
		if _, err := link.RecordMAPPA(t.Context(), s.DB, s.As(authz.Police, s.East), link.NewMAPPA{Nominal: id, Level: step.level, From: day("2026-05-01"), Source: "probation"}); err != nil {
			t.Fatal(err)
		}
		var ok bool
		m, err := fixture.Read(t, s, s.Account(authz.Partner, s.East), func(ctx context.Context, q *db.ReadTx) (m link.MAPPA, err error) {
			m, ok, err = link.MAPPAOf(ctx, q, id)
			return m, err
		})
		if err != nil || ok != step.ok || m.Level != step.level {
			t.Errorf("after level %d: %+v %t %v", step.level, m, ok, err)
		}
	}
	_, err := link.RecordMAPPA(t.Context(), s.DB, s.As(authz.Partner, s.East), link.NewMAPPA{Nominal: id, Level: 1, From: day("2026-05-01"), Source: "x"})
	if fault.KindOf(err) != fault.Forbidden {
		t.Errorf("a partner: %v", err)
	}
}

// A question that nobody answered is never No; a group must be on the area's list.
func TestGroups(t *testing.T) {
	t.Parallel()
	s := fixture.New(t)
	id := s.Nominal(t, s.East, "Marsh", "Kit", day("1990-05-17"))
	list, err := fixture.Read(t, s, s.Account(authz.Partner, s.East), func(ctx context.Context, q *db.ReadTx) ([]area.Group, error) {
		return area.PriorityGroups(ctx, q, s.East)
	})
	if err != nil || len(list) != 7 {
		t.Fatalf("the area's list: %+v, %v", list, err)
	}
	by := s.As(authz.Partner, s.East)
	if err := link.SetGroups(t.Context(), s.DB, by, id, []link.Membership{{Group: list[0].ID, Member: true}, {Group: list[1].ID}}, "own contact"); err != nil {
		t.Fatal(err)
	}
	answers, err := fixture.Read(t, s, s.Account(authz.Partner, s.East), func(ctx context.Context, q *db.ReadTx) ([]link.Membership, error) {
		return link.Groups(ctx, q, id)
	})
	if err != nil || len(answers) != 2 || !answers[0].Member || answers[1].Member {
		t.Errorf("answers: %+v, %v", answers, err)
	}
	card, err := fixture.Read(t, s, s.Account(authz.Partner, s.East), func(ctx context.Context, q *db.ReadTx) (nominal.Card, error) {
		return nominal.CardOf(ctx, q, id)
	})
	if err != nil || len(card.Groups) != 1 || card.Groups[0].ID != list[0].ID {
		t.Errorf("groups on the card: %+v, %v", card.Groups, err)
	}
	if err := link.SetGroups(t.Context(), s.DB, by, id, []link.Membership{{Group: 9999, Member: true}}, "x"); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a group of no list: %v", err)
	}
}
