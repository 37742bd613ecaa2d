package codes_test

import (
	"testing"

	"kouan/declarations/codes"
)

func TestFindByEitherCode(t *testing.T) {
	t.Parallel()
	countries, currencies := codes.Default().Table("countries"), codes.Default().Table("currencies")
	china, ok := countries.FindBy("old_numeric", "142")
	if !ok || china.Code != "CHN" {
		t.Errorf("country 142 = %v, want CHN", china)
	}
	yuan, ok := currencies.FindBy("old_numeric", "142")
	if !ok || yuan.Code != "CNY" {
		t.Errorf("currency 142 = %v, want CNY", yuan)
	}
	if _, ok := countries.Find("QQQ", ""); ok {
		t.Error("country QQQ was found")
	}
}
