//! Statistics against published numbers (`published`) and against other people's programs (`oracle`).

mod oracle;
mod published;
mod rules;
