package ui

import "strconv"

// filterCount says how many filters are in force.
func filterCount(applied []Applied) string {
	return strconv.Itoa(len(applied)) + " in force"
}
