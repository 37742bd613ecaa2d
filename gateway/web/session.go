package web

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"kouan/gateway/auth"
)

const (
	// cookieName: the prefix makes browsers refuse it without Secure, with a
	// Domain or for a part of the paths.
	cookieName = "__Host-kouan"
	// sessionLife is how long one signs in for: a shift.
	sessionLife = 8 * time.Hour
	aboutCookie = "session cookie"
)

// session is what the cookie holds, sealed.
type session struct {
	KeyHash string `json:"k"` // of the partner's key
	Until   int64  `json:"u"` // Unix seconds
}

// caller is who is signed in.
type caller struct {
	auth.Principal
	Name string
}

// open writes the cookie of a new session.
func (s *server) open(w http.ResponseWriter, keyHash string) error {
	plain, err := json.Marshal(session{KeyHash: keyHash, Until: s.Clock().Add(sessionLife).Unix()})
	if err != nil {
		return fmt.Errorf("write session: %w", err)
	}
	sealed, err := s.Seal.Seal(plain, aboutCookie)
	if err != nil {
		return fmt.Errorf("seal session: %w", err)
	}
	http.SetCookie(w, cookie(base64.RawURLEncoding.EncodeToString(sealed), int(sessionLife/time.Second)))
	return nil
}

func cookie(value string, maxAge int) *http.Cookie {
	return &http.Cookie{Name: cookieName, Value: value, Path: "/", MaxAge: maxAge, Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode}
}

// caller reads the session of a request. auth.ErrDenied: nobody is signed in,
// or no longer.
func (s *server) caller(r *http.Request) (*caller, error) {
	c, err := r.Cookie(cookieName)
	if err != nil || len(c.Value) > 4096 {
		return nil, auth.ErrDenied
	}
	if token, ok := strings.CutPrefix(c.Value, personMark); ok {
		return s.person(r, token)
	}
	sealed, err := base64.RawURLEncoding.DecodeString(c.Value)
	if err != nil {
		return nil, auth.ErrDenied
	}
	plain, err := s.Seal.Open(sealed, aboutCookie)
	if err != nil { // made up, or sealed with a key that is gone
		return nil, auth.ErrDenied
	}
	var open session
	if json.Unmarshal(plain, &open) != nil || s.Clock().Unix() >= open.Until {
		return nil, auth.ErrDenied
	}
	p, err := s.Auth.ByHash(r.Context(), open.KeyHash)
	if err != nil {
		return nil, err
	}
	name, err := s.Desk.PartnerName(r.Context(), p.PartnerID)
	if err != nil {
		return nil, err
	}
	return &caller{Principal: p, Name: name}, nil
}

// signInPage is what the sign-in page shows.
type signInPage struct {
	Next  string
	Empty bool // no key was given
	Wrong bool // the key is none of ours

	Name        string // of the person
	PersonEmpty bool   // name or password is missing
	PersonWrong bool   // they do not belong together
	Minutes     int    // until the next try; 0: it is possible now
	Chosen      bool   // a password was chosen just now
}

func (s *server) signInForm(w http.ResponseWriter, v *visit) error {
	return s.render(w, v, http.StatusOK, "sign-in", "page.sign_in.title", signInPage{Next: local(v.FormValue("next")), Chosen: v.FormValue("chosen") == "1"})
}

// signIn takes a partner's key. A wrong one and a revoked one look the same.
func (s *server) signIn(w http.ResponseWriter, v *visit) error {
	if err := v.ParseForm(); err != nil {
		return errForm
	}
	key, to := strings.TrimSpace(v.PostForm.Get("key")), local(v.PostForm.Get("next"))
	show := signInPage{Next: to, Empty: key == ""}
	if v.PostForm.Has("name") {
		return s.signInPerson(w, v, signInPage{Next: to})
	}
	if key != "" {
		_, err := s.Auth.Authenticate(v.Context(), "Bearer "+key)
		switch {
		case errors.Is(err, auth.ErrDenied):
			show.Wrong = true
		case err != nil:
			return err
		default:
			if token := tokenOf(v.Request); token != "" { // of a person who was signed in here
				if err := s.Desk.SignOut(v.Context(), token); err != nil {
					return err
				}
			}
			if err := s.open(w, auth.HashKey(key)); err != nil {
				return err
			}
			if to == "" {
				to = v.to("/")
			}
			http.Redirect(w, v.Request, to, http.StatusSeeOther)
			return nil
		}
	}
	return s.render(w, v, http.StatusUnprocessableEntity, "sign-in", "page.sign_in.fault_title", show)
}

func (s *server) signOut(w http.ResponseWriter, v *visit) error {
	if token := tokenOf(v.Request); token != "" {
		if err := s.Desk.SignOut(v.Context(), token); err != nil {
			return err
		}
	}
	http.SetCookie(w, cookie("", -1))
	http.Redirect(w, v.Request, v.to("/sign-in"), http.StatusSeeOther)
	return nil
}

// next is where a stranger wanted to go, as a query value.
func next(r *http.Request) string {
	if r.Method != http.MethodGet {
		return ""
	}
	return url.QueryEscape(r.URL.RequestURI())
}

// local lets a way back through only when it is one of our own pages.
func local(to string) string {
	u, err := url.Parse(to)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n\t") {
		return ""
	}
	return to
}
