package nominalpage

// otherwise is the text, or what stands in its place when it is empty.
func otherwise(text, instead string) string {
	if text == "" {
		return instead
	}
	return text
}

// answerWord is an answer to a yes-or-no question; without one it is not answered.
func answerWord(answer string) string {
	switch answer {
	case "yes":
		return "Yes"
	case "no":
		return "No"
	}
	return "Not answered"
}
