//! Who calls the API.
