package auth

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/crypto/argon2"
)

func TestPasswordsAreCheckedAgainstTheirHash(t *testing.T) {
	t.Parallel()
	p := &Passwords{Memory: 64, Time: 1}
	hash, err := p.Hash(t.Context(), rand.Reader, "мой порт Далянь é")
	if err != nil || !strings.HasPrefix(hash, "$argon2id$v=19$m=64,t=1,p=1$") {
		t.Fatalf("%s, %v", hash, err)
	}
	again, err := p.Hash(t.Context(), rand.Reader, "мой порт Далянь é")
	if err != nil || again == hash {
		t.Errorf("the same hash twice: no salt (%v)", err)
	}
	for _, c := range []struct {
		stored, password string
		want             bool
	}{
		{hash, "мой порт Далянь é", true},
		{hash, "мой порт Далянь e\u0301", true}, // the same letter from another keyboard
		{hash, "мой порт Далянь e", false},
		{hash, "", false},
		{"", "", false}, // nobody
		{"", "x", false},
	} {
		if ok, renew, err := p.Check(t.Context(), c.stored, c.password); err != nil || ok != c.want || renew {
			t.Errorf("%.20q %q: %v %v %v", c.stored, c.password, ok, renew, err)
		}
	}
	dearer := &Passwords{Memory: 128, Time: 1}
	if ok, renew, err := dearer.Check(t.Context(), hash, "мой порт Далянь é"); err != nil || !ok || !renew {
		t.Errorf("a hash of another cost: %v %v %v", ok, renew, err)
	}
}

func TestAStoredHashCannotTakeTheMachine(t *testing.T) {
	t.Parallel()
	p := &Passwords{Memory: 64, Time: 1}
	for _, bad := range []string{"x", "$argon2i$v=19$m=64,t=1,p=1$AAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA", "$argon2id$v=19$m=4294967295,t=1,p=1$AAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
		"$argon2id$v=19$m=64,t=4000000000,p=1$AAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA", "$argon2id$v=19$m=64,t=1,p=1,x=1$AAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
		"$argon2id$v=19$t=1,m=64,p=1$AAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA", "$argon2id$v=19$m=64,t=1,p=1$AAAAAAAAAAA$"} {
		if ok, _, err := p.Check(t.Context(), bad, "x"); ok || !errors.Is(err, errHash) {
			t.Errorf("%s: %v %v", bad, ok, err)
		}
	}
}

// TestCheckingIsBounded: the places are few, the queue ends, and who gave up
// leaves no place taken.
func TestCheckingIsBounded(t *testing.T) {
	t.Parallel()
	p := &Passwords{Memory: 64, Time: 1, Places: 1, Waiting: 2}
	leave, err := p.enter(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var waiting sync.WaitGroup
	for range 2 {
		waiting.Go(func() {
			if _, _, err := p.Check(ctx, "", "x"); !errors.Is(err, context.Canceled) {
				t.Errorf("who gave up: %v", err)
			}
		})
	}
	for len(p.queue) < 3 {
		time.Sleep(time.Millisecond)
	}
	if _, _, err := p.Check(t.Context(), "", "x"); !errors.Is(err, ErrBusy) {
		t.Errorf("one too many: %v", err)
	}
	cancel()
	waiting.Wait()
	leave()
	if _, _, err := p.Check(t.Context(), "", "x"); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

// TestNobodyTakesAsLongAsSomebody: whether a name is known cannot be told by
// the work of an answer.
func TestNobodyTakesAsLongAsSomebody(t *testing.T) {
	t.Parallel()
	type work struct {
		salt, length, time, memory uint32
		threads                    uint8
	}
	var done []work
	p := &Passwords{Memory: 64, Time: 3}
	p.derive = func(password, salt []byte, time, memory uint32, threads uint8, length uint32) []byte {
		done = append(done, work{uint32(len(salt)), length, time, memory, threads})
		return argon2.IDKey(password, salt, time, memory, threads, length)
	}
	hash, err := p.Hash(t.Context(), rand.Reader, "a password of somebody")
	if err != nil {
		t.Fatal(err)
	}
	for _, stored := range []string{hash, ""} {
		if ok, _, err := p.Check(t.Context(), stored, "wrong"); ok || err != nil {
			t.Fatalf("%v %v", ok, err)
		}
	}
	want := work{saltBytes, hashBytes, 3, 64, argonThreads}
	if !slices.Equal(done, []work{want, want, want}) {
		t.Errorf("made, somebody's and nobody's %+v, want %+v each", done, want)
	}
}

func TestPasswordsAreJudged(t *testing.T) {
	t.Parallel()
	for password, want := range map[string]string{
		"":              PasswordShort,
		"correct horse": PasswordShort,
		"岸边的起重机在雨里":     PasswordShort, // nine characters
		"岸边的起重机在雨里慢慢转动着手臂":                   "",
		"crane 12 turns slowly":              "",
		"мелкий дождь над причалом":          "",
		"Vier Kräne drehen sich":             "",
		"aaaaaaaaaaaaaaaaaaaa":               PasswordCommon,
		"abcdefghijklmnopqrst":               PasswordCommon,
		"12345678901234567890":               PasswordCommon,
		"98765432109876543210":               PasswordCommon,
		"abcabcabcabcabcabc":                 PasswordCommon,
		"Password123456789":                  PasswordCommon,
		"P@ssw0rdP@ssw0rd1":                  PasswordCommon,
		"qwertyuiopasdfgh":                   PasswordCommon,
		"correct horse battery staple":       PasswordCommon,
		"Welcome2026Summer!":                 PasswordCommon,
		"wang.lifang.2026":                   PasswordContext,
		"kouan-dalian-port":                  PasswordContext,
		"大连口岸大连口岸大连口岸大连海关":                   PasswordContext,
		strings.Repeat("0f3k9 zx", 17):       PasswordLong,
		"wang lifang likes to sing at night": "",
	} {
		if got := JudgePassword(password, "wang.lifang", "王丽芳 Wang Lifang"); got != want {
			t.Errorf("%q: %q, want %q", password, got, want)
		}
	}
}

func BenchmarkPassword(b *testing.B) {
	p := &Passwords{}
	hash, err := p.Hash(b.Context(), rand.Reader, "a password of somebody")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if ok, _, err := p.Check(b.Context(), hash, "a password of somebody"); !ok || err != nil {
			b.Fatal(ok, err)
		}
	}
}
