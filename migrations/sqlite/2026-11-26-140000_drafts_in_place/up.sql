-- Nothing to do: SQLite writes a row anew in its place.
SELECT 1;
