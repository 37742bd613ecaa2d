package i18n

import (
	"strings"

	"golang.org/x/text/language"
)

// supported is Languages as tags and, last, traditional Chinese: its readers
// get simplified Chinese rather than another language of their list, which
// the distance between the two scripts would otherwise give them.
var supported = func() []language.Tag {
	var tags []language.Tag
	for _, lang := range Languages() {
		tags = append(tags, language.MustParse(string(lang)))
	}
	return append(tags, language.TraditionalChinese)
}()

var matcher = language.NewMatcher(supported)

// longestHeader is how much of an Accept-Language header is read: browsers
// send less than a hundred bytes.
const longestHeader = 512

// Choose is the language of a request: that of its path, else the one that
// the reader chose before (a cookie), else by Accept-Language. What is none of
// the seven counts as not given.
func Choose(path, cookie, acceptLanguage string) Lang {
	for _, tag := range []string{path, cookie} {
		if lang, ok := Parse(tag); ok {
			return lang
		}
	}
	return Negotiate(acceptLanguage)
}

// Negotiate picks the language for an Accept-Language header.
//
// Without a header, or with one that names no language, it is Chinese: the
// texts with legal effect are Chinese and most callers are. A reader who asks
// only for languages that are not kept gets English, which foreign shipping
// reads more widely than Chinese; but a Chinese language such as Cantonese
// gets Chinese.
//
// Only the beginning of a long header is read. Reading tags costs more than
// sending them (CVE-2022-32149 is one form of that), and no reader lists more
// languages than fit; a tag cut in two is dropped.
func Negotiate(acceptLanguage string) Lang {
	if len(acceptLanguage) > longestHeader {
		acceptLanguage = acceptLanguage[:longestHeader]
		acceptLanguage = acceptLanguage[:strings.LastIndexByte(acceptLanguage, ',')+1]
	}
	tags, _, err := language.ParseAcceptLanguage(acceptLanguage)
	if err != nil && strings.TrimSpace(acceptLanguage) != "" {
		tags = readable(acceptLanguage)
	}
	return match(tags)
}

// readable keeps the entries that can be read when one of them cannot, in
// the order of the header.
func readable(acceptLanguage string) []language.Tag {
	var tags []language.Tag
	for entry := range strings.SplitSeq(acceptLanguage, ",") {
		parsed, _, err := language.ParseAcceptLanguage(entry)
		if err == nil {
			tags = append(tags, parsed...)
		}
	}
	return tags
}

// anyLanguage is what x/text makes of "*".
var anyLanguage = language.MustParse("mul")

func match(tags []language.Tag) Lang {
	asked := false
	for _, tag := range tags {
		asked = asked || tag != anyLanguage && tag != language.Und
	}
	if !asked {
		return ZhHans
	}
	_, i, confidence := matcher.Match(tags...)
	switch {
	case confidence == language.No && chineseScript(tags):
		return ZhHans
	case confidence == language.No:
		return En
	case i >= len(Languages()): // traditional Chinese
		return ZhHans
	}
	return Languages()[i]
}

func chineseScript(tags []language.Tag) bool {
	for _, tag := range tags {
		script, _ := tag.Script()
		if s := script.String(); s == "Hans" || s == "Hant" {
			return true
		}
	}
	return false
}

// Parse reads the tag of one of the seven languages, as in a path or a
// --lang option; ok is false for anything else.
func Parse(tag string) (lang Lang, ok bool) {
	for _, lang := range Languages() {
		if strings.EqualFold(tag, string(lang)) {
			return lang, true
		}
	}
	return "", false
}

// FromEnvironment picks the language of a terminal from LC_ALL, LC_MESSAGES
// and LANG, the first that is set, as POSIX has it. Unset, C and POSIX mean
// English: such a terminal has not said that it can show more than ASCII.
func FromEnvironment(env func(string) string) Lang {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		locale := env(name)
		if locale == "" {
			continue
		}
		locale, _, _ = strings.Cut(locale, ".") // zh_CN.UTF-8@variant
		locale, _, _ = strings.Cut(locale, "@")
		if locale == "C" || locale == "POSIX" {
			return En
		}
		tag, err := language.Parse(locale)
		if err != nil {
			return En
		}
		return match([]language.Tag{tag})
	}
	return En
}
