package demo

import (
	"context"
	"fmt"
	"strings"

	"iom/internal/casework/account"
	"iom/internal/casework/agency"
	"iom/internal/casework/area"
	"iom/internal/casework/custody"
	"iom/internal/casework/ref"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
)

// Credentials are one account of the demonstration, as the table and
// accounts.json show it.
type Credentials struct {
	Username string `json:"username"`
	Password string `json:"password"`
	Role     string `json:"role"`
	Area     string `json:"area"`
	Agency   string `json:"agency"`
}

// agencies are those of the guide and of the criminal justice board (R182), with
// the changes since: the rehabilitation company ended in June 2021 and the
// national service became the Probation Service (R154).
var agencies = []struct {
	name, kind, from, to string
}{
	{"Sussex Police", "police", "2005-04-01", ""},
	{"Probation Service", "probation", "2014-06-01", ""},
	{"Kent, Surrey and Sussex Community Rehabilitation Company", "probation", "2014-06-01", "2021-06-25"},
	{"East Sussex County Council", "council", "2005-04-01", ""},
	{"Brighton & Hove City Council", "council", "2005-04-01", ""},
	{"West Sussex County Council", "council", "2005-04-01", ""},
	{"Housing Options", "housing", "2005-04-01", ""},
	{"STAR", "substance misuse", "2012-04-01", ""},
	{"Youth Offending Service", "youth", "2005-04-01", ""},
	{"Assessment and Recovery Team", "mental health", "2010-04-01", ""},
	{"NHS England", "health", "2013-04-01", ""},
	{"DWP/Jobcentre Plus", "employment", "2005-04-01", ""},
	{"Social Services", "social services", "2005-04-01", ""},
	{"Fulfilling Lives", "voluntary", "2014-04-01", ""},
	{"Inspire", "voluntary", "2009-04-01", ""},
	{"Sussex Pathways", "voluntary", "2011-04-01", ""},
	{"Reformed East Sussex Services", "employment", "2014-04-01", ""},
	{"HMP Lewes", "prison", "2005-04-01", ""},
	{"HMP Bronzefield", "prison", "2005-04-01", ""},
	{"Crown Prosecution Service", "court", "2005-04-01", ""},
	{"Victim Support", "victims", "2005-04-01", ""},
	{"Office of the Sussex Police and Crime Commissioner", "governance", "2012-11-22", ""},
}

// leaves are the areas that hold cases, with the word that usernames have for them.
var leaves = []struct{ name, word, council string }{
	{"East Sussex", "east", "East Sussex County Council"},
	{"Brighton & Hove", "brighton", "Brighton & Hove City Council"},
	{"North", "north", "West Sussex County Council"},
	{"South", "south", "West Sussex County Council"},
}

// team are the accounts of each leaf: the roles of the matrix, with as many
// colleagues as the work of an area needs.
var team = []struct {
	word   string
	role   authz.Role
	agency string // "council" stands for the area's own
}{
	{"coordinator", authz.Coordinator, "Sussex Police"},
	{"chair", authz.Chair, "Sussex Police"},
	{"police", authz.Police, "Sussex Police"},
	{"police2", authz.Police, "Sussex Police"},
	{"probation", authz.Probation, "Probation Service"},
	{"probation2", authz.Probation, "Probation Service"},
	{"partner", authz.Partner, "STAR"},
	{"housing", authz.Partner, "Housing Options"},
	{"youth", authz.Partner, "Youth Offending Service"},
	{"council", authz.Partner, "council"},
	{"guest", authz.Guest, "Assessment and Recovery Team"},
	{"analyst", authz.Analyst, "Sussex Police"},
	{"auditor", authz.Auditor, "Sussex Police"},
	{"administrator", authz.Administrator, "Sussex Police"},
}

// nodes are the accounts above the leaves: West Sussex has one Detective
// Inspector for its two hubs; a few people work for the whole force.
var nodes = []struct {
	username string
	role     authz.Role
	agency   string
	area     string
}{
	{"chair.west", authz.Chair, "Sussex Police", "West Sussex"},
	{"analyst", authz.Analyst, "Sussex Police", "Sussex"},
	{"auditor", authz.Auditor, "Office of the Sussex Police and Crime Commissioner", "Sussex"},
	{"administrator", authz.Administrator, "Sussex Police", "Sussex"},
}

// world is the scheme while it is being made: the ids of what has been made.
type world struct {
	areas    map[string]ref.AreaID
	agencies map[string]ref.AgencyID
	accounts map[string]ref.AccountID
	groups   map[string]ref.GroupID
	names    map[ref.AccountID]string
	made     []Credentials
}

// phrase is a password of four words. It is printed with the account: there is
// nothing to protect here.
func (n *namer) phrase() string {
	return strings.ToLower(strings.Join([]string{pick(n.r, familyNames), pick(n.r, streets), pick(n.r, familyNames), pick(n.r, familyNames)}, "-"))
}

// build makes areas, agencies, priority groups, prisons and accounts.
func (w *world) build(ctx context.Context, d *db.DB, people *namer) error {
	_, err := db.Write(ctx, d, system(), func(ctx context.Context, tx *db.Tx) (bool, error) {
		for _, step := range []func(context.Context, *db.Tx) error{w.buildAreas, w.buildAgencies, w.buildGroups, custody.LoadPrisons} {
			if err := step(ctx, tx); err != nil {
				return false, err
			}
		}
		return true, nil
	})
	if err != nil {
		return err
	}
	for _, leaf := range leaves {
		for _, t := range team {
			of := t.agency
			if of == "council" {
				of = leaf.council
			}
			if err := w.hire(ctx, d, people, t.word+"."+leaf.word, t.role, of, leaf.name); err != nil {
				return err
			}
		}
	}
	for _, n := range nodes {
		if err := w.hire(ctx, d, people, n.username, n.role, n.agency, n.area); err != nil {
			return err
		}
	}
	return nil
}

func (w *world) buildAreas(ctx context.Context, tx *db.Tx) error {
	for _, a := range []struct{ name, kind, parent string }{
		{"Sussex", area.Force, ""},
		{"East Sussex", area.Plain, "Sussex"},
		{"Brighton & Hove", area.Plain, "Sussex"},
		{"West Sussex", area.Plain, "Sussex"},
		{"North", area.Hub, "West Sussex"},
		{"South", area.Hub, "West Sussex"},
	} {
		id, err := area.Insert(ctx, tx, area.New{Parent: w.areas[a.parent], Kind: a.kind, Name: a.name})
		if err != nil {
			return fmt.Errorf("area %s: %w", a.name, err)
		}
		w.areas[a.name] = id
	}
	return nil
}

func (w *world) buildAgencies(ctx context.Context, tx *db.Tx) error {
	for _, a := range agencies {
		id, err := agency.Insert(ctx, tx, agency.New{Name: a.name, Kind: a.kind, From: clock.MustISO(a.from)})
		if err != nil {
			return fmt.Errorf("agency %s: %w", a.name, err)
		}
		w.agencies[a.name] = id
	}
	return nil
}

func (w *world) buildGroups(ctx context.Context, tx *db.Tx) error {
	for _, g := range area.PrintedGroups {
		id, err := area.InsertPriorityGroup(ctx, tx, w.areas["Sussex"], g.Name, g.Short)
		if err != nil {
			return fmt.Errorf("priority group %s: %w", g.Name, err)
		}
		w.groups[g.Short] = id
	}
	return nil
}

// hire makes an account with one grant and a password.
func (w *world) hire(ctx context.Context, d *db.DB, people *namer, username string, role authz.Role, of, in string) error {
	family, given := people.next(len(w.made)%2 == 0)
	password := people.phrase()
	id, err := db.Write(ctx, d, system(), func(ctx context.Context, tx *db.Tx) (ref.AccountID, error) {
		id, err := account.Insert(ctx, tx, account.New{Username: username, Name: given + " " + family, Email: mailOf(username, of)})
		if err != nil {
			return 0, err
		}
		if _, err := account.InsertGrant(ctx, tx, account.NewGrant{Account: id, Role: role, Agency: w.agencies[of], Area: w.areas[in], From: tx.Today()}); err != nil {
			return 0, err
		}
		return id, nil
	})
	if err == nil {
		err = account.SetPassword(ctx, d, id, password, false)
	}
	if err != nil {
		return fmt.Errorf("account %s: %w", username, err)
	}
	w.accounts[username], w.names[id] = id, given+" "+family
	w.made = append(w.made, Credentials{Username: username, Password: password, Role: string(role), Area: in, Agency: of})
	return nil
}

// as is a submission of an account of the scheme.
func (w *world) as(username string) db.Submission { return db.Once(int64(w.accounts[username])) }

func system() db.Submission { return db.Once(db.SystemAccount) }
