package smtptest

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"strings"
	"time"
)

// Message is a message as it came.
type Message struct {
	From    string   // of the envelope
	To      []string // of the envelope
	At      time.Time
	Header  mail.Header
	Subject string // decoded
	Text    string // the plain text, decoded
	Files   []File
	Raw     []byte
}

// File is an attachment.
type File struct {
	Name    string
	Type    string
	Content []byte
}

// ID is the Message-ID.
func (m Message) ID() string { return m.Header.Get("Message-Id") }

func parse(raw []byte) (Message, error) {
	m := Message{Raw: raw}
	letter, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return m, err
	}
	m.Header = letter.Header
	if m.Subject, err = new(mime.WordDecoder).DecodeHeader(letter.Header.Get("Subject")); err != nil {
		return m, err
	}
	return m, m.part(letter.Header.Get, letter.Body)
}

// part takes a part of a message, or all parts within it.
func (m *Message) part(header func(string) string, body io.Reader) error {
	kind := header("Content-Type")
	if kind == "" {
		kind = "text/plain"
	}
	media, values, err := mime.ParseMediaType(kind)
	if err != nil {
		return err
	}
	if strings.HasPrefix(media, "multipart/") {
		parts := multipart.NewReader(body, values["boundary"])
		for {
			p, err := parts.NextRawPart()
			if errors.Is(err, io.EOF) {
				return nil
			}
			if err != nil {
				return err
			}
			if err := m.part(p.Header.Get, p); err != nil {
				return err
			}
		}
	}
	content, err := decoded(header("Content-Transfer-Encoding"), body)
	if err != nil {
		return err
	}
	disposition, about, _ := mime.ParseMediaType(header("Content-Disposition"))
	if disposition == "attachment" {
		name, err := new(mime.WordDecoder).DecodeHeader(about["filename"])
		m.Files = append(m.Files, File{Name: name, Type: media, Content: content})
		return err
	}
	if media == "text/plain" {
		m.Text += strings.ReplaceAll(string(content), "\r\n", "\n")
	}
	return nil
}

func decoded(encoding string, body io.Reader) ([]byte, error) {
	switch strings.ToLower(encoding) {
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	case "", "7bit", "8bit", "binary":
	default:
		return nil, fmt.Errorf("the encoding %q is not known", encoding)
	}
	return io.ReadAll(body)
}
