//! Response heads that are odd in form, as some gateways send them. The client takes them as curl and
//! PowerShell do, so each of them must arrive as a response, with its other headers.

use anyhow::{Context, Result, ensure};
use v2024_sandbox::Action;
use v2024_task_management::Response;

/// What is odd, the header line, and the value that the client reads from it; `None` where it leaves
/// the line out.
const ODD: [(&str, &str, Option<&str>); 3] = [
    (
        "folded header",
        "X-Odd: one\r\n two\r\n\tthree\r\n",
        Some("one two three"),
    ),
    ("blank before colon", "X-Odd : one\r\n", Some("one")),
    ("control character", "X-Odd: o\u{1}ne\r\n", None),
];

/// A response with each of the odd heads. `headers` are further header lines.
pub fn odd(status: &str, headers: &str, body: &str) -> Vec<Action> {
    ODD.iter()
        .enumerate()
        .map(|(number, (_, line, _))| {
            let text = format!(
                "HTTP/1.1 {status}\r\nX-Soak: {number}\r\n{line}{headers}X-Last: 1\r\n\r\n{body}"
            );
            Action::Raw(text.as_str().into())
        })
        .collect()
}

/// What is odd in the head of a response, if anything is. Returns an error if the client read it wrong.
pub fn check(response: &Response) -> Result<Option<&'static str>> {
    let Some(number) = response.header("x-soak") else {
        return Ok(None);
    };
    let (name, _, value) = ODD.get(number.parse::<usize>()?).context("X-Soak")?;
    ensure!(
        response.header("x-odd") == *value && response.header("x-last") == Some("1"),
        "the head with a {name} was read as {:?}",
        response.headers()
    );
    Ok(Some(name))
}
