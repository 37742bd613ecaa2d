package sandbox

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kouan/declarations"
	"kouan/declarations/inspection"
	"kouan/declarations/testfacts"
	"kouan/port-adapters/edifact"
	"kouan/port-adapters/sandbox/magic"
)

// orderOf is a sample with other boxes.
func orderOf(t *testing.T, name string, boxes ...string) []byte {
	t.Helper()
	body, err := os.ReadFile(testfacts.Path(t, "samples", "edifact", "synthetic", name))
	if err != nil {
		t.Fatal(err)
	}
	for i, from := range []string{"QZZU4001000", "QZZU4001377"}[:len(boxes)] {
		body = bytes.ReplaceAll(body, []byte(from), []byte(boxes[i]))
	}
	return body
}

func TestOrdersAreReadFromCOHAOR(t *testing.T) {
	t.Parallel()
	site := func(number, size, place string) inspection.Box {
		return inspection.Box{ContainerNumber: number, SizeType: size, Site: place}
	}
	for name, want := range map[string]inspection.Notice{
		"COHAOR_D00B_inspection_order.edi": {Version: 1, Change: inspection.Issue, Orders: []inspection.Work{inspection.Lock, inspection.Move},
			Boxes: []inspection.Box{site("QZZU4001000", "45G1", "CNDLC-INSP2"), site("QZZU4001377", "22G1", "CNDLC-INSP2")}},
		"COHAOR_D00B_site_changed.edi": {Version: 2, Change: inspection.Change, Orders: []inspection.Work{inspection.Lock, inspection.Move},
			Boxes: []inspection.Box{site("QZZU4001000", "45G1", "CNDLC-INSP5")}},
		"COHAOR_D00B_cancel.edi": {Version: 3, Change: inspection.Cancel, Orders: []inspection.Work{inspection.Unlock},
			Boxes: []inspection.Box{site("QZZU4001377", "22G1", "")}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o, err := openEDIFACT(orderOf(t, name))
			if err != nil {
				t.Fatal(err)
			}
			want.Number, want.Terminal = "CYTZ2026112300017", "CNDLCT01"
			if diff := cmp.Diff(&want, o.Notice); diff != "" {
				t.Errorf("notice (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReleaseIsAnOrderToUnlockAlone(t *testing.T) {
	t.Parallel()
	body := bytes.Replace(orderOf(t, "COHAOR_D00B_cancel.edi"), []byte("-3+1+AB"), []byte("-3+5+AB"), 1)
	o, err := openEDIFACT(body)
	if err != nil || o.Notice.Change != inspection.ReleaseBoxes {
		t.Errorf("got %+v, %v", o.Notice, err)
	}
}

func TestEDIFACTIsAnsweredByCONTRLAndAPERAK(t *testing.T) {
	t.Parallel()
	for script, want := range map[magic.Script][]string{
		magic.Works:   {"CONTRL:UCI:7", "APERAK:BGM:312"},
		magic.BoxGone: {"CONTRL:UCI:7", "APERAK:BGM:313"},
		magic.Forgets: {"CONTRL:UCI:7"},
		magic.Silent:  nil,
	} {
		t.Run(script.Slug(), func(t *testing.T) {
			t.Parallel()
			withFolders(t, func(t *testing.T, f *TerminalFiles) {
				f.Terminal.Name, f.Terminal.Steps = "", true
				drop(t, f.Root, "N_1.edi", orderOf(t, "COHAOR_D00B_inspection_order.edi", magic.Number(script, 1)))
				look(t, f)
				var got []string
				steps := 0
				for _, a := range f.Terminal.Answers() {
					if !inEDIFACT(&a) {
						steps++
						continue
					}
					d, err := encode(&a)
					if err != nil {
						t.Fatal(err)
					}
					all := edifact.Parse(d.Body, edifact.Options{Strict: true})
					if len(all) != 1 || all[0].Verdict() != edifact.Accept || len(all[0].Messages) != 1 {
						t.Fatalf("answer %s: %+v", d.Body, all)
					}
					ic, m := all[0], all[0].Messages[0]
					s := &m.Segments[1]
					value := s.Value(1, 1)
					if s.Tag() == "UCI" {
						value = s.Value(4, 1)
						if s.Value(1, 1) != "SW2611230001" || m.Segments[2].Value(1, 1) != "CH0001" {
							t.Errorf("CONTRL of another interchange: %s", d.Body)
						}
					}
					got = append(got, m.Type+":"+s.Tag()+":"+value)
					if ic.Sender.ID != "CNDLCT01" || ic.Recipient.ID != "CNDLCSW" || ic.Application != "SANDBOX" {
						t.Errorf("envelope %s", d.Body)
					}
					if m.Type == "APERAK" && (!strings.Contains(string(d.Body), "RFF+ACW:CH0001'") || !strings.Contains(string(d.Body), "RFF+ADO:CYTZ2026112300017'")) {
						t.Errorf("APERAK refers to nothing: %s", d.Body)
					}
					if script == magic.BoxGone && m.Type == "APERAK" && (!strings.Contains(string(d.Body), "ERC+BOX_GONE:ZZZ:ZZZ'") || !strings.Contains(string(d.Body), "FTX+AAO+++SANDBOX THE BOX LEFT BY THE GATE'")) {
						t.Errorf("no reason: %s", d.Body)
					}
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("answers (-want +got):\n%s", diff)
				}
				files, reports := 0, 0
				for _, name := range names(t, f.Root, folderIn) {
					switch filepath.Ext(name) {
					case ".edi":
						files++
					case ".json": // no message tells the steps of the work
						reports++
						body, err := os.ReadFile(filepath.Join(f.Root, folderIn, name))
						if events, faults := inspection.ParseEvents(body); err != nil || len(events) != 1 || declarations.Rejected(faults) {
							t.Errorf("%s: %s, %v", name, body, faults)
						}
					}
				}
				if files != len(want) || reports != steps || (steps > 0) != (script == magic.Works) {
					t.Errorf("%d steps, in: %v", steps, names(t, f.Root, folderIn))
				}
			})
		})
	}
}

// inEDIFACT tells what CONTRL and APERAK say from the steps that go beside them.
func inEDIFACT(a *TerminalAnswer) bool {
	return a.Event.Kind == inspection.TransportAck || a.Event.Kind == inspection.Accepted || a.Event.Kind == inspection.Rejected
}

func TestAnAcknowledgementIsNotAcknowledged(t *testing.T) {
	t.Parallel()
	withFolders(t, func(t *testing.T, f *TerminalFiles) {
		f.Terminal.Name = ""
		drop(t, f.Root, "C_1.edi", []byte("UNB+UNOA:3+KOUAN+CNDLCT01+261123:0900+C1'UNH+1+CONTRL:D:3:UN'UCI+SBX1+CNDLCT01+KOUAN+7'UNT+3+1'UNZ+1+C1'"))
		look(t, f)
		if got := f.Terminal.Deliveries(); len(got) != 1 || got[0].MessageID != "C_1" {
			t.Errorf("deliveries %+v", got)
		}
		if got := f.Terminal.Answers(); len(got) > 0 {
			t.Errorf("answers to a CONTRL: %+v", got)
		}
		if got := f.Terminal.Violations(); len(got) > 0 {
			t.Errorf("violations %+v", got)
		}
	})
}

func TestInterchangesThatCannotBeReadAreViolations(t *testing.T) {
	t.Parallel()
	for name, body := range map[string][]byte{
		"bad counts":    orderOf(t, "BAD_unt_count.edi"),
		"truncated":     orderOf(t, "BAD_truncated.edi"),
		"two in one":    append(orderOf(t, "COHAOR_D00B_cancel.edi"), orderOf(t, "COHAOR_D00B_inspection_order.edi")...),
		"no work order": bytes.ReplaceAll(bytes.Replace(orderOf(t, "COHAOR_D00B_cancel.edi"), []byte("RFF+ADO:CYTZ2026112300017'\n"), nil, 1), []byte("UNT+14"), []byte("UNT+13")),
		"no EDIFACT":    []byte("<xml/>"),
		"nothing":       nil,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if o, err := openEDIFACT(body); err == nil {
				t.Errorf("read as %+v", o.Notice)
			}
		})
	}
}

func TestAKnownInterchangeGetsTheFirstCONTRLAgain(t *testing.T) {
	t.Parallel()
	withFolders(t, func(t *testing.T, f *TerminalFiles) {
		f.Terminal.Name = ""
		for _, name := range []string{"N_1.edi", "N_1.edi", "U_1.edi"} {
			sample := "COHAOR_D00B_inspection_order.edi"
			if name == "U_1.edi" {
				sample = "COSTOR_D00B_unstuff_for_inspection.edi" // no order to be answered, but an interchange
			}
			drop(t, f.Root, name, orderOf(t, sample))
			look(t, f)
		}
		var got []string
		var controls [][]byte
		for _, a := range f.Terminal.Answers() {
			if !inEDIFACT(&a) {
				continue
			}
			got = append(got, string(a.Event.Kind)+" "+a.MessageID+" "+a.Outcome)
			if a.Event.Kind != inspection.TransportAck {
				continue
			}
			d, err := encode(&a)
			if err != nil {
				t.Fatal(err)
			}
			controls = append(controls, d.Body)
		}
		want := []string{"transport_ack N_1 heard", "accepted N_1 heard", "transport_ack N_1 heard", "transport_ack U_1 heard"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("answers (-want +got):\n%s", diff)
		}
		if !bytes.Equal(controls[0], controls[1]) || bytes.Equal(controls[0], controls[2]) {
			t.Errorf("CONTRL:\n%s\n%s\n%s", controls[0], controls[1], controls[2])
		}
	})
}
