package meeting_test

import (
	"context"
	"fmt"
	"testing"

	"iom/internal/casework/fixture"
	"iom/internal/casework/meeting"
	"iom/internal/casework/rag"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
)

// BenchmarkPapers reads the pack of a meeting. That of 100 cases is to take less than
// 3 s with its page; of 400 it takes as many statements.
func BenchmarkPapers(b *testing.B) {
	for _, cases := range []int{100, 400} {
		b.Run(fmt.Sprint(cases), func(b *testing.B) {
			s := fixture.New(b)
			co := s.As(authz.Coordinator, s.East)
			for i := range cases {
				s.Registered(b, s.East, fmt.Sprintf("Redwood%03d", i), "Rae", rag.Red)
			}
			id, err := meeting.Plan(b.Context(), s.DB, co, meeting.New{Area: s.East, Kind: meeting.Operational, HeldOn: clock.Today(s.Clock), Starts: "10:00",
				Place: "Police station", Chair: ref.AccountID(s.Account(authz.Chair, s.East).Account)})
			if err == nil {
				err = meeting.Sign(b.Context(), s.DB, co, id, 0, "Casey Eastwood")
			}
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				p, err := fixture.Read(b, s, s.Account(authz.Coordinator, s.East), func(ctx context.Context, q *db.ReadTx) (meeting.Papers, error) {
					return meeting.PapersOf(ctx, q, id)
				})
				if err != nil || len(p.Cases) != cases {
					b.Fatalf("%d cases, %v", len(p.Cases), err)
				}
			}
		})
	}
}
