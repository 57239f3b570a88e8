//! Reads the JSON of a response into types.

use serde::de::DeserializeOwned;

use super::model::read;
use crate::error::{Error, ErrorKind};
use crate::response::Response;

impl Response {
    /// Reads the body into a type: one of the [models](crate::model) such as
    /// [`TaskStatus`](crate::TaskStatus) or `Vec<TaskStatus>`, your own, or `serde_json::Value`.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidResponse`] when the body does not fit the type. The message names the
    /// member, and [`Error::response`] still has the JSON.
    ///
    /// An empty body does not fit any type. Pending task headers have none, and a tenant without
    /// pending tasks may respond with status 204 and none.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        let misfit = |reason: &dyn std::fmt::Display| {
            Error::new(
                ErrorKind::InvalidResponse,
                format!("the response does not fit the type it is read into: {reason}"),
            )
            .with_response(self.clone())
        };
        match self.text() {
            "" => Err(misfit(&"it has no body")),
            body => read(body).map_err(|error| misfit(&error)),
        }
    }
}
