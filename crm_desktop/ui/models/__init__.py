"""Qt models: ids first, rows when they are looked at, always from the reader lane."""
