//! A member that may be missing or null.

use std::ops::Deref;
use std::slice;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A member of a JSON object: missing, null, or a value.
///
/// Most readers only ask for the value:
///
/// ```
/// use v2024_task_management::model::Maybe;
///
/// let name = Maybe::Value("Cloud Account Aggregation".to_owned());
/// assert_eq!(name.as_deref(), Some("Cloud Account Aggregation"));
///
/// let launcher = Maybe::<String>::Null;
/// assert_eq!(launcher.as_deref(), None);
/// assert!(launcher.is_null());
/// ```
///
/// A `Maybe` with a list can be iterated; without a value it is empty.
///
/// In a struct of your own, a field needs `#[serde(default, skip_serializing_if = "Maybe::is_missing")]`, because serde
/// otherwise reads a missing member as null. Anywhere else, such as in an array, `Missing` is written as null.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Maybe<T> {
    /// The object does not have the member.
    #[default]
    Missing,
    /// The member is null.
    Null,
    /// The member has a value.
    Value(T),
}

impl<T> Maybe<T> {
    /// Whether the object does not have the member.
    pub const fn is_missing(&self) -> bool {
        matches!(self, Self::Missing)
    }

    /// Whether the member is there and null.
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The value, or `None` where the member is missing or null.
    pub const fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Missing | Self::Null => None,
        }
    }

    /// As [`value`](Self::value), but takes the value out.
    pub fn into_value(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Missing | Self::Null => None,
        }
    }

    /// The value as what it derefs to: `Option<&str>` from a `Maybe<String>`, `Option<&[T]>` from a `Maybe<Vec<T>>`.
    pub fn as_deref(&self) -> Option<&T::Target>
    where
        T: Deref,
    {
        self.value().map(T::deref)
    }

    /// The same with a reference to the value.
    pub const fn as_ref(&self) -> Maybe<&T> {
        match self {
            Self::Missing => Maybe::Missing,
            Self::Null => Maybe::Null,
            Self::Value(value) => Maybe::Value(value),
        }
    }

    /// Changes the value; missing stays missing, null stays null.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Maybe<U> {
        match self {
            Self::Missing => Maybe::Missing,
            Self::Null => Maybe::Null,
            Self::Value(value) => Maybe::Value(change(value)),
        }
    }
}

impl<T> Maybe<Vec<T>> {
    /// The items of the list; none where the member is missing or null.
    pub fn iter(&self) -> slice::Iter<'_, T> {
        self.as_deref().unwrap_or_default().iter()
    }
}

impl<'a, T> IntoIterator for &'a Maybe<Vec<T>> {
    type Item = &'a T;
    type IntoIter = slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T> From<T> for Maybe<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Maybe<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Option::deserialize(deserializer)?;
        Ok(value.map_or(Self::Null, Self::Value))
    }
}

impl<T: Serialize> Serialize for Maybe<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value().serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Maybe<i64>; 3] = [Maybe::Missing, Maybe::Null, Maybe::Value(7)];

    #[test]
    fn each_state_answers_the_questions() {
        assert_eq!(ALL.map(|member| member.is_missing()), [true, false, false]);
        assert_eq!(ALL.map(|member| member.is_null()), [false, true, false]);
        assert_eq!(
            ALL.map(|member| member.value().copied()),
            [None, None, Some(7)]
        );
        assert_eq!(ALL.map(Maybe::into_value), [None, None, Some(7)]);
        assert_eq!(
            ALL.map(|member| member.as_ref().map(|value| value + 1)),
            [Maybe::Missing, Maybe::Null, Maybe::Value(8)]
        );
    }

    #[test]
    fn is_missing_by_default() {
        assert_eq!(Maybe::<String>::default(), Maybe::Missing);
    }

    #[test]
    fn derefs_to_text_and_lists() {
        assert_eq!(Maybe::from("a".to_owned()).as_deref(), Some("a"));
        assert_eq!(Maybe::from(vec![1, 2]).as_deref(), Some(&[1, 2][..]));
        assert_eq!(Maybe::<String>::Null.as_deref(), None);
    }

    #[test]
    fn a_list_without_value_is_empty() {
        assert_eq!(Maybe::from(vec![1, 2]).iter().sum::<i32>(), 3);
        assert_eq!(Maybe::<Vec<i32>>::Null.iter().count(), 0);
        assert_eq!((&Maybe::<Vec<i32>>::Missing).into_iter().count(), 0);
    }
}
