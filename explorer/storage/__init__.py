"""Stories in a database: tables, rows, migrations. No row leaves it."""
