DROP TABLE return_events;
DROP TABLE return_figures;
DROP TABLE returns;
