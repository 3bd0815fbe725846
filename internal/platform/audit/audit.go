// Package audit holds what the log records: the six legal operations of section
// 62 of the Data Protection Act 2018, with who, when, on whom, and the names of
// fields, never their values.
package audit

// Operation is one of the six that the law wants logged.
type Operation string

// The six. A route declares which one it is.
const (
	Collect  Operation = "collect"
	Consult  Operation = "consult"
	Alter    Operation = "alter"
	Disclose Operation = "disclose"
	Combine  Operation = "combine"
	Erase    Operation = "erase"
	None     Operation = "none" // touches nobody's data: a sign-in page, one's own password
)

// Event is one line of the log. Account, time and request come from the
// transaction that records it.
type Event struct {
	Operation Operation
	Command   string // what was done, as "referral.submit"
	Area      int64  // of the record; 0 for something over several areas
	Nominals  []int64
	Listed    bool   // seen in a list, not opened
	Object    string // the noun, as "action"
	ObjectID  int64
	Fields    []string // names only
	Reason    string   // of a restricted record, break-glass or export only
	Refused   bool
}

// Seen is whom a page showed. A query cannot answer without saying so.
type Seen struct {
	nominals []int64
	listed   bool
	area     int64
}

// Opened is the page of one nominal in an area.
func Opened[ID ~int64, A ~int64](nominal ID, area A) Seen {
	return Seen{nominals: []int64{int64(nominal)}, area: int64(area)}
}

// Listed is a list with these nominals in it; an empty list is logged too.
func Listed[ID ~int64](nominals []ID) Seen {
	ids := make([]int64, len(nominals))
	for i, n := range nominals {
		ids[i] = int64(n)
	}
	return Seen{nominals: ids, listed: true}
}

// Nobody is a page that shows no person who is managed: accounts, agencies, a
// blank form.
func Nobody() Seen { return Seen{} }

// Consultation is the event of what was seen; ok is false when it was nobody.
func (s Seen) Consultation(command string) (e Event, ok bool) {
	if s.nominals == nil {
		return Event{}, false
	}
	return Event{Operation: Consult, Command: command, Area: s.area, Nominals: s.nominals, Listed: s.listed}, true
}
