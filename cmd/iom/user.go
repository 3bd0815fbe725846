package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"text/tabwriter"

	"iom/internal/casework/account"
	"iom/internal/casework/agency"
	"iom/internal/casework/area"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
	"iom/internal/platform/migrate"
)

// runUser adds accounts from the keyboard, lists them, and makes links with which
// their owners set a password: what is needed before the first administrator can
// sign in, or when none can any more.
func runUser(ctx context.Context, args []string) error {
	const how = "say what to do: `iom user add`, `iom user list` or `iom user link`; each takes --help"
	if len(args) == 0 {
		return errors.New(how)
	}
	switch args[0] {
	case "add":
		return addUser(ctx, args[1:])
	case "list":
		return listUsers(ctx, args[1:])
	case "link":
		return linkUser(ctx, args[1:])
	}
	return errors.New(how)
}

// keyboard opens the database for the command line, which acts as the application itself.
func keyboard(ctx context.Context, dir string, do func(d *db.DB) error) (err error) {
	where, err := locate(ctx, dir, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, where.close()) }()
	if err := migrate.Check(ctx, where.app); err != nil {
		return err
	}
	d, err := where.open(ctx, clock.System{})
	if err != nil {
		return err
	}
	defer d.Close()
	return do(d)
}

const dataFlag = "folder of the private cluster; not needed when DATABASE_URL is set"

type newUser struct {
	account.New
	role, area, areaKind, agency, agencyKind string
}

func addUser(ctx context.Context, args []string) error {
	set := flags("user add")
	var n newUser
	dir := set.String("data", "", dataFlag)
	set.StringVar(&n.Username, "username", "", "what the person signs in with")
	set.StringVar(&n.Name, "name", "", "the person's name")
	set.StringVar(&n.Email, "email", "", "e-mail address")
	set.StringVar(&n.role, "role", "", "one of "+roleNames())
	set.StringVar(&n.area, "area", "", "name of the area; in an empty database it is made")
	set.StringVar(&n.areaKind, "area-kind", area.Force, "of an area that is made: force, the first one")
	set.StringVar(&n.agency, "agency", "", "name of the agency; in an empty database it is made")
	set.StringVar(&n.agencyKind, "agency-kind", "police", "of an agency that is made: one of "+strings.Join(agency.Kinds, ", "))
	fromStdin := set.Bool("password-stdin", false, "read a first password from standard input, to be changed at the first sign-in, instead of making a link")
	if err := parse(set, args); err != nil {
		return err
	}
	if n.Username == "" || n.Name == "" || n.role == "" || n.area == "" || n.agency == "" {
		return errors.New("--username, --name, --role, --area and --agency are all needed")
	}
	password := ""
	if *fromStdin {
		line, err := bufio.NewReader(os.Stdin).ReadString('\n')
		if line == "" && err != nil {
			return fmt.Errorf("no password on standard input: %w", err)
		}
		password = strings.TrimRight(line, "\r\n")
		if problem := account.CheckPassword(password, n.Username, n.Name, n.agency); problem != "" {
			return errors.New(problem)
		}
	}
	return keyboard(ctx, *dir, func(d *db.DB) error {
		id, err := db.Write(ctx, d, db.Once(db.SystemAccount), n.add)
		if err != nil {
			return err
		}
		if *fromStdin {
			if err := account.SetPassword(ctx, d, id, password, true); err != nil {
				return err
			}
			fmt.Printf("Made the account %s. The password has to be changed at the first sign-in.\n", account.CanonicalUsername(n.Username))
			return nil
		}
		fmt.Printf("Made the account %s.\n", account.CanonicalUsername(n.Username))
		return printLink(ctx, d, id)
	})
}

func roleNames() string {
	names := make([]string, len(authz.Roles))
	for i, r := range authz.Roles {
		names[i] = string(r)
	}
	return strings.Join(names, ", ")
}

// add makes the account and its role; in an empty database also the force, with
// the priority groups of the referral form (R24), and the first agency.
func (n newUser) add(ctx context.Context, tx *db.Tx) (ref.AccountID, error) {
	at, err := n.findArea(ctx, tx)
	if err != nil {
		return 0, err
	}
	of, err := n.findAgency(ctx, tx)
	if err != nil {
		return 0, err
	}
	return account.EnrolWithin(ctx, tx, n.New, account.NewGrant{Role: authz.Role(n.role), Agency: of, Area: at})
}

func (n newUser) findArea(ctx context.Context, tx *db.Tx) (ref.AreaID, error) {
	all, err := area.Tree(ctx, tx)
	if err != nil {
		return 0, err
	}
	if len(all) == 0 {
		id, err := area.Insert(ctx, tx, area.New{Kind: n.areaKind, Name: n.area})
		for _, g := range area.PrintedGroups {
			if err == nil {
				_, err = area.InsertPriorityGroup(ctx, tx, id, g.Name, g.Short)
			}
		}
		return id, err
	}
	var names []string
	for _, a := range all {
		if strings.EqualFold(a.Name, n.area) {
			return a.ID, nil
		}
		names = append(names, a.Name)
	}
	return 0, fmt.Errorf("there is no area %q; there are %s", n.area, strings.Join(names, ", "))
}

func (n newUser) findAgency(ctx context.Context, tx *db.Tx) (ref.AgencyID, error) {
	all, err := agency.Current(ctx, tx, tx.Today())
	if err != nil {
		return 0, err
	}
	if len(all) == 0 {
		return agency.Insert(ctx, tx, agency.New{Name: n.agency, Kind: n.agencyKind})
	}
	var names []string
	for _, a := range all {
		if strings.EqualFold(a.Name, n.agency) {
			return a.ID, nil
		}
		names = append(names, a.Name)
	}
	return 0, fmt.Errorf("there is no agency %q; there are %s", n.agency, strings.Join(names, ", "))
}

func printLink(ctx context.Context, d *db.DB, id ref.AccountID) error {
	link, err := account.IssueLink(ctx, d, db.Once(db.SystemAccount), id)
	if err != nil {
		return err
	}
	fmt.Printf("Its owner sets a password here, once and before %s:\n  %s\n(after the address of the site)\n",
		link.Expires.In(clock.London).Format("15:04 on 2 January 2006"), link.Path())
	return nil
}

func linkUser(ctx context.Context, args []string) error {
	set := flags("user link")
	dir := set.String("data", "", dataFlag)
	username := set.String("username", "", "whose")
	if err := parse(set, args); err != nil {
		return err
	}
	return keyboard(ctx, *dir, func(d *db.DB) error {
		id, err := ask(ctx, d, func(ctx context.Context, q *db.ReadTx) (ref.AccountID, error) {
			return account.ByUsername(ctx, q, *username)
		})
		if err != nil {
			return err
		}
		if id == 0 {
			return fmt.Errorf("there is no account %q; `iom user list` lists them", *username)
		}
		return printLink(ctx, d, id)
	})
}

func listUsers(ctx context.Context, args []string) error {
	set := flags("user list")
	dir := set.String("data", "", dataFlag)
	if err := parse(set, args); err != nil {
		return err
	}
	type listed struct {
		accounts []account.Account
		grants   map[ref.AccountID][]account.Grant
	}
	return keyboard(ctx, *dir, func(d *db.DB) error {
		all, err := ask(ctx, d, func(ctx context.Context, q *db.ReadTx) (l listed, err error) {
			if l.accounts, err = account.All(ctx, q); err == nil {
				l.grants, err = account.CurrentGrants(ctx, q)
			}
			return l, err
		})
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
		for _, a := range all.accounts {
			_, _ = fmt.Fprintf(w, "%s\t%s\t%s\n", a.Username, a.Name, describe(a, all.grants[a.ID]))
		}
		return w.Flush()
	})
}

func describe(a account.Account, grants []account.Grant) string {
	if a.Disabled() {
		return "disabled"
	}
	if len(grants) == 0 {
		return "no role today"
	}
	words := make([]string, len(grants))
	for i, g := range grants {
		words[i] = g.Role.Word() + ", " + g.AgencyName + ", " + g.AreaName
	}
	return strings.Join(words, "; ")
}

// ask reads as the application itself what concerns nobody who is managed.
func ask[R any](ctx context.Context, d *db.DB, fn func(ctx context.Context, q *db.ReadTx) (R, error)) (R, error) {
	var none R
	system, err := d.StandingOf(ctx, db.SystemAccount)
	if err != nil {
		return none, err
	}
	return db.View(ctx, d, system.Actor, "command line", func(ctx context.Context, q *db.ReadTx) (R, audit.Seen, error) {
		answer, err := fn(ctx, q)
		return answer, audit.Nobody(), err
	})
}
