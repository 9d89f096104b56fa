package main

import (
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"time"
)

// plain turns what a reader made into maps, lists and strings; each scalar, also a key, is a string
// that starts with its type, so that 1, 1.0, "1" and true are four things. pyyaml.py and rust/ do the same.
func plain(value any) any {
	switch value := value.(type) {
	case map[string]any:
		out := make(map[string]any, len(value))
		for key, inner := range value {
			out["string:"+key] = plain(inner)
		}
		return out
	case map[any]any:
		out := make(map[string]any, len(value))
		for key, inner := range value {
			out[fmt.Sprint(plain(key))] = plain(inner)
		}
		return out
	case []any:
		out := make([]any, len(value))
		for i, inner := range value {
			out[i] = plain(inner)
		}
		return out
	case nil:
		return "null:"
	case bool:
		return fmt.Sprintf("bool:%t", value)
	case int, int64, uint64:
		return fmt.Sprintf("int:%d", value)
	case float64:
		return "float:" + hex.EncodeToString(binary.BigEndian.AppendUint64(nil, math.Float64bits(value)))
	case string:
		return "string:" + value
	case time.Time:
		return "time:" + value.Format(time.RFC3339Nano)
	default:
		return fmt.Sprintf("%T:%v", value, value)
	}
}

// canonical is the one text of some documents: JSON with its keys sorted.
func canonical(documents any) (string, error) {
	text, err := json.Marshal(documents)
	return string(text), err
}
