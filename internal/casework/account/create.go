package account

import (
	"context"
	"regexp"
	"strings"

	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// New is an account to be made. It has no password: the person sets one with a
// link (IssueLink).
type New struct {
	Username  string
	Name      string
	Email     string
	Telephone string
}

// usernames are lower-case; Postgres holds the same rule.
var usernames = regexp.MustCompile(`^[a-z0-9][a-z0-9._@-]{1,79}$`)

// CanonicalUsername is a username as it is kept, whatever case was typed.
func CanonicalUsername(typed string) string { return strings.ToLower(strings.TrimSpace(typed)) }

// CheckNew says what is wrong with a new account.
func CheckNew(n New) (problems []fault.Problem) {
	switch {
	case n.Username == "":
		problems = append(problems, fault.Problem{Field: "username", Text: "Enter a username"})
	case !usernames.MatchString(n.Username):
		problems = append(problems, fault.Problem{Field: "username",
			Text: "The username must have 2 to 80 characters, and only letters, figures, full stops, hyphens, underscores or @"})
	}
	return append(problems, checkDetails(n.Name, n.Email, n.Telephone)...)
}

func checkDetails(name, email, telephone string) (problems []fault.Problem) {
	switch {
	case name == "":
		problems = append(problems, fault.Problem{Field: "name", Text: "Enter the person's name"})
	case len([]rune(name)) > 200:
		problems = append(problems, fault.Problem{Field: "name", Text: "The name must be 200 characters or fewer"})
	}
	if email != "" && (len(email) > 200 || strings.Count(email, "@") != 1 || strings.ContainsAny(email, " \t\r\n") ||
		strings.HasPrefix(email, "@") || strings.HasSuffix(email, "@")) {
		problems = append(problems, fault.Problem{Field: "email", Text: "Enter an e-mail address as name@example.police.uk"})
	}
	if len(telephone) > 40 {
		problems = append(problems, fault.Problem{Field: "telephone", Text: "The telephone number must be 40 characters or fewer"})
	}
	return problems
}

// Create makes an account. The fields of its problems are "username", "name",
// "email" and "telephone".
func Create(ctx context.Context, d *db.DB, s db.Submission, n New) (ref.AccountID, error) {
	return db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (ref.AccountID, error) {
		return Insert(ctx, tx, n)
	})
}

// Insert is Create within a transaction.
func Insert(ctx context.Context, tx *db.Tx, n New) (id ref.AccountID, err error) {
	if !tx.Actor().May(authz.ManageAccounts) {
		return 0, fault.Denied("Only an administrator may do this")
	}
	n.Username = CanonicalUsername(n.Username)
	n.Name, n.Email, n.Telephone = strings.Join(strings.Fields(n.Name), " "), strings.TrimSpace(n.Email), strings.TrimSpace(n.Telephone)
	if err := fault.Refused(CheckNew(n)); err != nil {
		return 0, err
	}
	err = tx.QueryRow(ctx, `INSERT INTO account (kind, username, name, email, telephone, recorded_at, recorded_by)
		VALUES ('person', $1, $2, $3, $4, $5, $6) RETURNING id`, n.Username, n.Name, n.Email, n.Telephone, tx.Now(), tx.Actor().Account).Scan(&id)
	if db.Violates(err, "account_username_key") {
		return 0, fault.Refuse("username", "", "There is an account with this username already")
	}
	if err != nil {
		return 0, err
	}
	tx.Record(audit.Event{Operation: audit.Collect, Command: "account.create", Object: "account", ObjectID: int64(id),
		Fields: []string{"username", "name", "email", "telephone"}})
	return id, nil
}
