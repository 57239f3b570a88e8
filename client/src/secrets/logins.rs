//! User names and passwords in the addresses that a header names.

use reqwest::Url;

use super::string::MASK;

/// The value of a header with the user name and password in each address masked; `None` without any.
pub(super) fn masked(value: &str) -> Option<String> {
    // Of the headers of nearly every response no value has an @, which is at the end of every login.
    if !value.contains('@') {
        return None;
    }
    in_parts(value).or_else(|| as_a_whole(value))
}

/// A value that is one address, in any form that a browser reads: `https:user:password@host` is one.
fn as_a_whole(value: &str) -> Option<String> {
    let relative = || Url::parse("https://host")?.join(value);
    let mut url = Url::parse(value).or_else(|_| relative()).ok()?;
    if url.username().is_empty() && url.password().is_none() {
        return None;
    }
    url.set_password(None).ok()?;
    url.set_username(MASK).ok()?;
    Some(url.into())
}

/// Addresses within a value, such as `<https://user:password@host>; rel=next`.
fn in_parts(value: &str) -> Option<String> {
    let mut masked = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(at) = rest.find("//") {
        let (before, authority) = rest.split_at(at + 2);
        masked.push_str(before);
        let is_address = masked.len() == 2 || masked.ends_with("://");
        let end = authority.find(|c: char| c.is_whitespace() || r#"/\?#"<>"#.contains(c));
        let login = authority[..end.unwrap_or(authority.len())].rfind('@');
        rest = match login.filter(|_| is_address) {
            Some(login) => {
                masked.push_str(MASK);
                &authority[login..]
            }
            None => authority,
        };
    }
    masked.push_str(rest);
    (masked != value).then_some(masked)
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn no_login_of_an_address_is_left() {
        for (value, shown) in [
            ("https://u:pw@t.test/a@b?c", "https://********@t.test/a@b?c"),
            ("//u:p@w@t.test", "//********@t.test"),
            (
                "<https://u:pw@a.test>; rel=\"next\", <https://b@b.test/?c>",
                "<https://********@a.test>; rel=\"next\", <https://********@b.test/?c>",
            ),
            (
                "0; url=http://u:pw@t.test/",
                "0; url=http://********@t.test/",
            ),
            ("https:u:pw@t.test/a", "https://********@t.test/a"),
            ("https:/u:pw@t.test", "https://********@t.test/"),
            (r"\\u:pw@t.test\a", "https://********@t.test/a"),
            ("https:///u:pw@t.test", "https://********@t.test/"),
            ("ftp://u@t.test", "ftp://********@t.test"),
        ] {
            assert_eq!(masked(value).as_deref(), Some(shown), "{value}");
        }
        for value in [
            "",
            "12",
            "/a//b@c",
            "https://t.test/a@b",
            "https://t.test?a=b@c",
            "u:pw@t.test",
            "mailto:u@t.test",
            "application/json",
        ] {
            assert_eq!(masked(value), None, "{value}");
        }
    }
}
