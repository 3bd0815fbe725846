// Package pdftest reads the text of a file that package pdf has made, for tests. It
// knows how that is written and no other kind.
package pdftest

import (
	"bytes"
	"compress/zlib"
	"errors"
	"io"
	"strings"
	"unicode/utf16"

	"golang.org/x/text/unicode/norm"
)

// Pages are the lines of each page, in the order in which they were drawn. Letters
// that were given the form that they have beside their neighbours are given back.
func Pages(file []byte) ([]string, error) {
	if !bytes.HasPrefix(file, []byte("%PDF-")) || !bytes.HasSuffix(bytes.TrimSpace(file), []byte("%%EOF")) {
		return nil, errors.New("pdftest: this is no PDF, or not the whole of it")
	}
	var pages []string
	for {
		_, rest, found := bytes.Cut(file, []byte("\nstream\n"))
		if !found {
			return pages, nil
		}
		inflated, err := zlib.NewReader(bytes.NewReader(rest))
		file = rest
		if err != nil { // a stream that is not compressed is no page
			continue
		}
		content, err := io.ReadAll(inflated)
		if err != nil {
			return nil, err
		}
		if bytes.Contains(content, []byte(") Tj")) {
			pages = append(pages, linesOf(content))
		}
	}
}

// Text is the text of all pages.
func Text(file []byte) (string, error) {
	pages, err := Pages(file)
	return strings.Join(pages, "\n"), err
}

func linesOf(content []byte) string {
	var text strings.Builder
	for {
		start := bytes.Index(content, []byte(" Td ("))
		if start < 0 {
			return text.String()
		}
		var units []byte
		i := start + len(" Td (")
		for ; content[i] != ')'; i++ {
			if content[i] == '\\' {
				if i++; content[i] == 'r' {
					units = append(units, '\r')
					continue
				}
			}
			units = append(units, content[i])
		}
		content = content[i:]
		var codes []uint16
		for j := 0; j+1 < len(units); j += 2 {
			codes = append(codes, uint16(units[j])<<8|uint16(units[j+1]))
		}
		text.WriteString(norm.NFKC.String(string(utf16.Decode(codes))) + "\n")
	}
}
