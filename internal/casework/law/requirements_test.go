package law

import "testing"

// R128: exactly ten; R129: the first eight apply in virtually all cases.
func TestTheTenRequirementsOfR128(t *testing.T) {
	t.Parallel()
	if len(Requirements) != 10 {
		t.Fatalf("%d requirements", len(Requirements))
	}
	for i, r := range Requirements {
		if r.Number != i+1 || r.Text == "" || r.Usual != (i < 8) {
			t.Errorf("%+v", r)
		}
	}
	for _, number := range []int{0, 11, -1} {
		if _, ok := RequirementNumbered(number); ok {
			t.Errorf("there is a requirement %d", number)
		}
	}
}

// R131: nothing but the brackets changes, and each has to be filled.
func TestOnlyBracketsAreFilledByR131(t *testing.T) {
	t.Parallel()
	reside, _ := RequirementNumbered(5)
	if got, problems := reside.Filled([]string{" 12 Sandpiper Way "}); len(problems) > 0 ||
		got != "Reside at the approved address 12 Sandpiper Way and get permission beforehand for one or more nights away" {
		t.Errorf("%q, %+v", got, problems)
	}
	for name, values := range map[string][]string{"nothing": nil, "empty": {" "}, "too many": {"a", "b"}, "a bracket": {"[x]"}} {
		if got, problems := reside.Filled(values); len(problems) != 1 || got != "" {
			t.Errorf("%s: %q, %+v", name, got, problems)
		}
	}
	for _, r := range Requirements {
		values := make([]string, len(r.Brackets()))
		for i := range values {
			values[i] = "x"
		}
		if text, problems := r.Filled(values); len(problems) > 0 || text == "" || len(values) == 0 && text != r.Text {
			t.Errorf("requirement %d: %q, %+v", r.Number, text, problems)
		}
	}
}
