//! Form fields as pages draw them.
