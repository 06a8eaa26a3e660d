"""What everything rests on: errors, files, geodesy, text in three languages."""
