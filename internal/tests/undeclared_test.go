package tests

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"iom/web/webtest"
)

// told makes each write tell what it wrote just before it would commit, and fail:
// so that two fillings of one form can be compared row by row.
func (w *world) told(t *testing.T) {
	t.Helper()
	w.exec(t, `CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
		PERFORM set_config('proof.rows', coalesce(current_setting('proof.rows', true), '') || TG_OP || ' ' || TG_TABLE_NAME || ' ' ||
			(CASE TG_OP WHEN 'DELETE' THEN to_jsonb(OLD) ELSE to_jsonb(NEW) END)::text || E'\n', true);
		RETURN NULL; END $$`)
	for _, table := range lines(t, w.super, `SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
		AND relname NOT IN ('log_event', 'session', 'form_use')`) {
		w.exec(t, `CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE ON `+table+` FOR EACH ROW EXECUTE FUNCTION note()`)
	}
	w.exec(t, `CREATE FUNCTION stop() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
		RAISE EXCEPTION 'would have been done: %', coalesce(current_setting('proof.rows', true), '') || 'INSERT log_event ' || to_jsonb(NEW)::text; END $$`)
	w.exec(t, `CREATE TRIGGER stop BEFORE INSERT ON log_event FOR EACH ROW WHEN (NEW.operation <> 'consult') EXECUTE FUNCTION stop()`)
}

var reference = regexp.MustCompile(`report this number: (\S+)`)

// wrote is what a write that was stopped told of, by table; nil when the answer is
// not that of a write that was stopped.
func (w *world) wrote(t *testing.T, a *webtest.Answer) map[string][]map[string]any {
	t.Helper()
	number := reference.FindStringSubmatch(a.Text("main"))
	if a.Status != http.StatusInternalServerError || number == nil {
		return nil
	}
	log := w.Log()
	at := strings.LastIndex(log, " request="+number[1]+" ")
	if at < 0 {
		t.Fatalf("the log knows nothing of %s", number[1])
	}
	line, _, _ := strings.Cut(log[at:], "\n")
	_, quoted, _ := strings.Cut(line, " error=")
	text, err := strconv.Unquote(quoted)
	_, rows, stopped := strings.Cut(text, "would have been done: ")
	if err != nil || !stopped {
		t.Errorf("a fault: %.500s", line)
		return nil
	}
	rows, _, _ = strings.Cut(rows, " (SQLSTATE")
	all := map[string][]map[string]any{}
	for row := range strings.Lines(rows) {
		parts := strings.SplitN(row, " ", 3)
		var columns map[string]any
		if err := json.Unmarshal([]byte(parts[2]), &columns); err != nil {
			t.Fatalf("%s: %v", row, err)
		}
		table := parts[0] + " " + parts[1]
		all[table] = append(all[table], columns)
	}
	return all
}

// column is all values of a column, in no order.
func column(rows []map[string]any, name string) string {
	var all []string
	for _, r := range rows {
		all = append(all, fmt.Sprint(r[name]))
	}
	slices.Sort(all)
	return strings.Join(all, "\n")
}

// differences are the columns in which two writes differ, "INSERT contact.log".
func differences(a, b map[string][]map[string]any) []string {
	var all []string
	for _, table := range slices.Sorted(maps.Keys(both(a, b))) {
		names := map[string]bool{}
		for _, r := range slices.Concat(a[table], b[table]) {
			for name := range r {
				names[name] = true
			}
		}
		if len(a[table]) != len(b[table]) {
			all = append(all, fmt.Sprintf("%s: %d rows, then %d", table, len(a[table]), len(b[table])))
		}
		for _, name := range slices.Sorted(maps.Keys(names)) {
			if column(a[table], name) != column(b[table], name) {
				all = append(all, table+"."+name)
			}
		}
	}
	return all
}

func both[V any](a, b map[string]V) map[string]V {
	all := map[string]V{}
	maps.Copy(all, a)
	maps.Copy(all, b)
	return all
}

// consults are the forms that ask a question and write nothing of anybody: they
// are answered, not stopped.
var consults = []string{"POST /search", "POST /referrals/new", "POST /meetings/{id}/sheet/{nominal}/call"}

// withPassword cannot be sent successfully here: the accounts of a world have no
// password. Package signinpage tests it with one.
const withPassword = "POST /account/password"

// What a form does not declare cannot be set (security.md 9): every column of every
// table, sent with every form in the body and in the address, changes nothing of
// what is written.
func TestWhatAFormDoesNotDeclareCannotBeSet(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.told(t)
	columns := lines(t, s.super, `SELECT DISTINCT column_name::text FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1`)
	if len(columns) < 100 {
		t.Fatalf("only %d columns", len(columns))
	}
	for _, form := range s.sheets(t) {
		if slices.Contains(consults, form.route) || form.route == withPassword {
			continue
		}
		first := s.wrote(t, form.who.send(http.MethodPost, form.at, form.body))
		if first == nil {
			a := form.who.send(http.MethodPost, form.at, form.body)
			t.Errorf("%s was not accepted: %d %.300s", form.route, a.Status, a.Text("main"))
			continue
		}
		fresh := differences(first, s.wrote(t, form.who.send(http.MethodPost, form.at, form.body))) // ids, request numbers
		for _, value := range []string{"1", "yes", "1/6/2026"} {
			extra := undeclared(form, columns, value)
			a := form.who.send(http.MethodPost, withQuery(form.at, extra), both(form.body, extra))
			got := s.wrote(t, a)
			if got == nil {
				t.Errorf("%s with %q in what it does not declare: %d %.300s", form.route, value, a.Status, a.Text("main"))
				continue
			}
			for _, d := range differences(first, got) {
				if !slices.Contains(fresh, d) {
					t.Errorf("%s with %q in what it does not declare: %s differs", form.route, value, d)
				}
			}
		}
	}
}

// undeclared are all columns that are no control of the form, also with the
// beginnings that the form's own names have.
func undeclared(form sheet, columns []string, value string) url.Values {
	begins := map[string]bool{"": true}
	for _, c := range form.asked {
		if i := strings.LastIndexAny(c.name, ".-"); i > 0 {
			begins[c.name[:i+1]] = true
		}
	}
	extra := url.Values{}
	for begin := range begins {
		for _, name := range columns {
			name = begin + name
			if !form.body.Has(name) && !slices.ContainsFunc(form.asked, func(c control) bool { return c.name == name }) {
				extra.Set(name, value)
			}
		}
	}
	return extra
}

func withQuery(at string, values url.Values) string {
	if strings.Contains(at, "?") {
		return at + "&" + values.Encode()
	}
	return at + "?" + values.Encode()
}
