//! What several pages show alike: states, due moments, time lines, papers.
