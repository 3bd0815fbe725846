package authz

import "slices"

// Permission is something that a role allows. Its text stands in the golden list
// of routes.
type Permission string

// The permissions: the rows of docs/permissions.md.
const (
	Anyone           Permission = "signed in"           // every account with a current grant
	ReadCases        Permission = "read cases"          // live list, a person's page, actions, diary
	ReadOwnCases     Permission = "read named cases"    // the same, and a guest for the cases named
	FindPeople       Permission = "find people"         // force-wide identity card
	Refer            Permission = "refer"               // start, continue, submit, amend a referral
	RunMeetings      Permission = "run meetings"        // plan, invite, write the sheet, close
	ApproveMinutes   Permission = "approve minutes"     // agree the agenda, approve minutes, close with things missing
	AttendMeetings   Permission = "attend meetings"     // sign the confidentiality statement, read the papers
	Contribute       Permission = "contribute"          // written update, own agency's contribution
	Decide           Permission = "decide"              // adopt, reject, defer, rate, deregister at a meeting (recorded in the chair's name)
	RaiseRedAlert    Permission = "raise red alert"     // RED ALERT between meetings, and who is alerted (R40)
	RateBetween      Permission = "rate between"        // RED and PRISON between meetings
	SetAnyAction     Permission = "set any action"      // an action for any agency
	SetOwnAction     Permission = "set own action"      // an action for one's own agency; progress; propose discharge
	EndActions       Permission = "end actions"         // discharge, carry over
	RecordContact    Permission = "record contact"      // contact, need, visit
	RecordCustody    Permission = "record custody"      // custody, sentence, statutory status, MAPPA
	RecordIntel      Permission = "record intelligence" // intelligence entries
	RecordChecklist  Permission = "record checklist"    // adoption and removal lines
	SeeWhoLooked     Permission = "see who looked"
	ReadNumbers      Permission = "read numbers" // reports without identities
	ReadLog          Permission = "read the log"
	ManageAccounts   Permission = "manage accounts" // accounts and grants, settings, reference data
	RecordEquality   Permission = "record equality" // protected characteristics
	RecordDrugTest   Permission = "record drug test"
	ManageCaseAccess Permission = "manage case access" // exclusions and restrictions
)

var allows = map[Role][]Permission{
	Coordinator: {Anyone, ReadCases, ReadOwnCases, FindPeople, Refer, RunMeetings, AttendMeetings, Contribute, Decide, RateBetween,
		SetAnyAction, SetOwnAction, EndActions, RecordContact, RecordCustody, RecordIntel, RecordChecklist, SeeWhoLooked,
		ReadNumbers, RecordEquality, RecordDrugTest, ManageCaseAccess},
	Chair: {Anyone, ReadCases, ReadOwnCases, Refer, RunMeetings, ApproveMinutes, AttendMeetings, Contribute, Decide, RateBetween,
		SetAnyAction, SetOwnAction, EndActions, SeeWhoLooked, ReadNumbers, RecordEquality},
	Police: {Anyone, ReadCases, ReadOwnCases, FindPeople, Refer, AttendMeetings, Contribute, RaiseRedAlert, RateBetween,
		SetOwnAction, RecordContact, RecordCustody, RecordIntel, RecordChecklist, ReadNumbers, RecordEquality, RecordDrugTest},
	Probation: {Anyone, ReadCases, ReadOwnCases, FindPeople, Refer, AttendMeetings, Contribute, RateBetween,
		SetOwnAction, RecordContact, RecordCustody, RecordChecklist, ReadNumbers, RecordEquality, RecordDrugTest},
	Partner: {Anyone, ReadCases, ReadOwnCases, FindPeople, Refer, AttendMeetings, Contribute, SetOwnAction, RecordContact,
		ReadNumbers, RecordEquality, RecordDrugTest},
	Guest:         {Anyone, ReadOwnCases, AttendMeetings, Contribute},
	Analyst:       {Anyone, ReadNumbers},
	Auditor:       {Anyone, SeeWhoLooked, ReadLog},
	Administrator: {Anyone, ManageAccounts},
	System: {Anyone, ReadCases, ReadOwnCases, FindPeople, Refer, RunMeetings, ApproveMinutes, AttendMeetings, Contribute, Decide,
		RaiseRedAlert, RateBetween, SetAnyAction, SetOwnAction, EndActions, RecordContact, RecordCustody, RecordIntel,
		RecordChecklist, SeeWhoLooked, ReadNumbers, ReadLog, ManageAccounts, RecordEquality, RecordDrugTest, ManageCaseAccess},
}

// Has says whether the role allows the permission.
func (r Role) Has(p Permission) bool { return slices.Contains(allows[r], p) }

// Category is a kind of information. Every table with personal data belongs to
// one (docs/permissions.md).
type Category string

// The categories. Identity, sentence and safeguarding are read by the same
// roles as casework; they are told apart so that a sharing basis can be.
const (
	Casework     Category = "casework"
	Intelligence Category = "intelligence"
	Health       Category = "health"
	DrugTests    Category = "drug_tests"
	Equality     Category = "equality" // protected characteristics
)

// Categories in the order in which the database is told of them.
var Categories = []Category{Casework, Intelligence, Health, DrugTests, Equality}

var reads = map[Role][]Category{
	Coordinator: {Casework, Intelligence, Health, DrugTests, Equality},
	Chair:       {Casework, Intelligence},
	Police:      {Casework, Intelligence},
	Probation:   {Casework, Intelligence, Health, DrugTests},
	Partner:     {Casework},
	System:      {Casework, Intelligence, Health, DrugTests, Equality},
}

// Reads says whether the role reads the category throughout its area. An
// agency's own entries, shared entries and a guest's named cases are read
// beyond this: the policies of the tables say how.
func (r Role) Reads(c Category) bool { return slices.Contains(reads[r], c) }
