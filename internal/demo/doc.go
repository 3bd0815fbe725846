// Package demo makes the demonstration scheme: Sussex as the operational guide
// draws it, with invented people who were referred, adopted, rated, visited,
// taken into custody and deregistered over five years. Everything is done by the
// commands that the pages use, by the people who may, under a clock that is set;
// nothing is inserted past them. The same seed and day make the same scheme.
package demo
