//! Pictures and soundtrack become a file.
