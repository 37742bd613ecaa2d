package web

import (
	"errors"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"kouan/gateway/auth"
	"kouan/gateway/desk"
)

// userRoutes are the pages of people who sign in by password.
func (s *server) userRoutes() {
	s.page("GET /{lang}/passwords/{token}", "", s.passwordForm)
	s.page("POST /{lang}/passwords/{token}", "", s.setPassword)
	s.page("GET /{lang}/account", "", s.account)
	s.page("POST /{lang}/account", "", s.changePassword)
}

// personMark is what the cookie of a person begins with; that of a key is
// sealed and begins otherwise (auth.Seal writes its form first).
const personMark = "person."

// openPerson writes the cookie of a person's session.
func (s *server) openPerson(w http.ResponseWriter, in desk.SignedIn) {
	left := int(in.Until.Sub(s.Clock()).Seconds())
	http.SetCookie(w, cookie(personMark+in.Token, left))
}

// person reads the session of a person from a cookie.
func (s *server) person(r *http.Request, token string) (*caller, error) {
	p, name, err := s.Desk.Session(r.Context(), token)
	if err != nil {
		return nil, err
	}
	return &caller{Principal: p, Name: name}, nil
}

// tokenOf is the token of a person's session that a browser has; empty: none.
func tokenOf(r *http.Request) string {
	c, err := r.Cookie(cookieName)
	if err != nil {
		return ""
	}
	token, ok := strings.CutPrefix(c.Value, personMark)
	if !ok {
		return ""
	}
	return token
}

// signInPerson takes name and password. What is wrong is not told apart.
func (s *server) signInPerson(w http.ResponseWriter, v *visit, show signInPage) error {
	name, password := v.PostForm.Get("name"), v.PostForm.Get("password")
	show.Name = name
	if strings.TrimSpace(name) == "" || password == "" {
		show.PersonEmpty = true
		return s.render(w, v, http.StatusUnprocessableEntity, "sign-in", "page.sign_in.fault_title", show)
	}
	in, err := s.Desk.SignIn(v.Context(), desk.SignIn{Name: name, Password: password, Address: s.address(v.Request), Before: tokenOf(v.Request)})
	var often *desk.TooOftenError
	switch {
	case errors.As(err, &often):
		show.Minutes = int((often.After + time.Minute - 1) / time.Minute)
		w.Header().Set("Retry-After", strconv.Itoa(int((often.After+time.Second-1)/time.Second)))
		return s.render(w, v, http.StatusTooManyRequests, "sign-in", "page.sign_in.fault_title", show)
	case errors.Is(err, desk.ErrSignIn):
		show.PersonWrong = true
		return s.render(w, v, http.StatusUnprocessableEntity, "sign-in", "page.sign_in.fault_title", show)
	case err != nil:
		return err
	}
	s.openPerson(w, in)
	to := show.Next
	if to == "" {
		to = v.to("/")
	}
	http.Redirect(w, v.Request, to, http.StatusSeeOther)
	return nil
}

// passwordPage is what the pages for a password show.
type passwordPage struct {
	Name    string
	Present bool // the present password is asked for
	Address string
	Fields  []formField
	Title   string
	Faults  []Fault
	Done    bool
	Least   int
}

func (p *passwordPage) fields(faults []Fault) {
	names := []string{"password", "repeated"}
	if p.Present {
		names = append([]string{"present"}, names...)
	}
	for _, name := range names {
		auto := "new-password"
		if name == "present" {
			auto = "current-password"
		}
		p.Fields = append(p.Fields, formField{Name: name, Type: "password", Why: whyOf(faults, name), Hint: name == "password", Auto: auto})
	}
	p.Faults = anchors(faults, names...)
	p.Least = auth.LeastPassword
}

// passwordForm is GET /{lang}/passwords/{token}: it shows, and changes nothing.
func (s *server) passwordForm(w http.ResponseWriter, v *visit) error {
	return s.passwordAgain(w, v, http.StatusOK, nil)
}

func (s *server) passwordAgain(w http.ResponseWriter, v *visit, status int, wrong *Problem) error {
	private(w)
	u, err := s.Desk.PasswordLink(v.Context(), v.PathValue("token"))
	if err != nil {
		return err
	}
	p := passwordPage{Name: u.Name, Address: "/passwords/" + url.PathEscape(v.PathValue("token"))}
	return s.password(w, v, status, &p, "page.password.title", wrong)
}

func (s *server) password(w http.ResponseWriter, v *visit, status int, p *passwordPage, title string, wrong *Problem) error {
	var faults []Fault
	text := v.words.Text(title, nil)
	if wrong != nil {
		p.Title, faults = wrong.Title, wrong.Faults
		if len(faults) == 0 {
			faults = []Fault{{Message: wrong.Detail}}
		}
		text = v.words.Text("page.fault_title", map[string]string{"title": text})
	}
	p.fields(faults)
	return s.renderTitle(w, v, status, "password", text, p)
}

// setPassword is POST /{lang}/passwords/{token}: it works once.
func (s *server) setPassword(w http.ResponseWriter, v *visit) error {
	private(w)
	if err := v.ParseForm(); err != nil {
		return errForm
	}
	err := s.Desk.SetPassword(v.Context(), v.PathValue("token"), v.PostForm.Get("password"), v.PostForm.Get("repeated"))
	if again, problem, status := s.wrongForm(v, err); again {
		return s.passwordAgain(w, v, status, problem)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, v.Request, v.to("/sign-in")+"?chosen=1", http.StatusSeeOther)
	return nil
}

// account is GET /{lang}/account: a person changes his password.
func (s *server) account(w http.ResponseWriter, v *visit) error {
	return s.accountAgain(w, v, http.StatusOK, nil)
}

func (s *server) accountAgain(w http.ResponseWriter, v *visit, status int, wrong *Problem) error {
	if v.caller == nil || v.caller.User == "" {
		http.Redirect(w, v.Request, v.to("/sign-in")+"?next="+next(v.Request), http.StatusSeeOther)
		return nil
	}
	p := passwordPage{Name: v.caller.Name, Present: true, Address: "/account", Done: v.URL.Query().Get("done") == "1"}
	return s.password(w, v, status, &p, "page.account.title", wrong)
}

// changePassword is POST /{lang}/account.
func (s *server) changePassword(w http.ResponseWriter, v *visit) error {
	if err := v.ParseForm(); err != nil {
		return errForm
	}
	if v.caller == nil || v.caller.User == "" {
		return auth.ErrForbidden
	}
	in, err := s.Desk.ChangePassword(v.Context(), v.caller.Principal, v.PostForm.Get("present"), v.PostForm.Get("password"), v.PostForm.Get("repeated"))
	if again, problem, status := s.wrongForm(v, err); again {
		return s.accountAgain(w, v, status, problem)
	}
	if err != nil {
		return err
	}
	s.openPerson(w, in)
	http.Redirect(w, v.Request, v.to("/account")+"?done=1", http.StatusSeeOther)
	return nil
}

// address is where a request comes from.
func (s *server) address(r *http.Request) string {
	if s.Address != nil {
		return s.Address(r)
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
