package demo

import (
	"iom/internal/platform/clock"
)

// tell plans the two published cases.
func (s *show) tell(start clock.Date) {}
