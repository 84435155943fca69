//! The table of all keywords: the one place that says which there are.

use netproc_lisp::Value;

use crate::definition::Definition;

mod endpoint;
mod identity;
mod options;
mod tls;
mod traffic;

/// Every keyword, by category, in the order of the documents.
static TABLE: [Definition; COUNT] = [
    identity::NAME,
    identity::TYPE,
    identity::SERVER,
    identity::NOWAIT,
    identity::STOP,
    identity::NOQUERY,
    identity::PLIST,
    endpoint::HOST,
    endpoint::SERVICE,
    endpoint::FAMILY,
    endpoint::LOCAL,
    endpoint::REMOTE,
    endpoint::USE_EXTERNAL_SOCKET,
    traffic::BUFFER,
    traffic::CODING,
    traffic::FILTER,
    traffic::FILTER_MULTIBYTE,
    traffic::SENTINEL,
    traffic::LOG,
    options::BIND_TO_DEVICE,
    options::BROADCAST,
    options::DONT_ROUTE,
    options::KEEP_ALIVE,
    options::LINGER,
    options::OOB_INLINE,
    options::PRIORITY,
    options::REUSE_ADDRESS,
    options::NO_DELAY,
    tls::TLS_PARAMETERS,
];

/// How many keywords there are.
pub(crate) const COUNT: usize = 29;

/// A keyword as its position in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    Name,
    Type,
    Server,
    Nowait,
    Stop,
    Noquery,
    Plist,
    Host,
    Service,
    Family,
    Local,
    Remote,
    UseExternalSocket,
    Buffer,
    Coding,
    Filter,
    FilterMultibyte,
    Sentinel,
    Log,
    BindToDevice,
    Broadcast,
    DontRoute,
    KeepAlive,
    Linger,
    OobInline,
    Priority,
    ReuseAddress,
    NoDelay,
    TlsParameters,
}

impl Key {
    /// Returns the entry of the keyword.
    pub(crate) fn definition(self) -> &'static Definition {
        &TABLE[self as usize]
    }
}

/// Returns every keyword that `make-network-process` knows, by category.
///
/// ```
/// assert!(netproc_keywords::table().iter().any(|entry| entry.keyword == ":host"));
/// ```
pub fn table() -> &'static [Definition] {
    &TABLE
}

/// Returns what is known of a keyword, which is written with its colon.
///
/// ```
/// assert_eq!(netproc_keywords::lookup(":linger").unwrap().default, "nil");
/// assert!(netproc_keywords::lookup("linger").is_none());
/// ```
pub fn lookup(keyword: &str) -> Option<&'static Definition> {
    key_of(keyword).map(Key::definition)
}

/// Returns the keywords that begin with `prefix`, for completion.
///
/// ```
/// let names: Vec<_> = netproc_keywords::complete(":no").map(|entry| entry.keyword).collect();
/// assert_eq!(names, [":nowait", ":noquery", ":nodelay"]);
/// ```
pub fn complete(prefix: &str) -> impl Iterator<Item = &'static Definition> {
    TABLE
        .iter()
        .filter(move |definition| definition.keyword.starts_with(prefix))
}

/// Returns the subfeatures of `make-network-process`, as `featurep` knows them, and our own.
///
/// ```
/// use netproc_lisp::{Value, read};
///
/// let features: Vec<Value> = netproc_keywords::features().collect();
/// assert!(features.contains(&read("(:family local)").unwrap()));
/// assert!(features.contains(&Value::keyword(":keepalive")));
/// ```
#[doc(alias = "featurep")]
pub fn features() -> impl Iterator<Item = Value> {
    TABLE.iter().flat_map(Definition::features)
}

/// Tells whether `subfeature` is one of [`features`].
///
/// ```
/// use netproc_keywords::has_feature;
/// use netproc_lisp::read;
///
/// assert!(has_feature(&read("(:nowait t)").unwrap()));
/// assert!(!has_feature(&read("(:type stream)").unwrap()));
/// ```
#[doc(alias = "featurep")]
pub fn has_feature(subfeature: &Value) -> bool {
    features().any(|feature| feature == *subfeature)
}

/// Returns the position of a keyword in the table.
///
/// A match on literals, which the compiler turns into comparisons by length; a test holds it
/// equal to the table.
pub(crate) fn key_of(keyword: &str) -> Option<Key> {
    Some(match keyword {
        ":name" => Key::Name,
        ":type" => Key::Type,
        ":server" => Key::Server,
        ":nowait" => Key::Nowait,
        ":stop" => Key::Stop,
        ":noquery" => Key::Noquery,
        ":plist" => Key::Plist,
        ":host" => Key::Host,
        ":service" => Key::Service,
        ":family" => Key::Family,
        ":local" => Key::Local,
        ":remote" => Key::Remote,
        ":use-external-socket" => Key::UseExternalSocket,
        ":buffer" => Key::Buffer,
        ":coding" => Key::Coding,
        ":filter" => Key::Filter,
        ":filter-multibyte" => Key::FilterMultibyte,
        ":sentinel" => Key::Sentinel,
        ":log" => Key::Log,
        ":bindtodevice" => Key::BindToDevice,
        ":broadcast" => Key::Broadcast,
        ":dontroute" => Key::DontRoute,
        ":keepalive" => Key::KeepAlive,
        ":linger" => Key::Linger,
        ":oobinline" => Key::OobInline,
        ":priority" => Key::Priority,
        ":reuseaddr" => Key::ReuseAddress,
        ":nodelay" => Key::NoDelay,
        ":tls-parameters" => Key::TlsParameters,
        _ => return None,
    })
}
