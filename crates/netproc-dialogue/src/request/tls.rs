//! The TLS parameters of a request, as the list that a TLS client takes.

use netproc_lisp::{Value, plist};

use super::{ClientCertificate, StreamRequest};
use crate::error::Error;
use crate::function::CertificateFiles;
use crate::puny::encode_host;

impl StreamRequest {
    /// Returns the list for `:tls-parameters`: the one that was given or the usual one, with the
    /// host and the client certificate of the request.
    ///
    /// This asks the [certificate source](StreamRequest::certificate_source).
    ///
    /// # Errors
    ///
    /// [`Error::TwoCertificates`] if a `:keylist` is given and a certificate beside it.
    ///
    /// # Examples
    ///
    /// ```
    /// use netproc_dialogue::StreamRequest;
    ///
    /// let request = StreamRequest::new("c", "example.org", 993);
    /// assert_eq!(
    ///     request.tls_list()?.to_string(),
    ///     r#"(gnutls-x509pki :hostname "example.org")"#,
    /// );
    /// # Ok::<(), netproc_dialogue::Error>(())
    /// ```
    pub fn tls_list(&self) -> Result<Value, Error> {
        let usual = || Value::list([Value::symbol("gnutls-x509pki")]);
        let given = if self.tls_parameters.is_nil() {
            usual()
        } else {
            self.tls_parameters.clone()
        };
        // What is no list is refused by those who read it.
        let Some(cell) = given.as_cons() else {
            return Ok(given);
        };
        let (credentials, mut list) = (cell.car.clone(), cell.cdr.clone());
        let key = Value::keyword(":keylist");
        let has_keys = plist::get(&list, &key).is_true();
        let own = match (&self.client_certificate, has_keys) {
            (ClientCertificate::None, _) | (ClientCertificate::Ask, true) => None,
            (ClientCertificate::Files(_), true) => return Err(Error::TwoCertificates),
            (ClientCertificate::Files(files), false) => Some(files.clone()),
            (ClientCertificate::Ask, false) => self
                .certificate_source
                .as_ref()
                .and_then(|source| source.find(&self.host, &self.service_text())),
        };
        let host = Value::keyword(":hostname");
        if plist::get(&list, &host).is_nil() {
            list = with(&list, &host, Value::from(encode_host(&self.host)));
        }
        if let Some(files) = own {
            list = with(&list, &key, Value::list([key_pair(&files)]));
        }
        Ok(Value::cons(credentials, list))
    }
}

/// Returns a list with a keyword set; what is no property list is left for its reader to refuse.
fn with(list: &Value, key: &Value, value: Value) -> Value {
    plist::put(list, key, value).unwrap_or_else(|_| list.clone())
}

fn key_pair(files: &CertificateFiles) -> Value {
    Value::list([&files.key, &files.certificate].map(|path| {
        // A path is bytes; those that are UTF-8 read as text.
        let bytes = path.as_os_str().as_encoded_bytes();
        Value::from(netproc_lisp::Text::from_bytes(bytes))
    }))
}

#[cfg(test)]
mod tests {
    use netproc_lisp::read;

    use super::*;
    use crate::function::CertificateSource;

    fn request() -> StreamRequest {
        StreamRequest::new("c", "bücher.example", 993)
    }

    fn files() -> CertificateFiles {
        CertificateFiles {
            key: "/k.pem".into(),
            certificate: "/c.pem".into(),
        }
    }

    fn list(request: &StreamRequest) -> String {
        request.tls_list().unwrap().to_string()
    }

    #[test]
    fn the_host_is_encoded() {
        let usual = r#"(gnutls-x509pki :hostname "xn--bcher-kva.example")"#;
        assert_eq!(list(&request()), usual);
    }

    #[test]
    fn a_certificate_becomes_the_key_list() {
        let files = ClientCertificate::Files(files());
        assert_eq!(
            list(&request().client_certificate(files)),
            r#"(gnutls-x509pki :hostname "xn--bcher-kva.example" :keylist (("/k.pem" "/c.pem")))"#
        );
    }

    #[test]
    fn the_source_is_asked_with_host_and_service() {
        let source = CertificateSource::new(|host, service| {
            (host == "bücher.example" && service == "993").then(files)
        });
        let asked = list(&request().certificate_source(source));
        assert!(asked.contains(":keylist"), "{asked}");
        let without = request().client_certificate(ClientCertificate::Ask);
        assert_eq!(list(&without), list(&request()));
    }

    #[test]
    fn what_was_given_stays() {
        let given = read(r#"(gnutls-anon :hostname "other" :keylist (("a" "b")) :loglevel 0)"#);
        let given = request().tls_parameters(given.unwrap());
        let same = r#"(gnutls-anon :hostname "other" :keylist (("a" "b")) :loglevel 0)"#;
        assert_eq!(list(&given), same);
        assert_eq!(
            list(&given.clone().client_certificate(ClientCertificate::Ask)),
            same
        );
        let twice = given.client_certificate(ClientCertificate::Files(files()));
        assert_eq!(twice.tls_list(), Err(Error::TwoCertificates));
    }

    #[test]
    fn what_is_no_list_is_left_to_be_refused() {
        assert_eq!(list(&request().tls_parameters(5)), "5");
    }
}
