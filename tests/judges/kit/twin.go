package kit

import "fmt"

// Mistake is a change that makes a good file bad, and a word of the refusal that it must cause.
type Mistake struct {
	Name string
	Want string
	// Change breaks the documents and returns them; nil where this file has nothing to break.
	Change func(Docs) (Docs, error)
}

// Twins breaks good files in each of the ways given and asks check, which has to refuse. Each
// mistake is made in the first file that it can be made in. An unbroken copy goes first: if that is
// refused, a refusal of a broken one would say nothing.
func (j *Judge) Twins(good []string, mistakes []Mistake, check func(text []byte) error) error {
	if !j.WantsTwins() {
		return nil
	}
	done := make([]bool, len(mistakes))
	for _, path := range good {
		text, err := j.Read(path)
		if err != nil {
			return err
		}
		docs, err := ParseDocs(text)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		copied, err := docs.Text()
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		if err := check(copied); err != nil {
			return fmt.Errorf("%s: refused when merely printed again: %w", path, err)
		}
		for i, mistake := range mistakes {
			if done[i] {
				continue
			}
			if done[i], err = j.twin(path, docs, mistake, check); err != nil {
				return fmt.Errorf("%s: %s: %w", path, mistake.Name, err)
			}
		}
	}
	return nil
}

func (j *Judge) twin(path string, docs Docs, mistake Mistake, check func([]byte) error) (bool, error) {
	broken, err := docs.Copy()
	if err != nil {
		return false, err
	}
	broken, err = mistake.Change(broken)
	if err != nil || broken == nil {
		return false, err
	}
	text, err := broken.Text()
	if err != nil {
		return false, err
	}
	j.Twin(path, mistake.Name, check(text), mistake.Want)
	return true, nil
}
