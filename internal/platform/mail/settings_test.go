package mail

import (
	"strings"
	"testing"
)

func TestSettingsComeFromTheEnvironment(t *testing.T) {
	t.Parallel()
	good := map[string]string{"SMTP_HOST": "mail.example.police.uk", "SMTP_FROM": "iom@example.police.uk", "SMTP_USER": "iom", "SMTP_PASSWORD": "canary-secret"}
	with := func(changes ...string) func(string) string {
		all := map[string]string{}
		for k, v := range good {
			all[k] = v
		}
		for i := 0; i < len(changes); i += 2 {
			all[changes[i]] = changes[i+1]
		}
		return func(k string) string { return all[k] }
	}
	s, err := FromEnvironment(with())
	if want := (Settings{Host: "mail.example.police.uk", Port: 587, User: "iom", Password: "canary-secret", From: "iom@example.police.uk"}); err != nil || s != want {
		t.Errorf("%+v, %v", s, err)
	}
	if s, err := FromEnvironment(with("SMTP_TLS", "implicit")); err != nil || s.Port != 465 {
		t.Errorf("TLS from the first byte: port %d, %v", s.Port, err)
	}
	if s, err := FromEnvironment(with("SMTP_PORT", "2525")); err != nil || s.Port != 2525 {
		t.Errorf("a port of one's own: %d, %v", s.Port, err)
	}
	if s, err := FromEnvironment(func(string) string { return "" }); err != nil || s.Configured() {
		t.Errorf("nothing set: %+v, %v", s, err)
	}
	for _, bad := range [][2]string{{"SMTP_PORT", "smtp"}, {"SMTP_PORT", "0"}, {"SMTP_PORT", "65536"}, {"SMTP_TLS", "none"}, {"SMTP_FROM", ""},
		{"SMTP_FROM", "IOM <iom@example.police.uk>"}, {"SMTP_USER", ""}, {"SMTP_PASSWORD", ""}} {
		_, err := FromEnvironment(with(bad[0], bad[1]))
		if err == nil || !strings.Contains(err.Error(), bad[0]) || strings.Contains(err.Error(), "canary") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s=%q: %v", bad[0], bad[1], err)
		}
	}
}

func TestLoopback(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]bool{"127.0.0.1": true, "127.9.9.9": true, "::1": true, "localhost": true,
		"localhost.evil.com": false, "10.0.0.1": false, "mail.example.police.uk": false, "": false, "0.0.0.0": false} {
		if got := loopback(host); got != want {
			t.Errorf("loopback(%q) is %v", host, got)
		}
	}
}
