//! A safe wrapper of librime, the Chinese input engine.
