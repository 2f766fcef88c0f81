//! Reports as drawings, PDFs and workbooks, made from made-up documents: a large scheme, one of 12 people, one of 4, in English and Welsh.

mod composing;
mod drawing;
mod evidence;
mod example;
mod paging;
mod poster;
mod sector;
mod words;
mod workbook;
mod written;
