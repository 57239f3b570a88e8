//! `config.json` in the current folder may be anybody's: it comes with an archive or lies on a share.
//! So it decides where secrets are sent, and who can read them on the way, only if they are all its own.
//! And its token is sent only to its own address.

use reqwest::Url;

use super::base_url;
use super::note::{Note, NoteCode};
use super::parts::UnusedClient;
use super::sources::{Source, Sources, Values};
use super::table::{SETTINGS, Setting};
use crate::error::Error;

/// Settings of the folder's file that are not used, and why.
pub(super) struct Withheld<'a> {
    settings: Vec<&'static Setting>,
    /// The folder's file.
    path: &'a str,
    /// A secret from elsewhere, and its source.
    secret: &'static str,
    from: &'a str,
}

impl<'a> Withheld<'a> {
    /// Replaces what the folder's file must not decide by what the other sources say. Secrets of the
    /// keyring may be still to come.
    pub(super) fn take_from(
        values: &mut Values<'a>,
        sources: &'a Sources,
        expects_keyring: bool,
    ) -> Option<Self> {
        let in_keyring = expects_keyring.then_some(("a secret", Source::Keyring.words()));
        let credential = credentials(values)
            .iter()
            .find_map(|name| foreign(values, name))
            .or(in_keyring);
        let for_proxy = credential.or_else(|| proxy_password(values, sources));
        let mut withheld: Option<Self> = None;
        for setting in SETTINGS.iter().filter(|setting| setting.leads_secrets) {
            let secret = match setting.name {
                // A proxy gets its password; with certificates to trust, anybody can pose as the proxy.
                "Proxy" | "CertificateAuthority" => for_proxy,
                _ => credential,
            };
            let (Some((secret, from)), Some((value, Source::Folder(file)))) =
                (secret, values.get(setting.name))
            else {
                continue;
            };
            let elsewhere = sources.find_elsewhere(setting);
            let used = elsewhere.as_ref().map(|(value, _)| value.clone());
            let is_same = used.or_else(|| setting.default()).as_ref() == Some(value);
            let path = file.path();
            match elsewhere {
                Some(found) => values.insert(setting.name, found),
                None => values.remove(setting.name),
            };
            if !is_same {
                withheld
                    .get_or_insert_with(|| Self {
                        settings: Vec::new(),
                        path,
                        secret,
                        from,
                    })
                    .settings
                    .push(setting);
            }
        }
        withheld
    }

    /// Whether one of these settings is among them.
    pub(super) fn names(&self, names: &[&str]) -> bool {
        self.settings
            .iter()
            .any(|setting| names.contains(&setting.name))
    }

    /// Why the file does not count.
    pub(super) fn reason(&self) -> String {
        let Self {
            path, secret, from, ..
        } = self;
        format!("{path} does not count, because {secret} is from {from}")
    }

    /// The path and why the file lacks settings, for the message that something is missing.
    pub(super) fn state(&self) -> String {
        let Self {
            path, secret, from, ..
        } = self;
        let names = self.listed(|setting| Some(setting.name));
        format!("{path} (not used from it: {names}, because {secret} is from {from})")
    }

    /// The warning for the user.
    pub(super) fn note(&self) -> Note {
        let Self {
            path, secret, from, ..
        } = self;
        let names = self.listed(|setting| Some(setting.name));
        let variables = self.listed(variable);
        let or_set = match variables.as_str() {
            "" => String::new(),
            variables => format!(", or set {variables}"),
        };
        let message = format!(
            "not used from {path}: {names}. A file in the current folder decides where secrets go only if all of \
             them come from it, and {secret} is from {from}. Give these settings explicitly{or_set}, or all secrets in \
             that file alone"
        );
        Note::warning(NoteCode::FolderNotTrusted, message)
    }

    fn listed(&self, part: fn(&Setting) -> Option<&'static str>) -> String {
        let parts: Vec<_> = self
            .settings
            .iter()
            .filter_map(|setting| part(setting))
            .collect();
        parts.join(", ")
    }
}

/// Refuses to send the token of the folder's file to another address than the one in that file: a token
/// is for one tenant.
pub(super) fn check_token(values: &Values<'_>, base: &Url) -> Result<(), Error> {
    let (Some((_, Source::Folder(file))), Some((_, of_base))) =
        (values.get("Token"), values.get("BaseUrl"))
    else {
        return Ok(());
    };
    let own = file.find("BaseUrl");
    if own.is_none() && file.unusable("BaseUrl").is_none() {
        return Ok(());
    }
    // It is only compared.
    let allow_http = true;
    let own = own
        .and_then(|own| own.as_str())
        .map(|own| base_url::normalize("", own, allow_http));
    if matches!(own, Some(Ok(own)) if own == *base) {
        return Ok(());
    }
    let (path, of_base) = (file.path(), of_base.words());
    let message = format!(
        "Token (from {path}) is not sent to BaseUrl (from {of_base}): that file has another BaseUrl"
    );
    Err(Error::settings(message).with_hint(
        "give the Token of that tenant explicitly, or remove Token or BaseUrl from the file",
    ))
}

/// What may be sent to the tenant and its token endpoint: the token, and the client, which fetches one if
/// there is none or the given one is rejected or has expired.
fn credentials(values: &Values<'_>) -> &'static [&'static str] {
    let has = |name| values.contains_key(name);
    let has_client = has("ClientId") && has("ClientSecret");
    let is_client_used = has_client && UnusedClient::among(values).is_none();
    if has("Token") && !is_client_used {
        &["Token"]
    } else {
        &["Token", "ClientSecret", "ClientId"]
    }
}

/// The environment variable that can give it instead.
fn variable(setting: &Setting) -> Option<&'static str> {
    match setting.name {
        "Proxy" => Some("HTTPS_PROXY"),
        "CertificateAuthority" => Some("SSL_CERT_FILE"),
        _ => setting.variable,
    }
}

/// A setting with its source, if that is not the folder's file.
fn foreign<'a>(values: &Values<'a>, name: &'static str) -> Option<(&'static str, &'a str)> {
    match values.get(name)? {
        (_, Source::Folder(_)) => None,
        (_, source) => Some((name, source.words())),
    }
}

/// The password for a proxy, if it is not from the folder's file.
fn proxy_password<'a>(values: &Values<'a>, sources: &Sources) -> Option<(&'static str, &'a str)> {
    if let Some(found) = foreign(values, "ProxyCredential") {
        return Some(found);
    }
    let has_password = |address: &str| address.contains('@');
    if let Some((value, source)) = values.get("Proxy") {
        let is_foreign = !matches!(source, Source::Folder(_));
        let has_password = value.as_str().is_some_and(has_password);
        return (is_foreign && has_password).then(|| ("the password in Proxy", source.words()));
    }
    let variables: Vec<_> = ["HTTPS_PROXY", "HTTP_PROXY"]
        .into_iter()
        .filter_map(|name| sources.proxy_variable(name))
        .collect();
    if variables.iter().any(|(_, address)| has_password(address)) {
        return Some(("the password of the proxy", Source::Environment.words()));
    }
    let system = variables.is_empty().then(|| sources.system_proxy())?;
    system
        .addresses()
        .any(has_password)
        .then_some(("the password of the proxy", "system"))
}
