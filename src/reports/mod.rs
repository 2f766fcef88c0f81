//! What draws a report: the same document as drawings for a page, as a PDF and as a workbook. None of them adds a number.

pub mod pdf;
pub mod svg;
pub mod xlsx;
