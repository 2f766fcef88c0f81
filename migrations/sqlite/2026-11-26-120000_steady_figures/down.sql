DROP TABLE steady_figures;
