//! The type of what may be public.

use serde::Serialize;

/// Something that may be public. There is no other way to make one than the functions of this module.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Released<T>(pub(super) T);

impl<T> Released<T> {
    /// What is released.
    pub fn get(&self) -> &T {
        &self.0
    }
}
