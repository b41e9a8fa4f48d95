//! Worked cases of an independent implementation.

mod vectors;
