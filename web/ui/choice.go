package ui

var yesNo = []Option{{Value: "yes", Text: "Yes"}, {Value: "no", Text: "No"}}
