DROP TABLE service_keys;
DROP TABLE service_accounts;
