package registration

import (
	"context"

	"iom/internal/casework/contact"
	"iom/internal/casework/drugtest"
	"iom/internal/casework/intelligence"
	"iom/internal/casework/link"
	"iom/internal/casework/need"
	"iom/internal/casework/ref"
	"iom/internal/casework/review"
	"iom/internal/casework/sentence"
	"iom/internal/platform/clock"
	"iom/internal/platform/db"
)

// Criteria are the criteria for deregistration of a registered person, each with
// how it stands in the record (R79-R84), the mandatory ones first. What the actor
// may not read is not known to them. fault.Refuse when nobody is registered.
func Criteria(ctx context.Context, q db.Querier, of ref.NominalID) ([]Criterion, error) {
	now, err := mustCurrent(ctx, q, of)
	if err != nil {
		return nil, err
	}
	sentences, err := sentence.Of(ctx, q, of)
	if err != nil {
		return nil, err
	}
	mappa, subject, err := link.MAPPAOf(ctx, q, of)
	if err != nil {
		return nil, err
	}
	computed, err := considered(ctx, q, now)
	if err != nil {
		return nil, err
	}
	all := []Criterion{CheckFiveYears(now.BeganOn, sentences), CheckMAPPA(mappa, subject)}
	all = append(all, computed...)
	level, word := 0, ""
	if subject {
		level, word = mappa.Level, mappa.Word()
	}
	return append(all, CheckForum(level, mappa.From, word)), nil
}

// considered are the criteria of R83 that come from work with the person.
func considered(ctx context.Context, q db.Querier, now Current) ([]Criterion, error) {
	var latest clock.Date
	mayRead := intelligence.MayRead(q, now.Area)
	if mayRead {
		var err error
		if latest, err = intelligence.LatestOn(ctx, q, now.Nominal); err != nil {
			return nil, err
		}
	}
	tests, err := drugtest.Of(ctx, q, now.Nominal)
	if err != nil {
		return nil, err
	}
	attended, err := contact.Attendance(ctx, q, now.Nominal, recentSince(q.Today()))
	if err != nil {
		return nil, err
	}
	history, err := review.History(ctx, q, now.Nominal)
	if err != nil {
		return nil, err
	}
	needs, err := need.HistoryOf(ctx, q, now.Nominal, "")
	if err != nil {
		return nil, err
	}
	return []Criterion{
		CheckIntelligence(mayRead, latest, q.Today()),
		CheckDrugTests(drugtest.MayRead(q, now.Area), tests, q.Today()),
		CheckAttendance(attended, q.Today()),
		CheckRisk(ofRegistration(history, now.ID), needs),
	}, nil
}

func ofRegistration(history []review.Rating, id ref.RegistrationID) []review.Rating {
	var all []review.Rating
	for _, r := range history {
		if r.Registration == id {
			all = append(all, r)
		}
	}
	return all
}
