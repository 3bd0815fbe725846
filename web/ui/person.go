package ui

// Person is what the banner over every page of a nominal says.
type Person struct {
	Name        string
	Href        string // of the person's page; empty on that page itself
	RAG         RAG
	Warnings    []string // markers: "Violent", "Weapons", "Self-harm"
	Born        string   // "3 May 1991, aged 34"
	Lead        string   // lead agency and worker
	NextRelease string   // empty when not in custody
	URN, PNCID  string
	Facts       []Fact // anything else, in this order
}

// Fact is one short pair of the banner.
type Fact struct{ Key, Value string }

// facts are the pairs that have a value, the known ones first.
func (p Person) facts() []Fact {
	all := append([]Fact{
		{"Born", p.Born}, {"Lead", p.Lead}, {"Next release", p.NextRelease},
		{"URN", p.URN}, {"PNCID", p.PNCID},
	}, p.Facts...)
	kept := all[:0]
	for _, f := range all {
		if f.Value != "" {
			kept = append(kept, f)
		}
	}
	return kept
}

// Attention is one thing that wants doing, with where to do it. Why says which
// rule asks for it; When is a date in words or "3 days overdue".
type Attention struct {
	Text, Href, When, Why string
	Late                  bool
	Do                    Link // does the thing at once, beside the way to it; may be empty
}
