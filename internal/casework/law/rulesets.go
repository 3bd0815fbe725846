package law

import "iom/internal/platform/clock"

var day = clock.MustISO

// Days on which the law changed.
var (
	commencement2003   = day("2005-04-04") // release under the Criminal Justice Act 2003
	laspo              = day("2012-12-03") // the same for every sentence passed from here on
	oraCommencement    = day("2015-02-01") // licence under 12 months, post-sentence supervision
	fortyCommencement  = day("2024-09-10")
	moreExclusions     = day("2024-12-16") // six more offences kept at half
	longCurfew         = day("2025-06-03") // curfew for up to 365 days
	supervisionRepeal  = day("2026-05-11") // first day without post-sentence supervision
	adultCurfewEnds    = day("2026-09-02") // no adult becomes eligible from here on
	thirdCommencement  = day("2026-10-01")
	fifty6Commencement = day("2026-03-31")
)

const (
	calculator = "Ministry of Justice, calculate-release-dates-api, August 2026"
	statutes   = "legislation.gov.uk"
)

// Rule sets of release. The share is what is served in custody.
var (
	HalfWay = RuleSet{ID: "half-way", Name: "Release at half-way (50%)", From: commencement2003, To: day("2024-09-09"), Looks: AtSentence,
		Law: "Criminal Justice Act 2003 sections 243A and 244", Source: calculator, Share: Fraction{1, 2}}

	HalfWayKept = RuleSet{ID: "half-way-kept", Name: "Release at half-way (50%), kept for offences excluded from 40%", From: fortyCommencement, Looks: AtSentence,
		Law:    "Criminal Justice Act 2003 sections 243A and 244; SI 2024/844 article 3 and Schedule, SI 2024/1331 article 3 from 16 December 2024",
		Source: statutes + "; " + calculator, Share: Fraction{1, 2}}

	Forty = RuleSet{ID: "forty", Name: "Release at 40% (SDS40)", From: fortyCommencement, To: day("2026-09-30"), Looks: AtSentence,
		Law:    "Criminal Justice Act 2003 sections 243A and 244 as modified by SI 2024/844 article 3",
		Source: statutes + "; " + calculator, Share: Fraction{2, 5},
		Tranches: []Tranche{
			{Name: "tranche 1", Under: Term{Years: 5}, From: fortyCommencement},
			{Name: "tranche 2", From: day("2024-10-22")},
		}}

	FortyKept = RuleSet{ID: "forty-kept", Name: "Release at 40% (SDS40), kept for sentences that one-third leaves out", From: thirdCommencement, Looks: AtSentence,
		Law:    "Criminal Justice Act 2003 sections 243A and 244 as modified by SI 2024/844 article 3; Sentencing Act 2026 section 23",
		Source: calculator, Share: Fraction{2, 5}}

	Third = RuleSet{ID: "one-third", Name: "Release at one-third (progression model)", From: thirdCommencement, Looks: AtSentence,
		Law: "Sentencing Act 2026 section 23", Source: "lawglobalhub.com; " + calculator, Share: Fraction{1, 3}, Tranches: progression}

	TwoThirds = RuleSet{ID: "two-thirds", Name: "Release at two-thirds (SDS+)", From: day("2020-04-01"), Looks: AtSentence,
		Law: "Criminal Justice Act 2003 section 244ZA; SI 2020/158", Source: calculator, Share: Fraction{2, 3}}

	HalfOfPlus = RuleSet{ID: "half-of-plus", Name: "Release at half-way for SDS+ (progression model)", From: thirdCommencement, Looks: AtSentence,
		Law: "Sentencing Act 2026 section 23", Source: "lawglobalhub.com; " + calculator, Share: Fraction{1, 2}, Tranches: progression}
)

// progression are the days on which the progression model comes to sentences passed
// before it began.
var progression = []Tranche{
	{Name: "tranche 1", UpTo: 574, From: thirdCommencement},
	{Name: "tranche 2", UpTo: 882, From: day("2026-10-13")},
	{Name: "tranche 3", UpTo: 1162, From: day("2026-11-10")},
	{Name: "tranche 4", UpTo: 1561, From: day("2026-12-08")},
	{Name: "tranche 5", UpTo: 2121, From: day("2027-01-12")},
	{Name: "tranche 6", UpTo: 2758, From: day("2027-02-09")},
	{Name: "tranche 7", UpTo: 3283, From: day("2027-03-09")},
	{Name: "tranche 8", UpTo: 3654, From: day("2027-04-13")},
	{Name: "tranche 9", UpTo: 4396, From: day("2027-05-11")},
	{Name: "tranche 10", From: day("2027-06-08")},
}

// Rule sets of licence and expiry.
var (
	OneTerm = RuleSet{ID: "one-term", Name: "The whole term, first and last day counted", From: commencement2003, Looks: AnyDay,
		Law: "Criminal Justice Act 2003 sections 240ZA, 240A and 249", Source: calculator + ", after PSI 03/2015 section 5.5"}

	LongLicence = RuleSet{ID: "licence", Name: "Licence from 12 months on", From: commencement2003, Looks: AtSentence,
		Law: "Criminal Justice Act 2003 sections 244 and 249", Source: calculator}

	ShortLicence = RuleSet{ID: "licence-short", Name: "Licence for a sentence under 12 months", From: oraCommencement, Looks: AtOffence,
		Law: "Criminal Justice Act 2003 section 243A as amended by the Offender Rehabilitation Act 2014 section 1", Source: "Sussex operational guide; " + calculator}

	NoLicenceBefore2015 = RuleSet{ID: "no-licence-2015", Name: "No licence: under 12 months, offence before 1 February 2015",
		From: commencement2003, Looks: AtOffence,
		Law: "Offender Rehabilitation Act 2014 section 1; Criminal Justice Act 2003 section 243A", Source: "Sussex operational guide; " + calculator}

	NoLicenceUnder18 = RuleSet{ID: "no-licence-under-18", Name: "No licence: under 12 months and under 18 on the day of release",
		From: oraCommencement, Looks: AtRelease,
		Law: "Criminal Justice Act 2003 section 243A", Source: "Sussex operational guide; " + calculator}

	NoLicenceOneDay = RuleSet{ID: "no-licence-one-day", Name: "No licence: a sentence of one day", From: commencement2003, Looks: AtSentence,
		Law: "Criminal Justice Act 2003 section 243A", Source: "Sussex operational guide; " + calculator}

	ThirdOnLicence = RuleSet{ID: "licence-short-third", Name: "Licence for a sentence under 12 months released at one-third, whatever the day of the offence",
		From: thirdCommencement, Looks: AtSentence, Law: "Sentencing Act 2026 section 23", Source: calculator}
)

// Rule sets of post-sentence supervision.
var (
	Supervised = RuleSet{ID: "supervision", Name: "Post-sentence supervision, 12 months with the licence", From: oraCommencement, To: day("2026-05-10"), Looks: AtOffence,
		Law:    "Criminal Justice Act 2003 section 256AA, inserted by the Offender Rehabilitation Act 2014 section 2",
		Source: statutes + "; Sussex operational guide; " + calculator}

	SupervisionRepealed = RuleSet{ID: "supervision-repealed", Name: "Post-sentence supervision repealed", From: supervisionRepeal, Looks: AnyDay,
		Law:    "Sentencing Act 2026 section 34; SI 2026/402 regulation 2",
		Source: "lawglobalhub.com; the day from create-and-vary-a-licence-api and " + calculator}
)

// Rule sets of home detention curfew.
var (
	Curfew180 = RuleSet{ID: "curfew-180", Name: "Home detention curfew for up to 180 days", From: commencement2003, To: day("2025-06-02"), Looks: AtRelease,
		Law: "Criminal Justice Act 2003 section 246", Source: calculator}

	Curfew365 = RuleSet{ID: "curfew-365", Name: "Home detention curfew for up to 365 days", From: longCurfew, Looks: AtRelease,
		Law: "Criminal Justice Act 2003 section 246 as amended by SI 2024/1331 article 2", Source: statutes + "; " + calculator}

	CurfewEnded = RuleSet{ID: "curfew-ended", Name: "No home detention curfew for adults", From: adultCurfewEnds, Looks: AtRelease,
		Law: "Sentencing Act 2026 section 26", Source: "crimeline.co.uk; " + calculator}
)

// Rule sets of the day of release, and of planning; the last three are practice and no law.
var (
	WorkingDay = RuleSet{ID: "working-day", Name: "Release on the working day before a weekend or bank holiday", From: commencement2003, Looks: AtRelease,
		Law: "Criminal Justice Act 1961 section 23", Source: calculator}

	NotFriday = RuleSet{ID: "not-friday", Name: "Release before a Friday or the day before a bank holiday, by discretion", From: day("2023-12-12"), Looks: AtRelease,
		Law: "Criminal Justice Act 1961 section 23 as amended by the Offenders (Day of Release from Detention) Act 2023", Source: statutes + "; " + calculator}

	LastThird = RuleSet{ID: "final-third", Name: "Final third of the licence", Looks: AnyDay, Source: "National IOM Operational Guidance V5, contents"}

	TwelveWeeks = RuleSet{ID: "twelve-weeks", Name: "12 weeks (84 days) before release: live list and resettlement plan", Looks: AtRelease,
		Source: "Sussex operational guide"}

	TwelveMonths = RuleSet{ID: "twelve-months", Name: "12 months before release: decide on registering again after a sentence of five years or more", Looks: AtRelease,
		Source: "Sussex operational guide"}
)

// Rule sets of recall. Short is for a sentence under 12 months.
var (
	Recall2015 = RuleSet{ID: "recall-2015", Name: "Fixed-term recall of 14 or 28 days where no risk of serious harm", From: oraCommencement, To: day("2024-04-01"), Looks: AtRecall,
		Law:    "Criminal Justice Act 2003 sections 255A to 255C as amended by the Offender Rehabilitation Act 2014 section 9",
		Source: "Sussex operational guide; " + statutes, Recall: 28, Short: 14}

	Recall2024 = RuleSet{ID: "recall-2024", Name: "Fixed-term recall, automatic under 12 months", From: day("2024-04-02"), To: day("2025-09-01"), Looks: AtRecall,
		Law: "Criminal Justice Act 2003 section 255A(4) as substituted by SI 2024/408 article 2", Source: statutes + "; first day from the draft", Recall: 28, Short: 14}

	Recall48 = RuleSet{ID: "recall-48", Name: "Fixed-term recall, automatic under four years (FTR 48)", From: day("2025-09-02"), To: day("2026-03-30"), Looks: AtRecall,
		Law:    "Criminal Justice Act 2003 section 255A(4ZA), inserted by the Criminal Justice Act 2003 (Suitability for Fixed Term Recall) Order 2025",
		Source: statutes + "; " + calculator, Recall: 28, Short: 14}

	Recall56 = RuleSet{ID: "recall-56", Name: "Fixed-term recall of 56 days (FTR 56)", From: fifty6Commencement, Looks: AtRecall,
		Law:    "Criminal Justice Act 2003 section 255BA, inserted by the Sentencing Act 2026; SI 2026/86 regulation 3(b)",
		Source: statutes + "; make-recall-decision-ui, August 2026", Recall: 56, Short: 56,
		Tranches: []Tranche{
			{Name: "tranche 1", UpTo: 1701, From: fifty6Commencement},
			{Name: "tranche 2", UpTo: 2128, From: day("2026-04-14")},
			{Name: "tranche 3", UpTo: 2576, From: day("2026-04-21")},
			{Name: "tranche 4", UpTo: 3304, From: day("2026-04-28")},
			{Name: "tranche 5", UpTo: 4438, From: day("2026-05-05")},
			{Name: "tranche 6", From: day("2026-05-12")},
		}}

	RecallYoung = RuleSet{ID: "recall-young", Name: "Fixed-term recall of 14 or 28 days for those under 18", From: fifty6Commencement, Looks: AtRecall,
		Law:    "Criminal Justice Act 2003 section 255B as amended by the Sentencing Act 2026 section 31",
		Source: statutes + "; lawglobalhub.com", Recall: 28, Short: 14}

	RecallStandard = RuleSet{ID: "recall-standard", Name: "Standard recall, to the end of the sentence unless released before", From: commencement2003, Looks: AtRecall,
		Law: "Criminal Justice Act 2003 sections 254 and 255C", Source: statutes}
)

// SupervisionBreach is the rule set of the sanctions for breach of supervision.
var SupervisionBreach = RuleSet{ID: "supervision-breach", Name: "Breach of post-sentence supervision", From: oraCommencement, To: day("2026-05-10"), Looks: AtBreach,
	Law:    "Criminal Justice Act 2003 section 256AC and Schedule 19A; kept for earlier breaches by the Sentencing Act 2026 section 34(5)",
	Source: "Sussex operational guide; lawglobalhub.com"}

// RuleSets are all of them.
var RuleSets = []RuleSet{
	HalfWay, HalfWayKept, Forty, FortyKept, Third, TwoThirds, HalfOfPlus,
	OneTerm, LongLicence, ShortLicence, NoLicenceBefore2015, NoLicenceUnder18, NoLicenceOneDay, ThirdOnLicence,
	Supervised, SupervisionRepealed,
	Curfew180, Curfew365, CurfewEnded,
	WorkingDay, NotFriday, LastThird, TwelveWeeks, TwelveMonths,
	Recall2015, Recall2024, Recall48, Recall56, RecallYoung, RecallStandard, SupervisionBreach,
}
