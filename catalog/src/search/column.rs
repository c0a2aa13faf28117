//! Long lists of plain numbers that are used where they lie in a file.

use std::fmt;
use std::ops::Deref;

use bytemuck::Pod;
use tantivy::directory::OwnedBytes;

/// A list of numbers: in memory while it is made, afterwards in the file, which is mapped. The numbers lie there
/// as they lie in memory, for an index is read where it was built.
pub(super) enum Column<T> {
    Made(Vec<T>),
    /// Checked to be whole numbers in their places.
    Mapped(OwnedBytes),
}

/// A list of numbers of any sort, as the file sees it.
pub(super) trait Numbers {
    /// The numbers as they lie in memory.
    fn bytes(&self) -> &[u8];

    /// Takes these bytes of a file for the numbers; refuses what is not whole numbers in their places.
    fn map(&mut self, bytes: OwnedBytes) -> Result<(), bytemuck::PodCastError>;
}

impl<T: Pod> Numbers for Column<T> {
    fn bytes(&self) -> &[u8] {
        bytemuck::cast_slice(self)
    }

    fn map(&mut self, bytes: OwnedBytes) -> Result<(), bytemuck::PodCastError> {
        bytemuck::try_cast_slice::<u8, T>(&bytes)?;
        *self = Self::Mapped(bytes);
        Ok(())
    }
}

impl<T: Pod> Deref for Column<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        match self {
            Self::Made(numbers) => numbers,
            Self::Mapped(bytes) => bytemuck::cast_slice(bytes),
        }
    }
}

impl<T> Default for Column<T> {
    fn default() -> Self {
        Self::Made(Vec::new())
    }
}

impl<T> From<Vec<T>> for Column<T> {
    fn from(numbers: Vec<T>) -> Self {
        Self::Made(numbers)
    }
}

impl<T: Pod> fmt::Debug for Column<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} numbers", self.len())
    }
}

/// Characters, kept as their numbers in one piece: one by one they would be read ten times as slowly.
pub(super) mod characters {
    use serde::de::{Error as _, Visitor};
    use serde::{Deserializer, Serializer};

    pub(in crate::search) fn serialize<S: Serializer>(chars: &[char], to: S) -> Result<S::Ok, S::Error> {
        let numbers: Vec<u32> = chars.iter().map(|&character| u32::from(character)).collect();
        to.serialize_bytes(bytemuck::cast_slice(&numbers))
    }

    pub(in crate::search) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<char>, D::Error> {
        struct Bytes;
        impl<'de> Visitor<'de> for Bytes {
            type Value = &'de [u8];

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("the numbers of characters")
            }

            fn visit_borrowed_bytes<E>(self, bytes: &'de [u8]) -> Result<Self::Value, E> {
                Ok(bytes)
            }
        }
        let (numbers, rest) = from.deserialize_bytes(Bytes)?.as_chunks();
        let chars = numbers
            .iter()
            .map(|&number| char::from_u32(u32::from_ne_bytes(number)));
        match chars.collect() {
            Some(chars) if rest.is_empty() => Ok(chars),
            _ => Err(D::Error::custom("a number is no character")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mapped_numbers_are_the_same_and_broken_ones_are_refused() {
        let made = Column::from(vec![1_u32, 70_000, 3]);
        let mut bytes = vec![0; 24];
        let at = bytes.as_ptr().align_offset(align_of::<u32>());
        bytes[at..at + 12].copy_from_slice(made.bytes());
        let bytes = OwnedBytes::new(bytes);
        let mut mapped = Column::<u32>::default();
        mapped.map(bytes.slice(at..at + 12)).unwrap();
        assert_eq!(*mapped, *made);
        assert!(mapped.map(bytes.slice(at + 1..at + 5)).is_err());
        assert!(mapped.map(bytes.slice(at..at + 3)).is_err());
    }
}
