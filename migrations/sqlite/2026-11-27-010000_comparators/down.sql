DROP TABLE comparators;
DROP TABLE comparator_files;
