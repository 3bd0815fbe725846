package ui

// TableOpt is how a table is shown.
type TableOpt struct {
	Caption     string // every table has one
	HideCaption bool   // for screen readers only
	Dense       bool   // small text and little space: the long lists
	Stack       bool   // on a phone each row becomes a block; cells are Cell
}

func (o TableOpt) class() string {
	c := "iom-table"
	if o.Dense {
		c += " iom-table--dense"
	}
	if o.Stack {
		c += " iom-table--stack"
	}
	return c
}

// Paging is where a page stands in a list. Prev and Next are addresses, empty
// at the ends; Shown is "51 to 100 of 312", counted by the caller if it can.
type Paging struct{ Prev, Next, Shown string }

// Sort directions for SortHead.
const (
	Ascending  = "ascending"
	Descending = "descending"
	Unsorted   = "none"
)
