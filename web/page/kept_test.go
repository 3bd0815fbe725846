package page

import (
	"net/netip"
	"testing"
)

// TestAForgedHeaderChangesNoSource: only what a named proxy added counts (security.md 32).
func TestAForgedHeaderChangesNoSource(t *testing.T) {
	t.Parallel()
	proxies := []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32"), netip.MustParsePrefix("10.0.0.0/24")}
	for name, c := range map[string]struct {
		remote    string
		forwarded []string
		proxies   []netip.Prefix
		want      string
	}{
		"no proxy named":                {"127.0.0.1:9", []string{"203.0.113.5"}, nil, "127.0.0.1"},
		"a stranger forges":             {"198.51.100.1:9", []string{"203.0.113.5"}, proxies, "198.51.100.1"},
		"through the proxy":             {"127.0.0.1:9", []string{"203.0.113.5"}, proxies, "203.0.113.5"},
		"forged before the proxy":       {"127.0.0.1:9", []string{"192.0.2.1, 203.0.113.5"}, proxies, "203.0.113.5"},
		"forged in a header of its own": {"127.0.0.1:9", []string{"192.0.2.1", "203.0.113.5"}, proxies, "203.0.113.5"},
		"two proxies":                   {"127.0.0.1:9", []string{"192.0.2.1, 203.0.113.5, 10.0.0.7"}, proxies, "203.0.113.5"},
		"nothing said":                  {"127.0.0.1:9", nil, proxies, "127.0.0.1"},
		"nonsense":                      {"127.0.0.1:9", []string{"' OR true"}, proxies, "127.0.0.1"},
		"IPv6":                          {"[2001:db8::1]:9", []string{"203.0.113.5"}, proxies, "2001:db8::1"},
		"IPv4 written as IPv6":          {"127.0.0.1:9", []string{"::ffff:203.0.113.5"}, proxies, "203.0.113.5"},
	} {
		if got := source(c.remote, c.forwarded, c.proxies); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}
