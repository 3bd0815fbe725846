package smtptest

import (
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// Page shows what has been received, newest first, at "/" below where it is mounted, and
// attachments at "/{message}/{file}" as downloads. It asks nobody who they are: it is for
// the demonstration on loopback, whose people are invented.
func (s *Server) Page() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.list)
	mux.HandleFunc("GET /{message}/{file}", s.file)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-store")
		mux.ServeHTTP(w, r)
	})
}

func (s *Server) list(w http.ResponseWriter, _ *http.Request) {
	received := s.Received()
	rows := make([]row, len(received))
	for i, m := range received {
		rows[i] = row{Message: m, Number: i + 1}
	}
	slices.Reverse(rows)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_ = listed.Execute(w, rows) // the reader has gone: nothing to do
}

type row struct {
	Message
	Number int
}

// When is the time of arrival as people write it.
func (r row) When() string { return r.At.Format("2 January 2006, 15:04:05") }

// Machine is the time of arrival as machines write it.
func (r row) Machine() string { return r.At.Format(time.RFC3339) }

func (s *Server) file(w http.ResponseWriter, r *http.Request) {
	received := s.Received()
	message, err := strconv.Atoi(r.PathValue("message"))
	if err != nil || message < 1 || message > len(received) {
		http.NotFound(w, r)
		return
	}
	files := received[message-1].Files
	number, err := strconv.Atoi(r.PathValue("file"))
	if err != nil || number < 0 || number >= len(files) {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Disposition", "attachment; filename="+strconv.QuoteToASCII(files[number].Name))
	_, _ = w.Write(files[number].Content)
}

var listed = template.Must(template.New("received").Parse(`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Mail that was sent: demonstration of IOM casework</title>
<style>
body { font-family: Arial, sans-serif; font-size: 1.1875rem; line-height: 1.3; color: #0b0c0c; margin: 0 auto; max-width: 60rem; padding: 1rem; }
article { border-top: 2px solid #0b0c0c; padding: .5rem 0 1.5rem; }
h2 { font-size: 1.5rem; margin: .5rem 0; overflow-wrap: anywhere; }
dl { margin: 0; } dt { font-weight: bold; float: left; clear: left; width: 6rem; } dd { margin: 0 0 .25rem 6rem; overflow-wrap: anywhere; }
pre { background: #f3f2f1; padding: 1rem; white-space: pre-wrap; overflow-wrap: anywhere; font-size: 1rem; }
a { color: #1d70b8; } a:focus { outline: 3px solid #ffdd00; background: #ffdd00; color: #0b0c0c; }
</style>
</head>
<body>
<main>
<h1>Mail that was sent</h1>
<p>In the demonstration nothing leaves this machine: this is what recipients would get. <a href="">Look again</a></p>
{{range .}}<article>
<h2>{{.Subject}}</h2>
<dl>
<dt>To</dt><dd>{{range $i, $to := .To}}{{if $i}}, {{end}}{{$to}}{{end}}</dd>
<dt>From</dt><dd>{{.From}}</dd>
<dt>Arrived</dt><dd><time datetime="{{.Machine}}">{{.When}}</time></dd>
{{$message := .Number}}{{range $i, $f := .Files}}<dt>File</dt><dd><a href="{{$message}}/{{$i}}">{{$f.Name}}</a> ({{len $f.Content}} bytes)</dd>
{{end}}</dl>
<pre>{{.Text}}</pre>
</article>
{{else}}<p>Nothing has been sent yet.</p>
{{end}}</main>
</body>
</html>
`))
