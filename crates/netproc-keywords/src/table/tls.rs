//! The keyword that says how the connection is encrypted.

use crate::{
    category::Category,
    definition::{Definition, Roles},
    draft::{Draft, Given},
    error::Error,
    shape::Shape,
};

/// `:tls-parameters`.
pub(super) const TLS_PARAMETERS: Definition = Definition {
    keyword: ":tls-parameters",
    shapes: &[Shape::List],
    summary: "Encrypt the connection with TLS",
    doc: "A list: first `gnutls-x509pki` or `gnutls-anon`, then keywords and values such as \
          `:hostname`, `:trustfiles`, `:keylist`, `:priority` and `:verify-error`, as \
          `gnutls-boot-parameters` makes it. A client without `:hostname` takes that of `:host`, \
          and verifies the server unless `:verify-error` is nil. A server names its certificate \
          by `:keylist`. When the handshake fails nothing is sent in clear. Default: nil.",
    default: "nil",
    category: Category::Tls,
    roles: Roles::All,
    subfeatures: &[],
    update: tls_parameters,
};

fn tls_parameters<'a>(draft: &mut Draft<'a>, given: Given<'a>) -> Result<(), Error> {
    match given.value.list_iter() {
        Ok(_) => {}
        Err(improper) => return Err(given.wrong_type_of("listp", improper.tail())),
    }
    draft.tls = given.value.clone();
    Ok(())
}
