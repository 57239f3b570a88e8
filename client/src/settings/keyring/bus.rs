//! As much of D-Bus as the Secret Service needs: calls with a reply, over a Unix socket.
//!
//! The crates for D-Bus would add 1.6 MB to the library (zbus), need a C library (dbus), or are no
//! longer kept up (rustbus).

use std::io;
use std::time::{Duration, Instant};

use socket2::{Domain, SockAddr, Socket, Type};

/// The longest message that is read. The longest that D-Bus allows has 128 MiB.
const LONGEST: usize = 1 << 20;

/// Where the name of a call and the reply to it are in a message's header.
const PATH: u8 = 1;
const INTERFACE: u8 = 2;
const MEMBER: u8 = 3;
const ERROR_NAME: u8 = 4;
const REPLY_SERIAL: u8 = 5;
const DESTINATION: u8 = 6;
const SIGNATURE: u8 = 8;

/// The types of messages.
const CALL: u8 = 1;
const REPLY: u8 = 2;
const ERROR: u8 = 3;

/// Why a call has no result.
#[derive(Debug)]
pub(super) enum Fault {
    /// No variable names a bus, and there is none where it usually is.
    NoBus,
    /// The bus is not on a Unix socket.
    Address,
    Late,
    Broken(io::Error),
    Malformed,
    /// The response is an error of this name.
    Refused(String),
}

/// A connection to a bus.
pub(super) struct Bus {
    socket: Socket,
    deadline: Instant,
    serial: u32,
}

impl Bus {
    /// The bus of the user's session. All that is done with it has to end before the deadline.
    pub(super) fn of_session(
        variable: &dyn Fn(&str) -> Option<String>,
        deadline: Instant,
    ) -> Result<Self, Fault> {
        let socket = match variable("DBUS_SESSION_BUS_ADDRESS") {
            Some(addresses) => connect(&addresses, deadline)?,
            None => {
                let folder = variable("XDG_RUNTIME_DIR").ok_or(Fault::NoBus)?;
                connect_to(&format!("{folder}/bus"), deadline).map_err(|_| Fault::NoBus)?
            }
        };
        let mut bus = Self {
            socket,
            deadline,
            serial: 0,
        };
        bus.log_in()?;
        let body = Body::new("");
        let (name, path) = ("org.freedesktop.DBus", "/org/freedesktop/DBus");
        bus.call(name, path, "org.freedesktop.DBus.Hello", &body)?;
        Ok(bus)
    }

    /// Without a name: the bus takes the user from the socket.
    fn log_in(&mut self) -> Result<(), Fault> {
        self.send(b"\0AUTH EXTERNAL\r\n")?;
        if self.line()? != b"DATA" {
            return Err(Fault::Malformed);
        }
        self.send(b"DATA\r\n")?;
        if !self.line()?.starts_with(b"OK ") {
            return Err(Fault::Malformed);
        }
        self.send(b"BEGIN\r\n")
    }

    /// Calls a method, given with its interface, and waits for the reply.
    pub(super) fn call(
        &mut self,
        destination: &str,
        path: &str,
        method: &str,
        body: &Body,
    ) -> Result<Reply, Fault> {
        self.serial += 1;
        let message = call(self.serial, destination, path, method, body);
        self.send(&message)?;
        loop {
            let reply = self.receive()?;
            // Signals of the bus arrive, too.
            if reply.serial == Some(self.serial) {
                return match reply.error {
                    Some(name) => Err(Fault::Refused(name)),
                    None => Ok(reply),
                };
            }
        }
    }

    fn receive(&mut self) -> Result<Reply, Fault> {
        const FIXED: usize = 16;
        let mut message = vec![0; FIXED];
        self.fill(&mut message)?;
        let length = Reader::of(&message)?.lengths()?;
        if length > LONGEST {
            return Err(Fault::Malformed);
        }
        message.resize(length.max(FIXED), 0);
        self.fill(&mut message[FIXED..])?;
        Reply::read(message)
    }

    /// A line of the login, without its end.
    fn line(&mut self) -> Result<Vec<u8>, Fault> {
        const LONGEST: usize = 1000;
        let mut line = Vec::new();
        while !line.ends_with(b"\r\n") {
            // One byte at a time, so that nothing of what follows is taken.
            let mut byte = [0];
            self.fill(&mut byte)?;
            line.extend(byte);
            if line.len() > LONGEST {
                return Err(Fault::Malformed);
            }
        }
        line.truncate(line.len() - 2);
        Ok(line)
    }

    fn send(&mut self, mut bytes: &[u8]) -> Result<(), Fault> {
        while !bytes.is_empty() {
            let time = left(self.deadline)?;
            self.socket.set_write_timeout(Some(time))?;
            // The host may not ignore the signal of a broken connection.
            match self.socket.send_with_flags(bytes, libc::MSG_NOSIGNAL) {
                Ok(sent) => bytes = &bytes[sent..],
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    fn fill(&mut self, mut bytes: &mut [u8]) -> Result<(), Fault> {
        while !bytes.is_empty() {
            self.socket.set_read_timeout(Some(left(self.deadline)?))?;
            match io::Read::read(&mut &self.socket, bytes) {
                Ok(0) => return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into()),
                Ok(read) => bytes = &mut bytes[read..],
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => Self::Late,
            _ => Self::Broken(error),
        }
    }
}

fn left(deadline: Instant) -> Result<Duration, Fault> {
    let left = deadline.saturating_duration_since(Instant::now());
    if left.is_zero() {
        Err(Fault::Late)
    } else {
        Ok(left)
    }
}

/// Connects to the first address of a list that can be reached, such as
/// `unix:path=/run/user/1000/bus;unix:abstract=/tmp/dbus`.
fn connect(addresses: &str, deadline: Instant) -> Result<Socket, Fault> {
    let mut fault = Fault::Address;
    for address in addresses.split(';').filter_map(socket_address) {
        match connect_to(&address, deadline) {
            Ok(socket) => return Ok(socket),
            Err(error) => fault = error,
        }
    }
    Err(fault)
}

/// The path of a socket, if the address is one; a name that is no path begins with a NUL.
fn socket_address(address: &str) -> Option<String> {
    let parts = address.trim().strip_prefix("unix:")?;
    parts.split(',').find_map(|part| {
        let (key, value) = part.split_once('=')?;
        let value = percent_encoding::percent_decode_str(value)
            .decode_utf8()
            .ok()?;
        match key {
            "path" => Some(value.into_owned()),
            "abstract" => Some(format!("\0{value}")),
            _ => None,
        }
    })
}

fn connect_to(address: &str, deadline: Instant) -> Result<Socket, Fault> {
    let address = SockAddr::unix(address)?;
    let socket = Socket::new(Domain::UNIX, Type::STREAM, None)?;
    // On Linux it holds for connecting, too.
    socket.set_write_timeout(Some(left(deadline)?))?;
    socket.connect(&address)?;
    Ok(socket)
}

/// The bytes of a call.
fn call(serial: u32, destination: &str, path: &str, method: &str, body: &Body) -> Vec<u8> {
    let (interface, member) = method.rsplit_once('.').unwrap_or_default();
    let mut fields = Writer::default();
    for (code, kind, text) in [
        (PATH, "o", path),
        (INTERFACE, "s", interface),
        (MEMBER, "s", member),
        (DESTINATION, "s", destination),
    ] {
        fields.align(8);
        fields.0.push(code);
        fields.signature(kind);
        fields.text(text);
    }
    if !body.signature.is_empty() {
        fields.align(8);
        fields.0.push(SIGNATURE);
        fields.signature("g");
        fields.signature(body.signature);
    }
    let length = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    let mut message = Writer(vec![b'l', CALL, 0, 1]);
    message.number(length(&body.bytes.0));
    message.number(serial);
    message.number(length(&fields.0));
    message.0.extend(fields.0);
    message.align(8);
    message.0.extend(&body.bytes.0);
    message.0
}

/// The arguments of a call.
pub(super) struct Body {
    signature: &'static str,
    bytes: Writer,
}

impl Body {
    pub(super) fn new(signature: &'static str) -> Self {
        let bytes = Writer::default();
        Self { signature, bytes }
    }

    /// A text or a path.
    pub(super) fn text(mut self, text: &str) -> Self {
        self.bytes.text(text);
        self
    }

    pub(super) fn text_variant(mut self, text: &str) -> Self {
        self.bytes.signature("s");
        self.text(text)
    }

    pub(super) fn texts_by_name(mut self, texts: &[(&str, &str)]) -> Self {
        let mut content = Writer::default();
        for (name, text) in texts {
            content.align(8);
            content.text(name);
            content.text(text);
        }
        let length = u32::try_from(content.0.len()).unwrap_or(u32::MAX);
        self.bytes.number(length);
        self.bytes.align(8);
        self.bytes.0.extend(content.0);
        self
    }
}

/// Writes values, least significant byte first. Each kind begins at a multiple of its size.
#[derive(Default)]
struct Writer(Vec<u8>);

impl Writer {
    fn align(&mut self, size: usize) {
        self.0.resize(self.0.len().next_multiple_of(size), 0);
    }

    fn number(&mut self, number: u32) {
        self.align(4);
        self.0.extend(number.to_le_bytes());
    }

    fn text(&mut self, text: &str) {
        self.number(u32::try_from(text.len()).unwrap_or(u32::MAX));
        self.0.extend(text.as_bytes());
        self.0.push(0);
    }

    /// At most 255 bytes; those here have a few.
    fn signature(&mut self, signature: &str) {
        self.0
            .push(u8::try_from(signature.len()).unwrap_or(u8::MAX));
        self.0.extend(signature.as_bytes());
        self.0.push(0);
    }
}

/// A message that may be the reply to a call.
pub(super) struct Reply {
    message: Vec<u8>,
    /// The call to which it is a reply.
    serial: Option<u32>,
    error: Option<String>,
    signature: String,
    /// Where the body begins.
    body: usize,
}

impl Reply {
    fn read(message: Vec<u8>) -> Result<Self, Fault> {
        let mut reader = Reader::of(&message)?;
        let kind = message[1];
        let mut serial = None;
        let mut error = None;
        let mut signature = String::new();
        reader.at = 12;
        let fields = reader.number()? as usize;
        let end = reader.at.saturating_add(fields);
        while reader.at < end {
            reader.align(8)?;
            let code = reader.byte()?;
            let kind = reader.signature()?;
            match (code, kind) {
                (REPLY_SERIAL, "u") => serial = Some(reader.number()?),
                (ERROR_NAME, "s") => error = Some(reader.text()?.to_owned()),
                (SIGNATURE, "g") => reader.signature()?.clone_into(&mut signature),
                (_, "s" | "o") => _ = reader.text()?,
                (_, "g") => _ = reader.signature()?,
                (_, "u") => _ = reader.number()?,
                _ => return Err(Fault::Malformed),
            }
        }
        reader.align(8)?;
        let body = reader.at;
        let error = match kind {
            ERROR => Some(error.ok_or(Fault::Malformed)?),
            _ => None,
        };
        let serial = serial.filter(|_| matches!(kind, REPLY | ERROR));
        Ok(Self {
            message,
            serial,
            error,
            signature,
            body,
        })
    }

    /// Reads the body, if it has the types that the method has.
    pub(super) fn body(&self, signature: &str) -> Result<Reader<'_>, Fault> {
        if self.signature != signature {
            return Err(Fault::Malformed);
        }
        let mut reader = Reader::of(&self.message)?;
        reader.at = self.body;
        Ok(reader)
    }
}

/// Reads the values of a message.
pub(super) struct Reader<'a> {
    message: &'a [u8],
    at: usize,
    is_big_endian: bool,
}

impl<'a> Reader<'a> {
    fn of(message: &'a [u8]) -> Result<Self, Fault> {
        let is_big_endian = match message.first() {
            Some(b'l') => false,
            Some(b'B') => true,
            _ => return Err(Fault::Malformed),
        };
        Ok(Self {
            message,
            at: 0,
            is_big_endian,
        })
    }

    /// The length of the whole message, from its first 16 bytes.
    fn lengths(mut self) -> Result<usize, Fault> {
        self.at = 4;
        let body = u64::from(self.number()?);
        self.at = 12;
        let fields = u64::from(self.number()?);
        let length = (16 + fields).next_multiple_of(8) + body;
        usize::try_from(length).map_err(|_| Fault::Malformed)
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], Fault> {
        let end = self.at.checked_add(length).ok_or(Fault::Malformed)?;
        let taken = self.message.get(self.at..end).ok_or(Fault::Malformed)?;
        self.at = end;
        Ok(taken)
    }

    fn align(&mut self, size: usize) -> Result<(), Fault> {
        self.take(self.at.next_multiple_of(size) - self.at)
            .map(drop)
    }

    fn byte(&mut self) -> Result<u8, Fault> {
        self.take(1).map(|bytes| bytes[0])
    }

    fn number(&mut self) -> Result<u32, Fault> {
        self.align(4)?;
        let bytes = self.take(4)?.try_into().map_err(|_| Fault::Malformed)?;
        Ok(if self.is_big_endian {
            u32::from_be_bytes(bytes)
        } else {
            u32::from_le_bytes(bytes)
        })
    }

    fn signature(&mut self) -> Result<&'a str, Fault> {
        let length = self.byte()?;
        self.ended(length.into())
    }

    /// A text or a path.
    pub(super) fn text(&mut self) -> Result<&'a str, Fault> {
        let length = self.number()?;
        self.ended(length as usize)
    }

    /// A text that ends with a NUL.
    fn ended(&mut self, length: usize) -> Result<&'a str, Fault> {
        let bytes = self.take(length)?;
        self.take(1)?;
        std::str::from_utf8(bytes).map_err(|_| Fault::Malformed)
    }

    pub(super) fn text_variant(&mut self) -> Result<&'a str, Fault> {
        match self.signature()? {
            "s" => self.text(),
            _ => Err(Fault::Malformed),
        }
    }

    pub(super) fn texts(&mut self) -> Result<Vec<String>, Fault> {
        let length = self.number()?;
        let end = self.at.saturating_add(length as usize);
        let mut texts = Vec::new();
        while self.at < end {
            texts.push(self.text()?.to_owned());
        }
        Ok(texts)
    }

    pub(super) fn bytes(&mut self) -> Result<&'a [u8], Fault> {
        let length = self.number()?;
        self.take(length as usize)
    }

    pub(super) fn structure(&mut self) -> Result<(), Fault> {
        self.align(8)
    }
}
