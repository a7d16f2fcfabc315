//! The description of the API (OpenAPI 3.1).
