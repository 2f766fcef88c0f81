DROP TABLE scheme_contacts;
