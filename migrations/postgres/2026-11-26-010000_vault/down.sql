-- What is sealed cannot be read by an older version.
DROP TABLE identities;
DROP TABLE data_keys;
