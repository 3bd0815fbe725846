package meetingpage

import (
	"strconv"
	"strings"

	"iom/internal/casework/account"
	"iom/internal/casework/agency"
	"iom/internal/casework/ref"
	"iom/web/ui"
)

// An owner, of an action or of a planned contact, is an agency and, once it has named
// one, a person. In a form it is one choice: the ids of both.
func ownerValue(of ref.AgencyID, who ref.AccountID) string {
	return ref.Text(of) + "-" + strconv.FormatInt(int64(who), 10)
}

func parseOwner(value string) (ref.AgencyID, ref.AccountID) {
	of, who, _ := strings.Cut(value, "-")
	agencyID, _ := ref.Parse[ref.AgencyID](of)
	accountID, _ := ref.Parse[ref.AccountID](who)
	return agencyID, accountID
}

// ownerOptions are the agencies, each alone and with each of its people.
func ownerOptions(agencies []agency.Agency, people []account.Person) (all []ui.Option) {
	for _, a := range agencies {
		all = append(all, ui.Option{Value: ownerValue(a.ID, 0), Text: a.Name + ": nobody named yet"})
		for _, p := range people {
			if p.Agency == a.ID {
				all = append(all, ui.Option{Value: ownerValue(a.ID, p.ID), Text: a.Name + ": " + p.Name})
			}
		}
	}
	return all
}
