//! Reads the JSON of a response into types.

use serde::de::DeserializeOwned;

use crate::error::{Error, ErrorKind};
use crate::response::Response;

impl Response {
    /// Reads the body into a type: your own, or `serde_json::Value`.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidResponse`] when the body does not fit the type. The JSON is still in
    /// [`Response::text`].
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        serde_json::from_str(self.text()).map_err(|error| {
            Error::new(
                ErrorKind::InvalidResponse,
                format!("the response does not fit the type it is read into: {error}"),
            )
        })
    }
}
