package ui

// Task is a line of a task list. Colour is that of Tag; a status without one
// is plain text, as for "Completed". A task without an address cannot be
// started yet.
type Task struct{ Name, Hint, Href, Status, Colour string }

// Count is a number at the head of a list, leading to the part it counts.
type Count struct {
	Number  int
	Text    string
	Href    string
	Current bool
}
