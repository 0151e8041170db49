//! The whole engine behind one function.
