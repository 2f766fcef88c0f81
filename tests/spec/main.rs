//! The rules of the repository, and case tables that print its documentation.

mod openapi;
