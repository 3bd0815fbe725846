package page

import (
	"net"
	"net/netip"
	"strings"
)

// keptFor is how long a browser keeps what Keep gives it: the longest that
// browsers allow.
const keptFor = 400 * 24 * 60 * 60

// Keep has the browser keep a value beyond the session, out of the reach of
// scripts: what it was signed in from before.
func (c *Ctx) Keep(name, value string) { c.setCookie(c.cookieName(name), value, keptFor) }

// Kept is that value; empty when there is none.
func (c *Ctx) Kept(name string) string {
	cookie, err := c.R.Cookie(c.cookieName(name))
	if err != nil {
		return ""
	}
	return cookie.Value
}

// Source is the address that the request comes from: that of the connection. Only
// when the connection is that of a proxy named at the start is the address taken
// from what the proxy says, and of that only the part which no client can forge:
// the last one that is no such proxy itself.
func (c *Ctx) Source() string {
	return source(c.R.RemoteAddr, c.R.Header.Values("X-Forwarded-For"), c.Proxies)
}

func source(remote string, forwarded []string, proxies []netip.Prefix) string {
	at := remote
	if host, _, err := net.SplitHostPort(remote); err == nil {
		at = host
	}
	hops := strings.Split(strings.Join(forwarded, ","), ",")
	for i := len(hops) - 1; i >= 0 && isProxy(at, proxies); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		at = hop.Unmap().String()
	}
	return at
}

func isProxy(at string, proxies []netip.Prefix) bool {
	addr, err := netip.ParseAddr(at)
	if err != nil {
		return false
	}
	for _, p := range proxies {
		if p.Contains(addr.Unmap()) {
			return true
		}
	}
	return false
}

// Origin is this site as the browser knows it, for a link that is handed to
// somebody: https, unless it is served without TLS on loopback.
func (c *Ctx) Origin() string {
	host := c.R.Host
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	addr, err := netip.ParseAddr(host)
	if c.R.TLS == nil && (c.Insecure || host == "localhost" || err == nil && addr.IsLoopback()) {
		return "http://" + c.R.Host
	}
	return "https://" + c.R.Host
}
