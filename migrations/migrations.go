// Package migrations holds the numbered SQL that builds the database, so that the one binary carries it.
//
// Files are named 0001_words.up.sql and 0001_words.down.sql. Each file is one transaction: it holds no BEGIN or
// COMMIT of its own and nothing that refuses to run in a transaction. A file that has been released is never edited.
package migrations

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
)

// FS is every migration, in the root folder of the file system.
//
//go:embed *.sql
var FS embed.FS

// Hash is a short hexadecimal digest of the names and the bytes of every migration. Two builds with the same hash
// make the same database.
func Hash() string {
	return hash(FS)
}

func hash(files fs.FS) string {
	digest := sha256.New()
	for _, name := range names(files) {
		body, err := fs.ReadFile(files, name)
		if err != nil {
			panic("migrations: the files cannot be read: " + err.Error())
		}
		// Lengths go in too, so that moving a byte from a name to a body, or between files, changes the hash.
		fmt.Fprintf(digest, "%d:%s%d:", len(name), name, len(body))
		digest.Write(body)
	}
	return hex.EncodeToString(digest.Sum(nil)[:8])
}

// Latest is the number of the newest migration, 0 when there is none.
func Latest() uint {
	return latest(FS)
}

func latest(files fs.FS) uint {
	newest := uint(0)
	for _, name := range names(files) {
		prefix, _, _ := strings.Cut(name, "_")
		number, err := strconv.ParseUint(prefix, 10, 32)
		if err != nil {
			panic("migrations: the file " + name + " does not begin with a number")
		}
		newest = max(newest, uint(number))
	}
	return newest
}

func names(files fs.FS) []string {
	found, err := fs.Glob(files, "*.sql") // in the order of names
	if err != nil {
		panic("migrations: " + err.Error())
	}
	return found
}
