package demo

import "iom/internal/casework/rag"

// What people write in the scheme. Plain, short and invented.

// profile is a kind of offending with what goes with it.
type profile struct {
	offences string
	evidence string
	history  string
	group    string // short name of a priority group; empty for none
	needs    map[string]string
	domestic bool
}

var profiles = []profile{
	{
		offences: "Burglary dwelling; theft from motor vehicle", group: "SAC",
		evidence: "Named in eleven acquisitive crimes in four months, three charged. Offends within days of each release and near where he stays.",
		history:  "Known since youth. 41 convictions for 96 offences, mostly burglary and theft.",
		needs:    map[string]string{"accommodation": "Sofa surfing; no tenancy for two years", "drugs and alcohol": "Daily heroin and crack use", "finance, benefit and debt": "No bank account; benefit claim closed"},
	},
	{
		offences: "Theft from shops; breach of criminal behaviour order", group: "SAC",
		evidence: "Linked to more than sixty shop thefts this year. Business crime partnership reports thefts on most days.",
		history:  "27 convictions, all theft. Two community orders revoked for not attending.",
		needs:    map[string]string{"drugs and alcohol": "Crack use funds itself by theft", "health": "Leg ulcers untreated; no GP", "accommodation": "Street homeless at times"},
	},
	{
		offences: "Assault occasioning actual bodily harm; controlling or coercive behaviour", group: "DV", domestic: true,
		evidence: "Repeated calls to two former partners' addresses. Breaches of restraining order rise after drinking.",
		history:  "Nine convictions for violence against partners over seven years.",
		needs:    map[string]string{"domestic abuse": "Minimises the harm done; wants contact with children", "drugs and alcohol": "Drinks heavily at weekends", "attitudes, thinking and behaviour": "Blames the victims"},
	},
	{
		offences: "Robbery; possession of a bladed article", group: "Gangs",
		evidence: "Seen with others who carry knives. Two robberies of young people in the town centre. Debt to a drug line.",
		history:  "Six convictions since he was 15, two for weapons.",
		needs:    map[string]string{"education, training and employment": "Left school at 15; never worked", "attitudes, thinking and behaviour": "Sees carrying a knife as safety", "children and families": "Mother asks for help with him"},
	},
	{
		offences: "Possession with intent to supply class A; exploitation of a vulnerable adult", group: "SOC",
		evidence: "Runs lines from two addresses of vulnerable people. Violence feared when debts are called in.",
		history:  "14 convictions; served 30 months for supply.",
		needs:    map[string]string{"finance, benefit and debt": "Lives on cash with no lawful income", "attitudes, thinking and behaviour": "No wish yet to stop", "accommodation": "Moves between other people's homes"},
	},
	{
		offences: "Theft of motor vehicle; aggravated vehicle taking; driving while disqualified", group: "SAC",
		evidence: "Takes cars to order and for the drive. Pursuits have put the public at risk twice this year.",
		history:  "33 convictions, 19 for vehicle crime.",
		needs:    map[string]string{"education, training and employment": "Good with engines; no certificates", "drugs and alcohol": "Cannabis daily", "attitudes, thinking and behaviour": "Enjoys the risk"},
	},
	{
		offences: "Burglary non-dwelling; criminal damage; common assault",
		evidence: "Calls on every emergency service each week. Mental ill health and alcohol make each contact a risk.",
		history:  "22 convictions, a pattern of short sentences.",
		needs:    map[string]string{"health": "Psychosis when not taking medication", "drugs and alcohol": "Street drinker", "accommodation": "Evicted from supported housing"},
	},
}

var threats = []string{
	"The harm falls on people who live near. Without daily contact the pattern returns within a week. Risk to staff: see warnings; visit in pairs.",
	"Risk of serious harm is medium, likelihood of reoffending very high. The next three months matter: a tenancy and treatment have been offered.",
	"Victims are at risk of repeat offending. A plan shared by police, probation and treatment is more than any one agency can do.",
}

var warnings = []string{"Violent", "Weapons", "Self-harm", "Drugs", "Escaper", "Visit in pairs", "Contagious", "Suicidal"}

// reviewReasons say why a meeting gave each rating.
var reviewReasons = map[rag.Rating][]string{
	rag.Red: {
		"Two missed appointments and intelligence of new offending.",
		"Just released; no address yet. Weekly visits to start at once.",
		"Using again and staying with others on the cohort.",
		"Stays RED: nothing has changed enough to ease off.",
	},
	rag.Amber: {
		"Keeps most appointments; no relevant intelligence this month.",
		"Engaging with treatment; two negative tests. Still without work.",
		"Steady, though housing is temporary.",
	},
	rag.Green: {
		"Stable in own tenancy and in work. Exit plan to be drawn up.",
		"No intelligence for months, full attendance. Monitor only.",
	},
	rag.Prison:   {"In custody.", "Serving a sentence; plan for release to follow."},
	rag.RedAlert: {"Circulated as wanted; failed to return to approved premises.", "Wanted for recall: whereabouts not known."},
}

var discussions = []string{
	"Police: one stop in the town centre, nothing found. Probation: attending. Treatment: script picked up daily.",
	"Housing: application made, waits for a decision. Probation to support with a letter.",
	"Treatment: missed two key-work sessions, seen on outreach. Police: seen with others on the cohort.",
	"Probation: kept all appointments this month. Family contact has resumed.",
	"Police: named in one crime, alibi being checked. Treatment: reduced dose as agreed.",
	"Prison reports good conduct and work in the kitchen. Release address still to be found.",
}

// actionTexts by the kind of agency that does them, with the pathway.
var actionTexts = map[string][]struct{ text, pathway string }{
	"police": {
		{"Visit at home with probation and check who lives there", "accommodation"},
		{"Brief the neighbourhood team on where and when to expect him", "attitudes, thinking and behaviour"},
		{"Check suitability for a voluntary GPS tag", "attitudes, thinking and behaviour"},
	},
	"probation": {
		{"Agree weekly supervision with a clear plan for each session", "attitudes, thinking and behaviour"},
		{"Refer to employment support and go along to the first meeting", "education, training and employment"},
		{"Help to open a bank account and a benefit claim", "finance, benefit and debt"},
	},
	"substance misuse": {
		{"Offer a treatment start within five days and report the outcome", "drugs and alcohol"},
		{"Share one test result a month with the lead worker", "drugs and alcohol"},
	},
	"housing": {
		{"Make a housing assessment and say what can be offered", "accommodation"},
		{"Ask the landlord to hold the eviction while he attends treatment", "accommodation"},
	},
	"youth": {
		{"Arrange a place on the mentoring programme", "education, training and employment"},
	},
}

var progressNotes = []string{
	"Done in part; second visit booked.", "Nobody in; a card was left and a text sent.", "Appointment kept; next one next week.",
	"Waits for an answer from the landlord.", "Spoke on the telephone; will come on Thursday.",
}

var contactLogs = map[string][]string{
	"home visit":          {"Seen at home, flat tidy, nobody else there.", "Seen with mother. Talked about work.", "Joint visit; seen and well, no sign of drug use."},
	"supervision session": {"Session on triggers and plans for the weekend.", "Came on time. Talked about the course he starts.", "Short session; tired and low, key-worker told."},
	"key-work session":    {"Attended; script reviewed.", "Attended; goals for the month agreed."},
	"telephone":           {"Rang to say he would be late; came in the end.", "Answered; appointments for the week confirmed."},
	"police contact":      {"Stopped on foot in the town centre, nothing found, in good spirits.", "Seen near the station with two others; spoken to."},
}

// missedLogs are for a visit or an appointment that did not come about.
var missedLogs = []string{
	"Nobody in; a card was left.", "Did not come; rang later and gave no reason.", "Not there at the time agreed; a text was sent.",
}

var intelligenceTexts = []string{
	"Said to be selling tools from a van at the weekend.", "Seen with others on the cohort near the precinct late at night.",
	"Talks of a debt that has to be paid by Friday.", "New telephone number; contact with a line in the north of the county.",
}
