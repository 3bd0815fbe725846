package account

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"iom/internal/casework/agency"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/fault"
)

func TestPasswordsThatAreTakenAndNot(t *testing.T) {
	t.Parallel()
	own := []string{"pat.morgan", "Pat Morgan", "STAR Drug and Alcohol Service"}
	for password, taken := range map[string]bool{
		"":                                   false,
		"fourteen-chars":                     false, // 14
		"teapot-gravel-x":                    true,  // 15, no rule about figures or capitals
		"Teapot gravel violin 9":             true,
		strings.Repeat("aB3$kz9Q", 25):       true,  // 200
		strings.Repeat("aB3$kz9Q", 25) + "x": false, // 201
		"ünïcödé wörter zählen auch":         true,
		"password1234567":                    false,
		"P@ssw0rdP@ssw0rd":                   false,
		"aaaaaaaaaaaaaaa":                    false,
		"abcabcabcabcabc":                    false,
		"123456789012345":                    false,
		"qwertyuiopasdfgh":                   false,
		"Sussex Police 2026!":                false,
		"SussexPolice123456":                 false,
		"iomcaseworkiomcasework":             false,
		"patmorganpatmorgan1":                false,
		"Pat.Morgan-Alcohol-1":               false,
		"correcthorsebatterystaple":          false,
		"8f2b 61c0 94ad 77e3":                true,
		"48105 77213 90436 1":                true, // figures alone, but no row of keys
		"lantern mango frost ladder":         true,
	} {
		problem := CheckPassword(password, own...)
		if (problem == "") != taken {
			t.Errorf("%q: %q", password, problem)
		}
	}
}

// TestAnyRandomPasswordIsTaken: whoever lets a machine choose is never refused.
func TestAnyRandomPasswordIsTaken(t *testing.T) {
	t.Parallel()
	letters := []rune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_ ")
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(24, 200).Draw(t, "n")
		var b strings.Builder
		state := rapid.Uint64().Draw(t, "seed")
		for range n {
			state = state*6364136223846793005 + 1442695040888963407
			b.WriteRune(letters[(state>>33)%uint64(len(letters))])
		}
		if problem := CheckPassword(b.String(), "sam.taylor", "Sam Taylor", "Sussex Police"); problem != "" {
			t.Fatalf("%q: %s", b.String(), problem)
		}
	})
}

func TestWaitsGrowAndEnd(t *testing.T) {
	t.Parallel()
	now := clock.NewDate(2026, 6, 1).At(9, 0)
	for count, want := range map[int]time.Duration{
		0: 0, 5: 0, 6: 30 * time.Second, 7: time.Minute, 8: 2 * time.Minute, 9: 4 * time.Minute, 10: 8 * time.Minute,
		11: 15 * time.Minute, 12: 15 * time.Minute, 1000: 15 * time.Minute,
	} {
		if got := ofAccount.wait(Tries{count, now}, now); got != want {
			t.Errorf("after %d failures the wait is %s, want %s", count, got, want)
		}
	}
	if got := ofAccount.wait(Tries{7, now.Add(-40 * time.Second)}, now); got != 20*time.Second {
		t.Errorf("40 seconds into a minute's wait %s are left", got)
	}
	if got := ofAccount.wait(Tries{7, now.Add(-time.Minute)}, now); got != 0 {
		t.Errorf("a wait that is over has %s left", got)
	}
}

var policeAgency = agency.Agency{ID: 1, Name: "Sussex Police", Kind: "police", From: clock.NewDate(2015, 1, 1)}

func TestRolesThatCanBeGiven(t *testing.T) {
	t.Parallel()
	today := clock.NewDate(2026, 6, 1)
	council := agency.Agency{ID: 2, Name: "Council", Kind: "council", From: clock.NewDate(2015, 1, 1), To: clock.NewDate(2026, 12, 31)}
	base := NewGrant{Account: 5, Role: authz.Coordinator, Agency: 1, Area: 3, From: today}
	held := func(role authz.Role, to clock.Date, ended bool) []Grant {
		g := Grant{Account: 5, Role: role, Agency: 1, Area: 3, From: clock.NewDate(2026, 1, 1), To: to}
		if ended {
			g.EndedAt = today.At(8, 0)
		}
		return []Grant{g}
	}
	for name, c := range map[string]struct {
		change func(n *NewGrant)
		of     agency.Agency
		held   []Grant
		field  string // of the refusal; "-" for none
	}{
		"plain":                      {func(*NewGrant) {}, policeAgency, nil, "-"},
		"to oneself":                 {func(n *NewGrant) { n.Account = 9 }, policeAgency, nil, ""},
		"no such role":               {func(n *NewGrant) { n.Role = "king" }, policeAgency, nil, "role"},
		"the application's own":      {func(n *NewGrant) { n.Role = authz.System }, policeAgency, nil, "role"},
		"police in a council":        {func(n *NewGrant) { n.Role = authz.Police }, council, nil, "role"},
		"probation in the police":    {func(n *NewGrant) { n.Role = authz.Probation }, policeAgency, nil, "role"},
		"from yesterday":             {func(n *NewGrant) { n.From = today.AddDays(-1) }, policeAgency, nil, "from"},
		"last day before first":      {func(n *NewGrant) { n.To = today.AddDays(-1) }, policeAgency, nil, "to"},
		"one day":                    {func(n *NewGrant) { n.To = today }, policeAgency, nil, "-"},
		"agency gone by then":        {func(n *NewGrant) { n.From = clock.NewDate(2027, 1, 1) }, council, nil, "agency"},
		"twice":                      {func(*NewGrant) {}, policeAgency, held(authz.Coordinator, clock.Date{}, false), "role"},
		"again after it was ended":   {func(*NewGrant) {}, policeAgency, held(authz.Coordinator, clock.Date{}, true), "-"},
		"again after it lapsed":      {func(*NewGrant) {}, policeAgency, held(authz.Coordinator, today.AddDays(-1), false), "-"},
		"on its last day":            {func(*NewGrant) {}, policeAgency, held(authz.Coordinator, today, false), "role"},
		"two roles of casework":      {func(n *NewGrant) { n.Role = authz.Chair }, policeAgency, held(authz.Coordinator, clock.Date{}, false), "-"},
		"administrator, then a case": {func(*NewGrant) {}, policeAgency, held(authz.Administrator, clock.Date{}, false), "role"},
		"a case, then administrator": {func(n *NewGrant) { n.Role = authz.Administrator }, policeAgency, held(authz.Chair, clock.Date{}, false), "role"},
		"administrator in two areas": {func(n *NewGrant) { n.Role, n.Area = authz.Administrator, 4 }, policeAgency, held(authz.Administrator, clock.Date{}, false), "-"},
	} {
		n := base
		c.change(&n)
		problems := CheckGrant(n, 9, c.of, c.held, today)
		if got := fields(problems); c.field == "-" && len(got) > 0 || c.field != "-" && !slices.Contains(got, c.field) {
			t.Errorf("%s: refused at %q, want %q", name, got, c.field)
		}
	}
}

func fields(problems []fault.Problem) (names []string) {
	for _, p := range problems {
		names = append(names, p.Field)
	}
	return names
}

func TestAdministratorsKeepToTheirAreas(t *testing.T) {
	t.Parallel()
	today := clock.NewDate(2026, 6, 1)
	east := authz.Actor{Account: 1, Grants: []authz.Grant{{Role: authz.Administrator, Area: 2, Areas: []int64{2}}}}
	force := authz.Actor{Account: 1, Grants: []authz.Grant{{Role: authz.Administrator, Area: 1, Areas: []int64{1, 2, 3}, Whole: true}}}
	both := []Grant{{Area: 2}, {Area: 3}}
	wasWest := []Grant{{Area: 2}, {Area: 3, EndedAt: today.At(8, 0)}}
	for name, c := range map[string]struct {
		actor authz.Actor
		id    ref.AccountID
		held  []Grant
		want  bool
	}{
		"nobody's":          {east, 5, nil, true},
		"works here":        {east, 5, both[:1], true},
		"works there too":   {east, 5, both, false},
		"worked there once": {east, 5, wasWest, true},
		"whole force":       {force, 5, both, true},
		"their own":         {force, 1, nil, false},
		"no administrator":  {authz.Actor{Account: 1, Grants: []authz.Grant{{Role: authz.Chair, Areas: []int64{2}}}}, 5, nil, false},
	} {
		if got := Manages(c.actor, c.id, c.held, today); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
