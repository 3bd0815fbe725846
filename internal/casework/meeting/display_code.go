package meeting

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"iom/internal/casework/account"
	"iom/internal/casework/ref"
	"iom/internal/platform/audit"
	"iom/internal/platform/authz"
	"iom/internal/platform/db"
	"iom/internal/platform/fault"
)

// CodeLasts is for how long a code for the screen of the room can be typed.
const CodeLasts = 10 * time.Minute

// A code is eight letters and digits of which none looks like another: no 0, O or D beside
// Q, no 1, I or L, no 2 or Z, no 5 or S, no 8 or B, no U beside V. Of 23 there are 78
// thousand million codes, of which a few are good at any time.
const (
	codeLength  = 8
	codeLetters = "34679ACEFGHJKMNPQRTVWXY"
)

// ScreenCode is a code as it was made, shown once and not kept.
type ScreenCode struct {
	Code    string
	Expires time.Time
}

// Shown is the code in two groups, as it is read out.
func (c ScreenCode) Shown() string { return c.Code[:codeLength/2] + "-" + c.Code[codeLength/2:] }

func newCode() string {
	var code strings.Builder
	for code.Len() < codeLength {
		var b [1]byte
		_, _ = rand.Read(b[:]) // crypto/rand does not fail
		// Of 256 values the last three would make some letters likelier than others.
		if n := int(b[0]); n < 256/len(codeLetters)*len(codeLetters) {
			code.WriteByte(codeLetters[n%len(codeLetters)])
		}
	}
	return code.String()
}

// CanonicalCode is a code as it is compared: capitals, without the spaces and hyphens
// that somebody types between its groups.
func CanonicalCode(typed string) string {
	return strings.ToUpper(strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' || r == '\u2010' || r == '\u2011' || r == '\u2013' {
			return -1
		}
		return r
	}, typed))
}

// codeHash is what is kept of a code.
func codeHash(code string) []byte {
	sum := sha256.Sum256([]byte("display code:" + code))
	return sum[:]
}

// MakeDisplayCode makes a code with which a browser that nobody is signed in to becomes a
// screen of an open meeting, by whoever runs it and has signed for it. The codes made for
// the meeting before stop working. A form sent twice is refused: the code is shown once.
func MakeDisplayCode(ctx context.Context, d *db.DB, s db.Submission, id ref.MeetingID) (ScreenCode, error) {
	made := ScreenCode{Code: newCode()}
	kept, err := db.Write(ctx, d, s, func(ctx context.Context, tx *db.Tx) (hash []byte, err error) {
		m, err := runs(ctx, tx, id)
		if err != nil {
			return nil, err
		}
		made.Expires = tx.Now().Add(CodeLasts)
		err = keepCode(ctx, tx, id, made)
		e := event("make display code", id, m.Area)
		e.Operation = audit.Alter
		tx.Record(e)
		return codeHash(made.Code), err
	})
	if err != nil {
		return ScreenCode{}, err
	}
	if string(kept) != string(codeHash(made.Code)) {
		return ScreenCode{}, fault.Refuse("", "", "This code was shown once already and cannot be shown again. Get another one")
	}
	return made, nil
}

// keepCode keeps a code as the latest of its meeting, by the sessions of its maker as they stand.
func keepCode(ctx context.Context, tx *db.Tx, id ref.MeetingID, c ScreenCode) error {
	_, err := tx.Exec(ctx, `INSERT INTO display_code (meeting_id, code_hash, expires_at, session_epoch, recorded_at, recorded_by)
		SELECT $1, $2, $3, a.session_epoch, $4, a.id FROM account a WHERE a.id = $5`, id, codeHash(c.Code), c.Expires, tx.Now(), tx.Actor().Account)
	return err
}

// endCodes has the code that was made for a meeting stop working: one that nobody is told
// and that has run out already takes its place.
func endCodes(ctx context.Context, tx *db.Tx, id ref.MeetingID) error {
	return keepCode(ctx, tx, id, ScreenCode{Code: newCode(), Expires: tx.Now()})
}

// Room is a screen that was set up by a code: what its browser may show, and in whose
// name.
type Room struct {
	Meeting ref.MeetingID
	Screen  int64
	Account ref.AccountID
	Epoch   int64 // of the account's sessions
}

// unusableCode is the one answer to a code that never was, that was used, that has run
// out, that another one replaced, and whose meeting or maker may not show anything now.
func unusableCode() error {
	return fault.Refuse("code", "R63", "This code cannot be used. A code works once and for ten minutes: ask the co-ordinator for a new one")
}

// StartDisplayByCode sets up a screen by a code that somebody typed at the address given,
// without signing in. It is a screen of who made the code, and of that meeting alone. Too
// many tries from one address have to wait, as at signing in. The problem's field is code.
func StartDisplayByCode(ctx context.Context, d *db.DB, typed, source string) (Room, error) {
	try, err := account.CountCode(ctx, d, source)
	if err != nil {
		return Room{}, err
	}
	hash := codeHash(CanonicalCode(typed))
	maker, err := db.View(ctx, d, authz.Actor{}, "display code", func(ctx context.Context, q *db.ReadTx) (who ref.AccountID, _ audit.Seen, err error) {
		_, _, who, err = usable(ctx, q, hash)
		return who, audit.Nobody(), err
	})
	if err == nil {
		var room Room
		if room, err = takeCode(ctx, d, maker, hash, try); err == nil {
			return room, nil
		}
	}
	switch fault.KindOf(err) {
	case fault.Invalid, fault.Forbidden, fault.NotFound: // one answer, and a line in the log
		if err := refuseCode(ctx, d); err != nil {
			return Room{}, err
		}
		return Room{}, unusableCode()
	}
	return Room{}, err
}

// usable finds a code that can still be used: the latest of its meeting, in time, not
// used.
func usable(ctx context.Context, q db.Querier, hash []byte) (code int64, id ref.MeetingID, maker ref.AccountID, err error) {
	err = q.QueryRow(ctx, `SELECT c.id, c.meeting_id, c.recorded_by FROM display_code c WHERE c.code_hash = $1 AND c.expires_at > $2
		AND NOT EXISTS (SELECT FROM display_code_use u WHERE u.code_id = c.id)
		AND NOT EXISTS (SELECT FROM display_code later WHERE later.meeting_id = c.meeting_id AND later.id > c.id)`, hash, q.Now()).Scan(&code, &id, &maker)
	if errors.Is(err, pgx.ErrNoRows) {
		err = unusableCode()
	}
	return code, id, maker, err
}

// takeCode uses a code up and sets up its screen, in the name of who made it: who has
// to run the meeting still. Of several at once the first one has it.
func takeCode(ctx context.Context, d *db.DB, maker ref.AccountID, hash []byte, try int64) (Room, error) {
	standing, err := d.StandingOf(ctx, int64(maker))
	if err != nil {
		return Room{}, err
	}
	if standing.Disabled {
		return Room{}, unusableCode()
	}
	return db.Write(ctx, d, db.Once(int64(maker)), func(ctx context.Context, tx *db.Tx) (r Room, err error) {
		r = Room{Account: maker, Epoch: standing.SessionEpoch}
		code, id, _, err := usable(ctx, tx, hash)
		if err != nil {
			return r, err
		}
		var epoch int64
		if err := tx.QueryRow(ctx, `SELECT session_epoch FROM display_code WHERE id = $1`, code).Scan(&epoch); err != nil {
			return r, err
		}
		if epoch != r.Epoch { // the maker's sessions were ended since, and what they began with them
			return r, unusableCode()
		}
		m, err := runs(ctx, tx, id)
		if err != nil {
			return r, err
		}
		r.Meeting = id
		if err := tx.QueryRow(ctx, `INSERT INTO meeting_display (meeting_id, recorded_at, recorded_by) VALUES ($1, $2, $3) RETURNING id`,
			id, tx.Now(), maker).Scan(&r.Screen); err != nil {
			return r, err
		}
		used, err := tx.Exec(ctx, `INSERT INTO display_code_use (code_id, display_id, recorded_at, recorded_by) VALUES ($1, $2, $3, $4) ON CONFLICT (code_id) DO NOTHING`,
			code, r.Screen, tx.Now(), maker)
		if err == nil && used.RowsAffected() == 0 {
			err = unusableCode()
		}
		if err != nil {
			return r, err
		}
		e := event("start display by code", id, m.Area)
		e.Operation = audit.Disclose
		tx.Record(e)
		return r, account.Forgive(ctx, tx, try)
	})
}

func refuseCode(ctx context.Context, d *db.DB) error {
	_, err := db.Write(ctx, d, db.Once(db.SystemAccount), func(_ context.Context, tx *db.Tx) (bool, error) {
		tx.Record(audit.Event{Operation: audit.Consult, Command: "meeting.start display by code", Object: "meeting", Refused: true})
		return true, nil
	})
	return err
}
