package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/account"
	"iom/internal/casework/ref"
	"iom/internal/insight/trail"
	"iom/internal/platform/audit"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
)

// runAudit reads the log at the keyboard.
func runAudit(ctx context.Context, args []string) error {
	if len(args) == 0 || args[0] != "list" {
		return errors.New("say what to do: `iom audit list`; it takes --help")
	}
	set := flags("audit list")
	dir := set.String("data", "", dataFlag)
	username := set.String("account", "", "only what the person with this username did")
	nominal := set.Int64("nominal", 0, "only what concerned the nominal with this number")
	operation := set.String("operation", "", "only one of collect, consult, alter, disclose, combine, erase")
	since := set.String("since", "", "only from this day on, as 2006-01-02")
	until := set.String("until", "", "only up to this day, as 2006-01-02")
	limit := set.Int("limit", 200, "at most so many entries, the newest")
	asJSON := set.Bool("json", false, "one JSON object a line, with everything that the log holds")
	if err := parse(set, args[1:]); err != nil {
		return err
	}
	f := trail.Filter{Nominal: ref.NominalID(*nominal), Operation: audit.Operation(*operation), Limit: *limit}
	var err error
	if f.From, err = day("--since", *since); err != nil {
		return err
	}
	if f.To, err = day("--until", *until); err != nil {
		return err
	}
	if *limit < 1 {
		return errors.New("--limit must be 1 or more")
	}
	entries, more, err := readLog(ctx, *dir, *username, f)
	if err != nil {
		return err
	}
	if *asJSON {
		out := json.NewEncoder(os.Stdout)
		for _, e := range entries {
			if err := out.Encode(e); err != nil {
				return err
			}
		}
	} else if err := printLog(entries); err != nil {
		return err
	}
	if more {
		_, _ = fmt.Fprintf(os.Stderr, "There are older entries; --limit shows more, --until starts further back.\n")
	}
	return nil
}

func day(flag, text string) (clock.Date, error) {
	if text == "" {
		return clock.Date{}, nil
	}
	d, err := clock.ParseISO(text)
	if err != nil {
		return d, fmt.Errorf("%s: give a day as 2006-01-02", flag)
	}
	return d, nil
}

// readLog reads as the auditor's own role where its address is known, else as the
// application.
func readLog(ctx context.Context, dir, username string, f trail.Filter) (entries []trail.Entry, more bool, err error) {
	where, err := locate(ctx, dir, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, false, err
	}
	defer func() { err = errors.Join(err, where.close()) }()
	if where.auditor != "" {
		c, err := pgx.Connect(ctx, where.auditor)
		if err != nil {
			return nil, false, fmt.Errorf("the database cannot be reached; check AUDITOR_DATABASE_URL: %w", err)
		}
		defer func() { _ = c.Close(ctx) }() // nothing is lost with it
		if username != "" {
			err := c.QueryRow(ctx, `SELECT id FROM account WHERE username = $1`, account.CanonicalUsername(username)).Scan(&f.Account)
			if errors.Is(err, pgx.ErrNoRows) {
				return nil, false, noAccount(username)
			}
			if err != nil {
				return nil, false, err
			}
		}
		return trail.Read(ctx, c, f)
	}
	d, err := where.open(ctx, clock.System{})
	if err != nil {
		return nil, false, err
	}
	defer d.Close()
	entries, err = ask(ctx, d, func(ctx context.Context, q *db.ReadTx) (found []trail.Entry, err error) {
		if username != "" {
			if f.Account, err = account.ByUsername(ctx, q, username); err != nil {
				return nil, err
			}
			if f.Account == 0 {
				return nil, noAccount(username)
			}
		}
		found, more, err = trail.Read(ctx, q, f)
		return found, err
	})
	return entries, more, err
}

func noAccount(username string) error {
	return fmt.Errorf("there is no account %q; `iom user list` lists them", username)
}

func printLog(entries []trail.Entry) error {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	for _, e := range entries {
		about := e.Object
		if e.ObjectID != 0 {
			about += " " + strconv.FormatInt(e.ObjectID, 10)
		}
		_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", e.At.Format("2006-01-02 15:04:05"), e.Username, e.Operation, e.Outcome, e.Command, nominals(e), strings.TrimSpace(about))
	}
	return w.Flush()
}

func nominals(e trail.Entry) string {
	if len(e.Nominals) > 10 {
		return fmt.Sprintf("%d nominals", len(e.Nominals))
	}
	return strings.Trim(fmt.Sprint(e.Nominals), "[]")
}
