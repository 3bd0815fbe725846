package law

import "testing"

// The table itself: nothing without a name, a law and a source, no period that ends before it begins, and no
// gap between law that follows law (R122, R136).
func TestRuleSetsAreWhole(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, r := range RuleSets {
		if r.ID == "" || seen[r.ID] || r.Name == "" || r.Source == "" || r.Looks == "" || r.From.IsZero() != (r.Law == "") {
			t.Errorf("%+v", r)
		}
		seen[r.ID] = true
		if !r.To.IsZero() && r.To.Before(r.From) {
			t.Errorf("%s ends before it begins", r.ID)
		}
		for i, tr := range r.Tranches {
			last := i == len(r.Tranches)-1
			if last != (tr.UpTo == 0 && tr.Under.IsZero()) || i > 0 && !tr.From.After(r.Tranches[i-1].From) {
				t.Errorf("%s: tranche %+v", r.ID, tr)
			}
		}
		if found, ok := Find(r.ID); !ok || found.Name != r.Name {
			t.Errorf("%s is not found", r.ID)
		}
	}
	for _, row := range [][]RuleSet{{HalfWay, Forty, Third}, {Curfew180, Curfew365}, {Supervised, SupervisionRepealed}, {Recall2015, Recall2024, Recall48, Recall56}} {
		for i := 1; i < len(row); i++ {
			if row[i-1].To.AddDays(1) != row[i].From {
				t.Errorf("%s ends on %s, %s begins on %s", row[i-1].ID, row[i-1].To, row[i].ID, row[i].From)
			}
			if row[i-1].InForce(row[i].From) || !row[i-1].InForce(row[i-1].To) || !row[i].InForce(row[i].From) {
				t.Errorf("%s and %s overlap or leave a day out", row[i-1].ID, row[i].ID)
			}
		}
	}
}
