ALTER TABLE schemes DROP COLUMN practice;
