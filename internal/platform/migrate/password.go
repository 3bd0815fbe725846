package migrate

import (
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

// scramRounds is PostgreSQL's own number. The passwords are made by a machine and long, so more would buy nothing.
const scramRounds = 4096

// passwordSQL sets passwords without sending them: the server gets what it would store (RFC 5802), so that no log of
// statements can hold a password.
func passwordSQL(passwords []Password) (string, error) {
	var statements strings.Builder
	for _, password := range passwords {
		if !slices.Contains(Logins(), password.Role) {
			return "", fmt.Errorf("%q is not a role that signs in", password.Role)
		}
		salt := make([]byte, 16)
		if _, err := rand.Read(salt); err != nil {
			return "", err
		}
		stored, err := scram(password.Secret, salt)
		if err != nil {
			return "", fmt.Errorf("the password of %s: %w", password.Role, err)
		}
		fmt.Fprintf(&statements, "ALTER ROLE %s PASSWORD %s;\n", pgx.Identifier{password.Role}.Sanitize(), literal(stored))
	}
	return statements.String(), nil
}

// scram is the verifier that PostgreSQL stores for a password: SCRAM-SHA-256$rounds:salt$StoredKey:ServerKey.
func scram(secret string, salt []byte) (string, error) {
	if len(secret) < 15 {
		return "", errors.New("it must have 15 characters or more")
	}
	// Beyond printable ASCII a password would have to be normalised first (RFC 4013).
	if strings.ContainsFunc(secret, func(r rune) bool { return r < ' ' || r > '~' }) {
		return "", errors.New("it may hold only the printable characters of ASCII")
	}
	salted, err := pbkdf2.Key(sha256.New, secret, salt, scramRounds, sha256.Size)
	if err != nil {
		return "", err
	}
	storedKey := sha256.Sum256(keyed(salted, "Client Key"))
	encode := base64.StdEncoding.EncodeToString
	return fmt.Sprintf("SCRAM-SHA-256$%d:%s$%s:%s", scramRounds, encode(salt), encode(storedKey[:]),
		encode(keyed(salted, "Server Key"))), nil
}

func keyed(key []byte, text string) []byte {
	code := hmac.New(sha256.New, key)
	code.Write([]byte(text))
	return code.Sum(nil)
}
