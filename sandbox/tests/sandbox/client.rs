//! A sandbox and an HTTP client that holds a token for it.

use reqwest::Method;
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use v2024_sandbox::{Options, Sandbox};

pub(crate) const LIST: &str = "/v2024/task-status";
pub(crate) const PENDING: &str = "/v2024/task-status/pending-tasks";
pub(crate) const DOCUMENTED: &str = "/v2024/task-status/00eebcf881994e419d72e757fd30dc0e";

pub(crate) struct Client {
    pub(crate) sandbox: Sandbox,
    pub(crate) token: String,
    pub(crate) http: reqwest::Client,
}

/// An HTTP client. In a build of the whole workspace, reqwest uses the TLS provider that the process
/// installs instead of its own, and does not start without one.
pub(crate) fn http() -> reqwest::Client {
    builder().build().unwrap()
}

pub(crate) fn builder() -> reqwest::ClientBuilder {
    // Fails if another test of this process was first.
    let _ = tokio_rustls::rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
}

/// A response that has been read completely.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) text: String,
}

impl Response {
    pub(crate) async fn read(response: reqwest::Response) -> Self {
        Self {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            text: response.text().await.unwrap(),
        }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// The ids of a list.
    pub(crate) fn ids(&self) -> Vec<String> {
        let tasks = self.json();
        tasks
            .as_array()
            .unwrap()
            .iter()
            .map(|task| task["id"].as_str().unwrap().to_owned())
            .collect()
    }

    /// Checks that this is an `ErrorResponseDto` with the given status, code and cause.
    pub(crate) fn assert_error(&self, status: u16, code: &str, cause: &str) {
        let body = self.json();
        assert_eq!(
            (self.status, body["detailCode"].as_str()),
            (status, Some(code)),
            "{body}"
        );
        let tracking_id = body["trackingId"].as_str().unwrap();
        assert_eq!(tracking_id.len(), 32);
        assert_eq!(self.header("slpt-request-id"), Some(tracking_id));
        assert_eq!(body["messages"][0]["locale"], "en-US");
        assert_eq!(body["messages"][0]["localeOrigin"], "DEFAULT");
        assert_eq!(
            body["causes"][0]["text"].as_str().unwrap_or_default(),
            cause
        );
        assert_eq!(self.header("content-type"), Some("application/json"));
    }
}

impl Client {
    pub(crate) async fn new(options: Options) -> Self {
        let sandbox = Sandbox::start(options).await.unwrap();
        let mut client = Self {
            sandbox,
            token: String::new(),
            http: http(),
        };
        client.renew().await;
        client.sandbox.clear_requests();
        client
    }

    /// Gets a token.
    pub(crate) async fn renew(&mut self) {
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", self.sandbox.client_id()),
            ("client_secret", self.sandbox.client_secret()),
        ];
        let response = self
            .http
            .post(self.url("/oauth/token"))
            .form(&form)
            .send()
            .await
            .unwrap();
        self.token = Response::read(response).await.json()["access_token"]
            .as_str()
            .unwrap()
            .to_owned();
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.sandbox.base_url())
    }

    /// A request that carries the token.
    pub(crate) fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.http
            .request(method, self.url(path))
            .bearer_auth(&self.token)
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        Response::read(self.request(Method::GET, path).send().await.unwrap()).await
    }

    /// A GET of the list with filters.
    pub(crate) async fn filtered(&self, filters: &str) -> Response {
        let request = self
            .request(Method::GET, LIST)
            .query(&[("filters", filters), ("count", "true")]);
        Response::read(request.send().await.unwrap()).await
    }

    pub(crate) async fn patch(&self, path: &str, body: &str) -> Response {
        let request = self
            .request(Method::PATCH, path)
            .header("content-type", "application/json-patch+json");
        Response::read(request.body(body.to_owned()).send().await.unwrap()).await
    }

    /// Sends a GET as raw bytes, and reads everything until the connection ends.
    pub(crate) async fn raw(&self, path: &str) -> std::io::Result<String> {
        let address = self.sandbox.base_url().trim_start_matches("http://");
        let mut stream = TcpStream::connect(address).await?;
        let token = &self.token;
        let request = format!(
            "GET {path} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {token}\r\nconnection: close\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await?;
        let mut response = Vec::new();
        stream.read_to_end(&mut response).await?;
        Ok(String::from_utf8(response).unwrap())
    }
}
