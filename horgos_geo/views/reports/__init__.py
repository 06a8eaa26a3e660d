"""What each report says and shows: one module a report, named like its notebook."""
