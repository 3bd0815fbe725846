package mail

import (
	"fmt"
	"net/netip"
	"strconv"

	gomail "github.com/wneessen/go-mail"
)

// Settings are how the mail server is reached. The zero value is no server: messages
// then wait until there is one.
type Settings struct {
	Host     string
	Port     int
	User     string // empty: without signing in
	Password string
	From     string // the address that messages come from
	TLS      string // "starttls", "implicit", or empty: starttls, except that a server on loopback may do without
}

// FromEnvironment reads SMTP_HOST, SMTP_PORT, SMTP_USER, SMTP_PASSWORD, SMTP_FROM and
// SMTP_TLS. Without SMTP_HOST there is no server. The error is one line that names
// the setting that is wrong, and never the password.
func FromEnvironment(getenv func(string) string) (Settings, error) {
	s := Settings{Host: getenv("SMTP_HOST"), User: getenv("SMTP_USER"), Password: getenv("SMTP_PASSWORD"), From: getenv("SMTP_FROM"), TLS: getenv("SMTP_TLS")}
	if s.Host == "" {
		return Settings{}, nil
	}
	switch s.TLS {
	case "", "starttls":
		s.Port = 587
	case "implicit":
		s.Port = 465
	default:
		return s, fmt.Errorf("SMTP_TLS is %q; it must be starttls or implicit, or not set", s.TLS)
	}
	if text := getenv("SMTP_PORT"); text != "" {
		port, err := strconv.Atoi(text)
		if err != nil || port < 1 || port > 65535 {
			return s, fmt.Errorf("SMTP_PORT is %q; it must be a number from 1 to 65535", text)
		}
		s.Port = port
	}
	if !Plain(s.From) {
		return s, fmt.Errorf("SMTP_FROM is %q; it must be one address, like iom@example.police.uk", s.From)
	}
	if (s.User == "") != (s.Password == "") {
		return s, fmt.Errorf("SMTP_USER and SMTP_PASSWORD must be set both, or neither")
	}
	return s, nil
}

// Configured says whether there is a server.
func (s Settings) Configured() bool { return s.Host != "" }

// encryption is what go-mail is told. Nothing leaves the machine in clear: over the
// network TLS with a certificate that is right for the host is a must.
func (s Settings) encryption() gomail.Option {
	switch {
	case s.TLS == "implicit":
		return gomail.WithSSL()
	case s.TLS == "" && loopback(s.Host):
		return gomail.WithTLSPolicy(gomail.TLSOpportunistic)
	}
	return gomail.WithTLSPolicy(gomail.TLSMandatory)
}

func loopback(host string) bool {
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && addr.IsLoopback()
}
