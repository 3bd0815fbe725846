package ui

// titled is the same chrome with another title and without what belonged to
// the page that could not be shown.
func (c Chrome) titled(title string) Chrome {
	c.Title, c.Notice, c.Problems, c.Print = title, "", nil, false
	return c
}
