//! The table of all settings. Reading, showing, masking and the documentation are driven by it.

use serde_json::Value;

use crate::text::is_printable;

/// A setting.
pub(super) struct Setting {
    /// Its documented name.
    pub name: &'static str,
    pub kind: Kind,
    /// The default, as JSON; `None` if there is none or it depends on other settings.
    default: Option<&'static str>,
    /// The environment variable that gives it.
    pub variable: Option<&'static str>,
    /// Whether its value must never be shown.
    pub is_secret: bool,
    /// Whether it decides where secrets are sent, or who can read them on the way.
    pub leads_secrets: bool,
}

/// The most requests that one call has on their way at once.
pub(crate) const MOST_AT_ONCE: usize = 100;

const LOGIN: [&str; 2] = ["UserName", "Password"];

/// What is removed around the members of a login.
pub(super) const LINE_ENDS: [char; 2] = ['\r', '\n'];

/// What a setting's value must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Flag,
    /// A whole number from 0.
    Count,
    /// A whole number from 1 to [`MOST_AT_ONCE`].
    AtOnce,
    /// Seconds, a fraction allowed, from 0 to a day.
    Seconds,
    /// Seconds, a fraction allowed, from 0.001 to a day.
    PositiveSeconds,
    /// `{"UserName":…,"Password":…}`
    Login,
}

impl Setting {
    pub(super) fn default(&self) -> Option<Value> {
        serde_json::from_str(self.default?).ok()
    }
}

impl Kind {
    /// What a value of this kind must be, for a message about one that is not.
    pub(super) fn expected(self, given: &Value) -> &'static str {
        match self {
            Self::Text if given.is_string() => "text without control characters",
            Self::Login if is_login(given) => {
                "an object with UserName and Password, without control characters"
            }
            Self::Text => "text",
            Self::Flag => "true or false",
            Self::Count => "a whole number from 0",
            Self::AtOnce => "a whole number from 1 to 100",
            Self::Seconds => "a number of seconds from 0 to 86400",
            Self::PositiveSeconds => "a number of seconds from 0.001 to 86400",
            Self::Login => "an object with UserName and Password",
        }
    }

    /// Whether a value is of this kind.
    pub(super) fn accepts(self, value: &Value) -> bool {
        const LONGEST: f64 = 86_400.0;
        let within = |least: f64| {
            value
                .as_f64()
                .is_some_and(|seconds| (least..=LONGEST).contains(&seconds))
        };
        match self {
            // It is shown, and others write the files: escape sequences would reach the terminal.
            Self::Text => value.as_str().is_some_and(|text| is_printable(text.trim())),
            Self::Flag => value.is_boolean(),
            Self::Count => value
                .as_u64()
                .is_some_and(|count| u32::try_from(count).is_ok()),
            Self::AtOnce => value
                .as_u64()
                .and_then(|count| usize::try_from(count).ok())
                .is_some_and(|count| (1..=MOST_AT_ONCE).contains(&count)),
            Self::Seconds => within(0.0),
            Self::PositiveSeconds => within(0.001),
            Self::Login => is_login(value) && login(value).all(is_printable),
        }
    }
}

/// The members of a login that are texts. A blank may belong to a password, a line end was copied with it.
fn login(value: &Value) -> impl Iterator<Item = &str> {
    let members = LOGIN
        .iter()
        .filter_map(|member| value.get(member)?.as_str());
    members.map(|text| text.trim_matches(LINE_ENDS))
}

fn is_login(value: &Value) -> bool {
    login(value).count() == LOGIN.len()
}

/// Makes the table, and the Markdown that documents it.
///
/// `Name: Kind = "JSON of the default" or "what is used otherwise" from "VARIABLE" is secret leads secrets, "help";`
macro_rules! settings {
    ($(
        $name:ident: $kind:ident
            $(= $default:literal)? $(or $otherwise:literal)? $(from $variable:literal)? $(is $secret:ident)?
            $(leads $led:ident)?,
            $help:literal;
    )+) => {
        pub(super) const SETTINGS: &[Setting] = &[$(
            Setting {
                name: stringify!($name),
                kind: Kind::$kind,
                default: given(&[$($default)?]),
                variable: given(&[$($variable)?]),
                is_secret: given(&[$(stringify!($secret))?]).is_some(),
                leads_secrets: given(&[$(stringify!($led))?]).is_some(),
            },
        )+];

        /// Every setting as a row of a Markdown table.
        macro_rules! settings_table {
            () => {
                concat!(
                    "| setting | what it does | default |\n| --- | --- | --- |\n",
                    $("| `", stringify!($name), "`", $(" (`", $variable, "`)",)? " | ", $help, " | ",
                        $("`", $default, "`",)? $($otherwise,)? " |\n",)+
                )
            };
        }
    };
}

/// The optional part of a row, if it is there.
const fn given(part: &[&'static str]) -> Option<&'static str> {
    match part {
        [part] => Some(part),
        _ => None,
    }
}

settings! {
    BaseUrl: Text from "SAIL_BASE_URL" leads secrets,
        "the tenant's API address, `https://TENANT.api.identitynow.com`";
    ClientId: Text from "SAIL_CLIENT_ID",
        "the id of a personal access token";
    ClientSecret: Text from "SAIL_CLIENT_SECRET" is secret,
        "its secret";
    Token: Text is secret,
        "an access token of your own, instead of client id and secret";
    TokenExpiration: Text,
        "when `Token` expires: ISO 8601 with an offset";
    TokenUrl: Text or "`BaseUrl` + `/oauth/token`" leads secrets,
        "where tokens are fetched";
    ApiVersion: Text = "\"v2024\"",
        "the version in the path: `v2024`, `v2025`, `v2026`, `beta`, `latest`, `v1`";
    TimeoutSeconds: PositiveSeconds = "100",
        "how long a whole call may take, including its retries";
    ConnectTimeoutSeconds: PositiveSeconds = "15",
        "how long it may take to make one connection";
    AttemptTimeoutSeconds: PositiveSeconds = "30",
        "how long the first try of a request that only reads waits for a response before a new connection is tried";
    MaximumRetryCount: Count = "10",
        "how many times a request may be retried";
    RetryIntervalSeconds: Seconds = "1",
        "the wait before the first retry; later ones grow";
    PagesAhead: AtOnce = "4",
        "how many pages a listing may request ahead of what its caller has taken, from 1 to 100";
    Experimental: Flag = "false",
        "send the header `X-SailPoint-Experimental`";
    Proxy: Text or "`HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`, then the system's" leads secrets,
        "the proxy for token and API requests: `http`, `https`, `socks4`, `socks4a`, `socks5` or `socks5h`; \
         `none` for no proxy";
    ProxyCredential: Login is secret,
        "user name and password for the proxy";
    CertificateAuthority: Text or "`SSL_CERT_FILE`, `SSL_CERT_DIR`" leads secrets,
        "a file of certificates to trust in addition to the system's, in PEM or DER";
    AllowHttp: Flag = "false" leads secrets,
        "allow plain http to other machines";
    ConsumerIdentifier: Text,
        "your program's name, for the User-Agent";
    ConsumerVersion: Text,
        "your program's version, for the User-Agent";
    UserAgent: Text,
        "added to the User-Agent after your program's name";
    NermBaseUrl: Text,
        "accepted because the settings of other clients have it; not used here";
}

/// The setting with this name, in any case.
pub(super) fn find(name: &str) -> Option<&'static Setting> {
    SETTINGS
        .iter()
        .find(|setting| setting.name.eq_ignore_ascii_case(name))
}

/// The setting that a name was probably meant to be, with a letter or two wrong.
pub(super) fn nearest(name: &str) -> Option<&'static str> {
    const LONGEST: usize = 40;
    if name.len() > LONGEST || find(name).is_some() {
        return None;
    }
    let name = name.to_ascii_lowercase();
    let distance = |setting: &Setting| {
        let most = if setting.name.len() < 8 { 1 } else { 2 };
        let is_near = setting.name.len().abs_diff(name.len()) <= most;
        is_near
            .then(|| strsim::osa_distance(&name, &setting.name.to_ascii_lowercase()))
            .filter(|distance| *distance <= most)
    };
    let near = |setting: &'static Setting| Some((distance(setting)?, setting.name));
    SETTINGS.iter().filter_map(near).min().map(|(_, name)| name)
}

/// All names, for a message.
pub(super) fn names() -> String {
    let names: Vec<_> = SETTINGS.iter().map(|setting| setting.name).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_is_of_its_settings_kind() {
        for setting in SETTINGS {
            let default = setting.default();
            assert_eq!(
                default.is_some(),
                setting.default.is_some(),
                "{}",
                setting.name
            );
            assert!(
                default.is_none_or(|value| setting.kind.accepts(&value)),
                "{}",
                setting.name
            );
        }
    }

    #[test]
    fn the_readme_has_the_same_table() {
        let readme = include_str!("../../../README.md").replace("\r\n", "\n");
        assert!(
            readme.contains(settings_table!()),
            "README.md lacks this table of settings:\n{}",
            settings_table!()
        );
    }
}
