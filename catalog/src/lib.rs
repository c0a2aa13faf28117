//! What the government publishes: record types, the content store and its search.
