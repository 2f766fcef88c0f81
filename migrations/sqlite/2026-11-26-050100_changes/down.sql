DROP TABLE change_numbers;
DROP TABLE changes;
DROP TABLE unnumbered_changes;
