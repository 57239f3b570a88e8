//! Enums that keep names they do not list.

/// Makes an enum whose variants are names in JSON, with `Other` for every name that is not listed.
///
/// The vendor adds names without notice, and some tenants write listed ones in another case. Names are compared
/// exactly, and an unlisted one is kept as it is.
macro_rules! open_enum {
    (
        $(#[$about:meta])*
        $name:ident {
            $($(#[$about_variant:meta])* $variant:ident = $text:literal,)+
        }
    ) => {
        $(#[$about])*
        ///
        /// Names are compared exactly, including their case: `Other` holds each name that is not listed here. A later
        /// version of this crate may list it, so compare such a name by [`as_str`](Self::as_str).
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$about_variant])* #[doc = concat!("(`", $text, "`)")] $variant,)+
            /// Any other name, as the tenant wrote it. Build one with `from`, which finds the listed names.
            Other(String),
        }

        impl $name {
            /// The name as it stands in JSON.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)+
                    Self::Other(name) => name,
                }
            }
        }

        impl From<&str> for $name {
            fn from(name: &str) -> Self {
                match name {
                    $($text => Self::$variant,)+
                    other => Self::Other(other.to_owned()),
                }
            }
        }

        impl From<String> for $name {
            fn from(name: String) -> Self {
                match name.as_str() {
                    $($text => Self::$variant,)+
                    _ => Self::Other(name),
                }
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                <String as ::serde::Deserialize>::deserialize(deserializer).map(Self::from)
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
    };
}

pub(crate) use open_enum;

#[cfg(test)]
mod tests {
    use serde_json::{from_value, json, to_value};

    open_enum! {
        /// A colour.
        Colour {
            /// Red.
            Red = "RED",
            /// Dark blue.
            DarkBlue = "DARK_BLUE",
        }
    }

    #[test]
    fn listed_names_are_variants() {
        assert_eq!(
            from_value::<Colour>(json!("DARK_BLUE")).expect("a name"),
            Colour::DarkBlue
        );
        assert_eq!(
            to_value(Colour::DarkBlue).expect("a name"),
            json!("DARK_BLUE")
        );
        assert_eq!(Colour::from("RED"), Colour::Red);
        assert_eq!(Colour::from("RED".to_owned()), Colour::Red);
        assert_eq!(Colour::Red.as_str(), "RED");
        assert_eq!(format!("{:>5}", Colour::Red), "  RED");
    }

    #[test]
    fn unlisted_names_are_kept() {
        for name in ["GREEN", "Red", ""] {
            let colour = Colour::Other(name.to_owned());
            assert_eq!(from_value::<Colour>(json!(name)).expect("a name"), colour);
            assert_eq!(Colour::from(name), colour);
            assert_eq!(colour.to_string(), name);
            assert_eq!(to_value(colour).expect("a name"), json!(name));
        }
    }
}
