"""What people look at: maps, charts, tables and the sentences of each report."""
