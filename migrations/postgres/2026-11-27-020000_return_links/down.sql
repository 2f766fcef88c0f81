DROP TABLE return_links;
