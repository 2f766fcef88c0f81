//! What the program promises, as tables and rules: definition files, words, scoring, counting, statistics, the description of the API, and
//! the shape of the source.

mod answering;
mod architecture;
mod asking;
mod asvs;
mod audit;
mod audited;
mod comparison;
mod counting;
mod data_map;
mod definitions;
mod disclosure;
mod inference;
mod openapi;
mod over_time;
mod passport;
mod passwords;
mod reports;
mod safeguarding;
mod scoring;
mod seeds;
mod sent;
mod statistics;
mod support;
mod units;
mod words;
