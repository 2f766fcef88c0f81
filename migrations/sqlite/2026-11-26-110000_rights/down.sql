DROP TABLE complaints;
DROP TABLE change_floors;
DROP TABLE settled_tallies;
DROP TABLE retention_settings;
