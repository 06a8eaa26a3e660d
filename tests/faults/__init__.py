"""Programs that break things on purpose: kill -9 at any moment, fuzzed files."""
