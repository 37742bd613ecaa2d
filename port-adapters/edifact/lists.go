package edifact

// lists checks coded values whose list is on file.
func (c *checker) lists(seg *Segment) {}
