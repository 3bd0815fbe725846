package demo

import (
	"math/rand/v2"
	"strings"

	"iom/internal/platform/clock"
)

// All names are invented. Family names are taken from trees, birds, weather and
// the like, so that nobody mistakes them for a list of real people.
var (
	familyNames = strings.Fields(`Alder Ashdown Barley Beech Birch Blackthorn Bracken Bramble Briar Brook Burdock Clover Cobble Copper
		Cornflower Cowslip Cricket Curlew Dale Drake Elder Fallow Fennel Fern Fieldfare Finch Firth Flint Foxglove Frost Gale Gorse
		Grebe Greenfinch Hail Harebell Hawthorn Hazel Heather Heron Hollis Holly Hornbeam Juniper Kestrel Lapwing Larch Larkspur Linden
		Linnet Lovage Mallow Maple Marlow Martin Meadows Merlin Mistle Moss Nettle Nightjar Oakley Orchard Osprey Otter Partridge
		Pebble Petrel Pine Plover Poplar Quill Rainford Raven Redstart Reed Rook Rowan Rushes Saffron Sandpiper Sedge Shale Shingle
		Siskin Skylark Sorrel Sparrow Starling Stone Storm Swallow Swift Tansy Teasel Thistle Thrift Thrush Tormentil Vetch Wagtail
		Warbler Waxwing Willow Winter Wren Yarrow Yew`)
	women = strings.Fields(`Abbie Aisha Amber Amelia Beth Bryony Carly Chantelle Chloe Daisy Demi Donna Ellie Emma Faith Freya Gemma Georgia
		Hannah Hayley Imogen Jade Jasmine Jodie Kayleigh Keira Kelly Kirsty Lacey Leah Lorna Maisie Megan Mia Molly Natasha Nicole Paige
		Poppy Rhian Robyn Rosie Sadie Shannon Sian Stacey Tamsin Tanya Tia Zoe`)
	men = strings.Fields(`Aaron Adam Aiden Alfie Anton Ashley Barry Ben Bradley Brandon Callum Cameron Carl Charlie Connor Craig Curtis Damian
		Daniel Darren Dean Dylan Edward Ethan Farid Finley Gareth Gavin Hamza Harley Harvey Jack Jake Jamie Jason Jayden Jermaine Joel
		Jordan Josh Kai Kane Keiran Kyle Lee Leon Lewis Liam Luke Marcus Mason Mitchell Mohammed Nathan Omar Owen Patrick Reece Rhys
		Riley Ross Ryan Scott Sean Shane Shaun Stuart Terry Toby Tyler Tyrone Wayne Zac`)
	streets = strings.Fields(`Example Sample Pretend Invented Model Specimen Practice Rehearsal Placeholder Fiction`)
)

// towns are places in each leaf of the scheme, with the outward part of a postcode.
var towns = map[string][]struct{ name, outward string }{
	"East Sussex":     {{"Hastings", "TN34"}, {"Eastbourne", "BN21"}, {"Bexhill", "TN40"}, {"Lewes", "BN7"}, {"Hailsham", "BN27"}},
	"Brighton & Hove": {{"Brighton", "BN1"}, {"Brighton", "BN2"}, {"Hove", "BN3"}, {"Portslade", "BN41"}},
	"North":           {{"Crawley", "RH10"}, {"Horsham", "RH12"}, {"East Grinstead", "RH19"}, {"Haywards Heath", "RH16"}},
	"South":           {{"Worthing", "BN11"}, {"Bognor Regis", "PO21"}, {"Littlehampton", "BN17"}, {"Chichester", "PO19"}},
}

// namer gives out names, no full name twice.
type namer struct {
	r    *rand.Rand
	used map[string]bool
}

func (n *namer) next(female bool) (family, given string) {
	from := men
	if female {
		from = women
	}
	for {
		family, given = pick(n.r, familyNames), pick(n.r, from)
		if !n.used[family+given] {
			n.used[family+given] = true
			return family, given
		}
	}
}

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

// chance is true so many times in a hundred.
func chance(r *rand.Rand, percent int) bool { return r.IntN(100) < percent }

// between is a whole number from low to high.
func between(r *rand.Rand, low, high int) int { return low + r.IntN(high-low+1) }

// pncid makes one with its check letter: the remainder by 23 of the year's last
// two digits and the serial names the letter.
func pncid(year, serial int) string {
	const letters = "ZABCDEFGHJKLMNPQRTUVWXY"
	return clock.NewDate(year, 1, 1).String()[:4] + "/" + pad(serial, 7) + string(letters[((year%100)*10_000_000+serial)%23])
}

func pad(n, width int) string {
	digits := ""
	for range width {
		digits = string(rune('0'+n%10)) + digits
		n /= 10
	}
	return digits
}
